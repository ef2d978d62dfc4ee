"""A triangle of mixes: its corners are all supply, all demand and all cooperation."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patheffects import Normal, Stroke
from matplotlib.transforms import Bbox
from matplotlib.tri import TriAnalyzer, Triangulation
from mpltern.ternary import TernaryAxes
from numpy.typing import NDArray

from policymix.drawing import SIDE_INK, Sheet
from policymix.lettering import DPI, text_inches
from policymix.levers import SIDES

TALL: Final = 0.5 * 3**0.5
"""Height of a triangle whose sides are one."""
ABOVE, BELOW = 0.28, 0.72
"""What words and numbers need above and below the triangle [inches]."""
COLOURS: Final = "cividis"
STAR: Final[dict[str, Any]] = {"marker": "*", "ms": 17, "mfc": "white", "mec": "black", "mew": 1.4}
RING: Final[dict[str, Any]] = {"marker": "o", "mfc": "none", "mec": "black", "ls": "none"}
_TICKS: Final = (0.2, 0.4, 0.6, 0.8)
_ALONG: Final = ("← more supply", "← more demand", "more cooperation →")
"""Beside the numbers of each side, the arrow towards its corner."""
_CORNERS: Final[tuple[dict[str, Any], ...]] = (
    {"ha": "center", "va": "bottom"},
    {"ha": "right", "va": "top"},
    {"ha": "left", "va": "top"},
)
_CORNER_OFF: Final = ((0, 5), (20, -6), (-20, -6))
"""From each corner to its words [points]."""
_LINES: Final[dict[str, Any]] = {"grid_color": "white", "grid_alpha": 0.55, "grid_linewidth": 0.7}
_FLAT: Final = 0.01
"""Triangles flatter than this are rounding along an edge (ratio of their inner to outer circle)."""
_ON_LINE: Final = 9.0
"""Size of numbers on contours [points]."""
_EVERY, _FAR = 3.0, 9.0
"""Between places tried on a contour; farther from what is taken is no better [pixels]."""


def triangle_axes(page: Sheet, left: float, top: float, side: float, off: float = 0.0) -> Any:
    """Axes with `side` inches a side, left corner at `left`, upper corner at `top`.

    Words and numbers around them stand `off` points farther away, as large marks need; above the
    upper corner twice as far, where a mark's own number stands.

    What is drawn on them takes shares in the order of `SIDES`: supply grows towards the upper
    corner, demand towards the left one, cooperation towards the right one. The numbers of a side
    are in its colour, and each is turned as its line runs.
    """
    axes: Any = page.axes(left, top, side, side * TALL, projection=TernaryAxes.name)
    axes.set_axisbelow(False)
    by_side = zip(SIDES, (axes.taxis, axes.laxis, axes.raxis), _ALONG, strict=True)
    for at, (name, axis, along) in enumerate(by_side):
        ink = SIDE_INK[name]
        axis.set_ticks(_TICKS, [f"{share:.0%}".replace("%", " %") for share in _TICKS])
        axis.set_tick_params(colors=ink, labelsize=9.5, pad=2 + off, **_LINES)
        axis.set_label_position("tick1")
        axis.set_label_text(along, color=ink, fontsize=10)
        axis.labelpad = 5
        place = places(axes, [tuple(float(k == at) for k in range(3))])[0]
        style: Any = {"color": ink, "fontsize": 10.5, "fontweight": "bold"} | _CORNERS[at]
        x, y = _CORNER_OFF[at]
        offset = (x, y + (2 * off if y > 0 else -off))
        axes.annotate(f"all {name}", place, offset, textcoords="offset points", **style)
    return axes


def places(axes: Any, mixes: Any) -> NDArray[np.float64]:
    """Where mixes stand [data coordinates], a row (x, y) for each row of shares as `SIDES`."""
    found: NDArray[np.float64] = axes.transProjection.transform(np.asarray(mixes, dtype=float))
    return found


def surface(axes: Any, mixes: Any) -> Triangulation:
    """The triangles between mixes, over which contours are drawn."""
    net = Triangulation(*places(axes, mixes).T)
    net.set_mask(TriAnalyzer(net).get_flat_tri_mask(_FLAT))
    return net


def write_on_line(axes: Any, lines: Any, words: str, taken: list[Bbox]) -> None:
    """Write `words` on a contour, clear of what is taken and far from the edges, if they fit.

    `taken` are boxes [pixels]; the box of the words is added to them.
    """
    half = np.array((text_inches(words, _ON_LINE), _ON_LINE * 1.15 / 72)) * DPI / 2 + 1
    best, most = None, (0.0, 0.0)
    for x, y in _along(axes, lines):
        box = Bbox.from_extents(x - half[0], y - half[1], x + half[0], y + half[1])
        free = min((_gap(box, other) for other in taken), default=_FAR)
        room = (min(free, _FAR), _depth(axes, box))
        if min(room) > 0 and room > most:
            best, most = box, room
    if best:
        taken.append(best)
        middle = axes.transData.inverted().transform(best.get_points().mean(axis=0))
        style: Any = {"fontsize": _ON_LINE, "bbox": {"fc": "white", "ec": "none", "pad": 1}}
        axes.annotate(words, middle, ha="center", va="center", zorder=7, **style)


def _along(axes: Any, lines: Any) -> NDArray[np.float64]:
    """Places along a contour every few pixels [pixels], a row each."""
    found = [np.empty((0, 2))]
    for path in lines.get_paths():
        for part in path.to_polygons(axes.transData, closed_only=False):
            far = np.concatenate(([0.0], np.hypot(*np.diff(part, axis=0).T).cumsum()))
            at = np.arange(0, far[-1], _EVERY)
            found.append(np.column_stack([np.interp(at, far, one) for one in part.T]))
    return np.concatenate(found)


def _gap(box: Bbox, other: Bbox) -> float:
    """How far apart two boxes are [pixels], 0 where they touch."""
    across = max(box.x0 - other.x1, other.x0 - box.x1, 0.0)
    return float(np.hypot(across, max(box.y0 - other.y1, other.y0 - box.y1, 0.0)))


def _depth(axes: Any, box: Bbox) -> float:
    """How far a box is from the nearest edge of the triangle, 1 being all of the way across."""
    flat = axes.transData.inverted().transform(box.corners())
    return float(axes.transProjection.inverted().transform(flat).min())


def halo(width: float, colour: str = "white") -> list[Any]:
    """An edge around lines and words, so that they are seen on light and on dark."""
    return [Stroke(linewidth=width, foreground=colour), Normal()]


def ink_on(colours: Sequence[Any]) -> list[str]:
    """Black on light colours, white on dark ones."""
    weights = np.array((0.3, 0.59, 0.11))
    return ["black" if weights @ to_rgb(colour) > 0.45 else "white" for colour in colours]


def boxes_at(axes: Any, mixes: Any, points: float) -> list[Bbox]:
    """The boxes of marks `points` across [pixels]."""
    half = points / 2 / 72 * DPI
    middles = axes.transData.transform(places(axes, mixes))
    return [Bbox.from_extents(x - half, y - half, x + half, y + half) for x, y in middles]
