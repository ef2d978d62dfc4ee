"""Every mix of supply, demand and cooperation on one budget, and which no other mix beats."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import fsum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policymix.discovery import share_interval
from policymix.levers import LEVER_NAMES, LEVERS, LEVERS_OF_SIDE, SIDES
from policymix.moments import Moments
from policymix.outcomes import BY_NAME, HEADLINE
from policymix.scenario import Funding, Scenario

Floats = NDArray[np.float64]
Shares = tuple[float, ...]
"""Of supply, demand and cooperation, in the order of `SIDES`."""

STATISTICS: Final[Mapping[str, str]] = {
    **{name: "final" if BY_NAME[name].kind == "stock" else "mean" for name in HEADLINE},
    "unspent": "mean",
}
"""By outcome: the last month of a stock, the mean of the months of a flow."""


def shares_of_sides(scenario: Scenario) -> Shares:
    """What each side has of the money of the first month."""
    spend = dict(zip(LEVER_NAMES, scenario.phases[0].funding.spend, strict=True))
    total = fsum(spend.values())
    return tuple(
        fsum(spend[name] for name in LEVERS_OF_SIDE[side]) / total if total else 0.0
        for side in SIDES
    )


def grid(steps: int) -> list[Shares]:
    """Every three shares in steps of 1 / `steps`; they sum to 1."""
    return [
        (supply / steps, demand / steps, (steps - supply - demand) / steps)
        for supply in range(steps + 1)
        for demand in range(steps + 1 - supply)
    ]


def mixes_of(scenario: Scenario, steps: int, today: Scenario) -> tuple[Scenario, ...]:
    """The scenario, then every mix of `grid`: its total, split within the sides as it splits them.

    A side to which the scenario gives nothing is split as in `today`.
    """
    return (scenario, *(_mix(scenario, shares, today) for shares in grid(steps)))


def _mix(scenario: Scenario, shares: Shares, today: Scenario) -> Scenario:
    (phase, *_), own = scenario.phases, shares_of_sides(scenario)
    total, spend = phase.funding.total(), []
    for place, lever in enumerate(LEVERS):
        side = SIDES.index(lever.side)
        split = scenario if own[side] > 0.0 else today
        of_side = split.phases[0].funding
        part = of_side.spend[place] / (of_side.total() * shares_of_sides(split)[side])
        spend.append(total * shares[side] * part)
    funding = Funding(tuple(spend), phase.funding.treatment_in_custody)
    name = "-".join([scenario.name, *(f"{share:.2f}" for share in shares)])
    return replace(scenario, name=name, phases=(replace(phase, funding=funding),))


def on_frontier(values: Floats) -> NDArray[np.bool_]:
    """Mixes that no other mix beats: `values` (mixes, outcomes), less is better.

    A mix is beaten by one that is lower in some outcome and higher in none: an outcome that is the
    same in all mixes does not count.
    """
    lower = (values[None, :, :] < values[:, None, :]).any(axis=2)
    higher = (values[None, :, :] > values[:, None, :]).any(axis=2)
    return ~(lower & ~higher).any(axis=1)


def mixes_table(values: Floats, steps: int) -> pd.DataFrame:
    """The table of `mixes.csv` but for the label, in the central world.

    `values`, shape (replicates, 1 + mixes, outcomes): the scenario itself first, from which the
    paired differences are, then as in `grid`; outcomes as in `STATISTICS`. Intervals are 95 %.
    """
    levels, differences = Moments(values[0].shape), Moments(values[0].shape)
    for one in values:
        levels.see(one)
        differences.see(one - one[0])
    numbers = (levels.mean, *levels.interval(), differences.mean, *differences.interval())
    frontier = on_frontier(levels.mean[1:, : len(HEADLINE)])
    rows = [
        (
            *(*shares, outcome, BY_NAME[outcome].unit),
            *(float(number[place + 1, column]) for number in numbers[:3]),
            _YES[bool(frontier[place])],
            *(float(number[place + 1, column]) for number in numbers[3:]),
        )
        for place, shares in enumerate(grid(steps))
        for column, outcome in enumerate(STATISTICS)
    ]
    columns = [*SIDES, "outcome", "unit", "mean", "low", "high"]
    paired = ["difference", "difference_low", "difference_high"]
    return pd.DataFrame(rows, columns=[*columns, "on_frontier", *paired])


_YES: Final = {True: "yes", False: "no"}


def frontier_table(values: Floats, steps: int) -> pd.DataFrame:
    """The table of `frontier.csv` but for the label: how often each mix is on the frontier.

    `values`, shape (worlds, 1 + mixes, outcomes), as for `mixes_table`; worlds without a balance,
    NaN, do not count.
    """
    possible = values[np.isfinite(values).all(axis=(1, 2))]
    found = [on_frontier(one[1:, : len(HEADLINE)]) for one in possible]
    return pd.DataFrame(
        list(_frontier_rows(np.array(found, dtype=bool), steps)),
        columns=[*SIDES, "share_of_worlds", "low", "high", "worlds"],
    )


def _frontier_rows(found: NDArray[np.bool_], steps: int) -> Iterator[tuple[float, ...]]:
    n = len(found)
    for place, shares in enumerate(grid(steps)) if n else ():
        n_on = int(found[:, place].sum())
        yield (*shares, n_on / n, *share_interval(n_on, n), n)
