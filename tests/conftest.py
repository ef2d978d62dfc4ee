"""What several test files share: the command line in an empty folder, and pages in a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from policymix import __main__ as command_line
from running import installs, script  # noqa: F401 - fixtures of the tests of run.py

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from whole_page import Opened

Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparisons draw nothing, for tests of what is beside the figures: drawing takes longest."""
    monkeypatch.setattr("policymix.studies.study.Study.drawn", lambda _: [])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the command line in an empty folder: (exit code, output, errors)."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Said:
        code = 0
        try:
            command_line.main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return code, told.out, told.err

    return call


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Headless Chromium, one for all tests of a file."""
    from browser import headless_chromium

    with headless_chromium() as started:
        yield started


@pytest.fixture(scope="module")
def idle(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> "Page":
    """A page with all modules, on which nothing has begun."""
    from idle_page import idle_page

    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(idle_page(), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    return page


@pytest.fixture(scope="module")
def watch_address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where a page is on which recorded runs can be watched."""
    from watch_page import watch_page

    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(watch_page(), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def watched(browser: "Browser", watch_address: str) -> "Iterator[Page]":
    """That page, on the tab of the recorded runs; whatever went wrong on it fails the test."""
    from watch_page import opened

    page = opened(browser, watch_address)
    page.wait_for_selector("#view-watch canvas.dots >> nth=1")
    yield page
    assert page.troubles == []  # type: ignore[attr-defined]
    page.close()


@pytest.fixture(scope="module", params=["export", "live"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where a whole small page is: in a file, or on a server of this machine."""
    from served import Served
    from whole_page import exported

    if request.param == "export":
        yield exported(tmp_path_factory)
        return
    served = Served()
    yield f"http://127.0.0.1:{served.port}/"
    served.stop()


@pytest.fixture
def opened(browser: "Browser", address: str) -> "Iterator[Opened]":
    """That page with its first answer; whatever it complained of fails the test."""
    from whole_page import PATIENCE, SCREEN, Opened

    page = browser.new_context(viewport=SCREEN, accept_downloads=True).new_page()
    page.set_default_timeout(PATIENCE)
    one = Opened(page, address)
    one.hear()
    page.goto(address)
    one.sharp()
    yield one
    page.context.close()
    assert one.troubles == []
