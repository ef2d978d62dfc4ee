"""Suites of experiments x worlds x replicates -> the parts of every reading, a row a cell."""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from policymix.chunks import Piece, Shapes
from policymix.dice import replicate_seed
from policymix.experiments.arms import Lived, played
from policymix.experiments.suites import suite
from policymix.pool import StartCrew
from policymix.sweeps import Grid, InPieces, filled, play_pieces
from policymix.tasks import Progress
from policymix.worlds import world_at

if TYPE_CHECKING:
    from policymix.balance import Balanced
    from policymix.people import People

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trial(InPieces):
    """The cells of one suite; `held` are assumptions that are not drawn, here or in any world."""

    suite: str
    people: int
    cartels: int
    seed: int
    cells: Grid
    held: Mapping[str, float] = field(default_factory=dict)

    def shapes(self, piece: int) -> Shapes:
        """The shapes of the arrays of a `Piece`: (cells, parts)."""
        return {"values": (len(self.numbers(piece)), suite(self.suite).n_parts)}


def play_piece(trial: Trial, piece: int) -> Piece:
    """Play the cells of one piece; NaN throughout where a world is impossible."""
    return filled(trial.shapes(piece), trial.numbers(piece), partial(play_cell, trial))


def play_cell(trial: Trial, number: int) -> Floats:
    """The parts of every reading in one cell, shape (parts,). Raises ImpossibleWorldError."""
    where, replicate = trial.cells[number]
    seed = replicate_seed(where.dice(trial.seed), replicate)
    experiments = suite(trial.suite)
    starts: dict[tuple[float, ...], tuple[Balanced, People]] = {}
    runs: dict[str, Lived] = {}
    for name, arm in experiments.arms.items():
        world = world_at(trial.seed, where, {**trial.held, **arm.assume})
        key = tuple(world.values.values())
        if key not in starts:
            from policymix.balance import balance
            from policymix.peopling import initial_population

            balanced = balance(world, trial.cartels)
            n_people = min(trial.people, experiments.people)
            starts[key] = balanced, initial_population(balanced, n_people, seed)
        runs[name] = played(arm, *starts[key], seed)
    return experiments.read(runs)


def play_trial(
    trial: Trial,
    done: MutableMapping[int, Piece],
    start_crew: Callable[[int], StartCrew],
    progress: Progress,
) -> Floats:
    """Play what `done` lacks; the parts of every cell, shape (cells, parts).

    `progress` counts cells. Raises as `play_sweep` does.
    """
    play_pieces(trial, partial(play_piece, trial), done, start_crew, progress)
    nothing = np.empty((0, suite(trial.suite).n_parts))
    return np.concatenate([nothing, *(done[piece].values for piece in range(trial.n_pieces))])
