"""Studies as their reports see them: a question, and made-up tables of what came out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from policymix import load_scenario
from policymix.scenario import Scenario
from policymix.studies.question import Question
from policymix.studies.robust import ask as ask_robust


@dataclass(frozen=True)
class Answered:
    """What a report needs of a study."""

    question: Question
    tables: Any

    def readings(self) -> Any:
        return self.tables


def named(*names: str) -> list[Scenario]:
    """Different mixes of these names."""
    mixes = ("demand_first", "supply_first", "combined", "baseline")
    return [replace(load_scenario(mix), name=name) for mix, name in zip(mixes, names, strict=False)]


def robust_question(scenarios: Iterable[Scenario], worlds: int = 200) -> Question:
    return ask_robust(list(scenarios), sizes={"worlds": worlds})
