"""Time and conversion: the only place where a rate becomes a monthly probability."""

import math
from typing import Final

MONTHS_PER_YEAR: Final = 12
WEEKS_PER_MONTH: Final = 365.25 / 12 / 7
GRAMS_PER_KG: Final = 1_000.0
KG_PER_TONNE: Final = 1_000.0
MILLION: Final = 1e6
BILLION: Final = 1e9

UNITS: Final = frozenset(
    {
        "people",
        "people/year",
        "people/week",
        "deaths/year",
        "deaths/week",
        "falls/year",
        "years",
        "months",
        "share",
        "share/month",
        "share/year",
        "ratio",
        "elasticity",
        "log units",
        "billion USD/year",
        "USD/year",
        "USD/arrest",
        "USD/place-year",
        "USD/pupil",
        "USD/kit",
        "USD/gram",
        "kits/100,000 people/year",
        "tonnes/year",
        "index 0-1",
        "index 0-1/year",
    }
)
"""Every unit a ledger entry may have; anything else is a misspelling."""


def hazard_from_probability(p_month: float) -> float:
    """Monthly hazard [1/month] that gives the monthly probability `p_month` (0-1)."""
    return -math.log1p(-p_month)


def probability_from_hazard(hazard_month: float) -> float:
    """Monthly probability (0-1) of at least one event at a hazard [1/month]."""
    return -math.expm1(-hazard_month)


def hazard_from_yearly_share(share_year: float) -> float:
    """Monthly hazard [1/month] of a share lost per year (0-1)."""
    return -math.log1p(-share_year) / MONTHS_PER_YEAR


def million_usd_per_month(billion_usd_per_year: float) -> float:
    """Billion USD a year as million USD a month."""
    return billion_usd_per_year * BILLION / MILLION / MONTHS_PER_YEAR
