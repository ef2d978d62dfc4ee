"""What experiments say of findings: numbers with intervals, shares of worlds, and a verdict.

Pure functions of the parts that were read in every cell. Intervals are of the ratio of means, by
the jackknife over replicates (B. Efron and C. Stein 1981).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isnan, nan, sqrt
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policymix.discovery import share_interval
from policymix.experiments.arms import Reading
from policymix.experiments.findings import Kind, Part, findings
from policymix.experiments.suites import key_of
from policymix.moments import student_t

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SHOWN, DIRECTION, MISSED, NOT_TESTABLE = (
    "shown",
    "direction only",
    "missed",
    "not testable here",
)
HOLDS, IN_PART, UNTOLD, NOT = "holds", "holds in part", "cannot be told", "does not hold"
_AT_LEAST: Final = {True: "at least", False: "above"}
_AT_MOST: Final = {True: "at most", False: "below"}
_FEW: Final = 5
"""Fewer replicates that are all alike say nothing of chance: perhaps nothing happened in any."""
BESIDE: Final = "shown beside"
"""Of a number for which nothing is expected."""
_WORST_FIRST: Final = (MISSED, UNTOLD, DIRECTION, SHOWN)
COLUMNS: Final = (
    *("verdict", "part", "part_verdict", "expected", "value", "low", "high", "unit"),
    *("share_of_worlds", "share_low", "share_high", "share_right_way", "share_whole", "worlds"),
    *("share_of_replicates", "built_in", "source"),
)


@dataclass(frozen=True)
class Played:
    """The parts of one reading: `central` (replicates, n) and `sampled` (possible worlds, n)."""

    reading: Reading
    central: Floats
    sampled: Floats

    def estimate(self) -> tuple[float, float, float]:
        """(value, low, high): of the central world's means; NaN ends for a single replicate."""
        value = self.reading.value
        n = len(self.central)
        if not n:
            return nan, nan, nan
        whole = float(value(*self.central.mean(axis=0).tolist()))
        if n == 1:
            return whole, nan, nan
        rest = (self.central.sum(axis=0) - self.central) / (n - 1)
        left_out = np.array([value(*row) for row in rest.tolist()])
        spread = (n - 1) / n * np.square(left_out - left_out.mean()).sum()
        if spread == 0.0 and n < _FEW:
            return whole, nan, nan
        half = student_t(n) * sqrt(spread)
        return whole, whole - half, whole + half

    def alone(self, of: Floats) -> Floats:
        """The number of each row of parts by itself, shape (rows,)."""
        return np.array([float(self.reading.value(*row)) for row in of.tolist()])


def split(readings: Mapping[str, Reading], central: Floats, sampled: Floats) -> dict[str, Played]:
    """The parts of each reading of a suite, from cells of all (cells, parts).

    Cells of impossible worlds, which are NaN throughout, are left out.
    """
    central, sampled = (rows[~np.isnan(rows).all(axis=1)] for rows in (central, sampled))
    found, at = {}, 0
    for key, reading in readings.items():
        columns = slice(at, at + reading.n)
        found[key] = Played(reading, central[:, columns], sampled[:, columns])
        at += reading.n
    return found


def numbers_of(readings: Mapping[str, Reading], cells: Floats) -> dict[str, Floats]:
    """What each reading is in each cell by itself, shape (cells,); NaN in an impossible world."""
    found, at = {}, 0
    for key, reading in readings.items():
        rows = cells[:, at : at + reading.n].tolist()
        found[key] = np.array([float(reading.value(*row)) for row in rows])
        at += reading.n
    return found


def expected_text(part: Part) -> str:
    """`20 to 80 %`, `at least 0 %`, `2.4 to 22 x`."""
    low, high = (f"{end:.6g}".replace("-", "\N{MINUS SIGN}") for end in (part.low, part.high))
    if not part.is_expected:
        return ""
    if part.high == inf:
        return f"{_AT_LEAST[part.includes_neutral]} {low} {part.unit}"
    if part.low == -inf:
        return f"{_AT_MOST[part.includes_neutral]} {high} {part.unit}"
    return f"{low} to {high} {part.unit}"


def part_verdict(part: Part, value: float, low: float, high: float) -> str:
    """Of a fact: whether the number lies in the range, and if not, whether on the right side.

    Where the range leaves out `neutral` the interval must do so too, and where it contains it the
    interval must lie inside: what chance may have made, or hidden, cannot be told.
    """
    if part.not_testable or not part.is_expected:
        return NOT_TESTABLE if part.not_testable else BESIDE
    if isnan(low) or isnan(high):
        return UNTOLD
    if part.way and not part.low < part.neutral < part.high and part.neutral not in part.ends:
        return _of_effect(part, value, low, high)
    if low >= part.low and high <= part.high:
        return SHOWN
    if low <= part.high and high >= part.low:
        return UNTOLD
    return DIRECTION if part.way and _is_right(part, value) else MISSED


def _of_effect(part: Part, value: float, low: float, high: float) -> str:
    """Where an effect of one sign is expected."""
    if not (_is_right(part, low) and _is_right(part, high)):
        return UNTOLD if _is_right(part, low) or _is_right(part, high) else MISSED
    return SHOWN if part.holds(value) else DIRECTION


def _is_right(part: Part, value: float) -> bool:
    """Whether a number is on the expected side of no effect."""
    return (value - part.neutral) * part.way > 0.0


def part_claim(part: Part, low: float, high: float) -> str:
    """Of a claim: whether the whole interval lies where it says, or where it does not."""
    if isnan(low) or isnan(high):
        return UNTOLD
    ends = (part.holds(low), part.holds(high))
    if all(ends):
        return HOLDS
    return UNTOLD if any(ends) else NOT


def verdict_of(kind: Kind, verdicts: Sequence[str]) -> str:
    """Of a finding, from those of its parts."""
    tested = [one for one in verdicts if one not in (NOT_TESTABLE, BESIDE)]
    if not tested:
        return NOT_TESTABLE
    if kind in ("facts", "rand"):
        return next(one for one in _WORST_FIRST if one in tested)
    if set(tested) == {HOLDS}:
        return HOLDS
    if NOT not in tested:
        return UNTOLD
    return IN_PART if HOLDS in tested else NOT


def findings_table(kind: Kind, played: Mapping[str, Played]) -> pd.DataFrame:
    """A row a part: the finding (in the column `kind` without its s) and `COLUMNS`."""
    rows = []
    for finding in findings(kind).values():
        own = [(part, played.get(key_of(kind, finding.name, part.name))) for part in finding.parts]
        told = [_row(kind, part, of) for part, of in own]
        whole = verdict_of(kind, [str(row["part_verdict"]) for row in told])
        of_all = {
            name_of(kind): finding.name,
            "verdict": whole,
            "share_whole": _share_of_all(own),
            "source": " ".join(finding.evidence),
        }
        rows += [{**of_all, **row} for row in told]
    return pd.DataFrame(rows, columns=[name_of(kind), *COLUMNS])


def _share_of_all(parts: Sequence[tuple[Part, Played | None]]) -> float:
    """The share of worlds in which every part lies in its range."""
    held = [
        [part.holds(value) for value in of.alone(of.sampled).tolist()]
        for part, of in parts
        if of is not None and part.is_expected
    ]
    return float(np.all(held, axis=0).mean()) if held and held[0] else nan


def name_of(kind: Kind) -> str:
    """The column that names the finding: `fact`, `claim`, `extreme`, `rand`."""
    return kind.removesuffix("s")


def _row(kind: Kind, part: Part, of: Played | None) -> dict[str, object]:
    row: dict[str, object] = {"part": part.name, "expected": expected_text(part), "unit": part.unit}
    row["built_in"] = "yes" if part.built_in else "no"
    if of is None:
        return {**row, "part_verdict": part_verdict(part, nan, nan, nan), "worlds": 0}
    value, low, high = of.estimate()
    worlds, replicates = of.alone(of.sampled), of.alone(of.central)
    in_range = int(sum(map(part.holds, worlds.tolist())))
    share_low, share_high = share_interval(in_range, len(worlds))
    is_claim = kind == "claims"
    verdict = part_claim(part, low, high) if is_claim else part_verdict(part, value, low, high)
    return {
        **row,
        "part_verdict": verdict,
        "value": value,
        "low": low,
        "high": high,
        "share_of_worlds": _share(in_range, len(worlds)) if part.is_expected else nan,
        "share_low": share_low if part.is_expected else nan,
        "share_high": share_high if part.is_expected else nan,
        "share_right_way": _right_way(part, worlds),
        "worlds": len(worlds),
        "share_of_replicates": _share(sum(map(part.holds, replicates.tolist())), len(replicates)),
    }


def _right_way(part: Part, worlds: Floats) -> float:
    if not part.way or not len(worlds):
        return nan
    return float((np.sign(worlds - part.neutral) == part.way).mean())


def _share(n_of: int, n: int) -> float:
    return n_of / n if n else nan
