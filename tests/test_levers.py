"""Levers: what money buys, by curves through nothing and through today."""

import re
from itertools import pairwise
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policymix import levers
from policymix.assumptions import World, central_world, ledger
from policymix.balance_routes import solve_patrol
from policymix.governments import effort
from policymix.levers import SaturatingCurve, UnitCostCurve, curves

PAID_BY_UNIT = ("policing", "treatment", "prevention", "harm_reduction")

money = st.floats(0.0, 1000.0)  # billion USD a year
today = st.floats(0.01, 100.0)  # billion USD a year
unit_curves = st.builds(UnitCostCurve, today=today, unit_today=today)
saturating_curves = st.builds(SaturatingCurve, today=today, most=st.floats(1.05, 1000.0))
all_curves = st.one_of(unit_curves, saturating_curves)


@pytest.fixture(scope="module")
def world() -> World:
    return central_world()


def test_there_are_thirteen_levers_each_named_once() -> None:
    assert len(levers.LEVER_NAMES) == len(set(levers.LEVER_NAMES)) == 13
    assert tuple(lever.name for lever in levers.LEVERS) == levers.LEVER_NAMES


def test_the_three_sides_share_out_the_levers_without_overlap() -> None:
    assert levers.SIDES == ("supply", "demand", "cooperation")
    assert tuple(levers.LEVERS_OF_SIDE) == levers.SIDES
    shared = [name for side in levers.SIDES for name in levers.LEVERS_OF_SIDE[side]]
    assert sorted(shared) == sorted(levers.LEVER_NAMES)
    assert [len(levers.LEVERS_OF_SIDE[side]) for side in levers.SIDES] == [5, 5, 3]


@pytest.mark.parametrize("lever", levers.LEVERS, ids=lambda lever: lever.name)
def test_a_lever_says_what_it_buys_and_names_its_evidence(lever: levers.Lever) -> None:
    assert all((lever.title, lever.buys, lever.acts_on, lever.evidence))
    assert all(re.fullmatch(r"[A-I][0-9]+", row) for row in lever.evidence)


def test_money_and_curves_come_in_the_order_of_the_levers(world: World) -> None:
    assert tuple(levers.today_spend(world)) == levers.LEVER_NAMES
    assert tuple(levers.curves(world)) == levers.LEVER_NAMES


@pytest.mark.parametrize("name", levers.LEVER_NAMES)
def test_no_money_buys_nothing_and_today_s_money_buys_today_s_volume(
    world: World, name: str
) -> None:
    curve = levers.curves(world)[name]
    assert curve.volume(0.0) == 0.0
    assert curve.volume(levers.today_spend(world)[name]) == pytest.approx(1.0)


def test_levers_with_a_published_unit_cost_are_paid_by_unit_and_the_others_saturate(
    world: World,
) -> None:
    for name, curve in levers.curves(world).items():
        assert isinstance(curve, UnitCostCurve) == (name in PAID_BY_UNIT)
        assert (f"rel_most_{name}" in ledger()) == (name not in PAID_BY_UNIT)


@given(all_curves, money, money)
def test_more_money_buys_more(curve: levers.Curve, one: float, other: float) -> None:
    less, more = sorted((one, other))
    if more - less > 1e-3:
        assert curve.volume(less) < curve.volume(more)


@given(all_curves)
def test_every_curve_goes_through_nothing_and_today(curve: levers.Curve) -> None:
    assert curve.volume(0.0) == 0.0
    assert curve.volume(curve.today) == pytest.approx(1.0)


@given(saturating_curves)
def test_a_saturating_curve_gives_less_for_each_next_dollar(curve: SaturatingCurve) -> None:
    volumes = [curve.volume(step * curve.today / 4) for step in range(41)]
    gains = [after - before for before, after in pairwise(volumes)]
    assert all(later < earlier for earlier, later in pairwise(gains))


@given(saturating_curves)
def test_a_saturating_curve_nears_the_most_and_never_passes_it(curve: SaturatingCurve) -> None:
    assert curve.volume(curve.today * 1e9) == pytest.approx(curve.most, rel=1e-5)
    assert curve.volume(curve.today * 1e300) <= curve.most * (1 + 1e-12)


@given(unit_curves, money)
def test_cost_undoes_volume(curve: UnitCostCurve, spend: float) -> None:
    assert curve.cost(curve.volume(spend)) == pytest.approx(spend, abs=1e-9)


@given(unit_curves, st.floats(0.0, 50.0))
def test_volume_undoes_cost(curve: UnitCostCurve, volume: float) -> None:
    assert curve.volume(curve.cost(volume)) == pytest.approx(volume, abs=1e-9)


@given(unit_curves)
def test_a_cut_loses_volume_at_today_s_average_cost(curve: UnitCostCurve) -> None:
    assert curve.volume(0.75 * curve.today) == pytest.approx(0.75)


def _units_today(world: World) -> dict[str, tuple[float, float]]:
    """By lever: how many units a year are bought today, and what the next one costs [USD]."""
    people = world.number("n_people", "people")
    kits = world.number("kits_per_100k_today", "kits/100,000 people/year") / 100_000
    cohort = people / world.number("years_in_population", "years")
    in_treatment = world.number("share_addicted_in_treatment", "share")
    return {
        "policing": (
            world.number("n_arrests_per_year", "people/year"),
            world.number("usd_per_arrest", "USD/arrest"),
        ),
        "treatment": (
            world.number("n_addicted", "people") * in_treatment,
            world.number("usd_per_treatment_place_year", "USD/place-year"),
        ),
        "prevention": (
            cohort * world.number("share_pupils_reached_today", "share"),
            world.number("usd_per_pupil", "USD/pupil"),
        ),
        "harm_reduction": (people * kits, world.number("usd_per_kit", "USD/kit")),
    }


@pytest.mark.parametrize("name", PAID_BY_UNIT)
def test_the_next_dollar_buys_at_the_published_unit_cost(world: World, name: str) -> None:
    units_today, usd_per_unit = _units_today(world)[name]
    curve = levers.curves(world)[name]
    million_more = curve.volume(curve.today + 0.001) - curve.volume(curve.today)
    assert million_more * units_today == pytest.approx(1e6 / usd_per_unit)


def test_a_billion_more_for_treatment_buys_some_127_thousand_places(world: World) -> None:
    assert levers.places_today(world) == pytest.approx(1_260_000)
    curve = levers.curves(world)["treatment"]
    places = (curve.volume(curve.today + 1.0) - 1.0) * levers.places_today(world)
    assert places == pytest.approx(126_582, abs=1)


def test_about_four_million_turn_12_in_a_year(world: World) -> None:
    assert levers.cohort_per_year(world) == pytest.approx(4_161_765, abs=1)


def test_the_next_kilogram_seized_costs_what_the_ledger_says() -> None:
    """175,000 USD, as `rel_most_interdiction` is explained; from the room's own functions."""
    world = central_world()
    curve, patrol = curves(world)["interdiction"], solve_patrol(world)

    def seized(spend: float) -> float:
        volume = curve.volume(spend)
        shares = zip(patrol.flow_today, effort(patrol.belief_today, 0.5), strict=True)
        return 240e3 * sum(
            f * (1 - exp(-patrol.effectiveness * volume * share)) for f, share in shares
        )

    step = 0.001
    cost = step * 1e9 / (seized(6.0 + step) - seized(6.0))
    assert cost == pytest.approx(175e3, rel=0.03)
