"""Where a verdict turns round, and where an extreme condition fails: tables over worlds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import sqrt
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import rankdata

from policymix.assumptions import ledger
from policymix.discovery import Check, check, find_box
from policymix.experiments.findings import Kind, Part, findings
from policymix.experiments.suites import key_of
from policymix.experiments.verdicts import HOLDS, NOT, Bools, Floats, Played, name_of

RELATED_COLUMNS: Final = ("part", "assumption", "rank_correlation", "unit", "grade", "worlds")
_MOST_RELATED: Final = 3
_LEVEL: Final = 0.05
_FEWEST: Final = 8
"""Of fewer worlds nothing is said."""
FLIP_COLUMNS: Final = (
    *("part", "assumption", "from", "to", "unit", "grade"),
    *("share_inside", "share_outside", "coverage", "checked_worlds"),
)


def extremes_table(central: Floats, sampled: Floats, names: Sequence[str]) -> pd.DataFrame:
    """A row a condition: whether it holds everywhere, in how many worlds, and where it failed.

    `central` and `sampled` (cells, conditions) are 1 where a condition holds, NaN in a world that
    is impossible; worlds are counted from 1, the central one is 0.
    """
    rows = []
    everywhere = np.concatenate([central.min(axis=0, keepdims=True), sampled])
    for at, name in enumerate(names):
        held = everywhere[:, at]
        possible = np.isfinite(held)
        failed = np.flatnonzero(possible & (held != 1.0))
        rows.append(
            {
                "extreme": name,
                "verdict": HOLDS if not len(failed) else NOT,
                "worlds": int(possible.sum()),
                "failed": len(failed),
                "first_failed": str(failed[0]) if len(failed) else "",
            }
        )
    return pd.DataFrame(rows)


def flips_table(
    kind: Kind, played: Mapping[str, Played], draws: Floats, odd: Bools, names: Sequence[str]
) -> pd.DataFrame:
    """The assumptions under which a part is decided the other way than in most worlds.

    A claim's part is decided by its range, a ranking (`rand`) by its side of no effect.
    `draws` (possible worlds, names); a box is found in the `odd` worlds and only told where the
    others confirm it. Columns: the finding's and `FLIP_COLUMNS`.
    """

    def flips(part: Part, of: Played) -> Iterator[dict[str, object]]:
        return _flips(part, of, draws, odd, names, by_side=kind == "rand")

    return _of_parts(kind, played, FLIP_COLUMNS, flips)


def _of_parts(
    kind: Kind,
    played: Mapping[str, Played],
    columns: Sequence[str],
    rows_of: Callable[[Part, Played], Iterable[dict[str, object]]],
) -> pd.DataFrame:
    """A table of what `rows_of` says of each part for which something is expected."""
    rows = [
        {name_of(kind): finding.name, "part": part.name, **row}
        for finding in findings(kind).values()
        for part in finding.tested
        if part.is_expected
        for row in rows_of(part, played[key_of(kind, finding.name, part.name)])
    ]
    return pd.DataFrame(rows, columns=[name_of(kind), *columns])


def _flips(
    part: Part, of: Played, draws: Floats, odd: Bools, names: Sequence[str], *, by_side: bool
) -> Iterator[dict[str, object]]:
    values = of.alone(of.sampled)
    holds = np.array([part.holds(value) for value in values.tolist()], dtype=bool)
    if by_side:
        holds = (values - part.neutral) * part.way > 0.0
    flipped = holds if 2 * holds.sum() < len(holds) else ~holds
    ranges = {name: (ledger()[name].low, ledger()[name].high) for name in names}
    box = find_box(draws[odd], flipped[odd], names, ranges)
    if box is None:
        return
    found: Check = check(box, draws[~odd], flipped[~odd], names)
    if found.is_confirmed:
        for bound in box.bounds:
            entry = ledger()[bound.name]
            yield {
                "assumption": bound.name,
                "from": bound.low,
                "to": bound.high,
                "unit": entry.unit,
                "grade": entry.grade,
                "share_inside": found.density,
                "share_outside": found.outside,
                "coverage": found.coverage,
                "checked_worlds": found.n_inside + found.n_outside,
            }


def related_table(
    kind: Kind, played: Mapping[str, Played], draws: Floats, names: Sequence[str]
) -> pd.DataFrame:
    """The assumptions that go most with each number over worlds, by rank correlation.

    `draws` (possible worlds, names). At most `_MOST_RELATED` a part, and only such as chance makes
    of none of all `names` in 95 % of cases. Columns: the finding's and `RELATED_COLUMNS`.
    """
    return _of_parts(kind, played, RELATED_COLUMNS, lambda _part, of: _related(of, draws, names))


def _related(of: Played, draws: Floats, names: Sequence[str]) -> Iterator[dict[str, object]]:
    values = of.alone(of.sampled)
    n = len(values)
    if n <= _FEWEST or np.ptp(values) == 0.0 or not np.isfinite(values).all():
        return
    found = np.nan_to_num(np.corrcoef(rankdata(draws, axis=0).T, rankdata(values))[-1, :-1])
    least = float(ndtri(1.0 - _LEVEL / 2.0 / len(names))) / sqrt(n - 1)
    for at in np.argsort(-np.abs(found), kind="stable")[:_MOST_RELATED].tolist():
        if abs(found[at]) > least:
            entry = ledger()[names[at]]
            yield {
                "assumption": entry.name,
                "rank_correlation": float(found[at]),
                "unit": entry.unit,
                "grade": entry.grade,
                "worlds": n,
            }
