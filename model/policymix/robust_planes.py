"""Every world between the two assumptions that decide most: what the panels of `flip` show."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from policymix.numerals import percent
from policymix.robust_readings import (
    Bound,
    Pair,
    RobustTables,
    Scale,
    box,
    central_value,
    deciding,
    drawn_differences,
    n_alike,
    of_pair,
    reversals,
    scale_of,
    verdict,
)

MOST_DOTS: Final = 1_000
"""Of more worlds so many are drawn, evenly by their place."""
NO_BOX: Final = "No box of few assumptions explains the reversals."
_MARGIN: Final = 0.03


@dataclass(frozen=True)
class Side:
    """One axis of a plane: its assumption as written, what of it the box holds, its ends."""

    scale: Scale
    bound: Bound
    first: float
    last: float
    star: float

    @property
    def ends(self) -> list[tuple[float, str]]:
        """(where, words) of each end of the box that lies within the range."""
        told = ((self.bound.low, "from"), (self.bound.high, "up to"))
        return [
            (value * self.scale.factor, f"{word} {self.scale.number(value)}")
            for value, word in told
            if math.isfinite(value)
        ]

    @property
    def inside(self) -> tuple[float, float]:
        """The box's own part of the axis."""
        low, high = (end * self.scale.factor for end in (self.bound.low, self.bound.high))
        return max(low, self.first), min(high, self.last)


@dataclass(frozen=True)
class Plane:
    """One outcome's panel. `dots` has a row a world that is drawn: x and y as the sides write
    them, difference, and `holds`: whether it is within the bounds that the plane does not show.
    """

    across: Side
    up: Side
    bounds: tuple[Bound, ...]
    hidden: tuple[Bound, ...]
    dots: pd.DataFrame


def plane_of(tables: RobustTables, pair: Pair, outcome: str) -> Plane:
    """What the panel of this outcome shows."""
    chosen, bounds = deciding(tables, pair, outcome), box(tables, pair, outcome)
    across, up = (_side(tables, name, bounds) for name in chosen)
    hidden = tuple(bound for bound in bounds if bound.assumption not in chosen)
    draws = tables.draws.set_index("world")
    every = drawn_differences(tables, pair, outcome)
    differences = evenly(every[every.index.isin(draws.index)])
    draws = draws.loc[differences.index]
    holds = pd.Series(True, index=draws.index)
    for bound in hidden:
        holds &= bound.holds(draws[bound.assumption])
    x, y = (
        draws[name] * side.scale.factor for name, side in zip(chosen, (across, up), strict=True)
    )
    dots = pd.DataFrame({"x": x, "y": y, "difference": differences, "holds": holds})
    return Plane(across, up, tuple(bounds), hidden, dots)


def _side(tables: RobustTables, name: str, bounds: Sequence[Bound]) -> Side:
    scale, drawn = scale_of(tables, name), tables.draws[name]
    star = central_value(tables, name) * scale.factor
    low = min(float(drawn.min()) * scale.factor, star)
    high = max(float(drawn.max()) * scale.factor, star)
    margin = (high - low) * _MARGIN or 1.0
    whole = Bound(name, -math.inf, math.inf)
    bound = next((one for one in bounds if one.assumption == name), whole)
    return Side(scale, bound, low - margin, high + margin, star)


def evenly(series: "pd.Series[float]") -> "pd.Series[float]":
    """All of it, or `MOST_DOTS` of it, evenly by place."""
    if len(series) <= MOST_DOTS:
        return series
    return series.iloc[np.arange(MOST_DOTS) * len(series) // MOST_DOTS]


def sentences(tables: RobustTables, pair: Pair, outcome: str, plane: Plane) -> list[str]:
    """Who has less in how many worlds, and what the box says, or why there is none."""
    told = verdict(tables, pair, outcome)
    if told.is_same:
        return [f"{told.words[0].upper()}{told.words[1:]}."]
    n_same = n_alike(tables, pair, outcome)
    found = [f"{told.words}.", *([f"Both are the same in {n_same:,}."] if n_same else [])]
    if not plane.bounds:
        n = len(drawn_differences(tables, pair, outcome))
        never = f"Never reversed in {n:,} worlds."
        return [*found, NO_BOX if reversals(tables, pair, outcome) else never]
    found.append(_inside_words(tables, pair, outcome))
    if plane.hidden:
        spans = [bound_words(tables, bound) for bound in plane.hidden]
        found.append(f"It also needs {'; '.join(spans)} (pale: worlds without).")
    return found


def _inside_words(tables: RobustTables, pair: Pair, outcome: str) -> str:
    """How often the ranking is reversed in the box and elsewhere, in worlds not used to find it."""
    worse = verdict(tables, pair, outcome).worse
    rows: Any = list(of_pair(tables.checks, pair, outcome).itertuples())
    if rows:
        told = rows[0]
        inside = f"{told.inside_reversed:,.0f} of {told.inside:,.0f} worlds"
        outside = f"{told.outside_reversed:,.0f} of {told.outside:,.0f}"
        return f"In the box {worse} has less in {inside}, outside in {outside}."
    density = float(of_pair(tables.flips, pair, outcome)["density"].iloc[0])
    return f"In the box {worse} has less in {percent(density)} of worlds."


def bound_words(tables: RobustTables, bound: Bound) -> str:
    """One side of the box in words: assumption, values, unit, and the grade if weak."""
    scale = scale_of(tables, bound.assumption)
    return f"{scale.heading} {scale.span(bound)}"
