"""Which assumptions make the difference between two scenarios vary from world to world."""

from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from policymix.assumptions import GRADES
from policymix.drawing import INK, STYLE, LabelledFigure, plain_rows
from policymix.lettering import lines_high
from policymix.numerals import percent, with_interval
from policymix.readings import Reading
from policymix.robust_panels import Head, Room, dot_mark, four_panels, patch_mark, whole_lines
from policymix.robust_readings import (
    SHOWN,
    Pair,
    RobustTables,
    indices_notes,
    indices_of,
    title_of,
)
from policymix.robustness import OTHERS
from policymix.worlds import CHANCE

MOST: Final = 8
"""Assumptions in a panel; together with all others and chance they are its rows."""
_LABELS, _LEFT, _WIDE = 2.5, 2.7, 2.85
_ROW, _SIZE = 0.3, 9.5
_IN_EVERY_RESAMPLE: Final = "the same in every resample"
_BAR: Final[Any] = {"fc": "#56B4E9", "ec": INK, "lw": 0.8}
_REST: Final[Any] = _BAR | {"fc": "#DDDDDD"}
_DOT: Final[Any] = {"marker": "D", "ms": 5, "mfc": "black", "mec": "black"}
_TOTAL_AT, _FIRST_AT, _BAR_HIGH = -0.12, 0.3, 0.44
"""Where bar and dot are within a row, whose height is 1."""


def has_sensitivity(tables: RobustTables, pair: Pair) -> bool:
    """Whether there are indices of this pair."""
    return not indices_of(tables, pair).empty


def rows_of(tables: RobustTables, pair: Pair, outcome: str) -> pd.DataFrame:
    """The largest total indices first, at most `MOST`; all other assumptions and chance last."""
    found = indices_of(tables, pair, outcome)
    if found.empty:
        return found
    found = found.sort_values("total", ascending=False, kind="stable")
    is_rest = found["group"].isin((OTHERS, CHANCE))
    rest = found[is_rest].sort_values("group", kind="stable")
    return found.loc[[*found[~is_rest].head(MOST).index, *rest.index]]


def sensitivity(tables: RobustTables, pair: Pair) -> LabelledFigure:
    """Shares of the variance of the difference, a panel an outcome, a row an assumption."""
    shown = [one for one in SHOWN if len(rows_of(tables, pair, one.outcome))]
    found = [rows_of(tables, pair, reading.outcome) for reading in shown]
    labels = [[_label(tables, row) for row in rows.to_dict("records")] for rows in found]
    row_high = max([_ROW, *(lines_high(one, _SIZE) + 0.03 for own in labels for one in own)])
    n_rows = max(len(own) for own in labels)
    room = Room(_LEFT, _WIDE, row_high * n_rows, 0.04, 0.64)
    heads = [Head(reading.title, _left_out(tables, pair, reading.outcome)) for reading in shown]
    key = [
        patch_mark("total: with all that it does together with others", **_BAR),
        dot_mark("first order: what it does alone", **_DOT),
    ]
    title = f"Why {pair[0]} minus {pair[1]} differs from world to world"
    notes = [*tables.notes, *indices_notes(tables, pair)]
    with mpl.rc_context(STYLE):
        page, panels = four_panels(title, notes, key, heads, room)
        for axes, rows, own in zip(panels, found, labels, strict=True):
            _draw_rows(axes, rows, own, n_rows)
            axes.set_xlim(*_limits(found))
            axes.set_xlabel("share of the variance between worlds", fontsize=10)
        return page.figure


def _label(tables: RobustTables, row: dict[Any, Any]) -> str:
    name, grade = str(row["group"]), str(row["grade"])
    words = f"{title_of(tables, name)} (grade C)" if grade == "C" else title_of(tables, name)
    lines = whole_lines(words, _LABELS, _SIZE).split("\n")
    return "\n".join(line.rstrip() for line in lines)


def _left_out(tables: RobustTables, pair: Pair, outcome: str) -> list[str]:
    """That not all assumptions are shown."""
    every = indices_of(tables, pair, outcome)
    n = int((~every["group"].isin((OTHERS, CHANCE))).sum())
    return [f"The {MOST} largest of {n} assumptions."] if n > MOST else []


def _limits(found: list[pd.DataFrame]) -> tuple[float, float]:
    """From 0 to 1, or further where an interval goes further; the same in all panels."""
    ends = ["total_low", "total_high", "first_low", "first_high", "total", "first_order"]
    numbers = pd.concat(found)[ends].to_numpy()
    low, high = min(0.0, float(np.nanmin(numbers))), max(1.0, float(np.nanmax(numbers)))
    return low - (0.03 if low < 0 else 0.0), high + 0.03


def _draw_rows(axes: Axes, rows: pd.DataFrame, labels: list[str], n: int) -> None:
    plain_rows(axes, n)
    axes.axvline(0, color="#444444", lw=1.2, zorder=1)
    every: Any = rows.itertuples()
    for at, (row, label) in enumerate(zip(every, labels, strict=True)):
        look = _REST if row.group in (OTHERS, CHANCE) else _BAR
        axes.barh(at + _TOTAL_AT, row.total, _BAR_HIGH, zorder=2, **look)
        ends = (row.total_low, row.total_high)
        axes.plot(ends, (at + _TOTAL_AT,) * 2, color="black", lw=1.8, zorder=3)
        ends = (row.first_low, row.first_high)
        axes.plot(ends, (at + _FIRST_AT,) * 2, color="black", lw=0.9, zorder=3)
        axes.plot(row.first_order, at + _FIRST_AT, zorder=4, **_DOT)
        place: Any = {"transform": axes.get_yaxis_transform(), "ha": "right", "va": "center"}
        axes.text(-0.03, at, label, fontsize=_SIZE, linespacing=1.1, **place)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.tick_params(axis="x", labelsize=9.5)


def sensitivity_data(tables: RobustTables, pair: Pair) -> pd.DataFrame:
    """A row an outcome and group: both indices with their intervals."""
    rows = [
        (
            reading.title,
            title_of(tables, str(row["group"])),
            row["grade"] if row["grade"] in GRADES else "",
            with_interval(
                row["total"], row["total_low"], row["total_high"], 2, alike=_IN_EVERY_RESAMPLE
            ),
            with_interval(
                row["first_order"], row["first_low"], row["first_high"], 2, alike=_IN_EVERY_RESAMPLE
            ),
        )
        for reading in SHOWN
        for row in rows_of(tables, pair, reading.outcome).to_dict("records")
    ]
    columns = ["outcome", "assumption", "grade", "total share of variance", "first order"]
    return pd.DataFrame(rows, columns=columns)


def sensitivity_alt(tables: RobustTables, pair: Pair) -> str:
    """What the figure shows, for those who hear it."""
    told = [_largest(tables, pair, reading) for reading in SHOWN]
    return (
        f"Bars, a panel an outcome, of what makes {pair[0]} minus {pair[1]} differ from world to "
        f"world. Largest total shares of the variance, {'; '.join(told)}."
    )


def _largest(tables: RobustTables, pair: Pair, reading: Reading) -> str:
    rows: Any = rows_of(tables, pair, reading.outcome).head(1).to_dict("records")
    for row in rows:
        return f"{reading.title}: {title_of(tables, row['group'])} {percent(row['total'])}"
    return f"{reading.title}: none"
