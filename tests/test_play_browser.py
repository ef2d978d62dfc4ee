"""The live page in a real browser: it plays, follows the slider, and says when nobody answers."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browser import headless_chromium
from policymix.assumptions import ledger
from policymix.label import LABEL
from served import REPLICATES, Served

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.slow  # a browser takes its time

SHARP = re.compile(rf"{REPLICATES} replicates of 1,000 people")
SLOW = 60_000  # milliseconds, on a machine that does other things


@pytest.fixture
def served() -> Iterator[Served]:
    one = Served()
    yield one
    one.stop()


@pytest.fixture
def page(served: Served) -> Iterator["Page"]:
    """The page, opened; whatever the browser complains of fails the test."""
    with headless_chromium() as browser:
        opened = browser.new_page()
        opened.set_default_timeout(SLOW)
        complaints: list[str] = []
        opened.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(f"http://127.0.0.1:{served.port}/")
        yield opened
        wrong = [one for one in complaints if "ERR_CONNECTION" not in one]
        assert wrong == []


def test_it_answers_follows_the_slider_and_says_when_nobody_is_there(
    served: Served, page: "Page"
) -> None:
    assert page.locator("#label").inner_text() == LABEL
    page.get_by_text(SHARP).first.wait_for()
    before = page.locator("main").inner_text()
    slider = page.locator("input[type=range]").nth(1)
    for _ in range(5):
        slider.evaluate(
            """(one) => {
                one.value = String(Number(one.value) * 0.8);
                one.dispatchEvent(new Event("input", {bubbles: true}));
            }"""
        )
        page.wait_for_timeout(50)
    page.wait_for_function(
        "(before) => document.querySelector('main').innerText !== before", arg=before
    )
    page.get_by_text(SHARP).first.wait_for()
    served.stop()
    slider.evaluate("(one) => one.dispatchEvent(new Event('input', {bubbles: true}))")
    page.get_by_text("The server does not answer").first.wait_for()


def test_its_other_tabs_play_too(page: "Page") -> None:
    page.get_by_text(SHARP).first.wait_for()
    page.get_by_role("tab", name="What would you have to believe?").click()
    page.locator("svg.ladder-plot").wait_for()
    page.get_by_role("tab", name="Watch").click()
    page.locator("canvas.dots").first.wait_for()


def test_a_wrong_assumption_is_said_and_the_one_before_stays(page: "Page") -> None:
    page.get_by_role("tab", name="Assumptions").click()
    row = page.locator('.assumption[data-name="peer_effect"]')
    field = row.get_by_label("Assume for both mixes")
    entry = ledger()["peer_effect"]
    field.fill("1e9")
    field.press("Tab")
    said = row.get_by_role("alert").inner_text()
    assert said.startswith(f"Read 1e9, allowed is {entry.min:g} to {entry.max:g}. It stays at ")
    assert float(field.input_value()) == entry.value
    assert page.locator("#changed").is_hidden()
    field.fill(str(entry.high))
    field.press("Tab")
    assert page.locator("#changed").is_visible()
    assert row.get_by_role("alert").inner_text() == ""
    row.get_by_role("button", name="Set back").click()
    assert float(field.input_value()) == entry.value
    page.get_by_text(SHARP).first.wait_for(state="attached")


def test_it_asks_for_the_rest_until_it_is_there(page: "Page") -> None:
    """However often others go first: here the first 25 times."""
    asked: list[int] = []

    def hurried(route: "Route") -> None:
        given = route.fetch()
        told = given.text().replace("PAUSE_MS = 400;", "PAUSE_MS = 5;")
        route.fulfill(response=given, body=told.replace("PAUSE_MS = 5_000;", "PAUSE_MS = 20;"))

    def crowded(route: "Route") -> None:
        told = route.request.post_data_json
        asked.append(told["replicates"])
        if asked.count(REPLICATES) <= 25:
            told["replicates"] = 1
        route.continue_(post_data=told)

    page.route("**/engine_live.js", hurried)
    page.route("**/api/answer", crowded)
    page.reload()
    page.get_by_text(SHARP).first.wait_for()
    assert asked.count(REPLICATES) == 26
