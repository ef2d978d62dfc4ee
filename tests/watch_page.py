"""The whole page with an engine made of recordings: what the Watch tab can be tried on."""

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from policymix.page.facts import facts, policy_of
from policymix.page.file import WEB, _data_url, one_file
from policymix.page.recording import recorded
from policymix.scenario import Setup, load_scenario

SETUP = Setup(people=20_000)

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
    import base64

    told = facts("export", SETUP)
    html = one_file(told, {"recordings": {name: recording(name) for name in names}})
    ours = base64.b64encode(ENGINE.encode()).decode()
    return html.replace(_data_url(WEB / "engine.js"), f"data:text/javascript;base64,{ours}")


def link_to(mine: str, pinned: str = "baseline", **others: Any) -> str:
    """The part of the address after # that opens the tab with these two."""
    import base64

    state = {"tab": "watch", "mine": mine, "pinned": {"name": pinned}, **others}
    return base64.urlsafe_b64encode(json.dumps(state).encode()).decode().rstrip("=")


__all__ = ["link_to", "policy_of", "recording", "watch_page"]
