"""Cartels: members come and go, fight, and learn which routes are better."""

import numpy as np
import pytest
from cartel_world import WORLD, founded, ground_of, killed_of, members, month_of
from policymix.cartels import Cartel, learn_routes
from policymix.units import WEEKS_PER_MONTH


@pytest.mark.parametrize("n_cartels", [1, 2, 12, 50])
def test_recruits_replace_today_s_losses_in_every_cartel(n_cartels: int) -> None:
    model = founded(n_cartels)
    before = members(model)
    assert sum(before) == pytest.approx(WORLD.number("n_cartel_members", "people"))
    for cartel in model.cartels:
        cartel.step()
    assert members(model) == pytest.approx(before, rel=1e-12)


def test_today_s_losses_are_those_of_the_ledger() -> None:
    model = founded()
    month = month_of(model)
    a_week = {
        "n_captured_per_week": sum(c.lose_to_arrest(ground_of(c, month)) for c in model.cartels),
        "n_dropout_per_week": sum(c.lose_to_crowding() for c in model.cartels),
        "members_struck_per_week": sum(c.lose_to_strikes(month) for c in model.cartels),
    }
    for name, a_month in a_week.items():
        assert a_month / WEEKS_PER_MONTH == pytest.approx(WORLD.number(name, "people/week")), name
    killed = sum(killed_of(c, month) for c in model.cartels) / WEEKS_PER_MONTH
    assert killed == pytest.approx(WORLD.number("deaths_in_conflict_per_week", "deaths/week"))


def test_two_cartels_kill_as_many_of_each_other() -> None:
    model = founded(2)
    one, other = model.cartels
    other.home = one.home
    one.hostility = 2.0
    month = month_of(model)
    assert one.members > 1.9 * other.members
    assert killed_of(one, month) == pytest.approx(killed_of(other, month))
    assert killed_of(one, month) > 0.0


def test_all_fighting_is_between_pairs() -> None:
    model = founded(5)
    model.cartels[2].hostility = 4.0
    killed = sum(killed_of(cartel, month_of(model)) for cartel in model.cartels)
    heats = [cartel.heat for cartel in model.cartels]
    pairs = sum(a * b for i, a in enumerate(heats) for j, b in enumerate(heats) if i != j)
    assert killed == pytest.approx(model.balanced.cartels.conflict * pairs)


@pytest.mark.parametrize(
    "changes", [{"strikes": 1e6}, {"heat": 1e18}, {"rel_revenue": 1e12}, {"strikes": 1e300}]
)
def test_no_cartel_has_fewer_than_no_members(changes: dict[str, float]) -> None:
    model = founded()
    model.cartel_month = month_of(model, **changes)
    before = members(model)
    for cartel in model.cartels:
        cartel.step()
    assert min(members(model)) >= 0.0
    assert sum(members(model)) < 0.1 * sum(before)
    assert all(cartel.killed <= size for cartel, size in zip(model.cartels, before, strict=True))
    model.cartels[0].members = 1e12
    assert model.cartels[0].lose_to_crowding() == 1e12


def test_recruits_follow_profit_and_the_lack_of_lawful_work() -> None:
    model = founded()
    cartel: Cartel = model.cartels[0]
    today = cartel.recruit(ground_of(cartel, month_of(model)))
    by_profit = WORLD.number("recruitment_profit_elasticity", "elasticity")
    by_lack = WORLD.number("recruitment_opportunity_elasticity", "elasticity")
    doubled = cartel.recruit(ground_of(cartel, month_of(model, rel_profit_per_member=2.0)))
    assert doubled / today == pytest.approx(2.0**by_profit)
    assert cartel.recruit(ground_of(cartel, month_of(model, rel_profit_per_member=-3.0))) == 0.0
    cartel.home.opportunity += 0.25 * (1.0 - cartel.home.opportunity)
    assert cartel.recruit(ground_of(cartel, month_of(model))) / today == pytest.approx(
        0.75**by_lack
    )


def test_conflict_follows_revenue_and_falls_with_strength() -> None:
    model = founded()
    cartel = model.cartels[0]
    today = killed_of(cartel, month_of(model))
    by_revenue = WORLD.number("conflict_revenue_elasticity", "elasticity")
    by_strength = WORLD.number("conflict_strength_elasticity", "elasticity")
    richer = killed_of(cartel, month_of(model, rel_revenue=1.5))
    assert richer / today == pytest.approx(1.5**by_revenue)
    cartel.home.strength *= 1.2
    assert killed_of(cartel, month_of(model)) / today == pytest.approx(1.2**-by_strength)


def test_hostility_fades_over_years_and_strikes_feed_it() -> None:
    model = founded()
    calm, struck = model.cartels[:2]
    calm.hostility = 1.0
    model.cartel_month = month_of(model, strikes=0.0)
    for _ in range(12):
        calm.step()
    fades = WORLD.number("share_hostility_fading_per_year", "share/year")
    assert calm.hostility == pytest.approx(1.0 - fades)
    struck.hostility = 0.0
    model.cartel_month = month_of(model, strikes=3.0)
    struck.step()
    a_year = WORLD.number("hostility_from_strikes_per_year", "share/year")
    assert struck.hostility == pytest.approx(3.0 * a_year / 12)


def test_routes_move_their_part_of_the_way() -> None:
    cartels = founded(4).cartels
    first, second, third = (tuple(np.eye(6)[at].tolist()) for at in range(3))
    routes = (first, first, third, first)
    for cartel, its_own in zip(cartels, routes, strict=True):
        cartel.routes = its_own
    learn_routes(cartels, second, 0.3)
    for cartel, its_own in zip(cartels, routes, strict=True):
        moved = 0.7 * np.array(its_own) + 0.3 * np.array(second)
        assert cartel.routes == pytest.approx(tuple(moved))
