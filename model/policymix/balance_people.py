"""Balances the people: one unknown rate for one target, under today's mix.

Each unknown moves its own target nearly in proportion, so each is scaled by how far its target
is missed until none is; some thirty rounds, each the stationary law of all cells.
"""

import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from policymix.assumptions import World
from policymix.errors import ImpossibleWorldError
from policymix.hazards import (
    N_COMMUNITY_KINDS,
    N_VULNERABILITY_CLASSES,
    Chances,
    Conditions,
    Floats,
    PeopleRates,
    State,
    chances,
    known_rates,
    relative_starting,
    vulnerabilities,
)
from policymix.people import PeopleStart
from policymix.stationary import (
    a_year,
    after_a_year,
    by_years_of_age,
    month_matrices,
    over_all_ages,
)
from policymix.units import MONTHS_PER_YEAR, hazard_from_probability, probability_from_hazard

S = State
USING: Final = (S.CASUAL, S.ACTIVE, S.ACTIVE_LEFT_TREATMENT, S.ACTIVE_RELEASED)
ACTIVE: Final = USING[1:]
CUSTODY: Final = (S.CUSTODY_CASUAL, S.CUSTODY_ADDICTED)
UNKNOWN: Final = (
    "start",
    "escalate",
    "relapse",
    "willing",
    "arrest_addicted",
    "arrest_casual",
    "overdose",
)
_FIRST_GUESS: Final = (2e-3, 4e-3, 6e-3, 3e-2, 6e-3, 5e-3, 1e-3)
_LARGEST_HAZARD: Final = 50.0
_NUDGE: Final = 0.02
_TOLERANCE: Final = 1e-7
_ROUNDS: Final = 400


@dataclass(frozen=True)
class Targets:
    """What today's mix keeps steady: shares of the population, and a mean relapse probability."""

    casual: float
    active: float
    treatment: float
    custody_addicted: float
    custody_casual: float
    deaths_per_month: float
    p_relapse: float
    share_willing_waiting: float


def targets(world: World) -> Targets:
    """The targets of the people's balance, as shares of everyone aged 12 and over."""
    everyone = world.number("n_people", "people")
    addicted = world.number("n_addicted", "people") / everyone
    treated = world.number("share_addicted_in_treatment", "share")
    held = world.number("n_in_custody", "people") / everyone
    held_addicted = world.number("share_custody_addicted", "share")
    deaths = world.number("overdose_deaths_per_year", "deaths/year")
    return Targets(
        casual=world.number("n_casual_users", "people") / everyone,
        active=addicted * (1.0 - treated),
        treatment=addicted * treated,
        custody_addicted=held * held_addicted,
        custody_casual=held * (1.0 - held_addicted),
        deaths_per_month=deaths / everyone / MONTHS_PER_YEAR,
        p_relapse=world.number("p_relapse", "share/month"),
        share_willing_waiting=world.number("share_willing_waiting", "share"),
    )


@dataclass(frozen=True)
class Law:
    """The stationary law under some rates: `cells` (N_CELLS, N_STATES), and what it implies."""

    rates: PeopleRates
    today: Chances
    cells: Floats
    young: Floats
    old: Floats

    @cached_property
    def nation(self) -> Floats:
        """Share of everyone by state: shape (N_STATES,)."""
        mean: Floats = self.cells.mean(axis=0)
        return mean

    def share(self, *states: State) -> float:
        """Share of everyone in these states."""
        return float(self.nation[list(states)].sum())

    def relative_by_kind(self, *states: State) -> Floats:
        """Share in these states by kind of community, relative to the nation's."""
        by_cell = self.cells[:, list(states)].sum(axis=1)
        by_kind = by_cell.reshape(N_VULNERABILITY_CLASSES, N_COMMUNITY_KINDS).mean(axis=0)
        relative: Floats = by_kind / by_kind.mean()
        return relative

    def deaths_per_month(self) -> float:
        """Share of everyone who dies of an overdose in a month."""
        lost = self.today.p_lose_supplier
        p_die = self.today.overdose.copy()
        p_die[list(ACTIVE)] *= 1.0 - lost
        p_die[list(ACTIVE)] += lost * self.today.overdose_lost_supplier[list(ACTIVE)]
        return float(self.nation @ p_die)

    def mean_relapse(self) -> float:
        """Mean monthly probability of relapse of those in recovery."""
        recovering = self.cells[:, S.RECOVERY]
        return float(recovering @ self.today.p_relapse / recovering.sum())


class _Nation:
    """Everything about people that the solver holds fixed."""

    def __init__(self, world: World, conditions: Conditions) -> None:
        self.known: dict[str, Any] = {**known_rates(world), "price_exponent": 0.0}
        self.conditions = conditions
        self.classes, self.kinds = vulnerabilities(world)
        self.cells = np.outer(self.classes, self.kinds).ravel()

    def month(
        self, unknown: dict[str, float], peers: Floats, burden: Floats
    ) -> tuple[PeopleRates, Chances, Floats, Floats]:
        """Rates, chances, and what a month does to the young and to the old (`month_matrices`)."""
        rates = PeopleRates(**{**self.known, **unknown})
        today = chances(rates, self.conditions, self.cells)
        by_kind = self.kinds * relative_starting(rates, peers, burden)
        hazard = today.start_factor * np.outer(self.classes, by_kind).ravel()
        hazard *= 1.0 - rates.share_starting_prevented * self.conditions.coverage
        young, old = month_matrices(today, np.stack((-np.expm1(-hazard), np.zeros_like(hazard))))
        return rates, today, young, old

    def law(self, unknown: dict[str, float], peers: Floats, burden: Floats) -> Law:
        """The stationary law at these rates, peers and burden (both by kind of community)."""
        rates, today, young, old = self.month(unknown, peers, burden)
        months = rates.months_in_population
        cells = over_all_ages(young, old, min(rates.months_at_risk, months), months)
        return Law(rates, today, cells, young, old)


def solve_people(world: World, conditions: Conditions) -> PeopleStart:
    """The people's start that keeps every target steady under `conditions` (today's).

    Raises ImpossibleWorldError if no non-negative rates do.
    """
    nation, goal = _Nation(world, conditions), targets(world)
    unknown = dict(zip(UNKNOWN, _FIRST_GUESS, strict=True))
    peers = burden = np.ones(N_COMMUNITY_KINDS)
    for _ in range(_ROUNDS):
        law = nation.law(unknown, peers, burden)
        miss = _misses(law, goal)
        new_peers = law.relative_by_kind(*USING)
        new_burden = law.relative_by_kind(*CUSTODY)
        step = max(np.abs(new_peers - peers).max(), *(abs(m - 1.0) for m in miss.values()))
        if step < _TOLERANCE:
            return _start(world, nation, law, goal, peers, burden)
        peers, burden = new_peers, new_burden
        unknown = {name: value * miss[name] for name, value in unknown.items()}
        if max(unknown.values()) > _LARGEST_HAZARD:
            break
    raise ImpossibleWorldError("people: no rates keep today's numbers steady under today's mix")


def _misses(law: Law, goal: Targets) -> dict[str, float]:
    """Target over what the law gives, for the unknown that moves it."""
    active = goal.active / law.share(*ACTIVE)
    relapse = law.mean_relapse()
    return {
        "start": goal.casual / law.share(S.CASUAL),
        "escalate": active,
        "relapse": 1.0 if relapse == goal.p_relapse else goal.p_relapse / relapse,
        "willing": goal.treatment / law.share(S.TREATMENT) / active,
        "arrest_addicted": goal.custody_addicted / law.share(S.CUSTODY_ADDICTED) / active,
        "arrest_casual": goal.custody_casual / law.share(S.CUSTODY_CASUAL),
        "overdose": goal.deaths_per_month / law.deaths_per_month(),
    }


def _start(
    world: World, nation: _Nation, law: Law, goal: Targets, peers: Floats, burden: Floats
) -> PeopleStart:
    p_entering = law.today.p_willing
    p_willing = p_entering / (1.0 - goal.share_willing_waiting)
    if p_willing >= 1.0:
        raise ImpossibleWorldError("people: more would have to be willing to enter than there are")
    months = law.rates.months_in_population
    at_risk = min(law.rates.months_at_risk, months)
    by_year = by_years_of_age(law.young, law.old, at_risk, months)
    rates = replace(
        law.rates,
        willing=hazard_from_probability(p_willing),
        price_exponent=_price_exponent(world, nation, law, by_year, burden),
    )
    burden_today = law.share(*CUSTODY) / probability_from_hazard(rates.burden_fading)
    return PeopleStart(
        rates=rates,
        class_vulnerability=nation.classes,
        kind_vulnerability=nation.kinds,
        law=by_year,
        share_using=law.share(*USING),
        burden_today=float(burden_today),
        peers=peers,
        burden=burden,
        coverage=nation.conditions.coverage,
        country=world.number("n_people", "people"),
        waiting_today=world.number("n_people", "people")
        * law.share(*ACTIVE)
        * (p_willing - p_entering),
    )


def _price_exponent(
    world: World, nation: _Nation, law: Law, by_year: Floats, burden: Floats
) -> float:
    """Response of starting (and, reversed, of quitting) to price that gives the ledger's total.

    Participation answers a lasting change of price with its share of the total elasticity once
    `years_to_long_run` are over; how far starting must move for that follows from where people
    are by then, peers included.
    """
    wanted = world.number("price_elasticity", "elasticity") * world.number(
        "share_elasticity_participation", "share"
    )
    if wanted == 0.0:
        return 0.0
    nudged = copy.copy(nation)
    up = np.exp(_NUDGE)
    nudged.known = {
        **nation.known,
        "quit_casual": law.rates.quit_casual / up,
        "quit_addicted": law.rates.quit_addicted / up,
    }
    unknown = {name: getattr(law.rates, name) for name in UNKNOWN}
    unknown["start"] *= up
    years_at_risk = round(law.rates.months_at_risk / MONTHS_PER_YEAR)
    same_year = a_year(law.young, law.old)
    steady = moved = by_year
    for _ in range(round(world.number("years_to_long_run", "years"))):
        peers = _peers(replace(law, cells=moved.sum(axis=0)), law)
        _, _, young, old = nudged.month(unknown, peers, burden)
        moved = after_a_year(moved, a_year(young, old), years_at_risk)
        # Years are a coarse clock: what they alone would move is taken off by a twin left alone.
        steady = after_a_year(steady, same_year, years_at_risk)
    use = [_use(world, replace(law, cells=one.sum(axis=0))) for one in (moved, steady)]
    return float(wanted * _NUDGE / np.log(use[0] / use[1]))


def _peers(moved: Law, law: Law) -> Floats:
    """Share who use by kind of community, relative to the nation's under `law`."""
    return moved.relative_by_kind(*USING) * moved.share(*USING) / law.share(*USING)


def _use(world: World, law: Law) -> float:
    """Amount used by everyone, in units of a casual user's."""
    addicted = world.number("rel_use_addicted", "ratio")
    treated = addicted * world.number("rel_use_in_treatment", "ratio")
    return law.share(S.CASUAL) + addicted * law.share(*ACTIVE) + treated * law.share(S.TREATMENT)
