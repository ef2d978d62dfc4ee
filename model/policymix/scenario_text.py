"""Writes scenario files: one with every number that was used, and one to start from."""

import re
from collections.abc import Iterator, Mapping
from math import fsum
from typing import Any, Final

from policymix.assumptions import central_world, ledger
from policymix.errors import InputError
from policymix.label import LABEL
from policymix.levers import LEVER_NAMES, LEVERS_OF_SIDE, SIDES, today_spend
from policymix.problems import printable, quote
from policymix.scenario_parts import Funding, Scenario, Setup
from policymix.scenario_schema import SCHEMA_FILE
from policymix.units import MONTHS_PER_YEAR
from policymix.version import program

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_WINDOWS_DEVICE = re.compile(r"(?i)con|prn|aux|nul|com[0-9]|lpt[0-9]")
_SHORT_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def name_refusal(name: str) -> str:
    """Why a scenario cannot be called `name`, since result files will be; empty if it can."""
    if _WINDOWS_DEVICE.fullmatch(name):
        return f"a scenario cannot be called {quote(name)}: Windows keeps that name to itself"
    if _SAFE_NAME.fullmatch(name):
        return ""
    near = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_-")[:64]
    hint = f" Did you mean {near}?" if near and not name_refusal(near) else ""
    return (
        f"a scenario cannot be called {quote(name)}: allowed are 1 to 64 letters (a-z), digits, "
        f"_ and -, a letter or digit first, since result files get its name.{hint}"
    )


def toml_text(text: str) -> str:
    """A text as a TOML string on one line, everything unprintable escaped."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def resolved_toml(scenario: Scenario) -> str:
    """The scenario with every number that it uses, as a file that loads to an equal one.

    Floats are the shortest that read back exactly. Assumptions carry their units as comments.
    """
    lines = [
        f"# {LABEL}",
        "# Fully resolved: every number that was used. Money in billion US dollars a year.",
        "",
        f"title = {toml_text(scenario.title)}",
        f"summary = {toml_text(scenario.summary)}",
        "",
        *_mix_lines("funding", scenario.phases[0].funding),
    ]
    for phase in scenario.phases[1:]:
        lines += [
            "[[phases]]",
            f"from_year = {(phase.first_month - 1) / MONTHS_PER_YEAR!r}",
            f"ramp_months = {phase.ramp_months}",
            "",
            *_mix_lines("phases.funding", phase.funding),
        ]
    lines += ["[setup]", *_setup_lines(scenario.setup), "", "[assumptions]"]
    return "\n".join([*lines, *_assumption_lines(scenario), ""])


def _mix_lines(table: str, funding: Funding) -> Iterator[str]:
    yield f"[{table}]"
    yield f"treatment_in_custody = {str(funding.treatment_in_custody).lower()}"
    yield f"[{table}.levers]"
    for name, spend in zip(LEVER_NAMES, funding.spend, strict=True):
        yield f"{name} = {float(spend)!r}"
    yield ""


def _setup_lines(setup: Setup) -> list[str]:
    return [f"{name} = {size}" for name, size in vars(setup).items()]


def _assumption_lines(scenario: Scenario) -> Iterator[str]:
    for name, value in scenario.world().values.items():
        yield f"{name} = {float(value)!r}  # {ledger()[name].unit}"


def new_scenario_text(name: str, title: str = "", schema: str = f"./{SCHEMA_FILE}") -> str:
    """A commented scenario called `name` to start from: valid as written, on today's total.

    `title` defaults to the name in words; `schema` is where an editor finds the JSON Schema,
    as seen from the new file. Raises InputError for a name or title that cannot be.
    """
    if problem := name_refusal(name):
        raise InputError(problem)
    title = title or name.replace("_", " ").replace("-", " ").capitalize()
    if not title.strip() or len(title) > 200:
        raise InputError(f"title: read {quote(title)}, allowed is text of 1 to 200 characters")
    today = today_spend(central_world())
    sides = {side: fsum(today[name] for name in LEVERS_OF_SIDE[side]) for side in SIDES}
    example = ledger()[_EXAMPLE_ASSUMPTION]
    return _NEW.format(
        program=program(),
        schema=printable(schema),
        label=LABEL,
        title=toml_text(title),
        total=f"{fsum(today.values()):.12g}",
        sides=_share_lines(sides),
        demand=_share_lines({name: today[name] for name in LEVERS_OF_SIDE["demand"]}),
        later="\n".join(f"#{name} = {spend!r}" for name, spend in today.items()),
        levers="\n".join(f"{name} = {spend!r}" for name, spend in today.items()),
        meaning=example.meaning,
        assumption=f"#{example.name} = {example.high!r}",
        setup="\n".join(f"#{line}" for line in _setup_lines(Setup())),
    )


def _share_lines(amounts: Mapping[Any, float]) -> str:
    """Amounts as shares with two decimals that sum to 1, a comment line each."""
    total = fsum(amounts.values())
    shares = {name: round(amount / total, 2) for name, amount in amounts.items()}
    largest = max(shares, key=lambda name: shares[name])
    shares[largest] = round(1 - fsum(v for k, v in shares.items() if k != largest), 2)
    return "\n".join(f"#   {name} = {share}" for name, share in shares.items())


_EXAMPLE_ASSUMPTION: Final = "share_willing_waiting"
_NEW: Final = """\
#:schema {schema}
# {label}

# How to use this file: change a number, save, and run `{program} compare baseline` with
# this file's path after it. `{program} check` with the path reads it and runs nothing.
# A line that starts with # is a comment. To use a line such as #months = 120, delete its #.

# Who reads the results sees the title; the summary says what you changed and why.
title = {title}
summary = "Today's mix, so far. Say here what you changed, and what you expect."

# The mix: what each lever gets, in billion US dollars a year. This is today's; move money by
# changing two lines or more. The first five are supply, the next five demand, the last three
# cooperation with other countries.
[funding]
# Treatment money may also serve people in custody:
#treatment_in_custody = true
[funding.levers]
{levers}

# Instead of levers you may name a total and the shares of the three sides, which sum to 1. Then
# take away all lines of [funding.levers]: a file uses one of the two forms. Close to today's mix:
#   [funding]
#   total = {total}
{sides}
# Inside a side the money is then split as today, unless you name the shares of every lever of
# it. The others are [funding.supply_split] and [funding.cooperation_split].
#   [funding.demand_split]
{demand}

# A later mix. It starts after from_year years and is reached step by step over ramp_months.
# You may write several, one after the other in order of time, all in the same form as above.
#[[phases]]
#from_year = 3
#ramp_months = 24
#[phases.funding.levers]
{later}

# What you believe about the world, where you disagree with the ledger of assumptions.
# `{program} explain` lists them all, each with its range and source. For example:
# {meaning}
#[assumptions]
{assumption}

# The size of the toy world; all scenarios that are compared need the same.
#[setup]
{setup}
"""
