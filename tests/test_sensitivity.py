"""Which assumptions decide: known indices are met, and intervals say how well they are known."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from policymix.sensitivity import SOBOL_COLUMNS, Floats, screened, sobol_table
from scipy.stats import norm, qmc, uniform

ISHIGAMI = {"first_order": [0.3139, 0.4424, 0.0], "total": [0.5576, 0.4424, 0.2437]}


def table(f: Callable[[Floats], Floats], groups: Sequence[Sequence[int]], n: int) -> pd.DataFrame:
    """Indices of a function on the unit cube, by groups of its inputs."""
    d = sum(len(group) for group in groups)
    points = qmc.Sobol(2 * d, rng=1).random(n)
    a, b = points[:, :d], points[:, d:]
    mixed = [np.where(np.isin(np.arange(d), group), b, a) for group in groups]
    names = [f"group {i}" for i in range(len(groups))]
    return sobol_table(names, f(a), f(b), np.array([f(points) for points in mixed]))


def ishigami(unit: Floats) -> Floats:
    x, y, z = np.pi * (2.0 * unit.T - 1.0)
    return np.asarray(np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))


def hits(found: pd.DataFrame, index: str, truth: Sequence[float]) -> list[bool]:
    """Which intervals of the index ("first" or "total") hold the truth."""
    return ((found[f"{index}_low"] <= truth) & (truth <= found[f"{index}_high"])).tolist()


def test_ishigamis_indices_are_met() -> None:
    found = table(ishigami, [[0], [1], [2]], 4096)
    assert tuple(found.columns) == SOBOL_COLUMNS
    assert found["group"].tolist() == ["group 0", "group 1", "group 2"]
    assert found["first_order"].tolist() == pytest.approx(ISHIGAMI["first_order"], abs=0.02)
    assert found["total"].tolist() == pytest.approx(ISHIGAMI["total"], abs=0.01)


@pytest.mark.parametrize("n", [256, 4096])
def test_intervals_hold_the_truth_and_narrow_with_more_points(n: int) -> None:
    found = table(ishigami, [[0], [1], [2]], n)
    assert all(hits(found, "first", ISHIGAMI["first_order"]))
    assert all(hits(found, "total", ISHIGAMI["total"]))
    widths = found[["first_high", "total_high"]].to_numpy() - found[["first_low", "total_low"]]
    rough = 1.0 / np.sqrt(n)
    assert (widths.to_numpy() > rough).all()
    assert (widths.to_numpy() < 8.0 * rough).all()


def test_a_sum_falls_into_its_groups_and_nothing_is_left() -> None:
    weights = np.array([3.0, 2.0, 1.0, 1.0, 0.5])
    found = table(lambda x: x @ weights, [[0], [1, 3], [2, 4]], 1024)
    shares = np.array([9.0, 5.0, 1.25]) / 15.25
    assert found["first_order"].tolist() == pytest.approx(shares.tolist(), abs=0.02)
    assert found["total"].tolist() == pytest.approx(shares.tolist(), abs=0.02)
    assert all(hits(found, "first", shares.tolist()))
    assert all(hits(found, "total", shares.tolist()))


NOISE = 0.3
WITH_CHANCE = [0.8 * (1.0 - NOISE), 0.2 * (1.0 - NOISE), NOISE]


def with_chance(n: int, seed: int) -> pd.DataFrame:
    """Two inputs of a sum and luck that carries the share `NOISE` of the variance."""
    points = qmc.Sobol(4, rng=seed).random(n)
    scale = np.sqrt(NOISE / (1.0 - NOISE) * 5.0 / 12.0)
    luck = norm.rvs(scale=scale, size=(2, n), random_state=seed)
    a, b, weights = points[:, :2], points[:, 2:], np.array([2.0, 1.0])
    swapped = [np.column_stack([b[:, 0], a[:, 1]]), np.column_stack([a[:, 0], b[:, 1]])]
    f_ab = np.array([*(x @ weights + luck[0] for x in swapped), a @ weights + luck[1]])
    groups = ["strong", "weak", "chance"]
    return sobol_table(groups, a @ weights + luck[0], b @ weights + luck[1], f_ab)


def test_the_total_of_chance_is_the_share_of_noise() -> None:
    found = with_chance(1024, 1).set_index("group")
    assert found.loc["chance", "total"] == pytest.approx(NOISE, abs=0.03)
    assert found["total"].tolist() == pytest.approx(WITH_CHANCE, abs=0.03)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    tables = [with_chance(128, seed) for seed in range(1, 101)]
    for index in ("first", "total"):
        held = [hit for found in tables for hit in hits(found, index, WITH_CHANCE)]
        assert 0.9 <= np.mean(held) <= 0.99


def test_what_acts_only_with_another_has_a_total_and_no_first_order() -> None:
    found = table(lambda x: (x[:, 0] - 0.5) * (x[:, 1] - 0.5), [[0], [1]], 2048)
    assert found["first_order"].tolist() == pytest.approx([0.0, 0.0], abs=0.05)
    assert found["total"].tolist() == pytest.approx([1.0, 1.0], abs=0.05)


def test_a_negative_estimate_stays_negative() -> None:
    found = [table(ishigami, [[0], [1], [2]], n)["first_order"][2] for n in (32, 64, 128, 256)]
    assert min(found) < 0.0


def test_the_same_outputs_give_the_same_table_and_a_scale_changes_nothing() -> None:
    first = table(ishigami, [[0], [1], [2]], 256)
    pd.testing.assert_frame_equal(first, table(ishigami, [[0], [1], [2]], 256), check_exact=True)
    scaled = table(lambda x: 1e6 + 1e3 * ishigami(x), [[0], [1], [2]], 256)
    pd.testing.assert_frame_equal(first, scaled, rtol=1e-6)


def test_one_group_alone_explains_everything() -> None:
    found = table(ishigami, [[0, 1, 2]], 1024)
    assert found["first_order"].tolist() == pytest.approx([1.0], abs=0.1)
    assert found["total"].tolist() == pytest.approx([1.0], abs=0.1)


@pytest.mark.parametrize("spoilt", ["constant", "nan"])
def test_an_output_without_variance_or_with_a_gap_has_no_indices(spoilt: str) -> None:
    f_a, f_b, f_ab = np.full(16, 0.1), np.full(16, 0.1), np.full((2, 16), 0.1)
    if spoilt == "nan":
        f_a, f_b, f_ab = (uniform.rvs(size=f.shape, random_state=1) for f in (f_a, f_b, f_ab))
        f_ab[1, 3] = np.nan
    found = sobol_table(["a", "b"], f_a, f_b, f_ab)
    assert found["group"].tolist() == ["a", "b"]
    assert found.drop(columns="group").isna().all(axis=None)


@pytest.mark.parametrize("n", [0, 3, 100])
def test_points_come_in_powers_of_two(n: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        sobol_table(["a"], np.zeros(n), np.zeros(n), np.zeros((1, n)))


def test_outputs_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, n\)"):
        sobol_table(["a", "b"], np.zeros(8), np.zeros(8), np.zeros((3, 8)))
    with pytest.raises(ValueError, match="shapes"):
        sobol_table(["a"], np.zeros(8), np.zeros(16), np.zeros((1, 8)))


def draws_and_names() -> tuple[Floats, list[str]]:
    return uniform.rvs(size=(400, 6), random_state=3), ["f", "e", "d", "c", "b", "a"]


def test_screening_ranks_inputs_by_strength_whatever_their_sign_or_bend() -> None:
    draws, names = draws_and_names()
    differences = -3.0 * np.exp(2.0 * draws[:, 1]) + 12.0 * draws[:, 4] + 7.0 * draws[:, 0]
    assert screened(draws, differences, names, 3) == ["e", "b", "f"]
    assert screened(draws[:, ::-1], differences, names[::-1], 3) == ["e", "b", "f"]
    draws[:, 4] = np.exp(100.0 * draws[:, 4])
    assert screened(draws, differences, names, 3) == ["e", "b", "f"]
    assert len(screened(draws, differences, names, 99)) == 6


def test_a_constant_is_screened_last_and_ties_are_alphabetical() -> None:
    draws, names = draws_and_names()
    draws[:, 2] = 7.0
    assert screened(draws, draws[:, 0], names, 6)[0] == "f"
    assert screened(draws, draws[:, 0], names, 6)[-1] == "d"
    assert screened(draws, np.ones(400), names, 2) == ["a", "b"]
