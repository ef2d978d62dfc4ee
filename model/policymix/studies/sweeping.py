"""Plays the cells of a question and reads some statistics of every run."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from policymix.chunks import Piece
from policymix.machines import Machines
from policymix.scenario import Scenario
from policymix.studies.answer import Store
from policymix.studies.question import Question
from policymix.sweeps import Cells, Sweep, columns_of, play_sweep
from policymix.tasks import Progress

if TYPE_CHECKING:
    from policymix.sweeps import Floats


def played_cells(
    question: Question,
    scenarios: tuple[Scenario, ...],
    cells: Cells,
    columns: Mapping[str, str],
    *,
    store: Store,
    stem: str,
    machines: Machines,
    progress: Progress,
) -> "Floats":
    """Statistics by outcome (`columns`) of every cell, shape (cells, scenarios, columns).

    What `store` has under `stem` is not played again. NaN where a world is impossible.
    """
    sweep = Sweep(scenarios, question.seed, cells, question.assume)
    done = store(Piece, sweep.shapes, stem)
    play_sweep(sweep, done, machines.start_crew, progress)
    found = np.empty((len(cells), len(scenarios), len(columns)))
    at = 0
    for piece in columns_of(sweep, done, columns):
        found[at : at + len(piece)] = piece
        at += len(piece)
    return found
