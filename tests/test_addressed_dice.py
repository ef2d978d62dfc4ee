"""Same people, same dice: money for a lever changes nobody whom it does not reach."""

from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np
import pytest
from policymix.assumptions import central_world
from policymix.balance import Balanced, balance
from policymix.cartels import Cartel, CartelMonth
from policymix.dice import Event, dice, person_keys
from policymix.hazards import State
from policymix.levers import LEVER_NAMES
from policymix.model import PolicyModel
from policymix.outcomes import OUTCOME_NAMES
from policymix.people import People, Slots
from policymix.scenario import Funding, Phase, Scenario, load_scenario
from policymix.tallies import CUSTODY
from policymix.units import probability_from_hazard

USING: Final = (State.ACTIVE, State.ACTIVE_LEFT_TREATMENT, State.ACTIVE_RELEASED)
NO_INFLUENCE: Final = {
    "price_elasticity": 0.0,
    "peer_effect": 0.0,
    "burden_effect_on_starting": 0.0,
}
"""A world where people meet only in the queue for treatment, and no price moves anyone."""
LOSING_A_SUPPLIER_KILLS: Final = (
    *(("p_lose_supplier", 0.2), ("rel_overdose_lost_supplier", 30.0)),
    ("overdose_deaths_per_year", 300_000.0),
)
ROOM: Final = {"treatment": 4.0}
"""Money for more treatment places than there are willing: a world without that queue."""
MONTHS: Final = range(1, 25)
TODAY: Final = dict(zip(LEVER_NAMES, load_scenario("baseline").spend(1), strict=True))


@cache
def balanced(*changes: tuple[str, float]) -> Balanced:
    return balance(central_world().with_values({**NO_INFLUENCE, **dict(changes)}), 12)


def policy(times: dict[str, float], people: int) -> Scenario:
    """Today's mix with some levers' money multiplied."""
    base = load_scenario("baseline")
    spend = tuple(times.get(name, 1.0) * money for name, money in TODAY.items())
    setup = replace(base.setup, people=people, months=len(MONTHS))
    return replace(base, phases=(Phase(1, 0, Funding(spend)),), setup=setup)


def start(
    times: dict[str, float], world: Balanced | None = None, people: int = 100_000
) -> PolicyModel:
    return PolicyModel(policy(times, people), balanced=world or balanced(), collect=False)


def after_a_month(times: dict[str, float], world: Balanced | None = None) -> People:
    model = start(times, world, people=400_000)
    model.step()
    return model.people


def differ(here: People, there: People) -> Slots:
    """Slots whose person is another, elsewhere, or due at another date."""
    columns = ("state", "born", "clock")
    unlike = [getattr(here, name) != getattr(there, name) for name in columns]
    return np.flatnonzero(np.any(unlike, axis=0))


def luck(people: People, slots: Slots, month: int, event: Event) -> np.ndarray:
    return dice(people.slotted.keys[slots], month, event)


# --- The first month: who is reached, and nobody else --------------------------------------------


def test_kits_change_only_those_who_would_have_died() -> None:
    few, many = after_a_month(ROOM), after_a_month({**ROOM, "harm_reduction": 3.0})
    saved = differ(few, many)
    assert len(saved) > 0
    assert (few.born[saved] == 1).all()
    assert (many.born[saved] < 1).all()
    assert np.isin(many.state[saved], (*USING, State.TREATMENT, *CUSTODY, State.RECOVERY)).all()
    assert (few.born != many.born).sum() == len(saved)


def test_places_change_only_the_willing_who_found_none_the_lowest_die_first() -> None:
    few, many = after_a_month({}), after_a_month({"treatment": 1.2})
    entered = differ(few, many)
    assert len(entered) > 20
    assert np.isin(few.state[entered], USING).all()
    assert (many.state[entered] == State.TREATMENT).all()
    die = luck(few, entered, 1, Event.WILLING)
    assert die.max() < probability_from_hazard(few.start.rates.willing)
    treated_before = start({}, people=len(few)).people.lists[State.TREATMENT]
    anyway = np.setdiff1d(few.lists[State.TREATMENT], treated_before)
    assert luck(few, anyway, 1, Event.WILLING).max() < die.min()


def test_police_change_only_those_they_arrest_or_whose_supplier_they_arrest() -> None:
    world = balanced(*LOSING_A_SUPPLIER_KILLS)
    little, much = (after_a_month({**ROOM, "policing": by}, world) for by in (1.0, 3.0))
    changed = differ(little, much)
    held = np.isin(much.state[changed], CUSTODY)
    arrested, dead = changed[held], changed[~held]
    assert min(len(arrested), len(dead)) > 5
    assert (much.born[arrested] == little.born[arrested]).all()
    assert not np.isin(little.state[arrested], CUSTODY).any()
    assert (much.born[dead] == 1).all()
    volume = world.curves["policing"].volume(3.0 * TODAY["policing"])
    hazard = world.people.rates.lose_supplier
    lost = luck(much, dead, 1, Event.LOSE_SUPPLIER)
    assert lost.min() >= probability_from_hazard(hazard)
    assert lost.max() < probability_from_hazard(hazard * volume)


@pytest.mark.parametrize("lever", ["mental_health", "community"])
def test_care_and_outreach_leave_those_who_do_not_use_alone(lever: str) -> None:
    little, much = after_a_month(ROOM), after_a_month({**ROOM, lever: 4.0})
    changed = differ(little, much)
    assert len(changed) > 20
    before = start(ROOM, people=len(little)).people
    assert not (before.state[changed] == State.NOT_USING).any()
    assert (little.born == much.born).all()


# --- Two years -----------------------------------------------------------------------------------


def test_prevention_changes_only_the_cohorts_that_it_reached() -> None:
    world = balanced(("share_starting_prevented", 0.9))
    little, much = start(ROOM, world), start({**ROOM, "prevention": 2.0}, world)
    for month in MONTHS:
        little.step()
        much.step()
        changed = differ(little.people, much.people)
        for people in (little.people, much.people):
            assert (people.age_months(changed, month) < month).all()
    assert len(changed) > 10


@pytest.mark.parametrize(
    "lever",
    [
        *("interdiction", "leader_removal", "military_strikes", "financial_targeting"),
        *("intelligence", "development", "anti_corruption"),
    ],
)
def test_what_is_done_to_cartels_reaches_people_by_the_price_alone(lever: str) -> None:
    calm, pressed = start({}, people=20_000), start({lever: 5.0}, people=20_000)
    records = [dict(zip(OUTCOME_NAMES, model.run().T, strict=True)) for model in (calm, pressed)]
    assert len(differ(calm.people, pressed.people)) == 0
    assert calm.people.burden.tobytes() == pressed.people.burden.tobytes()
    moved = {name for name in OUTCOME_NAMES if records[0][name][-1] != records[1][name][-1]}
    assert {"cartel_members", "retail_price"} <= moved


def test_a_death_shifts_nobody_else_s_luck() -> None:
    safe = balanced()
    rates = replace(safe.people.rates, overdose=20.0 * safe.people.rates.overdose)
    deadly = replace(safe, people=replace(safe.people, rates=rates))
    few, many = start(ROOM, safe), start(ROOM, deadly)
    replaced = np.zeros(len(few.people), dtype=bool)
    for month in MONTHS:
        few.step()
        many.step()
        replaced |= (few.people.born == month) | (many.people.born == month)
    changed = differ(few.people, many.people)
    assert len(changed) > 100
    assert replaced[changed].all()


def test_the_same_event_in_the_same_month_ends_in_the_same_month_under_any_policy() -> None:
    other = {"policing": 2.0, "treatment": 1.5, "harm_reduction": 3.0, "prevention": 2.0}
    models = [start({}), start(other)]
    shared = 0
    for month in MONTHS:
        before = [model.people.state.copy() for model in models]
        for model in models:
            model.step()
        one, two = (model.people for model in models)
        for state in (State.TREATMENT, *CUSTODY):
            entered = (one.state == state) & (two.state == state)
            for old in before:
                entered &= old != state
            assert (one.clock[entered] == two.clock[entered]).all(), (month, state)
            shared += int(entered.sum())
    assert shared > 200


def test_newcomers_keep_the_key_of_the_slot() -> None:
    model = start({}, people=20_000)
    keys = model.people.slotted.keys.copy()
    model.run()
    assert (model.people.born > 0).any()
    np.testing.assert_array_equal(model.people.slotted.keys, keys)
    np.testing.assert_array_equal(keys, person_keys(1, 20_000))


# --- Cartels -------------------------------------------------------------------------------------


def falls(cartels: list[Cartel], months: range) -> dict[int, tuple[bool, ...]]:
    """In which months each cartel's leader falls, by address, if half of all fell in each."""
    met = CartelMonth(1.0, 1.0, 1.0, falls=6.0, heat=1.0, n_cartels=12)
    return {c.address: tuple(c.leader_falls(met, when) for when in months) for c in cartels}


def test_a_split_leaves_the_luck_of_the_other_cartels_alone() -> None:
    calm, broken = (start({}, people=1_000) for _ in range(2))
    part = broken.cartels[0].split(1)
    as_before, now = (falls(model.cartels, range(1, 121)) for model in (calm, broken))
    assert len(now) == len(broken.cartels) == 13
    assert as_before == {key: found for key, found in now.items() if key != part.address}
    assert len(set(now.values())) == 13


def test_a_part_is_born_the_same_whatever_split_before() -> None:
    calm, broken = (start({}, people=1_000) for _ in range(2))
    for rank in (0, 1, 2):
        broken.cartels[rank].split(1)
    parts = [model.cartels[5].split(7) for model in (calm, broken)]
    assert parts[0].address == parts[1].address
    assert parts[0].members == parts[1].members


def test_no_two_cartels_of_a_run_share_their_dice() -> None:
    model = start({"leader_removal": 50.0}, people=1_000)
    seen: dict[int, Cartel] = {}
    for _ in range(240):
        model.step()
        for cartel in model.cartels:
            assert seen.setdefault(cartel.address, cartel) is cartel
    assert len(seen) > 50
