"""What the model is held against: published facts, arguments, extreme conditions, RAND's table.

Each is a file of `scenarios/ledger`; nothing of them reaches the model. The experiments that give
the numbers are declared in the other rooms of this folder.
"""

from collections.abc import Mapping
from functools import cache
from math import inf
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from policymix.errors import InputError
from policymix.shipped import shipped_folder
from policymix.toml_reading import read_toml

Kind = Literal["facts", "claims", "extremes", "rand"]
KINDS: Final[tuple[Kind, ...]] = ("facts", "claims", "extremes", "rand")
HOLDS: Final = "holds"
"""The one part of an extreme condition: 1 in a world where it holds, else 0."""
_WORLD: Final = "world"
_STRICT: Final = ConfigDict(extra="forbid", frozen=True)


class Part(BaseModel):
    """One number that an experiment gives, and where it is expected [`unit`].

    `neutral` is the value that means no effect; where it is not included, no effect is no success.
    `built_in`: a mechanism or a number of the ledger was made from this very finding. `why` says
    where a range is from that was not published as one. A part that is `not_testable` says why.
    """

    model_config = _STRICT
    name: str
    title: str
    unit: str = ""
    low: float = -inf
    high: float = inf
    neutral: float = 0.0
    includes_neutral: bool = True
    built_in: bool = False
    why: str = ""
    not_testable: str = ""

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> "Part":
        if self.not_testable and self.is_expected:
            raise ValueError("read both not_testable and a range, allowed is one of them")
        if self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        return self

    @property
    def is_expected(self) -> bool:
        """Whether there is a range that the number should lie in."""
        return self.low > -inf or self.high < inf

    @property
    def ends(self) -> tuple[float, float]:
        """(low, high)."""
        return self.low, self.high

    @property
    def way(self) -> int:
        """The side of `neutral` that is expected: 1 above, -1 below, 0 where both would do."""
        if not self.is_expected:
            return 0
        return int(self.low >= self.neutral) - int(self.high <= self.neutral)

    def holds(self, value: float) -> bool:
        """Whether a number lies in the range; NaN does not."""
        if value == self.neutral and not self.includes_neutral:
            return False
        return self.low <= value <= self.high


class Finding(BaseModel):
    """A fact, a claim, an extreme condition or RAND's table: what is said, and the experiment."""

    model_config = _STRICT
    name: str
    title: str
    experiment: str
    published: str = ""
    evidence: tuple[str, ...] = ()
    number: int = 0
    letter: str = ""
    side: str = ""
    discussion: str = ""
    discusses: str = ""
    parts: tuple[Part, ...] = Field(default=(Part(name=HOLDS, title="", low=1.0, high=1.0),))

    @property
    def built_in(self) -> bool:
        """Whether every part that is tested is built in."""
        return all(part.built_in for part in self.tested)

    @property
    def tested(self) -> tuple[Part, ...]:
        """The parts that an experiment gives a number for."""
        return tuple(part for part in self.parts if not part.not_testable)


@cache
def findings(kind: Kind) -> Mapping[str, Finding]:
    """All of one kind by name, in the file's order. Raises InputError on a broken file."""
    found = {}
    for name, table in _table(kind).items():
        if name != _WORLD:
            try:
                found[name] = Finding.model_validate({"name": name, **table})
            except ValidationError as error:
                first = error.errors()[0]
                reason = f"{first['loc']}: {first['msg']}"
                raise InputError(f"{kind}.toml: [{name}] {reason}") from error
    return found


@cache
def world_of_rand() -> Mapping[str, float]:
    """The assumptions of RAND's table that are not today's, in the ledger's units."""
    return {name: float(entry["value"]) for name, entry in _table("rand")[_WORLD].items()}


def reasons_of_rand() -> Mapping[str, tuple[str, str]]:
    """(row of the evidence, why) of each of them."""
    return {n: (e["evidence"], e["why"]) for n, e in _table("rand")[_WORLD].items()}


def _table(kind: Kind) -> dict[str, Any]:
    table, _ = read_toml(shipped_folder() / "ledger" / f"{kind}.toml", f"{kind}.toml")
    return table
