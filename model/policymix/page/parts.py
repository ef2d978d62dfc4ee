"""What a worker of the page plays: one run, in a world and on people that it keeps for the next."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policymix.dice import replicate_seed
from policymix.page.recent import Recent
from policymix.page.shown import Floats, shown_paths
from policymix.runs import balanced_world, let_go, played_out
from policymix.scenario import Scenario

if TYPE_CHECKING:
    from policymix.balance import Balanced
    from policymix.people import People

_BYTES_A_PERSON: Final = 32
_BYTES_A_WORLD: Final = 1 << 20
_worlds: Final[Recent[object, "Balanced"]] = Recent(16 * _BYTES_A_WORLD)
_people: Final[Recent[object, "People"]] = Recent(64 << 20)

Played = Floats | bytes
"""Shown paths, shape (months + 1, outcomes) as `shown_paths`; or a recording as JSON."""


@dataclass(frozen=True)
class Part:
    """One run: a replicate of a scenario in the study `seed`; recorded if it is to be watched."""

    scenario: Scenario
    seed: int
    replicate: int
    is_watched: bool = False


def play(part: Part) -> Played:
    """Play one run. Raises ImpossibleWorldError, or StudyError where a run makes no sense."""
    scenario = part.scenario
    world = (frozenset(scenario.assumptions.items()), scenario.setup.cartels)
    balanced = _worlds.get(world)
    if balanced is None:
        balanced = balanced_world(scenario)
        _worlds.put(world, balanced, _BYTES_A_WORLD)
    people = _start(world, balanced, part)
    return _recording(part, balanced, people) if part.is_watched else _paths(part, balanced, people)


def _start(world: object, balanced: "Balanced", part: Part) -> "People":
    """The people of month 0, who may be lived in."""
    from policymix.people import initial_population

    n_people = part.scenario.setup.people
    key = (world, n_people, part.seed, part.replicate)
    people = _people.get(key)
    if people is None:
        seed = replicate_seed(part.seed, part.replicate)
        people = initial_population(balanced, n_people, seed)
        _people.put(key, people, _BYTES_A_PERSON * n_people)
    return people.copy()


def _paths(part: Part, balanced: "Balanced", people: "People") -> Floats:
    from policymix.model import PolicyModel

    seed = replicate_seed(part.seed, part.replicate)
    model = PolicyModel(part.scenario, seed=seed, balanced=balanced, start=people, collect=False)
    records = played_out(model, f"{part.scenario.name}, replicate {part.replicate}")
    let_go(model)
    return shown_paths(records)


def _recording(part: Part, balanced: "Balanced", people: "People") -> bytes:
    from policymix.page.recording import recorded

    told = recorded(part.scenario, part.seed, balanced=balanced, start=people)
    return json.dumps(told, allow_nan=False, separators=(",", ":")).encode()
