"""Budget bars, corridors, side effects and a lever's curve: lengths, places and marks."""

from dataclasses import replace

import pandas as pd
import pytest
from made_up import EIGHT, made_up_tables, words
from matplotlib.colors import to_rgba
from policymix.figures import budget, corridors, side_effects
from policymix.figures_budget import budget_alt, budget_data, segments
from policymix.figures_corridors import corridors_alt, corridors_data, flows_by_corridor
from policymix.figures_effects import EFFECTS, side_effects_alt, side_effects_data
from policymix.figures_levers import lever_curve
from policymix.levers import LEVERS
from policymix.tables import picked

TABLES = made_up_tables(EIGHT)
SHOWN = {
    "violence": (12, "deaths a year"),
    "incarcerated": (1e-3, "thousand people"),
    "institutional_strength": (1, "index 0 to 1"),
    "unspent": (12e-3, "billion USD a year"),
    "deaths_after_release": (12e-3, "thousand a year"),
    "waiting_for_treatment": (1e-3, "thousand people"),
    "casual_users": (1e-3, "thousand people"),
    "retail_price": (1, "USD per pure gram"),
}
"""(factor from the table's unit, unit that is shown) of each side effect."""


def test_widths_of_a_budget_bar_are_the_money_asked_for() -> None:
    axes = budget(TABLES.budget, "baseline").axes[0]
    asked = TABLES.budget.groupby("scenario", sort=False)["asked"]
    rows: dict[float, list[float]] = {}
    for patch in axes.patches:
        rows.setdefault(round(patch.get_y(), 6), []).append(patch.get_width())
    assert [sum(row) for row in rows.values()] == pytest.approx(asked.sum().tolist())
    assert all(len(row) == len(LEVERS) + 1 for row in rows.values())


def test_money_without_use_is_a_hatched_part_of_its_lever() -> None:
    axes = budget(TABLES.budget, "baseline").axes[0]
    unused = [patch for patch in axes.patches if patch.get_hatch() == "xxxx"]
    lost = TABLES.budget["asked"] - TABLES.budget["spent"]
    assert [patch.get_width() for patch in unused] == pytest.approx(lost[lost > 0].tolist())
    assert all(patch.get_facecolor() == to_rgba("white") for patch in unused)
    for name in EIGHT:
        by_lever = {one.lever: one for one in segments(TABLES.budget, name)}
        assert [lever for lever, one in by_lever.items() if one.unused] == ["treatment"]


def test_levers_are_told_apart_without_colour() -> None:
    axes = budget(TABLES.budget, "baseline").axes[0]
    first = [p for p in axes.patches[: len(LEVERS) + 1] if p.get_hatch() != "xxxx"]
    looks = {(patch.get_facecolor(), patch.get_hatch()) for patch in first}
    assert len(looks) == len(LEVERS)
    for side in ("supply", "demand", "cooperation"):
        hatches = [
            p.get_hatch() for p, lever in zip(first, LEVERS, strict=True) if lever.side == side
        ]
        assert len(set(hatches)) == len(hatches)


def test_sides_have_their_shares_and_wide_parts_their_names() -> None:
    told = words(budget(TABLES.budget, "baseline"))
    money = TABLES.budget[TABLES.budget["scenario"] == "a1"].groupby("side")["asked"].sum()
    for side, amount in money.items():
        assert f"{side} {amount / money.sum():.0%}".replace("%", " %") in told
    wide = TABLES.budget.copy()
    wide.loc[wide["lever"] == "treatment", ["asked", "spent"]] = 30.0
    assert "Medication treatment30.0" in words(budget(wide, "baseline"))
    data = budget_data(TABLES)
    assert data["lever (billion USD a year)"].tolist() == [lever.title for lever in LEVERS]
    assert "found no use" in budget_alt(TABLES)


def test_a_budget_of_one_side_and_of_nothing_are_drawn() -> None:
    for share in (1.0, 0.0):
        table = TABLES.budget.copy()
        table.loc[table["lever"] != "interdiction", ["asked", "spent"]] = 0.0
        table[["asked", "spent"]] *= share
        told = words(budget(table, "baseline"))
        assert ("supply 100 %" in told) == bool(share)


def test_bars_of_corridors_are_tonnes_a_year_and_seizures_their_part() -> None:
    figure = corridors(TABLES.summary, "baseline")
    axes = figure.axes[EIGHT.index("c_3")]
    widths = [patch.get_width() for patch in axes.patches]
    seized, rest = widths[0::2], widths[1::2]
    shipped = picked(TABLES.summary, "corridor_2_shipped", "mean")["mean"]["c_3"] * 12 / 1e3
    assert seized[0] + rest[0] == pytest.approx(shipped), "corridor 2 stands first, in the source"
    tonnes = flows_by_corridor(TABLES.summary, "c_3")
    assert sum(seized) == pytest.approx(tonnes["seized"].sum())
    assert sum(widths) == pytest.approx(tonnes["shipped"].sum())
    assert all(patch.get_hatch() for patch in axes.patches[0::2])


def test_the_reference_is_marked_in_the_panels_of_the_others() -> None:
    first, second, *_ = corridors(TABLES.summary, "baseline").axes
    marks = [c.get_segments()[0][0][0] for c in second.collections]
    tonnes = flows_by_corridor(TABLES.summary, "baseline")
    assert sorted(marks) == pytest.approx(sorted(tonnes.to_numpy().ravel()))
    assert not first.collections
    assert len(corridors_data(TABLES)) == 8 * 6
    assert "on each of the six corridors" in corridors_alt(TABLES)


def test_side_effects_are_differences_in_their_unit_filled_if_clear() -> None:
    summary = TABLES.summary.copy()
    middle = summary["difference"]
    span = 1e-3 * middle.abs()
    summary["difference_low"], summary["difference_high"] = middle - span, middle + span
    summary.loc[summary["scenario"] == "c_3", ["difference_low", "difference_high"]] = (-1e9, 1e9)
    for axes, (outcome, (factor, unit)) in zip(
        side_effects(summary, "baseline").axes, SHOWN.items(), strict=True
    ):
        rows = picked(summary, outcome, "mean").drop(index="baseline")
        dots = [line for line in axes.lines if line.get_marker() not in ("None", None, "")]
        at = [float(dot.get_xdata()[0]) for dot in dots]
        assert at == pytest.approx((rows["difference"] * factor).tolist())
        fills = {name: dot.get_markerfacecolor() for name, dot in zip(EIGHT[1:], dots, strict=True)}
        assert [name for name, fill in fills.items() if fill == "white"] == ["c_3"]
        assert axes.get_xlabel() == f"{unit}, difference"


def test_the_table_behind_side_effects_has_a_column_an_outcome() -> None:
    data = side_effects_data(TABLES)
    assert data.columns.tolist() == ["scenario", *(one.heading for one in EFFECTS)]
    assert data["scenario"].tolist() == EIGHT[1:]
    unclear = TABLES.summary.assign(difference_low=-1e9, difference_high=1e9)
    told = side_effects_alt(replace(TABLES, summary=unclear))
    assert "violence of cartels: no clear difference" in told


def curve_of(limit: float) -> tuple[list[str], list[tuple[float, float]]]:
    curve = pd.DataFrame({"spend": [0.0, 2.0, 4.0, 6.0], "volume": [0.0, 1.0, 3.0, 5.0]})
    money = pd.DataFrame(
        [("baseline", 2.0, 1.0), ("much", 9.0, 8.0), ("more", 4.0, 3.0), ("as_much", 4.0, 3.0)],
        columns=["scenario", "spend", "volume"],
    )
    limits = pd.DataFrame([(limit, "every pupil")], columns=["volume", "meaning"])
    figure = lever_curve(curve, money, limits, "Prevention", "pupils", ["A $note$."])
    axes = figure.axes[0]
    dots = [line for line in axes.lines if line.get_marker() in ("o", ">", "s")]
    return words(figure), [tuple(dot.get_xydata()[0]) for dot in dots]


def test_a_levers_curve_marks_today_the_scenarios_and_the_limit() -> None:
    told, dots = curve_of(2.5)
    assert dots == [(6.0, 5.0), (4.0, 3.0), (2.0, 1.0), (2.0, 1.0)]
    assert {"4.00: more, as_much", "2.00: today, baseline"} <= set(told)
    assert "9.00: much (further right)" in told
    assert "dashed, 2.50 times: every pupil" in told
    assert "every pupil" not in " ".join(curve_of(50.0)[0])
    assert "billion USD a year" in told
    assert "pupils, times today's" in told
