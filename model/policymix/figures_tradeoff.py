"""The trade-off plane: addiction against cartel revenue and profit, a dot a scenario."""

from collections.abc import Sequence
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from policymix.drawing import STYLE, WIDTH, LabelledFigure, Look, Sheet, looks_of, sheet
from policymix.lettering import LINE_SPACING, lines_high, name_dots, name_lines
from policymix.readings import (
    ADDICTED,
    PROFIT,
    REVENUE,
    Reading,
    Tables,
    extremes_words,
    names_in,
    texts_by_scenario,
)

_BODY: Final = 5.6
_NAME_WIDE: Final = 9.8


def tradeoff(summary: pd.DataFrame, reference: str, notes: Sequence[str] = ()) -> LabelledFigure:
    """Addiction against cartel revenue and profit: paired differences from the reference.

    A dot a scenario with its 95 % intervals both ways; the reference is where the axes cross.
    """
    looks = looks_of(names_in(summary), reference)
    title = f"The trade-off: difference from {reference}"
    with mpl.rc_context(STYLE):
        page = sheet(title, notes, _BODY)
        planes = _draw_planes(page, summary, looks, reference)
        if not all(name_dots(axes, dots) for axes, dots in planes):
            page = sheet(title, notes, _BODY + _key_high(looks))
            _draw_planes(page, summary, looks, reference)
            _draw_key(page, looks, reference)
        return page.figure


def _draw_planes(
    page: Sheet, summary: pd.DataFrame, looks: dict[str, Look], reference: str
) -> list[tuple[Axes, dict[str, Bbox]]]:
    planes = []
    for place, reading in enumerate((REVENUE, PROFIT)):
        axes = page.axes(0.85 + place * 5.65, 0.3, 4.75, 4.75)
        planes.append((axes, _draw_plane(axes, summary, looks, reference, reading)))
        axes.set_title(f"{reading.title} against addiction", fontsize=12)
        axes.set_xlabel("people with addiction at the end, million more or fewer")
        axes.set_ylabel(f"{reading.title.lower()} a year, billion USD more or less")
    return planes


def _key_high(looks: dict[str, Look]) -> float:
    return sum(lines_high(name_lines(name, _NAME_WIDE)) + 0.07 for name in looks) + 0.1


def _draw_key(page: Sheet, looks: dict[str, Look], reference: str) -> None:
    """Marks and names below each other, for names that find no room in the planes."""
    high = _key_high(looks)
    axes = page.axes(0, _BODY, WIDTH, high)
    axes.set_axis_off()
    axes.set(xlim=(0, WIDTH), ylim=(high, 0))
    top = 0.0
    for name, look in looks.items():
        words = name_lines(name, _NAME_WIDE)
        _draw_mark(axes, 0.95, top + 0.09, look, is_reference=name == reference)
        axes.text(1.2, top, words, va="top", fontsize=10, linespacing=LINE_SPACING)
        top += lines_high(words) + 0.07


def _draw_plane(
    axes: Axes, summary: pd.DataFrame, looks: dict[str, Look], reference: str, reading: Reading
) -> dict[str, Bbox]:
    """Draw one plane; returns what each scenario's dot and intervals span, in data coordinates."""
    dots = {}
    across, up = ADDICTED.differences(summary), reading.differences(summary)
    for name, look in looks.items():
        x: Any = across.loc[name]
        y: Any = up.loc[name]
        dots[name] = _span(x, y)
        if name != reference:
            _draw_intervals(axes, x, y, look.colour)
        _draw_mark(axes, x.middle, y.middle, look, is_reference=name == reference)
    axes.axhline(0, color="#888888", lw=1, zorder=1)
    axes.axvline(0, color="#888888", lw=1, zorder=1)
    axes.margins(0.22)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    return dots


def _draw_mark(axes: Axes, x: float, y: float, look: Look, *, is_reference: bool) -> None:
    axes.plot(
        x,
        y,
        marker=look.marker,
        markersize=12 if is_reference else 9,
        markerfacecolor="white" if is_reference else look.colour,
        markeredgecolor="black",
        markeredgewidth=1.8 if is_reference else 0.8,
        zorder=4,
    )


def _draw_intervals(axes: Axes, x: Any, y: Any, colour: str) -> None:
    """Both intervals, with an edge that keeps light ones visible on a projector."""
    edge = [Stroke(linewidth=2.4, foreground="#777777"), Normal()]
    style: Any = {"color": colour, "lw": 1.6, "zorder": 2, "path_effects": edge}
    axes.plot((x.low, x.high), (y.middle,) * 2, **style)
    axes.plot((x.middle,) * 2, (y.low, y.high), **style)


def _span(x: Any, y: Any) -> Bbox:
    """The box of both intervals, or of the dot alone where there are none."""
    (x0, x1), (y0, y1) = (one[["low", "high"]].fillna(one["middle"]).tolist() for one in (x, y))
    return Bbox.from_extents(x0, y0, x1, y1)


def tradeoff_data(tables: Tables) -> pd.DataFrame:
    """A row a scenario: its differences from the reference in the three outcomes."""
    shown = (ADDICTED, REVENUE, PROFIT)
    texts = {
        f"{one.heading}, more or less than {tables.reference}": one.difference_texts(
            tables.summary, tables.reference
        )
        for one in shown
    }
    return texts_by_scenario(texts)


def tradeoff_alt(tables: Tables) -> str:
    """What the figure shows, for those who hear it."""
    told = [
        f"{one.title.lower()}: "
        + extremes_words(one.differences(tables.summary).drop(index=tables.reference), one.unit)
        for one in (ADDICTED, REVENUE, PROFIT)
    ]
    return (
        "Two planes with a dot for each scenario: the difference in people with addiction from "
        f"{tables.reference} against that in cartel revenue, and against that in cartel profit. "
        f"Clear differences furthest out, {'; '.join(told)}."
    )
