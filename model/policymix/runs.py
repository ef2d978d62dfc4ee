"""Scenarios x replicates -> records: every scenario on the same people with the same dice.

A task is one replicate of all scenarios, so that a world's people are made once and shared.
"""

import copyreg
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched, groupby
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
    from policymix.people import People


def _read_only(values: dict[str, float]) -> MappingProxyType[str, float]:
    return MappingProxyType(values)


# A world's values are read-only mappings, which Python alone does not send to another process.
copyreg.pickle(MappingProxyType, lambda proxy: (_read_only, (dict(proxy),)))

_MAY_BE_NEGATIVE: Final = np.array([o.name in ("cartel_profit", "unspent") for o in OUTCOMES])
_LEAST: Final = -1e-6
_MOST_PEOPLE: Final = 200_000
"""Played side by side: of more, arrays are so long that nothing is won."""
_MOST_RUNS: Final = 16


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
    from policymix.peopling import initial_population

    seed = replicate_seed(plan.seed, replicate)
    starts: dict[int, People] = {}
    for scenario, balanced in zip(plan.scenarios, plan.balanced, strict=True):
        if id(balanced) not in starts:
            starts[id(balanced)] = initial_population(balanced, scenario.setup.people, seed)
    runs = [
        Run(scenario, seed, balanced, starts[id(balanced)], f"replicate {replicate}")
        for scenario, balanced in zip(plan.scenarios, plan.balanced, strict=True)
    ]
    records, ends = [], []
    for model, found in played(runs):
        records.append(found)
        ends.append(ends_of(model.people, model.month))
        weight = model.people.weight
    followed = [crossed(ends[plan.reference], one, weight) for one in ends]
    return Played(np.array(records), np.array(followed))


@dataclass(frozen=True)
class Run:
    """One run of a scenario: `start` are its people, who are copied; `place` names it in errors."""

    scenario: Scenario
    seed: int
    balanced: "Balanced"
    start: "People"
    place: str

    @property
    def kind(self) -> tuple[int, int, int]:
        """The same for runs that may be played side by side."""
        return id(self.start.start), len(self.start), self.scenario.setup.months

    @property
    def name(self) -> str:
        """Says which run it is."""
        return f"{self.scenario.name}, {self.place}"


def played(runs: Iterable[Run]) -> "Iterator[tuple[PolicyModel, Records]]":
    """Every run's model at its end with its records, in order; the model is let go after that.

    Neighbours of one kind are played side by side. Raises StudyError for a run that cannot go on,
    or whose records make no sense.
    """
    for _, alike in groupby(runs, key=lambda run: run.kind):
        those = list(alike)
        at_once = max(min(_MOST_PEOPLE // len(those[0].start), _MOST_RUNS), 1)
        for group in batched(those, at_once):
            models = _at_their_ends(group)
            for run, model in zip(group, models, strict=True):
                yield model, sensible(model.records, run.name)
                let_go(model)


def _at_their_ends(runs: Sequence[Run]) -> "list[PolicyModel]":
    from policymix.together import Together

    models = [_model(run) for run in runs]
    try:
        Together(models).run()
    except ArithmeticError as error:
        if len(runs) > 1:  # whose it is shows when each is alone
            return [model for run in runs for model in _at_their_ends([run])]
        name, month = runs[0].name, models[0].month
        raise StudyError(f"{name}, month {month}: the model cannot go on ({error})") from error
    return models


def _model(run: Run) -> "PolicyModel":
    from policymix.model import PolicyModel

    return PolicyModel(
        run.scenario,
        seed=run.seed,
        balanced=run.balanced,
        start=run.start.copy(),
        collect=False,
    )


def let_go(model: "PolicyModel") -> None:
    """Free everything that a model holds; it cannot be used any more.

    Mesa's models are knots of references: untied, they go at once. Sweeping for them takes as
    long as a run does, because it looks through all that Python has ever imported.
    """
    model.__dict__.clear()


def sensible(records: Records, run: str) -> Records:
    """The same records (months + 1, outcomes), refused where they make no sense.

    Raises StudyError for a number that is not one, infinite, or below zero where nothing can be;
    `run` says which run it is.
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
