"""In how many worlds a mix is on the frontier, where no other mix beats it."""

from collections.abc import Sequence
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm
from matplotlib.ticker import MaxNLocator

from policymix.drawing import INK, STYLE, LabelledFigure, Sheet, sheet
from policymix.figures_ternary import (
    ABOVE,
    BELOW,
    COLOURS,
    RING,
    STAR,
    TALL,
    halo,
    places,
    triangle_axes,
)
from policymix.lettering import wrapped
from policymix.mixes_readings import (
    MixesTables,
    frontier_of,
    keys_of,
    mix_words,
    share_texts,
)
from policymix.numerals import percent
from policymix.readings import COLUMNS, interval_texts

_SIDE: Final = 6.3
_LEFT: Final = 1.7
_BAR_LEFT, _BAR_WIDE, _BAR_HIGH = 9.3, 0.2, 3.6
_SIZES: Final = (3.5, 18.0)
"""Across a dot of no world and of all of them [points]."""
_RING_WIDER: Final = 5.5
_OFF: Final = 20.0
"""How much farther than usual words stand from the triangle, for the dots on its edge [points]."""
_ONE_PERCENT: Final = 0.01
_KEY: Final = (
    "On the frontier: no other mix is lower on some of addiction, deaths, cartel revenue and "
    "profit and higher on none. Dots: the larger and darker, the more worlds have the mix there; "
    "the number is their share in per cent. Rings: there in the central world, where every "
    "assumption has its central value. Star: the present mix. To read a point, follow a "
    "thin line to the edge: each number there is turned as its line runs."
)


def has_worlds(tables: MixesTables) -> bool:
    """Whether any worlds were sampled."""
    return not tables.frontier.empty


def frontier(tables: MixesTables) -> LabelledFigure:
    """A dot a mix: in which share of worlds no other mix beats it."""
    key = wrapped(_KEY, 11.2, 10)
    top = 0.05 + ABOVE + 2 * _OFF / 72
    body = top + _SIDE * TALL + BELOW + _OFF / 72
    with mpl.rc_context(STYLE):
        page = sheet(_title(tables), tables.notes, body + 0.19 * len(key) + 0.1)
        axes = triangle_axes(page, _LEFT, top, _SIDE, _OFF)
        axes.tick_params(grid_color="#CCCCCC", grid_alpha=1.0)
        axes.set_axisbelow(True)
        _draw_dots(axes, tables, _draw_bar(page, tables))
        page.text(0.115, body, "\n".join(key))
        return page.figure


def _title(tables: MixesTables) -> str:
    n = int(tables.frontier["worlds"].max()) if has_worlds(tables) else 0
    return (
        f"In how many of {n:,} worlds a mix is on the frontier, on the budget of {tables.scenario}"
    )


def _draw_bar(page: Sheet, tables: MixesTables) -> Any:
    """The colours of shares, in round steps up to the largest."""
    most = 100 * float(tables.frontier["share_of_worlds"].max())
    steps = MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(0.0, max(most, 1.0))
    colours = mpl.colormaps[f"{COLOURS}_r"]
    shown = ScalarMappable(BoundaryNorm(steps, colours.N), colours)
    bar = page.axes(_BAR_LEFT, 0.6, _BAR_WIDE, _BAR_HIGH)
    page.figure.colorbar(shown, cax=bar, format=lambda x, _: f"{x:.0f} %")
    bar.grid(visible=False)
    bar.set_ylabel("share of worlds with the mix on the frontier")
    return shown


def _draw_dots(axes: Any, tables: MixesTables, shown: Any) -> None:
    shares = tables.frontier["share_of_worlds"].astype(float).tolist()
    by_mix = dict(zip(keys_of(tables.frontier), shares, strict=True))
    best = keys_of(frontier_of(tables))
    for mix, share in by_mix.items():
        across = _across(share)
        style: Any = {"mfc": shown.to_rgba(100 * share) if share else "white", "mec": INK}
        axes.plot(*([x] for x in mix), "o", ms=across, clip_on=False, zorder=3, **style)
        if mix in best:
            across += _RING_WIDER
            ring = {"ms": across, "mew": 1.8, "clip_on": False, "zorder": 4} | RING
            axes.plot(*([x] for x in mix), **ring)
        if share:
            _write_share(axes, mix, share, across)
    axes.plot(*([x] for x in tables.present), clip_on=False, zorder=6, **STAR)


def _write_share(axes: Any, mix: Sequence[float], share: float, across: float) -> None:
    """In per cent, above a dot or ring so many points across."""
    axes.annotate(
        f"{100 * share:.0f}" if share >= _ONE_PERCENT else "<1",
        places(axes, [mix])[0],
        (0, across / 2 + 1),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=9,
        path_effects=halo(2.5),
        zorder=7,
    )


def _across(share: float) -> float:
    """Across a dot [points]; its area grows with the share."""
    least, most = _SIZES
    return float((least**2 + (most**2 - least**2) * share) ** 0.5)


def frontier_data(tables: MixesTables) -> pd.DataFrame:
    """A row a mix: in which share of worlds it is on the frontier, and whether in the central."""
    amounts = tables.frontier.rename(columns={"share_of_worlds": "middle"})[list(COLUMNS)] * 100
    texts = interval_texts(amounts, sign=False).tolist()
    best = keys_of(frontier_of(tables))
    central = ["yes" if mix in best else "" for mix in keys_of(tables.frontier)]
    return share_texts(tables.frontier).assign(
        **{"on the frontier, % of worlds": texts, "in the central world": central}
    )


def frontier_alt(tables: MixesTables) -> str:
    """What the figure shows, for those who hear it."""
    every: Any = tables.frontier.itertuples()
    rows = sorted(every, key=lambda row: -float(row.share_of_worlds))
    told = "; ".join(f"{percent(row.share_of_worlds)} for {mix_words(row)}" for row in rows[:3])
    never = sum(not row.share_of_worlds for row in rows)
    return (
        f"A triangle with a dot for each of {len(rows)} mixes, larger and darker the more worlds "
        f"have it on the frontier. Most often, {told}. {never} of them never are."
    )
