"""Whose turn it is: what visitors wait for, and which run is played next.

The first pair of runs of everyone comes first, then the rest of a first answer, then second pairs
of whoever has a first answer, then what makes answers sharper; among equals, whoever was served
longest ago, then whoever waits longest. A visitor has one order of a kind: a newer one takes its
place, in the line too.
"""

import asyncio
from collections.abc import Collection, Iterator
from itertools import chain, islice
from typing import Final

from policymix.errors import ImpossibleWorldError
from policymix.page.parts import Part, Played
from policymix.scenario import Scenario

MOST_VISITORS: Final = 64
"""That wait at once."""
MOST_AT_ONCE: Final = 3
"""Runs that a worker plays side by side: with more, whoever moves a slider meanwhile waits long."""
FIRST, REST, SOON, LATER, LAST = range(5)
"""How urgent a run is; `LAST` are the further rounds of an order that is not urgent at all."""


class SupersededError(Exception):
    """A newer request of the same visitor took the place of this one."""


class FullError(Exception):
    """Too many visitors wait already."""


class Order:
    """What a visitor waits for: rounds of parts, of which an answer needs the first ones whole.

    `urgent` of the rounds make a first answer; with none, all can wait. `begun` is set with the
    first whole round, `ended` with the last; both when it fails, and `error` says why. One that
    `spares` the rest does without the scenarios whose world is impossible.
    """

    def __init__(
        self,
        visitor: str,
        kind: str,
        rounds: tuple[tuple[Part, ...], ...],
        urgent: int,
        *,
        spares: bool = False,
    ) -> None:
        self.visitor, self.kind, self.rounds, self.urgent = visitor, kind, rounds, urgent
        self.spares = spares
        self.got: dict[Part, Played] = {}
        self.impossible: dict[Scenario, ImpossibleWorldError] = {}
        self.begun, self.ended = asyncio.Event(), asyncio.Event()
        self.error: Exception | None = None

    @property
    def n_whole(self) -> int:
        """Rounds, from the first on, of which everything is there."""
        for number, parts in enumerate(self.rounds):
            if any(self._lacks(part) for part in parts):
                return number
        return len(self.rounds)

    def missing(self) -> Iterator[tuple[int, Part]]:
        """(urgency, part) of what is not there yet, the next one first."""
        for number, parts in enumerate(self.rounds):
            urgency = self._urgency(number)
            for part in parts:
                if self._lacks(part):
                    yield urgency, part

    def _urgency(self, number: int) -> int:
        """Of the parts of a round."""
        if number >= self.urgent:
            return LATER if self.urgent or number == 0 else LAST
        if number == 0:
            return FIRST
        return REST if len(self.rounds) <= self.urgent else SOON

    def is_played(self, running: Collection[Part]) -> bool:
        """Whether something that it lacks is on its way."""
        return any(part in running for _, part in self.missing())

    def receive(self, part: Part, played: Played) -> None:
        """Take in what was played, if it is waited for."""
        if any(part in parts for parts in self.rounds):
            self.got[part] = played
            self.see()

    def see(self) -> None:
        """Tell who waits how far it is."""
        n_whole = self.n_whole
        if n_whole:
            self.begun.set()
        if n_whole == len(self.rounds):
            self.ended.set()

    def refuse(self, part: Part, error: Exception) -> None:
        """Do without what cannot be played, or give up."""
        if not any(part in parts for parts in self.rounds):
            return
        if self.spares and isinstance(error, ImpossibleWorldError):
            self.impossible[part.scenario] = error
            self.see()
        else:
            self.fail(error)

    def _lacks(self, part: Part) -> bool:
        return part not in self.got and part.scenario not in self.impossible

    def fail(self, error: Exception) -> None:
        """There will be no answer."""
        self.error = error
        self.begun.set()
        self.ended.set()


class Turns:
    """All orders that wait."""

    def __init__(self, most_visitors: int = MOST_VISITORS) -> None:
        self.most_visitors = most_visitors
        self._orders: dict[tuple[str, str], Order] = {}
        self._served: dict[str, int] = {}
        self._clock = 0

    def __iter__(self) -> Iterator[Order]:
        return iter(list(self._orders.values()))

    def join(self, order: Order) -> None:
        """Wait in line; an order of the same visitor and kind gives way. Raises FullError."""
        if older := self._orders.get((order.visitor, order.kind)):
            older.fail(SupersededError())
        visitors = {visitor for visitor, _ in self._orders}
        if order.visitor not in visitors and len(visitors) >= self.most_visitors:
            raise FullError
        self._orders[order.visitor, order.kind] = order  # where the older one stood

    def leave(self, order: Order) -> None:
        """No longer wait."""
        key = (order.visitor, order.kind)
        if self._orders.get(key) is order:
            del self._orders[key]
        if all(other.visitor != order.visitor for other in self._orders.values()):
            self._served.pop(order.visitor, None)

    def next(self, running: Collection[Part], n_workers: int, n_idle: int) -> tuple[Part, ...]:
        """What to play next, other than those `running`; nothing if nobody needs anything.

        The part whose turn it is, and as many equally urgent ones beside it as are a worker's
        share: of `n_workers`, who will soon be free, or of the `n_idle` ones if nothing is urgent.
        """
        heads: dict[Order, tuple[int, Part]] = {}
        rests: dict[Order, Iterator[tuple[int, Part]]] = {}
        for order in self._orders.values():
            if order.error is None:
                rests[order] = ((u, p) for u, p in order.missing() if p not in running)
                if head := next(rests[order], None):
                    heads[order] = head
        if not heads:
            return ()
        urgency = min(head[0] for head in heads.values())
        waiting: dict[Part, Order] = {}
        for order in sorted(heads, key=lambda order: self._served.get(order.visitor, 0)):
            for one, part in chain([heads[order]], rests[order]):
                if one != urgency:
                    break
                waiting.setdefault(part, order)
        first, *others = waiting
        n_sharing = n_workers if urgency < LATER else n_idle
        share = min(-(-len(waiting) // n_sharing), MOST_AT_ONCE)
        parts = (first, *islice(filter(first.is_beside, others), share - 1))
        self._clock += 1
        self._served |= {waiting[part].visitor: self._clock for part in parts}
        return parts
