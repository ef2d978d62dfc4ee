"""What the page refuses is said where it was typed, and nothing else is lost."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from watch_page import go_to, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow  # a browser takes its time


def said_beside(page: "Page", label: str) -> str:
    """What stands beside a field, and is read with it."""
    field = page.get_by_label(label, exact=True)
    problem = page.locator(f"#{field.get_attribute('aria-describedby')}")
    assert problem.get_attribute("role") == "alert"
    return problem.inner_text()


def typed(page: "Page", label: str, text: str) -> str:
    """What is said once something was typed there; the field holds what it held."""
    field = page.get_by_label(label, exact=True)
    held = field.input_value()
    field.fill(text)
    field.press("Tab")
    assert field.input_value() == held
    return said_beside(page, label)


@pytest.fixture
def phased(browser: "Browser", watch_address: str) -> Any:
    page = opened(browser, watch_address, tab="mix")
    page.locator("details.later summary").click()
    for _ in range(2):
        page.get_by_role("button", name="Add a later phase").click()
    yield page
    assert page.troubles == []  # type: ignore[attr-defined]
    page.close()


@pytest.mark.parametrize(
    ("label", "text", "read", "allowed"),
    [
        ("Starts after year", "999", "Read 999", "allowed is 0 to 50"),
        ("Starts after year", "-2", "Read -2", "allowed is 0 to 50"),
        ("Starts after year", "", "Read nothing", "allowed is 0 to 50"),
        ("Starts after year", "0", "Read 0", "another phase starts there"),
        ("Starts after year", "3", "Read 3", "another phase starts there"),
        ("Months to reach it", "999", "Read 999", "allowed is a whole number from 0 to 600"),
        ("Months to reach it", "2.5", "Read 2.5", "allowed is a whole number from 0 to 600"),
    ],
)
def test_a_wrong_number_of_a_phase_is_said_and_the_phase_stays(
    phased: "Page", label: str, text: str, read: str, allowed: str
) -> None:
    phases = phased.locator(".phases .chip").all_inner_texts()
    said = typed(phased, label, text)
    assert said.startswith(read)
    assert allowed in said
    held = {"Starts after year": "6", "Months to reach it": "12"}[label]
    assert said.endswith(f"It stays at {held}.")
    assert phased.locator(".phases .chip").all_inner_texts() == phases


def test_a_right_number_of_a_phase_is_taken_and_nothing_is_said(phased: "Page") -> None:
    typed(phased, "Starts after year", "999")
    phased.get_by_label("Starts after year").fill("4.5")
    phased.get_by_label("Starts after year").press("Tab")
    phased.get_by_role("button", name="From year 4.5").wait_for()
    assert said_beside(phased, "Starts after year") == ""


def test_what_was_said_of_a_wrong_number_goes_when_the_one_that_holds_is_typed(
    phased: "Page",
) -> None:
    typed(phased, "Starts after year", "999")
    phased.get_by_label("Starts after year").fill("6")
    phased.get_by_label("Starts after year").press("Tab")
    assert said_beside(phased, "Starts after year") == ""


def test_a_phase_starts_with_a_month(phased: "Page") -> None:
    phased.get_by_label("Starts after year").fill("3.7")
    phased.get_by_label("Starts after year").press("Tab")
    phased.get_by_role("button", name="From year 3.6667").wait_for()
    assert phased.get_by_label("Starts after year").input_value() == "3.6667"
    assert typed(phased, "Starts after year", "3.01").startswith("Read 3.01, but another phase")


def test_a_mix_is_reached_before_the_next_one_starts(phased: "Page") -> None:
    for _ in range(2):
        phased.get_by_role("button", name="Add a later phase").click()
    starts, ramps = [], []
    for chip in phased.locator(".phases .chip").all()[1:]:
        chip.click()
        starts.append(float(phased.get_by_label("Starts after year").input_value()))
        ramps.append(int(phased.get_by_label("Months to reach it").input_value()))
    assert len(starts) == 4
    rooms = [12 * (after - before) for before, after in pairwise(starts)]
    assert min(rooms) < 12, "one phase too many for a ramp of a year"
    assert all(ramp <= room for ramp, room in zip(ramps, rooms, strict=False))
    assert ramps[-1] == 12
    phased.get_by_role("button", name="From year 3", exact=True).click()
    assert "from 0 to 36." in typed(phased, "Months to reach it", "37")


@pytest.mark.parametrize("text", ["99999", "-5", "0", "2.5"])
def test_a_dot_that_is_not_there_is_said_and_the_story_stays(watched: "Page", text: str) -> None:
    go_to(watched, 60)
    assert typed(watched, "Dot", text).endswith("allowed is a whole number from 1 to 2,400.")
    watched.get_by_label("Dot", exact=True).fill("5")
    watched.keyboard.press("Enter")
    story = watched.locator(".story").first.inner_text()
    assert said_beside(watched, "Dot") == ""
    assert typed(watched, "Dot", text).endswith("from 1 to 2,400. It stays at 5.")
    assert watched.locator(".story").first.inner_text() == story
    watched.get_by_role("button", name="Find next").click()
    assert said_beside(watched, "Dot") == ""
