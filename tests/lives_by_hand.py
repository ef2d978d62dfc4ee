"""A person's month written out anew, from the ledger's probabilities: shares of people, moved on.

Nothing here uses the model's hazards, chances or matrices. Only what the balance solved (starting,
escalation, ...) is taken from it, as numbers. An array of shares has the states first, so that any
further axes (source, prevention, age, cell) come along.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from policymix.assumptions import World
from policymix.balance import Balanced
from policymix.hazards import State

S = State
DEAD = len(State)
N_PLACES = DEAD + 1
RISKY = (S.ACTIVE_LEFT_TREATMENT, S.ACTIVE_RELEASED)
ACTIVE = (S.ACTIVE, *RISKY)
Shares = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Odds:
    """Probabilities of a month; arrays by cell. `die` by state, `start` a hazard by cell."""

    die: dict[State, float]
    leave_treatment: float
    recover: float
    release: float
    stay_off: float
    start: Shares
    escalate: Shares
    relapse: Shares
    arrest_casual: float
    arrest_addicted: float
    quit_casual: float
    quit_addicted: float
    willing: float


def once(hazard: Any) -> Any:
    """Probability of at least one event in a month."""
    return 1.0 - np.exp(-hazard)


def odds(balanced: Balanced, *, rel_price: float = 1.0, policing: float = 1.0) -> Odds:
    """The month's odds at today's services, under this price and policing relative to today's."""
    world, solved, v = balanced.world, balanced.people.rates, balanced.people.cell_vulnerability
    price = rel_price**solved.price_exponent
    lost = 1.0 - (1.0 - number(world, "p_lose_supplier")) ** policing
    dearer = number(world, "rel_overdose_lost_supplier")

    def die(relative: float) -> float:
        hazard = solved.overdose * relative
        return float(lost * once(dearer * hazard) + (1.0 - lost) * once(hazard))

    return Odds(
        die={
            S.ACTIVE: die(1.0),
            S.ACTIVE_LEFT_TREATMENT: die(number(world, "rel_overdose_after_treatment")),
            S.ACTIVE_RELEASED: die(number(world, "rel_overdose_after_custody")),
            S.TREATMENT: once(solved.overdose * number(world, "rel_overdose_in_treatment")),
        },
        leave_treatment=number(world, "p_leave_treatment"),
        recover=number(world, "share_recover_after_treatment"),
        release=number(world, "n_arrests_per_year") / 12 / number(world, "n_in_custody"),
        stay_off=number(world, "share_reentry_reached_today")
        * number(world, "share_relapse_averted_by_reentry"),
        start=solved.start * price * v,
        escalate=once(solved.escalate * v),
        relapse=once(solved.relapse * v),
        arrest_casual=once(solved.arrest_casual * policing),
        arrest_addicted=once(solved.arrest_addicted * policing),
        quit_casual=1.0 - (1.0 - number(world, "p_quit_casual")) ** (1.0 / price),
        quit_addicted=1.0 - (1.0 - number(world, "p_quit_addicted")) ** (1.0 / price),
        willing=once(solved.willing),
    )


def number(world: World, name: str) -> float:
    """The ledger's value, whatever its unit."""
    return world.values[name]


def pass_on(at: Shares, source: int, target: int, p: Any) -> None:
    """The share `p` of those in `source` goes to `target`."""
    moved = at[source] * p
    at[source] -= moved
    at[target] += moved


def die(at: Shares, now: Odds) -> None:
    """Overdose deaths; whoever lives through a risky month is in active addiction like others."""
    for state, p in now.die.items():
        pass_on(at, state, DEAD, p)
    for state in RISKY:
        pass_on(at, state, S.ACTIVE, 1.0)


def leave(at: Shares, now: Odds) -> None:
    """Treatment and custody end for some."""
    pass_on(at, S.CUSTODY_CASUAL, S.CASUAL, now.release)
    for inside, p, outside, off in (
        (S.TREATMENT, now.leave_treatment, S.ACTIVE_LEFT_TREATMENT, now.recover),
        (S.CUSTODY_ADDICTED, now.release, S.ACTIVE_RELEASED, now.stay_off),
    ):
        left = at[inside] * p
        at[inside] -= left
        at[S.RECOVERY] += off * left
        at[outside] += (1.0 - off) * left


def escalate_and_relapse(at: Shares, now: Odds) -> None:
    """By vulnerability."""
    pass_on(at, S.CASUAL, S.ACTIVE, now.escalate)
    pass_on(at, S.RECOVERY, S.ACTIVE, now.relapse)


def be_arrested_or_quit(at: Shares, now: Odds) -> None:
    """Those who use are arrested or stop."""
    pass_on(at, S.CASUAL, S.CUSTODY_CASUAL, now.arrest_casual)
    pass_on(at, S.CASUAL, S.NOT_USING, now.quit_casual)
    for state in ACTIVE:
        pass_on(at, state, S.CUSTODY_ADDICTED, now.arrest_addicted)
        pass_on(at, state, S.RECOVERY, now.quit_addicted)


def enter_treatment(at: Shares, p: float) -> None:
    """This share of those in active addiction."""
    for state in ACTIVE:
        pass_on(at, state, S.TREATMENT, p)


def chain(now: Odds, prevented: float) -> Shares:
    """A young person's month: [cell, from, to], the dead staying dead.

    `prevented`: by how much less starting is for the person (0 for whom prevention missed).
    """
    at = np.zeros((N_PLACES, N_PLACES, len(now.start)))
    at[range(N_PLACES), range(N_PLACES)] = 1.0
    die(at, now)
    leave(at, now)
    escalate_and_relapse(at, now)
    pass_on(at, S.NOT_USING, S.CASUAL, once(now.start * (1.0 - prevented)))
    be_arrested_or_quit(at, now)
    enter_treatment(at, now.willing)
    return at.transpose(2, 1, 0)
