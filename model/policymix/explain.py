"""Says what a lever, an assumption, an outcome or a row of the evidence is, and who uses it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from policymix.assumptions import (
    GRADES,
    Assumption,
    as_written,
    central_world,
    ledger,
    sources,
)
from policymix.errors import InputError
from policymix.evidence import evidence, of_evidence
from policymix.left_out import LINES
from policymix.levers import LEVER_NAMES, LEVERS, Lever, SaturatingCurve, curves
from policymix.outcomes import BY_NAME, OUTCOMES, Outcome
from policymix.problems import did_you_mean, printable, quote
from policymix.version import program
from policymix.writing import whole_file

if TYPE_CHECKING:
    from policymix.drawing import LabelledFigure

_AMOUNTS: Final = (("half", 0.5), ("double", 2.0), ("triple", 3.0))
_KINDS: Final[dict[str, Literal["png", "svg"]]] = {".png": "png", ".svg": "svg"}
_MOST_DRAWN: Final = 3.0
_POINTS: Final = 61
_CURVE_NOTE: Final = (
    "Volume is what money buys, at the ledger's central values; what it does to people, cartels "
    "and countries is another matter. Money of scenarios that change over the years is their mean."
)


def explanation(name: str) -> list[str]:
    """Lines about one lever, assumption, outcome or row of the evidence, such as C41.

    Raises InputError for an unknown name.
    """
    lines: list[str] = []
    for lever in LEVERS:
        if lever.name == name:
            lines += _of_lever(lever)
    if name in ledger():
        lines += _of_assumption(ledger()[name])
    if name in BY_NAME:
        lines += _of_outcome(BY_NAME[name])
    if name in evidence():
        lines += of_evidence(name)
    if not lines:
        known = [*LEVER_NAMES, *ledger(), *BY_NAME, *evidence()]
        raise InputError(
            f"{quote(name)}: no lever, assumption or outcome has this name, nor has a row of the "
            f"evidence; `{program()} explain` lists the names, and scenarios/ledger/evidence.md "
            f"the rows.{did_you_mean(name, known)}"
        )
    return lines


def overview() -> list[str]:
    """Lines naming every lever, assumption and outcome with its meaning, and what is left out."""
    lines = ["Levers, by side (billion USD a year today):"]
    for lever in LEVERS:
        today = ledger()[f"spend_{lever.name}"].value
        lines.append(f"  {lever.name} ({lever.side}, {today:g}): buys {lever.buys}")
    lines += ["", "Assumptions (value, unit, grade):"]
    for entry in ledger().values():
        lines.append(f"  {_value_line(entry)}")
    lines += ["", "Outcomes (unit):"]
    lines += [f"  {one.name} ({one.unit}): {one.meaning}" for one in OUTCOMES]
    lines += ["", "What the model leaves out:", *(f"  {line}" for line in LINES)]
    return lines


def _value_line(entry: Assumption) -> str:
    return f"{entry.name} = {as_written(entry.value)} {entry.unit} [{entry.grade}]"


def write_figure(name: str | None, path: Path) -> str:
    """Write a lever's curve as a new PNG or SVG file; returns a line that says so.

    Raises InputError for another kind of file, one that is there already, or what is no lever.
    """
    kind = path.suffix.lower()
    if kind not in _KINDS:
        raise InputError(f"--figure: read {quote(str(path))}, allowed is a file .png or .svg")
    if path.exists():
        raise InputError(f"{printable(str(path))}: exists already and is left alone")
    content = lever_figure(name or "").file_bytes(_KINDS[kind])
    with whole_file(path) as file:
        file.write(content)
    return f"Wrote {printable(str(path))}"


def lever_figure(name: str) -> "LabelledFigure":
    """What the lever's money buys, with the money that the shipped scenarios give it.

    Raises InputError for anything that is no lever.
    """
    if name not in LEVER_NAMES:
        raise InputError(
            f"--figure: read {quote(name)}, allowed is a lever: {', '.join(LEVER_NAMES)}."
            f"{did_you_mean(name, LEVER_NAMES)}"
        )
    import numpy as np
    import pandas as pd

    from policymix.figures_levers import lever_curve
    from policymix.scenario import load_scenario, shipped_names
    from policymix.studies.settings import mean_money

    curve, at = curves(central_world())[name], LEVER_NAMES.index(name)
    spend = np.unique([*np.linspace(0.0, _MOST_DRAWN * curve.today, _POINTS), curve.today])
    lines = pd.DataFrame({"spend": spend, "volume": [curve.volume(x) for x in spend.tolist()]})
    money = {one: mean_money(load_scenario(one))[at] for one in shipped_names()}
    scenarios = pd.DataFrame(
        [(one, spent, curve.volume(spent)) for one, spent in money.items()],
        columns=["scenario", "spend", "volume"],
    )
    limits = pd.DataFrame(_limits(name), columns=["volume", "meaning"])
    lever = LEVERS[at]
    return lever_curve(lines, scenarios, limits, lever.title, lever.buys, [_CURVE_NOTE])


def _limits(name: str) -> list[tuple[float, str]]:
    """(volume, meaning) of what this lever cannot exceed."""
    curve = curves(central_world())[name]
    if isinstance(curve, SaturatingCurve):
        return [(curve.most, "never reached, whatever the money")]
    if name == "prevention":
        from policymix.response import Responses

        most = Responses.of(central_world()).most_prevention()
        return [(most, "every pupil is reached; money beyond finds no use")]
    return []


def _money_lines(name: str) -> Iterator[str]:
    """How much volume some amounts of money buy, and what cannot be exceeded."""
    curve = curves(central_world())[name]
    yield f"  today     {curve.today:.3g} billion USD a year; other amounts buy"
    for words, factor in _AMOUNTS:
        volume = curve.volume(factor * curve.today)
        yield f"            {words} ({factor * curve.today:.3g}): {volume:.3g} times today's volume"
    for volume, meaning in _limits(name):
        yield f"  limit     {volume:.3g} times today's: {meaning}"


def _of_lever(lever: Lever) -> Iterator[str]:
    yield f"{lever.name} is a lever: {lever.title}, on the {lever.side} side."
    yield f"  buys      {lever.buys}"
    yield f"  acts on   {lever.acts_on}"
    yield f"  evidence  {', '.join(lever.evidence)}"
    yield from _money_lines(lever.name)
    yield f"  outcome   spent_{lever.name}"
    yield "  leans on (value, unit, grade; `explain NAME` tells each)"
    for name in (f"spend_{lever.name}", *lever.numbers):
        yield f"    {_value_line(ledger()[name])}"


def _of_assumption(entry: Assumption) -> Iterator[str]:
    yield f"{entry.name} is an assumption: {entry.title}."
    yield f"  meaning    {entry.meaning}"
    yield f"  value      {as_written(entry.value)} {entry.unit}"
    yield f"  range      {_range(entry)}"
    yield f"  permitted  {as_written(entry.min)} to {as_written(entry.max)}"
    yield f"  grade      {GRADES[entry.grade]}"
    for place in entry.source:
        if place == "assumed":
            yield "  source     assumed"
        else:
            told = sources()[place]
            yield f"  source     {told.authors} ({told.year}). {told.title}. {told.where}"
    if entry.evidence:
        yield f"  evidence   {', '.join(entry.evidence)}"
    if entry.why:
        yield f"  why        {entry.why}"
    yield f"  used by    {', '.join(readers(entry.name)) or 'nobody'}"


def _range(entry: Assumption) -> str:
    """The range, and whether sampled worlds differ in it."""
    none = entry.low == entry.high
    told = "none" if none else f"{as_written(entry.low)} to {as_written(entry.high)}"
    if entry.is_drawn:
        return f"{told}; drawn when worlds are sampled"
    why = ", for it describes the start" if entry.start else ""
    return f"{told}; held when worlds are sampled{why}"


def _of_outcome(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.name} is an outcome: {outcome.meaning}"
    yield f"  unit  {outcome.unit}"
    yield f"  kind  {outcome.kind}"


def readers(assumption: str) -> list[str]:
    """The rooms whose code reads this entry of the ledger."""
    return [
        room
        for room, patterns in _readings()
        if any(re.fullmatch(pattern, assumption) for pattern in patterns)
    ]


@cache
def _readings() -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    for path in sorted(Path(__file__).parent.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if ".number(" in text:
            patterns = tuple(_patterns(ast.parse(text)))
            found += [(path.stem, patterns)] if patterns else []
    return tuple(found)


def _patterns(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr == "number" and len(node.args) == 2:
            name = node.args[0]
            if isinstance(name, ast.Constant):
                yield re.escape(str(name.value))
            elif isinstance(name, ast.JoinedStr):
                yield "".join(
                    re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+"
                    for p in name.values
                )
