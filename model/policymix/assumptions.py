"""The ledger: every number about the world, with unit, range, source and grade.

`World` is one draw of all of them. Code asks a world for a number together with the unit that it
expects, and a mismatch is an error.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from policymix.errors import InputError
from policymix.shipped import shipped_folder
from policymix.units import UNITS

Grade = Literal["A", "B", "C"]
GRADES: Final[Mapping[Grade, str]] = MappingProxyType(
    {"A": "A, solid", "B": "B, usable", "C": "C, weak"}
)
"""Weak is what is assumed, not yet confirmed, or known to an order of magnitude."""


class Assumption(BaseModel):
    """One entry of the ledger. `low`-`high` is its range; `min`-`max` is what a user may set.

    `title` is what the number is called in a sentence and in a picture, without its unit. `start`
    marks what describes the country at the start, the same in every sampled world.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str
    title: Annotated[str, Field(min_length=3, max_length=48)]
    meaning: Annotated[str, Field(min_length=10, max_length=200)]
    start: bool = False
    value: FiniteFloat
    low: FiniteFloat
    high: FiniteFloat
    min: FiniteFloat
    max: FiniteFloat
    unit: str
    source: Annotated[list[str], Field(min_length=1)]
    evidence: list[str] = []
    grade: Grade
    why: str = ""

    @property
    def is_drawn(self) -> bool:
        """Whether sampled worlds differ in it, uniformly between `low` and `high`."""
        return self.low < self.high and not self.start

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.min <= self.low <= self.value <= self.high <= self.max:
            raise ValueError("needs min <= low <= value <= high <= max")
        if self.unit not in UNITS:
            raise ValueError(f"unknown unit {self.unit!r}")
        if self.source == ["assumed"]:
            if not self.why:
                raise ValueError("an assumed number says why")
        elif not self.evidence:
            raise ValueError("a sourced number names its row of evidence")
        return self


class Source(BaseModel):
    """One published source: what the ledger's `source` ids point to."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: str
    authors: str
    year: int
    title: str
    where: str
    url: str = ""


@dataclass(frozen=True)
class World:
    """One draw of all assumptions: name -> value, in the ledger's units."""

    values: Mapping[str, float]

    def number(self, name: str, unit: str) -> float:
        """The value of `name`; `unit` is the one the caller's code is written for.

        Raises KeyError if the ledger has no such entry, TypeError if its unit is another.
        """
        entry = ledger()[name]
        if entry.unit != unit:
            raise TypeError(f"{name} is in {entry.unit}, but the code reads {unit}")
        return self.values[name]

    def with_values(self, changes: Mapping[str, float]) -> "World":
        """The same world with some assumptions changed, each within its permitted range.

        Raises InputError naming every change that the ledger does not permit.
        """
        problems = [problem for name, value in changes.items() if (problem := refusal(name, value))]
        if problems:
            raise InputError("\n".join(problems))
        return World(MappingProxyType({**self.values, **changes}))

    def differences(self, other: "World") -> dict[str, float]:
        """The values here that are not those of `other`."""
        return {k: v for k, v in self.values.items() if v != other.values[k]}


def as_written(value: float) -> str:
    """A ledger's number as people write it: 283,000,000 and not 2.83e+08."""
    return f"{value:,.10g}"


def refusal(name: str, value: float) -> str:
    """Why the ledger does not permit `value` for `name`; empty if it does."""
    entry = ledger().get(name)
    if entry is None:
        return f"{name}: there is no such assumption"
    if not (math.isfinite(value) and entry.min <= value <= entry.max):
        return f"{name}: read {value}, allowed is {entry.min:g} to {entry.max:g} {entry.unit}"
    return ""


def central_world() -> World:
    """World 0: every assumption at its central value."""
    return World(MappingProxyType({name: entry.value for name, entry in ledger().items()}))


@cache
def ledger() -> Mapping[str, Assumption]:
    """Every assumption by name, in the ledger's order. Raises InputError on a broken ledger."""
    path = shipped_folder() / "ledger" / "assumptions.toml"
    return MappingProxyType(_entries(path, Assumption, "name"))


@cache
def sources() -> Mapping[str, Source]:
    """Every source by id. Raises InputError on a broken file."""
    path = shipped_folder() / "ledger" / "sources.toml"
    return MappingProxyType(_entries(path, Source, "id"))


def _entries[T: BaseModel](path: Path, kind: type[T], key: str) -> dict[str, T]:
    try:
        tables: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path.name}: {error}") from error
    entries = {}
    for name, table in tables.items():
        try:
            entries[name] = kind.model_validate({key: name, **_floats(table)})
        except ValidationError as error:
            first = error.errors()[0]
            raise InputError(f"{path.name}: [{name}] {first['loc']}: {first['msg']}") from error
    return entries


def _floats(table: dict[str, Any]) -> dict[str, Any]:
    """TOML integers for the numeric keys as floats, so that `value = 2` means 2.0."""
    numeric = {"value", "low", "high", "min", "max"}
    return {k: float(v) if k in numeric and type(v) is int else v for k, v in table.items()}
