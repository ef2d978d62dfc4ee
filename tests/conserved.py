"""What is conserved every month, read off the written outcomes alone.

A law takes the months of a run, by outcome, and gives what must be equal: pairs of columns and the
scale against which rounding is judged.
"""

from collections.abc import Callable, Iterator

import numpy as np
from policymix.corridors import N_CORRIDORS
from policymix.units import GRAMS_PER_KG, MILLION

Months = dict[str, np.ndarray]
Pairs = Iterator[tuple[np.ndarray, np.ndarray]]
Law = Callable[[Months], Pairs]
PEOPLE, KILOGRAMS, BUDGET, SALES = 283e6, 1e5, 1e4, 1e5
MAY_BE_NEGATIVE = {"cartel_profit", "unspent"}


def lived(months: Months) -> Months:
    """Without month 0, in which nothing flows."""
    return {name: column[1:] for name, column in months.items()}


def everyone_is_somewhere_once(m: Months) -> Pairs:
    held_without_addiction = m["incarcerated"] - m["addicted_in_custody"]
    everyone = m["not_using"] + m["casual_users"] + m["addicted"] + m["in_recovery"]
    yield everyone + held_without_addiction, np.full(len(everyone), PEOPLE)


def nobody_with_addiction_is_hidden_by_a_new_name(m: Months) -> Pairs:
    yield m["addicted"], m["active_addiction"] + m["in_treatment"] + m["addicted_in_custody"]


def addiction_changes_by_its_flows(months: Months) -> Pairs:
    m = lived(months)
    into = m["escalated"] + m["relapsed"]
    out = m["quit_addiction"] + m["recovered"] + m["overdose_deaths"] + m["aged_out_addicted"]
    yield np.diff(months["addicted"]), into - out


def custody_changes_by_its_flows(months: Months) -> Pairs:
    m = lived(months)
    yield np.diff(months["incarcerated"]), m["arrests"] - m["released"] - m["aged_out_custody"]


def those_not_using_change_by_their_flows(months: Months) -> Pairs:
    m = lived(months)
    back = m["quit"] - m["quit_addiction"] + m["overdose_deaths"] + m["aged_out"]
    yield np.diff(months["not_using"]), back - m["started_using"]


def every_gram_shipped_is_seized_destroyed_or_delivered(months: Months) -> Pairs:
    m = lived(months)
    yield m["shipped"], m["seized"] + m["destroyed"] + m["delivered"]
    yield np.diff(months["stock"]), m["delivered"] - m["consumption"]
    for what in ("shipped", "seized"):
        yield m[what], sum(m[f"corridor_{n}_{what}"] for n in range(1, N_CORRIDORS + 1))


def every_dollar_is_spent_or_unspent(months: Months) -> Pairs:
    m = lived(months)
    yield m["spent"], sum(column for name, column in m.items() if name.startswith("spent_"))
    yield m["budget"], m["spent"] + m["unspent"]
    yield np.minimum(m["unspent"], 0.0), np.zeros(len(m["unspent"]))


def what_users_pay_is_what_all_others_get(months: Months) -> Pairs:
    m = lived(months)
    yield m["retail_spending"], m["retail_price"] * m["consumption"] * GRAMS_PER_KG / MILLION
    yield m["retail_spending"], m["dealer_revenue"] + m["cartel_revenue"]
    takings = m["cartel_costs"] + m["bribes"] + m["confiscated"] + m["cartel_profit"]
    yield m["cartel_revenue"], takings


def nothing_is_below_zero(months: Months) -> Pairs:
    for name in months.keys() - MAY_BE_NEGATIVE:
        least = np.nanmin(months[name])
        yield np.minimum([least], 0.0), np.zeros(1)


LAWS: dict[Law, float] = {
    everyone_is_somewhere_once: PEOPLE,
    nobody_with_addiction_is_hidden_by_a_new_name: PEOPLE,
    addiction_changes_by_its_flows: PEOPLE,
    custody_changes_by_its_flows: PEOPLE,
    those_not_using_change_by_their_flows: PEOPLE,
    every_gram_shipped_is_seized_destroyed_or_delivered: KILOGRAMS,
    every_dollar_is_spent_or_unspent: BUDGET,
    what_users_pay_is_what_all_others_get: SALES,
    nothing_is_below_zero: 1e-9,
}
"""Every law, and the scale of what it weighs."""


def broken(months: Months, law: Law) -> float:
    """The largest difference that the law finds, relative to its scale."""
    return max(float(np.abs(left - right).max()) for left, right in law(months)) / LAWS[law]
