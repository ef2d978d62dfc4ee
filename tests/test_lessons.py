"""The lessons: commands give the answers they state, and notebooks are made from them."""

import ast
import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lesson_answers import LESSONS, ROOT, TASKS, answers, wrong_answers
from policymix import lessons
from policymix.errors import InputError
from policymix.label import LABEL
from policymix.lessons import (
    Task,
    expected_of,
    main,
    notebook,
    notebook_text,
    students_part,
    tasks_of,
)
from policymix.tables import read_table
from policymix.worlds import drawn_names, draws

Run = Callable[..., tuple[int, str, str]]
PARTS = ("Aim.", "The question of the hour.", "Prepare.", "Likely misconceptions", "Answers.")
PARTS += (
    "What a good explanation holds",
    "Debrief: on what it leans, and what is left out",
    "Rubric",
)
TABLES = {"compare": ("summary",), "robust": ("robust",)}
UNSURE = ("not clear", "varies")
OTHER_REPLICATES = ("--replicates", "12")
"""For a world of its own, whose dice are the seed's: other replicates instead of another seed."""

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
each_task = pytest.mark.parametrize(
    ("path", "task"), TASKS, ids=[f"{path.stem}-{task.number}" for path, task in TASKS]
)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# --- the sheet -----------------------------------------------------------------------------------


@each_lesson
def test_a_lesson_has_what_a_teacher_and_a_class_need(path: Path) -> None:
    text = read(path)
    assert text.split("\n\n")[1] == f"> **{LABEL}**"
    teacher = text.removesuffix(students_part(text))
    bold = re.findall(r"^\*\*(.+?)\*\*", teacher, re.MULTILINE)
    assert bold == list(PARTS)
    debrief = teacher.partition(f"**{PARTS[-2]}**")[2]
    for part in ("grade C", "Left out", "isparity in enforcement", "stigma"):
        assert part in " ".join(debrief.split()), part


@each_lesson
def test_the_plan_fills_an_hour_without_a_gap(path: Path) -> None:
    spans = re.findall(r"^\| (\d+)-(\d+) \|", read(path), re.MULTILINE)
    ends = [int(end) for _, end in spans]
    assert [int(start) for start, _ in spans] == [0, *ends[:-1]]
    assert ends[-1] == 60


@each_lesson
def test_tasks_are_numbered_and_each_asks_to_predict_and_to_explain(path: Path) -> None:
    text = students_part(read(path))
    tasks = tasks_of(read(path))
    assert [task.number for task in tasks] == list(range(1, len(tasks) + 1))
    for line in ("> **Your prediction:**", "> **Your explanation:**"):
        assert text.count(f"\n{line}\n") == len(tasks)
    assert {one.task for one in answers(path)} == {task.number for task in tasks}


@each_lesson
def test_a_tolerance_is_smaller_than_what_is_said_to_be_clear(path: Path) -> None:
    for one in answers(path):
        assert 0 < one.within < abs(one.answer) or one.reads in UNSURE, one
        allowed = {"level": "-", "share of worlds": "-"}
        sign = "higher" if one.answer > 0 else "lower"
        assert one.reads in (allowed.get(one.number, sign), *UNSURE), one


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# no students", "has no part"),
        ("\n## For students\n\n### Task 1\n\nNo command.\n", "read no command, allowed"),
        ("\n## For students\n\n### Task 1\n\n```\nls\n```\n", "read ls, allowed"),
        ("\n## For students\n\n### Task 7\n\n```\nls\nls\n```\n", "task 7: read ls; ls"),
    ],
)
def test_a_lesson_that_cannot_be_read_is_refused(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        tasks_of(text)


def test_a_wrong_row_of_answers_is_refused() -> None:
    head = "\n| task | scenario | outcome | statistic | number | answer | within | unit | reads |\n"
    for row in ("| 1 | a | b |", "| 1 | a | b | mean | level | many | 1 | people | - |"):
        with pytest.raises(InputError, match="lesson: read"):
            expected_of(f"{head}| --- |\n{row}\n")
    with pytest.raises(InputError, match="no table"):
        expected_of("none")


def test_what_a_lesson_says_of_a_world_is_drawn_there() -> None:
    text = read(next(path for path in LESSONS if path.stem.startswith("3")))
    head, rows = re.findall(r"^\| assumption \|.*?\n\n", text, re.MULTILINE | re.DOTALL), 0
    worlds = [0, *map(int, re.findall(r"world (\d+)", head[0].partition("\n")[0]))]
    drawn = dict(zip(drawn_names(), draws(1, worlds).T.tolist(), strict=True))
    for name, *cells in re.findall(
        r"^\| `(\w+)` \| (\S+) \| (\S+) \| (\S+) \|", head[0], re.MULTILINE
    ):
        rows += 1
        for cell, value in zip(cells, drawn[name], strict=True):
            digits = len(cell.partition(".")[2])
            assert float(cell.replace(",", "")) == round(value, digits), (name, cell)
    assert rows == 5


# --- the answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("off", "low", "wrong"), [(0.9, 1, 0), (1.1, 1, 1), (0.0, -1, 1), (math.nan, 1, 1)]
)
def test_a_number_off_by_more_or_read_otherwise_is_seen(off: float, low: float, wrong: int) -> None:
    path = LESSONS[0]
    one = next(one for one in answers(path) if one.task == 2 and one.reads == "higher")
    task = next(task for task in tasks_of(read(path)) if task.number == 2)
    rows = [vars(other) | {"difference": other.answer} for other in answers(path)]
    table = pd.DataFrame(rows)
    table["difference_low"] = table["difference_high"] = table["difference"]
    at = (table["outcome"] == one.outcome) & (table["task"] == 2)
    table.loc[at, "difference"] += off * one.within
    table.loc[at, "difference_low"] = low
    summary = table[table["task"] == 2]
    assert len(wrong_answers(path, task, {"summary": summary})) == wrong


def played(run: Run, task: Task, out: Path, *more: str) -> dict[str, Any]:
    """The tables that a task's command writes; it is given in the checkout's folder."""
    code, _, err = run(*task.words[1:], *more, "--workers", "1", "--out", out)
    assert code == 0, err
    return {name: read_table(out / f"{name}.csv") for name in TABLES[task.study]}


@pytest.fixture
def at_root(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(ROOT)
    return run


@pytest.mark.slow
@each_task
def test_a_tasks_command_gives_the_stated_answers(
    at_root: Run, no_figures: None, tmp_path: Path, path: Path, task: Task
) -> None:
    assert wrong_answers(path, task, played(at_root, task, tmp_path / "study")) == []


@pytest.mark.slow
@each_lesson
def test_another_seed_stays_within(
    at_root: Run, no_figures: None, tmp_path: Path, path: Path
) -> None:
    """The first task of each lesson; the others were measured with more seeds than a test can."""
    task = tasks_of(read(path))[0]
    other = OTHER_REPLICATES if "--world" in task.words else ("--seed", "2")
    assert wrong_answers(path, task, played(at_root, task, tmp_path / "study", *other)) == []


# --- the notebooks -------------------------------------------------------------------------------


@each_lesson
def test_a_notebook_is_what_its_lesson_makes(path: Path) -> None:
    assert read(path.with_suffix(".ipynb")) == notebook_text(read(path)), (
        "run: python -m policymix.lessons"
    )


@each_lesson
def test_a_notebook_holds_the_students_part_and_no_answers(path: Path) -> None:
    made = notebook(read(path))
    prose = "".join(text_of(made, "markdown"))
    assert LABEL in prose
    assert made["metadata"]["label"] == LABEL
    for task in tasks_of(read(path)):
        assert f"### Task {task.number}" in prose
    assert prose.count("**Your prediction:**") == len(tasks_of(read(path)))
    for one in answers(path):
        if one.number == "difference":
            assert not re.search(rf"(?<![\d.,]){one.answer:,.10g}(?![\d.,])", prose), one
    assert all(cell.get("outputs", []) == [] for cell in made["cells"])


def text_of(made: dict[str, Any], kind: str) -> list[str]:
    return ["".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == kind]


def shown_by(cells: list[str], names: dict[str, Any]) -> Iterator[Any]:
    """Runs cells of plain Python from top to bottom; what the last line of each shows."""
    for cell in cells:
        body = ast.parse(cell).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        if isinstance(last, ast.Expr):
            yield eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def run_notebook(path: Path, sizes: dict[str, str]) -> dict[str, Any]:
    """The names that a notebook leaves; the tables that its cells show have rows."""
    cells = text_of(json.loads(read(path.with_suffix(".ipynb"))), "code")
    for pattern, instead in sizes.items():
        cells = [re.sub(pattern, instead, cell) for cell in cells]
    names: dict[str, Any] = {}
    assert all(len(shown) > 0 for shown in shown_by(cells, names) if shown is not None)
    return names


@each_lesson
def test_a_notebook_runs_from_top_to_bottom_at_toy_size(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(path.parent)
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)
    toy = {r"people=\d[\d_]*": "people=1_000, months=2", r"    months=360,\n": "", r"=8\b": "=2"}
    names = run_notebook(path, toy | {r"worlds=\d+": "worlds=32"})
    tasks = tasks_of(read(path))
    for task in tasks:
        assert set(TABLES[task.study]) <= set(names[f"task_{task.number}"].tables)
    printed = capsys.readouterr().out
    assert printed.count(LABEL) == len(tasks)
    assert printed.count("cartel profit  \n") + printed.count("cartel profit ┃") == len(tasks)


def test_the_command_rewrites_the_notebooks_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lessons, "__file__", str(tmp_path / "model" / "policymix" / "lessons.py"))
    with pytest.raises(InputError, match="only in a checkout"):
        main()
    folder = tmp_path / "docs" / "lessons"
    folder.mkdir(parents=True)
    (folder / "1_one.md").write_text(read(LESSONS[0]), encoding="utf-8")
    main()
    assert read(folder / "1_one.ipynb") == notebook_text(read(LESSONS[0]))
