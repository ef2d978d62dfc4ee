"""A comparison for the terminal: one table, and plain sentences made by rule from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from policymix.tables import picked
from policymix.units import MILLION, MONTHS_PER_YEAR


@dataclass(frozen=True)
class Column:
    """One headline outcome as it is shown: title, unit, statistic, scale, decimals, words."""

    outcome: str
    title: str
    unit: str
    statistic: str
    scale: float
    decimals: int
    fewer: str
    more: str


COLUMNS: Final = (
    Column("addicted", "With addiction", "million people, at the end", "final", 1 / MILLION, 2,
           "Fewer people with addiction at the end", "More people with addiction at the end"),
    Column("overdose_deaths", "Overdose deaths", "thousand a year", "mean",
           MONTHS_PER_YEAR / 1_000, 1, "Fewer overdose deaths", "More overdose deaths"),
    Column("cartel_revenue", "Cartel revenue", "billion USD a year", "mean",
           MONTHS_PER_YEAR / 1_000, 2, "Lower cartel revenue", "Higher cartel revenue"),
    Column("cartel_profit", "Cartel profit", "billion USD a year", "mean",
           MONTHS_PER_YEAR / 1_000, 2, "Lower cartel profit", "Higher cartel profit"),
)  # fmt: skip


def cells(summary: pd.DataFrame, column: Column) -> dict[str, tuple[str, str]]:
    """By scenario: the level, and the difference with its 95 % interval (empty for one run)."""
    rows = picked(summary, column.outcome, column.statistic)
    shown = {}
    for name, row in rows.iterrows():
        level, difference, low, high = (
            float(row[key]) * column.scale
            for key in ("mean", "difference", "difference_low", "difference_high")
        )
        text = "" if pd.isna(difference) else f"{difference:+.{column.decimals}f}"
        if text and not pd.isna(low):
            text += f" [{low:+.{column.decimals}f}, {high:+.{column.decimals}f}]"
        shown[str(name)] = (f"{level:,.{column.decimals}f}", text)
    return shown


def sentences(summary: pd.DataFrame, reference: str) -> list[str]:
    """One sentence a headline outcome: who is clearly below, clearly above, or neither.

    A difference is clear when its 95 % interval leaves out zero.
    """
    return [
        f"{text}." for column in COLUMNS if (text := _sentence(summary, reference, column)) != ""
    ]


def _sentence(summary: pd.DataFrame, reference: str, column: Column) -> str:
    rows = picked(summary, column.outcome, column.statistic).drop(index=reference)
    if rows.empty:
        return ""
    below = rows.index[rows["difference_high"] < 0]
    above = rows.index[rows["difference_low"] > 0]
    neither = [str(name) for name in rows.index if name not in below and name not in above]
    parts = [
        f"{words} than {reference}: {_listed([str(name) for name in names])}"
        for words, names in ((column.fewer, below), (column.more, above))
        if len(names)
    ]
    if neither:
        start = f"{column.title}: no" if not parts else "no"
        parts.append(f"{start} clear difference: {_listed(neither)}")
    return "; ".join(parts)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
