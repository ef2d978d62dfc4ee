"""What `mixes` says in words: the mix that is lowest in each outcome, and the frontier."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from policymix.mixes_readings import (
    PANELS,
    SHARES,
    MixesTables,
    differences_of,
    frontier_of,
    keys_of,
    levels_of,
    mix_words,
)
from policymix.numerals import decimals_of, percent
from policymix.studies.amounts import Estimate, below_table, comparison_text, scale_of, short_text
from policymix.studies.measures import HEADLINES, Measure

if TYPE_CHECKING:
    from rich.table import Table

Mix = tuple[float, ...]
"""Shares of supply, demand and cooperation."""
OFTEN: Final = 0.9
_BEATS: Final = "some of the four and higher in none"
_NAMED: Final = 3
_ROWS: Final = 15
_HEADS: Final = (
    "people with\naddiction\nat the end\nmillion",
    "overdose\ndeaths\nthousand\na year",
    "cartel\nrevenue\nbillion\nUSD/yr",
    "cartel\nprofit\nbillion\nUSD/yr",
)
"""Short ones of the headline outcomes, in the units of `PANELS`."""


def sentences(tables: MixesTables) -> Iterator[str]:
    """Lines that start with `- `: the lowest mix of each outcome, the frontier, other worlds."""
    for measure in HEADLINES:
        yield f"- {_lowest(tables, measure)}"
    yield f"- {_on_frontier(tables)}"
    yield f"- {_own_mix(tables)}"
    yield f"- {_over_worlds(tables)}"


def differences(tables: MixesTables, measure: Measure) -> dict[Mix, Estimate]:
    """By mix: the difference from the scenario's own mix, in the measure's unit; lowest first."""
    rows = tables.mixes[tables.mixes["outcome"] == measure.outcome]
    rows = rows.sort_values("mean", kind="stable")
    names = ("difference", "difference_low", "difference_high")
    found = zip(keys_of(rows), rows[list(names)].to_numpy(dtype=float).tolist(), strict=True)
    return {mix: Estimate(*numbers) * measure.factor for mix, numbers in found}


def words_of(mix: Mix) -> str:
    """`40 % supply, 50 % demand, 10 % cooperation`."""
    return mix_words(pd.Series(mix, index=SHARES))


def _lowest(tables: MixesTables, measure: Measure) -> str:
    """`Overdose deaths, lowest of 66 mixes: 3.1 thousand a year fewer under ... than under ...`."""
    found = differences(tables, measure)
    (mix, first), *others = found.items()
    own = tables.mixes[tables.mixes["outcome"] == measure.outcome]
    if own["mean"].nunique() == 1:
        return f"{measure.title}: the same under all {len(found)} mixes."
    told = comparison_text(
        f"{measure.title}, lowest of {len(found)} mixes",
        first,
        measure.manner,
        (words_of(mix), f"{tables.scenario}'s own mix"),
        scale_of([first]),
    )
    n_near = sum(first.high >= other.low for _, other in others)
    if not first.has_interval or first.is_constant or not n_near:
        return told
    near = f"intervals of {n_near} other mixes overlap"
    if n_near == 1:
        near = "interval of one other mix overlaps"
    return f"{told} The {near} with this one."


def _on_frontier(tables: MixesTables) -> str:
    n, n_all = len(frontier_of(tables)), len(tables.mixes[SHARES].drop_duplicates())
    verb = "is" if n == 1 else "are"
    return (
        f"The frontier: {n} of {n_all} mixes {verb} on it, where no other mix is lower in some of "
        "the four headline outcomes and higher in none, by their means."
    )


def _own_mix(tables: MixesTables) -> str:
    """Whether the mix of the grid that is nearest to the scenario's own is beaten, and by which."""
    near, own = nearest(tables), words_of(tables.present)
    start = f"{tables.scenario}'s own mix ({own})"
    if _distance(near, tables.present) > 0:
        start = f"Nearest to {start} is {words_of(near)}, which"
    beaten = beaten_by(tables, near)
    if not beaten:
        return f"{start} is on the frontier."
    if len(beaten) == 1:
        return f"{start} is beaten: {words_of(beaten[0])} is lower in {_BEATS}."
    others = f"{len(beaten)} mixes are lower in {_BEATS}, such as {words_of(beaten[0])}"
    return f"{start} is beaten: {others}."


def nearest(tables: MixesTables) -> Mix:
    """The mix of the grid that is nearest to the scenario's own."""
    return min(keys_of(tables.mixes), key=lambda mix: _distance(mix, tables.present))


def _distance(one: Mix, other: Mix) -> float:
    return round(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)), 12)


def beaten_by(tables: MixesTables, mix: Mix) -> list[Mix]:
    """The mixes that are lower in some outcome and higher in none by their means, nearest first."""
    levels = {}
    for reading in PANELS:
        rows = levels_of(tables, reading)
        levels[reading.outcome] = pd.Series(rows["middle"].to_numpy(), index=keys_of(rows))
    table = pd.DataFrame(levels)
    own = table.loc[[mix]].to_numpy()
    beats = (table < own).any(axis=1) & (table <= own).all(axis=1)
    return sorted(table.index[beats], key=lambda other: _distance(other, mix))


def _over_worlds(tables: MixesTables) -> str:
    if tables.frontier.empty:
        return "There are no sampled worlds to say how the frontier moves."
    shares = tables.frontier["share_of_worlds"]
    n_worlds = int(tables.frontier["worlds"].iloc[0])
    often = keys_of(tables.frontier[shares >= OFTEN])
    n_some = int(((shares > 0) & (shares < OFTEN)).sum())
    named = "; ".join(words_of(mix) for mix in often[:_NAMED])
    rest = f"; and {len(often) - _NAMED} more" if len(often) > _NAMED else ""
    told = f"{len(often)} mixes are on it in at least 90 % of them ({named}{rest})"
    if not often:
        told = "no mix is on it in 90 % of them or more"
    elif len(often) == 1:
        told = f"1 mix is on it in at least 90 % of them ({named})"
    return (
        f"The frontier over {n_worlds:,} sampled worlds: {told}, {n_some} in some but fewer, and "
        f"{int((shares == 0).sum())} in none."
    )


def terminal_table(tables: MixesTables, encoding: str = "utf-8") -> "Table":
    """The mixes on the frontier, those first that are on it in most worlds; at most so many."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    about = "±" if encoding.lower().startswith("utf") else "+/-"
    mixes = frontier_mixes(tables)
    n_more = len(mixes) - _ROWS
    more = f"And {n_more} more, in mixes.csv. " if n_more > 0 else ""
    shown = Table(
        box=box.HORIZONTALS,
        title=f"Mixes on the frontier: no other mix is lower in {_BEATS}",
        caption_justify="left",
    )
    for side in SHARES:
        head = side.replace("cooperation", "coop-\neration")
        shown.add_column(Text(f"{head}\n%"), justify="right", vertical="bottom")
    cells = []
    for reading, head in zip(PANELS, _HEADS, strict=True):
        shown.add_column(Text(head), justify="right", vertical="bottom")
        cells.append(_cells(differences_of(tables, reading), about))
    words = f"{more}Differences from {tables.scenario}'s own mix {about} half their interval."
    shown.caption = below_table(words, (one[mix] for one in cells for mix in mixes[:_ROWS]))
    shares = shares_of_worlds(tables)
    if shares:
        shown.add_column(Text("% of\nworlds"), justify="right", vertical="bottom")
    for mix in mixes[:_ROWS]:
        last = [percent(shares[mix])[:-2]] if shares else []
        shown.add_row(*(f"{x:.0%}"[:-1] for x in mix), *(one[mix] for one in cells), *last)
    return shown


def frontier_mixes(tables: MixesTables) -> list[Mix]:
    """The mixes on the frontier of the central world, those first that are on it in most worlds."""
    shares = shares_of_worlds(tables)
    return sorted(keys_of(frontier_of(tables)), key=lambda mix: -shares.get(mix, 0.0))


def shares_of_worlds(tables: MixesTables) -> dict[Mix, float]:
    """By mix: in which share of worlds it is on the frontier; empty without worlds."""
    shares = tables.frontier["share_of_worlds"].tolist()
    return dict(zip(keys_of(tables.frontier), shares, strict=True)) if shares else {}


def _cells(amounts: pd.DataFrame, about: str) -> dict[Mix, str]:
    """By mix: `-0.58 ±0.09`; as many decimals in the whole column."""
    decimals, rows = decimals_of(amounts["middle"]), {}
    every: Any = amounts.itertuples()
    for mix, row in zip(keys_of(amounts), every, strict=True):
        rows[mix] = short_text(Estimate(row.middle, row.low, row.high), decimals, about)
    return rows
