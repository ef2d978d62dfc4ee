"""What the export knows of other worlds is what playing them gives, and what `robust` says."""

import json
from dataclasses import replace

import numpy as np
import pytest
from browser import headless_chromium
from policymix.assumptions import ledger
from policymix.label import LABEL
from policymix.machines import Machines
from policymix.page.beliefs import half_widths, make_beliefs
from policymix.page.book import make_book, unpacked
from policymix.page.facts import facts
from policymix.page.file import one_file
from policymix.page.plays import Plays, paths_of, shipped
from policymix.scenario import Setup, load_scenario
from policymix.studies.robust import robust
from policymix.tasks import silent

SETUP, SEED, REPLICATES, WORLDS = Setup(1_000, 6), 5, 3, 32
NAMES = ("p_leave_treatment", "share_seized")


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def beliefs():
    made = make_beliefs(
        *(SETUP, SEED, REPLICATES, Machines(1), silent), names=NAMES, values=2, worlds=WORLDS
    )
    return json.loads(json.dumps(made, allow_nan=False))


@pytest.fixture(scope="module")
def page(beliefs):
    sizes = {"mixes": 6, "held_out": 3, "ends": 2}
    book = make_book(SETUP, SEED, REPLICATES, Machines(1), silent, **sizes)
    told = facts("export", SETUP, REPLICATES)
    recordings = {"baseline": {"months": SETUP.months}}
    with headless_chromium() as browser:
        page = browser.new_page()
        page.set_content(one_file(told, {**book, "beliefs": beliefs, "recordings": recordings}))
        page.evaluate("""async () => {
            const read = (id) => JSON.parse(document.getElementById(id).textContent);
            const {bookEngine} = await import("policymix/engine_book");
            window.facts = read("facts");
            window.engine = bookEngine(window.facts, read("book"));
            window.of = (name) => window.facts.scenarios.find((one) => one.name === name).policy;
            window.ask = (what, mine, pinned, ...more) => new Promise((resolve, reject) =>
                window.engine[what]({mine, pinned}, ...more, resolve, (t) => reject(new Error(t))));
        }""")
        yield page


def test_label_and_sizes_are_told(beliefs):
    assert beliefs["label"] == LABEL
    assert beliefs["size"]["worlds"] == WORLDS
    assert set(beliefs["moved"]) == set(NAMES)


def test_an_assumption_is_moved_to_both_ends_of_its_range_and_played_there(beliefs):
    name = NAMES[0]
    entry, told = ledger()[name], beliefs["moved"][name]
    assert told["at"] == [entry.low, entry.high]
    named = [replace(one, assumptions={name: entry.high}) for one in shipped(SETUP)]
    paths = paths_of(Plays(tuple(named), SEED, 2, 8), Machines(1), silent)
    means = unpacked(told["means"], 2, len(named), 4)
    assert means[1] == pytest.approx(paths[:, :, -1, :4].mean(axis=0), rel=1e-5)


def test_a_difference_is_as_wide_as_its_replicates_are_apart():
    central = np.array([[[1.0], [2.0]], [[1.0], [4.0]], [[1.0], [6.0]]])
    half = half_widths(central, 2)
    assert half[0, 0, 0] == 0.0
    assert half[0, 1, 0] == half[1, 0, 0] == pytest.approx(4.3027 * 2.0 / np.sqrt(2), rel=1e-4)


def test_sentences_and_shares_are_those_of_robust(beliefs):
    pair = ["demand_first", "baseline"]
    study = robust(pair, worlds=WORLDS, seed=SEED, people=SETUP.people, months=SETUP.months)
    rows = [row for row in beliefs["pairs"] if {row["first"], row["second"]} == set(pair)]
    assert len(rows) == 4
    titles = {name: load_scenario(name).title for name in pair}
    for row, table in zip(rows, study.tables["robust"].to_dict("records"), strict=True):
        assert (row["outcome"], row["worlds"]) == (table["outcome"], table["worlds"])
        assert row["sentence"].startswith(f"{titles[row['better']]} ")
        assert row["better"] not in row["sentence"]
        share, *ends = row["shares"][row["better"] == row["second"]]
        if row["better"] == table["better"]:
            assert [share, *ends] == [table[n] for n in ("share_of_worlds", "low", "high")]


def test_the_page_moves_an_assumption_for_two_shipped_scenarios(page, beliefs):
    points = page.evaluate(
        """(entry) =>
            window.ask("ladder", window.of("demand_first"), window.of("baseline"), entry)""",
        {"name": NAMES[0], "value": ledger()[NAMES[0]].value},
    )
    means = unpacked(beliefs["moved"][NAMES[0]]["means"], 2, len(beliefs["scenarios"]), 4)
    place = beliefs["scenarios"].index("demand_first")
    assert [p["value"] for p in points] == sorted(p["value"] for p in points)
    assert len(points) == 3
    for point, played in ((points[0], means[0]), (points[2], means[1])):
        for column, outcome in enumerate(beliefs["outcomes"]):
            told = point["outcomes"][outcome]
            known = played[place, column] - played[0, column]
            assert told["difference"] == pytest.approx(known, rel=1e-6)
            assert told["low"] <= told["difference"] <= told["high"]


def test_the_page_tells_how_often_mine_has_less(page, beliefs):
    told, turned = (
        page.evaluate(
            """([mine, pinned]) =>
                window.ask("robust", window.of(mine), window.of(pinned), () => {})""",
            pair,
        )
        for pair in (["supply_first", "combined"], ["combined", "supply_first"])
    )
    assert len(told["sentences"]) == len(told["shares"]) == 4
    for one, other in zip(told["shares"], turned["shares"], strict=True):
        assert one["share"] + other["share"] <= 1.0 + 1e-9
    assert any(one != other for one, other in zip(told["shares"], turned["shares"], strict=True))


def test_a_mix_of_ones_own_is_refused_in_a_sentence(page):
    reason = page.evaluate("""() => {
        const own = structuredClone(window.of("baseline"));
        own.phases[0].spend[0] += 1;
        return window.ask("ladder", own, window.of("baseline"), {name: "share_seized"})
            .then(() => "", (error) => error.message);
    }""")
    assert reason.startswith("This file knows other worlds only for the scenarios")


def test_recordings_are_there_for_shipped_scenarios_alone(page):
    assert page.evaluate("() => window.engine.canWatch(window.of('baseline'), {})") == ""
    told = page.evaluate("() => window.engine.watch(window.of('baseline'), {})")
    assert told == {"months": SETUP.months}
    assert page.evaluate("() => window.engine.canWatch(window.of('combined'), {})").startswith(
        "Single people and cartels were recorded only"
    )
