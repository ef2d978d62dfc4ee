"""PolicyModel: builds the world, hands each room its slice, plays one month phase by phase."""

from functools import cached_property
from math import nan
from operator import itemgetter
from typing import Final

import mesa
import numpy as np
from numpy.typing import NDArray

from policymix.balance import Balanced, balance
from policymix.cartels import (
    Cartel,
    CartelMonth,
    killed_by_home,
    leaders_fall,
    learn_routes,
    members_of,
    small_ones_join,
)
from policymix.corridors import CORRIDORS_OF_COUNTRY, COUNTRIES, N_CORRIDORS
from policymix.dice import DiceAhead, Event, address
from policymix.errors import InputError
from policymix.funder import Funder
from policymix.governments import Country, CountryMonth, Patrol, better_routes, law_by_corridor
from policymix.hazards import Conditions, State
from policymix.lives import Lives
from policymix.market import Market, Supply, sales_today
from policymix.measure import (
    corridor_outcomes,
    market_outcomes,
    people_outcomes,
    volumes_used,
    world_outcomes,
)
from policymix.outcomes import OUTCOME_NAMES
from policymix.people import People
from policymix.peopling import initial_population
from policymix.problems import shown
from policymix.scenario import SETUP_BOUNDS, Scenario, load_scenario
from policymix.tallies import Tally

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
_CORRIDORS: Final = range(N_CORRIDORS)


class PolicyModel(mesa.Model):
    """The toy world under one scenario: an ordinary Mesa model, one step a month.

    `seed` addresses every die of the run. `balanced` and `start` may be prepared once and used
    for many runs (`policymix.balance.balance`, `policymix.peopling.initial_population`); a `start`
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
        self._luck = DiceAhead(address(seed), Event.POTENCY)
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
        self.lived = Tally()
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
        self._cartels = self.cartels
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
        self.begin_month()
        for verb in MONTH:
            getattr(self, verb)()
        self.end_month()

    def begin_month(self) -> None:
        """The next month; raises InputError after the last one that a run may have."""
        if self.month == SETUP_BOUNDS["months"][1]:
            raise InputError(f"a run has at most {self.month} months")
        self.month += 1
        self._cartels = self.cartels

    def end_month(self) -> None:
        """Look whether it was the last one, and let Mesa's collector see it."""
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
        cartels = self._cartels
        members = members_of(cartels)
        self.shipped = self.market.shipments if members > 0.0 else 0.0
        if members > 0.0:
            loads = [(cartel.members, cartel.routes) for cartel in cartels]
            self.flow = tuple(
                [sum([n * routes[at] for n, routes in loads]) / members for at in _CORRIDORS]
            )

    def patrols_seize(self) -> None:
        """Patrols and strikes take their part; both sides learn from it."""
        volume, patrol, numbers = self.funder.volume, self.patrol, self.patrol.numbers
        patrol.volume, patrol.strikes = volume["interdiction"], volume["military_strikes"]
        patrol.informed = min(numbers.informed_today * volume["intelligence"], 1.0)
        losses = patrol.losses(law_by_corridor(self.countries))
        taken = zip(self.flow, losses.seized, strict=True)
        self.seized_by_corridor = tuple([self.shipped * flow * share for flow, share in taken])
        struck = zip(self.flow, losses.destroyed, strict=True)
        self.destroyed = self.shipped * sum([flow * share for flow, share in struck])
        found = zip(self.seized_by_corridor, losses.effort, strict=True)
        patrol.yields = tuple([seized / effort if effort else 0.0 for seized, effort in found])
        patrol.step()
        learn_routes(self._cartels, better_routes(numbers, losses), numbers.route_learning)

    def market_clears(self) -> None:
        """Price and quantity from what was delivered and what people want."""
        numbers, volume = self.market.numbers, self.funder.volume
        supply = Supply(
            shipped=self.shipped,
            seized=sum(self.seized_by_corridor),
            destroyed=self.destroyed,
            members=members_of(self._cartels),
            confiscated_share=min(
                numbers.confiscated_share * volume["financial_targeting"], 1.0 - numbers.bribe_share
            ),
            policing=volume["policing"],
        )
        self.supply, self.sales = supply, self.market.clear(supply, self._wanted())

    def people_live(self) -> None:
        """Everyone lives a month under this month's price, law and services."""
        self.lives.live_month(self.month, self.conditions())
        self.lived = self.lives.tallies[0]

    @cached_property
    def lives(self) -> Lives:
        """Moves these people; a model that runs together with others needs none of its own."""
        return Lives(self.people)

    def conditions(self) -> Conditions:
        """What this month brings to people."""
        responses = self.balanced.responses
        return responses.conditions(
            self.funder.volume,
            rel_price=self.market.rel_price,
            potency=responses.potency(self._luck(self.month, Event.POTENCY), self.month),
            custody_treatment=self._share_treated_in_custody(),
        )

    def _share_treated_in_custody(self) -> float:
        """Of addicted people in custody, those whom this month's treatment places reach."""
        held = self.people.count(State.CUSTODY_ADDICTED)
        if not self.funder.custody_treatment or held <= 0.0:
            return 0.0
        places = self.balanced.responses.places_today * self.funder.volume["treatment"]
        return min(places / held, 1.0)

    def cartels_change(self) -> None:
        """Members come and go, leaders fall, the small are absorbed."""
        cartels, volume, numbers = self._cartels, self.funder.volume, self.balanced.cartels
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
        self.killed = killed_by_home(cartels, self.countries)
        arisen = leaders_fall(cartels, self.cartel_month, self.month)
        self.n_fallen = len(arisen)
        self._cartels = small_ones_join(cartels + arisen, numbers, self.month)

    def institutions_drift(self) -> None:
        """Countries answer bribes, violence, strikes, courts and jobs."""
        volume, numbers = self.funder.volume, self.balanced.cartels
        # Where nobody bribes today, nobody does later, and that is no change.
        rel_bribes = self.sales.bribes / self.today.bribes if self.today.bribes > 0.0 else 1.0
        homes = {cartel.home for cartel in self._cartels}
        for corridors, country in zip(CORRIDORS_OF_COUNTRY, self.countries, strict=True):
            here = sum([self.flow[at] for at in corridors])
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
        row = people_outcomes(self.people, self.lived)
        row |= world_outcomes(self.market, self._cartels, self.flow, self.countries)
        if self.month == 0:
            row = _EMPTY_ROW | row
        else:
            row |= market_outcomes(self.supply, self.sales)
            row |= corridor_outcomes(self.shipped, self.flow, self.seized_by_corridor)
            used = self.people, self.lived, self.balanced.responses
            row |= self.funder.account(volumes_used(*used, has_cartels=bool(self._cartels)))
            row["violence"] = sum(self.killed.values())
            row["leaders_fallen"] = float(self.n_fallen)
        self._rows.append(list(_IN_ORDER(row)))

    def _wanted(self) -> float:
        weight, n = self.people.weight, self.people.sizes()
        users = (State.CASUAL, State.ACTIVE, State.TREATMENT)
        return self.market.wanted_today(*[weight * n[state] for state in users])

    def _collector(self) -> mesa.DataCollector:
        reporters = {
            name: (lambda model, index=index: model._rows[-1][index])
            for index, name in enumerate(OUTCOME_NAMES)
        }
        return mesa.DataCollector(model_reporters=reporters)
