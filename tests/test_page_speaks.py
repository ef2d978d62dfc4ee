"""The first tab by itself: what it speaks of is what stands on it."""

from typing import TYPE_CHECKING

import pytest
from whole_page import move

if TYPE_CHECKING:
    from whole_page import Opened

pytestmark = pytest.mark.slow  # a browser takes its time


def test_one_status_speaks_and_only_when_the_numbers_stand_still(opened: "Opened") -> None:
    page = opened.page
    speaking = "output, [role=status], [role=alert], [aria-live]:not([aria-live=off])"
    assert page.locator("output").count() == 0
    assert page.locator("#view-mix").locator(speaking).count() == 1
    status = page.locator("#view-mix .spoken")
    status.filter(has_text="After 1 year, mine less pinned").wait_for(state="attached")
    page.evaluate("""() => {
        window.said = 0;
        const count = () => { window.said += 1; };
        new MutationObserver(count).observe(document.querySelector("#view-mix .spoken"),
            {childList: true, characterData: true, subtree: true});
    }""")
    before = status.inner_text()
    for share in (30, 32, 34, 36, 38, 40):
        move(page, "supply", share)
        page.wait_for_timeout(40)
    opened.sharp()
    assert status.inner_text() == ""  # never an answer that is no longer there
    told = status.filter(has_text="After 1 year")
    told.wait_for(state="attached")
    assert page.evaluate("window.said") <= 2
    assert told.inner_text() != before
    for number in page.locator(".tile-number").all_inner_texts():
        assert number in told.inner_text()


def test_nothing_is_spoken_of_a_mix_that_is_hidden_or_of_the_one_before(opened: "Opened") -> None:
    page = opened.page
    spoken = page.locator("#view-mix .spoken")
    spoken.filter(has_text="After 1 year").wait_for(state="attached")
    opened.tab("lessons")
    page.locator('[data-lesson="lever"]').click()
    opened.tab("mix")
    page.get_by_text("Hidden until you have predicted").wait_for()
    page.wait_for_timeout(2_000)  # longer than it waits before it speaks
    assert spoken.inner_text() == ""
    opened.tab("lessons")
    for field_set in page.locator("#view-lessons fieldset").all():
        field_set.locator("input").first.check()
    page.get_by_role("button", name="That is my prediction").click()
    opened.tab("mix")
    opened.sharp()
    spoken.filter(has_text="After 1 year").wait_for(state="attached")
    for number in page.locator(".tile-number").all_inner_texts():
        assert number in spoken.inner_text()
