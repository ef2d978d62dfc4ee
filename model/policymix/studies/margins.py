"""What the next billion buys, lever by lever and two levers at a time, at a scenario's mix."""

from collections.abc import Iterator, Mapping
from math import sqrt
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policymix.machines import Machines
from policymix.pool import refuse_to_start_in_a_starting_worker
from policymix.studies import question as questions
from policymix.studies.answer import Answer, Store, labelled, runner, tables_in
from policymix.studies.kinds import BASELINE, DEFAULT_SEED, MARGINS
from policymix.studies.notes import first_answer, unit_costs_note
from policymix.studies.publishing import Pictures
from policymix.studies.question import Asked, Question
from policymix.studies.sweeping import played_cells
from policymix.sweeps import Grid
from policymix.tasks import Progress

if TYPE_CHECKING:
    from rich.table import Table

    from policymix.drawing import LabelledFigure
    from policymix.margins_readings import MarginsTables

TABLES: Final = ("margins", "pairs")


class Margins(Answer):
    """`tables` has `margins` and `pairs`, as in the CSV files of these names."""

    def readings(self) -> "MarginsTables":
        """What figures, sentences and the report are made from."""
        from policymix.margins_readings import MarginsTables

        tables = self.tables
        return MarginsTables(
            self.question.reference, tables["margins"], tables["pairs"], self.notes()
        )

    def notes(self) -> list[str]:
        """Sentences that stand beside every table and figure of this study."""
        from policymix.marginal import with_billions

        (scenario,) = self.question.scenarios
        costs = unit_costs_note(with_billions(scenario), scenario)
        return [*self.question.notes(), *costs, *self._of_size()]

    def _of_size(self) -> list[str]:
        from policymix.moments import student_t

        n, full = self.question.replicates, MARGINS.replicates
        if not 1 < n < full:
            return []
        wider = student_t(n) / student_t(full) * sqrt(full / n)
        return [first_answer(wider, f"--replicates {full}", full / n)]

    def sentences(self) -> list[str]:
        """For each headline outcome: what a billion lowers and raises most, and pairs."""
        from policymix.studies.margins_words import sentences

        return list(sentences(self.readings()))

    def terminal_table(self, encoding: str = "utf-8") -> "Table":
        """A row a lever."""
        from policymix.studies.margins_words import terminal_table

        return terminal_table(self.readings(), encoding)

    def drawn(self) -> "Iterator[tuple[str, LabelledFigure]]":
        """What a billion buys, and which levers act together."""
        from policymix.figures_mixes import margins_pictures

        readings = self.readings()
        for picture in margins_pictures(readings):
            yield picture.name, picture.draw(readings)

    def html(self, pictures: Pictures) -> str:
        """The report."""
        from policymix.studies.sweep_reports import margins_report

        return margins_report(self, pictures)


def margins(
    scenario: Asked = BASELINE,
    *,
    replicates: int | None = None,
    seed: int = DEFAULT_SEED,
    people: int | None = None,
    months: int | None = None,
    workers: int = 1,
    cluster: str = "",
    assume: Mapping[str, float] | None = None,
    out: str | PathLike[str] | None = None,
) -> Margins:
    """What a billion USD a year more buys, for each lever and each two; as `policymix.compare`."""
    refuse_to_start_in_a_starting_worker()
    question = ask(
        [scenario], replicates=replicates, seed=seed, people=people, months=months, assume=assume
    )
    return run_study(question, out, workers=workers, cluster=cluster)


def ask(scenarios: Any, **given: Any) -> Question:
    """As `question.ask`: one scenario, the baseline if none is named; it is its own reference."""
    return questions.ask_of_one(scenarios, MARGINS, **given)


def _make(question: Question, store: Store, machines: Machines, progress: Progress) -> Margins:
    from policymix.marginal import STATISTICS, margins_table, pairs_table, with_billions

    values = played_cells(
        *(question, with_billions(question.scenarios[0]), Grid(1, question.replicates), STATISTICS),
        store=store,
        stem="replicate",
        machines=machines,
        progress=progress,
    )
    tables = {"margins": margins_table(values), "pairs": pairs_table(values)}
    return Margins(question, labelled(question, tables))


def _read(question: Question, folder: Path) -> Margins:
    return Margins(question, tables_in(folder, TABLES), folder=folder)


run_study = runner(_make, _read)
