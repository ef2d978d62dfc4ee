"""Times the columns against one Mesa object per person, side by side in the same run.

python benchmarks/speed.py            about two minutes
python benchmarks/speed.py --full     objects at 100,000 people too: about six minutes
"""

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import sqrt
from statistics import mean, variance
from time import perf_counter, process_time

from policymix.hazards import State
from policymix.lives import Lives
from policymix.model import PolicyModel
from policymix.people import People
from policymix.peopling import initial_population
from policymix.tallies import ADDICTED
from shown import balanced, machine, markdown, median, ratio, seconds, sized
from yardstick import PlainModel

SIZES = (1_000, 10_000, 100_000, 1_000_000)
OBJECT_SIZES, FULL_OBJECT_SIZES = (1_000, 10_000), (1_000, 10_000, 100_000)
SIDES = ("making", "people only", "whole", "objects, do", "objects, shuffle_do")
STANDARD_ERRORS = 3.5
"""Eight differences are compared: by chance one is above this in 250 runs of the benchmark."""
COUNTED = {
    "addicted": ADDICTED,
    "casual": (State.CASUAL,),
    "in treatment": (State.TREATMENT,),
}

Times = dict[tuple[int, str], list[float]]
Ends = dict[str, list[float]]
Clock = Callable[[], float]


def live(people: People, months: int) -> Lives:
    """The columns alone, under today's conditions."""
    lives, now = Lives(people), balanced().responses.today()
    for month in range(1, months + 1):
        lives.live_month(month, now)
    return lives


def plain(people: People, seed: int, shuffled: bool) -> PlainModel:
    """The same people as objects, under today's conditions."""
    return PlainModel(people, balanced().responses.today(), seed=seed, shuffled=shuffled)


def step_through(model: PlainModel, months: int) -> None:
    """All months of the objects."""
    for _ in range(months):
        model.step()


def timed(act: Callable[[], object], clock: Clock) -> float:
    """Seconds that `act` takes, with what ran before swept away."""
    gc.collect()
    began = clock()
    act()
    return clock() - began


def time_round(
    times: Times, n_people: int, months: int, seed: int, with_objects: bool, clock: Clock
) -> None:
    """One repetition of every side at this size, one after the other."""

    def note(side: str, act: Callable[[], object]) -> None:
        times.setdefault((n_people, side), []).append(timed(act, clock))

    b, scenario = balanced(), sized("baseline", n_people, months)
    note("making", lambda: initial_population(b, n_people, seed))
    start = initial_population(b, n_people, seed)
    note("people only", lambda: live(start.copy(), months))
    note(
        "whole",
        lambda: PolicyModel(
            scenario, seed=seed, balanced=b, start=start.copy(), collect=False
        ).run(),
    )
    for shuffled in (False, True) if with_objects else ():
        model = plain(start, seed, shuffled)
        note(SIDES[3 + shuffled], lambda model=model: step_through(model, months))
        del model


def measure(
    sizes: Sequence[int],
    object_sizes: Sequence[int],
    months: int,
    n_rounds: int,
    clock: Clock = perf_counter,
) -> Times:
    """Seconds by (people, side), `n_rounds` of each, interleaved; a round before to warm up."""
    time_round({}, sizes[0], months, seed=1, with_objects=True, clock=clock)
    times: Times = {}
    for n in range(1, n_rounds + 1):
        for n_people in sizes:
            time_round(times, n_people, months, n, n_people in object_sizes, clock)
        print(f"round {n} of {n_rounds}", file=sys.stderr, flush=True)
    return times


def times_table(times: Times, sizes: Sequence[int]) -> str:
    """Medians by size."""
    rows = [[f"{size:,}", *(_median(times, size, side) for side in SIDES)] for size in sizes]
    return markdown(["people", *SIDES], rows)


def _median(times: Times, size: int, side: str) -> str:
    found = times.get((size, side))
    return seconds(median(found)) if found else "-"


def ratios_table(times: Times, object_sizes: Sequence[int]) -> str:
    """How many times longer the objects take, which play the people only."""
    rows = []
    for size in object_sizes:
        for side in SIDES[3:]:
            slow = times[size, side]
            both = (_spread(slow, times[size, quick]) for quick in ("people only", "whole"))
            rows.append([f"{size:,} people, {side}", *both])
    return markdown(["times slower than", "people only", "whole"], rows)


def _spread(slow: Sequence[float], quick: Sequence[float]) -> str:
    """The median ratio, with the least and the most of the rounds."""
    rounds = [a / b for a, b in zip(slow, quick, strict=True)]
    return f"{median(rounds):.1f} ({min(rounds):.1f} to {max(rounds):.1f})"


def growth_table(times: Times, sizes: Sequence[int]) -> str:
    """What ten times the people cost; linear growth is 10."""
    rows = []
    for few, many in pairwise(sizes):
        grown = (ratio(times[many, side], times[few, side]) for side in SIDES[:3])
        rows.append([f"{few:,} to {many:,}", *(f"{r:.1f}" for r in grown)])
    return markdown(["times the time", *SIDES[:3]], rows)


def end_counts(n_people: int, months: int, seeds: Sequence[int]) -> dict[str, Ends]:
    """Persons at the end, and deaths in all, by side and seed; the same start for all sides."""
    ends: dict[str, Ends] = {"columns": {}, "do": {}, "shuffle_do": {}}
    for seed in seeds:
        start = initial_population(balanced(), n_people, seed)
        deaths = _note_columns(ends["columns"], start.copy(), months)
        ends["columns"].setdefault("deaths", []).append(deaths)
        for side, shuffled in (("do", False), ("shuffle_do", True)):
            model = plain(start, seed, shuffled)
            step_through(model, months)
            for name, states in COUNTED.items():
                ends[side].setdefault(name, []).append(model.count(*states))
            ends[side].setdefault("deaths", []).append(model.flows["overdose_deaths"])
    return ends


def _note_columns(ends: Ends, people: People, months: int) -> int:
    lives, now, deaths = Lives(people), balanced().responses.today(), 0
    for month in range(1, months + 1):
        deaths += lives.live_month(month, now)["overdose_deaths"]
    for name, states in COUNTED.items():
        ends.setdefault(name, []).append(sum(len(people.lists[state]) for state in states))
    return deaths


def agreement(ends: dict[str, Ends]) -> tuple[str, bool]:
    """A table of the differences in standard errors, and whether all are within chance."""
    rows, fits = [], True
    for side in ("do", "shuffle_do"):
        for name, columns in ends["columns"].items():
            objects = ends[side][name]
            error = sqrt((variance(columns) + variance(objects)) / len(columns))
            difference = mean(objects) - mean(columns)
            fits &= abs(difference) <= STANDARD_ERRORS * error
            values = (mean(columns), mean(objects), difference, error)
            rows.append([f"{name}, {side}", *(f"{v:.1f}" for v in values)])
    return markdown(
        ["persons", "columns", "objects", "difference", "its standard error"], rows
    ), fits


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="objects at 100,000 people too")
    parser.add_argument("--cpu", action="store_true", help="CPU time: for a machine that is shared")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--months", type=int, default=120)
    parser.add_argument("--seeds", type=int, default=48, help="of the agreement")
    asked = parser.parse_args()
    object_sizes = FULL_OBJECT_SIZES if asked.full else OBJECT_SIZES
    table, fits = agreement(end_counts(10_000, asked.months, range(1, asked.seeds + 1)))
    print(f"Agreement: 10,000 people, {asked.months} months, means of {asked.seeds} seeds.\n")
    print(table)
    print(f"\n{'They agree' if fits else 'THEY DISAGREE: NOT A YARDSTICK'}", end="")
    print(f" (all differences within {STANDARD_ERRORS} standard errors: {fits}).\n")
    clock, name = (process_time, "CPU") if asked.cpu else (perf_counter, "wall-clock")
    times = measure(SIZES, object_sizes, asked.months, asked.rounds, clock)
    print(
        f"{asked.months} months, {name} time, medians of {asked.rounds} interleaved rounds;", end=""
    )
    print(f" {machine()}.\n")
    print(times_table(times, SIZES), "\n")
    print(ratios_table(times, object_sizes), "\n")
    print(growth_table(times, SIZES))


if __name__ == "__main__":
    main()
