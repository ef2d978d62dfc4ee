"""What is done in the background: one job at a time, few that wait, one a visitor and kind.

A job that nobody wants any more, or that nobody has looked at for a while, is let go. Finished ones
are kept for a while, and found again by who asks the same.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import RLock, Thread
from time import monotonic
from typing import Any, Final

from policymix.page.job_work import Job
from policymix.page.recent import Recent
from policymix.pool import Apart, start_apart

MOST_WAITING: Final = 8
UNSEEN_SECONDS: Final = 90.0
"""After so long a job that nobody looks at is let go; browsers wake a hidden page once a minute."""
_LOOK_SECONDS: Final = 1.0
_BYTES_KEPT: Final = 48 << 20
_BYTES_OF_A_STATE: Final = 4 << 10
_LOST: Final = "The process that played this was ended; ask again."
_LET_GO: Final = "This was let go, since its page was closed or asked for another; ask again."


class FullOfJobsError(Exception):
    """Too many jobs wait already."""


@dataclass
class State:
    """How far a job is; `before` it so many others. At the end there is `answer` or `problem`."""

    done: int = 0
    of: int = 0
    before: int = 0
    answer: Any = None
    problem: str = ""
    wanted_by: set[str] = field(default_factory=set)
    process: Apart | None = None
    seen: float = field(default_factory=monotonic)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.answer is not None or bool(self.problem)


class Jobs:
    """All jobs, by an identifier that follows from what is asked."""

    def __init__(
        self,
        start: Callable[[Job], Apart] = start_apart,
        most_waiting: int = MOST_WAITING,
        unseen_seconds: float = UNSEEN_SECONDS,
    ) -> None:
        self._start, self.most_waiting, self.unseen_seconds = start, most_waiting, unseen_seconds
        self._lock = RLock()
        self._known: dict[str, tuple[Job, State]] = {}
        self._over: Recent[str, State] = Recent(_BYTES_KEPT)
        self._is_closed = False

    def ask(self, visitor: str, job: Job) -> str:
        """The identifier of a job that is over, on its way, or started now.

        Raises FullOfJobsError.
        """
        name = hashlib.sha256(repr(job).encode("utf-8", "backslashreplace")).hexdigest()[:32]
        with self._lock:
            self._let_go_of_others(visitor, job.kind, name)
            self._let_go_of_unseen()
            known = self._known.get(name)
            if known and not known[1].problem:
                known[1].wanted_by.add(visitor)
                known[1].seen = monotonic()
            elif not self._is_answered(name):
                if len(self._known) > self.most_waiting:
                    raise FullOfJobsError
                self._known[name] = (job, State(wanted_by={visitor}))
                self._go_on()
        return name

    def look(self, name: str) -> State | None:
        """How far a job is, if it is known; who looks keeps it going."""
        with self._lock:
            if name not in self._known:
                return self._over.get(name)
            state = self._known[name][1]
            state.seen = monotonic()
            state.before = list(self._known).index(name)
            return state

    def leave(self, visitor: str, name: str) -> None:
        """This visitor no longer wants a job; with nobody left it is let go."""
        with self._lock:
            if name in self._known:
                self._no_longer(visitor, name)
                self._go_on()

    def stop(self) -> None:
        """End everything at once."""
        with self._lock:
            self._is_closed = True
            for _, state in self._known.values():
                if state.process:
                    state.process.stop()

    def _is_answered(self, name: str) -> bool:
        state = self._over.get(name)
        return state is not None and not state.problem

    def _let_go_of_others(self, visitor: str, kind: str, name: str) -> None:
        for other, (job, _) in list(self._known.items()):
            if other != name and job.kind == kind:
                self._no_longer(visitor, other)

    def _no_longer(self, visitor: str, name: str) -> None:
        state = self._known[name][1]
        if visitor in state.wanted_by:
            state.wanted_by.discard(visitor)
            if not state.wanted_by:
                self._let_go(name)

    def _let_go_of_unseen(self) -> None:
        for name, (_, state) in list(self._known.items()):
            if monotonic() - state.seen > self.unseen_seconds:
                self._let_go(name)

    def _let_go(self, name: str) -> None:
        _, state = self._known.pop(name)
        state.problem = state.problem or _LET_GO
        self._keep(name, state)
        if state.process:
            state.process.stop()

    def _keep(self, name: str, state: State) -> None:
        answer = state.answer if isinstance(state.answer, str) else repr(state.answer)
        self._over.put(name, state, _BYTES_OF_A_STATE + len(answer))

    def _go_on(self) -> None:
        """Start the job that waits longest, if none is on its way."""
        self._let_go_of_unseen()
        if self._is_closed or any(state.process for _, state in self._known.values()):
            return
        for name, (job, state) in self._known.items():
            state.process = self._start(job)
            Thread(target=self._follow, args=(name, state, state.process), daemon=True).start()
            return

    def _follow(self, name: str, state: State, process: Apart) -> None:
        for told in self._told_by(process):
            if told[0] == "progress":
                state.done, state.of = told[1:]
            elif told[0] == "answer":
                state.answer = told[1]
            else:
                state.problem = told[1]
        if not state.is_over:
            state.problem = _LOST
        process.stop()
        with self._lock:
            state.process = None
            if name in self._known and self._known[name][1] is state:
                del self._known[name]
                self._keep(name, state)
            self._go_on()

    def _told_by(self, process: Apart) -> Iterator[Any]:
        """What it tells until it ends, with a look now and then at who still wants anything."""
        with suppress(EOFError, OSError):
            while True:
                if process.heard.poll(_LOOK_SECONDS):
                    yield process.heard.recv()
                with self._lock:
                    self._let_go_of_unseen()
