"""A fit of mixes finds a known answer again, says nothing of today's mix, and keeps replicates."""

from dataclasses import replace

import numpy as np
import pytest
from policymix.assumptions import central_world
from policymix.dice import Event, dice, person_keys
from policymix.levers import LEVER_NAMES
from policymix.mix_fit import ALONE, TOGETHER, Terms, few_shapes, fitted
from policymix.page.spread import held_out_mixes, played_mixes, todays_mix
from scipy.special import ndtri

N, MONTHS = 260, 24
TODAY = todays_mix()
TREATMENT, PREVENTION = LEVER_NAMES.index("treatment"), LEVER_NAMES.index("prevention")


def scattered(seed, *shape):
    """Normal numbers, from addressed dice."""
    keys = person_keys(seed, int(np.prod(shape)))
    return ndtri(dice(keys, 1, Event.DIE)).reshape(shape)


@pytest.fixture(scope="module")
def mixes():
    return played_mixes(3, N)


@pytest.fixture(scope="module")
def terms(mixes):
    return Terms.of(central_world(), mixes, TODAY)


@pytest.fixture(scope="module")
def truth(terms):
    """What a mix does, in two outcomes and four replicates: known, and of the second degree."""
    n_terms = terms.columns(TODAY[np.newaxis]).shape[1]
    weights = scattered(5, 2, n_terms)
    own = scattered(6, 4, 2, TOGETHER + ALONE)
    own -= own.mean(axis=0)
    months = np.linspace(0.0, 1.0, MONTHS + 1)

    def effects(of):
        mean = np.einsum("nt,ot->no", terms.columns(of), weights)
        each = mean + np.einsum("nv,rov->rno", terms.variables(of), own)
        return each[:, :, np.newaxis, :] * np.stack([months, months**2], axis=1)

    return effects


def test_a_known_answer_is_found_again_for_mixes_that_had_no_part_in_the_fit(terms, mixes, truth):
    others = held_out_mixes(3, 40)
    fit = fitted(terms, mixes, truth(mixes))
    known = truth(others)
    error = np.abs(fit.mean(others) - known.mean(axis=0)).max()
    assert error < 0.02 * np.abs(known).max()


def test_what_bends_more_than_a_polynomial_is_told_by_the_mixes_nearby(terms, mixes):
    """Seizures where patrols and what they know go together bend like this."""
    others, at = held_out_mixes(3, 40), LEVER_NAMES.index("interdiction")

    def known(of):
        z = terms.variables(of)
        return np.tanh(2.0 * z[:, at]) * np.exp(-0.5 * z[:, LEVER_NAMES.index("intelligence")] ** 2)

    played = np.repeat(known(mixes)[np.newaxis, :, np.newaxis, np.newaxis], 2, axis=0)
    fit = fitted(terms, mixes, played)
    trend_alone = replace(fit, near_weights=np.zeros_like(fit.near_weights))
    error, of_trend = (
        np.abs(one.mean(others)[:, 0, 0] - known(others)).mean() for one in (fit, trend_alone)
    )
    assert error < 0.06
    assert of_trend > 2.0 * error


def test_each_replicate_keeps_what_it_has_more_than_the_mean(terms, mixes, truth):
    others = held_out_mixes(3, 40)
    known = truth(others)
    own = fitted(terms, mixes, truth(mixes)).own(others)
    assert own.mean(axis=0) == pytest.approx(0.0, abs=1e-6 * np.abs(own).max())
    error = np.abs(own - (known - known.mean(axis=0))).max()
    assert error < 0.02 * np.abs(known - known.mean(axis=0)).max()


def test_todays_mix_differs_from_itself_in_nothing(terms, mixes, truth):
    fit = fitted(terms, mixes, truth(mixes))
    assert (fit.mean(TODAY[np.newaxis]) == 0.0).all()
    assert (fit.own(TODAY[np.newaxis]) == 0.0).all()


def test_chance_is_not_fitted(terms, mixes):
    noise = scattered(7, 4, N, MONTHS + 1, 1)
    fit = fitted(terms, mixes, noise)
    assert fit.mean(held_out_mixes(3, 40)).std() < 0.3 * noise.mean(axis=0).std()


def test_money_beyond_what_treatment_and_prevention_can_use_is_told_apart(terms):
    """Ten billion more for a lever that is full moves only what counts money without use."""
    full = TODAY.copy()
    full[[TREATMENT, PREVENTION]] = 30.0
    more = full.copy()
    more[PREVENTION] += 10.0
    (before, after) = terms.variables(np.array([full, more]))
    moved = np.flatnonzero(np.abs(after - before) > 1e-9)
    assert moved.tolist() == [len(before) - 2]


def test_few_shapes_hold_paths_that_are_made_of_few():
    months = np.arange(10.0)
    paths = np.outer([1.0, 2.0, -1.0], months) + np.outer([0.0, 1.0, 1.0], np.ones(10))
    shapes = few_shapes(paths, 2)
    assert paths @ shapes.T @ shapes == pytest.approx(paths)


def test_levers_that_act_together_are_told_from_each_alone(terms, mixes):
    """Twice as much of both is more than each adds."""
    z = terms.variables
    known = (z(mixes)[:, TREATMENT] * z(mixes)[:, 0])[np.newaxis, :, np.newaxis, np.newaxis]
    fit = fitted(terms, mixes, np.repeat(known, 2, axis=0))
    others = held_out_mixes(3, 40)
    error = fit.mean(others)[:, 0, 0] - z(others)[:, TREATMENT] * z(others)[:, 0]
    assert np.abs(error).max() < 0.02 * np.abs(known).max()
