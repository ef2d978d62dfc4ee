"""Mixes of supply, demand and cooperation on one budget, as pictures read them off the tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from policymix.levers import SIDES
from policymix.readings import ADDICTED, BILLION_A_YEAR, COLUMNS, DEATHS, PROFIT, REVENUE, Reading

PANELS: Final = (ADDICTED, DEATHS, REVENUE, PROFIT)
"""The outcomes that a mix on the frontier is measured by, in the order of the panels."""
UNSPENT: Final = Reading(
    "unspent", "mean", BILLION_A_YEAR, "Money without use", "billion USD a year"
)
SHARES: Final = list(SIDES)
"""Columns of a mix: its shares of supply, demand and cooperation (0-1, they sum to 1)."""


@dataclass(frozen=True)
class MixesTables:
    """The tables of a study of mixes; amounts in the units of `policymix.outcomes`.

    `scenario` gives the total and the splits within the sides, and `present` its own shares of
    supply, demand and cooperation. `mixes` has these shares, outcome, unit, mean, low, high, the
    paired difference from the scenario's own mix (difference, difference_low, difference_high),
    on_frontier and label. `frontier` has the shares, share_of_worlds, low, high, worlds and
    label: how often the mix is on the frontier; it is empty where no worlds were sampled.
    """

    scenario: str
    present: tuple[float, float, float]
    mixes: pd.DataFrame
    frontier: pd.DataFrame
    notes: Sequence[str] = field(default=())


def differences_of(tables: MixesTables, reading: Reading) -> pd.DataFrame:
    """Shares and middle, low, high of the difference from the present mix in `reading.unit`."""
    columns = ("difference", "difference_low", "difference_high")
    return _amounts(tables, reading, columns)


def levels_of(tables: MixesTables, reading: Reading) -> pd.DataFrame:
    """Shares and middle, low, high of the outcome itself in `reading.unit`, a row a mix."""
    return _amounts(tables, reading, ("mean", "low", "high"))


def _amounts(tables: MixesTables, reading: Reading, columns: Sequence[str]) -> pd.DataFrame:
    rows = tables.mixes[tables.mixes["outcome"] == reading.outcome].reset_index(drop=True)
    pairs = zip(COLUMNS, columns, strict=True)
    return rows[SHARES].assign(**{ours: rows[theirs] * reading.factor for ours, theirs in pairs})


def frontier_of(tables: MixesTables) -> pd.DataFrame:
    """Shares of the mixes that no other beats, a row a mix."""
    first = tables.mixes["outcome"] == PANELS[0].outcome
    chosen = first & tables.mixes["on_frontier"].astype(bool)
    return tables.mixes.loc[chosen, SHARES].reset_index(drop=True)


def keys_of(mixes: pd.DataFrame) -> list[tuple[float, ...]]:
    """The shares of each mix, so that the same mix of two tables is the same key."""
    return [tuple(row) for row in mixes[SHARES].to_numpy(dtype=float).round(6).tolist()]


def share_texts(mixes: pd.DataFrame) -> pd.DataFrame:
    """The same shares as texts in per cent without the sign, a column a side."""
    return pd.DataFrame({f"{side}, %": [f"{x:.0%}"[:-1] for x in mixes[side]] for side in SHARES})


def mix_words(mix: Any) -> str:
    """`40 % supply, 50 % demand, 10 % cooperation`; `mix` has an attribute a side."""
    return ", ".join(f"{getattr(mix, side):.0%} {side}".replace("%", " %") for side in SHARES)
