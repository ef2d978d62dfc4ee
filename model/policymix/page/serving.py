"""The page's server on a socket: how many connect, and how long nobody may keep it waiting."""

import asyncio
import socket
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from policymix.page.answers import Answers
from policymix.page.door import Door
from policymix.page.jobs import Jobs
from policymix.page.server import app_for

MOST_CONNECTIONS: Final = 512
_REQUEST_SECONDS: Final = 20.0
"""So long a connection may be open without a request that is whole up to its body."""


class _Patience(H11Protocol):
    """Sends small answers at once, and closes a connection that asks nothing.

    uvicorn's own limit begins with a first answer.
    """

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # Else the body of a small answer waits until the visitor has confirmed its headers; asyncio
        # does this by itself only for sockets that were made for TCP by name.
        ours = transport.get_extra_info("socket")
        ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._see()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._see()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._see()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._waiting is not None:
            self._waiting.cancel()

    def _see(self) -> None:
        """Count from when a request was waited for, whatever drips in meanwhile."""
        is_asked = self.cycle is not None and not self.cycle.response_complete
        if is_asked and self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        elif not is_asked and self._waiting is None:
            self._waiting = self.loop.call_later(_REQUEST_SECONDS, self.transport.close)


def server_of(
    answers: Answers, jobs: Jobs, *, host: str, port: int, token: str = ""
) -> uvicorn.Server:
    """The page's server, to be run on a socket that listens; it stops at once and says nothing."""
    app: Any = Door(app_for(answers, jobs), host=host, port=port, token=token)
    config = uvicorn.Config(
        app,
        http=_Patience,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=round(_REQUEST_SECONDS),
        timeout_graceful_shutdown=0,
        limit_concurrency=MOST_CONNECTIONS,
        backlog=MOST_CONNECTIONS,
    )
    return uvicorn.Server(config)
