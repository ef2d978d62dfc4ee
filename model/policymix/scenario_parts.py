"""A scenario, read and resolved: who gets how much money when, in which world, of which size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum
from types import MappingProxyType
from typing import Final

from policymix.assumptions import World, central_world


@dataclass(frozen=True)
class Funding:
    """A mix: `spend` in billion USD a year, in the order of `LEVER_NAMES`."""

    spend: tuple[float, ...]
    treatment_in_custody: bool = False

    def total(self) -> float:
        """Billion USD a year for all levers together."""
        return fsum(self.spend)


@dataclass(frozen=True)
class Phase:
    """A mix that starts to be paid in `first_month` (from 1) and is whole `ramp_months` later.

    The months of the ramp are `first_month` and those after it; 0 and 1 both mean at once.
    """

    first_month: int
    ramp_months: int
    funding: Funding


@dataclass(frozen=True)
class Setup:
    """The size of a run: simulated people, months, cartels at the start."""

    people: int = 100_000
    months: int = 120
    cartels: int = 12


SETUP_BOUNDS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"people": (1_000, 5_000_000), "months": (1, 600), "cartels": (1, 50)}
)
"""Least and most of each number of `Setup`, in files and options alike."""


@dataclass(frozen=True)
class Scenario:
    """What one scenario file says, over the baseline.

    `phases[0]` starts in month 1 without a ramp. `assumptions` has only what differs from the
    ledger's central values, in the ledger's units. What is not compared: `is_shipped` (it came
    with the program), and `said` (the keys of `setup` that its file names).
    """

    name: str
    title: str
    summary: str
    phases: tuple[Phase, ...]
    assumptions: Mapping[str, float] = field(default_factory=dict, hash=False)
    setup: Setup = field(default_factory=Setup)
    is_shipped: bool = field(default=False, compare=False)
    said: frozenset[str] = field(default=frozenset(), compare=False)

    def spend(self, month: int) -> tuple[float, ...]:
        """Billion USD a year paid in `month` (from 1), in the order of `LEVER_NAMES`."""
        index = self._phase_index(month)
        phase = self.phases[index]
        whole = phase.funding.spend
        months_in = month - phase.first_month + 1
        if months_in >= phase.ramp_months:
            return whole
        done = months_in / phase.ramp_months
        before = self.phases[index - 1].funding.spend
        return tuple(a + (b - a) * done for a, b in zip(before, whole, strict=True))

    def treatment_in_custody(self, month: int) -> bool:
        """Whether treatment money also serves people in custody in `month` (from 1)."""
        return self.phases[self._phase_index(month)].funding.treatment_in_custody

    def total(self) -> float:
        """Billion USD a year paid in month 1."""
        return fsum(self.spend(1))

    def world(self) -> World:
        """The central world with this scenario's assumptions."""
        return central_world().with_values(self.assumptions)

    def _phase_index(self, month: int) -> int:
        started = [i for i, phase in enumerate(self.phases) if phase.first_month <= month]
        return max(started, default=0)
