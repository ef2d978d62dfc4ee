"""Scenarios side by side: the same people with the same dice, and what came out."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from os import PathLike
from pathlib import Path
from threading import Thread
from typing import Any

from policymix.chunks import Played
from policymix.errors import InputError
from policymix.pool import refuse_to_start_in_a_starting_worker, worker_pool
from policymix.runs import Plan, Progress, plan_for, run_missing
from policymix.studies.folder import is_finished_with, open_folder
from policymix.studies.provenance import settings_of
from policymix.studies.question import (
    BASELINE,
    DEFAULT_REPLICATES,
    DEFAULT_SEED,
    WORKERS_BOUNDS,
    Asked,
    Question,
    ask,
    number_refusal,
)
from policymix.studies.study import TABLES, Study


def compare(
    scenarios: Iterable[Asked] | None = None,
    *,
    replicates: int = DEFAULT_REPLICATES,
    seed: int = DEFAULT_SEED,
    people: int | None = None,
    months: int | None = None,
    workers: int = 1,
    against: Asked = BASELINE,
    assume: Mapping[str, float] | None = None,
    out: str | PathLike[str] | None = None,
) -> Study:
    """Play scenarios side by side, on the same people with the same dice, and compare.

    A scenario is a shipped name, a path ending in `.toml` or a loaded `Scenario`; left out, all
    shipped ones. `against` is the reference of all differences and is played even if not named.
    `people` and `months` beat the files' setup, `assume` (name -> value, in the ledger's units)
    their assumptions. `out` is a new folder for all files; without it nothing is written.

    Several `workers` need a script with `if __name__ == "__main__":`. Raises InputError for a wrong
    input, with all problems; StudyError if workers die; OSError where the disk refuses.
    """
    refuse_to_start_in_a_starting_worker()
    question = ask(
        scenarios,
        replicates=replicates,
        seed=seed,
        people=people,
        months=months,
        against=against,
        assume=assume,
    )
    if out is None:
        _check_workers(workers)
        replicates_done: dict[int, Played] = {}
        _run(question, _plan(question), replicates_done, workers, _silent)
        return _study(question, replicates_done)
    return run_study(question, Path(out), workers=workers)


def run_study(
    question: Question,
    out: Path,
    *,
    workers: int,
    resume: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Study:
    """Answer `question` in the folder `out`; with `resume` go on with what is there.

    A finished study of the same question is read, not made again. Raises as `compare` does.
    """
    _check_workers(workers)
    settings = settings_of(question)
    if is_finished_with(out, settings, resume=resume, overwrite=overwrite):
        return _read(question, out)
    plan = _plan(question)
    with open_folder(out, settings, overwrite=overwrite) as folder:
        chunks = folder.chunks(plan.shape)
        _run(question, plan, chunks, workers, progress or _silent)
        study = _study(question, chunks)
        study.publish(folder)
    return Study(question, study.tables, folder=out)


def _check_workers(workers: int) -> None:
    if problems := number_refusal("workers", workers, WORKERS_BOUNDS):
        raise InputError("\n".join(problems))


def _run(
    question: Question,
    plan: Plan,
    done: Any,
    workers: int,
    progress: Callable[[int, int], None],
) -> None:
    # Tables and figures take a second to load: better while workers start than when all is done.
    Thread(target=import_module, args=("policymix.figures",), daemon=True).start()
    n_workers = min(workers, question.replicates)
    run_missing(
        plan,
        done,
        question.replicates,
        start_pool=lambda: worker_pool(n_workers),
        n_at_once=n_workers + (n_workers > 1),
        progress=progress,
    )


def _plan(question: Question) -> Plan:
    reference = question.names.index(question.reference)
    return plan_for(question.scenarios, question.seed, reference)


def _study(question: Question, done: Mapping[int, Played]) -> Study:
    from policymix.reasons import ends_and_fared
    from policymix.tables import summary_and_monthly

    names, numbers = question.names, range(question.replicates)
    in_order = (done[number].records for number in numbers)
    summary, monthly = summary_and_monthly(names, question.reference, in_order)
    ends, fared = ends_and_fared(names, (done[number].ends for number in numbers))
    followed = question.same_people()
    ends, fared = (table[table["scenario"].isin(followed)] for table in (ends, fared))
    tables = {"summary": summary, "monthly": monthly, "ends": ends, "fared": fared}
    labelled = {name: table.assign(label=question.label) for name, table in tables.items()}
    return Study(question, labelled, replicates=done)


def _read(question: Question, folder: Path) -> Study:
    from policymix.tables import read_table

    return Study(
        question, {name: read_table(folder / f"{name}.csv") for name in TABLES}, folder=folder
    )


def _silent(_done: int, _of: int) -> None:
    """No progress shown."""
