"""Governments: the producing and transit countries, the patrol force, and the funder."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Any, Final, NamedTuple

import mesa

from policymix.corridors import COUNTRY_OF_CORRIDOR, N_CORRIDORS

_LEAST_STRENGTH: Final = 1e-6


@dataclass(frozen=True)
class CountryNumbers:
    """What stays the same for a country. Strength 0-1; gains and losses are per month.

    Losses are at today's bribes, violence and strikes of all countries; `drift` keeps today's
    strength steady.
    """

    strength_today: float
    opportunity_today: float
    gain_from_anti_corruption: float
    loss_to_bribes: float
    loss_to_violence: float
    loss_to_strikes: float
    drift: float
    bribe_effect_on_law: float
    law_strength_elasticity: float
    opportunity_gain: float
    opportunity_adjustment: float


class CountryMonth(NamedTuple):
    """What a country met this month, relative to today's of all countries together.

    `development` and `anti_corruption` are volumes of those levers, relative to today's.
    """

    rel_bribes: float
    rel_bribes_here: float
    rel_violence: float
    rel_strikes: float
    anti_corruption: float
    development: float
    has_cartels: bool


class Country(mesa.Agent[Any]):
    """A producing or transit country: institutional strength and lawful opportunity, both 0-1."""

    def __init__(self, model: Any, name: str, numbers: CountryNumbers) -> None:
        super().__init__(model)
        self.name = name
        self.numbers = numbers
        self.strength = numbers.strength_today
        self.opportunity = numbers.opportunity_today
        self.protection = 1.0
        self.met: CountryMonth | None = None

    @property
    def rel_strength(self) -> float:
        """Institutional strength relative to today's."""
        return self.strength / self.numbers.strength_today

    @property
    def rel_law(self) -> float:
        """How well patrols and police do against bribes, relative to today's.

        Never below zero, and bounded where nobody is bribed; today's slope is the ledger's.
        """
        return exp(self.numbers.bribe_effect_on_law * (1.0 - self.protection))

    @property
    def rel_capture(self) -> float:
        """Arrests of cartel members relative to today's."""
        arrests: float = self.rel_strength**self.numbers.law_strength_elasticity
        return self.rel_law * arrests

    @property
    def rel_lack_of_opportunity(self) -> float:
        """What draws people to cartels, relative to today's."""
        return (1.0 - self.opportunity) / (1.0 - self.numbers.opportunity_today)

    def step(self) -> None:
        """Institutions and opportunity answer what the country met this month (`met`)."""
        if self.met is None:
            return
        self.institutions_drift(self.met)
        self.opportunity_follows_development(self.met)

    def institutions_drift(self, met: CountryMonth) -> None:
        """Courts add strength; bribes, violence and strikes wear it down."""
        n = self.numbers
        change = n.drift + net_gain(n, met)
        # On the log-odds, so that strength stays between 0 and 1; at 0.5 a change is just that.
        odds = self.strength / (1.0 - self.strength) * exp(min(max(4.0 * change, -1.0), 1.0))
        self.strength = min(max(odds / (1.0 + odds), _LEAST_STRENGTH), 1.0 - _LEAST_STRENGTH)
        # A stronger state is dearer to buy, so the same bribes protect less.
        price_of_bribes = self.rel_strength**n.law_strength_elasticity
        self.protection = met.rel_bribes / price_of_bribes

    def opportunity_follows_development(self, met: CountryMonth) -> None:
        """Jobs appear over years, and only where cartels are is the money spent."""
        n = self.numbers
        gain = n.opportunity_gain * (met.development - 1.0) if met.has_cartels else 0.0
        goal = min(max(n.opportunity_today + gain, 0.0), 1.0)
        self.opportunity += n.opportunity_adjustment * (goal - self.opportunity)


def net_gain(n: CountryNumbers, met: CountryMonth) -> float:
    """Monthly gain of strength at strength 0.5, apart from the drift."""
    return (
        n.gain_from_anti_corruption * met.anti_corruption
        - n.loss_to_bribes * met.rel_bribes_here
        - n.loss_to_violence * met.rel_violence
        - n.loss_to_strikes * met.rel_strikes
    )


def law_by_corridor(countries: Sequence[Country]) -> list[float]:
    """`Country.rel_law` of where each corridor is patrolled, one entry a corridor."""
    by_country = [country.rel_law for country in countries]
    return [by_country[where] for where in COUNTRY_OF_CORRIDOR]


@dataclass(frozen=True)
class PatrolNumbers:
    """What stays the same for patrols and routes; sequences have one entry a corridor."""

    effectiveness: float
    strike_effectiveness: float
    informed_today: float
    learning: float
    belief_today: tuple[float, ...]
    flow_today: tuple[float, ...]
    attraction: tuple[float, ...]
    route_learning: float
    route_sensitivity: float


class Losses(NamedTuple):
    """Share of each corridor's flow that is seized, and destroyed (0-1).

    `effort` is what was spent for it, relative to an even spread of today's; one entry a corridor.
    """

    seized: tuple[float, ...]
    destroyed: tuple[float, ...]
    effort: tuple[float, ...]


class Patrol(mesa.Agent[Any]):
    """The patrol force: places effort on corridors and learns from what it seizes."""

    def __init__(self, model: Any, numbers: PatrolNumbers) -> None:
        super().__init__(model)
        self.numbers = numbers
        self.belief = numbers.belief_today
        self.volume = 1.0
        self.strikes = 1.0
        self.informed = numbers.informed_today
        self.ordered = (1.0,) * N_CORRIDORS
        self.yields: tuple[float, ...] = ()

    def effort(self) -> tuple[float, ...]:
        """Effort on each corridor relative to an even spread of today's.

        `ordered` multiplies what patrols would choose themselves; no lever does so.
        """
        own = effort(self.belief, self.informed)
        return tuple([times * share for times, share in zip(self.ordered, own, strict=True)])

    def losses(self, rel_law: Sequence[float]) -> Losses:
        """What patrols and strikes take of each corridor's flow, `rel_law` by corridor."""
        n = self.numbers
        shares = self.effort()
        seized = [
            1.0 - exp(-n.effectiveness * self.volume * share * law)
            for share, law in zip(shares, rel_law, strict=True)
        ]
        destroyed = [
            (1.0 - taken) * (1.0 - exp(-n.strike_effectiveness * self.strikes * share))
            for share, taken in zip(shares, seized, strict=True)
        ]
        return Losses(tuple(seized), tuple(destroyed), shares)

    def step(self) -> None:
        """Believe more in corridors that gave more for the effort spent there."""
        total = sum(self.yields)
        if total <= 0.0:
            return
        keep, learn = 1.0 - self.numbers.learning, self.numbers.learning / total
        both = zip(self.belief, self.yields, strict=True)
        self.belief = tuple([keep * old + learn * found for old, found in both])


def effort(belief: Sequence[float], informed: float) -> tuple[float, ...]:
    """Effort by corridor relative to an even spread: the informed part follows belief."""
    return tuple([informed * N_CORRIDORS * share + 1.0 - informed for share in belief])


def better_routes(numbers: PatrolNumbers, losses: Losses) -> tuple[float, ...]:
    """Shares of flow that traffickers who knew these losses would choose, by corridor."""
    pull = [
        attraction * max(1.0 - taken - struck, 0.0) ** numbers.route_sensitivity
        for attraction, taken, struck in zip(
            numbers.attraction, losses.seized, losses.destroyed, strict=True
        )
    ]
    total = sum(pull)
    if total <= 0.0:
        return numbers.flow_today
    return tuple([share / total for share in pull])
