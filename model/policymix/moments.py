"""Means and their 95 % intervals, of arrays that are seen one at a time."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CONFIDENCE: Final = 0.95


class Moments:
    """Mean and spread of arrays of one shape, seen one at a time (Welford's recurrence)."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.n = 0
        self.mean: Floats = np.zeros(shape)
        self._squares: Floats = np.zeros(shape)

    def see(self, values: Floats) -> None:
        """Take in one array; NaN (no value) stays NaN."""
        self.n += 1
        above = values - self.mean
        self.mean += above / self.n
        self._squares += above * (values - self.mean)

    def interval(self) -> tuple[Floats, Floats]:
        """Student t interval of the mean at `CONFIDENCE`: (low, high), NaN for a single array."""
        if self.n < 2:
            nothing = np.full_like(self.mean, np.nan)
            return nothing, nothing
        half = student_t(self.n) * np.sqrt(self._squares / (self.n - 1) / self.n)
        return self.mean - half, self.mean + half


def student_t(n: int) -> float:
    """Half an interval of the mean of `n` values, in standard errors."""
    from scipy.special import stdtrit  # a third of the time in which the page starts

    return float(stdtrit(n - 1, (1 + CONFIDENCE) / 2))
