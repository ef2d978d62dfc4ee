"""Every mix of the three sides on one budget: the triangle, and the frontier that no mix beats."""

from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policymix.errors import InputError
from policymix.machines import Machines
from policymix.pool import refuse_to_start_in_a_starting_worker
from policymix.scenario import Scenario, load_scenario
from policymix.studies import question as questions
from policymix.studies.answer import Answer, Store, labelled, runner, tables_in
from policymix.studies.kinds import BASELINE, DEFAULT_SEED, MIXES
from policymix.studies.notes import unit_costs_note
from policymix.studies.publishing import Pictures
from policymix.studies.question import Asked, Question
from policymix.studies.sweeping import played_cells
from policymix.sweeps import Cells, Grid
from policymix.tasks import Progress

if TYPE_CHECKING:
    from rich.table import Table

    from policymix.drawing import LabelledFigure
    from policymix.mixes_readings import MixesTables
    from policymix.sweeps import Floats

TABLES: Final = ("mixes", "frontier")


class Mixes(Answer):
    """`tables` has `mixes` and `frontier`, as in the CSV files of these names."""

    def readings(self) -> "MixesTables":
        """What figures, sentences and the report are made from."""
        from policymix.mixes_readings import MixesTables
        from policymix.triangle import shares_of_sides

        mixes = self.tables["mixes"]
        supply, demand, cooperation = shares_of_sides(self._scenario)
        return MixesTables(
            self.question.reference,
            (supply, demand, cooperation),
            mixes.assign(on_frontier=mixes["on_frontier"] == "yes"),
            self.tables["frontier"],
            self.notes(),
        )

    def notes(self) -> list[str]:
        """Sentences that stand beside every table and figure of this study."""
        return [*self.question.notes(), *unit_costs_note(_mixes(self.question), self._scenario)]

    @property
    def _scenario(self) -> Scenario:
        return self.question.scenarios[0]

    def sentences(self) -> list[str]:
        """Which mixes are lowest in each outcome, and how many no other mix beats."""
        from policymix.studies.mixes_words import sentences

        return list(sentences(self.readings()))

    def terminal_table(self, encoding: str = "utf-8") -> "Table":
        """The mixes on the frontier."""
        from policymix.studies.mixes_words import terminal_table

        return terminal_table(self.readings(), encoding)

    def drawn(self) -> "Iterator[tuple[str, LabelledFigure]]":
        """The triangle of each outcome, and the frontier over worlds."""
        from policymix.figures_mixes import mixes_pictures

        readings = self.readings()
        for picture in mixes_pictures(readings):
            yield picture.name, picture.draw(readings)

    def html(self, pictures: Pictures) -> str:
        """The report."""
        from policymix.studies.sweep_reports import mixes_report

        return mixes_report(self, pictures)


def mixes(
    scenario: Asked = BASELINE,
    *,
    worlds: int | None = None,
    steps: int | None = None,
    replicates: int | None = None,
    seed: int = DEFAULT_SEED,
    people: int | None = None,
    months: int | None = None,
    workers: int = 1,
    cluster: str = "",
    assume: Mapping[str, float] | None = None,
    out: str | PathLike[str] | None = None,
) -> Mixes:
    """Every mix of supply, demand and cooperation on the scenario's budget; as `policymix.compare`.

    The mixes are `1 / steps` apart. `replicates` are of the central world; each of `worlds` sampled
    ones is played once, to see how the frontier moves.
    """
    refuse_to_start_in_a_starting_worker()
    question = ask(
        [scenario],
        replicates=replicates,
        seed=seed,
        people=people,
        months=months,
        assume=assume,
        sizes={"worlds": worlds, "steps": steps},
    )
    return run_study(question, out, workers=workers, cluster=cluster)


def ask(scenarios: Any, **given: Any) -> Question:
    """As `question.ask`: one scenario with one mix, the baseline if none is named."""
    question = questions.ask_of_one(scenarios, MIXES, **given)
    (scenario,) = question.scenarios
    if len(scenario.phases) > 1:
        raise InputError(
            f"{scenario.name}: read {len(scenario.phases)} phases, allowed is one mix for all years"
        )
    if not scenario.total():
        raise InputError(f"{scenario.name}: read no money, allowed is a budget to divide")
    return question


def _mixes(question: Question) -> tuple[Scenario, ...]:
    """The scenario itself, then every mix of the grid."""
    from policymix.triangle import mixes_of

    return mixes_of(question.scenarios[0], question.sizes["steps"], load_scenario(BASELINE))


def _make(question: Question, store: Store, machines: Machines, progress: Progress) -> Mixes:
    from policymix.triangle import STATISTICS, frontier_table, mixes_table

    steps, n_worlds = question.sizes["steps"], question.sizes["worlds"]
    scenarios = _mixes(question)
    n_cells = question.replicates + n_worlds

    def played(cells: Cells, stem: str, before: int) -> "Floats":
        return played_cells(
            *(question, scenarios, cells, STATISTICS),
            store=store,
            stem=stem,
            machines=machines,
            progress=lambda k, _: progress(before + k, n_cells),
        )

    central = played(Grid(1, question.replicates), "replicate", 0)
    sampled = central[:0]
    if n_worlds:
        sampled = played(Grid(n_worlds, 1, first=1), "world", question.replicates)
    tables = {"mixes": mixes_table(central, steps), "frontier": frontier_table(sampled, steps)}
    return Mixes(question, labelled(question, tables))


def _read(question: Question, folder: Path) -> Mixes:
    return Mixes(question, tables_in(folder, TABLES), folder=folder)


run_study = runner(_make, _read)
