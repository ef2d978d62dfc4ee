"""The Watch tab in a real browser: months go by, and what is shown and told was recorded."""

import base64
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from browser import headless_chromium
from numpy.typing import NDArray
from policymix.hazards import State
from watch_page import link_to, recording, watch_page

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PHONE, SCREEN = {"width": 360, "height": 740}, {"width": 1280, "height": 720}
PROJECTOR = {"width": 1920, "height": 1080}
GROUP = np.array([0, 1, 2, 3, 4, 5, 6, 2, 2])
PINNED, MINE = "baseline", "demand_first"


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with headless_chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(watch_page(), encoding="utf-8")
    return path.as_uri()


def opened(browser: "Browser", address: str, mine: str = MINE, **options: Any) -> "Page":
    """The tab; `page.troubles` collects what went wrong."""
    tab = options.pop("tab", "watch")
    page = browser.new_page(**{"viewport": SCREEN, "color_scheme": "light", **options})
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"{address}#{link_to(mine, PINNED, tab=tab)}")
    page.wait_for_selector("[data-ready]", state="attached")
    page.troubles = troubles  # type: ignore[attr-defined]
    return page


@pytest.fixture
def page(browser: "Browser", address: str) -> Iterator["Page"]:
    page = opened(browser, address)
    page.wait_for_selector("#view-watch canvas.dots >> nth=1")
    yield page
    assert page.troubles == []  # type: ignore[attr-defined]
    page.close()


def month_text(month: int) -> str:
    return f"Year {(month - 1) // 12 + 1}, month {(month - 1) % 12 + 1}" if month else "Start"


def now(page: "Page") -> str:
    return page.locator(".month-now").inner_text()


def shows(page: "Page", month: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator(".month-now")).to_have_text(re.compile(f"^{month}$"))


def go_to(page: "Page", month: int) -> None:
    page.get_by_label("Month", exact=True).fill(str(month))
    assert now(page) == month_text(month)


def button(page: "Page", name: str) -> Any:
    return page.locator("#view-watch").get_by_role("button", name=name)


@cache
def rows(name: str) -> NDArray[Any]:
    packed = base64.b64decode(recording(name)["changes"])
    return np.frombuffer(packed, dtype="<u2").reshape(-1, 3).astype(int)


@cache
def states_and_births(name: str, month: int) -> tuple[NDArray[Any], NDArray[Any]]:
    told = recording(name)
    state = np.frombuffer(base64.b64decode(told["start"]), dtype="u1").copy()
    born = np.frombuffer(base64.b64decode(told["born"]), dtype="<i2").copy()
    for when, slot, code in rows(name):
        if when <= month:
            state[slot] = code % 16
            born[slot] = when if code >= 16 else born[slot]
    return state, born


def differing(month: int, mine: str = MINE) -> NDArray[Any]:
    (here, born_here), (there, born_there) = (
        states_and_births(name, month) for name in (PINNED, mine)
    )
    return np.flatnonzero((GROUP[here] != GROUP[there]) | (born_here != born_there))


def test_nothing_is_played_before_the_tab_is_looked_at(browser: "Browser", address: str) -> None:
    page = opened(browser, address, tab="mix")
    assert page.evaluate("window.asked") == []
    page.get_by_role("tab", name="Watch").click()
    page.wait_for_selector("#view-watch canvas.dots >> nth=1")
    assert page.evaluate("window.asked") == [PINNED, MINE]
    page.close()


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_goes_on_month_by_month_when_it_is_asked_to_and_pauses(
    browser: "Browser", address: str, motion: Any
) -> None:
    page = opened(browser, address, reduced_motion=motion)
    page.wait_for_timeout(400)
    assert now(page) == "Start"
    button(page, "Play").click()
    shows(page, r"Year 1, month [4-9]")
    button(page, "Pause").click()
    stopped = now(page)
    page.wait_for_timeout(400)
    assert now(page) == stopped
    page.close()


def test_it_stops_at_the_end_and_begins_again(page: "Page") -> None:
    go_to(page, 119)
    button(page, "Play").click()
    shows(page, "Year 10, month 12")
    button(page, "Play").click()
    shows(page, "Year 1, month 1?[0-9]")
    page.get_by_role("tab", name="The mix").click()  # out of sight, it pauses
    page.get_by_role("tab", name="Watch").click()
    assert button(page, "Play").is_visible()


def test_steps_and_the_slider_by_keyboard(page: "Page") -> None:
    button(page, "+1 month").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert now(page) == "Year 1, month 2"
    button(page, "\u22121 month").click(click_count=5)
    assert now(page) == "Start"
    slider = page.get_by_label("Month", exact=True)
    slider.focus()
    page.keyboard.press("End")
    assert now(page) == "Year 10, month 12"
    page.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == now(page) == "Year 10, month 11"


COLOURS = """async (slots) => {
    const {gridFor} = await import("policymix/dots");
    return [...document.querySelectorAll("canvas.dots")].map((canvas) => {
        const grid = gridFor(canvas.clientWidth, 2400);
        const scale = canvas.width / canvas.clientWidth * grid.cell;
        return slots.map((slot) => {
            const [x, y] = grid.middle(slot).map((at) => Math.floor(at * scale));
            return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
        });
    });
}"""


@pytest.mark.parametrize("viewport", [PHONE, SCREEN, PROJECTOR], ids=["phone", "screen", "wide"])
def test_the_dots_are_painted_where_people_are(
    browser: "Browser", address: str, viewport: Any
) -> None:
    page = opened(browser, address, viewport=viewport)
    go_to(page, 90)
    state = {name: states_and_births(name, 90)[0] for name in (PINNED, MINE)}
    filled = {2: [213, 94, 0, 255], 3: [0, 122, 89, 255], 1: [0, 0, 0, 0]}
    slots = [int(s) for s in np.flatnonzero(np.isin(GROUP[state[MINE]], list(filled)))]
    pinned, mine = page.evaluate(COLOURS, slots)
    for painted, name in ((pinned, PINNED), (mine, MINE)):
        for slot, pixel in zip(slots, painted, strict=True):
            group = int(GROUP[state[name][slot]])
            assert pixel == filled.get(group, pixel), (name, slot, group)
    page.close()


@pytest.mark.parametrize("month", [0, 48, 120])
def test_the_legend_and_the_table_count_what_was_recorded(page: "Page", month: int) -> None:
    go_to(page, month)
    counts = [
        np.bincount(GROUP[states_and_births(name, month)[0]], minlength=7)
        for name in (PINNED, MINE)
    ]
    expected = [f"{a:,} \u2192 {b:,}" for a, b in zip(*counts, strict=True)]
    assert page.locator(".dots-legend .count").all_inner_texts()[:7] == expected
    page.get_by_text("The people as a table").click()
    table = page.locator(".as-table tbody tr").all_inner_texts()
    assert [row.split("\t")[1].split(" ")[0] for row in table] == [f"{n:,}" for n in counts[0]]
    n_differ = len(differing(month))
    assert page.locator(".differ").inner_text().startswith(f"{n_differ:,} of 2,400 lives differ")
    label = page.locator("canvas.dots").nth(1).get_attribute("aria-label") or ""
    assert f"{counts[1][2]} active addiction" in label
    assert f"{n_differ} lives differ" in label


def test_price_cartels_and_corridors_are_those_of_the_month(page: "Page") -> None:
    go_to(page, 60)
    told = recording(MINE)
    side = page.locator(".fields-of-dots .side").nth(1).inner_text()
    assert f"{told['price'][60]:,.0f} USD a pure gram" in side
    assert f"{told['addicted'][60] / 1000:.2f} million" in side
    cartels = page.locator("section:has(> h2:text-is('Cartels')) .side").nth(1)
    largest = max(told["cartels"][60], key=lambda one: one[2])
    assert f"{largest[2]:,}" in cartels.locator("tbody tr").first.inner_text()
    assert f"{len(told['cartels'][60])} cartels" in cartels.inner_text()
    corridors = page.locator("section:has(> h2:text-is('Corridors')) .side").nth(1)
    shipped, seized = told["corridors"][59][0]
    row = corridors.locator("tbody tr").first.inner_text()
    assert row.split("\t")[-2:] == [f"{shipped / 1000:.2f}", f"{seized / 1000:.2f}"]
    assert corridors.locator("tbody tr").count() == 6


def stories(page: "Page") -> list[str]:
    return page.locator(".story").all_inner_texts()


def test_a_click_on_a_dot_tells_this_persons_story_under_both(page: "Page") -> None:
    go_to(page, 90)
    slot = int(differing(90)[3])
    where = page.evaluate(
        """async (slot) => {
            const {gridFor} = await import("policymix/dots");
            const grid = gridFor(document.querySelector("canvas.dots").clientWidth, 2400);
            const [x, y] = grid.middle(slot).map((at) => at * grid.cell);
            return {x, y};
        }""",
        slot,
    )
    page.locator("canvas.dots").nth(1).click(position=where)
    assert page.get_by_label("Dot", exact=True).input_value() == str(slot + 1)
    one, other = stories(page)
    assert one.split("\n")[0] == other.split("\n")[0]
    assert "From here on the two lives differ" in one
    assert one != other
    told = rows(MINE)[rows(MINE)[:, 1] == slot]
    n_quiet = np.isin(told[:, 2], [State.ACTIVE]).sum()  # the end of a risk month is no event
    n_told = len(other.split("\n")) - 3  # start, end and fork
    assert len(told) - n_quiet <= n_told <= len(told)


def test_a_death_is_told_with_who_comes_after(page: "Page") -> None:
    month, slot, _ = next(row for row in rows(PINNED) if row[2] // 16 == 1)
    page.get_by_label("Dot", exact=True).fill(str(slot + 1))
    page.keyboard.press("Enter")
    age = 12 + (month - states_and_births(PINNED, month - 1)[1][slot]) // 12
    words = f"{month_text(month)}, aged {age}: died of an overdose; a newcomer of 12 takes"
    assert words in stories(page)[0]
    page.locator(".story").first.get_by_role("button", name=month_text(month), exact=True).click()
    assert now(page) == month_text(month)
    assert "12 years old" in page.locator(".person-said").inner_text().split(" under pinned")[0]


def test_someone_whose_life_differs_is_found_by_keyboard(page: "Page") -> None:
    go_to(page, 90)
    button(page, "Find someone like this").focus()
    for slot in differing(90)[:3]:
        page.keyboard.press("Enter")
        assert page.get_by_label("Dot", exact=True).input_value() == str(slot + 1)
    assert "From here on" in stories(page)[0]
    died = [set(rows(name)[rows(name)[:, 2] // 16 == 1][:, 1]) for name in (PINNED, MINE)]
    page.get_by_label("Someone", exact=True).select_option("died-pinned")
    button(page, "Find someone like this").click()
    if died[0] - died[1]:
        assert "died of an overdose" in stories(page)[0]
        assert "died of an overdose" not in stories(page)[1]
    else:
        assert "nobody like this" in page.locator(".person-said").inner_text()


def test_the_next_story_is_of_someone_to_whom_something_happened(page: "Page") -> None:
    button(page, "Next story").click()
    first = page.get_by_label("Dot", exact=True).input_value()
    button(page, "Next story").click()
    button(page, "Previous story").click()
    assert page.get_by_label("Dot", exact=True).input_value() == first
    assert any(len(story.split("\n")) > 2 for story in stories(page))


def test_every_story_is_in_plain_words(page: "Page") -> None:
    script = """async (recording) => {
        const {openRecording} = await import("policymix/recording");
        const {storyOf} = await import("policymix/stories");
        const opened = openRecording(recording);
        return opened.slots().flatMap((slot) => storyOf(opened, slot).map(({text}) => text));
    }"""
    for name in (PINNED, MINE, "military_first"):
        texts = set(page.evaluate(script, recording(name)))
        assert [text for text in texts if "is now" in text or "undefined" in text] == []
        assert {"began to use", "entered treatment"} <= texts


def test_the_same_policy_on_both_sides_is_the_same_life(browser: "Browser", address: str) -> None:
    page = opened(browser, address, mine=PINNED)
    go_to(page, 120)
    assert page.locator(".differ").inner_text().startswith("0 of 2,400 lives differ")
    assert page.evaluate("window.asked") == [PINNED]  # and is played once
    button(page, "Next story").click()
    one, other = stories(page)
    assert one == other
    assert "From here" not in one
    page.close()


def test_a_mix_that_cannot_be_watched_says_why_and_another_may_stand_in(
    browser: "Browser", address: str
) -> None:
    page = opened(browser, address, mine="cooperation_first")
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


def test_a_run_that_is_lost_may_be_asked_for_again(browser: "Browser", address: str) -> None:
    page = opened(browser, address, tab="mix")
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, SCREEN, PROJECTOR], ids=["phone", "screen", "wide"])
def test_axe_finds_nothing_and_nothing_overflows(
    browser: "Browser", address: str, scheme: str, viewport: Any
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, address, viewport=viewport, color_scheme=scheme)
    go_to(page, 90)
    button(page, "Find someone like this").click()
    page.evaluate("document.querySelectorAll('#view-watch details').forEach((d) => d.open = true)")
    found = Axe().run(page, context="#view-watch").response
    assert found["passes"]
    assert [(one["id"], one["impact"]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.troubles == []  # type: ignore[attr-defined]
    page.close()
