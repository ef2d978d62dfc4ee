"""The population as columns.

A person is a slot: whoever dies or leaves at the exit age is replaced by a newcomer in the same
slot. Only those who are somewhere else than in `NOT_USING` are listed, state by state.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policymix.dice import Event, Keys
from policymix.hazards import (
    Floats,
    PeopleRates,
    State,
)

N_COMMUNITIES: Final = 100
LISTED: Final = tuple(state for state in State if state <= State.CUSTODY_ADDICTED and state)
"""States with a list of their own; the two risk months are listed with active addiction."""
_LONGEST_STAY: Final = 30_000
"""Months; keeps a drawn date of leaving within 16 bits."""
_LEAST_P: Final = 1e-300
"""Monthly probability of leaving that stands for never."""

Slots = NDArray[np.int64]
Marks = NDArray[np.bool_]


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
    """What a slot keeps for ever: shape (n_people,), shared by all copies of a population.

    `candidates`, by the id of a world's `PeopleStart`, are those of `policymix.candidates`, which
    no policy moves.
    """

    keys: Keys
    cell: NDArray[np.integer[Any]]
    community: NDArray[np.integer[Any]]
    by_cell: NDArray[np.int32]
    cell_ends: Slots
    community_size: Floats
    community_kind: NDArray[np.int64]
    candidates: dict[int, Any] = field(default_factory=dict)


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
        self._lists: dict[State, Slots] = {}
        self.burden = start.burden_today * start.burden[slotted.community_kind]
        self.cohort_coverage: list[float] = [start.coverage]

    def __len__(self) -> int:
        return len(self.state)

    @property
    def lists(self) -> dict[State, Slots]:
        """The slots in each state of `LISTED`."""
        return self._lists

    @lists.setter
    def lists(self, lists: dict[State, Slots]) -> None:
        self._lists = lists

    @property
    def seeds(self) -> tuple[int, ...]:
        """Whose dice they live by; as many as there are populations side by side."""
        return (self.seed,)

    @property
    def slotted_of_each(self) -> tuple[Slotted, ...]:
        """`slotted` of each population."""
        return (self.slotted,)

    def place_of(self, _slot: int) -> int:
        """Which of the populations the slot is in."""
        return 0

    def each(self, _slots: Slots, values: Sequence[float]) -> float | Floats:
        """The value of each slot, of `values` by population."""
        return values[0]

    def rows(self, places: NDArray[np.integer[Any]], _slots: Slots, _n: int) -> Slots:
        """Where each slot looks in a `table` whose tables have `_n` rows, by place in its own."""
        return places.astype(np.int64)

    def table(self, tables: Sequence[Floats]) -> Floats:
        """One table of all, from the tables of each population."""
        return tables[0]

    def sums(self, _slots: Slots, values: Floats) -> list[float]:
        """Sum of the values of these slots, for each population."""
        return [float(values.sum())]

    def of_each(self, slots: Slots) -> list[int]:
        """How many of these slots are each population's."""
        return [len(slots)]

    def lowest(self, _slots: Slots, luck: Floats, n_of_each: Sequence[int]) -> Slots:
        """Where so many of each population with the lowest dice stand."""
        return luck.argsort(kind="stable")[: n_of_each[0]]

    def count_sizes(self) -> None:
        """Nothing to do for one population, whose lists are its own."""

    def reach(self, coverages: Sequence[float]) -> None:
        """Prevention reaches these shares of the newcomers of a month, by population."""
        self.cohort_coverage.append(coverages[0])

    def coverage(self, _place: int, cohort: int) -> float:
        """Share of a cohort (the month it turned 12) of a population whom prevention reached."""
        return self.cohort_coverage[max(cohort, 0)]

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
        sizes = self.sizes()
        return self.weight * sum([sizes[state] for state in states])

    def sizes(self) -> dict[State, int]:
        """How many slots are in each state of `LISTED`."""
        return {state: len(slots) for state, slots in self._lists.items()}

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


class Users:
    """Those of one state who might be arrested, quit or enter treatment.

    `luck`: their dice by event. `stay` marks whom none of the events met so far.
    """

    def __init__(self, slots: Slots, luck: Mapping[Event, Floats]) -> None:
        self.slots = slots
        self.luck = luck
        self.stay: Marks = np.ones(len(slots), dtype=np.bool_)

    def pick(self, chosen: Marks) -> Marks:
        """The chosen who were not picked before; from now on they do not stay."""
        chosen = chosen & self.stay
        self.stay ^= chosen
        return chosen


def stay_months(p_leave: float | Floats, luck: Floats) -> NDArray[np.int16]:
    """Months until leaving, at least 1: geometric with monthly probability `p_leave` (0-1)."""
    p = np.minimum(np.maximum(p_leave, _LEAST_P), 1 - 1e-12)
    months = 1.0 + np.floor(np.log1p(-luck) / np.log1p(-p))
    stay: NDArray[np.int16] = np.minimum(months, _LONGEST_STAY).astype(np.int16)
    return stay


def count_by_community(people: People, *states: State) -> Floats:
    """Slots in these states by community, shape (communities,)."""
    slots = np.concatenate([people.lists[state] for state in states])
    slotted = people.slotted
    n_of_each = np.bincount(slotted.community[slots], minlength=len(slotted.community_size))
    return n_of_each.astype(np.float64)
