"""One person under both policies in a real browser, and what is said where nothing can be shown."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
from policymix.hazards import State
from watch_page import (
    MINE,
    PINNED,
    button,
    differing,
    go_to,
    month_text,
    now,
    opened,
    recording,
    rows,
    states_and_births,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow


def stories(page: "Page") -> list[str]:
    return page.locator(".story").all_inner_texts()


def test_a_click_on_a_dot_tells_this_persons_story_under_both(watched: "Page") -> None:
    go_to(watched, 90)
    slot = int(differing(90)[3])
    where = watched.evaluate(
        """async (slot) => {
            const {gridFor} = await import("policymix/dots");
            const grid = gridFor(document.querySelector("canvas.dots").clientWidth, 2400);
            const [x, y] = grid.middle(slot).map((at) => at * grid.cell);
            return {x, y};
        }""",
        slot,
    )
    watched.locator("canvas.dots").nth(1).click(position=where)
    assert watched.get_by_label("Dot", exact=True).input_value() == str(slot + 1)
    one, other = stories(watched)
    assert one.split("\n")[0] == other.split("\n")[0]
    assert "From here on the two lives differ" in one
    assert one != other
    told = rows(MINE)[rows(MINE)[:, 1] == slot]
    n_quiet = np.isin(told[:, 2], [State.ACTIVE]).sum()  # the end of a risk month is no event
    n_told = len(other.split("\n")) - 3  # start, end and fork
    assert len(told) - n_quiet <= n_told <= len(told)


def test_a_death_is_told_with_who_comes_after(watched: "Page") -> None:
    month, slot, _ = next(row for row in rows(PINNED) if row[2] // 16 == 1)
    watched.get_by_label("Dot", exact=True).fill(str(slot + 1))
    watched.keyboard.press("Enter")
    age = 12 + (month - states_and_births(PINNED, month - 1)[1][slot]) // 12
    words = f"{month_text(month)}, aged {age}: died of an overdose; a newcomer of 12 takes"
    assert words in stories(watched)[0]
    watched.locator(".story").first.get_by_role(
        "button", name=month_text(month), exact=True
    ).click()
    assert now(watched) == month_text(month)
    assert "12 years old" in watched.locator(".person-said").inner_text().split(" under pinned")[0]


def test_someone_whose_life_differs_is_found_by_keyboard(watched: "Page") -> None:
    go_to(watched, 90)
    button(watched, "Find next like this").focus()
    for slot in differing(90)[:3]:
        watched.keyboard.press("Enter")
        assert watched.get_by_label("Dot", exact=True).input_value() == str(slot + 1)
    assert "From here on" in stories(watched)[0]
    died = [set(rows(name)[rows(name)[:, 2] // 16 == 1][:, 1]) for name in (PINNED, MINE)]
    for choice, here, there in (("died-pinned", 0, 1), ("died-mine", 1, 0)):
        watched.get_by_label("Someone", exact=True).select_option(choice)
        assert watched.locator(".nobody").inner_text() == ""
        button(watched, "Find next like this").click()
        nobody = watched.locator(".nobody").inner_text()
        if died[here] - died[there]:
            assert "died of an overdose" in stories(watched)[here]
            assert "died of an overdose" not in stories(watched)[there]
            assert nobody == ""
        else:
            assert "nobody like this" in nobody
            assert nobody.endswith("stays.")


def test_the_next_story_is_of_someone_to_whom_something_happened(watched: "Page") -> None:
    watched.get_by_label("Someone", exact=True).select_option("story")
    button(watched, "Find next like this").click()
    first = watched.get_by_label("Dot", exact=True).input_value()
    button(watched, "Find next like this").click()
    assert watched.get_by_label("Dot", exact=True).input_value() != first
    button(watched, "Find previous like this").click()
    assert watched.get_by_label("Dot", exact=True).input_value() == first
    assert any(len(story.split("\n")) > 2 for story in stories(watched))


def test_every_story_is_in_plain_words(watched: "Page") -> None:
    script = """async (recording) => {
        const {openRecording} = await import("policymix/recording");
        const {storyOf} = await import("policymix/stories");
        const opened = openRecording(recording);
        return opened.slots().flatMap((slot) => storyOf(opened, slot).map(({text}) => text));
    }"""
    for name in (PINNED, MINE, "military_first"):
        texts = set(watched.evaluate(script, recording(name)))
        assert [text for text in texts if "is now" in text or "undefined" in text] == []
        assert {"began to use", "entered treatment"} <= texts


def test_the_same_policy_on_both_sides_is_the_same_life(
    browser: "Browser", watch_address: str
) -> None:
    page = opened(browser, watch_address, mine=PINNED)
    go_to(page, 120)
    assert page.locator(".differ").inner_text().startswith("0 of 2,400 lives differ")
    assert page.evaluate("window.asked") == [PINNED]  # and is played once
    page.get_by_label("Someone", exact=True).select_option("story")
    button(page, "Find next like this").click()
    one, other = stories(page)
    assert one == other
    assert "From here" not in one
    page.close()


def test_a_mix_that_cannot_be_watched_says_why_and_another_may_stand_in(
    browser: "Browser", watch_address: str
) -> None:
    page = opened(browser, watch_address, mine="cooperation_first")
    assert "This file holds no run of this mix." in page.locator("#view-watch").inner_text()
    assert page.locator("canvas.dots").count() == 2
    assert page.locator("canvas.dots").nth(1).is_hidden()
    go_to(page, 60)  # the other side can be watched alone
    page.locator("select:visible").first.select_option("military_first")
    page.wait_for_selector("h3:has-text('Mine: Military first')")
    assert page.locator("canvas.dots").nth(1).is_visible()
    assert "In place of" in page.locator("#view-watch").inner_text()
    offered = page.locator("select:visible").first.locator("option").count()
    assert offered == 1 + 3
    assert page.troubles == []  # type: ignore[attr-defined]
    page.close()


def test_where_neither_side_can_be_watched_only_the_reason_is_shown(
    browser: "Browser", watch_address: str
) -> None:
    page = opened(browser, watch_address, assumptions={"domestic_margin_pass_through": 0.5})
    text = page.locator("#view-watch").inner_text()
    assert text.count("This file assumes what the ledger does.") == 2
    assert page.locator("#view-watch :is(button, input, select, canvas):visible").count() == 0
    assert page.troubles == []  # type: ignore[attr-defined]
    page.close()


def test_a_run_that_is_lost_may_be_asked_for_again(browser: "Browser", watch_address: str) -> None:
    page = opened(browser, watch_address, tab="mix")
    page.evaluate("window.broken = true")
    page.get_by_role("tab", name="Watch").click()
    page.wait_for_selector("text=The run was lost.")
    page.evaluate("window.broken = false")
    for _ in range(2):
        button(page, "Try again").first.click()
    page.wait_for_selector("canvas.dots >> nth=1")
    assert page.get_by_text("The run was lost.").count() == 0
    assert page.troubles == []  # type: ignore[attr-defined]
    page.close()
