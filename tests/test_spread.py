"""The mixes of the book lie all over what the sliders of its page can reach."""

import numpy as np
from policymix.levers import LEVER_NAMES, LEVERS, SIDES
from policymix.page.book import MIXES as SHIPPED
from policymix.page.spread import (
    ENDS,
    TOTALS,
    end_mixes,
    held_out_mixes,
    played_mixes,
    todays_mix,
)

TODAY = todays_mix()
MIXES = played_mixes(1, SHIPPED)
OF_SIDE = np.array([[lever.side == side for lever in LEVERS] for side in SIDES])


def test_money_is_never_negative_and_totals_are_from_half_to_twice_todays():
    totals = MIXES.sum(axis=1) / TODAY.sum()
    assert MIXES.min() == 0.0
    assert totals.min() >= TOTALS[0] - 1e-9
    assert totals.max() <= TOTALS[1] + 1e-9
    assert (np.isclose(totals, 1.0).mean()) > 0.5


def test_every_corner_is_played_and_every_lever_alone():
    sides = MIXES @ OF_SIDE.T / MIXES.sum(axis=1, keepdims=True)
    for place in range(len(SIDES)):
        assert np.isclose(sides[:, place], 1.0).sum() >= len(TOTALS)
    alone = MIXES / MIXES.sum(axis=1, keepdims=True)
    for place in range(len(LEVER_NAMES)):
        assert np.isclose(alone[:, place], 1.0).any()
        assert (MIXES[:, place] == 0.0).any()


def test_at_the_greatest_total_every_two_levers_share_it() -> None:
    most = MIXES[np.isclose(MIXES.sum(axis=1), TOTALS[1] * TODAY.sum())] > 0.0
    shared = {tuple(np.flatnonzero(one)) for one in most if one.sum() == 2}
    n = len(LEVER_NAMES)
    assert len(shared) == n * (n - 1) / 2


def test_ends_are_of_one_lever_or_two_and_none_of_them_is_played() -> None:
    ends = end_mixes(ENDS)
    assert ends.shape == (ENDS, len(LEVER_NAMES))
    assert len(end_mixes(ENDS + 1)) == ENDS
    two = np.sort(ends, axis=1)[:, -2:].sum(axis=1)
    assert (two >= 0.8 * ends.sum(axis=1)).all()
    assert len(np.unique(ends.argmax(axis=1))) == len(LEVER_NAMES)
    totals = ends.sum(axis=1) / TODAY.sum()
    assert np.unique(totals.round(9)).tolist() == [TOTALS[0], 1.0, TOTALS[1]]
    apart = np.abs(ends[:, np.newaxis] - MIXES).max(axis=2)
    assert apart.min() > 0.01 * TODAY.sum()
    sides = (ends[::2] > 0.0) @ OF_SIDE.T
    assert (sides.sum(axis=1) == 2).all()  # the pairs are of different sides


def test_the_same_seed_gives_the_same_mixes_and_others_are_kept_back():
    assert (played_mixes(1, SHIPPED) == MIXES).all()
    assert (played_mixes(2, SHIPPED) != MIXES).any()
    kept_back, told = held_out_mixes(1, 30), played_mixes(1, 60)
    apart = np.abs(kept_back[:, np.newaxis] - told).max(axis=2)
    assert apart.min() > 0.0
