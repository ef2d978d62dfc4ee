"""What levers do if an assumption is other than assumed: measured once, shipped with the ledger.

`python -m policymix.leaning [PROCESSES]` measures anew and rewrites `ledger/leaning.csv` of a
checkout, the same bytes on any number of processes (default 1). It is run after every change of
the model or the ledger; a report only reads the file.

Each assumption with a range (low < high) is put at its low and at its high end, all others at
their central value, and the world is balanced again. There one lever at a time gets another
*volume* than today's, and what comes out is compared with today's mix on the same people and
dice. Volumes and not money: how money becomes volume is known exactly (`policymix.reach`), so unit
costs and saturation need no runs. The `spend_<lever>` entries are not among the assumptions: they
are today's mix itself, what effects are measured from, and have no range.
"""

import hashlib
import pickle
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policymix.assumptions import central_world, ledger
from policymix.dice import replicate_seed
from policymix.errors import ImpossibleWorldError, InputError
from policymix.label import SHORT_LABEL
from policymix.levers import UnitCostCurve, today_spend
from policymix.outcomes import BY_NAME, HEADLINE, OUTCOME_NAMES
from policymix.pool import worker_pool
from policymix.reach import POINTS
from policymix.runs import Run, played
from policymix.scenario import Funding, Phase, Scenario, Setup
from policymix.shipped import shipped_folder
from policymix.writing import number_text, write_csv

Floats = NDArray[np.float64]
Changes = dict[str, float]
"""What a world has other than the central one; one assumption, or none."""

FILE: Final = "leaning.csv"
COLUMNS: Final = (
    *("assumption", "lever", "volume", "outcome", "statistic", "unit"),
    *("at_low", "at_value", "at_high", "ledger", "label"),
)
STATISTICS: Final[Mapping[str, str]] = MappingProxyType(
    {name: "final" if BY_NAME[name].kind == "stock" else "mean" for name in HEADLINE}
)
"""By outcome measured: the last month of a stock, the mean of all months of a flow."""
SETUP: Final = Setup(people=100_000, months=120)
REPLICATES: Final = 3
CENTRAL_REPLICATES: Final = 16
"""More for the central world, which every table uses; the others are paired with the first ones."""
SEED: Final = 1
SMALLEST_KEPT: Final = 0.02
"""A swing smaller than this share of the largest effect on its outcome is left out."""
CLEAR: Final = 2.0
"""So is one below this many standard errors of its mean over the replicates."""
SIGNIFICANT: Final = 4
_REPORTED_EVERY: Final = 20


@dataclass(frozen=True)
class Measured:
    """Differences from today's mix, each of shape (points, outcomes), in outcome units.

    Points as in `POINTS`, outcomes as in `STATISTICS`. `at` has (assumption, "low" or "high")
    where something differs from `central`; NaN stands for an impossible world.
    """

    central: Floats
    at: Mapping[tuple[str, str], Floats]

    def at_end(self, assumption: str, end: str) -> Floats:
        """Those with `assumption` at its "low" or "high" end, all others central."""
        return self.at.get((assumption, end), self.central)


@cache
def fingerprint() -> str:
    """Stands for the ledger and the points that the file was measured for."""
    entries = [(e.name, e.value, e.low, e.high) for e in ledger().values()]
    return hashlib.sha256(repr((entries, POINTS, SETUP)).encode()).hexdigest()[:12]


@cache
def measured() -> Measured | None:
    """What `ledger/leaning.csv` holds; None if it is missing, or of another ledger or version."""
    import pandas as pd

    path = shipped_folder() / "ledger" / FILE
    try:
        table = pd.read_csv(path, keep_default_na=False, na_values=dict.fromkeys(COLUMNS[6:9], ""))
        if set(table["ledger"].astype(str)) != {fingerprint()}:
            return None
        return measured_in(table.to_dict("records"))
    except (OSError, ValueError, KeyError):
        return None


def measured_in(rows: Iterable[Mapping[Any, Any]]) -> Measured:
    """The file's rows as arrays; rows without an assumption are those of the central world.

    Raises KeyError or ValueError for a point or an outcome that is unknown or left out.
    """
    by_assumption: dict[str, list[Mapping[Any, Any]]] = {"": []}
    for row in rows:
        by_assumption.setdefault(row["assumption"], []).append(row)
    nothing = np.full((len(POINTS), len(STATISTICS)), np.nan)
    central = _with(nothing, by_assumption.pop(""), "at_value")
    if np.isnan(central).any():
        raise ValueError("effects in the central world are left out")
    at = {
        (name, end): _with(central, some, f"at_{end}")
        for name, some in by_assumption.items()
        for end in ("low", "high")
    }
    return Measured(central, MappingProxyType(at))


def _with(effects: Floats, rows: Iterable[Mapping[Any, Any]], column: str) -> Floats:
    effects, outcomes = effects.copy(), list(STATISTICS)
    for row in rows:
        point = POINTS.index((row["lever"], float(row["volume"])))
        effects[point, outcomes.index(row["outcome"])] = row[column]
    return effects


# --- measuring -----------------------------------------------------------------------------------


def worlds() -> Iterator[tuple[str, str, Changes]]:
    """(assumption, "low" or "high", change) of every world to be played beside the central one."""
    for name, entry in ledger().items():
        for end, value in (("low", entry.low), ("high", entry.high)):
            if value != entry.value:
                yield name, end, {name: value}


def acts_beyond_money(changes: Changes) -> bool:
    """Whether this world is other than the central one in more than how money becomes volume.

    Where it is not, the same volumes do the same, so that it need not be played.
    """
    return _solved(()) != _solved(tuple(changes.items()))


@cache
def _solved(changes: tuple[tuple[str, float], ...]) -> bytes:
    """A hash of everything that a model is built from, but for the curves; empty if impossible."""
    from policymix.balance import balance

    try:
        b = balance(central_world().with_values(dict(changes)), SETUP.cartels)
    except ImpossibleWorldError:
        return b""
    parts = (b.responses, b.people, b.market, b.patrol, b.cartels, b.countries)
    return hashlib.sha256(pickle.dumps(parts)).digest()


def effects_in(changes: Changes) -> Floats:
    """What each point does in this world, shape (replicates, points, outcomes), in outcome units.

    `REPLICATES` of them, in the central world (no changes) `CENTRAL_REPLICATES`. Paired
    differences from today's mix, at full precision; NaN if the world is impossible.
    """
    from policymix.balance import balance
    from policymix.peopling import initial_population

    n_replicates = REPLICATES if changes else CENTRAL_REPLICATES
    found = np.full((n_replicates, len(POINTS), len(STATISTICS)), np.nan)
    try:
        balanced = balance(central_world().with_values(changes), SETUP.cartels)
    except ImpossibleWorldError:
        return found
    today = today_spend(balanced.world)
    balanced = replace(balanced, curves={n: UnitCostCurve(x, x) for n, x in today.items()})
    for replicate in range(n_replicates):
        seed = replicate_seed(SEED, replicate)
        start = initial_population(balanced, SETUP.people, seed)
        place = f"replicate {replicate}"
        runs = [Run(mix, seed, balanced, start, place) for mix in mixes(today)]
        lived = [_statistics(records[1:]) for _, records in played(runs)]
        found[replicate] = np.array(lived[1:]) - lived[0]
    return found


def mixes(today: Mapping[str, float]) -> Iterator[Scenario]:
    """Today's mix, then each of `POINTS`, in a world where volume is money over today's money."""
    for lever, volume in (("", 1.0), *POINTS):
        spend = tuple(money * (volume if name == lever else 1.0) for name, money in today.items())
        phase = Phase(1, 0, Funding(spend))
        yield Scenario("mix", "A mix", "One lever has another volume.", (phase,), setup=SETUP)


def _statistics(lived: Floats) -> list[float]:
    """Outcomes from a run's months, in the order of `STATISTICS`."""
    return [
        float(months[-1] if statistic == "final" else months.mean())
        for name, statistic in STATISTICS.items()
        for months in (lived[:, OUTCOME_NAMES.index(name)],)
    ]


def rows_of(found: Mapping[tuple[str, str], Floats], central: Floats) -> Iterator[list[str]]:
    """The file's rows: the central world's, then of each assumption those that swing.

    `found` and `central` have what `effects_in` gave, `found` by (assumption, end); an end that
    is the value is left out.
    """
    value, nothing = central.mean(axis=0), np.full(central.shape[1:], np.nan)
    for place in np.ndindex(value.shape):
        yield _row("", place, nothing, value, nothing)
    paired, largest = central[:REPLICATES], np.abs(value).max(axis=0)
    for name in dict.fromkeys(name for name, _ in found):
        low, high = (found.get((name, end), paired) for end in ("low", "high"))
        kept = _swings(low, paired, largest) | _swings(paired, high, largest)
        ends = [value + (end - paired).mean(axis=0) for end in (low, high)]
        for point, outcome in np.argwhere(kept | _swings(low, high, largest)):
            yield _row(name, (point, outcome), ends[0], value, ends[1])


def _swings(one: Floats, other: Floats, largest: Floats) -> NDArray[np.bool_]:
    """Whether the paired difference is large enough, and larger than chance by `CLEAR`."""
    differences = other - one
    mean = np.abs(differences.mean(axis=0))
    error = differences.std(axis=0, ddof=1) / np.sqrt(len(differences))
    kept: NDArray[np.bool_] = (mean > CLEAR * error) & (mean >= SMALLEST_KEPT * largest)
    return kept


def _row(assumption: str, place: tuple[int, ...], *ends: Floats) -> list[str]:
    """One row; `ends` are at low, at value and at high, each of shape (points, outcomes)."""
    (lever, volume), name = POINTS[place[0]], list(STATISTICS)[place[1]]
    return [
        *(assumption, lever, number_text(volume), name, STATISTICS[name], BY_NAME[name].unit),
        *(number_text(rounded(float(end[place]))) for end in ends),
        fingerprint(),
        SHORT_LABEL,
    ]


def rounded(value: float) -> float:
    """To `SIGNIFICANT` digits; NaN stays."""
    return float(f"{value:.{SIGNIFICANT}g}")


def measure(asked: Sequence[tuple[str, str, Changes]], n_processes: int) -> list[list[str]]:
    """Play the central world and those asked for (see `worlds`) and return the file's rows.

    Raises StudyError if no process starts.
    """
    results = []
    with worker_pool(n_processes) as pool:
        for result in pool.map(effects_in, [{}, *(changes for _, _, changes in asked)]):
            results.append(result)
            if len(results) % _REPORTED_EVERY == 0:
                print(f"{len(results)} of {len(asked) + 1} worlds", file=sys.stderr, flush=True)
    found = {world[:2]: result for world, result in zip(asked, results[1:], strict=True)}
    for (name, end), result in found.items():
        if np.isnan(result).any():
            print(f"{name} at its {end} end: impossible", file=sys.stderr)
    return list(rows_of(found, results[0]))


def main(arguments: list[str]) -> None:
    """Rewrite `ledger/leaning.csv`; the only argument is the number of processes."""
    if len(arguments) > 1 or not all(a.isdecimal() and int(a) for a in arguments):
        raise InputError("python -m policymix.leaning [PROCESSES]: a whole number from 1")
    asked = [world for world in worlds() if acts_beyond_money(world[2])]
    rows = measure(asked, int(arguments[0]) if arguments else 1)
    lines = (",".join(row) for row in rows)
    write_csv(shipped_folder() / "ledger" / FILE, COLUMNS, lines)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except InputError as problem:
        sys.exit(str(problem))
