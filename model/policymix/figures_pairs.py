"""Which levers help each other and which spoil each other: a triangle of pairs an outcome."""

from collections.abc import Sequence
from math import ceil
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from policymix.drawing import FEWER, MORE, SIDE_INK, STYLE, LabelledFigure, Sheet, sheet
from policymix.lettering import text_inches, wrapped
from policymix.levers import LEVER_NAMES, LEVERS
from policymix.margins_readings import MARGINS, MarginsTables, pairs_of
from policymix.numerals import decimals_of, signed, with_interval
from policymix.readings import Reading

_TITLES: Final = {lever.name: lever.title for lever in LEVERS}
_PLACES: Final = {name: at for at, name in enumerate(LEVER_NAMES)}
_N: Final = len(LEVERS)
_COLUMNS: Final = 3
_LEFT, _ACROSS, _TITLE, _ROW, _GAP = 0.115, 3.8, 0.44, 0.24, 0.22
_CELL: Final = 0.187
_HIGH: Final = _N * _ROW
_BAND: Final = _TITLE + _HIGH + _GAP
_SIZE: Final = (5.0, 13.0)
"""Across a mark [points], from nothing to the furthest from zero of its panel."""
_NUMBER: Final = 9.0
_MOST_DECIMALS: Final = 4
_OFF: Final = 0.6
"""From a mark's middle to its number [cells]."""
_HELP, _SPOIL = ("v", FEWER), ("^", MORE)
_KEY: Final = (
    (_HELP, "The two help each other: together they lower it by more than the sum of each alone."),
    (_SPOIL, "The two spoil each other: together they lower it by less, or raise it by more."),
    (
        None,
        "A mark's levers are named at the right end of its row and on top of its dotted line.",
    ),
    (None, "The larger a mark, the further from zero; the number, where it fits, says how far."),
    (None, "No mark: the 95 % interval, widened for so many pairs, does not leave out zero."),
)


def pairs(tables: MarginsTables) -> LabelledFigure:
    """Marks where two levers' billions together do clearly more or less than each alone."""
    title = f"Which levers help each other: a billion a year each, added to {tables.scenario}"
    with mpl.rc_context(STYLE):
        page = sheet(title, tables.notes, 2 * _BAND + 0.05)
        for place, reading in enumerate(MARGINS):
            left = _LEFT + place % _COLUMNS * _ACROSS
            top = 0.05 + place // _COLUMNS * _BAND
            found = pairs_of(tables, reading)
            page.text(left, top, reading.title, fontsize=11.5)
            page.text(left, top + 0.22, _counted(found, reading), fontsize=9.5)
            axes = page.axes(left, top + _TITLE, _ACROSS - 0.02, _HIGH)
            _draw_triangle(axes)
            _draw_marks(axes, found)
        _draw_key(page, _LEFT + 2 * _ACROSS, 0.05 + _BAND + 0.25)
        return page.figure


def _counted(found: pd.DataFrame, reading: Reading) -> str:
    """How many of the pairs are clear, and from where to where, in words."""
    clear = found.loc[found["clear"], "middle"]
    if clear.empty:
        return f"None of {len(found)} pairs is clear"
    ends = dict.fromkeys((float(clear.min()), float(clear.max())))
    span = " to ".join(_short(number, max(abs(x) for x in ends)) for number in ends)
    return f"{len(clear)} of {len(found)} pairs clear: {span} {reading.unit}"


def _draw_triangle(axes: Axes) -> None:
    """Cells of all pairs, and each lever's name where its row ends and its column begins."""
    axes.set(xlim=(0, (_ACROSS - 0.02) / _CELL), ylim=(_N, 0))
    axes.set_axis_off()
    level = [((0, row), (min(row, _N - 1), row)) for row in range(1, _N + 1)]
    upright = [((at, at + 1 if at else 1), (at, _N)) for at in range(_N)]
    axes.add_collection(LineCollection([*level, *upright], colors="#D5D5D5", lw=0.7, zorder=1))
    for at, lever in enumerate(LEVERS):
        style: Any = {"va": "center", "fontsize": 9.5, "color": SIDE_INK[lever.side]}
        axes.text(at + 0.25, at + 0.5, lever.title, **style)


def _draw_marks(axes: Axes, found: pd.DataFrame) -> None:
    every: Any = found[found["clear"]].itertuples()
    clear = sorted(every, key=lambda pair: -abs(float(pair.middle)))
    largest = abs(clear[0].middle) if clear else 1.0
    taken = {(_PLACES[pair.other], _PLACES[pair.lever]) for pair in clear}
    for pair in clear:
        row, column = _PLACES[pair.other], _PLACES[pair.lever]
        marker, colour = _HELP if pair.middle < 0 else _SPOIL
        size = _SIZE[0] + (_SIZE[1] - _SIZE[0]) * (abs(pair.middle) / largest) ** 0.5
        axes.plot(
            column + 0.5,
            row + 0.5,
            marker=marker,
            markersize=size,
            markerfacecolor=colour,
            markeredgecolor="black",
            markeredgewidth=0.9,
            zorder=4,
        )
        up: Any = {"color": "#666666", "lw": 0.9, "ls": (0, (1, 2)), "zorder": 2}
        axes.plot((column + 0.5,) * 2, (column + 0.95, row + 0.5), **up)
        _write_number(axes, row, column, _short(pair.middle, largest), taken)


def _short(number: float, largest: float) -> str:
    """A number among others up to `largest` in two digits of that, in more if that is nothing."""
    fewest = max(decimals_of([largest]) - 1, 0)
    enough = (n for n in range(fewest, _MOST_DECIMALS) if round(number, n))
    return signed(number, next(enough, _MOST_DECIMALS))


def _write_number(
    axes: Axes, row: int, column: int, words: str, taken: set[tuple[int, int]]
) -> None:
    """Beside its mark, where enough cells are free on one side; these are then taken."""
    n = ceil(text_inches(words, _NUMBER) / _CELL + _OFF - 0.5)
    box = {"boxstyle": "square,pad=0.05", "fc": "white", "ec": "none"}
    style: Any = {"va": "center", "fontsize": _NUMBER, "zorder": 3, "bbox": box}
    for step, side in ((1, "left"), (-1, "right")):
        cells = [(row, column + step * far) for far in range(1, n + 1)]
        if all(0 <= at < row and (row, at) not in taken for _, at in cells):
            axes.text(column + 0.5 + step * _OFF, row + 0.5, words, ha=side, **style)
            taken.update(cells)
            return


def _draw_key(page: Sheet, left: float, top: float) -> None:
    wide = _ACROSS - 0.55
    for mark, words in _KEY:
        lines = wrapped(words, wide, 10)
        if mark:
            axes = page.axes(left, top, 0.3, 0.2)
            axes.set_axis_off()
            style: Any = {"marker": mark[0], "mfc": mark[1], "mec": "black", "mew": 0.9}
            axes.plot(0.5, 0.5, ms=12, **style)
        page.text(left + 0.35, top, "\n".join(lines))
        top += 0.19 * len(lines) + 0.12


def pairs_data(tables: MarginsTables) -> pd.DataFrame:
    """The pairs that are clear in some outcome: what both do together beyond the sum of each."""
    columns: dict[str, dict[tuple[str, str], str]] = {}
    for reading in MARGINS:
        found = pairs_of(tables, reading)
        decimals = decimals_of(found["middle"])
        rows: Any = found[found["clear"]].itertuples()
        columns[reading.heading] = {
            (r.lever, r.other): with_interval(r.middle, r.low, r.high, decimals, sign=True)
            for r in rows
        }
    told = sorted({pair for texts in columns.values() for pair in texts}, key=_order)
    names = {"lever": [_TITLES[one] for one, _ in told], "with": [_TITLES[two] for _, two in told]}
    texts = {head: [by.get(pair, "not clear") for pair in told] for head, by in columns.items()}
    return pd.DataFrame(names | texts)


def _order(pair: Sequence[str]) -> tuple[int, ...]:
    return tuple(_PLACES[name] for name in pair)


def pairs_alt(tables: MarginsTables) -> str:
    """What the figure shows, for those who hear it."""
    told = [f"{one.title.lower()}: {_told(pairs_of(tables, one), one)}" for one in MARGINS]
    return (
        "A triangle for each outcome, with a mark for each pair of levers that together do clearly "
        f"more or less than the sum of each alone, added to the mix of {tables.scenario}. By "
        f"outcome, {'; '.join(told)}."
    )


def _told(found: pd.DataFrame, reading: Reading) -> str:
    every: Any = found[found["clear"]].itertuples()
    rows = sorted(every, key=lambda pair: float(pair.middle))
    if not rows:
        return "no pair is clear"
    decimals = decimals_of(found["middle"])
    helping, spoiling = [r for r in rows if r.middle < 0], [r for r in rows if r.middle > 0]
    words = [f"{len(helping)} of {len(found)} pairs help each other, {len(spoiling)} spoil"]
    for what, pair in (("help", helping[:1]), ("spoil", spoiling[-1:])):
        words += [
            f"{_TITLES[r.lever]} and {_TITLES[r.other]} {what} most, "
            f"{signed(r.middle, decimals)} {reading.unit}"
            for r in pair
        ]
    return ", ".join(words)
