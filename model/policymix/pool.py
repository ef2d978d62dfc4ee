"""Worker processes behind `concurrent.futures.Executor`: they start quietly and leave with us.

Any other executor can take the place of the one made here: a study only ever submits to it.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import current_process, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event
from typing import Final

_ONE_THREAD: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_LEAST_PRIORITY: Final = 19
_CANNOT_START: Final = """No worker process could start.
From Python, more than one worker needs a script whose main part is guarded:

    if __name__ == "__main__":
        study = compare(..., workers=4)

With workers=1 it runs without the guard."""


@dataclass(frozen=True)
class Crew:
    """An executor, and how many tasks keep all who work for it busy."""

    executor: Executor
    n_at_once: int


StartCrew = Callable[[], AbstractContextManager[Crew]]
"""What gives a fresh crew; leaving the context in an exception stops its work at once."""


class StudyError(Exception):
    """A study that cannot go on, through no fault of its input. Command line exit code 1."""


class InThisProcess(Executor):
    """An executor that does the work when it is submitted."""

    def submit[**P, R](self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """A future that is done already, with the result or the exception of the call."""
        future: Future[R] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def usable_cores() -> int:
    """The number of cores that this process may use: the default number of workers."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def worker_pool(n_workers: int, *, apart: bool = False) -> Iterator[Executor]:
    """An executor on `n_workers` processes that never outlive this one.

    One worker is this process itself, unless it has to be `apart`. Left in an exception, Ctrl-C
    included, the workers stop in the middle of what they do. Raises StudyError if no worker comes
    up.
    """
    if n_workers == 1 and not apart:
        yield InThisProcess()
        return
    context = get_context("spawn")
    stopped, stop = context.Pipe(duplex=False)
    is_up = context.Event()
    executor = ProcessPoolExecutor(
        n_workers, mp_context=context, initializer=_begin, initargs=(stopped, is_up)
    )
    try:
        with _quiet_children(), suppress(BrokenExecutor):
            for _ in range(n_workers):  # each submission starts a process
                executor.submit(os.getpid)
        yield executor
    except BaseException:
        stop.close()
        _tell_no_more(executor)
        executor.shutdown(wait=True, cancel_futures=True)
        raise
    executor.shutdown(wait=True)
    stop.close()
    if not is_up.is_set():
        raise StudyError(_CANNOT_START)


def _tell_no_more(executor: ProcessPoolExecutor) -> None:
    """Half a result, of a worker that left while it told it, is not waited for.

    The executor reads on as long as anybody holds the end that is written to. It holds one itself,
    never writes, and has no public way to close it.
    """
    writer = getattr(getattr(executor, "_result_queue", None), "_writer", None)
    if writer is not None:
        writer.close()


def refuse_to_start_in_a_starting_worker() -> None:
    """Leave quietly when a worker runs the user's unguarded script; the parent says what is wrong.

    A spawned process imports the main script before it works. Without the guard the script would
    start the study again, in every worker.
    """
    if getattr(current_process(), "_inheriting", False):
        raise SystemExit(1)


@dataclass(frozen=True)
class Apart:
    """A process that does one thing beside everything else: `heard` is what it tells.

    It leaves when the other end of `held` is gone, which is ours.
    """

    process: SpawnProcess
    heard: Connection
    held: Connection

    def stop(self) -> None:
        """End it in the middle of what it does, with all workers of its own."""
        self.process.kill()
        self.process.join()


def start_apart(work: Callable[[Callable[[object], None]], None]) -> Apart:
    """Start `work`, which is given what it tells us with, when nothing else wants the cores.

    It never outlives this process. `work` and what it tells must be picklable.
    """
    context = get_context("spawn")
    stopped, stop = context.Pipe(duplex=False)
    heard, telling = context.Pipe(duplex=False)
    process = context.Process(target=_work_apart, args=(stopped, telling, work))
    with _quiet_children():
        process.start()
    stopped.close()
    telling.close()
    return Apart(process, heard, stop)


def _work_apart(
    stopped: Connection, telling: Connection, work: Callable[[Callable[[object], None]], None]
) -> None:
    _begin(stopped)
    if nice := getattr(os, "nice", None):  # not on every system
        nice(_LEAST_PRIORITY)
    work(telling.send)
    telling.close()


def _begin(stopped: Connection, is_up: Event | None = None) -> None:
    """First act of a worker: report, leave Ctrl-C to the parent, and leave when it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_when, args=(stopped,), daemon=True).start()
    if is_up is not None:
        is_up.set()


def _leave_when(stopped: Connection) -> None:
    # Nobody ever writes here: it becomes readable when the parent closes its end, or dies.
    wait([stopped])
    os._exit(1)


@contextmanager
def _quiet_children() -> Iterator[None]:
    """Processes started here never see Ctrl-C and use one thread each for linear algebra."""
    unset = [name for name in _ONE_THREAD if name not in os.environ]
    os.environ.update(dict.fromkeys(unset, "1"))
    try:
        with _interrupts_held():
            yield
    finally:
        for name in unset:
            del os.environ[name]


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back, since new processes inherit that; it arrives afterwards."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with _interrupts_noted():
            yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _interrupts_noted() -> Iterator[None]:
    """What other threads let through reaches this one all the same: it is sent again afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    usual = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual or signal.default_int_handler)
        if came:
            signal.raise_signal(signal.SIGINT)
