"""What tests of the page's server share: an app called without a socket, and a crew that obeys."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from policymix.page.answers import Answers
from policymix.page.door import Door
from policymix.page.jobs import Jobs
from policymix.page.parts import Part, Played
from policymix.page.server import app_for
from policymix.page.shown import SHOWN_NAMES
from policymix.scenario import Setup, load_scenario, resolved_toml

SMALL = Setup(people=1_000, months=12)
HOST = "127.0.0.1:8765"
VISITOR = "v" * 22
MINE = resolved_toml(load_scenario("demand_first"))
PINNED = resolved_toml(load_scenario("baseline"))
BOTH = {"mine": MINE, "pinned": PINNED}
USUAL: dict[str, Any] = {
    "type": "http",
    "root_path": "",
    "scheme": "http",
    "http_version": "1.1",
    "server": ("127.0.0.1", 8765),
}


@dataclass
class Given:
    """A response."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)

    @property
    def problems(self) -> list[str]:
        lines: list[str] = self.told["problems"]
        return lines

    def header(self, name: str) -> str:
        return ", ".join(value for key, value in self.headers if key == name)


async def call(
    app: Any,
    method: str,
    path: str,
    body: Any = b"",
    headers: dict[str, str] | None = None,
    client: tuple[str, int] = ("127.0.0.1", 4711),
) -> Given:
    """One request; a body that is no bytes is sent as JSON."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"host": HOST, "content-type": "application/json", **(headers or {})}
    path, _, query = path.partition("?")
    scope = {
        **USUAL,
        "method": method,
        "path": path,
        "client": client,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(key.encode(), value.encode("latin-1")) for key, value in given.items()],
    }
    messages: list[Any] = []
    waiting = [{"type": "http.request", "body": sent, "more_body": False}]

    async def receive() -> Any:
        return waiting.pop(0) if waiting else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start, *parts = messages
    return Given(
        start["status"],
        [(key.decode(), value.decode()) for key, value in start["headers"]],
        b"".join(part.get("body", b"") for part in parts),
    )


@dataclass
class Obedient:
    """A crew that plays nothing: a part is over when `allow` says so, and it notes the order."""

    n_workers: int = 2
    is_open: bool = False
    played: list[Part] = field(default_factory=list)
    together: list[tuple[Part, ...]] = field(default_factory=list)
    waiting: dict[Part, asyncio.Event] = field(default_factory=dict)

    async def play(self, parts: Sequence[Part]) -> list[Played]:
        self.played += parts
        self.together.append(tuple(parts))
        if not self.is_open:
            await self.waiting.setdefault(parts[0], asyncio.Event()).wait()
        months = parts[0].scenario.setup.months
        levels = [part.scenario.phases[0].funding.spend[5] + part.replicate for part in parts]
        return [np.full((months + 1, len(SHOWN_NAMES)), level) for level in levels]

    def allow(self, n: int = 1) -> None:
        """Let the oldest runs that are on their way end."""
        for part in list(self.waiting)[:n]:
            self.waiting.pop(part).set()

    def stop(self) -> None:
        pass


def answers_of(crew: Any, replicates: int = 3) -> Answers:
    return Answers(crew, SMALL, 1, replicates)


async def settled() -> None:
    """Everything that can go on has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


def server(crew: Any = None, *, host: str = "127.0.0.1", token: str = "", jobs: Any = None) -> Door:
    answers = answers_of(crew or Obedient(is_open=True))
    return Door(app_for(answers, jobs or Jobs()), host=host, port=8765, token=token)


def ask(method: str, path: str, body: Any = b"", headers: Any = None, **kind: Any) -> Given:
    return asyncio.run(asyncio.wait_for(call(server(**kind), method, path, body, headers), 20))
