"""One month in people's lives, as a list of verbs.

Deaths come first and the levers' own events last, which keeps paired luck together: what one
policy moves does not reorder what happened before.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from policymix.beginners import Beginners
from policymix.dice import Event, address, dice, dice_together, die
from policymix.hazards import Chances, Conditions, Floats, State, chances
from policymix.people import People, Slots, count_by_community, stay_months

ADDICTED: Final = (State.ACTIVE, State.TREATMENT, State.CUSTODY_ADDICTED)
CUSTODY: Final = (State.CUSTODY_CASUAL, State.CUSTODY_ADDICTED)
FLOWS: Final = (
    "started_using",
    "escalated",
    "quit",
    "quit_addiction",
    "treatment_entries",
    "left_treatment",
    "recovered",
    "relapsed",
    "arrests",
    "released",
    "overdose_deaths",
    "deaths_after_release",
    "deaths_after_treatment",
    "aged_out",
    "aged_out_addicted",
    "aged_out_custody",
    "waiting_for_treatment",
)
_NO_LUCK: Final = np.empty(0)
_RISKS: Final = (
    (State.ACTIVE, "active"),
    (State.ACTIVE_RELEASED, "after_custody"),
    (State.ACTIVE_LEFT_TREATMENT, "after_treatment"),
)


class Lives:
    """Moves one population month by month and counts what happened.

    `flows[name]` counts slots in the last month, by outcome; multiply by `people.weight`. So do
    `at_risk` and `died`, who might die of an overdose and who did, by state at its beginning;
    `expected_deaths` [slots] is what these risks add up to.
    """

    def __init__(self, people: People) -> None:
        self.people = people
        self.vulnerability = people.start.cell_vulnerability
        self.flows: dict[str, int] = {}
        self.places_used_in_custody = 0
        self.at_risk: dict[str, int] = {}
        self.died: dict[str, int] = {}
        self.expected_deaths = 0.0
        self._beginners = Beginners(people)
        self._place_luck = die(address(people.seed), 0, Event.WILLING)

    def live_month(self, month: int, now: Conditions) -> Mapping[str, int]:
        """Everyone lives one month under the conditions `now`; counts of slots by flow."""
        self.flows = dict.fromkeys(FLOWS, 0)
        today = chances(self.people.start.rates, now, self.vulnerability)
        self.people.cohort_coverage.append(now.coverage)
        self.age_out(month)
        self.die(month, today)
        self.leave(month, today)
        self.begin_escalate_relapse(month, today)
        self.be_arrested(month, today)
        self.quit(month, today)
        self.enter_treatment(month, today, now)
        self.carry_burden(now)
        return MappingProxyType(self.flows)

    def age_out(self, month: int) -> None:
        """Whoever reaches the exit age is replaced by a newcomer; others are so by the calendar."""
        people = self.people
        due = month - people.start.rates.months_in_population
        for state, slots in people.lists.items():
            gone = people.born[slots] <= due
            n_gone = int(np.count_nonzero(gone))
            if n_gone:
                self._replace(state, slots, gone, month)
                self.flows["aged_out"] += n_gone
                self.flows["aged_out_addicted"] += n_gone * (state in ADDICTED)
                self.flows["aged_out_custody"] += n_gone * (state in CUSTODY)

    def die(self, month: int, today: Chances) -> None:
        """Overdose deaths in active addiction, its risk months and in treatment."""
        people = self.people
        active = people.lists[State.ACTIVE]
        keys = people.slotted.keys[active]
        state = people.state[active]
        losing, dying = dice_together(keys, month, Event.LOSE_SUPPLIER, Event.DIE)
        lost = losing < today.p_lose_supplier
        p = np.where(lost, today.overdose_lost_supplier[state], today.overdose[state])
        dead = dying < p
        self.at_risk, self.died = {}, {}
        for risky, name in _RISKS:
            self.at_risk[name] = int(np.count_nonzero(state == risky))
            self.died[name] = int(np.count_nonzero(state[dead] == risky))
        self.flows["deaths_after_release"] = self.died["after_custody"]
        self.flows["deaths_after_treatment"] = self.died["after_treatment"]
        self._bury(State.ACTIVE, active, dead, month)
        people.state[people.lists[State.ACTIVE]] = State.ACTIVE
        treated, p_treated = people.lists[State.TREATMENT], today.overdose[State.TREATMENT]
        dead = self._dice(treated, month, Event.DIE) < p_treated
        self.at_risk["in_treatment"] = len(treated)
        self.died["in_treatment"] = int(np.count_nonzero(dead))
        self.expected_deaths = float(p.sum() + len(treated) * p_treated)
        self._bury(State.TREATMENT, treated, dead, month)

    def leave(self, month: int, today: Chances) -> None:
        """Treatment and custody end on their dates."""
        flows = self.flows
        left = self._take_due(State.TREATMENT, month)
        well = self._dice(left, month, Event.LEAVE_TREATMENT) < today.share_recover
        self._put(State.RECOVERY, left[well])
        self._put(State.ACTIVE, left[~well], State.ACTIVE_LEFT_TREATMENT)
        self._put(State.CASUAL, free := self._take_due(State.CUSTODY_CASUAL, month))
        released = self._take_due(State.CUSTODY_ADDICTED, month)
        stays_off = self._dice(released, month, Event.REENTRY) < today.reentry
        self._put(State.RECOVERY, released[stays_off])
        self._put(State.ACTIVE, released[~stays_off], State.ACTIVE_RELEASED)
        flows["left_treatment"] = len(left)
        flows["recovered"] = int(np.count_nonzero(well) + np.count_nonzero(stays_off))
        flows["released"] = len(free) + len(released)

    def begin_escalate_relapse(self, month: int, today: Chances) -> None:
        """Escalation and relapse by vulnerability and care; then some begin to use."""
        cell = self.people.slotted.cell
        casual = self.people.lists[State.CASUAL]
        worse = self._dice(casual, month, Event.ESCALATE) < today.p_escalate[cell[casual]]
        self.flows["escalated"] = self._move(State.CASUAL, worse, State.ACTIVE)
        recovering = self.people.lists[State.RECOVERY]
        back = self._dice(recovering, month, Event.RELAPSE) < today.p_relapse[cell[recovering]]
        self.flows["relapsed"] = self._move(State.RECOVERY, back, State.ACTIVE)
        beginners = self._beginners.who_begin(month, today.start_factor)
        self.people.born[beginners] = month - self.people.age_months(beginners, month)
        self._put(State.CASUAL, beginners)
        self.flows["started_using"] = len(beginners)

    def be_arrested(self, month: int, today: Chances) -> None:
        """Arrest leads to custody; the state before it is remembered."""
        casual_luck, active_luck = self._dice_of_users(month, Event.ARREST)
        casual = self._take(State.CASUAL, casual_luck < today.p_arrest_casual)
        addicted = self._take(State.ACTIVE, active_luck < today.p_arrest_addicted)
        caught = np.concatenate((casual, addicted))
        self._date(caught, month, Event.CUSTODY_LENGTH, today.p_release)
        self._put(State.CUSTODY_CASUAL, casual)
        self._put(State.CUSTODY_ADDICTED, addicted)
        self.flows["arrests"] = len(caught)

    def quit(self, month: int, today: Chances) -> None:
        """Some stop without treatment."""
        casual_luck, active_luck = self._dice_of_users(month, Event.QUIT)
        quitters = self._take(State.CASUAL, casual_luck < today.p_quit_casual)
        self.people.state[quitters] = State.NOT_USING
        n_clean = self._move(State.ACTIVE, active_luck < today.p_quit_addicted, State.RECOVERY)
        self.flows["quit"] = len(quitters) + n_clean
        self.flows["quit_addiction"] = n_clean

    def enter_treatment(self, month: int, today: Chances, now: Conditions) -> None:
        """The willing enter while places last, the lowest die first; the rest wait."""
        people = self.people
        active = people.lists[State.ACTIVE]
        luck = self._dice(active, month, Event.WILLING)
        willing = (luck < today.p_willing).nonzero()[0]
        held = len(people.lists[State.CUSTODY_ADDICTED])
        self.places_used_in_custody = round(held * now.custody_treatment)
        n_places = int(now.places / people.weight + self._place_luck)
        n_free = n_places - len(people.lists[State.TREATMENT]) - self.places_used_in_custody
        n_free = min(max(n_free, 0), len(willing))
        entering = np.zeros(len(active), dtype=bool)
        entering[willing[luck[willing].argsort(kind="stable")[:n_free]]] = True
        entrants = self._take(State.ACTIVE, entering)
        self._date(entrants, month, Event.TREATMENT_LENGTH, today.p_leave_treatment)
        self._put(State.TREATMENT, entrants)
        self.flows["treatment_entries"] = n_free
        self.flows["waiting_for_treatment"] = len(willing) - n_free

    def carry_burden(self, now: Conditions) -> None:
        """Custody leaves a burden on communities that fades over years."""
        people = self.people
        held = count_by_community(people, *CUSTODY)
        fading = people.start.rates.burden_fading * now.burden_fading
        people.burden = people.burden * np.exp(-fading) + held / people.slotted.community_size

    def _dice(self, slots: Slots, month: int, event: Event) -> Floats:
        if not len(slots):
            return _NO_LUCK
        return dice(self.people.slotted.keys[slots], month, event)

    def _dice_of_users(self, month: int, event: Event) -> tuple[Floats, Floats]:
        """Dice of casual users and of those in active addiction, thrown in one go."""
        casual, active = self.people.lists[State.CASUAL], self.people.lists[State.ACTIVE]
        luck = self._dice(np.concatenate((casual, active)), month, event)
        return luck[: len(casual)], luck[len(casual) :]

    def _bury(self, state: State, slots: Slots, dead: NDArray[np.bool_], month: int) -> None:
        n_dead = int(np.count_nonzero(dead))
        if not n_dead:
            return
        self.flows["overdose_deaths"] += n_dead
        gone = slots[dead]
        self.people.overdosed[gone[self.people.born[gone] <= 0]] = True
        self._replace(state, slots, dead, month)

    def _replace(self, state: State, slots: Slots, gone: NDArray[np.bool_], month: int) -> None:
        """A newcomer of 12 takes the slot of each who is gone."""
        if not np.count_nonzero(gone):
            return
        newcomers = slots[gone]
        self.people.state[newcomers] = State.NOT_USING
        self.people.born[newcomers] = month
        self.people.lists[state] = slots[~gone]

    def _take(self, state: State, chosen: NDArray[np.bool_]) -> Slots:
        slots = self.people.lists[state]
        if not np.count_nonzero(chosen):
            return slots[:0]
        self.people.lists[state] = slots[~chosen]
        return slots[chosen]

    def _take_due(self, state: State, month: int) -> Slots:
        return self._take(state, self.people.clock[self.people.lists[state]] <= month)

    def _put(self, state: State, slots: Slots, as_state: State | None = None) -> None:
        if not len(slots):
            return
        self.people.state[slots] = state if as_state is None else as_state
        self.people.lists[state] = np.concatenate((self.people.lists[state], slots))

    def _move(self, source: State, chosen: NDArray[np.bool_], target: State) -> int:
        moved = self._take(source, chosen)
        self._put(target, moved)
        return len(moved)

    def _date(self, slots: Slots, month: int, event: Event, p_leave: float) -> None:
        """Set the month in which each leaves treatment or custody."""
        if len(slots):
            stay = stay_months(p_leave, self._dice(slots, month, event))
            self.people.clock[slots] = month + stay
