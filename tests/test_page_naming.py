"""A mix of one's own has the name that its maker gives it."""

from pathlib import Path

import pytest
from policymix.scenario import load_scenario
from whole_page import Opened, move, saved

pytestmark = pytest.mark.slow  # a browser takes its time

FIELD = "Mine is called"
NAME = "Anna's <b>mix</b>"


def named(opened: Opened, name: str) -> str:
    """What the field holds once this was typed there."""
    field = opened.page.get_by_label(FIELD, exact=True)
    field.fill(name)
    field.press("Enter")
    return field.input_value()


def said(opened: Opened) -> str:
    """What an alert beside the field says, which is read with the field; empty if there is none."""
    field = opened.page.get_by_label(FIELD, exact=True)
    beside = opened.page.locator(f"#{field.get_attribute('aria-describedby')}")
    assert beside.get_by_role("alert").count() == (beside.inner_text() != "")
    return beside.inner_text()


def test_a_mix_has_the_name_that_it_was_given_until_another_is_chosen(opened: Opened) -> None:
    page = opened.page
    field, chosen = page.get_by_label(FIELD, exact=True), page.locator(".pickers select").first
    assert field.is_hidden()
    move(page, "supply", 50)
    assert field.input_value() == "My mix, from Demand first"
    assert named(opened, f"  {NAME}\u202e ") == NAME
    opened.sharp()
    assert chosen.locator("option:checked").inner_text() == NAME
    move(page, "supply", 60)
    assert field.input_value() == NAME
    page.get_by_role("button", name="Pin mine").first.click()
    move(page, "supply", 55)
    assert field.input_value() == f"{NAME}, changed"
    assert named(opened, NAME.upper()) == f"{NAME}, changed"
    assert said(opened).startswith(f"Read {NAME.upper()}, and that is what another")
    opened.sharp()
    chosen.select_option("combined")
    assert field.is_hidden()
    move(page, "supply", 40)
    assert field.input_value() == "My mix, from Combined"
    opened.sharp()


def test_files_and_links_carry_the_name(opened: Opened, tmp_path: Path) -> None:
    page = opened.page
    move(page, "supply", 50)
    assert named(opened, NAME) == NAME
    opened.sharp()
    opened.tab("take")
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download my mix").click()
    file = saved(waited.value, tmp_path)
    assert file.stem == "anna_s_b_mix_b"
    assert load_scenario(file).title == NAME
    link = page.get_by_label("Link", exact=True).input_value()
    opened.tab("mix")
    page.locator(".pickers select").first.select_option("combined")
    opened.sharp()
    page.goto(link)
    opened.tab("mix")
    assert page.get_by_label(FIELD, exact=True).input_value() == NAME
    move(page, "supply", 45)
    assert page.get_by_label(FIELD, exact=True).input_value() == NAME
    opened.sharp()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "Read nothing, allowed is what has a letter or a digit. It stays as it was."),
        (" - ", "Read -, allowed is what has a letter or a digit. It stays as it was."),
        ("Combined", "Read Combined, and that is what another mix is called. It stays as it was."),
    ],
)
def test_a_wrong_name_is_said_and_the_one_before_stays(
    opened: Opened, name: str, told: str
) -> None:
    move(opened.page, "supply", 50)
    opened.sharp()
    assert named(opened, name) == "My mix, from Demand first"
    assert said(opened) == told
    opened.page.get_by_label(FIELD, exact=True).fill("A")
    assert said(opened) == ""
    assert named(opened, name) == "My mix, from Demand first"
    move(opened.page, "supply", 52)
    assert said(opened) == ""
    opened.sharp()


def test_a_lesson_gives_the_mix_back_with_its_name(opened: Opened) -> None:
    page = opened.page
    move(page, "supply", 50)
    assert named(opened, NAME) == NAME
    opened.tab("lessons")
    page.get_by_role("button", name="Begin").first.click()
    page.get_by_role("button", name="Leave this lesson").click()
    opened.tab("mix")
    move(page, "supply", 50)
    assert page.get_by_label(FIELD, exact=True).input_value().startswith("My mix, from ")
    opened.tab("lessons")
    page.get_by_role("button", name=f"Bring back {NAME}").click()
    move(page, "supply", 45)
    assert page.get_by_label(FIELD, exact=True).input_value() == NAME
    opened.sharp()


def test_what_was_said_of_a_mix_says_its_new_name(opened: Opened) -> None:
    page = opened.page
    if opened.host.startswith("file:"):
        pytest.skip("a file answers this only of mixes that have a name already")
    move(page, "supply", 70)
    assert named(opened, "Anna") == "Anna"
    opened.tab("believe")
    page.get_by_label("Outcome", exact=True).select_option("cartel_revenue")
    page.locator(".verdict").filter(has_text="Anna").wait_for()
    opened.tab("mix")
    assert named(opened, "Zoe") == "Zoe"
    opened.tab("believe")
    assert "Anna" not in page.locator("#view-believe").inner_text()
    assert "Zoe" in page.locator(".verdict").inner_text()
    opened.sharp()
