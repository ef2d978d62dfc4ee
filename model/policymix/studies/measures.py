"""Outcomes as people read them: by the year, in round numbers, and per 100,000 people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from policymix.studies.amounts import NUMBER, Estimate, Manner, Scale, common_scale
from policymix.tables import picked
from policymix.units import KG_PER_TONNE, MILLION, MONTHS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

_YEARLY: Final = float(MONTHS_PER_YEAR)
_YEARLY_USD: Final = MONTHS_PER_YEAR * MILLION  # from million USD a month
_YEARLY_TONNES: Final = MONTHS_PER_YEAR / KG_PER_TONNE
_A_YEAR: Final = Manner("a year")
_INDEX: Final = Manner("of 1", "lower", "higher")
_USD: Final = Manner("USD a year", "lower", "higher")
_USD_LESS: Final = Manner("USD a year", "less", "more")
_TONNES: Final = Manner("tonnes a year", "less", "more")


@dataclass(frozen=True)
class Measure:
    """How one outcome is read: title, statistic, factor from the table's unit, and its words."""

    outcome: str
    title: str
    statistic: str
    factor: float = 1.0
    manner: Manner = NUMBER
    is_people: bool = False


HEADLINES: Final = (
    Measure("addicted", "People with addiction at the end", "final", is_people=True),
    Measure("overdose_deaths", "Overdose deaths", "mean", _YEARLY, _A_YEAR, is_people=True),
    Measure("cartel_revenue", "Cartel revenue", "mean", _YEARLY_USD, _USD),
    Measure("cartel_profit", "Cartel profit", "mean", _YEARLY_USD, _USD),
)
"""What is answered first; revenue never stands without profit."""


@dataclass(frozen=True)
class Group:
    """Side effects that stand in one table."""

    title: str
    measures: tuple[Measure, ...]


SIDE_EFFECTS: Final = (
    Group(
        "Deaths",
        (
            Measure("deaths_after_release", "overdose deaths in the month after custody", "mean",
                    _YEARLY, _A_YEAR, is_people=True),
            Measure("deaths_after_treatment", "overdose deaths in the month after dropping out "
                    "of treatment", "mean", _YEARLY, _A_YEAR, is_people=True),
            Measure("violence", "deaths from conflict between cartels, abroad", "mean",
                    _YEARLY, _A_YEAR),
        ),
    ),
    Group(
        "Where people with addiction are at the end",
        (
            Measure("active_addiction", "active", "final", is_people=True),
            Measure("in_treatment", "in treatment", "final", is_people=True),
            Measure("addicted_in_custody", "in custody", "final", is_people=True),
        ),
    ),
    Group(
        "Custody, waiting and use",
        (
            Measure("incarcerated", "held for drug offences at the end", "final", is_people=True),
            Measure("waiting_for_treatment", "willing and without a treatment place, at the end",
                    "final", is_people=True),
            Measure("casual_users", "people who use casually at the end", "final", is_people=True),
        ),
    ),
    Group(
        "The market",
        (
            Measure("retail_price", "retail price", "mean", 1.0,
                    Manner("USD per pure gram", "lower", "higher")),
            Measure("consumption", "consumption", "mean", _YEARLY_TONNES, _TONNES),
            Measure("seized", "seized on the way", "mean", _YEARLY_TONNES, _TONNES),
        ),
    ),
    Group(
        "Cartels, institutions and money",
        (
            Measure("cartel_members", "cartel members at the end", "final"),
            Measure("institutional_strength", "strength of institutions abroad at the end, "
                    "index 0 to 1", "final", 1.0, _INDEX),
            Measure("unspent", "money that found no use", "mean", _YEARLY_USD, _USD_LESS),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """One outcome of one scenario: its level, and its paired difference from the reference."""

    level: Estimate
    difference: Estimate


def pairs_of(summary: "pd.DataFrame", measure: Measure) -> dict[str, Pair]:
    """By scenario, in the table's order and the measure's unit; the reference has no difference."""
    rows = picked(summary, measure.outcome, measure.statistic)
    return {
        str(name): Pair(
            _estimate(row, ("mean", "low", "high")) * measure.factor,
            _estimate(row, ("difference", "difference_low", "difference_high")) * measure.factor,
        )
        for name, row in rows.iterrows()
    }


def scale_of_all(found: Mapping[str, Pair]) -> Scale:
    """One scale for the levels and differences of an outcome."""
    return common_scale(
        [pair.level for pair in found.values()],
        [pair.difference for pair in found.values()],
    )


def per_100k(level: Estimate, n_people: float) -> Estimate:
    """People as a rate per 100,000 of the population."""
    return level * (1e5 / n_people)


def estimates_of(
    table: "pd.DataFrame", columns: tuple[str, str, str], key: str
) -> dict[str, Estimate]:
    """Estimates from three columns of a tidy table, by the values of `key`."""
    indexed: Iterable[tuple[Any, Any]] = table.set_index(key).iterrows()
    return {str(name): _estimate(row, columns) for name, row in indexed}


def _estimate(row: Any, columns: tuple[str, str, str]) -> Estimate:
    return Estimate(*(float(row[column]) for column in columns))
