"""What is conserved every month, read off the written outcomes alone.

A law takes the months of a run, by outcome, and gives what must be equal: pairs of columns and the
scale against which rounding is judged.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policymix.corridors import N_CORRIDORS
from policymix.units import GRAMS_PER_KG, MILLION

Floats = NDArray[np.float64]
Months = Mapping[str, Floats]
"""The outcomes of a run by name, each of shape (months + 1,); row 0 is the start."""
Pairs = Iterator[tuple[Floats, Any]]
Law = Callable[[Months], Pairs]
ROUNDING: Final = 1e-9
"""How far a law may be off, relative to its scale: what floating point loses in sums."""
_MAY_BE_NEGATIVE: Final = {"cartel_profit", "unspent"}
_EVERYWHERE: Final = ("not_using", "casual_users", "addicted", "in_recovery", "incarcerated")


def lived(months: Months) -> Months:
    """Without month 0, in which nothing flows."""
    return {name: column[1:] for name, column in months.items()}


def everyone_is_somewhere_once(m: Months) -> Pairs:
    """The population is constant."""
    held_without_addiction = m["incarcerated"] - m["addicted_in_custody"]
    everyone = m["not_using"] + m["casual_users"] + m["addicted"] + m["in_recovery"]
    total = everyone + held_without_addiction
    yield total, np.full(len(total), total[0])


def nobody_with_addiction_is_hidden_by_a_new_name(m: Months) -> Pairs:
    """Active, treated and in custody are everyone with addiction."""
    yield m["addicted"], m["active_addiction"] + m["in_treatment"] + m["addicted_in_custody"]


def addiction_changes_by_its_flows(months: Months) -> Pairs:
    """Escalation and relapse in; quitting, recovery, death and age out."""
    m = lived(months)
    into = m["escalated"] + m["relapsed"]
    out = m["quit_addiction"] + m["recovered"] + m["overdose_deaths"] + m["aged_out_addicted"]
    yield np.diff(months["addicted"]), into - out


def custody_changes_by_its_flows(months: Months) -> Pairs:
    """Arrests in, releases and age out."""
    m = lived(months)
    yield np.diff(months["incarcerated"]), m["arrests"] - m["released"] - m["aged_out_custody"]


def those_not_using_change_by_their_flows(months: Months) -> Pairs:
    """Quitting, death and age in, starting out."""
    m = lived(months)
    back = m["quit"] - m["quit_addiction"] + m["overdose_deaths"] + m["aged_out"]
    yield np.diff(months["not_using"]), back - m["started_using"]


def every_gram_shipped_is_seized_destroyed_or_delivered(months: Months) -> Pairs:
    """In all, by corridor, and in stock."""
    m = lived(months)
    yield m["shipped"], m["seized"] + m["destroyed"] + m["delivered"]
    yield np.diff(months["stock"]), m["delivered"] - m["consumption"]
    for what in ("shipped", "seized"):
        yield m[what], sum(m[f"corridor_{n}_{what}"] for n in range(1, N_CORRIDORS + 1))


def every_dollar_is_spent_or_unspent(months: Months) -> Pairs:
    """And nobody spends more than there is."""
    m = lived(months)
    yield m["spent"], sum(column for name, column in m.items() if name.startswith("spent_"))
    yield m["budget"], m["spent"] + m["unspent"]
    yield np.minimum(m["unspent"], 0.0), np.zeros(len(m["unspent"]))


def what_users_pay_is_what_all_others_get(months: Months) -> Pairs:
    """Dealers, and cartels' costs, bribes, losses and profit."""
    m = lived(months)
    yield m["retail_spending"], m["retail_price"] * m["consumption"] * GRAMS_PER_KG / MILLION
    yield m["retail_spending"], m["dealer_revenue"] + m["cartel_revenue"]
    takings = m["cartel_costs"] + m["bribes"] + m["confiscated"] + m["cartel_profit"]
    yield m["cartel_revenue"], takings


def nothing_is_below_zero(months: Months) -> Pairs:
    """But profit and rounding of what is unspent."""
    for name in months.keys() - _MAY_BE_NEGATIVE:
        least = np.nanmin(months[name])
        yield np.minimum([least], 0.0), np.zeros(1)


def _people(m: Months) -> float:
    return float(sum(m[name][0] for name in _EVERYWHERE))


def _kilograms(m: Months) -> float:
    return float(np.nanmax(m["shipped"]) + m["stock"].max())


LAWS: Final[Mapping[Law, Callable[[Months], float]]] = {
    everyone_is_somewhere_once: _people,
    nobody_with_addiction_is_hidden_by_a_new_name: _people,
    addiction_changes_by_its_flows: _people,
    custody_changes_by_its_flows: _people,
    those_not_using_change_by_their_flows: _people,
    every_gram_shipped_is_seized_destroyed_or_delivered: _kilograms,
    every_dollar_is_spent_or_unspent: lambda m: float(np.nanmax(m["budget"])),
    what_users_pay_is_what_all_others_get: lambda m: float(np.nanmax(m["retail_spending"])),
    nothing_is_below_zero: lambda _: 1.0,
}
"""Every law, and the scale of what it weighs: everyone, all grams, all money of a month."""


def broken(months: Months, law: Law) -> float:
    """The largest difference that the law finds, relative to its scale (at least 1)."""
    scale = max(LAWS[law](months), 1.0)
    return max(float(np.abs(left - right).max()) for left, right in law(months)) / scale
