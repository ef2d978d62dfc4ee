"""A comparison and what came out: tables, figures, and where the numbers come from."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policymix.chunks import Played
from policymix.errors import InputError
from policymix.label import LABEL
from policymix.outcomes import OUTCOME_NAMES
from policymix.studies.folder import StudyFolder, is_finished_with, open_folder
from policymix.studies.provenance import provenance_of, settings_of
from policymix.studies.publishing import Pictures, hashes_of, publish
from policymix.studies.question import Question
from policymix.studies.settings import budget_table, result_notes

if TYPE_CHECKING:
    import pandas as pd

    from policymix.drawing import LabelledFigure
    from policymix.figures import Tables

_WIDTH: Final = 100
TABLES: Final = ("summary", "monthly", "ends", "fared")
"""The tables that a study keeps as CSV files beside `runs.csv`."""


@dataclass(frozen=True)
class StudyFigures:
    """The figures of a study; each call draws a new matplotlib figure."""

    study: "Study"

    def headline(self) -> "LabelledFigure":
        """The headline outcomes over time, and who has an addiction at the end."""
        return self._drawn("headline")

    def tradeoff(self) -> "LabelledFigure":
        """Addiction against cartel revenue and profit, as differences from the reference."""
        return self._drawn("tradeoff")

    def bridge(self) -> "LabelledFigure":
        """The parts that add up to each difference in addiction and in retail spending."""
        return self._drawn("bridge")

    def same_people(self) -> "LabelledFigure":
        """Where the same people end under the reference and under each other scenario."""
        return self._drawn("same_people")

    def side_effects(self) -> "LabelledFigure":
        """Differences from the reference in what the headlines leave out."""
        return self._drawn("side_effects")

    def corridors(self) -> "LabelledFigure":
        """What is shipped and seized on each corridor."""
        return self._drawn("corridors")

    def budget(self) -> "LabelledFigure":
        """Money by lever and side, and money that found no use."""
        return self._drawn("budget")

    def all(self) -> "Iterator[tuple[str, LabelledFigure]]":
        """(name of the file, figure), one after the other, in the order of the report.

        Figures of differences are left out where the reference was played alone.
        """
        from policymix.figures import figures_for

        for figure in figures_for(self.tables):
            yield figure.name, figure.draw(self.tables)

    @property
    def tables(self) -> "Tables":
        """What the figures are made from."""
        from policymix.figures import Tables

        study = self.study
        return Tables(
            summary=study.summary,
            monthly=study.monthly,
            yearly=study.yearly,
            ends=study.ends,
            fared=study.fared,
            bridge=study.bridge,
            budget=study.budget,
            reference=study.question.reference,
            notes=study.notes(),
        )

    def _drawn(self, name: str) -> "LabelledFigure":
        from policymix.figures import FIGURES

        (figure,) = (one for one in FIGURES if one.name == name)
        return figure.draw(self.tables)


class Study:
    """A comparison and what came out, as pandas tables and matplotlib figures.

    `summary`, `monthly`, `ends` and `fared` have the columns of the CSV files of the same names.
    """

    def __init__(
        self,
        question: Question,
        tables: Mapping[str, "pd.DataFrame"],
        *,
        replicates: Mapping[int, Played] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.question = question
        self.tables = tables
        self.folder = folder
        self.replicates = replicates

    @property
    def summary(self) -> "pd.DataFrame":
        """Each outcome's level and paired difference, with 95 % intervals."""
        return self.tables["summary"]

    @property
    def monthly(self) -> "pd.DataFrame":
        """Each outcome month by month, with 95 % intervals."""
        return self.tables["monthly"]

    @property
    def ends(self) -> "pd.DataFrame":
        """Everyone alive in month 0 by their ends under the reference and under the scenario."""
        return self.tables["ends"]

    @property
    def fared(self) -> "pd.DataFrame":
        """Of them, how many fared better and worse than under the reference."""
        return self.tables["fared"]

    @cached_property
    def bridge(self) -> "pd.DataFrame":
        """The parts that add up to each difference: see `policymix.reasons.bridge_table`."""
        from policymix.reasons import bridge_table

        return bridge_table(self.summary, self.monthly, self.question.reference)

    @cached_property
    def budget(self) -> "pd.DataFrame":
        """Money asked for and spent by lever: see `policymix.studies.settings.budget_table`."""
        return budget_table(self.question, self.summary)

    def notes(self) -> list[str]:
        """Sentences that stand beside every table and figure of this study."""
        return [*self.question.notes(), *result_notes(self.budget, self.summary)]

    @cached_property
    def runs(self) -> "pd.DataFrame":
        """Every month of every run, a column an outcome: the table of `runs.csv`."""
        from policymix.tables import read_table, runs_table

        if self.replicates is not None:
            return runs_table(self.question.names, self.replicates, self.question.label)
        assert self.folder is not None
        return read_table(self.folder / "runs.csv")

    @cached_property
    def yearly(self) -> "pd.DataFrame":
        """Flows summed over each whole year, with intervals."""
        from policymix.tables import yearly_table

        names, numbers = self.question.names, range(self.question.replicates)
        if self.replicates is not None:
            known = self.replicates
            return yearly_table(names, (known[number].records for number in numbers))
        runs = self.runs
        each = (runs.loc[runs["replicate"] == number, list(OUTCOME_NAMES)] for number in numbers)
        n_scenarios = len(names)
        return yearly_table(
            names, (rows.to_numpy().reshape(n_scenarios, -1, len(OUTCOME_NAMES)) for rows in each)
        )

    @property
    def figures(self) -> StudyFigures:
        """`headline()`, `tradeoff()` and the others: matplotlib figures."""
        return StudyFigures(self)

    @property
    def provenance(self) -> dict[str, Any]:
        """What `provenance.json` says; its `outputs` are empty for a study not yet saved."""
        return provenance_of(self.question, hashes_of(self.folder) if self.folder else {})

    def report(self, pictures: Pictures | None = None) -> str:
        """The whole of `report.html`; `pictures` are the figures' SVG files, drawn if left out."""
        from policymix.studies.report import report_of

        if pictures is None:
            pictures = {name: figure.file_bytes("svg") for name, figure in self.figures.all()}
        return report_of(self, pictures)

    def save(self, folder: str | PathLike[str]) -> None:
        """Write all files of the study into a new folder.

        Raises InputError if there is something in the folder, OSError where the disk refuses.
        """
        path, settings = Path(folder), settings_of(self.question)
        if self.replicates is None:
            raise InputError(f"the study is in {self.folder} already; copy that folder")
        is_finished_with(path, settings, resume=False, overwrite=False)
        with open_folder(path, settings, overwrite=True) as opened:
            self.publish(opened)

    def publish(self, folder: StudyFolder) -> None:
        """Write all files of a study that was just played into an opened folder."""
        assert self.replicates is not None
        figures = self.figures.all()
        publish(folder, self.question, self.tables, self.replicates, figures, self.report)

    def __str__(self) -> str:
        """The table, notes and sentences that the command line shows, with the label."""
        from rich.console import Console

        from policymix.studies.words import sentences, terminal_table

        table = io.StringIO()
        console = Console(file=table, width=_WIDTH, highlight=False)
        console.print(terminal_table(self.summary, self.question.reference))
        lines = [*self.notes(), *sentences(self.summary, self.question.reference), LABEL]
        return table.getvalue() + "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return str(self.summary.to_html(max_rows=20))
