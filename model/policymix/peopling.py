"""The people of month 0, drawn from the balance: `initial_population`."""

import itertools
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from policymix.dice import Event, address, dice, die, person_keys
from policymix.hazards import (
    N_CELLS,
    N_COMMUNITY_KINDS,
    N_STATES,
    N_VULNERABILITY_CLASSES,
    Floats,
    State,
)
from policymix.people import (
    LISTED,
    N_COMMUNITIES,
    People,
    PeopleStart,
    Slots,
    Slotted,
    stay_months,
)
from policymix.units import probability_from_hazard

_PLASTIC: Final = (0.7548776662466927, 0.5698402909980532)
"""1/g and 1/g**2 with g**3 = g + 1: multiples of these, modulo 1, fill the square evenly, which
spreads vulnerability, community, age and state evenly over the slots of any population."""


class HasPeople(Protocol):
    """Anything balanced that carries a `PeopleStart`."""

    @property
    def people(self) -> PeopleStart:
        """The people's part."""


def initial_population(balanced: HasPeople, n_people: int, seed: int) -> People:
    """The balanced start of `n_people` slots: month 0, before any policy."""
    start = balanced.people
    people = People(start, seed, _slots(n_people, seed))
    order, ends = people.slotted.by_cell, people.slotted.cell_ends
    luck: Floats = (
        np.arange(n_people, dtype=np.float64) * _PLASTIC[0] + die(address(seed), 0, Event.START_AGE)
    ) % 1.0
    cells = people.slotted.cell[order]
    age_months = _drawn_ages(start.law, start.rates.months_in_population, ends, luck)
    people.born[order] = -age_months
    people.state[order] = _drawn_states(start.law, age_months, cells, seed)
    for state in LISTED:
        people.lists[state] = np.flatnonzero(people.state == state)
    _start_clocks(people)
    return people


def _slots(n_people: int, seed: int) -> Slotted:
    spread = np.arange(1, n_people + 1)
    vulnerability_class = (spread * _PLASTIC[0] % 1.0 * N_VULNERABILITY_CLASSES).astype(np.uint8)
    community = (spread * _PLASTIC[1] % 1.0 * N_COMMUNITIES).astype(np.uint8)
    kind = np.arange(N_COMMUNITIES) * N_COMMUNITY_KINDS // N_COMMUNITIES
    size = np.bincount(community, minlength=N_COMMUNITIES)
    cell = (vulnerability_class * N_COMMUNITY_KINDS + kind[community]).astype(np.uint8)
    return Slotted(
        keys=person_keys(seed, n_people),
        cell=cell,
        community=community,
        by_cell=np.argsort(cell, kind="stable").astype(np.int32),
        cell_ends=np.cumsum(np.bincount(cell, minlength=N_CELLS)),
        community_size=np.maximum(size, 1).astype(np.float64),
        community_kind=kind,
    )


def _drawn_ages(law: Floats, life_months: int, ends: Slots, luck: Floats) -> NDArray[np.int16]:
    """Months since 12 by inverting each cell's law of age: early deaths make cells younger.

    `luck` is used up: what is made once for everyone is made in place, to keep memory low.
    """
    years = np.arange(len(law) + 1) * 12.0
    years[-1] = life_months
    for cell, (low, high) in enumerate(itertools.pairwise((0, *ends))):
        by_year = np.concatenate(([0.0], np.cumsum(law[:, cell].sum(axis=1))))
        luck[low:high] = np.interp(luck[low:high], by_year / by_year[-1], years)
    return np.minimum(luck.astype(np.int16), np.int16(life_months - 1))


def _drawn_states(
    law: Floats, age_months: NDArray[np.int16], sorted_cells: NDArray[np.integer[Any]], seed: int
) -> NDArray[np.uint8]:
    """One state a slot by systematic sampling along the sorted cells.

    State by state, every 1/p-th of those still without one gets it, from a random start. So the
    nation's month 0 is the balanced one to within a slot a state, whatever the seed.
    """
    year = np.minimum(age_months // np.int16(12), np.int16(len(law) - 1))
    chance = (law / law.sum(axis=2, keepdims=True)).reshape(-1, N_STATES)
    # The risk months last one month and are not worth starting in.
    chance[:, State.ACTIVE] += chance[:, State.CUSTODY_ADDICTED + 1 :].sum(axis=1)
    row = year * np.int16(law.shape[1]) + sorted_cells
    state = np.zeros(len(row), dtype=np.uint8)
    left = np.ones(len(chance))
    for one in LISTED:
        passed = (chance[:, one] / left)[row]
        passed *= state == State.NOT_USING
        start = die(address(seed, one), 0, Event.START_STATE)
        np.cumsum(passed, out=passed)
        passed += start
        np.floor(passed, out=passed)
        state[1:][passed[1:] > passed[:-1]] = one
        state[:1][passed[:1] > np.floor(start)] = one
        left -= chance[:, one]
    return state


def _start_clocks(people: People) -> None:
    rates = people.start.rates
    for state, hazard in (
        (State.TREATMENT, rates.leave_treatment),
        (State.CUSTODY_CASUAL, rates.release),
        (State.CUSTODY_ADDICTED, rates.release),
    ):
        slots = people.lists[state]
        luck = dice(people.slotted.keys[slots], 0, Event.START_CLOCK)
        people.clock[slots] = stay_months(probability_from_hazard(hazard), luck)
