"""The funder: what the month's money buys, and the money that finds no use."""

import pytest
from policymix.assumptions import central_world
from policymix.funder import Funder
from policymix.levers import LEVER_NAMES, curves
from policymix.scenario import load_scenario
from policymix.units import million_usd_per_month

WORLD = central_world()


def funder(name: str = "baseline", month: int = 1) -> Funder:
    one = Funder(load_scenario(name), curves(WORLD))
    one.spend(month)
    return one


def test_today_s_mix_buys_today_s_volume_of_everything() -> None:
    one = funder()
    assert one.volume == pytest.approx(dict.fromkeys(LEVER_NAMES, 1.0))
    told = one.account({})
    assert told["budget"] == told["spent"] == pytest.approx(million_usd_per_month(42.5))
    assert told["unspent"] == 0.0


def test_money_that_finds_no_use_is_unspent() -> None:
    one = funder()
    told = one.account({"treatment": 0.25, "leader_removal": 0.0, "prevention": 2.5})
    assert told["spent_treatment"] == pytest.approx(million_usd_per_month(10.1) / 4)
    assert told["spent_leader_removal"] == 0.0
    assert told["spent_prevention"] == pytest.approx(million_usd_per_month(2.9))
    left = 0.75 * 10.1 + 0.3
    assert told["unspent"] == pytest.approx(million_usd_per_month(left))
    assert told["budget"] == pytest.approx(told["spent"] + told["unspent"])


def test_places_beyond_today_s_are_paid_at_their_own_cost() -> None:
    one = funder("demand_first")
    used = 0.5 * (1.0 + one.volume["treatment"])
    places = WORLD.number("n_addicted", "people") * 0.18 * (used - 1.0)
    each = WORLD.number("usd_per_treatment_place_year", "USD/place-year")
    told = one.account({"treatment": used})
    assert told["spent_treatment"] == pytest.approx(
        million_usd_per_month(10.1 + places * each / 1e9)
    )
    assert 0.0 < told["unspent"] < told["budget"]


def test_a_mix_that_changes_in_steps_is_halfway_in_the_middle() -> None:
    """Three years of the one, then two years of steps to the other."""
    before, after_ = funder("supply_first").budget, funder("demand_first").budget
    phased = {month: funder("supply_then_demand", month).budget for month in (36, 37, 48, 60, 61)}
    assert phased[36] == pytest.approx(before)
    assert phased[60] == phased[61] == pytest.approx(after_)
    for name in LEVER_NAMES:
        step = (after_[name] - before[name]) / 24
        assert phased[37][name] == pytest.approx(before[name] + step)
        assert phased[48][name] == pytest.approx((before[name] + after_[name]) / 2)
    assert all(sum(mix.values()) == pytest.approx(42.5) for mix in phased.values())


def test_volumes_are_those_of_the_month_s_money() -> None:
    one = funder("supply_first")
    assert one.volume["interdiction"] > 1.0 > one.volume["treatment"]
    for name, curve in one.curves.items():
        assert one.volume[name] == curve.volume(one.budget[name])


def test_one_funder_pays_every_month_what_a_new_one_would() -> None:
    scenario = load_scenario("supply_then_demand")
    one = Funder(scenario, curves(WORLD))
    for month in (1, 36, 37, 48, 60, 37):
        one.spend(month)
        new = funder("supply_then_demand", month)
        assert (one.budget, one.volume) == (new.budget, new.volume)
        assert one.account({}) == new.account({})
