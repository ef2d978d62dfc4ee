"""What figures of `robust` read off its tables: who has less, in how many worlds, and where not."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from policymix.assumptions import ledger
from policymix.numerals import percent, plain
from policymix.readings import ADDICTED, DEATHS, PROFIT, REVENUE, Reading
from policymix.robustness import pairs_of

Pair = tuple[str, str]
SHOWN: Final[tuple[Reading, ...]] = (ADDICTED, DEATHS, REVENUE, PROFIT)
"""The outcomes of the figures; of each less is better."""
CENTRAL: Final = 0
"""The world in which every assumption has the ledger's value."""
_POINTS_ENOUGH: Final = 128
"""From so many on, 95 % intervals of Sobol' indices hold in about 95 % of cases."""
_STEPS_OF_A_RANGE: Final = 50
_WITHOUT_UNIT: Final = ("elasticity", "log units", "index 0-1")
_SCALES: Final = ((1e6, "million "), (1e4, "thousand "))


@dataclass(frozen=True)
class RobustTables:
    """The tables of a study of worlds; less of every outcome is better.

    `robust`: better, worse, outcome, share_of_worlds, low, high, worlds; a row a pair and outcome.
    `flips`: better, worse, outcome, assumption, from, to, unit, grade, coverage, density; the box
    of worlds in which the ranking is reversed, no rows where none was confirmed.
    `checks`: better, worse, outcome, inside, inside_reversed, outside, outside_reversed; numbers
    of worlds that were not used to find the box.
    `outcomes`: world, scenario and a column an outcome, in the tables' units; possible worlds and
    the central one. `draws`: world, possible and a column an assumption, of the first worlds.
    `sensitivity`: better, worse, outcome, group, grade, first_order, total and their _low, _high,
    points; NaN where the difference does not vary, no rows where points are too few.
    `regret`: scenario, outcome, unit, mean, high, worst.
    `titles` are short titles of assumptions, `notes` sentences for the foot of every figure.
    """

    names: tuple[str, ...]
    robust: pd.DataFrame
    flips: pd.DataFrame
    checks: pd.DataFrame
    outcomes: pd.DataFrame
    draws: pd.DataFrame
    sensitivity: pd.DataFrame
    regret: pd.DataFrame
    titles: Mapping[str, str]
    notes: Sequence[str] = field(default=())

    def pairs(self) -> list[Pair]:
        """Every two scenarios, in the order asked."""
        return pairs_of(self.names)

    def differences(self, first: str, second: str, outcome: str) -> "pd.Series[float]":
        """`first` less `second` by world, the central one among them, in the table's unit."""
        by_world = self.outcomes.pivot(index="world", columns="scenario", values=outcome)
        return (by_world[first] - by_world[second]).dropna()


@dataclass(frozen=True)
class Verdict:
    """Who has less of an outcome, in which share of how many worlds, with its 95 % interval."""

    better: str
    worse: str
    share: float
    low: float
    high: float
    worlds: int

    @property
    def is_same(self) -> bool:
        """Whether both come out alike in every world: then neither is better."""
        return self.share == 0.0

    @property
    def who(self) -> str:
        """`NAME has less`, or `both are the same`."""
        return "both are the same" if self.is_same else f"{self.better} has less"

    @property
    def share_words(self) -> str:
        """`76 % (71 to 81 %) of 256 worlds`; never 100 % where one world is otherwise."""
        if self.is_same:
            return f"all {self.worlds:,} worlds"
        told = percent(self.share)
        if 0 < self.share < 1 and told in ("0 %", "100 %"):
            told = "under 1 %" if self.share < 1 / 2 else "over 99 %"
        ends = f" ({percent(self.low)[:-2]} to {percent(self.high)})"
        return f"{told}{ends if math.isfinite(self.low) else ''} of {self.worlds:,} worlds"

    @property
    def words(self) -> str:
        """The same with who has less."""
        return f"{self.who} in {self.share_words}"


@dataclass(frozen=True)
class Bound:
    """One side of a box: values of an assumption, infinite where the range itself ends it."""

    assumption: str
    low: float
    high: float

    def holds(self, values: "pd.Series[float]") -> "pd.Series[bool]":
        """Whether each value is inside, both ends among it."""
        return values.between(self.low, self.high)


@dataclass(frozen=True)
class Scale:
    """How an assumption's numbers are written: times `factor`, in `unit`, with `decimals`.

    `measure` is what the ledger calls its unit, for where `unit` says nothing.
    """

    title: str
    factor: float
    unit: str
    decimals: int
    grade: str
    measure: str

    def number(self, value: float) -> str:
        """A value in the ledger's unit, as written on this scale."""
        return plain(value * self.factor, self.decimals)

    def span(self, bound: Bound) -> str:
        """`from 0.2`, `up to 0.4` or `0.2 to 0.4`."""
        if math.isfinite(bound.low) and math.isfinite(bound.high):
            return f"{self.number(bound.low)} to {self.number(bound.high)}"
        if math.isfinite(bound.low):
            return f"from {self.number(bound.low)}"
        return f"up to {self.number(bound.high)}" if math.isfinite(bound.high) else "any"

    @property
    def heading(self) -> str:
        """`price elasticity of demand [elasticity] (grade C)`; other grades go without saying."""
        unit = f" [{self.unit or self.measure}]" if self.unit or self.measure else ""
        return f"{self.title}{unit}{' (grade C)' if self.grade == 'C' else ''}"


def of_pair(table: pd.DataFrame, pair: Pair, outcome: str = "") -> pd.DataFrame:
    """Rows of both scenarios, whichever is better; of all outcomes if none is given."""
    if table.empty:
        return table
    first, second = pair
    either = (table["better"] == first) & (table["worse"] == second)
    either |= (table["better"] == second) & (table["worse"] == first)
    return table[either & (table["outcome"] == outcome)] if outcome else table[either]


def indices_of(tables: RobustTables, pair: Pair, outcome: str = "") -> pd.DataFrame:
    """Sobol' indices that are numbers: there are none of a difference that does not vary."""
    found = of_pair(tables.sensitivity, pair, outcome)
    return found if found.empty else found[found["total"].notna()]


def indices_notes(tables: RobustTables, pair: Pair) -> Iterator[str]:
    """From how many points they are, how far to trust that, and which outcomes have none."""
    n = int(indices_of(tables, pair)["points"].max())
    told = f"Shares of the variance come from {n:,} base points"
    few = ": of so few, 95 % intervals hold the truth in some 80 to 97 % of cases"
    yield f"{told}{few if n < _POINTS_ENOUGH else ''}."
    without = [one.title for one in SHOWN if indices_of(tables, pair, one.outcome).empty]
    if without:
        yield f"No shares, as there the difference does not vary: {', '.join(without)}."


def verdict(tables: RobustTables, pair: Pair, outcome: str) -> Verdict:
    """What `robust` says of the pair and outcome."""
    row: Any = next(of_pair(tables.robust, pair, outcome).itertuples())
    share, low, high = float(row.share_of_worlds), float(row.low), float(row.high)
    return Verdict(str(row.better), str(row.worse), share, low, high, int(row.worlds))


def drawn_differences(tables: RobustTables, pair: Pair, outcome: str) -> "pd.Series[float]":
    """The differences of all worlds but the central one, which is nobody's draw."""
    return tables.differences(*pair, outcome).drop(index=CENTRAL, errors="ignore")


def n_alike(tables: RobustTables, pair: Pair, outcome: str) -> int:
    """In how many worlds neither has less."""
    return int((drawn_differences(tables, pair, outcome) == 0).sum())


def reversals(tables: RobustTables, pair: Pair, outcome: str) -> int:
    """In how many worlds the one that is worse in most has less."""
    found, told = drawn_differences(tables, pair, outcome), verdict(tables, pair, outcome)
    return int(((found > 0) if told.better == pair[0] else (found < 0)).sum())


def box(tables: RobustTables, pair: Pair, outcome: str) -> list[Bound]:
    """The sides of the box in which the ranking is reversed, in its order; none if there is none.

    An end that no draw lies beyond is the range's own end and bounds nothing.
    """
    rows: Any = of_pair(tables.flips, pair, outcome).to_dict("records")
    found = []
    for row in rows:
        drawn = tables.draws[row["assumption"]]
        low = float(row["from"]) if (drawn < row["from"]).any() else -math.inf
        high = float(row["to"]) if (drawn > row["to"]).any() else math.inf
        found.append(Bound(str(row["assumption"]), low, high))
    return found


def deciding(tables: RobustTables, pair: Pair, outcome: str) -> tuple[str, str]:
    """The two assumptions that decide most: those of the box, else of the largest total index,
    else of the largest rank correlation with the difference.
    """
    chosen = [bound.assumption for bound in box(tables, pair, outcome)]
    indices = indices_of(tables, pair, outcome)
    if not indices.empty:
        ordered = indices.sort_values("total", ascending=False, kind="stable")["group"]
        chosen += [name for name in ordered if name in tables.draws.columns]
    if len(set(chosen)) < 2:
        chosen += _by_correlation(tables, drawn_differences(tables, pair, outcome))
    across, up, *_ = dict.fromkeys(chosen)
    return across, up


def _by_correlation(tables: RobustTables, differences: "pd.Series[float]") -> list[str]:
    columns = tables.draws.set_index("world").drop(columns=["possible", "label"], errors="ignore")
    differences = differences[differences.index.isin(columns.index)]
    varied = columns.loc[:, columns.nunique() > 1].reindex(differences.index).rank()
    sizes = varied.corrwith(differences.rank()).abs().fillna(0.0)
    return [str(name) for name in sizes.sort_values(ascending=False, kind="stable").index]


def scale_of(tables: RobustTables, assumption: str) -> Scale:
    """How the assumption is written; steps of a number are a fiftieth of the range or less."""
    drawn = tables.draws[assumption]
    unit, grade = _unit_and_grade(tables, assumption)
    factor, word = 1.0, ""
    for size, name in _SCALES:
        if drawn.abs().max() >= size:
            factor, word = 1e-6 if size == 1e6 else 1e-3, name
            break
    title = title_of(tables, assumption)
    if unit.startswith("share"):
        factor *= 100.0
    width = float(drawn.max() - drawn.min()) * factor
    decimals = max(0, math.ceil(-math.log10(width / _STEPS_OF_A_RANGE))) if width else 2
    return Scale(title, factor, f"{word}{_read_unit(unit, title)}", decimals, grade, unit)


def _read_unit(unit: str, title: str) -> str:
    """A ledger's unit for readers: `%` for a share, `USD a kit`; no period that the title names."""
    what, _, each = unit.partition("/")
    words = {"share": "%", "ratio": "times"} | dict.fromkeys(_WITHOUT_UNIT, "")
    read = words.get(what, what)
    if not each or each in title or f"{each}ly" in title:
        return read
    if each[0].isdigit():
        return f"{read} per {each.replace('/', ' a ')}"
    return f"{read} a {each.replace('-', ' and ')}".strip()


def title_of(tables: RobustTables, assumption: str) -> str:
    """Its short title for readers."""
    return tables.titles.get(assumption, assumption.replace("_", " "))


def _unit_and_grade(tables: RobustTables, assumption: str) -> tuple[str, str]:
    """As the flips say, else as the ledger does."""
    rows: Any = tables.flips.to_dict("records")
    for row in rows:
        if row["assumption"] == assumption:
            return str(row["unit"]), str(row["grade"])
    entry = ledger().get(assumption)
    return (entry.unit, entry.grade) if entry else ("", "")


def central_value(tables: RobustTables, assumption: str) -> float:
    """Its value in the central world: as drawn, else as the ledger has it."""
    rows = tables.draws[tables.draws["world"] == CENTRAL]
    return float(rows[assumption].iloc[0]) if len(rows) else ledger()[assumption].value
