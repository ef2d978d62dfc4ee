"""What the scenarios of a question ask for: their money by lever, and what differs between them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from policymix.assumptions import ledger
from policymix.label import SHORT_LABEL
from policymix.levers import LEVERS
from policymix.studies.question import Question
from policymix.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

    from policymix.scenario_parts import Phase, Scenario

_WORTH_SAYING: Final = 0.01
_SHOWN: Final = 0.001
_BILLION_A_YEAR: Final = MONTHS_PER_YEAR / 1_000  # from million USD a month


def budget_table(question: Question, summary: "pd.DataFrame") -> "pd.DataFrame":
    """Money by scenario and lever, means over the months played.

    Columns `scenario, side, lever, unit, asked, spent, label`, in billion USD a year; what was
    asked for and not spent found no use.
    """
    import pandas as pd

    from policymix.tables import picked

    rows = []
    spent = {lever.name: picked(summary, f"spent_{lever.name}", "mean") for lever in LEVERS}
    for scenario in question.scenarios:
        asked = mean_money(scenario)
        for lever, money in zip(LEVERS, asked, strict=True):
            used = float(spent[lever.name]["mean"][scenario.name]) * _BILLION_A_YEAR
            rows.append((scenario.name, lever.side, lever.name, "billion USD/year", money, used))
    columns = ["scenario", "side", "lever", "unit", "asked", "spent"]
    return pd.DataFrame(rows, columns=columns).assign(label=SHORT_LABEL)


def result_notes(budget: "pd.DataFrame", summary: "pd.DataFrame") -> list[str]:
    """Sentences that must stand beside every result and that only the result can tell."""
    from policymix.tables import picked

    sums = budget.groupby("scenario", sort=False)[["asked", "spent"]].sum()
    shares = (sums["asked"] - sums["spent"]) / sums["asked"].where(sums["asked"] > 0, 1.0)
    # Once one is worth saying, all that a picture shows are said.
    unused = sums[(shares > _SHOWN) & (shares.max() > _WORTH_SAYING)]
    told = [
        f"{name} {asked - spent:.2g} of {asked:.4g}"
        for name, asked, spent in zip(unused.index, unused["asked"], unused["spent"], strict=True)
    ]
    notes = [f"Money that found no use, billion USD a year: {', '.join(told)}."] if told else []
    bound = picked(summary, "price_at_bound", "mean")["mean"]
    held = [f"{name} {share:.0%}" for name, share in bound.items() if share > 0.0]
    if held:
        notes.append(
            "The retail price stood at a bound, beyond which the model knows nothing, in these "
            f"shares of months: {', '.join(held)}."
        )
    return notes


def mean_money(scenario: "Scenario") -> tuple[float, ...]:
    """Mean money by lever [billion USD a year] over the months played, in the order of LEVERS."""
    months = range(1, scenario.setup.months + 1)
    means = np.mean([scenario.spend(month) for month in months], axis=0)
    return tuple(float(money) for money in means)


@dataclass(frozen=True)
class Setting:
    """One thing in which the scenarios differ: a text for each scenario, in their order."""

    name: str
    unit: str
    texts: tuple[str, ...]


def differing_settings(question: Question) -> list[Setting]:
    """Only what is not the same in all scenarios: money, treatment in custody, assumptions."""
    rows = [*_money(question.scenarios), *_custody(question.scenarios), *_worlds(question)]
    return [row for row in rows if len(set(row.texts)) > 1]


def _money(scenarios: "Iterable[Scenario]") -> "Iterator[Setting]":
    scenarios = list(scenarios)
    unit = "billion USD/year"
    yield Setting("all levers", unit, tuple(_steps(s, _total) for s in scenarios))
    for at, lever in enumerate(LEVERS):
        texts = tuple(_steps(scenario, _spend_of(at)) for scenario in scenarios)
        yield Setting(lever.name, unit, texts)


def _custody(scenarios: "Iterable[Scenario]") -> "Iterator[Setting]":
    texts = tuple(_steps(s, lambda phase: phase.funding.treatment_in_custody) for s in scenarios)
    yield Setting("treatment_in_custody", "", texts)


def _worlds(question: Question) -> "Iterator[Setting]":
    worlds = [scenario.world().values for scenario in question.scenarios]
    for name, entry in ledger().items():
        yield Setting(name, entry.unit, tuple(f"{world[name]:.6g}" for world in worlds))


def _spend_of(at: int) -> "Callable[[Phase], float]":
    return lambda phase: phase.funding.spend[at]


def _total(phase: "Phase") -> float:
    return phase.funding.total()


def _steps(scenario: "Scenario", read: "Callable[[Phase], float | bool]") -> str:
    """What a phase says, and what later ones say instead: `9.9, from year 5: 3, over 2 years`."""
    texts: list[str] = []
    before: str | None = None
    for phase in scenario.phases:
        value = read(phase)
        text = ("no", "yes")[value] if isinstance(value, bool) else f"{value:.3g}"
        if text != before and phase.first_month <= scenario.setup.months:
            ramp = f" over {phase.ramp_months} months" if phase.ramp_months > 1 else ""
            year = (phase.first_month - 1) / MONTHS_PER_YEAR
            texts.append(f"after {year:.3g} years{ramp}: {text}" if texts else text)
            before = text
    return "; ".join(texts)
