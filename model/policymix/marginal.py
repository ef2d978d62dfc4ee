"""What one more billion buys: each lever's, each pair of levers', and how they act together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from policymix.levers import LEVER_NAMES
from policymix.moments import CONFIDENCE
from policymix.outcomes import BY_NAME
from policymix.scenario import Funding, Scenario

Floats = NDArray[np.float64]

STATISTICS: Final[Mapping[str, str]] = {
    "addicted": "final",
    "overdose_deaths": "mean",
    "cartel_revenue": "mean",
    "cartel_profit": "mean",
    "consumption": "mean",
    "unspent": "mean",
}
"""By outcome: the last month of a stock, the mean of the months of a flow."""
PAIRS: Final = tuple(combinations(range(len(LEVER_NAMES)), 2))
"""Every two levers, by their places in `LEVER_NAMES`."""


def with_billions(scenario: Scenario) -> tuple[Scenario, ...]:
    """The scenario, then with a billion USD a year more for each lever, then for each pair.

    Levers in the order of `LEVERS`, pairs as in `PAIRS`; every phase gets it.
    """
    singles = [(place,) for place in range(len(LEVER_NAMES))]
    return tuple(_with_more(scenario, places) for places in ((), *singles, *PAIRS))


def _with_more(scenario: Scenario, places: tuple[int, ...]) -> Scenario:
    phases = []
    for phase in scenario.phases:
        spend = [money + (place in places) for place, money in enumerate(phase.funding.spend)]
        funding = Funding(tuple(spend), phase.funding.treatment_in_custody)
        phases.append(replace(phase, funding=funding))
    name = "+".join([scenario.name, *(LEVER_NAMES[place] for place in places)])
    return replace(scenario, name=name, phases=tuple(phases))


def margins_table(values: Floats) -> pd.DataFrame:
    """The table of `margins.csv` but for the label: differences from the scenario itself.

    `values`, shape (replicates, mixes, outcomes): mixes as in `with_billions`, outcomes as in
    `STATISTICS`. Intervals are 95 %, of paired replicates; empty for one replicate.
    """
    effects = values[:, 1 : 1 + len(LEVER_NAMES)] - values[:, :1]
    rows = _rows(effects, 1)
    columns = ["outcome", "unit", "difference_per_billion", "low", "high"]
    names = [(lever,) for lever in LEVER_NAMES for _ in STATISTICS]
    return _table(["lever", *columns], names, rows)


def pairs_table(values: Floats) -> pd.DataFrame:
    """The table of `pairs.csv` but for the label: both billions' effect less the sum of each alone.

    Intervals hold for all pairs at once (Bonferroni): of one outcome's, one in twenty studies has
    any that leaves out its true value.
    """
    effects = values[:, 1:] - values[:, :1]
    singles, both = effects[:, : len(LEVER_NAMES)], effects[:, len(LEVER_NAMES) :]
    first, second = np.array(PAIRS).T
    rows = _rows(both - singles[:, first] - singles[:, second], len(PAIRS))
    names = [(LEVER_NAMES[a], LEVER_NAMES[b]) for a, b in PAIRS for _ in STATISTICS]
    columns = ["outcome", "unit", "interaction", "low", "high"]
    return _table(["lever", "other", *columns], names, rows)


def _rows(effects: Floats, n_looks: int) -> Iterator[tuple[object, ...]]:
    """(outcome, unit, mean, low, high) of every effect; `effects` (replicates, n, outcomes)."""
    n, mean = len(effects), effects.mean(axis=0)
    half = np.full_like(mean, np.nan)
    if n > 1:
        t = float(stdtrit(n - 1, 1 - (1 - CONFIDENCE) / 2 / n_looks))
        half = t * effects.std(axis=0, ddof=1) / np.sqrt(n)
    for place in range(effects.shape[1]):
        for column, outcome in enumerate(STATISTICS):
            middle, wide = float(mean[place, column]), float(half[place, column])
            yield outcome, BY_NAME[outcome].unit, middle, middle - wide, middle + wide


def _table(
    columns: list[str], names: Sequence[tuple[str, ...]], rows: Iterator[tuple[object, ...]]
) -> pd.DataFrame:
    return pd.DataFrame([(*a, *b) for a, b in zip(names, rows, strict=True)], columns=columns)
