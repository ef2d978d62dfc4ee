"""What `mixes` says: the lowest mix of each outcome, the frontier, and how it moves over worlds."""

import re

import numpy as np
import pandas as pd
import pytest
from made_up_mixes import made_up_mixes
from policymix.label import SHORT_LABEL
from policymix.mixes_readings import PANELS, SHARES, MixesTables, frontier_of, keys_of
from policymix.studies.mixes_words import beaten_by, nearest, sentences, terminal_table
from policymix.triangle import frontier_table, grid, mixes_table
from rich.console import Console

STEPS = 2
MIXES = [(0, 0, 1), (0, 0.5, 0.5), (0, 1, 0), (0.5, 0, 0.5), (0.5, 0.5, 0), (1, 0, 0)]
"""In the order of `grid(2)`."""


def tables(
    deaths: list[float],
    others: list[float],
    present: tuple[float, float, float] = (0.5, 0.45, 0.05),
    worlds: list[list[float]] | None = None,
    spread: float = 0.5,
) -> MixesTables:
    """Six mixes: deaths a month, and all other outcomes, by mix; the own mix has 100 of each.

    `worlds` has the deaths of each sampled world.
    """
    assert grid(STEPS) == MIXES
    central = np.array([one_run(deaths, others, noise * spread) for noise in (-1, 0, 1)])
    sampled = np.array([one_run(one, others, 0.0) for one in worlds or []])
    mixes = mixes_table(central, STEPS).assign(label=SHORT_LABEL)
    frontier = frontier_table(sampled.reshape(-1, 7, 5), STEPS).assign(label=SHORT_LABEL)
    mixes = mixes.assign(on_frontier=mixes["on_frontier"] == "yes")
    return MixesTables("mine", present, mixes, frontier)


def one_run(deaths: list[float], others: list[float], noise: float) -> np.ndarray:
    """Shape (own mix and six, outcomes)."""
    rows = [[1e5 * b, a, b, b, 0.0] for a, b in zip([100, *deaths], [100, *others], strict=True)]
    away = np.zeros((7, 5))
    away[1:] = noise
    return np.array(rows, dtype=float) + away


DEATHS = [90.0, 80.0, 70.0, 100.0, 95.0, 110.0]
OTHERS = [80.0, 90.0, 100.0, 95.0, 99.0, 110.0]
TURNED = [60.0, 80.0, 70.0, 100.0, 95.0, 110.0]
"""With these deaths the first mix is lowest in all."""


def test_the_lowest_mix_is_told_in_shares_with_its_paired_difference() -> None:
    lines = list(sentences(tables(DEATHS, OTHERS)))
    assert lines[1].startswith(
        "- Overdose deaths, lowest of 6 mixes: 360 a year fewer under 0 % supply, 100 % demand, "
        "0 % cooperation than under mine's own mix (95 % interval 345 to 375 fewer)."
    )
    assert "under 0 % supply, 0 % demand, 100 % cooperation than" in lines[2]
    assert "The intervals" not in lines[1]


def test_mixes_that_may_be_as_low_are_counted() -> None:
    near = [70.02, 80.0, 70.0, 100.0, 70.1, 110.0]
    assert list(sentences(tables(near, OTHERS)))[1].endswith(
        "The intervals of 2 other mixes overlap with this one."
    )
    one_near = [70.02, 80.0, 70.0, 100.0, 90.0, 110.0]
    assert list(sentences(tables(one_near, OTHERS)))[1].endswith(
        "The interval of one other mix overlaps with this one."
    )


def test_an_outcome_that_no_mix_moves_has_no_lowest_mix() -> None:
    lines = list(sentences(tables([100.0] * 6, OTHERS, spread=0.0)))
    assert lines[1] == "- Overdose deaths: the same under all 6 mixes."


def test_a_lowest_mix_without_an_interval_is_held_against_no_other() -> None:
    told = list(sentences(tables(DEATHS, OTHERS, spread=0.0)))[1]
    assert told.endswith("the same in every replicate: no interval).")


def test_a_lowest_mix_that_is_not_clear_is_said_so() -> None:
    close = [99.9, 100.0, 99.8, 100.0, 100.0, 100.1]
    told = list(sentences(tables(close, OTHERS, spread=5.0)))[1]
    assert "no clear difference under 0 % supply, 100 % demand" in told


def test_the_frontier_is_counted_and_the_own_mix_is_placed() -> None:
    lines = list(sentences(tables(DEATHS, OTHERS)))
    assert lines[4].startswith(
        "- The frontier: 3 of 6 mixes are on it, where no other mix is lower in some of the four "
    )
    assert lines[5] == (
        "- Nearest to mine's own mix (50 % supply, 45 % demand, 5 % cooperation) is 50 % supply, "
        "50 % demand, 0 % cooperation, which is beaten: 2 mixes are lower in some of the four and "
        "higher in none, such as 0 % supply, 50 % demand, 50 % cooperation."
    )
    on_it = tables(DEATHS, OTHERS, present=(0.0, 1.0, 0.0))
    assert list(sentences(on_it))[5] == (
        "- mine's own mix (0 % supply, 100 % demand, 0 % cooperation) is on the frontier."
    )


def test_beaten_is_by_a_mix_that_is_lower_in_some_and_higher_in_none() -> None:
    given = tables(DEATHS, OTHERS)
    assert nearest(given) == (0.5, 0.5, 0.0)
    assert beaten_by(given, (0.5, 0.5, 0.0)) == [(0.0, 0.5, 0.5), (0.0, 0.0, 1.0)]
    on_frontier = given.mixes[given.mixes["on_frontier"]][SHARES].drop_duplicates()
    for mix in MIXES:
        is_on = (on_frontier == list(mix)).all(axis=1).any()
        assert is_on == (beaten_by(given, mix) == [])
    unmoved = tables([100.0] * 6, OTHERS, spread=0.0)
    for mix in MIXES:
        assert (mix in keys_of(frontier_of(unmoved))) == (beaten_by(unmoved, mix) == [])
    assert 0 < len(frontier_of(unmoved)) < len(MIXES)


def test_how_the_frontier_moves_over_worlds_is_counted() -> None:
    lines = list(sentences(tables(DEATHS, OTHERS, worlds=[DEATHS, TURNED])))
    assert lines[6] == (
        "- The frontier over 2 sampled worlds: 1 mix is on it in at least 90 % of them (0 % "
        "supply, 0 % demand, 100 % cooperation), 2 in some but fewer, and 3 in none."
    )
    none = list(sentences(tables(DEATHS, OTHERS)))[6]
    assert none == "- There are no sampled worlds to say how the frontier moves."


def test_no_sentence_says_which_mix_is_good() -> None:
    wrong = re.compile(
        r"\b(best|better|worst|should|because|improve|effective|wins?)\b", re.IGNORECASE
    )
    lines = list(sentences(made_up_mixes()))
    assert [line for line in lines if wrong.search(line)] == []
    assert all(line.startswith("- ") and line.endswith(".") for line in lines)


# --- the table of the terminal --------------------------------------------------------------------


def shown(given: MixesTables, encoding: str = "utf-8") -> list[str]:
    console = Console(width=100, highlight=False)
    with console.capture() as capture:
        console.print(terminal_table(given, encoding))
    return capture.get().splitlines()


def test_the_table_has_the_mixes_of_the_frontier_those_of_most_worlds_first() -> None:
    found = shown(tables(DEATHS, OTHERS, worlds=[DEATHS, TURNED]))
    rows = [line.split() for line in found if re.match(r"\s+\d+\s+\d+\s+\d+ ", line)]
    assert [" ".join(row[:3]) for row in rows] == ["0 0 100", "0 50 50", "0 100 0"]
    assert [row[-1] for row in rows] == ["100", "50", "50"]
    assert any("-0.360 ±" in line for line in found)


def test_no_more_than_fifteen_rows_and_how_many_more() -> None:
    given = made_up_mixes()
    n = int(given.mixes["on_frontier"].sum()) // given.mixes["outcome"].nunique()
    found = shown(given)
    assert len([line for line in found if re.match(r"\s+\d+\s+\d+\s+\d+ ", line)]) == 15
    assert any(line.strip().startswith(f"And {n - 15} more, in mixes.csv") for line in found)
    assert max(len(line) for line in found) <= 100


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_old_terminals_can_print_it(encoding: str) -> None:
    for line in shown(made_up_mixes(worlds=0), encoding):
        line.replace("─", "").encode("ascii")


def test_the_outcomes_are_those_of_the_figures() -> None:
    assert [one.outcome for one in PANELS] == list(pd.unique(made_up_mixes().mixes["outcome"]))[:4]
