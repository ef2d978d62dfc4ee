"""Who does the work: processes of this machine, or a cluster that somebody has started.

Both are a `concurrent.futures.Executor`; the tasks and what they give are the same.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from policymix.beneath import COUNTING, fingerprint_of, what_counts
from policymix.errors import InputError
from policymix.pool import Crew, StartCrew, StudyError, worker_pool
from policymix.problems import printable, quote

_WAIT_SECONDS: Final = 10
_TASKS_A_THREAD: Final = 2
"""In flight on a cluster, so that nobody waits for the network."""
_ADDRESS: Final = re.compile(r"(tcp|tls)://([A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):\d{1,5}")
_OTHER_PROGRAM: Final = (
    "These workers have another version of policymix, its ledger, Python, NumPy, SciPy or Mesa, "
    "which may give other numbers: {}"
)
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
    try:
        import distributed  # noqa: F401 - an extra, which not everybody has
    except ImportError as error:
        raise InputError(_NOT_INSTALLED) from error
    with _quiet(), _client(address) as client:
        threads = client.nthreads()
        if not threads:
            raise StudyError(f"{printable(address)}: nobody works there; start `dask worker`s")
        _refuse_other_programs(client, address)
        try:
            yield Crew(_Checked(client), _TASKS_A_THREAD * sum(threads.values()))
        except CancelledError as error:
            raise StudyError(f"{printable(address)}: the scheduler is gone") from error


@contextmanager
def _client(address: str) -> Iterator[Any]:
    from distributed import Client, KilledWorker

    _refuse_what_is_no_scheduler(address)
    try:
        client: Any = Client(address, timeout=_WAIT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError(_no_scheduler(address, error)) from error
    try:
        with client:
            yield client
    except KilledWorker as error:
        raise StudyError(
            "Workers of the cluster died again and again while playing one part (killed, or "
            "out of memory). Fewer workers a machine or fewer --people need less memory."
        ) from error


def _refuse_what_is_no_scheduler(address: str) -> None:
    """Ask who is there before dask's client does: it waits long, and leaves badly."""
    if not _ADDRESS.fullmatch(address):
        raise InputError(_no_scheduler(address, "not of the form tcp://HOST:PORT"))
    import distributed

    dask: Any = distributed  # its types are not all there

    async def who_is_there() -> Any:
        arguments = dask.Security().get_connection_args("client")
        async with dask.rpc(address, connection_args=arguments, timeout=_WAIT_SECONDS) as there:
            return await there.identity()

    try:
        asyncio.run(asyncio.wait_for(who_is_there(), _WAIT_SECONDS))
    except Exception as error:
        raise InputError(_no_scheduler(address, error or type(error).__name__)) from error


def _no_scheduler(address: str, why: object) -> str:
    reason = printable(str(why))[:200] or f"no answer in {_WAIT_SECONDS} s"
    return (
        f"--cluster: read {quote(address)}, allowed is the address of a running scheduler, such as "
        f"tcp://192.168.1.5:8786 ({reason})"
    )


class _Checked(Executor):
    """Tasks on a cluster, refused by a worker with another program.

    Workers may join at any time, and are asked with every task. Dask has an executor too, which
    gives a TypeError for what was played if the worker dies in the moment of telling it.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def submit[**P, R](self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """As every executor does; the cluster forgets what is left when its client is closed.

        A task that was handed over cannot be cancelled alone.
        """
        told: Future[R] = Future()
        told.set_running_or_notify_cancel()
        asked = self._client.submit(
            _same_program, _program_sha256(), fn, *args, **kwargs, pure=False
        )
        self._client.loop.add_callback(_tell, asked, told)
        return told


async def _tell(asked: Any, told: Future[Any]) -> None:
    """Tell what becomes of the task that a cluster was asked for."""
    try:
        told.set_result(await asked)
    except asyncio.CancelledError:
        told.set_exception(CancelledError())
    except BaseException as error:  # whatever it is, somebody waits for it
        told.set_exception(error)


def _same_program(program: str, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    if program != _program_sha256():
        raise StudyError(_OTHER_PROGRAM.format("one that joined later"))
    return fn(*args, **kwargs)


@contextmanager
def _quiet() -> Iterator[None]:
    """What dask logs of a lost connection is for its own developers; we say it in a sentence."""
    import distributed  # noqa: F401 - it sets the levels of its loggers

    names = [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


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
        raise StudyError(_OTHER_PROGRAM.format(", ".join(map(printable, others))))


@cache
def _program_sha256() -> str:
    """Of all that comes into what a run gives."""
    return fingerprint_of(what_counts(COUNTING))
