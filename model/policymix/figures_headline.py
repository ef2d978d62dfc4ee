"""The headline outcomes over time, and who has an addiction at the end."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from policymix.drawing import STYLE, LabelledFigure, Look, Sheet, looks_of, sheet
from policymix.lettering import LINE_SPACING, lines_high, name_lines
from policymix.readings import (
    ADDICTED,
    BILLION_A_YEAR,
    DEATHS,
    PROFIT,
    REVENUE,
    THOUSAND_A_YEAR,
    Reading,
    Tables,
    names_in,
    range_words,
    texts_by_scenario,
)
from policymix.tables import picked
from policymix.units import MILLION, MONTHS_PER_YEAR

_PARTS: Final = (
    ("active_addiction", "active", "#D55E00", ""),
    ("in_treatment", "in treatment", "#56B4E9", "//"),
    ("addicted_in_custody", "in custody", "#000000", ""),
)
"""Of everyone with addiction; always shown together, since moving people is not curing them."""
_NEVER_BELOW_ZERO: Final = ("addicted", "overdose_deaths", "cartel_revenue")
_LEFT, _WIDE, _GAP, _TOP, _BETWEEN = 0.8, 2.72, 0.82, 0.3, 0.85
_BARS_LEFT, _BARS_WIDE, _NAME_WIDE = 7.75, 3.3, 2.75
_MOST_ROW: Final = 0.95
_FEW: Final = 4
"""Up to so many bands are told apart where they overlap."""


def headline(
    monthly: pd.DataFrame,
    yearly: pd.DataFrame,
    summary: pd.DataFrame,
    reference: str,
    notes: Sequence[str] = (),
) -> LabelledFigure:
    """The headline outcomes over time with 95 % bands, and who has an addiction at the end.

    Deaths are shown by the year, as far as there are whole ones: a month's are few. `notes` are
    sentences for the foot, such as that the totals differ.
    """
    names = names_in(summary)
    looks = looks_of(names, reference)
    by_month = monthly.assign(year=monthly["month"] / MONTHS_PER_YEAR)
    titles = {name: name_lines(_title(name, reference), _NAME_WIDE) for name in names}
    row = 0.36 + max(lines_high(title) for title in titles.values())
    with mpl.rc_context(STYLE):
        high = max(4.75, row * len(names))
        page = sheet("Headline outcomes over time", notes, _TOP + high + 0.75)
        panel = (high - _BETWEEN) / 2
        for place, (reading, rows) in enumerate(_panels(by_month, yearly)):
            left = _LEFT + place % 2 * (_WIDE + _GAP)
            top = _TOP + place // 2 * (panel + _BETWEEN)
            axes = page.axes(left, top, _WIDE, panel)
            _draw_lines(axes, rows, looks, is_above_zero=reading.outcome in _NEVER_BELOW_ZERO)
            axes.set_title(reading.title, fontsize=12)
            axes.set_ylabel(reading.unit)
            axes.set_xlim(0, max(by_month["year"].tolist()))
        _draw_parts(page, summary, titles, looks, min(high, len(names) * max(row, _MOST_ROW)))
        return page.figure


def _title(name: str, reference: str) -> str:
    return f"{name} (reference)" if name == reference else name


def _panels(by_month: pd.DataFrame, yearly: pd.DataFrame) -> Iterator[tuple[Reading, pd.DataFrame]]:
    """What is read, and rows with columns scenario, year, mean, low, high in its unit."""
    deaths, per_unit = by_month, THOUSAND_A_YEAR
    if not yearly.empty:
        deaths, per_unit = yearly.assign(year=yearly["year"] - 0.5), 1e-3
    people = Reading("addicted", "final", 1 / MILLION, "People with addiction", "million people")
    for reading, table, factor in (
        (people, by_month, 1 / MILLION),
        (DEATHS, deaths, per_unit),
        (REVENUE, by_month, BILLION_A_YEAR),
        (PROFIT, by_month, BILLION_A_YEAR),
    ):
        rows = table[table["outcome"] == reading.outcome]
        numbers = rows[["mean", "low", "high"]] * factor
        yield reading, numbers.join(rows[["scenario", "year"]])


def _draw_lines(
    axes: Axes, rows: pd.DataFrame, looks: dict[str, Look], *, is_above_zero: bool
) -> None:
    strength = 0.16 if len(looks) <= _FEW else 0.09
    for name, group in rows.groupby("scenario", sort=False):
        look = looks[str(name)]
        axes.plot(group["year"], group["mean"], **look.line(), zorder=3)
        axes.fill_between(
            group["year"], group["low"], group["high"], color=look.colour, alpha=strength, lw=0
        )
        if len(group) == 1:  # one point makes no line: one year, or one month
            ends = (group["year"], group["low"], group["high"])
            axes.vlines(*ends, color=look.colour, lw=1.6, zorder=2)
            axes.plot(group["year"], group["mean"], marker=look.marker, color=look.colour, zorder=4)
    axes.set_xlabel("year")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(6))
    if is_above_zero and axes.get_ylim()[0] < 0:
        axes.set_ylim(bottom=0)


def _draw_parts(
    page: Sheet,
    summary: pd.DataFrame,
    titles: dict[str, str],
    looks: dict[str, Look],
    high: float,
) -> None:
    """Bars of everyone with addiction at the end, by where they are; its rows are the legend."""
    names = list(titles)
    left = pd.Series(0.0, index=names)
    row = high / len(names)
    axes = page.axes(_BARS_LEFT, _TOP, _BARS_WIDE, high)
    for outcome, label, colour, hatch in _PARTS:
        width = picked(summary, outcome, "final")["mean"].loc[names] / MILLION
        axes.barh(
            [place * row for place in range(len(names))],
            width,
            left=left,
            height=min(0.26, row / 2),
            color=colour,
            edgecolor="white",
            hatch=hatch,
            label=label,
        )
        left = left + width
    _name_rows(axes, left, looks, titles, row)
    axes.set_ylim(high - row + 0.16, -row + 0.16)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_xlim(0, max(left.tolist()) * 1.17)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_title("People with addiction at the end", fontsize=12)
    axes.set_xlabel("million people", labelpad=1)
    style: Any = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.43 / high), "borderaxespad": 0}
    axes.legend(**style, ncols=3, frameon=False, fontsize=10, columnspacing=1.0, handlelength=1.4)


def _name_rows(
    axes: Axes,
    left: "pd.Series[float]",
    looks: dict[str, Look],
    titles: dict[str, str],
    row: float,
) -> None:
    """Each bar's line style and name above it, and its total behind it [y in inches]."""
    across = axes.get_yaxis_transform()
    for place, name in enumerate(left.index):
        y = place * row - 0.17
        middle = y - 0.09
        axes.plot((0, 0.13), (middle,) * 2, transform=across, **looks[name].line(), clip_on=False)
        words: Any = {"va": "bottom", "fontsize": 10, "linespacing": LINE_SPACING}
        axes.text(0.155, y, titles[name], transform=across, **words)
        total = left.iloc[place]
        axes.text(total, place * row, f" {total:.2f}", va="center", fontsize=10)


def headline_data(tables: Tables) -> pd.DataFrame:
    """A row a scenario: the headline outcomes and the parts of addiction at the end."""
    parts = [
        Reading(outcome, "final", 1 / MILLION, f"of them {label}", "million people")
        for outcome, label, _, _ in _PARTS
    ]
    shown = (ADDICTED, *parts, DEATHS, REVENUE, PROFIT)
    return texts_by_scenario({one.heading: one.level_texts(tables.summary) for one in shown})


def headline_alt(tables: Tables) -> str:
    """What the figure shows, for those who hear it."""
    told = [
        f"{one.title}: {range_words(one.levels(tables.summary), one, tables.reference)}"
        for one in (ADDICTED, DEATHS, REVENUE, PROFIT)
    ]
    return (
        "Lines over time of people with addiction, overdose deaths, cartel revenue and cartel "
        f"profit, one for each scenario. {'; '.join(told)}."
    )
