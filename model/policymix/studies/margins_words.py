"""What `margins` says in words: which lever's billion lowers and raises what, and which pairs."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from policymix.levers import LEVERS, LEVERS_OF_SIDE, SIDES
from policymix.margins_readings import MARGINS, MarginsTables, margins_of, unused_shares
from policymix.numerals import decimals_of, percent
from policymix.studies.amounts import Estimate, Manner, below_table, difference_text, short_text
from policymix.studies.measures import HEADLINES, Measure, estimates_of

if TYPE_CHECKING:
    from rich.table import Table

TITLES: Final = {lever.name: lever.title for lever in LEVERS}
_COLUMNS: Final = ("difference_per_billion", "low", "high")
_PAIR_COLUMNS: Final = ("interaction", "low", "high")
_PAIRS_NAMED: Final = 3
_HEADS: Final = (
    "people with\naddiction\nat the end\nthousand",
    "overdose\ndeaths\na year",
    "cartel\nrevenue\nmillion\nUSD/yr",
    "cartel\nprofit\nmillion\nUSD/yr",
)
"""Short ones of the headline outcomes, in the units of `MARGINS`."""
Pair = tuple[str, str]


def sentences(tables: MarginsTables) -> Iterator[str]:
    """Lines that start with `- `: each headline outcome, money without use, pairs of levers."""
    if tables.margins["low"].isna().all():
        yield "- One replicate has no interval: it cannot tell a difference from chance."
    else:
        for measure in HEADLINES:
            yield f"- {_sentence(effects_of(tables, measure), measure)}"
        yield from (f"- {line}" for line in _survivors(tables))
    yield f"- {_unused(tables)}"
    if not tables.pairs.empty and not tables.pairs["low"].isna().all():
        yield from (f"- {line}" for line in _pairs(tables))


def effects_of(tables: MarginsTables, measure: Measure) -> dict[str, Estimate]:
    """By lever: the difference that its billion makes, in the measure's unit."""
    own = tables.margins[tables.margins["outcome"] == measure.outcome]
    found = estimates_of(own, _COLUMNS, "lever")
    return {name: estimate * measure.factor for name, estimate in found.items()}


def pairs_of(tables: MarginsTables, measure: Measure) -> dict[Pair, Estimate]:
    """By pair of levers: both billions' difference less the sum of each alone, strongest first."""
    rows: Any = tables.pairs[tables.pairs["outcome"] == measure.outcome].to_dict("records")
    found = {
        (str(row["lever"]), str(row["other"])): Estimate(*(float(row[n]) for n in _PAIR_COLUMNS))
        * measure.factor
        for row in rows
    }
    return dict(sorted(found.items(), key=lambda item: -abs(item[1].middle)))


def _sentence(effects: dict[str, Estimate], measure: Measure) -> str:
    """`Overdose deaths: lowest with a billion a year more for Harm reduction, ...` and so on."""
    manner = measure.manner
    lower, higher = (_clear(effects, sign) for sign in (-1, 1))
    if not lower and not higher:
        return f"{measure.title}: no lever's billion makes a clear difference."
    told = [f"no lever's billion makes for clearly {manner.fewer}"]
    if lower:
        told = list(_told(effects, lower, ("lowest", manner.fewer), manner))
    if higher:
        told += _told(effects, higher, ("Highest", manner.more), manner)
    return f"{measure.title}: {'. '.join(told)}."


def _clear(effects: dict[str, Estimate], sign: int) -> list[str]:
    """Levers whose difference is clearly of this sign, the furthest from zero first."""
    own = [name for name, effect in effects.items() if effect.direction == sign]
    return sorted(own, key=lambda name: -abs(effects[name].middle))


def _told(
    effects: dict[str, Estimate], names: Sequence[str], words: tuple[str, str], manner: Manner
) -> Iterator[str]:
    """The first of these levers with its numbers, which may be as far out, and the other ones."""
    first, *others = names
    near = [name for name in others if _overlap(effects[first], effects[name])]
    rest = [name for name in others if name not in near]
    amount = difference_text(effects[first], manner)
    as_well = f"; as their intervals overlap, it may as well be {_either(near)}" if near else ""
    yield f"{words[0]} with a billion a year more for {TITLES[first]}, {amount}{as_well}"
    if rest:
        yield f"Clearly {words[1]} too: {_titles(rest)}"


def _overlap(one: Estimate, other: Estimate) -> bool:
    return one.low <= other.high and other.low <= one.high


def _titles(names: Sequence[str]) -> str:
    return ", ".join(TITLES[name] for name in names)


def _either(names: Sequence[str]) -> str:
    *before, last = (TITLES[name] for name in names)
    return f"{', '.join(before)} or {last}" if before else last


def _survivors(tables: MarginsTables) -> Iterator[str]:
    """Where fewer deaths and more people with addiction go together, that those who live count."""
    addicted, deaths = (effects_of(tables, measure) for measure in HEADLINES[:2])
    both = [n for n in deaths if deaths[n].direction < 0 and addicted[n].direction > 0]
    if both:
        yield (
            f"Fewer die and more have an addiction with a billion a year more for {_titles(both)}: "
            "whoever survives an overdose is still counted among people with addiction."
        )


def _unused(tables: MarginsTables) -> str:
    shares = unused_shares(tables)
    if not shares:
        return "Of no lever's billion does more than 1 % find no use."
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    told = ", ".join(f"{percent(share)} for {TITLES[name]}" for name, share in ordered)
    return f"Money of the billion that finds no use: {told}."


def _pairs(tables: MarginsTables) -> Iterator[str]:
    none = []
    for measure in HEADLINES:
        found = pairs_of(tables, measure)
        clear = {pair: effect for pair, effect in found.items() if effect.direction}
        if not clear:
            none.append(measure.title)
            continue
        yield f"{measure.title}: {_counts(clear, len(found))}. {_strongest(clear, measure.manner)}."
    if none and len(none) == len(HEADLINES):
        yield "No two levers clearly help or spoil each other in any of these outcomes."
    elif none:
        yield f"No two levers clearly help or spoil each other in: {', '.join(none)}."


def _counts(clear: dict[Pair, Estimate], n: int) -> str:
    """`in 2 of 78 pairs the levers clearly help each other, in 1 they clearly spoil each other`."""
    n_help = sum(effect.direction < 0 for effect in clear.values())
    n_spoil = len(clear) - n_help
    if not n_help:
        return f"in {n_spoil} of {n} pairs the two levers clearly spoil each other"
    spoil = f", in {n_spoil} they clearly spoil each other" if n_spoil else ""
    return f"in {n_help} of {n} pairs the two levers clearly help each other{spoil}"


def _strongest(clear: dict[Pair, Estimate], manner: Manner) -> str:
    """`Strongest, against the sum of each alone: Interdiction with Intelligence sharing, ...`."""
    named = []
    for pair, effect in list(clear.items())[:_PAIRS_NAMED]:
        amount = difference_text(effect, manner).partition(" (")[0]
        named.append(f"{' with '.join(TITLES[name] for name in pair)}, {amount}")
    start = "Strongest, against the sum of each alone" if len(clear) > 1 else "Against that sum"
    return f"{start}: {'; '.join(named)}"


def terminal_table(tables: MarginsTables, encoding: str = "utf-8") -> "Table":
    """A row a lever, by side: what a billion does to each headline outcome, clear ones marked."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    about = "±" if encoding.lower().startswith("utf") else "+/-"
    shown = Table(
        box=box.HORIZONTALS,
        title=f"A billion USD a year more, added to {tables.scenario}",
        caption_justify="left",
    )
    shown.add_column("a billion more for", overflow="fold", min_width=25)
    cells = []
    for reading, head in zip(MARGINS, _HEADS, strict=False):
        shown.add_column(Text(head), justify="right", vertical="bottom")
        cells.append(_cells(margins_of(tables, reading), about))
    words = f"Difference {about} half its interval; * where the interval leaves out zero."
    shown.caption = below_table(words, (text for one in cells for text in one.values()))
    shown.add_column(Text("finds\nno use"), justify="right")
    unused = unused_shares(tables)
    for side in SIDES:
        shown.add_section()
        shown.add_row(Text(side, style="bold"))
        for name in LEVERS_OF_SIDE[side]:
            share = percent(unused[name]) if name in unused else ""
            shown.add_row(TITLES[name], *(one[name] for one in cells), share)
    return shown


def _cells(amounts: pd.DataFrame, about: str) -> dict[str, str]:
    """By lever: `* -58.0 ±9.1`; as many decimals in the whole column."""
    decimals, rows = decimals_of(amounts["middle"]), {}
    every: Any = amounts.itertuples()
    for row in every:
        effect = Estimate(row.middle, row.low, row.high)
        mark = "* " if effect.direction else ""
        rows[str(row.Index)] = f"{mark}{short_text(effect, decimals, about)}"
    return rows
