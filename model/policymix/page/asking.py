"""What a visitor sends: a small JSON object with scenario files as text, read as strictly."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from policymix.assumptions import ledger
from policymix.errors import InputError
from policymix.page.answers import Policies
from policymix.problems import did_you_mean, quote
from policymix.scenario import Scenario, parse_scenario
from policymix.scenario_text import name_refusal
from policymix.studies.kinds import SEED_BOUNDS
from policymix.studies.question import number_refusal

MOST_BYTES: Final = 64 << 10
"""Of a request's body."""
MOST_RUNGS: Final = 9
_MINE, _PINNED = "mine", "pinned"


def fields_of(body: bytes, required: Mapping[str, type], optional: Mapping[str, type]) -> Any:
    """The JSON object in `body`, with these keys and no others. Raises InputError."""
    try:
        told = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError("request: read something else, allowed is a JSON object") from error
    if not isinstance(told, dict):
        raise InputError(f"request: read {_kind(told)}, allowed is a JSON object")
    allowed = {**required, **optional}
    problems = [
        f"{quote(key)}: there is no such key.{did_you_mean(key, allowed)}"
        for key in list(told)[:20]
        if key not in allowed
    ]
    problems += [f"{key}: is missing" for key in required if key not in told]
    problems += [
        f"{key}: read {_kind(told[key])}, allowed is {_TYPES[kind]}"
        for key, kind in allowed.items()
        if key in told and not _is(told[key], kind)
    ]
    if problems:
        raise InputError("\n".join(problems))
    return told


_TYPES: Final = {str: "text", int: "a whole number", list: "a list"}


def _is(value: object, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return "nothing" if value is None else names.get(type(value), "a number")


def policies_of(told: Mapping[str, str]) -> Policies:
    """Both scenarios of a request. Raises InputError with the problems of both texts."""
    found, problems = [], []
    for name in (_MINE, _PINNED):
        try:
            found.append(scenario_of(told[name], name))
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise InputError("\n".join(problems))
    return Policies(*found)


@lru_cache(maxsize=64)
def scenario_of(text: str, name: str, assume: tuple[tuple[str, float], ...] = ()) -> Scenario:
    """The scenario in a text, with these assumptions instead of its own. Raises InputError."""
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(f"{name}.toml: read half a character, allowed is Unicode text") from error
    return parse_scenario(data, name, assume=dict(assume))


def named(policies: Policies, told: Mapping[str, str]) -> Policies:
    """The same under the names of their files, if these are told. Raises InputError."""
    mine, pinned = names = [told.get(f"{one}_name", one) for one in (_MINE, _PINNED)]
    if problem := name_refusal(mine) or name_refusal(pinned):
        raise InputError(f"mine_name, pinned_name: {problem}")
    if len({name.lower() for name in names}) == 1:
        raise InputError(f"mine_name, pinned_name: read {mine} twice, allowed are different names")
    return Policies(replace(policies.mine, name=mine), replace(policies.pinned, name=pinned))


def replicates_of(told: Mapping[str, Any], most: int) -> int:
    """How many replicates are asked for. Raises InputError."""
    return _number("replicates", told.get("replicates", most), (1, most))


def seed_of(told: Mapping[str, Any]) -> int | None:
    """The seed that is asked for, if any. Raises InputError."""
    return _number("seed", told["seed"], SEED_BOUNDS) if "seed" in told else None


def _number(name: str, value: int, bounds: tuple[int, int]) -> int:
    if problems := number_refusal(name, value, bounds):
        raise InputError("\n".join(problems))
    return value


def rungs_of(told: Mapping[str, Any]) -> list[tuple[float, Policies]]:
    """Both scenarios with one assumption at each of some values. Raises InputError."""
    name, values = told["assumption"], told["values"]
    if name not in ledger():
        hint = did_you_mean(name, ledger())
        raise InputError(f"assumption: there is none called {quote(name)}.{hint}")
    if not 1 <= len(values) <= MOST_RUNGS:
        raise InputError(f"values: read {len(values)}, allowed are 1 to {MOST_RUNGS}")
    if not all(_is_number(value) for value in values):
        raise InputError("values: read something else, allowed are numbers")
    policies_of(told)  # what is wrong with the texts comes before what is wrong with a value
    return [(float(value), _assuming(told, name, float(value))) for value in values]


def _is_number(value: object) -> bool:
    """Whether it is one that a float can hold: JSON's whole numbers have no end."""
    try:
        return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]
    except OverflowError:
        return False


def _assuming(told: Mapping[str, str], name: str, value: float) -> Policies:
    both = (scenario_of(told[key], key, ((name, value),)) for key in (_MINE, _PINNED))
    return Policies(*both)
