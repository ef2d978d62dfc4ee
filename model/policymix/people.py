"""The population as columns.

A person is a slot: whoever dies or leaves at the exit age is replaced by a newcomer in the same
slot. Only those who are somewhere else than in `NOT_USING` are listed, state by state.
"""

import copy
import itertools
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from policymix.dice import Event, Keys, address, dice, die, person_keys
from policymix.hazards import (
    N_CELLS,
    N_COMMUNITY_KINDS,
    N_STATES,
    N_VULNERABILITY_CLASSES,
    Floats,
    PeopleRates,
    State,
)
from policymix.units import probability_from_hazard

N_COMMUNITIES: Final = 100
LISTED: Final = tuple(state for state in State if state <= State.CUSTODY_ADDICTED and state)
"""States with a list of their own; the two risk months are listed with active addiction."""
_PLASTIC: Final = (0.7548776662466927, 0.5698402909980532)
"""1/g and 1/g**2 with g**3 = g + 1: multiples of these, modulo 1, fill the square evenly, which
spreads vulnerability, community, age and state evenly over the slots of any population."""
_LONGEST_STAY: Final = 30_000
"""Months; keeps a drawn date of leaving within 16 bits."""

Slots = NDArray[np.int64]


@dataclass(frozen=True)
class PeopleStart:
    """What `initial_population` needs of the balance.

    `law`, shape (years, N_CELLS, N_STATES): share of a cell's people at each year since 12 in
    each state; a cell sums to 1. `peers`, `burden`, shape (N_COMMUNITY_KINDS,): the share who
    use and the burden of custody by kind of community, relative to the nation's `share_using`
    and `burden_today`. `country` [people] is how many the whole population stands for, and
    `waiting_today` [people] how many of them are willing and without a place.
    """

    rates: PeopleRates
    class_vulnerability: Floats
    kind_vulnerability: Floats
    law: Floats
    share_using: float
    burden_today: float
    peers: Floats
    burden: Floats
    coverage: float
    country: float
    waiting_today: float

    @property
    def cell_vulnerability(self) -> Floats:
        """Shape (N_CELLS,): cell = class * N_COMMUNITY_KINDS + kind."""
        return np.outer(self.class_vulnerability, self.kind_vulnerability).ravel()


@dataclass(frozen=True)
class Slotted:
    """What a slot keeps for ever: shape (n_people,), shared by all copies of a population."""

    keys: Keys
    cell: NDArray[np.uint8]
    community: NDArray[np.uint8]
    by_cell: NDArray[np.int32]
    cell_ends: Slots
    community_size: Floats
    community_kind: NDArray[np.int64]


class People:
    """Everyone, one slot each, with the lists of those who are not in `NOT_USING`.

    Columns, shape (n_people,): `state` (State), `born` (month in which the person turned 12),
    `clock` (month of leaving treatment or custody), `overdosed` (whether the person who was here
    in month 0 died of an overdose). `lists[state]`: the slots in that state.
    """

    def __init__(self, start: PeopleStart, seed: int, slotted: Slotted) -> None:
        self.start = start
        self.seed = seed
        self.slotted = slotted
        n_people = len(slotted.keys)
        self.weight = start.country / n_people
        self.state = np.zeros(n_people, dtype=np.uint8)
        self.born = np.zeros(n_people, dtype=np.int16)
        self.clock = np.zeros(n_people, dtype=np.int16)
        self.overdosed = np.zeros(n_people, dtype=np.bool_)
        self.lists: dict[State, Slots] = {}
        self.burden = start.burden_today * start.burden[slotted.community_kind]
        self.cohort_coverage: list[float] = [start.coverage]

    def __len__(self) -> int:
        return len(self.state)

    def copy(self) -> "People":
        """The same people, free to live other lives; what never changes is shared."""
        other = copy.copy(self)
        for name in ("state", "born", "clock", "overdosed", "burden"):
            setattr(other, name, getattr(self, name).copy())
        other.lists = dict(self.lists)
        other.cohort_coverage = list(self.cohort_coverage)
        return other

    def count(self, *states: State) -> float:
        """People of the country [people] in these states, as the slots stand for them."""
        return self.weight * sum([len(self.lists[state]) for state in states])

    def age_months(self, slots: Slots, month: int) -> Slots:
        """Months since the person in each slot turned 12."""
        life = self.start.rates.months_in_population
        return (month - self.born[slots].astype(np.int64)) % life

    def person(self, slot: int) -> "Person":
        """A read-only look at one person."""
        return Person(self, slot)


@dataclass(frozen=True)
class Person:
    """A light, read-only view of one slot, for those someone looks at."""

    people: People
    slot: int

    @property
    def state(self) -> State:
        """Where the person is now."""
        return State(int(self.people.state[self.slot]))

    @property
    def community(self) -> int:
        """0 to N_COMMUNITIES - 1."""
        return int(self.people.slotted.community[self.slot])

    @property
    def vulnerability(self) -> float:
        """Relative to the national mean of 1."""
        cell = self.people.slotted.cell[self.slot]
        return float(self.people.start.cell_vulnerability[cell])

    def age_years(self, month: int) -> float:
        """Years since turning 12, at the end of `month`."""
        return float(self.people.age_months(np.array([self.slot]), month)[0]) / 12


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


def stay_months(p_leave: float, luck: Floats) -> NDArray[np.int16]:
    """Months until leaving, at least 1: geometric with monthly probability `p_leave` (0-1)."""
    if p_leave <= 0.0:
        return np.full(luck.shape, _LONGEST_STAY, dtype=np.int16)
    months = 1.0 + np.floor(np.log1p(-luck) / np.log1p(-min(p_leave, 1 - 1e-12)))
    stay: NDArray[np.int16] = np.minimum(months, _LONGEST_STAY).astype(np.int16)
    return stay


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
    law: Floats, age_months: NDArray[np.int16], sorted_cells: NDArray[np.uint8], seed: int
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


def count_by_community(people: People, *states: State) -> Floats:
    """Slots in these states by community, shape (N_COMMUNITIES,)."""
    slots = np.concatenate([people.lists[state] for state in states])
    community = people.slotted.community[slots]
    return np.bincount(community, minlength=N_COMMUNITIES).astype(np.float64)
