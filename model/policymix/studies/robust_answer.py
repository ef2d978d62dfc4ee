"""What `robust` gives: tables, the worlds behind them, figures, sentences."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from policymix.assumptions import ledger
from policymix.robustness import MOST_GROUPED_ALONE, STATISTICS, points_of
from policymix.studies.answer import Answer
from policymix.studies.notes import first_answer
from policymix.studies.publishing import Lines, Pictures
from policymix.studies.question import Question
from policymix.worlds import drawn_names, draws
from policymix.writing import number_text

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from policymix.drawing import LabelledFigure
    from policymix.robust_readings import RobustTables
    from policymix.worlds import Floats

TABLES: Final = ("robust", "flips", "checks", "regret", "sensitivity")
"""What a study keeps as tables beside `worlds.csv` and `runs.csv`."""
FULL: Final = 2_000
"""Worlds of what is called a full study."""
MOST_LOOKED_AT: Final = 8_192
"""Worlds in which boxes are looked for and checked, and whose dots are drawn."""
RUNS_COLUMNS: Final = ("scenario", "world", "replicate", *STATISTICS, "label")
_POSSIBLE: Final = ("no", "yes")


def _runs_for(worlds: int, replicates: int) -> int:
    """Of each scenario: in the worlds, and between them for the indices."""
    return worlds * replicates + points_of(worlds) * (MOST_GROUPED_ALONE + 2)


class Robust(Answer):
    """Scenarios in many sampled worlds. `tables` has those of the CSV files named in `TABLES`.

    `runs`, shape (worlds + 1, replicates, scenarios, outcomes), are the ranked statistics (see
    `robustness.STATISTICS`) in the central world and in each sampled one; NaN where impossible.
    """

    def __init__(
        self,
        question: Question,
        tables: "Mapping[str, pd.DataFrame]",
        *,
        runs: "Floats | None" = None,
        folder: Path | None = None,
    ) -> None:
        super().__init__(question, tables, folder=folder)
        self._runs = runs

    @cached_property
    def runs(self) -> "Floats":
        """As said above, read from `runs.csv` if the study is in a folder."""
        from policymix.tables import read_table

        if self._runs is not None:
            return self._runs
        assert self.folder is not None
        values = read_table(self.folder / "runs.csv")[list(STATISTICS)].to_numpy()
        n = len(self.question.scenarios)
        shape = (n, self.question.sizes["worlds"] + 1, self.question.replicates, len(STATISTICS))
        return values.reshape(shape).transpose(1, 2, 0, 3)

    @cached_property
    def possible(self) -> "np.typing.NDArray[np.bool_]":
        """Which worlds have a balance, the central one first, shape (worlds + 1,)."""
        found: np.typing.NDArray[np.bool_] = np.isfinite(self.runs).all(axis=(1, 2, 3))
        return found

    @property
    def worlds(self) -> "pd.DataFrame":
        """The first worlds: `world`, `possible`, a column an assumption."""
        import pandas as pd

        n = min(len(self.possible), MOST_LOOKED_AT + 1)
        table = pd.DataFrame(self._draws(range(n)), columns=list(drawn_names()))
        table.insert(0, "world", np.arange(n))
        table.insert(1, "possible", [_POSSIBLE[int(yes)] for yes in self.possible[:n]])
        return table.assign(label=self.question.label)

    def readings(self) -> "RobustTables":
        """What figures, sentences and the report are made from."""
        import pandas as pd

        from policymix.robust_readings import RobustTables

        at = np.flatnonzero(self.possible)
        means = self.runs[at].mean(axis=1)
        frames = []
        for place, name in enumerate(self.question.names):
            frame = pd.DataFrame(means[:, place], columns=list(STATISTICS))
            frame.insert(0, "world", at)
            frame.insert(1, "scenario", name)
            frames.append(frame)
        return RobustTables(
            names=tuple(self.question.names),
            **self.tables,
            outcomes=pd.concat(frames, ignore_index=True),
            draws=self.worlds,
            titles={name: entry.title for name, entry in ledger().items()},
            notes=self.notes(),
        )

    def notes(self) -> list[str]:
        """Sentences that stand beside every table and figure of this study."""
        return [*self.question.notes(), *self._of_worlds(), *self._of_size()]

    def _of_worlds(self) -> Iterator[str]:
        n, n_possible = len(self.possible) - 1, int(self.possible[1:].sum())
        if n == n_possible:
            yield f"All {n:,} worlds are possible: each has a balance to start from."
        else:
            left = f"{n - n_possible:,} of {n:,} worlds are impossible"
            yield f"{left}, without a balance to start from, and left out."
        if not self.possible[0]:
            yield "The central world is impossible too, and not shown."

    def _of_size(self) -> list[str]:
        n = self.question.sizes["worlds"]
        if n >= FULL:
            return []
        longer = _runs_for(FULL, self.question.replicates) / _runs_for(n, self.question.replicates)
        return [first_answer(sqrt(FULL / n), f"--worlds {FULL}", longer)]

    def sentences(self) -> list[str]:
        """One for each two scenarios and outcome: how often the ranking holds, and when not."""
        from policymix.studies.robust_words import sentences

        return list(sentences(self.readings()))

    def terminal_table(self, encoding: str = "utf-8") -> "Table":  # noqa: ARG002
        """In which share of worlds the first of each two scenarios has less."""
        from policymix.studies.robust_words import terminal_table

        return terminal_table(self.readings())

    def drawn(self) -> "Iterator[tuple[str, LabelledFigure]]":
        """The flip plot, the differences over the worlds, and the Sobol' indices."""
        from policymix.figures_robust import robust_pictures

        readings = self.readings()
        for picture in robust_pictures(readings):
            yield picture.name, picture.draw(readings)

    def html(self, pictures: Pictures) -> str:
        """The report, which opens with the sentences."""
        from policymix.studies.robust_report import report_of

        return report_of(self, pictures)

    def large_tables(self) -> Mapping[str, Lines]:
        """Every world's assumptions, and what came out in every run."""
        columns = ("world", "possible", *drawn_names(), "label")
        return {
            "worlds": Lines(columns, self._world_lines()),
            "runs": Lines(RUNS_COLUMNS, self._run_lines()),
        }

    def _world_lines(self) -> Iterator[str]:
        for world, is_possible in enumerate(self.possible):
            (values,) = self._draws([world]).tolist()
            numbers = ",".join(map(number_text, values))
            yield f"{world},{_POSSIBLE[int(is_possible)]},{numbers},{self.question.label}"

    def _run_lines(self) -> Iterator[str]:
        for place, name in enumerate(self.question.names):
            for world, replicate in np.ndindex(self.runs.shape[:2]):
                numbers = ",".join(map(number_text, self.runs[world, replicate, place].tolist()))
                yield f"{name},{world},{replicate},{numbers},{self.question.label}"

    def _draws(self, worlds: Iterable[int]) -> "Floats":
        """The drawn assumptions, shape (worlds, drawn), with what is held at its value."""
        found = draws(self.question.seed, worlds)
        for name, value in self.question.held.items():
            if name in drawn_names():
                found[:, drawn_names().index(name)] = value
        return found
