"""Long studies that tests begin and end as they like."""

from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any

from policymix.page.job_work import Job
from policymix.page.jobs import Jobs


class Pretended:
    """A process that tells what the test says, and notes that it was stopped."""

    def __init__(self) -> None:
        self.heard: Connection
        self.heard, self.telling = Pipe(duplex=False)
        self.is_stopped = False
        self._lock = Lock()

    def stop(self) -> None:
        self.is_stopped = True
        self.end()

    def end(self) -> None:
        with self._lock:
            self.telling.close()


def pretended(**kind: Any) -> tuple[Jobs, list[Pretended]]:
    started: list[Pretended] = []

    def start(_job: Job) -> Any:
        started.append(Pretended())
        return started[-1]

    return Jobs(start, **{"most_waiting": 2, **kind}), started
