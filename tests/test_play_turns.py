"""Whose turn it is on the live page, without a run: an obedient crew plays nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from calling import SMALL, Obedient, answers_of, settled
from policymix.page import answers as answers_room
from policymix.page.answers import Answers, Policies
from policymix.page.recent import Recent
from policymix.page.turns import FullError, SupersededError
from policymix.pool import StudyError
from policymix.scenario import Funding, Phase, Scenario, load_scenario

BASELINE = load_scenario("baseline")
SIX = [(name, float(n)) for n, name in enumerate("abcdef", 1)]


def mix(treatment: float) -> Policies:
    """Mine spends this much on treatment, and the pinned one is the baseline."""
    spend = list(BASELINE.phases[0].funding.spend)
    spend[5] = treatment
    mine = replace(BASELINE, name="mine", phases=(Phase(1, 0, Funding(tuple(spend))),))
    return Policies(mine, BASELINE)


def treatment(scenario: Scenario) -> float:
    return scenario.phases[0].funding.spend[5]


def run(play: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(play(), 20))  # type: ignore[arg-type]


async def answer(answers: Answers, visitor: str, policies: Policies, replicates: int) -> Any:
    return json.loads(await answers.answer(visitor, policies, replicates))


def test_a_first_answer_keeps_all_workers_busy_and_the_pinned_mix_is_played_once() -> None:
    async def play() -> None:
        crew = Obedient(n_workers=4, is_open=True)
        answers = answers_of(crew)
        first = asyncio.create_task(answer(answers, "a", mix(9.0), 2))
        await settled()
        assert len(crew.played) == 4
        assert (await first)["replicates"] == 2
        await answer(answers, "a", mix(9.0), 3)
        assert len(crew.played) == 6, "sharpening plays what is new"
        await answer(answers, "b", mix(8.0), 3)
        assert len(crew.played) == 9, "the pinned mix is known"

    run(play)


def test_a_newer_request_takes_the_place_of_the_older_one() -> None:
    async def play() -> None:
        crew = Obedient()
        answers = answers_of(crew)
        older = asyncio.create_task(answer(answers, "a", mix(9.0), 2))
        await settled()
        newer = asyncio.create_task(answer(answers, "a", mix(8.0), 2))
        await settled()
        with pytest.raises(SupersededError):
            await older
        crew.is_open = True
        crew.allow(2)
        assert (await newer)["outcomes"]["addicted"]["mine"][0] == 8.5
        assert not any(treatment(p.scenario) == 9.0 and p.replicate for p in crew.played)

    run(play)


def test_a_newer_request_stands_in_line_where_the_older_one_stood() -> None:
    async def play() -> None:
        crew = Obedient(n_workers=1)
        answers = answers_of(crew)
        others = [asyncio.create_task(answer(answers, name, mix(n), 1)) for name, n in SIX[:3]]
        await settled()
        newer = asyncio.create_task(answer(answers, "b", mix(7.0), 1))
        await settled()
        crew.is_open = True
        crew.allow()
        await asyncio.gather(*others, newer, return_exceptions=True)
        mine = [treatment(p.scenario) for p in crew.played if treatment(p.scenario) in (1, 3, 7)]
        assert mine == [1.0, 7.0, 3.0]

    run(play)


def test_nobody_is_kept_for_a_second_pair_that_no_worker_has_turned_to() -> None:
    async def play() -> None:
        crew = Obedient(n_workers=2)
        answers = answers_of(crew)
        tasks = [asyncio.create_task(answer(answers, name, mix(n), 2)) for name, n in SIX]
        await settled()
        told = []
        for _ in range(4):
            crew.allow(2)
            await settled()
            done = [name for task, (name, _) in zip(tasks, SIX, strict=True) if task.done()]
            told.append("".join(done))
        assert told == ["a", "a", "abc", "abcdef"], "workers have turned to the second pairs of b-f"
        assert [len(parts) for parts in crew.together] == [1, 1, 3, 1, 1, 3, 2, 1]
        found = [told["replicates"] for told in await asyncio.gather(*tasks)]
        assert found == [1, 2, 2, 2, 2, 2]

    run(play)


def test_second_pairs_of_first_answers_go_before_those_of_others() -> None:
    async def play() -> None:
        crew = Obedient(n_workers=1)
        answers = answers_of(crew)
        sharper = asyncio.create_task(answer(answers, "a", mix(1.0), 3))
        await settled()
        crew.allow()  # the first pair of a
        await settled()
        first = asyncio.create_task(answer(answers, "b", mix(2.0), 2))
        await settled()
        crew.is_open = True
        crew.allow()
        await asyncio.gather(sharper, first)
        own = [p for p in crew.played if treatment(p.scenario) in (1.0, 2.0)]
        order = [(treatment(p.scenario), p.replicate) for p in own]
        assert order == [(1.0, 0), (1.0, 1), (2.0, 0), (2.0, 1), (1.0, 2)]

    run(play)


def test_first_pairs_go_before_what_makes_answers_sharper() -> None:
    async def play() -> None:
        crew = Obedient(n_workers=1)
        answers = answers_of(crew, replicates=8)
        tasks = [asyncio.create_task(answer(answers, "a", mix(9.0), 8))]
        await settled()
        for _ in range(2):  # the first two rounds of a
            crew.allow()
            await settled()
        tasks += [
            asyncio.create_task(answer(answers, name, mix(n), 2))
            for name, n in (("b", 5.0), ("c", 6.0))
        ]
        await settled()
        before = len(crew.played)
        crew.is_open = True
        crew.allow()
        await asyncio.gather(*tasks)
        order = [(treatment(p.scenario), p.replicate) for p in crew.played[before:]]
        assert order[:4] == [(5.0, 0), (6.0, 0), (5.0, 1), (6.0, 1)]

    run(play)


def test_whoever_was_served_longest_ago_is_next() -> None:
    async def play() -> None:
        crew = Obedient(n_workers=1)
        answers = answers_of(crew)
        tasks = [
            asyncio.create_task(answer(answers, name, mix(n), 3))
            for name, n in (("a", 1.0), ("b", 2.0), ("c", 3.0))
        ]
        await settled()
        crew.is_open = True
        crew.allow()
        await asyncio.gather(*tasks)
        mine = [p for p in crew.played if treatment(p.scenario) < 4]
        for replicate in range(2):
            turn = mine[3 * replicate :][:3]
            assert {treatment(p.scenario) for p in turn} == {1.0, 2.0, 3.0}, replicate

    run(play)


def test_under_load_an_answer_has_fewer_replicates_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answers_room, "_SHARP_SECONDS", 0.01)

    async def play() -> None:
        crew = Obedient()
        answers = answers_of(crew, replicates=8)
        waiting = asyncio.create_task(answer(answers, "a", mix(9.0), 8))
        await settled()
        crew.allow(2)  # the first pair
        told = await waiting
        assert (told["replicates"], told["of"]) == (1, 8)
        assert told["outcomes"]["addicted"]["low"] is None
        assert told["outcomes"]["addicted"]["difference"][1] is not None

    run(play)


def test_too_many_visitors_are_told_so() -> None:
    async def play() -> None:
        answers = answers_of(Obedient())
        tasks = [asyncio.create_task(answer(answers, str(n), mix(n), 2)) for n in range(64)]
        await settled()
        with pytest.raises(FullError):
            await answer(answers, "one more", mix(9.0), 2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert not list(answers.turns), "who leaves makes room"

    run(play)


def test_what_goes_wrong_reaches_everyone_who_waits_for_it_and_nobody_else() -> None:
    class Failing(Obedient):
        async def play(self, parts: Any) -> Any:
            if treatment(parts[0].scenario) == 9.0:
                raise StudyError("this cannot be")
            return await super().play(parts)

    async def play() -> None:
        answers = answers_of(Failing(is_open=True))
        both = [asyncio.create_task(answer(answers, name, mix(9.0), 2)) for name in "ab"]
        other = asyncio.create_task(answer(answers, "c", mix(8.0), 2))
        for task in both:
            with pytest.raises(StudyError, match="this cannot be"):
                await task
        assert (await other)["replicates"] == 2

    run(play)


def test_what_is_kept_is_bounded_by_its_bytes() -> None:
    kept: Recent[str, int] = Recent(100)
    for name in "abc":
        kept.put(name, 1, 40)
    assert kept.get("a") is None
    assert kept.get("b") == 1
    kept.put("d", 1, 40)
    assert (kept.get("c"), kept.get("b"), kept.n_bytes) == (None, 1, 80)
    kept.put("b", 2, 10)
    assert (kept.get("b"), kept.n_bytes) == (2, 50)
    kept.put("large", 1, 101)
    assert kept.get("large") is None
    assert len(kept) == 2


def test_titles_and_names_change_no_run() -> None:
    async def play() -> None:
        crew = Obedient(is_open=True)
        answers = answers_of(crew)
        named = replace(BASELINE, name="other", title="Other", summary="Other", setup=SMALL)
        await answer(answers, "a", Policies(named, BASELINE), 2)
        assert len(crew.played) == 2

    run(play)
