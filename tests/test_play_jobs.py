"""Long studies beside the live page: few at once, let go when nobody wants them, never lost."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from calling import SMALL
from policymix.label import LABEL
from policymix.page import jobs as jobs_room
from policymix.page.job_work import Job
from policymix.page.jobs import FullOfJobsError, Jobs, State
from policymix.pool import start_apart
from policymix.scenario import load_scenario
from pretended import pretended

MINE = replace(load_scenario("demand_first"), name="mine", setup=SMALL)
PINNED = replace(load_scenario("baseline"), name="pinned", setup=SMALL)


def job(seed: int = 1, **other: Any) -> Job:
    usual: dict[str, Any] = {"kind": "robust", "replicates": 2, "worlds": 32, "workers": 1}
    return Job(mine=MINE, pinned=PINNED, seed=seed, **{**usual, **other})


def until(there: Callable[[], Any], seconds: float = 20.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := there()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)
    return found


def over(jobs: Jobs, name: str, seconds: float = 20.0) -> State:
    until(lambda: (state := jobs.look(name)) and state.is_over, seconds)
    state = jobs.look(name)
    assert state is not None
    return state


def test_the_same_question_is_answered_once() -> None:
    jobs, started = pretended()
    name = jobs.ask("a", job())
    assert jobs.ask("b", job()) == name
    started[0].telling.send(("progress", 3, 9))
    until(lambda: (state := jobs.look(name)) and (state.done, state.of) == (3, 9))
    started[0].telling.send(("answer", {"sentences": []}))
    started[0].end()
    assert over(jobs, name).answer == {"sentences": []}
    assert jobs.ask("c", job()) == name
    assert len(started) == 1


def test_one_job_is_played_at_a_time_and_few_wait() -> None:
    jobs, started = pretended()
    names = [jobs.ask(visitor, job(seed)) for seed, visitor in enumerate("abc")]
    with pytest.raises(FullOfJobsError):
        jobs.ask("d", job(9))
    assert len(started) == 1
    started[0].telling.send(("answer", {}))
    started[0].end()
    over(jobs, names[0])
    until(lambda: len(started) == 2)


def test_a_visitor_has_one_job_of_a_kind_and_what_nobody_wants_is_let_go() -> None:
    jobs, started = pretended()
    first = jobs.ask("a", job(1))
    jobs.ask("b", job(1))
    second = jobs.ask("a", job(2))
    assert not started[0].is_stopped, "b still wants it"
    jobs.ask("b", job(2))
    assert started[0].is_stopped
    assert "let go" in over(jobs, first).problem
    until(lambda: len(started) == 2)
    assert jobs.look(second) is not None
    jobs.ask("a", job(1, kind="report"))
    assert not started[1].is_stopped, "a report is another kind"


def test_a_job_that_nobody_looks_at_is_let_go_and_the_next_one_begins() -> None:
    jobs, started = pretended(unseen_seconds=0.3)
    left, waits = jobs.ask("a", job(1)), jobs.ask("b", job(2))
    until(lambda: jobs.look(waits) and started[0].is_stopped)
    assert "let go" in over(jobs, left).problem
    until(lambda: jobs.look(waits) and len(started) == 2)
    state = jobs.look(waits)
    assert state is not None
    assert not state.is_over, "somebody looks at it"


def test_who_leaves_lets_go_of_a_job_unless_another_wants_it() -> None:
    jobs, started = pretended()
    name = jobs.ask("a", job(1))
    jobs.ask("b", job(1))
    waits = jobs.ask("c", job(2))
    jobs.leave("a", name)
    jobs.leave("nobody", name)
    assert not started[0].is_stopped, "b still wants it"
    jobs.leave("b", name)
    assert started[0].is_stopped
    until(lambda: len(started) == 2)
    assert jobs.ask("a", job(1)) == name, "it can be asked again"
    state = jobs.look(name)
    assert state is not None
    assert (state.is_over, state.before) == (False, 1)
    jobs.leave("c", waits)
    until(lambda: len(started) == 3)


def test_each_is_told_how_many_are_before() -> None:
    jobs, started = pretended()
    names = [jobs.ask(visitor, job(seed)) for seed, visitor in enumerate("abc")]

    def before() -> list[int]:
        states = [jobs.look(name) for name in names]
        return [state.before for state in states if state and not state.is_over]

    assert before() == [0, 1, 2]
    started[0].telling.send(("answer", {}))
    started[0].end()
    until(lambda: len(started) == 2)
    assert before() == [0, 1]


def test_jobs_that_failed_are_forgotten_like_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_room, "_BYTES_KEPT", 3 * jobs_room._BYTES_OF_A_STATE)
    jobs, started = pretended()
    names = []
    for seed in range(5):
        names.append(jobs.ask("a", job(seed)))
        started[-1].telling.send(("problem", "it cannot be"))
        started[-1].end()
        over(jobs, names[-1])
    # A job is over before its thread has put it away.
    until(lambda: [jobs.look(n) is not None for n in names] == [False, False, False, True, True])


def test_a_process_that_is_gone_is_told_and_the_question_can_be_asked_again() -> None:
    jobs, started = pretended()
    name = jobs.ask("a", job())
    started[0].end()
    assert "ask again" in over(jobs, name).problem
    jobs.ask("a", job())
    until(lambda: len(started) == 2)


def test_when_the_page_is_closed_every_process_ends() -> None:
    jobs, started = pretended()
    jobs.ask("a", job())
    jobs.stop()
    assert started[0].is_stopped


def test_a_real_process_is_ended_with_its_own_workers() -> None:
    apart = start_apart(_tell_and_wait)
    pid = apart.heard.recv()
    assert apart.heard.recv() > 0 or not hasattr(os, "nice"), "it gives way to everyone else"
    apart.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, signal.SIGINT)


def _tell_and_wait(tell: Callable[[object], None]) -> None:
    tell(os.getpid())
    tell(os.nice(0) if hasattr(os, "nice") else 0)
    time.sleep(60)


@pytest.mark.slow
def test_sampled_worlds_are_played_beside() -> None:
    jobs = Jobs()
    answer = over(jobs, jobs.ask("a", job(workers=2)), 300).answer
    assert [share["outcome"] for share in answer["shares"]][:2] == ["addicted", "overdose_deaths"]
    assert all(share["low"] <= share["share"] <= share["high"] for share in answer["shares"])
    assert all(share["worlds"] == 32 for share in answer["shares"])
    assert any("mine" in sentence for sentence in answer["sentences"])
    assert answer["picture"]["source"].startswith("data:image/svg+xml;base64,")
    assert answer["picture"]["alt"]


@pytest.mark.slow
def test_the_report_of_compare_is_made_beside() -> None:
    hostile = replace(MINE, title="</script><img src=x onerror=alert(1)>")
    jobs = Jobs()
    answer = over(jobs, jobs.ask("a", replace(job(kind="report"), mine=hostile)), 300).answer
    assert LABEL in answer
    assert "<img src=x" not in answer
    assert "&lt;img src=x" in answer
