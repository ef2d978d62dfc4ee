"""Cartels: leaders fall, fragments are hostile, the small are taken in."""

import numpy as np
import pytest
from cartel_world import WORLD, founded, killed_of, members, month_of
from policymix.cartels import CartelNumbers, leaders_fall, small_ones_join

LIMIT = 4.9
"""Standard errors that chance alone exceeds once in a million."""


def test_a_cartel_alone_has_no_rival_until_it_splits() -> None:
    model = founded(1)
    (only,) = model.cartels
    assert killed_of(only, month_of(model)) == 0.0
    only.split(1)
    assert killed_of(only, month_of(model)) > 0.0


def test_fragments_fight_three_times_as_much_as_others_of_their_size() -> None:
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


def test_a_split_loses_nobody_and_leaves_two_hostile_halves_at_home() -> None:
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


def test_a_split_leaves_the_luck_of_all_others_alone() -> None:
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


def test_taking_in_a_cartel_adds_its_members_and_mixes_its_ways() -> None:
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


def test_a_split_healed_at_once_is_the_cartel_that_was() -> None:
    model = founded(2)
    one = model.cartels[0]
    size, recruitment, routes = one.members, one.recruitment, one.routes
    one.absorb(one.split(1))
    assert one.members == pytest.approx(size)
    assert one.recruitment == pytest.approx(recruitment)
    assert one.routes == pytest.approx(routes)


@pytest.mark.parametrize("by", [1.0, 8.0, 48.0, 1000.0])
def test_leaders_fall_as_often_as_operations_make_them(by: float) -> None:
    model = founded()
    wanted = min(by * WORLD.number("leader_falls_per_year", "falls/year") / 12, 12.0)
    month = month_of(model, falls=by * model.balanced.cartels.falls)
    n = 1_000
    fallen = np.array([[c.leader_falls(month, when) for c in model.cartels] for when in range(n)])
    p = wanted / 12
    assert abs(fallen.sum() / n - wanted) <= LIMIT * np.sqrt(12 * p * (1 - p) / n)
    assert abs(fallen.mean(axis=0) - p).max() <= LIMIT * np.sqrt(p * (1 - p) / n)


def test_each_fallen_leader_splits_a_cartel() -> None:
    model = founded()
    before = sum(members(model))
    assert leaders_fall(model.cartels, month_of(model, falls=1e9), 1) == model.cartels[12:]
    assert len(model.cartels) == 24
    assert sum(members(model)) == pytest.approx(before)
    assert leaders_fall(model.cartels, month_of(model, falls=0.0), 2) == []


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_small_join_and_the_largest_is_never_taken_in(seed: int) -> None:
    model = founded(seed=seed, absorbs=1.0)
    before, largest = sum(members(model)), model.cartels[0]
    assert small_ones_join(model.cartels, model.balanced.cartels, 1) == model.cartels
    assert len(model.cartels) < 12
    assert largest in model.cartels
    assert sum(members(model)) == pytest.approx(before)


def test_as_many_cartels_are_taken_in_as_leaders_fall() -> None:
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


def test_a_cartel_of_less_than_one_member_ends() -> None:
    model = founded(absorbs=0.0)
    model.cartels[5].members = 0.99
    small_ones_join(model.cartels, model.balanced.cartels, 1)
    assert len(model.cartels) == 11
    assert min(members(model)) >= 1.0
    for cartel in model.cartels:
        cartel.members = 0.0
    small_ones_join(model.cartels, model.balanced.cartels, 2)
    assert model.cartels == []
