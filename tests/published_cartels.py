"""The published equations of cartels, written out anew from their coefficients.

R. Prieto-Curiel, G. M. Campedelli and A. Hope, Science 381:1312 (2023); rows F1-F13 of the
evidence:

    dC_i/dt = rho C_i - eta C_i / C - sum_j theta S_ij C_i C_j - omega C_i**2

a week at a time, C the members of all groups. Who fights whom (S_ij) is not part of the evidence;
here a group fights all others, as strongly as its own S_i says.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy.optimize import brentq

MEMBERS_2012: Final = 115_000.0  # F3
GROUPS: Final = 150  # F2, sizes about 1/rank
RHO: Final = 2.527e-3  # F4, a member a week
ETA: Final = 110.0  # F5, a week
THETA: Final = 1.549e-8  # F6, a week
OMEGA: Final = 4e-8  # F7, a week
DEATHS_2012, DEATHS_2022 = 67.0, 124.0  # F9, a week
WEEKS_A_YEAR: Final = 52
TO_2022, TO_2027 = 10 * WEEKS_A_YEAR, 5 * WEEKS_A_YEAR

Members = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Rules:
    """What happens to groups in a step. `arrests` are shared by size, whatever the number of
    members; `capture` is a share of them. `fighting` is theta S_i.
    """

    recruitment: Members | float
    arrests: float
    capture: float
    fighting: Members | float
    saturation: float

    def killed(self, groups: Members) -> Members:
        """Members of each group killed by the others."""
        dead: Members = self.fighting * groups * (groups.sum() - groups)
        return dead

    def after(self, groups: Members, steps: int) -> Members:
        """The groups so many steps later."""
        for _ in range(steps):
            caught = (self.arrests / groups.sum() + self.capture) * groups
            left = self.saturation * groups**2
            change = self.recruitment * groups - caught - self.killed(groups) - left
            groups = np.maximum(groups + change, 0.0)
        return groups


EXPERIMENTS: Final = ("no change", "arrests doubled", "recruitment halved")


def changed(rules: Rules, experiment: str) -> Rules:
    """The rules of one of the EXPERIMENTS."""
    if experiment == "arrests doubled":
        return replace(rules, arrests=2.0 * rules.arrests, capture=2.0 * rules.capture)
    if experiment == "recruitment halved":
        return replace(rules, recruitment=rules.recruitment / 2.0)
    return rules


@dataclass(frozen=True)
class Outcome:
    """Members and deaths after an experiment: % more than at the start, and than with no change."""

    v_start: tuple[float, float]
    v_no_change: tuple[float, float]


def outcomes(rules: Rules, start: Members, steps: int) -> dict[str, Outcome]:
    """Every experiment, from the same start."""
    ends = {name: changed(rules, name).after(start, steps) for name in EXPERIMENTS}
    sizes = {name: sizes_of(rules, end) for name, end in ends.items()}
    return compared(sizes, sizes_of(rules, start))


def sizes_of(rules: Rules, groups: Members) -> tuple[float, float]:
    """Members, and deaths a step, of all groups."""
    return float(groups.sum()), float(rules.killed(groups).sum())


def compared(
    ends: dict[str, tuple[float, float]], start: tuple[float, float]
) -> dict[str, Outcome]:
    """Members and deaths at the ends, as outcomes."""
    return {
        name: Outcome(more(end, start), more(end, ends["no change"])) for name, end in ends.items()
    }


def more(end: tuple[float, float], base: tuple[float, float]) -> tuple[float, float]:
    """Both numbers as % more than their base."""
    return 100.0 * (end[0] / base[0] - 1.0), 100.0 * (end[1] / base[1] - 1.0)


def by_rank(n: int, members: float) -> Members:
    """Groups of sizes one over rank, largest first."""
    weights = 1.0 / np.arange(1, n + 1)
    return members * weights / weights.sum()


def even(n: int = GROUPS) -> tuple[Rules, Members]:
    """2012, every group fighting all others alike, as many killed as published for 2012."""
    groups = by_rank(n, MEMBERS_2012)
    alike = Rules(RHO, ETA, 0.0, THETA, OMEGA)
    return replace(alike, fighting=THETA * DEATHS_2012 / alike.killed(groups).sum()), groups


def uneven() -> tuple[Rules, Members]:
    """2012, the largest groups fighting less, as those with allies do.

    A group without rivals and allies has S = 1. So many of the largest have a smaller one that 67
    are killed a week in 2012; how small it is follows from the 124 of 2022. Nothing else is fitted.
    """
    groups = by_rank(GROUPS, MEMBERS_2012)

    def missed(allied: float) -> float:
        rules = _with_allies(allied, groups)
        return float(rules.killed(rules.after(groups, TO_2022)).sum()) - DEATHS_2022

    return _with_allies(brentq(missed, 0.0, DEATHS_2012 / _alike(groups)), groups), groups


def _alike(groups: Members) -> float:
    return float(Rules(RHO, ETA, 0.0, THETA, OMEGA).killed(groups).sum())


def _with_allies(allied: float, groups: Members) -> Rules:
    """The largest groups with S = `allied`, one in between, the others 1; 67 killed a week."""
    killed = Rules(RHO, ETA, 0.0, THETA, OMEGA).killed(groups)
    others = killed.sum() - killed.cumsum()
    with_allies = allied * killed.cumsum() + others
    between = int(np.argmax(with_allies <= DEATHS_2012))
    fights = np.where(np.arange(len(groups)) < between, allied, 1.0)
    fights[between] += (DEATHS_2012 - fights @ killed) / killed[between]
    return Rules(RHO, ETA, 0.0, THETA * fights, OMEGA)
