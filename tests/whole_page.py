"""What tests of the whole page share: a page that tells what went wrong, and hands to use it."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from calling import SMALL
from policymix.machines import Machines
from policymix.page.export import Sizes, export
from policymix.tasks import silent
from served import REPLICATES

if TYPE_CHECKING:
    import pytest
    from playwright.sync_api import Download, Page

TABS = ("mix", "watch", "believe", "assumptions", "lessons", "take")
TINY = Sizes(40, held_out=8, ends=6, values=2, worlds=32, names=("domestic_margin_pass_through",))
PHONE, SCREEN = {"width": 360, "height": 740}, {"width": 1280, "height": 720}
PATIENCE = 90_000  # milliseconds, on a machine that does other things
SHARP = re.compile(rf"^(?!.*(sharpening|the mix before)).*{REPLICATES} replicates of 1,000 people")


@dataclass
class Opened:
    """A page, and what it asked of others or complained of."""

    page: "Page"
    host: str
    troubles: list[str] = field(default_factory=list)

    def hear(self) -> None:
        self.page.on("console", lambda said: self.troubles.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", lambda asked: self._meet(asked.url))

    def _meet(self, url: str) -> None:
        if not url.startswith((self.host, "data:", "blob:")):
            self.troubles.append(f"asked {url}")

    def tab(self, name: str) -> None:
        self.page.locator(f"#tab-{name}").click()

    def sharp(self) -> None:
        """Wait for an answer of all replicates."""
        self.page.locator(".status").filter(has_text=SHARP).wait_for(state="attached")


def exported(temporary: "pytest.TempPathFactory") -> str:
    """The address of a small page in one file, made by whoever of all workers asks first."""
    own = temporary.getbasetemp()
    shared = own.parent if own.name.startswith("popen-") else own  # as pytest-xdist names them
    path, claim = shared / "page.html", shared / "page.claimed"
    try:
        claim.touch(exist_ok=False)
    except FileExistsError:  # another worker makes it, or has done so
        end = monotonic() + PATIENCE / 1e3
        while not path.exists() and monotonic() < end:
            sleep(0.1)
    if not path.exists():
        export(path, SMALL, 1, REPLICATES, Machines(1), silent, TINY)
    return path.as_uri()


def move(page: "Page", name: str, value: float) -> None:
    """Put a slider where it is wanted, as a hand does: in steps."""
    slider = page.locator(f'.row[data-name="{name}"] input[type=range]')
    slider.evaluate(
        """(one, value) => {
            one.value = String(value);
            one.dispatchEvent(new Event("input", {bubbles: true}));
        }""",
        value,
    )


def shares(page: "Page") -> dict[str, float]:
    rows = page.locator(".row.side")
    found = {}
    for at in range(rows.count()):
        text = rows.nth(at).locator(".amount").inner_text()
        found[str(rows.nth(at).get_attribute("data-name"))] = float(text.split(" %")[0])
    return found


def saved(download: "Download", folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path
