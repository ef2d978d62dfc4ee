"""The book answers as the model does, within the error that it tells; its JavaScript as it does."""

import json
from dataclasses import replace

import numpy as np
import pytest
from browser import headless_chromium
from policymix.assumptions import central_world
from policymix.label import LABEL
from policymix.machines import Machines
from policymix.mix_fit import MixFit, Terms
from policymix.page.book import Measured, coarse, error_share, fine, make_book, unpacked
from policymix.page.facts import facts
from policymix.page.file import one_file
from policymix.page.plays import Plays, paths_of, shipped, with_mixes
from policymix.page.shown import SHOWN_NAMES
from policymix.page.spread import end_mixes, held_out_mixes, played_mixes, todays_mix
from policymix.scenario import Setup
from policymix.tasks import silent

SETUP, SEED, REPLICATES, MIXES, HELD_OUT, ENDS = Setup(1_000, 14, 4), 5, 3, 24, 5, 4
SIZES = {"mixes": MIXES, "held_out": HELD_OUT, "ends": ENDS}
N, MONTHS = len(SHOWN_NAMES), SETUP.months + 1


@pytest.fixture(scope="module")
def book():
    made = make_book(SETUP, SEED, REPLICATES, Machines(1), silent, **SIZES)
    return json.loads(json.dumps(made, allow_nan=False))


@pytest.fixture(scope="module")
def fit(book):
    """The fit as it stands in the book."""
    told = book["fit"]
    n_levers = len(told["levers"])
    zero = unpacked(told["zero"], -1)
    terms = Terms(
        unpacked(told["knots"], -1),
        unpacked(told["tables"], n_levers + 1, -1),
        *(told["places"], told["width"], told["outreach"], zero, unpacked(told["scale"], -1)),
    )
    k, own = told["n_shapes"], told["n_own_shapes"]
    return MixFit(
        terms,
        unpacked(told["shapes"], N, k, MONTHS),
        unpacked(told["weights"], N, -1, k),
        unpacked(told["points"], -1, len(zero)),
        unpacked(told["nearness"], N, len(zero)),
        unpacked(told["near_weights"], N, -1, k),
        fine(told["own_shapes"], N, own, MONTHS),
        fine(told["own_weights"], REPLICATES, N, -1, own),
    )


@pytest.fixture(scope="module")
def page(book):
    """A page with the book in it, and a way to ask its engine."""
    told = facts("export", SETUP, REPLICATES)
    with headless_chromium() as browser:
        page = browser.new_page()
        page.set_content(one_file(told, book))
        page.evaluate("""async () => {
            const read = (id) => JSON.parse(document.getElementById(id).textContent);
            const {bookEngine} = await import("policymix/engine_book");
            window.engine = bookEngine(read("facts"), read("book"));
        }""")
        yield page


ASK = """(question) => new Promise((resolve, reject) =>
    window.engine.answer(question, resolve, (reason) => reject(new Error(reason))))"""


def policy(mix, **changes):
    phase = {"from_year": 0, "ramp_months": 0, "spend": list(mix), "treatment_in_custody": False}
    return {"phases": [{**phase, **changes}]}


def question(mine, pinned, **assumptions):
    return {"mine": mine, "pinned": pinned, "assumptions": assumptions, "seed": SEED}


def played(mixes):
    named = shipped(SETUP)
    plays = Plays((named[0], *with_mixes(named[0], mixes)), SEED, REPLICATES, 4)
    return np.nan_to_num(paths_of(plays, Machines(1), silent))


def test_the_label_and_sizes_are_told(book):
    assert book["label"] == LABEL
    assert book["size"]["people"] == SETUP.people
    assert book["size"]["mixes"] == MIXES


def test_the_error_that_is_told_is_that_of_mixes_played_anew(book, fit):
    mixes = held_out_mixes(SEED, HELD_OUT)
    paths = played(mixes)
    effects = (paths - paths[:, :1])[:, 1:]
    off = fit.mean(mixes) - effects.mean(axis=0)
    chance = effects.var(axis=0, ddof=1) / REPLICATES
    for place, name in enumerate(SHOWN_NAMES):
        told = book["errors"][name]
        again = np.sqrt((off[:, 1:, place] ** 2).mean())
        assert told["fit"] == pytest.approx(again, rel=1e-3, abs=1e-6)
        again = np.sqrt(chance[:, 1:, place].mean())
        assert told["monte_carlo"] == pytest.approx(again, rel=1e-6)


def test_the_error_at_ends_is_that_of_mixes_of_one_lever_or_two(book, fit):
    mixes = end_mixes(ENDS)
    paths = played(mixes)
    off = fit.mean(mixes) - (paths - paths[:, :1])[:, 1:].mean(axis=0)
    told = [book["errors"][name]["fit_at_ends"] for name in SHOWN_NAMES]
    again = np.sqrt((off[:, 1:] ** 2).mean(axis=(0, 1)))
    assert told == pytest.approx(again, rel=1e-3, abs=1e-6)
    assert (again > 0.0).sum() > len(told) / 2
    chance = (paths - paths[:, :1])[:, 1:].var(axis=0, ddof=1)[:, 1:] / REPLICATES
    told = [book["errors"][name]["monte_carlo_at_ends"] for name in SHOWN_NAMES]
    assert told == pytest.approx(np.sqrt(chance.mean(axis=(0, 1))), rel=1e-6)


@pytest.mark.slow
def test_the_book_is_the_same_on_any_number_of_workers(book):
    again = make_book(SETUP, SEED, REPLICATES, Machines(2), silent, **SIZES)
    assert json.dumps(again) == json.dumps(book)


def test_the_page_answers_any_mix_as_python_does(page, book, fit):
    mine, pinned = held_out_mixes(SEED + 1, 2)
    told = page.evaluate(ASK, question(policy(mine), policy(pinned)))
    assert told["basis"] == "fitted"
    both = np.array([mine, pinned])
    mean, own = fit.mean(both), fit.own(both)
    today = unpacked(book["shipped"]["mean"], -1, N, MONTHS)[0].T
    half = half_width(book, fit, both, own)
    for place, name in enumerate(SHOWN_NAMES):
        curve = told["outcomes"][name]
        levels = today + mean
        if name != "cartel_profit":
            levels = np.maximum(levels, 0.0)
        difference = (levels[0] - levels[1])[1:, place]
        scale = np.abs(levels[:, 1:, place]).max()
        assert curve["mine"][1:] == pytest.approx(levels[0, 1:, place], rel=1e-4, abs=1e-6 * scale)
        assert curve["difference"][1:] == pytest.approx(difference, rel=1e-4, abs=1e-6 * scale)
        high = difference + half[1:, place]
        assert curve["high"][1:] == pytest.approx(high, rel=1e-4, abs=1e-6 * scale)


def half_width(book, fit, both, own):
    told = book["fit"]
    one, other = fit.terms.variables(both)[:, np.newaxis]
    share = error_share(one, other, told["usual_distance"])
    error = share * unpacked(told["error"], N, MONTHS).T
    chance = (own[:, 0] - own[:, 1]).var(axis=0, ddof=1) / REPLICATES
    return np.sqrt(told["t"] ** 2 * chance + (told["z"] * error) ** 2)


def test_shipped_scenarios_are_answered_as_they_were_played(page, book):
    named = facts("export", SETUP)["scenarios"]
    plays = Plays(shipped(SETUP), SEED, REPLICATES, 8)
    paths = np.nan_to_num(paths_of(plays, Machines(1), silent))
    for place in (3, 6):
        asked = question(named[place]["policy"], named[0]["policy"])
        told = page.evaluate(ASK, asked)
        assert told["basis"] == "played"
        effects = paths[:, place] - paths[:, 0]
        for column, name in enumerate(SHOWN_NAMES):
            curve, scale = told["outcomes"][name], paths[..., column].max()
            mean = effects.mean(axis=0)[1:, column]
            assert curve["difference"][1:] == pytest.approx(mean, rel=1e-4, abs=1e-6 * scale)
            known = effects.std(axis=0, ddof=1)[1:, column] / np.sqrt(REPLICATES)
            known *= book["fit"]["t"]
            half = np.subtract(curve["high"][1:], curve["low"][1:]) / 2
            assert half == pytest.approx(known, rel=0.02, abs=0.02 * known.max() + 1e-6 * scale)


def test_a_flow_has_no_month_0_and_a_stock_has(page):
    mine, pinned = held_out_mixes(SEED + 1, 2)
    told = page.evaluate(ASK, question(policy(mine), policy(pinned)))["outcomes"]
    assert told["overdose_deaths"]["mine"][0] is None
    assert told["addicted"]["difference"][0] == pytest.approx(0.0, abs=1e-6)


def test_the_same_mix_twice_differs_in_nothing(page):
    (mix,) = held_out_mixes(SEED + 1, 1)
    told = page.evaluate(ASK, question(policy(mix), policy(mix)))["outcomes"]
    assert all(one["high"][-1] == one["low"][-1] == 0.0 for one in told.values())


@pytest.mark.parametrize(
    ("mine", "assumptions", "reason"),
    [
        (policy(todays_mix() * 2.01), {}, "totals from 21.25 to 85"),
        (policy(todays_mix() * 0.4), {}, "totals from 21.25 to 85"),
        (policy(todays_mix(), treatment_in_custody=True), {}, "treatment in custody"),
        ({"phases": policy(todays_mix())["phases"] * 2}, {}, "Phases of your own"),
        (policy(todays_mix()), {"share_seized": 0.5}, "the ledger's values"),
        (policy(todays_mix() * 2.0), {}, ""),
        (policy(todays_mix() * 0.5), {}, ""),
    ],
)
def test_what_the_book_does_not_know_is_refused_in_a_sentence(page, mine, assumptions, reason):
    told = page.evaluate(
        "(q) => window.engine.canPlay(q)", question(mine, policy(todays_mix()), **assumptions)
    )
    assert reason in told
    assert bool(told) == bool(reason)


def test_a_scenario_with_phases_that_came_with_policymix_can_be_played(page):
    named = facts("export", SETUP)["scenarios"]
    (changing,) = [one for one in named if len(one["policy"]["phases"]) > 1]
    asked = question(changing["policy"], policy(held_out_mixes(SEED, 1)[0]))
    assert page.evaluate("(q) => window.engine.canPlay(q)", asked) == ""
    assert page.evaluate(ASK, asked)["basis"] == "fitted"


def test_an_interval_holds_the_error_of_the_fit(fit):
    """Of forty mixes one was played far from its fit: its pairs are not covered, all others are."""
    mixes = held_out_mixes(SEED, 40)
    alike = replace(fit, own_weights=np.zeros_like(fit.own_weights))
    effects = np.repeat(alike.mean(mixes)[np.newaxis], REPLICATES, axis=0)
    effects[:, 3] += 10.0
    covered = Measured(alike, mixes, effects).covered()
    assert not covered[3:5].any()
    assert np.delete(covered, [3, 4], axis=0).all()


def test_coarse_numbers_are_within_half_a_step(fit):
    told = fit.own_weights
    again = fine(coarse(told, (0,), 1), *told.shape)
    step = np.abs(told).max(axis=(0, 3), keepdims=True) / 127
    assert (np.abs(again - told) <= 0.5001 * step + 1e-12).all()


def test_the_terms_of_the_book_are_those_of_the_ledger(fit):
    known = [s.phases[0].funding.spend for s in shipped(SETUP) if len(s.phases) == 1]
    mixes = np.concatenate([known, played_mixes(SEED, MIXES)])
    terms = Terms.of(central_world(), mixes, todays_mix())
    asked = held_out_mixes(SEED, 3)
    assert fit.terms.columns(asked) == pytest.approx(terms.columns(asked), rel=1e-4, abs=1e-4)


def test_a_scenario_is_found_by_its_money_and_not_by_its_name(page):
    (baseline, *_) = shipped(SETUP)
    other = replace(baseline, name="other")
    mixes = with_mixes(other, np.array([todays_mix()]))
    assert mixes[0].phases[0].funding.spend == baseline.phases[0].funding.spend
    asked = question(policy(todays_mix() + 1e-7), policy(todays_mix()))
    assert page.evaluate(ASK, asked)["basis"] == "played"


def test_an_error_is_none_at_todays_mix_and_grows_with_distance(fit):
    mixes = np.array([todays_mix() * factor for factor in (1.0, 1.01, 1.5)])
    today, near, far = fit.terms.variables(mixes)[:, np.newaxis]
    assert error_share(today, today, 1.0) == 0.0
    assert error_share(near, near, 1.0) == 0.0
    assert 0.0 < error_share(today, near, 1.0) < error_share(today, far, 1.0) <= 1.0
    assert error_share(far, 3 * far, 0.01) == pytest.approx(np.sqrt(2))
