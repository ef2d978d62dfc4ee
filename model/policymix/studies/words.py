"""A comparison in words: a table for the terminal, and plain sentences made by rule."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from policymix.numerals import ALIKE, is_alike, is_clear
from policymix.studies.amounts import (
    Estimate,
    below_table,
    comparison_text,
    short_text,
    significant,
)
from policymix.studies.measures import HEADLINES, pairs_of, scale_of_all
from policymix.tables import picked
from policymix.units import MILLION, MONTHS_PER_YEAR

if TYPE_CHECKING:
    from rich.table import Table


@dataclass(frozen=True)
class Column:
    """One headline outcome as it is shown: title, unit, statistic, scale, decimals, words."""

    outcome: str
    title: str
    unit: str
    statistic: str
    scale: float
    decimals: int
    subject: str
    fewer: str
    more: str


_YEARLY: Final = MONTHS_PER_YEAR / 1_000  # million a month as billion a year, and the like
COLUMNS: Final = (
    Column("addicted", "with addiction", "million at end", "final", 1 / MILLION, 2,
           "people with addiction at the end", "fewer", "more"),
    Column("overdose_deaths", "overdose deaths", "thousand a year", "mean", _YEARLY, 1,
           "overdose deaths", "fewer", "more"),
    Column("cartel_revenue", "cartel revenue", "billion USD/yr", "mean", _YEARLY, 2,
           "cartel revenue", "lower", "higher"),
    Column("cartel_profit", "cartel profit", "billion USD/yr", "mean", _YEARLY, 2,
           "cartel profit", "lower", "higher"),
)  # fmt: skip


def terminal_table(summary: pd.DataFrame, reference: str, encoding: str = "utf-8") -> "Table":
    """A row a scenario: each headline outcome, and under it the difference from `reference`.

    95 % intervals are symmetric, so half of one stands behind ±.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    about = "±" if encoding.lower().startswith("utf") else "+/-"
    rows = [cells(summary, column, about) for column in COLUMNS]
    has_others = len(rows[0]) > 1
    words = f"Under each level: the difference from {reference} {about} half its interval."
    table = Table(
        box=box.HORIZONTALS,
        caption=below_table(words, (both[1] for one in rows for both in one.values()))
        if has_others
        else None,
        caption_justify="left",
    )
    table.add_column("scenario", overflow="fold", ratio=1, min_width=12)
    for column in COLUMNS:
        table.add_column(Text(f"{column.title}\n{column.unit}"), justify="right", overflow="fold")
    for name in rows[0]:
        title = f"{name}\n(reference)" if has_others and name == reference else name
        table.add_row(Text(title), *(Text("\n".join(one[name])) for one in rows))
    return table


def cells(summary: pd.DataFrame, column: Column, about: str = "±") -> dict[str, tuple[str, str]]:
    """By scenario: the level, and the difference with half its 95 % interval, as far as known."""
    rows = picked(summary, column.outcome, column.statistic)
    shown = {}
    for name, row in rows.iterrows():
        level, *ends = (
            float(row[key]) * column.scale
            for key in ("mean", "difference", "difference_low", "difference_high")
        )
        difference = Estimate(*ends)
        text = short_text(difference, column.decimals, about) if difference.has_value else ""
        shown[str(name)] = (f"{level:,.{column.decimals}f}", text)
    return shown


def sentences(summary: pd.DataFrame, reference: str) -> list[str]:
    """Plain sentences by rule: who is clearly below the reference, above it, or neither.

    A difference is clear when its 95 % interval leaves out zero; one replicate has no interval.
    """
    others = picked(summary, COLUMNS[0].outcome, COLUMNS[0].statistic).drop(index=reference)
    if others.empty:
        return [f"Levels only: nothing was played beside {reference} to compare it with."]
    if others["difference_low"].isna().any():
        return ["One replicate has no interval: it cannot tell a difference from chance."]
    lines = [f"- {_sentence(summary, reference, column)}." for column in COLUMNS]
    return [f"Compared with {reference}:", *lines, *_survivors(summary, reference)]


def _survivors(summary: pd.DataFrame, reference: str) -> list[str]:
    """Where fewer deaths and more people with addiction go together, that those who live count."""
    deaths, addicted = (
        picked(summary, outcome, statistic).drop(index=reference)
        for outcome, statistic in (("overdose_deaths", "total"), ("addicted", "final"))
    )
    both = _where(is_clear, deaths) & _where(is_clear, addicted)
    both &= (deaths["difference_high"] < 0) & (addicted["difference_low"] > 0)
    if not both.any():
        return []
    fewer = -deaths["difference"][both]
    told = ", ".join(
        f"{name} ({significant(count, 2)} fewer deaths in all)"
        for name, count in zip(fewer.index, fewer, strict=True)
    )
    why = "whoever survives an overdose is still counted among people with addiction"
    return [f"- fewer die and more have an addiction under {told}: {why}."]


def _sentence(summary: pd.DataFrame, reference: str, column: Column) -> str:
    rows = picked(summary, column.outcome, column.statistic).drop(index=reference)
    clear, alike = _where(is_clear, rows), _where(is_alike, rows)
    is_below, is_above = clear & (rows["difference_high"] < 0), clear & (rows["difference_low"] > 0)
    parts = [
        f"{words} under {', '.join(map(str, rows.index[chosen]))}"
        for words, chosen in (
            (column.fewer, is_below),
            (column.more, is_above),
            ("no clear difference", ~(clear | alike)),
            (f"no clear difference, for it is {ALIKE},", alike),
        )
        if chosen.any()
    ]
    return f"{column.subject}: {'; '.join(parts)}"


def _where(is_so: Callable[[float, float], bool], rows: pd.DataFrame) -> "pd.Series[bool]":
    """Whether this is so of the interval of each scenario's difference."""
    ends = zip(rows["difference_low"], rows["difference_high"], strict=True)
    return pd.Series([is_so(*both) for both in ends], index=rows.index, dtype=bool)


def full_sentences(summary: pd.DataFrame, reference: str) -> list[str]:
    """A sentence with numbers for each headline outcome and each scenario but the reference.

    `Overdose deaths: 12.3 thousand a year fewer under demand_first than under baseline (95 %
    interval 10.1 to 14.5 fewer).` The rules are those of `policymix.studies.amounts`.
    """
    return [
        comparison_text(measure.title, pair.difference, measure.manner, (name, reference), scale)
        for measure in HEADLINES
        for found in (pairs_of(summary, measure),)
        for scale in (scale_of_all(found),)
        for name, pair in found.items()
        if name != reference
    ]
