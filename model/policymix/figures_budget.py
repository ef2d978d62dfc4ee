"""The budget: money by lever and side, and money that found no use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from policymix.drawing import SIDE_INK, STYLE, LabelledFigure, Sheet, sheet
from policymix.lettering import apart, lines_high, name_lines, text_inches
from policymix.levers import LEVERS, SIDES
from policymix.numerals import percent, plain
from policymix.readings import Tables, names_in

_TITLES: Final = {lever.name: lever.title for lever in LEVERS}
_FILLS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "supply": (
        ("#C65200", ""),
        ("#F2B98A", "//"),
        ("#7A3200", "++"),
        ("#FBE3D0", "xx"),
        ("#E58B45", "--"),
    ),
    "demand": (
        ("#0072B2", ""),
        ("#BFDDF0", "//"),
        ("#003F66", "++"),
        ("#7FBCE3", "\\\\"),
        ("#E4F1FA", "||"),
    ),
    "cooperation": (("#007F5C", ""), ("#BFE6D8", "//"), ("#4DB594", "xx")),
}
"""(fill, hatch) of a side's levers, in their order: light and dark by turns, no hatch twice."""
_LEFT, _RIGHT, _EDGE = 1.85, 10.35, 11.38
_HEADER, _BAR, _PAD, _AXIS = 0.22, 0.36, 0.13, 0.55
_KEY_ROW: Final = 0.21
_DECIMALS: Final = 1
_LEVERS_HEAD: Final = "lever (billion USD a year)"
_NOTHING: Final = 1e-6
_UNUSED: Final[dict[str, Any]] = {
    "facecolor": "white",
    "edgecolor": "black",
    "hatch": "xxxx",
    "linewidth": 0.9,
}


@dataclass(frozen=True)
class Segment:
    """One lever's money in one scenario [billion USD a year], from `start` on."""

    lever: str
    side: str
    start: float
    asked: float
    unused: float


def budget(budget_table: pd.DataFrame, reference: str, notes: Sequence[str] = ()) -> LabelledFigure:
    """A bar a scenario: its money by lever, grouped by side; what found no use is hatched."""
    names = names_in(budget_table)
    bars = {name: list(segments(budget_table, name)) for name in names}
    titles = {
        name: name_lines(f"{name} (reference)" if name == reference else name, _LEFT - 0.2)
        for name in names
    }
    row = max(_HEADER + _BAR + _PAD, *(lines_high(title) + 0.08 for title in titles.values()))
    high, most = row * len(names), max(sum(s.asked for s in bar) for bar in bars.values())
    key = _KEY_ROW * (1 + max(len(fills) for fills in _FILLS.values()))
    with mpl.rc_context(STYLE):
        page = sheet("Where the money goes", notes, 0.05 + high + _AXIS + key + 0.12)
        axes = page.axes(_LEFT, 0.05, _RIGHT - _LEFT, high)
        axes.set(xlim=(0, most or 1), ylim=(high, 0), xlabel="billion USD a year")
        axes.set_yticks([])
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(10))
        per_inch = (most or 1) / (_RIGHT - _LEFT)
        for place, name in enumerate(names):
            top = place * row + (row - _HEADER - _BAR) / 2
            _draw_bar(axes, bars[name], top + _HEADER, per_inch)
            _draw_sides(axes, bars[name], top + _HEADER, per_inch)
            middle = 0.05 + top + _HEADER + _BAR / 2
            style: Any = {"ha": "right", "va": "center"}
            page.text(_LEFT - 0.08, middle, titles[name], **style)
            _write_total(axes, bars[name], top + _HEADER + _BAR / 2)
        _draw_key(page, 0.05 + high + _AXIS)
        return page.figure


def segments(table: pd.DataFrame, name: str) -> Iterator[Segment]:
    """One scenario's levers, one after the other along the bar."""
    at = 0.0
    for row in table[table["scenario"] == name].itertuples():
        asked, spent = float(row.asked), float(row.spent)  # type: ignore[arg-type]
        unused = asked - spent if asked - spent > _NOTHING * (asked or 1) else 0.0
        yield Segment(str(row.lever), str(row.side), at, asked, unused)
        at += asked


def _look(lever: str, side: str) -> tuple[str, str]:
    of_side = [one.name for one in LEVERS if one.side == side]
    return _FILLS[side][of_side.index(lever)]


def _draw_bar(axes: Axes, bar: Sequence[Segment], top: float, per_inch: float) -> None:
    for one in bar:
        fill, hatch = _look(one.lever, one.side)
        used = one.asked - one.unused
        style: Any = {"facecolor": fill, "edgecolor": _hatch_ink(fill, one.side), "lw": 0}
        axes.add_patch(Rectangle((one.start, top), used, _BAR, hatch=hatch, zorder=2, **style))
        if one.unused:
            place = (one.start + used, top)
            axes.add_patch(Rectangle(place, one.unused, _BAR, zorder=3, **_UNUSED))
        _label_segment(axes, one, used, top, per_inch)
    edges = [one.start for one in bar[1:]]
    axes.vlines(edges, top, top + _BAR, color="white", lw=1.2, zorder=2.5)


def _hatch_ink(fill: str, side: str) -> str:
    return SIDE_INK[side] if _is_light(fill) else "white"


def _is_light(fill: str) -> bool:
    red, green, blue = mpl.colors.to_rgb(fill)
    return 0.3 * red + 0.59 * green + 0.11 * blue > 0.5


def _label_segment(axes: Axes, one: Segment, used: float, top: float, per_inch: float) -> None:
    """Title and amount where they fit, the amount alone where only that does, else nothing."""
    amount = plain(one.asked, _DECIMALS)
    fill, hatch = _look(one.lever, one.side)
    for words in (f"{_TITLES[one.lever]}\n{amount}", amount):
        if max(text_inches(line, 9) for line in words.split("\n")) + 0.1 > used / per_inch:
            continue
        box: Any = {"boxstyle": "square,pad=0.1", "fc": fill, "ec": "none"} if hatch else None
        axes.text(
            one.start + used / 2,
            top + _BAR / 2,
            words,
            ha="center",
            va="center",
            fontsize=9,
            linespacing=1.0,
            color="black" if _is_light(fill) else "white",
            bbox=box,
            zorder=4,
        )
        return


def _draw_sides(axes: Axes, bar: Sequence[Segment], top: float, per_inch: float) -> None:
    """A line above each side's part of the bar, with its share of the money."""
    parts = {side: [one for one in bar if one.side == side] for side in SIDES}
    money = {side: sum(one.asked for one in part) for side, part in parts.items()}
    total = sum(money.values()) or 1.0
    words = {side: f"{side} {percent(money[side] / total)}" for side in SIDES}
    starts = [parts[side][0].start / per_inch for side in SIDES]
    widths = [text_inches(words[side], 9.5, "bold") + 0.12 for side in SIDES]
    places = apart(starts, widths, _EDGE - _LEFT)
    for side, start, place in zip(SIDES, starts, places, strict=True):
        ink, x = SIDE_INK[side], start * per_inch
        y = (top - 0.035,) * 2
        axes.plot((x, x + money[side]), y, color=ink, lw=2.4, solid_capstyle="butt")
        style: Any = {"fontsize": 9.5, "color": ink, "fontweight": "bold", "va": "bottom"}
        axes.text(place * per_inch, top - 0.06, words[side], **style)


def _write_total(axes: Axes, bar: Sequence[Segment], middle: float) -> None:
    total, unused = (sum(getattr(one, what) for one in bar) for what in ("asked", "unused"))
    words = plain(total, _DECIMALS)
    if round(unused, _DECIMALS):
        words += f"\n({plain(unused, _DECIMALS)} no use)"
    axes.text(total, middle, f" {words}".replace("\n", "\n "), va="center", fontsize=9.5)


def _draw_key(page: Sheet, top: float) -> None:
    """The levers of each side, in the order in which they stand in the bars."""
    n_rows = 1 + max(len(fills) for fills in _FILLS.values())
    axes = page.axes(0, top, _EDGE, _KEY_ROW * n_rows)
    axes.set_axis_off()
    axes.set(xlim=(0, _EDGE), ylim=(_KEY_ROW * n_rows, 0))
    for column, side in enumerate(SIDES):
        left = _LEFT + column * 3.1
        style: Any = {"va": "center", "fontsize": 9.5}
        axes.text(left, _KEY_ROW / 2, side, color=SIDE_INK[side], fontweight="bold", **style)
        levers = [lever for lever in LEVERS if lever.side == side]
        for row, lever in enumerate(levers, start=1):
            fill, hatch = _look(lever.name, side)
            patch: Any = {"facecolor": fill, "edgecolor": _hatch_ink(fill, side), "hatch": hatch}
            axes.add_patch(Rectangle((left, _KEY_ROW * row + 0.03), 0.36, 0.15, lw=0, **patch))
            axes.text(left + 0.44, _KEY_ROW * (row + 0.5), lever.title, **style)
    axes.add_patch(Rectangle((left, _KEY_ROW * 5 + 0.03), 0.36, 0.15, **_UNUSED))
    axes.text(left + 0.44, _KEY_ROW * 5.5, "found no use, of the lever before it", **style)


def budget_data(tables: Tables) -> pd.DataFrame:
    """A row a lever, a column a scenario: billion USD a year asked, and what found no use."""
    columns: dict[str, list[str]] = {"side": [], _LEVERS_HEAD: []}
    for lever in LEVERS:
        columns["side"].append(lever.side)
        columns[_LEVERS_HEAD].append(lever.title)
    for name in names_in(tables.budget):
        bar = {one.lever: one for one in segments(tables.budget, name)}
        columns[name] = [_cell(bar.get(lever.name)) for lever in LEVERS]
    return pd.DataFrame(columns)


def _cell(one: Segment | None) -> str:
    if one is None:
        return ""
    asked, unused = plain(one.asked, 2), plain(one.unused, 2)
    return f"{asked} ({unused} found no use)" if round(one.unused, 2) else asked


def budget_alt(tables: Tables) -> str:
    """What the figure shows, for those who hear it."""
    told = []
    for name in names_in(tables.budget):
        bar = list(segments(tables.budget, name))
        total = sum(one.asked for one in bar)
        shares = (
            f"{side} {percent(sum(one.asked for one in bar if one.side == side) / (total or 1))}"
            for side in SIDES
        )
        unused = sum(one.unused for one in bar)
        rest = f", {plain(unused, 1)} found no use" if round(unused, 1) else ""
        told.append(f"{name} {plain(total, 1)} ({', '.join(shares)}{rest})")
    return f"Bars of the money by lever, in billion USD a year: {'; '.join(told)}."
