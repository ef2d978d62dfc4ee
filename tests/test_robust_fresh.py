"""The sentence of `robust`, replayed in worlds that had no part in finding it."""

from typing import Any

import numpy as np
import pytest
from policymix import robust, robustness
from policymix.chunks import Piece
from policymix.discovery import check
from policymix.machines import Machines
from policymix.robustness import STATISTICS, Sample, rankings_of
from policymix.studies.robust import Robust
from policymix.sweeps import Grid, Sweep, columns_of, play_sweep
from policymix.tasks import silent
from policymix.worlds import drawn_names, draws, ranges

TWO = ["demand_first", "supply_first"]


@pytest.mark.slow
def test_the_sentence_holds_in_worlds_that_had_no_part_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Inside the box the ranking is reversed more often than outside, in 200 worlds never seen."""
    monkeypatch.setattr(robustness, "LEAST_POINTS", 1_000)  # no sentence rests on the indices
    study = robust(TWO, worlds=320, people=10_000, workers=2)
    sample = _fresh(study, first=321, n=200)
    boxes = _boxes(study)
    assert len(boxes) >= 2
    confirmed = []
    for (better, worse, outcome), box in boxes.items():
        flipped = sample.differences(worse, better, outcome) < 0
        confirmed.append(check(box, sample.draws, flipped, sample.names))
    assert all(one.density > one.outside for one in confirmed)
    assert sum(one.is_confirmed for one in confirmed) >= len(confirmed) - 1
    shares = study.tables["robust"].set_index(["better", "worse", "outcome"])
    for key, row in shares.iterrows():
        fresh = float((sample.differences(*key) < 0).mean())
        assert row["low"] - 0.05 < fresh < row["high"] + 0.05


def _boxes(study: Robust) -> dict[tuple[str, str, str], Any]:
    indices = np.arange(1, study.question.sizes["worlds"] + 1)
    sample = Sample(
        tuple(study.question.names),
        drawn_names(),
        ranges(),
        indices,
        draws(1, indices.tolist()),
        study.runs[1:].mean(axis=1),
    )
    return {(r.better, r.worse, r.outcome): r.box for r in rankings_of(sample) if r.box}


def _fresh(study: Robust, first: int, n: int) -> Sample:
    sweep = Sweep(study.question.scenarios, 1, Grid(n, 1, first))
    done: dict[int, Piece] = {}
    play_sweep(sweep, done, Machines(2).start_crew, silent)
    values = np.concatenate(list(columns_of(sweep, done, STATISTICS)))
    indices = np.arange(first, first + n)
    names = tuple(study.question.names)
    return Sample(names, drawn_names(), ranges(), indices, draws(1, indices.tolist()), values)
