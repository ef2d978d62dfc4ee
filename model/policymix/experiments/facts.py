"""The experiments behind the published findings that are replayed: arms, and what is read off them.

What was published, and what is expected, stands in `scenarios/ledger/facts.toml`; nothing of it is
used here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any, Final

from policymix.corridors import COUNTRIES, N_CORRIDORS
from policymix.experiments.arms import TODAY, Arm

if TYPE_CHECKING:
    from policymix.balance import Balanced
    from policymix.governments import Country
    from policymix.model import PolicyModel

BILLIONS: Final = 2.0
"""US dollars a year more for a lever: large enough to be seen, small beside the budget."""
TEN_YEARS: Final = (1, 120)
TENTH_YEAR: Final = (109, 120)
_QUARTER: Final = 3
_FIFTEEN_YEARS: Final = 180
KITS: Final = {"none": 0.0, "few": 200.0, "many": 1500.0}
"""Kits per 100,000 people a year."""
_ELASTIC: Final = {"price_elasticity": -1.5, "share_elasticity_participation": 0.0}
"""All of it in the amount used, which answers at once."""
_SOURCE, _WITH_CARTELS, _WITHOUT = range(len(COUNTRIES))
"""The first transit country is home to the largest cartel, the second to none."""


def market(**fields: float) -> "Callable[[Balanced], Balanced]":
    """Market numbers in times of what they were."""

    def changed(balanced: "Balanced") -> "Balanced":
        numbers = {name: times * getattr(balanced.market, name) for name, times in fields.items()}
        return replace(balanced, market=replace(balanced.market, **numbers))

    return changed


def _confiscating(share: float) -> "Callable[[Balanced], Balanced]":
    def changed(balanced: "Balanced") -> "Balanced":
        return replace(balanced, market=replace(balanced.market, confiscated_share=share))

    return changed


def _captures_doubled(balanced: "Balanced") -> "Balanced":
    cartels = balanced.cartels
    return replace(balanced, cartels=replace(cartels, capture=2.0 * cartels.capture))


def _recruitment_halved(balanced: "Balanced") -> "Balanced":
    halved = tuple(rate / 2.0 for rate in balanced.cartels.recruitment)
    return replace(balanced, cartels=replace(balanced.cartels, recruitment=halved))


def _without_fentanyl(balanced: "Balanced") -> "Balanced":
    responses = replace(balanced.responses, fentanyl_change=-1.0, fentanyl_swing=0.0)
    return replace(balanced, responses=responses)


def _steady(balanced: "Balanced") -> "Balanced":
    responses = replace(balanced.responses, fentanyl_change=0.0, fentanyl_swing=0.0)
    return replace(balanced, responses=responses)


def _less_potent(balanced: "Balanced") -> "Balanced":
    steady = _steady(balanced)
    less = 0.75 * steady.people.rates.overdose
    return rates(overdose=less)(steady)


def rates(**values: float) -> "Callable[[Balanced], Balanced]":
    """Rates of people set to these values [1/month, or as in `PeopleRates`]."""

    def changed(balanced: "Balanced") -> "Balanced":
        named: dict[str, Any] = values
        new = replace(balanced.people.rates, **named)
        return replace(balanced, people=replace(balanced.people, rates=new))

    return changed


def _leader_falls(model: "PolicyModel") -> None:
    home = model.countries[_SOURCE]
    largest = max((c for c in model.cartels if c.home is home), key=lambda one: one.members)
    largest.split(0)


def _busiest_twice(model: "PolicyModel") -> None:
    model.patrol.ordered = (2.0, *(1.0,) * (N_CORRIDORS - 1))


def _supply_cut(model: "PolicyModel") -> None:
    model.market.shipments *= 0.4


def _scarce_for_three_months(model: "PolicyModel") -> None:
    if model.month == 0:
        model.market.shipments *= 0.7
    elif model.month == _QUARTER:
        model.market.shipments /= 0.7


def _jobs_lost(index: int) -> "Callable[[PolicyModel], None]":
    def each_month(model: "PolicyModel") -> None:
        country: Country = model.countries[index]
        country.opportunity = 0.9 * country.numbers.opportunity_today

    return each_month


def buying(**volumes: float) -> "Callable[[Balanced], Mapping[str, float]]":
    """These volumes, relative to today's, in every world."""
    return lambda _balanced: volumes


def _kits(per_100k: float) -> "Callable[[Balanced], Mapping[str, float]]":
    return lambda balanced: {"harm_reduction": per_100k / balanced.responses.kits_today}


def _all_pupils(balanced: "Balanced") -> Mapping[str, float]:
    return {"prevention": balanced.responses.most_prevention()}


def _places_for_the_held(balanced: "Balanced") -> Mapping[str, float]:
    world = balanced.world
    held = world.number("n_in_custody", "people") * world.number("share_custody_addicted", "share")
    return {"treatment": 1.0 + held / balanced.responses.places_today}


FACT_ARMS: Final[Mapping[str, Arm]] = {
    TODAY: Arm(_FIFTEEN_YEARS),
    "leader": Arm(24, begin=_leader_falls),
    "busiest_twice": Arm(24, begin=_busiest_twice),
    "dear_source": Arm(120, change=market(source=2.0)),
    "custody_twice": Arm(120, volumes=buying(policing=2.0)),
    "more_treatment": Arm(_FIFTEEN_YEARS, more={"treatment": BILLIONS}),
    "more_policing": Arm(_FIFTEEN_YEARS, more={"policing": BILLIONS}),
    "more_interdiction": Arm(_FIFTEEN_YEARS, more={"interdiction": BILLIONS}),
    "captures_twice": Arm(60, change=_captures_doubled),
    "recruitment_half": Arm(60, change=_recruitment_halved),
    "scarce": Arm(12, each_month=_scarce_for_three_months),
    "elastic": Arm(12, assume=_ELASTIC),
    "elastic_scarce": Arm(12, assume=_ELASTIC, each_month=_scarce_for_three_months),
    "supply_cut": Arm(36, begin=_supply_cut),
    "treated_in_custody": Arm(120, volumes=_places_for_the_held, treatment_in_custody=True),
    "treated_from_today": Arm(120, treatment_in_custody=True),
    **{f"kits_{name}": Arm(60, volumes=_kits(kits)) for name, kits in KITS.items()},
    "all_pupils": Arm(60, volumes=_all_pupils),
    "steady_potency": Arm(12, change=_steady),
    "no_fentanyl": Arm(12, change=_without_fentanyl),
    "less_potent": Arm(12, change=_less_potent),
    "no_supplier": Arm(1, change=rates(lose_supplier=inf)),
    "more_strikes": Arm(120, more={"military_strikes": BILLIONS}),
    "more_anti_corruption": Arm(120, more={"anti_corruption": BILLIONS}),
    "confiscated_02": Arm(60, change=_confiscating(0.002)),
    "confiscated_1": Arm(60, change=_confiscating(0.01)),
    "confiscated_10": Arm(60, change=_confiscating(0.10)),
    "no_jobs_with": Arm(60, each_month=_jobs_lost(_WITH_CARTELS)),
    "no_jobs_without": Arm(60, each_month=_jobs_lost(_WITHOUT)),
}
