"""What `robust` says in words: who has less in which share of worlds, and when not."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from policymix.assumptions import ledger
from policymix.numerals import percent
from policymix.robust_readings import (
    Bound,
    Pair,
    RobustTables,
    box,
    n_alike,
    of_pair,
    reversals,
    scale_of,
    verdict,
)
from policymix.robustness import STATISTICS

if TYPE_CHECKING:
    from rich.table import Table

HAS_LESS: Final = {
    "addicted": "has fewer people with addiction at the end",
    "overdose_deaths": "has fewer overdose deaths",
    "cartel_revenue": "leaves cartels less revenue",
    "cartel_profit": "leaves cartels less profit",
}
_HEADS: Final = {
    "addicted": "people with addiction at the end",
    "overdose_deaths": "overdose deaths",
    "cartel_revenue": "cartel revenue",
    "cartel_profit": "cartel profit",
}
_WEAK: Final = " (grade C: weak)"
_MOSTLY: Final = 0.5
_MINUS: Final = "\N{MINUS SIGN}"
"""Of figures; sentences are printed on terminals, and not every one can show it."""


def sentence(tables: RobustTables, pair: Pair, outcome: str) -> str:
    """One sentence: how often the ranking holds, and the box of worlds in which it does not."""
    told = verdict(tables, pair, outcome)
    n_reversed = reversals(tables, pair, outcome)
    how_often = f"{told.better} {HAS_LESS[outcome]} than {told.worse} in {told.share_words}"
    if told.is_same:
        alike = f"{_HEADS[outcome]} come out alike in all {told.worlds:,} worlds"
        return f"Under {told.better} and {told.worse}, {alike}."
    if n_same := n_alike(tables, pair, outcome):
        how_often += f", both are alike in {n_same:,}"
    if not n_reversed:
        return f"{how_often}, and {told.worse} has less in none."
    bounds = box(tables, pair, outcome)
    if not bounds:
        others = f"the {n_reversed:,} in which {told.worse} has less"
        return f"{how_often}; no short list of assumptions was found that explains {others}."
    inside, outside = _counts(tables, pair, outcome)
    when = " and ".join(_condition(tables, bound) for bound in bounds)
    often = "mostly not" if inside[1] > _MOSTLY * inside[0] else "less often"
    return (
        f"{how_often}; {often} when {when}. There {told.worse} has less in {_of(*inside)} worlds "
        f"that had no part in finding this, elsewhere in {_of(*outside)}."
    )


def _counts(tables: RobustTables, pair: Pair, outcome: str) -> tuple[tuple[int, int], ...]:
    (row,) = of_pair(tables.checks, pair, outcome).to_dict("records")
    sides = (("inside", "inside_reversed"), ("outside", "outside_reversed"))
    return tuple((int(row[n]), int(row[reversed_])) for n, reversed_ in sides)


def _of(n: int, n_reversed: int) -> str:
    """`27 of 38 (71 %)`."""
    share = f" ({percent(n_reversed / n)})" if n else ""
    return f"{n_reversed:,} of {n:,}{share}"


def _condition(tables: RobustTables, bound: Bound) -> str:
    """`treatment drop-out a month is at least 0.11 share/month (grade C: weak)`."""
    scale = scale_of(tables, bound.assumption)
    low, high = (scale.number(end).replace(_MINUS, "-") for end in (bound.low, bound.high))
    if math.isfinite(bound.low) and math.isfinite(bound.high):
        how = f"is between {low} and {high}"
    else:
        how = f"is at least {low}" if math.isfinite(bound.low) else f"is at most {high}"
    weak = _WEAK if ledger()[bound.assumption].grade == "C" else ""
    unit = scale.unit if scale.unit.startswith("%") or not scale.unit else f" {scale.unit}"
    return f"{scale.title} {how}{unit.replace('%', ' %')}{weak}"


def sentences(tables: RobustTables) -> Iterator[str]:
    """One for each pair and outcome, in the order asked."""
    for pair in tables.pairs():
        for outcome in STATISTICS:
            yield f"- {sentence(tables, pair, outcome)}"


def terminal_table(tables: RobustTables) -> "Table":
    """A row for each pair: in which share of worlds the first has less, by outcome."""
    from rich.table import Table

    shown = Table(title="In which share of worlds the first has less than the second")
    shown.add_column("first, second")
    for outcome in STATISTICS:
        shown.add_column(_HEADS[outcome], justify="right")
    for pair in tables.pairs():
        cells = [_share_text(tables, pair, outcome) for outcome in STATISTICS]
        shown.add_row("\n".join(pair), *cells)
    return shown


def _share_text(tables: RobustTables, pair: Pair, outcome: str) -> str:
    """The share of the first with its interval, and how often both are alike."""
    from policymix.discovery import share_interval

    told, n_same = verdict(tables, pair, outcome), n_alike(tables, pair, outcome)
    if told.is_same:
        return "alike in all"
    n_first = round(told.share * told.worlds)
    if told.better != pair[0]:
        n_first = reversals(tables, pair, outcome)
    low, high = share_interval(n_first, told.worlds)
    alike = f"\nalike in {percent(n_same / told.worlds)}" if n_same else ""
    return f"{percent(n_first / told.worlds)}\n{100 * low:.0f} to {100 * high:.0f}{alike}"
