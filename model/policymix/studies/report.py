"""The report of a comparison: one HTML file that works offline."""

import base64
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from policymix.assumptions import GRADES
from policymix.figures import Tables, figures_for
from policymix.label import LABEL, SHORT_LABEL
from policymix.problems import printable
from policymix.studies import leaning, sections
from policymix.studies.costs import costs_rows
from policymix.studies.leans import anchored, doubts, leans
from policymix.studies.provenance import PROVENANCE, provenance_of
from policymix.studies.publishing import Pictures
from policymix.studies.question import Question
from policymix.studies.why import why_rows
from policymix.studies.words import full_sentences, sentences
from policymix.writing import number_text

if TYPE_CHECKING:
    import pandas as pd

_TEMPLATE: Final = "report.html.jinja"
_BREAKS: Final = re.compile(r"[ \t\r\n]+")
_DIGITS: Final = 4


class Figures(Protocol):
    """What a study's figures are made from."""

    @property
    def tables(self) -> Tables: ...  # noqa: D102


class Answered(Protocol):
    """What a report needs of a study: what was asked, and the tables of what came out."""

    @property
    def question(self) -> Question: ...  # noqa: D102
    @property
    def figures(self) -> Figures: ...  # noqa: D102


def report_of(study: Answered, pictures: Pictures) -> str:
    """The HTML of the report of `study`, with `pictures` (SVG files by figure name) inside."""
    question, tables = study.question, study.figures.tables
    summary = tables.summary
    table = anchored(leaning.leaning_table(question), summary)
    return _template().render(
        label=LABEL,
        short_label=SHORT_LABEL,
        question=question,
        heading=sections.heading(question),
        asked=sections.asked_sentence(question),
        notes=tables.notes,
        has_few=sections.has_few(question),
        full_sentences=full_sentences(summary, question.reference),
        sentences=sentences(summary, question.reference),
        cards=sections.cards(summary, question),
        doubts=doubts(table, summary),
        settings=sections.settings_tables(question),
        figures=list(_figures(tables, pictures)),
        side_effects=list(sections.side_effects(summary, question)),
        fared=sections.fared_rows(tables.fared, question),
        ends=sections.ENDS_IN_WORDS,
        costs=costs_rows(question, summary),
        why=why_rows(tables.bridge),
        grades=GRADES,
        leans=leans(table, question),
        leaning_notes=leaning.leaning_notes(question),
        command=sections.command_beside(question),
        provenance=provenance_of(question, {}),
        provenance_file=PROVENANCE,
    )


def _figures(tables: Tables, pictures: Pictures) -> Iterator[dict[str, Any]]:
    """Title, caption, text for those who cannot see it, picture and table of each figure."""
    for figure in figures_for(tables):
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
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"own_text": own_text, "breakable": breakable}
    return environment.get_template(_TEMPLATE)
