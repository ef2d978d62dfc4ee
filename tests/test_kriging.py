"""Kriging finds a surface again, sees which variables count, and keeps to its trend elsewhere."""

import numpy as np
import pytest
from policymix.dice import Event, dice, person_keys
from policymix.kriging import Kriging, Surface, near
from scipy.optimize import approx_fprime
from scipy.special import ndtri

N = 120


def normal(seed, *shape):
    keys = person_keys(seed, int(np.prod(shape)))
    return ndtri(dice(keys, 1, Event.DIE)).reshape(shape)


POINTS, OTHERS = normal(1, N, 3), 0.7 * normal(2, 40, 3)


def at(surface: Surface, places):
    """Values at these places, whose trend is linear in the variables themselves."""
    return places @ surface.trend + near(places, POINTS, surface.nearness) @ surface.weights


def wave(places):
    """No polynomial: it goes up and down with the first variable, and falls with the second."""
    return np.column_stack([np.sin(2.0 * places[:, 0]) - places[:, 1]])


def test_a_surface_is_found_again_between_its_points():
    surface = Kriging(POINTS, POINTS).surface(wave(POINTS))
    known = wave(OTHERS)
    straight = OTHERS @ np.linalg.lstsq(POINTS, wave(POINTS))[0]
    error, of_straight = (np.abs(one - known).mean() for one in (at(surface, OTHERS), straight))
    assert error < 0.03
    assert of_straight > 0.4


def test_a_variable_that_moves_nothing_does_not_count():
    surface = Kriging(POINTS, POINTS).surface(wave(POINTS))
    assert surface.nearness[2] < 0.01 * surface.nearness[0]


def test_where_no_point_is_near_the_trend_goes_on():
    surface = Kriging(POINTS, POINTS).surface(POINTS @ [[1.0], [-2.0], [0.0]])
    far = np.array([[6.0, 6.0, 0.0]])
    assert at(surface, far) == pytest.approx(-6.0, rel=0.05)


def test_chance_is_smoothed_and_not_followed():
    noise = normal(3, N, 1)
    surface = Kriging(POINTS, POINTS).surface(noise)
    assert at(surface, OTHERS).std() < 0.3 * noise.std()
    both = Kriging(POINTS, POINTS).surface(wave(POINTS) + 0.1 * noise)
    error = np.abs(at(both, OTHERS) - wave(OTHERS)).mean()
    assert error < 0.1


def test_nothing_gives_nothing():
    surface = Kriging(POINTS, POINTS).surface(np.zeros((N, 2)))
    assert (at(surface, OTHERS) == 0.0).all()
    assert at(surface, OTHERS).shape == (40, 2)


def test_several_values_share_the_first_ones_lengths():
    kriging = Kriging(POINTS, POINTS)
    alone, both = (kriging.surface(values) for values in (wave(POINTS), wave(POINTS) * [1.0, -3.0]))
    assert (alone.nearness == both.nearness).all()
    assert at(both, OTHERS) == pytest.approx(at(alone, OTHERS) * [1.0, -3.0])


def test_the_slope_of_the_search_is_that_of_what_it_searches():
    kriging, values = Kriging(POINTS, POINTS), wave(POINTS)[:, 0]
    logs = np.log([0.02, 0.3, 0.1, 0.05])
    _, slope = kriging._unlikelihood(logs, values)
    measured = approx_fprime(logs, lambda x: kriging._unlikelihood(x, values)[0], 1e-6)
    assert slope == pytest.approx(measured, rel=1e-3)
