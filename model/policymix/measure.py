"""Reads outcomes off people and market: one month, national totals."""

from collections.abc import Sequence

from policymix.hazards import State
from policymix.lives import FLOWS, Lives
from policymix.market import Sales, Supply

S = State


def people_outcomes(lives: Lives) -> dict[str, float]:
    """Stocks at month's end [people] and, once a month was lived, flows [people/month]."""
    people, count = lives.people, lives.people.count
    listed = count(*people.lists)
    outcomes = {
        "not_using": people.start.country - listed,
        "casual_users": count(S.CASUAL),
        "active_addiction": count(S.ACTIVE),
        "in_treatment": count(S.TREATMENT),
        "addicted_in_custody": count(S.CUSTODY_ADDICTED),
        "addicted": count(S.ACTIVE, S.TREATMENT, S.CUSTODY_ADDICTED),
        "in_recovery": count(S.RECOVERY),
        "incarcerated": count(S.CUSTODY_CASUAL, S.CUSTODY_ADDICTED),
    }
    if not lives.flows:
        outcomes["waiting_for_treatment"] = people.start.waiting_today
    else:
        outcomes |= {name: people.weight * lives.flows[name] for name in FLOWS}
    return outcomes


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


def corridor_outcomes(
    shipped: float, flow: Sequence[float], seized: Sequence[float]
) -> dict[str, float]:
    """Shipped and seized on each corridor [kg/month]; `flow` are shares of what was `shipped`."""
    row = {}
    for number, (share, taken) in enumerate(zip(flow, seized, strict=True), start=1):
        row[f"corridor_{number}_shipped"] = shipped * share
        row[f"corridor_{number}_seized"] = taken
    return row
