"""Who begins to use: candidates at a rate that no policy changes, accepted with their own.

A Poisson process thinned: candidates fall on slots at a multiple of today's own hazard, and each
is kept with own hazard / candidate rate. That is exact, and costs in proportion to events. Where
a community's hazard is above the candidates' rate, the excess is drawn person by person.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from policymix.candidates import Drawn, candidates_of, starting_by_kind, with_headroom
from policymix.dice import Event, address, dice, die, person_keys
from policymix.hazards import N_CELLS, N_COMMUNITY_KINDS, Floats, State, relative_starting
from policymix.people import People, Slots, count_by_community

_LONGEST_RUN: Final = 600
"""Months; so that no two cohorts of one run share a key."""


class Beginners:
    """Draws, month by month, who of a population begins to use."""

    def __init__(self, people: People) -> None:
        start, slotted = people.start, people.slotted
        self.people = people
        cap = with_headroom(start, starting_by_kind(start))
        self._cap = np.maximum(cap, 1e-12)[slotted.community_kind]
        self._exposure = start.kind_vulnerability[slotted.community_kind]
        self._if_prevented = 1.0 - start.rates.share_starting_prevented
        self._ahead = candidates_of(people)
        self._n_cohorts = start.rates.months_in_population + _LONGEST_RUN
        self._cohort_keys = [
            person_keys(address(seed, Event.PREVENTED), self._n_cohorts) for seed in people.seeds
        ]

    def who_begin(self, month: int, *start_factors: float) -> Slots:
        """Slots, sorted, of people not using who begin this month.

        `start_factors` [1/month], one for each population: the starting hazard at vulnerability 1
        and today's peers and burden.
        """
        exposure = self._community_exposure()
        factors = np.array(start_factors).repeat(len(exposure) // len(start_factors))
        hazard = factors * exposure
        slots, luck = self._candidates(month)
        p = np.minimum(hazard / self._cap, 1.0)[self.people.slotted.community[slots]]
        begin = self._kept(month, slots, luck, p, p * self._if_prevented)
        above = hazard > self._cap
        if above.any():
            excess = self._excess(np.flatnonzero(above), hazard - self._cap, month)
            begin = np.concatenate((begin, excess))
        return _without_repeats(begin.astype(np.int64))

    def _candidates(self, month: int) -> Drawn:
        """Of all populations."""
        found = [ahead(month) for ahead in self._ahead]
        if len(found) == 1:
            return found[0]
        n_each = len(self.people) // len(found)
        slots, luck = zip(*found, strict=True)
        running = [one + n_each * place for place, one in enumerate(slots)]
        return np.concatenate(running), np.concatenate(luck)

    def _kept(
        self, month: int, slots: Slots, luck: Floats, p: Floats, p_if_prevented: Floats
    ) -> Slots:
        """Of `slots`, those who may begin and whose die is below their chance."""
        # Whatever else is asked only lowers the chance, so the unlucky need not be asked.
        near = (luck < p).nonzero()[0]
        slots, is_sure = slots[near], (luck < p_if_prevented)[near]
        age = self.people.age_months(slots, month)
        begin = self._may_begin(slots, age)
        for at in (begin & ~is_sure).nonzero()[0].tolist():
            begin[at] = not self._is_prevented(int(slots[at]), month - int(age[at]))
        return slots[begin]

    def _may_begin(self, slots: Slots, age_months: Slots) -> NDArray[np.bool_]:
        at_risk = age_months < self.people.start.rates.months_at_risk
        free: NDArray[np.bool_] = (self.people.state[slots] == State.NOT_USING) & at_risk
        return free

    def _is_prevented(self, slot: int, cohort: int) -> bool:
        """Whether prevention reached whoever is there in the month they turned 12, `cohort`."""
        people = self.people
        place = people.place_of(slot)
        of_cohort = self._cohort_keys[place].item(cohort % self._n_cohorts)
        key = people.slotted.keys.item(slot) + of_cohort
        return die(key, 0, Event.PREVENTED) < people.coverage(place, cohort)

    def _community_exposure(self) -> Floats:
        """Starting by community relative to vulnerability 1, today's peers and today's burden."""
        people = self.people
        using = count_by_community(people, State.CASUAL, State.ACTIVE)
        peers = using / people.slotted.community_size / people.start.share_using
        burden = people.burden / people.start.burden_today
        return self._exposure * relative_starting(people.start.rates, peers, burden)

    def _excess(self, communities: Slots, excess_hazard: Floats, month: int) -> Slots:
        people = self.people
        slots = np.flatnonzero(np.isin(people.slotted.community, communities))
        of_class = people.start.class_vulnerability[
            people.slotted.cell[slots] % N_CELLS // N_COMMUNITY_KINDS
        ]
        hazard = excess_hazard[people.slotted.community[slots]] * of_class
        luck = dice(people.slotted.keys[slots], month, Event.BEGIN_EXCESS)
        p, p_if_prevented = -np.expm1(np.multiply.outer((-1.0, -self._if_prevented), hazard))
        return self._kept(month, slots, luck, p, p_if_prevented)


def _without_repeats(slots: Slots) -> Slots:
    """Sorted in place, each slot once (several candidates may fall on one)."""
    slots.sort()
    is_first = np.ones(len(slots), dtype=bool)
    np.not_equal(slots[1:], slots[:-1], out=is_first[1:])
    return slots[is_first]
