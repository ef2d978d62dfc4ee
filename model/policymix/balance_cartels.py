"""Balances cartels and countries: recruitment keeps sizes, a drift keeps institutions."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

from policymix.assumptions import World
from policymix.cartels import CartelNumbers
from policymix.corridors import CORRIDORS_OF_COUNTRY, COUNTRIES
from policymix.governments import CountryMonth, CountryNumbers, PatrolNumbers, net_gain
from policymix.units import (
    MONTHS_PER_YEAR,
    WEEKS_PER_MONTH,
    hazard_from_yearly_share,
    probability_from_hazard,
)

_HOMES: Final = (1, 0)
"""Cartels by rank are at home in the first transit country and the source in turn; the second
transit country starts without any."""
_LEAST_FADING: Final = 1e-3


def solve_cartels(world: World, n_cartels: int) -> CartelNumbers:
    """Sizes as one over rank; one recruitment rate a cartel keeps its size."""
    weights = [1.0 / rank for rank in range(1, n_cartels + 1)]
    members = world.number("n_cartel_members", "people")
    sizes = tuple(members * weight / sum(weights) for weight in weights)
    squares = sum(size**2 for size in sizes)
    dropout = world.number("n_dropout_per_week", "people/week") * WEEKS_PER_MONTH
    captured = world.number("n_captured_per_week", "people/week") * WEEKS_PER_MONTH
    struck = world.number("members_struck_per_week", "people/week") * WEEKS_PER_MONTH
    deaths = world.number("deaths_in_conflict_per_week", "deaths/week") * WEEKS_PER_MONTH
    falls = world.number("leader_falls_per_year", "falls/year") / MONTHS_PER_YEAR
    temper = _Temper.of(world, falls / n_cartels)
    # A single cartel has no rival: its conflict is scaled as if it were two equal ones.
    pairs = members**2 - squares if n_cartels > 1 else members**2 / 2.0
    fighting, saturation = deaths / pairs, dropout / squares
    fixed_loss = (captured + struck) / members
    return CartelNumbers(
        sizes=sizes,
        recruitment=tuple(
            fixed_loss + saturation * size + fighting * (members - size) for size in sizes
        ),
        homes=tuple(_HOMES[rank % len(_HOMES)] for rank in range(n_cartels)),
        hostility_today=temper.hostility,
        capture=captured / members,
        conflict=fighting / (1.0 + temper.hostility) ** 2,
        deaths_today=deaths,
        saturation=saturation,
        struck=struck / members,
        falls=falls,
        absorbs=min(falls / n_cartels, 1.0),
        hostility_after_split=temper.after_split,
        smallest_part=world.number("share_split_smallest_part", "share"),
        hostility_kept=temper.kept,
        hostility_from_strikes=temper.from_strikes,
        profit_elasticity=world.number("recruitment_profit_elasticity", "elasticity"),
        opportunity_elasticity=world.number("recruitment_opportunity_elasticity", "elasticity"),
        revenue_elasticity=world.number("conflict_revenue_elasticity", "elasticity"),
        strength_elasticity=world.number("conflict_strength_elasticity", "elasticity"),
    )


@dataclass(frozen=True)
class _Temper:
    """How hostility rises and fades in a month, and where that settles today."""

    kept: float
    from_strikes: float
    after_split: float
    hostility: float

    @classmethod
    def of(cls, world: World, p_split: float) -> "_Temper":
        fading = world.number("share_hostility_fading_per_year", "share/year")
        kept = 1.0 - probability_from_hazard(hazard_from_yearly_share(fading))
        strikes = world.number("hostility_from_strikes_per_year", "share/year") / MONTHS_PER_YEAR
        after_split = sqrt(world.number("rel_conflict_between_fragments", "ratio")) - 1.0
        # A member's cartel splits with p_split a month, and both parts turn hostile.
        from_splits = p_split * after_split
        settled = (strikes + from_splits) / max(1.0 - kept - from_splits, _LEAST_FADING)
        return cls(kept, strikes, after_split, settled)


def solve_countries(
    world: World, patrol: PatrolNumbers, cartels: CartelNumbers
) -> tuple[CountryNumbers, ...]:
    """The drift of institutions that keeps each country's strength under today's mix."""
    members = cartels.members_today
    pairs = sum(size * (members - size) for size in cartels.sizes) or 1.0
    result = []
    for index, name in enumerate(COUNTRIES):
        at_home = [s for s, home in zip(cartels.sizes, cartels.homes, strict=True) if home == index]
        today = CountryMonth(
            rel_bribes=1.0,
            rel_bribes_here=sum(patrol.flow_today[at] for at in CORRIDORS_OF_COUNTRY[index]),
            rel_violence=cartels.rel_violence(
                cartels.deaths_today * sum(size * (members - size) for size in at_home) / pairs
            ),
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
        gain_from_anti_corruption=world.number(
            "gain_of_strength_from_anti_corruption", "index 0-1/year"
        )
        / MONTHS_PER_YEAR,
        loss_to_bribes=world.number("loss_of_strength_to_bribes", "index 0-1/year")
        / MONTHS_PER_YEAR,
        loss_to_violence=world.number("loss_of_strength_to_violence", "index 0-1/year")
        / MONTHS_PER_YEAR,
        loss_to_strikes=world.number("loss_of_strength_to_strikes", "index 0-1/year")
        / MONTHS_PER_YEAR,
        drift=drift,
        bribe_effect_on_law=world.number("bribe_effect_on_law", "elasticity"),
        law_strength_elasticity=world.number("law_strength_elasticity", "elasticity"),
        opportunity_gain=world.number("opportunity_gain_from_development", "index 0-1"),
        opportunity_adjustment=probability_from_hazard(
            hazard_from_yearly_share(
                world.number("share_opportunity_adjustment_per_year", "share/year")
            )
        ),
    )
