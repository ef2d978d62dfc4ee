"""report.html in a real browser: nothing fetched, nothing broken, on projector, paper and phone."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hostile import HEBREW, hostile_scenarios
from policymix import compare, robustness
from policymix.label import LABEL
from policymix.studies.answer import Answer
from policymix.studies.margins import margins
from policymix.studies.mixes import mixes
from policymix.studies.robust import robust

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow  # a browser takes its time

EIGHT = ["baseline", "combined", "cooperation_first", "demand_first", "military_first"]
EIGHT += ["supply_first", "supply_then_demand", "treatment_only_shift"]
PHONE, SCREEN = {"width": 360, "height": 740}, {"width": 1280, "height": 720}
PROJECTOR = {"width": 1920, "height": 1080}
A4_INSIDE = {"width": 695, "height": 1020}
"""The page less its margins, in CSS pixels: (210 - 26) x (297 - 27) mm."""


@pytest.fixture(scope="module", autouse=True)
def _weighed() -> Iterator[None]:
    """Of few worlds, too, Sobol' indices are made here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(robustness, "LEAST_POINTS", 4)
        yield


SMALL: Any = {"people": 1_000, "months": 6}
MADE: dict[str, Callable[[], Answer]] = {
    "compare": lambda: compare(EIGHT, replicates=2, people=1_000, months=12),
    "robust": lambda: robust(["demand_first", "supply_first"], worlds=32, **SMALL),
    "margins": lambda: margins(replicates=2, **SMALL),
    "mixes": lambda: mixes(steps=3, worlds=2, replicates=2, **SMALL),
}


EACH = ["compare", *(pytest.param(one, marks=pytest.mark.slow) for one in MADE if one != "compare")]
"""Reports are of one make; those of the other studies wait for the slow tests."""


@pytest.fixture(scope="module", params=EACH)
def report(
    browser: "Browser", request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The report of each kind of study, one after the other."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(MADE[request.param]().report(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hostile_report(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "report.html"
    study = compare(["baseline", *hostile_scenarios()], replicates=2, people=1_000, months=1)
    path.write_text(study.report({}), encoding="utf-8")
    return path


def opened(browser: "Browser", report: Path, **options: Any) -> tuple["Page", list[str]]:
    """The page, and what went wrong: requests to anywhere, messages, errors."""
    options = {"viewport": SCREEN, "color_scheme": "light", **options}
    page, troubles = browser.new_page(**options), []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: troubles.append(request.url[:100]))
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    allowed = (report.as_uri(), "data:image/svg+xml;base64,")
    return page, [one for one in troubles if not one.startswith(allowed)]


def overflow(page: "Page") -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("viewport", [PHONE, SCREEN, PROJECTOR], ids=["phone", "screen", "wide"])
def test_it_opens_without_a_request_or_an_error_and_fits(
    browser: "Browser", report: Path, viewport: dict[str, int]
) -> None:
    page, troubles = opened(browser, report, viewport=viewport)
    assert troubles == []
    assert overflow(page) <= 0
    drawn = page.evaluate("[...document.images].map(i => i.complete && i.naturalWidth > 0)")
    assert drawn == [True] * page.locator("figure").count()
    assert len(drawn) > 1
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, PROJECTOR], ids=["phone", "wide"])
def test_axe_finds_nothing_serious(
    browser: "Browser", report: Path, scheme: str, viewport: dict[str, int]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, _ = opened(browser, report, viewport=viewport, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page).response
    assert found["passes"]
    wrong = [(one["id"], one["impact"]) for one in found["violations"]]
    assert [one for one in wrong if one[1] in ("serious", "critical")] == []
    page.close()


@pytest.mark.parametrize("viewport", [PHONE, PROJECTOR], ids=["phone", "wide"])
def test_the_label_is_in_view_wherever_one_scrolls(
    browser: "Browser", report: Path, viewport: dict[str, int]
) -> None:
    page, _ = opened(browser, report, viewport=viewport)
    for share in (0.0, 0.5, 1.0):
        page.evaluate("share => window.scrollTo(0, share * document.body.scrollHeight)", share)
        on_top = "document.elementFromPoint(window.innerWidth / 2, 8).textContent"
        assert page.evaluate(on_top) == LABEL
    page.evaluate("document.querySelector('#left-out').scrollIntoView()")
    heading = page.locator("#left-out-title").bounding_box()
    label = page.locator("header.label").bounding_box()
    assert heading is not None
    assert label is not None
    assert heading["y"] >= label["y"] + label["height"]
    page.close()


def test_wide_things_scroll_in_a_box_that_the_keyboard_reaches(
    browser: "Browser", report: Path
) -> None:
    page, _ = opened(browser, report, viewport=PHONE)
    width = "document.querySelector('figure img').getBoundingClientRect().width"
    assert page.evaluate(width) < PHONE["width"]  # the whole picture, to be spread or made larger
    page.locator(".enlarge label").first.click()
    assert page.evaluate(width) >= 800
    boxes = page.evaluate(
        """[...document.querySelectorAll('main *')]
            .filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0
                           && getComputedStyle(one).display !== 'inline')
            .map(one => [one.className, one.tabIndex, getComputedStyle(one).overflowX])"""
    )
    kinds = {(name.split()[0], *rest) for name, *rest in boxes}
    assert kinds == {("scroll", 0, "auto"), ("picture", 0, "auto")}
    page.close()


def test_a_picture_stands_on_a_light_plate_with_room_about_it(
    browser: "Browser", report: Path
) -> None:
    page, _ = opened(browser, report, color_scheme="dark")
    style = "(one => [one.backgroundColor, one.paddingLeft, one.borderTopLeftRadius])"
    plate = page.evaluate(f"{style}(getComputedStyle(document.querySelector('.picture')))")
    assert plate[0] == "rgb(255, 255, 255)"
    assert "0px" not in plate[1:]
    page.close()


def test_it_prints_on_a4_with_whole_figures_and_the_label_on_every_page(
    browser: "Browser", report: Path, tmp_path: Path
) -> None:
    page, _ = opened(browser, report, viewport=A4_INSIDE)
    page.emulate_media(media="print")
    boxes = page.evaluate(
        """[...document.querySelectorAll('figure, figure img, .card, tr')].map(one => [
            one.tagName, one.getBoundingClientRect().width, one.getBoundingClientRect().height,
            getComputedStyle(one).breakInside])"""
    )
    for name, width, height, inside in boxes:
        assert width <= A4_INSIDE["width"] + 1, name
        assert height <= A4_INSIDE["height"], name
        assert inside == "avoid" or name == "IMG"
    assert overflow(page) <= 0
    printed = tmp_path / "report.pdf"
    page.pdf(path=printed, prefer_css_page_size=True, print_background=True)
    sizes = re.findall(rb"/MediaBox ?\[0 0 (\d+)[.\d]* (\d+)", printed.read_bytes())
    assert set(sizes) <= {(b"594", b"841"), (b"595", b"841"), (b"595", b"842")}
    if reader := shutil.which("pdftotext"):
        done = subprocess.run([reader, printed, "-"], capture_output=True, check=True, text=True)
        each = done.stdout.split("\f")[:-1]
        assert len(each) == len(sizes) > 3
        assert [number for number, text in enumerate(each, 1) if LABEL not in text] == []
    page.close()


def test_a_very_tall_figure_shrinks_to_its_page(browser: "Browser", report: Path) -> None:
    page, _ = opened(browser, report, viewport=A4_INSIDE)
    page.emulate_media(media="print")
    height = page.evaluate(
        """async () => {
            const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="900"/>';
            const image = document.querySelector('figure img');
            image.src = 'data:image/svg+xml;base64,' + btoa(svg);
            await image.decode();
            return image.closest('figure').getBoundingClientRect().height;
        }"""
    )
    assert 500 < height <= A4_INSIDE["height"]
    page.close()


def test_hostile_text_stays_text_and_turns_nothing_round(
    browser: "Browser", hostile_report: Path
) -> None:
    page, troubles = opened(browser, hostile_report, viewport=PHONE)
    assert troubles == []
    assert page.title().startswith("Funding mixes compared with baseline")
    assert page.locator("script, dd img, dd style, dd b, dd a").count() == 0
    assert overflow(page) <= 0
    marks = r"/[\u0000-\u0008\u000b-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069]/"
    assert page.evaluate(f"{marks}.test(document.documentElement.outerHTML)") is False
    after = page.evaluate(
        """hebrew => {
            const title = [...document.querySelectorAll('bdi')].find(b => b.textContent === hebrew);
            const behind = document.createRange();
            behind.selectNodeContents(title.nextSibling);
            return [title.getBoundingClientRect().right, behind.getBoundingClientRect().left];
        }""",
        HEBREW,
    )
    assert after[1] >= after[0] - 1  # the colon stands behind the title, not before it
    page.close()
