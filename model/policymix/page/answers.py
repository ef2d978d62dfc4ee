"""The engine room of the live page: what is asked becomes runs, and runs become an answer."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from policymix.errors import ImpossibleWorldError
from policymix.label import SHORT_LABEL
from policymix.moments import Moments
from policymix.page.crew import Crew
from policymix.page.parts import Part, Played
from policymix.page.recent import Recent
from policymix.page.shown import SHOWN_NAMES, Floats
from policymix.page.turns import Order, Turns
from policymix.scenario import Scenario, Setup

FIRST_REPLICATES: Final = 2
"""Of a first answer: the fewest that have an interval."""
MOST_SECONDS: Final = 60.0
"""Nobody waits longer for a first pair of runs."""
_FIRST_SECONDS: Final = 0.4
_SHARP_SECONDS: Final = 0.8
_LADDER_SECONDS: Final = 20.0
"""After so long an answer is given with as many replicates as there are."""
_LABEL: Final = f'"label":"{SHORT_LABEL}"'
_BYTES_OF_PATHS: Final = 64 << 20


class BusyError(Exception):
    """There was no turn for this visitor in time."""


@dataclass(frozen=True)
class Policies:
    """Two scenarios of one setup, as read from their texts."""

    mine: Scenario
    pinned: Scenario


class Answers:
    """Plays for many visitors on one crew; `setup` and `seed` are those of the page's runs."""

    def __init__(self, crew: Crew, setup: Setup, seed: int, replicates: int) -> None:
        self.crew, self.setup, self.seed, self.replicates = crew, setup, seed, replicates
        self.turns = Turns()
        self.known: Recent[Part, Played] = Recent(_BYTES_OF_PATHS)
        self._running: dict[Part, asyncio.Task[None]] = {}

    async def answer(
        self, visitor: str, policies: Policies, replicates: int, seed: int | None = None
    ) -> bytes:
        """Both policies' paths and their difference, as JSON.

        `replicates` of them, or fewer when others wait. Raises as `_served` does.
        """
        pair = [self._bare(policies.mine), self._bare(policies.pinned)]
        seed = self.seed if seed is None else seed
        rounds = tuple(tuple(Part(one, seed, r) for one in pair) for r in range(replicates))
        order = Order(visitor, "answer", rounds, FIRST_REPLICATES)
        is_first = replicates <= FIRST_REPLICATES
        seconds = _FIRST_SECONDS if is_first else _SHARP_SECONDS
        n_whole = await self._served(order, seconds, gives_way=is_first)
        paths = _paths(order, order.rounds[:n_whole])
        return _answer_json(paths, self.replicates)

    async def ladder(
        self, visitor: str, rungs: Sequence[tuple[float, Policies]], replicates: int | None = None
    ) -> bytes:
        """The difference at the end at each value of an assumption, or why there is none, as JSON.

        Raises as `_served` does, but for worlds that are impossible at some values.
        """
        n = min(replicates or self.replicates, self.replicates)
        pairs = [(self._bare(p.mine), self._bare(p.pinned)) for _, p in rungs]
        rounds = tuple(
            tuple(Part(one, self.seed, r) for pair in pairs for one in pair) for r in range(n)
        )
        order = Order(visitor, "ladder", rounds, urgent=0, spares=True)
        n_whole = await self._served(order, _LADDER_SECONDS)
        told = []
        for place, ((value, _), pair) in enumerate(zip(rungs, pairs, strict=True)):
            if why := next(filter(None, map(order.impossible.get, pair)), None):
                told.append(f'{{"value":{value!r},"problem":{json.dumps(str(why))}}}')
                continue
            mine_and_pinned = slice(2 * place, 2 * place + 2)
            paths = _paths(order, [parts[mine_and_pinned] for parts in order.rounds[:n_whole]])
            told.append(f'{{"value":{value!r},"outcomes":{_ends_json(paths)}}}')
        return f'{{{_LABEL},"replicates":{n_whole},"points":[{",".join(told)}]}}'.encode()

    async def recording(self, visitor: str, scenario: Scenario) -> bytes:
        """Replicate 0 of one policy, to be watched, as JSON."""
        part = Part(self._bare(scenario), self.seed, 0, is_watched=True)
        order = Order(visitor, "watch", ((part,),), urgent=1)
        await self._served(order, MOST_SECONDS)
        played = order.got[part]
        assert isinstance(played, bytes)
        return played

    def warm_up(self, scenario: Scenario) -> None:
        """Play the usual pinned policy before anyone asks, so that workers have loaded all."""
        bare = self._bare(scenario)
        for replicate in range(min(self.crew.n_workers, self.replicates)):
            part = Part(bare, self.seed, replicate)
            if part not in self._running:
                self._start((part,))

    async def stop(self) -> None:
        """Let go of all that is running."""
        self.crew.stop()
        for task in list(self._running.values()):
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _bare(self, scenario: Scenario) -> Scenario:
        """The scenario without what changes no number, so that equal policies are played once."""
        return replace(
            scenario,
            name="this mix",
            title="",
            summary="",
            setup=self.setup,
            is_shipped=False,
            said=frozenset(),
        )

    async def _served(
        self, order: Order, patience_seconds: float, *, gives_way: bool = False
    ) -> int:
        """Wait for an order, and say how many of its rounds are whole: at least one.

        One that `gives_way` is content with its first round if no worker has turned to the rest.
        Raises InputError, StudyError, SupersededError, FullError or BusyError.
        """
        self.turns.join(order)
        try:
            for part in dict.fromkeys(p for parts in order.rounds for p in parts):
                if (played := self.known.get(part)) is not None:
                    order.receive(part, played)
            self._fill()
            end = asyncio.get_running_loop().time() + patience_seconds
            try:
                async with asyncio.timeout(MOST_SECONDS):
                    await order.begun.wait()
            except TimeoutError as error:
                raise BusyError from error
            if not gives_way or order.is_played(self._running):
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(end):
                        await order.ended.wait()
        finally:
            self.turns.leave(order)
        if order.error is not None:
            raise order.error
        return order.n_whole

    def _fill(self) -> None:
        """Give every idle worker the part whose turn it is."""
        while (n_idle := self.crew.n_workers - len(set(self._running.values()))) > 0:
            parts = self.turns.next(self._running, self.crew.n_workers, n_idle)
            if not parts:
                return
            self._start(parts)

    def _start(self, parts: Sequence[Part]) -> None:
        task = asyncio.create_task(self._play(parts))
        self._running |= dict.fromkeys(parts, task)

    async def _play(self, parts: Sequence[Part]) -> None:
        try:
            for part, found in zip(parts, await self._found(parts), strict=True):
                if isinstance(found, Exception):
                    for order in self.turns:
                        order.refuse(part, found)
                else:
                    n_bytes = len(found) if isinstance(found, bytes) else found.nbytes
                    self.known.put(part, found, n_bytes)
                    for order in self.turns:
                        order.receive(part, found)
        finally:
            for part in parts:
                del self._running[part]
            self._fill()

    async def _found(self, parts: Sequence[Part]) -> list[Played | Exception]:
        """What was played, or why not, whatever it is; each is alone with what went wrong."""
        try:
            return list(await self.crew.play(parts))
        except Exception as error:
            if len(parts) == 1 or isinstance(error, ImpossibleWorldError):  # they share a world
                return [error] * len(parts)
            return [one for part in parts for one in await self._found((part,))]


def _paths(order: Order, rounds: Iterable[Sequence[Part]]) -> list[tuple[Floats, Floats]]:
    """(mine, pinned) of each replicate."""
    found = []
    for mine, pinned in rounds:
        pair = order.got[mine], order.got[pinned]
        assert not isinstance(pair[0], bytes)
        assert not isinstance(pair[1], bytes)
        found.append((pair[0], pair[1]))
    return found


def _series(pairs: Sequence[tuple[Floats, Floats]]) -> dict[str, Floats]:
    """Means, and the difference with its interval, each of shape (months + 1, outcomes)."""
    shape = pairs[0][0].shape
    mine, pinned, difference = Moments(shape), Moments(shape), Moments(shape)
    for one, other in pairs:
        mine.see(one)
        pinned.see(other)
        difference.see(one - other)
    low, high = difference.interval()
    means = {"mine": mine.mean, "pinned": pinned.mean, "difference": difference.mean}
    return {**means, "low": low, "high": high}


def _answer_json(pairs: Sequence[tuple[Floats, Floats]], of: int) -> bytes:
    series = _series(pairs)
    if len(pairs) < FIRST_REPLICATES:
        series = {name: series[name] for name in ("mine", "pinned", "difference")}
    n_months, n_outcomes = series["mine"].shape
    # One format for all numbers at once: a tenth of the time that JSON takes of each.
    numbers = np.stack(list(series.values())).transpose(2, 0, 1)
    # So many digits that an interval's ends are alike only where the interval has no width.
    digits = {"mine": 6, "pinned": 6, "difference": 9, "low": 9, "high": 9}
    lines = {name: ",".join([f"%.{digits[name]}g"] * n_months) for name in series}
    unknown = "" if "low" in series else ',"low":null,"high":null'
    one = ",".join(f'"{name}":[{line}]' for name, line in lines.items()) + unknown
    whole = ",".join(f'"{name}":{{{one}}}' for name in SHOWN_NAMES[:n_outcomes])
    outcomes = (whole % tuple(numbers.ravel().tolist())).replace("nan", "null")
    return f'{{{_LABEL},"replicates":{len(pairs)},"of":{of},"outcomes":{{{outcomes}}}}}'.encode()


def _ends_json(pairs: Sequence[tuple[Floats, Floats]]) -> str:
    """The last month's difference with its interval, by outcome."""
    last = {name: values[-1] for name, values in _series(pairs).items()}
    told = []
    for place, name in enumerate(SHOWN_NAMES):
        one = ",".join(
            f'"{key}":{last[key][place]:.9g}' for key in ("difference", "low", "high")
        ).replace("nan", "null")
        told.append(f'"{name}":{{{one}}}')
    return f"{{{','.join(told)}}}"
