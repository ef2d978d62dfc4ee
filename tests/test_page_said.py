"""The whole page in a browser: what it says beside its numbers, and who can read and hear it."""

import json
import re
from base64 import urlsafe_b64encode
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from policymix.label import LABEL
from whole_page import PHONE, Opened, move, saved

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.slow
BUDGETS = "The budgets differ: My mix, from Demand first has $60.00 bn a year"


def remarks(opened: Opened) -> str:
    return " ".join(opened.page.locator(".remarks:visible").all_inner_texts())


def report(opened: Opened, folder: Path) -> str:
    opened.tab("take")
    with opened.page.expect_download() as waiting:
        opened.page.get_by_role("button", name="Download this page's report").click()
    return saved(waiting.value, folder).read_text(encoding="utf-8")


def png(opened: Opened, button: "Locator", folder: Path) -> bytes:
    with opened.page.expect_download() as waiting:
        button.click()
    return saved(waiting.value, folder).read_bytes()


def focused(opened: Opened) -> str:
    found: str = opened.page.evaluate("document.activeElement.textContent.trim()")
    return found


def test_budgets_that_differ_are_said_wherever_the_comparison_is(
    opened: Opened, tmp_path: Path
) -> None:
    for tab in ("mix", "watch", "believe"):
        opened.tab(tab)
        assert remarks(opened) == ""
    opened.tab("mix")
    move(opened.page, "total", 60)
    opened.sharp()
    for tab in ("mix", "watch", "believe"):
        opened.tab(tab)
        assert BUDGETS in remarks(opened), tab
    assert BUDGETS in report(opened, tmp_path).replace("&nbsp;", " ")


def test_the_report_tells_the_phases_custody_the_horizon_and_how_flows_are_shown(
    opened: Opened, tmp_path: Path
) -> None:
    page = opened.page
    page.locator(".pickers select").first.select_option("supply_then_demand")
    if not opened.host.startswith("file:"):
        page.locator("details.later summary").click()
        page.get_by_label("Treatment money also serves people in custody").check()
    opened.sharp()
    text = re.sub(r"<[^>]+>", "|", report(opened, tmp_path))
    assert "from year 3, reached in 2 years" in text
    assert "3 replicates of 1,000 people, 1 year. Differences after 1 year" in text
    assert "the mean of the last twelve months" in text
    assert "begins after the end (1 year)" in text
    custody = text.split("Treatment money also serves people in custody")[1].split("Curves")[0]
    expected = ["no"] * 3 if opened.host.startswith("file:") else ["yes", "no", "no"]
    assert re.findall("yes|no", custody)[:3] == expected


def test_the_whole_report_of_compare_is_played_and_given(opened: Opened, tmp_path: Path) -> None:
    opened.tab("take")
    whole = opened.page.get_by_role("button", name="Play and download the whole report")
    if opened.host.startswith("file:"):
        assert whole.count() == 0
        return
    with opened.page.expect_download() as waiting:
        whole.click()
    text = saved(waiting.value, tmp_path).read_text(encoding="utf-8")
    assert LABEL in text
    assert "<svg" in text or "data:image" in text
    # It is alone, and speaks of the files that the same tab gives.
    command = opened.page.locator("#view-take .command").first.text_content() or ""
    mine, pinned = re.findall(r"\w+(?=\.toml)", command)
    assert f"{mine}.toml --against {pinned}.toml --replicates" in text
    assert "beside this one" not in text
    assert ">mine<" not in text


def test_while_a_lesson_asks_no_tab_tells_and_what_is_ticked_stays(opened: Opened) -> None:
    page = opened.page
    opened.tab("lessons")
    page.locator('[data-lesson="seizures"]').click()
    ticked = page.locator("#view-lessons fieldset input").first
    ticked.check()
    for tab in ("watch", "believe", "take"):
        opened.tab(tab)
        waiting = page.locator(f"#view-{tab}").get_by_text("This waits for your prediction")
        assert waiting.is_visible()
        assert page.locator(f"#view-{tab} :is(canvas, svg, textarea, select):visible").count() == 0
    opened.tab("lessons")
    assert ticked.is_checked()
    for field_set in page.locator("#view-lessons fieldset").all():
        field_set.locator("input").first.check()
    page.get_by_role("button", name="That is my prediction").click()
    for tab, shown in (("watch", "canvas.dots"), ("believe", "select"), ("take", "textarea")):
        opened.tab(tab)
        page.locator(f"#view-{tab} {shown}").first.wait_for()
    opened.tab("mix")
    opened.sharp()


def test_a_lesson_is_set_up_again_and_the_mix_from_before_is_brought_back(opened: Opened) -> None:
    page = opened.page
    move(page, "supply", 61)
    opened.tab("lessons")
    page.locator('[data-lesson="lever"]').click()
    changed = page.get_by_text("These are no longer the mixes of the lesson")
    assert changed.is_hidden()
    opened.tab("mix")
    move(page, "supply", 52)
    opened.tab("lessons")
    assert changed.is_visible(), "said before it is predicted, too"
    page.get_by_role("button", name="Set the lesson up again").click()
    changed.wait_for(state="hidden")
    for field_set in page.locator("#view-lessons fieldset").all():
        field_set.locator("input").first.check()
    page.get_by_role("button", name="That is my prediction").click()
    page.locator("#view-lessons tbody tr").first.wait_for()
    assert changed.is_hidden()
    opened.tab("mix")
    move(page, "supply", 50)
    opened.tab("lessons")
    assert changed.is_visible()
    page.get_by_role("button", name="Set the lesson up again").press("Enter")
    changed.wait_for(state="hidden")
    assert focused(opened) == "One lever at a time"
    page.get_by_role("button", name="Leave this lesson").click()
    page.get_by_role("button", name="Bring back My mix, from Demand first").click()
    amount = page.locator('.row[data-name="supply"] .amount').inner_text()
    assert amount.startswith("61.0 %")
    opened.sharp()


def test_parts_of_addiction_have_one_chart_and_no_chart_or_picture_alone(opened: Opened) -> None:
    page = opened.page
    chart = page.locator('#view-mix .chart[data-outcome="addicted"]')
    assert "In custody" in chart.locator(".keys").inner_text()
    page.get_by_role("button", name="People", exact=True).click()
    page.locator('#view-mix .chart[data-outcome="in_recovery"]').wait_for()
    for part in ("active_addiction", "in_treatment", "addicted_in_custody"):
        assert page.locator(f'.chart[data-outcome="{part}"]').count() == 0
        assert page.locator(f'.taking [data-outcome="{part}"]').count() == 0


def test_every_chart_has_its_numbers_by_year(opened: Opened) -> None:
    charts = opened.page.locator("#view-mix .chart")
    assert charts.count() == 4
    for at in range(4):
        charts.nth(at).locator("summary").click()
        heads = charts.nth(at).locator("tbody th")
        heads.first.wait_for()
        assert heads.all_inner_texts() == ["0", "1"]


@pytest.mark.parametrize(
    ("tab", "name"),
    [
        ("believe", "Save this picture as PNG"),
        ("watch", "Save the people as PNG"),
        ("watch", "Save the cartels as PNG"),
        ("watch", "Save the corridors as PNG"),
    ],
)
def test_pictures_of_other_tabs_are_saved_with_the_label(
    opened: Opened, tmp_path: Path, tab: str, name: str
) -> None:
    opened.tab(tab)
    if tab == "watch":  # at the start nothing has come through a corridor yet
        opened.page.get_by_role("button", name="+1 month").click()
    found = png(opened, opened.page.get_by_role("button", name=name), tmp_path)
    assert found.startswith(b"\x89PNG")
    assert LABEL.encode() in found
    assert n_coloured(found) > 500  # dots, bars or curves, beside letters in black and white


def n_coloured(png: bytes) -> int:
    """Pixels of a colour as strong as those of what is drawn."""
    from matplotlib.image import imread

    colours = imread(BytesIO(png))[..., :3]
    return int((np.ptp(colours, axis=-1) > 0.4).sum())


def test_a_phone_tells_the_headlines_once_to_everybody(opened: Opened) -> None:
    opened.page.set_viewport_size(PHONE)
    tree = opened.page.locator("#view-mix").aria_snapshot()
    told = re.findall(r"- paragraph: Cartel profit \W?\d.* billion USD a year", tree)
    assert opened.page.locator(".strip").is_visible()
    assert not opened.page.locator(".tiles").is_visible()
    assert len(told) == 1


def test_the_keyboard_stays_where_it_was_when_parts_are_made_anew(opened: Opened) -> None:
    page = opened.page
    page.locator("details.later summary").click()
    page.get_by_role("button", name="Add a later phase").press("Enter")
    assert focused(opened) == "Add a later phase"
    page.get_by_role("button", name="Remove this phase").press("Enter")
    assert focused(opened) == "From the start"
    opened.tab("lessons")
    page.locator('[data-lesson="minds"]').press("Enter")
    assert focused(opened) == "What would make you change your mind?"
    page.get_by_role("button", name="Leave this lesson").press("Enter")
    assert focused(opened).startswith("Ten minutes each")
    page.get_by_role("button", name="Bring back").press("Enter")
    assert focused(opened) == "The mix"
    opened.sharp()


def test_a_refused_mix_keeps_its_contrast(opened: Opened) -> None:
    from axe_playwright_python.sync_playwright import Axe

    if not opened.host.startswith("file:"):
        pytest.skip("the live page refuses no mix")
    page = opened.page
    page.locator("details.later summary").click()
    page.get_by_role("button", name="Add a later phase").click()
    assert page.locator(".stale").count() == 3
    found = Axe().run(page, context="#view-mix").response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_what_is_pressed_is_seen_in_forced_colours(opened: Opened) -> None:
    opened.page.emulate_media(forced_colors="active")
    colours: list[Any] = [
        opened.page.get_by_role("button", name=name, exact=True).evaluate(
            "(one) => getComputedStyle(one).backgroundColor"
        )
        for name in ("Difference", "Both levels")
    ]
    assert colours[0] != colours[1]


def test_a_phase_after_the_end_is_said_where_it_is_set(opened: Opened) -> None:
    page = opened.page
    page.locator(".pickers select").first.select_option("supply_then_demand")
    opened.sharp()
    page.locator("details.later summary").click()
    page.get_by_role("button", name="From year 3").click()
    assert page.get_by_text("This page plays 1 year: a phase from year 3").is_visible()
    assert "begins after the end (1 year)" in remarks(opened)


def test_an_address_that_is_changed_by_hand_says_what_was_left_out(opened: Opened) -> None:
    said = opened.page.locator("#link-said")
    assert said.is_hidden()
    told = {"view": "both", "made": {"people": 5_000}}
    text = urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    opened.page.evaluate("(text) => { location.hash = text; }", text)
    said.filter(has_text="were left out: what is drawn.").wait_for()
    assert "people 5000 (here 1000)" in said.inner_text()
    opened.sharp()


def test_beside_the_link_stands_for_whom_it_is_good(opened: Opened) -> None:
    opened.tab("take")
    where = "This page is a file" if opened.host.startswith("file:") else "that of this computer"
    assert where in opened.page.locator(".reach").inner_text()


def test_a_lock_says_that_it_holds_a_share(opened: Opened) -> None:
    lock = opened.page.get_by_role("button", name="Lock the share of Supply")
    lock.click()
    assert lock.inner_text() == "locked %"
    assert "Locks hold shares" in opened.page.locator(".sliders").inner_text()
