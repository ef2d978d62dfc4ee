"""Sampled worlds: every drawn assumption somewhere in its range, addressed by (seed, index).

World 0 is the central one. The others are drawn uniformly between `low` and `high`, independently
of each other, as Latin hypercubes (M. D. McKay and others 1979) one after the other: within each
block every assumption is spread evenly over its range. What describes the start is not drawn:
worlds differ in how they respond, not in where they start.

Worlds come in twos that know nothing of each other: an odd index and the even one after it. So what
is found in the odd ones can be checked in the even ones, and worlds between both say how much each
assumption matters (A. Saltelli and others 2010).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from policymix.assumptions import World, central_world, ledger
from policymix.dice import address, world_seed

Floats = NDArray[np.float64]

POINTS_A_BLOCK: Final = 128
"""Of two worlds each: as many as a first answer looks at."""
CHANCE: Final = "chance"
"""Stands for the dice among the assumptions that a world takes from another one."""


@dataclass(frozen=True)
class Address:
    """Where a world is found: `index`, but what is `taken` (names, or `CHANCE`) as in `donor`."""

    index: int
    donor: int = 0
    taken: tuple[str, ...] = ()

    def dice(self, seed: int) -> int:
        """The seed of this world's dice; that of world 0 is the study's own."""
        index = self.donor if CHANCE in self.taken else self.index
        return world_seed(seed, index)


def drawn_names() -> tuple[str, ...]:
    """The assumptions that are drawn, in the ledger's order: with a range, and not of the start."""
    return tuple(e.name for e in ledger().values() if e.is_drawn)


def ranges() -> dict[str, tuple[float, float]]:
    """What each of them is drawn from: (low, high) by name, in the ledger's units."""
    entries = ledger()
    return {name: (entries[name].low, entries[name].high) for name in drawn_names()}


def world_at(seed: int, where: Address, held: Mapping[str, float] | None = None) -> World:
    """The world at this address of the study `seed`; what is `held` has these values instead.

    Raises InputError for held values that the ledger does not permit.
    """
    own, other = draws(seed, [where.index, where.donor]).tolist()
    values = dict(zip(drawn_names(), own, strict=True))
    donors = dict(zip(drawn_names(), other, strict=True))
    values |= {name: donors[name] for name in where.taken if name != CHANCE}
    return central_world().with_values({**values, **(held or {})})


def draws(seed: int, indices: Iterable[int]) -> Floats:
    """The drawn assumptions of worlds, shape (worlds, drawn), in the ledger's units."""
    low, high = np.array(list(ranges().values())).T
    central = np.array([ledger()[name].value for name in drawn_names()])
    found = [
        low + (high - low) * _half(seed, index) if index else central for index in list(indices)
    ]
    return np.array(found).reshape(-1, len(central))


def _half(seed: int, index: int) -> Floats:
    """World `index` (from 1) in the unit cube, shape (drawn,)."""
    point, half = divmod(index - 1, 2)
    block, place = divmod(point, POINTS_A_BLOCK)
    both: Floats = _block(seed, block)[place]
    found: Floats = np.split(both, 2)[half]
    return found


@lru_cache(maxsize=8)
def _block(seed: int, block: int) -> Floats:
    """Points of a Latin hypercube, shape (points, 2 x drawn): both worlds, one after the other."""
    from scipy.stats import qmc

    cube = qmc.LatinHypercube(2 * len(drawn_names()), rng=address(seed, block))
    found: Floats = cube.random(POINTS_A_BLOCK)
    return found
