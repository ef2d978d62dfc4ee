"""All that is wrong with the table of a scenario file: its form, and what form cannot show."""

import math
from collections.abc import Iterator
from functools import partial
from itertools import groupby, pairwise
from typing import Any, Final

from pydantic import ValidationError

from policymix.assumptions import ledger
from policymix.levers import LEVERS_OF_SIDE, SIDES
from policymix.problems import Problem, did_you_mean, shown
from policymix.scenario_file import MAX_TOTAL_BILLION, MAX_YEARS, ScenarioForm, split_key
from policymix.scenario_schema import (
    allowed,
    homes_of,
    is_share,
    keys_at,
    meaning,
    required_at,
)
from policymix.toml_lines import KeyPath
from policymix.version import program

type Table = dict[str, Any]

SUM_TOLERANCE: Final = 1e-6
_MONTH_TOLERANCE: Final = 0.01


def form_problems(error: ValidationError) -> Iterator[Problem]:
    """What pydantic refused, in a student's words; missing keys of one table together."""
    found = [(tuple(e["loc"]), e["type"], e["input"]) for e in error.errors(include_url=False)]
    missing = [path for path, kind, _ in found if kind == "missing"]
    for table, paths in groupby(missing, key=lambda path: path[:-1]):
        yield _missing(table, [str(path[-1]) for path in paths])
    for path, kind, value in found:
        if kind == "extra_forbidden":
            yield _unknown_key(path)
        elif kind != "missing" and allowed(path):
            yield _wrong_value(path, value)


def rule_problems(table: Table) -> Iterator[Problem]:
    """Shares that do not sum to 1, mixed forms, phases out of order, values not permitted.

    Judges whatever is well-formed and passes over what `form_problems` reports.
    """
    fundings = list(_fundings(table))
    for path, funding in fundings:
        yield from _funding_problems(path, funding)
    yield from _mixed_forms(fundings)
    yield from _phase_problems(table)
    yield from _assumption_problems(table)


def _missing(table: KeyPath, keys: list[str]) -> Problem:
    needed = required_at(table)
    rest = f"; needed are all of {', '.join(needed)}" if len(needed) > len(keys) else ""
    return Problem(table, f"missing {', '.join(keys)}{rest}")


def _unknown_key(path: KeyPath) -> Problem:
    key, keys = str(path[-1]), keys_at(path[:-1])
    text = f"unknown key, allowed here are {', '.join(keys)}."
    return Problem(path, text, lambda: _home_hint(key) or did_you_mean(key, keys))


def _home_hint(key: str) -> str:
    homes = homes_of(key)
    return f" It belongs in {' or '.join(homes)}." if homes else ""


def _wrong_value(path: KeyPath, value: object) -> Problem:
    says = meaning(path)
    about = f" ({says})" if says and path[0] != "assumptions" else ""
    text = f"read {shown(value)}, allowed is {allowed(path)}{about}.{_hint(path, value)}"
    return Problem(path, text)


def _hint(path: KeyPath, value: object) -> str:
    kind = allowed(path)
    if isinstance(value, str) and ("number" in kind or kind == "true or false"):
        return _unquoted_hint(path, value)
    if isinstance(value, dict) and "[[" in kind:
        return f" Did you mean [[{path[-1]}]], with double brackets?"
    if isinstance(value, float) and kind.startswith("a whole") and value.is_integer():
        return f" Did you mean {value:.0f}?"
    if is_share(path) and (number := _number(value)) is not None and 2 <= number <= 100:
        return f" Did you mean {number / 100:.12g}?"
    return ""


def _unquoted_hint(path: KeyPath, value: str) -> str:
    text = value.strip()
    try:
        number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return f" Did you mean {text}, without quotes?" if text in ("true", "false") else ""
    if not math.isfinite(number) or "number" not in allowed(path):
        return ""
    return f" Did you mean {number:.12g}, without quotes?"


def _number(value: object) -> float | None:
    """A finite number as TOML has it, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _numbers(table: Table, keys: tuple[str, ...], most: float) -> list[float] | None:
    """The numbers of all `keys`, if each is there and within 0 to `most`, else None."""
    numbers = [_number(table.get(key)) for key in keys]
    good = [number for number in numbers if number is not None and 0 <= number <= most]
    return good if len(good) == len(keys) else None


def _phases(table: Table) -> list[tuple[KeyPath, Table]]:
    phases = table.get("phases")
    if not isinstance(phases, list):
        return []
    return [(("phases", i), phase) for i, phase in enumerate(phases) if isinstance(phase, dict)]


def _fundings(table: Table) -> Iterator[tuple[KeyPath, Table]]:
    for path, holder in [((), table), *_phases(table)]:
        if isinstance(holder.get("funding"), dict):
            yield (*path, "funding"), holder["funding"]


def _share_keys(funding: Table) -> list[str]:
    keys = ("total", *SIDES, *(split_key(side) for side in SIDES))
    return [key for key in keys if key in funding]


def _funding_problems(path: KeyPath, funding: Table) -> Iterator[Problem]:
    shares = _share_keys(funding)
    if "levers" in funding and shares:
        read = ", ".join([*shares, "levers"])
        yield Problem(
            path,
            f"read both forms of a mix ({read}), allowed is one: either shares of a total "
            "or levers in billions a year",
        )
    elif "levers" in funding:
        yield from _lever_problems((*path, "levers"), funding["levers"])
    else:
        yield from _side_problems(path, funding)


def _lever_problems(path: KeyPath, levers: object) -> Iterator[Problem]:
    numbers = (
        _numbers(levers, keys_at(path), MAX_TOTAL_BILLION) if isinstance(levers, dict) else None
    )
    if numbers and (total := math.fsum(numbers)) > MAX_TOTAL_BILLION:
        yield Problem(
            path,
            f"the levers sum to {total:,.9g} billion US dollars a year, "
            f"allowed is a total of 0 to {MAX_TOTAL_BILLION:,}",
        )


def _side_problems(path: KeyPath, funding: Table) -> Iterator[Problem]:
    missing = [side for side in SIDES if side not in funding]
    if missing:
        yield Problem(
            path,
            f"missing {', '.join(missing)}; needed are {', '.join(SIDES)} as shares that sum to 1, "
            "or all thirteen levers in billions a year under levers",
        )
    yield from _sum_problem(path, funding, SIDES)
    for side in SIDES:
        split = funding.get(split_key(side))
        if isinstance(split, dict):
            yield from _sum_problem((*path, split_key(side)), split, LEVERS_OF_SIDE[side])


def _sum_problem(path: KeyPath, table: Table, keys: tuple[str, ...]) -> Iterator[Problem]:
    shares = _numbers(table, keys, 1)
    if shares is None:
        return
    over = round(math.fsum(shares) - 1, 9)
    if abs(over) > SUM_TOLERANCE:
        by = f"{abs(over):.9f}".rstrip("0")
        yield Problem(
            path,
            f"{' + '.join(keys)} sum to {math.fsum(shares):.9g}, allowed is 1 "
            f"({by} too {'much' if over > 0 else 'little'})",
        )


def _mixed_forms(fundings: list[tuple[KeyPath, Table]]) -> Iterator[Problem]:
    forms = [
        (path, "levers" if "levers" in funding else "shares")
        for path, funding in fundings
        if ("levers" in funding) != bool(_share_keys(funding))
    ]
    for path, form in forms[1:]:
        if form != forms[0][1]:
            yield Problem(
                path,
                f"read a mix by {form} after one by {forms[0][1]}, allowed is one form in a file",
            )


def _phase_problems(table: Table) -> Iterator[Problem]:
    starts: list[tuple[KeyPath, int]] = []
    for path, phase in _phases(table):
        year = _number(phase.get("from_year"))
        if year is not None and 0 <= year <= MAX_YEARS:
            months = 12 * year
            starts.append((path, round(months)))
            if abs(months - round(months)) > _MONTH_TOLERANCE:
                near = f"{round(months) / 12:.4f}".rstrip("0").rstrip(".")
                yield Problem(
                    (*path, "from_year"),
                    f"read {shown(phase['from_year'])}, allowed are whole months, "
                    f"so multiples of 1/12. Did you mean {near}?",
                )
    yield from _order_problems(table, starts)


def _order_problems(table: Table, starts: list[tuple[KeyPath, int]]) -> Iterator[Problem]:
    phases = dict(_phases(table))
    for (path, month), (next_path, next_month) in pairwise(starts):
        ramp = _number(phases[path].get("ramp_months"))
        if next_month <= month:
            yield Problem(
                (*next_path, "from_year"),
                f"read {shown(phases[next_path]['from_year'])}, allowed is more than "
                f"{shown(phases[path]['from_year'])}, the start of the phase above: "
                "phases stand in order of time",
            )
        elif ramp is not None and ramp > next_month - month:
            yield Problem(
                (*path, "ramp_months"),
                f"read {shown(phases[path]['ramp_months'])}, allowed is at most "
                f"{next_month - month}, the months until the next phase starts",
            )
    first = phases[starts[0][0]] if starts and starts[0][1] == 0 else None
    if first is not None and "funding" in table and first.get("ramp_months", 0) in (0, 1):
        yield Problem(
            (*starts[0][0], "from_year"),
            "read 0 without a ramp, so the mix of [funding] would never be paid: "
            "give one of the two, or a ramp",
        )


def _assumption_problems(table: Table) -> Iterator[Problem]:
    assumptions = table.get("assumptions")
    for name, value in assumptions.items() if isinstance(assumptions, dict) else ():
        path: KeyPath = ("assumptions", name)
        entry = ledger().get(name)
        number = _number(value)
        if entry is None:
            yield Problem(
                path,
                "there is no assumption of this name in the ledger.",
                partial(assumption_hint, name),
            )
        elif number is not None and not entry.min <= number <= entry.max:
            yield Problem(path, f"read {shown(value)}, allowed is {allowed(path)} {entry.unit}")


def assumption_hint(name: str) -> str:
    """Where a name that is no assumption belongs, which one may be meant, or where all stand."""
    near = _home_hint(name) or did_you_mean(name, ledger())
    return near or f" `{program()} explain` lists them."


def problems_of(table: Table) -> list[Problem]:
    """All problems of a scenario's table, none if it can be resolved."""
    found = list(rule_problems(table))
    try:
        ScenarioForm.model_validate(table)
    except ValidationError as error:
        found.extend(form_problems(error))
    return found
