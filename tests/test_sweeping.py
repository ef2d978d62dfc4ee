"""What was played is gathered: every cell at its place, and never twice in memory."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from policymix.chunks import Piece
from policymix.machines import Machines
from policymix.outcomes import OUTCOME_NAMES
from policymix.studies import sweeping as room
from policymix.studies.robust import ask
from policymix.sweeps import Grid, Sweep
from policymix.tasks import silent

COLUMNS = {OUTCOME_NAMES[2]: "mean", OUTCOME_NAMES[0]: "final"}


class Numbered(dict[int, Piece]):
    """Pieces made when they are asked for: every number says which cell and scenario it is of."""

    def __init__(self, shapes: Callable[[int], Any], at_once: int) -> None:
        self.shapes, self.at_once = shapes, at_once

    def __getitem__(self, piece: int) -> Piece:
        values = np.zeros(self.shapes(piece)["values"])
        values += (piece * self.at_once + np.arange(len(values)))[:, None, None, None]
        values += 0.25 * np.arange(values.shape[1])[None, :, None, None]
        return Piece(values)


def test_many_cells_are_in_order_and_in_memory_once(monkeypatch: pytest.MonkeyPatch) -> None:
    question, cells = ask(["demand_first", "supply_first"]), Grid(50_001, 1)
    at_once = Sweep(question.scenarios, 1, cells).at_once
    monkeypatch.setattr(room, "play_sweep", lambda *_: None)
    tracemalloc.start()
    found = room.played_cells(
        *(question, question.scenarios, cells, COLUMNS),
        store=lambda _kind, shapes, _stem: Numbered(shapes, at_once),  # type: ignore[arg-type, return-value]
        stem="world",
        machines=Machines(),
        progress=silent,
    )
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.shape == (50_001, 2, 2)
    np.testing.assert_array_equal(found[:, 0, 0], np.arange(50_001.0))
    np.testing.assert_array_equal(found[:, 1, 1], np.arange(50_001.0) + 0.25)
    assert most < 1.6 * found.nbytes
