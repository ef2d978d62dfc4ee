"""The box of worlds in which a ranking is reversed: found in some worlds, true in others."""

import math

import numpy as np
import pytest
from policymix.discovery import (
    FEWEST_FLIPPED,
    MOST_BOUNDS,
    Bools,
    Bound,
    Box,
    Check,
    Floats,
    check,
    find_box,
    share_interval,
)
from scipy.stats import norm, uniform

N_INPUTS = 20
NAMES = [f"rate_{chr(ord('a') + i)}" for i in range(N_INPUTS)]
LOWS = np.array([0.013 if i % 2 else 100.0 for i in range(N_INPUTS)])
WIDTHS = np.array([0.034 if i % 2 else 900.0 for i in range(N_INPUTS)])
RANGES = {
    name: (float(low), float(low + width))
    for name, low, width in zip(NAMES, LOWS, WIDTHS, strict=True)
}
FRESH = 20_000


def worlds(n: int, seed: int) -> Floats:
    return LOWS + WIDTHS * uniform.rvs(size=(n, N_INPUTS), random_state=seed)


def flipped_in(inside: Bools, seed: int, within: float = 0.9, without: float = 0.05) -> Bools:
    """Worlds flipped with one probability inside and another outside."""
    return uniform.rvs(size=len(inside), random_state=seed + 1) < np.where(inside, within, without)


def planted(box: Box, n: int, seed: int) -> tuple[Floats, Bools]:
    draws = worlds(n, seed)
    return draws, flipped_in(box.contains(draws, NAMES), seed)


CORNER = Box((Bound("rate_d", 0.035, 0.047), Bound("rate_k", 100.0, 500.0)))
MIDDLE = Box((Bound("rate_d", 0.02, 0.036), Bound("rate_k", 300.0, 750.0)))
SINGLE = Box((Bound("rate_k", 700.0, 1000.0),))


@pytest.mark.parametrize("box", [CORNER, MIDDLE, SINGLE], ids=["corner", "middle", "single"])
@pytest.mark.parametrize("seed", [10, 20, 30])
def test_a_planted_box_is_found_and_holds_on_other_worlds(box: Box, seed: int) -> None:
    found = find_box(*planted(box, 512, seed), NAMES, RANGES)
    assert found is not None
    by_name = {bound.name: bound for bound in found.bounds}
    assert set(by_name) == {bound.name for bound in box.bounds}
    for bound in box.bounds:
        within = 0.07 * (RANGES[bound.name][1] - RANGES[bound.name][0])
        assert by_name[bound.name].low == pytest.approx(bound.low, abs=within)
        assert by_name[bound.name].high == pytest.approx(bound.high, abs=within)
    checked = check(found, *planted(box, FRESH, seed + 5), NAMES)
    best = check(box, *planted(box, FRESH, seed + 5), NAMES)
    assert checked.density > best.density - 0.12
    assert checked.coverage > best.coverage - 0.12
    assert checked.is_confirmed


def test_thresholds_are_numbers_that_one_can_read() -> None:
    found = find_box(*planted(MIDDLE, 512, 10), NAMES, RANGES)
    assert found is not None
    by_name = {bound.name: bound for bound in found.bounds}
    for end in (by_name["rate_d"].low, by_name["rate_d"].high):
        assert end == round(end, 3)
    for end in (by_name["rate_k"].low, by_name["rate_k"].high):
        assert end == round(end, -1)


def test_a_bound_reaches_to_the_end_of_the_range_unless_worlds_speak_against_it() -> None:
    wide = Box((Bound("rate_k", 400.0, 1000.0),))
    firsts = []
    for seed in range(0, 600, 10):
        draws = worlds(80, seed)
        found = find_box(
            draws, flipped_in(wide.contains(draws, NAMES), seed, 0.7, 0.1), NAMES, RANGES
        )
        firsts += [found.bounds[0]] if found else []
    assert len(firsts) > 50
    assert sum(bound.high == RANGES[bound.name][1] for bound in firsts) >= len(firsts) - 2


def noise(n: int, seed: int, share: float = 0.3) -> tuple[Floats, Bools]:
    return worlds(n, seed), uniform.rvs(size=n, random_state=seed + 1) < share


def test_pure_noise_seldom_yields_a_box_and_hardly_ever_a_confirmed_one() -> None:
    n_seeds, n_found, n_confirmed = 200, 0, 0
    for seed in range(0, 10 * n_seeds, 10):
        found = find_box(*noise(200, seed), NAMES, RANGES)
        n_found += found is not None
        n_confirmed += found is not None and check(found, *noise(200, seed + 5), NAMES).is_confirmed
    assert 0 < n_found < 0.2 * n_seeds
    assert n_confirmed <= 0.05 * n_seeds


def test_a_box_that_means_nothing_is_confirmed_no_more_often_than_the_level_says() -> None:
    confirmed = [
        check(CORNER, *noise(300, seed), NAMES).is_confirmed for seed in range(0, 4000, 10)
    ]
    assert 0 < sum(confirmed) < 0.08 * len(confirmed)


def additive(n: int, seed: int) -> tuple[Floats, Bools]:
    """A sum of many inputs with noise, reversed in the upper fifth: no box is the truth."""
    draws = worlds(n, seed)
    weights = np.array([1.0, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1] + [0.0] * (N_INPUTS - 9))
    total = ((draws - LOWS) / WIDTHS) @ weights + 0.25 * norm.rvs(size=n, random_state=seed + 1)
    return draws, total > np.quantile(total, 0.8)


@pytest.mark.parametrize("seed", [10, 20, 30])
def test_a_sum_of_many_inputs_is_told_by_its_largest_in_three_bounds_at_most(seed: int) -> None:
    found = find_box(*additive(2000, seed), NAMES, RANGES)
    assert found is not None
    assert len(found.bounds) == MOST_BOUNDS
    assert {bound.name for bound in found.bounds} < set(NAMES[:5])
    assert found.bounds[0].name in NAMES[:2]
    checked = check(found, *additive(FRESH, seed + 5), NAMES)
    assert checked.density > 2.2 * checked.base
    assert checked.coverage > 0.45


@pytest.mark.parametrize("kept", [FEWEST_FLIPPED - 1, FEWEST_FLIPPED])
def test_from_too_few_reversed_worlds_nothing_is_concluded(kept: int) -> None:
    draws = worlds(400, 10)
    order = np.argsort(draws[:, NAMES.index("rate_k")])
    flipped = np.zeros(400, dtype=bool)
    flipped[order[-kept:]] = True
    assert (find_box(draws, flipped, NAMES, RANGES) is None) == (kept < FEWEST_FLIPPED)


@pytest.mark.parametrize("all_flipped", [True, False])
def test_where_all_worlds_agree_there_is_no_box(all_flipped: bool) -> None:
    assert find_box(worlds(100, 1), np.full(100, all_flipped), NAMES, RANGES) is None


def test_an_assumption_without_a_range_bounds_nothing() -> None:
    draws, flipped = planted(SINGLE, 200, 10)
    fixed = np.full_like(draws, 3.0)
    assert find_box(fixed, flipped, NAMES, dict.fromkeys(NAMES, (3.0, 3.0))) is None


def test_neither_repeating_nor_reordering_changes_the_box() -> None:
    draws, flipped = additive(500, 10)
    found = find_box(draws, flipped, NAMES, RANGES)
    assert found is not None
    assert find_box(draws, flipped, NAMES, RANGES) == found
    assert find_box(draws[:, ::-1], flipped, NAMES[::-1], RANGES) == found
    assert find_box(draws[::-1], flipped[::-1], NAMES, RANGES) == found


def test_twins_are_told_apart_by_name_and_not_by_order() -> None:
    draws, flipped = planted(SINGLE, 300, 10)
    twins = {"rate_k": (100.0, 1000.0), "rate_twin": (100.0, 1000.0)}
    both = draws[:, [NAMES.index("rate_k")] * 2]
    for names in (["rate_k", "rate_twin"], ["rate_twin", "rate_k"]):
        found = find_box(both, flipped, names, twins)
        assert found is not None
        assert [bound.name for bound in found.bounds] == ["rate_k"]


def test_inside_means_between_both_ends_ends_included_in_every_bound() -> None:
    box = Box((Bound("x", 1.0, 2.0), Bound("y", 0.0, 5.0)))
    draws = np.array([[0.9, 1.0], [1.0, 1.0], [2.0, 5.0], [2.0, 5.1], [2.1, 0.0]])
    assert box.contains(draws, ["x", "y"]).tolist() == [False, True, True, False, False]
    assert box.contains(draws[:, ::-1], ["y", "x"]).tolist() == [False, True, True, False, False]
    with pytest.raises(ValueError, match="not in list"):
        box.contains(draws, ["x", "z"])


def test_a_check_counts_both_sides() -> None:
    draws = np.array([[0.0], [0.2], [0.4], [0.6], [0.8]])
    flipped = np.array([True, True, False, True, False])
    checked = check(Box((Bound("x", 0.0, 0.5),)), draws, flipped, ["x"])
    assert checked == Check(3, 2, 2, 1)
    assert (checked.density, checked.coverage) == (2 / 3, 2 / 3)
    assert (checked.base, checked.outside) == (3 / 5, 1 / 2)


def test_shares_of_nothing_are_not_known() -> None:
    empty = Check(0, 0, 10, 0)
    assert math.isnan(empty.density)
    assert math.isnan(empty.coverage)
    assert not empty.is_confirmed


def test_confirmed_is_one_sided_and_exact() -> None:
    tea = Check(4, 3, 4, 1)
    assert tea.p_by_chance == pytest.approx(17 / 70)
    assert not tea.is_confirmed
    assert Check(4, 4, 4, 0).p_by_chance == pytest.approx(1 / 70)
    assert Check(4, 4, 4, 0).is_confirmed
    assert not Check(4, 0, 4, 4).is_confirmed


def test_wilsons_interval_is_the_known_one() -> None:
    assert share_interval(10, 50) == pytest.approx((0.112438, 0.330371), abs=1e-6)
    z2 = norm.ppf(0.975) ** 2
    assert share_interval(0, 20) == pytest.approx((0.0, z2 / (20 + z2)))
    assert share_interval(20, 20) == pytest.approx((20 / (20 + z2), 1.0))
    assert share_interval(0, 0) == (0.0, 1.0)
