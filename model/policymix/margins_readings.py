"""What the next billion buys, as pictures read it: tables, and outcomes in units of a year."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from policymix.levers import LEVER_NAMES
from policymix.numerals import is_clear
from policymix.readings import BILLION_A_YEAR, COLUMNS, TONNES_A_YEAR, Reading
from policymix.units import MONTHS_PER_YEAR

MARGINS: Final = (
    Reading("addicted", "final", 1e-3, "People with addiction at the end", "thousand people"),
    Reading("overdose_deaths", "mean", MONTHS_PER_YEAR, "Overdose deaths", "deaths a year"),
    Reading("cartel_revenue", "mean", MONTHS_PER_YEAR, "Cartel revenue", "million USD a year"),
    Reading("cartel_profit", "mean", MONTHS_PER_YEAR, "Cartel profit", "million USD a year"),
    Reading("consumption", "mean", TONNES_A_YEAR, "Consumption", "tonnes a year"),
)
"""What is shown of a billion USD a year, in the order of the panels."""
_UNSPENT: Final = "unspent"
_WORTH_SAYING: Final = 0.01
"""Of a lever's billion: so much may find no use without a word about it."""
_PAIR: Final = ("lever", "other")


@dataclass(frozen=True)
class MarginsTables:
    """The tables of a study of margins; amounts in the units of `policymix.outcomes`.

    `margins` has lever, outcome, unit, difference_per_billion, low, high and label: what a
    billion USD a year more for the lever does at the scenario's mix. `pairs` has lever, other,
    outcome, unit, interaction, low, high and label: the difference of both levers' billions
    together less the sum of each alone, with intervals widened for the number of pairs.
    """

    scenario: str
    margins: pd.DataFrame
    pairs: pd.DataFrame
    notes: Sequence[str] = field(default=())


def margins_of(tables: MarginsTables, reading: Reading) -> pd.DataFrame:
    """Columns middle, low, high in `reading.unit`, a row a lever in the order of `LEVERS`."""
    rows = tables.margins[tables.margins["outcome"] == reading.outcome].set_index("lever")
    return _amounts(rows.reindex(list(LEVER_NAMES)), "difference_per_billion", reading)


def pairs_of(tables: MarginsTables, reading: Reading) -> pd.DataFrame:
    """Columns lever, other (`lever` first in `LEVERS`), middle, low, high and clear; a row a pair.

    Below zero the two together lower the outcome by more than the sum of each alone.
    """
    rows = tables.pairs[tables.pairs["outcome"] == reading.outcome].reset_index(drop=True)
    pairs = [sorted(pair, key=LEVER_NAMES.index) for pair in rows[list(_PAIR)].to_numpy().tolist()]
    names = pd.DataFrame(pairs, columns=list(_PAIR), index=rows.index)
    shown = names.join(_amounts(rows, "interaction", reading))
    spans = zip(shown["low"], shown["high"], strict=True)
    return shown.assign(clear=pd.Series([is_clear(*span) for span in spans], dtype=bool))


def unused_shares(tables: MarginsTables) -> dict[str, float]:
    """The share of a lever's billion that found no use, of levers where it is worth a word."""
    rows = tables.margins[tables.margins["outcome"] == _UNSPENT].set_index("lever")
    shares = rows["difference_per_billion"] * BILLION_A_YEAR
    return {name: float(shares[name]) for name in LEVER_NAMES if _is_told(shares, name)}


def _is_told(shares: "pd.Series[float]", name: str) -> bool:
    return name in shares.index and float(shares[name]) > _WORTH_SAYING


def _amounts(rows: pd.DataFrame, middle: str, reading: Reading) -> pd.DataFrame:
    columns = zip(COLUMNS, (middle, "low", "high"), strict=True)
    return pd.DataFrame({ours: rows[theirs] * reading.factor for ours, theirs in columns})
