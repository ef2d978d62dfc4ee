"""One month in people's lives, as a list of verbs.

Deaths come first and the levers' own events last, which keeps paired luck together: what one
policy moves does not reorder what happened before. All verbs serve one population or several side
by side (`policymix.crowds`); what differs between these is looked up by slot.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Final

import numpy as np

from policymix.beginners import Beginners
from policymix.dice import Event, address, dice_in_turn, die
from policymix.exits import ExitAges
from policymix.hazards import N_STATES, Chances, ChancesByMonth, Conditions, Floats, State
from policymix.people import Marks, People, Slots, Users, count_by_community, stay_months
from policymix.tallies import ADDICTED, CUSTODY, Notes, Tally, tally_risks

Entries = tuple[Slots, Floats]
"""Who entered custody or treatment, and the die of how long each stays."""
_OF_CASUAL: Final = (Event.ARREST, Event.QUIT, Event.CUSTODY_LENGTH)
_OF_ACTIVE: Final = (*_OF_CASUAL, Event.WILLING, Event.TREATMENT_LENGTH)
"""What may happen to users, and how long it would last: dice thrown in one go are quicker."""
_RISK_MONTHS: Final = (State.ACTIVE_LEFT_TREATMENT, State.ACTIVE_RELEASED)
_LIST_OF: Final = {one: one for one in State} | dict.fromkeys(_RISK_MONTHS, State.ACTIVE)


class Lives:
    """Moves people month by month; `tallies` says what each population lived in the last one."""

    def __init__(self, people: People) -> None:
        self.people = people
        start = people.start
        self._chances = [
            ChancesByMonth(start.rates, start.cell_vulnerability) for _ in people.seeds
        ]
        self.tallies = [Tally() for _ in people.seeds]
        self._beginners = Beginners(people)
        self._place_luck = [die(address(seed), 0, Event.WILLING) for seed in people.seeds]
        self._notes = Notes(people)
        self._exits = ExitAges(people)

    def live_month(self, month: int, *now: Conditions) -> Mapping[str, int]:
        """Everyone lives one month under the conditions `now`, one for each population.

        Returns the first one's counts of slots by flow.
        """
        today = [chances(one) for chances, one in zip(self._chances, now, strict=True)]
        self.people.reach([one.coverage for one in now])
        self.age_out(month)
        self.die(month, today)
        worse, back = self.leave(month, today)
        self.escalate_relapse(today, worse, back)
        self.begin(month, today)
        casual, active = self.users(month)
        arrested = self.be_arrested(today, casual, active)
        self.quit(today, casual, active)
        entered = self.enter_treatment(today, now, active)
        self.set_dates(month, today, arrested, entered)
        self.carry_burden(now)
        self.count()
        return MappingProxyType(self.tallies[0].flows)

    def age_out(self, month: int) -> None:
        """Whoever reaches the exit age is replaced by a newcomer; others are so by the calendar."""
        people, due = self.people, month - self.people.start.rates.months_in_population
        slots = self._exits(month)
        gone = slots[(people.state[slots] != State.NOT_USING) & (people.born[slots] <= due)]
        for state in {_LIST_OF[state] for state in people.state[gone].tolist()}:
            listed = people.lists[state]
            who = self._replace(state, listed, people.born[listed] <= due, month)
            self._notes.note("aged_out", who)
            if state in ADDICTED:
                self._notes.note("aged_out_addicted", who)
            if state in CUSTODY:
                self._notes.note("aged_out_custody", who)

    def die(self, month: int, today: Sequence[Chances]) -> None:
        """Overdose deaths in active addiction, its risk months and in treatment."""
        people = self.people
        active, treated = people.lists[State.ACTIVE], people.lists[State.TREATMENT]
        n_active, everyone = len(active), np.concatenate((active, treated))
        losing, dying = self._dice(month, (active, Event.LOSE_SUPPLIER), (everyone, Event.DIE))
        row = people.rows(people.state[everyone], everyone, N_STATES)
        p = people.table([one.overdose for one in today])[row]
        lost = losing < people.each(active, [one.p_lose_supplier for one in today])
        p_lost = people.table([one.overdose_lost_supplier for one in today])[row[:n_active]]
        p[:n_active] = np.where(lost, p_lost, p[:n_active])
        dead = dying < p
        tally_risks(self.tallies, row, dead, people.sums(everyone, p))
        if np.count_nonzero(dead):
            self._bury(State.ACTIVE, active, dead[:n_active], month)
            self._bury(State.TREATMENT, treated, dead[n_active:], month)
        people.state[people.lists[State.ACTIVE]] = State.ACTIVE

    def leave(self, month: int, today: Sequence[Chances]) -> tuple[Floats, Floats]:
        """Treatment and custody end on their dates.

        Returns the dice of what may come next: of `Event.ESCALATE` for all who use casually now, of
        `Event.RELAPSE` for all in recovery; thrown here with the others, which is quicker.
        """
        people = self.people
        left, free, released = self._take_due(
            month, State.TREATMENT, State.CUSTODY_CASUAL, State.CUSTODY_ADDICTED
        )
        parts = [(people.lists[State.CASUAL], Event.ESCALATE), (free, Event.ESCALATE)]
        parts += [(one, Event.RELAPSE) for one in (people.lists[State.RECOVERY], left, released)]
        parts += [(left, Event.LEAVE_TREATMENT), (released, Event.REENTRY)]
        *worse, back, left_back, released_back, leaving, entering = self._dice(month, *parts)
        well = leaving < people.each(left, [one.share_recover for one in today])
        stays_off = entering < people.each(released, [one.reentry for one in today])
        recovered = np.concatenate((left[well], released[stays_off]))
        unwell, again = left[~well], released[~stays_off]
        self._put(State.RECOVERY, recovered)
        self._put(State.ACTIVE, np.concatenate((unwell, again)))
        people.state[unwell] = State.ACTIVE_LEFT_TREATMENT
        people.state[again] = State.ACTIVE_RELEASED
        self._put(State.CASUAL, free)
        self._notes.note("left_treatment", left)
        self._notes.note("recovered", recovered)
        self._notes.note("released", free)
        self._notes.note("released", released)
        back = np.concatenate((back, left_back[well], released_back[stays_off]))
        return np.concatenate(worse), back

    def escalate_relapse(self, today: Sequence[Chances], worse: Floats, back: Floats) -> None:
        """Casual users escalate and people in recovery relapse, by vulnerability and care.

        `worse` and `back` are their dice.
        """
        people, cell = self.people, self.people.slotted.cell
        p_escalate = people.table([one.p_escalate for one in today])
        p_relapse = people.table([one.p_relapse for one in today])
        casual, recovering = people.lists[State.CASUAL], people.lists[State.RECOVERY]
        escalated = self._take(State.CASUAL, worse < p_escalate[cell[casual]])
        relapsed = self._take(State.RECOVERY, back < p_relapse[cell[recovering]])
        self._put(State.ACTIVE, np.concatenate((escalated, relapsed)))
        self._notes.note("escalated", escalated)
        self._notes.note("relapsed", relapsed)

    def begin(self, month: int, today: Sequence[Chances]) -> None:
        """Some begin to use."""
        people = self.people
        beginners = self._beginners.who_begin(month, *[one.start_factor for one in today])
        people.born[beginners] = month - people.age_months(beginners, month)
        self._put(State.CASUAL, beginners)
        self._notes.note("started_using", beginners)

    def users(self, month: int) -> tuple[Users, Users]:
        """Those in casual use and in active addiction, with their dice."""
        casual, active = self.people.lists[State.CASUAL], self.people.lists[State.ACTIVE]
        of_casual = [(casual, event) for event in _OF_CASUAL]
        of_active = [(active, event) for event in _OF_ACTIVE]
        luck = self._dice(month, *of_casual, *of_active)
        n = len(of_casual)
        casual_luck = dict(zip(_OF_CASUAL, luck[:n], strict=True))
        active_luck = dict(zip(_OF_ACTIVE, luck[n:], strict=True))
        return Users(casual, casual_luck), Users(active, active_luck)

    def be_arrested(self, today: Sequence[Chances], casual: Users, active: Users) -> Entries:
        """Arrest leads to custody, the state before it remembered; returns who was arrested.

        They leave the lists of users with those who `quit` and who `enter_treatment`.
        """
        users = self._met(casual, Event.ARREST, [one.p_arrest_casual for one in today])
        addicted = self._met(active, Event.ARREST, [one.p_arrest_addicted for one in today])
        self._put(State.CUSTODY_CASUAL, casual.slots[users])
        self._put(State.CUSTODY_ADDICTED, active.slots[addicted])
        arrested = np.concatenate((casual.slots[users], active.slots[addicted]))
        self._notes.note("arrests", arrested)
        of_both = ((casual, users), (active, addicted))
        return arrested, np.concatenate([u.luck[Event.CUSTODY_LENGTH][who] for u, who in of_both])

    def quit(self, today: Sequence[Chances], casual: Users, active: Users) -> None:
        """Some stop without treatment."""
        users = casual.slots[self._met(casual, Event.QUIT, [one.p_quit_casual for one in today])]
        who = self._met(active, Event.QUIT, [one.p_quit_addicted for one in today])
        addicted = active.slots[who]
        self.people.state[users] = State.NOT_USING
        self.people.lists[State.CASUAL] = casual.slots[casual.stay]
        self._put(State.RECOVERY, addicted)
        self._notes.note("quit", users)
        self._notes.note("quit", addicted)
        self._notes.note("quit_addiction", addicted)

    def enter_treatment(
        self, today: Sequence[Chances], now: Sequence[Conditions], active: Users
    ) -> Entries:
        """The willing enter while places last, the lowest die first; returns who entered."""
        people, slots, luck = self.people, active.slots, active.luck[Event.WILLING]
        p_willing = people.each(slots, [one.p_willing for one in today])
        willing = ((luck < p_willing) & active.stay).nonzero()[0]
        self._notes.note("waiting_for_treatment", slots[willing])
        first = people.lowest(slots[willing], luck[willing], self._free_places(now))
        entering = np.zeros(len(slots), dtype=np.bool_)
        entering[willing[first]] = True
        entering = active.pick(entering)
        entrants = slots[entering]
        people.lists[State.ACTIVE] = slots[active.stay]
        self._put(State.TREATMENT, entrants)
        self._notes.note("treatment_entries", entrants)
        return entrants, active.luck[Event.TREATMENT_LENGTH][entering]

    def set_dates(
        self, month: int, today: Sequence[Chances], arrested: Entries, entered: Entries
    ) -> None:
        """Draw in which month each leaves custody or treatment."""
        people = self.people
        p_release = people.each(arrested[0], [one.p_release for one in today])
        p_leave = people.each(entered[0], [one.p_leave_treatment for one in today])
        slots, luck = (np.concatenate(both) for both in zip(arrested, entered, strict=True))
        leaves = np.empty(len(slots))
        leaves[: len(arrested[0])], leaves[len(arrested[0]) :] = p_release, p_leave
        people.clock[slots] = month + stay_months(leaves, luck)

    def carry_burden(self, now: Sequence[Conditions]) -> None:
        """Custody leaves a burden on communities that fades over years."""
        people = self.people
        held = count_by_community(people, *CUSTODY)
        kept = np.exp([-people.start.rates.burden_fading * one.burden_fading for one in now])
        people.burden *= kept if len(kept) == 1 else kept.repeat(len(held) // len(kept))
        people.burden += held / people.slotted.community_size

    def count(self) -> None:
        """Sum up the month."""
        for tally, flows in zip(self.tallies, self._notes.count(), strict=True):
            # Noted were all who were willing.
            flows["waiting_for_treatment"] -= flows["treatment_entries"]
            flows["deaths_after_release"] = tally.died["after_custody"]
            flows["deaths_after_treatment"] = tally.died["after_treatment"]
            tally.flows = flows
        self.people.count_sizes()

    def _dice(self, month: int, *parts: tuple[Slots, Event]) -> list[Floats]:
        """Dice of several events, each for its own slots."""
        keys = self.people.slotted.keys[np.concatenate([slots for slots, _ in parts])]
        return dice_in_turn(keys, month, *[(len(slots), event) for slots, event in parts])

    def _met(self, users: Users, event: Event, p: Sequence[float]) -> Marks:
        """Pick those whose die for the event is below their population's chance."""
        return users.pick(users.luck[event] < self.people.each(users.slots, p))

    def _free_places(self, now: Sequence[Conditions]) -> list[int]:
        """Treatment places that nobody has, for each population."""
        people, free = self.people, []
        n_treated = people.of_each(people.lists[State.TREATMENT])
        n_held = people.of_each(people.lists[State.CUSTODY_ADDICTED])
        for place, (tally, one) in enumerate(zip(self.tallies, now, strict=True)):
            tally.places_used_in_custody = round(n_held[place] * one.custody_treatment)
            n_places = int(one.places / people.weight + self._place_luck[place])
            free.append(max(n_places - n_treated[place] - tally.places_used_in_custody, 0))
        return free

    def _bury(self, state: State, slots: Slots, dead: Marks, month: int) -> None:
        gone = slots[dead]
        self.people.overdosed[gone[self.people.born[gone] <= 0]] = True
        self._notes.note("overdose_deaths", self._replace(state, slots, dead, month))

    def _replace(self, state: State, slots: Slots, gone: Marks, month: int) -> Slots:
        """A newcomer of 12 takes the slot of each who is gone; returns these slots."""
        if not np.count_nonzero(gone):
            return slots[:0]
        newcomers = slots[gone]
        self.people.state[newcomers] = State.NOT_USING
        self.people.born[newcomers] = month
        self.people.lists[state] = slots[~gone]
        return newcomers

    def _take(self, state: State, chosen: Marks) -> Slots:
        """Take the chosen out of a state's list."""
        slots = self.people.lists[state]
        if not np.count_nonzero(chosen):
            return slots[:0]
        self.people.lists[state] = slots[~chosen]
        return slots[chosen]

    def _take_due(self, month: int, *states: State) -> list[Slots]:
        lists = [self.people.lists[state] for state in states]
        due = self.people.clock[np.concatenate(lists)] <= month
        ends = accumulate([len(slots) for slots in lists], initial=0)
        return [
            self._take(state, due[begin:end])
            for state, (begin, end) in zip(states, pairwise(ends), strict=True)
        ]

    def _put(self, state: State, slots: Slots) -> None:
        if len(slots):
            self.people.state[slots] = state
            self.people.lists[state] = np.concatenate((self.people.lists[state], slots))
