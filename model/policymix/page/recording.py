"""One run as the Watch tab shows it: the same people month by month, cartels and corridors.

A dot is a slot: whoever is there at month's end. The steps within a month are not kept, but
whether someone else is there now is, and why.
"""

import base64
from collections.abc import Sequence
from math import isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policymix.balance import Balanced
from policymix.corridors import N_CORRIDORS
from policymix.dice import replicate_seed
from policymix.label import SHORT_LABEL
from policymix.model import PolicyModel
from policymix.outcomes import OUTCOME_NAMES
from policymix.page.shown import SHOWN_NAMES, shown_paths
from policymix.people import People, Slots
from policymix.scenario import Scenario

DOTS: Final = 2_400
"""Slots that are shown, the first of all: as many as a field of dots keeps apart on a phone."""
SAME, DIED, AGED_OUT = range(3)
"""How a slot changed: the same person, or a newcomer after an overdose or after the exit age."""
_HOW: Final = 16
"""A change's code is state + _HOW * how."""

Codes = NDArray[np.uint16]


def recorded(
    scenario: Scenario,
    seed: int,
    *,
    balanced: Balanced | None = None,
    start: People | None = None,
    dots: int = DOTS,
) -> dict[str, Any]:
    """Replicate 0 of the study `seed`, played to its end and ready for JSON.

    `balanced` and `start` as `PolicyModel` takes them; a `start` is lived in, so pass a copy.
    Raises ImpossibleWorldError for a world without a balance.
    """
    model = PolicyModel(
        scenario,
        seed=replicate_seed(seed, 0),
        balanced=balanced,
        start=start,
        collect=False,
    )
    dwellers = Dwellers(model.people, dots)
    gangs = _Gangs(model)
    told: dict[str, Any] = {
        "label": SHORT_LABEL,
        "people": dwellers.n,
        "weight": model.people.start.country / dwellers.n,
        "months": scenario.setup.months,
        "start": _packed(dwellers.state),
        "born": _packed(dwellers.born.astype("<i2")),
    }
    cartels, countries = [gangs.now()], [_strengths(model)]
    while model.month < scenario.setup.months:
        model.step()
        dwellers.look(model.month)
        cartels.append(gangs.now())
        countries.append(_strengths(model))
    told["changes"] = _packed(dwellers.changes())
    return told | {"cartels": cartels, "countries": countries} | _national(model.records)


class Dwellers:
    """Who is in the first slots, month by month: what changed since the month before.

    Columns, shape (n,): `state` (State) at month's end, `born` (month in which whoever is there
    turned 12, also where newcomers follow by the calendar and the model's column stays).
    """

    def __init__(self, people: People, dots: int) -> None:
        self.n = min(dots, len(people))
        self._people = people
        self._slots: Slots = np.arange(self.n)
        self._changes: list[Codes] = []
        self.state, self.born = self._seen(0)

    def look(self, month: int) -> Codes:
        """Note the end of `month`: rows (month, slot, state + 16 * how), which are also returned.

        The exit age is looked at first: whoever reaches it in a month cannot die in it as well.
        """
        state, born = self._seen(month)
        life = self._people.start.rates.months_in_population
        gone = np.where(month - self.born >= life, AGED_OUT, DIED)
        how = np.where(born == self.born, SAME, gone)
        changed = np.flatnonzero((state != self.state) | (how != SAME))
        code = state[changed] + _HOW * how[changed]
        rows = np.column_stack((np.full(len(changed), month), changed, code)).astype(np.uint16)
        self._changes.append(rows)
        self.state, self.born = state, born
        return rows

    def changes(self) -> Codes:
        """All rows so far, by month and slot."""
        return np.concatenate([np.empty((0, 3), dtype=np.uint16), *self._changes]).astype("<u2")

    def _seen(self, month: int) -> tuple[NDArray[np.uint8], Slots]:
        born = month - self._people.age_months(self._slots, month)
        return self._people.state[: self.n].copy(), born


class _Gangs:
    """The cartels month by month, by numbers that stay: 1, 2, ... as they appeared."""

    def __init__(self, model: PolicyModel) -> None:
        self._model = model
        self._ids: dict[int, int] = {}

    def now(self) -> list[list[float]]:
        """[id, home, members, million USD/month, hostility] of each; revenue goes by members."""
        model = self._model
        sales = model.sales if model.month else model.today
        all_members = sum(cartel.members for cartel in model.cartels)
        per_member = sales.cartel_revenue / all_members if all_members > 0.0 else 0.0
        return [
            [
                self._ids.setdefault(cartel.address, len(self._ids) + 1),
                model.countries.index(cartel.home),
                round(cartel.members),
                round(cartel.members * per_member, 1),
                round(cartel.hostility, 2),
            ]
            for cartel in model.cartels
        ]


def _strengths(model: PolicyModel) -> list[float]:
    return [round(country.strength, 3) for country in model.countries]


def _national(records: NDArray[np.float64]) -> dict[str, Any]:
    """What is told of the whole country: shown units, and null where there is no month 0."""
    paths = shown_paths(records)
    names = {"price": "retail_price", "deaths": "overdose_deaths", "addicted": "addicted"}
    national = {
        key: _listed(paths[:, SHOWN_NAMES.index(name)], decimals=3) for key, name in names.items()
    }
    columns = [
        OUTCOME_NAMES.index(f"corridor_{number}_{what}")
        for number in range(1, N_CORRIDORS + 1)
        for what in ("shipped", "seized")
    ]
    kg = records[1:, columns].reshape(-1, N_CORRIDORS, 2).round().astype(int).tolist()
    return {**national, "corridors": kg}


def _listed(path: Sequence[float] | NDArray[np.float64], decimals: int) -> list[float | None]:
    return [round(float(value), decimals) if isfinite(value) else None for value in path]


def _packed(array: NDArray[Any]) -> str:
    return base64.b64encode(array.tobytes()).decode()
