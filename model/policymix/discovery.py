"""Scenario discovery: the box of worlds in which a ranking is reversed, and whether it holds.

A box is at most `MOST_BOUNDS` assumptions held to a part of their range, such as "quit rate below
0.04". It is found in some worlds and checked in others; density, coverage and a p-value for each
bound are those of Bryant and Lempert (2010, doi:10.1016/j.techfore.2009.08.002). Their search,
PRIM (Friedman and Fisher 1999, doi:10.1023/A:1008894516817), peels so patiently that among 75
assumptions and a few hundred worlds it restricts many that do nothing. Here the box grows by the
one interval that explains most, as in subgroup discovery. Pure functions without chance.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy
from scipy.stats import binomtest, fisher_exact

from policymix.moments import CONFIDENCE

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Bools = NDArray[np.bool_]

MOST_BOUNDS: Final = 3
FEWEST_FLIPPED: Final = 5
LEVEL: Final = 0.05
"""One-sided, of every test in this room."""
LOOKS_ONE_END: Final = 10
LOOKS_BOTH_ENDS: Final = 50
"""How many independent looks the intervals of one assumption count as.

There are some 40 from an end of the range and 170 amid it, but neighbours hold nearly the same
worlds. With these numbers, 75 assumptions that do nothing yield a box in 3 to 15 % of cases."""
_STEPS: Final = 20
_READABLE: Final = (1, 2, 5, 10)


@dataclass(frozen=True)
class Bound:
    """Holds where low <= value <= high, both in the assumption's unit; one may be a range's end."""

    name: str
    low: float
    high: float

    def holds(self, values: Floats) -> Bools:
        """Shape of `values`."""
        return np.logical_and(self.low <= values, values <= self.high)


@dataclass(frozen=True)
class Box:
    """The worlds in which all bounds hold; the bound that explains most stands first."""

    bounds: tuple[Bound, ...]

    def contains(self, draws: Floats, names: Sequence[str]) -> Bools:
        """Which worlds are inside, shape (worlds,). `draws` (worlds, names); else ValueError."""
        columns = [bound.holds(draws[:, list(names).index(bound.name)]) for bound in self.bounds]
        return np.all(np.reshape(columns, (len(columns), len(draws))), axis=0)


@dataclass(frozen=True)
class Check:
    """Worlds inside and outside a box, and how many of each are flipped. A share of none is NaN."""

    n_inside: int
    n_inside_flipped: int
    n_outside: int
    n_outside_flipped: int

    @property
    def density(self) -> float:
        """The share of flipped worlds inside."""
        return _share(self.n_inside_flipped, self.n_inside)

    @property
    def coverage(self) -> float:
        """The share of all flipped worlds that are inside."""
        return _share(self.n_inside_flipped, self.n_inside_flipped + self.n_outside_flipped)

    @property
    def base(self) -> float:
        """The share of flipped worlds among all."""
        n_flipped = self.n_inside_flipped + self.n_outside_flipped
        return _share(n_flipped, self.n_inside + self.n_outside)

    @property
    def outside(self) -> float:
        """The share of flipped worlds outside."""
        return _share(self.n_outside_flipped, self.n_outside)

    @property
    def p_by_chance(self) -> float:
        """Fisher's exact test: the probability of as many flipped inside if the box meant nothing.

        One-sided; what it says of the worlds in which the box was found is too good.
        """
        inside = (self.n_inside_flipped, self.n_inside - self.n_inside_flipped)
        outside = (self.n_outside_flipped, self.n_outside - self.n_outside_flipped)
        return float(fisher_exact([inside, outside], alternative="greater").pvalue)

    @property
    def is_confirmed(self) -> bool:
        """Whether flipped worlds are more frequent inside than chance explains, at `LEVEL`."""
        return self.p_by_chance <= LEVEL


def find_box(
    draws: Floats,
    flipped: Bools,
    names: Sequence[str],
    ranges: Mapping[str, tuple[float, float]],
) -> Box | None:
    """The box that best tells the flipped worlds from the others, to be checked on other worlds.

    `draws` (worlds, names) in the units of `ranges` (low, high), `flipped` (worlds,). Bounds are
    added one by one: the interval between readable thresholds with the largest gain of likelihood
    (one share of flipped worlds inside and one outside, against one for all; an interval amid the
    range must gain more). A bound stays if, among the worlds that the bounds before it leave,
    chance would do as well in at most `LEVEL` of cases, counting all looks at all assumptions.
    None if fewer than `FEWEST_FLIPPED` worlds are flipped, or no bound stays. An assumption that
    matters only together with another, and not at all on average, is overlooked.
    """
    columns = {name: draws[:, list(names).index(name)] for name in sorted(names)}
    inside = np.ones(len(flipped), dtype=bool)
    bounds: tuple[Bound, ...] = ()
    while flipped.sum() >= FEWEST_FLIPPED and len(bounds) < MOST_BOUNDS and columns:
        found = [
            _best(name, values[inside], flipped[inside], ranges[name], flipped)
            for name, values in columns.items()
        ]
        _, looks, bound = max(found, key=lambda one: one[0])
        within = inside & bound.holds(columns.pop(bound.name))
        by_chance = _counted(within[inside], flipped[inside]).p_by_chance
        # The best may also be to keep all: then `by_chance` is 1, and the box is complete.
        if by_chance * looks * len(names) > LEVEL:
            break
        inside, bounds = within, (*bounds, bound)
    return Box(bounds) if bounds else None


def check(box: Box, draws: Floats, flipped: Bools, names: Sequence[str]) -> Check:
    """Counts the worlds of `draws` (worlds, names), `flipped` (worlds,), inside and outside."""
    return _counted(box.contains(draws, names), flipped)


def share_interval(n_of: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of the share `n_of` / `n`; of none, (0, 1)."""
    if n == 0:
        return 0.0, 1.0
    interval = binomtest(n_of, n).proportion_ci(CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)


def _share(n_of: int, n: int) -> float:
    return n_of / n if n else math.nan


def _counted(inside: Bools, flipped: Bools) -> Check:
    n_inside, n_both = int(inside.sum()), int((inside & flipped).sum())
    return Check(n_inside, n_both, len(flipped) - n_inside, int(flipped.sum()) - n_both)


def _best(
    name: str, values: Floats, flipped: Bools, ends: tuple[float, float], everywhere: Bools
) -> tuple[float, int, Bound]:
    """(gain less the price of looking, looks, bound) of one assumption's best interval.

    `values` and `flipped` of the worlds still inside, `everywhere` the flipped ones of all worlds.
    """
    cuts = np.array([ends[0], *_thresholds(*ends), ends[1]])
    pairs = [pair for pair in combinations(range(len(cuts)), 2) if pair != (0, len(cuts) - 1)]
    if not pairs:
        return -math.inf, 1, Bound(name, *ends)
    lows, highs = np.array(pairs).T
    n, n_flipped = (_between(sample, cuts, lows, highs) for sample in (values, values[flipped]))
    one_end = (lows == 0) | (highs == len(cuts) - 1)
    looks = np.where(one_end, LOOKS_ONE_END, LOOKS_BOTH_ENDS)
    gain = _gain(n, n_flipped, len(everywhere), int(everywhere.sum())) - np.log(looks)
    i = int(np.argmax(gain))
    bound = Bound(name, float(cuts[lows[i]]), float(cuts[highs[i]]))
    return float(gain[i]), int(looks[i]), bound


def _between(
    values: Floats, cuts: Floats, lows: NDArray[np.int_], highs: NDArray[np.int_]
) -> Floats:
    """How many values lie in each closed interval from cuts[lows] to cuts[highs]."""
    ordered = np.sort(values)
    below, up_to = (np.searchsorted(ordered, cuts, side) for side in ("left", "right"))
    return (up_to[highs] - below[lows]).astype(float)


def _gain(n: Floats, k: Floats, n_all: int, k_all: int) -> Floats:
    """Log likelihood gained if the `n` worlds with `k` flipped have a share of their own [nats].

    Negative where that share is not above that of the others.
    """
    apart = _likelihood(n, k) + _likelihood(n_all - n, k_all - k)
    gain = apart - _likelihood(np.array(float(n_all)), np.array(float(k_all)))
    return np.where(k * n_all > n * k_all, gain, -gain)


def _likelihood(n: Floats, k: Floats) -> Floats:
    """Log likelihood of `k` among `n` at the share k / n [nats]."""
    return np.asarray(xlogy(k, k) + xlogy(n - k, n - k) - xlogy(n, n), dtype=np.float64)


def _thresholds(low: float, high: float) -> Iterator[float]:
    """Readable numbers inside a range: multiples of 1, 2 or 5 x 10^d, some `_STEPS` to the range.

    They have at most two significant digits of the range's width.
    """
    if not low < high:
        return
    wished = (high - low) / _STEPS
    digits = math.floor(math.log10(wished))
    times = min(_READABLE, key=lambda t: abs(math.log10(wished) - digits - math.log10(t)))
    step = times * 10.0**digits
    for i in range(math.floor(low / step) + 1, math.ceil(high / step)):
        yield round(i * step, -digits)
