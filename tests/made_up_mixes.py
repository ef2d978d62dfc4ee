"""Made-up tables of the studies of margins and of mixes: smooth, signed and of a likely size."""

from itertools import combinations, product

import numpy as np
import pandas as pd
from policymix.label import SHORT_LABEL
from policymix.levers import LEVER_NAMES
from policymix.margins_readings import MarginsTables
from policymix.mixes_readings import PANELS, SHARES, MixesTables

UNITS = {
    "addicted": "people",
    "overdose_deaths": "deaths/month",
    "cartel_revenue": "million USD/month",
    "cartel_profit": "million USD/month",
    "consumption": "kg/month",
    "unspent": "million USD/month",
}
PER_BILLION = {
    "addicted": [2.1, 1.8, 0.1, 0.6, -0.2, -30.0, -3.1, 3.9, -8.0, -6.2, 0.4, -0.3, -0.9],
    "overdose_deaths": [9, 12, 0.2, 1.5, -0.8, -58, -2, -95, -21, -15, 1.0, -0.5, -2.2],
    "cartel_revenue": [3.0, 1.1, 0.2, 1.9, -6.1, -5.2, -0.4, 0.3, -1.2, -1.1, 0.8, -1.0, -2.4],
    "cartel_profit": [-4.0, -0.9, 0.6, 2.9, -9.0, -2.1, -0.2, 0.1, -0.4, -0.4, -1.0, -1.9, -5.2],
    "consumption": [-14, -9, 0.4, -3, -1, -96, -7, 4, -20, -17, -3, -2, -5],
    "unspent": [0, 0, 0, 1.2, 0, 0, 75.0, 40.0, 0, 0, 0.3, 0, 0],
}
"""By outcome: what a billion for each lever does [thousand people, or the unit of the table]."""
INTERACTING = {
    ("treatment", "community"): -0.12,
    ("mental_health", "treatment"): -0.07,
    ("interdiction", "intelligence"): -0.25,
    ("policing", "treatment"): 0.09,
    ("policing", "community"): 0.05,
    ("harm_reduction", "treatment"): 0.15,
    ("interdiction", "military_strikes"): 0.2,
    ("financial_targeting", "anti_corruption"): -0.3,
    ("leader_removal", "intelligence"): 0.4,
}
"""By pair: the share of the larger of both levers' differences."""
PRESENT = (0.4, 0.567, 0.033)


def made_up_margins(
    scenario: str = "baseline", notes: list[str] | None = None, *, clear: bool = True
) -> MarginsTables:
    """Margins and pairs; without `clear` no interval of a pair leaves out zero."""
    rows = []
    for outcome, unit in UNITS.items():
        scale = 1e3 if outcome == "addicted" else 1.0
        spread = 0.05 * max(abs(x) for x in PER_BILLION[outcome]) if outcome != "unspent" else 0.1
        for k, (lever, middle) in enumerate(zip(LEVER_NAMES, PER_BILLION[outcome], strict=True)):
            half = spread * (1 + k % 3) / 2 + 0.08 * abs(middle)
            rows.append(
                (lever, outcome, unit, *np.multiply((middle, middle - half, middle + half), scale))
            )
    columns = ["lever", "outcome", "unit", "difference_per_billion", "low", "high"]
    margins = pd.DataFrame(rows, columns=columns).assign(label=SHORT_LABEL)
    return MarginsTables(scenario, margins, _pairs(margins, clear=clear), notes or [])


def _pairs(margins: pd.DataFrame, *, clear: bool) -> pd.DataFrame:
    """Of every pair and outcome; most are noise around zero, within their intervals."""
    alone = margins.set_index(["outcome", "lever"])["difference_per_billion"]
    rows = []
    for outcome, unit in UNITS.items():
        half = 0.02 * alone[outcome].abs().max()
        for k, pair in enumerate(combinations(LEVER_NAMES, 2)):
            share = next((x for two, x in INTERACTING.items() if set(two) == set(pair)), 0.0)
            larger = max(abs(alone[outcome, lever]) for lever in pair)
            middle = half * np.sin(3 * k) * 0.6 + share * larger
            wide = half if clear else 1e9
            rows.append((*pair, outcome, unit, middle, middle - wide, middle + wide))
    columns = ["lever", "other", "outcome", "unit", "interaction", "low", "high"]
    return pd.DataFrame(rows, columns=columns).assign(label=SHORT_LABEL)


def grid() -> list[tuple[float, float, float]]:
    """All mixes in steps of a tenth."""
    tenths = [(a, b, 10 - a - b) for a, b in product(range(11), repeat=2) if a + b <= 10]
    return [(a / 10, b / 10, c / 10) for a, b, c in tenths]


def _level(outcome: str, supply: float, demand: float, cooperation: float) -> float:
    """Smooth, with less and less from more money on a side."""
    less = [1 - np.exp(-x / 0.35) for x in (supply, demand, cooperation)]
    return {
        "addicted": 8.0e6 + 3e5 * less[0] - 1.4e6 * less[1] - 5e4 * less[2],
        "overdose_deaths": 9000 + 500 * less[0] - 3400 * less[1] - 60 * less[2],
        "cartel_revenue": 1000 + 30 * less[0] - 160 * less[1] - 90 * less[2],
        "cartel_profit": 480 - 60 * less[0] - 40 * less[1] - 95 * less[2],
        "unspent": 3500 * (max(cooperation - 0.45, 0) + max(supply - 0.75, 0)),
    }[outcome]


def made_up_mixes(
    scenario: str = "baseline", notes: list[str] | None = None, worlds: int = 200
) -> MixesTables:
    """The triangle of mixes with a little noise, and in how many worlds each is on the frontier."""
    outcomes = [outcome for outcome in UNITS if outcome != "consumption"]
    noise = 0.004 * np.sin(np.arange(66 * 5) ** 2).reshape(5, 66)
    means = {outcome: np.array([_level(outcome, *mix) for mix in grid()]) for outcome in outcomes}
    means = {o: x + noise[k] * np.ptp(x) for k, (o, x) in enumerate(means.items())}
    headline = np.array([means[reading.outcome] for reading in PANELS])
    beaten = [(headline < one[:, None]).all(axis=0).any() for one in headline.T]
    parts = []
    for outcome in outcomes:
        mean, half = means[outcome], 0.03 * np.ptp(means[outcome])
        less = mean - _level(outcome, *PRESENT)
        table = pd.DataFrame(grid(), columns=SHARES).assign(outcome=outcome, unit=UNITS[outcome])
        table = table.assign(mean=mean, low=mean - half, high=mean + half, difference=less)
        table = table.assign(difference_low=less - half, difference_high=less + half)
        parts.append(table.assign(on_frontier=np.logical_not(beaten), label=SHORT_LABEL))
    frontier = _frontier(worlds)
    return MixesTables(scenario, PRESENT, pd.concat(parts), frontier, notes or [])


def _frontier(worlds: int) -> pd.DataFrame:
    table = pd.DataFrame(grid(), columns=SHARES)
    far = (table["supply"] - 0.25) ** 2 / 0.1 + (table["cooperation"] - 0.3) ** 2 / 0.04
    share = (0.93 * np.exp(-far)).round(2).clip(0, 1)
    half = 1.96 * np.sqrt(share * (1 - share) / max(worlds, 1))
    low, high = (share - half).clip(0), (share + half).clip(upper=1)
    table = table.assign(share_of_worlds=share, low=low, high=high, worlds=worlds)
    return table.assign(label=SHORT_LABEL)[: None if worlds else 0]
