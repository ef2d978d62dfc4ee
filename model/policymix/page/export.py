"""Writes the page as one file: everything that it can answer is played beforehand."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from policymix.errors import InputError
from policymix.machines import Machines
from policymix.page.beliefs import VALUES, WORLDS, make_beliefs
from policymix.page.book import HELD_OUT, MIXES, make_book
from policymix.page.facts import facts
from policymix.page.file import one_file
from policymix.page.plays import shipped
from policymix.page.recording import recorded
from policymix.page.spread import ENDS
from policymix.problems import printable
from policymix.scenario import Scenario, Setup
from policymix.tasks import Progress, run_missing
from policymix.writing import write_text

_ENDINGS: Final = (".html", ".htm")
_PARTS: Final = 1_000


@dataclass(frozen=True)
class Sizes:
    """How much is played beforehand; `names` are the assumptions that are moved (None: all)."""

    mixes: int = MIXES
    held_out: int = HELD_OUT
    ends: int = ENDS
    values: int = VALUES
    worlds: int = WORLDS
    names: tuple[str, ...] | None = None


FULL: Final = Sizes()


def refuse_file(path: Path, *, overwrite: bool) -> None:
    """Raises InputError if the page may not be written there: found out before anything runs."""
    shown = printable(str(path))
    if path.suffix.lower() not in _ENDINGS:
        raise InputError(f"--export: read {shown}, allowed is a file whose name ends in .html")
    if not path.parent.is_dir():
        raise InputError(f"--export: {printable(str(path.parent))}: there is no such folder")
    if path.is_dir():
        raise InputError(f"--export: {shown}: a folder, allowed is a file")
    if path.exists() and not overwrite:
        raise InputError(f"--export: {shown} exists already; --overwrite replaces it")


def export(
    path: Path,
    setup: Setup,
    seed: int,
    replicates: int,
    machines: Machines,
    progress: Progress,
    sizes: Sizes = FULL,
) -> None:
    """Play everything that the page needs and write it; `progress` counts parts in a thousand.

    Raises InputError and StudyError as studies do, OSError where the disk refuses.
    """
    told = (setup, seed, replicates, machines)
    book = make_book(
        *told,
        _share(progress, 0, 450),
        mixes=sizes.mixes,
        held_out=sizes.held_out,
        ends=sizes.ends,
    )
    book["beliefs"] = make_beliefs(
        *told,
        _share(progress, 450, 980),
        names=sizes.names,
        values=sizes.values,
        worlds=sizes.worlds,
    )
    book["recordings"] = _recordings(setup, seed, machines, _share(progress, 980, _PARTS))
    write_text(path, one_file(facts("export", setup, replicates, seed), book))


def _recordings(
    setup: Setup, seed: int, machines: Machines, progress: Progress
) -> dict[str, dict[str, Any]]:
    """Every shipped scenario as the Watch tab shows it, by name."""
    scenarios = shipped(setup)
    done: dict[int, dict[str, Any]] = {}
    play = partial(_record, scenarios, seed)
    run_missing(play, done, len(scenarios), machines.start_crew(len(scenarios)), progress)
    return {scenario.name: done[place] for place, scenario in enumerate(scenarios)}


def _record(scenarios: tuple[Scenario, ...], seed: int, place: int) -> dict[str, Any]:
    return recorded(scenarios[place], seed)


def _share(progress: Progress, first: int, last: int) -> Progress:
    """Progress of one part of the work, as thousandths of all from `first` to `last`."""
    return lambda done, of: progress(first + (last - first) * done // max(of, 1), _PARTS)
