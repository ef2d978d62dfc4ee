"""On whom chance falls each month to begin, whatever policy does: drawn once for all runs."""

from itertools import accumulate, pairwise
from typing import Final

import numpy as np

from policymix.dice import DiceAhead, Event, address, dice_by_month, person_keys
from policymix.hazards import Floats, relative_starting
from policymix.people import People, PeopleStart, Slots, Slotted

HEADROOM: Final = 2.0
"""How far starting may rise above today's most exposed community before the excess is drawn
person by person: a choice of speed that changes no probability."""
_STANDARD_DEVIATIONS: Final = 12.0
"""How much of the Poisson law of the number of candidates is tabulated."""
_MONTHS_AHEAD: Final = 24
"""For so many candidates are drawn at a time."""

Drawn = tuple[Slots, Floats]
"""Slots that candidates fall on in a month, and the die of each for whether it begins."""


def starting_by_kind(start: PeopleStart) -> Floats:
    """Today's starting by kind of community, relative to vulnerability 1 and the nation's peers."""
    relative = relative_starting(start.rates, start.peers, start.burden)
    by_kind: Floats = start.kind_vulnerability * relative
    return by_kind


def with_headroom(start: PeopleStart, relative: Floats) -> Floats:
    """Hazard [1/month] of candidates where today's starting is `relative`."""
    rates: Floats = HEADROOM * start.rates.start * relative
    return rates


def candidates_of(people: People) -> "list[Candidates]":
    """Those of each population, which all its copies share."""
    found = []
    for slotted, seed in zip(people.slotted_of_each, people.seeds, strict=True):
        world = id(people.start)
        if world not in slotted.candidates:
            slotted.candidates[world] = Candidates(people.start, slotted, seed)
        found.append(slotted.candidates[world])
    return found


class Candidates:
    """The candidates of one population in the world `start`, month by month.

    They depend on nothing that happens, so they are kept, and all runs of the same people share
    them: 12 bytes each, some six a month for a thousand people.
    """

    def __init__(self, start: PeopleStart, slotted: Slotted, seed: int) -> None:
        self.start = start  # held, so that nothing else can get the id by which this is kept
        self._by_cell = slotted.by_cell
        of_cell = np.outer(start.class_vulnerability, starting_by_kind(start)).ravel()
        rates = with_headroom(start, of_cell)
        self._cell_sizes = np.diff(slotted.cell_ends, prepend=0)
        self._cell_starts = slotted.cell_ends - self._cell_sizes
        expected = self._cell_sizes * rates
        self._cell_edges = np.concatenate(([0.0], np.cumsum(expected))) / max(
            float(expected.sum()), 1e-12
        )
        self._cell_widths = np.diff(self._cell_edges)
        self._luck = DiceAhead(address(seed), Event.BEGIN_COUNT)
        self._counts = _poisson_edges(float(expected.sum()))
        self._keys = person_keys(address(seed, Event.BEGIN_WHO), len(self._counts) + 1)
        self._drawn: dict[int, Drawn] = {}

    def __call__(self, month: int) -> Drawn:
        """Those of a month."""
        if month not in self._drawn:
            self._drawn |= self._draw(range(month, month + _MONTHS_AHEAD))
        return self._drawn[month]

    def _draw(self, months: range) -> dict[int, Drawn]:
        """The candidates of these months, drawn in one go because that is quicker."""
        luck = [self._luck(month, Event.BEGIN_COUNT) for month in months]
        n_of_each = self._counts.searchsorted(luck, side="right").tolist()
        keys = np.concatenate([self._keys[:n] for n in n_of_each])
        dice_of = list(zip(months, n_of_each, strict=True))
        where, begins = dice_by_month(keys, dice_of, Event.BEGIN_WHO, Event.BEGIN)
        cell = self._cell_edges.searchsorted(where, side="right") - 1
        size = self._cell_sizes[cell]
        share = (where - self._cell_edges[cell]) / self._cell_widths[cell]
        within = np.minimum((share * size).astype(np.int64), size - 1)
        slots = self._by_cell[self._cell_starts[cell] + within]
        parts = pairwise(accumulate(n_of_each, initial=0))
        drawn = [(slots[begin:end], begins[begin:end].copy()) for begin, end in parts]
        return dict(zip(months, drawn, strict=True))


def _poisson_edges(mean: float) -> Floats:
    """Cumulative Poisson law of 0, 1, 2, ... events, as far as a 53-bit die can tell."""
    from scipy.special import pdtr

    most = int(mean + _STANDARD_DEVIATIONS * (mean**0.5 + 1.0)) + 1
    return np.asarray(pdtr(np.arange(most), mean))
