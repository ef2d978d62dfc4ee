"""Scenarios x worlds x replicates -> what came of each run, in pieces that nobody needs to share.

A cell is one replicate of one world: all scenarios, on the same people with the same dice. Of each
run only the statistics of its outcomes are kept, twelve times less than its years and a hundredth
of its months. Cells are played and written some at a time, a piece.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from policymix.assumptions import World
from policymix.chunks import Piece, Shapes
from policymix.dice import replicate_seed
from policymix.errors import ImpossibleWorldError
from policymix.outcomes import OUTCOME_NAMES
from policymix.pool import StartCrew
from policymix.runs import Run, played
from policymix.scenario import Scenario
from policymix.tasks import Progress, run_missing
from policymix.worlds import Address, world_at

if TYPE_CHECKING:
    from policymix.balance import Balanced
    from policymix.people import People

Floats = NDArray[np.float64]

STATISTICS: Final = ("final", "mean")
"""Of each outcome that are kept: the last month, and the mean of months 1 on."""
_PIECES: Final = 128
_MOST_AT_ONCE: Final = 200


@dataclass(frozen=True)
class Grid:
    """Cells: `replicates` of each world from `first` on, `worlds` of them."""

    worlds: int
    replicates: int
    first: int = 0

    def __len__(self) -> int:
        return self.worlds * self.replicates

    def __getitem__(self, number: int) -> tuple[Address, int]:
        world, replicate = divmod(number, self.replicates)
        return Address(self.first + world), replicate


@dataclass(frozen=True)
class Swaps:
    """Cells between the two worlds of each of the first `points` of the sequence.

    One for each of `groups` (names of assumptions, or `CHANCE`): the odd world, but with the
    group as in the even one.
    """

    points: int
    groups: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return self.points * len(self.groups)

    def __getitem__(self, number: int) -> tuple[Address, int]:
        point, group = divmod(number, len(self.groups))
        return Address(2 * point + 1, 2 * point + 2, self.groups[group]), 0


Cells = Grid | Swaps


class InPieces:
    """What is played cell by cell, and written some cells at a time."""

    cells: Cells

    @property
    def at_once(self) -> int:
        """Cells a piece: few enough to lose, and not too many files."""
        return min(max(len(self.cells) // _PIECES, 1), _MOST_AT_ONCE)

    @property
    def n_pieces(self) -> int:
        """How many pieces hold all cells."""
        return -(-len(self.cells) // self.at_once)

    def numbers(self, piece: int) -> range:
        """The cells of a piece."""
        return range(piece * self.at_once, min((piece + 1) * self.at_once, len(self.cells)))


@dataclass(frozen=True)
class Sweep(InPieces):
    """What is played: the scenarios in every cell; `held` are assumptions that are not drawn."""

    scenarios: tuple[Scenario, ...]
    seed: int
    cells: Cells
    held: Mapping[str, float] = field(default_factory=dict)

    def shapes(self, piece: int) -> Shapes:
        """The shapes of the arrays of a `Piece`."""
        n = len(self.numbers(piece))
        return {"values": (n, len(self.scenarios), len(OUTCOME_NAMES), len(STATISTICS))}


def play_piece(sweep: Sweep, piece: int) -> Piece:
    """Play the cells of one piece. Raises StudyError where a run makes no sense."""
    return filled(sweep.shapes(piece), sweep.numbers(piece), partial(play_cell, sweep))


def filled(shapes: Shapes, numbers: Iterable[int], play: Callable[[int], Floats]) -> Piece:
    """A piece of what `play` gives for these cells; NaN throughout where a world is impossible."""
    values = np.full(shapes["values"], np.nan)
    for place, number in enumerate(numbers):
        with suppress(ImpossibleWorldError):
            values[place] = play(number)
    return Piece(values)


def play_cell(sweep: Sweep, number: int) -> Floats:
    """One cell, shape (scenarios, outcomes, statistics). Raises ImpossibleWorldError."""
    where, replicate = sweep.cells[number]
    seed = replicate_seed(where.dice(sweep.seed), replicate)
    place = f"world {where.index}, replicate {replicate}"
    starts: dict[tuple[float, ...], tuple[Balanced, People]] = {}
    runs = []
    for scenario in sweep.scenarios:
        world = world_at(sweep.seed, where, {**sweep.held, **scenario.assumptions})
        key = tuple(world.values.values())
        if key not in starts:
            starts[key] = _start(world, scenario, seed)
        runs.append(Run(scenario, seed, *starts[key], place))
    found = [np.stack([lived[-1], lived[1:].mean(axis=0)], axis=1) for _, lived in played(runs)]
    return np.array(found)


def _start(world: World, scenario: Scenario, seed: int) -> "tuple[Balanced, People]":
    from policymix.balance import balance
    from policymix.peopling import initial_population

    balanced = balance(world, scenario.setup.cartels)
    return balanced, initial_population(balanced, scenario.setup.people, seed)


def columns_of(
    sweep: Sweep, done: Mapping[int, Piece], columns: Mapping[str, str]
) -> Iterator[Floats]:
    """Some statistics of every cell, in order, a piece at a time.

    `columns` are statistics by outcome; each array has shape (cells, scenarios, columns).
    """
    outcomes = [OUTCOME_NAMES.index(name) for name in columns]
    statistics = [STATISTICS.index(statistic) for statistic in columns.values()]
    for piece in range(sweep.n_pieces):
        yield done[piece].values[:, :, outcomes, statistics]


def play_sweep(
    sweep: Sweep,
    done: MutableMapping[int, Piece],
    start_crew: Callable[[int], StartCrew],
    progress: Progress,
) -> None:
    """Play every piece that `done` lacks; `progress` counts cells. Raises as `run_missing` does."""
    play_pieces(sweep, partial(play_piece, sweep), done, start_crew, progress)


def play_pieces(
    what: InPieces,
    play: Callable[[int], Piece],
    done: MutableMapping[int, Piece],
    start_crew: Callable[[int], StartCrew],
    progress: Progress,
) -> None:
    """Call `play` for every piece that `done` lacks; as `play_sweep`."""
    n = len(what.cells)
    run_missing(
        play,
        done,
        what.n_pieces,
        start_crew(what.n_pieces),
        lambda pieces, _of: progress(min(pieces * what.at_once, n), n),
    )
