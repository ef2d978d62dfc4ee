"""Cartels: Mesa agents that ship, recruit, fight, lose leaders, split and are absorbed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

import mesa

from policymix.dice import DiceAhead, Event, address, die
from policymix.governments import Country

_SMALLEST: Final = 1.0
"""Members [people] below which a cartel has dissolved."""


@dataclass(frozen=True)
class CartelNumbers:
    """What stays the same for cartels. Hazards and rates are per month.

    `sizes` and `recruitment`, one entry a cartel, largest first, are today's members and
    the recruitment hazards that keep them; `homes` index the countries.
    """

    sizes: tuple[float, ...]
    recruitment: tuple[float, ...]
    homes: tuple[int, ...]
    hostility_today: float
    capture: float
    conflict: float
    deaths_today: float
    saturation: float
    struck: float
    falls: float
    absorbs: float
    hostility_after_split: float
    smallest_part: float
    hostility_kept: float
    hostility_from_strikes: float
    profit_elasticity: float
    opportunity_elasticity: float
    revenue_elasticity: float
    strength_elasticity: float

    @property
    def members_today(self) -> float:
        """All members today [people]."""
        return sum(self.sizes)

    def rel_violence(self, killed: float) -> float:
        """Deaths in a month relative to today's, or to one where today has fewer."""
        return killed / max(self.deaths_today, 1.0)


@dataclass(frozen=True)
class CartelMonth:
    """What all cartels meet this month; ratios are to today's.

    `heat` is the sum over cartels of members x (1 + hostility); `falls` the expected number of
    leaders that fall, over all cartels.
    """

    rel_profit_per_member: float
    rel_revenue: float
    strikes: float
    falls: float
    heat: float
    n_cartels: int
    _grounds: dict[Country, "Ground"] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def p_leader_falls(self) -> float:
        """Monthly probability (0-1) that a cartel loses its leader: every leader alike."""
        return min(self.falls / max(self.n_cartels, 1), 1.0)

    def ground(self, home: Country, numbers: CartelNumbers) -> "Ground":
        """What the month is to every cartel of this country.

        Worked out once: countries change after cartels, and all cartels have the same numbers.
        """
        if home not in self._grounds:
            profit, revenue = max(self.rel_profit_per_member, 0.0), max(self.rel_revenue, 0.0)
            self._grounds[home] = Ground(
                draw=profit**numbers.profit_elasticity,
                lack=home.rel_lack_of_opportunity**numbers.opportunity_elasticity,
                capture=home.rel_capture,
                stake=revenue**numbers.revenue_elasticity,
                order=home.rel_strength**numbers.strength_elasticity,
            )
        return self._grounds[home]


class Ground(NamedTuple):
    """What moves all cartels of one country alike in a month; ratios to today's.

    `draw` of profit and `lack` of lawful work bring recruits, `capture` takes members; conflict
    follows the `stake` and is held down by `order`.
    """

    draw: float
    lack: float
    capture: float
    stake: float
    order: float


class Cartel(mesa.Agent[Any]):
    """One cartel. `address` keys its dice, so that a new cartel does not reshuffle the others."""

    def __init__(
        self, model: Any, numbers: CartelNumbers, home: Country, key: int, members: float
    ) -> None:
        super().__init__(model)
        self.numbers = numbers
        self.home = home
        self.address = key
        self.members = members
        self.recruitment = 0.0
        self.hostility = numbers.hostility_today
        self.routes: tuple[float, ...] = ()
        self.killed = 0.0
        self.luck = DiceAhead(key, Event.LEADER_FALLS, Event.ABSORBS)

    @property
    def heat(self) -> float:
        """How much this cartel brings to conflict: members, more when hostile."""
        return self.members * (1.0 + self.hostility)

    def step(self) -> None:
        """Recruit, lose members to arrest, conflict, strikes and crowding; hostility changes."""
        month: CartelMonth = self.model.cartel_month
        n = self.numbers
        ground = month.ground(self.home, n)
        self.killed = self.fight(month, ground)
        gained = self.recruit(ground)
        lost = self.lose_to_arrest(ground) + self.lose_to_crowding() + self.lose_to_strikes(month)
        self.members = max(self.members + gained - lost - self.killed, 0.0)
        self.hostility = (
            self.hostility * n.hostility_kept + n.hostility_from_strikes * month.strikes
        )

    def recruit(self, ground: Ground) -> float:
        """People who join [people]: drawn by profit and by the lack of lawful work."""
        return self.recruitment * self.members * ground.draw * ground.lack

    def lose_to_arrest(self, ground: Ground) -> float:
        """Members captured [people]."""
        return self.numbers.capture * self.members * ground.capture

    def lose_to_crowding(self) -> float:
        """Members who leave because the cartel is too large to use them [people]."""
        return min(self.numbers.saturation * self.members, 1.0) * self.members

    def lose_to_strikes(self, month: CartelMonth) -> float:
        """Members removed by military strikes [people]."""
        return self.numbers.struck * month.strikes * self.members

    def fight(self, month: CartelMonth, ground: Ground) -> float:
        """Members killed by the other cartels [people]."""
        heat = self.heat
        deaths = self.numbers.conflict * heat * (month.heat - heat) * ground.stake / ground.order
        return min(deaths, self.members)

    def leader_falls(self, month: CartelMonth, when: int) -> bool:
        """Whether the leader falls this month."""
        return self.luck(when, Event.LEADER_FALLS) < month.p_leader_falls

    def split(self, when: int) -> "Cartel":
        """Break in two hostile parts; returns the new one."""
        least = self.numbers.smallest_part
        part = least + (1.0 - 2.0 * least) * die(self.address, when, Event.SPLIT)
        key = address(self.address, when)
        other = Cartel(self.model, self.numbers, self.home, key, self.members * (1.0 - part))
        self.members *= part
        self.hostility += (1.0 + self.hostility) * self.numbers.hostility_after_split
        other.hostility = self.hostility
        other.recruitment = self.recruitment
        other.routes = self.routes
        return other

    def absorb(self, other: "Cartel") -> None:
        """Take in the members of `other`, which ends."""
        total = self.members + other.members
        if total > 0.0:
            mine, theirs = self.members / total, other.members / total
            self.recruitment = mine * self.recruitment + theirs * other.recruitment
            self.hostility = mine * self.hostility + theirs * other.hostility
            self.routes = tuple(
                mine * here + theirs * there
                for here, there in zip(self.routes, other.routes, strict=True)
            )
        self.members = total
        other.remove()

    @property
    def dissolved(self) -> bool:
        """Whether too few members are left."""
        return self.members < _SMALLEST


def learn_routes(cartels: Sequence[Cartel], better: Sequence[float], learning: float) -> None:
    """All move some of the way towards the corridors where more lands."""
    kept = 1.0 - learning
    before: tuple[float, ...] | None = None
    after: tuple[float, ...] = ()
    for cartel in cartels:
        # Most have the routes of their neighbour, which are moved once.
        if cartel.routes != before:
            before = cartel.routes
            both = zip(before, better, strict=True)
            after = tuple([kept * old + learning * new for old, new in both])
        cartel.routes = after


def members_of(cartels: Sequence[Cartel]) -> float:
    """Members [people] of all these cartels together."""
    return sum([cartel.members for cartel in cartels])


def killed_by_home(cartels: Sequence[Cartel], countries: Sequence[Country]) -> dict[Country, float]:
    """Members killed this month [people] by country of their cartel."""
    return {
        country: sum([cartel.killed for cartel in cartels if cartel.home is country])
        for country in countries
    }


def leaders_fall(cartels: Sequence[Cartel], month: CartelMonth, when: int) -> list[Cartel]:
    """Each leader may fall, and each fall splits a cartel; returns those that arise from it."""
    fallen = [cartel for cartel in cartels if cartel.leader_falls(month, when)]
    return [cartel.split(when) for cartel in fallen]


def small_ones_join(cartels: Sequence[Cartel], numbers: CartelNumbers, when: int) -> list[Cartel]:
    """Each cartel may join with one of the smaller half, the larger taking in the other.

    The dissolved end. Returns those that are left.
    """
    living = list(cartels)
    for cartel in cartels:
        if cartel.dissolved:
            living.remove(cartel)
            cartel.remove()
    for cartel in tuple(living):
        luck = cartel.luck(when, Event.ABSORBS)
        if luck < numbers.absorbs and cartel in living:
            others = sorted((c for c in living if c is not cartel), key=_members)
            smaller = others[: len(living) // 2]
            if smaller:
                # The same die, stretched over its lucky part, names the one taken in.
                joins = smaller[int(luck / numbers.absorbs * len(smaller))]
                kept, ended = sorted((cartel, joins), key=_members, reverse=True)
                living.remove(ended)
                kept.absorb(ended)
    return living


def _members(cartel: Cartel) -> float:
    return cartel.members
