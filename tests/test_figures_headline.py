"""The headline figure and the trade-off plane: numbers, units, and scenarios told apart."""

from dataclasses import replace

import numpy as np
import pytest
from made_up import EIGHT, LONG, made_up, made_up_tables, words
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Annotation, Text
from policymix.drawing import LabelledFigure, looks_of
from policymix.figures import headline, tradeoff
from policymix.figures_headline import headline_data
from policymix.figures_tradeoff import tradeoff_data
from policymix.outcomes import OUTCOME_NAMES
from policymix.tables import picked


@pytest.fixture(scope="module")
def over_time() -> LabelledFigure:
    tables = made_up_tables(EIGHT)
    return headline(tables.monthly, tables.yearly, tables.summary, "baseline")


def plane_of(names: list[str]) -> LabelledFigure:
    return tradeoff(made_up_tables(names).summary, names[0])


def test_all_addiction_is_shown_and_revenue_never_without_profit(
    over_time: LabelledFigure,
) -> None:
    assert {"active", "in treatment", "in custody"} <= set(words(over_time))
    assert {"Cartel revenue", "Cartel profit"} <= set(words(over_time))
    told = set(words(plane_of(EIGHT[:3])))
    assert {"Cartel revenue against addiction", "Cartel profit against addiction"} <= told


def test_stacked_bars_add_up_to_all_addiction(over_time: LabelledFigure) -> None:
    bars = over_time.axes[-1]
    ends = [patch.get_x() + patch.get_width() for patch in bars.patches[-len(EIGHT) :]]
    last = np.mean([r[:, -1, OUTCOME_NAMES.index("addicted")] for r in made_up(EIGHT)], axis=0)
    assert ends == pytest.approx(last / 1e6)
    assert all(patch.get_x() == 0 for patch in bars.patches[: len(EIGHT)])


def test_lines_are_in_the_unit_of_their_axis(over_time: LabelledFigure) -> None:
    people, deaths, revenue, _, _ = over_time.axes
    records = np.mean(made_up(EIGHT), axis=0)[0]
    column = OUTCOME_NAMES.index
    assert people.lines[0].get_ydata()[-1] == pytest.approx(records[-1, column("addicted")] / 1e6)
    year = records[1:13, column("overdose_deaths")].sum() / 1e3
    assert deaths.lines[0].get_ydata()[0] == pytest.approx(year)
    in_billion = records[-1, column("cartel_revenue")] * 12 / 1e3
    assert revenue.lines[0].get_ydata()[-1] == pytest.approx(in_billion)


def test_bands_do_not_reach_below_nothing() -> None:
    tables = made_up_tables(EIGHT[:2])
    wide = tables.yearly.assign(low=-5.0)
    deaths = headline(tables.monthly, wide, tables.summary, "baseline").axes[1]
    assert deaths.get_ylim()[0] == 0


def test_the_plane_shows_differences_with_the_reference_at_nothing() -> None:
    plane = plane_of(["baseline", "other"])
    dots = [line for line in plane.axes[0].lines if line.get_marker() not in ("None", None)]
    at = {dot.get_marker(): tuple(np.ravel(dot.get_xydata())) for dot in dots}
    records = np.mean(made_up(["baseline", "other"]), axis=0)
    people, money = (OUTCOME_NAMES.index(name) for name in ("addicted", "cartel_revenue"))
    last = records[1, -1, people] - records[0, -1, people]
    mean = (records[1, 1:, money] - records[0, 1:, money]).mean()
    assert at["s"] == pytest.approx((0, 0), abs=1e-12)
    assert at["o"] == pytest.approx((last / 1e6, mean * 12 / 1e3))


def test_names_of_dots_do_not_cover_each_other_and_long_ones_stand_in_a_key() -> None:
    plane = plane_of(["baseline", "alpha", "beta", "gamma", "delta", "epsilon"])
    renderer = FigureCanvasAgg(plane).get_renderer()
    plane.draw(renderer)
    for axes in plane.axes:
        boxes = [Text.get_window_extent(text, renderer) for text in axes.texts]
        assert all(isinstance(text, Annotation) for text in axes.texts)
        assert len(boxes) == 6
        for place, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[:place])
    *planes, key = plane_of(LONG).axes
    assert not any(axes.texts for axes in planes)
    assert [text.get_text().replace("\n", "") for text in key.texts] == LONG


def test_scenarios_are_told_apart_without_colour() -> None:
    names = [f"s{k}" for k in range(30)]
    looks = looks_of(names, "s3")
    assert looks["s3"].colour == "#000000"
    seen = {(look.colour, str(look.dashes), look.marker) for look in looks.values()}
    assert len(seen) == len(names)
    first = [looks[name] for name in names[:8]]
    assert len({look.marker for look in first if look is not looks["s3"]}) == 7


def test_the_tables_behind_say_levels_and_differences_with_intervals() -> None:
    tables = made_up_tables(EIGHT)
    levels, differences = headline_data(tables), tradeoff_data(tables)
    row = picked(tables.summary, "cartel_profit", "mean").loc["a1"]
    mean, low, high = (float(row[key]) * 12 / 1e3 for key in ("mean", "low", "high"))
    (text,) = levels.loc[levels["scenario"] == "a1", "Cartel profit, billion USD a year"]
    assert text == f"{mean:.1f} ({low:.1f} to {high:.1f})"
    assert list(differences["scenario"]) == EIGHT[1:]
    assert "more or less than baseline" in differences.columns[1]


def test_a_single_year_is_a_mark_with_its_interval() -> None:
    tables = made_up_tables(["baseline", "other"])
    one = replace(tables, yearly=tables.yearly[tables.yearly["year"] == 1])
    figure = headline(one.monthly, one.yearly, one.summary, one.reference)
    deaths = next(a for a in figure.axes if a.get_title(loc="left").startswith("Overdose deaths"))
    marks = [line for line in deaths.get_lines() if line.get_marker() not in ("None", "", None)]
    assert len(marks) == 2
