"""Reads scenario files over the baseline: `load_scenario` and what goes with it.

A scenario is a shipped name or a path ending in `.toml`. All problems of a file are reported at
once, each with file, line, key, what was read and what is allowed.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from math import fsum
from numbers import Real
from pathlib import Path
from typing import Any

from policymix.assumptions import central_world, ledger, refusal
from policymix.errors import InputError
from policymix.levers import LEVER_NAMES, LEVERS_OF_SIDE, SIDES, today_spend
from policymix.problems import did_you_mean, near_file, printable, quote, refused, shown
from policymix.scenario_file import ScenarioForm, split_key
from policymix.scenario_parts import SETUP_BOUNDS, Funding, Phase, Scenario, Setup
from policymix.scenario_rules import assumption_hint, problems_of
from policymix.scenario_text import name_refusal, new_scenario_text, resolved_toml
from policymix.shipped import shipped_folder
from policymix.toml_lines import Lines
from policymix.toml_reading import parse_toml, read_toml
from policymix.units import MONTHS_PER_YEAR

__all__ = [
    "SETUP_BOUNDS",
    "Funding",
    "Phase",
    "Scenario",
    "Setup",
    "load_scenario",
    "new_scenario_text",
    "parse_scenario",
    "resolved_toml",
    "shipped_names",
]

BASELINE = "baseline"
_ENDING = ".toml"


def shipped_names() -> list[str]:
    """The names of the shipped scenarios: the baseline first, the others by alphabet."""
    names = (path.stem for path in shipped_folder().glob(f"*{_ENDING}"))
    return sorted((n for n in names if n[:1] != "."), key=lambda name: (name != BASELINE, name))


def load_scenario(
    name_or_path: str | os.PathLike[str], assume: Mapping[str, float] | None = None
) -> Scenario:
    """The scenario of a shipped name or of a file whose path ends in `.toml`.

    `assume` holds assumptions that beat the file's. Raises InputError with all problems.
    """
    if not isinstance(name_or_path, str | os.PathLike):
        raise InputError(
            f"scenario: read {shown(name_or_path)}, allowed is a shipped name, a path ending in "
            f"{_ENDING} or a loaded Scenario"
        )
    asked = os.fspath(name_or_path)
    path, file = _found(asked)
    if problem := name_refusal(path.stem):
        raise InputError(f"{printable(file)}: {problem}")
    table, lines = read_toml(path, file)
    scenario = _scenario(table, lines, path.stem, file, assume or {})
    return replace(scenario, is_shipped=asked in shipped_names())


def parse_scenario(
    data: bytes, name: str, file: str = "", assume: Mapping[str, float] | None = None
) -> Scenario:
    """The scenario in the bytes of a file, called `name`; `file` names it in messages.

    Raises InputError with all problems.
    """
    if problem := name_refusal(name):
        raise InputError(problem)
    file = file or name + _ENDING
    table, lines = parse_toml(data, file)
    return _scenario(table, lines, name, file, assume or {})


def _found(asked: str) -> tuple[Path, str]:
    """The path of what was asked for and its name in messages."""
    names = shipped_names()
    if asked in names:
        return shipped_folder() / (asked + _ENDING), asked + _ENDING
    if not asked.lower().endswith(_ENDING):
        raise InputError(_unknown_name(asked, names))
    path = Path(asked)
    if _is_missing(path):
        stem = path.name[: -len(_ENDING)]
        shipped = f" Did you mean {stem}?" if stem in names else ""
        hint = shipped or near_file(path, _ENDING) or did_you_mean(stem, names)
        raise InputError(f"{printable(asked)}: there is no such file.{hint}")
    return path, asked


def _is_missing(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        pass
    return False


def _unknown_name(asked: str, names: list[str]) -> str:
    beside = f"{asked}{_ENDING}"
    is_file = asked.isprintable() and os.path.isfile(beside)  # noqa: PTH113 - it never raises
    hint = f" Did you mean {beside}?" if is_file else did_you_mean(asked, names)
    return (
        f"{quote(asked)}: there is no shipped scenario of this name, and a path ends in {_ENDING}. "
        f"Shipped are {', '.join(names)}.{hint}"
    )


def _scenario(
    table: dict[str, Any], lines: Lines, name: str, file: str, assume: Mapping[str, float]
) -> Scenario:
    problems = problems_of(table)
    if problems:
        raise refused(file, problems, lines)
    if refusals := [reason for key, value in assume.items() if (reason := _refusal(key, value))]:
        raise InputError("\n".join(refusals))
    form = ScenarioForm.model_validate(table)
    chosen = {**form.assumptions, **assume}
    assumptions = {k: float(v) for k, v in chosen.items() if v != ledger()[k].value}
    return Scenario(
        name=name,
        title=form.title,
        summary=form.summary,
        phases=_phases(form, today_spend(central_world().with_values(assumptions))),
        assumptions=assumptions,
        setup=Setup(**form.setup.model_dump()),
        said=frozenset(form.setup.model_fields_set),
    )


def _refusal(name: str, value: float) -> str:
    """Why an assumption from outside a file is not permitted; empty if it is."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return f"assume {printable(name)}: read {shown(value)}, allowed is a number"
    reason = refusal(name, float(value))
    hint = "" if name in ledger() else assumption_hint(name)
    return f"assume {printable(reason)}.{hint}" if reason else ""


def _phases(form: ScenarioForm, today: Mapping[str, float]) -> tuple[Phase, ...]:
    """The mix from month 1 and the later ones; a total left out stays as it was."""
    if form.funding is None:
        funding = Funding(tuple(today.values()))
    else:
        funding = _funding(form.funding, today, fsum(today.values()))
    phases = [Phase(1, 0, funding)]
    for later in form.phases:
        funding = _funding(later.funding, today, funding.total())
        first_month = round(MONTHS_PER_YEAR * later.from_year) + 1
        phases.append(Phase(first_month, later.ramp_months, funding))
    return tuple(phases)


def _funding(form: Any, today: Mapping[str, float], total: float) -> Funding:
    if form.levers is not None:
        spend = tuple(getattr(form.levers, name) for name in LEVER_NAMES)
        return Funding(spend, form.treatment_in_custody)
    total = total if form.total is None else form.total
    spend_of: dict[str, float] = {}
    for side, side_share in _shares({side: getattr(form, side) for side in SIDES}).items():
        split = getattr(form, split_key(side))  # type: ignore[arg-type]
        amounts = {lever: today[lever] for lever in LEVERS_OF_SIDE[side]}  # type: ignore[index]
        for lever, share in _shares(split.model_dump() if split else amounts).items():
            spend_of[lever] = total * side_share * share
    spend = _summing_to(total, tuple(spend_of[name] for name in LEVER_NAMES))
    return Funding(spend, form.treatment_in_custody)


def _shares(amounts: Mapping[str, float]) -> dict[str, float]:
    """Amounts as shares of their sum; equal shares of nothing."""
    total = fsum(amounts.values())
    if total == 0:
        return dict.fromkeys(amounts, 1 / len(amounts))
    return {name: amount / total for name, amount in amounts.items()}


def _summing_to(total: float, spend: tuple[float, ...]) -> tuple[float, ...]:
    """The same money with the rounding error put on the largest lever, so that totals agree."""
    largest = max(range(len(spend)), key=lambda i: spend[i])
    for _ in range(3):
        error = total - fsum(spend)
        spend = (*spend[:largest], spend[largest] + error, *spend[largest + 1 :])
    return spend
