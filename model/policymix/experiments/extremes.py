"""The extreme conditions: arms at the ends of what can be asked, and what must hold there.

A reading is 1 where it holds in a world and 0 where not; the words stand in
`scenarios/ledger/extremes.toml`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from policymix.corridors import N_CORRIDORS
from policymix.experiments.arms import TODAY, Arm, Floats, Lived, Reading, Runs
from policymix.experiments.facts import market
from policymix.hazards import State
from policymix.levers import LEVER_NAMES
from policymix.outcomes import OUTCOMES
from policymix.people import LISTED
from policymix.units import GRAMS_PER_KG, MILLION

if TYPE_CHECKING:
    from policymix.balance import Balanced
    from policymix.model import PolicyModel

_MONTHS: Final = 24
_HUGE: Final = 1_000.0
_CLOSE: Final = 1e-9
"""How far sums may be apart, relative to the largest part: the rounding of floating point."""
_NEVER: Final = 30_000
"""A month that no run reaches."""
_OF_PEOPLE: Final = tuple(
    one.name for one in OUTCOMES if one.unit.startswith("people") and one.name != "cartel_members"
)
_ALONE: Final = (1.0, *(0.0,) * (N_CORRIDORS - 1))
_INTO_ACTIVE: Final = {"start": 0.0, "escalate": 0.0, "relapse": 0.0}


def _rates(**values: float) -> "Callable[[Balanced], Balanced]":
    def changed(balanced: "Balanced") -> "Balanced":
        named: dict[str, Any] = values
        rates = replace(balanced.people.rates, **named)
        return replace(balanced, people=replace(balanced.people, rates=rates))

    return changed


def _nobody_uses(model: "PolicyModel") -> None:
    people = model.people
    for state in LISTED:
        people.state[people.lists[state]] = State.NOT_USING
        people.lists[state] = people.lists[state][:0]


def _no_cartels(model: "PolicyModel") -> None:
    for cartel in model.cartels:
        cartel.remove()


def _nobody_is_let_go(model: "PolicyModel") -> None:
    people = model.people
    for state in (State.TREATMENT, State.CUSTODY_CASUAL, State.CUSTODY_ADDICTED):
        people.clock[people.lists[state]] = _NEVER


def _keen_patrols(balanced: "Balanced") -> "Balanced":
    patrol = replace(balanced.patrol, effectiveness=_HUGE**2 * balanced.patrol.effectiveness)
    return replace(balanced, patrol=patrol)


def _one_corridor(balanced: "Balanced") -> "Balanced":
    patrol = replace(balanced.patrol, flow_today=_ALONE, attraction=_ALONE, belief_today=_ALONE)
    return replace(balanced, patrol=patrol)


def _patrolled_twice(model: "PolicyModel") -> None:
    model.patrol.ordered = (2.0,) * N_CORRIDORS


EXTREME_ARMS: Final[Mapping[str, Arm]] = {
    TODAY: Arm(_MONTHS),
    "other_mix": Arm(
        _MONTHS, scenario="combined", more={"policing": 20.0}, treatment_in_custody=True
    ),
    "no_users": Arm(_MONTHS, change=_rates(start=0.0), begin=_nobody_uses),
    "no_cartels": Arm(_MONTHS, begin=_no_cartels),
    "no_money": Arm(_MONTHS, times=dict.fromkeys(LEVER_NAMES, 0.0)),
    "unlimited_treatment": Arm(_MONTHS, more={"treatment": _HUGE}),
    "everything_seized": Arm(_MONTHS, change=_keen_patrols),
    "no_elasticity": Arm(_MONTHS, assume={"price_elasticity": 0.0}),
    "no_elasticity_dear": Arm(
        _MONTHS, assume={"price_elasticity": 0.0}, change=market(source=10.0)
    ),
    "no_lethality": Arm(_MONTHS, change=_rates(overdose=0.0)),
    "one_corridor": Arm(_MONTHS, change=_one_corridor, begin=_patrolled_twice),
    "no_inflow": Arm(
        _MONTHS,
        change=_rates(**_INTO_ACTIVE, leave_treatment=0.0, release=0.0),
        begin=_nobody_is_let_go,
    ),
}


def _none_of(arm: str, *names: str) -> Reading:
    return _holds(lambda runs: not any(runs[arm].months(name).any() for name in names))


def _holds(rule: Callable[[Runs], bool]) -> Reading:
    return Reading(1, lambda runs: (float(rule(runs)),), lambda share: share)


def _everywhere(rule: Callable[[Lived], bool]) -> Reading:
    """What holds in the baseline and in another mix."""
    return _holds(lambda runs: all(rule(runs[arm]) for arm in (TODAY, "other_mix")))


def _runs_dry(runs: Runs) -> bool:
    run = runs["no_cartels"]
    return not run.months("shipped").any() and run.months("stock")[-1] <= _CLOSE * run.start(
        "stock"
    )


def _unspent(runs: Runs) -> bool:
    run = runs["unlimited_treatment"]
    is_bounded = (run.months("in_treatment") <= run.months("addicted")).all()
    return bool(is_bounded and (run.months("unspent") > 0.5 * run.months("budget")).all())


def _nobody_moved(runs: Runs) -> bool:
    arms = (runs["no_elasticity"], runs["no_elasticity_dear"])
    cheap, dear = (arm.months("retail_price") for arm in arms)
    one, other = ([arm.months(name) for name in _OF_PEOPLE] for arm in arms)
    return bool(np.array_equal(one, other) and (dear > cheap).all())


def _not_rerouted(runs: Runs) -> bool:
    run = runs["one_corridor"]
    return _same(run.months("corridor_1_shipped"), run.months("shipped"))


def _never_rises(runs: Runs) -> bool:
    run = runs["no_inflow"]
    active = np.array([run.start("active_addiction"), *run.months("active_addiction")])
    return bool((np.diff(active) <= 0.0).all())


def _people(run: Lived) -> bool:
    held = run.whole("incarcerated") - run.whole("addicted_in_custody")
    everyone = held + sum(
        run.whole(name) for name in ("not_using", "casual_users", "addicted", "in_recovery")
    )
    parts = ("active_addiction", "in_treatment", "addicted_in_custody")
    is_split = _same(run.whole("addicted"), sum(run.whole(name) for name in parts))
    return is_split and _same(everyone, np.full_like(everyone, everyone[0]))


def _grams(run: Lived) -> bool:
    taken = run.months("seized") + run.months("destroyed") + run.months("delivered")
    left = run.whole("stock")[:-1] + run.months("delivered") - run.months("consumption")
    return _same(run.months("shipped"), taken) and _same(left, run.months("stock"))


def _dollars(run: Lived) -> bool:
    by_lever = sum(run.months(f"spent_{name}") for name in LEVER_NAMES)
    paid = run.months("retail_price") * run.months("consumption") * GRAMS_PER_KG / MILLION
    parts = ("cartel_costs", "bribes", "confiscated", "cartel_profit")
    received = run.months("dealer_revenue") + sum(run.months(name) for name in parts)
    spending = run.months("retail_spending")
    return (
        _same(run.months("budget"), run.months("spent") + run.months("unspent"))
        and _same(run.months("spent"), by_lever)
        and _same(spending, paid)
        and _same(spending, received)
    )


def _same(one: Floats, other: Any) -> bool:
    largest = max(float(np.abs(one).max()), 1.0)
    return bool(np.allclose(one, other, rtol=0.0, atol=_CLOSE * largest))


EXTREME_READINGS: Final[Mapping[str, Reading]] = {
    "no_users": _none_of("no_users", "cartel_revenue", "started_using", "consumption"),
    "no_cartels": _holds(_runs_dry),
    "no_money": _none_of(
        "no_money", "arrests", "treatment_entries", "seized", "destroyed", "leaders_fallen", "spent"
    ),
    "unlimited_treatment": _holds(_unspent),
    "everything_seized": _holds(
        lambda runs: bool(runs["everything_seized"].months("price_at_bound")[-1])
    ),
    "no_elasticity": _holds(_nobody_moved),
    "no_lethality": _none_of("no_lethality", "overdose_deaths", "expected_deaths"),
    "one_corridor": _holds(_not_rerouted),
    "no_inflow": _holds(_never_rises),
    "people_conserved": _everywhere(_people),
    "grams_conserved": _everywhere(_grams),
    "dollars_conserved": _everywhere(_dollars),
}
