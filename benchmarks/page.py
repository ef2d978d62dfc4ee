"""What the live page costs: how soon an answer comes, to one visitor and to a class.

python benchmarks/page.py             about four minutes
"""

import argparse
import http.client
import json
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from time import perf_counter, sleep

from policymix.levers import LEVER_NAMES
from policymix.model import PolicyModel
from policymix.peopling import initial_population
from policymix.scenario import Funding, Scenario, load_scenario, resolved_toml
from shown import balanced, machine, markdown, median, ratio, seconds, sized
from speed import plain, step_through, timed

ALONE, YARDSTICK = "one run alone", "the yardstick"
"""Timed beside what is waited for, which tells how fast the machine is just now."""
FIRST, ALL = 2, 8
EVERY_SECONDS = 2.0


def new_mix(number: int) -> str:
    """A scenario file that nobody asked before: a little money moved to treatment."""
    spend = list(_MIX.phases[0].funding.spend)
    moved = 1e-5 * (number + 1)
    spend[LEVER_NAMES.index("treatment")] += moved
    spend[LEVER_NAMES.index("community")] -= moved
    phase = replace(_MIX.phases[0], funding=Funding(tuple(spend)))
    return without_assumptions(replace(_MIX, phases=(phase,)))


def without_assumptions(scenario: Scenario) -> str:
    """A resolved file that leaves the ledger's numbers to the ledger, as the page writes it."""
    return resolved_toml(scenario).partition("[assumptions]")[0]


_MIX = load_scenario("demand_first")
PINNED = without_assumptions(load_scenario("baseline"))


@dataclass
class Visitor:
    """A browser: one cookie, one connection."""

    port: int
    name: str

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self._headers = {
            "content-type": "application/json",
            "cookie": f"policymix_{self.port}={self.name:v<22}",
        }

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, mine: str, replicates: int) -> int:
        """Replicates of the answer. Raises RuntimeError if there is none."""
        body = json.dumps({"mine": mine, "pinned": PINNED, "replicates": replicates})
        self._connection.request("POST", "/api/answer", body, self._headers)
        given = self._connection.getresponse()
        told = given.read()
        if given.status != 200:
            raise RuntimeError(f"{given.status}: {told[:200]!r}")
        return int(json.loads(told)["replicates"])

    def ask_until(self, mine: str, replicates: int) -> None:
        """Ask again until the answer has so many."""
        while self.ask(mine, replicates) < replicates:
            pass


@contextmanager
def served(people: int, months: int, *, is_warm: bool = True) -> Iterator[tuple[int, int]]:
    """`policymix play` of this size: (port, process)."""
    size = ("--people", str(people), "--months", str(months), "--port", "0", "--no-open")
    process = subprocess.Popen(
        [sys.executable, "-m", "policymix", "play", *size],
        stdout=subprocess.PIPE,
        text=True,
        # As in `commands.py`, bytecode is kept from start to start.
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": ""},
    )
    try:
        assert process.stdout
        found = re.search(r":(\d+)/", process.stdout.readline())
        assert found
        port = int(found[1])
        with Visitor(port, "warm") as visitor:
            for number in range(
                3 * is_warm
            ):  # whoever plays has loaded everything and knows the people
                visitor.ask_until(new_mix(99_990 + number), ALL)
        yield port, process.pid
    finally:
        process.terminate()
        process.communicate()


def run_alone(scenario: Scenario) -> float:
    """Seconds of one run in this process, with nothing prepared but people and balance."""
    start = initial_population(balanced(), scenario.setup.people, 1)
    began = perf_counter()
    PolicyModel(scenario, seed=1, balanced=balanced(), start=start, collect=False).run()
    return perf_counter() - began


def yardstick() -> float:
    """Seconds of one Mesa object a person, 1,000 of them for 120 months, as `speed.py` has it."""
    model = plain(initial_population(balanced(), 1_000, 1), 1, shuffled=False)
    return timed(lambda: step_through(model, 120), perf_counter)


def references(alone: Scenario) -> dict[str, Callable[[], float]]:
    """What is timed beside everything that is waited for."""
    return {ALONE: lambda: run_alone(alone), YARDSTICK: yardstick}


def latencies(port: int, n_rounds: int, alone: Scenario) -> dict[str, list[float]]:
    """Seconds by what is waited for, a new mix every round; and of what is timed beside it."""
    beside = references(alone)
    first, all_ = f"{FIRST} paired replicates", f"all {ALL}"
    found: dict[str, list[float]] = {name: [] for name in (*beside, first, all_)}
    with Visitor(port, "one") as visitor:
        for number in range(n_rounds):
            for name, time in beside.items():
                found[name].append(time())
            mine = new_mix(number)
            began = perf_counter()
            visitor.ask_until(mine, FIRST)
            found[first].append(perf_counter() - began)
            visitor.ask_until(mine, ALL)
            found[all_].append(perf_counter() - began)
    return found


def waits_table(title: str, found: Mapping[str, Sequence[float]]) -> str:
    """Median and 95 % of what is waited for, and how many times the references beside it."""
    beside = {ALONE: "in runs", YARDSTICK: "in yardsticks"} if ALONE in found else {}
    rows = []
    for name, times in found.items():
        ratios = [f"{ratio(times, found[reference]):.2f}" for reference in beside]
        rows.append([name, seconds(median(times)), seconds(percentile(times, 95)), *ratios])
    return markdown([title, "median", "95 %", *beside.values()], rows)


def percentile(values: Sequence[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]


@dataclass
class Crowd:
    """What visitors met who all move sliders."""

    first: list[float] = field(default_factory=list)
    shown_first: Counter[int] = field(default_factory=Counter)
    shown_later: Counter[int] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)


def crowd(port: int, pid: int, visitors: int, during: float, every: float) -> Crowd:
    """`visitors` who each move a slider `every` seconds `during` so many, and then wait."""
    found, end = Crowd(), perf_counter() + during

    def move(visitor: Visitor, mine: str) -> None:
        began = perf_counter()
        found.shown_first[visitor.ask(mine, FIRST)] += 1
        found.first.append(perf_counter() - began)
        if perf_counter() - began < every:
            found.shown_later[visitor.ask(mine, ALL)] += 1
        sleep(max(began + every - perf_counter(), 0.0))

    def visit(place: int) -> None:
        sleep(every * place / visitors)
        with Visitor(port, f"visitor{place}") as visitor:
            for number in count(1_000 * (place + 1)):
                try:
                    move(visitor, new_mix(number))
                except (OSError, RuntimeError, http.client.HTTPException) as error:
                    found.problems.append(str(error))
                    return
                if perf_counter() > end:
                    return

    threads = [threading.Thread(target=visit, args=(place,)) for place in range(visitors)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        found.memory.append(resident(pid))
        sleep(min(during / 24, 5.0))
    return found


def resident(pid: int) -> int:
    """Resident memory [bytes] of a process and of those that it started; Linux only, else 0."""
    place = Path(f"/proc/{pid}")
    try:
        own = re.search(r"VmRSS:\s+(\d+)", (place / "status").read_text(encoding="utf-8"))
        threads = [t / "children" for t in (place / "task").iterdir()]
        children = " ".join(thread.read_text(encoding="ascii") for thread in threads).split()
    except OSError:
        return 0
    return 1024 * int(own[1] if own else 0) + sum(resident(int(child)) for child in children)


def crowd_table(found: Crowd, visitors: int) -> str:
    later = found.memory[len(found.memory) // 4 :] or [0]
    rows = [
        ["answers", f"{len(found.first):,}"],
        ["errors", f"{len(found.problems):,}"],
        ["first answer, median", seconds(median(found.first))],
        ["first answer, 95 %", seconds(percentile(found.first, 95))],
        ["replicates of first answers", _counts(found.shown_first)],
        [f"replicates within {EVERY_SECONDS:g} s", _counts(found.shown_later)],
        ["memory after a quarter of the time", f"{later[0] / 2**20:,.0f} MiB"],
        ["memory at the end", f"{later[-1] / 2**20:,.0f} MiB"],
    ]
    return markdown([f"{visitors} visitors", ""], rows)


def _counts(shown: Counter[int]) -> str:
    return ", ".join(f"{n} in {times:,}" for n, times in sorted(shown.items()))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--months", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=120.0)
    asked = parser.parse_args()
    with served(asked.people, asked.months) as (port, pid):
        print(f"{asked.people:,} people, {asked.months} months; {machine()}.\n")
        alone = sized("demand_first", asked.people, asked.months)
        found = latencies(port, asked.rounds, alone)
        print(waits_table("a new mix every time", found), "\n", flush=True)
        met = crowd(port, pid, asked.visitors, asked.seconds, EVERY_SECONDS)
        print(crowd_table(met, asked.visitors))
        for problem in met.problems[:5]:
            print(problem)


if __name__ == "__main__":
    main()
