"""What stands in each section of the report of `robust`, as texts and tables, before it is HTML."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from policymix.numerals import percent
from policymix.robust_readings import (
    SHOWN,
    Pair,
    RobustTables,
    box,
    drawn_differences,
    n_alike,
    reversals,
    verdict,
)
from policymix.studies.amounts import Estimate, significant
from policymix.studies.amounts import scale_of as scale_of_amounts
from policymix.studies.measures import HEADLINES, Measure
from policymix.studies.notes import duration
from policymix.studies.pages import Sheet
from policymix.studies.question import Question
from policymix.studies.robust_words import HAS_LESS, sentence
from policymix.studies.sections import held_words

_DIGITS: Final = 3
OUTCOMES: Final = tuple(reading.title for reading in SHOWN)
"""What a ranking is about, in the order of all tables."""
_EXAMPLE: Final = 1
"""The world that is shown where no ranking is reversed in any."""


def heading(question: Question) -> str:
    """The title of the report."""
    if len(question.names) == 2:
        return f"Does {question.names[0]} still beat {question.names[1]}?"
    return f"Does the ranking still hold? {len(question.names)} funding mixes in many worlds"


def asked_sentence(question: Question) -> str:
    """What was asked, in one sentence."""
    n, span = question.sizes["worlds"], duration(question.setup.months)
    first, *others = question.names
    than = f"does {first} have less than {others[0]}"
    if len(others) > 1:
        every = f"{', '.join([first, *others[:-1]])} and {others[-1]}"
        than = f"does each of {every} have less than each other"
    return (
        f"In what share of {n:,} sampled worlds {than} of addiction, overdose deaths, cartel "
        f"revenue and cartel profit over {span}, and under which assumptions not?"
    )


def told(tables: RobustTables) -> list[tuple[Pair, list[str]]]:
    """The sentences of each pair, an outcome each."""
    return [
        (pair, [sentence(tables, pair, reading.outcome) for reading in SHOWN])
        for pair in tables.pairs()
    ]


def shares_sheet(tables: RobustTables, pair: Pair) -> Sheet:
    """Who has less of what, in which share of worlds, with its interval."""
    rows = []
    for reading in SHOWN:
        one = verdict(tables, pair, reading.outcome)
        n = len(drawn_differences(tables, pair, reading.outcome))
        n_reversed, n_same = (f(tables, pair, reading.outcome) for f in (reversals, n_alike))
        ends = f"{percent(one.low)[:-2]} to {percent(one.high)}"
        share = (one.better, one.share_words.partition(" of ")[0].partition(" (")[0], ends)
        rows.append(
            (
                reading.title,
                *(("neither: both are the same", "", "") if one.is_same else share),
                f"{n_reversed:,} of {n:,}",
                f"{n_same:,} of {n:,}",
            )
        )
    heads = ("outcome", "has less in more worlds", "share of worlds", "95 % interval")
    worlds = ("the other has less in", "both come out alike in")
    return Sheet(f"Shares of worlds: {pair[0]} and {pair[1]}", (*heads, *worlds), tuple(rows))


def regret_sheets(tables: RobustTables) -> Iterator[Sheet]:
    """Mean, 90th percentile and worst regret of each scenario, a table an outcome."""
    for measure in HEADLINES:
        own = tables.regret[tables.regret["outcome"] == measure.outcome]
        numbers = own.set_index("scenario")[["mean", "high", "worst"]] * measure.factor
        if numbers.empty:
            continue
        scale = scale_of_amounts(Estimate(float(x)) for x in numbers.to_numpy().ravel())
        rows = tuple(
            (str(name), *(significant(float(x) / scale.factor, _DIGITS) for x in row))
            for name, row in zip(numbers.index, numbers.to_numpy().tolist(), strict=True)
        )
        title = f"{measure.title}{_unit(scale.word, measure)}"
        heads = ("scenario", "mean", "in one world of ten more than", "worst world")
        yield Sheet(title, heads, rows)


def _unit(word: str, measure: Measure) -> str:
    unit = " ".join(part for part in (word, measure.manner.unit) if part)
    people = " people" if measure.outcome == "addicted" else ""
    return f" [{unit}{people}]" if unit or people else ""


@dataclass(frozen=True)
class Replay:
    """One world to look at: its number, what it is an example of, and the command."""

    world: int
    words: str
    command: str


def replay(tables: RobustTables, question: Question) -> Replay:
    """A world in which a ranking is reversed, in a box if there is one; else the first."""
    world, words = _example(tables)
    files = [f"scenarios/{name}.toml" for name in question.names]
    numbers = {
        "--world": world,
        "--seed": question.seed,
        "--people": question.setup.people,
        "--months": question.setup.months,
        "--replicates": question.replicates,
    }
    options = [str(part) for option in numbers.items() for part in option]
    command = ["policymix", "compare", *files, "--against", files[-1], *options]
    return Replay(world, words, shlex.join([*command, *held_words(question)]))


def _example(tables: RobustTables) -> tuple[int, str]:
    found = [(pair, one.outcome) for pair in tables.pairs() for one in SHOWN]
    for pair, outcome in sorted(found, key=lambda two: not box(tables, *two)):
        differences, one = drawn_differences(tables, pair, outcome), verdict(tables, pair, outcome)
        turned = differences[(differences > 0) if one.better == pair[0] else (differences < 0)]
        drawn = tables.draws.set_index("world")
        drawn = drawn[drawn.index.isin(turned.index)]
        for bound in box(tables, pair, outcome):
            drawn = drawn[bound.holds(drawn[bound.assumption])]
        if len(drawn) and not one.is_same:
            return int(drawn.index[0]), f"There, {one.worse} {HAS_LESS[outcome]} than {one.better}."
    worlds = drawn_differences(tables, tables.pairs()[0], SHOWN[0].outcome).index
    return int(worlds[0]) if len(worlds) else _EXAMPLE, ""
