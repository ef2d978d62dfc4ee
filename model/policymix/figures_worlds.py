"""All worlds sorted by the difference between two scenarios: who has less, and by how much."""

from collections.abc import Sequence
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from policymix.drawing import STYLE, LabelledFigure
from policymix.lettering import lines_high, name_lines
from policymix.numerals import decimals_of, signed
from policymix.readings import Reading
from policymix.robust_panels import (
    FIRST_LESS,
    SECOND_LESS,
    Head,
    Room,
    four_panels,
    line_mark,
    patch_mark,
)
from policymix.robust_readings import (
    CENTRAL,
    SHOWN,
    Pair,
    RobustTables,
    drawn_differences,
    verdict,
)

_ROOM: Final = Room(0.9, 4.08, 2.7, 0.04, 0.66)
_MOST_STEPS: Final = 2_000
_WORDS: Final = 3.95
_FIRST: Final[Any] = {"fc": FIRST_LESS, "lw": 0}
_SECOND: Final[Any] = {"fc": SECOND_LESS, "ec": "white", "lw": 0, "hatch": "////"}
_LINE: Final[Any] = {"color": "black", "linestyle": (0, (5, 2)), "lw": 1.6}
_WHITE: Final[Any] = {"fc": "white", "ec": "none", "pad": 1}
_QUANTILES: Final = (0.05, 0.5, 0.95)


def worlds(tables: RobustTables, pair: Pair) -> LabelledFigure:
    """Every world's difference in each outcome, sorted: below zero the first scenario has less."""
    key = [
        patch_mark(f"{pair[0]} has less", **_FIRST),
        patch_mark(f"{pair[1]} has less", **_SECOND),
        line_mark("central world: all as in the ledger", **_LINE),
    ]
    title = f"{pair[0]} minus {pair[1]} in each world, sorted"
    with mpl.rc_context(STYLE):
        heads = [Head(reading.title) for reading in SHOWN]
        page, panels = four_panels(title, tables.notes, key, heads, _ROOM)
        for axes, reading in zip(panels, SHOWN, strict=True):
            _draw_worlds(axes, tables, pair, reading)
            axes.set_xlabel("share of worlds, %", fontsize=10)
            axes.set_ylabel(f"difference, {reading.unit}", fontsize=10)
        return page.figure


def _draw_worlds(axes: Axes, tables: RobustTables, pair: Pair, reading: Reading) -> None:
    found = sorted_differences(tables, pair, reading)
    if len(found) > _MOST_STEPS:  # nobody sees more, and the file would grow with the worlds
        found = found[np.arange(_MOST_STEPS) * len(found) // _MOST_STEPS]
    edges = np.linspace(0, 100, len(found) + 1)
    below, above = np.searchsorted(found, 0.0), np.searchsorted(found, 0.0, side="right")
    axes.stairs(found[:below], edges[: below + 1], fill=True, zorder=2, **_FIRST)
    axes.stairs(found[above:], edges[above:], fill=True, zorder=2, **_SECOND)
    axes.axhline(0, color="#444444", lw=1.2, zorder=3)
    central = central_difference(tables, pair, reading)
    who = verdict(tables, pair, reading.outcome)
    told = f"{name_lines(f'{who.who} in ', _WORDS)}\n{who.share_words}"
    _make_room(axes, [*found, 0.0, *central], lines_high(told) + 0.12)
    style: Any = {"va": "top", "fontsize": 10, "linespacing": 1.1, "bbox": _WHITE}
    axes.text(0.02, 1 - 0.04 / _ROOM.high, told, transform=axes.transAxes, **style)
    for value in central:
        axes.axhline(value, zorder=4, **_LINE)
        _write_central(axes, value)
    axes.set_xlim(0, 100)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.tick_params(labelsize=9.5)


def _write_central(axes: Axes, value: float) -> None:
    """The central world's difference beside its line, within the height of the axes."""
    low, high = axes.get_ylim()
    words = f"central\nworld\n{signed(value, decimals_of([value]))}"
    half = lines_high(words, 9.5) / 2 / _ROOM.high
    at = min(max((value - low) / (high - low), half), 1 - half)
    style: Any = {"va": "center", "fontsize": 9.5, "linespacing": 1.0}
    axes.text(1.02, at, words, transform=axes.transAxes, **style)


def _make_room(axes: Axes, numbers: Sequence[float], words_high: float) -> None:
    """Limits that leave so many inches free above all numbers."""
    low, high = min(numbers), max(numbers)
    span = (high - low) or 1.0
    share = words_high / _ROOM.high
    axes.set_ylim(low - 0.04 * span, high + 1.04 * span * share / (1 - share))


def sorted_differences(tables: RobustTables, pair: Pair, reading: Reading) -> Any:
    """First less second in the reading's unit, from the least to the most."""
    found = drawn_differences(tables, pair, reading.outcome) * reading.factor
    return np.sort(found.to_numpy())


def central_difference(tables: RobustTables, pair: Pair, reading: Reading) -> list[float]:
    """The same of the central world, if it is there."""
    found = tables.differences(*pair, reading.outcome) * reading.factor
    return [float(found[CENTRAL])] if CENTRAL in found.index else []


def worlds_data(tables: RobustTables, pair: Pair) -> pd.DataFrame:
    """A row an outcome: who has less in which share of worlds, and how large differences are."""
    rows = []
    for reading in SHOWN:
        found = sorted_differences(tables, pair, reading)
        told = verdict(tables, pair, reading.outcome)
        central = central_difference(tables, pair, reading)
        numbers = [*np.quantile(found, _QUANTILES), *(central or [float("nan")])]
        decimals = decimals_of(numbers)
        texts = [signed(float(number), decimals) for number in numbers]
        better = "neither" if told.is_same else told.better
        rows.append((reading.heading, better, told.share_words, *texts))
    minus = f"{pair[0]} minus {pair[1]}"
    numbers_of = ("5 % of worlds are below", "median", "95 % are below", "central world")
    columns = ["outcome", "has less", "in", *(f"{minus}, {one}" for one in numbers_of)]
    return pd.DataFrame(rows, columns=columns)


def worlds_alt(tables: RobustTables, pair: Pair) -> str:
    """What the figure shows, for those who hear it."""
    told = [f"{reading.title}: {verdict(tables, pair, reading.outcome).words}" for reading in SHOWN]
    return (
        f"Four panels, one an outcome, with all worlds sorted by {pair[0]} minus {pair[1]}. "
        f"{'; '.join(told)}."
    )
