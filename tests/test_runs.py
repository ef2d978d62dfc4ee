"""Runs: the same numbers however they are played, and nothing lost or left behind on the way."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from policymix import pool as pool_room
from policymix.dice import replicate_seed
from policymix.machines import Machines
from policymix.model import PolicyModel
from policymix.outcomes import OUTCOME_NAMES
from policymix.people import People
from policymix.pool import Crew, InThisProcess, StudyError, worker_pool
from policymix.runs import Plan, plan_for, play_replicate
from policymix.scenario import Setup, load_scenario
from policymix.tasks import run_missing, silent

MODEL_FOLDER = Path(__file__).resolve().parent.parent / "model"


@pytest.fixture(scope="module")
def plan() -> Plan:
    setup = Setup(people=1_000, months=4)
    names = ("baseline", "demand_first")
    return plan_for([replace(load_scenario(name), setup=setup) for name in names], seed=1)


@contextmanager
def in_this_process() -> Iterator[Crew]:
    yield Crew(InThisProcess(), 2)


def play_all(plan: Plan, records: Any, n: int, start_crew: Any = in_this_process) -> None:
    run_missing(partial(play_replicate, plan), records, n, start_crew, silent)


def n_populations() -> int:
    return sum(isinstance(thing, People | PolicyModel) for thing in gc.get_objects())


# --- what is played ------------------------------------------------------------------------------


def test_a_replicate_is_every_scenario_as_it_would_be_played_alone(plan: Plan) -> None:
    played = play_replicate(plan, 3)
    shapes = {"records": played.records.shape, "ends": played.ends.shape}
    assert shapes == plan.shapes(3)
    assert shapes == {"records": (2, 5, len(OUTCOME_NAMES)), "ends": (2, 8, 8)}
    for place, scenario in enumerate(plan.scenarios):
        alone = PolicyModel(scenario, seed=replicate_seed(1, 3)).run()
        np.testing.assert_array_equal(played.records[place], alone)
    other = play_replicate(plan, 4)
    assert not np.array_equal(played.records, other.records, equal_nan=True)
    assert not np.array_equal(played.ends, other.ends)


def test_a_played_replicate_leaves_no_people_behind(plan: Plan) -> None:
    """Although Python does not sweep meanwhile."""
    gc.collect()
    gc.disable()
    try:
        before, _, after = n_populations(), play_replicate(plan, 3), n_populations()
    finally:
        gc.enable()
    assert after == before


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_a_number_that_cannot_be_ends_the_study_with_its_place(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, value: float
) -> None:
    recorded = PolicyModel.outcomes_recorded

    def spoilt(model: PolicyModel) -> None:
        recorded(model)
        if model.month == 2:
            model._rows[-1][OUTCOME_NAMES.index("cartel_profit")] = -5.0  # may be below zero
        if model.month == 3:
            model._rows[-1][OUTCOME_NAMES.index("seized")] = value

    monkeypatch.setattr(PolicyModel, "outcomes_recorded", spoilt)
    with pytest.raises(StudyError, match="replicate 4, month 3: seized became"):
        play_replicate(plan, 4)


def test_a_model_that_cannot_go_on_says_where(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PolicyModel, "market_clears", lambda model: 1 / 0)
    with pytest.raises(StudyError, match="replicate 4, month 1: the model cannot go on"):
        play_replicate(plan, 4)


def test_equal_worlds_are_balanced_once_and_different_ones_apart(plan: Plan) -> None:
    assert plan.balanced[0] is plan.balanced[1]
    cheap = load_scenario("baseline", {"usd_per_treatment_place_year": 5_000.0})
    assert plan_for([cheap, plan.scenarios[0]], 1).balanced[0] is not plan.balanced[0]


def test_other_processes_play_the_same_numbers(plan: Plan) -> None:
    here: dict[int, Any] = {}
    there: dict[int, Any] = {}
    play_all(plan, here, 3)
    play_all(plan, there, 3, Machines(2).start_crew(3))
    assert sorted(there) == [0, 1, 2]
    for number, played in here.items():
        np.testing.assert_array_equal(played.records, there[number].records)
        np.testing.assert_array_equal(played.ends, there[number].ends)


def test_only_what_is_missing_is_played() -> None:
    played = []
    told: list[tuple[int, int]] = []
    records: dict[int, Any] = {1: "old"}
    play = lambda number: played.append(number) or "new"  # noqa: E731
    run_missing(play, records, 3, in_this_process, lambda *both: told.append(both))
    assert played == [0, 2]
    assert records == {0: "new", 1: "old", 2: "new"}
    assert told == [(1, 3), (2, 3), (3, 3)]


# --- workers that die ----------------------------------------------------------------------------


class DyingExecutor(Executor):
    """Loses its first `n_deaths` pools: whatever is submitted to them is lost."""

    def __init__(self, n_deaths: int) -> None:
        self.left = n_deaths
        self.pools = 0

    @contextmanager
    def pool(self) -> Iterator[Crew]:
        self.pools += 1
        yield Crew(self, 2)
        self.left -= 1

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self.left > 0:
            future.set_exception(BrokenExecutor("gone"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_what_a_dead_pool_lost_is_played_again(plan: Plan) -> None:
    dying = DyingExecutor(n_deaths=2)
    records: dict[int, Any] = {}
    play_all(plan, records, 2, dying.pool)
    assert sorted(records) == [0, 1]
    assert dying.pools == 3


def test_a_task_that_keeps_killing_its_worker_is_given_up(plan: Plan) -> None:
    with pytest.raises(StudyError, match=r"died 3 times .* part 0 .*memory"):
        play_all(plan, {}, 2, DyingExecutor(n_deaths=99).pool)


@pytest.mark.slow
def test_a_killed_worker_costs_nothing_but_time(plan: Plan) -> None:
    pools = []

    @contextmanager
    def pool_with_a_victim() -> Iterator[Crew]:
        with worker_pool(2) as executor:
            if not pools:
                os.kill(executor.submit(os.getpid).result(), signal.SIGKILL)
            pools.append(executor)
            yield Crew(executor, 2)

    records: dict[int, Any] = {}
    play_all(plan, records, 3, pool_with_a_victim)
    assert len(pools) == 2
    np.testing.assert_array_equal(records[2].records, play_replicate(plan, 2).records)


def script(tmp_path: Path, text: str) -> subprocess.Popen[str]:
    path = tmp_path / "script.py"
    path.write_text(text, encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": str(MODEL_FOLDER)}
    return subprocess.Popen(
        [sys.executable, str(path)],
        env=environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks processes up in /proc")
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_workers_leave_when_their_parent_does(tmp_path: Path, sent: signal.Signals) -> None:
    parent = script(
        tmp_path,
        "import os, time\n"
        "from policymix.pool import worker_pool\n"
        "if __name__ == '__main__':\n"
        "    with worker_pool(2) as executor:\n"
        "        print(executor.submit(os.getpid).result(), flush=True)\n"
        "        executor.submit(time.sleep, 600).result()\n",
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    assert is_alive(worker)
    os.kill(parent.pid, sent)
    _, told = parent.communicate(timeout=60)
    deadline = time.monotonic() + 60
    while is_alive(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(worker)
    assert told.count("Traceback") <= (sent == signal.SIGINT)


def test_workers_that_leave_in_the_middle_of_telling_a_result_keep_nobody(tmp_path: Path) -> None:
    parent = script(
        tmp_path,
        "import os, time\n"
        "from policymix.pool import worker_pool\n"
        "if __name__ == '__main__':\n"
        "    for tenth in range(1, 6):\n"
        "        try:\n"
        "            with worker_pool(2) as executor:\n"
        "                executor.submit(os.getpid).result()\n"
        "                told = executor.submit(bytes, 300_000_000)\n"
        "                time.sleep(tenth / 10)\n"
        "                print(told.done(), flush=True)\n"
        "                raise KeyboardInterrupt\n"
        "        except KeyboardInterrupt:\n"
        "            print('left', flush=True)\n",
    )
    try:
        told, _ = parent.communicate(timeout=60)
    finally:
        parent.kill()
    assert "False\nleft\n" in told
    assert told.count("left") == 5


@pytest.mark.skipif(sys.platform == "win32", reason="signals are masked elsewhere")
def test_ctrl_c_waits_until_processes_are_started_whichever_thread_it_reaches() -> None:
    done = []

    def interrupted() -> None:
        with pool_room._interrupts_held():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.2)
            done.append("to its end")

    ended = threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()  # its mask lets the signal through
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    ended.set()
    other.join()
    assert done == ["to its end"]


@pytest.mark.slow
def test_a_script_without_its_guard_is_told_so(tmp_path: Path) -> None:
    process = script(
        tmp_path,
        "from policymix import compare\n"
        "compare(['baseline'], replicates=2, people=1000, months=1, workers=2)\n",
    )
    _, told = process.communicate(timeout=120)
    assert process.returncode == 1
    assert 'if __name__ == "__main__":' in told
    assert told.count("Traceback") == 1
