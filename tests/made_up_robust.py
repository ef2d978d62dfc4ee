"""Small made-up tables of a study of worlds, with the boxes of the flips planted in them."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from policymix.assumptions import ledger
from policymix.label import LABEL
from policymix.robust_readings import SHOWN, RobustTables

TWO = ["ahead", "be-hind"]
ASSUMPTIONS = (
    *("price_elasticity", "n_addicted", "rel_use_addicted", "share_seized"),
    *("years_to_long_run", "share_fentanyl_swing", "share_willing_waiting", "route_sensitivity"),
)
TITLES = {
    "price_elasticity": "price elasticity of demand",
    "n_addicted": "people with addiction today",
    "share_seized": "share of shipments that patrols seize today",
}
PLANTED: dict[str, dict[str, tuple[float, float]]] = {
    "addicted": {
        "price_elasticity": (0.6, 1.0),
        "n_addicted": (0.0, 0.5),
        "rel_use_addicted": (0.0, 0.8),
    },
    "overdose_deaths": {},
    "cartel_revenue": {},
    "cartel_profit": {"share_seized": (0.4, 0.5)},
}
"""From and to of each side of a box, as shares of the assumption's range."""
LEVELS = {
    "addicted": (7e6, 1e5),
    "overdose_deaths": (6e3, 80.0),
    "cartel_revenue": (850.0, 20.0),
    "cartel_profit": (350.0, 7.0),
}
"""(level, largest difference between neighbours), in the tables' units."""
PAIR_COLUMNS = ["better", "worse", "outcome"]


def made_up_robust(
    names: list[str], n_worlds: int = 200, notes: list[str] | None = None, **changed: Any
) -> RobustTables:
    """Of each two scenarios the first has less in most worlds, but of revenue the second.

    Deaths are never reversed, and revenue in every seventh world, whatever is assumed there.
    """
    shares = (np.arange(n_worlds)[:, None] * np.sqrt([2, 3, 5, 7, 11, 13, 17, 19])) % 1
    draws = worlds_drawn(shares)
    gaps = {one.outcome: gaps_of(one.outcome, shares) for one in SHOWN}
    every: dict[str, Any] = {
        "names": tuple(names),
        "robust": robust(names, gaps),
        "flips": flips(names),
        "checks": checks(names, shares),
        "outcomes": outcomes(names, gaps),
        "draws": draws,
        "sensitivity": sensitivity(names),
        "regret": pd.DataFrame(),
        "titles": TITLES,
        "notes": notes or [],
    }
    return RobustTables(**every | changed)


def worlds_drawn(shares: np.ndarray) -> pd.DataFrame:
    entries = [ledger()[name] for name in ASSUMPTIONS]
    values = [one.low + shares[:, at] * (one.high - one.low) for at, one in enumerate(entries)]
    table = pd.DataFrame(dict(zip(ASSUMPTIONS, values, strict=True)))
    table.insert(0, "world", np.arange(1, len(shares) + 1))
    return table.assign(possible=True, label=LABEL)


def in_box(outcome: str, shares: np.ndarray) -> np.ndarray:
    sides = PLANTED[outcome].items()
    own = [(shares[:, ASSUMPTIONS.index(name)], low, high) for name, (low, high) in sides]
    return np.all([(u >= low) & (u <= high) for u, low, high in own], axis=0)


def gaps_of(outcome: str, shares: np.ndarray) -> np.ndarray:
    """By how much each scenario is behind the one before it; below zero is reversed."""
    size = LEVELS[outcome][1] * (0.1 + 0.9 * shares[:, -1])
    if outcome == "cartel_revenue":
        return np.where(np.arange(1, len(shares) + 1) % 7 == 0, size, -size)
    reversed_ = in_box(outcome, shares) if PLANTED[outcome] else np.zeros(len(shares), dtype=bool)
    return np.where(reversed_, -size, size)


def outcomes(names: list[str], gaps: dict[str, np.ndarray]) -> pd.DataFrame:
    rows = []
    for place, name in enumerate(names):
        columns = {}
        for outcome, (level, size) in LEVELS.items():
            columns[outcome] = level + place * np.concatenate([[size / 2], gaps[outcome]])
        worlds = np.arange(len(columns["addicted"]))
        rows.append(pd.DataFrame({"world": worlds, "scenario": name, **columns}))
    return pd.concat(rows, ignore_index=True).sort_values("world", kind="stable")


def ranked(names: list[str], outcome: str) -> list[tuple[str, str]]:
    pairs = list(combinations(names, 2))
    return [(b, a) for a, b in pairs] if outcome == "cartel_revenue" else pairs


def robust(names: list[str], gaps: dict[str, np.ndarray]) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for outcome, gap in gaps.items():
        share = max((gap > 0).mean(), (gap < 0).mean())
        numbers = (share, share - 0.04, min(share + 0.04, 1.0), len(gap), LABEL)
        rows += [(*pair, outcome, *numbers) for pair in ranked(names, outcome)]
    columns = ["share_of_worlds", "low", "high", "worlds", "label"]
    return pd.DataFrame(rows, columns=[*PAIR_COLUMNS, *columns])


def flips(names: list[str]) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for outcome, sides in PLANTED.items():
        for pair in ranked(names, outcome):
            for name, (low, high) in sides.items():
                one = ledger()[name]
                ends = [one.low + share * (one.high - one.low) for share in (low, high)]
                facts = (one.unit, one.grade, 1.0, 1.0, LABEL)
                rows.append((*pair, outcome, name, *ends, *facts))
    columns = ["assumption", "from", "to", "unit", "grade", "coverage", "density", "label"]
    return pd.DataFrame(rows, columns=[*PAIR_COLUMNS, *columns])


def checks(names: list[str], shares: np.ndarray) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    is_even = np.arange(1, len(shares) + 1) % 2 == 0
    for outcome in (outcome for outcome, sides in PLANTED.items() if sides):
        inside = in_box(outcome, shares) & is_even
        numbers = (inside.sum(), inside.sum(), is_even.sum() - inside.sum(), 0, LABEL)
        rows += [(*pair, outcome, *numbers) for pair in ranked(names, outcome)]
    columns = ["inside", "inside_reversed", "outside", "outside_reversed", "label"]
    return pd.DataFrame(rows, columns=[*PAIR_COLUMNS, *columns])


def sensitivity(names: list[str], assumptions: tuple[str, ...] = ASSUMPTIONS) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for outcome in LEVELS:
        for pair in ranked(names, outcome):
            for at, name in enumerate(("chance", "all other assumptions", *assumptions)):
                grade = ledger()[name].grade if name in ledger() else ""
                total = 0.05 if at < 2 else 0.8 / (2 + len(assumptions) - at)
                numbers = (total / 2, total / 2 - 0.06, total / 2 + 0.06)
                totals = (total, total - 0.1, total + 0.1)
                rows.append((*pair, outcome, name, grade, *numbers, *totals, 32, LABEL))
    columns = [f"{index}{end}" for index in ("first", "total") for end in ("", "_low", "_high")]
    columns[0] = "first_order"
    return pd.DataFrame(
        rows, columns=[*PAIR_COLUMNS, "group", "grade", *columns, "points", "label"]
    )


def alike_in(tables: RobustTables, outcome: str, worlds: range) -> RobustTables:
    """The same, but in these worlds both scenarios have as much of the outcome; 0 is central."""
    table = tables.outcomes.copy()
    first = table[table["scenario"] == "ahead"].set_index("world")[outcome]
    rows = (table["scenario"] == "be-hind") & table["world"].isin(worlds)
    table.loc[rows, outcome] = table.loc[rows, "world"].map(first)
    return replace(tables, outcomes=table)


def all_alike(tables: RobustTables, outcome: str) -> RobustTables:
    """The same, but this outcome is the same in all worlds: nothing is ranked, nothing weighed."""
    own = tables.robust["outcome"] == outcome
    share = tables.robust["share_of_worlds"].mask(own, 0.0)
    weighed = tables.sensitivity.copy()
    numbers = [c for c in weighed.columns if c.startswith(("first", "total"))]
    weighed.loc[weighed["outcome"] == outcome, numbers] = np.nan
    flips, checks = (t[t["outcome"] != outcome] for t in (tables.flips, tables.checks))
    tables = replace(tables, robust=tables.robust.assign(share_of_worlds=share))
    tables = replace(tables, sensitivity=weighed, flips=flips, checks=checks)
    return alike_in(tables, outcome, range(len(tables.draws) + 1))


def panels(figure: Figure) -> list[Axes]:
    """The four panels, without the key before them."""
    return [axes for axes in figure.axes if axes.axison]


def dots(axes: Axes, marker: str) -> list[Any]:
    return [line for line in axes.lines if line.get_marker() == marker]


def n_dots(axes: Axes, marker: str) -> int:
    return sum(len(line.get_xdata()) for line in dots(axes, marker))
