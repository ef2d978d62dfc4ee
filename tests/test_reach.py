"""How far money goes, and how an effect lies between the volumes at which it is known."""

from collections.abc import Mapping

import pytest
from policymix.assumptions import central_world
from policymix.levers import LEVER_NAMES, today_spend
from policymix.reach import POINTS, VOLUMES, Reach

TODAY = tuple(today_spend(central_world()).values())
REACH = Reach.of(central_world())


def shares(times: Mapping[str, float], reach: Reach = REACH) -> dict[tuple[str, float], float]:
    """Points that have a share of their effect where levers' money is so many times today's."""
    pairs = zip(LEVER_NAMES, TODAY, strict=True)
    found = reach.shares([times.get(name, 1.0) * money for name, money in pairs])
    found = found.round(9)
    return {point: float(found[at]) for at, point in enumerate(POINTS) if found[at]}


def test_todays_money_has_no_effect() -> None:
    assert shares({}) == {}


def test_half_of_todays_money_has_the_effect_of_half_the_volume() -> None:
    assert shares({"treatment": 0.5}) == {("treatment", 0.5): 1.0}
    assert shares({"treatment": 0.75}) == {("treatment", 0.5): 0.5}


def test_between_two_points_an_effect_is_on_the_line_through_both() -> None:
    curve = REACH.curves[LEVER_NAMES.index("treatment")]
    money = curve.cost(1.5) / curve.today  # type: ignore[union-attr]
    left, right = VOLUMES["treatment"][1:3]
    part = (1.5 - left) / (right - left)
    expected = {("treatment", left): 1.0 - part, ("treatment", right): part}
    assert shares({"treatment": money}) == pytest.approx(expected)


def test_beyond_the_last_point_the_line_goes_on() -> None:
    assert shares({"treatment": 0.0}) == {("treatment", 0.5): 2.0}
    assert VOLUMES["financial_targeting"] == (3.0,)
    cut = shares({"financial_targeting": 0.0})
    assert cut == {("financial_targeting", 3.0): -0.5}


def test_no_more_than_all_pupils_are_reached() -> None:
    assert shares({"prevention": 50.0}) == shares({"prevention": 5.0}) != {}


def test_a_kit_more_helps_less_the_more_there_are() -> None:
    few, many, most = (shares({"harm_reduction": x}).popitem()[1] for x in (2.0, 3.0, 4.0))
    assert many - few > most - many > 0.0


def test_kits_that_avert_nothing_have_no_reach() -> None:
    world = central_world().with_values({"share_fatality_averted_by_naloxone": 0.0})
    assert shares({"harm_reduction": 2.0, "treatment": 0.5}, Reach.of(world)) == {
        ("treatment", 0.5): 1.0
    }
