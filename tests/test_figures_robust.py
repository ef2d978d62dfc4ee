"""Figures of worlds: who has less where, the box of the flips, shares, indices, and their words."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from figure_checks import (
    assert_files_carry_the_label,
    assert_label_has_its_space,
    assert_same_files,
    assert_words_have_room,
    files_of,
)
from made_up import LONG, drawn_texts, words
from made_up_robust import (
    ASSUMPTIONS,
    TWO,
    alike_in,
    all_alike,
    dots,
    made_up_robust,
    n_dots,
    panels,
    sensitivity,
)
from matplotlib.colors import to_hex
from policymix.drawing import LabelledFigure
from policymix.figures_flip import flip, flip_alt, flip_data
from policymix.figures_robust import robust_pictures
from policymix.figures_sensitivity import rows_of, sensitivity_alt, sensitivity_data
from policymix.figures_sensitivity import sensitivity as draw_sensitivity
from policymix.figures_worlds import worlds, worlds_alt, worlds_data
from policymix.readings import ADDICTED, DEATHS, PROFIT, REVENUE
from policymix.robust_panels import FIRST_LESS, SECOND_LESS
from policymix.robust_readings import SHOWN, RobustTables, Verdict, deciding

pytestmark = pytest.mark.slow  # drawing takes its time

NAMES = ["flip", "worlds", "sensitivity"]
PAIR = ("ahead", "be-hind")
NOTE = "Of 210 worlds 10 were $impossible$."
TABLES = made_up_robust(TWO, notes=[NOTE])
each = pytest.mark.parametrize("name", NAMES)


def drawn(name: str, tables: RobustTables = TABLES) -> LabelledFigure:
    return next(one for one in robust_pictures(tables) if one.name == name).draw(tables)


@cache
def usual(name: str) -> LabelledFigure:
    """The figure of `TABLES`, to be looked at; its files are those of a figure just drawn."""
    figure = drawn(name)
    files_of(figure)
    return figure


@each
def test_the_label_is_in_the_picture_in_space_of_its_own_and_in_the_file(name: str) -> None:
    figure = usual(name)
    assert_label_has_its_space(figure)
    assert_files_carry_the_label(figure)
    (note,) = [text for text in figure.texts if text.get_text() == NOTE]
    assert not note.get_parse_math()


@each
def test_the_same_tables_give_the_same_bytes(name: str) -> None:
    assert_same_files(usual(name), drawn(name, made_up_robust(TWO, notes=[NOTE])))


@pytest.mark.parametrize("names", [TWO, LONG[:2], LONG[:3]], ids=["short", "long", "three"])
@pytest.mark.parametrize("of_long_titles", [False, True], ids=["", "long titles"])
def test_words_lie_within_the_picture_and_none_on_another(
    names: list[str], of_long_titles: bool
) -> None:
    tables = made_up_robust(names, notes=[NOTE])
    if of_long_titles:
        titles = {name: f"what is assumed about {name} " * 2 for name in ASSUMPTIONS}
        tables = replace(tables, titles=titles)
    for picture in robust_pictures(tables):
        assert_words_have_room(picture.draw(tables))


@each
def test_every_axis_says_its_unit(name: str) -> None:
    units = re.compile(r"million|thousand|billion USD|share|\[[a-z %]+\]")
    for axes in panels(usual(name)):
        for axis in (axes.xaxis, axes.yaxis):
            if len(axis.get_majorticklocs()):
                assert units.search(axis.get_label_text().replace("\n", "")), axis


def test_pairs_are_in_the_order_asked_and_numbered_if_there_are_several() -> None:
    assert [one.name for one in robust_pictures(TABLES)] == NAMES
    three = made_up_robust(["a", "b", "c"])
    assert three.pairs() == [("a", "b"), ("a", "c"), ("b", "c")]
    found = robust_pictures(three)
    assert [one.name for one in found] == [f"{name}-{k}" for k in (1, 2, 3) for name in NAMES]
    assert found[4].title == "All worlds, sorted: a and c"
    told = words(found[3].draw(three))
    assert "a against c: where the ranking reverses" in told
    assert told.index("a has less") < told.index("c has less")
    six = made_up_robust(list("abcdef"))
    assert robust_pictures(six)[-1].name == "sensitivity-15"
    four = made_up_robust(list("abcd"))
    assert len({tuple(words(one.draw(four))) for one in robust_pictures(four)[::3]}) == 6


def test_no_indices_leave_their_figure_out_and_the_planes_find_their_assumptions() -> None:
    for empty in (TABLES.sensitivity.iloc[:0], pd.DataFrame()):
        tables = replace(TABLES, sensitivity=empty)
        pictures = robust_pictures(tables)
        assert [one.name for one in pictures] == ["flip", "worlds"]
        across, up = deciding(tables, PAIR, "overdose_deaths")
        assert across == "route_sensitivity", "what the gap is made from"
        assert up in ASSUMPTIONS
        assert deciding(tables, PAIR, "cartel_profit") == ("share_seized", "route_sensitivity")
        assert pictures[1].draw(tables).file_bytes("svg")
    assert deciding(TABLES, PAIR, "overdose_deaths") == tuple(reversed(ASSUMPTIONS[-2:]))
    assert deciding(TABLES, PAIR, "addicted") == ASSUMPTIONS[:2], "the box comes first"


def test_bars_are_the_sorted_differences_in_two_colours() -> None:
    for axes, reading in zip(panels(worlds(TABLES, PAIR)), SHOWN, strict=True):
        found = TABLES.differences(*PAIR, reading.outcome).drop(index=0) * reading.factor
        bars = {to_hex(bar.get_facecolor()): bar.get_data() for bar in axes.patches}
        below = bars[FIRST_LESS.lower()]
        assert below.values.tolist() == pytest.approx(sorted(found[found < 0]))
        assert below.edges[-1] == pytest.approx(100 * (found < 0).mean())
        if (found > 0).any():
            above = bars[SECOND_LESS.lower()]
            assert above.values.tolist() == pytest.approx(sorted(found[found > 0]))
            assert above.edges[-1] == 100
        assert axes.get_ylabel() == f"difference, {reading.unit}"


def test_the_share_and_the_central_world_are_in_the_panel() -> None:
    people, deaths, revenue, _ = panels(worlds(TABLES, PAIR))
    told = [text.get_text().replace("\n", "") for text in (*people.texts, *deaths.texts)]
    central = TABLES.differences(*PAIR, "addicted")[0] / 1e6
    assert told[1] == f"centralworld{central:+.4f}".replace("-", "−")
    assert [line for line in people.lines if line.get_ydata()[0] == pytest.approx(central)]
    assert told[0].startswith("ahead has less in 8")
    assert told[2] == "ahead has less in 100 % (96 to 100 %) of 200 worlds"
    assert revenue.texts[0].get_text().startswith("be-hind has less in \n86 %")


def test_a_share_is_never_all_where_one_world_is_otherwise() -> None:
    assert Verdict("a", "b", 0.998, 0.99, 1.0, 512).words == (
        "a has less in over 99 % (99 to 100 %) of 512 worlds"
    )
    assert Verdict("a", "b", 1.0, np.nan, np.nan, 1_024).share_words == "100 % of 1,024 worlds"
    assert Verdict("a", "b", 0.002, 0.0, 0.01, 9).share_words.startswith("under 1 % (0 to 1 %)")


def test_two_scenarios_that_never_differ_are_drawn_too() -> None:
    table = TABLES.outcomes.copy()
    same = table[table["scenario"] == "ahead"].assign(scenario="be-hind")
    tables = replace(TABLES, outcomes=pd.concat([table[table["scenario"] == "ahead"], same]))
    figure = flip(tables, PAIR)
    assert "neither has less" in words(figure)
    assert n_dots(panels(figure)[1], "_") == 200
    assert worlds(tables, PAIR).file_bytes("png")
    assert "nan" not in " ".join([*words(worlds(tables, PAIR)), worlds_alt(tables, PAIR)])


def test_rows_are_in_the_order_of_the_total_index_and_the_rest_comes_last() -> None:
    axes = panels(usual("sensitivity"))[0]
    labels = [text.get_text().replace("\n", " ") for text in axes.texts]
    assert labels[-2:] == ["all other assumptions", "chance"]
    assert labels[0] == "route sensitivity (grade C)"
    widths = [bar.get_width() for bar in axes.patches if bar.get_height() < 0.5]
    assert widths[:8] == sorted(widths[:8], reverse=True)
    rows = rows_of(TABLES, PAIR, "addicted")
    assert widths == pytest.approx(rows["total"].tolist())
    assert [float(dot.get_xdata()[0]) for dot in dots(axes, "D")] == pytest.approx(
        rows["first_order"].tolist()
    )
    spans = [tuple(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) == 2]
    assert (rows["total_low"].iloc[0], rows["total_high"].iloc[0]) in spans
    assert (rows["first_low"].iloc[0], rows["first_high"].iloc[0]) in spans
    low, high = axes.get_xlim()
    assert low < rows["total_low"].min() < 0
    assert high >= 1


def test_weak_grades_are_told_in_rows() -> None:
    told = [one.replace(" ", "") for one in words(usual("sensitivity"))]
    assert "yearstolongrun(gradeC)" in told
    assert "priceelasticityofdemand" in told


def test_more_assumptions_than_rows_are_counted() -> None:
    more = (*ASSUMPTIONS, "n_cartel_members", "share_destroyed_today")
    tables = replace(TABLES, sensitivity=sensitivity(TWO, more))
    figure = drawn("sensitivity", tables)
    assert "The 8 largest of 10 assumptions." in words(figure)
    assert len(panels(figure)[0].texts) == 10
    assert not any("largest of" in one for one in words(usual("sensitivity")))


def test_an_outcome_that_does_not_vary_has_no_panel_and_it_is_said_why() -> None:
    some = all_alike(TABLES, "cartel_revenue")
    figure = draw_sensitivity(some, PAIR)
    assert len(panels(figure)) == 3
    told = [one.replace("\n", " ") for one in words(figure)]
    assert "No shares, as there the difference does not vary: Cartel revenue." in told
    assert "Cartel revenue" not in told
    assert_words_have_room(figure)
    assert "Cartel revenue: none" in sensitivity_alt(some, PAIR)
    assert "Cartel revenue" not in set(sensitivity_data(some, PAIR)["outcome"])
    for outcome in ("addicted", "overdose_deaths", "cartel_profit"):
        some = all_alike(some, outcome)
    assert [one.name for one in robust_pictures(some)] == ["flip", "worlds"]
    assert len(set(deciding(some, PAIR, "addicted"))) == 2


def test_the_number_of_points_and_what_it_means_for_intervals_is_in_the_picture() -> None:
    few = "of so few, 95 % intervals hold the truth in some 80 to 97 % of cases."
    told = " ".join(words(usual("sensitivity")))
    assert f"Shares of the variance come from 32 base points: {few}" in told
    many = replace(TABLES, sensitivity=TABLES.sensitivity.assign(points=128))
    told = " ".join(words(drawn("sensitivity", many)))
    assert "Shares of the variance come from 128 base points." in told


def test_two_scenarios_that_are_the_same_in_all_worlds_are_said_to_be() -> None:
    same = all_alike(TABLES, "addicted")
    figure = flip(same, PAIR)
    assert "Both are the same in all 200 worlds." in words(figure)
    people = panels(worlds(same, PAIR))[0]
    assert people.texts[0].get_text().replace("\n", "") == "both are the same in all 200 worlds"
    row = worlds_data(same, PAIR).iloc[0]
    assert (row["has less"], row["in"]) == ("neither", "all 200 worlds")
    row = flip_data(same, PAIR).iloc[0]
    assert (row["in most worlds"], row["reversed where"]) == (
        "both are the same in all 200 worlds",
        "no ranking",
    )
    for told in (*words(figure), flip_alt(same, PAIR), worlds_alt(same, PAIR)):
        assert not re.search(r"(?<!\d)0 %", told)


def test_worlds_in_which_both_are_the_same_are_counted_beside_the_share() -> None:
    some = alike_in(TABLES, "overdose_deaths", range(1, 31))
    told = [one.replace("\n", "") for one in words(flip(some, PAIR))]
    assert any("200 worlds.Both are the same in 30." in one for one in told)


def test_tables_behind_the_figures_are_small_and_in_words() -> None:
    flips = flip_data(TABLES, PAIR).set_index("reversed where")
    assert flips.loc["people with addiction today", "is"] == "up to 5.70"
    assert flips.loc["people with addiction today", "unit"] == "million people"
    assert flips.loc["share of shipments that patrols seize today", "grade"] == "C"
    assert flips.loc["never reversed", "outcome"] == DEATHS.title
    assert flips.loc["no box found", "outcome"] == REVENUE.title
    by_outcome = worlds_data(TABLES, PAIR).set_index("outcome")
    assert by_outcome.loc[REVENUE.heading, "has less"] == "be-hind"
    found = TABLES.differences(*PAIR, "cartel_profit").drop(index=0) * PROFIT.factor
    median = by_outcome.loc[PROFIT.heading, "ahead minus be-hind, median"]
    assert float(str(median).replace("−", "-")) == pytest.approx(found.median(), abs=1e-4)
    indices = sensitivity_data(TABLES, PAIR)
    assert indices["outcome"].value_counts().to_dict() == dict.fromkeys(
        (one.title for one in SHOWN), 10
    )
    assert indices["total share of variance"].iloc[0] == "0.80 (0.70 to 0.90)"


def test_sentences_for_those_who_hear_the_figures() -> None:
    told = flip_alt(TABLES, PAIR)
    assert "reversed mostly where price elasticity of demand [elasticity] from −0.72" in told
    assert "Overdose deaths: ahead has less in 100 % (96 to 100 %) of 200 worlds, never" in told
    assert "route sensitivity 80 %" in sensitivity_alt(TABLES, PAIR)
    assert f"{ADDICTED.title}: ahead has less in" in worlds_alt(TABLES, PAIR)
    for picture in robust_pictures(TABLES):
        told = " ".join([picture.alt(TABLES), *picture.data(TABLES).astype(str).to_numpy().ravel()])
        assert picture.alt(TABLES).endswith(".")
        assert picture.caption.count(".") == 1
        assert not re.search(r"\bnan\b", told)


def test_names_are_data_whatever_they_hold() -> None:
    tables = made_up_robust(["$x^2$\a", "<b>&\u202e"])
    for picture in robust_pictures(tables):
        figure = picture.draw(tables)
        told = "".join(words(figure))
        assert not any(t.get_parse_math() for t in drawn_texts(figure) if "$" in t.get_text())
        assert "$x^2$\\x07" in told
        assert not any(sign in told for sign in "\a\u202e")
