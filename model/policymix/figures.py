"""Figures from tables: the headline outcomes over time, and the trade-off plane.

Pure functions of the tables in `tables`; they know nothing of the model. Every picture carries
the label in reserved space and in its file, and the same table gives the same bytes.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from policymix.drawing import STYLE, LabelledFigure, Look, labelled_figure, looks_of, name_dots
from policymix.tables import picked
from policymix.units import MILLION, MONTHS_PER_YEAR

_THOUSAND: Final = 1e3
_YEARLY_BILLION: Final = MONTHS_PER_YEAR / 1e3  # from million USD a month to billion a year
_PARTS: Final = (
    ("active_addiction", "active", "#D55E00", ""),
    ("in_treatment", "in treatment", "#56B4E9", "//"),
    ("addicted_in_custody", "in custody", "#000000", ""),
)
"""Of everyone with addiction; always shown together, since moving people is not curing them."""


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
    names = list(dict.fromkeys(summary["scenario"]))
    looks = looks_of(names, reference)
    by_month = monthly.assign(year=monthly["month"] / MONTHS_PER_YEAR)
    with mpl.rc_context(STYLE):
        height = max(7.4, 4 + 0.3 * len(names))
        figure = labelled_figure("Headline outcomes over time", notes, height)
        grid = figure.add_gridspec(2, 3, width_ratios=(1, 1, 0.95))
        for place, (title, unit, rows) in enumerate(_panels(by_month, yearly)):
            axes = figure.add_subplot(grid[place // 2, place % 2])
            _draw_lines(axes, rows, looks)
            axes.set_title(title, fontsize=12)
            axes.set_ylabel(unit)
            axes.set_xlim(0, max(by_month["year"].tolist()))
        _draw_parts(figure.add_subplot(grid[:, 2]), summary, names, looks, reference)
        return figure.settled()


def _panels(
    by_month: pd.DataFrame, yearly: pd.DataFrame
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """(title, unit, rows with columns scenario, year, mean, low, high in that unit)."""
    deaths, per_unit = by_month, MONTHS_PER_YEAR / _THOUSAND
    if not yearly.empty:
        deaths, per_unit = yearly.assign(year=yearly["year"] - 0.5), 1 / _THOUSAND
    for title, unit, table, outcome, scale in (
        ("People with addiction", "million people", by_month, "addicted", 1 / MILLION),
        ("Overdose deaths, by the year", "thousand a year", deaths, "overdose_deaths", per_unit),
        ("Cartel revenue", "billion USD a year", by_month, "cartel_revenue", _YEARLY_BILLION),
        ("Cartel profit", "billion USD a year", by_month, "cartel_profit", _YEARLY_BILLION),
    ):
        rows = table[table["outcome"] == outcome]
        numbers = rows[["mean", "low", "high"]] * scale
        yield title, unit, numbers.join(rows[["scenario", "year"]])


def _draw_lines(axes: Axes, rows: pd.DataFrame, looks: dict[str, Look]) -> None:
    for name, group in rows.groupby("scenario", sort=False):
        look = looks[str(name)]
        axes.plot(group["year"], group["mean"], **look.line(), zorder=3)
        axes.fill_between(
            group["year"], group["low"], group["high"], color=look.colour, alpha=0.13, lw=0
        )
    axes.set_xlabel("year")
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.yaxis.set_major_locator(MaxNLocator(6))


def _draw_parts(
    axes: Axes,
    summary: pd.DataFrame,
    names: Sequence[str],
    looks: dict[str, Look],
    reference: str,
) -> None:
    """Bars of everyone with addiction at the end, by where they are; its rows are the legend."""
    left = pd.Series(0.0, index=list(names))
    for outcome, label, colour, hatch in _PARTS:
        width = picked(summary, outcome, "final")["mean"] / MILLION
        axes.barh(
            range(len(names)),
            width,
            left=left,
            height=0.42,
            color=colour,
            edgecolor="white",
            hatch=hatch,
            label=label,
        )
        left = left + width
    _name_rows(axes, left, looks, reference)
    axes.set_ylim(len(names) - 0.6, -0.75)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_xlim(0, max(left.tolist()) * 1.14)
    axes.set_title("People with addiction at the end", fontsize=12)
    axes.set_xlabel("million people")
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.45, -0.09),
        ncols=3,
        frameon=False,
        fontsize=10,
        columnspacing=1.2,
    )


def _name_rows(
    axes: Axes, left: "pd.Series[float]", looks: dict[str, Look], reference: str
) -> None:
    """Each bar's line style and name above it, and its total behind it."""
    for row, name in enumerate(left.index):
        look = looks[name].line()
        axes.plot((0, 0.13), (row - 0.4,) * 2, transform=axes.get_yaxis_transform(), **look)
        axes.text(
            0.155,
            row - 0.4,
            f"{name} (reference)" if name == reference else name,
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=10,
        )
        axes.text(left.iloc[row], row, f" {left.iloc[row]:.2f}", va="center", fontsize=9.5)


def tradeoff(summary: pd.DataFrame, reference: str, notes: Sequence[str] = ()) -> LabelledFigure:
    """Addiction against cartel revenue and profit: paired differences from the reference.

    A dot a scenario with its 95 % intervals both ways; the reference is where the axes cross.
    """
    names = list(dict.fromkeys(summary["scenario"]))
    looks = looks_of(names, reference)
    with mpl.rc_context(STYLE):
        figure = labelled_figure(f"The trade-off: difference from {reference}", notes, height=7.0)
        planes = {}
        for place, (outcome, title) in enumerate(
            (("cartel_revenue", "Cartel revenue"), ("cartel_profit", "Cartel profit"))
        ):
            axes = figure.add_subplot(1, 2, place + 1)
            planes[axes] = _draw_plane(axes, summary, looks, reference, outcome)
            axes.set_title(f"{title} against addiction", fontsize=12)
            axes.set_xlabel("people with addiction at the end, million more or fewer")
            axes.set_ylabel(f"{title.lower()} a year, billion USD more or less")
        figure.settled()
        for axes, dots in planes.items():
            name_dots(axes, dots)
    return figure


def _draw_plane(
    axes: Axes, summary: pd.DataFrame, looks: dict[str, Look], reference: str, outcome: str
) -> dict[str, Bbox]:
    """Draw one plane; returns what each scenario's dot and intervals span, in data coordinates."""
    dots = {}
    across = _difference(summary, "addicted", "final", 1 / MILLION)
    up = _difference(summary, outcome, "mean", _YEARLY_BILLION)
    for name, look in looks.items():
        x, y = across.loc[name], up.loc[name]
        dots[name] = _span(x, y)
        if name != reference:
            axes.plot((x.low, x.high), (y.middle,) * 2, color=look.colour, lw=1.6, zorder=2)
            axes.plot((x.middle,) * 2, (y.low, y.high), color=look.colour, lw=1.6, zorder=2)
        axes.plot(
            x.middle,
            y.middle,
            marker=look.marker,
            markersize=12 if name == reference else 9,
            markerfacecolor="white" if name == reference else look.colour,
            markeredgecolor="black",
            markeredgewidth=1.8 if name == reference else 0.8,
            zorder=4,
        )
    axes.axhline(0, color="#888888", lw=1, zorder=1)
    axes.axvline(0, color="#888888", lw=1, zorder=1)
    axes.margins(0.22)
    axes.xaxis.set_major_locator(MaxNLocator(7))
    return dots


def _span(x: Any, y: Any) -> Bbox:
    """The box of both intervals, or of the dot alone where there are none."""
    (x0, x1), (y0, y1) = (one[["low", "high"]].fillna(one["middle"]).tolist() for one in (x, y))
    return Bbox.from_extents(x0, y0, x1, y1)


def _difference(summary: pd.DataFrame, outcome: str, statistic: str, scale: float) -> pd.DataFrame:
    """Columns middle, low, high; the reference's are 0."""
    rows = picked(summary, outcome, statistic)
    columns = {
        "middle": rows["difference"],
        "low": rows["difference_low"],
        "high": rows["difference_high"],
    }
    return pd.DataFrame(columns).mul(scale).fillna({"middle": 0.0})
