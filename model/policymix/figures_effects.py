"""Side effects: how each scenario differs from the reference in what headlines leave out."""

from collections.abc import Sequence
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from policymix.drawing import STYLE, LabelledFigure, Look, looks_of, plain_rows, sheet
from policymix.lettering import lines_high, name_lines
from policymix.numerals import is_clear
from policymix.readings import (
    BILLION_A_YEAR,
    THOUSAND_A_YEAR,
    Reading,
    Tables,
    extremes_words,
    names_in,
    texts_by_scenario,
)
from policymix.units import MONTHS_PER_YEAR

EFFECTS: Final = (
    Reading("violence", "mean", MONTHS_PER_YEAR, "Violence of cartels", "deaths a year"),
    Reading("incarcerated", "final", 1e-3, "Incarcerated, at the end", "thousand people"),
    Reading("institutional_strength", "final", 1.0, "Institutions, at the end", "index 0 to 1"),
    Reading("unspent", "mean", BILLION_A_YEAR, "Money without use", "billion USD a year"),
    Reading(
        "deaths_after_release", "mean", THOUSAND_A_YEAR, "Deaths after release", "thousand a year"
    ),
    Reading("waiting_for_treatment", "final", 1e-3, "Waiting, at the end", "thousand people"),
    Reading("casual_users", "final", 1e-3, "Casual users, at the end", "thousand people"),
    Reading("retail_price", "mean", 1.0, "Retail price", "USD per pure gram"),
)
"""What is shown of a policy beside the headlines, by the statistics of `studies.measures`."""
_COLUMNS: Final = 4
_LABELS, _LEFT, _BETWEEN, _RIGHT = 1.95, 2.05, 0.3, 11.3
_ROW, _TITLE, _AXIS = 0.27, 0.3, 0.62


def side_effects(
    summary: pd.DataFrame, reference: str, notes: Sequence[str] = ()
) -> LabelledFigure:
    """Paired differences from the reference, a panel an outcome, a row a scenario.

    A dot is filled where its 95 % interval leaves out zero, else hollow.
    """
    looks = looks_of(names_in(summary), reference)
    others = {name: look for name, look in looks.items() if name != reference}
    titles = {name: name_lines(name, _LABELS - 0.2) for name in others}
    row = max([_ROW, *(lines_high(title) + 0.06 for title in titles.values())])
    high, bands = row * len(others), -(-len(EFFECTS) // _COLUMNS)
    wide = (_RIGHT - _LEFT + _BETWEEN) / _COLUMNS - _BETWEEN
    with mpl.rc_context(STYLE):
        body = bands * (_TITLE + high + _AXIS) + 0.25
        page = sheet(f"Side effects: difference from {reference}", notes, body)
        for place, reading in enumerate(EFFECTS):
            top = 0.05 + place // _COLUMNS * (_TITLE + high + _AXIS) + _TITLE
            if place % _COLUMNS == 0:
                for at, title in enumerate(titles.values()):
                    style: Any = {"ha": "right", "va": "center"}
                    page.text(_LABELS, top + (at + 0.5) * row, title, **style)
            left = _LEFT + place % _COLUMNS * (wide + _BETWEEN)
            axes = page.axes(left, top, wide, max(high, _ROW))
            _draw_dots(axes, reading.differences(summary), others)
            axes.set_title(reading.title, fontsize=11)
            axes.set_xlabel(f"{reading.unit}, difference", fontsize=9.5, labelpad=1)
        words = "Filled: the 95 % interval leaves out zero. Hollow: no clear difference."
        page.text(0.115, body - 0.22, words)
        return page.figure


def _draw_dots(axes: Axes, differences: pd.DataFrame, looks: dict[str, Look]) -> None:
    plain_rows(axes, len(looks) or 1)
    axes.axvline(0, color="#444444", lw=1.2, zorder=1)
    for row, (name, look) in enumerate(looks.items()):
        found: Any = differences.loc[name]
        colour = "#222222"
        axes.plot((found.low, found.high), (row, row), color=colour, lw=1.8, zorder=3)
        axes.plot(
            found.middle,
            row,
            marker=look.marker,
            markersize=7.5,
            markerfacecolor=look.colour if is_clear(found.low, found.high) else "white",
            markeredgecolor=colour,
            markeredgewidth=1.2,
            zorder=4,
        )
    axes.margins(x=0.13)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.tick_params(axis="x", labelsize=9.5)


def side_effects_data(tables: Tables) -> pd.DataFrame:
    """A row a scenario, a column an outcome: the difference with its interval."""
    return texts_by_scenario(
        {one.heading: one.difference_texts(tables.summary, tables.reference) for one in EFFECTS}
    )


def side_effects_alt(tables: Tables) -> str:
    """What the figure shows, for those who hear it."""
    told = [
        f"{one.title.lower()}: "
        + extremes_words(one.differences(tables.summary).drop(index=tables.reference), one.unit)
        for one in EFFECTS
    ]
    return (
        f"Dots with intervals of the difference from {tables.reference}, a panel for each side "
        f"effect. Clear ones furthest out, {'; '.join(told)}."
    )
