"""The whole page in a real browser, live and as one exported file: what people do with it."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from calling import SMALL
from policymix import compare, load_scenario
from policymix.label import LABEL
from policymix.page.shown import SHOWN, SHOWN_NAMES, shown_paths
from served import REPLICATES
from whole_page import PATIENCE, PHONE, SCREEN, TABS, Opened, move, saved, shares

pytestmark = pytest.mark.slow


def test_the_label_is_in_view_on_every_tab_and_nothing_is_wider_than_a_phone(
    opened: Opened,
) -> None:
    page = opened.page
    page.set_viewport_size(PHONE)
    for name in TABS:
        opened.tab(name)
        assert page.locator(f"#view-{name}").is_visible()
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        label = page.locator("#label")
        box = label.bounding_box()
        assert label.inner_text() == LABEL
        assert box is not None
        assert box["y"] >= 0
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_slider_moves_the_curve_and_the_budget_stays(opened: Opened) -> None:
    page = opened.page
    before = page.locator(".chart").first.inner_text()
    assert sum(shares(page).values()) == pytest.approx(100, abs=0.2)
    move(page, "supply", 70)
    after = shares(page)
    assert after["supply"] == pytest.approx(70, abs=0.1)
    assert sum(after.values()) == pytest.approx(100, abs=0.2)
    page.wait_for_function(
        "(before) => document.querySelector('.chart').innerText !== before", arg=before
    )
    opened.sharp()
    assert "differs" in str(page.locator('.row[data-name="supply"]').get_attribute("class"))
    assert page.locator(".pickers select").first.locator("option:checked").inner_text() == (
        "My mix, from Demand first"
    )


def test_what_is_locked_stays_and_the_others_move(opened: Opened) -> None:
    page = opened.page
    page.locator('.row[data-name="cooperation"] .lock').click()
    held = shares(page)["cooperation"]
    move(page, "supply", 50)
    after = shares(page)
    assert after["cooperation"] == held
    assert after["supply"] == pytest.approx(50, abs=0.1)
    page.locator('.row[data-name="demand"] .lock').click()
    supply = page.locator('.row[data-name="supply"]')
    assert supply.locator("input").is_disabled()
    why = (
        "Does not move, since all others are locked. Open one of these locks: Demand, Cooperation."
    )
    assert page.get_by_role("alert").filter(has_text=why).is_visible()
    described = str(supply.locator("input").get_attribute("aria-describedby")).split()
    assert page.locator(f"#{described[0]}").inner_text() == why
    page.locator('.row[data-name="demand"] .lock').click()
    assert page.locator(".stuck:visible").count() == 0
    opened.sharp()


def test_what_is_pinned_differs_in_nothing(opened: Opened) -> None:
    page = opened.page
    page.get_by_role("button", name="Pin mine").click()
    page.wait_for_function(
        """() => [...document.querySelectorAll(".tile-number")].every(
            (one) => one.innerText === "the same in every replicate")"""
    )
    assert not re.search(r"\b0 to 0\b|0[.]00", page.locator("#view-mix .sure").inner_text())
    said = page.locator("#view-mix .chart .readout").first
    assert said.inner_text() == "Year 1: the same in every replicate"
    assert page.locator(".row.differs").count() == 0
    opened.sharp()


def test_a_link_restores_mixes_locks_and_the_tab(opened: Opened) -> None:
    page = opened.page
    move(page, "demand", 40)
    page.locator('.row[data-name="supply"] .lock').click()
    opened.tab("take")
    link = page.locator(".taking textarea").input_value()
    assert link.startswith(opened.host)
    other = page.context.new_page()
    other.set_default_timeout(PATIENCE)
    other.goto(link)
    other.locator("#view-take").wait_for()
    other.locator("#tab-mix").click()
    assert shares(other) == shares_of(opened)
    assert other.locator('.row[data-name="supply"] .lock').get_attribute("aria-pressed") == "true"
    other.close()


def shares_of(opened: Opened) -> dict[str, float]:
    opened.tab("mix")
    return shares(opened.page)


def test_a_later_phase_is_played_live_and_refused_by_the_file(opened: Opened) -> None:
    page = opened.page
    page.locator("details.later summary").click()
    page.get_by_role("button", name="Add a later phase").click()
    starts = page.get_by_label("Starts after year")
    assert starts.input_value() == "0.5"  # within the year that is played
    starts.fill("0.25")
    starts.press("Enter")
    page.get_by_role("button", name="From year 0.25").wait_for()
    if opened.host.startswith("file:"):
        assert "Phases of your own need the page" in page.locator(".status").inner_text()
        page.get_by_role("button", name="Remove this phase").click()
        opened.sharp()
        return
    opened.sharp()
    before = page.locator(".tile-number").all_inner_texts()
    move(page, "supply", 95)  # of this phase alone
    opened.sharp()
    assert page.locator(".tile-number").all_inner_texts() != before


def test_watching_plays_and_tells_of_one_person(opened: Opened) -> None:
    page = opened.page
    opened.tab("watch")
    page.locator("canvas.dots").first.wait_for()
    page.get_by_role("button", name="+1 month").click()
    page.locator("#view-watch").get_by_text("Year 1, month 1").first.wait_for()
    page.get_by_role("button", name="Find next").click()
    page.locator("#view-watch").get_by_text(re.compile(r"Year 1, month|Start")).first.wait_for()


def test_an_assumption_is_moved_and_the_ranking_is_said(opened: Opened) -> None:
    page = opened.page
    opened.tab("believe")
    page.locator("svg.ladder-plot").wait_for()
    said = page.locator(".verdict").inner_text()
    assert re.match(r"It flips\.|It flips at none|Not clear at any of the \d values", said)
    assert "pass-through" in page.get_by_label("Assumption", exact=True).inner_text()


def test_a_mix_of_ones_own_is_there_again_after_a_shipped_one(opened: Opened) -> None:
    page = opened.page
    move(page, "supply", 70)
    opened.sharp()
    own, lock = shares(page), page.locator('.row[data-name="cooperation"] .lock')
    lock.click()
    opened.tab("believe")
    chosen = page.locator("#view-believe").get_by_label("My mix")
    if opened.host.startswith("file:"):
        page.get_by_text("Choose two of them above").first.wait_for()
    chosen.select_option("combined")
    page.locator(".verdict").filter(has_text=re.compile("flips|Not clear")).wait_for()
    opened.tab("mix")
    assert shares(page) != own
    assert lock.get_attribute("aria-pressed") == "false"
    page.locator("#view-mix").get_by_label("My mix").select_option("own")
    assert shares(page) == own
    assert lock.get_attribute("aria-pressed") == "true"
    assert chosen.input_value() == "own"
    opened.sharp()


def test_the_ledger_is_searched(opened: Opened) -> None:
    page = opened.page
    opened.tab("assumptions")
    page.get_by_label("Search").fill("pass-through")
    rows = page.locator(".assumption:visible")
    assert 0 < rows.count() < 5
    assert "grade C" in rows.first.inner_text()
    page.get_by_label("Search").fill("zzzz")
    assert rows.count() == 0


def test_a_lesson_hides_the_curves_until_there_is_a_prediction(opened: Opened) -> None:
    page = opened.page
    opened.tab("lessons")
    page.locator('[data-lesson="minds"]').click()
    opened.tab("mix")
    assert not page.locator(".charts").first.is_visible()
    hidden = page.get_by_text("Hidden until you have predicted")
    assert hidden.is_visible()
    before = page.url
    page.wait_for_function("before => location.href !== before", arg=before)
    page.reload()
    hidden.wait_for()
    assert not page.locator(".charts").first.is_visible()
    opened.tab("lessons")
    send = page.get_by_role("button", name="That is my prediction")
    send.click()
    assert "Still to predict" in page.locator("#view-lessons .problem").inner_text()
    for field_set in page.locator("#view-lessons fieldset").all():
        field_set.locator("input").first.check()
    send.click()
    page.locator("#view-lessons .charts").wait_for()
    page.locator("#view-lessons tbody tr").first.wait_for()
    assert page.locator("#view-lessons tbody tr").count() == 4


def test_a_figure_is_saved_with_its_label(opened: Opened, tmp_path: Path) -> None:
    opened.tab("take")
    with opened.page.expect_download() as waiting:
        opened.page.locator('.taking [data-outcome="addicted"]').click()
    png = saved(waiting.value, tmp_path).read_bytes()
    assert png.startswith(b"\x89PNG")
    assert LABEL.encode() in png


def test_the_report_is_one_file_with_the_label_and_the_numbers(
    opened: Opened, tmp_path: Path
) -> None:
    opened.tab("take")
    with opened.page.expect_download() as waiting:
        opened.page.get_by_role("button", name="Download this page's report").click()
    html = saved(waiting.value, tmp_path).read_text(encoding="utf-8")
    assert html.count(LABEL) >= 2
    assert html.count("data:image/png") == 4
    assert "<script" not in html
    assert "http" not in html.replace("http-equiv", "")
    for one in SHOWN:
        assert one.title in html


def test_both_files_are_scenarios_and_play_to_the_page(opened: Opened, tmp_path: Path) -> None:
    """Live the numbers are those of `compare`; a file states how far its fit may be off."""
    page = opened.page
    move(page, "policing", 20)
    opened.sharp()
    shown = {}
    for tile in page.locator(".tile").all():
        text = tile.locator(".tile-number").inner_text().replace("\u2212", "-").replace(",", "")
        is_same = text == "the same in every replicate"
        shown[str(tile.get_attribute("data-outcome"))] = 0.0 if is_same else float(text)
    opened.tab("take")
    files = []
    for name in ("Download my mix", "Download the pinned mix"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name).click()
        files.append(saved(waiting.value, tmp_path))
    assert [load_scenario(file).setup for file in files] == [SMALL, SMALL]
    command = page.locator(".taking .command").inner_text()
    assert f"compare {files[0].name} --against {files[1].name}" in command
    if opened.host.startswith("file:"):
        assert "fitted" in page.locator(".taking").inner_text()
        return
    study = compare(files[0], against=files[1], replicates=REPLICATES, seed=1)
    assert study.replicates is not None
    records = np.array([study.replicates[number].records for number in range(REPLICATES)])
    pinned, mine = (study.question.names.index(file.stem) for file in reversed(files))
    paths = shown_paths(records)
    differences = (paths[:, mine, -1] - paths[:, pinned, -1]).mean(axis=0)
    for name, value in shown.items():
        played = differences[SHOWN_NAMES.index(name)]
        assert value == pytest.approx(played, rel=0.05, abs=0.06), name


@pytest.mark.parametrize(("scheme", "size"), [("light", SCREEN), ("dark", PHONE)])
def test_axe_finds_nothing(opened: Opened, scheme: Any, size: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened.page.emulate_media(color_scheme=scheme)
    opened.page.set_viewport_size(size)
    for name in TABS:
        opened.tab(name)
        found = Axe().run(opened.page).response["violations"]
        told = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
        assert told == [], name


def test_the_keyboard_goes_through_the_tabs(opened: Opened) -> None:
    page = opened.page
    page.locator("#tab-mix").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#view-watch").is_visible()
    page.keyboard.press("End")
    assert page.locator("#view-take").is_visible()
    page.keyboard.press("Home")
    assert page.locator("#view-mix").is_visible()
    page.locator('.row[data-name="supply"] input').focus()
    before = shares(page)["supply"]
    page.keyboard.press("ArrowRight")
    assert shares(page)["supply"] > before
    opened.sharp()
