"""Lessons for a class: reads what a lesson asks and answers, and makes its notebook.

A lesson is a Markdown file in `docs/lessons/`. Its first part is for the teacher and holds a table
of answers; its part under `## For students` holds tasks, each with one command. The notebook beside
it is made from the second part alone: `python -m policymix.lessons` writes all of them anew.
"""

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from policymix.errors import InputError
from policymix.label import LABEL

STUDENTS: Final = "\n## For students\n"
FOLDER: Final = "docs/lessons/"
_TASK: Final = re.compile(r"^### Task (\d+)", re.MULTILINE)
_FENCE: Final = re.compile(r"^```\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
_WRITE_HERE: Final = re.compile(r"^(> \*\*Your .*\n)", re.MULTILINE)
_HEAD: Final = "| task | scenario | outcome | statistic | number | answer | within | unit | reads |"
_STUDIES: Final = ("policymix compare ", "policymix robust ")


@dataclass(frozen=True)
class Expected:
    """One number that a task's command writes, `answer` give or take `within`, in `unit`.

    `number` is level, difference (from the reference) or share of worlds, of a `statistic` of an
    `outcome` of a `scenario`. `reads` is what its 95 % interval says: higher, lower, not clear,
    or varies if that hangs on the seed; a dash where it is no difference.
    """

    task: int
    scenario: str
    outcome: str
    statistic: str
    number: str
    answer: float
    within: float
    unit: str
    reads: str


@dataclass(frozen=True)
class Task:
    """What students run: the words of one policymix command that makes a study."""

    number: int
    words: tuple[str, ...]

    @property
    def study(self) -> str:
        """The name of the study's command."""
        return self.words[1]


def students_part(lesson: str) -> str:
    """The part of a lesson that students see. Raises InputError if the text has none."""
    _, found, part = lesson.partition(STUDENTS)
    if not found:
        raise InputError(f"lesson: has no part {STUDENTS.strip()!r}")
    return part.strip("\n") + "\n"


def tasks_of(lesson: str) -> list[Task]:
    """The tasks in order. Raises InputError for a task that has not exactly one study to run."""
    pieces = _TASK.split(students_part(lesson))
    tasks = []
    for number, text in zip(pieces[1::2], pieces[2::2], strict=True):
        lines = [line for block in _FENCE.findall(text) for line in block.splitlines()]
        if len(lines) != 1 or not lines[0].startswith(_STUDIES):
            read = "; ".join(lines) or "no command"
            raise InputError(f"task {number}: read {read}, allowed is one of {_STUDIES}")
        tasks.append(Task(int(number), tuple(shlex.split(lines[0]))))
    return tasks


def expected_of(lesson: str) -> list[Expected]:
    """The rows of the teacher's table. Raises InputError if there is none, or a row is wrong."""
    _, found, after = lesson.partition(f"\n{_HEAD}\n")
    if not found:
        raise InputError(f"lesson: has no table {_HEAD}")
    return [_expected(line) for line in _rows(after.splitlines()[1:])]


def notebook(lesson: str) -> dict[str, Any]:
    """The notebook of a lesson, in Jupyter's format 4.5, without outputs."""
    title = lesson.partition("\n")[0].removeprefix("# ")
    tasks = iter(tasks_of(lesson))
    studies = ", ".join(sorted({task.study for task in tasks_of(lesson)}))
    opening = f"# {title}\n\n> **{LABEL}**\n\nRun the cells from top to bottom (Shift and Enter)."
    cells = [_markdown(opening), _code(f"from policymix import {studies}")]
    for at, text in enumerate(_FENCE.split(students_part(lesson))):
        if at % 2 == 0:  # what stands between the commands
            cells += [_markdown(part) for part in _WRITE_HERE.split(text) if part.strip()]
        else:
            cells += [_code(code) for code in _calls(next(tasks), expected_of(lesson))]
    for at, cell in enumerate(cells):
        cell["id"] = f"cell-{at}"
    spec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"kernelspec": spec, "language_info": {"name": "python"}, "label": LABEL}
    return {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}


def notebook_text(lesson: str) -> str:
    """The bytes of a lesson's notebook, as text."""
    return json.dumps(notebook(lesson), indent=1, ensure_ascii=False) + "\n"


def lesson_files(folder: Path) -> list[Path]:
    """The lessons in `folder`: Markdown files whose names begin with a number."""
    return sorted(folder.glob("[0-9]*.md"))


def main() -> None:
    """Write the notebooks of this checkout. Raises InputError where there is none."""
    folder = Path(__file__).resolve().parent.parent.parent / FOLDER
    files = lesson_files(folder)
    if not files:
        raise InputError(f"{FOLDER}: the lessons are only in a checkout")
    for file in files:
        text = notebook_text(file.read_text(encoding="utf-8"))
        file.with_suffix(".ipynb").write_text(text, encoding="utf-8", newline="\n")


def _rows(lines: Iterable[str]) -> Iterator[list[str]]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.strip().strip("`") for cell in line.strip("|").split("|")]


def _expected(cells: list[str]) -> Expected:
    try:
        task, scenario, outcome, statistic, number, answer, within, unit, reads = cells
        return Expected(
            *(int(task), scenario, outcome, statistic, number),
            *(float(answer.replace(",", "")), float(within.replace(",", "")), unit, reads),
        )
    except ValueError as error:
        raise InputError(f"lesson: read {' | '.join(cells)!r}, allowed is {_HEAD}") from error


def _calls(task: Task, expected: Iterable[Expected]) -> Iterator[str]:
    """The Python that does what the command does, shows it, and shows the outcomes asked for."""
    name = f"task_{task.number}"
    given = "".join(f"    {argument},\n" for argument in _arguments(task.words[2:]))
    yield f"{name} = {task.study}(\n{given})\nprint({name})"
    if task.study == "robust":
        yield f'{name}.tables["robust"]'
        return
    outcomes = dict.fromkeys(one.outcome for one in expected if one.task == task.number)
    asked = "".join(f'    "{outcome}",\n' for outcome in outcomes)
    yield (
        f"asked = [\n{asked}]\n"
        f'{name}.summary.query("outcome in @asked").drop(columns=["replicates", "low", "high"])'
    )


def _arguments(words: tuple[str, ...]) -> Iterator[str]:
    """A study's arguments on the command line as those of its function."""
    left = iter(words)
    scenarios, numbers, assumed, against = [], [], [], []
    for word in left:
        if not word.startswith("--"):
            scenarios.append(_beside(word))
        elif word == "--assume":
            name, _, value = next(left).partition("=")
            assumed.append(f'"{name}": {value}')
        elif word == "--against":
            against.append(f'against="{_beside(next(left))}"')
        else:
            numbers.append(f"{word.removeprefix('--')}={int(next(left)):_}")
    yield _listed(scenarios)
    yield from against
    if assumed:
        yield f"assume={{{', '.join(assumed)}}}"
    yield from numbers


def _beside(scenario: str) -> str:
    """A notebook stands in the folder of the lessons, a command in that of the checkout."""
    return scenario.removeprefix(FOLDER)


def _listed(names: Iterable[str]) -> str:
    return f"[{', '.join(f'"{name}"' for name in names)}]"


def _lines(text: str) -> list[str]:
    return text.strip("\n").splitlines(keepends=True)


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _lines(text)}


def _code(text: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"execution_count": None, "metadata": {}, "outputs": []}
    return {"cell_type": "code", **empty, "source": _lines(text)}


if __name__ == "__main__":
    main()
