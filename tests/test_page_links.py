"""What a stranger's link holds: what may not be is left out, and named."""

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from idle_page import run

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow  # a browser takes its time


def test_of_the_assumptions_in_a_link_only_the_wrong_ones_are_left_out(idle: "Page") -> None:
    wrong = {f"other_{n}": n for n in range(5)} | {"<b>" + "x" * 100: 1}
    given = {"domestic_margin_pass_through": 7, "vulnerability_log_sd": "1", "peer_effect": 0.25}
    text = base64.urlsafe_b64encode(json.dumps({"assumptions": {**given, **wrong}}).encode())
    body = 'return m.readLink(facts, "#" + given, ["mix"]);'
    found = run(idle, "link", body, text.decode().rstrip("="))
    assert found["state"] == {"assumptions": {"peer_effect": 0.25}}
    assert found["problems"] == [
        "the assumption domestic_margin_pass_through (read 7, allowed is 0 to 1)",
        "the assumption vulnerability_log_sd (read no number, allowed is 0 to 1.6)",
        *[f"the assumption other_{n}, which is not known here" for n in range(3)],
        "3 more assumptions",
    ]


@pytest.mark.parametrize(
    ("assumptions", "problem"),
    [
        ('{"<b>": 1}', "what is no assumption's name"),
        ('{"\u202eevil": 1}', "what is no assumption's name"),
        (
            '{"peer_effect": ' + "[" * 12_000 + "]" * 12_000 + "}",
            "the assumption peer_effect (read no number, allowed is 0 to 1)",
        ),
    ],
    ids=["markup", "turned-round", "deep"],
)
def test_what_a_stranger_puts_for_an_assumption_is_not_repeated(
    idle: "Page", assumptions: str, problem: str
) -> None:
    text = base64.urlsafe_b64encode(f'{{"assumptions": {assumptions}}}'.encode())
    body = 'return m.readLink(facts, "#" + given, ["mix"]);'
    assert run(idle, "link", body, text.decode().rstrip("="))["problems"] == [problem]


@pytest.mark.parametrize(
    ("title", "named"),
    [("Anna", "Anna"), ("Combined", None), ("6 billion from policing to interdiction", None)],
    ids=["own", "shipped", "of a lesson"],
)
def test_of_the_names_in_a_link_only_what_somebody_gave_stays(
    idle: "Page", title: str, named: str | None
) -> None:
    body = """
        const policy = JSON.parse(JSON.stringify(facts.scenarios[0].policy));
        policy.phases[0].spend.reverse();
        const state = {mine: policy, mineTitle: given, pinned: {name: "baseline"}};
        const text = m.linkText(facts, state);
        return m.readLink(facts, `#${text}`, ["mix"]).state;
    """
    state = run(idle, "link", body, title)
    assert state["mineTitle"] == title
    assert state.get("named") == named


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("An\u202ena\n B", "Anna B"),
        ("\u200b\u202e", None),
        ("\u3164", None),
        ("می\u200cخ", "می\u200cخ"),
    ],
    ids=["turned-round", "unseen", "filler", "joined"],
)
def test_a_name_in_a_link_holds_nothing_that_cannot_be_seen(
    idle: "Page", title: str, read: str | None
) -> None:
    body = "return m.readName(given);"
    assert run(idle, "naming", body, title) == (read or "")


WRONG: dict[str, Any] = {
    "mine": {"phases": [{"from_year": 0, "ramp_months": 0, "spend": [1] * 12}]},
    "mineTitle": "x" * 201,
    "pinned": {"name": "evil", "title": "", "policy": None},
    "locks": "all",
    "assumptions": "all",
    "tab": "javascript:alert(1)",
    "view": "both",
    "group": "__proto__",
    "lesson": {"id": "lever", "guesses": {"addicted": "<b>"}},
}


CALLED = {
    "mine": "my mix",
    "mineTitle": "the name of my mix",
    "pinned": "the pinned mix",
    "locks": "the locks",
    "assumptions": "the assumptions",
    "tab": "the tab",
    "view": "what is drawn",
    "group": "which outcomes are shown",
    "lesson": "the lesson",
}


@pytest.mark.parametrize("name", list(WRONG))
def test_what_a_link_may_not_hold_is_left_out_and_named(idle: "Page", name: str) -> None:
    text = base64.urlsafe_b64encode(json.dumps({name: WRONG[name]}).encode()).decode().rstrip("=")
    body = 'return m.readLink(facts, "#" + given, ["mix"]);'
    assert run(idle, "link", body, text) == {
        "state": {},
        "problems": [CALLED[name]],
        "remarks": [],
    }


@pytest.mark.parametrize("text", ["%%%", "W10", "bnVsbA", "x" * 50_000, "eyJ0YWIi"])
def test_a_link_that_is_none_is_refused_whole(idle: "Page", text: str) -> None:
    found = run(idle, "link", 'return m.readLink(facts, "#" + given, ["mix"]);', text)
    assert found["problems"][0] == "the whole link"
    assert found["state"] == {}


def test_the_ledger_is_written_when_it_is_first_shown_with_what_was_changed_before(
    idle: "Page",
) -> None:
    body = """
        const assumptions = {peer_effect: 0.25};
        const store = {get: () => ({assumptions}), set() {}, subscribe() {}};
        const view = m.assumptionsView({facts, engine: {}, store});
        const rows = () => [...view.element.querySelectorAll(".assumption")];
        const before = rows().length;
        view.show();
        view.show();
        const changed = rows().filter((row) => row.classList.contains("differs"));
        const [said] = changed.map((row) => row.querySelector(".value").textContent);
        return [before, rows().length - facts.assumptions.length, changed.length, said];
    """
    before, too_many, n_changed, said = run(idle, "assumptions", body)
    assert (before, too_many, n_changed) == (0, 0, 1)
    assert said.startswith("0.25 (ledger: ")
