"""PolicyModel: builds the world, hands each room its slice, plays one month phase by phase."""

from math import nan
from operator import itemgetter
from typing import Final

import mesa
import numpy as np
from numpy.typing import NDArray

from policymix.balance import Balanced, balance
from policymix.cartels import Cartel, CartelMonth, leaders_fall, members_of, small_ones_join
from policymix.corridors import ACTIVE_SHARE, COUNTRIES, COUNTRY_OF_CORRIDOR, N_CORRIDORS
from policymix.dice import address
from policymix.errors import InputError
from policymix.funder import Funder
from policymix.governments import Country, CountryMonth, Patrol, better_routes
from policymix.hazards import State
from policymix.lives import Lives
from policymix.market import Market, Supply, sales_today
from policymix.measure import corridor_outcomes, market_outcomes, people_outcomes
from policymix.outcomes import OUTCOME_NAMES
from policymix.people import People, initial_population
from policymix.problems import shown
from policymix.scenario import SETUP_BOUNDS, Scenario, load_scenario

MONTH: Final = (
    "governments_spend",
    "cartels_ship",
    "patrols_seize",
    "market_clears",
    "people_live",
    "cartels_change",
    "institutions_drift",
    "outcomes_recorded",
)
"""One month, in this order: each is a method of `PolicyModel`."""
_EMPTY_ROW: Final = dict.fromkeys(OUTCOME_NAMES, nan)
_IN_ORDER: Final = itemgetter(*OUTCOME_NAMES)
AGAINST_CARTELS: Final = ("leader_removal", "military_strikes", "financial_targeting")
"""Levers whose money finds no use when there are no cartels."""


class PolicyModel(mesa.Model):
    """The toy world under one scenario: an ordinary Mesa model, one step a month.

    `seed` addresses every die of the run. `balanced` and `start` may be prepared once and used
    for many runs (`policymix.balance.balance`, `policymix.people.initial_population`); a `start`
    is lived in, so pass a copy. With `collect` false no Mesa data collector is kept.
    `records`, shape (months so far + 1, outcomes), holds every month; row 0 is the balanced start.

    Raises InputError for a seed that is not a non-negative whole number, and
    ImpossibleWorldError for a world without a balance.
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        seed: int = 1,
        balanced: Balanced | None = None,
        start: People | None = None,
        collect: bool = True,
    ) -> None:
        if not isinstance(scenario, Scenario | None):
            raise InputError(
                f"scenario: read {shown(scenario)}, allowed is what load_scenario returns"
            )
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise InputError(f"seed: read {seed!r}, allowed is a whole number from 0")
        super().__init__(rng=int(seed))
        self.policy = scenario or load_scenario("baseline")
        self.seed_of_dice = seed
        setup = self.policy.setup
        self.balanced = balanced or balance(self.policy.world(), setup.cartels)
        self.people = start or initial_population(self.balanced, setup.people, seed)
        self.month = 0
        self._build()
        self._rows: list[list[float]] = []
        self.outcomes_recorded()
        self.datacollector = self._collector() if collect else None
        if self.datacollector:
            self.datacollector.collect(self)

    def _build(self) -> None:
        b = self.balanced
        self.funder = Funder(self.policy, b.curves)
        self.market = Market(b.market)
        self.lives = Lives(self.people)
        self.countries = [
            Country(self, name, numbers)
            for name, numbers in zip(COUNTRIES, b.countries, strict=True)
        ]
        self.patrol = Patrol(self, b.patrol)
        for rank, size in enumerate(b.cartels.sizes):
            home = self.countries[b.cartels.homes[rank]]
            key = address(self.seed_of_dice, rank)
            cartel = Cartel(self, b.cartels, home, key, size)
            cartel.recruitment = b.cartels.recruitment[rank]
            cartel.routes = b.patrol.flow_today
        self.flow = b.patrol.flow_today
        self.today = sales_today(b.market)
        self.n_fallen = 0

    @property
    def cartels(self) -> list[Cartel]:
        """The cartels that exist, in the order in which they arose."""
        return list(self.agents_by_type.get(Cartel, ()))

    @property
    def records(self) -> NDArray[np.float64]:
        """Shape (months so far + 1, outcomes), in the order of `OUTCOME_NAMES`; copied."""
        return np.array(self._rows)

    def step(self) -> None:
        """One month, verb by verb."""
        if self.month == SETUP_BOUNDS["months"][1]:
            raise InputError(f"a run has at most {self.month} months")
        self.month += 1
        for verb in MONTH:
            getattr(self, verb)()
        self.running = self.month < self.policy.setup.months
        if self.datacollector:
            self.datacollector.collect(self)

    def run(self) -> NDArray[np.float64]:
        """All months that the scenario's setup asks for; returns `records`."""
        while self.month < self.policy.setup.months:
            self.step()
        return self.records

    def governments_spend(self) -> None:
        """The mix of this month becomes volumes."""
        self.funder.spend(self.month)

    def cartels_ship(self) -> None:
        """Cartels share the shipments by membership, each over its own routes [kg]."""
        cartels = self.cartels
        members = members_of(cartels)
        self.shipped = self.market.shipments if members > 0.0 else 0.0
        if members > 0.0:
            self.flow = tuple(
                sum([cartel.members * cartel.routes[corridor] for cartel in cartels]) / members
                for corridor in range(N_CORRIDORS)
            )

    def patrols_seize(self) -> None:
        """Patrols and strikes take their part; both sides learn from it."""
        volume, patrol = self.funder.volume, self.patrol
        patrol.volume, patrol.strikes = volume["interdiction"], volume["military_strikes"]
        patrol.informed = min(patrol.numbers.informed_today * volume["intelligence"], 1.0)
        losses = patrol.losses([self.countries[c].rel_law for c in COUNTRY_OF_CORRIDOR])
        self.seized_by_corridor = tuple(
            self.shipped * share * taken
            for share, taken in zip(self.flow, losses.seized, strict=True)
        )
        self.destroyed = self.shipped * sum(
            share * struck for share, struck in zip(self.flow, losses.destroyed, strict=True)
        )
        patrol.yields = tuple(
            seized / effort if effort > 0.0 else 0.0
            for seized, effort in zip(self.seized_by_corridor, patrol.effort(), strict=True)
        )
        patrol.step()
        better = better_routes(patrol.numbers, losses)
        for cartel in self.cartels:
            cartel.learn_routes(better, patrol.numbers.route_learning)

    def market_clears(self) -> None:
        """Price and quantity from what was delivered and what people want."""
        numbers, volume = self.market.numbers, self.funder.volume
        supply = Supply(
            shipped=self.shipped,
            seized=sum(self.seized_by_corridor),
            destroyed=self.destroyed,
            members=members_of(self.cartels),
            confiscated_share=min(
                numbers.confiscated_share * volume["financial_targeting"], 1.0 - numbers.bribe_share
            ),
            policing=volume["policing"],
        )
        self.supply, self.sales = supply, self.market.clear(supply, self._wanted())

    def people_live(self) -> None:
        """Everyone lives a month under this month's price, law and services."""
        responses = self.balanced.responses
        now = responses.conditions(
            self.funder.volume,
            rel_price=self.market.rel_price,
            potency=responses.potency(self.seed_of_dice, self.month),
            custody_treatment=self._share_treated_in_custody(),
        )
        self.lives.live_month(self.month, now)

    def _share_treated_in_custody(self) -> float:
        """Of addicted people in custody, those whom this month's treatment places reach."""
        held = self.people.count(State.CUSTODY_ADDICTED)
        if not self.funder.custody_treatment or held <= 0.0:
            return 0.0
        places = self.balanced.responses.places_today * self.funder.volume["treatment"]
        return min(places / held, 1.0)

    def cartels_change(self) -> None:
        """Members come and go, leaders fall, the small are absorbed."""
        cartels, volume, numbers = self.cartels, self.funder.volume, self.balanced.cartels
        members = members_of(cartels)
        rel_profit = self.sales.cartel_profit / self.today.cartel_profit
        rel_members = max(members, 1.0) / numbers.members_today
        # As patrols' effort: the informed part answers intelligence, the rest goes on without.
        knowledge = 1.0 - self.patrol.numbers.informed_today + self.patrol.informed
        self.cartel_month = CartelMonth(
            rel_profit_per_member=rel_profit / rel_members,
            rel_revenue=self.sales.cartel_revenue / self.today.cartel_revenue,
            strikes=volume["military_strikes"],
            falls=numbers.falls * volume["leader_removal"] * knowledge,
            heat=sum([cartel.heat for cartel in cartels]),
            n_cartels=len(cartels),
        )
        for cartel in cartels:
            cartel.step()
        self.killed = {
            country: sum([cartel.killed for cartel in cartels if cartel.home is country])
            for country in self.countries
        }
        self.n_fallen = leaders_fall(cartels, self.cartel_month, self.month)
        small_ones_join(self.cartels, numbers, self.month)

    def institutions_drift(self) -> None:
        """Countries answer bribes, violence, strikes, courts and jobs."""
        volume, numbers = self.funder.volume, self.balanced.cartels
        # Where nobody bribes today, nobody does later, and that is no change.
        rel_bribes = self.sales.bribes / self.today.bribes if self.today.bribes > 0.0 else 1.0
        homes = {cartel.home for cartel in self.cartels}
        for index, country in enumerate(self.countries):
            here = sum(
                share
                for share, where in zip(self.flow, COUNTRY_OF_CORRIDOR, strict=True)
                if where == index
            )
            country.met = CountryMonth(
                rel_bribes=rel_bribes,
                rel_bribes_here=rel_bribes * here,
                rel_violence=numbers.rel_violence(self.killed[country]),
                rel_strikes=volume["military_strikes"],
                anti_corruption=volume["anti_corruption"],
                development=volume["development"],
                has_cartels=country in homes,
            )
            country.step()

    def outcomes_recorded(self) -> None:
        """One row of outcomes, in the order of `OUTCOME_NAMES`."""
        row = {**people_outcomes(self.lives), **self._world_outcomes()}
        if self.month > 0:
            row |= market_outcomes(self.supply, self.sales)
            row |= corridor_outcomes(self.shipped, self.flow, self.seized_by_corridor)
            row |= self.funder.account(self._used())
            row["violence"] = sum(self.killed.values())
            row["leaders_fallen"] = float(self.n_fallen)
        self._rows.append(list(_IN_ORDER(_EMPTY_ROW | row)))

    def _world_outcomes(self) -> dict[str, float]:
        cartels = self.cartels
        return {
            "retail_price": self.market.rel_price * self.market.numbers.price_today,
            "price_at_bound": float(self.market.is_at_bound),
            "stock": self.market.stock,
            "cartel_members": members_of(cartels),
            "cartels": float(len(cartels)),
            "active_corridors": float(sum(share > ACTIVE_SHARE for share in self.flow)),
            "institutional_strength": sum(c.strength for c in self.countries) / len(COUNTRIES),
        }

    def _wanted(self) -> float:
        count = self.people.count
        return self.market.wanted_today(
            count(State.CASUAL), count(State.ACTIVE), count(State.TREATMENT)
        )

    def _used(self) -> dict[str, float]:
        """Volumes that found a use, of levers that can buy more than can be used."""
        custody = self.people.weight * self.lives.places_used_in_custody
        treated = self.people.count(State.TREATMENT) + custody
        used = {
            "treatment": treated / self.balanced.responses.places_today,
            "prevention": self.balanced.responses.most_prevention(),
        }
        if not self.cartels:
            used |= dict.fromkeys(AGAINST_CARTELS, 0.0)
        return used

    def _collector(self) -> mesa.DataCollector:
        reporters = {
            name: (lambda model, index=index: model._rows[-1][index])
            for index, name in enumerate(OUTCOME_NAMES)
        }
        return mesa.DataCollector(model_reporters=reporters)
