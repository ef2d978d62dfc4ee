"""Supply meets demand: price, quantity, and who earns what.

One composite drug, in pure grams. Cost is built up from the source to the street; price is cost
times scarcity; each stage receives its part of what users pay.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from policymix.units import GRAMS_PER_KG, MILLION

LOWEST_REL_PRICE: Final = 0.1
HIGHEST_REL_PRICE: Final = 10.0
"""Bounds of validity, relative to today's price: beyond them nothing is known, and a price that
stands at one of them says so rather than being believed."""
LOWEST_REL_POLICING: Final = 1.0 / 15.0
"""Policing's effect on price was seen over a fifteenfold rise (E14): below a fifteenth of today's
it is held, instead of letting a constant elasticity send the margin to zero."""
_NOTHING: Final = 1e-9


@dataclass(frozen=True)
class MarketNumbers:
    """What stays the same for the market. Prices in USD per pure gram, quantities in kg/month.

    `labour` and `margin` are per gram delivered, `source` and `smuggling` per gram shipped.
    `grams_casual` and `grams_addicted` [g/month] are what one person uses at today's price.
    """

    price_today: float
    import_today: float
    domestic_today: float
    source: float
    smuggling: float
    labour: float
    margin: float
    pass_through: float
    policing_elasticity: float
    labour_elasticity: float
    amount_elasticity: float
    scarcity_exponent: float
    shipment_adjustment: float
    stock_months: float
    consumption_today: float
    shipped_today: float
    members_today: float
    bribe_share: float
    confiscated_share: float
    grams_casual: float
    grams_addicted: float
    rel_use_in_treatment: float


class Supply(NamedTuple):
    """What reaches the market this month [kg/month], and what it costs cartels to bring it."""

    shipped: float
    seized: float
    destroyed: float
    members: float
    confiscated_share: float
    policing: float

    @property
    def delivered(self) -> float:
        """Shipped, less seized and destroyed [kg/month]."""
        return self.shipped - self.seized - self.destroyed


class Sales(NamedTuple):
    """What the market did this month: kg/month, USD per gram, million USD/month."""

    retail_price: float
    consumption: float
    retail_spending: float
    dealer_revenue: float
    cartel_revenue: float
    cartel_costs: float
    bribes: float
    confiscated: float

    @property
    def cartel_profit(self) -> float:
        """What is left to cartels [million USD/month]."""
        return self.cartel_revenue - self.cartel_costs - self.bribes - self.confiscated


class Market:
    """Holds the stock between delivery and sale [kg] and what cartels will ship [kg/month]."""

    def __init__(self, numbers: MarketNumbers) -> None:
        self.numbers = numbers
        self.stock = numbers.stock_months * numbers.consumption_today
        self.shipments = numbers.shipped_today
        self.rel_price = 1.0

    @property
    def is_at_bound(self) -> bool:
        """Whether the price was held at a bound of validity."""
        return self.rel_price in (LOWEST_REL_PRICE, HIGHEST_REL_PRICE)

    def wanted_today(self, casual: float, active: float, treated: float) -> float:
        """What these people would use at today's price [kg/month]."""
        n = self.numbers
        addicted = active + n.rel_use_in_treatment * treated
        return (n.grams_casual * casual + n.grams_addicted * addicted) / GRAMS_PER_KG

    def clear(self, supply: Supply, wanted_today: float) -> Sales:
        """Price from cost and scarcity, then sales; moves the stock and next month's shipments.

        `wanted_today` [kg/month]: what would be used at today's price.
        """
        n = self.numbers
        imported, domestic, labour = self._costs(supply)
        cost = imported + domestic
        on_hand = self.stock + supply.delivered
        offered = on_hand / (1.0 + n.stock_months)
        wanted = wanted_today * (cost / n.price_today) ** n.amount_elasticity
        scarcity = (wanted / max(offered, _NOTHING)) ** n.scarcity_exponent
        rel_price = cost * scarcity / n.price_today
        self.rel_price = min(max(rel_price, LOWEST_REL_PRICE), HIGHEST_REL_PRICE)
        price = self.rel_price * n.price_today
        sold = min(wanted_today * self.rel_price**n.amount_elasticity, on_hand)
        self.stock = on_hand - sold
        self.shipments *= max(price / cost, _NOTHING) ** n.shipment_adjustment
        spending = _million(price * sold)
        revenue = spending * imported / cost
        per_shipped = (n.source + n.smuggling) * supply.shipped
        return Sales(
            retail_price=price,
            consumption=sold,
            retail_spending=spending,
            dealer_revenue=spending - revenue,
            cartel_revenue=revenue,
            cartel_costs=_million(per_shipped + labour * supply.delivered),
            bribes=revenue * n.bribe_share,
            confiscated=revenue * supply.confiscated_share,
        )

    def _costs(self, supply: Supply) -> tuple[float, float, float]:
        """Import cost, domestic cost and labour [USD per gram]."""
        n = self.numbers
        arrives = supply.delivered / supply.shipped if supply.shipped > _NOTHING else 1.0
        carried = supply.shipped / max(supply.members, 1.0)
        carried_today = n.shipped_today / n.members_today
        labour = n.labour * max(carried / carried_today, _NOTHING) ** n.labour_elasticity
        kept = max(1.0 - n.bribe_share - supply.confiscated_share, _NOTHING)
        landed = (n.source + n.smuggling) / max(arrives, _NOTHING) + labour + n.margin
        imported = landed / kept
        follows = 1.0 - n.pass_through + n.pass_through * imported / n.import_today
        policed = max(supply.policing, LOWEST_REL_POLICING) ** n.policing_elasticity
        return imported, n.domestic_today * follows * policed, labour


def _million(usd_per_gram_times_kg: float) -> float:
    """USD/g x kg as million USD."""
    return usd_per_gram_times_kg * GRAMS_PER_KG / MILLION


def sales_today(numbers: MarketNumbers) -> Sales:
    """What the market does in the balanced start, against which ratios to today are taken."""
    market = Market(numbers)
    lost = numbers.shipped_today - numbers.consumption_today
    supply = Supply(
        shipped=numbers.shipped_today,
        seized=lost,
        destroyed=0.0,
        members=numbers.members_today,
        confiscated_share=numbers.confiscated_share,
        policing=1.0,
    )
    return market.clear(supply, numbers.consumption_today)
