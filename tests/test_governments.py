"""Governments: institutions and jobs in three countries, patrols and the routes that answer."""

from dataclasses import replace

import mesa
import numpy as np
import pytest
from policymix.assumptions import central_world, ledger
from policymix.balance_cartels import solve_cartels, solve_countries
from policymix.balance_routes import solve_patrol
from policymix.corridors import COUNTRIES, COUNTRY_OF_CORRIDOR, N_CORRIDORS
from policymix.governments import (
    Country,
    CountryMonth,
    Losses,
    Patrol,
    PatrolNumbers,
    better_routes,
    effort,
)

WORLD = central_world()
ROUTES = solve_patrol(WORLD)
CARTELS = solve_cartels(WORLD, 12)
NUMBERS = solve_countries(WORLD, ROUTES, CARTELS)
LAWFUL = (1.0,) * N_CORRIDORS


def country(index: int = 0) -> Country:
    return Country(mesa.Model(rng=1), COUNTRIES[index], NUMBERS[index])


def today(index: int = 0) -> CountryMonth:
    """What a country meets today, from who is at home there and what passes through it."""
    flow = zip(ROUTES.flow_today, COUNTRY_OF_CORRIDOR, strict=True)
    at_home = [s for s, home in zip(CARTELS.sizes, CARTELS.homes, strict=True) if home == index]
    everyone = CARTELS.members_today
    rivals = sum(size * (everyone - size) for size in CARTELS.sizes)
    return CountryMonth(
        rel_bribes=1.0,
        rel_bribes_here=sum(share for share, where in flow if where == index),
        rel_violence=sum(size * (everyone - size) for size in at_home) / rivals,
        rel_strikes=1.0,
        anti_corruption=1.0,
        development=1.0,
        has_cartels=bool(at_home),
    )


def after(one: Country, met: CountryMonth, months: int) -> Country:
    one.met = met
    for _ in range(months):
        one.step()
    return one


@pytest.mark.parametrize("index", range(3), ids=COUNTRIES)
def test_institutions_and_jobs_stay_as_they_are_today(index: int) -> None:
    one = after(country(index), today(index), 600)
    assert one.strength == pytest.approx(WORLD.number(f"strength_{COUNTRIES[index]}", "index 0-1"))
    assert one.opportunity == pytest.approx(WORLD.number("opportunity_today", "index 0-1"))
    assert one.rel_law == pytest.approx(1.0)
    assert one.rel_capture == pytest.approx(1.0)
    assert one.rel_lack_of_opportunity == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("changes", "stronger"),
    [
        ({"anti_corruption": 1e9}, True),
        ({"rel_bribes_here": 0.0, "rel_violence": 0.0, "rel_strikes": 0.0}, True),
        ({"rel_bribes": 1e9, "rel_bribes_here": 1e9}, False),
        ({"rel_violence": 1e9, "rel_strikes": 1e9}, False),
        ({"anti_corruption": 0.0}, False),
    ],
)
def test_strength_stays_between_none_and_all(changes: dict[str, float], stronger: bool) -> None:
    one, met = country(), today()._replace(**changes)
    for _ in range(600):
        before = one.strength
        after(one, met, 1)
        assert 0.0 < one.strength < 1.0
        assert (one.strength >= before) if stronger else (one.strength <= before)
        assert one.rel_law >= 0.0
    assert (one.rel_strength > 1.01) == stronger
    assert (one.rel_strength < 0.99) == (not stronger)


@pytest.mark.parametrize(
    ("loss", "met"),
    [
        ("loss_of_strength_to_bribes", "rel_bribes_here"),
        ("loss_of_strength_to_violence", "rel_violence"),
        ("loss_of_strength_to_strikes", "rel_strikes"),
        ("gain_of_strength_from_anti_corruption", "anti_corruption"),
    ],
)
def test_at_half_strength_a_year_changes_it_by_the_ledger(loss: str, met: str) -> None:
    """One more of today's whole for a year, in the country whose strength is 0.5."""
    usual = today(2)
    one = after(country(2), usual._replace(**{met: getattr(usual, met) + 1.0}), 12)
    sign = 1.0 if met == "anti_corruption" else -1.0
    assert one.strength - 0.5 == pytest.approx(
        sign * WORLD.number(loss, "index 0-1/year"), rel=1e-3
    )


def test_bribes_weaken_the_law_and_a_strong_state_is_dear_to_buy() -> None:
    weak, strong = (country() for _ in range(2))
    after(weak, today()._replace(rel_bribes=1.01), 1)
    effect = WORLD.number("bribe_effect_on_law", "elasticity")
    assert 1.0 - weak.rel_law == pytest.approx(0.01 * effect, rel=0.05)
    weak.strength *= 1.02
    assert weak.rel_capture == pytest.approx(weak.rel_law * 1.02, rel=1e-3)
    strong.strength *= 1.5
    after(strong, today()._replace(rel_bribes=1.01), 1)
    assert strong.protection == pytest.approx(1.01 / 1.5, rel=1e-3)
    assert strong.rel_law > 1.0 > weak.rel_law


@pytest.mark.parametrize("effect", [0.0, 0.3, 1.0, 3.0])
def test_the_law_gains_from_fewer_bribes_and_is_never_turned_around(effect: float) -> None:
    """Up to the largest effect that the ledger permits, and with no bribes at all."""
    assert effect <= ledger()["bribe_effect_on_law"].max
    laws = []
    for bribes in (0.0, 0.1, 0.5, 2 / 3, 1.0, 3.0, 100.0):
        one = country()
        one.numbers = replace(one.numbers, bribe_effect_on_law=effect)
        laws.append(after(one, today()._replace(rel_bribes=bribes), 1).rel_law)
    assert min(laws) >= 0.0
    assert max(laws) < 100.0
    assert (np.diff(laws) <= 0.0).all()
    assert (laws[0] > laws[-1]) == (effect > 0.0)


def test_development_brings_jobs_only_where_cartels_are() -> None:
    met = today()._replace(development=3.0)
    here, elsewhere = (
        after(country(), met._replace(has_cartels=any_), 12) for any_ in (True, False)
    )
    start = WORLD.number("opportunity_today", "index 0-1")
    assert elsewhere.opportunity == start
    gain = 2.0 * WORLD.number("opportunity_gain_from_development", "index 0-1")
    in_a_year = WORLD.number("share_opportunity_adjustment_per_year", "share/year")
    assert here.opportunity == pytest.approx(start + gain * in_a_year)
    assert here.rel_lack_of_opportunity == pytest.approx((1 - here.opportunity) / (1 - start))
    assert after(here, met._replace(development=1e9), 600).opportunity <= 1.0


def test_a_month_that_was_not_met_changes_nothing() -> None:
    one = country()
    one.step()
    assert (one.strength, one.opportunity) == (NUMBERS[0].strength_today, 0.5)


def patrol(**changes: float) -> Patrol:
    one = Patrol(mesa.Model(rng=1), ROUTES)
    for name, value in changes.items():
        setattr(one, name, value)
    return one


def seized(one: Patrol) -> float:
    """The share of today's flow that is seized."""
    return float(np.dot(ROUTES.flow_today, one.losses(LAWFUL).seized))


def test_today_s_share_is_seized_and_destroyed() -> None:
    losses = patrol().losses(LAWFUL)
    assert seized(patrol()) == pytest.approx(WORLD.number("share_seized", "share"))
    left = np.dot(ROUTES.flow_today, 1.0 - np.array(losses.seized))
    destroyed = np.dot(ROUTES.flow_today, losses.destroyed)
    assert destroyed / left == pytest.approx(WORLD.number("share_destroyed_today", "share"))


def test_patrols_and_routes_start_where_neither_side_would_change() -> None:
    one = patrol()
    losses = one.losses(LAWFUL)
    found = zip(ROUTES.flow_today, losses.seized, one.effort(), strict=True)
    one.yields = tuple(flow * share / spent for flow, share, spent in found)
    one.step()
    assert one.belief == pytest.approx(ROUTES.belief_today, rel=1e-9)
    assert better_routes(ROUTES, losses) == pytest.approx(ROUTES.flow_today, rel=1e-9)
    assert sum(ROUTES.flow_today) == pytest.approx(1.0)


def test_the_more_patrols_know_the_more_they_seize_with_the_same_effort() -> None:
    shares = [seized(patrol(informed=informed)) for informed in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert (np.diff(shares) > 0.01 * shares[0]).all()
    for informed in (0.0, 0.3, 1.0):
        assert np.mean(effort(ROUTES.belief_today, informed)) == pytest.approx(1.0)
    assert effort(ROUTES.belief_today, 0.0) == LAWFUL


def test_no_effort_seizes_nothing_and_no_law_neither() -> None:
    for losses in (patrol(volume=0.0, strikes=0.0).losses(LAWFUL), patrol().losses((0.0,) * 6)):
        assert losses.seized == (0.0,) * N_CORRIDORS
    assert patrol(volume=0.0, strikes=0.0).losses(LAWFUL).destroyed == (0.0,) * N_CORRIDORS


def test_more_patrols_seize_more_with_less_for_each_next_one_and_never_all() -> None:
    shares = [seized(patrol(volume=volume)) for volume in range(50)]
    assert (np.diff(shares) > 0.0).all()
    assert (np.diff(shares, 2) < 0.0).all()
    assert shares[1] == pytest.approx(0.2)
    everything = patrol(volume=1e9, strikes=1e9).losses(LAWFUL)
    assert all(a + b <= 1.0 for a, b in zip(everything.seized, everything.destroyed, strict=True))


def test_patrols_who_believe_in_one_corridor_alone_leave_the_others_free() -> None:
    blind = patrol(informed=1.0, belief=(1.0, 0.0, 0.0, 0.0, 0.0, 0.0), strikes=1.0)
    losses = blind.losses(LAWFUL)
    assert losses.seized[0] > 2 * patrol().losses(LAWFUL).seized[0]
    assert losses.seized[1:] == losses.destroyed[1:] == (0.0,) * 5


def test_patrols_move_to_where_more_was_found_and_without_finds_stay() -> None:
    one = patrol(yields=(0.0, 0.0, 30.0, 10.0, 0.0, 0.0))
    one.step()
    learn = WORLD.number("patrol_learning_per_month", "share/month")
    wanted = (1 - learn) * np.array(ROUTES.belief_today) + learn * np.array(
        [0, 0, 0.75, 0.25, 0, 0]
    )
    assert one.belief == pytest.approx(tuple(wanted))
    assert sum(one.belief) == pytest.approx(1.0)
    before, one.yields = one.belief, (0.0,) * N_CORRIDORS
    one.step()
    assert one.belief == before


def routed(numbers: PatrolNumbers, seized_on_first: float) -> tuple[float, ...]:
    today_ = patrol().losses(LAWFUL)
    losses = today_._replace(seized=(seized_on_first, *today_.seized[1:]))
    return better_routes(numbers, losses)


def test_traffickers_leave_a_corridor_that_is_pressed() -> None:
    usual = patrol().losses(LAWFUL).seized[0]
    flows = [routed(ROUTES, press) for press in (usual, 0.5, 0.9)]
    first = [flow[0] for flow in flows]
    assert first[0] > first[1] > first[2]
    assert all(sum(flow) == pytest.approx(1.0) for flow in flows)
    assert all(late > early for early, late in zip(flows[0][1:], flows[2][1:], strict=True))
    stubborn = replace(ROUTES, route_sensitivity=0.0, attraction=ROUTES.flow_today)
    assert routed(stubborn, 0.9) == pytest.approx(ROUTES.flow_today)


def test_the_flow_that_leaves_follows_the_ledger_s_sensitivity() -> None:
    pressed = routed(ROUTES, 0.5)
    usual = patrol().losses(LAWFUL)
    landed = (0.5 - usual.destroyed[0]) / (1 - usual.seized[0] - usual.destroyed[0])
    odds = (pressed[0] / pressed[1]) / (ROUTES.flow_today[0] / ROUTES.flow_today[1])
    assert odds == pytest.approx(landed ** WORLD.number("route_sensitivity", "elasticity"))


def test_with_one_corridor_or_none_that_lands_anything_nothing_is_rerouted() -> None:
    one = replace(ROUTES, attraction=(1.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    assert routed(one, 0.99) == (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    nothing, all_ = (0.0,) * N_CORRIDORS, (1.0,) * N_CORRIDORS
    hopeless = Losses(seized=all_, destroyed=nothing, effort=all_)
    assert better_routes(ROUTES, hopeless) == ROUTES.flow_today
