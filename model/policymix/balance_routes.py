"""Balances patrols and routes: effectiveness at the fixed point of both sides' learning."""

from collections.abc import Sequence
from math import exp, log
from typing import Final

from policymix.assumptions import World
from policymix.corridors import N_CORRIDORS
from policymix.governments import PatrolNumbers, effort

_ROUNDS: Final = 2_000
_TOLERANCE: Final = 1e-12


def solve_patrol(world: World) -> PatrolNumbers:
    """Belief, effort and flows that stay as they are while today's share is seized."""
    flow = _flow_today(world)
    informed = world.number("share_effort_informed", "share")
    effective, belief = _effectiveness(world.number("share_seized", "share"), flow, informed)
    shares = effort(belief, informed)
    left = [exp(-effective * share) for share in shares]
    strike = _strike_effectiveness(
        world.number("share_destroyed_today", "share"),
        [f * kept for f, kept in zip(flow, left, strict=True)],
        shares,
    )
    sensitivity = world.number("route_sensitivity", "elasticity")
    return PatrolNumbers(
        effectiveness=effective,
        strike_effectiveness=strike,
        informed_today=informed,
        learning=world.number("patrol_learning_per_month", "share/month"),
        belief_today=belief,
        flow_today=flow,
        attraction=tuple(
            f / (kept * exp(-strike * share)) ** sensitivity
            for f, kept, share in zip(flow, left, shares, strict=True)
        ),
        route_learning=world.number("route_learning_per_month", "share/month"),
        route_sensitivity=sensitivity,
    )


def _flow_today(world: World) -> tuple[float, ...]:
    ratio = world.number("corridor_flow_ratio", "ratio")
    weights = [ratio**rank for rank in range(N_CORRIDORS)]
    return tuple(weight / sum(weights) for weight in weights)


def _effectiveness(
    goal: float, flow: Sequence[float], informed: float
) -> tuple[float, tuple[float, ...]]:
    """So that patrols seize `goal` of all flow while their belief is what seizures teach."""
    belief, effective = tuple(flow), -log(1.0 - goal)
    for _ in range(_ROUNDS):
        shares = effort(belief, informed)
        seized = [
            f * (1.0 - exp(-effective * share)) for f, share in zip(flow, shares, strict=True)
        ]
        found = [
            kg / share if share > 0.0 else 0.0 for kg, share in zip(seized, shares, strict=True)
        ]
        taught = tuple(one / sum(found) for one in found)
        moved = max(abs(new - old) for new, old in zip(taught, belief, strict=True))
        if moved < _TOLERANCE and abs(sum(seized) / goal - 1.0) < _TOLERANCE:
            break
        belief, effective = taught, effective * goal / sum(seized)
    return effective, belief


def _strike_effectiveness(goal: float, left: Sequence[float], shares: Sequence[float]) -> float:
    """So that strikes destroy `goal` of what patrols leave, on all corridors together."""
    strike = goal
    for _ in range(_ROUNDS):
        hit = sum(kg * (1.0 - exp(-strike * share)) for kg, share in zip(left, shares, strict=True))
        wanted = goal * sum(left)
        if abs(hit - wanted) <= _TOLERANCE * wanted:
            break
        strike *= wanted / hit
    return strike
