"""Says what a lever, an assumption or an outcome is: meaning, unit, range, source, who uses it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from policymix.assumptions import Assumption, ledger, sources
from policymix.errors import InputError
from policymix.levers import LEVER_NAMES, LEVERS, Lever
from policymix.outcomes import BY_NAME, OUTCOMES, Outcome
from policymix.problems import did_you_mean, quote
from policymix.version import program

_GRADES: Final = {
    "A": "A, solid",
    "B": "B, usable",
    "C": "C, weak: assumed, unconfirmed or an order of magnitude",
}


def explanation(name: str) -> list[str]:
    """Lines about one lever, assumption or outcome. Raises InputError for an unknown name."""
    lines: list[str] = []
    for lever in LEVERS:
        if lever.name == name:
            lines += _of_lever(lever)
    if name in ledger():
        lines += _of_assumption(ledger()[name])
    if name in BY_NAME:
        lines += _of_outcome(BY_NAME[name])
    if not lines:
        known = [*LEVER_NAMES, *ledger(), *BY_NAME]
        raise InputError(
            f"{quote(name)}: no lever, assumption or outcome has this name; "
            f"`{program()} explain` lists them.{did_you_mean(name, known)}"
        )
    return lines


def overview() -> list[str]:
    """Lines naming every lever, assumption and outcome with its meaning."""
    lines = ["Levers, by side (billion USD a year today):"]
    for lever in LEVERS:
        today = ledger()[f"spend_{lever.name}"].value
        lines.append(f"  {lever.name} ({lever.side}, {today:g}): buys {lever.buys}")
    lines += ["", "Assumptions (value, unit, grade):"]
    for entry in ledger().values():
        lines.append(f"  {entry.name} = {entry.value:g} {entry.unit} [{entry.grade}]")
    lines += ["", "Outcomes (unit):"]
    lines += [f"  {one.name} ({one.unit}): {one.meaning}" for one in OUTCOMES]
    return lines


def _of_lever(lever: Lever) -> Iterator[str]:
    yield f"{lever.name} is a lever: {lever.title}, on the {lever.side} side."
    yield f"  buys      {lever.buys}"
    yield f"  acts on   {lever.acts_on}"
    yield f"  evidence  {', '.join(lever.evidence)}"
    related = [name for name in ledger() if name.endswith(f"_{lever.name}")]
    yield f"  numbers   {', '.join(related)}, spent_{lever.name} (outcome)"


def _of_assumption(entry: Assumption) -> Iterator[str]:
    yield f"{entry.name} is an assumption: {entry.meaning}"
    yield f"  value      {entry.value:g} {entry.unit}"
    yield f"  drawn      {entry.low:g} to {entry.high:g} when worlds are sampled"
    yield f"  permitted  {entry.min:g} to {entry.max:g}"
    yield f"  grade      {_GRADES[entry.grade]}"
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
