"""Scenarios x replicates -> records: every scenario on the same people with the same dice.

A task is one replicate of all scenarios, so that a world's people are made once and shared.
"""

import copyreg
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from policymix.assumptions import central_world
from policymix.chunks import Played, Records, Shapes
from policymix.dice import replicate_seed
from policymix.ends import N_ENDS, crossed, ends_of
from policymix.errors import ImpossibleWorldError
from policymix.outcomes import OUTCOMES
from policymix.pool import StudyError
from policymix.scenario import Scenario

if TYPE_CHECKING:
    from policymix.balance import Balanced
    from policymix.model import PolicyModel


def _read_only(values: dict[str, float]) -> MappingProxyType[str, float]:
    return MappingProxyType(values)


# A world's values are read-only mappings, which Python alone does not send to another process.
copyreg.pickle(MappingProxyType, lambda proxy: (_read_only, (dict(proxy),)))

_MAY_BE_NEGATIVE: Final = np.array([o.name in ("cartel_profit", "unspent") for o in OUTCOMES])
_LEAST: Final = -1e-6


@dataclass(frozen=True)
class Plan:
    """What every replicate plays: the scenarios, and for each the balanced start of its world.

    `reference` is the place of the scenario that all others are compared with.
    """

    scenarios: tuple[Scenario, ...]
    balanced: "tuple[Balanced, ...]"
    seed: int
    reference: int = 0

    def shapes(self, _replicate: int = 0) -> Shapes:
        """The shapes of the arrays of `Played`, the same for every replicate."""
        n = len(self.scenarios)
        months = self.scenarios[0].setup.months
        return {"records": (n, months + 1, len(OUTCOMES)), "ends": (n, N_ENDS, N_ENDS)}


def plan_for(scenarios: Iterable[Scenario], seed: int, reference: int = 0) -> Plan:
    """Balance each scenario's world, equal worlds once. Raises ImpossibleWorldError."""
    scenarios = tuple(scenarios)
    known: dict[tuple[object, ...], Balanced] = {}
    balanced = []
    for scenario in scenarios:
        key = (tuple(sorted(scenario.assumptions.items())), scenario.setup.cartels)
        if key not in known:
            known[key] = balanced_world(scenario)
        balanced.append(known[key])
    return Plan(scenarios, tuple(balanced), seed, reference)


def balanced_world(scenario: Scenario) -> "Balanced":
    """The balanced start of a scenario's world.

    Raises ImpossibleWorldError naming the assumptions that are not the ledger's.
    """
    from policymix.balance import balance

    try:
        return balance(scenario.world(), scenario.setup.cartels)
    except ImpossibleWorldError as error:
        theirs = central_world().values
        changed = [
            f"{name} = {value:.6g} (ledger: {theirs[name]:.6g})"
            for name, value in scenario.assumptions.items()
        ]
        raise ImpossibleWorldError(
            f"{scenario.name}: impossible world: {error}. It has {', '.join(changed)}; values "
            "nearer to the ledger's can be balanced"
        ) from error


def play_replicate(plan: Plan, replicate: int) -> Played:
    """Replicate 0, 1, ... of every scenario, in the shapes `plan.shapes`."""
    from policymix.model import PolicyModel
    from policymix.people import initial_population

    seed = replicate_seed(plan.seed, replicate)
    records = np.empty(plan.shapes()["records"])
    starts, ends = {}, []
    for place, (scenario, balanced) in enumerate(zip(plan.scenarios, plan.balanced, strict=True)):
        if id(balanced) not in starts:
            starts[id(balanced)] = initial_population(balanced, scenario.setup.people, seed)
        model = PolicyModel(
            scenario,
            seed=seed,
            balanced=balanced,
            start=starts[id(balanced)].copy(),
            collect=False,
        )
        records[place] = played_out(model, f"{scenario.name}, replicate {replicate}")
        ends.append(ends_of(model.people, model.month))
        weight = model.people.weight
        let_go(model)
    followed = [crossed(ends[plan.reference], one, weight) for one in ends]
    return Played(records, np.array(followed))


def let_go(model: "PolicyModel") -> None:
    """Free everything that a model holds; it cannot be used any more.

    Mesa's models are knots of references: untied, they go at once. Sweeping for them takes as
    long as a run does, because it looks through all that Python has ever imported.
    """
    model.__dict__.clear()


def played_out(model: "PolicyModel", run: str) -> Records:
    """The records of a run to its end, refused where they make no sense; `run` says which it is.

    Raises StudyError for a number that is not one, infinite, or below zero where nothing can be.
    """
    try:
        records = model.run()
    except ArithmeticError as error:
        raise StudyError(f"{run}, month {model.month}: the model cannot go on ({error})") from error
    return sensible(records, run)


def sensible(records: Records, run: str) -> Records:
    """The same records (months + 1, outcomes), refused where they make no sense.

    Raises StudyError as `played_out` does.
    """
    wrong = ~np.isfinite(records) | ((records < _LEAST) & ~_MAY_BE_NEGATIVE)
    wrong[0] = False  # flows are empty in month 0
    if wrong.any():
        month, column = (int(place) for place in np.argwhere(wrong)[0])
        raise StudyError(
            f"{run}, month {month}: {OUTCOMES[column].name} became "
            f"{records[month, column]:g}, which cannot be. Assumptions far from the ledger's "
            "values can lead there; please report it otherwise."
        )
    return records
