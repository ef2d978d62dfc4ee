"""A month of lives: what may happen happens as often as it should, and nothing else does."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from policymix.assumptions import World, central_world
from policymix.balance import Balanced, balance
from policymix.dice import Event, dice
from policymix.hazards import (
    N_STATES,
    Conditions,
    State,
    chances,
    known_rates,
    relative_starting,
    vulnerabilities,
)
from policymix.lives import Lives
from policymix.people import LISTED, People, Users, count_by_community, stay_months
from policymix.peopling import initial_population
from policymix.stationary import month_matrices
from policymix.tallies import CUSTODY, RISKS
from scipy.stats import lognorm

N = 20_000
LIMIT = 4.9
"""Standard errors that chance alone exceeds once in a million."""
ROUGH = {
    "start": 0.05, "escalate": 0.06, "relapse": 0.1, "willing": 0.3, "arrest_addicted": 0.1,
    "arrest_casual": 0.15, "overdose": 0.05, "quit_casual": 0.1, "quit_addicted": 0.2,
    "leave_treatment": 0.4, "release": 0.5, "lose_supplier": 0.3, "share_recover": 0.3,
    "peer_effect": 0.0, "burden_effect": 0.0, "share_starting_prevented": 0.0,
    "rel_overdose_lost_supplier": 3.0,
}  # fmt: skip
"""Rates at which every event is common and nobody's hazard hangs on the others."""


@pytest.fixture(scope="module")
def balanced() -> Balanced:
    return balance(central_world(), 12)


@pytest.fixture(scope="module")
def today(balanced: Balanced) -> Conditions:
    return balanced.responses.today()


def peopled(balanced: Balanced, n: int = N, seed: int = 1, **rates: float) -> People:
    start = replace(balanced.people, rates=replace(balanced.people.rates, **rates))
    return initial_population(SimpleNamespace(people=start), n, seed)


def all_in(people: People, state: State) -> People:
    """The same people, all of 12 years and in one state."""
    listed = state if state in LISTED else State.ACTIVE
    people.state[:], people.born[:] = state, 0
    people.lists = {one: np.arange(len(people) if one == listed else 0) for one in LISTED}
    if state == State.NOT_USING:
        people.lists[State.ACTIVE] = np.arange(0)
    return people


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("begins", [True, False], ids=["young", "past-thirty"])
def test_a_month_moves_people_as_the_law_of_the_balance_says(
    balanced: Balanced, today: Conditions, state: State, begins: bool
) -> None:
    """From each state, people are found in each state as often as `stationary` has it."""
    people = all_in(peopled(balanced, 100_000, months_at_risk=216 * begins, **ROUGH), state)
    rates, cell = people.start.rates, people.slotted.cell
    now = replace(today, places=1e12, reentry=0.3, rel_price=2.0, policing=1.5, care=0.8)
    chance = chances(rates, now, people.start.cell_vulnerability)
    leaving = chance.p_leave_treatment if state == State.TREATMENT else chance.p_release
    people.clock[:] = stay_months(leaving, dice(people.slotted.keys, 0, Event.START_CLOCK))
    hazard = chance.start_factor * people.start.cell_vulnerability * begins
    matrices = month_matrices(chance, -np.expm1(-hazard))
    p = matrices[cell, state]
    dead = 1.0 - p.sum(axis=1, keepdims=True)
    p += dead * matrices[cell, State.NOT_USING]  # a newcomer lives the rest of the month
    p = p.clip(0.0, 1.0)
    Lives(people).live_month(1, now)
    seen = np.bincount(people.state, minlength=N_STATES)
    error = np.sqrt((p * (1.0 - p)).sum(axis=0))
    assert (np.abs(seen - p.sum(axis=0)) <= LIMIT * error + 1e-6).all()
    assert seen.sum() == len(people)


def test_nobody_leaves_treatment_or_custody_before_the_day(
    balanced: Balanced, today: Conditions
) -> None:
    people, n_left = peopled(balanced), 0
    lives = Lives(people)
    for month in range(1, 61):
        before, clock = people.state.copy(), people.clock.copy()
        inside = np.isin(before, (State.TREATMENT, *CUSTODY))
        lives.live_month(month, today)
        replaced = people.born == month
        stays = inside & (clock > month) & ~replaced
        np.testing.assert_array_equal(people.state[stays], before[stays])
        np.testing.assert_array_equal(people.clock[stays], clock[stays])
        assert (people.clock[np.isin(people.state, (State.TREATMENT, *CUSTODY))] > month).all()
        n_left += int((inside & (clock == month)).sum())
    assert n_left > 100


def test_without_a_way_into_addiction_it_never_rises(balanced: Balanced, today: Conditions) -> None:
    closed = ("start", "escalate", "relapse", "leave_treatment", "release")
    people = peopled(balanced, **dict.fromkeys(closed, 0.0))
    lives, active, using = Lives(people), [len(people.lists[State.ACTIVE])], []
    for month in range(1, 121):
        flows = lives.live_month(month, today)
        active.append(len(people.lists[State.ACTIVE]))
        using.append(flows["started_using"] + flows["left_treatment"] + flows["released"])
    assert (np.diff(active) <= 0).all()
    assert active[-1] < active[0]
    assert sum(using) == 0


def test_nobody_dies_of_a_harmless_drug(balanced: Balanced, today: Conditions) -> None:
    lives = Lives(peopled(balanced, overdose=0.0))
    assert sum(lives.live_month(m, today)["overdose_deaths"] for m in range(1, 61)) == 0


def test_nobody_dies_of_an_overdose_in_custody_or_recovery(
    balanced: Balanced, today: Conditions
) -> None:
    for state in (State.CUSTODY_ADDICTED, State.CUSTODY_CASUAL, State.RECOVERY, State.CASUAL):
        people = all_in(peopled(balanced, 2_000, overdose=1e3), state)
        assert Lives(people).live_month(1, today)["overdose_deaths"] == 0


@pytest.mark.parametrize("price_exponent", [0.0, -0.2])
def test_price_moves_nobody_unless_people_answer_to_it(
    balanced: Balanced, today: Conditions, price_exponent: float
) -> None:
    start = peopled(balanced, price_exponent=price_exponent)
    cheap, dear = start.copy(), start.copy()
    for people, rel_price in ((cheap, 0.1), (dear, 10.0)):
        lives = Lives(people)
        for month in range(1, 37):
            lives.live_month(month, replace(today, rel_price=rel_price))
    if price_exponent == 0.0:
        np.testing.assert_array_equal(cheap.state, dear.state)
    else:
        using = [people.count(State.CASUAL, State.ACTIVE) for people in (cheap, dear)]
        assert using[0] > 1.05 * using[1]


def test_those_who_turn_twelve_are_reached_by_that_month_s_prevention(
    balanced: Balanced, today: Conditions
) -> None:
    people = peopled(balanced, 1_000)
    lives = Lives(people)
    for month in range(1, 6):
        lives.live_month(month, replace(today, coverage=0.1 * month))
    assert people.cohort_coverage == [today.coverage, *(0.1 * month for month in range(1, 6))]


def test_without_places_nobody_enters_treatment(balanced: Balanced, today: Conditions) -> None:
    people = peopled(balanced)
    lives, before = Lives(people), len(people.lists[State.TREATMENT])
    for month in range(1, 37):
        flows = lives.live_month(month, replace(today, places=0.0))
        assert flows["treatment_entries"] == 0
        assert flows["waiting_for_treatment"] > 0
    assert len(people.lists[State.TREATMENT]) < 0.05 * before


def test_with_places_for_all_nobody_waits(balanced: Balanced, today: Conditions) -> None:
    lives = Lives(peopled(balanced))
    for month in range(1, 37):
        flows = lives.live_month(month, replace(today, places=1e12))
        assert flows["waiting_for_treatment"] == 0
        assert flows["treatment_entries"] > 0


def test_the_lowest_die_enters_treatment_first(balanced: Balanced, today: Conditions) -> None:
    people = peopled(balanced, willing=0.5)
    lives = Lives(people)
    active = people.lists[State.ACTIVE].copy()
    luck = dice(people.slotted.keys[active], 1, Event.WILLING)
    chance = chances(people.start.rates, today, people.start.cell_vulnerability)
    ten_more = people.weight * (len(people.lists[State.TREATMENT]) + 10)
    users = Users(active, {Event.WILLING: luck, Event.TREATMENT_LENGTH: luck})
    entrants, _ = lives.enter_treatment([chance], [replace(today, places=ten_more)], users)
    entered = people.state[active] == State.TREATMENT
    assert set(entrants) == set(active[entered])
    assert len(entrants) == 10
    assert luck[entered].max() < luck[~entered].min()
    willing = (luck < chance.p_willing).sum()
    lives.tallies[0].died = dict.fromkeys(RISKS.values(), 0)
    lives.count()
    assert lives.tallies[0].flows["waiting_for_treatment"] == willing - 10


def test_people_treated_in_custody_take_places_from_others(
    balanced: Balanced, today: Conditions
) -> None:
    outside, within = (peopled(balanced, overdose=0.0) for _ in range(2))
    for people, share in ((outside, 0.0), (within, 0.5)):
        lives = Lives(people)
        for month in range(1, 25):
            lives.live_month(month, replace(today, custody_treatment=share))
    held = len(within.lists[State.CUSTODY_ADDICTED])
    assert lives.tallies[0].places_used_in_custody == round(0.5 * held) > 0
    places = today.places / within.weight
    assert abs(len(outside.lists[State.TREATMENT]) - places) <= 1
    assert abs(len(within.lists[State.TREATMENT]) + round(0.5 * held) - places) <= 1


def test_a_part_of_a_place_is_a_place_for_some_seeds(balanced: Balanced, today: Conditions) -> None:
    """1,000 people have 4.45 places; on average over seeds just as many are treated."""
    treated = []
    for seed in range(200):
        people = peopled(balanced, 1_000, seed, willing=50.0, overdose=0.0)
        Lives(all_in(people, State.ACTIVE)).live_month(1, today)
        treated.append(len(people.lists[State.TREATMENT]))
    places = today.places / people.weight
    assert set(treated) == {int(places), int(places) + 1}
    assert abs(np.mean(treated) - places) <= LIMIT * np.std(treated) / np.sqrt(200)


def test_a_community_s_burden_grows_by_those_held_and_fades_by_the_ledger(
    balanced: Balanced, today: Conditions
) -> None:
    people = peopled(balanced)
    lives, before = Lives(people), people.burden.copy()
    held = sum(count_by_community(people, state) for state in CUSTODY)
    people.lists |= {state: np.arange(0) for state in CUSTODY}
    for _ in range(12):
        lives.carry_burden([today])
    fades = central_world().number("share_burden_fading_per_year", "share/year")
    np.testing.assert_allclose(people.burden, before * (1.0 - fades))
    people.burden[:], people.lists = 0.0, peopled(balanced).lists
    lives.carry_burden([today])
    np.testing.assert_allclose(people.burden, held / people.slotted.community_size)


def test_today_s_burden_stays_where_today_s_numbers_are_held(
    balanced: Balanced, today: Conditions
) -> None:
    people = peopled(balanced, 200_000)
    before = people.burden.mean()
    Lives(people).carry_burden([today])
    assert people.burden.mean() == pytest.approx(before, rel=1e-3)


@pytest.mark.parametrize("log_sd", [0.0, 0.8, 1.6])
def test_vulnerability_has_the_mean_and_the_spread_of_the_ledger(log_sd: float) -> None:
    shape = {"vulnerability_log_sd": log_sd, "share_vulnerability_between_communities": 0.0}
    classes, kinds = vulnerabilities(central_world().with_values(shape))
    np.testing.assert_allclose(kinds, 1.0)
    assert classes.mean() == pytest.approx(1.0)
    luck = (np.arange(200_000) + 0.5) / 200_000
    people = lognorm.ppf(luck, max(log_sd, 1e-9), scale=np.exp(-(log_sd**2) / 2))
    np.testing.assert_allclose(classes, people.reshape(20, -1).mean(axis=1), rtol=2e-3)


def test_peers_and_burden_of_today_change_no_one_s_starting(balanced: Balanced) -> None:
    rates = replace(balanced.people.rates, peer_effect=0.3, burden_effect=0.02)
    one = np.ones(1)
    assert relative_starting(rates, one, one) == 1.0
    assert relative_starting(rates, 2 * one, one) == pytest.approx(1.3)
    assert relative_starting(rates, one, 2 * one) == pytest.approx(1.02)
    harsh = replace(rates, peer_effect=1.0, burden_effect=1.0)
    assert relative_starting(harsh, 0 * one, 0 * one) == 0.0


def test_custody_lasts_as_long_as_held_over_arrested(balanced: Balanced) -> None:
    """350,000 held and 907,958 arrested a year: 4.6 months."""
    world: World = central_world()
    p = -np.expm1(-known_rates(world)["release"])
    assert 1.0 / p == pytest.approx(350_000 / (907_958 / 12))


def test_treatment_in_custody_and_kits_lower_only_the_hazard_they_should(
    balanced: Balanced, today: Conditions
) -> None:
    rates, v = balanced.people.rates, balanced.people.cell_vulnerability
    plain = chances(rates, today, v).overdose
    inside = chances(rates, replace(today, custody_treatment=1.0), v).overdose
    relative = central_world().number("rel_overdose_custody_treatment", "ratio")
    released = State.ACTIVE_RELEASED
    assert np.log1p(-inside[released]) == pytest.approx(relative * np.log1p(-plain[released]))
    others = np.arange(N_STATES) != released
    np.testing.assert_array_equal(inside[others], plain[others])
