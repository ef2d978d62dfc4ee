"""What `validate` found, as pictures, sentences and the report read it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

import pandas as pd

from policymix.experiments.findings import KINDS, Finding, Kind, Part, findings
from policymix.experiments.verdicts import name_of
from policymix.numerals import ALIKE, is_alike, percent, plain

_DIGITS: Final = 3
Row = Any
"""A row of a table, its columns as attributes."""


@dataclass(frozen=True)
class ValidationTables:
    """The tables of a validation, as in the CSV files of these names, and its notes."""

    facts: pd.DataFrame
    claims: pd.DataFrame
    extremes: pd.DataFrame
    rand: pd.DataFrame
    flips: Mapping[Kind, pd.DataFrame]
    related: Mapping[Kind, pd.DataFrame]
    notes: Sequence[str] = ()

    @classmethod
    def of_tables(
        cls, tables: Mapping[str, pd.DataFrame], notes: Sequence[str]
    ) -> "ValidationTables":
        """From the tables by name."""
        facts, claims, extremes, rand = (tables[kind] for kind in KINDS)
        decided: tuple[Kind, ...] = ("claims", "rand")
        flips = {kind: tables[f"{name_of(kind)}_flips"] for kind in decided}
        related = {kind: tables[f"{name_of(kind)}_related"] for kind in decided}
        return cls(facts, claims, extremes, rand, flips, related, notes)

    def of(self, kind: Kind) -> pd.DataFrame:
        """The table of one kind of finding."""
        table: pd.DataFrame = getattr(self, kind)
        return table

    def verdicts(self, kind: Kind) -> dict[str, str]:
        """The verdict of every finding of a kind, in the file's order."""
        table = self.of(kind)
        return dict(
            zip(table[name_of(kind)].astype(str), table["verdict"].astype(str), strict=True)
        )


def rows_of(table: pd.DataFrame, kind: Kind) -> Iterator[tuple[Finding, Part, Row]]:
    """Each part of each finding with what was found."""
    every: Any = table.itertuples()
    for row in every:
        finding = findings(kind)[getattr(row, name_of(kind))]
        part = next(one for one in finding.parts if one.name == row.part)
        yield finding, part, row


def number_words(row: Row) -> str:
    """`41.7 % (30.1 to 53.2)`; empty for none."""
    if not isfinite(row.value):
        return ""
    unit = f" {row.unit}" if isinstance(row.unit, str) and row.unit else ""
    ends = ""
    if isfinite(row.low) and isfinite(row.high):
        told = f"{short(row.low)} to {short(row.high)}"
        ends = f" ({ALIKE if is_alike(row.low, row.high) else told})"
    return f"{short(row.value)}{unit}{ends}"


def short(number: float) -> str:
    """Three digits, with a real minus sign."""
    rounded = float(f"{number:.{_DIGITS}g}")
    decimals = 0 if abs(rounded) >= 100 else 1 if abs(rounded) >= 10 else 2
    return plain(rounded, decimals)


def share_words(row: Row) -> str:
    """`83 % (74 to 90)` of worlds in the range; empty where nothing is expected."""
    if not isfinite(row.share_of_worlds):
        return ""
    low, high = percent(row.share_low)[:-2], percent(row.share_high)[:-2]
    return f"{percent(row.share_of_worlds)} ({low} to {high})"


def chance_words(row: Row) -> str:
    """The share of replicates of the central world alone."""
    return percent(row.share_of_replicates) if isfinite(row.share_of_replicates) else ""
