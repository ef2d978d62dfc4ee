"""Cartels: members come and go, leaders fall, fragments fight, the small are taken in."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from policymix.assumptions import central_world
from policymix.balance import Balanced, balance
from policymix.balance_cartels import solve_cartels
from policymix.cartels import Cartel, CartelMonth, CartelNumbers, leaders_fall, small_ones_join
from policymix.model import PolicyModel
from policymix.scenario import load_scenario
from policymix.units import WEEKS_PER_MONTH

WORLD = central_world()
LIMIT = 4.9
"""Standard errors that chance alone exceeds once in a million."""
Founded = Callable[..., PolicyModel]


@pytest.fixture(scope="module")
def balanced() -> Balanced:
    return balance(WORLD, 12)


@pytest.fixture
def founded(balanced: Balanced) -> Founded:
    """A world of so many cartels under today's mix, with some of their numbers changed."""

    def found(n_cartels: int = 12, seed: int = 1, **changes: float) -> PolicyModel:
        cartels = replace(solve_cartels(WORLD, n_cartels), **changes)
        scenario = load_scenario("baseline")
        scenario = replace(scenario, setup=replace(scenario.setup, people=1_000))
        model = PolicyModel(scenario, seed=seed, balanced=replace(balanced, cartels=cartels))
        model.cartel_month = month_of(model)
        return model

    return found


def month_of(model: PolicyModel, **changes: float) -> CartelMonth:
    """Today's month, or one that differs in some way."""
    month = CartelMonth(
        rel_profit_per_member=1.0,
        rel_revenue=1.0,
        strikes=1.0,
        falls=model.balanced.cartels.falls,
        heat=sum(cartel.heat for cartel in model.cartels),
        n_cartels=len(model.cartels),
    )
    return replace(month, **changes)


def members(model: PolicyModel) -> list[float]:
    return [cartel.members for cartel in model.cartels]


@pytest.mark.parametrize("n_cartels", [1, 2, 12, 50])
def test_recruits_replace_today_s_losses_in_every_cartel(founded: Founded, n_cartels: int) -> None:
    model = founded(n_cartels)
    before = members(model)
    assert sum(before) == pytest.approx(WORLD.number("n_cartel_members", "people"))
    for cartel in model.cartels:
        cartel.step()
    assert members(model) == pytest.approx(before, rel=1e-12)


def test_today_s_losses_are_those_of_the_ledger(founded: Founded) -> None:
    model = founded()
    month = month_of(model)
    a_week = {
        "n_captured_per_week": sum(c.lose_to_arrest(month) for c in model.cartels),
        "n_dropout_per_week": sum(c.lose_to_crowding() for c in model.cartels),
        "members_struck_per_week": sum(c.lose_to_strikes(month) for c in model.cartels),
    }
    for name, a_month in a_week.items():
        assert a_month / WEEKS_PER_MONTH == pytest.approx(WORLD.number(name, "people/week")), name
    killed = sum(c.fight(month) for c in model.cartels) / WEEKS_PER_MONTH
    assert killed == pytest.approx(WORLD.number("deaths_in_conflict_per_week", "deaths/week"))


def test_two_cartels_kill_as_many_of_each_other(founded: Founded) -> None:
    model = founded(2)
    one, other = model.cartels
    other.home = one.home
    one.hostility = 2.0
    month = month_of(model)
    assert one.members > 1.9 * other.members
    assert one.fight(month) == pytest.approx(other.fight(month))
    assert one.fight(month) > 0.0


def test_all_fighting_is_between_pairs(founded: Founded) -> None:
    model = founded(5)
    model.cartels[2].hostility = 4.0
    killed = sum(cartel.fight(month_of(model)) for cartel in model.cartels)
    heats = [cartel.heat for cartel in model.cartels]
    pairs = sum(a * b for i, a in enumerate(heats) for j, b in enumerate(heats) if i != j)
    assert killed == pytest.approx(model.balanced.cartels.conflict * pairs)


def test_a_cartel_alone_has_no_rival_until_it_splits(founded: Founded) -> None:
    model = founded(1)
    (only,) = model.cartels
    assert only.fight(month_of(model)) == 0.0
    only.split(1)
    assert only.fight(month_of(model)) > 0.0


def test_fragments_fight_three_times_as_much_as_others_of_their_size(founded: Founded) -> None:
    model = founded(2)
    one, other = model.cartels
    part = one.split(3)
    a, b = one.members, part.members
    between_fragments = one.heat * part.heat
    one.hostility = part.hostility = other.hostility
    assert between_fragments / (one.heat * part.heat) == pytest.approx(
        WORLD.number("rel_conflict_between_fragments", "ratio")
    )
    assert (one.members, part.members) == (a, b)


def test_a_split_loses_nobody_and_leaves_two_hostile_halves_at_home(founded: Founded) -> None:
    least = WORLD.number("share_split_smallest_part", "share")
    one, shares = founded(1).cartels[0], []
    for month in range(1, 201):
        one.members, one.hostility = 1_000.0, 0.5
        other = one.split(month)
        assert one.members + other.members == pytest.approx(1_000.0)
        assert one.hostility == other.hostility > 0.5
        assert (other.home, other.routes) == (one.home, one.routes)
        assert other.recruitment == one.recruitment
        shares.append(one.members / 1_000.0)
        other.remove()
    assert least <= min(shares) < least + 0.02
    assert 1.0 - least - 0.02 < max(shares) <= 1.0 - least
    assert np.mean(shares) == pytest.approx(0.5, abs=LIMIT * (1 - 2 * least) / (12 * 200) ** 0.5)


def test_a_split_leaves_the_luck_of_all_others_alone(founded: Founded) -> None:
    model = founded()
    before = [cartel.address for cartel in model.cartels]
    parts = [cartel.split(7) for cartel in model.cartels[:4]]
    later, again = parts[0].split(8), model.cartels[0].split(8)
    assert [cartel.address for cartel in model.cartels[:12]] == before
    assert len({cartel.address for cartel in model.cartels}) == 12 + 4 + 2
    alone = founded()
    part = alone.cartels[0].split(7)
    assert part.address == parts[0].address
    assert part.split(8).address == later.address
    assert alone.cartels[0].split(8).address == again.address


def test_taking_in_a_cartel_adds_its_members_and_mixes_its_ways(founded: Founded) -> None:
    model = founded(3)
    one, other, _ = model.cartels
    one.members, other.members = 300.0, 100.0
    one.hostility, other.hostility = 0.0, 1.0
    one.recruitment, other.recruitment = 0.04, 0.08
    one.routes, other.routes = (1.0, 0, 0, 0, 0, 0), (0.0, 0, 0, 0, 0, 1.0)
    one.absorb(other)
    assert one.members == 400.0
    assert one.hostility == pytest.approx(0.25)
    assert one.recruitment == pytest.approx(0.05)
    assert one.routes == pytest.approx((0.75, 0, 0, 0, 0, 0.25))
    assert len(model.cartels) == 2
    assert other not in model.cartels


def test_a_split_healed_at_once_is_the_cartel_that_was(founded: Founded) -> None:
    model = founded(2)
    one = model.cartels[0]
    size, recruitment, routes = one.members, one.recruitment, one.routes
    one.absorb(one.split(1))
    assert one.members == pytest.approx(size)
    assert one.recruitment == pytest.approx(recruitment)
    assert one.routes == pytest.approx(routes)


@pytest.mark.parametrize("by", [1.0, 8.0, 48.0, 1000.0])
def test_leaders_fall_as_often_as_operations_make_them(founded: Founded, by: float) -> None:
    model = founded()
    wanted = min(by * WORLD.number("leader_falls_per_year", "falls/year") / 12, 12.0)
    month = month_of(model, falls=by * model.balanced.cartels.falls)
    n = 1_000
    fallen = np.array([[c.leader_falls(month, when) for c in model.cartels] for when in range(n)])
    p = wanted / 12
    assert abs(fallen.sum() / n - wanted) <= LIMIT * np.sqrt(12 * p * (1 - p) / n)
    assert abs(fallen.mean(axis=0) - p).max() <= LIMIT * np.sqrt(p * (1 - p) / n)


def test_each_fallen_leader_splits_a_cartel(founded: Founded) -> None:
    model = founded()
    before = sum(members(model))
    assert leaders_fall(model.cartels, month_of(model, falls=1e9), 1) == 12
    assert len(model.cartels) == 24
    assert sum(members(model)) == pytest.approx(before)
    assert leaders_fall(model.cartels, month_of(model, falls=0.0), 2) == 0


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_small_join_and_the_largest_is_never_taken_in(founded: Founded, seed: int) -> None:
    model = founded(seed=seed, absorbs=1.0)
    before, largest = sum(members(model)), model.cartels[0]
    small_ones_join(model.cartels, model.balanced.cartels, 1)
    assert len(model.cartels) < 12
    assert largest in model.cartels
    assert sum(members(model)) == pytest.approx(before)


def test_as_many_cartels_are_taken_in_as_leaders_fall(founded: Founded) -> None:
    """So their number stays; here it is held at twelve, so that every month is today's."""
    model, joined = founded(), 0
    numbers: CartelNumbers = model.balanced.cartels
    for when in range(3_000):
        small_ones_join(model.cartels, numbers, when)
        missing = 12 - len(model.cartels)
        joined += missing
        for _ in range(missing):
            model.cartels[0].split(when)
    p = numbers.falls / 12
    assert abs(joined / 3_000 - numbers.falls) <= LIMIT * np.sqrt(12 * p * (1 - p) / 3_000)


def test_a_cartel_of_less_than_one_member_ends(founded: Founded) -> None:
    model = founded(absorbs=0.0)
    model.cartels[5].members = 0.99
    small_ones_join(model.cartels, model.balanced.cartels, 1)
    assert len(model.cartels) == 11
    assert min(members(model)) >= 1.0
    for cartel in model.cartels:
        cartel.members = 0.0
    small_ones_join(model.cartels, model.balanced.cartels, 2)
    assert model.cartels == []


@pytest.mark.parametrize(
    "changes", [{"strikes": 1e6}, {"heat": 1e18}, {"rel_revenue": 1e12}, {"strikes": 1e300}]
)
def test_no_cartel_has_fewer_than_no_members(founded: Founded, changes: dict[str, float]) -> None:
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


def test_recruits_follow_profit_and_the_lack_of_lawful_work(founded: Founded) -> None:
    model = founded()
    cartel: Cartel = model.cartels[0]
    today = cartel.recruit(month_of(model))
    by_profit = WORLD.number("recruitment_profit_elasticity", "elasticity")
    by_lack = WORLD.number("recruitment_opportunity_elasticity", "elasticity")
    doubled = cartel.recruit(month_of(model, rel_profit_per_member=2.0))
    assert doubled / today == pytest.approx(2.0**by_profit)
    assert cartel.recruit(month_of(model, rel_profit_per_member=-3.0)) == 0.0
    cartel.home.opportunity += 0.25 * (1.0 - cartel.home.opportunity)
    assert cartel.recruit(month_of(model)) / today == pytest.approx(0.75**by_lack)


def test_conflict_follows_revenue_and_falls_with_strength(founded: Founded) -> None:
    model = founded()
    cartel = model.cartels[0]
    today = cartel.fight(month_of(model))
    by_revenue = WORLD.number("conflict_revenue_elasticity", "elasticity")
    by_strength = WORLD.number("conflict_strength_elasticity", "elasticity")
    richer = cartel.fight(month_of(model, rel_revenue=1.5))
    assert richer / today == pytest.approx(1.5**by_revenue)
    cartel.home.strength *= 1.2
    assert cartel.fight(month_of(model)) / today == pytest.approx(1.2**-by_strength)


def test_hostility_fades_over_years_and_strikes_feed_it(founded: Founded) -> None:
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


def test_routes_move_their_part_of_the_way(founded: Founded) -> None:
    cartel = founded(1).cartels[0]
    cartel.routes = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    cartel.learn_routes((0.0, 1.0, 0.0, 0.0, 0.0, 0.0), 0.3)
    assert cartel.routes == pytest.approx((0.7, 0.3, 0.0, 0.0, 0.0, 0.0))
