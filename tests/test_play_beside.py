"""What a worker of the live page plays at once: whose runs, and how many, side by side."""

import asyncio
from dataclasses import replace
from typing import Any

import numpy as np
from calling import SMALL, Obedient, answers_of, settled
from policymix.errors import ImpossibleWorldError
from policymix.page.parts import Part, play
from policymix.page.turns import Order, Turns
from policymix.pool import StudyError
from policymix.scenario import load_scenario
from test_play_turns import BASELINE, SIX, answer, mix, run, treatment


def test_what_makes_an_answer_sharper_is_played_side_by_side_when_nobody_waits() -> None:
    async def play() -> None:
        crew = Obedient(n_workers=2)
        answers = answers_of(crew, replicates=8)
        task = asyncio.create_task(answer(answers, "a", mix(9.0), 8))
        await settled()
        for _ in range(2):
            crew.allow(2)
            await settled()
        together = [list(parts) for parts in crew.together]
        assert [len(parts) for parts in together[:4]] == [1] * 4, "first pairs come one by one"
        n_waiting = [len(parts) for parts in together[4:]]
        assert n_waiting == [3, 3], "a worker plays three at once, not all that are left"
        crew.is_open = True
        crew.allow(9)
        assert (await task)["replicates"] == 8
        played = [p for parts in crew.together for p in parts]
        assert len(played) == len(set(played)) == 16

    run(play)


def test_visitors_who_wait_are_played_side_by_side_and_each_is_alone_with_what_goes_wrong() -> None:
    class Failing(Obedient):
        async def play(self, parts: Any) -> Any:
            played = await super().play(parts)
            if any(treatment(part.scenario) == 2.0 for part in parts):
                raise StudyError("this cannot be")
            return played

    async def play() -> None:
        crew = Failing(n_workers=1, is_open=True)
        answers = answers_of(crew)
        tasks = [asyncio.create_task(answer(answers, name, mix(n), 1)) for name, n in SIX[:4]]
        told = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(one) for one in told] == [dict, StudyError, dict, dict]
        assert [len(parts) for parts in crew.together] == [2, 3, 1, 1, 1]

    run(play)


def test_worlds_apart_and_watched_runs_are_played_alone() -> None:
    other = load_scenario("baseline", {"peer_effect": 0.41})
    one, two = (Part(scenario, 1, 0) for scenario in (BASELINE, other))
    assert one.is_beside(replace(one, replicate=3))
    assert one.is_beside(Part(mix(9.0).mine, 1, 0))
    assert not one.is_beside(two)
    assert not one.is_beside(replace(one, is_watched=True))


def test_an_impossible_world_is_tried_once_for_all_who_share_it() -> None:
    class Impossible(Obedient):
        async def play(self, parts: Any) -> Any:
            await super().play(parts)
            raise ImpossibleWorldError("no balance")

    async def play_all() -> None:
        crew = Impossible(n_workers=1, is_open=True)
        answers = answers_of(crew)
        tasks = [asyncio.create_task(answer(answers, name, mix(n), 1)) for name, n in SIX[:4]]
        told = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(one) for one in told} == {ImpossibleWorldError}
        assert [len(parts) for parts in crew.together] == [2], "all wait for the pinned one"

    run(play_all)


def test_a_ladder_s_first_round_goes_before_its_second() -> None:
    """Three worlds, two mixes each: what is beside a run of the first world is its own round."""
    worlds = [load_scenario("baseline", {"peer_effect": effect}) for effect in (0.31, 0.32, 0.33)]
    pairs = [(replace(one, phases=mix(9.0).mine.phases), one) for one in worlds]
    rounds = tuple(tuple(Part(one, 1, r) for pair in pairs for one in pair) for r in range(3))
    turns = Turns()
    turns.join(Order("a", "ladder", rounds, urgent=0))
    given: list[Part] = []
    while parts := turns.next(given, n_workers=2, n_idle=1):
        given += parts
    assert [part.replicate for part in given[:6]] == [0] * 6
    assert len(set(given)) == 18


def test_runs_side_by_side_are_those_played_one_by_one() -> None:
    mine = replace(mix(9.0).mine, setup=SMALL)
    parts = [Part(one, 5, r) for r in range(2) for one in (mine, replace(BASELINE, setup=SMALL))]
    for together, part in zip(play(parts), parts, strict=True):
        np.testing.assert_array_equal(together, play([part])[0])
