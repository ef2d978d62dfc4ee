"""The page in a real browser: how soon it is there, and how soon curves follow a slider.

python benchmarks/screen.py class.html      a file made by `policymix play --export class.html`
python benchmarks/screen.py                 the live page: about a minute

Needs Chromium and the extra `browser`.
"""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from page import ALL, ALONE, FIRST, references, served, waits_table
from shown import machine, seconds, sized

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
)
REST_MS = 400
"""From an answer to the next move: a hand lets go, and what the last answer drew is done with."""
QUICK = 1.25
"""Up to so many times its shortest time a run takes while nobody else uses the machine much."""
MOVE = """({place, whole}) => new Promise((done) => {
  const slider = document.querySelector('.row[data-name="supply"] input');
  const read = () => [...document.querySelectorAll(".tile-number, .readout")]
    .map((element) => element.textContent).join();
  const before = read();
  const found = {};
  const look = () => {
    found.curves ??= read() === before ? undefined : performance.now() - began;
    const isWhole = document.querySelector(".status").textContent.startsWith(whole);
    if (found.curves !== undefined && isWhole) {
      watcher.disconnect();
      done({...found, all: performance.now() - began});
    }
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document.querySelector("#view-mix"),
    {childList: true, characterData: true, subtree: true});
  slider.value = String(place);
  const began = performance.now();
  slider.dispatchEvent(new Event("input", {bubbles: true}));
  found.handled = performance.now() - began;
})"""


def chromium() -> str:
    """The name of the browser that is found first."""
    found = next(filter(shutil.which, NAMES), None)
    if found is None:
        raise SystemExit("no Chromium here")
    return found


@contextmanager
def browser_page() -> "Iterator[tuple[Page, list[int]]]":
    """A page of laptop size, and the sizes [bytes] of what it was given."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = shutil.which(chromium())
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        sizes: list[int] = []
        page.on("requestfinished", lambda one: sizes.append(one.sizes()["responseBodySize"]))
        try:
            yield page, sizes
        finally:
            browser.close()


def opened(page: "Page", address: str, began: float) -> str:
    """When the page has sliders, and numbers, since `began`."""
    page.goto(address)
    page.locator('.row[data-name="supply"] input').wait_for()
    sliders = perf_counter() - began
    page.locator(".tile-number").first.wait_for(state="attached")
    return f"sliders after {seconds(sliders)}, numbers after {seconds(perf_counter() - began)}"


def moved(
    page: "Page", n_moves: int, whole: str, beside: Mapping[str, Callable[[], float]] | None = None
) -> list[dict[str, float]]:
    """Seconds of each move of a slider to a place where it has not been.

    `beside` are timed before each move.
    """
    ends: Any = page.evaluate(
        """() => { const {min, max} = document.querySelector('.row[data-name="supply"] input');
             return [Number(min), Number(max)]; }"""
    )
    found = []
    for number in range(n_moves):
        share = 0.15 + 0.7 * ((number * 0.618034) % 1.0)
        place = ends[0] + share * (ends[1] - ends[0])
        times = {name: time() for name, time in (beside or {}).items()}
        waited = page.evaluate(MOVE, {"place": place, "whole": whole})
        found.append(times | {name: ms / 1e3 for name, ms in waited.items()})
        page.wait_for_timeout(REST_MS)
    return found


def in_quick_moments(found: list[dict[str, float]]) -> list[dict[str, float]]:
    """The moves before and after which a run alone was quick: what neighbours slow is left out.

    So is the last one, after which nothing is timed.
    """
    most = QUICK * min(one[ALONE] for one in found)
    return [one for one, after in pairwise(found) if max(one[ALONE], after[ALONE]) <= most]


def table(found: list[dict[str, float]], names: Mapping[str, str]) -> str:
    """Median and 95 % of each time, and how many times the references it is, if any were timed."""
    times = {title: [one[name] for one in found] for name, title in names.items()}
    return waits_table("from a slider's move", times)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path, help="an exported page; the live one if none")
    parser.add_argument("--moves", type=int, default=60)
    asked = parser.parse_args()
    print(f"{machine()}, headless Chromium ({chromium()}).\n")
    handled = {"handled": "answer and sliders", "curves": "new curves, in the next frame"}
    if asked.file:
        with browser_page() as (page, _):
            told = opened(page, asked.file.resolve().as_uri(), perf_counter())
            print(f"From opening the file: {told}.\n")
            print(table(moved(page, asked.moves, ""), handled))
        return
    with browser_page() as (page, sizes):
        began = perf_counter()
        with served(20_000, 120, is_warm=False) as (port, _):
            told = opened(page, f"http://127.0.0.1:{port}/", began)
            print(f"From the command: {told}; {sum(sizes) / 1e3:,.0f} kB.\n", flush=True)
            moved(page, 3, "8 replicates")
            beside = references(sized("demand_first", 20_000, 120))
            times = moved(page, asked.moves, "8 replicates", beside)
            names = {"curves": f"{FIRST} paired replicates", "all": f"all {ALL}"}
            names = dict(zip(beside, beside, strict=True)) | names
            print(table(times, names), "\n")
            if quick := in_quick_moments(times):
                print(f"Of these {len(times)} moves, the {len(quick)} in quick moments:\n")
                print(table(quick, names))


if __name__ == "__main__":
    sys.exit(main())
