"""The figure of the flips: dots by who has less, the box with its ends, and what is said of it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_words_have_room
from made_up import words
from made_up_robust import TWO, dots, made_up_robust, n_dots, panels
from matplotlib.colors import to_hex, to_rgba
from policymix.drawing import LabelledFigure
from policymix.figures_flip import flip
from policymix.robust_panels import FIRST_LESS, SECOND_LESS, whole_lines
from policymix.robust_planes import MOST_DOTS, NO_BOX, evenly
from policymix.robust_readings import SHOWN, box, scale_of

PAIR = ("ahead", "be-hind")
TABLES = made_up_robust(TWO)


def said(figure: LabelledFigure) -> str:
    """What stands outside the panels, in one line."""
    return " ".join(text.get_text().replace("\n", "") for text in figure.texts)


def test_a_world_is_marked_by_who_has_less_in_it() -> None:
    for axes, reading in zip(panels(flip(TABLES, PAIR)), SHOWN, strict=True):
        found = TABLES.differences(*PAIR, reading.outcome).drop(index=0)
        assert (n_dots(axes, "o"), n_dots(axes, "x")) == ((found < 0).sum(), (found > 0).sum())
        assert {to_hex(line.get_markerfacecolor()) for line in dots(axes, "o")} == {
            FIRST_LESS.lower()
        }
        assert {to_hex(line.get_markeredgecolor()) for line in dots(axes, "x")} <= {
            SECOND_LESS.lower()
        }
        assert n_dots(axes, "*") == 1
    assert 0 < n_dots(panels(flip(TABLES, PAIR))[0], "x") < 100, "some are reversed"


def test_dots_are_where_the_draws_are() -> None:
    axes = panels(flip(TABLES, PAIR))[0]
    found = np.vstack([line.get_xydata() for line in [*dots(axes, "o"), *dots(axes, "x")]])
    draws = TABLES.draws[["price_elasticity", "n_addicted"]] * np.array([1.0, 1e-6])
    in_order = draws.sort_values("price_elasticity").to_numpy()
    assert found[np.argsort(found[:, 0])] == pytest.approx(in_order)
    assert axes.get_xlabel() == "price elasticity of demand [elasticity]"
    assert axes.get_ylabel().replace("\n", "") == "people with addiction today [million people]"
    (star,) = dots(axes, "*")
    assert tuple(star.get_xydata()[0]) == (-0.9, 7.0), "the ledger's values"


def test_the_central_world_is_where_the_draws_have_it() -> None:
    central = TABLES.draws.iloc[:1].assign(world=0, price_elasticity=-0.5)
    tables = replace(TABLES, draws=pd.concat([central, TABLES.draws]))
    axes = panels(flip(tables, PAIR))[0]
    assert dots(axes, "*")[0].get_xdata()[0] == -0.5
    assert n_dots(axes, "o") + n_dots(axes, "x") == 200


def test_the_box_is_outlined_with_its_ends_in_words() -> None:
    people, deaths, revenue, profit = panels(flip(TABLES, PAIR))
    assert [text.get_text() for text in people.texts] == ["from −0.72", "up to 5.70"]
    assert [text.get_text() for text in profit.texts] == ["from 0.240", "up to 0.275"]
    shade, outline = people.patches
    assert to_rgba("black") == outline.get_edgecolor()
    assert shade.get_bbox().x0 == outline.get_bbox().x0 == pytest.approx(-0.72)
    assert shade.get_bbox().y1 == pytest.approx(5.7)
    assert shade.get_bbox().x1 == people.get_xlim()[1], "the range itself ends it there"
    assert shade.get_bbox().y0 == people.get_ylim()[0]
    assert (profit.patches[0].get_bbox().height, len(profit.patches)) == (
        np.diff(profit.get_ylim())[0],
        2,
    )
    assert not [*deaths.patches, *revenue.patches, *deaths.texts, *revenue.texts]


def test_a_third_side_is_said_and_worlds_beyond_it_are_pale() -> None:
    figure = flip(TABLES, PAIR)
    told = said(figure)
    third = next(one for one in box(TABLES, PAIR, "addicted") if np.isfinite(one.high))
    assert third.assumption == "n_addicted"
    side = box(TABLES, PAIR, "addicted")[2]
    scale = scale_of(TABLES, "rel_use_addicted")
    ending = f"{scale.heading} up to {scale.number(side.high)} (pale: worlds without)."
    assert f"It also needs {ending}" in told
    people, *_, profit = panels(figure)
    pale = [line for line in people.lines if (line.get_alpha() or 1) < 1]
    beyond = TABLES.draws["rel_use_addicted"] > side.high
    assert sum(len(line.get_xdata()) for line in pale) == beyond.sum()
    assert not [line for line in profit.lines if (line.get_alpha() or 1) < 1]


def test_panels_say_who_has_less_and_how_well_the_box_does_in_other_worlds() -> None:
    told = said(flip(TABLES, PAIR))
    rows: Any = TABLES.checks.set_index("outcome")
    check = rows.loc["addicted"]
    assert f"In the box be-hind has less in {check.inside} of {check.inside} worlds" in told
    assert f"outside in 0 of {check.outside}." in told
    assert "Never reversed in 200 worlds." in told
    assert told.count(NO_BOX) == 1
    assert "be-hind has less in 86 % (82 to 90 %) of 200 worlds." in told
    assert "not used to find it" in told
    bare = flip(replace(TABLES, checks=pd.DataFrame()), PAIR)
    told = said(bare)
    assert "In the box be-hind has less in 100 % of worlds." in told
    assert "not used to find it" not in told


def test_weak_grades_are_told_on_axes() -> None:
    profit = panels(flip(TABLES, PAIR))[3]
    heading = "share of shipments that patrols seize today [share] (grade C)"
    assert profit.get_xlabel().replace("\n", "") == heading


def test_units_and_grades_stay_whole_where_lines_break() -> None:
    for inches in (1.5, 2.0, 2.4):
        told = whole_lines("people with addiction [million people] (grade C)", inches)
        assert told.count("\n") >= 1
        assert "[million people]" in told
        assert "(grade C)" in told


def test_of_many_worlds_a_thousand_are_drawn_and_it_is_said() -> None:
    many = made_up_robust(TWO, n_worlds=1_500)
    figure = flip(many, PAIR)
    for axes in panels(figure):
        assert n_dots(axes, "o") + n_dots(axes, "x") == MOST_DOTS
    assert any(one.startswith("1,000 of the 1,500 worlds are drawn") for one in words(figure))
    assert not any("are drawn" in one for one in words(flip(TABLES, PAIR)))
    chosen = evenly(pd.Series(np.arange(2_500.0)))
    assert (len(chosen), chosen.iloc[1], chosen.iloc[-1]) == (1_000, 2, 2_497)
    assert len(evenly(pd.Series(np.arange(1_000.0)))) == 1_000


def test_ends_of_a_narrow_box_stand_apart() -> None:
    flips = TABLES.flips.copy()
    ends = {"share_seized": (0.22, 0.221), "n_addicted": (5.0e6, 5.02e6)}
    for name, (low, high) in ends.items():
        flips.loc[flips["assumption"] == name, ["from", "to"]] = (low, high)
    assert_words_have_room(flip(replace(TABLES, flips=flips), PAIR))
