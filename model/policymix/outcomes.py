"""Declares every outcome once: name, unit, meaning, kind."""

from dataclasses import dataclass
from typing import Final, Literal

from policymix.corridors import N_CORRIDORS
from policymix.levers import LEVERS

Kind = Literal["stock", "flow", "level"]
"""A stock at month's end, a flow summed over the month, or a level (price, index)."""


@dataclass(frozen=True)
class Outcome:
    """A monthly measure of the whole country. Flows are empty (NaN) in month 0."""

    name: str
    unit: str
    kind: Kind
    meaning: str


_PEOPLE: Final = "people"
_PEOPLE_FLOW: Final = "people/month"
_KG: Final = "kg/month"
_MONEY: Final = "million USD/month"

_STOCKS_OF_PEOPLE: Final = (
    ("not_using", "people aged 12 and over who do not use now, or never did"),
    ("casual_users", "people who use without addiction, outside custody"),
    ("addicted", "everyone with addiction: active, in treatment and in custody"),
    ("active_addiction", "people with addiction, neither in treatment nor in custody"),
    ("in_treatment", "people in medication treatment in the community"),
    ("addicted_in_custody", "people with addiction held for drug offences"),
    (
        "waiting_for_treatment",
        "willing to enter treatment this month, but no place free; part of active_addiction",
    ),
    ("in_recovery", "people who had an addiction and do not use now"),
    ("incarcerated", "everyone held for drug offences"),
)
_FLOWS_OF_PEOPLE: Final = (
    ("started_using", "people who began to use"),
    ("escalated", "casual users who became addicted"),
    ("quit", "people who stopped using without treatment"),
    ("quit_addiction", "of quit, those who had an addiction"),
    ("treatment_entries", "people who entered treatment in the community"),
    ("left_treatment", "people who left treatment in the community, recovered or not"),
    ("recovered", "people who left treatment or custody into recovery"),
    ("relapsed", "people in recovery who returned to active addiction"),
    ("arrests", "drug arrests that led to custody"),
    ("released", "people released from custody"),
    ("overdose_deaths", "people who died of an overdose"),
    ("deaths_after_release", "of overdose_deaths, those in the month after custody"),
    ("deaths_after_treatment", "of overdose_deaths, those in the month after dropping out"),
    ("aged_out", "people not in not_using who left the population at the exit age"),
    ("aged_out_addicted", "of aged_out, those with addiction"),
    ("aged_out_custody", "of aged_out, those in custody"),
)
_QUANTITIES: Final = (
    ("shipped", "sent towards the market by cartels"),
    ("seized", "taken by patrols on the corridors"),
    ("destroyed", "destroyed by military strikes"),
    ("delivered", "shipped, less seized and destroyed"),
    ("consumption", "bought and used"),
)
_CORRIDORS: Final = tuple(
    (f"corridor_{number}_{what}", f"of {what}, on corridor {number}")
    for what in ("shipped", "seized")
    for number in range(1, N_CORRIDORS + 1)
)
_MARKET_MONEY: Final = (
    ("retail_spending", "what users pay in all"),
    ("dealer_revenue", "the part of retail spending that stays with dealers in the country"),
    ("cartel_revenue", "the part of retail spending that reaches cartels"),
    ("cartel_profit", "cartel revenue less cartel_costs, bribes and confiscated"),
    ("cartel_costs", "what cartels pay for the drug, its transport and their members"),
    ("bribes", "what cartels pay to officials"),
    ("confiscated", "cartel money taken by financial investigations"),
)
_CARTELS_AND_COUNTRIES: Final = (
    Outcome("cartel_members", _PEOPLE, "stock", "members of all cartels"),
    Outcome("cartels", "number", "stock", "cartels that exist"),
    Outcome("leaders_fallen", "number/month", "flow", "cartel leaders removed"),
    Outcome("active_corridors", "number", "level", "corridors with over 5 % of the flow"),
    Outcome("violence", "deaths/month", "flow", "deaths from conflict between cartels"),
    Outcome(
        "institutional_strength",
        "index 0-1",
        "level",
        "mean strength of the producing and transit countries' institutions",
    ),
)
_BUDGET: Final = (
    ("budget", "money given to all levers"),
    ("spent", "money that found a use"),
    ("unspent", "money that found no use"),
    *((f"spent_{lever.name}", f"money that bought {lever.buys}") for lever in LEVERS),
)

OUTCOMES: Final = (
    *(Outcome(name, _PEOPLE, "stock", meaning) for name, meaning in _STOCKS_OF_PEOPLE),
    *(Outcome(name, _PEOPLE_FLOW, "flow", meaning) for name, meaning in _FLOWS_OF_PEOPLE),
    Outcome("retail_price", "USD per pure gram", "level", "what users pay"),
    Outcome(
        "price_at_bound",
        "share of months",
        "level",
        "1 where the price stands at a bound beyond which the model knows nothing, else 0",
    ),
    *(Outcome(name, _KG, "flow", meaning) for name, meaning in (*_QUANTITIES, *_CORRIDORS)),
    Outcome("stock", "kg", "stock", "held between delivery and sale"),
    *(Outcome(name, _MONEY, "flow", meaning) for name, meaning in _MARKET_MONEY),
    *_CARTELS_AND_COUNTRIES,
    *(Outcome(name, _MONEY, "flow", meaning) for name, meaning in _BUDGET),
)
OUTCOME_NAMES: Final = tuple(outcome.name for outcome in OUTCOMES)
BY_NAME: Final = {outcome.name: outcome for outcome in OUTCOMES}
HEADLINE: Final = ("addicted", "overdose_deaths", "cartel_revenue", "cartel_profit")
"""What tables and figures show first; cartel_revenue never stands without cartel_profit."""
