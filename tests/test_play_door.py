"""Who may come in to the page's server: the right name, the right token, no other site."""

import asyncio
from typing import Any

import pytest
from calling import MINE, VISITOR, ask, call, server
from policymix.page.door import Door


@pytest.mark.parametrize(
    ("host", "name", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8765", 200),
        ("127.0.0.1", "localhost:8765", 200),
        ("127.0.0.1", "[::1]:8765", 200),
        ("127.0.0.1", "evil.example:8765", 403),
        ("127.0.0.1", "192.168.1.5:8765", 403),
        ("127.0.0.1", "127.0.0.1.evil.example", 403),
        ("127.0.0.1", "", 403),
        ("127.0.0.1", "127.0.0.1@evil.example", 403),
        ("0.0.0.0", "192.168.1.5:8765", 200),
        ("0.0.0.0", "evil.example:8765", 403),
        ("class.example", "class.example", 200),
    ],
)
def test_only_names_that_are_ours_are_served(host: str, name: str, status: int) -> None:
    token = "" if host == "127.0.0.1" else "t"
    path = f"/?token={token}" if token else "/"
    assert ask("GET", path, headers={"host": name}, host=host, token=token).status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:8765", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "https://127.0.0.1:8765"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
def test_other_sites_may_not_ask(headers: dict[str, str], status: int) -> None:
    assert ask("POST", "/api/scenario", {"mine": MINE}, headers).status == status


def test_without_the_token_nothing_is_served() -> None:
    app = server(host="0.0.0.0", token="the-right-one")
    everything = ("/", "/?token=wrong", "/?token=", "/assets/dom.js", "/api/robust/x", "/?token=é")
    for path in everything:
        given = asyncio.run(call(app, "GET", path))
        assert given.status == 403, path
        assert "set-cookie" not in dict(given.headers), path
    given = asyncio.run(call(app, "POST", "/api/scenario", {"mine": MINE}))
    assert given.status == 403


def test_the_token_of_the_link_is_kept_in_a_cookie_that_scripts_cannot_read() -> None:
    app = server(host="0.0.0.0", token="the-right-one")
    page = asyncio.run(call(app, "GET", "/?token=the-right-one"))
    assert page.status == 200
    cookies = [value for name, value in page.headers if name == "set-cookie"]
    assert len(cookies) == 2
    assert all("HttpOnly; SameSite=Strict" in cookie for cookie in cookies)
    sent = {"cookie": "; ".join(cookie.partition(";")[0] for cookie in cookies)}
    assert asyncio.run(call(app, "GET", "/assets/dom.js", headers=sent)).status == 200
    told = asyncio.run(call(app, "POST", "/api/scenario", {"mine": MINE}, sent))
    assert told.status == 200
    assert "set-cookie" not in dict(asyncio.run(call(app, "GET", "/", headers=sent)).headers)


def test_a_cookie_that_another_program_left_malformed_hides_none_of_ours() -> None:
    app = server(host="0.0.0.0", token="the-right-one")
    foreign = 'theme={"a":1,"b"}; [x]=1; =; lone; bad=\x01"; '
    sent = {"cookie": f"{foreign}policymix_token_8765=the-right-one; policymix_8765={VISITOR}"}
    given = asyncio.run(call(app, "GET", "/", headers=sent))
    assert given.status == 200
    assert "set-cookie" not in dict(given.headers), "both were found"


def test_who_has_no_cookie_is_one_visitor_however_often_they_connect() -> None:
    def visitor(address: str, port: int, cookie: str = "") -> str:
        scope: dict[str, Any] = {}
        asyncio.run(
            call(_noted(scope), "GET", "/", headers={"cookie": cookie}, client=(address, port))
        )
        return str(scope["state"]["visitor"])

    assert visitor("10.0.0.7", 4711) == visitor("10.0.0.7", 4712)
    assert visitor("10.0.0.7", 4711) != visitor("10.0.0.8", 4711)
    assert visitor("10.0.0.7", 4711, "policymix_8765=too-short") == visitor("10.0.0.7", 4713)
    assert visitor("10.0.0.7", 4711, f"policymix_8765={VISITOR}") == VISITOR


def _noted(noted: dict[str, Any]) -> Door:
    """A door to a room that notes how its visitors come in."""

    async def room(scope: Any, receive: Any, send: Any) -> None:
        noted.update(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return Door(room, host="127.0.0.1", port=8765)


def test_who_has_no_right_to_come_in_does_not_stay_connected() -> None:
    given = asyncio.run(call(server(host="0.0.0.0", token="t"), "GET", "/"))
    assert (given.status, given.header("connection")) == (403, "close")
