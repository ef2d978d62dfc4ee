"""What `validate` says in words: how many findings the model shows, and which it misses."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from policymix.assumptions import ledger
from policymix.experiments.findings import Kind, Part, findings
from policymix.experiments.suites import suite
from policymix.experiments.verdicts import (
    DIRECTION,
    HOLDS,
    IN_PART,
    MISSED,
    NOT,
    NOT_TESTABLE,
    SHOWN,
    UNTOLD,
)
from policymix.numerals import percent, plain
from policymix.studies.kinds import VALIDATE
from policymix.studies.question import Question
from policymix.validate_readings import ValidationTables, number_words, rows_of

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

_ORDER: Final = (SHOWN, DIRECTION, MISSED, UNTOLD, NOT_TESTABLE)
_CLAIM_ORDER: Final = (HOLDS, IN_PART, NOT, UNTOLD)


def notes(question: Question, tables: "Mapping[str, pd.DataFrame]") -> Iterator[str]:
    """What stands beside every table and figure; tables say how many worlds are possible."""
    setup, n, n_worlds = question.setup, question.replicates, question.sizes["worlds"]
    word = "replicate" if n == 1 else "replicates"
    yield (
        f"{n:,} {word} of {setup.people:,} simulated people in the central world, 1 in each of "
        f"{n_worlds:,} sampled ones; {setup.months} months at most; intervals are 95 %. Extreme "
        f"conditions: {min(setup.people, suite('extremes').people):,} people."
    )
    left_out = {
        where: n_worlds - int(tables[name]["worlds"].max())
        for name, where in (("facts", "in general"), ("rand", "in RAND's comparison"))
    }
    if any(left_out.values()):
        told = " and ".join(f"{n_impossible:,} {where}" for where, n_impossible in left_out.items())
        yield (
            f"Worlds without a balance to start from, or with an experiment that has none, are "
            f"left out: {told}, of {n_worlds:,}."
        )
    yield (
        "One replicate in a world is partly chance: compare a share of worlds with the share of "
        "replicates of the central world beside it."
    )
    if question.held:
        told = ", ".join(f"{name} = {value:g}" for name, value in question.held.items())
        yield f"Not drawn, but held unless an experiment sets it itself: {told}."
    if n < VALIDATE.replicates or n_worlds < VALIDATE.sizes["worlds"].default:
        yield (
            "A first answer: a full study has "
            f"{VALIDATE.replicates} replicates and {VALIDATE.sizes['worlds'].default} worlds."
        )


def sentences(tables: ValidationTables) -> Iterator[str]:
    """Lines that start with `- `."""
    yield from fact_sentences(tables)
    yield claim_sentence(tables)


def fact_sentences(tables: ValidationTables) -> Iterator[str]:
    """Of facts, extreme conditions and RAND's table."""
    facts = tables.verdicts("facts")
    shown = [findings("facts")[name] for name, one in facts.items() if one == SHOWN]
    n_built = sum(one.built_in for one in shown)
    counted = f"{_counted(facts.values(), _ORDER)}. Of those shown, {n_built} are built in"
    yield f"- Of {len(facts)} published findings: {counted}."
    for verdict in (MISSED, DIRECTION, UNTOLD):
        names = [name for name, one in facts.items() if one == verdict]
        if names:
            told = "; ".join(_with_parts(tables, name, verdict) for name in names)
            yield f"- {verdict.capitalize()}: {told}."
    extremes = tables.extremes
    n_fail = int((extremes["failed"] > 0).sum())
    told = "every one holds" if not n_fail else f"{n_fail} fail somewhere"
    yield f"- Of {len(extremes)} extreme conditions in {_worlds(extremes)} worlds, {told}."
    yield f"- {rand_sentence(tables)}"


def _with_parts(tables: ValidationTables, name: str, verdict: str) -> str:
    """`2. Pressure on one route moves the flow to others (of 3 numbers, this one: ...)`."""
    own = tables.facts[tables.facts["fact"] == name]
    parts = [
        part.title.lower()
        for finding, part, row in rows_of(own, "facts")
        if row.part_verdict == verdict and len(finding.tested) > 1
    ]
    finding = findings("facts")[name]
    of_all = f" (of {len(finding.tested)} numbers: {'; '.join(parts)})" if parts else ""
    return f"{finding.number}. {finding.title}{of_all}"


def claim_sentence(tables: ValidationTables) -> str:
    """How many arguments hold in the central world, and in how many others each does."""
    claims = tables.verdicts("claims")
    counted = _counted(claims.values(), _CLAIM_ORDER)
    counted = counted.replace("holds", "hold").replace("does", "do")
    told = f"- Of {len(claims)} arguments, in the central world: {counted}."
    shares = whole_shares(tables.claims)
    known = {name: share for name, share in shares.items() if isfinite(share)}
    if not known:
        return told
    n_worlds = int(tables.claims["worlds"].max())
    each = ", ".join(
        f"{findings('claims')[name].letter} in {share * n_worlds:,.0f}"
        for name, share in known.items()
    )
    return f"{told} Of {n_worlds:,} sampled worlds, each holds with all its parts: {each}."


def rand_sentence(tables: ValidationTables) -> str:
    """The published ratios beside those found."""
    told = []
    for _, part, row in rows_of(tables.rand, "rand"):
        if part.is_expected:
            told.append(f"{part.title}: {number_words(row)} ({row.part_verdict})")
    return f"RAND's comparison on a budget like its own. {'. '.join(told)}."


def _worlds(extremes: "pd.DataFrame") -> str:
    return f"{int(extremes['worlds'].max()):,}"


def _counted(verdicts: Any, order: Sequence[str]) -> str:
    counts = Counter(verdicts)
    return ", ".join(f"{counts[one]} {one}" for one in order if counts[one])


def hangs_on(tables: ValidationTables, kind: Kind, finding: str) -> Iterator[str]:
    """What a finding's numbers hang on over worlds, a sentence each; facts have none."""
    if kind in tables.flips:
        yield from flip_sentences(tables.flips[kind], kind, finding)
        yield from related_sentences(tables.related[kind], kind, finding)


def related_sentences(table: "pd.DataFrame", kind: Kind, finding: str) -> Iterator[str]:
    """The assumptions that go most with each number, a sentence a part."""
    own = table[table[table.columns[0]] == finding]
    for part in findings(kind)[finding].tested:
        rows: Any = own[own["part"] == part.name].to_dict("records")
        if rows:
            told = "; ".join(_related(row) for row in rows)
            yield f"{part.title}: over worlds it goes most with {told}."


def _related(row: Any) -> str:
    weak = ", grade C" if row["grade"] == "C" else ""
    way = "higher" if row["rank_correlation"] > 0 else "lower"
    size = plain(abs(row["rank_correlation"]), 2)
    title = ledger()[row["assumption"]].title
    return f"{title} ({way} where that is more; rank correlation {size}{weak})"


def flip_sentences(table: "pd.DataFrame", kind: Kind, finding: str) -> Iterator[str]:
    """Where each part is decided the other way, a sentence a part."""
    column = table.columns[0]
    own = table[table[column] == finding]
    for part in findings(kind)[finding].tested:
        every: Any = own[own["part"] == part.name].to_dict("records")
        if every:
            yield _flip(part, every)


def _flip(part: Part, bounds: Sequence[Any]) -> str:
    told, first = " and ".join(_bound(bound) for bound in bounds), bounds[0]
    n_checked = int(first["checked_worlds"])
    return (
        f"{part.title}: decided the other way in {percent(first['share_inside'])} of worlds where "
        f"{told}, in {percent(first['share_outside'])} elsewhere (checked in {n_checked} worlds "
        "that had no part in finding it)."
    )


def _bound(bound: Any) -> str:
    entry = ledger()[bound["assumption"]]
    low, high = bound["from"], bound["to"]
    span = f"lies between {low:g} and {high:g}"
    if low <= entry.low:
        span = f"is below {high:g}"
    elif high >= entry.high:
        span = f"is above {low:g}"
    weak = ", grade C" if entry.grade == "C" else ""
    return f"{entry.title} {span} {entry.unit}{weak}"


def terminal_table(tables: ValidationTables) -> "Table":
    """A row a fact and a row a claim."""
    from rich import box
    from rich.table import Table

    shown = Table(
        box=box.HORIZONTALS,
        title="Published findings, and arguments, put to the model",
        caption="In so many sampled worlds every part is in its range.",
        caption_justify="left",
    )
    shown.add_column("", justify="right")
    shown.add_column("finding", overflow="fold", min_width=40)
    shown.add_column("verdict")
    shown.add_column("worlds", justify="right")
    for kind in ("facts", "claims"):
        shown.add_section()
        shares = whole_shares(tables.of(kind))
        for name, verdict in tables.verdicts(kind).items():
            one = findings(kind)[name]
            share = percent(shares[name]) if isfinite(shares[name]) else ""
            shown.add_row(str(one.number or one.letter), one.title, verdict, share)
    return shown


def whole_shares(table: "pd.DataFrame") -> dict[str, float]:
    """The share of worlds in which all of a finding's parts are in their ranges, by finding."""
    return {
        str(name): float(share)
        for name, share in zip(table[table.columns[0]], table["share_whole"], strict=True)
    }
