"""Who does the work: a cluster gives the same bytes as workers here, and may lose whom it likes."""

import asyncio
import builtins
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import CancelledError, Future
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cluster import ROOT, Cluster, loopback_cluster
from folders import files_in
from policymix import beneath
from policymix import machines as room
from policymix.errors import InputError
from policymix.machines import Machines
from policymix.pool import StudyError
from policymix.studies.compare import run_study
from policymix.studies.folder import StudyFolder
from policymix.studies.question import Question, ask
from policymix.tasks import run_missing, silent

FEW: dict[str, Any] = {"people": 1_000, "months": 3}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with loopback_cluster(tmp_path_factory.mktemp("cluster"), n_workers=2) as started:
        yield started


def small() -> Question:
    return ask(["demand_first"], replicates=3, **FEW)


def slow_square(number: int) -> int:
    time.sleep(0.05)
    return number * number


def die_at(path: str, number: int) -> int:
    """Ends the process that plays it the first time."""
    if number == 5:
        try:
            with open(path, "x"):  # noqa: PTH123
                os.kill(os.getpid(), signal.SIGKILL)
        except FileExistsError:
            pass
    return number


@pytest.mark.slow
@pytest.mark.usefixtures("no_figures")
def test_a_cluster_writes_the_same_bytes_as_this_machine(cluster: Cluster, tmp_path: Path) -> None:
    run_study(small(), tmp_path / "there", workers=1, cluster=cluster.address)
    run_study(small(), tmp_path / "here", workers=1)
    files = sorted(p.relative_to(tmp_path / "here") for p in (tmp_path / "here").rglob("*.*"))
    assert Path("runs.csv") in files
    for name in files:
        there, here = (tmp_path / place / name for place in ("there", "here"))
        assert there.read_bytes() == here.read_bytes(), name


@pytest.mark.slow
def test_work_goes_to_all_workers_of_a_cluster(cluster: Cluster) -> None:
    with Machines(cluster=cluster.address).start_crew(10)() as crew:
        assert crew.n_at_once == 4
        futures = [crew.executor.submit(_pid_after, 0.1) for _ in range(8)]
        pids = {future.result() for future in futures}
    assert len(pids) == 2
    assert os.getpid() not in pids


def _pid_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


@pytest.mark.slow
def test_a_worker_of_the_cluster_that_dies_costs_nothing_but_time(tmp_path: Path) -> None:
    with loopback_cluster(tmp_path, n_workers=2) as cluster:
        done: dict[int, int] = {}
        play = partial(die_at, str(tmp_path / "died"))
        run_missing(play, done, 10, Machines(cluster=cluster.address).start_crew(10), silent)
        assert (tmp_path / "died").exists()
        assert sorted(one.poll() is None for one in cluster.workers) == [False, True]
    assert done == {number: number for number in range(10)}


class Lost:
    """What dask gives if a worker dies in the moment of telling what it played, or `why` not."""

    status = "lost"

    def __init__(self, why: BaseException | None = None) -> None:
        self.why = why

    def __await__(self) -> Generator[Any, None, int]:
        yield from asyncio.sleep(0).__await__()
        if self.why:
            raise self.why
        return 7


def test_what_was_played_counts_though_its_worker_is_gone() -> None:
    told: Future[int] = Future()
    asyncio.run(room._tell(Lost(), told))
    assert told.result(timeout=0) == 7


class EndedError(BaseException):
    """No Exception, as some programs end."""


@pytest.mark.parametrize(
    ("why", "told_as"),
    [
        (StudyError("no"), StudyError),
        (EndedError(), EndedError),
        (asyncio.CancelledError(), CancelledError),
    ],
)
def test_whatever_becomes_of_a_task_is_told(
    why: BaseException, told_as: type[BaseException]
) -> None:
    told: Future[int] = Future()
    told.set_running_or_notify_cancel()
    asyncio.run(room._tell(Lost(why), told))
    with pytest.raises(told_as):
        told.result(timeout=0)


@pytest.mark.slow
def test_a_scheduler_that_dies_leaves_what_is_finished(tmp_path: Path) -> None:
    with loopback_cluster(tmp_path, n_workers=1) as cluster:
        done: dict[int, int] = {}

        def progress(n: int, _of: int) -> None:
            if n == 3:
                cluster.scheduler.kill()

        crew = Machines(cluster=cluster.address).start_crew(500)
        with pytest.raises(StudyError, match="scheduler is gone"):
            run_missing(slow_square, done, 500, crew, progress)
    assert 3 <= len(done) < 500
    assert done == {number: number * number for number in done}
    run_missing(slow_square, done, len(done) + 1, Machines(1).start_crew(1), silent)
    assert done[len(done) - 1] == (len(done) - 1) ** 2


def test_an_address_without_a_scheduler_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_WAIT_SECONDS", 1)
    for address in ("tcp://127.0.0.1:9", "nowhere at all", "localhost", "tls://127.0.0.1:9"):
        with pytest.raises(InputError, match=r"--cluster: read .*allowed is the address of a"):
            run_study(small(), tmp_path / "out", workers=1, cluster=address)
        assert not (tmp_path / "out").exists()


def test_a_port_where_something_else_listens_is_refused_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "_WAIT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent_one:
        address = f"tcp://127.0.0.1:{silent_one.getsockname()[1]}"
        with pytest.raises(InputError, match=r"--cluster: read .*allowed is the address of a"):
            Machines(cluster=address).refuse_unreachable()


@pytest.mark.slow
def test_a_worker_that_joins_later_is_asked_too() -> None:
    assert room._same_program(room._program_sha256(), int, "7") == 7
    with pytest.raises(StudyError, match="another version of policymix"):
        room._same_program("other", int, "7")


def test_a_scheduler_without_workers_is_said(tmp_path: Path) -> None:
    with (
        loopback_cluster(tmp_path, n_workers=0) as cluster,
        pytest.raises(StudyError, match="nobody works there"),
    ):
        Machines(cluster=cluster.address).refuse_unreachable()


def test_workers_with_another_program_are_refused(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    room._program_sha256.cache_clear()
    monkeypatch.setattr(beneath, "code_sha256", lambda: "changed")
    with pytest.raises(StudyError, match=r"another version of policymix.*tcp://127"):
        Machines(cluster=cluster.address).refuse_unreachable()
    room._program_sha256.cache_clear()


def test_without_dask_the_option_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refusing(name: str, *rest: Any) -> Any:
        if name == "distributed":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(InputError, match=r"pip install 'policymix\[cluster\]'"):
        Machines(cluster="tcp://127.0.0.1:1").refuse_unreachable()


def test_no_more_workers_than_tasks_start_here() -> None:
    with Machines(8).start_crew(1)() as crew:
        assert crew.n_at_once == 1
    done: dict[int, Any] = {}
    run_missing(np.sqrt, done, 3, Machines(2).start_crew(3), silent)
    assert done == {0: 0.0, 1: 1.0, 2: np.sqrt(2)}


# --- a whole study -------------------------------------------------------------------------------

PIECES = "unfinished/*.npz"
Run = Callable[..., tuple[int, str, str]]


def stamps(out: Path) -> dict[str, tuple[int, int]]:
    """The pieces on disk: each file's number and time, which change if it is played again."""
    found = {path.name: path.stat() for path in out.glob(PIECES)}
    return {name: (status.st_ino, status.st_mtime_ns) for name, status in found.items()}


def until_some_are_finished(study: subprocess.Popen[str], out: Path, n: int) -> None:
    deadline = time.monotonic() + 120
    while len(list(out.glob(PIECES))) < n:
        assert study.poll() is None, "the study ended before it was disturbed"
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.slow
def test_a_study_whose_scheduler_is_killed_goes_on_to_the_same_bytes(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    asked = ("robust", "demand_first", "supply_first", "--worlds", "64")
    asked += ("--people", "1000", "--months", "12", "--out")
    with loopback_cluster(tmp_path, n_workers=2) as cluster:
        study = subprocess.Popen(
            [*(sys.executable, "-m", "policymix", *asked, out), *("--cluster", cluster.address)],
            env={**os.environ, "PYTHONPATH": str(ROOT / "model")},
            stderr=subprocess.PIPE,
            text=True,
        )
        with study:
            until_some_are_finished(study, out, 5)
            cluster.scheduler.kill()
            _, told = study.communicate(timeout=120)
    assert study.returncode == 1
    assert "the scheduler is gone" in told
    assert f"give the same command with --resume --out {out}" in told
    assert "Traceback" not in told
    kept, at_the_end = stamps(out), {}
    publish = StudyFolder.publish

    def seen(self: StudyFolder, names: list[str]) -> None:
        at_the_end.update(stamps(self.path))
        publish(self, names)

    monkeypatch.setattr(StudyFolder, "publish", seen)
    code, _, _ = run(*asked, out, "--workers", "2", "--resume")
    assert code == 0
    assert 5 <= len(kept) < len(at_the_end)
    assert {name: at_the_end[name] for name in kept} == kept
    run(*asked, "undisturbed", "--workers", "2")
    assert files_in(out) == files_in(tmp_path / "undisturbed")
