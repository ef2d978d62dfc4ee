"""What the model leaves out is named, and said where people look; reports have tests of theirs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from html_page import missing_of
from policymix.left_out import LINES
from policymix.page.facts import facts
from policymix.scenario import Setup

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "model" / "policymix" / "page" / "web"


@pytest.mark.parametrize(
    "part",
    [
        *("No real country, group or person", "Racial and regional disparity", "Other drugs"),
        *("fentanyl", "Stigma", "families", "welfare of people who use", "pain", "rights"),
        *("Politics", "legal markets", "Deaths of casual users", "crime", "migration", "Growth"),
        *("One composite drug", "not zero"),
    ],
)
def test_it_names_what_a_reader_may_miss(part: str) -> None:
    assert part in " ".join(LINES)


def test_the_page_has_it_and_shows_it_on_a_tab_and_in_its_report() -> None:
    assert facts("live", Setup())["left_out"] == list(LINES)
    for module in ("take.js", "report.js"):
        assert "facts.left_out.map(" in (WEB / module).read_text(encoding="utf-8"), module


def test_explain_and_the_model_sheet_say_it(run: Run) -> None:
    _, out, _ = run("explain")
    sheet = (ROOT / "model" / "README.md").read_text(encoding="utf-8")
    assert missing_of(LINES, out) == missing_of(LINES, sheet) == []


def test_what_is_missing_is_seen() -> None:
    assert missing_of(["One thing.", "Other thing."], "One\n thing.") == ["Other thing."]
