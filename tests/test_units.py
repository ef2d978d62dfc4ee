"""Units: conversions, against numbers worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policymix import units

probabilities = st.floats(0.0, 0.999999)
hazards = st.floats(0.0, 10.0)


def test_a_month_has_a_twelfth_of_the_weeks_of_a_year() -> None:
    assert pytest.approx(365.25 / 7) == 12 * units.WEEKS_PER_MONTH
    assert pytest.approx(4.348, abs=0.001) == units.WEEKS_PER_MONTH


def test_the_scales_are_powers_of_ten() -> None:
    assert (units.GRAMS_PER_KG, units.KG_PER_TONNE) == (1e3, 1e3)
    assert (units.MILLION, units.BILLION) == (1e6, 1e9)
    assert units.MONTHS_PER_YEAR == 12


def test_half_gone_in_a_month_is_a_hazard_of_ln_2() -> None:
    assert units.hazard_from_probability(0.5) == pytest.approx(0.693147, abs=1e-6)
    assert units.probability_from_hazard(0.693147) == pytest.approx(0.5, abs=1e-6)


def test_three_quarters_gone_in_a_year_is_half_gone_in_six_months() -> None:
    hazard = units.hazard_from_yearly_share(0.75)
    assert hazard == pytest.approx(math.log(2) / 6)
    assert 1 - math.exp(-6 * hazard) == pytest.approx(0.5)


def test_the_budget_of_42_5_billion_a_year_is_3542_million_a_month() -> None:
    assert units.million_usd_per_month(42.5) == pytest.approx(3541.667, abs=0.001)


def test_a_tiny_probability_keeps_its_digits() -> None:
    assert units.hazard_from_probability(1e-18) == pytest.approx(1e-18, rel=1e-12, abs=0.0)
    assert units.probability_from_hazard(1e-18) == pytest.approx(1e-18, rel=1e-12, abs=0.0)


@given(probabilities)
def test_probability_and_hazard_undo_each_other(p_month: float) -> None:
    back = units.probability_from_hazard(units.hazard_from_probability(p_month))
    assert back == pytest.approx(p_month, rel=1e-9, abs=1e-12)


@given(hazards)
def test_a_probability_is_below_its_hazard_and_below_one(hazard_month: float) -> None:
    p_month = units.probability_from_hazard(hazard_month)
    assert 0.0 <= p_month <= hazard_month
    assert p_month < 1.0


@given(hazards, hazards)
def test_hazards_add_where_survivals_multiply(one: float, other: float) -> None:
    survival = (1 - units.probability_from_hazard(one)) * (1 - units.probability_from_hazard(other))
    assert 1 - units.probability_from_hazard(one + other) == pytest.approx(survival, abs=1e-12)


@given(probabilities)
def test_twelve_months_of_the_monthly_hazard_lose_the_yearly_share(share_year: float) -> None:
    hazard_month = units.hazard_from_yearly_share(share_year)
    assert units.probability_from_hazard(12 * hazard_month) == pytest.approx(share_year, abs=1e-12)


@given(st.floats(0.0, 1e6))
def test_twelve_months_of_money_are_the_year_s(billion_usd_per_year: float) -> None:
    year = 12 * units.million_usd_per_month(billion_usd_per_year) * units.MILLION
    assert year == pytest.approx(billion_usd_per_year * units.BILLION)
