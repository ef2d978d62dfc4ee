"""Who does the work: processes of this machine, or a cluster that somebody has started.

Both are a `concurrent.futures.Executor`; the tasks and what they give are the same.
"""

import hashlib
import logging
import platform
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from policymix.errors import InputError
from policymix.pool import Crew, StartCrew, StudyError, worker_pool
from policymix.problems import printable, quote
from policymix.shipped import shipped_folder
from policymix.version import code_sha256

_WAIT_SECONDS: Final = 10
_TASKS_A_THREAD: Final = 2
"""In flight on a cluster, so that nobody waits for the network."""
_COUNTING: Final = ("numpy", "scipy", "mesa")
"""The packages whose versions may change numbers."""
_NOT_INSTALLED: Final = (
    "--cluster: needs dask.distributed, which is not installed: pip install 'policymix[cluster]'"
)


@dataclass(frozen=True)
class Machines:
    """`workers` processes here or, if `cluster` is an address, whoever works there."""

    workers: int = 1
    cluster: str = ""

    def start_crew(self, n_tasks: int) -> StartCrew:
        """What gives a crew for `n_tasks` tasks.

        The crew's context raises InputError where there is no such cluster, StudyError where
        nobody works there, or where they have another program.
        """
        if self.cluster:
            return lambda: _cluster_crew(self.cluster)
        return lambda: _local_crew(max(min(self.workers, n_tasks), 1))

    def refuse_unreachable(self) -> None:
        """Raises as the crew's context does if the cluster cannot work for us now."""
        if self.cluster:
            with _cluster_crew(self.cluster):
                pass


@contextmanager
def _local_crew(n_workers: int) -> Iterator[Crew]:
    with worker_pool(n_workers) as executor:
        yield Crew(executor, n_workers + (n_workers > 1))


@contextmanager
def _cluster_crew(address: str) -> Iterator[Crew]:
    with _quiet(), _client(address) as client:
        threads = client.nthreads()
        if not threads:
            raise StudyError(f"{printable(address)}: nobody works there; start `dask worker`s")
        _refuse_other_programs(client, address)
        executor = client.get_executor(pure=False)
        try:
            yield Crew(executor, _TASKS_A_THREAD * sum(threads.values()))
        except CancelledError as error:
            raise StudyError(f"{printable(address)}: the scheduler is gone") from error
        finally:
            executor.shutdown(wait=False)


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        from distributed import Client, KilledWorker
    except ImportError as error:
        raise InputError(_NOT_INSTALLED) from error
    try:
        client: Any = Client(address, timeout=_WAIT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError(
            f"--cluster: read {quote(address)}, allowed is the address of a running scheduler, "
            f"such as tcp://192.168.1.5:8786 ({printable(str(error))})"
        ) from error
    try:
        with client:
            yield client
    except KilledWorker as error:
        raise StudyError(
            "Workers of the cluster died again and again while playing one part (killed, or "
            "out of memory). Fewer workers a machine or fewer --people need less memory."
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """What dask logs of a lost connection is for its own developers; we say it in a sentence."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


def _refuse_other_programs(client: Any, address: str) -> None:
    """Other code, numbers or libraries may give other results."""
    ours = _program_sha256()
    try:
        client.run_on_scheduler(_program_sha256)  # it must know the tasks that it hands out
        theirs: dict[str, str] = client.run(_program_sha256)
    except Exception as error:
        raise StudyError(
            f"{printable(address)}: policymix is not installed on the scheduler and on every "
            f"worker, or not the same version ({printable(str(error))[:200]})"
        ) from error
    others = sorted(worker for worker, program in theirs.items() if program != ours)
    if others:
        raise StudyError(
            "These workers have another version of policymix, its ledger, Python or NumPy, which "
            f"may give other numbers: {', '.join(map(printable, others))}"
        )


def _program_sha256() -> str:
    """A SHA-256 of all that numbers depend on: code, ledger, Python and the packages beneath."""
    ledger = (shipped_folder() / "ledger" / "assumptions.toml").read_bytes()
    versions = [platform.python_version(), *(f"{name} {version(name)}" for name in _COUNTING)]
    parts = [code_sha256().encode(), ledger, *(text.encode() for text in versions)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
