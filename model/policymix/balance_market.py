"""Balances the market: grams a person from consumption, the foreign margin from the price."""

from dataclasses import dataclass

from policymix.assumptions import World
from policymix.errors import ImpossibleWorldError
from policymix.market import MarketNumbers
from policymix.units import (
    BILLION,
    GRAMS_PER_KG,
    KG_PER_TONNE,
    MONTHS_PER_YEAR,
    million_usd_per_month,
)


def solve_market(world: World) -> MarketNumbers:
    """The market's numbers under today's mix.

    Raises ImpossibleWorldError if the known costs leave cartels a margin below zero.
    """
    today = _Today.of(world)
    price = today.price
    labour = _wages(world, today) / (today.consumption * GRAMS_PER_KG)
    source = price * world.number("share_retail_source", "share")
    smuggling = world.number("smuggling_usd_per_gram", "USD/gram")
    confiscated = world.number("share_confiscated", "share")
    kept = 1.0 - today.bribe_share - confiscated
    margin = today.imported * kept - (source + smuggling) / today.arrives - labour
    if margin < 0.0:
        raise ImpossibleWorldError(f"market: cartels' margin is {margin:.2f} USD per gram")
    grams_casual = _grams_casual(world, today.consumption)
    return MarketNumbers(
        price_today=price,
        import_today=today.imported,
        domestic_today=price - today.imported,
        source=source,
        smuggling=smuggling,
        labour=labour,
        margin=margin,
        pass_through=world.number("domestic_margin_pass_through", "share"),
        policing_elasticity=world.number("policing_price_elasticity", "elasticity"),
        labour_elasticity=world.number("labour_elasticity", "elasticity"),
        amount_elasticity=_amount_elasticity(world),
        scarcity_exponent=world.number("scarcity_exponent", "elasticity"),
        shipment_adjustment=world.number("shipment_adjustment", "elasticity"),
        stock_months=world.number("stock_months", "months"),
        consumption_today=today.consumption,
        shipped_today=today.consumption / today.arrives,
        members_today=today.members,
        bribe_share=today.bribe_share,
        confiscated_share=confiscated,
        grams_casual=grams_casual,
        grams_addicted=grams_casual * world.number("rel_use_addicted", "ratio"),
        rel_use_in_treatment=world.number("rel_use_in_treatment", "ratio"),
    )


@dataclass(frozen=True)
class _Today:
    """Totals of today: kg/month, USD per gram, shares, people."""

    consumption: float
    price: float
    imported: float
    bribe_share: float
    arrives: float
    members: float

    @classmethod
    def of(cls, world: World) -> "_Today":
        tonnes = world.number("consumption_tonnes_per_year", "tonnes/year")
        consumption = tonnes * KG_PER_TONNE / MONTHS_PER_YEAR
        spending = world.number("retail_spending_billion_usd_per_year", "billion USD/year")
        price = spending * BILLION / MONTHS_PER_YEAR / (consumption * GRAMS_PER_KG)
        foreign = 1.0 - world.number("share_retail_domestic", "share")
        bribes = world.number("bribes_billion_usd_per_year", "billion USD/year")
        revenue = million_usd_per_month(spending) * foreign
        return cls(
            consumption=consumption,
            price=price,
            imported=price * foreign,
            bribe_share=million_usd_per_month(bribes) / revenue,
            arrives=(1.0 - world.number("share_seized", "share"))
            * (1.0 - world.number("share_destroyed_today", "share")),
            members=world.number("n_cartel_members", "people"),
        )


def _wages(world: World, today: _Today) -> float:
    """What cartels pay all their members [USD/month]."""
    return today.members * world.number("member_usd_per_year", "USD/year") / MONTHS_PER_YEAR


def _amount_elasticity(world: World) -> float:
    """The part of the response to price that is not starting or quitting."""
    participation = world.number("share_elasticity_participation", "share")
    return world.number("price_elasticity", "elasticity") * (1.0 - participation)


def _grams_casual(world: World, consumption_kg: float) -> float:
    """Grams a month that a casual user uses at today's price."""
    addicted = world.number("n_addicted", "people")
    treated = addicted * world.number("share_addicted_in_treatment", "share")
    in_treatment = world.number("rel_use_in_treatment", "ratio")
    in_casual_users = world.number("rel_use_addicted", "ratio") * (
        addicted - treated + in_treatment * treated
    )
    users = world.number("n_casual_users", "people") + in_casual_users
    return consumption_kg * GRAMS_PER_KG / users
