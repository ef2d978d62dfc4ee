"""Where a ranking reverses: every world as a dot between the assumptions that decide most."""

from collections.abc import Sequence
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from policymix.drawing import STYLE, WIDTH, LabelledFigure
from policymix.lettering import apart, lines_high, text_inches
from policymix.numerals import percent
from policymix.robust_panels import (
    FIRST_LESS,
    SECOND_LESS,
    Head,
    Mark,
    Room,
    dot_mark,
    four_panels,
    patch_mark,
    whole_lines,
)
from policymix.robust_planes import MOST_DOTS, Plane, bound_words, plane_of, sentences
from policymix.robust_readings import (
    SHOWN,
    Pair,
    RobustTables,
    box,
    drawn_differences,
    of_pair,
    reversals,
    scale_of,
    verdict,
)

_HIGH, _SIZE = 2.7, 9.5
_FIRST: Final[Any] = {"marker": "o", "ms": 5, "mfc": FIRST_LESS, "mec": "white", "mew": 0.4}
_SECOND: Final[Any] = {"marker": "x", "ms": 5, "mec": SECOND_LESS, "mew": 1.5}
_SAME: Final[Any] = {"marker": "_", "ms": 5, "mec": "#777777", "mew": 1.5}
_STAR: Final[Any] = {"marker": "*", "ms": 17, "mfc": "white", "mec": "black", "mew": 1.4}
_BOX: Final[Any] = {"fc": "#FFF1C4", "ec": "black", "lw": 1.6}
_STEPS: Final = (1, 2, 2.5, 5, 10)
_PALE: Final = 0.28


def flip(tables: RobustTables, pair: Pair) -> LabelledFigure:
    """Who has less in which world, a panel an outcome, and the box where the ranking reverses."""
    planes = [plane_of(tables, pair, reading.outcome) for reading in SHOWN]
    heads = [
        Head(reading.title, sentences(tables, pair, reading.outcome, plane))
        for reading, plane in zip(SHOWN, planes, strict=True)
    ]
    ups = [whole_lines(one.up.scale.heading, _HIGH) for one in planes]
    left = 0.66 + max(lines_high(label) for label in ups)
    wide = WIDTH / 2 - left - _right(planes)
    acrosses = [whole_lines(one.across.scale.heading, wide) for one in planes]
    room = Room(left, wide, _HIGH, 0.27, 0.42 + max(lines_high(label) for label in acrosses))
    title = f"{pair[0]} against {pair[1]}: where the ranking reverses"
    with mpl.rc_context(STYLE):
        notes = [*tables.notes, *_notes(tables, pair, planes)]
        page, panels = four_panels(title, notes, _key(planes, pair), heads, room)
        for axes, plane, across, up in zip(panels, planes, acrosses, ups, strict=True):
            _draw_plane(axes, plane)
            _write_ends(axes, plane, room)
            axes.set_xlabel(across, fontsize=10, linespacing=1.1)
            axes.set_ylabel(up, fontsize=10, linespacing=1.1)
        return page.figure


def _notes(tables: RobustTables, pair: Pair, planes: Sequence[Plane]) -> list[str]:
    n, told = len(drawn_differences(tables, pair, SHOWN[0].outcome)), []
    if n > MOST_DOTS:
        told.append(f"{MOST_DOTS:,} of the {n:,} worlds are drawn, evenly; shares are of all.")
    if any(one.bounds for one in planes) and not of_pair(tables.checks, pair).empty:
        told.append("Counts inside and outside a box are of worlds that were not used to find it.")
    return told


def _right(planes: Sequence[Plane]) -> float:
    """Room at the right of the axes for the thresholds that are written there [inches]."""
    ends = [text_inches(words, _SIZE, "bold") for one in planes for _, words in one.up.ends]
    return max([0.2, *ends]) + 0.12


def _key(planes: Sequence[Plane], pair: Pair) -> list[Mark]:
    marks = [
        dot_mark(f"{pair[0]} has less", **_FIRST | {"ms": 8}),
        dot_mark(f"{pair[1]} has less", **_SECOND | {"ms": 8, "mew": 2}),
    ]
    if any((one.dots["difference"] == 0).any() for one in planes):
        marks.append(dot_mark("neither has less", **_SAME | {"ms": 8}))
    marks.append(dot_mark("central world: all as in the ledger", **_STAR | {"ms": 14}))
    if any(one.bounds for one in planes):
        marks.append(patch_mark("box of reversals", **_BOX))
    return marks


def _draw_plane(axes: Axes, plane: Plane) -> None:
    across, up = plane.across, plane.up
    axes.set(xlim=(across.first, across.last), ylim=(up.first, up.last))
    if plane.bounds:
        (x0, x1), (y0, y1) = across.inside, up.inside
        axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, zorder=0.6, **_BOX))
        edge: Any = _BOX | {"fc": "none", "zorder": 3.5}
        axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, **edge))
    dots = plane.dots
    kinds: list[tuple[pd.Series[bool], Any]] = [
        (dots["difference"] == 0, _SAME),
        (dots["difference"] < 0, _FIRST),
        (dots["difference"] > 0, _SECOND),
    ]
    for has_less, look in sorted(kinds, key=lambda kind: -int(kind[0].sum())):
        for holds, alpha in ((False, _PALE), (True, 1.0)):
            shown = dots[has_less & (dots["holds"] == holds)]
            if len(shown):
                style: Any = {"linestyle": "none", "alpha": alpha, "zorder": 2 + holds, **look}
                axes.plot(shown["x"], shown["y"], **style)
    axes.plot(across.star, up.star, linestyle="none", zorder=5, **_STAR)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=_STEPS))
    axes.tick_params(labelsize=_SIZE)


def _write_ends(axes: Axes, plane: Plane, room: Room) -> None:
    """The box's thresholds at its edges: above the axes and at their right."""
    style: Any = {"fontsize": _SIZE, "fontweight": "bold", "va": "center"}
    across, up = plane.across, plane.up
    words = [told for _, told in across.ends]
    widths = [text_inches(told, _SIZE, "bold") + 0.12 for told in words]
    per_inch = (across.last - across.first) / room.wide
    middles = [(at - across.first) / per_inch for at, _ in across.ends]
    starts = [middle - wide / 2 for middle, wide in zip(middles, widths, strict=True)]
    for told, start, wide in zip(words, apart(starts, widths, room.wide), widths, strict=True):
        at = (start + wide / 2) / room.wide
        axes.text(at, 1 + 0.11 / room.high, told, ha="center", transform=axes.transAxes, **style)
    line = lines_high("", _SIZE)
    tops = [(up.last - at) / (up.last - up.first) * room.high - line / 2 for at, _ in up.ends]
    order = sorted(range(len(tops)), key=tops.__getitem__)
    places = apart([tops[k] for k in order], [line] * len(tops), room.high)
    for k, place in zip(order, places, strict=True):
        at = 1 - (place + line / 2) / room.high
        axes.text(1 + 0.06 / room.wide, at, up.ends[k][1], transform=axes.transAxes, **style)


def flip_data(tables: RobustTables, pair: Pair) -> pd.DataFrame:
    """A row a side of each box: the assumption, its values, how well the box explains."""
    rows: list[tuple[str, ...]] = []
    for reading in SHOWN:
        told = verdict(tables, pair, reading.outcome)
        start = (reading.title, told.words)
        bounds = box(tables, pair, reading.outcome)
        found: Any = of_pair(tables.flips, pair, reading.outcome).to_dict("records")
        for bound, row in zip(bounds, found, strict=True):
            scale = scale_of(tables, bound.assumption)
            shares = (percent(float(row["coverage"])), percent(float(row["density"])))
            rows.append((*start, scale.title, scale.span(bound), scale.unit, scale.grade, *shares))
        if not bounds:
            rows.append((*start, _without_box(tables, pair, reading.outcome), *[""] * 5))
    heads = ("outcome", "in most worlds", "reversed where", "is", "unit", "grade")
    shares = ("share of reversals in the box", "share of the box that is reversed")
    return pd.DataFrame(rows, columns=[*heads, *shares])


def _without_box(tables: RobustTables, pair: Pair, outcome: str) -> str:
    if verdict(tables, pair, outcome).is_same:
        return "no ranking"
    return "no box found" if reversals(tables, pair, outcome) else "never reversed"


def flip_alt(tables: RobustTables, pair: Pair) -> str:
    """What the figure shows, for those who hear it."""
    told = []
    for reading in SHOWN:
        outcome = reading.outcome
        bounds = box(tables, pair, outcome)
        where = " and ".join(bound_words(tables, bound) for bound in bounds)
        ending = f"reversed mostly where {where}"
        ending = ending if bounds else _without_box(tables, pair, outcome)
        told.append(f"{reading.title}: {verdict(tables, pair, outcome).words}, {ending}")
    return (
        "Four planes, one an outcome, with a dot for each world between the two assumptions that "
        f"decide most. {'; '.join(told)}."
    )
