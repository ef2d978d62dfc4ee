"""Sampled worlds: each has an address, and is the same whoever asks for it and when."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from policymix.assumptions import central_world, ledger
from policymix.dice import world_seed
from policymix.errors import InputError
from policymix.worlds import CHANCE, Address, drawn_names, draws, ranges, world_at
from scipy.stats import spearmanr

NAMES = drawn_names()


def test_world_0_is_the_central_one() -> None:
    assert world_at(7, Address(0)) == central_world()
    np.testing.assert_array_equal(draws(7, [0])[0], [ledger()[name].value for name in NAMES])
    assert world_seed(7, 0) == 7


@given(seed=st.integers(0, 2**53 - 1), index=st.integers(1, 2_000_000))
def test_any_world_can_be_asked_for_alone(seed: int, index: int) -> None:
    world = world_at(seed, Address(index))
    for name, entry in ledger().items():
        if entry.is_drawn:
            assert entry.low <= world.values[name] <= entry.high
        else:
            assert world.values[name] == entry.value


def test_a_world_does_not_depend_on_what_was_asked_before() -> None:
    forwards = draws(1, range(1, 40))
    alone = [draws(1, [index])[0] for index in (39, 2, 1, 17)]
    np.testing.assert_array_equal(alone, forwards[[38, 1, 0, 16]])
    code = "from policymix.worlds import draws; print(draws(1, [17]).tobytes().hex())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == forwards[16:17].tobytes().hex()


def test_other_seeds_have_other_worlds_and_other_dice() -> None:
    assert not np.array_equal(draws(1, range(1, 9)), draws(2, range(1, 9)))
    assert len({world_seed(seed, index) for seed in (1, 2) for index in range(100)}) == 200


def test_draws_are_even_over_each_range_and_independent() -> None:
    both = draws(1, range(1, 1025))
    low, high = np.array(list(ranges().values())).T
    for part in (both[::2], both[1::2]):
        unit = np.sort((part - low) / (high - low), axis=0)
        even = (np.arange(512) + 0.5)[:, None] / 512
        assert np.abs(unit - even).max() < 0.02
    within = spearmanr(both).statistic
    assert np.abs(within - np.eye(len(NAMES))).max() < 0.15
    between = [spearmanr(a, b).statistic for a, b in zip(both[::2].T, both[1::2].T, strict=True)]
    assert np.abs(between).max() < 0.2


def test_a_world_takes_what_is_named_from_another_and_dice_only_as_chance() -> None:
    mixed = world_at(1, Address(5, 6, (NAMES[0], NAMES[4]))).values
    own, donor = world_at(1, Address(5)).values, world_at(1, Address(6)).values
    for name in NAMES:
        assert mixed[name] == (donor if name in (NAMES[0], NAMES[4]) else own)[name]
    assert Address(5, 6, (NAMES[0],)).dice(1) == world_seed(1, 5)
    assert Address(5, 6, (CHANCE,)).dice(1) == world_seed(1, 6)
    assert world_at(1, Address(5, 6, (CHANCE,))) == world_at(1, Address(5))


def test_what_is_held_is_not_drawn() -> None:
    held = {"price_elasticity": -2.0, "n_addicted": 5e6}
    world = world_at(1, Address(5), held).values
    free = world_at(1, Address(5)).values
    assert {k: v for k, v in world.items() if v != free[k]} == held
    with pytest.raises(InputError, match="price_elasticity: read -9"):
        world_at(1, Address(5), {"price_elasticity": -9.0})
