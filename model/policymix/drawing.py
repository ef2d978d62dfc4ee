"""How figures look: the label in every picture and file, colours, dashes, markers, names."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal, Stroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from policymix.label import LABEL

_FOOT_CHARACTERS: Final = 165
_BLACK: Final = "#000000"
_YELLOW: Final = "#F0E442"
_OKABE_ITO: Final = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"),
    _YELLOW,
)
_DASHES: Final = ((0, (6, 1.5)), (0, (2, 1)), (0, (6, 1.5, 1, 1.5)), "solid", (0, (1, 1)))
_MARKERS: Final = "osD^vPX<>*hd"
_OFFSETS: Final = tuple(
    (far * dx, far * dy)
    for far in (1.0, 1.8, 2.8, 4.0, 5.5)
    for dx, dy in ((9, 9), (9, -9), (-9, 9), (-9, -9), (11, 0), (-11, 0), (0, 13), (0, -13))
)
"""Where a dot's name may stand, from near to far [points]."""
_SIDES: Final[dict[int, Any]] = {1: "left", 0: "center", -1: "right"}
STYLE: Final[Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 11.0,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.formatter.useoffset": False,
    "axes.formatter.use_mathtext": False,
    "axes.unicode_minus": True,
    "grid.color": "#DDDDDD",
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "policymix",
    "svg.fonttype": "path",
    "savefig.bbox": None,
    "savefig.dpi": "figure",
}


class LabelledFigure(Figure):
    """A matplotlib figure that notebooks show, and that carries the label into its files."""

    def settled(self) -> "LabelledFigure":
        """The same figure with its layout found once and for all, so that saving is quick."""
        self.draw_without_rendering()
        self.set_layout_engine("none")
        return self

    def file_bytes(self, kind: Literal["png", "svg"]) -> bytes:
        """The figure as a PNG or SVG file: same figure, same bytes, label in the metadata."""
        about: dict[str, str | None] = {"Description": LABEL}
        about |= {"Software": "policymix"} if kind == "png" else {"Date": None}
        file = io.BytesIO()
        with mpl.rc_context({"svg.hashsalt": STYLE["svg.hashsalt"], "text.parse_math": False}):
            self.savefig(file, format=kind, metadata=about)
        return file.getvalue()

    def _repr_png_(self) -> bytes:
        return self.file_bytes("png")


@dataclass(frozen=True)
class Look:
    """How one scenario is drawn in every panel: told apart by colour, dashes and marker."""

    colour: str
    dashes: Any
    marker: str
    width: float

    def line(self) -> dict[str, Any]:
        """Arguments of a line of this look."""
        return {
            "color": self.colour,
            "linestyle": self.dashes,
            "linewidth": self.width,
            "path_effects": _outline(self.colour, self.width),
        }


def _outline(colour: str, width: float) -> list[Any]:
    """Yellow alone is lost on a projector's white."""
    if colour != _YELLOW:
        return []
    return [Stroke(linewidth=width + 1.2, foreground="#777777"), Normal()]


def looks_of(names: Sequence[str], reference: str) -> dict[str, Look]:
    """How each scenario is drawn: the reference black and thick, the others told apart."""
    looks = {reference: Look(_BLACK, "solid", "s", 2.6)}
    for k, name in enumerate(name for name in names if name != reference):
        colour = _OKABE_ITO[k % len(_OKABE_ITO)]
        looks[name] = Look(colour, _DASHES[k % len(_DASHES)], _MARKERS[k % len(_MARKERS)], 1.8)
    return looks


def labelled_figure(title: str, notes: Sequence[str], height: float) -> LabelledFigure:
    """An empty 16:9 figure with title, and with the label in space that nothing else takes."""
    foot = [line for note in notes for line in wrap(note, _FOOT_CHARACTERS)] + [LABEL]
    line_inches = 0.21
    foot_inches = 0.12 + line_inches * len(foot)
    figure = LabelledFigure(figsize=(13.2, height), dpi=110, layout="constrained")
    engine: Any = figure.get_layout_engine()
    engine.set(rect=(0.0, foot_inches / height, 1.0, 1.0 - foot_inches / height), w_pad=0.1)
    figure.suptitle(title, x=0.01, ha="left", fontsize=15, fontweight="bold")
    for k, text in enumerate(reversed(foot)):
        is_label = k == 0
        figure.text(
            0.01,
            (0.08 + line_inches * k) / height,
            text,
            fontsize=10.5 if is_label else 9.5,
            fontweight="bold" if is_label else "normal",
            va="bottom",
        )
    return figure


def name_dots(axes: Axes, dots: dict[str, Bbox]) -> None:
    """Write each name near its dot, where it covers neither a dot, an interval nor a name.

    `dots` are boxes in data coordinates: the span of both intervals, or the dot alone. A name for
    which no such place is found goes beside its dot all the same.
    """
    canvas: Any = FigureCanvasAgg(axes.get_figure(root=True))
    renderer = canvas.get_renderer()
    taken = [Bbox(axes.transData.transform(box.get_points())).padded(10) for box in dots.values()]
    inside = axes.get_window_extent()
    for name, box in dots.items():
        text = axes.annotate(
            name,
            xy=((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2),
            xytext=_OFFSETS[0],
            textcoords="offset points",
            va="center",
            fontsize=10.5,
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
        taken.append(extent)
