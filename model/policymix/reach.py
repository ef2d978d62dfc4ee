"""How far money goes in a world, and how an effect lies between volumes at which it is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from policymix.assumptions import World
from policymix.levers import LEVER_NAMES, Curve, curves
from policymix.response import Responses

Floats = NDArray[np.float64]

VOLUMES: Final[Mapping[str, tuple[float, ...]]] = MappingProxyType(
    {
        "interdiction": (0.5, 2.0),
        "policing": (0.5, 2.0),
        "leader_removal": (4.0,),
        "military_strikes": (8.0,),
        "financial_targeting": (3.0,),
        "treatment": (0.5, 1.25, 1.7, 2.0),
        "prevention": (0.5, 2.5),
        "harm_reduction": (0.5, 4.0),
        "mental_health": (0.5, 2.0),
        "community": (0.5, 2.0),
        "intelligence": (2.0,),
        "development": (4.0,),
        "anti_corruption": (4.0,),
    }
)
"""Where effects are known, as volumes relative to today's: cut and raised; only raised, and by
more, where there is so little today that cutting it moves no outcome beyond chance; more points
for treatment, where the effect ends at the volume at which nobody waits."""
POINTS: Final = tuple((name, volume) for name in LEVER_NAMES for volume in VOLUMES[name])
"""(lever, volume) of each known effect, one lever at a time."""


@dataclass(frozen=True)
class Reach:
    """How far money goes in a world.

    The reach of a lever is what outcomes answer in a nearly straight line. It is 1 today: the
    volume, except for prevention the pupils reached, who cannot be more than all, and for harm
    reduction the fatality of an overdose.
    """

    curves: tuple[Curve, ...]
    responses: Responses

    @classmethod
    def of(cls, world: World) -> "Reach":
        """Read off the values of `world`."""
        return cls(tuple(curves(world).values()), Responses.of(world))

    def of_money(self, spend: Sequence[float]) -> Floats:
        """By lever, shape (levers,); `spend` in billion USD a year, in the order of LEVERS."""
        pairs = zip(self.curves, spend, strict=True)
        return self._of_volumes([curve.volume(money) for curve, money in pairs])

    def shares(self, spend: Sequence[float]) -> Floats:
        """How much of the effect at each of `POINTS` this money has, shape (points,).

        Between two neighbours of a lever's points (today's, of no effect, is one) an effect lies
        on the straight line through both, beyond the outermost on that line's continuation.
        """
        reached = dict(zip(LEVER_NAMES, self.of_money(spend), strict=True))
        shares = [_shares(reached[name], self._of_points[name]) for name in LEVER_NAMES]
        return np.concatenate(shares)

    @cached_property
    def _of_points(self) -> dict[str, Floats]:
        """By lever, its reach at its `VOLUMES`."""
        reached: dict[str, list[float]] = {name: [] for name in LEVER_NAMES}
        for point, volume in POINTS:
            volumes = [volume if name == point else 1.0 for name in LEVER_NAMES]
            reached[point].append(self._of_volumes(volumes)[LEVER_NAMES.index(point)])
        return {name: np.array(values) for name, values in reached.items()}

    def _of_volumes(self, volumes: Sequence[float]) -> Floats:
        volume = dict(zip(LEVER_NAMES, volumes, strict=True))
        now = self.responses.conditions(volume, rel_price=1.0, potency=1.0, custody_treatment=0.0)
        volume["prevention"] = now.coverage / self.responses.coverage_today
        volume["harm_reduction"] = now.overdose
        return np.array([volume[name] for name in LEVER_NAMES])


def _shares(reached: float, known: Floats) -> Floats:
    """Weights of the effects at `known`, so that their sum lies on the line; shape of `known`.

    A point that reaches no further than today's money says nothing and has no weight.
    """
    weights = np.zeros(len(known))
    by_reach = {1.0: -1} | {float(x): at for at, x in reversed(list(enumerate(known))) if x != 1.0}
    places = sorted(by_reach)
    if len(places) == 1:
        return weights
    left = min(max(sum(x < reached for x in places) - 1, 0), len(places) - 2)
    low, high = places[left : left + 2]
    part = (reached - low) / (high - low)
    for place, weight in ((low, 1.0 - part), (high, part)):
        if by_reach[place] >= 0:
            weights[by_reach[place]] = weight
    return weights
