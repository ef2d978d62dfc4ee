"""The experiments that put arguments about drug policy to the model: arms, and what is read off.

What is claimed stands in `scenarios/ledger/claims.toml`; nothing of it is used here.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from policymix.assumptions import central_world
from policymix.experiments.arms import (
    TODAY,
    Arm,
    Reading,
    Runs,
    Span,
    change,
    change_between,
    percent_change,
)
from policymix.experiments.facts import BILLIONS, TEN_YEARS, TENTH_YEAR, buying
from policymix.hazards import State
from policymix.levers import LEVERS_OF_SIDE, Side, today_spend

if TYPE_CHECKING:
    from policymix.model import PolicyModel

_LATER: Final = (61, 120)
_SIDES_ALONE: Final = ("supply_first", "demand_first", "cooperation_first")


def _split_as_today(side: Side) -> Mapping[str, float]:
    """`BILLIONS` more for a side, over its levers as today's money is."""
    today = today_spend(central_world())
    whole = sum(today[name] for name in LEVERS_OF_SIDE[side])
    return {name: BILLIONS * today[name] / whole for name in LEVERS_OF_SIDE[side]}


def _no_casual_users(model: "PolicyModel") -> None:
    people = model.people
    people.state[people.lists[State.CASUAL]] = State.NOT_USING
    people.lists[State.CASUAL] = people.lists[State.CASUAL][:0]


def _burden_stays(model: "PolicyModel") -> None:
    people = model.people
    start = people.start
    people.burden = start.burden_today * start.burden[people.slotted.community_kind]


def _more(name: str) -> Arm:
    return Arm(120, more={name: BILLIONS})


_NO_SUPPLY: Final = dict.fromkeys(LEVERS_OF_SIDE["supply"], 0.0)
CLAIM_ARMS: Final[Mapping[str, Arm]] = {
    **{name: Arm(120, scenario=name) for name in (*_SIDES_ALONE, "combined")},
    "more_supply": Arm(120, more=_split_as_today("supply")),
    "more_demand": Arm(120, more=_split_as_today("demand")),
    "no_casual_users": Arm(1, begin=_no_casual_users),
    "custody_twice_unburdened": Arm(120, volumes=buying(policing=2.0), each_month=_burden_stays),
    "more_cooperation": Arm(120, more=_split_as_today("cooperation")),
    **{
        f"more_{name}": _more(name)
        for name in ("harm_reduction", "mental_health", "intelligence", "development")
    },
    "half_interdiction": Arm(120, times={"interdiction": 0.5}),
    "no_supply": Arm(120, times=_NO_SUPPLY),
    "no_supply_treatment": Arm(120, times=_NO_SUPPLY, more={"treatment": BILLIONS}),
}


def _users(runs: Runs) -> tuple[float, ...]:
    return tuple(
        sum(runs[arm].mean(name, TENTH_YEAR) for name in ("casual_users", "addicted"))
        for arm in ("no_supply_treatment", "no_supply")
    )


def _less_the_best(name: str, span: Span) -> Reading:
    """The change under `combined` less the lowest of those under one side alone [% points]."""
    arms = ("combined", *_SIDES_ALONE, TODAY)

    def parts(runs: Runs) -> tuple[float, ...]:
        return tuple(runs[arm].mean(name, span) for arm in arms)

    def value(combined: float, *rest: float) -> float:
        *alone, today = rest
        best = min(percent_change(one, today) for one in alone)
        return percent_change(combined, today) - best

    return Reading(len(arms), parts, value)


CLAIM_READINGS: Final[Mapping[str, Reading]] = {
    "linear_punitive.addicted": change("supply_first", "addicted", TENTH_YEAR),
    "linear_punitive.revenue": change("supply_first", "cartel_revenue", TENTH_YEAR),
    "linear_punitive.profit": change("supply_first", "cartel_profit", TENTH_YEAR),
    "linear_punitive.added_addicted": change("more_supply", "addicted", TENTH_YEAR),
    "linear_punitive.added_revenue": change("more_supply", "cartel_revenue", TENTH_YEAR),
    "linear_punitive.added_profit": change("more_supply", "cartel_profit", TENTH_YEAR),
    "demand_drives_revenue.driver": change("no_casual_users", "wanted_at_start", (1, 1)),
    "demand_drives_revenue.revenue": change_between(
        "more_demand", "more_interdiction", "cartel_revenue", TENTH_YEAR
    ),
    "demand_drives_revenue.profit": change_between(
        "more_demand", "more_interdiction", "cartel_profit", TENTH_YEAR
    ),
    "prison_and_deaths.deaths": change("custody_twice", "expected_deaths", TEN_YEARS),
    "prison_and_communities.started": change("custody_twice", "started_using", _LATER),
    "prison_and_communities.burden": change(
        "custody_twice", "started_using", _LATER, against="custody_twice_unburdened"
    ),
    "military.violence": change("more_strikes", "violence", TEN_YEARS),
    "military.revenue": change_between("more_strikes", "more_demand", "cartel_revenue", TENTH_YEAR),
    "military.profit": change_between("more_strikes", "more_demand", "cartel_profit", TENTH_YEAR),
    "health_levers.treatment_use": change("more_treatment", "consumption", TEN_YEARS),
    "health_levers.kits_deaths": change("more_harm_reduction", "expected_deaths", TEN_YEARS),
    "health_levers.kits_addicted": change("more_harm_reduction", "addicted", TENTH_YEAR),
    "health_levers.care_deaths": change("more_mental_health", "expected_deaths", TEN_YEARS),
    "health_levers.care_addicted": change("more_mental_health", "addicted", TENTH_YEAR),
    "cooperation.intelligence": change("more_intelligence", "cartel_members", TENTH_YEAR),
    "cooperation.development": change("more_development", "cartel_members", TENTH_YEAR),
    "cooperation.anti_corruption": change("more_anti_corruption", "cartel_members", TENTH_YEAR),
    **{
        f"cooperation.{lever}_institutions": change(
            f"more_{lever}", "institutional_strength", TENTH_YEAR
        )
        for lever in ("intelligence", "development", "anti_corruption")
    },
    "combination.addicted": _less_the_best("addicted", TENTH_YEAR),
    "combination.deaths": _less_the_best("expected_deaths", TEN_YEARS),
    "combination.revenue": _less_the_best("cartel_revenue", TENTH_YEAR),
    "combination.profit": _less_the_best("cartel_profit", TENTH_YEAR),
    "less_interdiction.price": change("half_interdiction", "retail_price", TEN_YEARS),
    "less_interdiction.use": change("half_interdiction", "consumption", TEN_YEARS),
    "policing_and_use.price": change("custody_twice", "retail_price", TEN_YEARS),
    "policing_and_use.use": change("custody_twice", "consumption", TEN_YEARS),
    "room_for_new_users.users": Reading(2, _users, percent_change),
    "lost_to_corruption.members": change("more_cooperation", "cartel_members", TENTH_YEAR),
    "lost_to_corruption.institutions": change(
        "more_cooperation", "institutional_strength", TENTH_YEAR
    ),
}
