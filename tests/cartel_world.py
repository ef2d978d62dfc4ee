"""A world of so many cartels under today's mix, for tests of cartels."""

from dataclasses import replace
from functools import cache

from policymix.assumptions import central_world
from policymix.balance import Balanced, balance
from policymix.balance_cartels import solve_cartels
from policymix.cartels import Cartel, CartelMonth, Ground
from policymix.model import PolicyModel
from policymix.scenario import load_scenario

WORLD = central_world()


@cache
def balanced_world() -> Balanced:
    return balance(WORLD, 12)


def founded(n_cartels: int = 12, seed: int = 1, **changes: float) -> PolicyModel:
    """A world of so many cartels under today's mix, with some of their numbers changed."""
    cartels = replace(solve_cartels(WORLD, n_cartels), **changes)
    scenario = load_scenario("baseline")
    scenario = replace(scenario, setup=replace(scenario.setup, people=1_000))
    balanced = replace(balanced_world(), cartels=cartels)
    model = PolicyModel(scenario, seed=seed, balanced=balanced)
    model.cartel_month = month_of(model)
    return model


def month_of(model: PolicyModel, **changes: float) -> CartelMonth:
    """Today's month, or one that differs in some way."""
    month = CartelMonth(
        rel_profit_per_member=1.0,
        rel_revenue=1.0,
        strikes=1.0,
        falls=model.balanced.cartels.falls,
        heat=sum(cartel.heat for cartel in model.cartels),
        n_cartels=len(model.cartels),
    )
    return replace(month, **changes)


def ground_of(cartel: Cartel, month: CartelMonth) -> Ground:
    return month.ground(cartel.home, cartel.numbers)


def killed_of(cartel: Cartel, month: CartelMonth) -> float:
    return cartel.fight(month, ground_of(cartel, month))


def members(model: PolicyModel) -> list[float]:
    return [cartel.members for cartel in model.cartels]
