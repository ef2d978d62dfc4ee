"""The mixes that are played for the exported page: spread over all that its sliders can reach.

Sliders set the total, the three sides' shares of it, and each lever's share of its side. Edges are
named one by one; the rest are a Latin hypercube, the same for the same seed on any machine.
"""

from collections.abc import Iterator
from itertools import combinations, islice
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv
from scipy.stats import qmc

from policymix.assumptions import central_world
from policymix.dice import address
from policymix.levers import LEVERS, SIDES, today_spend

Floats = NDArray[np.float64]

TOTALS: Final = (0.5, 2.0)
"""Least and most of the total, relative to today's."""
_PLACES: Final = tuple(
    tuple(place for place, lever in enumerate(LEVERS) if lever.side == side) for side in SIDES
)
_SHARE_OF_TODAYS_TOTAL: Final = 0.7
_SHARE_SPLIT_AS_TODAY: Final = 0.3
_SHARE_SPLIT_LIKE_TODAY: Final = 0.65
_UNEVEN: Final = 0.7
"""Below 1: most of a side's money is often with one or two of its levers."""
_LIKE_TODAY: Final = (1.5, 0.3)
_MIXES, _HELD_OUT = 1, 2
_MOST: Final = 0.8
"""Of the money, where one lever has nearly all, and another one or today's mix the rest."""
_APART: Final = 5
"""From a lever to the other one, in their order, so that both are of different sides."""
ENDS: Final = 2 * len(LEVERS) * (1 + len(TOTALS))
"""How many such mixes there are."""


def todays_mix() -> Floats:
    """Today's spends, shape (levers,), in billion USD a year."""
    return np.array(list(today_spend(central_world()).values()))


def played_mixes(seed: int, n: int) -> Floats:
    """`n` mixes, shape (n, levers), billion USD a year: up to a half of them edges, then others."""
    edges = list(_edges())[: n // 2]
    return np.array([*edges, *_spread(address(seed, _MIXES), n - len(edges))])


def held_out_mixes(seed: int, n: int) -> Floats:
    """`n` mixes, shape (n, levers), spread as the others are, and none of them."""
    return _spread(address(seed, _HELD_OUT), n)


def end_mixes(n: int) -> Floats:
    """The first `n` of mixes in which one lever or two have nearly all, shape (n, levers).

    In billion USD a year. They are kept back as well: what the fit says far from most of those
    that are played.
    """
    return np.array(list(islice(_ends(), n))).reshape(-1, len(LEVERS))


def _ends() -> Iterator[Floats]:
    today, levers = todays_mix(), np.eye(len(LEVERS))
    total = today.sum()
    for factor in (*TOTALS, 1.0):
        for one, other in zip(levers, np.roll(levers, -_APART, axis=0), strict=True):
            yield factor * total * (_MOST * one + (1.0 - _MOST) * other)
            yield factor * (_MOST * total * one + (1.0 - _MOST) * today)


def _edges() -> Iterator[Floats]:
    """Where one side, two sides, one lever or two have everything, or a lever has nothing."""
    today = todays_mix()
    total, of_sides = today.sum(), [_only(today, places) for places in _PLACES]
    for factor in (1.0, *TOTALS):
        for alone in of_sides:
            yield factor * total * alone
        for side in range(len(SIDES)):
            yield factor * total * (of_sides[side] + of_sides[side - 1]) / 2
    levers = np.eye(len(today))
    for places in _PLACES:
        is_own = np.isin(range(len(today)), places)
        for place in places:
            alone = levers[place]
            for factor in (1.0, *TOTALS):
                yield factor * total * alone
            yield np.where(is_own, today[is_own].sum() * alone, today)
            yield today * (1.0 - alone)
    yield from (factor * today for factor in TOTALS)
    for one, other in combinations(levers, 2):
        yield TOTALS[1] * total * (one + other) / 2


def _only(today: Floats, places: tuple[int, ...]) -> Floats:
    """Today's split of one side, as shares, and nothing for the others."""
    kept = np.where(np.isin(range(len(today)), places), today, 0.0)
    found: Floats = kept / kept.sum()
    return found


def _spread(its_address: int, n: int) -> Floats:
    """`n` mixes of a Latin hypercube, shape (n, levers)."""
    today, n_sides = todays_mix(), len(SIDES)
    cube = qmc.LatinHypercube(1 + 2 * n_sides + len(today), rng=its_address).random(max(n, 0))
    totals, sides, kinds, levers = np.split(cube, [1, 1 + n_sides, 1 + 2 * n_sides], axis=1)
    moved = np.maximum(totals - _SHARE_OF_TODAYS_TOTAL, 0.0) / (1.0 - _SHARE_OF_TODAYS_TOTAL)
    least, most = (log(factor) for factor in TOTALS)
    total = np.where(totals < _SHARE_OF_TODAYS_TOTAL, 1.0, np.exp(least + (most - least) * moved))
    shares = _parts(sides, np.ones(n_sides))
    mixes = np.empty_like(levers)
    for side, places in enumerate(map(list, _PLACES)):
        own = today[places] / today[places].sum()
        like = own * len(places) * _LIKE_TODAY[0] + _LIKE_TODAY[1]
        uneven = np.full(len(places), _UNEVEN)
        kind = kinds[:, [side]]
        split = np.where(
            kind < _SHARE_SPLIT_LIKE_TODAY,
            _parts(levers[:, places], like),
            _parts(levers[:, places], uneven),
        )
        split = np.where(kind < _SHARE_SPLIT_AS_TODAY, own, split)
        mixes[:, places] = today.sum() * total * shares[:, [side]] * split
    return mixes


def _parts(uniform: Floats, weights: Floats) -> Floats:
    """Shares that sum to 1 along the last axis, Dirichlet with these weights."""
    parts = gammaincinv(weights, uniform)
    found: Floats = parts / parts.sum(axis=-1, keepdims=True)
    return found
