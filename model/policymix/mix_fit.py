"""What a mix does, fitted to mixes that were played: any split of the budget without a run.

The fitted thing is the paired difference from today's mix, month by month, none where the mix is
today's; paths over months are few shapes. The mean of all replicates is a surface over how far
each lever's money reaches (`reach`): a polynomial of second degree as its trend, and what mixes
nearby had more or less (`kriging`). What each replicate has more than the mean is a polynomial
alone. The curve bends where levers run out of what they act on: treatment when nobody waits any
more, prevention when every pupil is reached.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

import numpy as np
from numpy.typing import NDArray

from policymix.assumptions import World
from policymix.kriging import Kriging, near
from policymix.levers import LEVER_NAMES, curves
from policymix.reach import Reach

Floats = NDArray[np.float64]

KNOTS: Final = 128
_TREATMENT, _PREVENTION, _COMMUNITY, _INTERDICTION = (
    LEVER_NAMES.index(name) for name in ("treatment", "prevention", "community", "interdiction")
)
OFFSETS: Final = tuple(0.2 if name == "treatment" else 1.0 for name in LEVER_NAMES)
"""Added to each lever's reach before its logarithm is taken: the less, the more a cut is felt."""
PENALTIES: Final = (0.03, 0.3, 3.0, 30.0, 300.0)
SHAPES: Final = 6
"""Of paths, that are kept of an outcome's mean, and `OWN_SHAPES` of what replicates have more."""
OWN_SHAPES: Final = 6


@dataclass(frozen=True)
class Terms:
    """How a mix becomes the terms of the polynomial.

    `knots` [billion USD/year]; `tables` (levers + 1, knots): each lever's reach there, then the
    volume of prevention that finds no use. Of treatment, `places` (relative to today's) are those
    beyond which more begin to stand empty, `width` how many more can be filled, `outreach` how
    both grow with the volume of community engagement. `zero` and `scale` (variables,) are the
    variables' values today and their spread, by which they are measured.
    """

    knots: Floats
    tables: Floats
    places: float
    width: float
    outreach: float
    zero: Floats
    scale: Floats

    @classmethod
    def of(cls, world: World, mixes: Floats, today: Floats) -> "Terms":
        """The terms in this world, on the scale of `mixes`; both in billion USD a year."""
        knots = float(mixes.sum(axis=1).max()) * np.linspace(0.0, 1.0, KNOTS) ** 3
        reach, prevention = Reach.of(world), curves(world)["prevention"]
        beyond = [prevention.volume(money) for money in knots]
        unused = np.maximum(np.array(beyond) - reach.responses.most_prevention(), 0.0)
        rows = np.array([reach.of_money([money] * len(LEVER_NAMES)) for money in knots]).T
        enough = 1.0 / (1.0 - world.number("share_willing_waiting", "share"))
        bare = cls(
            knots,
            np.array([*rows, unused]),
            places=(1.0 + enough) / 2.0,
            width=enough - 1.0,
            outreach=world.number("outreach_effect_on_willingness", "ratio"),
            zero=np.zeros(1),
            scale=np.ones(1),
        )
        zero = bare.variables(today[np.newaxis])[0]
        spread = bare.variables(mixes).std(axis=0)
        return cls(**{**vars(bare), "zero": zero, "scale": np.where(spread > 0.0, spread, 1.0)})

    def variables(self, mixes: Floats) -> Floats:
        """Shape (mixes, variables), zero today: those that also act together come first."""
        reach = np.array([np.interp(mixes.T[i], self.knots, self.tables[i]) for i in _LEVERS])
        unused = np.interp(mixes.T[_PREVENTION], self.knots, self.tables[-1])
        logs = np.log(reach + np.array(OFFSETS)[:, np.newaxis])
        willing = 1.0 + self.outreach * (reach[_COMMUNITY] - 1.0)
        beyond = np.maximum(reach[_TREATMENT] - self.places * willing, 0.0)
        filled = self.width * (1.0 - np.exp(-beyond / self.width))
        served = reach[_TREATMENT] - beyond + filled
        found = [*logs, served, reach[_INTERDICTION], *reach, unused, beyond]
        return (np.array(found).T - self.zero) / self.scale

    def columns(self, mixes: Floats) -> Floats:
        """The polynomial's terms, shape (mixes, terms), all zero today: variables, then pairs."""
        z = self.variables(mixes)
        return np.concatenate([z, z[:, _FIRST] * z[:, _SECOND]], axis=1)


_LEVERS: Final = tuple(range(len(LEVER_NAMES)))
TOGETHER: Final = len(LEVER_NAMES) + 2
"""Variables that act together: each lever's reach (its logarithm), places filled, patrols."""
ALONE: Final = len(LEVER_NAMES) + 2
"""Variables that only act alone, after those."""
_PAIRS: Final = list(combinations_with_replacement(range(TOGETHER), 2))
_FIRST: Final = [first for first, _ in _PAIRS]
_SECOND: Final = [second for _, second in _PAIRS]


@dataclass(frozen=True)
class MixFit:
    """Paired differences from today's mix for any mix, in the units of the paths fitted to.

    The mean of all replicates is `weights` (outcomes, terms, shapes) along `shapes` (outcomes,
    shapes, months + 1), and what neighbours say: `near_weights` (outcomes, points, shapes) of the
    played mixes, whose variables are `points` (points, variables), by how near they are in the
    variables that count for the outcome, `nearness` (outcomes, variables). What each replicate has
    more is `own_weights` (replicates, outcomes, terms, own shapes) along `own_shapes` (outcomes,
    own shapes, months + 1).
    """

    terms: Terms
    shapes: Floats
    weights: Floats
    points: Floats
    nearness: Floats
    near_weights: Floats
    own_shapes: Floats
    own_weights: Floats

    def mean(self, mixes: Floats) -> Floats:
        """The mean difference, shape (mixes, months + 1, outcomes); mixes in billion USD a year."""
        trend = _along(self.terms.columns(mixes), self.weights, self.shapes)
        told = zip(self._nearer(mixes), self.near_weights, self.shapes, strict=True)
        said = [nearer @ weights @ shapes for nearer, weights, shapes in told]
        found: Floats = trend + np.stack(said, axis=-1)
        return found

    def own(self, mixes: Floats) -> Floats:
        """What replicates have more, shape (replicates, mixes, months + 1, outcomes)."""
        columns = self.terms.columns(mixes)
        return np.array([_along(columns, one, self.own_shapes) for one in self.own_weights])

    def _nearer(self, mixes: Floats) -> Iterator[Floats]:
        """By outcome, how much nearer mixes are to the points than today's, (mixes, points)."""
        z = self.terms.variables(mixes)
        today = np.zeros((1, z.shape[1]))
        for nearness in self.nearness:
            yield near(z, self.points, nearness) - near(today, self.points, nearness)


def _along(columns: Floats, weights: Floats, shapes: Floats) -> Floats:
    found: Floats = np.einsum("nt,otk,okm->nmo", columns, weights, shapes, optimize=True)
    return found


def fitted(terms: Terms, mixes: Floats, differences: Floats) -> MixFit:
    """The fit to `differences` from today's paths, (replicates, mixes, months + 1, outcomes)."""
    columns, points, mean = terms.columns(mixes), terms.variables(mixes), differences.mean(axis=0)
    ridge, kriging, found = _Ridge(columns), Kriging(points, columns), []
    for outcome in range(mean.shape[-1]):
        paths = mean[..., outcome]
        shapes = few_shapes(paths, SHAPES)
        surface = kriging.surface(paths @ shapes.T)
        penalty = ridge.best_penalty(paths)
        own = [ridge.weights(one - paths, penalty) for one in differences[..., outcome]]
        own_shapes = few_shapes(np.concatenate([columns @ one for one in own]), OWN_SHAPES)
        own_weights = np.array([one @ own_shapes.T for one in own])
        mean_of_all = (shapes, surface.trend, surface.nearness, surface.weights)
        found.append((*mean_of_all, own_shapes, own_weights))
    shapes, weights, nearness, near_weights, own_shapes, own_weights = (
        np.array(one) for one in zip(*found, strict=True)
    )
    own_weights = own_weights.transpose(1, 0, 2, 3)
    told = (points, nearness, near_weights)
    return MixFit(terms, shapes, weights, *told, own_shapes, own_weights)


class _Ridge:
    """Least squares on `columns` (mixes, terms), with a penalty on the size of what it finds."""

    def __init__(self, columns: Floats) -> None:
        self.columns = columns
        self._left, self._size, self._right = np.linalg.svd(columns, full_matrices=False)

    def best_penalty(self, values: Floats) -> float:
        """That of `PENALTIES` with which each mix is best foretold by the others."""
        return min(PENALTIES, key=lambda penalty: self._error(self._kept(penalty), values))

    def weights(self, values: Floats, penalty: float) -> Floats:
        """Shape (terms, n), of `values` (mixes, n)."""
        kept = self._kept(penalty) / self._size
        found: Floats = self._right.T @ (kept[:, np.newaxis] * (self._left.T @ values))
        return found

    def _kept(self, penalty: float) -> Floats:
        kept: Floats = self._size**2 / (self._size**2 + penalty)
        return kept

    def _error(self, kept: Floats, values: Floats) -> float:
        fitted = self._left @ (kept[:, np.newaxis] * (self._left.T @ values))
        leverage = (self._left**2 * kept).sum(axis=1, keepdims=True)
        return float((((values - fitted) / (1.0 - leverage)) ** 2).mean())


def few_shapes(paths: Floats, n: int) -> Floats:
    """The `n` paths of unit length that hold most of `paths` (some, months + 1)."""
    found: Floats = np.linalg.svd(paths, full_matrices=False)[2][:n]
    return found
