"""Bytes a person of the columns, and whether memory stays flat over many runs.

    python benchmarks/memory.py           about three minutes (Linux only)

Each measurement has a process of its own. Bytes a person are the difference between two sizes,
divided by the people between them, so that Python, packages and the rest of the model cancel.
"""

import argparse
import gc
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from policymix.lives import Lives
from policymix.model import PolicyModel
from policymix.people import People
from policymix.peopling import initial_population
from policymix.runs import Run, played
from shown import balanced, machine, markdown, sized

FEW, MANY = 100_000, 1_000_000
MIB = 2**20


def status(name: str) -> int:
    """A size [bytes] of this process, such as VmRSS (now) or VmHWM (at most)."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


def forget_peak() -> None:
    """VmHWM counts from now on."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


def arrays(thing: Any, seen: set[int] | None = None) -> Iterator[NDArray[Any]]:
    """Every array that `thing` holds, in attributes, mappings and sequences; each once."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        base = thing
        while isinstance(base.base, np.ndarray):
            base = base.base
        if base is thing or id(base) not in seen:
            seen.add(id(base))
            yield base
        return
    inside = list(vars(thing).values()) if hasattr(thing, "__dict__") else []
    inside += list(thing.values()) if isinstance(thing, dict) else []
    inside += list(thing) if isinstance(thing, list | tuple) else []
    for part in inside:
        yield from arrays(part, seen)


def held_by(thing: Any) -> int:
    """Bytes of all arrays that `thing` holds."""
    return sum(array.nbytes for array in arrays(thing))


def in_arrays(n_people: int, months: int) -> dict[str, float]:
    """Bytes in the arrays of the people, of the parts that copies share, and of `Lives`."""
    people = initial_population(balanced(), n_people, 1)
    lives, now = Lives(people), balanced().responses.today()
    for month in range(1, months + 1):
        lives.live_month(month, now)
    shared = held_by(people.slotted)
    kept = held_by(replace(people.slotted, candidates={}))
    return {
        "arrays: kept for ever, shared by copies (Slotted)": kept,
        "arrays: candidates that were drawn, shared by copies": shared - kept,
        "arrays: a copy's own (columns and lists)": held_by(people) - shared,
        "arrays: all of Lives": held_by(lives),
    }


def by_tracemalloc(n_people: int, months: int) -> dict[str, float]:
    """What Python's allocator saw: while people are made, afterwards, and in a whole run."""
    b, scenario = balanced(), sized("baseline", n_people, months)
    PolicyModel(sized("baseline", 1_000, 2), balanced=b).run()
    tracemalloc.start()
    people = initial_population(b, n_people, 1)
    made, peak = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    _run(scenario, people)
    return {
        "tracemalloc: while people are made": peak,
        "tracemalloc: people made": made,
        "tracemalloc: at most in a run": tracemalloc.get_traced_memory()[1],
    }


def by_the_system(n_people: int, months: int) -> dict[str, float]:
    """Resident memory: while people are made, afterwards, and in a whole run."""
    b, scenario = balanced(), sized("baseline", n_people, months)
    PolicyModel(sized("baseline", 1_000, 2), balanced=b).run()
    forget_peak()
    people = initial_population(b, n_people, 1)
    peak, made = status("VmHWM"), status("VmRSS")
    forget_peak()
    _run(scenario, people)
    return {
        "resident: while people are made": peak,
        "resident: people made": made,
        "resident: at most in a run": status("VmHWM"),
    }


def _run(scenario: Any, people: People) -> None:
    PolicyModel(scenario, balanced=balanced(), start=people, collect=False).run()


def over_runs(n_people: int, months: int, n_runs: int, freed: bool) -> list[int]:
    """Resident memory [bytes] after each of `n_runs` runs of a seed each.

    `freed` plays two at a time side by side and lets go of them, as studies do; else each is
    started as a user would, and waits until Python sweeps.
    """
    scenario, resident, b = sized("baseline", n_people, months), [], balanced()
    for seed in range(n_runs):
        if not freed:
            PolicyModel(scenario, seed=seed, balanced=b).run()
            resident.append(status("VmRSS"))
        elif seed % 2 == 0:
            pair = [Run(scenario, seed, b, initial_population(b, n_people, seed), "a run")] * 2
            resident += [status("VmRSS") for _ in played(pair)]
    return resident


def apart[T](measure: Callable[..., T], *arguments: int) -> T:
    """The result of a measurement in a fresh process."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, arguments)


def bytes_table(months: int, few: int = FEW, many: int = MANY) -> str:
    """Bytes a person by three ways of looking."""
    rows = []
    for measure in (in_arrays, by_tracemalloc, by_the_system):
        low, high = apart(measure, few, months), apart(measure, many, months)
        for name in low:
            each = (high[name] - low[name]) / (many - few)
            rows.append([name, f"{high[name] / MIB:,.1f} MiB", f"{each:.1f}"])
    return markdown(("", f"at {many:,} people", "bytes a person"), rows)


def flat_table(left: list[int], freed: list[int]) -> str:
    """Resident memory along the runs, and its growth after the first sixth."""
    n = len(left)
    shown = sorted({1, *(n * k // 6 for k in range(1, 7))} - {0})
    sides = (left, freed)
    rows = [
        [f"after run {run}", *(f"{side[run - 1] / MIB:.1f} MiB" for side in sides)] for run in shown
    ]
    first = n // 6
    grown = ((side[-1] - side[first]) / max(n - first - 1, 1) / 1024 for side in sides)
    rows.append([f"growth a run, from run {first + 1}", *(f"{kib:.2f} KiB" for kib in grown)])
    return markdown(("resident memory", "left to Python", "let go after each run"), rows)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--people", type=int, default=100_000, help="of the runs")
    parser.add_argument("--months", type=int, default=120)
    asked = parser.parse_args()
    print(f"{machine()}; {asked.months} months.\n")
    print(bytes_table(asked.months), "\n")
    print(f"{asked.runs} runs of {asked.people:,} people in one process:\n")
    size = (asked.people, asked.months, asked.runs)
    print(flat_table(apart(over_runs, *size, False), apart(over_runs, *size, True)))


if __name__ == "__main__":
    main()
