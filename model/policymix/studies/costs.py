"""The money behind a death or a year of addiction averted: added, or moved between levers."""

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Final

from policymix.scenario_parts import Scenario
from policymix.studies.amounts import NO_VALUE, Estimate, Manner, scale_of, significant
from policymix.studies.measures import Measure, pairs_of
from policymix.studies.question import Question
from policymix.units import BILLION, MONTHS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

_SAME_MONEY: Final = 1e-6
_DIGITS: Final = 2
DEATHS: Final = Measure(
    "overdose_deaths", "death", "mean", float(MONTHS_PER_YEAR), Manner("a year")
)
ADDICTED_YEARS: Final = Measure("addicted", "year of addiction", "mean", 1.0, Manner("a year"))
"""Everyone with addiction, as a mean over the months, are that many years of addiction a year."""


@dataclass(frozen=True)
class Money:
    """How the money of a scenario is not that of the reference [billion USD a year, mean].

    `extra` is more (or, below zero, less) in all; `moved` is what other levers get where the
    total is the same. `is_mixed`: money was added or taken away, and moved as well.
    """

    extra: float
    moved: float
    is_mixed: bool = False

    @property
    def is_same_total(self) -> bool:
        """Whether nothing was added or taken away."""
        return not self.extra

    def text(self) -> str:
        """`8.2 billion USD a year moved`, or more, or less."""
        if self.is_same_total:
            return f"{_billion(self.moved)} moved" if self.moved else "the same money"
        more = f"{_billion(abs(self.extra))} {'more' if self.extra > 0 else 'less'}"
        return f"{more}, and money moved as well" if self.is_mixed else more


def money_against(reference: Scenario, other: Scenario) -> Money:
    """What was asked for, spent or not, as a mean over the months played."""
    months = range(1, other.setup.months + 1)
    extra, moved, cut, total = [], [], [], []
    for month in months:
        before, after = reference.spend(month), other.spend(month)
        gains = [new - old for old, new in zip(before, after, strict=True)]
        extra.append(fsum(gains))
        moved.append(fsum(gain for gain in gains if gain > 0))
        cut.append(-fsum(gain for gain in gains if gain < 0))
        total.append(fsum(before))
    mean_extra = fsum(extra) / len(months)
    is_same = abs(mean_extra) <= _SAME_MONEY * fsum(total) / len(months)
    is_moved = fsum(moved) > _SAME_MONEY * fsum(total)
    is_mixed = not is_same and min(fsum(moved), fsum(cut)) > _SAME_MONEY * fsum(total)
    mean_moved = fsum(moved) / len(months) if is_moved else 0.0
    return Money(0.0 if is_same else mean_extra, mean_moved, is_mixed)


def cost_text(money: Money, difference: Estimate, thing: str) -> str:
    """Money for each `thing` averted, with the interval that follows from the paired difference.

    The money is given and not drawn, so the ends are the money over the ends of the difference.
    No ratio is shown where the difference is not clear, or where more (or less) money went with
    more (or fewer) of them, or where money was moved as well as added or taken away.
    """
    if not difference.has_value:
        return NO_VALUE
    if not difference.direction:
        return (
            "one replicate: no interval" if not difference.has_interval else "no clear difference"
        )
    amount = money.moved if money.is_same_total else money.extra
    more_of_them = difference.direction > 0
    if not amount:
        return "no money was moved or added"
    if money.is_mixed:
        return "no ratio: money was moved as well"
    if not money.is_same_total and (amount > 0) == more_of_them:
        return "more money, and more of them" if amount > 0 else "less money, and fewer of them"
    verb = "moved" if money.is_same_total else ("more" if amount > 0 else "less")
    what = f"additional {thing}" if more_of_them else f"{thing} averted"
    return f"{_ratio_text(abs(amount), difference)} {verb} for each {what}"


def costs_rows(question: Question, summary: "pd.DataFrame") -> list[tuple[str, str, str, str]]:
    """(scenario, money, money for each death averted, ... each year of addiction averted)."""
    reference = next(s for s in question.scenarios if s.name == question.reference)
    found = {measure: pairs_of(summary, measure) for measure in (DEATHS, ADDICTED_YEARS)}
    rows = []
    for scenario in question.scenarios:
        if scenario is not reference:
            money = money_against(reference, scenario)
            deaths, years = (
                cost_text(money, found[measure][scenario.name].difference, measure.title)
                for measure in (DEATHS, ADDICTED_YEARS)
            )
            rows.append((scenario.name, money.text(), deaths, years))
    return rows


def _ratio_text(billion: float, difference: Estimate) -> str:
    """`1.2 million USD (0.9 to 1.8)`: the fewer averted, the dearer each one."""
    dollars = billion * BILLION
    middle, *ends = (dollars / abs(x) for x in (difference.middle, difference.low, difference.high))
    scale = scale_of([Estimate(middle)])
    texts = [significant(x / scale.factor, _DIGITS) for x in (middle, *sorted(ends))]
    unit = f"{scale.word} USD" if scale.word else "USD"
    return f"{texts[0]} {unit} (95 % interval {texts[1]} to {texts[2]})"


def _billion(amount: float) -> str:
    return f"{amount:.3g} billion USD a year"
