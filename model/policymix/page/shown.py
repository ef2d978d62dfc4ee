"""Which outcomes the page shows, and how: by the year, in units that people read."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from policymix.outcomes import BY_NAME, HEADLINE, OUTCOME_NAMES
from policymix.units import KG_PER_TONNE, MONTHS_PER_YEAR

Floats = NDArray[np.float64]
Group = Literal["headline", "people", "market", "cartels"]

_THOUSAND: Final = 1e-3
_PER_YEAR: Final = float(MONTHS_PER_YEAR)


@dataclass(frozen=True)
class Shown:
    """One outcome as the page shows it: `factor` times its value, in `unit`.

    A flow is shown by the year: the mean of the last twelve months, or of as many as there are.
    """

    name: str
    title: str
    unit: str
    factor: float
    group: Group
    part_of: str = ""
    """The outcome of which it is a part, and beside whose other parts it is shown."""

    @property
    def is_flow(self) -> bool:
        """Whether it is shown by the year."""
        return BY_NAME[self.name].kind == "flow"

    @property
    def meaning(self) -> str:
        """What the outcome counts, as it is declared."""
        return BY_NAME[self.name].meaning


_PEOPLE: Final = ("thousand people", _THOUSAND)
_DEATHS: Final = ("thousand a year", _PER_YEAR * _THOUSAND)
_MONEY: Final = ("billion USD a year", _PER_YEAR * _THOUSAND)
_TONNES: Final = ("tonnes a year", _PER_YEAR / KG_PER_TONNE)

SHOWN: Final = (
    Shown("addicted", "People with addiction", *_PEOPLE, "headline"),
    Shown("overdose_deaths", "Overdose deaths", *_DEATHS, "headline"),
    Shown("cartel_revenue", "Cartel revenue", *_MONEY, "headline"),
    Shown("cartel_profit", "Cartel profit", *_MONEY, "headline"),
    Shown("active_addiction", "Active addiction", *_PEOPLE, "people", part_of="addicted"),
    Shown("in_treatment", "In treatment", *_PEOPLE, "people", part_of="addicted"),
    Shown("addicted_in_custody", "In custody", *_PEOPLE, "people", part_of="addicted"),
    Shown("waiting_for_treatment", "Willing, without a place", *_PEOPLE, "people"),
    Shown("in_recovery", "In recovery", *_PEOPLE, "people"),
    Shown("casual_users", "Casual users", *_PEOPLE, "people"),
    Shown("incarcerated", "Held for drug offences", *_PEOPLE, "people"),
    Shown("consumption", "Consumption", *_TONNES, "market"),
    Shown("retail_price", "Retail price", "USD per pure gram", 1.0, "market"),
    Shown("seized", "Seized on the way", *_TONNES, "market"),
    Shown("unspent", "Money that found no use", *_MONEY, "market"),
    Shown("cartel_members", "Cartel members", *_PEOPLE, "cartels"),
    Shown("violence", "Deaths from cartel conflict", *_DEATHS, "cartels"),
    Shown("institutional_strength", "Institutions abroad", "index 0-1", 1.0, "cartels"),
)
"""In the order of the page."""
SHOWN_NAMES: Final = tuple(one.name for one in SHOWN)
_COLUMNS: Final = [OUTCOME_NAMES.index(name) for name in SHOWN_NAMES]
_FACTORS: Final = np.array([one.factor for one in SHOWN])
_FLOWS: Final = np.array([one.is_flow for one in SHOWN])

if tuple(one.name for one in SHOWN if one.group == "headline") != HEADLINE:
    raise AssertionError("the page's headline is that of all tables")


def shown_paths(records: Floats) -> Floats:
    """The outcomes of `SHOWN` month by month, shape (..., months + 1, len(SHOWN)).

    `records`, shape (..., months + 1, outcomes), as `PolicyModel.records`. Flows have no month 0.
    """
    paths: Floats = records[..., _COLUMNS] * _FACTORS
    flows = paths[..., 1:, :][..., _FLOWS]
    sums = np.cumsum(flows, axis=-2)
    window = MONTHS_PER_YEAR
    late = sums[..., window:, :] - sums[..., :-window, :]
    sums[..., window:, :] = late
    months = np.minimum(np.arange(1, flows.shape[-2] + 1), window)[:, np.newaxis]
    paths[..., 1:, _FLOWS] = sums / months
    return paths
