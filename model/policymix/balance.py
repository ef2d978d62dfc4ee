"""Solves what keeps today steady under today's mix: every world starts from the same country.

One unknown for one target, with the rooms' own functions; nothing is tuned by hand.
"""

from dataclasses import dataclass

from policymix.assumptions import World
from policymix.balance_cartels import solve_cartels, solve_countries
from policymix.balance_market import solve_market
from policymix.balance_people import solve_people
from policymix.balance_routes import solve_patrol
from policymix.cartels import CartelNumbers
from policymix.errors import ImpossibleWorldError
from policymix.governments import CountryNumbers, PatrolNumbers
from policymix.levers import Curve, curves
from policymix.market import MarketNumbers
from policymix.people import PeopleStart
from policymix.response import Responses


@dataclass(frozen=True)
class Balanced:
    """A world and everything that was solved for it; frozen, and small enough to send around."""

    world: World
    n_cartels: int
    curves: dict[str, Curve]
    responses: Responses
    people: PeopleStart
    market: MarketNumbers
    patrol: PatrolNumbers
    cartels: CartelNumbers
    countries: tuple[CountryNumbers, ...]


def balance(world: World, n_cartels: int) -> Balanced:
    """Solve the unknowns of this world with `n_cartels` cartels (1-50).

    Raises ImpossibleWorldError if no non-negative solution exists.
    """
    try:
        return _solved(world, n_cartels)
    except ArithmeticError as error:
        raise ImpossibleWorldError(f"the balance cannot be solved ({error})") from error


def _solved(world: World, n_cartels: int) -> Balanced:
    responses = Responses.of(world)
    patrol = solve_patrol(world)
    cartels = solve_cartels(world, n_cartels)
    return Balanced(
        world=world,
        n_cartels=n_cartels,
        curves=curves(world),
        responses=responses,
        people=solve_people(world, responses.today()),
        market=solve_market(world),
        patrol=patrol,
        cartels=cartels,
        countries=solve_countries(world, patrol, cartels),
    )
