"""Sweeps: which run is where, and that each is the run that it would be alone."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from policymix.chunks import Piece
from policymix.dice import replicate_seed, world_seed
from policymix.errors import ImpossibleWorldError
from policymix.machines import Machines
from policymix.model import PolicyModel
from policymix.outcomes import OUTCOME_NAMES
from policymix.pool import StudyError
from policymix.scenario import Scenario, Setup, load_scenario
from policymix.sweeps import Grid, Swaps, Sweep, columns_of, play_cell, play_piece, play_sweep
from policymix.tasks import silent
from policymix.worlds import CHANCE, Address, world_at

SETUP = Setup(people=1_000, months=4)
SOME_IMPOSSIBLE = {"share_retail_domestic": 0.91}
"""Cartels are left so little that dear smuggling or labour would need a margin below zero."""


def scenarios(*names: str) -> tuple[Scenario, ...]:
    return tuple(replace(load_scenario(name), setup=SETUP) for name in names)


TWO = scenarios("baseline", "demand_first")


def test_cells_have_addresses() -> None:
    grid = Grid(worlds=3, replicates=2, first=5)
    assert len(grid) == 6
    assert [grid[number] for number in (0, 1, 5)] == [
        (Address(5), 0),
        (Address(5), 1),
        (Address(7), 1),
    ]
    swaps = Swaps(points=2, groups=(("a", "b"), (CHANCE,)))
    assert len(swaps) == 4
    assert swaps[0] == (Address(1, 2, ("a", "b")), 0)
    assert swaps[3] == (Address(3, 4, (CHANCE,)), 0)


def test_a_cell_is_every_scenario_as_it_would_be_played_alone() -> None:
    found = play_cell(Sweep(TWO, 1, Grid(4, 2)), 7)
    seed = replicate_seed(world_seed(1, 3), 1)
    for place, scenario in enumerate(TWO):
        alone = replace(scenario, assumptions=world_at(1, Address(3)).values)
        lived = PolicyModel(alone, seed=seed).run()[1:]
        np.testing.assert_array_equal(found[place], np.stack([lived[-1], lived.mean(0)], axis=1))


def test_a_scenario_keeps_its_own_assumptions_in_every_world() -> None:
    dear = replace(TWO[0], assumptions={"price_elasticity": 0.0})
    free, own = play_cell(Sweep((TWO[0], dear), 1, Grid(4, 1)), 3)
    assert not np.array_equal(free, own)
    held = play_cell(Sweep((TWO[0],), 1, Grid(4, 1), {"price_elasticity": 0.0}), 3)
    np.testing.assert_array_equal(held[0], own)


def test_impossible_worlds_are_empty_and_the_others_are_not() -> None:
    sweep = Sweep(TWO, 1, Grid(24, 1), SOME_IMPOSSIBLE)
    done: dict[int, Piece] = {}
    play_sweep(sweep, done, Machines(1).start_crew, silent)
    values = np.concatenate(list(columns_of(sweep, done, {"addicted": "final"})))
    assert values.shape == (24, 2, 1)
    impossible = np.isnan(values).all(axis=(1, 2))
    assert 0 < impossible.sum() < 24
    assert np.isfinite(values[~impossible]).all()
    with pytest.raises(ImpossibleWorldError):
        play_cell(sweep, int(np.flatnonzero(impossible)[0]))


def test_pieces_part_the_cells_and_any_order_gives_the_same() -> None:
    sweep = Sweep(TWO[:1], 1, Grid(300, 1))
    assert sweep.at_once == 2
    numbers = [number for piece in range(sweep.n_pieces) for number in sweep.numbers(piece)]
    assert numbers == list(range(300))
    assert Sweep(TWO, 1, Grid(10**6, 1)).at_once == 200
    assert Sweep(TWO, 1, Grid(3, 1)).n_pieces == 3
    piece = play_piece(sweep, 5)
    assert piece.values.shape == sweep.shapes(5)["values"]
    np.testing.assert_array_equal(piece.values[1], play_cell(sweep, 11))


def test_statistics_are_the_last_month_and_the_mean_of_months() -> None:
    sweep = Sweep(TWO[:1], 1, Grid(1, 2))
    done = {number: play_piece(sweep, number) for number in range(2)}
    columns = {"addicted": "final", "overdose_deaths": "mean"}
    values = np.concatenate(list(columns_of(sweep, done, columns)))
    records = PolicyModel(TWO[0], seed=replicate_seed(1, 1)).run()
    assert values[1, 0, 0] == records[-1, OUTCOME_NAMES.index("addicted")]
    assert values[1, 0, 1] == records[1:, OUTCOME_NAMES.index("overdose_deaths")].mean()


def test_progress_counts_cells_and_what_is_done_is_not_played_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sweep = Sweep(TWO[:1], 1, Grid(300, 1))
    done: Any = {piece: Piece(np.zeros(0)) for piece in range(1, 150)}
    told: list[tuple[int, int]] = []
    play_sweep(sweep, done, Machines(1).start_crew, lambda *both: told.append(both))
    assert told == [(298, 300), (300, 300)]
    assert done[0].values.shape == (2, 1, len(OUTCOME_NAMES), 2)


def test_a_run_without_sense_says_which_world_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PolicyModel, "market_clears", lambda model: 1 / 0)
    with pytest.raises(StudyError, match="demand_first, world 3, replicate 0, month 1: the model"):
        play_cell(Sweep(TWO[1:], 1, Grid(4, 1)), 3)
