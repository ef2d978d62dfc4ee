"""Workers leave the machine to a page that is loading, and are there soon if nobody comes."""

import asyncio
from collections.abc import Callable

import pytest
from calling import BOTH, Obedient, answers_of, call, settled
from policymix.page import server
from policymix.page.jobs import Jobs
from policymix.page.server import app_for
from starlette.applications import Starlette


def begun(seconds: float, act: Callable[[Starlette], object], after: float = 0.0) -> Obedient:
    """The crew of a page that lived so long beyond what was done with it."""
    crew = Obedient(is_open=True)
    answers = answers_of(crew)

    async def life() -> None:
        app = app_for(answers, Jobs())
        async with app.router.lifespan_context(app):
            await asyncio.sleep(after)
            done = act(app)
            if asyncio.iscoroutine(done):
                await done
            await asyncio.sleep(seconds)

    asyncio.run(life())
    return crew


def ask(app: Starlette) -> object:
    return call(app, "POST", "/api/answer", {**BOTH, "replicates": 2})


def look(app: Starlette) -> object:
    return call(app, "GET", "/")


def test_nobody_works_while_a_page_is_loading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_ALONE_SECONDS", 60.0)
    assert begun(0.1, look).played == []


def test_without_a_question_the_usual_policy_is_played_on_each_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "_ALONE_SECONDS", 0.0)
    crew = begun(0.1, look)
    assert [part.replicate for part in crew.played] == [0, 1]
    assert {part.scenario.phases[0].funding.spend for part in crew.played} == {
        server.load_scenario("baseline").phases[0].funding.spend
    }


def test_after_a_question_nothing_else_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_ALONE_SECONDS", 0.05)
    assert len(begun(0.2, ask).played) == 4


def test_what_was_played_for_nobody_is_not_played_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_ALONE_SECONDS", 0.0)
    crew = begun(0.1, ask, after=0.1)
    assert len(crew.played) == len(set(crew.played)) == 4


def test_a_refused_question_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_ALONE_SECONDS", 0.1)

    def refused(app: Starlette) -> object:
        return call(app, "POST", "/api/answer", {"mine": "x"})

    assert len(begun(0.3, refused).played) == 2


def test_what_is_being_played_is_not_begun_again() -> None:
    async def life() -> list[int]:
        crew = Obedient()
        answers, usual = answers_of(crew), server.load_scenario("baseline")
        answers.warm_up(usual)
        await settled()
        answers.warm_up(usual)
        await settled()
        await answers.stop()
        return [part.replicate for part in crew.played]

    assert asyncio.run(life()) == [0, 1]
