"""What a worker of the page plays: runs, in worlds and on people that it keeps for the next."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policymix.dice import replicate_seed
from policymix.page.recent import Recent
from policymix.page.shown import Floats, shown_paths
from policymix.runs import Run, balanced_world, played
from policymix.scenario import Scenario

if TYPE_CHECKING:
    from policymix.balance import Balanced
    from policymix.people import People

_BYTES_A_PERSON: Final = 32
_MONTHS_A_BYTE: Final = 10
"""Of candidates for beginning, a person."""
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

    def is_beside(self, other: "Part") -> bool:
        """Whether both can be played side by side: in one world, and nobody watches."""
        worlds = (self.scenario.assumptions, other.scenario.assumptions)
        return worlds[0] == worlds[1] and not (self.is_watched or other.is_watched)


def play(parts: Sequence[Part]) -> list[Played]:
    """Play runs, those of one world side by side.

    Raises ImpossibleWorldError, or StudyError where a run makes no sense.
    """
    if parts[0].is_watched:
        return [_recording(part) for part in parts]
    return [shown_paths(records) for _, records in played([_run(part) for part in parts])]


def _run(part: Part) -> Run:
    """A run in a world and on people of month 0 that are kept."""
    from policymix.peopling import initial_population

    scenario, n_people = part.scenario, part.scenario.setup.people
    world = (frozenset(scenario.assumptions.items()), scenario.setup.cartels)
    balanced = _worlds.get(world)
    if balanced is None:
        balanced = balanced_world(scenario)
        _worlds.put(world, balanced, _BYTES_A_WORLD)
    seed = replicate_seed(part.seed, part.replicate)
    key = (world, n_people, seed)
    people = _people.get(key)
    if people is None:
        people = initial_population(balanced, n_people, seed)
        _people.put(
            key, people, (_BYTES_A_PERSON + scenario.setup.months // _MONTHS_A_BYTE) * n_people
        )
    return Run(scenario, seed, balanced, people, f"replicate {part.replicate}")


def _recording(part: Part) -> bytes:
    from policymix.page.recording import recorded

    run = _run(part)
    told = recorded(part.scenario, part.seed, balanced=run.balanced, start=run.start.copy())
    return json.dumps(told, allow_nan=False, separators=(",", ":")).encode()
