"""Words in pictures: how wide they are, where long ones break, and names beside their dots."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from policymix.problems import printable

FONT: Final = "DejaVu Sans"
DPI: Final = 125
LINE_SPACING: Final = 1.1
_OFFSETS: Final = tuple(
    (far * dx, far * dy)
    for far in (1.0, 1.8, 2.8, 4.0, 5.5)
    for dx, dy in ((9, 9), (9, -9), (-9, 9), (-9, -9), (11, 0), (-11, 0), (0, 13), (0, -13))
)
"""Where a dot's name may stand, from near to far [points]."""
_DOT_NAME_WIDE: Final = 1.7
_HALF_DOT: Final = 10
_SIDES: Final[dict[int, Any]] = {1: "left", 0: "center", -1: "right"}


@lru_cache(maxsize=4096)
def text_inches(words: str, size: float, weight: str = "normal") -> float:
    """How wide one line of words is [inches]."""
    font = FontProperties(family=FONT, size=size, weight=weight)
    width, _, _ = _ruler().get_text_width_height_descent(words, font, ismath=False)
    return float(width) / DPI * 1.01


@cache
def _ruler() -> Any:
    return RendererAgg(1, 1, DPI)  # type: ignore[no-untyped-call]


def name_lines(name: str, inches: float, size: float = 10, weight: str = "normal") -> str:
    """A scenario's name in as many lines as it needs to be no wider than `inches`.

    It is broken behind `_`, `-` or a space where that helps, else anywhere; nothing is added.
    """
    return "\n".join(wrapped(name, inches, size, weight, r"[^_\- ]*[_\- ]?"))


def wrapped(
    text: str, inches: float, size: float, weight: str = "normal", pieces: str = "[^ ]* ?"
) -> list[str]:
    """Lines no wider than `inches`, broken behind `pieces` where these are not too long."""
    lines = [""]
    for piece in re.findall(pieces, printable(text)):
        for part in piece if text_inches(piece, size, weight) > inches else [piece]:
            if lines[-1] and text_inches(lines[-1] + part, size, weight) > inches:
                lines.append("")
            lines[-1] += part
    return lines


def lines_high(text: str, size: float = 10) -> float:
    """How high lines of text are [inches], at a line spacing of `LINE_SPACING`."""
    return (1 + text.count("\n")) * size * 1.18 * LINE_SPACING / 72


def apart(starts: Sequence[float], widths: Sequence[float], end: float) -> list[float]:
    """Where texts begin that would begin at `starts`, moved so that none covers another."""
    places, free = [], 0.0
    for start, width in zip(starts, widths, strict=True):
        places.append(max(start, free))
        free = places[-1] + width
    for at in reversed(range(len(places))):
        places[at] = min(places[at], end - widths[at])
        end = places[at]
    return places


def name_dots(axes: Axes, dots: dict[str, Bbox]) -> bool:
    """Write each name near its dot, where it covers neither a dot, an interval nor a name.

    `dots` are boxes in data coordinates: the span of both intervals, or the dot alone. Returns
    whether there was such a place for every name; one without goes beside its dot all the same.
    """
    axes.autoscale_view()
    canvas: Any = FigureCanvasAgg(axes.get_figure(root=True))
    renderer = canvas.get_renderer()
    taken = [arm for box in dots.values() for arm in _arms(axes, box)]
    inside, all_fit = axes.get_window_extent(), True
    for name, box in dots.items():
        text = axes.annotate(
            name_lines(name, _DOT_NAME_WIDE),
            xy=((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2),
            xytext=_OFFSETS[0],
            textcoords="offset points",
            va="center",
            fontsize=10,
            linespacing=LINE_SPACING,
            arrowprops={"arrowstyle": "-", "color": "#888888", "lw": 0.7, "shrinkB": 4},
            zorder=5,
        )
        text.set_in_layout(False)
        for offset in (*_OFFSETS, _OFFSETS[0]):
            text.set_position(offset)
            text.set_horizontalalignment(_SIDES[int(np.sign(offset[0]))])
            text.update_positions(renderer)
            extent = Text.get_window_extent(text, renderer).padded(1.5)
            free = not any(extent.overlaps(other) for other in taken)
            if free and all(inside.contains(*corner) for corner in extent.corners()):
                break
        else:
            all_fit = False
        taken.append(extent)
    return all_fit


def _arms(axes: Axes, box: Bbox) -> tuple[Bbox, Bbox]:
    """Both intervals through the middle of `box`, with the dot's half around them [pixels]."""
    x0, y0, x1, y1 = Bbox(axes.transData.transform(box.get_points())).extents
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    level, upright = Bbox.from_extents(x0, y, x1, y), Bbox.from_extents(x, y0, x, y1)
    return level.padded(_HALF_DOT), upright.padded(_HALF_DOT)
