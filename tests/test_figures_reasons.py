"""The bridge adds up, and the flow of the same people holds everyone who moved."""

import itertools
import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from made_up import EIGHT, made_up_tables, words
from matplotlib.patches import PathPatch, Rectangle
from policymix.ends import END_NAMES, fared
from policymix.figures import bridge, same_people
from policymix.figures_bridge import Bar, bridge_alt, bridge_data, printed_changes, steps
from policymix.figures_people import (
    movers,
    place_ends,
    ribbons,
    same_people_alt,
    same_people_data,
)
from policymix.reasons import ADDICTION, SPENDING

TABLES = made_up_tables(EIGHT)


def of_bridge(name: str, of: str) -> pd.DataFrame:
    rows = TABLES.bridge
    return rows[(rows["scenario"] == name) & (rows["of"] == of)]


@pytest.mark.parametrize("of", ["addicted", "retail_spending"])
def test_each_bar_of_a_bridge_starts_where_the_one_before_ended(of: str) -> None:
    names = {"addicted": [n for n, _, _ in ADDICTION], "retail_spending": [n for n, _ in SPENDING]}
    *parts, whole = steps(of_bridge("a1", of), [*names[of], of], of)
    at = 0.0
    for bar in parts:
        assert bar.start == pytest.approx(at)
        at += bar.change
        assert bar.end == pytest.approx(at)
    assert (whole.start, whole.end) == (0.0, pytest.approx(at, rel=1e-6))
    assert abs(whole.end) > 0


def test_drawn_bars_add_up_to_the_sum_and_are_in_the_unit_of_their_axis() -> None:
    figure = bridge(TABLES.bridge, "baseline")
    panels = [axes for axes in figure.axes if axes.axison]
    assert len(panels) == 2 * 7
    of_unit = {"thousand people": "addicted", "billion USD a year": "retail_spending"}
    factors = {"addicted": 1e-3, "retail_spending": 12 / 1e3}
    sums = []
    for axes in panels:
        bars = [p for p in axes.patches if isinstance(p, Rectangle) and p.get_height() < 0.9]
        widths = [bar.get_width() for bar in bars]
        assert math.fsum(widths[:-1]) == pytest.approx(widths[-1], rel=1e-6, abs=1e-9)
        of = of_unit[axes.get_xlabel()]
        sums.append((of, widths[-1] / factors[of]))
    wholes = TABLES.bridge[TABLES.bridge["part"] == TABLES.bridge["of"]]
    told = wholes.sort_values(["of", "difference"])
    assert [of for of, _ in sorted(sums)] == told["of"].tolist()
    assert [number for _, number in sorted(sums)] == pytest.approx(told["difference"].tolist())


def test_all_panels_of_a_block_have_one_scale() -> None:
    panels = [axes for axes in bridge(TABLES.bridge, "baseline").axes if axes.axison]
    for unit in ("thousand people", "billion USD a year"):
        assert len({axes.get_xlim() for axes in panels if axes.get_xlabel() == unit}) == 1


def test_a_part_that_is_not_clear_is_hollow() -> None:
    table = TABLES.bridge.assign(difference_low=-1e9, difference_high=1e9)
    middle, span = table["difference"], 1e-3 * table["difference"].abs()
    clear = table.assign(difference_low=middle - span, difference_high=middle + span)
    for rows, is_hollow in ((table, True), (clear, False)):
        axes = bridge(rows, "baseline").axes[0]
        bars = [p for p in axes.patches if p.get_height() < 0.9 and p.get_width()]
        assert bars
        assert all((bar.get_facecolor() == (1, 1, 1, 1)) == is_hollow for bar in bars)


def test_what_was_different_at_the_start_comes_first_and_only_where_it_was() -> None:
    start = {"part": "start", "meaning": "before the first month", "of": "addicted"}
    first = TABLES.bridge.iloc[[0]].assign(**start, difference=5e3)
    rows = pd.concat([TABLES.bridge, first], ignore_index=True)
    rows.loc[0, "difference"] += 5e3
    figure = bridge(rows, "baseline")
    assert "before the first month" in words(figure)
    assert figure.axes[0].patches
    (data,) = [bridge_data(replace(TABLES, bridge=rows))]
    started = data[data["part"] == "before the first month"]
    assert list(started["scenario"]) == ["a1"]


def test_the_table_behind_the_bridge_says_every_part_of_every_scenario() -> None:
    data = bridge_data(TABLES)
    assert len(data) == 7 * (len(ADDICTION) + len(SPENDING) + 2)
    assert {"all together", "bribes", "out: overdose deaths"} <= set(data["part"])
    assert "the largest part in retail spending is " in bridge_alt(TABLES)


def test_ribbons_hold_everyone_whose_end_differs_and_nobody_else() -> None:
    slots = place_ends([movers(TABLES.ends, name) for name in EIGHT[1:]], 1.5)
    for name in EIGHT:
        rows = TABLES.ends[TABLES.ends["scenario"] == name]
        moved = rows[rows["end"] != rows["end_under_reference"]]
        found = ribbons(movers(TABLES.ends, name), slots)
        assert sum(one.people for one in found) == pytest.approx(moved["mean"].sum())
        assert all(one.before != one.after for one in found)
        assert bool(found) == (name != "baseline")


def test_ribbons_leave_and_reach_their_ends_without_covering_each_other() -> None:
    table = movers(TABLES.ends, "delta")
    slots = place_ends([table], 1.5)
    found = ribbons(table, slots)
    for which, where in (("before", "left"), ("after", "right")):
        for end in END_NAMES:
            tops = sorted((getattr(r, where), r.people) for r in found if getattr(r, which) == end)
            bottoms = [top + people * slots.inches_per_person for top, people in tops]
            assert all(top >= slots.tops[end] for top, _ in tops)
            assert all(b <= slots.tops[end] + slots.heights[end] for b in bottoms)
            for below, (top, _) in zip(bottoms, tops[1:], strict=False):
                assert top == pytest.approx(below)


def test_drawn_ribbons_are_as_thick_as_people_are_many_and_better_ones_go_up() -> None:
    figure = same_people(TABLES.ends, TABLES.fared, "baseline")
    axes = figure.axes[EIGHT.index("delta") - 1]
    table = movers(TABLES.ends, "delta")
    patches = [patch for patch in axes.patches if isinstance(patch, PathPatch)]
    thick = [np.ptp(patch.get_path().vertices[[0, -2], 1]) for patch in patches]
    scale = sum(thick) / table.to_numpy().sum()
    expected = sorted(x * scale for x in table.to_numpy().ravel() if x)
    assert sorted(thick) == pytest.approx(expected)
    for patch in patches:
        y = patch.get_path().vertices[[0, 3], 1]
        if patch.get_facecolor()[2] > 0.8:
            assert y[1] < y[0], "better, and drawn downwards"


def test_counts_of_better_and_worse_are_told_with_their_intervals() -> None:
    told = words(same_people(TABLES.ends, TABLES.fared, "baseline"))
    rows = TABLES.fared[TABLES.fared["scenario"] == "delta"].set_index("fared")
    for how in ("better", "worse"):
        mean, low, high = (rows[key][how] / 1e6 for key in ("mean", "low", "high"))
        assert f"{mean:.2f}" in told
        assert f"{low:.2f} to {high:.2f}" in told
    assert same_people_data(TABLES)["scenario"].tolist() == EIGHT[1:]
    assert "delta" in same_people_alt(TABLES)


def test_nobody_moving_is_said() -> None:
    still = TABLES.ends["end"] == TABLES.ends["end_under_reference"]
    ends = TABLES.ends.assign(mean=TABLES.ends["mean"].where(still, 0.0))
    figure = same_people(ends, TABLES.fared.assign(mean=0.0, low=0.0, high=0.0), "baseline")
    assert words(figure).count("nobody endsdifferently") == 7
    assert not [p for axes in figure.axes[:7] for p in axes.patches]


def test_the_exit_age_is_neither_better_nor_worse() -> None:
    assert fared("aged_out", "overdose_death") == "same"
    ends = TABLES.ends.copy()
    ends.loc[ends["end"] != ends["end_under_reference"], "mean"] = 0.0
    is_exit = (ends["end_under_reference"] == "overdose_death") & (ends["end"] == "aged_out")
    ends.loc[is_exit, "mean"] = 1e4
    patches = same_people(ends, TABLES.fared, "baseline").axes[0].patches
    (ribbon,) = [patch for patch in patches if isinstance(patch, PathPatch)]
    red, green, blue, _ = ribbon.get_facecolor()
    assert red == green == blue


@pytest.mark.parametrize("seed", range(5))
def test_what_the_bridge_prints_adds_up_exactly(seed: int) -> None:
    changes = [((seed + 2) * 37.77 * k) % 11.0 - 5.5 for k in range(1, 7)]
    ends = list(itertools.accumulate(changes))
    bars = [
        Bar(end - change, end, 0.0, 0.0, change, True)
        for end, change in zip(ends, changes, strict=True)
    ]
    bars.append(Bar(0.0, ends[-1], 0.0, 0.0, ends[-1], True))
    for decimals in (0, 1, 2):
        *parts, whole = (f"{x:.{decimals}f}" for x in printed_changes(bars, decimals))
        assert sum(map(Decimal, parts)) == Decimal(whole)
