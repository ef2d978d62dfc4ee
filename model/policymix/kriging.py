"""Kriging with a trend: a smooth surface through values that chance has moved.

It is a trend, linear in given terms whose weights are held small, and what neighbours share, which
fades with their distance; each variable has a length of its own. Known as Gaussian process
regression, too. What is not known beforehand, the lengths and how much is chance, has the most
likely values (C. E. Rasmussen and C. K. I. Williams, Gaussian Processes for Machine Learning, 2006,
equations 2.25 and 5.9).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.spatial.distance import cdist

Floats = NDArray[np.float64]

_TREND: Final = 30.0
"""Variance of the trend where its terms are 1 in the mean square, as a multiple of what neighbours
share: where none are, it goes on."""
_FIRST_NOISE: Final = 1e-4
_LEAST_NOISE: Final = 1e-5
_MOST_NOISE: Final = 1e5
"""Variance of chance, as a multiple of the same: with none at all the equations have no answer."""
_FIRST_NEARNESS: Final = 0.01
_LEAST_NEARNESS: Final = 1e-7
_MOST_NEARNESS: Final = 20.0
_STEPS: Final = 30
"""Of the search, which hardly gets on after so many."""


@dataclass(frozen=True)
class Surface:
    """Values at any place: `trend` (terms, n) times its terms, and what its neighbours say.

    `nearness` (variables,) is what a variable's squared distance counts, and `weights` (points, n)
    what each of the known points says.
    """

    nearness: Floats
    trend: Floats
    weights: Floats


class Kriging:
    """Surfaces through values at `points` (points, variables).

    Their trends are linear in `terms` (points, terms), and zero where these are.
    """

    def __init__(self, points: Floats, terms: Floats) -> None:
        self._points = points
        self._squares = points**2
        self._per_term = _TREND / terms.shape[1]
        self._terms = terms
        self._shared_trend = self._per_term * terms @ terms.T

    def surface(self, values: Floats) -> Surface:
        """Through `values` (points, n).

        The first column, the largest, says how far neighbours are alike and which part of all
        values is chance: where it is zero, all are.
        """
        n_points, n_variables = self._points.shape
        if not values[:, 0].any():
            nothing = np.zeros((n_points, values.shape[1]))
            return Surface(np.zeros(n_variables), self._terms.T @ nothing, nothing)
        nearness, noise = self._most_likely(values[:, 0] / np.abs(values[:, 0]).max())
        weights = cho_solve(cho_factor(self._shared(nearness, noise), lower=True), values)
        return Surface(nearness, self._per_term * self._terms.T @ weights, weights)

    def _shared(self, nearness: Floats, noise: float) -> Floats:
        """Covariance of all points, relative to the variance of what neighbours share."""
        found: Floats = near(self._points, self._points, nearness) + self._shared_trend
        found[np.diag_indices_from(found)] += noise
        return found

    def _most_likely(self, values: Floats) -> tuple[Floats, float]:
        n_variables = self._points.shape[1]
        bounds = [(_LEAST_NOISE, _MOST_NOISE), *[(_LEAST_NEARNESS, _MOST_NEARNESS)] * n_variables]
        first = np.log([_FIRST_NOISE, *[_FIRST_NEARNESS] * n_variables])
        found = minimize(
            self._unlikelihood,
            first,
            args=(values,),
            jac=True,
            method="L-BFGS-B",
            bounds=np.log(bounds),
            options={"maxiter": _STEPS},
        )
        noise, *nearness = np.exp(found.x)
        return np.array(nearness), float(noise)

    def _unlikelihood(self, logs: Floats, values: Floats) -> tuple[float, Floats]:
        """Minus the log likelihood of `values` (points,), at the variance that fits, and its slope.

        `logs`: of the noise and of each variable's nearness.
        """
        noise, nearness = float(np.exp(logs[0])), np.exp(logs[1:])
        n = len(values)
        factor = cho_factor(self._shared(nearness, noise), lower=True)
        inverse = cho_solve(factor, np.eye(n))
        weights = inverse @ values
        variance = values @ weights / n
        found = 0.5 * n * np.log(variance) + np.log(np.diag(factor[0])).sum()
        slope = inverse - np.outer(weights, weights) / variance
        shared = slope * near(self._points, self._points, nearness)
        by_variable = shared.sum(axis=1) @ self._squares
        by_variable -= ((shared @ self._points) * self._points).sum(axis=0)
        return float(found), np.array([0.5 * noise * np.trace(slope), *(-nearness * by_variable)])


def near(some: Floats, others: Floats, nearness: Floats) -> Floats:
    """How much places share, 1 where they are the same: shape (some, others)."""
    scale = np.sqrt(nearness)
    found: Floats = np.exp(-cdist(some * scale, others * scale, "sqeuclidean"))
    return found
