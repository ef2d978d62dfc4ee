"""Many simulated people beside the closed form of one person's chain, interactions off.

Off: peers, burden, price and policing other than today's, and places that run out. Everyone is 12
at the start, so that in ten years nobody grows out of starting or leaves at the exit age.
"""

from dataclasses import dataclass, replace
from functools import cache
from types import SimpleNamespace

import numpy as np
from lives_by_hand import ACTIVE, DEAD, N_PLACES, Odds, S, chain, number, odds
from policymix.assumptions import central_world
from policymix.balance import Balanced, balance
from policymix.dice import Event, dice
from policymix.lives import Lives
from policymix.people import LISTED, People, stay_months
from policymix.peopling import initial_population
from scipy.stats import chi2

N = 20_000
SEED = 6
MONTHS = 120
AFTER = (1, 12, 60, 120)
STARTS = (S.NOT_USING, S.CASUAL, S.ACTIVE, S.TREATMENT, S.RECOVERY, S.CUSTODY_ADDICTED)
LONGEST = 36
"""Months for which a stay is followed; a longer one counts as this long."""
FALSE_ALARM = 1e-6
_FEWEST = 10.0
_INSIDE = ((S.TREATMENT, "treatment"), (S.CUSTODY_ADDICTED, "custody"))


@dataclass(frozen=True)
class Finding:
    """One number of the closed form, and what was seen; `off` in standard errors."""

    what: str
    unit: str
    expected: float
    seen: float
    error: float

    @property
    def off(self) -> float:
        return (self.seen - self.expected) / self.error


@cache
def world_alone() -> Balanced:
    """The central world in which nobody's starting hangs on others."""
    alone = {"peer_effect": 0.0, "burden_effect_on_starting": 0.0}
    return balance(central_world().with_values(alone), 12)


@cache
def month() -> Odds:
    return odds(world_alone())


@cache
def chains() -> np.ndarray:
    """The month of those whom prevention missed and reached: [2, cell, from, to]."""
    prevented = number(world_alone().world, "share_starting_prevented")
    return np.stack([chain(month(), 0.0), chain(month(), prevented)])


@cache
def history(start: S) -> np.ndarray:
    """Where each of N people is after 0, 1, ... MONTHS months: shape (months + 1, N)."""
    balanced = world_alone()
    people = all_in(initial_population(SimpleNamespace(people=balanced.people), N, SEED), start)
    lives = Lives(people)
    now = replace(balanced.responses.today(), places=1e12)
    seen = [people.state.copy()]
    for at in range(1, MONTHS + 1):
        lives.live_month(at, now)
        seen.append(np.where(people.born > 0, DEAD, people.state))
    assert ((people.born > 0) == people.overdosed).all()
    return np.array(seen)


def all_in(people: People, state: S) -> People:
    """The same people, all of 12 years and in one state, with dates of leaving drawn anew."""
    p_leave = month().leave_treatment if state == S.TREATMENT else month().release
    people.state[:], people.born[:] = state, 0
    nobody = np.arange(0)
    people.lists = {one: np.arange(len(people)) if one == state else nobody for one in LISTED}
    luck = dice(people.slotted.keys, 0, Event.START_CLOCK)
    people.clock[:] = stay_months(p_leave, luck)
    return people


@cache
def cells() -> np.ndarray:
    return initial_population(SimpleNamespace(people=world_alone().people), N, SEED).slotted.cell


def expected(start: S, months: int, closed: tuple[int, ...] = ()) -> np.ndarray:
    """Where people of each cell are after so many months: [cell, place].

    Nobody leaves the `closed` states, so that having been there is remembered.
    """
    matrix = chains().copy()
    for state in closed:
        matrix[:, :, state] = np.eye(N_PLACES)[state]
    reached = number(world_alone().world, "share_pupils_reached_today")
    powers = np.linalg.matrix_power(matrix, months)[:, :, start]
    return (1.0 - reached) * powers[0] + reached * powers[1]


def probability(start: S, months: int) -> float:
    """That people are spread as they are, or worse, if the closed form is true (chi-squared)."""
    p = expected(start, months)[cells()]
    counts = np.bincount(history(start)[months], minlength=N_PLACES)
    rare = p.sum(axis=0) < _FEWEST
    assert counts[p.sum(axis=0) == 0.0].sum() == 0
    # Places with hardly anyone are one; the last place follows from the others.
    p = np.column_stack((p[:, ~rare], p[:, rare].sum(axis=1)))
    counts = np.append(counts[~rare], counts[rare].sum())
    kept = p.sum(axis=0) >= _FEWEST
    kept[np.flatnonzero(kept)[-1]] = False
    off = (counts - p.sum(axis=0))[kept]
    spread = (np.diag(p.sum(axis=0)) - p.T @ p)[np.ix_(kept, kept)]
    return float(chi2.sf(off @ np.linalg.solve(spread, off), kept.sum()))


def stays() -> list[Finding]:
    """Mean months in treatment and in custody, of all who entered in time to be followed.

    Seen at the ends of months: whoever leaves and is back within the month has stayed.
    """
    seen, months = history(S.ACTIVE), np.arange(LONGEST)
    found = []
    for state, name in _INSIDE:
        lengths, who = _lengths(seen == state)
        there = chains()[0, :, state, state][cells()[who], None] ** months
        means = there.sum(axis=1)
        variances = there @ (2 * months + 1) - means**2
        error = np.sqrt(variances.sum()) / len(lengths)
        found.append(Finding(f"stay in {name}", "months", means.mean(), lengths.mean(), error))
    return found


def _lengths(inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Stays that began in time, each at most LONGEST, and whose; from [month, person]."""
    lengths, who = [], []
    for since in range(1, MONTHS - LONGEST + 2):
        entered = np.flatnonzero(inside[since] & ~inside[since - 1])
        later = inside[since : since + LONGEST, entered]
        lengths.append(np.where(later.all(axis=0), LONGEST, later.argmin(axis=0)))
        who.append(entered)
    return np.concatenate(lengths), np.concatenate(who)


def _share(what: str, p: np.ndarray, came_true: np.ndarray) -> Finding:
    """A share of people, each with a probability `p` of their own."""
    error = np.sqrt((p * (1.0 - p)).sum()) / len(p)
    return Finding(what, "%", 100 * p.mean(), 100 * came_true.mean(), 100 * error)


def shares() -> list[Finding]:
    """Overdose deaths in ten years, before and after recovery; the first relapse."""
    cell, active = cells(), history(S.ACTIVE)
    recovered = (active == S.RECOVERY).any(axis=0)
    dead = active[-1] == DEAD
    found = [
        _share(
            "in active addiction, dead of an overdose within ten years",
            expected(S.ACTIVE, MONTHS)[cell, DEAD],
            dead,
        ),
        _share(
            "in active addiction, so dead and never in recovery before",
            expected(S.ACTIVE, MONTHS, (S.RECOVERY,))[cell, DEAD],
            dead & ~recovered,
        ),
        _share(
            "in active addiction, ever in recovery within ten years",
            expected(S.ACTIVE, MONTHS, (S.RECOVERY,))[cell, S.RECOVERY],
            recovered,
        ),
    ]
    well = (history(S.RECOVERY) == S.RECOVERY).cumprod(axis=0)
    for months in (6, 24, 60):
        without = (1.0 - month().relapse[cell]) ** months
        found.append(
            _share(f"in recovery, no relapse within {months} months", without, well[months])
        )
    return found


def deadly_months() -> list[Finding]:
    """Deaths in the month after leaving, of those who have just left and are using."""
    found = []
    seen = history(S.ACTIVE)
    for state, after in zip(ACTIVE[1:], ("treatment", "custody"), strict=True):
        risky = seen[:-1] == state
        died = (seen[1:] == DEAD)[risky]
        p = np.full(risky.sum(), month().die[state])
        found.append(_share(f"in the month after {after}, dead of an overdose", p, died))
    return found


@cache
def findings() -> tuple[Finding, ...]:
    return (*stays(), *shares(), *deadly_months())


@cache
def probabilities() -> dict[tuple[S, int], float]:
    return {(start, months): probability(start, months) for start in STARTS for months in AFTER}
