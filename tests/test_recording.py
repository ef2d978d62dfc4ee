"""A run as the Watch tab shows it: what is told of people, cartels and corridors did happen."""

import base64
import json
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from policymix.dice import replicate_seed
from policymix.hazards import State
from policymix.model import PolicyModel
from policymix.outcomes import OUTCOME_NAMES
from policymix.page.recording import AGED_OUT, DIED, DOTS, Dwellers, recorded
from policymix.page.shown import SHOWN_NAMES, shown_paths
from policymix.scenario import Scenario, Setup, load_scenario

PEOPLE, MONTHS, SEED = 20_000, 60, 1
ACTIVE = (State.ACTIVE, State.ACTIVE_LEFT_TREATMENT, State.ACTIVE_RELEASED)
STOCKS = {
    "not_using": (State.NOT_USING,),
    "casual_users": (State.CASUAL,),
    "active_addiction": ACTIVE,
    "in_treatment": (State.TREATMENT,),
    "in_recovery": (State.RECOVERY,),
    "incarcerated": (State.CUSTODY_CASUAL, State.CUSTODY_ADDICTED),
    "addicted_in_custody": (State.CUSTODY_ADDICTED,),
}


def scenario(name: str = "demand_first") -> Scenario:
    return replace(load_scenario(name), setup=Setup(people=PEOPLE, months=MONTHS))


@cache
def played() -> PolicyModel:
    model = PolicyModel(scenario(), seed=replicate_seed(SEED, 0), collect=False)
    model.run()
    return model


@cache
def told(name: str = "demand_first", dots: int = PEOPLE) -> dict[str, Any]:
    return recorded(scenario(name), SEED, dots=dots)


def unpacked(text: str, kind: str) -> NDArray[Any]:
    return np.frombuffer(base64.b64decode(text), dtype=kind)


def changes(recording: dict[str, Any]) -> NDArray[Any]:
    return unpacked(recording["changes"], "<u2").reshape(-1, 3)


def states_by_month(recording: dict[str, Any]) -> list[NDArray[Any]]:
    """Month 0 to the last, replayed as the page does it."""
    state = unpacked(recording["start"], "u1").copy()
    by_month, rows = [state.copy()], changes(recording)
    for month in range(1, recording["months"] + 1):
        _, slots, code = rows[rows[:, 0] == month].T
        state[slots] = code % 16
        by_month.append(state.copy())
    return by_month


def outcome(name: str) -> NDArray[Any]:
    return played().records[:, OUTCOME_NAMES.index(name)]


@pytest.mark.parametrize("name", list(STOCKS))
def test_all_slots_counted_by_state_are_the_outcomes_of_the_run(name: str) -> None:
    counts = [np.isin(state, STOCKS[name]).sum() for state in states_by_month(told())]
    assert told()["weight"] * np.array(counts) == pytest.approx(outcome(name), rel=1e-9)
    assert len(set(counts)) > 1


def test_start_and_changes_give_the_states_at_the_end() -> None:
    assert (states_by_month(told())[-1] == played().people.state).all()


def test_the_dots_are_the_first_slots_and_stand_for_the_country() -> None:
    few = told(dots=DOTS)
    for ours, of_all in zip(states_by_month(few), states_by_month(told()), strict=True):
        assert (ours == of_all[:DOTS]).all()
    assert few["people"] == DOTS
    assert few["weight"] * DOTS == pytest.approx(played().people.start.country)


def test_a_death_is_told_as_a_death_and_nothing_else_is() -> None:
    rows = changes(told())
    died = rows[rows[:, 2] // 16 == DIED]
    by_month = np.bincount(died[:, 0], minlength=MONTHS + 1)[1:]
    assert told()["weight"] * by_month == pytest.approx(outcome("overdose_deaths")[1:], rel=1e-9)
    assert by_month.sum() > 10
    gone = rows[rows[:, 2] // 16 > 0]
    first = gone[np.unique(gone[:, 1], return_index=True)[1]]  # what ended the person of month 0
    slots = first[first[:, 2] // 16 == DIED][:, 1]
    assert sorted(slots) == list(np.flatnonzero(played().people.overdosed))


def test_whoever_reaches_the_exit_age_is_followed_by_a_newcomer_also_where_nothing_else_shows() -> (
    None
):
    rows, born = changes(told()), unpacked(told()["born"], "<i2")
    life = played().people.start.rates.months_in_population
    gone = rows[rows[:, 2] // 16 > 0]
    first = gone[np.unique(gone[:, 1], return_index=True)[1]]
    month, slot, code = first[first[:, 2] // 16 == AGED_OUT].T.astype(int)
    assert (month - born[slot] == life).all()
    quiet = (code % 16 == State.NOT_USING) & (played().people.born[slot] < 0)
    assert quiet.sum() > 100  # by the calendar alone: the model's own column says nothing
    stayed = np.setdiff1d(np.arange(PEOPLE), gone[:, 1])
    assert (MONTHS - born[stayed].astype(int) < life).all()


class Someone:
    """A slot of made-up people: what `Dwellers` looks at."""

    def __init__(self, state: State, turned: int) -> None:
        self.state = np.array([state], dtype=np.uint8)
        self.turned = turned
        self.start = played().people.start

    def __len__(self) -> int:
        return 1

    def age_months(self, _slots: object, month: int) -> NDArray[Any]:
        return np.array([month - self.turned])


@pytest.mark.parametrize(("age", "how"), [(815, DIED), (816, AGED_OUT)])
def test_one_month_before_the_exit_age_it_was_a_death(age: int, how: int) -> None:
    people: Any = Someone(State.ACTIVE, turned=5 - age)
    dwellers = Dwellers(people, 1)
    people.state[0], people.turned = State.NOT_USING, 5
    assert dwellers.look(5).tolist() == [[5, 0, 16 * how + State.NOT_USING]]


def test_someone_who_dies_again_and_again_is_someone_else_each_time() -> None:
    people: Any = Someone(State.ACTIVE, turned=-100)
    dwellers = Dwellers(people, 1)
    people.state[0], people.turned = State.NOT_USING, 1
    dwellers.look(1)
    people.state[0] = State.ACTIVE
    dwellers.look(2)
    people.state[0], people.turned = State.CASUAL, 3
    dwellers.look(3)
    assert [tuple(row) for row in dwellers.changes()] == [(1, 0, 16), (2, 0, 2), (3, 0, 17)]


def test_the_same_policy_with_the_same_dice_is_the_same_story() -> None:
    assert recorded(scenario(), SEED, dots=PEOPLE) == told()
    assert recorded(scenario(), SEED + 1, dots=PEOPLE)["changes"] != told()["changes"]


def test_the_same_people_begin_under_every_policy_and_live_other_lives() -> None:
    other = told("military_first")
    for name in ("people", "weight", "start", "born"):
        assert other[name] == told()[name]
    assert other["changes"] != told()["changes"]


def test_what_is_prepared_once_gives_the_same_recording() -> None:
    from policymix.peopling import initial_population

    balanced = played().balanced
    start = initial_population(balanced, PEOPLE, replicate_seed(SEED, 0))
    assert recorded(scenario(), SEED, balanced=balanced, start=start, dots=PEOPLE) == told()


def test_cartels_are_those_of_the_run_and_their_revenue_adds_up() -> None:
    cartels = told()["cartels"]
    assert [len(month) for month in cartels] == outcome("cartels").tolist()
    members = [sum(one[2] for one in month) for month in cartels]
    assert members == pytest.approx(outcome("cartel_members"), abs=20)
    revenue = [sum(one[3] for one in month) for month in cartels[1:]]
    assert revenue == pytest.approx(outcome("cartel_revenue")[1:], abs=1.0)


def test_a_cartel_keeps_its_number_and_a_new_one_gets_the_next() -> None:
    highest = 0
    for month in told("military_first")["cartels"]:
        ids = [one[0] for one in month]
        assert len(ids) == len(set(ids))
        fresh = sorted(one for one in ids if one > highest)
        assert fresh == list(range(highest + 1, highest + 1 + len(fresh)))
        highest = max([highest, *ids])
    assert highest > len(told("military_first")["cartels"][0])


def test_corridors_and_country_are_those_of_the_run() -> None:
    corridors = np.array(told()["corridors"])
    assert corridors.shape == (MONTHS, 6, 2)
    assert corridors[:, 2, 1] == pytest.approx(outcome("corridor_3_seized")[1:], abs=0.5)
    assert corridors[:, :, 0].sum(axis=1) == pytest.approx(outcome("shipped")[1:], abs=3)
    shown = shown_paths(played().records)
    pairs = {"price": "retail_price", "deaths": "overdose_deaths", "addicted": "addicted"}
    for key, name in pairs.items():
        path = shown[:, SHOWN_NAMES.index(name)]
        assert told()[key][1:] == pytest.approx(path[1:], abs=1e-3)
    assert told()["deaths"][0] is None
    strengths = [sum(month) / 3 for month in told()["countries"]]
    assert strengths == pytest.approx(outcome("institutional_strength"), abs=1e-3)


def test_ten_years_are_json_and_not_large() -> None:
    ten_years = replace(scenario("military_first"), setup=Setup(people=2_400))
    text = json.dumps(recorded(ten_years, SEED), allow_nan=False, separators=(",", ":"))
    assert len(text) < 120_000
