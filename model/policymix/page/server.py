"""The live page: its files, and the questions that it asks."""

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import import_module
from threading import Thread
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from policymix.errors import InputError
from policymix.label import SHORT_LABEL
from policymix.page.answers import Answers, BusyError, Policies
from policymix.page.asking import (
    MOST_BYTES,
    fields_of,
    named,
    policies_of,
    replicates_of,
    rungs_of,
    scenario_of,
    seed_of,
)
from policymix.page.assets import assets, compressed
from policymix.page.facts import facts
from policymix.page.file import linked_page
from policymix.page.job_work import WORLDS, Job, Kind
from policymix.page.jobs import FullOfJobsError, Jobs, State
from policymix.page.turns import FullError, SupersededError
from policymix.pool import StudyError
from policymix.scenario import Scenario, load_scenario

_BODY_SECONDS: Final = 10.0
_ALONE_SECONDS: Final = 3.0
"""So long workers wait for a first visitor, since starting them slows a page that is loading."""
_BOTH: Final[dict[str, type]] = {"mine": str, "pinned": str}
_NAMES: Final[dict[str, type]] = {"mine_name": str, "pinned_name": str}
_JOBS: Final[tuple[Kind, ...]] = ("robust", "report")
_REPORT_NAME: Final = "policymix-report.html"
_CSP: Final = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_API_HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; sandbox",
}
_REFUSED: Final[dict[type[Exception], tuple[int, str]]] = {
    # No refusal: browsers would log an error for what happens while a slider moves.
    SupersededError: (202, "superseded: a newer request of this page took the place of this one"),
    FullError: (503, "Too many people are asking at this moment; try again in some seconds."),
    BusyError: (503, "The server has too much to do at this moment; try again in some seconds."),
    FullOfJobsError: (503, "Too many long studies wait already; try again in some minutes."),
}
Handler = Callable[[Request], Awaitable[Response]]


def app_for(answers: Answers, jobs: Jobs, *, worlds: int = WORLDS) -> Starlette:
    """The page's server; `answers` and `jobs` are stopped with it."""
    page = _Page(answers, jobs, worlds)
    routes = [
        Route("/", page.whole),
        Route("/assets/{name:path}", page.asset),
        Route("/api/answer", page.answer, methods=["POST"]),
        Route("/api/ladder", page.ladder, methods=["POST"]),
        Route("/api/watch", page.watch, methods=["POST"]),
        Route("/api/scenario", page.scenario, methods=["POST"]),
        *(Route(f"/api/{kind}", page.begin(kind), methods=["POST"]) for kind in _JOBS),
        *(Route(f"/api/{kind}/{{name}}", page.look) for kind in _JOBS),
        *(Route(f"/api/{kind}/{{name}}", page.leave, methods=["DELETE"]) for kind in _JOBS),
        Route("/api/report/{name}/file", page.report),
    ]
    handlers: dict[Any, Any] = {
        **dict.fromkeys((InputError, StudyError, *_REFUSED), _told),
        HTTPException: _not_so,
        Exception: _broken,
    }
    return Starlette(routes=routes, exception_handlers=handlers, lifespan=page.life)


class _Page:
    def __init__(self, answers: Answers, jobs: Jobs, worlds: int) -> None:
        self.answers, self.jobs, self.worlds = answers, jobs, worlds
        self.assets = assets()
        told = facts("live", answers.setup, answers.replicates, answers.seed)
        self._mark = secrets.token_urlsafe(16)
        self._html = linked_page(told, self._mark)
        self._is_warm = False

    @asynccontextmanager
    async def life(self, _app: Starlette) -> AsyncIterator[None]:
        """Workers start with the first question, or soon, and end with the server."""
        usual, loop = load_scenario("baseline"), asyncio.get_running_loop()
        later = loop.call_later(_ALONE_SECONDS, self._warm_up, usual)
        try:
            yield
        finally:
            later.cancel()
            self.jobs.stop()
            await self.answers.stop()

    def _warm_up(self, usual: Scenario | None = None) -> None:
        """Load, once, what answers need; without a question workers play the `usual` policy."""
        if not self._is_warm:
            self._is_warm = True
            Thread(target=import_module, args=("scipy.special",), daemon=True).start()  # intervals
            if usual is not None:
                self.answers.warm_up(usual)

    async def whole(self, request: Request) -> Response:
        """The page itself, with a fresh nonce."""
        nonce = secrets.token_urlsafe(16)
        body = self._html.replace(self._mark, nonce).encode()
        headers = {"content-security-policy": _CSP.format(nonce=nonce), "cache-control": "no-store"}
        return _packed(request, body, "text/html; charset=utf-8", headers)

    async def asset(self, request: Request) -> Response:
        """One of its files."""
        found = self.assets.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        headers = {
            "etag": found.etag,
            "cache-control": "no-cache",
            "vary": "accept-encoding",
            "content-security-policy": "default-src 'none'",
        }
        if request.headers.get("if-none-match") == found.etag:
            return Response(status_code=304, headers=headers)
        body = found.body
        if found.compressed and _takes_gzip(request):
            body, headers["content-encoding"] = found.compressed, "gzip"
        return Response(body, headers=headers, media_type=found.media_type)

    async def answer(self, request: Request) -> Response:
        """Paths of both policies."""
        told = await _read(request, _BOTH, {"replicates": int, "seed": int})
        replicates, seed = replicates_of(told, self.answers.replicates), seed_of(told)
        policies = await asyncio.to_thread(policies_of, told)
        self._warm_up()
        body = await self.answers.answer(_visitor(request), policies, replicates, seed)
        return _json_bytes(body)

    async def ladder(self, request: Request) -> Response:
        """The difference at some values of one assumption."""
        told = await _read(request, {**_BOTH, "assumption": str, "values": list}, {})
        rungs = await asyncio.to_thread(rungs_of, told)
        return _json_bytes(await self.answers.ladder(_visitor(request), rungs))

    async def watch(self, request: Request) -> Response:
        """A recording of one policy."""
        told = await _read(request, {"policy": str}, {})
        scenario = await asyncio.to_thread(scenario_of, told["policy"], "policy")
        body = await self.answers.recording(_visitor(request), scenario)
        return _packed(request, body, "application/json", _API_HEADERS)

    async def scenario(self, request: Request) -> Response:
        """Whether a scenario file is right."""
        told = await _read(request, {"mine": str}, {})
        found = await asyncio.to_thread(scenario_of, told["mine"], "mine")
        return _json({"ok": True, "title": found.title, "total": found.total()})

    def begin(self, kind: Kind) -> Handler:
        """What starts a job of this kind, or finds it."""

        async def begin(request: Request) -> Response:
            told = await _read(request, _BOTH, _NAMES if kind == "report" else {})
            policies = named(await asyncio.to_thread(policies_of, told), told)
            job = self._job(kind, policies)
            name = await asyncio.to_thread(self.jobs.ask, _visitor(request), job)
            return _json({"id": name}, 202)

        return begin

    async def look(self, request: Request) -> Response:
        """How far a job is; what came of it, if it is no file."""
        state = self._state(request)
        if state.problem:
            return _problems(422, state.problem)
        told: dict[str, Any] = {"label": SHORT_LABEL, "ready": state.is_over}
        told |= {"done": state.done, "of": state.of, "before": state.before}
        if state.answer is not None and not isinstance(state.answer, str):
            told["answer"] = state.answer
        return _json(told)

    async def leave(self, request: Request) -> Response:
        """Lets go of a job that its page no longer shows."""
        name = request.path_params["name"]
        await asyncio.to_thread(self.jobs.leave, _visitor(request), name)
        return Response(status_code=204, headers=_API_HEADERS)

    async def report(self, request: Request) -> Response:
        """The file that a job made."""
        answer = self._state(request).answer
        if not isinstance(answer, str):
            raise HTTPException(404)
        headers = {
            **_API_HEADERS,
            "content-disposition": f'attachment; filename="{_REPORT_NAME}"',
        }
        return _packed(request, answer.encode(), "text/html; charset=utf-8", headers)

    def _job(self, kind: Kind, policies: Policies) -> Job:
        answers = self.answers
        mine, pinned = (
            replace(one, setup=answers.setup, said=frozenset())
            for one in (policies.mine, policies.pinned)
        )
        return Job(
            *(kind, mine, pinned, answers.seed, answers.replicates),
            worlds=self.worlds,
            workers=answers.crew.n_workers,
        )

    def _state(self, request: Request) -> State:
        state = self.jobs.look(request.path_params["name"])
        if state is None:
            raise HTTPException(404)
        return state


async def _read(request: Request, required: dict[str, type], optional: dict[str, type]) -> Any:
    """The fields of a request's body. Raises InputError; HTTPException if it is too large."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415)
    body = b""
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise HTTPException(413)
    except TimeoutError as error:
        raise HTTPException(408) from error
    return fields_of(body, required, optional)


def _visitor(request: Request) -> str:
    return str(request.scope.get("state", {}).get("visitor", ""))


def _takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _packed(request: Request, body: bytes, media_type: str, headers: dict[str, str]) -> Response:
    """A large body, compressed quickly if the browser takes that."""
    small = compressed(body, 1) if _takes_gzip(request) else b""
    extra = {"vary": "accept-encoding"} | ({"content-encoding": "gzip"} if small else {})
    return Response(small or body, headers={**headers, **extra}, media_type=media_type)


def _json(told: Any, status: int = 200) -> Response:
    return _json_bytes(json.dumps(told, allow_nan=False).encode(), status)


def _json_bytes(body: bytes, status: int = 200) -> Response:
    return Response(body, status, _API_HEADERS, "application/json")


def _problems(status: int, text: str) -> Response:
    return _json({"problems": text.splitlines()}, status)


async def _told(_request: Request, error: Exception) -> Response:
    """What the visitor can mend, or wait for."""
    status, text = _REFUSED.get(type(error), (422, str(error)))
    return _problems(status, text)


_NOT_SO: Final = {
    404: "There is no such page.",
    405: "This page takes no such request.",
    408: "The request took too long to arrive.",
    413: f"The request is larger than {MOST_BYTES:,} bytes, the most.",
    415: "The request is no application/json.",
}


async def _not_so(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _problems(status, _NOT_SO.get(status, "The request is not permitted."))


async def _broken(_request: Request, error: Exception) -> Response:
    logging.getLogger("policymix").error("the page's server", exc_info=error)
    return _problems(500, "Something is wrong with this program; its terminal says what.")
