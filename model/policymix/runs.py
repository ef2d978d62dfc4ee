"""Scenarios x replicates -> records: every scenario on the same people with the same dice.

A task is one replicate of all scenarios, so that a world's people are made once and shared.
"""

import copyreg
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from policymix.assumptions import central_world
from policymix.chunks import Played, Records
from policymix.dice import replicate_seed
from policymix.ends import N_ENDS, crossed, ends_of
from policymix.errors import ImpossibleWorldError
from policymix.outcomes import OUTCOMES
from policymix.pool import StartPool, StudyError
from policymix.scenario import Scenario

if TYPE_CHECKING:
    from policymix.balance import Balanced
    from policymix.model import PolicyModel


def _read_only(values: dict[str, float]) -> MappingProxyType[str, float]:
    return MappingProxyType(values)


# A world's values are read-only mappings, which Python alone does not send to another process.
copyreg.pickle(MappingProxyType, lambda proxy: (_read_only, (dict(proxy),)))

MOST_DEATHS_OF_A_TASK: Final = 3
_MAY_BE_NEGATIVE: Final = np.array([o.name in ("cartel_profit", "unspent") for o in OUTCOMES])
_LEAST: Final = -1e-6
Progress = Callable[[int, int], None]
"""Called with (replicates finished, replicates in all)."""


@dataclass(frozen=True)
class Plan:
    """What every replicate plays: the scenarios, and for each the balanced start of its world.

    `reference` is the place of the scenario that all others are compared with.
    """

    scenarios: tuple[Scenario, ...]
    balanced: "tuple[Balanced, ...]"
    seed: int
    reference: int = 0

    @property
    def shape(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """`Played.shape` of one replicate."""
        n = len(self.scenarios)
        months = self.scenarios[0].setup.months
        return (n, months + 1, len(OUTCOMES)), (n, N_ENDS, N_ENDS)


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
    """Replicate 0, 1, ... of every scenario, in the shape `plan.shape`."""
    from policymix.model import PolicyModel
    from policymix.people import initial_population

    seed = replicate_seed(plan.seed, replicate)
    records = np.empty(plan.shape[0])
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
        records[place] = _played_out(model, scenario.name, replicate)
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


def _played_out(model: "PolicyModel", name: str, replicate: int) -> Records:
    """The records of a run to its end, refused where they make no sense.

    Raises StudyError for a number that is not one, infinite, or below zero where nothing can be.
    """
    try:
        records = model.run()
    except ArithmeticError as error:
        raise StudyError(
            f"{name}, replicate {replicate}, month {model.month}: the model cannot go on ({error})"
        ) from error
    wrong = ~np.isfinite(records) | ((records < _LEAST) & ~_MAY_BE_NEGATIVE)
    wrong[0] = False  # flows are empty in month 0
    if wrong.any():
        month, column = (int(place) for place in np.argwhere(wrong)[0])
        raise StudyError(
            f"{name}, replicate {replicate}, month {month}: {OUTCOMES[column].name} became "
            f"{records[month, column]:g}, which cannot be. Assumptions far from the ledger's "
            "values can lead there; please report it otherwise."
        )
    return records


def run_missing(
    plan: Plan,
    done: MutableMapping[int, Played],
    n_replicates: int,
    start_pool: StartPool,
    n_at_once: int,
    progress: Progress,
) -> None:
    """Play every replicate that `done` lacks and put it there, `n_at_once` submitted at a time.

    When workers die, their tasks are played again in a new pool. Raises StudyError after
    `MOST_DEATHS_OF_A_TASK` deaths of one task, and whatever the model or `done` raises.
    """
    missing = [number for number in range(n_replicates) if number not in done]
    deaths: Counter[int] = Counter()
    progress(n_replicates - len(missing), n_replicates)
    while missing:
        with start_pool() as executor:
            for number, played in _played(executor, plan, missing, n_at_once, deaths):
                done[number] = played
                missing.remove(number)
                progress(n_replicates - len(missing), n_replicates)
        _give_up_on_deadly(deaths)


def _played(
    executor: Executor, plan: Plan, numbers: list[int], n_at_once: int, deaths: Counter[int]
) -> Iterator[tuple[int, Played]]:
    """Replicates as they finish, until all are done or the pool breaks (then `deaths` says how)."""
    waiting = iter(list(numbers))
    in_flight: dict[Future[Played], int] = {}
    try:
        while True:
            while len(in_flight) < n_at_once and (number := next(waiting, None)) is not None:
                in_flight[executor.submit(play_replicate, plan, number)] = number
            if not in_flight:
                return
            for future in wait(in_flight, return_when=FIRST_COMPLETED).done:
                played = future.result()
                yield in_flight.pop(future), played
    except BrokenExecutor:
        deaths.update(in_flight.values())


def _give_up_on_deadly(deaths: Counter[int]) -> None:
    if deaths and max(deaths.values()) >= MOST_DEATHS_OF_A_TASK:
        number = deaths.most_common(1)[0][0]
        raise StudyError(
            f"Worker processes died {MOST_DEATHS_OF_A_TASK} times while playing replicate {number}"
            " (killed, or out of memory). Fewer --workers or fewer --people need less memory."
        )
