"""What experiments read, on made-up months whose numbers can be found by hand."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from policymix.assumptions import central_world
from policymix.balance import Balanced, balance
from policymix.experiments.arms import COLUMNS, TODAY, Lived, played
from policymix.experiments.claims import CLAIM_READINGS
from policymix.experiments.extremes import EXTREME_ARMS, EXTREME_READINGS
from policymix.experiments.facts import KITS
from policymix.experiments.facts_read import FACT_READINGS, averted
from policymix.experiments.rand import RAND_READINGS
from policymix.peopling import initial_population

MONTHS = 180
EVERY_READING = {**FACT_READINGS, **CLAIM_READINGS, **RAND_READINGS}


def months(**columns: float | list[float]) -> Lived:
    """A run in which a column is the same every month, or as listed and then its last."""
    rows = np.zeros((MONTHS + 1, len(COLUMNS)))
    for name, values in columns.items():
        listed = values if isinstance(values, list) else [values]
        rows[:, COLUMNS.index(name)] = (listed + [listed[-1]] * MONTHS)[: MONTHS + 1]
    return Lived(rows)


def read(name: str, **runs: Lived) -> float:
    reading = EVERY_READING[name]
    parts = reading.parts(runs)
    assert len(parts) == reading.n
    return reading.value(*parts)


def test_what_is_left_of_a_rise_is_a_share_of_the_early_one() -> None:
    calm = months(killed_in_source=10.0)
    hot = months(killed_in_source=[10.0, *[15.0] * 6, *[10.0] * 12, *[11.0] * 6])
    runs = {"leader": hot, TODAY: calm}
    assert read("leader_removal.first_half_year", **runs) == pytest.approx(50.0)
    assert read("leader_removal.fades", **runs) == pytest.approx(20.0)


def test_flow_that_moved_is_a_share_of_what_the_corridor_lost() -> None:
    before = months(corridor_1_shipped=50.0, corridor_2_shipped=30.0, corridor_6_shipped=5.0)
    after = months(corridor_1_shipped=40.0, corridor_2_shipped=36.0, corridor_6_shipped=8.0)
    assert read("balloon.reappears", busiest_twice=after, today=before) == pytest.approx(90.0)


def test_use_averted_later_counts_less() -> None:
    all_the_time = {"more": months(consumption=90.0), TODAY: months(consumption=100.0)}
    less, everything = averted("more", all_the_time)
    assert less / everything == pytest.approx(0.1)
    late = {**all_the_time, "more": months(consumption=[100.0] * 169 + [90.0])}
    early = {**all_the_time, "more": months(consumption=[100.0] + [90.0] * 12 + [100.0])}
    ratio = averted("more", late)[0] / averted("more", early)[0]
    assert ratio == pytest.approx(1.04**-14, rel=0.01)


def test_the_cost_of_one_per_cent_is_what_a_billion_buys_of_it() -> None:
    runs = {"treatment": months(consumption=98.0), TODAY: months(consumption=100.0)}
    assert read("cost_of_less_use.treatment", **runs) == pytest.approx(500.0)
    worse = {"treatment": months(consumption=98.0), "policing": months(consumption=99.5)}
    ratio = read("cost_of_less_use.policing_ratio", **worse, today=months(consumption=100.0))
    assert ratio == pytest.approx(4.0)


def test_recruitment_is_weighed_against_arrests_by_the_deaths_that_each_saves() -> None:
    runs = {"captures_twice": months(violence=80.0), "recruitment_half": months(violence=65.0)}
    told = read("arrests_and_recruitment.ratio", **runs, today=months(violence=100.0))
    assert told == pytest.approx(35.0 / 20.0)
    grown = {"captures_twice": months(cartel_members=[100.0, 106.0])}
    assert read("arrests_and_recruitment.since_start", **grown) == pytest.approx(6.0)


def test_the_peak_of_a_price_is_against_the_twin_of_that_month() -> None:
    shock = months(retail_price=[100.0, 200.0, 330.0, 150.0, 100.0])
    assert read("supply_shock.peak", supply_cut=shock, today=months(retail_price=110.0)) == 3.0


def test_a_risk_is_deaths_a_person_month_in_times_of_those_in_active_addiction() -> None:
    run = months(died_active=2.0, at_risk_active=1000.0, died_in_treatment=1.0)
    run = Lived(run.rows + months(at_risk_in_treatment=1000.0).rows)
    assert read("risk_by_state.in_treatment", today=run) == pytest.approx(0.5)


def test_deaths_after_release_are_counted_a_release() -> None:
    treated = months(died_after_custody=1.0, at_risk_after_custody=200.0)
    before = months(died_after_custody=1.0, at_risk_after_custody=100.0)
    told = read("treatment_in_custody.after_custody", treated_in_custody=treated, today=before)
    assert told == pytest.approx(-50.0)


def test_kits_are_counted_a_year_and_deaths_a_month() -> None:
    runs = {"kits_none": months(expected_deaths=1000.0), "kits_few": months(expected_deaths=950.0)}
    runs["kits_many"] = months(expected_deaths=885.0)
    everyone = months(not_using=300e6)
    told = read("naloxone.first_kits", **runs, today=everyone)
    assert told == pytest.approx(KITS["few"] * 3000 / 600)
    assert read("naloxone.diminishing", **runs) == pytest.approx((50 / 200) / (65 / 1300))


def test_users_are_casual_ones_and_everyone_with_addiction() -> None:
    runs = {"all_pupils": months(casual_users=50.0, addicted=49.0)}
    runs[TODAY] = months(casual_users=50.0, addicted=50.0)
    assert read("prevention.prevalence", **runs) == pytest.approx(-1.0)


def test_potency_is_weighed_by_those_who_use() -> None:
    runs = {
        "steady_potency": months(expected_deaths=80.0, at_risk_active=10.0),
        "no_fentanyl": months(expected_deaths=30.0, at_risk_active=15.0),
    }
    assert read("potency.rise", **runs) == pytest.approx(4.0)


def test_a_change_over_ten_years_is_told_a_year() -> None:
    after = months(killed_in_transit_a=100.0 * 0.95**9.5)
    before = months(killed_in_transit_a=100.0)
    told = read("force_and_courts.courts_violence", more_anti_corruption=after, today=before)
    assert told == pytest.approx(-5.0)


def test_a_combination_is_weighed_against_the_best_side_alone() -> None:
    names = ("supply_first", "demand_first", "cooperation_first", "combined", TODAY)
    values = (105.0, 90.0, 99.0, 93.0, 100.0)
    runs = {n: months(addicted=x) for n, x in zip(names, values, strict=True)}
    assert read("combination.addicted", **runs) == pytest.approx(3.0)


def test_two_levers_are_weighed_by_the_difference_of_their_changes() -> None:
    runs = {
        "more_demand": months(cartel_revenue=90.0),
        "more_interdiction": months(cartel_revenue=98.0),
        TODAY: months(cartel_revenue=100.0),
    }
    assert read("demand_drives_revenue.revenue", **runs) == pytest.approx(-8.0)


@pytest.mark.parametrize("name", list(EVERY_READING))
def test_a_reading_has_as_many_parts_as_it_says(name: str) -> None:
    ones = Lived(np.ones((MONTHS + 1, len(COLUMNS))))

    reading = EVERY_READING[name]
    assert len(reading.parts(defaultdict(lambda: ones))) == reading.n


# --- every extreme condition sees what breaks it -------------------------------------------------


@pytest.fixture(scope="module")
def extremes() -> dict[str, Lived]:
    balanced: Balanced = balance(central_world(), 12)
    people = initial_population(balanced, 1_000, 1)
    zero = balance(central_world().with_values({"price_elasticity": 0.0}), 12)
    worlds = {True: (zero, initial_population(zero, 1_000, 1)), False: (balanced, people)}
    return {
        name: played(replace(arm, assume={}), *worlds[bool(arm.assume)], 1)
        for name, arm in EXTREME_ARMS.items()
    }


def spoilt(run: Lived, name: str, by: Callable[[float], float]) -> Lived:
    rows = run.rows.copy()
    rows[5, COLUMNS.index(name)] = by(rows[5, COLUMNS.index(name)])
    return Lived(rows)


@pytest.mark.parametrize(
    ("condition", "arm", "column"),
    [
        ("no_users", "no_users", "cartel_revenue"),
        ("no_cartels", "no_cartels", "shipped"),
        ("no_money", "no_money", "arrests"),
        ("unlimited_treatment", "twice_unlimited", "in_treatment"),
        ("no_elasticity", "no_elasticity_dear", "casual_users"),
        ("no_lethality", "no_lethality", "overdose_deaths"),
        ("one_corridor", "one_corridor", "corridor_1_shipped"),
        ("no_inflow", "no_inflow", "active_addiction"),
        ("people_conserved", TODAY, "addicted"),
        ("people_conserved", "other_mix", "arrests"),
        ("grams_conserved", TODAY, "stock"),
        ("grams_conserved", TODAY, "seized"),
        ("dollars_conserved", "other_mix", "spent_policing"),
        ("dollars_conserved", TODAY, "bribes"),
    ],
)
def test_an_extreme_condition_sees_what_breaks_it(
    extremes: dict[str, Lived], condition: str, arm: str, column: str
) -> None:
    reading = EXTREME_READINGS[condition]
    assert reading.parts(extremes) == (1.0,)
    broken = {**extremes, arm: spoilt(extremes[arm], column, lambda x: 2.0 * x + 1e6)}
    assert reading.parts(broken) == (0.0,)


def test_the_price_at_its_bound_is_seen(extremes: dict[str, Lived]) -> None:
    reading = EXTREME_READINGS["everything_seized"]
    assert reading.parts(extremes) == (1.0,)
    assert reading.parts({**extremes, "everything_seized": extremes[TODAY]}) == (0.0,)
