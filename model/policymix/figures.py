"""Figures from tables: the headline outcomes over time, and the trade-off plane.

Pure functions of the tables in `tables`; they know nothing of the model. Every picture carries
the label in reserved space and in its file, and the same table gives the same bytes.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal, Stroke
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from policymix.label import LABEL
from policymix.tables import picked
from policymix.units import MILLION, MONTHS_PER_YEAR

_THOUSAND: Final = 1e3
_YEARLY_BILLION: Final = MONTHS_PER_YEAR / 1e3  # from million USD a month to billion a year
_BLACK: Final = "#000000"
_YELLOW: Final = "#F0E442"
_OKABE_ITO: Final = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"),
    _YELLOW,
)
_DASHES: Final = ((0, (6, 1.5)), (0, (2, 1)), (0, (6, 1.5, 1, 1.5)), "solid", (0, (1, 1)))
_MARKERS: Final = "osD^vPX<>*hd"
_PARTS: Final = (
    ("active_addiction", "active", "#D55E00", ""),
    ("in_treatment", "in treatment", "#56B4E9", "//"),
    ("addicted_in_custody", "in custody", "#000000", ""),
)
"""Of everyone with addiction; always shown together, since moving people is not curing them."""
_OFFSETS: Final = tuple(
    (far * dx, far * dy)
    for far in (1.0, 1.8, 2.8, 4.0, 5.5)
    for dx, dy in ((10, 0), (-10, 0), (8, 9), (-8, 9), (8, -9), (-8, -9), (0, 13), (0, -13))
)
"""Where a dot's name may stand, from near to far [points]."""
_SIDES: Final[dict[int, Any]] = {1: "left", 0: "center", -1: "right"}
_STYLE: Final[Any] = {
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

    def file_bytes(self, kind: Literal["png", "svg"]) -> bytes:
        """The figure as a PNG or SVG file: same figure, same bytes, label in the metadata."""
        about: dict[str, str | None] = {"Description": LABEL}
        about |= {"Software": "policymix"} if kind == "png" else {"Date": None}
        file = io.BytesIO()
        with mpl.rc_context({"svg.hashsalt": _STYLE["svg.hashsalt"], "text.parse_math": False}):
            self.savefig(file, format=kind, metadata=about)
        return file.getvalue()

    def _repr_png_(self) -> bytes:
        return self.file_bytes("png")


@dataclass(frozen=True)
class _Look:
    """How one scenario is drawn in every panel: told apart by colour, dashes and marker."""

    colour: str
    dashes: Any
    marker: str
    width: float

    def line(self) -> dict[str, Any]:
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


def _looks(names: Sequence[str], reference: str) -> dict[str, _Look]:
    looks = {reference: _Look(_BLACK, "solid", "s", 2.6)}
    for k, name in enumerate(name for name in names if name != reference):
        colour = _OKABE_ITO[k % len(_OKABE_ITO)]
        looks[name] = _Look(colour, _DASHES[k % len(_DASHES)], _MARKERS[k % len(_MARKERS)], 1.8)
    return looks


def headline(
    monthly: pd.DataFrame, summary: pd.DataFrame, reference: str, notes: Sequence[str] = ()
) -> LabelledFigure:
    """The headline outcomes over time with 95 % bands, and who has an addiction at the end.

    `notes` are sentences for the foot, such as that the totals differ.
    """
    names = list(dict.fromkeys(summary["scenario"]))
    looks = _looks(names, reference)
    with mpl.rc_context(_STYLE):
        height = max(7.4, 4 + 0.3 * len(names))
        figure = _figure("Headline outcomes over time", notes, height)
        grid = figure.add_gridspec(2, 3, width_ratios=(1, 1, 0.95))
        for place, panel in enumerate(
            (
                ("addicted", "People with addiction", "million people", 1 / MILLION),
                ("overdose_deaths", "Overdose deaths", "thousand a year", 12 / _THOUSAND),
                ("cartel_revenue", "Cartel revenue", "billion USD a year", _YEARLY_BILLION),
                ("cartel_profit", "Cartel profit", "billion USD a year", _YEARLY_BILLION),
            )
        ):
            axes = figure.add_subplot(grid[place // 2, place % 2])
            _draw_lines(axes, monthly, looks, *panel)
        _draw_parts(figure.add_subplot(grid[:, 2]), summary, names, looks, reference)
    return figure


def _figure(title: str, notes: Sequence[str], height: float) -> LabelledFigure:
    """An empty 16:9 figure with title, and with the label in space that nothing else takes."""
    foot = [*notes, LABEL]
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


def _draw_lines(
    axes: Axes,
    monthly: pd.DataFrame,
    looks: dict[str, _Look],
    outcome: str,
    title: str,
    unit: str,
    scale: float,
) -> None:
    rows = monthly[monthly["outcome"] == outcome]
    for name, group in rows.groupby("scenario", sort=False):
        look = looks[str(name)]
        years = group["month"] / MONTHS_PER_YEAR
        axes.plot(years, group["mean"] * scale, **look.line(), zorder=3)
        axes.fill_between(
            years, group["low"] * scale, group["high"] * scale, color=look.colour, alpha=0.13, lw=0
        )
    axes.set_title(title, fontsize=12)
    axes.set_ylabel(unit)
    axes.set_xlabel("year")
    axes.margins(x=0)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.yaxis.set_major_locator(MaxNLocator(6))


def _draw_parts(
    axes: Axes,
    summary: pd.DataFrame,
    names: Sequence[str],
    looks: dict[str, _Look],
    reference: str,
) -> None:
    """Bars of everyone with addiction at the end, by where they are; its rows are the legend."""
    left = pd.Series(0.0, index=list(names))
    for outcome, label, colour, hatch in _PARTS:
        width = picked(summary, outcome, "final")["mean"] / MILLION
        axes.barh(
            range(len(names)),
            width,
            left=left,
            height=0.42,
            color=colour,
            edgecolor="white",
            hatch=hatch,
            label=label,
        )
        left = left + width
    for row, name in enumerate(names):
        look = looks[name].line()
        axes.plot((0, 0.13), (row - 0.4,) * 2, transform=axes.get_yaxis_transform(), **look)
        axes.text(
            0.155,
            row - 0.4,
            f"{name} (reference)" if name == reference else name,
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=10,
        )
        axes.text(left.iloc[row], row, f" {left.iloc[row]:.2f}", va="center", fontsize=9.5)
    axes.set_ylim(len(names) - 0.6, -0.75)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.set_xlim(0, max(left.tolist()) * 1.14)
    axes.set_title("People with addiction at the end", fontsize=12)
    axes.set_xlabel("million people")
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=3, frameon=False, fontsize=10
    )


def tradeoff(summary: pd.DataFrame, reference: str, notes: Sequence[str] = ()) -> LabelledFigure:
    """Addiction against cartel revenue and profit: paired differences from the reference.

    A dot a scenario with its 95 % intervals both ways; the reference is where the axes cross.
    """
    names = list(dict.fromkeys(summary["scenario"]))
    looks = _looks(names, reference)
    with mpl.rc_context(_STYLE):
        figure = _figure(f"The trade-off: difference from {reference}", notes, height=7.0)
        planes = {}
        for place, (outcome, title) in enumerate(
            (("cartel_revenue", "Cartel revenue"), ("cartel_profit", "Cartel profit"))
        ):
            axes = figure.add_subplot(1, 2, place + 1)
            planes[axes] = _draw_plane(axes, summary, looks, reference, outcome)
            axes.set_title(f"{title} against addiction", fontsize=12)
            axes.set_xlabel("people with addiction at the end, million more or fewer")
            axes.set_ylabel(f"{title.lower()} a year, billion USD more or less")
        figure.draw_without_rendering()
        for axes, dots in planes.items():
            _label_dots(axes, dots)
    return figure


def _draw_plane(
    axes: Axes, summary: pd.DataFrame, looks: dict[str, _Look], reference: str, outcome: str
) -> dict[str, tuple[float, float]]:
    """Draw one plane; returns where each scenario's dot is, in data coordinates."""
    dots = {}
    across = _difference(summary, "addicted", "final", 1 / MILLION)
    up = _difference(summary, outcome, "mean", _YEARLY_BILLION)
    for name, look in looks.items():
        x, y = across.loc[name], up.loc[name]
        dots[name] = (float(x.middle), float(y.middle))
        if name != reference:
            axes.plot((x.low, x.high), (y.middle,) * 2, color=look.colour, lw=1.6, zorder=2)
            axes.plot((x.middle,) * 2, (y.low, y.high), color=look.colour, lw=1.6, zorder=2)
        axes.plot(
            x.middle,
            y.middle,
            marker=look.marker,
            markersize=12 if name == reference else 9,
            markerfacecolor="white" if name == reference else look.colour,
            markeredgecolor="black",
            markeredgewidth=1.8 if name == reference else 0.8,
            zorder=4,
        )
    axes.axhline(0, color="#888888", lw=1, zorder=1)
    axes.axvline(0, color="#888888", lw=1, zorder=1)
    axes.margins(0.22)
    return dots


def _difference(summary: pd.DataFrame, outcome: str, statistic: str, scale: float) -> pd.DataFrame:
    """Columns middle, low, high; the reference's are 0."""
    rows = picked(summary, outcome, statistic)
    columns = {
        "middle": rows["difference"],
        "low": rows["difference_low"],
        "high": rows["difference_high"],
    }
    return pd.DataFrame(columns).mul(scale).fillna({"middle": 0.0})


def _label_dots(axes: Axes, dots: dict[str, tuple[float, float]]) -> None:
    """Write each name near its dot, where it covers neither a dot nor a name.

    A name for which no such place is found goes beside its dot all the same.
    """
    points = {name: axes.transData.transform(xy) for name, xy in dots.items()}
    taken = [Bbox.from_extents(x - 9, y - 9, x + 9, y + 9) for x, y in points.values()]
    inside = axes.get_window_extent()
    for name, xy in dots.items():
        text = axes.annotate(
            name,
            xy=xy,
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
            box = Text.get_window_extent(text).padded(1.5)
            free = not any(box.overlaps(other) for other in taken)
            if free and box.x0 > inside.x0 and box.x1 < inside.x1 and inside.y0 < box.y0:
                break
        taken.append(box)
