"""What may happen to a person in a month, as probabilities.

The same functions move the people (room `people`) and solve the balance, so that what keeps today
steady on paper keeps it steady in the run.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from policymix.assumptions import World
from policymix.units import (
    MONTHS_PER_YEAR,
    hazard_from_probability,
    hazard_from_yearly_share,
    probability_from_hazard,
)

N_VULNERABILITY_CLASSES: Final = 20
N_COMMUNITY_KINDS: Final = 5
N_CELLS: Final = N_VULNERABILITY_CLASSES * N_COMMUNITY_KINDS
"""People of one vulnerability class in one kind of community share their hazards: a cell."""

Floats = NDArray[np.float64]


class State(IntEnum):
    """Where a person is. The two risk months are active addiction with a higher overdose hazard."""

    __hash__ = int.__hash__  # as in `policymix.dice.Event`

    NOT_USING = 0
    CASUAL = 1
    ACTIVE = 2
    TREATMENT = 3
    RECOVERY = 4
    CUSTODY_CASUAL = 5
    CUSTODY_ADDICTED = 6
    ACTIVE_LEFT_TREATMENT = 7
    ACTIVE_RELEASED = 8


N_STATES: Final = len(State)


@dataclass(frozen=True)
class PeopleRates:
    """What stays the same for people whatever policy does. Hazards are per month.

    Solved by the balance: start, escalate, relapse, willing, arrest_addicted, arrest_casual,
    overdose, price_exponent. The others come from the ledger.
    """

    start: float
    escalate: float
    relapse: float
    willing: float
    arrest_addicted: float
    arrest_casual: float
    overdose: float
    price_exponent: float
    quit_casual: float
    quit_addicted: float
    leave_treatment: float
    release: float
    lose_supplier: float
    share_recover: float
    rel_overdose_in_treatment: float
    rel_overdose_after_treatment: float
    rel_overdose_after_custody: float
    rel_overdose_custody_treatment: float
    rel_overdose_lost_supplier: float
    share_starting_prevented: float
    peer_effect: float
    burden_effect: float
    burden_fading: float
    months_in_population: int
    months_at_risk: int


@dataclass(frozen=True)
class Conditions:
    """What the month brings to people from money, market and law; today's are all 1.

    `rel_price`, `policing`, `willingness`, `burden_fading` and `overdose` (potency and naloxone)
    are ratios to today's; `care` multiplies escalation, drop-out and relapse; `reentry` is the
    share of addicted people released from custody who do not return to use; `coverage` the
    share of this month's newcomers reached by prevention; `places` the treatment places
    [people, in the country]; `custody_treatment` the share of addicted people in custody who are
    treated there.
    """

    rel_price: float
    policing: float
    overdose: float
    care: float
    willingness: float
    burden_fading: float
    reentry: float
    coverage: float
    places: float
    custody_treatment: float = 0.0


class Chances(NamedTuple):
    """Monthly probabilities (0-1). Arrays: by cell, or by state for overdose.

    A tuple with names, because one is made every month, and quicker than a dataclass.
    """

    overdose: Floats
    overdose_lost_supplier: Floats
    p_lose_supplier: float
    start_factor: float
    p_escalate: Floats
    p_relapse: Floats
    p_arrest_casual: float
    p_arrest_addicted: float
    p_quit_casual: float
    p_quit_addicted: float
    p_willing: float
    p_leave_treatment: float
    p_release: float
    share_recover: float
    reentry: float


class _EveryMonth(TypedDict):
    """Fields of `Chances` that are other ones every month."""

    overdose: Floats
    overdose_lost_supplier: Floats
    start_factor: float
    p_quit_casual: float
    p_quit_addicted: float


def chances(rates: PeopleRates, now: Conditions, vulnerability: Floats) -> Chances:
    """The month's probabilities for people of each cell.

    `vulnerability`, shape (N_CELLS,), mean 1. `start_factor` multiplies the starting hazard; it
    holds the price and not peers, burden, vulnerability or prevention, which differ by person.
    """
    worse = (rates.escalate * now.care, rates.relapse * now.care)
    p_escalate, p_relapse = _p(np.multiply.outer(worse, vulnerability))
    return Chances(
        **_of_every_month(rates, now, _relative_overdose(rates, now)),
        p_lose_supplier=probability_from_hazard(rates.lose_supplier * now.policing),
        p_escalate=p_escalate,
        p_relapse=p_relapse,
        p_arrest_casual=probability_from_hazard(rates.arrest_casual * now.policing),
        p_arrest_addicted=probability_from_hazard(rates.arrest_addicted * now.policing),
        p_willing=probability_from_hazard(rates.willing * now.willingness),
        p_leave_treatment=probability_from_hazard(rates.leave_treatment * now.care),
        p_release=probability_from_hazard(rates.release),
        share_recover=rates.share_recover,
        reentry=now.reentry,
    )


class ChancesByMonth:
    """`chances` of month after month; what seldom moves is worked out when it does."""

    def __init__(self, rates: PeopleRates, vulnerability: Floats) -> None:
        self._rates = rates
        self._vulnerability = vulnerability
        self._money: tuple[float, ...] = ()
        self._last: Chances
        self._relative: Floats

    def __call__(self, now: Conditions) -> Chances:
        """As of `chances`."""
        money = (now.policing, now.care, now.willingness, now.reentry, now.custody_treatment)
        if money != self._money:
            self._money = money
            self._relative = _relative_overdose(self._rates, now)
            self._last = chances(self._rates, now, self._vulnerability)
            return self._last
        return self._last._replace(**_of_every_month(self._rates, now, self._relative))


def _of_every_month(rates: PeopleRates, now: Conditions, relative: Floats) -> _EveryMonth:
    """The chances that price, potency and naloxone move; `relative` is `_relative_overdose`."""
    price_effect = now.rel_price**rates.price_exponent
    hazard = relative * (rates.overdose * now.overdose)
    overdose, lost_supplier = _p(np.multiply.outer((1.0, rates.rel_overdose_lost_supplier), hazard))
    return {
        "overdose": overdose,
        "overdose_lost_supplier": lost_supplier,
        "start_factor": rates.start * price_effect,
        "p_quit_casual": probability_from_hazard(rates.quit_casual / price_effect),
        "p_quit_addicted": probability_from_hazard(rates.quit_addicted / price_effect),
    }


def _relative_overdose(rates: PeopleRates, now: Conditions) -> Floats:
    """Hazard by state relative to active addiction, with a supplier: shape (N_STATES,)."""
    averted = (1.0 - rates.rel_overdose_custody_treatment) * now.custody_treatment
    relative = np.zeros(N_STATES)
    relative[State.ACTIVE] = 1.0
    relative[State.TREATMENT] = rates.rel_overdose_in_treatment
    relative[State.ACTIVE_LEFT_TREATMENT] = rates.rel_overdose_after_treatment
    relative[State.ACTIVE_RELEASED] = rates.rel_overdose_after_custody * (1.0 - averted)
    return relative


def relative_starting(rates: PeopleRates, peers: Floats, burden: Floats) -> Floats:
    """Effect of peers and burden on starting; 1 where both are at the national level of today."""
    by_peers = 1.0 + rates.peer_effect * (peers - 1.0)
    return np.maximum(by_peers * (1.0 + rates.burden_effect * (burden - 1.0)), 0.0)


def known_rates(world: World) -> dict[str, float | int]:
    """The fields of `PeopleRates` that the ledger gives directly."""
    custody_months = (
        world.number("n_in_custody", "people")
        / world.number("n_arrests_per_year", "people/year")
        * MONTHS_PER_YEAR
    )
    probability = {
        "quit_casual": world.number("p_quit_casual", "share/month"),
        "quit_addicted": world.number("p_quit_addicted", "share/month"),
        "leave_treatment": world.number("p_leave_treatment", "share/month"),
        "lose_supplier": world.number("p_lose_supplier", "share/month"),
    }
    return {
        **{name: hazard_from_probability(min(p, 1 - 1e-9)) for name, p in probability.items()},
        "release": hazard_from_probability(min(1.0 / custody_months, 1 - 1e-9)),
        "share_recover": world.number("share_recover_after_treatment", "share"),
        "rel_overdose_in_treatment": world.number("rel_overdose_in_treatment", "ratio"),
        "rel_overdose_after_treatment": world.number("rel_overdose_after_treatment", "ratio"),
        "rel_overdose_after_custody": world.number("rel_overdose_after_custody", "ratio"),
        "rel_overdose_custody_treatment": world.number("rel_overdose_custody_treatment", "ratio"),
        "rel_overdose_lost_supplier": world.number("rel_overdose_lost_supplier", "ratio"),
        "share_starting_prevented": world.number("share_starting_prevented", "share"),
        "peer_effect": world.number("peer_effect", "elasticity"),
        "burden_effect": world.number("burden_effect_on_starting", "elasticity"),
        "burden_fading": hazard_from_yearly_share(
            world.number("share_burden_fading_per_year", "share/year")
        ),
        "months_in_population": round(
            world.number("years_in_population", "years") * MONTHS_PER_YEAR
        ),
        "months_at_risk": round(
            world.number("years_at_risk_of_starting", "years") * MONTHS_PER_YEAR
        ),
    }


def vulnerabilities(world: World) -> tuple[Floats, Floats]:
    """Mean vulnerability by class and by kind of community, each of mean 1.

    Both are log-normal, cut into classes of equal size; a person's vulnerability is the product.
    Shapes (N_VULNERABILITY_CLASSES,), (N_COMMUNITY_KINDS,).
    """
    variance = world.number("vulnerability_log_sd", "log units") ** 2
    between = world.number("share_vulnerability_between_communities", "share")
    return (
        _class_means(np.sqrt(variance * (1 - between)), N_VULNERABILITY_CLASSES),
        _class_means(np.sqrt(variance * between), N_COMMUNITY_KINDS),
    )


def _class_means(log_sd: float, n: int) -> Floats:
    """Means of n equal-probability classes of a log-normal of mean 1 (partial expectations)."""
    from scipy.special import ndtr, ndtri

    edges = ndtri(np.arange(n + 1) / n)
    below = ndtr(edges - log_sd)
    means: Floats = np.diff(below) * n
    return means


def _p(hazard: Floats) -> Floats:
    return -np.expm1(-hazard)
