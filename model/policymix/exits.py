"""When people reach the exit age, looked up for years at a time."""

from itertools import pairwise
from typing import Final

import numpy as np

from policymix.people import People, Slots

_MONTHS_AHEAD: Final = 60
"""Far less than a life, so that no newcomer of these months is due in them."""


class ExitAges:
    """The slots, month by month, in which someone would reach the exit age.

    Whoever was replaced meanwhile is listed all the same: their own month has to be looked at.
    """

    def __init__(self, people: People) -> None:
        self._people = people
        self._ahead: dict[int, Slots] = {}

    def __call__(self, month: int) -> Slots:
        """Those of a month, which is then forgotten."""
        if month not in self._ahead:
            life = self._people.start.rates.months_in_population
            later = (self._people.born.astype(np.int32) + (life - month)) % life
            soon = np.flatnonzero(later < _MONTHS_AHEAD)
            soon = soon[later[soon].argsort(kind="stable")]
            ends = later[soon].searchsorted(np.arange(_MONTHS_AHEAD + 1)).tolist()
            parts = [soon[begin:end] for begin, end in pairwise(ends)]
            self._ahead = dict(enumerate(parts, start=month))
        return self._ahead.pop(month)
