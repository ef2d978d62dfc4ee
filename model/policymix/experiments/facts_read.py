"""What is read off the experiments behind the published findings: a number for every part.

The keys are those of `scenarios/ledger/facts.toml`: the finding and its part.
"""

from collections.abc import Callable, Mapping
from typing import Final

from policymix.corridors import COUNTRIES, N_CORRIDORS
from policymix.experiments.arms import (
    TODAY,
    Reading,
    Runs,
    Span,
    change,
    percent_change,
    quotient,
)
from policymix.experiments.facts import KITS, TEN_YEARS, TENTH_YEAR
from policymix.units import MONTHS_PER_YEAR

_FIVE_YEARS: Final = (1, 60)
_FIFTH_YEAR: Final = (49, 60)
_FOURTH_YEAR: Final = (37, 48)
_FIRST_YEAR: Final = (1, 12)
_HALF_YEAR: Final = (1, 6)
_SECOND_HALF_YEAR: Final = (7, 12)
_LATER: Final = (19, 24)
_QUARTER: Final = (1, 3)
_MONTH: Final = (1, 1)
_DISCOUNT_A_YEAR: Final = 0.04
"""How much less use averted a year later counts: a choice, usual for the years it looks at."""
_YEARS_TO_TENTH: Final = 9.5
_PERCENT: Final = 100.0
_AT_HOME: Final = f"killed_in_{COUNTRIES[0]}"
_IN_TRANSIT: Final = tuple(f"killed_in_{country}" for country in COUNTRIES[1:])
_OTHERS: Final = tuple(f"corridor_{n}_shipped" for n in range(2, N_CORRIDORS + 1))


def _several(arms: tuple[str, ...], name: str, span: Span) -> Callable[[Runs], tuple[float, ...]]:
    return lambda runs: tuple(runs[arm].mean(name, span) for arm in arms)


def _transit(arm: str, span: Span, *, against: str = TODAY) -> Reading:
    """The change of deaths in conflict in the transit countries [%]."""
    return Reading(
        2,
        lambda runs: tuple(
            sum(runs[one].mean(name, span) for name in _IN_TRANSIT) for one in (arm, against)
        ),
        percent_change,
    )


def _rise_left(late: float, late_today: float, early: float, early_today: float) -> float:
    return _PERCENT * quotient(percent_change(late, late_today), percent_change(early, early_today))


def _leader(runs: Runs) -> tuple[float, ...]:
    spans = (_LATER, _LATER, _HALF_YEAR, _HALF_YEAR)
    arms = ("leader", TODAY) * 2
    return tuple(runs[a].mean(_AT_HOME, span) for a, span in zip(arms, spans, strict=True))


def _moved(runs: Runs) -> tuple[float, ...]:
    """Gained by the other corridors, lost by the busiest [kg a month]."""

    def more(name: str) -> float:
        pressed, twin = runs["busiest_twice"], runs[TODAY]
        return pressed.mean(name, _SECOND_HALF_YEAR) - twin.mean(name, _SECOND_HALF_YEAR)

    return sum(more(name) for name in _OTHERS), -more("corridor_1_shipped")


def _more_routes() -> Reading:
    routes = _several(("busiest_twice", TODAY), "active_corridors", _SECOND_HALF_YEAR)
    return Reading(2, routes, lambda after, before: after - before)


def averted(arm: str, runs: Runs) -> tuple[float, float]:
    """Use averted, and all use, over all months, those of later years discounted [kg, weighted]."""
    less, all_ = 0.0, 0.0
    rate = (1.0 + _DISCOUNT_A_YEAR) ** (-1.0 / MONTHS_PER_YEAR)
    rows = (runs[one].months("consumption").tolist() for one in (arm, TODAY))
    for month, (after, before) in enumerate(zip(*rows, strict=True)):
        less += (before - after) * rate**month
        all_ += before * rate**month
    return less, all_


def averted_ratio(above: str, below: str) -> Reading:
    """Use averted by one arm in times of that of another, both discounted."""
    return Reading(2, lambda runs: (averted(above, runs)[0], averted(below, runs)[0]), quotient)


def _peak(runs: Runs) -> tuple[float, ...]:
    price, twin = runs["supply_cut"].months("retail_price"), runs[TODAY].months("retail_price")
    return (float(max(a / b for a, b in zip(price, twin, strict=False))),)


def _risk(state: str) -> Reading:
    """Deaths per person-month in a state, in times of those in active addiction."""
    names = (f"died_{state}", f"at_risk_{state}", "died_active", "at_risk_active")
    return Reading(
        4,
        lambda runs: tuple(runs[TODAY].mean(name, TEN_YEARS) for name in names),
        lambda died, n, died_active, n_active: quotient(
            quotient(died, n), quotient(died_active, n_active)
        ),
    )


def _deaths_per_release() -> Reading:
    arms = ("treated_in_custody", TODAY)
    return Reading(
        4,
        lambda runs: tuple(
            runs[arm].mean(name, TEN_YEARS)
            for arm in arms
            for name in ("died_after_custody", "at_risk_after_custody")
        ),
        lambda died, n, died_today, n_today: percent_change(
            quotient(died, n), quotient(died_today, n_today)
        ),
    )


def _first_kits(none: float, few: float, people: float) -> float:
    """Kits per death averted; deaths are a month's, kits per 100,000 people a year's."""
    kits = KITS["few"] * people / 100_000
    return quotient(kits, (none - few) * MONTHS_PER_YEAR)


def _with_people(runs: Runs) -> tuple[float, ...]:
    deaths = _several(("kits_none", "kits_few"), "expected_deaths", _FIVE_YEARS)(runs)
    everyone = ("not_using", "casual_users", "in_recovery", "incarcerated", "active_addiction")
    people = sum(runs[TODAY].mean(name, _FIVE_YEARS) for name in (*everyone, "in_treatment"))
    return (*deaths, people)


def _diminishing(none: float, few: float, many: float) -> float:
    """What a kit averts among the first, in times of what one averts after them."""
    first = (none - few) / (KITS["few"] - KITS["none"])
    return quotient(first, (few - many) / (KITS["many"] - KITS["few"]))


def _prevalence(runs: Runs) -> tuple[float, ...]:
    return tuple(
        sum(runs[arm].mean(name, _FOURTH_YEAR) for name in ("casual_users", "addicted"))
        for arm in ("all_pupils", TODAY)
    )


def _deaths_per_user(runs: Runs) -> tuple[float, ...]:
    return tuple(
        runs[arm].mean(name, _FIRST_YEAR)
        for arm in ("steady_potency", "no_fentanyl")
        for name in ("expected_deaths", "at_risk_active")
    )


def _potency(deaths: float, users: float, deaths_without: float, users_without: float) -> float:
    return quotient(quotient(deaths, users), quotient(deaths_without, users_without))


def _a_year(after: float, before: float) -> float:
    return _PERCENT * (float(quotient(after, before) ** (1.0 / _YEARS_TO_TENTH)) - 1.0)


def _times_today(arm: str, name: str, span: Span) -> Reading:
    return Reading(2, _several((arm, TODAY), name, span), quotient)


def _stronger_by_recruitment(arrests: float, recruitment: float, today: float) -> float:
    return quotient(today - recruitment, today - arrests)


FACT_READINGS: Final[Mapping[str, Reading]] = {
    "leader_removal.first_half_year": change("leader", _AT_HOME, _HALF_YEAR),
    "leader_removal.fades": Reading(4, _leader, _rise_left),
    "balloon.reappears": Reading(2, _moved, lambda more, less: _PERCENT * quotient(more, less)),
    "balloon.delivered": change("busiest_twice", "delivered", _SECOND_HALF_YEAR),
    "balloon.routes": _more_routes(),
    "source_cost.price": change("dear_source", "retail_price", TEN_YEARS),
    "source_cost.use": change("dear_source", "consumption", TEN_YEARS),
    "mature_enforcement.price": change("custody_twice", "retail_price", TEN_YEARS),
    "imprisonment_and_deaths.deaths": change("custody_twice", "expected_deaths", TEN_YEARS),
    "cost_of_less_use.policing": averted_ratio("more_treatment", "more_policing"),
    "cost_of_less_use.interdiction": averted_ratio("more_treatment", "more_interdiction"),
    "cost_of_less_use.order": averted_ratio("more_policing", "more_interdiction"),
    "arrests_and_recruitment.arrests": change("captures_twice", "violence", _FIFTH_YEAR),
    "arrests_and_recruitment.recruitment": change("recruitment_half", "violence", _FIFTH_YEAR),
    "arrests_and_recruitment.ratio": Reading(
        3,
        _several(("captures_twice", "recruitment_half", TODAY), "violence", _FIFTH_YEAR),
        _stronger_by_recruitment,
    ),
    "arrests_and_recruitment.since_start": Reading(
        2,
        lambda runs: (
            runs["captures_twice"].mean("cartel_members", (60, 60)),
            runs["captures_twice"].start("cartel_members"),
        ),
        percent_change,
    ),
    "scarcity.spending": change("scarce", "retail_spending", _QUARTER),
    "scarcity.violence": _transit("scarce", _QUARTER),
    "scarcity.elastic": change("elastic_scarce", "retail_spending", _QUARTER, against="elastic"),
    "scarcity.elastic_violence": _transit("elastic_scarce", _QUARTER, against="elastic"),
    "supply_shock.peak": Reading(1, _peak, lambda peak: peak),
    "supply_shock.price_back": change("supply_cut", "retail_price", _SECOND_HALF_YEAR),
    "supply_shock.deaths_back": change("supply_cut", "expected_deaths", (19, 36)),
    "risk_by_state.in_treatment": _risk("in_treatment"),
    "risk_by_state.after_treatment": _risk("after_treatment"),
    "risk_by_state.after_custody": _risk("after_custody"),
    "treatment_in_custody.after_custody": _deaths_per_release(),
    "treatment_in_custody.all": change("treated_in_custody", "expected_deaths", TEN_YEARS),
    "treatment_in_custody.all_from_today": change(
        "treated_from_today", "expected_deaths", TEN_YEARS
    ),
    "naloxone.first_kits": Reading(3, _with_people, _first_kits),
    "naloxone.all": change("kits_many", "expected_deaths", _FIVE_YEARS, against="kits_none"),
    "naloxone.diminishing": Reading(
        3,
        _several(("kits_none", "kits_few", "kits_many"), "expected_deaths", _FIVE_YEARS),
        _diminishing,
    ),
    "naloxone.use": change("kits_many", "started_using", _FIVE_YEARS, against="kits_none"),
    "prevention.prevalence": Reading(2, _prevalence, percent_change),
    "potency.rise": Reading(4, _deaths_per_user, _potency),
    "potency.fall": change("less_potent", "expected_deaths", _FIRST_YEAR, against="steady_potency"),
    "lost_supplier.deaths": _times_today("no_supplier", "expected_deaths", _MONTH),
    "force_and_courts.strikes_violence": _transit("more_strikes", TENTH_YEAR),
    "force_and_courts.strikes_strength": change(
        "more_strikes", "institutional_strength", TENTH_YEAR
    ),
    "force_and_courts.courts_violence": Reading(
        2, _transit("more_anti_corruption", TENTH_YEAR).parts, _a_year
    ),
    "financial_seizures.one_per_cent": change(
        "confiscated_1", "cartel_members", (60, 60), against="confiscated_02"
    ),
    "financial_seizures.ten_per_cent": change(
        "confiscated_10", "cartel_members", (60, 60), against="confiscated_02"
    ),
    "financial_seizures.bribes": Reading(
        2,
        lambda runs: (
            runs[TODAY].mean("bribes", TEN_YEARS),
            runs[TODAY].mean("confiscated", TEN_YEARS),
        ),
        quotient,
    ),
    "jobs.with_cartels": change("no_jobs_with", "cartel_members", (60, 60)),
    "jobs.violence": change("no_jobs_with", "violence", _FIFTH_YEAR),
    "jobs.without_cartels": change("no_jobs_without", "cartel_members", (60, 60)),
}
