"""The population: one slot each, listed once, starting as the law says, reached at 12 or not."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from policymix import candidates
from policymix.assumptions import central_world
from policymix.balance import Balanced, balance
from policymix.beginners import Beginners
from policymix.dice import Event, dice, person_keys
from policymix.hazards import (
    N_COMMUNITY_KINDS,
    N_VULNERABILITY_CLASSES,
    PeopleRates,
    State,
    relative_starting,
)
from policymix.lives import Lives
from policymix.people import LISTED, N_COMMUNITIES, People, stay_months
from policymix.peopling import initial_population
from scipy.stats import chi2

N = 20_000
LIMIT = 4.9
"""Standard errors that chance alone exceeds once in a million."""
USING = (State.CASUAL, State.ACTIVE, State.ACTIVE_LEFT_TREATMENT, State.ACTIVE_RELEASED)
LIST_OF = {state: state for state in LISTED} | dict.fromkeys(USING[2:], State.ACTIVE)


@pytest.fixture(scope="module")
def balanced() -> Balanced:
    return balance(central_world(), 12)


def peopled(balanced: Balanced, n: int = N, seed: int = 1, **rates: float) -> People:
    """A start in which some rates are others than the balanced ones."""
    start = replace(balanced.people, rates=replace(balanced.people.rates, **rates))
    return initial_population(SimpleNamespace(people=start), n, seed)


def everyone_is_listed_once(people: People) -> None:
    seen = np.concatenate(list(people.lists.values()))
    assert len(np.unique(seen)) == len(seen)
    np.testing.assert_array_equal(np.sort(seen), np.flatnonzero(people.state))
    for state, slots in people.lists.items():
        assert {LIST_OF[State(one)] for one in np.unique(people.state[slots])} <= {state}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"policing": 30.0, "overdose": 30.0, "places": 1e12, "willingness": 5.0},
        {"rel_price": 0.1, "care": 4.0, "places": 0.0, "reentry": 1.0, "custody_treatment": 1.0},
    ],
)
def test_everyone_not_at_rest_is_in_one_list_every_month(
    balanced: Balanced, changes: dict[str, float]
) -> None:
    people = peopled(balanced)
    lives, now = Lives(people), replace(balanced.responses.today(), **changes)
    for month in range(1, 131):
        lives.live_month(month, now)
        everyone_is_listed_once(people)
        assert len(people) == N
        assert (people.born[people.state > 0] > month - 68 * 12).all()
        assert people.born.max() <= month


def test_a_copy_lives_a_life_of_its_own(balanced: Balanced) -> None:
    people = peopled(balanced)
    names = ("state", "born", "clock", "burden", "overdosed")
    before = {name: getattr(people, name).copy() for name in names}
    lists = {state: slots.copy() for state, slots in people.lists.items()}
    twin = people.copy()
    Lives(twin).live_month(1, replace(balanced.responses.today(), overdose=500.0))
    for name in names:
        getattr(twin, name)[:] = 1
    for name, column in before.items():
        np.testing.assert_array_equal(getattr(people, name), column, err_msg=name)
    for state, slots in lists.items():
        np.testing.assert_array_equal(people.lists[state], slots, err_msg=state.name)
    assert len(people.cohort_coverage) == 1
    assert twin.slotted is people.slotted


def test_the_dead_are_followed_by_newcomers_of_twelve(balanced: Balanced) -> None:
    people = peopled(balanced, overdose=1e3, start=0.0)
    mortal = np.concatenate((people.lists[State.ACTIVE], people.lists[State.TREATMENT]))
    others = np.setdiff1d(np.arange(N), mortal)
    born = people.born.copy()
    flows = Lives(people).live_month(1, balanced.responses.today())
    assert flows["overdose_deaths"] == len(mortal) > 0
    assert (people.state[mortal] == State.NOT_USING).all()
    assert (people.age_months(mortal, 1) == 0).all()
    survivors = others[people.age_months(others, 1) > 0]
    np.testing.assert_array_equal(people.born[survivors], born[survivors])


def test_whoever_reaches_the_exit_age_leaves_and_only_they(balanced: Balanced) -> None:
    people = peopled(balanced, overdose=0.0, start=0.0)
    listed = np.concatenate([people.lists[state] for state in LISTED])
    oldest, rest = listed[:40], listed[40:]
    idle = np.setdiff1d(np.arange(N), listed)
    people.born[oldest], people.born[rest] = 1 - 68 * 12, 2 - 68 * 12
    people.born[idle] = 1 - 68 * 12
    flows = Lives(people).live_month(1, balanced.responses.today())
    assert flows["aged_out"] == 40
    assert (people.state[oldest] == State.NOT_USING).all()
    assert (people.age_months(oldest, 1) == 0).all()
    assert (people.age_months(idle, 1) == 0).all()
    assert (people.age_months(rest, 1) == 68 * 12 - 1).all()


def test_a_seed_makes_a_population_and_another_makes_another(balanced: Balanced) -> None:
    one, again, other = (peopled(balanced, seed=seed) for seed in (4, 4, 5))
    for name in ("state", "born", "clock"):
        np.testing.assert_array_equal(getattr(one, name), getattr(again, name))
        assert (getattr(one, name) != getattr(other, name)).any()
    np.testing.assert_array_equal(one.slotted.keys, again.slotted.keys)
    assert not np.isin(one.slotted.keys, other.slotted.keys).any()


@pytest.mark.parametrize("n", [1_000, N])
def test_vulnerability_and_communities_are_spread_evenly(balanced: Balanced, n: int) -> None:
    people = peopled(balanced, n)
    slotted = people.slotted
    of_each = np.bincount(slotted.community, minlength=N_COMMUNITIES)
    assert abs(of_each - n / N_COMMUNITIES).max() <= 4
    np.testing.assert_array_equal(of_each, slotted.community_size)
    by_class = np.bincount(slotted.cell // N_COMMUNITY_KINDS, minlength=N_VULNERABILITY_CLASSES)
    assert abs(by_class - n / N_VULNERABILITY_CLASSES).max() <= 4
    mean = people.start.cell_vulnerability[slotted.cell].mean()
    assert mean == pytest.approx(1.0, abs=10 / n**0.5 / 3)
    assert people.weight * n == pytest.approx(central_world().number("n_people", "people"))


def test_a_person_shows_what_the_columns_hold(balanced: Balanced) -> None:
    people = peopled(balanced)
    slot = int(people.lists[State.TREATMENT][3])
    person = people.person(slot)
    assert person.state is State.TREATMENT
    assert person.community == people.slotted.community[slot]
    assert person.age_years(12) == pytest.approx((12 - people.born[slot]) / 12)
    assert person.age_years(12) == pytest.approx(person.age_years(0) + 1.0)
    v = np.outer(people.start.class_vulnerability, people.start.kind_vulnerability).ravel()
    assert person.vulnerability == v[people.slotted.cell[slot]]


@pytest.mark.parametrize("p_leave", [0.01, 0.132, 0.5, 0.9])
def test_stays_have_the_geometric_law(p_leave: float) -> None:
    stays = stay_months(p_leave, dice(person_keys(3, 100_000), 0, Event.CUSTODY_LENGTH))
    assert stays.min() == 1
    for months in (1, 2, 5, 20):
        p = (1 - p_leave) ** months
        error = np.sqrt(p * (1 - p) / len(stays))
        assert abs((stays > months).mean() - p) <= LIMIT * error + 1e-9


def test_those_in_treatment_at_the_start_leave_as_all_others_do(balanced: Balanced) -> None:
    people = peopled(balanced, 200_000)
    clock = people.clock[people.lists[State.TREATMENT]]
    p = central_world().number("p_leave_treatment", "share/month")
    for months in (1, 2, 6):
        stay = (1 - p) ** months
        error = np.sqrt(stay * (1 - stay) / len(clock))
        assert abs((clock > months).mean() - stay) <= LIMIT * error


def test_stays_without_end_last_beyond_any_run_and_fit_their_column() -> None:
    luck = dice(person_keys(3, 1_000), 0, Event.CUSTODY_LENGTH)
    assert (stay_months(0.0, luck) > 600).all()
    assert (stay_months(1e-12, luck) > 600).all()
    assert (600 + stay_months(1e-12, luck).astype(int) <= np.iinfo(np.int16).max).all()
    assert (stay_months(1.0, luck) == 1).all()


def p_begin(people: People, month: int, factor: float) -> np.ndarray:
    """Each person's probability to begin, written out for one person after the other."""
    start, community = people.start, people.slotted.community
    using = np.bincount(community[np.isin(people.state, USING)], minlength=N_COMMUNITIES)
    peers = using / np.bincount(community) / start.share_using
    relative = relative_starting(start.rates, peers, people.burden / start.burden_today)
    hazard = factor * start.cell_vulnerability[people.slotted.cell] * relative[community]
    age = (month - people.born.astype(int)) % start.rates.months_in_population
    young = age < central_world().number("years_at_risk_of_starting", "years") * 12
    return np.where(young & (people.state == State.NOT_USING), -np.expm1(-hazard), 0.0)


@pytest.mark.parametrize(
    ("headroom", "rise", "uneven"),
    [
        (2.0, 1.0, False),
        (2.0, 30.0, False),
        (1e-3, 1.0, True),
        (2.0, 1.0, True),
        (99.0, 30.0, True),
    ],
    ids=["today", "above-the-cap", "person-by-person", "some-above-the-cap", "thinned"],
)
def test_as_many_begin_as_their_hazards_say(
    balanced: Balanced,
    monkeypatch: pytest.MonkeyPatch,
    headroom: float,
    rise: float,
    uneven: bool,
) -> None:
    monkeypatch.setattr(candidates, "HEADROOM", headroom)
    months = range(1, 61)
    people = peopled(balanced, 50_000, peer_effect=1.0 if uneven else 0.3)
    people.cohort_coverage = [0.0] * 61
    if uneven:
        people.burden[::7] *= 100.0
    draw, factor = Beginners(people), rise * people.start.rates.start
    seen, expected, variance = np.zeros((3, N_VULNERABILITY_CLASSES))
    classes = people.slotted.cell // N_COMMUNITY_KINDS
    for month in months:
        p = p_begin(people, month, factor)
        begin = draw.who_begin(month, factor)
        assert (np.diff(begin) > 0).all()
        assert (p[begin] > 0.0).all()
        seen += np.bincount(classes[begin], minlength=N_VULNERABILITY_CLASSES)
        expected += np.bincount(classes, weights=p)
        variance += np.bincount(classes, weights=p * (1 - p))
    assert abs(seen.sum() - expected.sum()) <= LIMIT * np.sqrt(variance.sum())
    off = ((seen - expected) ** 2 / variance).sum()
    assert off < chi2.ppf(1 - 1e-6, N_VULNERABILITY_CLASSES)


def test_nobody_above_thirty_and_nobody_who_uses_begins(balanced: Balanced) -> None:
    people = peopled(balanced)
    people.born[:] = -18 * 12
    assert len(Beginners(people).who_begin(1, 5.0)) == 0
    people.born[:] = -18 * 12 + 2
    people.cohort_coverage = [0.0, 0.0]
    begin = Beginners(people).who_begin(1, 100.0)
    np.testing.assert_array_equal(begin, np.flatnonzero(people.state == State.NOT_USING))


def test_beginners_keep_their_age(balanced: Balanced) -> None:
    stay = dict.fromkeys(("overdose", "escalate", "arrest_casual", "quit_casual"), 0.0)
    people = peopled(balanced, start=0.1, **stay)
    used = people.state > 0
    people.born[used] = 0
    ages = people.age_months(np.arange(N), 1)
    flows = Lives(people).live_month(1, balanced.responses.today())
    begun = np.flatnonzero((people.state == State.CASUAL) & ~used)
    assert len(begun) == flows["started_using"] > 100
    np.testing.assert_array_equal(1 - people.born[begun].astype(int), ages[begun])


@pytest.mark.parametrize("headroom", [1e-3, 2.0, 1e3])
def test_prevention_keeps_those_it_reached_at_twelve_and_nobody_else(
    balanced: Balanced, monkeypatch: pytest.MonkeyPatch, headroom: float
) -> None:
    monkeypatch.setattr(candidates, "HEADROOM", headroom)
    people = peopled(balanced, share_starting_prevented=1.0)
    draw, kept, prevented = Beginners(people), [], []
    for month in range(12, 72):
        people.cohort_coverage = [0.0] * 73
        without = draw.who_begin(month, 0.1)
        people.cohort_coverage = [0.0] * 12 + [0.5] * 61
        begin = draw.who_begin(month, 0.1)
        stopped = np.setdiff1d(without, begin)
        assert np.isin(begin, without).all()
        assert (people.age_months(stopped, month) <= month - 12).all()
        young = begin[people.age_months(begin, month) <= month - 12]
        kept.append(young)
        prevented.append(stopped)
    reached, others = (np.concatenate(months) for months in (prevented, kept))
    assert not np.intersect1d(reached, others).size
    n = len(np.unique(reached)) + len(np.unique(others))
    share = len(np.unique(reached)) / n
    assert abs(share - 0.5) <= LIMIT * np.sqrt(0.25 / n)


def test_prevention_lowers_starting_by_what_the_ledger_says(balanced: Balanced) -> None:
    rates: PeopleRates = balanced.people.rates
    people = peopled(balanced, 50_000)
    draw = Beginners(people)
    begun = []
    for coverage in (0.0, 1.0):
        people.cohort_coverage = [coverage] * 61
        begun.append(sum(len(draw.who_begin(month, 10 * rates.start)) for month in range(1, 61)))
    without, reached = begun
    fall = central_world().number("share_starting_prevented", "share")
    error = np.sqrt(fall * (1 - fall) / without)
    assert abs((without - reached) / without - fall) <= LIMIT * error
