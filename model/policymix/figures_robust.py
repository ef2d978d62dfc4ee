"""The figures of `robust` in the order of its report: those of each pair of scenarios together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from policymix.drawing import LabelledFigure, Picture
from policymix.figures_flip import flip, flip_alt, flip_data
from policymix.figures_sensitivity import (
    has_sensitivity,
    sensitivity,
    sensitivity_alt,
    sensitivity_data,
)
from policymix.figures_worlds import worlds, worlds_alt, worlds_data
from policymix.robust_readings import Pair, RobustTables

__all__ = ["KINDS", "Kind", "RobustTables", "robust_pictures"]


def _always(_tables: RobustTables, _pair: Pair) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """A figure that there is of each pair of scenarios."""

    name: str
    title: str
    caption: str
    fits: Callable[[RobustTables, Pair], bool]
    draw: Callable[[RobustTables, Pair], LabelledFigure]
    data: Callable[[RobustTables, Pair], pd.DataFrame]
    alt: Callable[[RobustTables, Pair], str]

    def of(self, pair: Pair, number: int | None) -> Picture[RobustTables]:
        """The picture of this pair; with a number if it is one of several."""
        return Picture(
            self.name if number is None else f"{self.name}-{number}",
            self.title if number is None else f"{self.title}: {pair[0]} and {pair[1]}",
            self.caption,
            lambda t: self.fits(t, pair),
            lambda t: self.draw(t, pair),
            lambda t: self.data(t, pair),
            lambda t: self.alt(t, pair),
        )


KINDS: Final = (
    Kind(
        name="flip",
        title="Where the ranking reverses",
        caption="Each dot is a world, placed by the two assumptions that decide most; in the box "
        "the scenario that has more in most worlds has less more often than elsewhere.",
        fits=_always,
        draw=flip,
        data=flip_data,
        alt=flip_alt,
    ),
    Kind(
        name="worlds",
        title="All worlds, sorted",
        caption="Each world is a thin bar, the first scenario minus the second; below zero the "
        "first has less, and where the bars cross zero is the share of worlds in which it does.",
        fits=_always,
        draw=worlds,
        data=worlds_data,
        alt=worlds_alt,
    ),
    Kind(
        name="sensitivity",
        title="What the difference depends on",
        caption="Each bar is the share of the variance between worlds that an assumption has a "
        "part in, and the mark below it what it does alone; lines are 95 % intervals.",
        fits=has_sensitivity,
        draw=sensitivity,
        data=sensitivity_data,
        alt=sensitivity_alt,
    ),
)
"""In the order of the report."""


def robust_pictures(tables: RobustTables) -> tuple[Picture[RobustTables], ...]:
    """Those that make sense of these tables, pair by pair; of several pairs numbered and named."""
    pairs = tables.pairs()
    return tuple(
        kind.of(pair, None if len(pairs) == 1 else number)
        for number, pair in enumerate(pairs, 1)
        for kind in KINDS
        if kind.fits(tables, pair)
    )
