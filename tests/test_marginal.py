"""What one more billion buys, and every mix on one budget: made-up outcomes, known answers."""

import math
from dataclasses import replace

import numpy as np
import pytest
from policymix.levers import LEVER_NAMES, LEVERS_OF_SIDE, SIDES
from policymix.marginal import PAIRS, STATISTICS, margins_table, pairs_table, with_billions
from policymix.scenario import load_scenario
from policymix.triangle import (
    STATISTICS as OF_MIXES,
)
from policymix.triangle import (
    frontier_table,
    grid,
    mixes_of,
    mixes_table,
    on_frontier,
    shares_of_sides,
)

BASELINE = load_scenario("baseline")
N_LEVERS = len(LEVER_NAMES)


def noise(shape: tuple[int, ...], size: float) -> np.ndarray:
    """Something of this size without a pattern that matters; the same every time."""
    return size * np.sin(np.arange(math.prod(shape)) * 12.9898).reshape(shape)


# --- the next billion ----------------------------------------------------------------------------


def test_each_lever_and_each_pair_gets_a_billion_more_in_every_phase() -> None:
    phased = load_scenario("supply_then_demand")
    mixes = with_billions(phased)
    assert len(mixes) == 1 + N_LEVERS + N_LEVERS * (N_LEVERS - 1) // 2
    assert mixes[0].phases == phased.phases
    for mix, places in zip(mixes[1:], [*((k,) for k in range(N_LEVERS)), *PAIRS], strict=True):
        for before, after in zip(phased.phases, mix.phases, strict=True):
            more = np.subtract(after.funding.spend, before.funding.spend)
            np.testing.assert_allclose(more, [k in places for k in range(N_LEVERS)], atol=1e-12)
            assert after.funding.treatment_in_custody == before.funding.treatment_in_custody
    assert len({mix.name for mix in mixes}) == len(mixes)


def made_up_outcomes(n_replicates: int) -> np.ndarray:
    """Lever k adds -k to every outcome; the first pair spoils each other by 7."""
    effects = np.array(
        [0.0, *(-float(k) for k in range(N_LEVERS)), *(-float(a + b) for a, b in PAIRS)]
    )
    effects[1 + N_LEVERS] += 7.0
    values = 1000.0 + np.repeat(effects[None, :, None], len(STATISTICS), axis=2)
    luck = noise((n_replicates, 1, 1), 50.0)  # the same for all mixes: paired dice
    own = noise((n_replicates, len(effects), len(STATISTICS)), 0.1)
    return values + luck + own


def test_a_lever_s_billion_is_its_paired_difference_with_an_interval() -> None:
    table = margins_table(made_up_outcomes(16))
    assert list(table["lever"].unique()) == list(LEVER_NAMES)
    for place, lever in enumerate(LEVER_NAMES):
        rows = table[table["lever"] == lever]
        assert list(rows["outcome"]) == list(STATISTICS)
        np.testing.assert_allclose(rows["difference_per_billion"], -place, atol=0.1)
        assert ((rows["low"] < rows["high"]) & (rows["high"] - rows["low"] < 0.5)).all()
    assert margins_table(made_up_outcomes(1))["low"].isna().all()


def test_pairs_that_add_up_do_not_act_together_and_the_planted_one_does() -> None:
    table = pairs_table(made_up_outcomes(16))
    clear = table[(table["low"] > 0) | (table["high"] < 0)]
    assert set(zip(clear["lever"], clear["other"], strict=True)) == {LEVER_NAMES[:2]}
    np.testing.assert_allclose(clear["interaction"], 7.0, atol=0.2)
    assert len(table) == len(PAIRS) * len(STATISTICS)


def test_intervals_of_pairs_hold_for_all_of_them_at_once() -> None:
    values = made_up_outcomes(16)
    wide = pairs_table(values)
    first, second = PAIRS[5]
    effect = (
        values[:, 1 + N_LEVERS + 5] - values[:, 1 + first] - values[:, 1 + second] + values[:, 0]
    )[:, 0]
    row = wide.iloc[5 * len(STATISTICS)]
    error = effect.std(ddof=1) / 4
    assert (row["high"] - row["interaction"]) / error == pytest.approx(4.35, abs=0.1)


# --- every mix on one budget ---------------------------------------------------------------------


def test_the_grid_has_every_mix_once() -> None:
    mixes = grid(10)
    assert len(mixes) == len(set(mixes)) == 66
    assert all(math.isclose(sum(mix), 1.0) and min(mix) >= 0.0 for mix in mixes)
    assert {(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)} <= set(mixes)


def test_a_mix_has_the_scenario_s_total_and_splits() -> None:
    scenario = load_scenario("demand_first")
    own, *mixes = mixes_of(scenario, 4, BASELINE)
    assert own == scenario
    before = dict(zip(LEVER_NAMES, scenario.phases[0].funding.spend, strict=True))
    for mix, shares in zip(mixes, grid(4), strict=True):
        assert mix.total() == pytest.approx(scenario.total())
        np.testing.assert_allclose(shares_of_sides(mix), shares, atol=1e-12)
        after = dict(zip(LEVER_NAMES, mix.phases[0].funding.spend, strict=True))
        for side, share in zip(SIDES, shares, strict=True):
            of_side = sum(before[name] for name in LEVERS_OF_SIDE[side])
            for name in LEVERS_OF_SIDE[side]:
                expected = share * scenario.total() * before[name] / of_side
                assert after[name] == pytest.approx(expected)


def test_a_side_without_money_is_split_as_today() -> None:
    spend = dict(zip(LEVER_NAMES, BASELINE.phases[0].funding.spend, strict=True))
    none = [0.0 if name in LEVERS_OF_SIDE["cooperation"] else spend[name] for name in LEVER_NAMES]
    funding = replace(BASELINE.phases[0].funding, spend=tuple(none))
    scenario = replace(BASELINE, phases=(replace(BASELINE.phases[0], funding=funding),))
    all_in = mixes_of(scenario, 2, BASELINE)[1]  # nothing but cooperation
    money = dict(zip(LEVER_NAMES, all_in.phases[0].funding.spend, strict=True))
    assert money["intelligence"] / money["anti_corruption"] == pytest.approx(
        spend["intelligence"] / spend["anti_corruption"]
    )
    assert all_in.total() == pytest.approx(scenario.total())


def test_what_another_beats_in_some_outcome_and_is_not_behind_in_any_is_off_the_frontier() -> None:
    values = np.array([[1.0, 5.0], [2.0, 2.0], [5.0, 1.0], [3.0, 3.0], [2.0, 6.0], [2.0, 5.0]])
    assert on_frontier(values).tolist() == [True, True, True, False, False, False]
    assert on_frontier(np.ones((3, 2))).all()


def test_an_outcome_that_no_mix_moves_decides_nothing() -> None:
    values = np.array([[1.0, 5.0], [2.0, 2.0], [5.0, 1.0], [3.0, 3.0]])
    with_same = np.insert(values, 1, 7.0, axis=1)
    assert on_frontier(with_same).tolist() == on_frontier(values).tolist()


def test_the_table_of_mixes_has_levels_paired_differences_and_the_frontier() -> None:
    mixes = grid(2)
    goodness = np.array([0.0, *(10.0 * demand for _, demand, _ in mixes)])
    values = 100.0 - goodness[None, :, None] + noise((4, 1, 1), 30.0) + np.zeros((4, 7, 5))
    table = mixes_table(values, 2)
    assert len(table) == 6 * len(OF_MIXES)
    best = table[(table["demand"] == 1.0) & (table["outcome"] == "addicted")].iloc[0]
    assert best["difference"] == pytest.approx(-10.0)
    assert best["difference_high"] == pytest.approx(-10.0)
    assert best["high"] - best["low"] > 10.0
    on = table[table["on_frontier"] == "yes"]
    assert set(on["demand"]) == {1.0}


def test_the_frontier_over_worlds_counts_possible_worlds_alone() -> None:
    mixes = grid(2)
    values = np.ones((5, 1 + len(mixes), len(OF_MIXES)))
    for world in range(4):
        best = 1 + world % 2
        values[world, best] = 0.0
    values[4] = np.nan
    table = frontier_table(values, 2)
    assert set(table["worlds"]) == {4}
    shares = dict(
        zip(map(tuple, table[list(SIDES)].to_numpy()), table["share_of_worlds"], strict=True)
    )
    assert [shares[mix] for mix in mixes] == [0.5, 0.5, 0.0, 0.0, 0.0, 0.0]
    assert frontier_table(values[:0], 2).empty
    assert (table["low"] <= table["share_of_worlds"]).all()
