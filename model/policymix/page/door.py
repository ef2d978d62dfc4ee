"""Who may come in: the right host, the right token, no other site's page; and what goes out.

An ASGI layer around the page's server.
"""

import ipaddress
import re
import secrets
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import parse_qs

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_VISITOR: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:\d{1,5})?")
_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_SAFE: Final = ("GET", "HEAD")
_WRONG_HOST: Final = "This page is not served under that name. Open the address that was printed."
_NO_TOKEN: Final = "Open the whole link that was printed, with its token."
_OTHER_SITE: Final = "Only this page itself may ask."


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Door:
    """Lets requests through to `app`, or refuses them; `failure` is why it could not be started.

    `host` is what the server listens on, and `token`, if any, what a link must carry. Cookies are
    named after the `port`, since browsers do not keep those of two ports apart.
    """

    def __init__(self, app: App, *, host: str, port: int, token: str = "") -> None:
        self.app, self.host, self.token = app, host.lower(), token
        self.token_cookie, self.visitor_cookie = f"policymix_token_{port}", f"policymix_{port}"
        self.failure: Exception | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            try:
                await self.app(scope, receive, send)
            except Exception as error:
                self.failure = error
                raise
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = {key.decode("latin-1"): v.decode("latin-1") for key, v in scope["headers"]}
        cookies = _cookies(headers.get("cookie", ""))
        refusal = self._refusal(scope, headers, cookies)
        visitor = cookies.get(self.visitor_cookie, "")
        is_known = bool(_VISITOR.fullmatch(visitor))
        scope.setdefault("state", {})["visitor"] = visitor if is_known else _address(scope)
        given = [] if refusal else self._given(scope, cookies, is_known)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS, *given]
            await send(message)

        if refusal:
            await _refuse(sending, refusal)
        else:
            await self.app(scope, receive, sending)

    def _refusal(self, scope: Message, headers: dict[str, str], cookies: dict[str, str]) -> str:
        """Why a request is refused; empty if it is not."""
        if not self._is_our_name(headers.get("host", "")):
            return _WRONG_HOST
        if self.token and not self._has_token(scope, cookies):
            return _NO_TOKEN
        if scope["method"] not in _SAFE and _is_from_elsewhere(headers):
            return _OTHER_SITE
        return ""

    def _is_our_name(self, header: str) -> bool:
        """Whether a Host header is one that a name in somebody else's hands cannot cause."""
        if not (found := _HOST.fullmatch(header)):
            return False
        name = found[1].strip("[]").lower()
        if is_loopback(name):
            return True
        if is_loopback(self.host):
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            machine = socket.gethostname().lower()
            return name in (self.host, machine, f"{machine}.local")
        return True  # an address, not a name that may be given another one

    def _has_token(self, scope: Message, cookies: dict[str, str]) -> bool:
        told = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        kept = cookies.get(self.token_cookie, "")
        return any(
            secrets.compare_digest(one.encode("utf-8"), self.token.encode())
            for one in (*told[:1], kept)
        )

    def _given(
        self, scope: Message, cookies: dict[str, str], is_known: bool
    ) -> list[tuple[bytes, bytes]]:
        """The cookies that come with the page itself."""
        if scope["path"] != "/":
            return []
        set_now = {} if is_known else {self.visitor_cookie: secrets.token_urlsafe(16)}
        if self.token and cookies.get(self.token_cookie) != self.token:
            set_now[self.token_cookie] = self.token
        kept = "HttpOnly; SameSite=Strict; Path=/"
        return [
            (b"set-cookie", f"{name}={value}; {kept}".encode()) for name, value in set_now.items()
        ]


def _is_from_elsewhere(headers: dict[str, str]) -> bool:
    """Whether a browser says that another site's page caused this request."""
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return True
    origin = headers.get("origin")
    return origin is not None and origin.lower() != f"http://{headers.get('host', '')}".lower()


def _cookies(header: str) -> dict[str, str]:
    """Each cookie as it stands: one that another program left malformed hides none of ours."""
    pairs = (one.partition("=") for one in header.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _address(scope: Message) -> str:
    """Names who has no cookie: all of one address are one visitor, however often they connect."""
    host, _ = scope.get("client") or ("", 0)
    return f"at {host}"


async def _refuse(send: Send, why: str) -> None:
    body = f"{why}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"content-security-policy", b"default-src 'none'"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),  # who has no right to be here holds no place
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
