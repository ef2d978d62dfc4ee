"""The funder: the budget by month, the volumes it buys, and the money that finds no use."""

from collections.abc import Mapping
from typing import Final

from policymix.levers import LEVER_NAMES, Curve, UnitCostCurve
from policymix.scenario import Scenario
from policymix.units import million_usd_per_month

_SPENT: Final = {name: f"spent_{name}" for name in LEVER_NAMES}


class Funder:
    """Gives out the scenario's money and says what it bought.

    `volume` and `budget` [billion USD/year], by lever, are this month's.
    """

    def __init__(self, scenario: Scenario, curves: Mapping[str, Curve]) -> None:
        self.scenario = scenario
        self.curves = curves
        self.volume: dict[str, float] = dict.fromkeys(LEVER_NAMES, 1.0)
        self.budget: dict[str, float] = {}
        self._all_spent: dict[str, float] = {}
        self._whole = 0.0
        self.custody_treatment = False

    def spend(self, month: int) -> None:
        """Turn this month's mix into volumes."""
        paid = self.scenario.spend(month)
        if paid != tuple(self.budget.values()):
            self.budget = budget = dict(zip(LEVER_NAMES, paid, strict=True))
            self.volume = {name: self.curves[name].volume(spend) for name, spend in budget.items()}
            self._all_spent = {_SPENT[name]: million_usd_per_month(budget[name]) for name in budget}
            self._whole = million_usd_per_month(sum(budget.values()))
        self.custody_treatment = self.scenario.treatment_in_custody(month)

    def account(self, used: Mapping[str, float]) -> dict[str, float]:
        """Outcomes of the budget [million USD/month].

        `used`: the volume that found a use, for levers where less than was bought can be used.
        """
        outcomes = dict(self._all_spent)
        for name, volume in used.items():
            if volume < self.volume[name]:
                outcomes[_SPENT[name]] = million_usd_per_month(self._cost(name, volume))
        spent = sum(outcomes.values())
        return {"budget": self._whole, "spent": spent, "unspent": self._whole - spent, **outcomes}

    def _cost(self, name: str, volume: float) -> float:
        curve = self.curves[name]
        if isinstance(curve, UnitCostCurve):
            return min(curve.cost(volume), self.budget[name])
        return 0.0 if volume <= 0.0 else self.budget[name]
