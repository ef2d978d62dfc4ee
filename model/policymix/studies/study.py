"""A comparison and what came out: tables, figures, and where the numbers come from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from policymix.chunks import Played
from policymix.outcomes import OUTCOME_NAMES
from policymix.studies.answer import Answer
from policymix.studies.publishing import Lines, Pictures
from policymix.studies.question import Question
from policymix.studies.settings import budget_table, result_notes

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from policymix.drawing import LabelledFigure
    from policymix.figures import Tables

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


class Study(Answer):
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
        super().__init__(question, tables, folder=folder)
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

    def sentences(self) -> list[str]:
        """Each headline outcome under the other scenarios, beside the reference, in words."""
        from policymix.studies.words import sentences

        return sentences(self.summary, self.question.reference)

    def terminal_table(self, encoding: str = "utf-8") -> "Table":
        """The headline outcomes, a row a scenario."""
        from policymix.studies.words import terminal_table

        return terminal_table(self.summary, self.question.reference, encoding)

    def drawn(self) -> "Iterator[tuple[str, LabelledFigure]]":
        """All figures: `figures.all()`."""
        return self.figures.all()

    def html(self, pictures: Pictures) -> str:
        """The report of a comparison."""
        from policymix.studies.report import report_of

        return report_of(self, pictures)

    def large_tables(self) -> Mapping[str, Lines]:
        """The table of `runs.csv`."""
        from policymix.tables import RUNS_COLUMNS, runs_lines

        assert self.replicates is not None
        lines = runs_lines(self.question.names, self.replicates, self.question.label)
        return {"runs": Lines(RUNS_COLUMNS, lines)}

    def kept_in(self, folder: Path) -> None:
        """From now on this study is in `folder`, where its runs are too."""
        super().kept_in(folder)
        self.replicates = None

    def _repr_html_(self) -> str:
        return str(self.summary.to_html(max_rows=20))
