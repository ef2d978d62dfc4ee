"""How often a ranking holds over sampled worlds, and what breaks it: pure functions of what came.

Less is better for every outcome here. A world in which two scenarios come out alike counts for
neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isqrt
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policymix.assumptions import ledger
from policymix.discovery import Box, Check, check, find_box, share_interval
from policymix.outcomes import BY_NAME
from policymix.sensitivity import SOBOL_COLUMNS, sobol_table, strengths
from policymix.worlds import CHANCE

Floats = NDArray[np.float64]

STATISTICS: Final[Mapping[str, str]] = {
    "addicted": "final",
    "overdose_deaths": "mean",
    "cartel_revenue": "mean",
    "cartel_profit": "mean",
}
"""By outcome that is ranked: the last month of a stock, the mean of the months of a flow."""
OTHERS: Final = "all other assumptions"
MOST_GROUPED_ALONE: Final = 6
LEAST_POINTS: Final = 16
"""Of fewer base points a Sobol' index says next to nothing, and is left out."""
_WORLDS_A_POINT: Final = 8
"""At least: a Sobol' index needs as many runs for each of its points as there are groups."""
_HIGH: Final = 0.9
_RANKED: Final = ("better", "worse", "outcome")


@dataclass(frozen=True)
class Sample:
    """Possible worlds and what came out in them.

    `indices` (worlds,) from 1; `values` (worlds, scenarios, outcomes) in outcome units, outcomes as
    in `STATISTICS`; `draws` (some, names) in the ledger's units, of the first worlds: those in
    which boxes are looked for and checked.
    """

    scenarios: tuple[str, ...]
    names: tuple[str, ...]
    ranges: Mapping[str, tuple[float, float]]
    indices: NDArray[np.int64]
    draws: Floats
    values: Floats

    def differences(self, first: str, second: str, outcome: str) -> Floats:
        """First less second, shape (worlds,), in outcome units."""
        a, b = (self.scenarios.index(name) for name in (first, second))
        column = list(STATISTICS).index(outcome)
        found: Floats = self.values[:, a, column] - self.values[:, b, column]
        return found


@dataclass(frozen=True)
class Ranking:
    """One outcome of two scenarios over the worlds: `better` has less in more of them.

    `n_better` and `n_worse` worlds of `n`; `box` are the worlds in which the ranking is reversed,
    as found in the odd worlds and confirmed in the even ones by `checked`, or None.
    """

    better: str
    worse: str
    outcome: str
    n: int
    n_better: int
    n_worse: int
    box: Box | None = None
    checked: Check | None = None

    @property
    def share(self) -> float:
        """The share of worlds in which it holds."""
        return self.n_better / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of that share."""
        return share_interval(self.n_better, self.n)


def pairs_of(names: Sequence[str]) -> list[tuple[str, str]]:
    """Every two scenarios, in the order asked."""
    return list(combinations(names, 2))


def rankings_of(sample: Sample) -> list[Ranking]:
    """Every outcome of every two scenarios: how often who wins, and when not."""
    return [
        _ranking(sample, first, second, outcome)
        for first, second in pairs_of(sample.scenarios)
        for outcome in STATISTICS
    ]


def _ranking(sample: Sample, first: str, second: str, outcome: str) -> Ranking:
    less = sample.differences(first, second, outcome)
    if (less < 0).sum() >= (less > 0).sum():
        better, worse = first, second
    else:
        better, worse, less = second, first, -less
    flipped = less > 0
    some = flipped[: len(sample.draws)]
    odd = sample.indices[: len(sample.draws)] % 2 == 1
    box = find_box(sample.draws[odd], some[odd], sample.names, sample.ranges)
    checked = check(box, sample.draws[~odd], some[~odd], sample.names) if box else None
    is_confirmed = checked is not None and checked.is_confirmed
    return Ranking(
        *(better, worse, outcome),
        *(len(less), int((less < 0).sum()), int(flipped.sum())),
        box if is_confirmed else None,
        checked if is_confirmed else None,
    )


def deciding(sample: Sample, rankings: Iterable[Ranking]) -> tuple[tuple[str, ...], ...]:
    """The groups of assumptions that are weighed: the most telling ones alone, the rest, chance.

    Those of the confirmed boxes first, then those that correlate most with a difference whose
    ranking is reversed anywhere (or, if none is, with any).
    """
    rankings = list(rankings)
    boxed = [bound.name for one in rankings if one.box for bound in one.box.bounds]
    most = dict.fromkeys(sample.names, 0.0)
    for one in [r for r in rankings if r.n_worse] or rankings:
        less = sample.differences(one.better, one.worse, one.outcome)[: len(sample.draws)]
        for name, strength in strengths(sample.draws, less, sample.names).items():
            most[name] = max(most[name], strength)
    by_strength = sorted(most, key=lambda name: (-most[name], name))
    alone = list(dict.fromkeys([*boxed, *by_strength]))[:MOST_GROUPED_ALONE]
    rest = tuple(name for name in sample.names if name not in alone)
    return (*((name,) for name in alone), rest, (CHANCE,))


def group_title(group: Sequence[str]) -> str:
    """What a group of `deciding` is called in tables: a name, the rest, or chance."""
    return group[0] if len(group) == 1 else OTHERS


def points_of(n_worlds: int) -> int:
    """Points of the Sobol' indices: a power of two, growing as the root of the worlds; 0: too few.

    Each takes as many runs as there are groups, and all of them no more than the worlds do.
    """
    most = min(2 * isqrt(n_worlds), n_worlds // _WORLDS_A_POINT)
    return 1 << (most.bit_length() - 1) if most >= LEAST_POINTS else 0


def sensitivity_of(
    rankings: Iterable[Ranking],
    groups: Sequence[Sequence[str]],
    values: Mapping[str, Floats],
    scenarios: Sequence[str],
) -> pd.DataFrame:
    """Sobol' indices of each ranking's difference: the table of `sensitivity.csv`.

    `values` has `a`, `b`, both of shape (points, scenarios, outcomes), and `ab`, shape (points,
    groups, scenarios, outcomes). Points with an impossible world are left out, and then as many
    as a power of two needs; no rows where fewer than `LEAST_POINTS` stay.
    """
    possible = np.isfinite(values["a"]).all(axis=(1, 2)) & np.isfinite(values["b"]).all(axis=(1, 2))
    possible &= np.isfinite(values["ab"]).all(axis=(1, 2, 3))
    if possible.sum() < LEAST_POINTS:
        return pd.DataFrame(columns=[*_RANKED, "group", "grade", *SOBOL_COLUMNS[1:], "points"])
    n = 1 << (int(possible.sum()).bit_length() - 1)
    points = np.flatnonzero(possible)[:n]
    found = []
    titles = [group_title(group) for group in groups]
    for one in rankings:
        at = [list(scenarios).index(name) for name in (one.better, one.worse)]
        column = list(STATISTICS).index(one.outcome)
        a, b, ab = (
            array[points][..., at[0], column] - array[points][..., at[1], column]
            for array in (values["a"], values["b"], values["ab"])
        )
        table = sobol_table(titles, a, b, ab.T)
        table.insert(0, "better", one.better)
        table.insert(1, "worse", one.worse)
        table.insert(2, "outcome", one.outcome)
        table.insert(4, "grade", [grade_of(title) for title in titles])
        found.append(table.assign(points=n))
    return pd.concat(found, ignore_index=True)


def grade_of(name: str) -> str:
    """The grade of an assumption; empty for what is none."""
    entry = ledger().get(name)
    return entry.grade if entry else ""


def robust_table(rankings: Iterable[Ranking]) -> pd.DataFrame:
    """The table of `robust.csv` but for the label."""
    rows = [
        (one.better, one.worse, one.outcome, one.share, *one.interval, one.n) for one in rankings
    ]
    columns = [*_RANKED, "share_of_worlds", "low", "high", "worlds"]
    return pd.DataFrame(rows, columns=columns)


def flips_table(rankings: Iterable[Ranking]) -> pd.DataFrame:
    """The table of `flips.csv` but for the label: a row for each bound of each confirmed box."""
    rows = [
        (
            *(one.better, one.worse, one.outcome, bound.name, bound.low, bound.high),
            *(ledger()[bound.name].unit, grade_of(bound.name)),
            *(one.checked.coverage, one.checked.density),
        )
        for one in rankings
        if one.box and one.checked
        for bound in one.box.bounds
    ]
    columns = [*_RANKED, "assumption", "from", "to", "unit", "grade"]
    return pd.DataFrame(rows, columns=[*columns, "coverage", "density"])


def checks_table(rankings: Iterable[Ranking]) -> pd.DataFrame:
    """The table of `checks.csv` but for the label: worlds that had no part in finding the boxes."""
    rows = [
        (
            *(one.better, one.worse, one.outcome),
            *(one.checked.n_inside, one.checked.n_inside_flipped),
            *(one.checked.n_outside, one.checked.n_outside_flipped),
        )
        for one in rankings
        if one.checked
    ]
    counts = ["inside", "inside_reversed", "outside", "outside_reversed"]
    return pd.DataFrame(rows, columns=[*_RANKED, *counts])


def regret_table(sample: Sample) -> pd.DataFrame:
    """The table of `regret.csv` but for the label: more than the best in the same world."""
    regret = sample.values - sample.values.min(axis=1, keepdims=True)
    rows = [
        (
            *(name, outcome, BY_NAME[outcome].unit),
            *(float(f(regret[:, place, column])) for f in (np.mean, _high, np.max)),
            len(sample.indices),
        )
        for place, name in enumerate(sample.scenarios)
        for column, outcome in enumerate(STATISTICS)
    ]
    columns = ["scenario", "outcome", "unit", "mean", "high", "worst", "worlds"]
    return pd.DataFrame(rows, columns=columns)


def _high(values: Floats) -> float:
    return float(np.quantile(values, _HIGH))
