"""Where people end: the same people under two policies, each of them counted once."""

from dataclasses import replace

import numpy as np
import pytest
from policymix.assumptions import central_world
from policymix.balance import Balanced, balance
from policymix.ends import END_NAMES, N_ENDS, crossed, ends_of, fared
from policymix.hazards import State
from policymix.lives import Lives
from policymix.people import People
from policymix.peopling import initial_population
from policymix.runs import plan_for, play_replicate
from policymix.scenario import load_scenario

END = {name: place for place, name in enumerate(END_NAMES)}


@pytest.fixture(scope="module")
def balanced() -> Balanced:
    return balance(central_world(), 12)


@pytest.fixture
def people(balanced: Balanced) -> People:
    return initial_population(balanced, 20_000, 3)


def live(people: People, balanced: Balanced, months: int, **changes: float) -> None:
    lives = Lives(people)
    for month in range(1, months + 1):
        lives.live_month(month, replace(balanced.responses.today(), **changes))


def test_in_month_zero_everyone_is_where_they_start(people: People) -> None:
    ends = ends_of(people, 0)
    assert np.count_nonzero(ends == END["casual_use"]) == len(people.lists[State.CASUAL])
    held = len(people.lists[State.CUSTODY_CASUAL]) + len(people.lists[State.CUSTODY_ADDICTED])
    assert np.count_nonzero(ends == END["in_custody"]) == held
    assert not np.isin(ends, [END["overdose_death"], END["aged_out"]]).any()


def test_who_dies_stays_dead_whatever_happens_to_the_newcomer(
    people: People, balanced: Balanced
) -> None:
    lives, deaths, dead = Lives(people), 0, np.zeros(0, dtype=np.int64)
    deadly = replace(balanced.responses.today(), overdose=20.0)
    for month in range(1, 25):
        lives.live_month(month, deadly)
        deaths += lives.tallies[0].flows["overdose_deaths"]
        found = np.flatnonzero(ends_of(people, month) == END["overdose_death"])
        assert np.isin(dead, found).all()
        dead = found
    assert 100 < len(dead) <= deaths


def test_the_exit_age_is_reached_by_the_same_people_unless_they_died(
    people: People, balanced: Balanced
) -> None:
    deadly = people.copy()
    live(people, balanced, 36)
    live(deadly, balanced, 36, overdose=20.0)
    calm, other = ends_of(people, 36), ends_of(deadly, 36)
    gone = calm == END["aged_out"]
    assert 0.03 < gone.mean() < 0.06  # three of 68 years
    assert np.isin(other[gone], [END["aged_out"], END["overdose_death"]]).all()
    assert (calm[other == END["aged_out"]] == END["aged_out"]).all()


def test_under_the_same_policy_everyone_ends_alike(people: People, balanced: Balanced) -> None:
    twin = people.copy()
    live(people, balanced, 12)
    live(twin, balanced, 12)
    table = crossed(ends_of(people, 12), ends_of(twin, 12), people.weight)
    assert table.sum() == pytest.approx(283e6)
    assert table.sum() == np.trace(table)


def test_a_crossing_counts_each_person_once_by_both_ends() -> None:
    before = np.array([0, 0, 4, 4, 6], dtype=np.uint8)
    after = np.array([0, 4, 4, 1, 4], dtype=np.uint8)
    table = crossed(before, after, 10.0)
    assert table.shape == (N_ENDS, N_ENDS)
    assert table.sum() == 50.0
    assert [table[0, 0], table[0, 4], table[4, 4], table[4, 1], table[6, 4]] == [10.0] * 5


@pytest.mark.parametrize(
    ("before", "after", "how"),
    [
        ("active_addiction", "in_recovery", "better"),
        ("overdose_death", "active_addiction", "better"),
        ("in_treatment", "in_custody", "worse"),
        ("not_using", "casual_use", "worse"),
        ("in_recovery", "in_recovery", "same"),
        ("aged_out", "overdose_death", "same"),
    ],
)
def test_better_and_worse_follow_the_order_of_ends(before: str, after: str, how: str) -> None:
    assert fared(before, after) == how


def test_a_replicate_follows_everyone_from_the_reference_it_was_given() -> None:
    names = ("demand_first", "baseline")
    setup = replace(load_scenario("baseline").setup, people=5_000, months=24)
    scenarios = [replace(load_scenario(name), setup=setup) for name in names]
    played = [play_replicate(plan_for(scenarios, 1, reference), 0).ends for reference in (0, 1)]
    for place, ends in enumerate(played):
        assert ends[place].sum() == np.trace(ends[place])
    np.testing.assert_array_equal(played[0][1], played[1][0].T)
    assert played[0][1].sum() > np.trace(played[0][1])
