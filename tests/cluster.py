"""A dask cluster on loopback for tests: a scheduler and workers, each a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

QUIET = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
"""Workers do not watch themselves a hundred times a second."""
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Cluster:
    """Processes by what they are, and the address of the scheduler."""

    address: str
    scheduler: subprocess.Popen[bytes]
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add_worker(self) -> subprocess.Popen[bytes]:
        """One more worker, of one thread; nobody looks after it when it dies."""
        arguments = ("worker", self.address, "--host", "127.0.0.1", "--nthreads", "1")
        worker = _dask(*arguments, "--no-nanny", "--no-dashboard", folder=self.folder)
        self.workers.append(worker)
        return worker


def _dask(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        cwd=folder,
        env={
            **os.environ,
            **QUIET,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "model"), str(ROOT / "tests")]),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def loopback_cluster(folder: Path, n_workers: int) -> Iterator[Cluster]:
    """A cluster that is up, with `n_workers` workers; gone afterwards."""
    file = folder / "scheduler.json"
    scheduler = _dask(
        *("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
        *("--scheduler-file", str(file)),
        folder=folder,
    )
    cluster = Cluster("", scheduler, folder)
    try:
        cluster.address = _address(file, scheduler)
        for _ in range(n_workers):
            cluster.add_worker()
        if n_workers:
            _wait_for_workers(cluster.address, n_workers)
        yield cluster
    finally:
        for process in (*cluster.workers, scheduler):
            process.kill()
            process.wait()


def _address(file: Path, scheduler: subprocess.Popen[bytes]) -> str:
    import json

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert scheduler.poll() is None, "the scheduler did not start"
        try:
            return str(json.loads(file.read_text(encoding="utf-8"))["address"])
        except (OSError, ValueError):
            time.sleep(0.05)
    raise AssertionError("the scheduler did not say where it is")


def _wait_for_workers(address: str, n: int) -> None:
    from distributed import Client

    with Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(n, timeout=60)
