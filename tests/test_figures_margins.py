"""What the next billion buys, and which levers help each other: places, marks, fills and words."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from figure_checks import assert_words_have_room
from made_up import words
from made_up_mixes import INTERACTING, PER_BILLION, made_up_margins
from matplotlib.figure import Figure
from policymix.drawing import FEWER, MORE
from policymix.figures_margins import margins, margins_alt, margins_data
from policymix.figures_mixes import MARGINS_FIGURES, margins_pictures
from policymix.figures_pairs import pairs, pairs_alt, pairs_data
from policymix.levers import LEVER_NAMES, LEVERS
from policymix.margins_readings import MarginsTables, unused_shares

SHOWN = {
    "addicted": (1.0, "thousand people"),
    "overdose_deaths": (12.0, "deaths a year"),
    "cartel_revenue": (12.0, "million USD a year"),
    "cartel_profit": (12.0, "million USD a year"),
    "consumption": (12e-3, "tonnes a year"),
}
"""(factor from the made-up numbers, unit that is shown) of each panel."""
TABLES = made_up_margins()
TITLES = [lever.title for lever in LEVERS]


def marks_of(axes: Any) -> list[Any]:
    """Lines that are a single mark, without the intervals and guides."""
    return [line for line in axes.lines if line.get_marker() in ("o", "^", "v")]


def heights_of(figure: Figure, names: list[str]) -> list[float]:
    """Of each name's text, from the foot of the figure [pixels]."""
    found = {text.get_text().split("\n")[0]: text for text in figure.texts}
    return [
        float(found[name].get_transform().transform((0, found[name].get_position()[1]))[1])
        for name in names
    ]


def test_every_lever_is_there_in_order_and_beside_its_dots() -> None:
    figure = margins(TABLES)
    heights = heights_of(figure, TITLES)
    assert all(upper > lower for upper, lower in pairwise(heights)), "from the top, as in LEVERS"
    sides = heights_of(figure, ["supply", "demand", "cooperation"])
    first = [
        heights[TITLES.index(name)]
        for name in ("Interdiction", "Medication treatment", "Intelligence sharing")
    ]
    assert all(side > lever for side, lever in zip(sides, first, strict=True))
    assert sides[1] < heights[4]
    assert sides[2] < heights[9]
    for axes in figure.axes[1:]:
        places = [axes.transData.transform((0, dot.get_ydata()[0]))[1] for dot in marks_of(axes)]
        assert places == pytest.approx(heights, abs=0.5)


def test_dots_are_what_a_billion_does_in_the_unit_of_the_axis() -> None:
    for axes, (outcome, (factor, unit)) in zip(
        margins(TABLES).axes[1:], SHOWN.items(), strict=True
    ):
        at = [float(dot.get_xdata()[0]) for dot in marks_of(axes)]
        assert at == pytest.approx([factor * x for x in PER_BILLION[outcome]])
        assert axes.get_xlabel() == unit
        low, high = sorted(axes.get_xlim())
        spans = [line.get_xdata() for line in axes.lines if len(line.get_xdata()) == 2]
        assert all(low <= min(span) and max(span) <= high for span in spans), "cut"


def test_a_dot_is_filled_where_its_interval_leaves_out_zero() -> None:
    table = TABLES.margins.copy()
    half = 1e-3 * table["difference_per_billion"].abs() + 1e-9
    table["low"] = table["difference_per_billion"] - half
    table["high"] = table["difference_per_billion"] + half
    table.loc[table["lever"] == "treatment", ["low", "high"]] = (-1e9, 1e9)
    table.loc[table["lever"] == "policing", ["low", "high"]] = float("nan")
    for axes in margins(replace(TABLES, margins=table)).axes[1:]:
        fills = dict(
            zip(LEVER_NAMES, (d.get_markerfacecolor() for d in marks_of(axes)), strict=True)
        )
        hollow = [name for name, fill in fills.items() if fill == "white"]
        assert hollow == ["policing", "treatment"]


def test_money_without_use_is_said_in_words_beside_the_lever() -> None:
    told = words(margins(TABLES))
    assert "Prevention(90 % finds no use)" in told
    assert "Harm reduction(48 % finds no use)" in told
    assert "Intelligence sharing" in told, "0.4 % is not worth a word"
    assert list(unused_shares(TABLES)) == ["military_strikes", "prevention", "harm_reduction"]
    some = TABLES.margins
    none = replace(TABLES, margins=some[some["outcome"] != "unspent"])
    assert not [text for text in words(margins(none)) if "no use" in text]
    assert "90 % of Prevention" in margins_alt(TABLES)
    assert "no use" not in margins_alt(none)


def test_the_table_behind_margins_has_a_row_a_lever() -> None:
    data = margins_data(TABLES)
    assert data["a billion USD a year more for"].tolist() == TITLES
    treatment = data.set_index("a billion USD a year more for").loc["Medication treatment"]
    assert treatment["People with addiction at the end, thousand people"].startswith("−30.0 (−")
    assert treatment["Overdose deaths, deaths a year"].startswith("−696 (")
    assert data["finds no use"].tolist()[5:8] == ["0 %", "90 %", "48 %"]
    told = margins_alt(TABLES)
    assert "−30.0 thousand people by Medication treatment" in told
    unclear = TABLES.margins.assign(low=-1e9, high=1e9)
    assert "consumption: no clear difference" in margins_alt(replace(TABLES, margins=unclear))


def clear_of(tables: MarginsTables, outcome: str) -> dict[tuple[int, int], float]:
    """(row, column) and interaction of each clear pair, by the places of its levers."""
    rows: Any = tables.pairs[tables.pairs["outcome"] == outcome].itertuples()
    found = {}
    for row in rows:
        if row.low > 0 or row.high < 0:
            column, line = sorted(map(LEVER_NAMES.index, (row.lever, row.other)))
            found[line, column] = float(row.interaction)
    return found


@pytest.mark.parametrize("swapped", [False, True])
def test_clear_pairs_alone_have_a_mark_that_points_where_the_outcome_goes(swapped: bool) -> None:
    tables = TABLES
    if swapped:
        names = {"lever": "other", "other": "lever"}
        tables = replace(TABLES, pairs=TABLES.pairs.rename(columns=names))
    panels = [axes for axes in pairs(tables).axes if axes.texts]
    for axes, outcome in zip(panels, SHOWN, strict=True):
        clear = clear_of(TABLES, outcome)
        assert 4 <= len(clear) <= len(INTERACTING)
        marks = {
            (int(mark.get_ydata()[0]), int(mark.get_xdata()[0])): mark for mark in marks_of(axes)
        }
        assert len(marks) == len(marks_of(axes))
        assert marks.keys() == clear.keys()
        for place, mark in marks.items():
            look = (mark.get_marker(), mark.get_markerfacecolor())
            assert look == (("v", FEWER) if clear[place] < 0 else ("^", MORE))
        sizes = sorted((abs(clear[place]), mark.get_markersize()) for place, mark in marks.items())
        assert all(small <= large for (_, small), (_, large) in pairwise(sizes))


def test_names_stand_where_rows_end_and_columns_begin() -> None:
    for axes in [axes for axes in pairs(TABLES).axes if axes.texts]:
        names = [text for text in axes.texts if text.get_text() in TITLES]
        assert [text.get_text() for text in names] == TITLES
        assert [int(text.get_position()[0]) for text in names] == list(range(13))
        assert [int(text.get_position()[1]) for text in names] == list(range(13))


def test_numbers_are_those_of_their_marks() -> None:
    axes = pairs(TABLES).axes[0]
    clear = clear_of(TABLES, "addicted")
    numbers = [text for text in axes.texts if text.get_text() not in TITLES]
    assert len(numbers) == len(clear), "all fit where there are few"
    for text in numbers:
        x, y = text.get_position()
        (row, column) = min(
            clear, key=lambda place: abs(place[0] + 0.5 - y) + abs(place[1] + 0.5 - x)
        )
        assert text.get_text() == f"{clear[row, column] / 1e3:+.1f}".replace("-", "−")
    assert "4 of 78 pairs clear: −3.3 to +4.8 thousand people" in words(pairs(TABLES))


def test_that_no_pair_is_clear_is_said_in_words() -> None:
    none = made_up_margins(clear=False)
    figure = pairs(none)
    assert words(figure).count("None of 78 pairs is clear") == len(SHOWN)
    assert not [mark for axes in figure.axes if axes.texts for mark in marks_of(axes)]
    assert pairs_alt(none).count("no pair is clear") == len(SHOWN)
    assert pairs_data(none).empty


def test_the_table_behind_pairs_has_the_clear_ones() -> None:
    data = pairs_data(TABLES).set_index(["lever", "with"])
    row = data.loc[("Medication treatment", "Community engagement")]
    assert row["People with addiction at the end, thousand people"].startswith("−3.26 (")
    assert row["Cartel profit, million USD a year"] == "not clear"
    every = {place for outcome in SHOWN for place in clear_of(TABLES, outcome)}
    assert len(data) == len(every)
    assert "2 of 78 pairs help each other, 2 spoil" in pairs_alt(TABLES)


def test_without_pairs_there_is_no_figure_of_them() -> None:
    assert [one.name for one in margins_pictures(TABLES)] == ["margins", "pairs"]
    alone = replace(TABLES, pairs=pd.DataFrame(columns=TABLES.pairs.columns))
    assert margins_pictures(alone) == MARGINS_FIGURES[:1]


@pytest.mark.parametrize("factor", [1e-4, 130.0, 1e5])
def test_numbers_at_the_axes_have_room_however_long(factor: float) -> None:
    columns = ["difference_per_billion", "low", "high"]
    table = TABLES.margins.copy()
    table[columns] *= factor
    figure = margins(replace(TABLES, margins=table))
    assert_words_have_room(figure)
    for axes in figure.axes[1:]:
        low, high = axes.get_xlim()
        assert len([tick for tick in axes.get_xticks() if low <= tick <= high]) >= 2
