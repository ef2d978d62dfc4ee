"""Reads outcomes off people and market: one month, national totals."""

from collections.abc import Sequence
from typing import Final

from policymix.cartels import Cartel, members_of
from policymix.corridors import ACTIVE_SHARE, N_CORRIDORS
from policymix.governments import Country
from policymix.hazards import State
from policymix.market import Market, Sales, Supply
from policymix.people import People
from policymix.response import Responses
from policymix.tallies import Tally

S = State
AGAINST_CARTELS: Final = ("leader_removal", "military_strikes", "financial_targeting")
"""Levers whose money finds no use when there are no cartels."""
_CORRIDORS: Final = [
    (f"corridor_{number}_shipped", f"corridor_{number}_seized")
    for number in range(1, N_CORRIDORS + 1)
]


def people_outcomes(people: People, lived: Tally) -> dict[str, float]:
    """Stocks at month's end [people] and, once a month was `lived`, flows [people/month]."""
    weight, n = people.weight, people.sizes()
    held = n[S.CUSTODY_CASUAL] + n[S.CUSTODY_ADDICTED]
    outcomes = {
        "not_using": people.start.country - weight * sum(n.values()),
        "casual_users": weight * n[S.CASUAL],
        "active_addiction": weight * n[S.ACTIVE],
        "in_treatment": weight * n[S.TREATMENT],
        "addicted_in_custody": weight * n[S.CUSTODY_ADDICTED],
        "addicted": weight * (n[S.ACTIVE] + n[S.TREATMENT] + n[S.CUSTODY_ADDICTED]),
        "in_recovery": weight * n[S.RECOVERY],
        "incarcerated": weight * held,
    }
    if not lived.flows:
        outcomes["waiting_for_treatment"] = people.start.waiting_today
    else:
        outcomes |= {name: weight * slots for name, slots in lived.flows.items()}
    return outcomes


def world_outcomes(
    market: Market, cartels: Sequence[Cartel], flow: Sequence[float], countries: Sequence[Country]
) -> dict[str, float]:
    """Price and stock, cartels, routes and institutions at month's end; `flow` as shares."""
    return {
        "retail_price": market.rel_price * market.numbers.price_today,
        "price_at_bound": float(market.is_at_bound),
        "stock": market.stock,
        "cartel_members": members_of(cartels),
        "cartels": float(len(cartels)),
        "active_corridors": float(sum([share > ACTIVE_SHARE for share in flow])),
        "institutional_strength": sum([c.strength for c in countries]) / len(countries),
    }


def market_outcomes(supply: Supply, sales: Sales) -> dict[str, float]:
    """Quantities [kg/month] and money [million USD/month] of one month."""
    return {
        "shipped": supply.shipped,
        "seized": supply.seized,
        "destroyed": supply.destroyed,
        "delivered": supply.delivered,
        "consumption": sales.consumption,
        "retail_spending": sales.retail_spending,
        "dealer_revenue": sales.dealer_revenue,
        "cartel_revenue": sales.cartel_revenue,
        "cartel_profit": sales.cartel_profit,
        "cartel_costs": sales.cartel_costs,
        "bribes": sales.bribes,
        "confiscated": sales.confiscated,
    }


def volumes_used(
    people: People, lived: Tally, responses: Responses, *, has_cartels: bool
) -> dict[str, float]:
    """Volumes that found a use, of levers that can buy more than can be used."""
    treated = people.count(S.TREATMENT) + people.weight * lived.places_used_in_custody
    used = {
        "treatment": treated / responses.places_today,
        "prevention": responses.most_prevention(),
    }
    if not has_cartels:
        used |= dict.fromkeys(AGAINST_CARTELS, 0.0)
    return used


def corridor_outcomes(
    shipped: float, flow: Sequence[float], seized: Sequence[float]
) -> dict[str, float]:
    """Shipped and seized on each corridor [kg/month]; `flow` are shares of what was `shipped`."""
    row = {}
    both = zip(_CORRIDORS, flow, seized, strict=True)
    for (name_shipped, name_seized), share, taken in both:
        row[name_shipped] = shipped * share
        row[name_seized] = taken
    return row
