"""The page's lasting workers: started when there is something to play, renewed when one dies."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import AbstractContextManager, suppress
from typing import Final

from policymix.page.parts import Part, Played, play
from policymix.pool import StudyError, worker_pool
from policymix.tasks import MOST_DEATHS_OF_A_TASK

_DEADLY: Final = "Worker processes died again and again while playing this mix; it is not played."

_CLOSED: Final = "The page is being closed."


class _LeavingError(Exception):
    """Ends the pool's context at once, rather than when its work is done."""


class Crew:
    """`n_workers` processes that each play some parts at a time, always the same ones."""

    def __init__(self, n_workers: int) -> None:
        self.n_workers = n_workers
        self._pool: AbstractContextManager[Executor] | None = None
        self._executor: Executor | None = None
        self._changing = asyncio.Lock()
        self._is_closed = False

    async def play(self, parts: Sequence[Part]) -> list[Played]:
        """What `parts.play` gives, or raises; a worker that dies is replaced.

        Raises StudyError if workers die of these parts again and again.
        """
        for _ in range(MOST_DEATHS_OF_A_TASK):
            executor = await self._working()
            try:
                return await asyncio.wrap_future(executor.submit(play, parts))
            except BrokenExecutor:
                await self._renew(executor)
        raise StudyError(_DEADLY)

    async def start(self) -> None:
        """Start the processes now; otherwise the first part does."""
        await self._working()

    def stop(self) -> None:
        """Stop all processes in the middle of what they do; nothing can be played any more."""
        self._is_closed = True
        self._leave()

    async def _working(self) -> Executor:
        async with self._changing:
            if self._is_closed:
                raise StudyError(_CLOSED)
            if self._executor is None:
                await asyncio.to_thread(self._enter)
            if self._executor is None:
                raise StudyError(_CLOSED)
            return self._executor

    async def _renew(self, broken: Executor) -> None:
        async with self._changing:
            if self._executor is broken:
                await asyncio.to_thread(self._leave)

    def _enter(self) -> None:
        pool = worker_pool(self.n_workers, apart=True)
        self._executor, self._pool = pool.__enter__(), pool
        if self._is_closed:
            self._leave()

    def _leave(self) -> None:
        pool, self._pool, self._executor = self._pool, None, None
        if pool is not None:
            with suppress(_LeavingError):
                pool.__exit__(_LeavingError, _LeavingError(), None)
