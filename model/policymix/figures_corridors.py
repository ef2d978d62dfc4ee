"""The corridors through the countries: what is shipped on each, and what patrols seize of it."""

from collections.abc import Sequence
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from policymix.corridors import COUNTRIES, COUNTRY_OF_CORRIDOR, N_CORRIDORS
from policymix.drawing import FEWER, MORE, STYLE, LabelledFigure, Sheet, sheet
from policymix.lettering import lines_high, name_lines, text_inches
from policymix.numerals import decimals_of, percent, plain
from policymix.readings import TONNES_A_YEAR, Tables, names_in

_ROWS: Final = tuple(
    (corridor, country)
    for country in range(len(COUNTRIES))
    for corridor in range(N_CORRIDORS)
    if COUNTRY_OF_CORRIDOR[corridor] == country
)
"""(corridor, country) in the order in which they are drawn: by country, the busiest first."""
_COLUMNS: Final = 4
_LABELS, _LEFT, _BETWEEN, _RIGHT = 1.95, 2.05, 0.22, 11.35
_ROW, _APART, _COUNTS, _AXIS = 0.25, 0.14, 0.24, 0.6
_BAR: Final = 0.17
_SEIZED: Final[dict[str, Any]] = {"facecolor": MORE, "edgecolor": "white", "hatch": "////"}
_PASSED: Final[dict[str, Any]] = {"facecolor": FEWER, "edgecolor": "white"}


def corridors(summary: pd.DataFrame, reference: str, notes: Sequence[str] = ()) -> LabelledFigure:
    """A panel a scenario, a bar a corridor: tonnes shipped a year, and the seized part of it.

    Black marks stand where the reference's bars and their seized parts end.
    """
    names = names_in(summary)
    tonnes = {name: flows_by_corridor(summary, name) for name in names}
    n_columns = min(len(names), _COLUMNS)
    wide = (_RIGHT - _LEFT + _BETWEEN) / n_columns - _BETWEEN
    titles = {name: name_lines(_title(name, reference), wide, 11, "bold") for name in names}
    bands = [names[at : at + n_columns] for at in range(0, len(names), n_columns)]
    heads = [max(lines_high(titles[name], 11) for name in band) + _COUNTS for band in bands]
    high = _place(N_CORRIDORS - 1) + _ROW / 2
    most = max(float(table["shipped"].max()) for table in tonnes.values())
    with mpl.rc_context(STYLE):
        body = sum(heads) + len(bands) * (high + _AXIS) + 0.35
        page = sheet("What is shipped and seized on each corridor", notes, body)
        top = 0.05
        for band, head in zip(bands, heads, strict=True):
            _label_rows(page, top + head)
            for place, name in enumerate(band):
                left = _LEFT + place * (wide + _BETWEEN)
                page.text(left, top, titles[name], fontsize=11, fontweight="bold")
                words = _totals_words(tonnes[name])
                page.text(left, top + head - _COUNTS + 0.02, words, fontsize=9.5)
                axes = page.axes(left, top + head, wide, high)
                _draw_bars(axes, tonnes[name], None if name == reference else tonnes[reference])
                axes.set_ylim(high, 0)
                axes.set_xlim(0, (most or 1) * (1 + 0.44 / wide))
            top += head + high + _AXIS
        _draw_key(page, top - 0.08)
        return page.figure


def flows_by_corridor(summary: pd.DataFrame, name: str) -> pd.DataFrame:
    """Columns shipped and seized [tonnes a year], a row a corridor, the busiest first."""
    rows = summary[(summary["scenario"] == name) & (summary["statistic"] == "mean")]
    means = rows.set_index("outcome")["mean"]
    columns = {
        what: [float(means[f"corridor_{n}_{what}"]) for n in range(1, N_CORRIDORS + 1)]
        for what in ("shipped", "seized")
    }
    return pd.DataFrame(columns) * TONNES_A_YEAR


def _title(name: str, reference: str) -> str:
    return f"{name} (reference)" if name == reference else name


def _place(row: int) -> float:
    """The middle of a row [inches from the top]; a gap stands between countries."""
    return _ROW * (row + 0.5) + _APART * (_ROWS[row][1])


def _totals_words(tonnes: pd.DataFrame) -> str:
    shipped, seized = tonnes["shipped"].sum(), tonnes["seized"].sum()
    decimals = min(decimals_of([shipped]), 1)
    return f"{plain(shipped, decimals)} t shipped, {plain(seized, decimals)} t seized"


def _country(country: int) -> str:
    return COUNTRIES[country].replace("_", " ")


def _label_rows(page: Sheet, top: float) -> None:
    style: Any = {"va": "bottom", "fontsize": 9.5, "fontstyle": "italic"}
    page.text(0.115, top - 0.02, "patrolled by", **style)
    for row, (corridor, country) in enumerate(_ROWS):
        y = top + _place(row)
        page.text(_LABELS, y, f"corridor {corridor + 1}", ha="right", va="center", fontsize=10)
        if row == 0 or country != _ROWS[row - 1][1]:
            bold: Any = {"va": "center", "fontsize": 10, "fontweight": "bold"}
            page.text(0.115, y, _country(country), **bold)


def _draw_bars(axes: Axes, tonnes: pd.DataFrame, reference: pd.DataFrame | None) -> None:
    for row, (corridor, _) in enumerate(_ROWS):
        shipped, seized = (float(tonnes[what][corridor]) for what in ("shipped", "seized"))
        y = _place(row)
        axes.barh(y, seized, height=_BAR, linewidth=0, **_SEIZED, zorder=2)
        axes.barh(y, shipped - seized, left=seized, height=_BAR, linewidth=0, **_PASSED, zorder=2)
        ends = [shipped]
        if reference is not None:
            marks = [float(reference[what][corridor]) for what in ("shipped", "seized")]
            for mark, half in zip(marks, (0.115, _BAR / 2), strict=True):
                axes.vlines(mark, y - half, y + half, color="black", lw=1.8, zorder=3)
            ends.append(marks[0])
        share = f" {percent(seized / shipped)}" if shipped else ""
        axes.text(max(ends), y, share, va="center_baseline", fontsize=9.5)
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.tick_params(axis="x", labelsize=9.5)
    axes.set_xlabel("tonnes a year", fontsize=9.5, labelpad=1)


def _draw_key(page: Sheet, top: float) -> None:
    axes = page.axes(0, top, _RIGHT, 0.25)
    axes.set_axis_off()
    axes.set(xlim=(0, _RIGHT), ylim=(0, 0.25))
    left = 0.115
    for style, words in (
        (_SEIZED, "seized by patrols, with its share of what is shipped"),
        (_PASSED, "shipped and not seized"),
    ):
        axes.add_patch(Rectangle((left, 0.05), 0.3, 0.15, lw=0, **style))
        axes.text(left + 0.37, 0.125, words, va="center", fontsize=10)
        left += 0.37 + text_inches(words, 10) + 0.25
    axes.vlines([left], 0.02, 0.23, color="black", lw=1.8)
    axes.text(left + 0.08, 0.125, "the same under the reference", va="center", fontsize=10)


def corridors_data(tables: Tables) -> pd.DataFrame:
    """A row a scenario and corridor: tonnes a year shipped and seized."""
    rows = []
    for name in names_in(tables.summary):
        tonnes = flows_by_corridor(tables.summary, name)
        for corridor, country in _ROWS:
            shipped, seized = (float(tonnes[what][corridor]) for what in ("shipped", "seized"))
            share = percent(seized / shipped) if shipped else ""
            numbers = (plain(shipped, 1), plain(seized, 1), share)
            rows.append((name, _country(country), f"corridor {corridor + 1}", *numbers))
    heads = ["shipped, tonnes a year", "seized, tonnes a year", "share seized"]
    return pd.DataFrame(rows, columns=["scenario", "patrolled by", "corridor", *heads])


def corridors_alt(tables: Tables) -> str:
    """What the figure shows, for those who hear it."""
    told = [
        f"{name} {_totals_words(flows_by_corridor(tables.summary, name))}"
        for name in names_in(tables.summary)
    ]
    return (
        "Bars of the tonnes shipped a year on each of the six corridors, with the seized part. "
        f"On all together: {'; '.join(told)}."
    )
