"""Writes a finished study: everything beside first, provenance last, then all into place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policymix.scenario import resolved_toml
from policymix.studies.folder import StudyFolder
from policymix.studies.provenance import PROVENANCE, json_text, provenance_of
from policymix.studies.question import Question
from policymix.writing import sha256_of, whole_file, write_csv, write_text

if TYPE_CHECKING:
    import pandas as pd

    from policymix.drawing import LabelledFigure

REPORT: Final = "report.html"
Pictures = Mapping[str, bytes]
"""SVG files of figures, by name."""


@dataclass(frozen=True)
class Lines:
    """A table that is never whole in memory: its columns, and its lines of CSV one by one."""

    columns: Sequence[str]
    lines: Iterable[str]


def publish(
    folder: StudyFolder,
    question: Question,
    tables: Mapping[str, "pd.DataFrame"],
    large: Mapping[str, Lines],
    figures: "Iterable[tuple[str, LabelledFigure]]",
    report: Callable[[Pictures], str],
) -> None:
    """Write all files of a study; `tables` and `large` ones become CSV files of their names.

    `report` makes the HTML from the pictures of the figures.

    Raises OSError where the disk refuses.
    """
    from policymix.tables import csv_lines

    ready = folder.ready
    for place in (ready, ready / "figures", ready / "scenarios"):
        place.mkdir(exist_ok=True)
    for name, table in tables.items():
        lines = csv_lines(table) if len(table) else [_nothing(table, question.label)]
        write_csv(ready / f"{name}.csv", list(table.columns), lines)
    for name, one in large.items():
        write_csv(ready / f"{name}.csv", one.columns, one.lines)
    for scenario in question.scenarios:
        write_text(ready / "scenarios" / f"{scenario.name}.toml", resolved_toml(scenario))
    pictures = {name: _written(ready / "figures", name, figure) for name, figure in figures}
    write_text(ready / REPORT, report(pictures))
    hashes = hashes_of(ready)
    write_text(ready / PROVENANCE, json_text(provenance_of(question, hashes)))
    folder.publish([*hashes, PROVENANCE])


def _nothing(table: "pd.DataFrame", label: str) -> str:
    """The one line of a table without rows: no file leaves without the label."""
    return "," * (len(table.columns) - 1) + label


def hashes_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a study but its provenance, by relative name."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != PROVENANCE)
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in sorted(files)}


def _written(folder: Path, name: str, figure: "LabelledFigure") -> bytes:
    """Write a figure as PNG and SVG; returns the SVG."""
    contents = {kind: figure.file_bytes(kind) for kind in ("png", "svg")}
    for kind, content in contents.items():
        with whole_file(folder / f"{name}.{kind}") as file:
            file.write(content)
    return contents["svg"]
