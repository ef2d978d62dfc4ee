"""A long study of the live page in a browser: how many wait before it, and when it is let go."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from policymix.page.job_work import Job
from policymix.scenario import load_scenario
from pretended import Pretended, pretended
from served import Served
from whole_page import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from policymix.page.jobs import Jobs

pytestmark = pytest.mark.slow  # a browser takes its time

Long = tuple["Page", "Jobs", list[Pretended]]


@pytest.fixture
def long(browser: "Browser") -> Iterator[Long]:
    """The third tab of a live page whose long studies end when the test says so."""
    jobs, started = pretended()
    served = Served(jobs)
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"http://127.0.0.1:{served.port}/")
    page.locator("#tab-believe").click()
    yield page, jobs, started
    page.context.close()
    served.stop()


def begin(page: "Page") -> None:
    page.get_by_role("button", name="Play both mixes in sampled worlds").click()


def until_stopped(page: "Page", one: Pretended) -> None:
    for _ in range(200):
        if one.is_stopped:
            return
        page.wait_for_timeout(50)
    pytest.fail("it is still played")


def test_how_many_wait_before_a_long_study_is_said(long: Long) -> None:
    page, jobs, started = long
    scenario = load_scenario("baseline")
    for seed, visitor in enumerate("xy"):
        jobs.ask(visitor, Job("robust", scenario, scenario, seed, 2, 32, 1))
    begin(page)
    page.get_by_text("2 before you").wait_for()
    started[0].end()
    page.get_by_text("1 before you").wait_for()
    started[1].end()
    page.get_by_text("before you").wait_for(state="hidden")
    started[2].telling.send(("progress", 3, 9))
    page.get_by_text("3 of 9 runs").wait_for()


def test_a_long_study_of_another_question_is_let_go(long: Long) -> None:
    page, _, started = long
    begin(page)
    page.get_by_role("progressbar").wait_for()
    page.get_by_text("Beginning").wait_for()
    page.wait_for_timeout(1_000)
    assert not started[0].is_stopped
    page.locator("#tab-mix").click()
    page.locator(".pickers select").nth(1).select_option("supply_first")
    page.locator("#tab-believe").click()
    until_stopped(page, started[0])
    assert len(started) == 1
    assert page.get_by_role("progressbar").count() == 0


def test_a_page_that_is_left_lets_its_long_study_go(long: Long) -> None:
    page, _, started = long
    begin(page)
    page.get_by_text("Beginning").wait_for()
    page.wait_for_timeout(1_000)
    assert not started[0].is_stopped
    page.goto("about:blank")
    until_stopped(page, started[0])
