"""Several populations side by side, so that one array operation serves them all.

A month of few people costs what it costs to ask NumPy, and hardly depends on how many they are.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policymix.errors import InputError
from policymix.hazards import N_CELLS, Floats, State
from policymix.people import N_COMMUNITIES, People, Slots, Slotted

_COLUMNS: Final = ("state", "born", "clock", "overdosed", "burden")


class Crowd(People):
    """Populations of one size and one start, joined; their seeds and their lives may differ.

    Slots, communities and cells run through: slot s of member m is m * n_people + s. Raises
    InputError for populations that do not fit together.
    """

    def __init__(self, populations: Sequence[People]) -> None:
        first = populations[0]
        if any(len(one) != len(first) or one.start is not first.start for one in populations):
            raise InputError("a crowd is made of populations of one size and one start")
        super().__init__(first.start, first.seed, _side_by_side([p.slotted for p in populations]))
        self._seeds = tuple(one.seed for one in populations)
        self._slotted_of_each = tuple(one.slotted for one in populations)
        self.weight = first.weight
        self._n_each = len(first)
        for name in _COLUMNS:
            setattr(self, name, np.concatenate([getattr(one, name) for one in populations]))
        self.lists = {
            state: np.concatenate(
                [one.lists[state] + place * len(first) for place, one in enumerate(populations)]
            )
            for state in first.lists
        }
        self._coverage = np.transpose([one.cohort_coverage for one in populations])
        self.member_sizes: list[dict[State, int]] = []
        self.count_sizes()

    @property
    def seeds(self) -> tuple[int, ...]:
        """Whose dice each member lives by."""
        return self._seeds

    @property
    def slotted_of_each(self) -> tuple[Slotted, ...]:
        """As of `People`."""
        return self._slotted_of_each

    def place_of(self, slot: int) -> int:
        """As of `People`."""
        return slot // self._n_each

    def member_of(self, slots: Slots) -> Slots:
        """The place of the member whose slot it is; cheaper to divide than to look up."""
        member: Slots = slots // self._n_each
        return member

    def each(self, slots: Slots, values: Sequence[float]) -> Floats:
        """As of `People`."""
        return np.array(values)[self.member_of(slots)]

    def rows(self, places: NDArray[np.integer[Any]], slots: Slots, n: int) -> Slots:
        """As of `People`."""
        return self.member_of(slots) * n + places

    def table(self, tables: Sequence[Floats]) -> Floats:
        """As of `People`."""
        return np.concatenate(tables)

    def sums(self, slots: Slots, values: Floats) -> list[float]:
        """As of `People`, to rounding."""
        found = np.bincount(self.member_of(slots), weights=values, minlength=len(self.seeds))
        sums: list[float] = found.tolist()
        return sums

    def of_each(self, slots: Slots) -> list[int]:
        """As of `People`."""
        n_of_each: list[int] = np.bincount(
            self.member_of(slots), minlength=len(self.seeds)
        ).tolist()
        return n_of_each

    def lowest(self, slots: Slots, luck: Floats, n_of_each: Sequence[int]) -> Slots:
        """As of `People`."""
        member = self.member_of(slots)
        order = np.lexsort((luck, member))
        member = member[order]
        rank = np.arange(len(slots)) - member.searchsorted(np.arange(len(self.seeds)))[member]
        return order[rank < np.array(n_of_each)[member]]

    def reach(self, coverages: Sequence[float]) -> None:
        """As of `People`."""
        self._coverage = np.concatenate((self._coverage, [coverages]))

    def coverage(self, place: int, cohort: int) -> float:
        """As of `People`."""
        return float(self._coverage[max(cohort, 0), place])

    def coverage_of(self, place: int) -> list[float]:
        """`cohort_coverage` of one member."""
        found: list[float] = self._coverage[:, place].tolist()
        return found

    def count_sizes(self) -> None:
        """Look how many of each member are in each state, once for all who ask."""
        sizes = [self.of_each(slots) for slots in self.lists.values()]
        self.member_sizes = [
            dict(zip(self.lists, of_one, strict=True)) for of_one in zip(*sizes, strict=True)
        ]


class Member(People):
    """One population of a crowd: its columns are parts of the crowd's, which lives for it.

    It is read and not changed; `copy` is the same population without the crowd.
    """

    def __init__(self, as_before: People, crowd: Crowd, place: int) -> None:
        self.__dict__.update(as_before.__dict__)
        self._crowd, self._place = crowd, place
        for name in _COLUMNS:
            setattr(self, name, np.split(getattr(crowd, name), len(crowd.seeds))[place])

    @property
    def lists(self) -> dict[State, Slots]:
        """As of `People`; nobody but the crowd changes them."""
        first = self._place * len(self)
        return {
            state: slots[self._crowd.member_of(slots) == self._place] - first
            for state, slots in self._crowd.lists.items()
        }

    @lists.setter
    def lists(self, _: dict[State, Slots]) -> None:
        raise AttributeError("a member's people are listed by its crowd")

    def sizes(self) -> dict[State, int]:
        """As of `People`, at the end of the last month."""
        return self._crowd.member_sizes[self._place]

    def copy(self) -> People:
        """This population as it is now, out of the crowd and free to live on."""
        people = People(self.start, self.seed, self.slotted)
        people.lists = self.lists
        people.cohort_coverage = self._crowd.coverage_of(self._place)
        for name in _COLUMNS:
            setattr(people, name, getattr(self, name).copy())
        return people


def _side_by_side(several: Sequence[Slotted]) -> Slotted:
    """What slots keep for ever; which slots are in a cell stays as in each alone."""
    first, n = several[0], len(several)
    return replace(
        first,
        keys=np.concatenate([one.keys for one in several]),
        cell=_running_through([one.cell for one in several], N_CELLS),
        community=_running_through([one.community for one in several], N_COMMUNITIES),
        community_size=np.tile(first.community_size, n),
        community_kind=np.tile(first.community_kind, n),
        candidates={},
    )


def _running_through(
    several: Sequence[NDArray[np.integer[Any]]], n_each: int
) -> NDArray[np.integer[Any]]:
    running = [one.astype(np.int32) + n_each * place for place, one in enumerate(several)]
    return np.concatenate(running)
