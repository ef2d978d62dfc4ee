"""Sampled worlds: every drawn assumption somewhere in its range, addressed by (seed, index).

World 0 is the central one. The others are points of a scrambled Sobol' sequence (I. M. Sobol' 1967,
A. B. Owen 1998, as `scipy.stats.qmc` has it): uniform between `low` and `high`, independent of each
other. What describes the start is not drawn: worlds differ in how they respond, not in where they
start.

Each point of the sequence is two worlds that know nothing of each other: an odd index and the even
one after it. So what is found in the odd ones can be checked in the even ones, and worlds between
both say how much each assumption matters (A. Saltelli 2010).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from policymix.assumptions import World, central_world, ledger
from policymix.dice import world_seed

if TYPE_CHECKING:
    from scipy.stats import qmc

Floats = NDArray[np.float64]

CHANCE: Final = "chance"
"""Stands for the dice among the assumptions that a world takes from another one."""
N_WORLDS_BOUNDS: Final = (2, 2_000_000)


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
    return np.split(_point(seed, point), 2)[half]


@lru_cache(maxsize=64)
def _point(seed: int, point: int) -> Floats:
    """A point of the sequence, shape (2 x drawn,): both worlds, one after the other."""
    sequence = _sequence(seed)
    if point < sequence.num_generated:
        sequence.reset()
    if skipped := point - sequence.num_generated:
        sequence.fast_forward(skipped)
    found: Floats = sequence.random(1)[0]
    return found


@lru_cache(maxsize=4)
def _sequence(seed: int) -> "qmc.Sobol":
    from scipy.stats import qmc

    return qmc.Sobol(2 * len(drawn_names()), scramble=True, rng=seed)
