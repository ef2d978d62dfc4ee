"""The funder: the budget by month, the volumes it buys, and the money that finds no use."""

from collections.abc import Mapping

from policymix.levers import LEVER_NAMES, Curve, UnitCostCurve
from policymix.scenario import Scenario
from policymix.units import million_usd_per_month


class Funder:
    """Gives out the scenario's money and says what it bought.

    `volume` and `budget` [billion USD/year], by lever, are this month's.
    """

    def __init__(self, scenario: Scenario, curves: Mapping[str, Curve]) -> None:
        self.scenario = scenario
        self.curves = curves
        self.volume: dict[str, float] = dict.fromkeys(LEVER_NAMES, 1.0)
        self.budget: dict[str, float] = {}
        self.custody_treatment = False

    def spend(self, month: int) -> None:
        """Turn this month's mix into volumes."""
        self.budget = dict(zip(LEVER_NAMES, self.scenario.spend(month), strict=True))
        self.volume = {name: self.curves[name].volume(self.budget[name]) for name in LEVER_NAMES}
        self.custody_treatment = self.scenario.treatment_in_custody(month)

    def account(self, used: Mapping[str, float]) -> dict[str, float]:
        """Outcomes of the budget [million USD/month].

        `used`: the volume that found a use, for levers where less than was bought can be used.
        """
        outcomes: dict[str, float] = {}
        for name in LEVER_NAMES:
            spent = self.budget[name]
            if used.get(name, self.volume[name]) < self.volume[name]:
                spent = self._cost(name, used[name])
            outcomes[f"spent_{name}"] = million_usd_per_month(spent)
        budget = million_usd_per_month(sum(self.budget.values()))
        spent = sum(outcomes.values())
        return {"budget": budget, "spent": spent, "unspent": budget - spent, **outcomes}

    def _cost(self, name: str, volume: float) -> float:
        curve = self.curves[name]
        if isinstance(curve, UnitCostCurve):
            return min(curve.cost(volume), self.budget[name])
        return 0.0 if volume <= 0.0 else self.budget[name]
