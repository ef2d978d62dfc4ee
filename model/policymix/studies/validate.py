"""Replays published findings, extreme conditions and arguments, and says what the model shows."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from policymix.chunks import Piece
from policymix.experiments.findings import findings
from policymix.experiments.flips import extremes_table, flips_table, related_table
from policymix.experiments.suites import SUITES, kinds_of, suite
from policymix.experiments.trials import Trial, play_trial
from policymix.experiments.verdicts import findings_table, name_of, numbers_of, split
from policymix.machines import Machines
from policymix.pool import refuse_to_start_in_a_starting_worker
from policymix.studies import question as questions
from policymix.studies.answer import Answer, Store, labelled, runner, tables_in
from policymix.studies.kinds import BASELINE, DEFAULT_SEED, VALIDATE
from policymix.studies.publishing import Lines, Pictures
from policymix.studies.question import Question
from policymix.sweeps import Grid
from policymix.tasks import Progress
from policymix.worlds import drawn_names, draws
from policymix.writing import number_text

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from policymix.drawing import LabelledFigure
    from policymix.validate_readings import ValidationTables
    from policymix.worlds import Floats

TABLES: Final = (
    *("facts", "claims", "extremes", "rand"),
    *("claim_flips", "claim_related", "rand_flips", "rand_related"),
)


class Validation(Answer):
    """`tables` has `TABLES`, as in the CSV files of these names."""

    def __init__(
        self,
        question: Question,
        tables: "Mapping[str, pd.DataFrame]",
        *,
        folder: Path | None = None,
        readings: "Mapping[str, Floats] | None" = None,
    ) -> None:
        super().__init__(question, tables, folder=folder)
        self._readings = dict(readings or {})

    def readings(self) -> "ValidationTables":
        """What figures, sentences and the report are made from."""
        from policymix.validate_readings import ValidationTables

        return ValidationTables.of_tables(self.tables, self.notes())

    def notes(self) -> list[str]:
        """Sentences that stand beside every table and figure of this study."""
        from policymix.studies.validate_words import notes

        return list(notes(self.question, self.tables))

    def sentences(self) -> list[str]:
        """How many findings are shown and missed, and which."""
        from policymix.studies.validate_words import sentences

        return list(sentences(self.readings()))

    def terminal_table(self, encoding: str = "utf-8") -> "Table":  # noqa: ARG002
        """A row a fact, with its verdict."""
        from policymix.studies.validate_words import terminal_table

        return terminal_table(self.readings())

    def drawn(self) -> "Iterator[tuple[str, LabelledFigure]]":
        """What was found beside what was published, and in which share of worlds claims hold."""
        from policymix.figures_validate import PICTURES

        readings = self.readings()
        for picture in PICTURES:
            if picture.fits(readings):
                yield picture.name, picture.draw(readings)

    def html(self, pictures: Pictures) -> str:
        """The report."""
        from policymix.studies.validate_report import report_of

        return report_of(self, pictures)

    def large_tables(self) -> "Mapping[str, Lines]":
        """What was read in every cell: world 0 is the central one."""
        if not self._readings:
            return {}
        columns = ("world", "replicate", *self._readings, "label")
        return {"readings": Lines(columns, self._lines())}

    def _lines(self) -> Iterator[str]:
        columns = list(self._readings.values())
        n = self.question.replicates
        for place, row in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            world, replicate = (0, place) if place < n else (place - n + 1, 0)
            yield f"{world},{replicate},{','.join(map(number_text, row))},{self.question.label}"


def validate(
    *,
    worlds: int | None = None,
    replicates: int | None = None,
    seed: int = DEFAULT_SEED,
    people: int | None = None,
    workers: int = 1,
    cluster: str = "",
    extremes: int | None = None,
    assume: Mapping[str, float] | None = None,
    out: str | PathLike[str] | None = None,
) -> Validation:
    """Replay what was published and claimed: what the model shows, misses and cannot test.

    `replicates` are of the central world; each of `worlds` sampled ones is played once, and
    extreme conditions are tried in `extremes` of them. What `assume` names is held in all of
    them. Else as in `policymix.compare`.
    """
    refuse_to_start_in_a_starting_worker()
    question = ask(
        replicates=replicates,
        seed=seed,
        people=people,
        assume=assume,
        sizes={"worlds": worlds, "extremes": extremes},
    )
    return run_study(question, out, workers=workers, cluster=cluster)


def ask(scenarios: Any = None, **given: Any) -> Question:
    """As `question.ask`: of the baseline, whose people, money and world all experiments share."""
    return questions.ask_of_one(scenarios or [BASELINE], VALIDATE, **given)


def _make(question: Question, store: Store, machines: Machines, progress: Progress) -> Validation:
    n, worlds, extremes = question.replicates, *question.sizes.values()
    n_cells = len(SUITES) * n + (len(SUITES) - 1) * worlds + extremes
    found: dict[str, dict[str, Floats]] = {name: {} for name in SUITES}
    before = 0
    for name, what in product(SUITES, ("replicate", "world")):
        n_worlds = extremes if name == "extremes" else worlds
        cells = Grid(1, n) if what == "replicate" else Grid(n_worlds, 1, first=1)
        setup = question.setup
        trial = Trial(name, setup.people, setup.cartels, question.seed, cells, question.held)
        found[name][what] = play_trial(
            trial,
            store(Piece, trial.shapes, f"{name}-{what}"),
            machines.start_crew,
            partial(_of_all, progress, before, n_cells),
        )
        before += len(cells)
    return _read_off(question, {name: (of["replicate"], of["world"]) for name, of in found.items()})


def _of_all(progress: Progress, before: int, n_cells: int, done: int, _of: int) -> None:
    progress(before + done, n_cells)


def _read_off(question: Question, found: "Mapping[str, tuple[Floats, Floats]]") -> Validation:
    """The tables of what was found: (central, sampled) cells of each suite."""
    tables = {"extremes": extremes_table(*found["extremes"], list(findings("extremes")))}
    readings: dict[str, Floats] = {}
    for name in ("published", "rand"):
        central, sampled = found[name]
        own = split(suite(name).readings, central, sampled)
        worlds = np.flatnonzero(~np.isnan(sampled).all(axis=1)) + 1
        drawn = suite(name).drawn(question.held)
        columns = [drawn_names().index(one) for one in drawn]
        values = draws(question.seed, worlds.tolist())[:, columns]
        for kind in kinds_of(name):
            tables[kind] = findings_table(kind, own)
            flips = flips_table(kind, own, values, worlds % 2 == 1, drawn)
            tables[f"{name_of(kind)}_flips"] = flips
            tables[f"{name_of(kind)}_related"] = related_table(kind, own, values, drawn)
        readings |= numbers_of(suite(name).readings, np.concatenate([central, sampled]))
    shown = labelled(question, {name: tables[name] for name in TABLES})
    return Validation(question, shown, readings=readings)


def _read(question: Question, folder: Path) -> Validation:
    return Validation(question, tables_in(folder, TABLES), folder=folder)


run_study = runner(_make, _read)
