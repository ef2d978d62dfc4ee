"""The bridge: the parts that add up to each scenario's difference from the reference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from policymix.drawing import (
    FEWER,
    INK,
    MORE,
    ROW_COLOURS,
    STYLE,
    LabelledFigure,
    Sheet,
    plain_rows,
    sheet,
)
from policymix.lettering import lines_high, name_lines, text_inches
from policymix.numerals import decimals_of, is_clear, signed, with_interval
from policymix.readings import BILLION_A_YEAR, Tables, names_in

_WHOLES: Final = (
    ("addicted", "People with addiction at the end", "thousand people", 1e-3),
    ("retail_spending", "Retail spending", "billion USD a year", BILLION_A_YEAR),
)
"""(what the parts add up to, title, unit, factor to that unit)."""
_COLUMNS: Final = 4
_LABELS, _LEFT, _BETWEEN, _RIGHT = 2.4, 2.5, 0.2, 11.36
_ROW, _AXIS, _TITLE, _NAME_GAP, _BLOCK_GAP = 0.235, 0.5, 0.27, 0.06, 0.2
_SIZE: Final = 9.5
_LABEL_SIZE: Final = 9.0
_HOLLOW: Final = "white"


@dataclass(frozen=True)
class Block:
    """All scenarios' rows of one whole, in the unit that is shown, and their common scale."""

    title: str
    unit: str
    rows: pd.DataFrame
    parts: tuple[str, ...]
    meanings: tuple[str, ...]
    span: tuple[float, float]
    decimals: int
    widest: float

    @property
    def high(self) -> float:
        """Of one panel [inches]."""
        return _ROW * (len(self.parts) + 0.2)


def bridge(bridge_table: pd.DataFrame, reference: str, notes: Sequence[str] = ()) -> LabelledFigure:
    """A waterfall for each scenario: which parts add up to its difference from the reference.

    Above, people with addiction at the end; below, retail spending. Parts whose 95 % interval
    leaves out zero are filled, the others hollow; the last bar is the sum.
    """
    names = names_in(bridge_table)
    blocks = [_block(bridge_table, *whole) for whole in _WHOLES]
    n_columns = min(len(names), _COLUMNS) or 1
    wide = (_RIGHT - _LEFT + _BETWEEN) / n_columns - _BETWEEN
    titles = {name: name_lines(name, wide, 11, "bold") for name in names}
    bands = [names[at : at + n_columns] for at in range(0, len(names), n_columns)]
    heads = [max(lines_high(titles[name], 11) for name in band) + _NAME_GAP for band in bands]
    panels = sum(_TITLE + block.high + _AXIS for block in blocks)
    body = sum(heads) + len(bands) * (panels + _BLOCK_GAP) + 0.35
    with mpl.rc_context(STYLE):
        page = sheet(f"Where the difference from {reference} comes from", notes, body)
        top = 0.05
        for band, head in zip(bands, heads, strict=True):
            for place, name in enumerate(band):
                left = _LEFT + place * (wide + _BETWEEN)
                page.text(left, top, titles[name], fontsize=11, fontweight="bold")
            top += head
            for block in blocks:
                _draw_block(page, block, band, top, wide)
                top += _TITLE + block.high + _AXIS
            top += _BLOCK_GAP
        _draw_key(page, top - 0.1)
        return page.figure


def _block(table: pd.DataFrame, of: str, title: str, unit: str, factor: float) -> Block:
    rows = table[table["of"] == of].copy()
    numbers = ["difference", "difference_low", "difference_high"]
    rows[numbers] = rows[numbers] * factor
    parts = [part for part in dict.fromkeys(rows["part"]) if part != of]
    if "start" in parts:
        parts = ["start", *(part for part in parts if part != "start")]
    known = dict(zip(rows["part"], rows["meaning"], strict=True))
    meanings = [known[part] for part in parts]
    reached = [
        end
        for name in names_in(rows)
        for bar in steps(rows[rows["scenario"] == name], [*parts, of], of)
        for end in (bar.start, bar.end, *(x for x in (bar.low, bar.high) if x == x))
    ]
    span = (min([0.0, *reached]), max([0.0, *reached]))
    decimals = min(decimals_of(rows["difference"]), 2)
    texts = [signed(change, decimals) for change in (0.0, *rows["difference"])]
    widest = max(text_inches(text, _SIZE, "bold") for text in texts) + 0.1
    named = ((*parts, of), (*meanings, "all together"))
    return Block(title, unit, rows, *named, span, decimals, widest)


@dataclass(frozen=True)
class Bar:
    """One bar of a waterfall, in the unit that is shown; `low` and `high` belong to the sum."""

    start: float
    end: float
    low: float
    high: float
    change: float
    is_clear: bool


def steps(rows: pd.DataFrame, parts: Sequence[str], of: str) -> list[Bar]:
    """One scenario's bars in the order of `parts`: each starts where the one before ended.

    The bar of the whole (`of`) starts at zero.
    """
    by_part = rows.set_index("part")
    bars, at = [], 0.0
    for part in parts:
        if part not in by_part.index:
            bars.append(Bar(at, at, at, at, 0.0, False))
            continue
        change, low, high = _numbers(by_part.loc[part])
        start = 0.0 if part == of else at
        known = is_clear(low, high)
        bars.append(Bar(start, start + change, start + low, start + high, change, known))
        at = start + change
    return bars


def printed_changes(bars: Sequence[Bar], decimals: int) -> list[float]:
    """The changes as printed, rounded so that the parts add up to the sum exactly."""
    return [round(bar.end, decimals) - round(bar.start, decimals) for bar in bars]


def _numbers(row: Any) -> tuple[float, float, float]:
    """Difference, low, high."""
    return float(row["difference"]), float(row["difference_low"]), float(row["difference_high"])


def _draw_block(page: Sheet, block: Block, band: Sequence[str], top: float, wide: float) -> None:
    page.text(0.115, top, f"{block.title}, {block.unit}: more or less", fontsize=11, color=INK)
    for row, meaning in enumerate(block.meanings):
        is_sum = row == len(block.meanings) - 1
        page.text(
            _LABELS,
            top + _TITLE + _ROW * (row + 0.6),
            name_lines(meaning, _LABELS - 0.1, _row_size(meaning)),
            ha="right",
            va="center",
            fontsize=_row_size(meaning),
            linespacing=0.9,
            fontweight="bold" if is_sum else "normal",
        )
    for place, name in enumerate(band):
        axes = page.axes(_LEFT + place * (wide + _BETWEEN), top + _TITLE, wide, block.high)
        rows = block.rows[block.rows["scenario"] == name]
        _draw_waterfall(axes, block, steps(rows, block.parts, block.parts[-1]), wide)


def _row_size(meaning: str) -> float:
    """Long words are written smaller, so that two lines of them fit a row."""
    return _LABEL_SIZE if text_inches(meaning, _LABEL_SIZE) < _LABELS - 0.1 else 7.5


def _draw_waterfall(axes: Axes, block: Block, bars: Sequence[Bar], wide: float) -> None:
    plain_rows(axes, len(bars))
    axes.set_ylim(len(bars) - 0.4, -0.6)
    texts = [signed(x, block.decimals) for x in printed_changes(bars, block.decimals)]
    low, high = block.span
    per_inch = ((high - low) or 1.0) / (wide - 2 * block.widest)
    axes.set_xlim(low - block.widest * per_inch, high + block.widest * per_inch)
    axes.axvline(0, color="#666666", lw=1, zorder=1)
    for row, (bar, text) in enumerate(zip(bars, texts, strict=True)):
        is_sum = row == len(bars) - 1
        _draw_bar(axes, row, bar, is_sum=is_sum)
        ends = [bar.start, bar.end, *((bar.low, bar.high) if is_sum and bar.low == bar.low else ())]
        side = 1 if bar.change >= 0 else -1
        axes.annotate(
            text,
            (max(ends) if side > 0 else min(ends), row),
            (3.5 * side, 0),
            textcoords="offset points",
            ha="left" if side > 0 else "right",
            va="center_baseline",
            fontsize=_SIZE,
            fontweight="bold" if is_sum else "normal",
            bbox={"boxstyle": "square,pad=0", "fc": ROW_COLOURS[row % 2], "ec": "none"},
            zorder=2,
        )
        if not is_sum:
            axes.plot((bar.end,) * 2, (row, row + 1), color="#888888", lw=0.8, zorder=1.5)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.tick_params(axis="x", labelsize=9)
    axes.set_xlabel(block.unit, fontsize=9, labelpad=0.5)


def _draw_bar(axes: Axes, row: int, bar: Bar, *, is_sum: bool) -> None:
    colour = MORE if bar.change >= 0 else FEWER
    if is_sum:
        colour = "#000000"
        if bar.low == bar.low:
            axes.plot((bar.low, bar.high), (row, row), color="#888888", lw=2.2, zorder=4)
    axes.barh(
        row,
        bar.change,
        left=bar.start,
        height=0.62,
        color=colour if bar.is_clear else _HOLLOW,
        edgecolor=colour,
        linewidth=1.3,
        zorder=3,
    )


def _draw_key(page: Sheet, top: float) -> None:
    items = (
        (MORE, MORE, "adds"),
        (FEWER, FEWER, "takes away"),
        ("#000000", "#000000", "sum, with its 95 % interval"),
        (_HOLLOW, "#555555", "hollow: not clearly different from zero"),
    )
    left = 0.115
    axes = page.axes(0, top, _RIGHT, 0.25)
    axes.set_axis_off()
    axes.set(xlim=(0, _RIGHT), ylim=(0, 0.25))
    for fill, edge, words in items:
        patch: Any = mpl.patches.Rectangle((left, 0.06), 0.24, 0.13, fc=fill, ec=edge, lw=1.3)
        axes.add_patch(patch)
        axes.text(left + 0.31, 0.125, words, va="center", fontsize=10)
        left += 0.31 + text_inches(words, 10) + 0.3


def bridge_data(tables: Tables) -> pd.DataFrame:
    """A row a scenario and part: its share in the difference, in the unit of the figure."""
    return pd.DataFrame(
        _data_rows(tables.bridge), columns=["scenario", "of", "part", "unit", "difference"]
    )


def _data_rows(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    blocks = [_block(table, *whole) for whole in _WHOLES]
    for name in names_in(table):
        for block in blocks:
            rows = block.rows[block.rows["scenario"] == name]
            bars = steps(rows, block.parts, block.parts[-1])
            known = rows.set_index("part")
            changes = printed_changes(bars, block.decimals)
            for part, meaning, change in zip(block.parts, block.meanings, changes, strict=True):
                if part in known.index:
                    _, low, high = _numbers(known.loc[part])
                    told = with_interval(change, low, high, block.decimals, sign=True)
                    yield name, block.title, meaning, block.unit, told


def bridge_alt(tables: Tables) -> str:
    """What the figure shows, for those who hear it."""
    told = []
    for whole in _WHOLES:
        block = _block(tables.bridge, *whole)
        if block.rows.empty:
            continue
        parts = block.rows[block.rows["part"] != block.parts[-1]]
        largest: Any = parts.iloc[parts["difference"].abs().argmax()]
        change = signed(_numbers(largest)[0], block.decimals)
        told.append(
            f"the largest part in {block.title.lower()} is {change} {block.unit} under "
            f"{largest['scenario']} ({largest['meaning']})"
        )
    return (
        f"Waterfalls of the parts that add up to each scenario's difference from "
        f"{tables.reference}: {'; '.join(told)}."
    )
