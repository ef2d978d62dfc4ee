"""Chance: every die is fair, independent of every other, and the same for ever."""

from itertools import combinations

import numpy as np
import pytest
from policymix.dice import (
    DiceAhead,
    Event,
    address,
    dice,
    dice_by_month,
    die,
    mix,
    person_keys,
    replicate_seed,
)
from scipy.stats import chi2, kstest

N = 100_000
KEYS = person_keys(1, N)
ONE_IN_A_MILLION = 1e-6
"""How unlikely, under fair dice, the failure of a test here is: the dice are fixed, so a test
that passes once passes always, and one that fails has found a pattern."""
NORMAL_LIMIT = 4.9
"""Standard errors that a normal number exceeds once in a million."""
EVENTS = """
START_STATE START_AGE START_CLOCK BEGIN_COUNT BEGIN_WHO BEGIN PREVENTED BEGIN_EXCESS
DIE LOSE_SUPPLIER LEAVE_TREATMENT REENTRY ESCALATE RELAPSE ARREST CUSTODY_LENGTH
QUIT WILLING TREATMENT_LENGTH POTENCY LEADER_FALLS SPLIT ABSORBS
"""
"""Numbered from 1 in this order."""


def largest_correlation(rows: list[np.ndarray]) -> float:
    """The largest correlation between any two rows, in standard errors."""
    normed = [(row - row.mean()) / row.std() for row in rows]
    products = [abs(float((one * other).mean())) for one, other in combinations(normed, 2)]
    return max(products) * np.sqrt(len(rows[0]))


@pytest.mark.parametrize("event", [Event.DIE, Event.BEGIN, Event.START_STATE])
@pytest.mark.parametrize("month", [0, 1, 600])
@pytest.mark.parametrize("seed", [0, 1, 2**53 - 1])
def test_every_number_from_0_to_1_is_equally_likely(seed: int, month: int, event: Event) -> None:
    luck = dice(person_keys(seed, N), month, event)
    assert kstest(luck, "uniform").pvalue > ONE_IN_A_MILLION


@pytest.mark.parametrize("digits", [2**8, 2**16, 2**24, 2**32])
def test_the_later_digits_of_a_die_are_as_even_as_the_first(digits: int) -> None:
    later = dice(KEYS, 3, Event.QUIT) * digits % 1.0
    assert kstest(later, "uniform").pvalue > ONE_IN_A_MILLION


def test_a_person_s_months_are_unrelated() -> None:
    months = [dice(KEYS, month, Event.DIE) for month in (*range(16), 120, 240, 600)]
    assert largest_correlation(months) < NORMAL_LIMIT


def test_a_person_s_events_of_one_month_are_unrelated() -> None:
    events = [dice(KEYS, 5, event) for event in Event]
    assert largest_correlation(events) < NORMAL_LIMIT


@pytest.mark.parametrize("apart", [1, 2, 3, 100, 1000])
def test_neighbours_are_unrelated(apart: int) -> None:
    luck = dice(KEYS, 5, Event.ARREST)
    assert largest_correlation([luck[apart:], luck[:-apart]]) < NORMAL_LIMIT


def test_replicates_are_unrelated() -> None:
    seeds = [*range(4), *(replicate_seed(2024, number) for number in range(8))]
    same_die = [dice(person_keys(seed, N), 5, Event.ESCALATE) for seed in seeds]
    assert largest_correlation(same_die) < NORMAL_LIMIT


@pytest.mark.parametrize(
    ("one", "other"), [*combinations([(1, Event.DIE), (2, Event.DIE), (1, Event.QUIT)], 2)]
)
def test_two_dice_fall_on_each_of_400_squares_alike(
    one: tuple[int, Event], other: tuple[int, Event]
) -> None:
    sides = [(20 * dice(KEYS, *when)).astype(np.int64) for when in (one, other)]
    seen = np.bincount(20 * sides[0] + sides[1], minlength=400)
    off = float(((seen - N / 400) ** 2 / (N / 400)).sum())
    low, high = chi2.ppf([ONE_IN_A_MILLION, 1 - ONE_IN_A_MILLION], 399)
    assert low < off < high


@pytest.mark.parametrize("key", [0, 1, 12345, 2**63, 2**64 - 1, address(7, 3)])
def test_the_die_of_one_is_the_die_of_many(key: int) -> None:
    for month, event in ((0, Event.START_AGE), (17, Event.DIE), (600, Event.ABSORBS)):
        among_many = dice(np.array([5, key, 9], dtype=np.uint64), month, event)
        assert die(key, month, event) == among_many[1]


def test_a_die_is_at_least_0_and_below_1() -> None:
    lowest = 2**64 - address(3, Event.QUIT)  # wraps around to zero, which mixes to zero
    assert die(lowest, 3, Event.QUIT) == 0.0
    luck = dice(np.append(KEYS, np.uint64(lowest)), 3, Event.QUIT)
    assert luck[-1] == luck.min() == 0.0
    assert luck.max() < 1.0


def test_the_mixing_function_is_the_published_one() -> None:
    """fmix64 of MurmurHash3: its value at 1, and zero stays zero."""
    assert mix(1) == 0xB456BCFC34C2CB2C
    assert mix(0) == 0
    assert len({mix(value) for value in range(10_000)}) == 10_000


def test_the_order_and_the_number_of_parts_make_an_address() -> None:
    assert address(1, 2) != address(2, 1)
    assert len({address(), address(0), address(0, 0), address(1), address(1, 0)}) == 5
    grid = {address(one, other) for one in range(200) for other in range(200)}
    assert len(grid) == 200 * 200


def test_the_luck_of_those_here_does_not_ask_how_many_others_there_are() -> None:
    np.testing.assert_array_equal(person_keys(9, 50), person_keys(9, 5_000)[:50])
    few, many = dice(KEYS[:50], 8, Event.DIE), dice(KEYS, 8, Event.DIE)
    np.testing.assert_array_equal(few, many[:50])


def test_a_roll_leaves_the_keys_as_they_were() -> None:
    keys = KEYS.copy()
    first, again = dice(keys, 1, Event.DIE), dice(keys, 1, Event.DIE)
    np.testing.assert_array_equal(keys, KEYS)
    np.testing.assert_array_equal(first, again)


def test_no_two_people_share_a_key() -> None:
    assert len(np.unique(KEYS)) == N


def test_replicates_have_seeds_of_their_own_that_json_keeps() -> None:
    seeds = [replicate_seed(study, r) for study in range(20) for r in range(1000)]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**53 == int(float(2**53)) for seed in seeds)


def test_every_event_keeps_its_own_number() -> None:
    """New events may follow; a number that was given is part of every die's address."""
    numbers = {name: int(event) for name, event in Event.__members__.items()}
    assert len(set(numbers.values())) == len(numbers)
    for number, name in enumerate(EVENTS.split(), start=1):
        assert numbers[name] == number, name


def test_the_dice_fall_as_they_always_did() -> None:
    """Pinned: a change here changes every number that was ever shown."""
    assert address(1) == 10222705315763540051
    assert address(1, 2) == 14429294544148198133
    assert [replicate_seed(2024, r) for r in (0, 1)] == [5508981170641155, 2362681152146360]
    assert die(address(1), 0, Event.DIE) == 0.6143100538458498
    assert die(address(7, 3), 12, Event.SPLIT) == 0.37976467121820134
    keys = person_keys(1, 3)
    assert keys.tolist() == [15252567438096181, 768004260781169001, 9987541821757321709]
    luck = dice(keys, 1, Event.DIE).tolist()
    assert luck == [0.8453037085886723, 0.366601019486396, 0.5526716430967676]
    luck = dice(keys, 600, Event.WILLING).tolist()
    assert luck == [0.6913768316708132, 0.3183497899108687, 0.8919283334998387]


def test_dice_thrown_ahead_are_those_of_their_month() -> None:
    ahead = DiceAhead(7, Event.LEADER_FALLS, Event.ABSORBS)
    for month in (59, 60, 600, 1, 119, 0):
        for event in (Event.ABSORBS, Event.LEADER_FALLS):
            assert ahead(month, event) == die(7, month, event)


def test_dice_of_many_months_are_those_of_each() -> None:
    keys = person_keys(1, 7)
    thrown = dice_by_month(keys, [(3, 2), (4, 0), (5, 5)], Event.BEGIN_WHO, Event.BEGIN)
    for row, event in zip(thrown, (Event.BEGIN_WHO, Event.BEGIN), strict=True):
        np.testing.assert_array_equal(row[:2], dice(keys[:2], 3, event))
        np.testing.assert_array_equal(row[2:], dice(keys[2:], 5, event))
