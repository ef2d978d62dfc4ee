"""The page's pieces without an engine, each run in a real browser: moves of money, links, files."""

import struct
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from idle_page import TOLD, run
from policymix.label import LABEL
from policymix.levers import LEVER_NAMES
from policymix.page.facts import policy_of
from policymix.page.file import linked_page, modules, one_file
from policymix.scenario import load_scenario, parse_scenario, shipped_names

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow  # a browser takes its time

HOSTILE = '"]\n[setup]\u202e</script><img src=x onerror=alert(1)>\\'


MANY_MOVES = """
    let spend = facts.levers.map((lever) => lever.today), seed = 7;
    const luck = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
    const found = [];
    for (let move = 0; move < 400; move += 1) {
        const locks = {
            sides: luck() < 0.3 ? ["supply"] : [],
            levers: luck() < 0.3 ? ["treatment", "policing"] : [],
        };
        const before = spend, total = m.sum(spend);
        const side = facts.sides[Math.floor(luck() * 3)].name;
        const lever = facts.levers[Math.floor(luck() * 13)].name;
        const isSide = luck() < 0.5, wanted = luck() < 0.2 ? 0 : luck() * 50;
        const [set, moved] = isSide ? [m.withSide, side] : [m.withLever, lever];
        spend = set(facts, spend, moved, wanted, locks);
        found.push({before, after: spend, total, locks, moved, isSide});
    }
    return found;
"""


def test_every_move_of_a_slider_keeps_the_budget_and_nothing_is_negative(idle: "Page") -> None:
    moves = run(idle, "policy", MANY_MOVES)
    assert len(moves) == 400
    for move in moves:
        assert fsum(move["after"]) == pytest.approx(move["total"], abs=1e-9), move
        assert min(move["after"]) >= 0.0, move
    assert sum(move["before"] != move["after"] for move in moves) > 200


def test_what_is_locked_stays(idle: "Page") -> None:
    sides = [one["side"] for one in TOLD["levers"]]
    names = [one["name"] for one in TOLD["levers"]]
    n_held = 0
    for move in run(idle, "policy", MANY_MOVES):
        held_side = (
            "supply" in move["locks"]["sides"] and move["isSide"] and move["moved"] != "supply"
        )
        if held_side:
            n_held += 1
            for at, side in enumerate(sides):
                if side == "supply":
                    assert move["after"][at] == pytest.approx(move["before"][at], abs=2e-6)
        if not move["isSide"]:
            for name in move["locks"]["levers"]:
                at = names.index(name)
                if move["moved"] != name and sides[at] == sides[names.index(move["moved"])]:
                    n_held += 1
                    assert move["after"][at] == pytest.approx(move["before"][at], abs=2e-6)
    assert n_held > 20


def test_another_side_gives_in_proportion(idle: "Page") -> None:
    body = """
        const spend = facts.levers.map((lever) => lever.today);
        const after = m.withSide(facts, spend, "demand", 30, {sides: [], levers: []});
        return [m.sideMoney(facts, spend), m.sideMoney(facts, after)];
    """
    before, after = run(idle, "policy", body)
    assert after[1] == pytest.approx(30.0, abs=1e-5)
    assert after[0] / after[2] == pytest.approx(before[0] / before[2], rel=1e-4)


def test_a_side_that_comes_back_from_nothing_is_split_as_it_was(idle: "Page") -> None:
    body = """
        const today = facts.levers.map((lever) => lever.today), locks = {sides: [], levers: []};
        const own = m.withLever(facts, today, "treatment", 1, locks);
        const none = m.withSide(facts, own, "demand", 0, locks);
        const usual = m.withSplitsOf(facts, m.withSplitsOf(facts, today, own), none);
        return [own, none, m.withSide(facts, none, "demand", given, locks, usual)];
    """
    demand = [at for at, lever in enumerate(TOLD["levers"]) if lever["side"] == "demand"]
    was = run(idle, "policy", body, 10.0)
    own, none, back = ([spend[at] for at in demand] for spend in was)
    assert fsum(none) == 0.0
    assert fsum(back) == pytest.approx(10.0, abs=1e-5)
    assert [one / 10.0 for one in back] == pytest.approx([x / fsum(own) for x in own], abs=1e-5)


def test_a_total_moves_every_lever_alike(idle: "Page") -> None:
    body = "return m.withTotal(facts, facts.levers.map((lever) => lever.today), given);"
    after = run(idle, "policy", body, 60.0)
    assert fsum(after) == pytest.approx(60.0, abs=1e-6)
    ratios = [new / lever["today"] for new, lever in zip(after, TOLD["levers"], strict=True)]
    assert max(ratios) == pytest.approx(min(ratios), rel=1e-4)


@pytest.mark.parametrize("name", shipped_names())
def test_a_scenario_file_from_the_page_is_the_scenario(idle: "Page", name: str) -> None:
    scenario = load_scenario(name)
    given = {
        "title": scenario.title,
        "summary": scenario.summary,
        "policy": policy_of(scenario),
        "assumptions": {"domestic_margin_pass_through": 0.25},
        "setup": {"people": 20_000, "months": 60, "cartels": 12},
    }
    text = run(idle, "scenario", "return m.scenarioText(facts, given);", given)
    assert text.startswith(f"# {LABEL}")
    read = parse_scenario(text.encode(), name)
    assert read.phases == scenario.phases
    assert read.assumptions == {"domestic_margin_pass_through": 0.25}
    assert (read.setup.people, read.setup.months) == (20_000, 60)


def test_a_hostile_title_stays_a_title(idle: "Page") -> None:
    given = {
        "title": HOSTILE,
        "summary": HOSTILE,
        "policy": policy_of(load_scenario("baseline")),
        "assumptions": {},
        "setup": {"people": 1_000, "months": 1, "cartels": 12},
    }
    text = run(idle, "scenario", "return m.scenarioText(facts, given);", given)
    read = parse_scenario(text.encode(), "hostile")
    assert (read.title, read.setup.people) == (HOSTILE, 1_000)


STATE = """
    const state = await import("policymix/state");
    const begun = {...state.initialState(facts), ...(given ?? {})};
    const found = m.readLink(facts, "#" + m.linkText(facts, begun), ["mix", "watch", "believe"]);
    return {begun, found};
"""


def test_a_link_restores_the_state(idle: "Page") -> None:
    mine = policy_of(load_scenario("supply_then_demand"))
    mine["phases"][0]["spend"][0] += 0.125
    given = {
        "tab": "believe",
        "mine": mine,
        "mineTitle": "Mine \u2014 é",
        "locks": {"sides": ["supply"], "levers": ["treatment"]},
        "assumptions": {"domestic_margin_pass_through": 0.5},
        "view": "level",
        "lesson": {"id": "lever", "guesses": None},
    }
    back = run(idle, "link", STATE, given)
    assert back["found"]["problems"] == []
    for name, value in given.items():
        assert back["found"]["state"][name] == value, name
    assert back["found"]["state"]["pinned"]["name"] == "baseline"


def test_a_link_to_what_is_shipped_is_short(idle: "Page") -> None:
    body = STATE.replace(
        "return {begun, found};", "return [m.linkText(facts, begun), found.state];"
    )
    text, state = run(idle, "link", body)
    assert len(text) < 400
    assert state["mine"] == policy_of(load_scenario("demand_first"))
    assert state["mineTitle"] == load_scenario("demand_first").title


NEGATIVE = {"phases": [{"from_year": 0, "ramp_months": 0, "spend": [-1] + [1] * 12}]}
HUGE = {"phases": [{"from_year": 0, "ramp_months": 0, "spend": [10_001] + [0] * 12}]}
LATE = {"phases": [{"from_year": 1, "ramp_months": 0, "spend": [1] * 13}]}


STEEP = {
    "phases": [
        {"from_year": year, "ramp_months": ramp, "spend": [1] * 13}
        for year, ramp in ((0, 0), (3, 13), (4, 12))
    ]
}


@pytest.mark.parametrize("policy", [NEGATIVE, HUGE, LATE, STEEP, {"phases": []}, None, [], 3])
def test_a_policy_outside_the_bounds_is_none(idle: "Page", policy: Any) -> None:
    assert run(idle, "link", "return m.policyIn(facts, given) === undefined;", policy)


def test_a_png_carries_the_label_in_its_text(idle: "Page") -> None:
    body = """
        const {outcomeChart} = await import("policymix/charts");
        const chart = outcomeChart(facts, "cartel_revenue");
        document.body.append(chart.element);
        const path = [0, -1, -2];
        const band = {low: [0, -2, -3], high: [0, 0, -1]};
        const paths = {mine: path, pinned: [0, 0, 0], difference: path, ...band};
        chart.update({cartel_revenue: paths}, "difference", {mine: "a", pinned: "b"});
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const blob = await m.chartPng(facts, chart, ["A line."]);
        return Array.from(new Uint8Array(await blob.arrayBuffer()));
    """
    png = bytes(run(idle, "png", body))
    length, kind = struct.unpack(">I4s", png[33:41])
    assert (png[:8], kind) == (b"\x89PNG\r\n\x1a\n", b"tEXt")
    assert png[41 : 41 + length] == b"Description\0" + LABEL.encode()
    from matplotlib.image import imread

    (path := Path(idle.url.removeprefix("file://")).with_name("chart.png")).write_bytes(png)
    assert imread(path).shape[0] > 200  # its checksums are read, too


def test_numbers_are_spoken_with_their_interval(idle: "Page") -> None:
    body = "return m.differenceText({difference: [-78.123], low: [-85.4], high: [-70.9]}, 0);"
    assert run(idle, "numbers", body) == "\u221278.1 (\u221285.4 to \u221270.9)"
    body = "return m.isClear({difference: [-1], low: [-2], high: [0.5]}, 0);"
    assert run(idle, "numbers", body) is False


@pytest.mark.parametrize(
    ("difference", "low", "high", "text"),
    [
        (0, 0, 0, "the same in every replicate"),
        (1e-13, -1e-13, 2e-13, "the same in every replicate"),  # what rounding left of 40
        (0, -1, 1, "0.0 (\u22121.0 to +1.0) kg"),
        (-2, -2, -2, "\u22122.00 (the same in every replicate) kg"),
        (0, None, None, "0 kg"),  # one replicate
        (None, None, None, "no value"),
    ],
)
def test_an_interval_of_no_width_is_said_in_words(
    idle: "Page", difference: Any, low: Any, high: Any, text: str
) -> None:
    series = {"mine": 40, "pinned": 40, "difference": difference, "low": low, "high": high}
    paths = {name: [value] for name, value in series.items()}
    assert run(idle, "numbers", "return m.withUnit(given, 0, 'kg');", paths) == text
    assert run(idle, "numbers", "return m.isClear(given, 0);", paths) is False


def test_facts_are_json_that_cannot_leave_its_script() -> None:
    told = {**TOLD, "summary": "</script><script>alert(1)</script>"}
    html = linked_page(told, "n0nce")
    assert "</script><script>alert(1)" not in html
    assert html.count('nonce="n0nce"') == 2


def test_every_module_is_in_the_import_map_and_every_lever_in_the_facts() -> None:
    html = one_file(TOLD, {})
    assert all(f'"{name}":"data:' in html for name in modules())
    assert [lever["name"] for lever in TOLD["levers"]] == list(LEVER_NAMES)
    assert "http" not in html.split("</style>")[-1].split('id="facts"')[0].replace("http-equiv", "")
