"""Solves what keeps today steady under today's mix: every world starts from the same country.

One unknown for one target, with the rooms' own functions; nothing is tuned by hand.
"""

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final

from policymix.assumptions import World
from policymix.balance_people import solve_people
from policymix.cartels import CartelNumbers
from policymix.errors import ImpossibleWorldError
from policymix.governments import (
    COUNTRIES,
    COUNTRY_OF_CORRIDOR,
    N_CORRIDORS,
    CountryMonth,
    CountryNumbers,
    PatrolNumbers,
    effort,
    net_gain,
)
from policymix.levers import Curve, curves
from policymix.market import MarketNumbers
from policymix.people import PeopleStart
from policymix.response import Responses
from policymix.units import (
    BILLION,
    GRAMS_PER_KG,
    KG_PER_TONNE,
    MONTHS_PER_YEAR,
    WEEKS_PER_MONTH,
    hazard_from_yearly_share,
    million_usd_per_month,
)

_HOMES: Final = (1, 0)
"""Cartels by rank are at home in the first transit country and the source in turn; the second
transit country starts without any."""
_ROUNDS: Final = 2_000
_LEAST_FADING: Final = 1e-3
_TOLERANCE: Final = 1e-12


@dataclass(frozen=True)
class Balanced:
    """A world and everything that was solved for it; frozen, and small enough to send around."""

    world: World
    n_cartels: int
    curves: dict[str, Curve]
    responses: Responses
    people: PeopleStart
    market: MarketNumbers
    patrol: PatrolNumbers
    cartels: CartelNumbers
    countries: tuple[CountryNumbers, ...]


def balance(world: World, n_cartels: int) -> Balanced:
    """Solve the unknowns of this world with `n_cartels` cartels (1-50).

    Raises ImpossibleWorldError if no non-negative solution exists.
    """
    responses = Responses.of(world)
    patrol = _solve_patrol(world)
    market = _solve_market(world)
    cartels = _solve_cartels(world, n_cartels)
    return Balanced(
        world=world,
        n_cartels=n_cartels,
        curves=curves(world),
        responses=responses,
        people=solve_people(world, responses.today()),
        market=market,
        patrol=patrol,
        cartels=cartels,
        countries=_solve_countries(world, patrol, cartels),
    )


def _solve_market(world: World) -> MarketNumbers:
    """Grams a person from consumption; the foreign margin is what the other costs leave."""
    consumption = (
        world.number("consumption_tonnes_per_year", "tonnes/year") * KG_PER_TONNE / MONTHS_PER_YEAR
    )
    spending = world.number("retail_spending_billion_usd_per_year", "billion USD/year")
    price = spending * BILLION / MONTHS_PER_YEAR / (consumption * GRAMS_PER_KG)
    domestic = price * world.number("share_retail_domestic", "share")
    imported = price - domestic
    revenue = million_usd_per_month(spending) * imported / price
    bribes = million_usd_per_month(
        world.number("bribes_billion_usd_per_year", "billion USD/year")
    )
    confiscated = world.number("share_confiscated", "share")
    members = world.number("n_cartel_members", "people")
    wages = members * world.number("member_usd_per_year", "USD/year") / MONTHS_PER_YEAR
    labour = wages / (consumption * GRAMS_PER_KG)
    source = price * world.number("share_retail_source", "share")
    smuggling = world.number("smuggling_usd_per_gram", "USD/gram")
    arrives = (1.0 - world.number("share_seized", "share")) * (
        1.0 - world.number("share_destroyed_today", "share")
    )
    kept = 1.0 - bribes / revenue - confiscated
    margin = imported * kept - (source + smuggling) / arrives - labour
    if margin < 0.0:
        raise ImpossibleWorldError(
            f"market: costs leave cartels a margin of {margin:.2f} USD per gram, below zero"
        )
    grams_casual, grams_addicted = _grams(world, consumption)
    participation = world.number("share_elasticity_participation", "share")
    return MarketNumbers(
        price_today=price,
        import_today=imported,
        domestic_today=domestic,
        source=source,
        smuggling=smuggling,
        labour=labour,
        margin=margin,
        pass_through=world.number("domestic_margin_pass_through", "share"),
        policing_elasticity=world.number("policing_price_elasticity", "elasticity"),
        labour_elasticity=world.number("labour_elasticity", "elasticity"),
        amount_elasticity=world.number("price_elasticity", "elasticity") * (1.0 - participation),
        scarcity_exponent=world.number("scarcity_exponent", "elasticity"),
        shipment_adjustment=world.number("shipment_adjustment", "elasticity"),
        stock_months=world.number("stock_months", "months"),
        consumption_today=consumption,
        shipped_today=consumption / arrives,
        members_today=members,
        bribe_share=bribes / revenue,
        confiscated_share=confiscated,
        grams_casual=grams_casual,
        grams_addicted=grams_addicted,
        rel_use_in_treatment=world.number("rel_use_in_treatment", "ratio"),
    )


def _grams(world: World, consumption_kg: float) -> tuple[float, float]:
    """Grams a month of a casual user and of a person with active addiction."""
    addicted = world.number("n_addicted", "people")
    treated = addicted * world.number("share_addicted_in_treatment", "share")
    ratio = world.number("rel_use_addicted", "ratio")
    in_treatment = world.number("rel_use_in_treatment", "ratio")
    users = world.number("n_casual_users", "people") + ratio * (
        addicted - treated + in_treatment * treated
    )
    casual = consumption_kg * GRAMS_PER_KG / users
    return casual, casual * ratio


def _solve_patrol(world: World) -> PatrolNumbers:
    """Effectiveness from today's seized share, at the fixed point of patrols' learning."""
    ratio = world.number("corridor_flow_ratio", "ratio")
    weights = [ratio**rank for rank in range(N_CORRIDORS)]
    flow = tuple(weight / sum(weights) for weight in weights)
    informed = world.number("share_effort_informed", "share")
    goal = world.number("share_seized", "share")
    belief, effective = flow, -log(1.0 - goal)
    for _ in range(_ROUNDS):
        shares = effort(belief, informed)
        seized = [1.0 - exp(-effective * share) for share in shares]
        total = sum(f * s for f, s in zip(flow, seized, strict=True))
        found = [f * s / e for f, s, e in zip(flow, seized, shares, strict=True)]
        new = tuple(y / sum(found) for y in found)
        moved = max(abs(a - b) for a, b in zip(new, belief, strict=True))
        if max(moved, abs(total / goal - 1.0)) < _TOLERANCE:
            break
        belief, effective = new, effective * goal / total
    struck = world.number("share_destroyed_today", "share")
    strike = _strike_effectiveness(struck, flow, seized, shares)
    sensitivity = world.number("route_sensitivity", "elasticity")
    attraction = tuple(
        f / ((1.0 - s) * exp(-strike * e)) ** sensitivity
        for f, s, e in zip(flow, seized, shares, strict=True)
    )
    return PatrolNumbers(
        effectiveness=effective,
        strike_effectiveness=strike,
        informed_today=informed,
        learning=world.number("patrol_learning_per_month", "share/month"),
        belief_today=belief,
        flow_today=flow,
        attraction=attraction,
        route_learning=world.number("route_learning_per_month", "share/month"),
        route_sensitivity=sensitivity,
    )


def _strike_effectiveness(
    goal: float, flow: tuple[float, ...], seized: list[float], shares: tuple[float, ...]
) -> float:
    """So that strikes destroy `goal` of what patrols leave, on all corridors together."""
    strike = goal
    left = [f * (1.0 - s) for f, s in zip(flow, seized, strict=True)]
    for _ in range(_ROUNDS):
        hit = sum(k * (1.0 - exp(-strike * e)) for k, e in zip(left, shares, strict=True))
        wanted = goal * sum(left)
        if goal == 0.0 or abs(hit / wanted - 1.0) < _TOLERANCE:
            break
        strike *= wanted / hit
    return strike


def _solve_cartels(world: World, n_cartels: int) -> CartelNumbers:
    """Sizes as one over rank; one recruitment rate a cartel keeps its size."""
    weights = [1.0 / rank for rank in range(1, n_cartels + 1)]
    members = world.number("n_cartel_members", "people")
    sizes = tuple(members * weight / sum(weights) for weight in weights)
    squares = sum(size**2 for size in sizes)
    kept = exp(-hazard_from_yearly_share(world.number("share_hostility_fading_per_year", "share/year")))
    strikes = world.number("hostility_from_strikes_per_year", "share/year") / MONTHS_PER_YEAR
    after_split = sqrt(world.number("rel_conflict_between_fragments", "ratio")) - 1.0
    falls = world.number("leader_falls_per_year", "falls/year") / MONTHS_PER_YEAR
    # A member's cartel splits falls / n times a month, and both parts turn hostile.
    from_splits = falls / n_cartels * after_split
    hostility = (strikes + from_splits) / max(1.0 - kept - from_splits, _LEAST_FADING)
    deaths = world.number("deaths_in_conflict_per_week", "deaths/week") * WEEKS_PER_MONTH
    # A single cartel has no rival: its conflict is scaled as if it were two equal ones.
    pairs = members**2 - squares if n_cartels > 1 else members**2 / 2.0
    conflict = deaths / pairs / (1.0 + hostility) ** 2
    saturation = world.number("n_dropout_per_week", "people/week") * WEEKS_PER_MONTH / squares
    capture = world.number("n_captured_per_week", "people/week") * WEEKS_PER_MONTH / members
    struck = world.number("members_struck_per_week", "people/week") * WEEKS_PER_MONTH / members
    fighting = conflict * (1.0 + hostility) ** 2
    return CartelNumbers(
        sizes=sizes,
        recruitment=tuple(
            capture + struck + saturation * size + fighting * (members - size) for size in sizes
        ),
        homes=tuple(_HOMES[rank % len(_HOMES)] for rank in range(n_cartels)),
        hostility_today=hostility,
        capture=capture,
        conflict=conflict,
        deaths_today=deaths,
        saturation=saturation,
        struck=struck,
        falls=falls,
        absorbs=min(falls / n_cartels, 1.0),
        hostility_after_split=after_split,
        smallest_part=world.number("share_split_smallest_part", "share"),
        hostility_kept=kept,
        hostility_from_strikes=strikes,
        profit_elasticity=world.number("recruitment_profit_elasticity", "elasticity"),
        opportunity_elasticity=world.number("recruitment_opportunity_elasticity", "elasticity"),
        revenue_elasticity=world.number("conflict_revenue_elasticity", "elasticity"),
        strength_elasticity=world.number("conflict_strength_elasticity", "elasticity"),
    )


def _solve_countries(
    world: World, patrol: PatrolNumbers, cartels: CartelNumbers
) -> tuple[CountryNumbers, ...]:
    """The drift of institutions that keeps each country's strength under today's mix."""
    members = cartels.members_today
    pairs = sum(size * (members - size) for size in cartels.sizes) or 1.0
    result = []
    for index, name in enumerate(COUNTRIES):
        at_home = [s for s, home in zip(cartels.sizes, cartels.homes, strict=True) if home == index]
        flow = zip(patrol.flow_today, COUNTRY_OF_CORRIDOR, strict=True)
        today = CountryMonth(
            rel_bribes=1.0,
            rel_bribes_here=sum(share for share, where in flow if where == index),
            rel_violence=sum(size * (members - size) for size in at_home) / pairs,
            rel_strikes=1.0,
            anti_corruption=1.0,
            development=1.0,
            has_cartels=bool(at_home),
        )
        without = _country(world, name, drift=0.0)
        result.append(_country(world, name, drift=-net_gain(without, today)))
    return tuple(result)


def _country(world: World, name: str, drift: float) -> CountryNumbers:
    return CountryNumbers(
        strength_today=world.number(f"strength_{name}", "index 0-1"),
        opportunity_today=world.number("opportunity_today", "index 0-1"),
        gain_from_anti_corruption=world.number("strength_gain_from_anti_corruption", "index 0-1/year")
        / MONTHS_PER_YEAR,
        loss_to_bribes=world.number("strength_loss_to_bribes", "index 0-1/year")
        / MONTHS_PER_YEAR,
        loss_to_violence=world.number("strength_loss_to_violence", "index 0-1/year")
        / MONTHS_PER_YEAR,
        loss_to_strikes=world.number("strength_loss_to_strikes", "index 0-1/year")
        / MONTHS_PER_YEAR,
        drift=drift,
        bribe_effect_on_law=world.number("bribe_effect_on_law", "elasticity"),
        law_strength_elasticity=world.number("law_strength_elasticity", "elasticity"),
        opportunity_gain=world.number("opportunity_gain_from_development", "index 0-1"),
        opportunity_adjustment=1.0
        - exp(
            -hazard_from_yearly_share(
                world.number("share_opportunity_adjustment_per_year", "share/year")
            )
        ),
    )
