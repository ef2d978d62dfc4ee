"""How figures look: the label in every picture and file, colours, dashes, markers, names."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal, Stroke
from matplotlib.text import Text

from policymix.label import LABEL
from policymix.lettering import DPI, FONT, LINE_SPACING, name_lines, wrapped

WIDTH: Final = 11.5
"""Of every figure [inches]."""
_EDGE: Final = 0.115
_TITLE_LINE: Final = 0.28
_FOOT_LINE: Final = 0.205
_PATH: Final = re.compile(rb' d="[^"]*"')
_LONG_NUMBER: Final = re.compile(rb"(\.\d\d)\d+")
_SLIMMER: Final = (
    (re.compile(rb"<!--.*?-->", re.DOTALL), b""),
    (re.compile(rb"\n\s+"), b"\n"),
    (re.compile(rb'<g id="[^"]*">'), b"<g>"),
    (re.compile(rb"DejaVuSans-"), b"D"),
)
"""What nobody sees of an SVG file: the comments, the indents, the names of groups and glyphs."""
ROW_COLOURS: Final = ("#F3F3F3", "#FFFFFF")
INK: Final = "#333333"
MORE: Final = "#D55E00"
FEWER: Final = "#56B4E9"
"""Dark and light, so that they differ in black and white too."""
SIDE_INK: Final = {"supply": "#9A3F00", "demand": "#00507D", "cooperation": "#00684B"}
"""Of words and lines that belong to a side; all three are dark enough to be read."""
_BLACK: Final = "#000000"
_YELLOW: Final = "#F0E442"
_OKABE_ITO: Final = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"),
    _YELLOW,
)
_DASHES: Final = ((0, (6, 1.5)), (0, (2, 1)), (0, (6, 1.5, 1, 1.5)), "solid", (0, (1, 1)))
_MARKERS: Final = "osD^vPX<>*hd"
STYLE: Final[Any] = {
    "font.family": FONT,
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
        content = file.getvalue()
        return _slim(content) if kind == "svg" else content

    def _repr_png_(self) -> bytes:
        return self.file_bytes("png")


def _slim(svg: bytes) -> bytes:
    """The same picture in half the bytes: points to a hundredth, and without what is not seen."""
    svg = _PATH.sub(lambda path: _LONG_NUMBER.sub(rb"\1", path.group()), svg)
    for pattern, instead in _SLIMMER:
        svg = pattern.sub(instead, svg)
    return svg


@dataclass(frozen=True)
class Picture[T]:
    """A figure of a study with tables `T`: how it is drawn, the small table behind it, its words.

    `caption` says how to read it, `alt` what it shows, for those who cannot see it, and `fits`
    whether it makes sense of these tables.
    """

    name: str
    title: str
    caption: str
    fits: Callable[[T], bool]
    draw: Callable[[T], LabelledFigure]
    data: Callable[[T], pd.DataFrame]
    alt: Callable[[T], str]


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


def _title_text(title: str) -> str:
    return name_lines(title, WIDTH - 2 * _EDGE, 15, "bold")


def _foot_lines(notes: Sequence[str]) -> list[str]:
    wide = WIDTH - 2 * _EDGE
    return [line for note in notes for line in wrapped(note, wide, 9.5)] + [LABEL]


def _foot_height(notes: Sequence[str]) -> float:
    return 0.12 + _FOOT_LINE * len(_foot_lines(notes))


def _write_foot(figure: Figure, notes: Sequence[str]) -> float:
    """Write notes and label at the foot; returns the height that they take [inches]."""
    _, height = figure.get_size_inches()
    for k, text in enumerate(reversed(_foot_lines(notes))):
        is_label = k == 0
        figure.text(
            0.01,
            (0.08 + _FOOT_LINE * k) / height,
            text,
            fontsize=10.5 if is_label else 9.5,
            fontweight="bold" if is_label else "normal",
            va="bottom",
        )
    return _foot_height(notes)


@dataclass(frozen=True)
class Sheet:
    """A labelled figure whose axes and texts are placed by hand.

    All places are inches from the left and from the top of the space under the title.
    """

    figure: LabelledFigure
    body_top: float

    def axes(
        self, left: float, top: float, width: float, height: float, projection: str | None = None
    ) -> Axes:
        """New axes with their upper left corner at (left, top), of a registered projection."""
        across, up = self.figure.get_size_inches()
        bottom = up - self.body_top - top - height
        place = (left / across, bottom / up, width / across, height / up)
        return self.figure.add_axes(place, projection=projection)

    def text(self, left: float, top: float, words: str, **style: Any) -> Text:
        """Words whose upper left corner (or as `style` says) is at (left, top)."""
        across, up = self.figure.get_size_inches()
        full: Any = {"va": "top", "ha": "left", "fontsize": 10, "linespacing": LINE_SPACING} | style
        return self.figure.text(left / across, 1 - (self.body_top + top) / up, words, **full)


def sheet(title: str, notes: Sequence[str], body: float) -> Sheet:
    """An empty sheet with title, label and `body` inches of height for all else."""
    text = _title_text(title)
    top = 0.14 + _TITLE_LINE * (1 + text.count("\n"))
    figure = LabelledFigure(figsize=(WIDTH, top + body + _foot_height(notes)), dpi=DPI)
    _write_foot(figure, notes)
    empty = Sheet(figure, top)
    empty.text(_EDGE, 0.08 - top, text, fontsize=15, fontweight="bold")
    return empty


def plain_rows(axes: Axes, n: int) -> None:
    """Rows from the top with a light band behind every other one; no ticks of their own."""
    for row in range(0, n, 2):
        axes.axhspan(row - 0.5, row + 0.5, color=ROW_COLOURS[0], lw=0, zorder=0)
    axes.set_ylim(n - 0.5, -0.5)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
