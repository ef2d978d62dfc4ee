"""What the next billion buys, lever by lever: a panel an outcome, a row a lever."""

from collections.abc import Mapping
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from policymix.drawing import INK, ROW_COLOURS, SIDE_INK, STYLE, LabelledFigure, Sheet, sheet
from policymix.lettering import text_inches, wrapped
from policymix.levers import LEVER_NAMES, LEVERS, LEVERS_OF_SIDE, SIDES
from policymix.margins_readings import MARGINS, MarginsTables, margins_of, unused_shares
from policymix.numerals import decimals_of, is_clear, percent, signed
from policymix.readings import Reading, interval_texts

_TITLES: Final = {lever.name: lever.title for lever in LEVERS}
_LABELS, _LEFT, _BETWEEN, _RIGHT = 2.15, 2.28, 0.2, 11.35
_WIDE: Final = (_RIGHT - _LEFT + _BETWEEN) / len(MARGINS) - _BETWEEN
_TITLE, _HEAD, _ROW, _ROW_OF_TWO, _AXIS = 0.46, 0.27, 0.29, 0.37, 0.56
_BAR: Final = 0.06
_TICK_SIZE, _BETWEEN_TICKS = 9.5, 0.08
_MOST_TICKS: Final = (4, 3, 2, 1)
_DOT: Final = "#0072B2"
_READING: Final = (
    "Filled: the 95 % interval leaves out zero. Hollow: no clear difference. "
    "Left of the upright line: less than without the billion."
)


def margins(tables: MarginsTables) -> LabelledFigure:
    """What a billion USD a year more for a lever does, with intervals; levers by side.

    A dot is filled where its 95 % interval leaves out zero, else hollow.
    """
    unused = unused_shares(tables)
    places, high = _places(_ROW_OF_TWO if unused else _ROW)
    top = 0.05 + _TITLE
    with mpl.rc_context(STYLE):
        title = f"What the next billion a year buys, added to {tables.scenario}"
        page = sheet(title, tables.notes, top + high + _AXIS + 0.25)
        _write_levers(page, top, places, unused)
        for place, reading in enumerate(MARGINS):
            left = _LEFT + place * (_WIDE + _BETWEEN)
            axes = page.axes(left, top, _WIDE, high)
            _draw_panel(axes, margins_of(tables, reading), places, high)
            heading = "\n".join(wrapped(reading.title, _WIDE, 11))
            page.text(left, top - 0.05, heading, va="bottom", fontsize=11)
            axes.set_xlabel(reading.unit, fontsize=9.5, labelpad=1)
        page.text(0.115, top + high + _AXIS + 0.03, _READING)
        return page.figure


def _places(row: float) -> tuple[dict[str, float], float]:
    """The middle of each lever's row, and the height of all rows with the sides' heads [inches]."""
    places, at = {}, 0.0
    for side in SIDES:
        at += _HEAD
        for name in LEVERS_OF_SIDE[side]:
            places[name] = at + row / 2
            at += row
    return places, at


def _write_levers(
    page: Sheet, top: float, places: Mapping[str, float], unused: Mapping[str, float]
) -> None:
    """Names at the left, under the name of their side and beside a bar of its colour."""
    half = (places[LEVER_NAMES[1]] - places[LEVER_NAMES[0]]) / 2
    axes = page.axes(0, top, _LEFT, places[LEVER_NAMES[-1]] + half)
    axes.set_axis_off()
    axes.set(xlim=(0, _LEFT), ylim=(places[LEVER_NAMES[-1]] + half, 0))
    for side in SIDES:
        names = LEVERS_OF_SIDE[side]
        start, end = places[names[0]] - half, places[names[-1]] + half
        style: Any = {"color": SIDE_INK[side], "solid_capstyle": "butt"}
        axes.plot((0.115 + _BAR / 2,) * 2, (start - _HEAD + 0.05, end), lw=72 * _BAR, **style)
        page.text(
            0.115 + 2 * _BAR,
            top + start - _HEAD / 2 + 0.02,
            side,
            va="center",
            fontsize=10.5,
            fontweight="bold",
            color=SIDE_INK[side],
        )
    for name, place in places.items():
        words = _TITLES[name]
        if name in unused:
            words += f"\n({percent(unused[name])} finds no use)"
        page.text(_LABELS, top + place, words, ha="right", va="center")


def _draw_panel(
    axes: Axes, amounts: pd.DataFrame, places: Mapping[str, float], high: float
) -> None:
    half = (places[LEVER_NAMES[1]] - places[LEVER_NAMES[0]]) / 2
    for side in SIDES:
        for name in LEVERS_OF_SIDE[side][::2]:
            span = (places[name] - half, places[name] + half)
            axes.axhspan(*span, color=ROW_COLOURS[0], lw=0, zorder=0)
    axes.axvline(0, color="#444444", lw=1.2, zorder=1)
    for name, place in places.items():
        found: Any = amounts.loc[name]
        axes.plot((found.low, found.high), (place, place), color=INK, lw=1.8, zorder=3)
        axes.plot(
            found.middle,
            place,
            marker="o",
            markersize=7.5,
            markerfacecolor=_DOT if is_clear(found.low, found.high) else "white",
            markeredgecolor="#222222",
            markeredgewidth=1.2,
            zorder=4,
        )
    axes.set_ylim(high, 0)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.1)
    axes.tick_params(axis="x", labelsize=_TICK_SIZE)
    _set_ticks(axes)


def _set_ticks(axes: Axes) -> None:
    """As many as have room for their numbers, long ones too."""
    low, high = axes.get_xlim()
    for most in _MOST_TICKS:
        axes.xaxis.set_major_locator(MaxNLocator(most))
        ticks = [float(tick) for tick in axes.get_xticks() if low <= tick <= high]
        words = axes.xaxis.get_major_formatter().format_ticks(ticks)
        widest = max(text_inches(one, _TICK_SIZE) for one in words) + _BETWEEN_TICKS
        if len(ticks) < 2 or (ticks[1] - ticks[0]) / (high - low) * _WIDE >= widest:
            break


def margins_data(tables: MarginsTables) -> pd.DataFrame:
    """A row a lever, a column an outcome: the difference with its interval."""
    unused = unused_shares(tables)
    columns = {
        "side": [lever.side for lever in LEVERS],
        "a billion USD a year more for": [lever.title for lever in LEVERS],
    }
    for reading in MARGINS:
        columns[reading.heading] = interval_texts(margins_of(tables, reading), sign=True).tolist()
    columns["finds no use"] = [percent(unused.get(name, 0.0)) for name in LEVER_NAMES]
    return pd.DataFrame(columns)


def margins_alt(tables: MarginsTables) -> str:
    """What the figure shows, for those who hear it."""
    told = [f"{one.title.lower()}: {_extremes(tables, one)}" for one in MARGINS]
    unused = [f"{percent(x)} of {_TITLES[name]}" for name, x in unused_shares(tables).items()]
    rest = f" Of the billion finds no use: {', '.join(unused)}." if unused else ""
    return (
        "Dots with intervals of what a billion USD a year more for each of thirteen levers does, "
        f"added to the mix of {tables.scenario}, a panel for each outcome. Clear ones furthest "
        f"out, {'; '.join(told)}.{rest}"
    )


def _extremes(tables: MarginsTables, reading: Reading) -> str:
    """The clear margins furthest below and above zero, or that none is clear."""
    amounts = margins_of(tables, reading)
    decimals = decimals_of(amounts["middle"])
    every: Any = amounts.itertuples()
    rows = sorted((r for r in every if is_clear(r.low, r.high)), key=lambda r: float(r.middle))
    below, above = [r for r in rows if r.middle < 0][:1], [r for r in rows if r.middle > 0][-1:]
    told = [
        f"{signed(r.middle, decimals)} {reading.unit} by {_TITLES[r.Index]}" for r in below + above
    ]
    return " and ".join(told) or "no clear difference"
