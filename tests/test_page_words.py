"""What the page says of a comparison, sentence by sentence, each module run in a real browser."""

from typing import TYPE_CHECKING, Any

import pytest
from idle_page import TOLD, run
from policymix.robustness import STATISTICS

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow  # a browser takes its time

REMARKS = """
    const {initialState, shipped} = await import("policymix/state");
    const state = initialState(facts);
    const phase = (from_year, factor, ramp_months = 0) => ({
        ...state.mine.phases[0],
        from_year,
        ramp_months,
        spend: shipped(facts, "baseline").policy.phases[0].spend.map((one) => factor * one),
    });
    state.mine = {phases: given.map(([year, factor, ramp]) => phase(year, factor, ramp))};
    return m.remarksOn({facts, store: {get: () => state}});
"""


def remarks(idle: "Page", *phases: tuple[float, float, int]) -> list[str]:
    """What is remarked of a mix against today's; phases of (year, times today's, ramp)."""
    found: list[str] = run(idle, "compared", REMARKS, phases)
    return found


@pytest.mark.parametrize(
    ("months", "text"),
    [(120, "10 years"), (12, "1 year"), (18, "18 months"), (1, "1 month"), (61, "61 months")],
)
def test_a_span_is_in_years_where_these_are_whole(idle: "Page", months: int, text: str) -> None:
    assert run(idle, "format", "return m.spanText(given);", months) == text


def test_budgets_that_differ_are_said_and_equal_ones_are_not(idle: "Page") -> None:
    assert remarks(idle, (0, 1, 0)) == []
    assert remarks(idle, (0, 1, 0), (3, 1, 12)) == []
    (said,) = remarks(idle, (0, 2, 0))
    assert said == (
        "The budgets differ: Demand first has $85.00 bn a year; Today's mix has $42.50 bn a year."
    )
    (later,) = remarks(idle, (0, 1, 0), (3, 2, 12))
    assert "Demand first has $42.50 bn a year, from year 3 $85.00 bn a year" in later


def test_a_phase_after_the_end_is_said_and_changes_no_budget(idle: "Page") -> None:
    (said,) = remarks(idle, (0, 1, 0), (10, 2, 0))
    assert said == (
        "Demand first: the phase from year 10 begins after the end (10 years), "
        "and changes nothing here."
    )
    (within,) = remarks(idle, (0, 1, 0), (9.5, 2, 0))
    assert within.startswith("The budgets differ")


LADDER = """
    const entry = {low: 0, high: 1, value: 0.5, grade: "B", title: "an assumption", unit: "share"};
    const outcome = {name: "addicted", title: "People with addiction", unit: "thousand people"};
    const points = given.map(([value, low, high]) => low === "impossible"
        ? {value, isPossible: false}
        : {value, isPossible: true, outcomes: {addicted: {difference: low, low, high}}});
    const names = {mine: "A", pinned: "B"};
    const plot = m.ladderPlot(points, outcome, entry);
    return [m.rankingText(points, outcome, entry, names), plot.getAttribute("aria-label"),
        plot.querySelectorAll("circle").length, plot.querySelectorAll("polyline").length];
"""


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([(0, -2, -1), (1, 1, 2)], "It flips. Of the 2 values looked at, A is clearly below B in "),
        ([(0, -2, -1), (1, -2, 1)], "It flips at none of the 2 values looked at: A is below B "),
        ([(0, 1, 2), (1, 1, 2)], "It flips at none of the 2 values looked at: A is above B "),
        ([(0, -1, 2), (1, -1, 2)], "Not clear at any of the 2 values looked at: the band "),
        ([(0, 0, 0), (1, 0, 0)], "Not clear at any of the 2 values looked at: the same in every "),
    ],
)
def test_a_ladder_speaks_of_the_values_that_were_played(
    idle: "Page", points: list[tuple[Any, ...]], said: str
) -> None:
    text = run(idle, "ladder", LADDER, points)[0]
    assert text.startswith(said)
    assert "Between these values nothing was played." in text


def test_an_impossible_value_is_marked_and_the_rest_is_drawn(idle: "Page") -> None:
    points = [(0, -2, -1), (0.5, "impossible", 0), (0.75, 1, 2), (1, 1, 2)]
    text, label, n_dots, n_lines = run(idle, "ladder", LADDER, points)
    assert "No possible world has it at 0.5." in text
    assert "Of the 3 values looked at" in text
    assert "impossible at 0.5" in label
    assert (n_dots, n_lines) == (3, 2)


REFUSING = """
    const asked = [];
    window.fetch = async (_address, {body}) => {
        const {values} = JSON.parse(body);
        asked.push(values);
        const points = values.map((value) =>
            given.includes(value) ? {value, problem: "no balance"} : {value, outcomes: {}});
        return new Response(JSON.stringify({points, replicates: 4}), {status: 200});
    };
    const {initialState} = await import("policymix/state");
    const {mine, pinned} = initialState(facts);
    const question = {mine, pinned: pinned.policy, assumptions: {}, seed: 1};
    const entry = {name: "peer_effect", low: 0, high: 1};
    return new Promise((done) => m.liveEngine(facts).ladder(
        question, entry, (points) => done({points, asked}), (problem) => done({problem})));
"""


def test_one_impossible_value_does_not_refuse_the_live_ladder(idle: "Page") -> None:
    told = run(idle, "engine_live", REFUSING, [0.75])
    assert [point["value"] for point in told["points"]] == [0, 0.25, 0.5, 0.75, 1]
    assert [point["isPossible"] for point in told["points"]] == [True, True, True, False, True]
    assert len(told["asked"]) == 1
    every = run(idle, "engine_live", REFUSING, [0, 0.25, 0.5, 0.75, 1])
    assert every == {"problem": "no balance"}


def test_a_box_is_drawn_with_its_assumptions_and_none_without(idle: "Page") -> None:
    body = """
        const bound = {assumption: "domestic_margin_pass_through", low: 0.5, high: null};
        const box = {outcome: "cartel_revenue", box: [bound]};
        const plot = m.flipPlot([box, {...box, box: []}], facts);
        const over = [240, 330, 540].map((wide) => {
            const shown = m.flipPlot([box, {...box, outcome: "addicted"}], facts, wide);
            document.body.append(shown);
            shown.style.width = `${wide}px`;
            const places = [...shown.querySelectorAll("text")].map((word) => word.getBBox());
            shown.remove();
            return Math.max(...places.map(({x, width}) => x + width)) - wide;
        });
        return [plot.getAttribute("aria-label"), plot.querySelector("rect").getAttribute("width"),
            m.flipPlot([{...box, box: []}], facts), over];
    """
    label, width, none, over = run(idle, "flips", body)
    assert "Cartel revenue: the ranking turns round more often where" in label
    assert "is at least 0.50 (grade C: weak)" in label
    assert float(width) == pytest.approx((540 - 16) / 2)
    assert max(over) <= 0, "no word is cut off"
    assert none is None


def test_a_link_from_another_page_says_in_what_it_was_another(idle: "Page") -> None:
    body = """
        const {initialState} = await import("policymix/state");
        const other = {...facts, setup: {...facts.setup, people: 1000, seed: 9}};
        const link = (from) => "#" + m.linkText(from, initialState(facts));
        const read = (from) => m.readLink(facts, link(from), ["mix"]);
        return [read(facts), read(other)];
    """
    same, other = run(idle, "link", body)
    assert (same["problems"], same["remarks"]) == ([], [])
    assert other["problems"] == []
    assert "people 1000 (here 20000), seed 9 (here 1)" in other["remarks"][0]
    assert other["state"]["mine"] == same["state"]["mine"]


def test_lessons_name_the_months_that_are_played_and_not_what_comes_of_them(idle: "Page") -> None:
    body = """
        const short = {...facts, setup: {...facts.setup, months: 18}};
        return m.lessonCards(short).map(({title, story}) => title + " " + story);
    """
    cards = run(idle, "lesson_cards", body)
    assert len(cards) == 3
    for text in cards:
        assert "fter 18 months" in text
        assert "en years" not in text
        assert "enrich" not in text
        assert "more of what is shipped is seized" not in text


def test_what_robust_ranks_by_is_what_the_page_says(idle: "Page") -> None:
    words = {"final": "(at the end)", "mean": "(mean of all months)"}
    body = "return given.map((name) => m.rankedText(facts, name));"
    said = run(idle, "robust", body, list(STATISTICS))
    assert [words[how] for how in STATISTICS.values()] == [
        "(" + text.split("(")[1] for text in said
    ]


STACK = """
    const {seriesOf, stackPaint} = await import("policymix/curves");
    const path = (...values) => ({mine: values, pinned: values, difference: values});
    const outcomes = {addicted: path(1, 2), active_addiction: path(-4, -1),
        in_treatment: path(6, 2), addicted_in_custody: path(-1, 1)};
    const chart = m.outcomeChart(facts, m.chartOf(facts, given));
    document.body.append(chart.element);
    chart.update(outcomes, "difference", {mine: "A", pinned: "B"});
    const {outcome, parts} = chart;
    const shown = {outcome, parts, outcomes};
    chart.element.querySelector("details").open = true;
    await new Promise((done) => setTimeout(done, 50));
    const canvas = chart.element.querySelector("canvas");
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const isNear = (paint) => (at) => [1, 3, 5, 7].every((from, byte) =>
        Math.abs(parseInt(paint.slice(from, from + 2), 16) - pixels[at + byte]) < 5);
    const places = Array.from({length: pixels.length / 4}, (_, at) => 4 * at);
    const told = {
        painted: parts.map((_, at) => places.filter(isNear(stackPaint(at))).length),
        difference: seriesOf({...shown, view: "difference"}),
        level: seriesOf({...shown, view: "level"}),
        table: chart.element.querySelector("table").innerText,
        said: chart.element.querySelector(".plot").getAttribute("aria-label"),
        name: outcome.name,
        keys: chart.element.querySelector(".keys").innerText,
    };
    chart.element.remove();
    return told;
"""
PARTS = [one["name"] for one in TOLD["outcomes"] if one["part_of"] == "addicted"]


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_addiction_is_drawn_stacked_with_the_others_and_never_alone(
    idle: "Page", name: str
) -> None:
    assert len(PARTS) == 3
    told = run(idle, "charts", STACK, name)
    assert told["name"] == "addicted"
    assert told["difference"][-2:] == [[6, 3], [-5, -1]]  # how far up and down the stack goes
    assert told["level"][-2:] == [[-4, -1], [2, 1]]  # the borders between the parts
    assert min(told["painted"]) > 100  # pixels of each part
    assert told["keys"].split() == ["Active", "addiction", "In", "treatment", "In", "custody"]


def test_a_chart_is_told_as_a_table_by_year_and_in_words_as_shown(idle: "Page") -> None:
    told = run(idle, "charts", STACK, "addicted")
    heads, *rows = (line.split("\t") for line in told["table"].strip().split("\n"))
    assert heads[:4] == ["Year", "A", "B", "Mine less pinned (95 %)"]
    assert [row[0] for row in rows] == ["0", "0.1"]
    assert rows[0][4].split(", ") == ["\u22124.000", "\u22124.000", "\u22124.000"]
    assert "A less B, after 1 month" in told["said"]
    assert "Of these: active addiction \u22121" in told["said"]


def test_a_changed_mix_is_never_called_as_the_one_that_is_pinned(idle: "Page") -> None:
    body = """
        const title = (mineTitle, pinned) => m.ownTitle({mineTitle, pinned: {title: pinned}});
        const once = title("Demand first", "Baseline");
        return [once, title(once, "Baseline"), title(once, once), title(title(once, once), once)];
    """
    once, kept, changed, again = run(idle, "state", body)
    assert once == kept == "My mix, from Demand first"
    assert changed == again == "My mix, changed, from Demand first"


@pytest.mark.parametrize(
    ("before", "named", "pinned", "after"),
    [
        ("Anna", "Anna", "Baseline", "Anna"),
        ("Anna", "Anna", "Anna", "Anna, changed"),
        ("Anna, changed", "Anna", "Anna", "Anna, changed"),
        ("Baseline", "Base", "Demand first", "My mix, from Baseline"),
        ("My mix, from Baseline", "Anna", "Demand first", "My mix, from Baseline"),
        ("$& <b>", "$& <b>", "$& <b>", "$& <b>, changed"),
        ("Supply, then demand", "Supply", "Baseline", "My mix, from Supply, then demand"),
        ("x" * 200, "x" * 200, "x" * 200, "My mix"),
    ],
)
def test_a_changed_mix_keeps_the_name_that_it_was_given(
    idle: "Page", before: str, named: str, pinned: str, after: str
) -> None:
    body = "return m.ownTitle({mineTitle: given[0], named: given[1], pinned: {title: given[2]}});"
    assert run(idle, "state", body, [before, named, pinned]) == after


@pytest.mark.parametrize(("value", "told"), [(0.2, False), (0.6, True)])
def test_an_assumption_outside_its_range_is_said_to_be(
    idle: "Page", value: float, told: bool
) -> None:
    body = """
        const assumptions = {share_addicted_in_treatment: given};
        const store = {get: () => ({assumptions}), subscribe() {}};
        const element = document.createElement("p");
        m.changedBar({facts, store}, element);
        return element.innerText;
    """
    text = run(idle, "changed", body, value)
    assert f"{value} (ledger: " in text
    assert ("outside its range, 0.15 to 0.28)" in text) is told
