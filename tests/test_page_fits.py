"""What the page shows has room, wears its unit, and is found by its name in the evidence."""

from typing import TYPE_CHECKING

import pytest
from policymix.assumptions import ledger
from policymix.page.shown import SHOWN
from whole_page import PHONE, SCREEN, move

if TYPE_CHECKING:
    from whole_page import Opened

pytestmark = pytest.mark.slow  # a browser takes its time


def test_on_a_phone_no_number_of_the_strip_is_cut(opened: "Opened") -> None:
    page = opened.page
    page.set_viewport_size(PHONE)
    lines = page.locator(".strip p")
    assert lines.count() == 4
    cut = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).length"
    assert lines.evaluate_all(cut) == 0
    box = page.locator(".strip").bounding_box()
    assert box is not None
    assert box["height"] < PHONE["height"] / 5  # the sliders stay in view below it


def test_on_a_phone_a_lessons_results_have_the_whole_width_and_name_what_they_are(
    opened: "Opened",
) -> None:
    page = opened.page
    page.set_viewport_size(PHONE)
    opened.tab("lessons")
    page.locator('[data-lesson="lever"]').click()
    for field_set in page.locator("#view-lessons fieldset").all():
        field_set.locator("input").first.check()
    page.get_by_role("button", name="That is my prediction").click()
    cells = page.locator(".results td")
    cells.first.wait_for()
    widths = cells.evaluate_all("(all) => all.map((one) => one.clientWidth)")
    assert min(widths) > 300
    heads = cells.evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one, '::before').content)"
    )
    assert [head.strip('": ') for head in heads[:3]] == [
        "You said",
        "The model shows",
        "Mine less pinned (95 % interval)",
    ]
    assert page.locator(".results").get_by_role("columnheader").count() == 4  # still a table


PLOT = """(plot) => {
    const {width, height} = plot.viewBox.baseVal;
    const texts = [...plot.querySelectorAll("text")];
    const isWithin = ({x, y, width: w, height: h}) =>
        x >= 0 && y >= 0 && x + w <= width && y + h <= height;
    return {
        scale: plot.getBoundingClientRect().width / width,
        part: plot.getBoundingClientRect().width / plot.closest("section").clientWidth,
        texts: texts.map((one) => one.textContent),
        out: texts.filter((one) => !isWithin(one.getBBox())).map((one) => one.textContent),
    };
}"""


def test_the_ladder_uses_the_width_and_its_axis_has_a_unit(opened: "Opened") -> None:
    page = opened.page
    opened.tab("believe")
    plot = page.locator("svg.ladder-plot").first
    for size, part in ((SCREEN, 0.7), (PHONE, 0.99)):
        page.set_viewport_size(size)
        for outcome in (one for one in SHOWN if one.group == "headline"):
            page.get_by_label("Outcome", exact=True).select_option(outcome.name)
            page.wait_for_timeout(100)  # drawn anew in the new width
            told = plot.evaluate(PLOT)
            assert told["part"] > part
            assert told["scale"] == pytest.approx(1, abs=0.02)  # letters keep their size
            assert f"{outcome.unit}, mine less pinned" in told["texts"]
            assert told["out"] == []


def test_assumptions_of_the_ladder_stand_in_the_order_of_the_ledger(opened: "Opened") -> None:
    opened.tab("believe")
    options = opened.page.get_by_label("Assumption", exact=True).locator("option")
    names = options.evaluate_all("(all) => all.map((one) => one.value)")
    assert names == [name for name, entry in ledger().items() if entry.is_drawn]


@pytest.mark.parametrize("row", ["F15", "a1"])
def test_the_ledger_is_searched_for_a_row_of_the_evidence(opened: "Opened", row: str) -> None:
    opened.tab("assumptions")
    opened.page.get_by_label("Search").fill(row)
    found = opened.page.locator(".assumption:visible")
    names = found.evaluate_all("(all) => all.map((one) => one.dataset.name)")
    assert names == [name for name, one in ledger().items() if row.upper() in one.evidence]


def test_on_a_phone_the_tab_that_is_open_is_in_view(opened: "Opened") -> None:
    page = opened.page
    page.set_viewport_size(PHONE)
    opened.tab("take")
    page.wait_for_function("before => location.href !== before", arg=page.url)
    page.reload()
    opened.sharp()
    assert page.locator("#tab-take").get_attribute("aria-selected") == "true"
    at_once = page.locator("#tabs").evaluate("(tabs) => tabs.scrollLeft")
    assert at_once > 0
    for name in ("take", "mix"):
        opened.tab(name)
        box = page.locator(f"#tab-{name}").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"] - 30  # and not under the fade


def test_a_side_that_was_emptied_by_hand_comes_back_as_it_was(opened: "Opened") -> None:
    page = opened.page
    treatment = page.locator('.row[data-name="treatment"] .amount')
    page.locator("details.levers.demand summary").click()
    move(page, "treatment", 10)
    assert treatment.inner_text().startswith("10.0 %")
    for share in (0, 40):
        move(page, "demand", share)
    assert treatment.inner_text().startswith("10.0 %")
    opened.sharp()
