"""What a comparison leans on, in words: the assumptions that would move its differences most."""

import math
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from policymix.assumptions import GRADES, Assumption, as_written, ledger, sources
from policymix.studies.amounts import Estimate, Manner, Scale, scale_of, significant
from policymix.studies.measures import HEADLINES, Measure, pairs_of
from policymix.studies.question import Question

_MOST_PER_DIFFERENCE: Final = 3
_LINES_AN_EFFECT: Final = 8
_REASONS_NAMED: Final = 3
_DIGITS: Final = 2
_ROUGH: Final = 0.25


@dataclass(frozen=True)
class Reason:
    """An assumption that a result rests on: `end` says at which end of its range, if at one."""

    assumption: str
    letter: str
    end: str = ""


@dataclass(frozen=True)
class Doubts:
    """What stands beside the result of one outcome, all to first order.

    `rests` are the assumptions of the largest swings with their scenarios, `turns` the scenarios
    whose clear difference might change its sign, with the strongest reasons and how many more.
    `rough` are the scenarios whose simulated difference is not what single levers add up to.
    """

    rests: tuple[tuple[Reason, tuple[str, ...]], ...]
    turns: tuple[tuple[str, tuple[Reason, ...], int], ...]
    rough: tuple[str, ...] = ()


@dataclass(frozen=True)
class Effect:
    """What an assumption would make of one outcome: its title and unit, a line a scenario."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Lean:
    """One assumption as a row of the report."""

    name: str
    meaning: str
    value: str
    range: str
    unit: str
    letter: str
    grade: str
    sources: tuple[tuple[str, str], ...]
    why: str
    effects: tuple[Effect, ...]
    title: str = ""


def anchored(leaning: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """The leaning table with its changes put on the simulated differences, and a column `rough`.

    Rough are the differences that single levers do not add up to: further off than half the
    interval and than a quarter of the simulated difference.
    """
    parts = []
    for measure in HEADLINES:
        rows = leaning[leaning["outcome"] == measure.outcome]
        found = pairs_of(summary, measure)
        for name, own in rows.groupby("scenario", sort=False):
            simulated = found[str(name)].difference * (1 / measure.factor)
            off = float(own["difference"].iloc[0]) - simulated.middle
            half = (simulated.high - simulated.low) / 2 if simulated.has_interval else 0.0
            rough = abs(off) > max(half, _ROUGH * abs(simulated.middle))
            moved = own.assign(rough=rough)
            for column in ("difference", "at_low", "at_high"):
                moved[column] = own[column] - off
            parts.append(moved)
    if not parts:
        return leaning.assign(rough=False)
    return pd.concat(parts).sort_index()


def doubts(leaning: pd.DataFrame, summary: pd.DataFrame) -> dict[str, Doubts]:
    """By headline outcome, from an `anchored` table: what its differences lean on most, and what
    might turn a clear one.
    """
    found = {}
    for measure in HEADLINES:
        own = leaning[leaning["outcome"] == measure.outcome]
        rough = tuple(map(str, own.loc[own["rough"], "scenario"].unique()))
        turns = tuple(_turns(own, summary, measure))
        found[measure.outcome] = Doubts(tuple(_rests(own)), turns, rough)
    return found


def _rests(own: pd.DataFrame) -> Iterator[tuple[Reason, tuple[str, ...]]]:
    first = own.sort_values("swing", ascending=False, kind="stable").drop_duplicates("scenario")
    for name, rows in first.groupby("assumption", sort=False):
        yield _reason(str(name)), tuple(rows["scenario"])


def _turns(
    own: pd.DataFrame, summary: pd.DataFrame, measure: Measure
) -> Iterator[tuple[str, tuple[Reason, ...], int]]:
    for name, pair in pairs_of(summary, measure).items():
        sign = pair.difference.direction
        rows = own[own["scenario"] == name]
        beyond = [
            (float(row[f"at_{end}"]) * sign, str(row["assumption"]), end)
            for row in rows.to_dict("records")
            for end in ("low", "high")
            if row[f"at_{end}"] * sign < 0
        ]
        if beyond:
            strongest = sorted(beyond)[:_REASONS_NAMED]
            reasons = tuple(_reason(assumption, end) for _, assumption, end in strongest)
            yield name, reasons, len(beyond) - len(reasons)


def _reason(name: str, end: str = "") -> Reason:
    entry = ledger()[name]
    return Reason(
        name, entry.grade, f"{as_written(getattr(entry, end))} {entry.unit}" if end else ""
    )


def leans(leaning: pd.DataFrame, question: Question) -> list[Lean]:
    """The assumptions of the largest swing of every difference, and what would be otherwise.

    Where few scenarios are compared, the second and third largest too.
    """
    per_difference = max(1, _MOST_PER_DIFFERENCE + 1 - (len(question.scenarios) - 1))
    effects: dict[str, list[Effect]] = {}
    for measure in HEADLINES:
        own = leaning[leaning["outcome"] == measure.outcome]
        largest = own.sort_values("swing", ascending=False, kind="stable")
        top = largest.groupby("scenario", sort=False).head(per_difference)
        for name, rows in top.groupby("assumption", sort=False):
            effects.setdefault(str(name), []).append(_effect(rows, measure))
    worlds = [scenario.world().values for scenario in question.scenarios]
    return [
        lean_of(ledger()[name], {world[name] for world in worlds}, told)
        for name, told in sorted(effects.items(), key=lambda item: -len(item[1]))
    ]


def lean_of(
    entry: Assumption, values: Iterable[float], effects: Iterable[Effect], title: str = ""
) -> Lean:
    """An assumption as a row: its values in the scenarios, and what it would do to outcomes.

    A `title` stands above the name.
    """
    return Lean(
        entry.name,
        entry.meaning,
        " or ".join(as_written(value) for value in sorted(values)),
        f"{as_written(entry.low)} to {as_written(entry.high)}",
        entry.unit,
        entry.grade,
        GRADES[entry.grade],
        tuple(_source(place) for place in entry.source),
        entry.why,
        tuple(effects),
        title,
    )


def _source(place: str) -> tuple[str, str]:
    """(in words, address or nothing)."""
    if place == "assumed":
        return "assumed", ""
    told = sources()[place]
    return f"{told.authors} ({told.year}). {told.title}. {told.where}", told.url


def _effect(rows: pd.DataFrame, measure: Measure) -> Effect:
    """What one assumption at the ends of its range would make of an outcome's differences."""
    numbers = rows[["difference", "at_low", "at_high"]] * measure.factor
    scale = scale_of(Estimate(float(value)) for value in numbers.to_numpy().ravel())
    unit = " ".join(word for word in (scale.word, measure.manner.unit) if word)
    lines = [
        _otherwise(str(row["scenario"]), row, measure, scale) for row in rows.to_dict("records")
    ]
    if len(lines) > _LINES_AN_EFFECT:
        n_more = len(lines) - _LINES_AN_EFFECT
        lines = [*lines[:_LINES_AN_EFFECT], f"and {n_more} more scenarios"]
    return Effect(f"{measure.title} [{unit}]" if unit else measure.title, tuple(lines))


def _otherwise(name: str, row: dict[Hashable, Any], measure: Measure, scale: Scale) -> str:
    """`a: 0.7 fewer at the low end, 27 fewer at the high end, instead of 18 fewer`."""

    def amount(key: str) -> str:
        return _amount(row[key] * measure.factor / scale.factor, measure.manner)

    told = [
        f"{amount(f'at_{end}')} at the {end} end"
        for end in ("low", "high")
        if math.isfinite(row[f"at_{end}"])
    ]
    return f"{name}: {', '.join(told)}, instead of {amount('difference')}"


def _amount(value: float, manner: Manner) -> str:
    """`12 fewer`, or `no difference`."""
    if not value:
        return "no difference"
    return f"{significant(abs(value), _DIGITS)} {manner.more if value > 0 else manner.fewer}"
