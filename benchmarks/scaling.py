"""How a study of worlds grows: with workers, on a loopback cluster, in time and in memory.

python benchmarks/scaling.py            efficiency and the study of 2,000 worlds, about ten minutes
python benchmarks/scaling.py --memory   peak memory of the parent, to 100,000 runs: half an hour
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

from policymix.chunks import Piece
from policymix.machines import Machines
from policymix.sweeps import Grid, Sweep, play_sweep
from shown import machine, markdown, median, ratio, seconds, sized

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))
from cluster import loopback_cluster  # noqa: E402

NAMES = ("demand_first", "supply_first")
ONE, TWO = "1 worker", "2 workers"
CLUSTER_ONE, CLUSTER_TWO = "loopback cluster of 1", "loopback cluster of 2"
Times = dict[str, list[float]]


def sweep_of(worlds: int, people: int, months: int) -> Sweep:
    """Two scenarios in sampled worlds."""
    return Sweep(tuple(sized(name, people, months) for name in NAMES), 1, Grid(worlds, 1, first=1))


def played(sweep: Sweep, machines: Machines) -> float:
    """Seconds from the first piece that is finished to the last, for pieces after the first few.

    A study starts its workers once: that is not what grows with it.
    """
    done: dict[int, Piece] = {}
    stamps: list[float] = []
    play_sweep(sweep, done, machines.start_crew, lambda *_: stamps.append(perf_counter()))
    assert len(done) == sweep.n_pieces
    skipped = sweep.n_pieces // 8
    return (stamps[-1] - stamps[1 + skipped]) / (len(stamps) - 2 - skipped)


def played_on_cluster(sweep: Sweep, n_workers: int) -> float:
    """The same on a loopback cluster, which is there only meanwhile: idle workers cost time too."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        loopback_cluster(Path(scratch), n_workers) as cluster,
    ):
        return played(sweep, Machines(cluster=cluster.address))


def efficiency(n_rounds: int, sweep: Sweep) -> Times:
    """Seconds a piece, by who works; all in turn, round by round."""
    ways: dict[str, Callable[[], float]] = {
        ONE: lambda: played(sweep, Machines(1)),
        TWO: lambda: played(sweep, Machines(2)),
        CLUSTER_ONE: lambda: played_on_cluster(sweep, 1),
        CLUSTER_TWO: lambda: played_on_cluster(sweep, 2),
    }
    times: Times = {name: [] for name in ways}
    for _ in range(n_rounds):
        for name, way in ways.items():
            times[name].append(way())
    return times


def efficiency_table(times: Times, sweep: Sweep) -> str:
    """Runs a second, and how many times the runs of one worker in the same time."""
    runs = sweep.at_once * len(sweep.scenarios)
    rows = [
        [name, f"{runs / median(values):,.1f}", f"{ratio(times[ONE], values):.2f}"]
        for name, values in times.items()
    ]
    return markdown(("who works", "runs a second", "times one worker"), rows)


def study(options: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak memory [MiB] of the parent process of a `robust` study."""
    with tempfile.TemporaryDirectory() as scratch:
        code = (
            "import re, sys\n"
            "from policymix.__main__ import main\n"
            "main(sys.argv[1:])\n"
            "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        )
        out = str(Path(scratch) / "study")
        command = [sys.executable, "-c", code, "robust", *NAMES, *options, "--out", out]
        began = perf_counter()
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return perf_counter() - began, float(done.stdout.splitlines()[-1]) / 1024


def studies_table(sizes: Sequence[tuple[str, Sequence[str]]]) -> str:
    """A row a study."""
    rows = []
    for name, options in sizes:
        spent, memory = study(options)
        rows.append([name, seconds(spent), f"{memory:,.0f} MiB"])
    return markdown(("study", "time", "peak memory of the parent"), rows)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(f"{machine()}.\n")
    if asked.memory:
        tiny = ("--people", "1000", "--months", "1")
        sizes = [(n, ("--worlds", str(n), *tiny)) for n in (1_000, 10_000, 50_000)]
        print(studies_table([(f"{n:,} worlds, {2 * n:,} runs and more", o) for n, o in sizes]))
        return
    sweep = sweep_of(520, 20_000, 120)
    print(f"{efficiency_table(efficiency(asked.rounds, sweep), sweep)}\n")
    full = ("--worlds", "2000", "--people", "20000")
    sizes = [("2,000 worlds of 20,000 people", full), ("as it is asked by default", ())]
    print(studies_table(sizes))


if __name__ == "__main__":
    main()
