"""Plays many scenarios for the exported page, some at a time, on whoever does the work."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from policymix.dice import replicate_seed
from policymix.errors import ImpossibleWorldError
from policymix.machines import Machines
from policymix.page.shown import SHOWN, shown_paths
from policymix.runs import Run, balanced_world, played
from policymix.scenario import Funding, Phase, Scenario, Setup, load_scenario, shipped_names
from policymix.tasks import Progress, run_missing

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plays:
    """A task is one replicate of `at_once` scenarios; scenarios of one world stand together."""

    scenarios: tuple[Scenario, ...]
    seed: int
    replicates: int
    at_once: int

    @property
    def n_parts(self) -> int:
        """How many tasks a replicate has."""
        return -(-len(self.scenarios) // self.at_once)

    @property
    def n_tasks(self) -> int:
        """How many tasks there are."""
        return self.n_parts * self.replicates

    def play(self, task: int) -> Floats:
        """Shown paths, shape (scenarios of the task, months + 1, outcomes); NaN if impossible."""
        replicate, part = divmod(task, self.n_parts)
        some = self.scenarios[part * self.at_once : (part + 1) * self.at_once]
        found: list[Floats] = []
        for _, those in groupby(some, key=lambda one: sorted(one.assumptions.items())):
            found += _of_one_world(list(those), self.seed, replicate)
        return np.array(found)


def paths_of(plays: Plays, machines: Machines, progress: Progress) -> Floats:
    """Shown paths, shape (replicates, scenarios, months + 1, outcomes); `progress` counts tasks."""
    done: dict[int, Floats] = {}
    play = partial(Plays.play, plays)
    run_missing(play, done, plays.n_tasks, machines.start_crew(plays.n_tasks), progress)
    tasks = np.split(np.arange(plays.n_tasks), plays.replicates)
    return np.array([np.concatenate([done[int(task)] for task in one]) for one in tasks])


def shipped(setup: Setup) -> tuple[Scenario, ...]:
    """The shipped scenarios at this size, the baseline first."""
    return tuple(replace(load_scenario(name), setup=setup) for name in shipped_names())


def with_mixes(baseline: Scenario, mixes: Floats) -> tuple[Scenario, ...]:
    """A scenario for each of `mixes` (n, levers), billion USD a year, kept through all months."""
    return tuple(
        replace(baseline, name=f"mix-{number}", phases=(Phase(1, 0, Funding(tuple(mix))),))
        for number, mix in enumerate(mixes.tolist())
    )


def _of_one_world(scenarios: list[Scenario], seed: int, replicate: int) -> Iterable[Floats]:
    from policymix.peopling import initial_population

    setup, own_seed = scenarios[0].setup, replicate_seed(seed, replicate)
    try:
        balanced = balanced_world(scenarios[0])
    except ImpossibleWorldError:
        return [np.full((setup.months + 1, len(SHOWN)), np.nan)] * len(scenarios)
    start = initial_population(balanced, setup.people, own_seed)
    runs = [Run(one, own_seed, balanced, start, f"replicate {replicate}") for one in scenarios]
    return [shown_paths(records) for _, records in played(runs)]
