"""A real browser for tests: headless Chromium, from wherever the machine has one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
)
"""The shell is the same Chromium without the windows around it: it needs half the processor."""
_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@contextmanager
def headless_chromium() -> Iterator["Browser"]:
    """The browser; where there is none the test is skipped, except in CI, where it fails.

    The extra `browser` has what drives it (165 MB), so that nobody else needs to load that.
    """
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None or find_spec("playwright") is None:
        reason = f"no Chromium (apt-get install {_NAMES[0]}) or not the extra 'browser' here"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}, and CI must have both")
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
