"""The mixes of the book lie all over what the sliders of its page can reach."""

import numpy as np
from policymix.levers import LEVER_NAMES, LEVERS, SIDES
from policymix.page.spread import TOTALS, held_out_mixes, played_mixes, todays_mix

TODAY = todays_mix()
MIXES = played_mixes(1, 300)
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


def test_the_same_seed_gives_the_same_mixes_and_others_are_kept_back():
    assert (played_mixes(1, 300) == MIXES).all()
    assert (played_mixes(2, 300) != MIXES).any()
    kept_back = held_out_mixes(1, 50)
    apart = np.abs(kept_back[:, np.newaxis] - MIXES).max(axis=2)
    assert apart.min() > 0.0
