"""The page that all reports share: label, figures, what is left out, how to repeat it."""

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from policymix import left_out
from policymix.assumptions import GRADES
from policymix.drawing import Picture
from policymix.label import LABEL, SHORT_LABEL
from policymix.problems import printable
from policymix.studies.provenance import PROVENANCE, provenance_of
from policymix.studies.publishing import Pictures
from policymix.studies.question import Question
from policymix.studies.sections import command_beside
from policymix.writing import number_text

if TYPE_CHECKING:
    import pandas as pd

_BREAKS: Final = re.compile(r"[ \t\r\n]+")
_DIGITS: Final = 4


@dataclass(frozen=True)
class Sheet:
    """A table for readers. The first cell of a row is its head; `Strong` ones stand out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


class Strong(str):
    """The text of a cell that stands out, such as a clear difference."""

    __slots__ = ()
    is_strong = True


def page(template: str, question: Question, **sections: Any) -> str:
    """The HTML of `template`, which fills `page.html.jinja`; it is given all `sections`.

    Every template needs `heading`, `asked` (what was asked, in one sentence) and `figures`.
    """
    return (
        _environment()
        .get_template(template)
        .render(
            label=LABEL,
            short_label=SHORT_LABEL,
            question=question,
            grades=GRADES,
            left_out=left_out,
            command=command_beside(question),
            provenance=provenance_of(question, {}),
            provenance_file=PROVENANCE,
            **sections,
        )
    )


def figures_shown[T](
    declared: Iterable[Picture[T]], tables: T, pictures: Pictures
) -> Iterator[dict[str, Any]]:
    """Title, caption, text for those who cannot see it, picture and table of each figure."""
    for figure in declared:
        if figure.name in pictures:
            columns, rows = _cells(figure.data(tables))
            yield {
                "name": figure.name,
                "title": figure.title,
                "caption": figure.caption,
                "alt": figure.alt(tables),
                "source": _data_uri(pictures[figure.name]),
                "columns": columns,
                "rows": rows,
            }


def _data_uri(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def _cells(table: "pd.DataFrame") -> tuple[list[str], list[list[str]]]:
    """Heads and texts of a table for readers; the label stands at the top of the page."""
    shown = table.drop(columns="label", errors="ignore")
    columns = [[_cell(value) for value in shown[name].tolist()] for name in shown.columns]
    return [str(name) for name in shown.columns], [list(row) for row in zip(*columns, strict=True)]


def _cell(value: object) -> str:
    """A number in few digits, anything else as it is."""
    if not isinstance(value, float):
        return str(value)
    if abs(value) >= 10**_DIGITS:
        return f"{value:,.0f}"
    return number_text(float(f"{value:.{_DIGITS}g}"))


def own_text(text: str) -> Markup:
    """A user's text on one line, control and direction marks escaped, its direction kept inside."""
    return Markup("<bdi>{}</bdi>").format(printable(_BREAKS.sub(" ", text).strip()))


def breakable(name: str) -> Markup:
    """A name with places where a line may break."""
    return escape(name).replace("_", Markup("_<wbr>"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"own_text": own_text, "breakable": breakable}
    return environment
