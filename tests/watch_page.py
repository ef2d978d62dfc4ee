"""The whole page with an engine made of recordings: what the Watch tab can be tried on."""

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from policymix.page.facts import facts
from policymix.page.file import WEB, _data_url, one_file
from policymix.page.recording import recorded
from policymix.scenario import Setup, load_scenario

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SETUP = Setup(people=20_000)
PINNED, MINE = "baseline", "demand_first"
PHONE, SCREEN = {"width": 360, "height": 740}, {"width": 1280, "height": 720}
PROJECTOR = {"width": 1920, "height": 1080}
GROUP = np.array([0, 1, 2, 3, 4, 5, 6, 2, 2])
"""By state, the group that the page shows."""

ENGINE = """
/* Recordings of some shipped policies; nothing else can be watched. `asked` are the names. */
export async function openEngine(facts, book) {
  window.asked = [];
  window.refused = new Set();
  const nameOf = (policy) => {
    const text = JSON.stringify(policy);
    return facts.scenarios.find((one) => JSON.stringify(one.policy) === text)?.name;
  };
  const ready = (policy) => book.recordings[nameOf(policy)] && !window.refused.has(nameOf(policy));
  return {
    kind: "export",
    canPlay: () => "Not on this page.",
    canWatch: (policy, assumptions) => {
      if (Object.keys(assumptions).length > 0) return "This file assumes what the ledger does.";
      return ready(policy) ? "" : "This file holds no run of this mix.";
    },
    async watch(policy) {
      window.asked.push(nameOf(policy));
      if (window.isBusy) throw new Error("One is asked for while another is played.");
      window.isBusy = true;
      await new Promise((done) => setTimeout(done, 20));
      window.isBusy = false;
      if (window.broken) throw new Error("The run was lost.");
      return book.recordings[nameOf(policy)];
    },
    assuming: "In this file they cannot be changed.",
    ladder: () => () => {},
    robust: () => () => {},
  };
}
"""


@cache
def recording(name: str) -> dict[str, Any]:
    return recorded(replace(load_scenario(name), setup=SETUP), seed=1)


def watch_page(names: Iterable[str] = ("baseline", "demand_first", "military_first")) -> str:
    """HTML of the page in one file, in which these scenarios can be watched."""
    told = facts("export", SETUP)
    html = one_file(told, {"recordings": {name: recording(name) for name in names}})
    ours = base64.b64encode(ENGINE.encode()).decode()
    return html.replace(_data_url(WEB / "engine.js"), f"data:text/javascript;base64,{ours}")


def link_to(mine: str, pinned: str = "baseline", **others: Any) -> str:
    """The part of the address after # that opens the tab with these two."""
    state = {"tab": "watch", "mine": mine, "pinned": {"name": pinned}, **others}
    return base64.urlsafe_b64encode(json.dumps(state).encode()).decode().rstrip("=")


def opened(browser: "Browser", address: str, mine: str = MINE, **options: Any) -> "Page":
    """The tab; `page.troubles` collects what went wrong."""
    tab, assumptions = options.pop("tab", "watch"), options.pop("assumptions", {})
    page = browser.new_page(**{"viewport": SCREEN, "color_scheme": "light", **options})
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"{address}#{link_to(mine, PINNED, tab=tab, assumptions=assumptions)}")
    page.wait_for_selector("[data-ready]", state="attached")
    page.troubles = troubles  # type: ignore[attr-defined]
    return page


def month_text(month: int) -> str:
    return f"Year {(month - 1) // 12 + 1}, month {(month - 1) % 12 + 1}" if month else "Start"


def now(page: "Page") -> str:
    return page.locator(".month-now").inner_text()


def shows(page: "Page", month: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator(".month-now")).to_have_text(re.compile(f"^{month}$"))


def go_to(page: "Page", month: int) -> None:
    page.get_by_label("Month", exact=True).fill(str(month))
    assert now(page) == month_text(month)


def button(page: "Page", name: str) -> Any:
    return page.locator("#view-watch").get_by_role("button", name=name)


@cache
def rows(name: str) -> NDArray[Any]:
    packed = base64.b64decode(recording(name)["changes"])
    return np.frombuffer(packed, dtype="<u2").reshape(-1, 3).astype(int)


@cache
def states_and_births(name: str, month: int) -> tuple[NDArray[Any], NDArray[Any]]:
    told = recording(name)
    state = np.frombuffer(base64.b64decode(told["start"]), dtype="u1").copy()
    born = np.frombuffer(base64.b64decode(told["born"]), dtype="<i2").copy()
    for when, slot, code in rows(name):
        if when <= month:
            state[slot] = code % 16
            born[slot] = when if code >= 16 else born[slot]
    return state, born


def differing(month: int, mine: str = MINE) -> NDArray[Any]:
    (here, born_here), (there, born_there) = (
        states_and_births(name, month) for name in (PINNED, mine)
    )
    return np.flatnonzero((GROUP[here] != GROUP[there]) | (born_here != born_there))
