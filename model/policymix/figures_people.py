"""The same people followed to their ends under the reference and under each other scenario."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from policymix.drawing import FEWER, MORE, STYLE, LabelledFigure, Sheet, sheet
from policymix.ends import END_NAMES, ENDS, fared
from policymix.lettering import lines_high, name_lines, text_inches
from policymix.numerals import plain, with_interval
from policymix.readings import Tables, others_in
from policymix.reasons import FARED
from policymix.units import MILLION

_BETTER, _WORSE, _NEITHER = FEWER, MORE, "#BBBBBB"
_COLUMNS: Final = 4
_LABELS, _BETWEEN, _RIGHT = 1.62, 0.3, 11.38
_SLOT, _PAD, _APART = 0.2, 0.05, 0.12
_MOVERS, _MOVERS_OF_FEW = 1.35, 2.2
_NODE: Final = 0.07
_EDGED: Final = 0.03
_HEAD, _COUNTS, _BAND_GAP = 0.06, 0.95, 0.28
_ROUND: Final = (1, 2, 5)


@dataclass(frozen=True)
class Ribbon:
    """People whose end differs: how many, and where their ribbon's upper edge begins and ends."""

    before: str
    after: str
    people: float
    left: float
    right: float


@dataclass(frozen=True)
class Slots:
    """Where each end's row is [inches from the top], the same in all panels; and the scale."""

    tops: dict[str, float]
    heights: dict[str, float]
    high: float
    inches_per_person: float


def same_people(
    ends: pd.DataFrame, fared_table: pd.DataFrame, reference: str, notes: Sequence[str] = ()
) -> LabelledFigure:
    """Where the same people end under the reference (left) and under each scenario (right).

    Ribbons are those whose end differs; upwards is better. Whoever ends the same, and the counts
    of those who fared better and worse, are said in words.
    """
    names = others_in(ends, reference)
    moved = {name: movers(ends, name) for name in names}
    n_columns = _n_columns(len(names))
    is_one_row = len(names) <= n_columns
    slots = place_ends(list(moved.values()), _MOVERS_OF_FEW if is_one_row else _MOVERS)
    wide = (_RIGHT - 2 * _LABELS + _BETWEEN) / n_columns - _BETWEEN
    titles = {name: name_lines(name, wide, 11, "bold") for name in names}
    bands = [names[at : at + n_columns] for at in range(0, len(names), n_columns)]
    heads = [max(lines_high(titles[name], 11) for name in band) + _HEAD for band in bands]
    body = sum(heads) + len(bands) * (_COUNTS + slots.high + _BAND_GAP) + 0.3
    with mpl.rc_context(STYLE):
        page = sheet(f"The same people under {reference} and under the others", notes, body)
        top = 0.05
        for band, head in zip(bands, heads, strict=True):
            below = top + head + _COUNTS
            for place, name in enumerate(band):
                left = _LABELS + place * (wide + _BETWEEN)
                page.text(left, top, titles[name], fontsize=11, fontweight="bold")
                _write_counts(page, left, top + head, wide, ends, fared_table, name)
                axes = page.axes(left, below, wide, slots.high)
                _draw_flows(axes, moved[name], slots, wide)
            _label_ends(page, slots, below, _LABELS + len(band) * (wide + _BETWEEN) - _BETWEEN)
            top = below + slots.high + _BAND_GAP
        _draw_key(page, top - 0.1, slots)
        return page.figure


def _n_columns(n: int) -> int:
    """As many columns as leave the last row of panels fullest."""
    n_rows = -(-n // _COLUMNS) or 1
    return -(-n // n_rows) or 1


def movers(ends: pd.DataFrame, name: str) -> pd.DataFrame:
    """People by their end under the reference (rows) and under `name` (columns), if they differ."""
    rows = ends[ends["scenario"] == name]
    pairs = zip(rows["end_under_reference"], rows["end"], rows["mean"], strict=True)
    table = pd.DataFrame(0.0, index=list(END_NAMES), columns=list(END_NAMES))
    for before, after, people in pairs:
        if before != after:
            table.loc[before, after] = people
    return table


def place_ends(moved: Sequence[pd.DataFrame], high: float) -> Slots:
    """Rows that hold the largest number of movers from or to each end, on one scale for all.

    All of these largest numbers together are `high` inches high.
    """
    largest = pd.Series(0.0, index=list(END_NAMES))
    for table in moved:
        largest = largest.combine(table.sum(axis=1), max).combine(table.sum(axis=0), max)
    scale = high / largest.sum() if largest.sum() else 0.0
    tops, heights, at = {}, {}, 0.0
    for name in END_NAMES:
        at += _APART if name == "aged_out" else 0.0
        tops[name], heights[name] = at, max(_SLOT, largest[name] * scale + _PAD)
        at += heights[name]
    return Slots(tops, heights, at, scale)


def ribbons(table: pd.DataFrame, slots: Slots) -> list[Ribbon]:
    """A ribbon for every pair of different ends that someone has; stacked within their rows."""
    scale = slots.inches_per_person
    starts = {name: _first(table.sum(axis=1)[name], name, slots) for name in END_NAMES}
    stops = {name: _first(table.sum(axis=0)[name], name, slots) for name in END_NAMES}
    found = []
    for before in END_NAMES:
        for after in END_NAMES:
            people = float(table.loc[before, after])  # type: ignore[arg-type]
            if people > 0:
                found.append(Ribbon(before, after, people, starts[before], stops[after]))
                starts[before] += people * scale
                stops[after] += people * scale
    return found


def _first(people: float, name: str, slots: Slots) -> float:
    return slots.tops[name] + (slots.heights[name] - people * slots.inches_per_person) / 2


def _draw_flows(axes: Axes, table: pd.DataFrame, slots: Slots, wide: float) -> None:
    axes.set(xlim=(0, wide), ylim=(slots.high, 0))
    axes.set_axis_off()
    for name in END_NAMES:
        middle = slots.tops[name] + slots.heights[name] / 2
        axes.plot((0, wide), (middle, middle), color="#ECECEC", lw=0.6, zorder=0)
    for ribbon in sorted(ribbons(table, slots), key=lambda one: -one.people):
        _draw_ribbon(axes, ribbon, slots.inches_per_person, wide)
    for x, sums in ((0.0, table.sum(axis=1)), (wide - _NODE, table.sum(axis=0))):
        for name in END_NAMES:
            high = sums[name] * slots.inches_per_person
            if high:
                place = (x, _first(sums[name], name, slots))
                axes.add_patch(Rectangle(place, _NODE, high, color="#222222", lw=0, zorder=4))
    if not table.to_numpy().any():
        words: Any = {"ha": "center", "va": "center", "fontsize": 10}
        axes.text(wide / 2, slots.high / 2, "nobody ends\ndifferently", **words)


def _draw_ribbon(axes: Axes, ribbon: Ribbon, scale: float, wide: float) -> None:
    thick, x0, x1 = ribbon.people * scale, _NODE, wide - _NODE
    bend, middle = (x0 + x1) / 2, (ribbon.left, ribbon.right)
    upper = [(x0, middle[0]), (bend, middle[0]), (bend, middle[1]), (x1, middle[1])]
    lower = [(x, y + thick) for x, y in reversed(upper)]
    curve = [Path.CURVE4] * 3
    codes = [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
    how = fared(ribbon.before, ribbon.after)
    colour = {"better": _BETTER, "worse": _WORSE}.get(how, _NEITHER)
    edge = 0.4 if thick > _EDGED else 0.0
    style: Any = {"fc": colour, "ec": "white", "lw": edge, "alpha": 0.88, "zorder": 2}
    hatch = "\\\\\\\\" if how == "worse" else None
    axes.add_patch(PathPatch(Path([*upper, *lower, upper[0]], codes), hatch=hatch, **style))


def _label_ends(page: Sheet, slots: Slots, top: float, right: float) -> None:
    """The ends' titles on both sides of a row of panels."""
    for name, title in ENDS:
        y = top + slots.tops[name] + slots.heights[name] / 2
        words: Any = {"va": "center", "fontsize": 9.5}
        page.text(_LABELS - 0.08, y, title, ha="right", **words)
        page.text(right + 0.08, y, title, **words)
    words = {"va": "bottom", "fontsize": 9.5, "fontstyle": "italic", "linespacing": 1.0}
    page.text(_LABELS - 0.08, top - 0.06, "end under\nthe reference", ha="right", **words)
    page.text(right + 0.08, top - 0.06, "the same people's\nend under this one", **words)


def _write_counts(
    page: Sheet,
    left: float,
    top: float,
    wide: float,
    ends: pd.DataFrame,
    fared_table: pd.DataFrame,
    name: str,
) -> None:
    """How many fared better and worse, in millions with their interval; how many end the same."""
    for place, (how, mark) in enumerate((("better", "▲"), ("worse", "▼"))):
        number, low, high = _count(fared_table, name, how)
        at = left + place * wide / 2
        page.text(at, top, f"{mark} {how}", fontsize=9.5)
        page.text(at, top + 0.17, plain(number, 2), fontsize=12, fontweight="bold")
        if np.isfinite(low):
            page.text(at, top + 0.38, f"{plain(low, 2)} to {plain(high, 2)}", fontsize=9)
    total, same = _same(ends, name)
    words = f"same end: {plain(same, 1)} of {plain(total, 1)}"
    page.text(left, top + 0.57, words, fontsize=9, color="#444444")


def _count(fared_table: pd.DataFrame, name: str, how: str) -> tuple[float, float, float]:
    """Million people who fared so, and the interval."""
    is_it = (fared_table["scenario"] == name) & (fared_table["fared"] == how)
    numbers: Any = fared_table[is_it][["mean", "low", "high"]].to_numpy() / MILLION
    middle, low, high = numbers[0].tolist()
    return middle, low, high


def _same(ends: pd.DataFrame, name: str) -> tuple[float, float]:
    """(everyone, those whose end is the same) in million people."""
    rows = ends[ends["scenario"] == name]
    is_same = rows["end"] == rows["end_under_reference"]
    return float(rows["mean"].sum()) / MILLION, float(rows["mean"][is_same].sum()) / MILLION


def _draw_key(page: Sheet, top: float, slots: Slots) -> None:
    axes = page.axes(0, top, _RIGHT, 0.25)
    axes.set_axis_off()
    axes.set(xlim=(0, _RIGHT), ylim=(0, 0.25))
    left = 0.115
    words = "Million people, 95 % intervals. Only those are drawn whose end differs: "
    axes.text(left, 0.125, words, va="center", fontsize=9.5)
    left += text_inches(words, 9.5) + 0.05
    for colour, hatch, words in (
        (_BETTER, "", "better, upwards"),
        (_WORSE, "\\\\\\\\", "worse"),
        (_NEITHER, "", "neither (exit age)"),
    ):
        patch = Rectangle((left, 0.05), 0.24, 0.15, fc=colour, ec="white", lw=0, hatch=hatch)
        axes.add_patch(patch)
        axes.text(left + 0.3, 0.125, words, va="center", fontsize=9.5)
        left += 0.3 + text_inches(words, 9.5) + 0.2
    if slots.inches_per_person:
        people = _round_number(0.25 / slots.inches_per_person)
        high = people * slots.inches_per_person
        axes.add_patch(Rectangle((left, 0.125 - high / 2), _NODE, high, color="#222222", lw=0))
        words = f"as high as {people / MILLION:g} million"
        axes.text(left + 0.14, 0.125, words, va="center", fontsize=9.5)


def _round_number(most: float) -> float:
    """The largest of 1, 2, 5, 10, ... that is not above `most`."""
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(power * one for one in _ROUND if power * one <= most))


def same_people_data(tables: Tables) -> pd.DataFrame:
    """A row a scenario: how many fared better, worse and neither, in million people."""
    rows = []
    for name in others_in(tables.ends, tables.reference):
        told = [
            with_interval(*_count(tables.fared, name, how), 2) for how in ("better", "worse", "net")
        ]
        total, same = _same(tables.ends, name)
        rows.append((name, *told, plain(same, 1), plain(total, 1)))
    heads = ("fared better", "fared worse", "better less worse", "ends the same", "everyone")
    columns = [f"{head}, million people" for head in heads]
    return pd.DataFrame(rows, columns=["scenario", *columns])


def same_people_alt(tables: Tables) -> str:
    """What the figure shows, for those who hear it."""
    told = []
    for name in others_in(tables.ends, tables.reference):
        better, worse = (plain(_count(tables.fared, name, how)[0], 2) for how in FARED)
        told.append(f"{name} {better} better and {worse} worse")
    return (
        f"Flows of the same people from their ends under {tables.reference} to those under each "
        f"other scenario. Million people who fared: {'; '.join(told)}."
    )
