"""One budget over three sides: how every mix differs from the present one, by outcome."""

from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from policymix.drawing import STYLE, LabelledFigure, Sheet, sheet
from policymix.figures_ternary import (
    ABOVE,
    BELOW,
    COLOURS,
    RING,
    STAR,
    TALL,
    boxes_at,
    halo,
    ink_on,
    surface,
    triangle_axes,
    write_on_line,
)
from policymix.lettering import wrapped
from policymix.mixes_readings import (
    PANELS,
    SHARES,
    UNSPENT,
    MixesTables,
    differences_of,
    frontier_of,
    keys_of,
    levels_of,
    mix_words,
    share_texts,
)
from policymix.numerals import decimals_of, plain, signed
from policymix.readings import Reading, interval_texts

_SIDE: Final = 3.5
_LEFT, _ACROSS = 0.8, 5.62
_TITLE: Final = 0.3
_BAND: Final = _TITLE + ABOVE + _SIDE * TALL + BELOW
_BAR_LEFT, _BAR_WIDE, _BAR_HIGH = 4.0, 0.16, 2.3
_NO_SPAN: Final = 1e-9
_RING_SIZE: Final = 7.0
_WASTED: Final = 1.0
"""Money without use that a cross says [billion USD a year]."""
_KEY: Final = (
    "Star: the present mix. Dots: mixes played; crosses: so too, but more than a billion USD a "
    "year finds no use. Rings: no other mix is lower on some of the four outcomes and higher on "
    "none. Heavy line: as under the present mix; dark: less, light: more. To read a point, follow "
    "a thin line to the edge: each number is turned as its line runs."
)


def triangle(tables: MixesTables) -> LabelledFigure:
    """A triangle an outcome: the difference of every mix from the present one, as contours."""
    key = wrapped(_KEY, 11.2, 10)
    with mpl.rc_context(STYLE):
        title = f"One budget, three sides: difference from the mix of {tables.scenario}"
        page = sheet(title, tables.notes, 0.05 + 2 * _BAND + 0.19 * len(key) + 0.1)
        for place, reading in enumerate(PANELS):
            left, top = _LEFT + place % 2 * _ACROSS, 0.05 + place // 2 * _BAND
            page.text(left - _LEFT + 0.115, top, reading.title, fontsize=12)
            _draw_panel(page, left, top + _TITLE + ABOVE, tables, reading)
        page.text(0.115, 0.05 + 2 * _BAND, "\n".join(key))
        return page.figure


def _draw_panel(
    page: Sheet, left: float, top: float, tables: MixesTables, reading: Reading
) -> None:
    axes = triangle_axes(page, left, top, _SIDE)
    levels, filled = _draw_surface(axes, tables, differences_of(tables, reading))
    bar = page.axes(left + _BAR_LEFT, top + 0.15, _BAR_WIDE, _BAR_HIGH)
    page.figure.colorbar(filled, cax=bar, ticks=levels, format=_texts_of(levels).get)
    bar.grid(visible=False)
    bar.tick_params(labelsize=9.5)
    bar.set_ylabel(f"{reading.unit}, difference", fontsize=9.5)
    _draw_mixes(axes, tables)


def _draw_mixes(axes: Any, tables: MixesTables) -> None:
    played = levels_of(tables, UNSPENT)
    is_wasted = played["middle"] > _WASTED
    style: Any = {"ls": "none", "color": "black", "zorder": 4, "clip_on": False}
    edge: Any = {"path_effects": halo(2.2)}
    for mixes, look in (
        (played[~is_wasted], {"marker": "o", "ms": 3.8, "mec": "white", "mew": 0.7}),
        (played[is_wasted], {"marker": "x", "ms": 4.5, "mew": 1.1} | edge),
        (frontier_of(tables), {"ms": _RING_SIZE, "mew": 1.5, "zorder": 5} | edge | RING),
    ):
        axes.plot(*(mixes[side] for side in SHARES), **(style | look))
    axes.plot(*([share] for share in tables.present), **(style | STAR | {"zorder": 6}))


def _draw_surface(axes: Any, tables: MixesTables, found: pd.DataFrame) -> tuple[list[float], Any]:
    """Contours through all mixes; at the present mix the difference is zero by its meaning."""
    mixes, heights = found[SHARES].to_numpy(), found["middle"].to_numpy()
    if np.abs(mixes - tables.present).max(axis=1).min() > _NO_SPAN:
        mixes, heights = np.vstack((mixes, tables.present)), np.append(heights, 0.0)
    net, levels = surface(axes, mixes), _levels(heights)
    flat: Any = {"transform": axes.transData}
    filled = axes.tricontourf(net, heights, levels, cmap=COLOURS, zorder=1, **flat)
    taken = boxes_at(axes, frontier_of(tables), _RING_SIZE + 1.5)
    taken += boxes_at(axes, [tables.present], STAR["ms"])
    # older matplotlibs warn of a level that nowhere has a line
    inner = [level for level in levels if heights.min() < level < heights.max()]
    for level, ink in zip(inner, ink_on(filled.cmap(filled.norm(inner))), strict=True):
        style: Any = {"colors": ink if level else "black", "linewidths": 0.9 if level else 3.0}
        line = axes.tricontour(net, heights, [level], linestyles="solid", zorder=3, **style, **flat)
        if not level:
            line.set(path_effects=halo(5))
        write_on_line(axes, line, _texts_of(levels)[level] if level else "0", taken)
    return levels, filled


def _levels(heights: Any) -> list[float]:
    """Round steps over all heights, with zero among them."""
    low, high = min(float(heights.min()), 0.0), max(float(heights.max()), 0.0)
    if high - low < _NO_SPAN:
        low, high = -1.0, 1.0
    ticks = MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [float(tick) + 0.0 for tick in np.where(np.abs(ticks) < _NO_SPAN, 0.0, ticks)]


def _texts_of(levels: list[float]) -> dict[float, str]:
    step = levels[1] - levels[0]
    decimals = next((n for n in range(4) if abs(round(step, n) - step) < 1e-6 * step), 4)
    return {level: signed(level, decimals) for level in levels}


def triangle_data(tables: MixesTables) -> pd.DataFrame:
    """A row a mix, a column an outcome: the difference with its interval; its place; no use."""
    found = {reading.heading: differences_of(tables, reading) for reading in PANELS}
    table = share_texts(next(iter(found.values())))
    for heading, amounts in found.items():
        table[heading] = interval_texts(amounts, sign=True)
    table[UNSPENT.heading] = [plain(x, 2) for x in levels_of(tables, UNSPENT)["middle"]]
    best = keys_of(frontier_of(tables))
    mixes = keys_of(next(iter(found.values())))
    return table.assign(**{"on the frontier": ["yes" if mix in best else "" for mix in mixes]})


def triangle_alt(tables: MixesTables) -> str:
    """What the figure shows, for those who hear it."""
    told = [f"{one.title.lower()}: {_ends(tables, one)}" for one in PANELS]
    n = len(frontier_of(tables))
    return (
        "Four triangles with contours of the difference from the present mix of "
        f"{tables.scenario}. Least to most, {'; '.join(told)}. On {n} of "
        f"{len(differences_of(tables, PANELS[0]))} mixes no other is lower on some of "
        "the four and higher on none."
    )


def _ends(tables: MixesTables, reading: Reading) -> str:
    """The mixes with the least and the most."""
    found = differences_of(tables, reading)
    decimals = decimals_of(found["middle"])
    every: Any = found.itertuples()
    rows = sorted(every, key=lambda row: float(row.middle))
    return " to ".join(
        f"{signed(row.middle, decimals)} {reading.unit} at {mix_words(row)}"
        for row in (rows[0], rows[-1])
    )
