"""Which assumptions decide, as the report of `robust` has it: boxes, weights, and where from."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from policymix.assumptions import ledger
from policymix.numerals import percent
from policymix.readings import Reading
from policymix.robust_readings import (
    SHOWN,
    Bound,
    Pair,
    RobustTables,
    box,
    drawn_differences,
    indices_notes,
    indices_of,
    of_pair,
    reversals,
    scale_of,
    title_of,
    verdict,
)
from policymix.robustness import LEAST_POINTS, points_of
from policymix.studies.leans import Effect, Lean, lean_of
from policymix.studies.question import Question

_LINES: Final = 8
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_IN_BOX: Final = "Inside the box where a ranking is reversed"
_OF_VARIANCE: Final = "Total share of the variance between worlds"


@dataclass(frozen=True)
class Side:
    """One side of a box: an assumption, where it lies in the box, and its whole range."""

    title: str
    name: str
    inside: str
    range: str
    unit: str
    letter: str


@dataclass(frozen=True)
class FlipBox:
    """Worlds in which a ranking is reversed: the sides, and how well they tell these worlds."""

    title: str
    worse: str
    sides: tuple[Side, ...]
    coverage: str
    density: str
    n_checked: str
    inside: str
    outside: str


def boxes(tables: RobustTables) -> Iterator[FlipBox]:
    """The confirmed box of each pair and outcome that has one."""
    for pair in tables.pairs():
        for reading in SHOWN:
            if bounds := box(tables, pair, reading.outcome):
                (row,) = of_pair(tables.checks, pair, reading.outcome).to_dict("records")
                flips = of_pair(tables.flips, pair, reading.outcome).iloc[0]
                one = verdict(tables, pair, reading.outcome)
                n = {name: int(row[name]) for name in row if "side" in str(name)}
                yield FlipBox(
                    f"{reading.title}: where {one.worse} has less than {one.better}",
                    one.worse,
                    tuple(_side(tables, bound) for bound in bounds),
                    percent(float(flips["coverage"])),
                    percent(float(flips["density"])),
                    f"{n['inside'] + n['outside']:,}",
                    f"{n['inside_reversed']:,} of {n['inside']:,}",
                    f"{n['outside_reversed']:,} of {n['outside']:,}",
                )


def _side(tables: RobustTables, bound: Bound) -> Side:
    """From one end to the other, the range's own where nothing else bounds it."""
    scale, entry = scale_of(tables, bound.assumption), ledger()[bound.assumption]
    low, high = max(bound.low, entry.low), min(bound.high, entry.high)
    inside = f"{scale.number(low)} to {scale.number(high)}"
    whole = f"{scale.number(entry.low)} to {scale.number(entry.high)}"
    return Side(
        scale.title, bound.assumption, inside, whole, scale.unit or scale.measure, entry.grade
    )


def without_box(tables: RobustTables) -> Iterator[str]:
    """Why a pair and outcome has no box, a sentence each."""
    for pair in tables.pairs():
        for reading in SHOWN:
            if not box(tables, pair, reading.outcome):
                yield f"{reading.title}{_whose(tables, pair)}: {_why(tables, pair, reading)}."


def _why(tables: RobustTables, pair: Pair, reading: Reading) -> str:
    n, n_reversed = (
        len(drawn_differences(tables, pair, reading.outcome)),
        reversals(tables, pair, reading.outcome),
    )
    if verdict(tables, pair, reading.outcome).is_same:
        return f"alike in all {n:,} worlds"
    if not n_reversed:
        return f"never reversed in {n:,} worlds"
    return f"reversed in {n_reversed:,} of {n:,} worlds, without a box that could be confirmed"


@dataclass(frozen=True)
class Weight:
    """How much a group of assumptions has to do with the differences: a text an outcome."""

    title: str
    name: str
    letter: str
    texts: tuple[tuple[str, str], ...]


def no_weights(n_worlds: int) -> str:
    """Why there may be none."""
    least = next(n for n in range(1, 1 << 20) if points_of(n))
    if n_worlds < least:
        return (
            f"They need {LEAST_POINTS} base points, each of two sampled worlds and those between "
            f"them, which {least:,} worlds have and {n_worlds:,} do not. Of fewer points, a share "
            "of the variance says next to nothing."
        )
    return (
        f"Either the differences do not vary, or fewer than {LEAST_POINTS} base points have "
        "possible worlds alone."
    )


def weights_of(tables: RobustTables, pair: Pair) -> tuple[Pair, list[Weight], list[str]]:
    """The pair, its weights, and what is to be said of them."""
    rows = weights(tables, pair)
    return pair, rows, list(indices_notes(tables, pair)) if rows else []


def weights(tables: RobustTables, pair: Pair) -> list[Weight]:
    """A row a group of assumptions, the largest total share first."""
    own = indices_of(tables, pair)
    if own.empty:
        return []
    totals = own.groupby("group", sort=False)["total"].max()
    groups = totals.sort_values(ascending=False, kind="stable").index
    return [_weight(tables, own[own["group"] == group], str(group)) for group in groups]


def _weight(tables: RobustTables, rows: pd.DataFrame, group: str) -> Weight:
    by_outcome: dict[str, Any] = {str(row["outcome"]): row for row in rows.to_dict("records")}
    texts = []
    for reading in SHOWN:
        row = by_outcome.get(reading.outcome)
        if row is None:
            texts.append(("no share", ""))
            continue
        first = f"alone {_percent(row['first_order'])}{_ends(row, 'first')}"
        texts.append((f"{_percent(row['total'])}{_ends(row, 'total')}", first))
    entry = ledger().get(group)
    title = title_of(tables, group) if entry else group
    return Weight(title, group if entry else "", entry.grade if entry else "", tuple(texts))


def _ends(row: Any, which: str) -> str:
    low, high = row[f"{which}_low"], row[f"{which}_high"]
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    ends = f"({_percent(low)[:-2]} to {_percent(high)})"
    return f" {ends}".replace(" to ", f"{_NO_BREAK}to{_NO_BREAK}")


def deciders(tables: RobustTables, question: Question) -> list[Lean]:
    """The assumptions of the boxes, then those that were weighed alone: each where it decides."""
    weighed = tables.sensitivity
    weighed = weighed[weighed["total"].notna()] if len(weighed) else weighed
    names = [str(name) for name in tables.flips["assumption"]] if len(tables.flips) else []
    if len(weighed):
        totals = weighed.groupby("group", sort=False)["total"].max()
        ordered = totals.sort_values(ascending=False, kind="stable").index
        names += [str(name) for name in ordered if name in ledger()]
    return [_decider(tables, question, name) for name in dict.fromkeys(names)]


def _decider(tables: RobustTables, question: Question, name: str) -> Lean:
    """An assumption with its numbers as the sentences and the boxes write them."""
    entry, scale = ledger()[name], scale_of(tables, name)
    values = sorted({scenario.world().values[name] for scenario in question.scenarios})
    lean = lean_of(entry, values, _effects(tables, name), title_of(tables, name))
    return replace(
        lean,
        value=" or ".join(scale.number(value) for value in values),
        range=f"{scale.number(entry.low)} to {scale.number(entry.high)}",
        unit=scale.unit or scale.measure,
    )


def _effects(tables: RobustTables, name: str) -> Iterator[Effect]:
    """Where an assumption decides: in which boxes, and its shares of the variance."""
    found: dict[str, list[str]] = {_IN_BOX: [], _OF_VARIANCE: []}
    for pair in tables.pairs():
        for reading in SHOWN:
            who = f"{reading.title}{_whose(tables, pair)}"
            for bound in box(tables, pair, reading.outcome):
                if bound.assumption == name:
                    scale = scale_of(tables, name)
                    found[_IN_BOX].append(f"{who}: {scale.span(bound)} {scale.unit}".strip())
            if share := _share(tables, pair, reading.outcome, name):
                found[_OF_VARIANCE].append(f"{who}: {share}")
    for title, lines in found.items():
        if lines:
            rest = len(lines) - _LINES
            more = [f"and {rest} more"] if rest > 0 else []
            yield Effect(title, (*lines[:_LINES], *more))


def _whose(tables: RobustTables, pair: Pair) -> str:
    """Which two scenarios, where there are more."""
    return f", {pair[0]} and {pair[1]}" if len(tables.names) > 2 else ""


def _share(tables: RobustTables, pair: Pair, outcome: str, name: str) -> str:
    own = indices_of(tables, pair, outcome)
    for row in own[own["group"] == name].to_dict("records") if len(own) else ():
        return _percent(row["total"])
    return ""


def _percent(share: float) -> str:
    """`-13 %`, and never -0; it does not break."""
    return percent(round(share, 2) + 0.0).replace(" ", _NO_BREAK)
