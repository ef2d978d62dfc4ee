"""A lever's curve from dollars to volume, with the money that the scenarios give it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from policymix.drawing import INK, STYLE, WIDTH, LabelledFigure, sheet
from policymix.lettering import LINE_SPACING, apart, lines_high, name_lines
from policymix.numerals import decimals_of, plain

_LEFT, _TOP, _WIDE, _HIGH, _AXIS = 0.85, 0.1, 6.6, 4.4, 0.6
_NAMES_LEFT: Final = 7.95
_GAP: Final = 0.09
_TODAY: Final = "today"
_CURVE: Final = "#0072B2"


def lever_curve(
    curve: pd.DataFrame,
    money: pd.DataFrame,
    limits: pd.DataFrame,
    title: str,
    buys: str,
    notes: Sequence[str] = (),
) -> LabelledFigure:
    """What a lever's money buys: volume relative to today's by billion USD a year.

    `curve` has columns spend and volume and holds today's point, at volume 1; `money` has
    scenario, spend and volume; `limits` has volume and meaning, such as that every pupil is
    reached.
    """
    today = float(curve["spend"].iloc[int((curve["volume"] - 1.0).abs().argmin())])
    labels = _labels(money, curve, today)
    room = sum(lines_high(one.words) + _GAP for one in labels)
    with mpl.rc_context(STYLE):
        high = max(_HIGH, room)
        page = sheet(f"{title}: what the money buys", notes, _TOP + high + _AXIS)
        axes = page.axes(_LEFT, _TOP, _WIDE, high)
        axes.plot(curve["spend"], curve["volume"], color=_CURVE, lw=2.6, zorder=3)
        axes.set_xlim(0, float(curve["spend"].max()))
        axes.set_ylim(0, _top_of(curve, limits))
        axes.set_xlabel("billion USD a year")
        axes.set_ylabel(f"{buys}, times today's")
        axes.xaxis.set_major_locator(MaxNLocator(7))
        axes.yaxis.set_major_locator(MaxNLocator(7))
        axes.plot((0, today, today), (1, 1, 0), color="#777777", lw=1, ls=":", zorder=1)
        _draw_limits(axes, limits)
        _draw_money(axes, labels, high)
        axes.plot(today, 1.0, marker="s", ms=11, mfc="white", mec="black", mew=1.8, zorder=5)
        return page.figure


@dataclass(frozen=True)
class Label:
    """Who spends so much on the lever: money [billion USD a year], volume, and words."""

    spend: float
    volume: float
    words: str
    is_today: bool


def _labels(money: pd.DataFrame, curve: pd.DataFrame, today: float) -> list[Label]:
    """From much to little; scenarios of the same money share one."""
    most, edge = float(curve["volume"].max()), float(curve["spend"].max())
    decimals = decimals_of([today])
    by_amount: dict[str, list[tuple[str, float, float]]] = {}
    rows: Any = money.itertuples()
    for row in sorted(rows, key=lambda one: -float(one.spend)):
        amount = plain(row.spend, decimals)
        by_amount.setdefault(amount, []).append((row.scenario, row.spend, row.volume))
    by_amount.setdefault(plain(today, decimals), []).insert(0, (_TODAY, today, 1.0))
    found = []
    for amount, shared in by_amount.items():
        _, spend, volume = shared[0]
        names = ", ".join(name for name, _, _ in shared)
        rest = " (further right)" if spend > edge else ""
        words = name_lines(f"{amount}: {names}{rest}", WIDTH - _NAMES_LEFT - 0.15, 10, "bold")
        found.append(Label(spend, min(volume, most), words, shared[0][0] == _TODAY))
    return sorted(found, key=lambda one: -one.spend)


def _top_of(curve: pd.DataFrame, limits: pd.DataFrame) -> float:
    most = float(curve["volume"].max())
    near = [float(volume) for volume in limits["volume"] if volume <= 1.35 * most]
    return 1.1 * max([most, *near])


def _draw_limits(axes: Axes, limits: pd.DataFrame) -> None:
    """Dashed lines, explained in the corner that a rising curve leaves free."""
    rows: Any = limits.itertuples()
    shown = [row for row in rows if row.volume < axes.get_ylim()[1]]
    for row in shown:
        axes.axhline(row.volume, color="black", lw=1.6, ls=(0, (5, 2)), zorder=2)
    words = "\n".join(f"dashed, {plain(row.volume, 2)} times: {row.meaning}" for row in shown)
    axes.text(0.02, 0.97, words, transform=axes.transAxes, va="top", fontsize=10)


def _draw_money(axes: Axes, labels: Sequence[Label], high: float) -> None:
    """Dots on the curve and ticks on the axis, with names in a column at the right."""
    edge, top = axes.get_xlim()[1], axes.get_ylim()[1]
    heights = [lines_high(one.words) + _GAP for one in labels]
    wanted = [
        high * (1 - min(one.volume, top) / top) - tall / 2
        for one, tall in zip(labels, heights, strict=True)
    ]
    places = apart(wanted, heights, high)
    for one, place, tall in zip(labels, places, heights, strict=True):
        is_beyond = one.spend > edge
        at = (min(one.spend, edge), min(one.volume, top))
        dot: Any = {"marker": ">" if is_beyond else "o", "color": _CURVE, "mec": "white"}
        axes.plot(*at, ms=8, zorder=4, clip_on=False, **dot)
        if not is_beyond:
            axes.plot((at[0],) * 2, (0, 0.025 * top), color=INK, lw=1.6, zorder=3)
        axes.annotate(
            one.words,
            at,
            (72 * (_NAMES_LEFT - _LEFT), 72 * (high - place - tall / 2)),
            textcoords="axes points",
            va="center",
            fontsize=10,
            linespacing=LINE_SPACING,
            fontweight="bold" if one.is_today else "normal",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": "#AAAAAA", "lw": 0.7, "shrinkB": 4},
        )
