"""The Watch tab in a real browser: months go by, and what is shown and told was recorded."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from policymix.assumptions import ledger
from watch_page import (
    GROUP,
    MINE,
    PHONE,
    PINNED,
    PROJECTOR,
    SCREEN,
    button,
    differing,
    go_to,
    now,
    opened,
    recording,
    shows,
    states_and_births,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow


def test_nothing_is_played_before_the_tab_is_looked_at(
    browser: "Browser", watch_address: str
) -> None:
    page = opened(browser, watch_address, tab="mix")
    assert page.evaluate("window.asked") == []
    page.get_by_role("tab", name="Watch").click()
    page.wait_for_selector("#view-watch canvas.dots >> nth=1")
    assert page.evaluate("window.asked") == [PINNED, MINE]
    page.close()


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_goes_on_month_by_month_when_it_is_asked_to_and_pauses(
    browser: "Browser", watch_address: str, motion: Any
) -> None:
    page = opened(browser, watch_address, reduced_motion=motion)
    page.wait_for_timeout(400)
    assert now(page) == "Start"
    button(page, "Play").click()
    shows(page, r"Year 1, month [4-9]")
    button(page, "Pause").click()
    stopped = now(page)
    page.wait_for_timeout(400)
    assert now(page) == stopped
    page.close()


def test_it_stops_at_the_end_and_begins_again(watched: "Page") -> None:
    go_to(watched, 119)
    button(watched, "Play").click()
    shows(watched, "Year 10, month 12")
    button(watched, "Play").click()
    shows(watched, "Year 1, month 1?[0-9]")
    watched.get_by_role("tab", name="The mix").click()  # out of sight, it pauses
    watched.get_by_role("tab", name="Watch").click()
    assert button(watched, "Play").is_visible()


def test_steps_and_the_slider_by_keyboard(watched: "Page") -> None:
    button(watched, "+1 month").focus()
    watched.keyboard.press("Enter")
    watched.keyboard.press("Enter")
    assert now(watched) == "Year 1, month 2"
    button(watched, "\u22121 month").click(click_count=5)
    assert now(watched) == "Start"
    slider = watched.get_by_label("Month", exact=True)
    slider.focus()
    watched.keyboard.press("End")
    assert now(watched) == "Year 10, month 12"
    watched.keyboard.press("ArrowLeft")
    assert slider.get_attribute("aria-valuetext") == now(watched) == "Year 10, month 11"


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
    browser: "Browser", watch_address: str, viewport: Any
) -> None:
    page = opened(browser, watch_address, viewport=viewport)
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
def test_the_legend_and_the_table_count_what_was_recorded(watched: "Page", month: int) -> None:
    go_to(watched, month)
    counts = [
        np.bincount(GROUP[states_and_births(name, month)[0]], minlength=7)
        for name in (PINNED, MINE)
    ]
    expected = [f"{a:,} \u2192 {b:,}" for a, b in zip(*counts, strict=True)]
    assert watched.locator(".dots-legend .count").all_inner_texts()[:7] == expected
    watched.get_by_text("The people as a table").click()
    table = watched.locator(".as-table tbody tr").all_inner_texts()
    assert [row.split("\t")[1].split(" ")[0] for row in table] == [f"{n:,}" for n in counts[0]]
    n_differ = len(differing(month))
    assert watched.locator(".differ").inner_text().startswith(f"{n_differ:,} of 2,400 lives differ")
    label = watched.locator("canvas.dots").nth(1).get_attribute("aria-label") or ""
    assert f"{counts[1][2]} active addiction" in label
    assert f"{n_differ} lives differ" in label


def test_price_cartels_and_corridors_are_those_of_the_month(watched: "Page") -> None:
    go_to(watched, 60)
    told = recording(MINE)
    side = watched.locator(".fields-of-dots .side").nth(1).inner_text()
    assert f"{told['price'][60]:,.0f} USD a pure gram" in side
    assert f"{told['addicted'][60] / 1000:.2f} million" in side
    cartels = watched.locator("section:has(> h2:text-is('Cartels')) .side").nth(1)
    largest = max(told["cartels"][60], key=lambda one: one[2])
    assert f"{largest[2]:,}" in cartels.locator("tbody tr").first.inner_text()
    assert f"{len(told['cartels'][60])} cartels" in cartels.inner_text()
    corridors = watched.locator("section:has(> h2:text-is('Corridors')) .side").nth(1)
    shipped, seized = told["corridors"][59][0]
    row = corridors.locator("tbody tr").first.inner_text()
    assert row.split("\t")[-2:] == [f"{shipped / 1000:.2f}", f"{seized / 1000:.2f}"]
    assert corridors.locator("tbody tr").count() == 6


def test_who_a_dot_is_and_for_how_many_it_stands_is_said(watched: "Page") -> None:
    n_people = ledger()["n_people"].value
    said = watched.locator(".about").inner_text()
    assert f"plays 20,000 people, each in place of {n_people / 20_000:,.0f} of the country" in said
    assert "one of the first 2,400 of them" in said
    assert f"a dot counts for {n_people / 2_400:,.0f}" in said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, PROJECTOR], ids=["phone", "wide"])
def test_axe_finds_nothing_and_nothing_overflows(
    browser: "Browser", watch_address: str, scheme: str, viewport: Any
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, watch_address, viewport=viewport, color_scheme=scheme)
    go_to(page, 90)
    button(page, "Find next like this").click()
    page.evaluate("document.querySelectorAll('#view-watch details').forEach((d) => d.open = true)")
    found = Axe().run(page, context="#view-watch").response
    assert found["passes"]
    assert [(one["id"], one["impact"]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.troubles == []  # type: ignore[attr-defined]
    page.close()
