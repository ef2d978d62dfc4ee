"""The suites of experiments, by name: what `policymix validate` plays."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from policymix.experiments.arms import Suite
from policymix.experiments.claims import CLAIM_ARMS, CLAIM_READINGS
from policymix.experiments.extremes import EXTREME_ARMS, EXTREME_READINGS
from policymix.experiments.facts import FACT_ARMS
from policymix.experiments.facts_read import FACT_READINGS
from policymix.experiments.findings import HOLDS, Kind
from policymix.experiments.rand import RAND_READINGS, rand_arms

_FEW_PEOPLE: Final = 2_000
"""Enough where a rule holds in every run or not at all."""
_KINDS_OF: Final[Mapping[str, tuple[Kind, ...]]] = {
    "published": ("facts", "claims"),
    "rand": ("rand",),
    "extremes": ("extremes",),
}
SUITES: Final = tuple(_KINDS_OF)


@cache
def suite(name: str) -> Suite:
    """The suite of this name; its readings are called as in `key_of`."""
    if name == "published":
        facts = {f"facts.{key}": one for key, one in FACT_READINGS.items()}
        claims = {f"claims.{key}": one for key, one in CLAIM_READINGS.items()}
        return Suite({**FACT_ARMS, **CLAIM_ARMS}, {**facts, **claims})
    if name == "rand":
        return Suite(rand_arms(), {f"rand.{key}": one for key, one in RAND_READINGS.items()})
    rules = {f"extremes.{key}.{HOLDS}": one for key, one in EXTREME_READINGS.items()}
    return Suite(EXTREME_ARMS, rules, people=_FEW_PEOPLE)


def kinds_of(name: str) -> tuple[Kind, ...]:
    """The kinds of finding that a suite plays."""
    return _KINDS_OF[name]


def key_of(kind: Kind, finding: str, part: str) -> str:
    """What the reading of a part is called in its suite."""
    return f"{kind}.{finding}.{part}"
