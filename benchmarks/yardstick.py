"""The people of policymix once more, as one Mesa agent each: what the columns are measured by.

The rules, their order within a month and every probability are those of `policymix.lives`; chance
comes from `model.random`, as in any plain Mesa model. Two things differ and move no count by more
than chance: peers are counted at the start of the month instead of in its middle, and of more
willing than places a random sample enters instead of the lowest dice.
"""

from collections import Counter
from math import expm1, log1p

import mesa
import numpy as np
from policymix.hazards import (
    N_COMMUNITY_KINDS,
    Conditions,
    Floats,
    State,
    chances,
    relative_starting,
)
from policymix.people import N_COMMUNITIES, People

NOT_USING, CASUAL, ACTIVE, TREATMENT, RECOVERY = map(int, list(State)[:5])
CUSTODY_CASUAL, CUSTODY_ADDICTED, ACTIVE_LEFT_TREATMENT, ACTIVE_RELEASED = map(int, list(State)[5:])
IS_ACTIVE = frozenset((ACTIVE, ACTIVE_LEFT_TREATMENT, ACTIVE_RELEASED))
IS_USING = tuple(state == CASUAL or state in IS_ACTIVE for state in State)
IS_HELD = tuple(state in (CUSTODY_CASUAL, CUSTODY_ADDICTED) for state in State)
LONGEST_STAY = 30_000


class Person(mesa.Agent):
    """One person; `step` is a month of their life."""

    def __init__(
        self,
        model: "PlainModel",
        state: int,
        born: int,
        clock: int,
        community: int,
        cell: int,
        vulnerability: float,
    ) -> None:
        super().__init__(model)
        self.state = state
        self.born = born
        self.clock = clock
        self.community = community
        self.cell = cell
        self.vulnerability = vulnerability
        self.meet_prevention()

    def step(self) -> None:
        """Those who do not use, most people, can only grow old or begin."""
        if self.model.month - self.born >= self.model.months_in_population:
            self.age_out()
        if self.state != NOT_USING:
            self.die()
            self.leave()
            self.get_worse()
        if self.state == NOT_USING:
            self.begin()
        if self.state != NOT_USING:
            self.be_arrested()
            self.quit()
            self.seek_treatment()

    def age_out(self) -> None:
        """A newcomer of 12 takes the place of whoever reaches the exit age."""
        if self.state != NOT_USING:
            self.model.flows["aged_out"] += 1
        self.be_replaced()

    def be_replaced(self) -> None:
        """From now on this is another person, of 12, in the same community."""
        self.become(NOT_USING)
        self.born = self.model.month
        self.meet_prevention()

    def meet_prevention(self) -> None:
        """Prevention reaches some at 12 and lowers their chance to begin, as long as they live."""
        reached = self.model.random.random() < self.model.now.coverage
        averted = self.model.rates.share_starting_prevented * reached
        self.susceptibility = self.vulnerability * (1.0 - averted)

    def die(self) -> None:
        """Overdose in active addiction, its risk months and treatment."""
        model, state = self.model, self.state
        if state in IS_ACTIVE:
            lost = model.random.random() < model.p_lose_supplier
            p = (model.p_overdose_lost_supplier if lost else model.p_overdose)[state]
            self.state = ACTIVE
        elif state == TREATMENT:
            p = model.p_overdose[state]
        else:
            return
        if model.random.random() < p:
            model.flows["overdose_deaths"] += 1
            self.be_replaced()

    def leave(self) -> None:
        """Treatment and custody end on their dates."""
        model = self.model
        if self.clock > model.month:
            return
        if self.state == TREATMENT:
            model.flows["left_treatment"] += 1
            well = model.random.random() < model.p_recover
            self.become(RECOVERY if well else ACTIVE_LEFT_TREATMENT)
        elif self.state == CUSTODY_CASUAL:
            model.flows["released"] += 1
            self.become(CASUAL)
        elif self.state == CUSTODY_ADDICTED:
            model.flows["released"] += 1
            stays_off = model.random.random() < model.p_reentry
            self.become(RECOVERY if stays_off else ACTIVE_RELEASED)

    def get_worse(self) -> None:
        """Escalation and relapse."""
        model = self.model
        if self.state == CASUAL and model.random.random() < model.p_escalate[self.cell]:
            model.flows["escalated"] += 1
            self.become(ACTIVE)
        elif self.state == RECOVERY and model.random.random() < model.p_relapse[self.cell]:
            model.flows["relapsed"] += 1
            self.become(ACTIVE)

    def begin(self) -> None:
        """The young may begin to use, the more of their community who do, the sooner."""
        model = self.model
        if model.month - self.born >= model.months_at_risk:
            return
        hazard = model.begin_hazard[self.community] * self.susceptibility
        luck = model.random.random()
        if luck < hazard and luck < -expm1(-hazard):  # the first spares most the exponential
            model.flows["started_using"] += 1
            self.become(CASUAL)

    def be_arrested(self) -> None:
        """Arrest leads to custody."""
        if self.state == CASUAL:
            p, custody = self.model.p_arrest_casual, CUSTODY_CASUAL
        elif self.state in IS_ACTIVE:
            p, custody = self.model.p_arrest_addicted, CUSTODY_ADDICTED
        else:
            return
        if self.model.random.random() < p:
            self.model.flows["arrests"] += 1
            self.stay(custody, self.model.p_release)

    def quit(self) -> None:
        """Some stop without treatment."""
        if self.state == CASUAL:
            p, after = self.model.p_quit_casual, NOT_USING
        elif self.state in IS_ACTIVE:
            p, after = self.model.p_quit_addicted, RECOVERY
        else:
            return
        if self.model.random.random() < p:
            self.model.flows["quit"] += 1
            self.become(after)

    def seek_treatment(self) -> None:
        """The willing ask for a place; the model gives them out at the end of the month."""
        if self.state in IS_ACTIVE and self.model.random.random() < self.model.p_willing:
            self.model.willing.append(self)

    def stay(self, state: int, p_leave: float) -> None:
        """Be in treatment or custody, with the date of leaving."""
        luck = self.model.random.random()
        months = 1 + int(log1p(-luck) / log1p(-p_leave)) if p_leave > 0.0 else LONGEST_STAY
        self.clock = self.model.month + min(months, LONGEST_STAY)
        self.become(state)

    def become(self, state: int) -> None:
        """Change state and what the community and the model count of it."""
        model, before = self.model, self.state
        model.n_using[self.community] += IS_USING[state] - IS_USING[before]
        model.n_held[self.community] += IS_HELD[state] - IS_HELD[before]
        model.n_in_treatment += (state == TREATMENT) - (before == TREATMENT)
        self.state = state


class PlainModel(mesa.Model):
    """`people` as one agent each, under conditions that stay as `now`.

    `people` is read and not changed. `shuffled` says whether agents act in a fresh random order
    each month (`shuffle_do`) or always in the same (`do`). `flows` counts persons since month 0.
    """

    def __init__(self, people: People, now: Conditions, *, seed: int, shuffled: bool) -> None:
        super().__init__(rng=int(seed))
        self.now, self.rates, self.start = now, people.start.rates, people.start
        self.shuffled = shuffled
        self.month = 0
        self.flows: Counter[str] = Counter()
        self.willing: list[Person] = []
        self._read_chances()
        self._read_communities(people)
        self.n_places = int(now.places / people.weight + self.random.random())
        self._make(people)

    def step(self) -> None:
        """One month."""
        self.month += 1
        self.expose()
        if self.shuffled:
            self.agents.shuffle_do("step")
        else:
            self.agents.do("step")
        self.admit()
        self.carry_burden()

    def expose(self) -> None:
        """How soon people of mean vulnerability begin, by community."""
        peers = np.array(self.n_using) / self.community_size / self.start.share_using
        relative = relative_starting(self.rates, peers, self.burden / self.start.burden_today)
        self.begin_hazard = (self.start_factor * self.exposure * relative).tolist()

    def admit(self) -> None:
        """The willing enter treatment while places last."""
        free = min(max(self.n_places - self.n_in_treatment, 0), len(self.willing))
        for person in self.random.sample(self.willing, free):
            person.stay(TREATMENT, self.p_leave_treatment)
        self.flows["treatment_entries"] += free
        self.willing = []

    def carry_burden(self) -> None:
        """Custody leaves a burden on communities that fades over years."""
        kept = np.exp(-self.rates.burden_fading * self.now.burden_fading)
        self.burden = self.burden * kept + np.array(self.n_held) / self.community_size

    def count(self, *states: State) -> int:
        """Persons in these states; the risk months count as active addiction."""
        wanted = set(states) | (IS_ACTIVE if State.ACTIVE in states else set())
        return sum(person.state in wanted for person in self.agents)

    def _read_chances(self) -> None:
        today = chances(self.rates, self.now, self.start.cell_vulnerability)
        self.months_in_population = self.rates.months_in_population
        self.months_at_risk = self.rates.months_at_risk
        self.p_overdose = today.overdose.tolist()
        self.p_overdose_lost_supplier = today.overdose_lost_supplier.tolist()
        self.p_lose_supplier = today.p_lose_supplier
        self.start_factor = today.start_factor
        self.p_escalate, self.p_relapse = today.p_escalate.tolist(), today.p_relapse.tolist()
        self.p_arrest_casual = today.p_arrest_casual
        self.p_arrest_addicted = today.p_arrest_addicted
        self.p_quit_casual, self.p_quit_addicted = today.p_quit_casual, today.p_quit_addicted
        self.p_willing, self.p_recover = today.p_willing, today.share_recover
        self.p_leave_treatment, self.p_release = today.p_leave_treatment, today.p_release
        self.p_reentry = today.reentry

    def _read_communities(self, people: People) -> None:
        slotted = people.slotted
        self.community_size = slotted.community_size
        self.exposure: Floats = self.start.kind_vulnerability[slotted.community_kind]
        self.burden = people.burden.copy()
        state = people.state
        self.n_using = _by_community(people, np.array(IS_USING)[state])
        self.n_held = _by_community(people, np.array(IS_HELD)[state])
        self.n_in_treatment = int(np.count_nonzero(state == TREATMENT))

    def _make(self, people: People) -> None:
        of_class = self.start.class_vulnerability[people.slotted.cell // N_COMMUNITY_KINDS]
        slotted = people.slotted
        columns = (people.state, people.born, people.clock, slotted.community, slotted.cell)
        for own in zip(*(column.tolist() for column in (*columns, of_class)), strict=True):
            Person(self, *own)


def _by_community(people: People, chosen: Floats) -> list[int]:
    community = people.slotted.community[chosen]
    return np.bincount(community, minlength=N_COMMUNITIES).tolist()
