"""What the tests of the lessons share: the lessons, and whether a study gives their answers."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pandas as pd
from policymix.lessons import Expected, Task, expected_of, lesson_files, tasks_of

ROOT = Path(__file__).resolve().parent.parent
LESSONS = lesson_files(ROOT / "docs" / "lessons")
TASKS = [(path, task) for path in LESSONS for task in tasks_of(path.read_text("utf-8"))]
_COLUMNS = {"level": "mean", "difference": "difference"}


@cache
def answers(path: Path) -> tuple[Expected, ...]:
    return tuple(expected_of(path.read_text("utf-8")))


def wrong_answers(path: Path, task: Task, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """What the tables of a task's study have otherwise than its lesson says."""
    wrong = []
    for one in answers(path):
        if one.task == task.number:
            found, reads = told(one, tables)
            if not abs(found - one.answer) <= one.within or one.reads not in (reads, "varies"):
                wrong.append(f"{one}: found {found:.10g}, which reads {reads}")
    return wrong


def told(one: Expected, tables: Mapping[str, pd.DataFrame]) -> tuple[float, str]:
    """The number that a study has, and what its interval says. Raises KeyError if it has none."""
    if one.number == "share of worlds":
        table = tables["robust"].set_index(["better", "outcome"])
        return float(table.loc[(one.scenario, one.outcome), "share_of_worlds"]), "-"
    keys = ["scenario", "outcome", "statistic", "unit"]
    row = (
        tables["summary"].set_index(keys).loc[(one.scenario, one.outcome, one.statistic, one.unit)]
    )
    return float(row[_COLUMNS[one.number]]), _reading(one, row)


def _reading(one: Expected, row: pd.Series) -> str:
    if one.number == "level":
        return "-"
    if row["difference_low"] > 0 or row["difference_high"] < 0:
        return "higher" if row["difference_low"] > 0 else "lower"
    return "not clear"
