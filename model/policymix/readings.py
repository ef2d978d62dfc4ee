"""Outcomes as pictures read them off the tables: which statistic, in which unit, how worded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from policymix.numerals import decimals_of, is_clear, plain, signed, with_interval
from policymix.tables import picked
from policymix.units import MILLION, MONTHS_PER_YEAR

BILLION_A_YEAR: Final = MONTHS_PER_YEAR / 1e3
"""From million USD a month."""
THOUSAND_A_YEAR: Final = MONTHS_PER_YEAR / 1e3
"""From a number a month."""
TONNES_A_YEAR: Final = MONTHS_PER_YEAR / 1e3
"""From kg a month."""


COLUMNS: Final = ("middle", "low", "high")
"""Of a table of amounts with their 95 % intervals."""


@dataclass(frozen=True)
class Tables:
    """What figures are made from: the tables of a study, its reference, and what must be told.

    `summary`, `monthly`, `yearly`, `ends`, `fared` and `bridge` are as `policymix.tables` and
    `policymix.reasons` make them; `budget` has scenario, side, lever, asked and spent [billion
    USD/year]; `notes` are sentences that stand at the foot of every figure.
    """

    summary: pd.DataFrame
    monthly: pd.DataFrame
    yearly: pd.DataFrame
    ends: pd.DataFrame
    fared: pd.DataFrame
    bridge: pd.DataFrame
    budget: pd.DataFrame
    reference: str
    notes: Sequence[str] = field(default=())

    @property
    def has_others(self) -> bool:
        """Whether there is a scenario to compare with the reference."""
        return bool(others_in(self.summary, self.reference))


@dataclass(frozen=True)
class Reading:
    """One outcome as it is shown: a statistic of it, times `factor`, in `unit`."""

    outcome: str
    statistic: str
    factor: float
    title: str
    unit: str

    def levels(self, summary: pd.DataFrame) -> pd.DataFrame:
        """Columns middle, low, high in `unit`, a row a scenario."""
        return self._columns(summary, ("mean", "low", "high"))

    def differences(self, summary: pd.DataFrame) -> pd.DataFrame:
        """The same of paired differences; the reference's middle is 0, without an interval."""
        columns = ("difference", "difference_low", "difference_high")
        return self._columns(summary, columns).fillna({"middle": 0.0})

    def _columns(self, summary: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
        rows = picked(summary, self.outcome, self.statistic)
        columns_shown = zip(COLUMNS, columns, strict=True)
        return pd.DataFrame({ours: rows[theirs] for ours, theirs in columns_shown}) * self.factor

    def level_texts(self, summary: pd.DataFrame) -> "pd.Series[str]":
        """`7.30 (7.21 to 7.39)` by scenario."""
        return interval_texts(self.levels(summary), sign=False)

    def difference_texts(self, summary: pd.DataFrame, reference: str) -> "pd.Series[str]":
        """`+0.10 (+0.02 to +0.18)` by scenario, without the reference."""
        return interval_texts(self.differences(summary).drop(index=reference), sign=True)

    @property
    def heading(self) -> str:
        """Title and unit, as a column of numbers is headed."""
        return f"{self.title}, {self.unit}"


def interval_texts(numbers: pd.DataFrame, *, sign: bool) -> "pd.Series[str]":
    """`0.10 (0.02 to 0.18)` of each row of amounts, all in as many decimals."""
    largest = numbers[list(COLUMNS)].abs().max(axis=1)
    decimals = decimals_of(numbers["middle"] if numbers["middle"].any() else largest)
    rows: Any = zip(*(numbers[column] for column in COLUMNS), strict=True)
    texts = [with_interval(x, low, high, decimals, sign=sign) for x, low, high in rows]
    return pd.Series(texts, index=numbers.index, dtype=object)


ADDICTED: Final = Reading(
    "addicted", "final", 1 / MILLION, "People with addiction at the end", "million people"
)
DEATHS: Final = Reading(
    "overdose_deaths", "mean", THOUSAND_A_YEAR, "Overdose deaths", "thousand a year"
)
REVENUE: Final = Reading(
    "cartel_revenue", "mean", BILLION_A_YEAR, "Cartel revenue", "billion USD a year"
)
PROFIT: Final = Reading(
    "cartel_profit", "mean", BILLION_A_YEAR, "Cartel profit", "billion USD a year"
)


def names_in(table: pd.DataFrame) -> list[str]:
    """Its scenarios, in its order."""
    return list(dict.fromkeys(table["scenario"]))


def others_in(table: pd.DataFrame, reference: str) -> list[str]:
    """Its scenarios but the reference, in its order."""
    return [name for name in names_in(table) if name != reference]


def texts_by_scenario(columns: dict[str, "pd.Series[str]"]) -> pd.DataFrame:
    """A table to show: a row a scenario, a column a heading."""
    return pd.DataFrame(columns).rename_axis("scenario").reset_index()


def range_words(numbers: pd.DataFrame, reading: Reading, reference: str) -> str:
    """`7.20 million people under a; from 7.07 (b) to 7.76 (c) under the others`."""
    middles, decimals = numbers["middle"], decimals_of(numbers["middle"])
    told = f"{plain(middles[reference], decimals)} {reading.unit} under {reference}"
    others = middles.drop(index=reference)
    if others.empty:
        return told
    ends = [(others.min(), others.idxmin()), (others.max(), others.idxmax())]
    if len(others) == 1:
        return f"{told}, {plain(others.iloc[0], decimals)} under {others.index[0]}"
    least, most = (f"{plain(number, decimals)} ({name})" for number, name in ends)
    return f"{told}, {least} to {most} under the others"


def extremes_words(numbers: pd.DataFrame, unit: str) -> str:
    """Of differences: the clear ones furthest below and above zero, or that none is clear."""
    every: Any = numbers.itertuples()
    decimals = decimals_of(numbers["middle"])
    rows = [row for row in every if is_clear(row.low, row.high)]
    ordered = sorted(rows, key=lambda row: float(row.middle))
    chosen = ordered[:1] + ordered[-1:] if len(ordered) > 1 else ordered
    if not chosen:
        return "no clear difference"
    return " and ".join(
        f"{signed(row.middle, decimals)} {unit} under {row.Index}" for row in chosen
    )
