"""The extreme conditions: arms at the ends of what can be asked, and what must hold there.

A reading is 1 where it holds in a world and 0 where not; the words stand in
`scenarios/ledger/extremes.toml`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from policymix.corridors import N_CORRIDORS
from policymix.experiments.arms import TODAY, Arm, Reading, Runs
from policymix.experiments.facts import market, rates
from policymix.experiments.laws import (
    ROUNDING,
    Law,
    addiction_changes_by_its_flows,
    broken,
    custody_changes_by_its_flows,
    every_dollar_is_spent_or_unspent,
    every_gram_shipped_is_seized_destroyed_or_delivered,
    everyone_is_somewhere_once,
    nobody_with_addiction_is_hidden_by_a_new_name,
    those_not_using_change_by_their_flows,
    what_users_pay_is_what_all_others_get,
)
from policymix.hazards import State
from policymix.levers import LEVER_NAMES
from policymix.outcomes import OUTCOMES
from policymix.people import LISTED

if TYPE_CHECKING:
    from policymix.balance import Balanced
    from policymix.model import PolicyModel

_MONTHS: Final = 24
_FIRST: Final = (1, 1)
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
    "no_users": Arm(_MONTHS, change=rates(start=0.0), begin=_nobody_uses),
    "no_cartels": Arm(_MONTHS, begin=_no_cartels),
    "no_money": Arm(_MONTHS, times=dict.fromkeys(LEVER_NAMES, 0.0)),
    "only_kits": Arm(
        _MONTHS,
        times={name: float(name == "harm_reduction") for name in LEVER_NAMES},
    ),
    "unlimited_treatment": Arm(_MONTHS, more={"treatment": _HUGE}),
    "twice_unlimited": Arm(_MONTHS, more={"treatment": 2.0 * _HUGE}),
    "everything_seized": Arm(_MONTHS, change=_keen_patrols),
    "no_elasticity": Arm(_MONTHS, assume={"price_elasticity": 0.0}),
    "no_elasticity_dear": Arm(
        _MONTHS, assume={"price_elasticity": 0.0}, change=market(source=10.0)
    ),
    "no_lethality": Arm(_MONTHS, change=rates(overdose=0.0)),
    "one_corridor": Arm(_MONTHS, change=_one_corridor, begin=_patrolled_twice),
    "no_inflow": Arm(
        _MONTHS,
        change=rates(**_INTO_ACTIVE, leave_treatment=0.0, release=0.0),
        begin=_nobody_is_let_go,
    ),
}


def _none_of(arm: str, *names: str) -> Reading:
    return _holds(lambda runs: not any(runs[arm].months(name).any() for name in names))


def _holds(rule: Callable[[Runs], bool]) -> Reading:
    return Reading(1, lambda runs: (float(rule(runs)),), lambda share: share)


def _runs_dry(runs: Runs) -> bool:
    run = runs["no_cartels"]
    return not run.months("shipped").any() and run.months("stock")[-1] <= _CLOSE * run.start(
        "stock"
    )


def _no_more_patients(runs: Runs) -> bool:
    """Twice as much money treats nobody more, and most of it is unspent."""
    once, twice = runs["unlimited_treatment"], runs["twice_unlimited"]
    same = np.array_equal(once.whole("in_treatment"), twice.whole("in_treatment"))
    return same and bool((once.months("unspent") > 0.5 * once.months("budget")).all())


def _nothing_bought(runs: Runs) -> bool:
    run, kits = runs["no_money"], runs["only_kits"]
    bought = ("arrests", "treatment_entries", "seized", "destroyed", "leaders_fallen", "spent")
    is_nothing = not any(run.months(name).any() for name in bought)
    return is_nothing and run.mean("expected_deaths", _FIRST) >= kits.mean(
        "expected_deaths", _FIRST
    )


def _nobody_moved(runs: Runs) -> bool:
    arms = (runs["no_elasticity"], runs["no_elasticity_dear"])
    cheap, dear = (arm.months("retail_price") for arm in arms)
    one, other = ([arm.months(name) for name in _OF_PEOPLE] for arm in arms)
    return bool(np.array_equal(one, other) and (dear > cheap).all())


def _not_rerouted(runs: Runs) -> bool:
    run = runs["one_corridor"]
    alone, everything = run.months("corridor_1_shipped"), run.months("shipped")
    return bool(np.allclose(alone, everything, rtol=_CLOSE))


def _never_rises(runs: Runs) -> bool:
    run = runs["no_inflow"]
    active = np.array([run.start("active_addiction"), *run.months("active_addiction")])
    return bool((np.diff(active) <= 0.0).all())


def _kept(*laws: Law) -> Reading:
    """Laws of conservation, in the baseline and in another mix."""
    return _holds(
        lambda runs: all(
            broken(runs[arm].outcomes(), law) <= ROUNDING
            for arm in (TODAY, "other_mix")
            for law in laws
        )
    )


EXTREME_READINGS: Final[Mapping[str, Reading]] = {
    "no_users": _none_of("no_users", "cartel_revenue", "started_using", "consumption"),
    "no_cartels": _holds(_runs_dry),
    "no_money": _holds(_nothing_bought),
    "unlimited_treatment": _holds(_no_more_patients),
    "everything_seized": _holds(
        lambda runs: bool(runs["everything_seized"].months("price_at_bound")[-1])
    ),
    "no_elasticity": _holds(_nobody_moved),
    "no_lethality": _none_of("no_lethality", "overdose_deaths", "expected_deaths"),
    "one_corridor": _holds(_not_rerouted),
    "no_inflow": _holds(_never_rises),
    "people_conserved": _kept(
        everyone_is_somewhere_once,
        nobody_with_addiction_is_hidden_by_a_new_name,
        addiction_changes_by_its_flows,
        custody_changes_by_its_flows,
        those_not_using_change_by_their_flows,
    ),
    "grams_conserved": _kept(every_gram_shipped_is_seized_destroyed_or_delivered),
    "dollars_conserved": _kept(
        every_dollar_is_spent_or_unspent, what_users_pay_is_what_all_others_get
    ),
}
