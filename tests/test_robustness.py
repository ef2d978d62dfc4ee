"""How often a ranking holds, and what breaks it: on made-up worlds whose answer is known."""

from typing import Any

import numpy as np
import pytest
from policymix.robustness import (
    MOST_GROUPED_ALONE,
    OTHERS,
    STATISTICS,
    Sample,
    checks_table,
    deciding,
    flips_table,
    pairs_of,
    rankings_of,
    regret_table,
    robust_table,
    sensitivity_of,
)
from policymix.worlds import CHANCE, drawn_names, draws, ranges
from scipy.stats import qmc

NAMES = drawn_names()[:20]
COLUMNS = [drawn_names().index(name) for name in NAMES]
FIRST, SECOND = NAMES[3], NAMES[11]
N = 512


def unit(values: np.ndarray, name: str) -> np.ndarray:
    low, high = ranges()[name]
    return (values[:, NAMES.index(name)] - low) / (high - low)


def sample(*, planted: bool = True, scenarios: tuple[str, ...] = ("a", "b")) -> Sample:
    """`a` has less addiction but where FIRST is high and SECOND low; else as told below."""
    indices = np.arange(1, N + 1)
    values = draws(1, indices.tolist())[:, COLUMNS]
    box = (unit(values, FIRST) > 0.6) & (unit(values, SECOND) < 0.5)
    out = np.zeros((N, len(scenarios), len(STATISTICS)))
    out[:, 0, 0] = np.where(box if planted else indices % 3 == 0, 10.0, -5.0)
    out[:, 0, 1] = -1.0  # always better
    out[:, 0, 2] = 0.0  # always alike
    out[:, 0, 3] = 1.0  # always worse
    return Sample(scenarios, NAMES, {n: ranges()[n] for n in NAMES}, indices, values, out)


def test_shares_and_who_is_better() -> None:
    table = robust_table(rankings_of(sample()))
    assert list(table["outcome"]) == list(STATISTICS)
    assert list(table["better"]) == ["a", "a", "a", "b"]
    shares = table["share_of_worlds"].tolist()
    assert shares[0] == pytest.approx(0.8, abs=0.03)
    assert shares[1:] == [1.0, 0.0, 1.0]
    assert (table["low"] <= table["share_of_worlds"]).all()
    assert (table["share_of_worlds"] <= table["high"]).all()
    assert set(table["worlds"]) == {N}


def test_the_planted_box_is_found_in_odd_worlds_and_confirmed_in_even_ones() -> None:
    rankings = rankings_of(sample())
    flips, checks = flips_table(rankings), checks_table(rankings)
    assert set(flips["outcome"]) == set(checks["outcome"]) == {"addicted"}
    found = flips.set_index("assumption")
    assert set(found.index) == {FIRST, SECOND}
    low, high = ranges()[FIRST]
    assert (found.loc[FIRST, "from"] - low) / (high - low) == pytest.approx(0.6, abs=0.06)
    assert found.loc[FIRST, "to"] >= high
    (check,) = checks.to_dict("records")
    counts = [check[k] for k in ("inside", "outside")]
    assert sum(counts) == N // 2
    assert check["inside_reversed"] / check["inside"] > 0.8
    assert check["outside_reversed"] / check["outside"] < 0.05
    assert found["density"].iloc[0] == check["inside_reversed"] / check["inside"]


def test_a_box_that_the_even_worlds_do_not_confirm_is_not_told() -> None:
    of_odd = sample()
    even = of_odd.indices % 2 == 0
    of_odd.values[even, 0, 0] = np.where(unit(of_odd.draws, FIRST)[even] < 0.2, 10.0, -5.0)
    assert len(flips_table(rankings_of(of_odd))) == 0


def test_without_a_reason_there_is_no_box() -> None:
    rankings = rankings_of(sample(planted=False))
    assert flips_table(rankings).empty
    assert checks_table(rankings).empty


def test_groups_part_all_assumptions_and_begin_with_those_of_the_boxes() -> None:
    one = sample()
    groups = deciding(one, rankings_of(one))
    assert {groups[0], groups[1]} == {(FIRST,), (SECOND,)}
    assert len(groups) == MOST_GROUPED_ALONE + 2
    assert groups[-1] == (CHANCE,)
    assert sorted(name for group in groups[:-1] for name in group) == sorted(NAMES)


def test_sensitivity_is_that_of_the_difference_with_what_is_impossible_left_out() -> None:
    rankings = rankings_of(sample())[:1]
    groups = ((FIRST,), (SECOND,), ("rest",), (CHANCE,))
    points = qmc.Sobol(8, rng=1).random(1024)
    a, b = points[:, :4], points[:, 4:]

    def played(x: np.ndarray) -> np.ndarray:
        out = np.zeros((len(x), 2, len(STATISTICS)))
        out[:, 0, 0] = 100.0 + 3.0 * x[:, 0] + x[:, 1]
        out[:, 1, 0] = 100.0 - 0.5 * x[:, 3]
        return out

    between = []
    for group in range(4):
        mixed = a.copy()
        mixed[:, group] = b[:, group]
        between.append(played(mixed))
    values = {"a": played(a), "b": played(b), "ab": np.stack(between, axis=1)}
    values["a"][7] = np.nan
    table = sensitivity_of(rankings, groups, values, ["a", "b"]).set_index("group")
    whole = 9 + 1 + 0.25
    truth = {FIRST: 9 / whole, SECOND: 1 / whole, "rest": 0.0, CHANCE: 0.25 / whole}
    for name, share in truth.items():
        assert table.loc[name, "total"] == pytest.approx(share, abs=0.03)
        assert table.loc[name, "total_low"] - 0.01 <= share <= table.loc[name, "total_high"] + 0.01
    assert table.loc[FIRST, "grade"] in "ABC"
    assert table.loc[CHANCE, "grade"] == ""
    assert OTHERS not in table.index


def test_regret_is_what_the_best_of_the_same_world_would_have_spared() -> None:
    table = regret_table(sample(scenarios=("a", "b", "c"))).set_index(["scenario", "outcome"])
    of_a: Any = table.loc[("a", "addicted")]
    assert of_a["worst"] == 10.0
    assert of_a["mean"] == pytest.approx(10.0 * 0.2, abs=0.3)
    assert of_a["high"] == 10.0
    assert table.loc[("b", "overdose_deaths"), "mean"] == 1.0
    assert table.loc[("a", "overdose_deaths"), "worst"] == 0.0


def test_pairs_are_every_two_in_the_order_asked() -> None:
    assert pairs_of(["x", "a", "m"]) == [("x", "a"), ("x", "m"), ("a", "m")]
