"""Who begins to use: candidates at a rate that no policy changes, accepted with their own.

A Poisson process thinned: candidates fall on slots at a multiple of today's own hazard, and each
is kept with own hazard / candidate rate. That is exact, and costs in proportion to events. Where
a community's hazard is above the candidates' rate, the excess is drawn person by person.
"""

from itertools import accumulate, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from policymix.dice import DiceAhead, Event, address, dice, dice_by_month, person_keys
from policymix.hazards import N_CELLS, N_COMMUNITY_KINDS, Floats, State, relative_starting
from policymix.people import People, Slots, count_by_community

HEADROOM: Final = 2.0
"""How far starting may rise above today's most exposed community before the excess is drawn
person by person: a choice of speed that changes no probability."""
_STANDARD_DEVIATIONS: Final = 12.0
"""How much of the Poisson law of the number of candidates is tabulated."""


_LONGEST_RUN: Final = 600
"""Months; so that no two cohorts of one run share a key."""
_MONTHS_AHEAD: Final = 24
"""For so many candidates are drawn at a time: they depend on nothing that happens meanwhile. With
more months little more is won, and a million people's candidates take room."""


class Beginners:
    """Draws, month by month, who of a population begins to use."""

    def __init__(self, people: People) -> None:
        start, slotted = people.start, people.slotted
        self.people = people
        by_kind = start.kind_vulnerability * relative_starting(
            start.rates, start.peers, start.burden
        )
        rates = HEADROOM * start.rates.start * np.outer(start.class_vulnerability, by_kind).ravel()
        self._cap = np.maximum(HEADROOM * start.rates.start * by_kind, 1e-12)[
            slotted.community_kind
        ]
        self._exposure = start.kind_vulnerability[slotted.community_kind]
        self._cell_sizes = np.diff(slotted.cell_ends, prepend=0)
        self._cell_starts = slotted.cell_ends - self._cell_sizes
        expected = self._cell_sizes * rates
        self._cell_edges = np.concatenate(([0.0], np.cumsum(expected))) / max(
            float(expected.sum()), 1e-12
        )
        self._cell_widths = np.diff(self._cell_edges)
        self._luck = [DiceAhead(address(seed), Event.BEGIN_COUNT) for seed in people.seeds]
        self._counts = _poisson_edges(float(expected.sum()))
        self._keys = [
            person_keys(address(seed, Event.BEGIN_WHO), len(self._counts) + 1)
            for seed in people.seeds
        ]
        self._ahead: dict[int, tuple[Slots, Floats]] = {}
        self._n_cohorts = start.rates.months_in_population + _LONGEST_RUN
        self._cohort_keys = np.concatenate(
            [person_keys(address(seed, Event.PREVENTED), self._n_cohorts) for seed in people.seeds]
        )

    def who_begin(self, month: int, *start_factors: float) -> Slots:
        """Slots, sorted, of people not using who begin this month.

        `start_factors` [1/month], one for each population: the starting hazard at vulnerability 1
        and today's peers and burden.
        """
        exposure = self._community_exposure()
        factors = np.array(start_factors).repeat(len(exposure) // len(start_factors))
        community_hazard = factors * exposure
        slots, luck = self._candidates(month)
        of_candidates = np.minimum(community_hazard / self._cap, 1.0)
        p_keep = of_candidates[self.people.slotted.community[slots]]
        # Whatever else is asked only lowers the chance, so the unlucky need not be asked.
        near = (luck < p_keep).nonzero()[0]
        slots, luck, p_keep = slots[near], luck[near], p_keep[near]
        age = self.people.age_months(slots, month)
        p_keep *= self._prevention_factor(slots, month - age)
        kept = slots[(luck < p_keep) & self._may_begin(slots, age)]
        above = community_hazard > self._cap
        if above.any():
            excess = self._excess(np.flatnonzero(above), community_hazard - self._cap, month)
            kept = np.concatenate((kept, excess))
        return _without_repeats(kept)

    def _candidates(self, month: int) -> tuple[Slots, Floats]:
        """Slots that candidates fall on, and the die of each for whether it begins."""
        if month not in self._ahead:
            self._ahead = self._drawn(range(month, month + _MONTHS_AHEAD))
        return self._ahead.pop(month)

    def _drawn(self, months: range) -> dict[int, tuple[Slots, Floats]]:
        """The candidates of these months, drawn in one go because that is quicker."""
        luck = [[die(one, Event.BEGIN_COUNT) for die in self._luck] for one in months]
        n_of_each = self._counts.searchsorted(luck, side="right")
        keys = [self._keys[at][:n] for row in n_of_each.tolist() for at, n in enumerate(row)]
        n_of_months = n_of_each.sum(axis=1).tolist()
        dice_of = list(zip(months, n_of_months, strict=True))
        where, begins = dice_by_month(np.concatenate(keys), dice_of, Event.BEGIN_WHO, Event.BEGIN)
        cell = self._cell_edges.searchsorted(where, side="right") - 1
        size = self._cell_sizes[cell]
        share = (where - self._cell_edges[cell]) / self._cell_widths[cell]
        within = np.minimum((share * size).astype(np.int64), size - 1)
        slotted = self.people.slotted
        first = np.tile(np.arange(len(self._keys)) * len(slotted.by_cell), len(months))
        slots = slotted.by_cell[self._cell_starts[cell] + within] + first.repeat(n_of_each.ravel())
        parts = pairwise(accumulate(n_of_months, initial=0))
        drawn = [(slots[begin:end], begins[begin:end]) for begin, end in parts]
        return dict(zip(months, drawn, strict=True))

    def _may_begin(self, slots: Slots, age_months: Slots) -> NDArray[np.bool_]:
        at_risk = age_months < self.people.start.rates.months_at_risk
        free: NDArray[np.bool_] = (self.people.state[slots] == State.NOT_USING) & at_risk
        return free

    def _community_exposure(self) -> Floats:
        """Starting by community relative to vulnerability 1, today's peers and today's burden."""
        people = self.people
        using = count_by_community(people, State.CASUAL, State.ACTIVE)
        peers = using / people.slotted.community_size / people.start.share_using
        burden = people.burden / people.start.burden_today
        return self._exposure * relative_starting(people.start.rates, peers, burden)

    def _prevention_factor(self, slots: Slots, cohort: Slots) -> Floats:
        """1, or less for those whom prevention reached in `cohort`, the month they turned 12."""
        people = self.people
        key = people.rows(cohort % self._n_cohorts, slots, self._n_cohorts)
        keys = people.slotted.keys[slots] + self._cohort_keys[key]
        reached = dice(keys, 0, Event.PREVENTED) < people.coverage(slots, cohort)
        return 1.0 - people.start.rates.share_starting_prevented * reached.astype(np.float64)

    def _excess(self, communities: Slots, excess_hazard: Floats, month: int) -> Slots:
        people = self.people
        slots = np.flatnonzero(np.isin(people.slotted.community, communities))
        age = people.age_months(slots, month)
        free = self._may_begin(slots, age)
        slots, cohort = slots[free], month - age[free]
        of_class = people.start.class_vulnerability[
            people.slotted.cell[slots] % N_CELLS // N_COMMUNITY_KINDS
        ]
        hazard = excess_hazard[people.slotted.community[slots]] * of_class
        hazard *= self._prevention_factor(slots, cohort)
        luck = dice(people.slotted.keys[slots], month, Event.BEGIN_EXCESS)
        who: Slots = slots[luck < -np.expm1(-hazard)]
        return who


def _without_repeats(slots: Slots) -> Slots:
    """Sorted in place, each slot once (several candidates may fall on one)."""
    slots.sort()
    is_first = np.ones(len(slots), dtype=bool)
    np.not_equal(slots[1:], slots[:-1], out=is_first[1:])
    return slots[is_first]


def _poisson_edges(mean: float) -> Floats:
    """Cumulative Poisson law of 0, 1, 2, ... events, as far as a 53-bit die can tell."""
    from scipy.special import pdtr

    most = int(mean + _STANDARD_DEVIATIONS * (mean**0.5 + 1.0)) + 1
    return np.asarray(pdtr(np.arange(most), mean))
