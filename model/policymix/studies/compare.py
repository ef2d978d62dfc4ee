"""Scenarios side by side: the same people with the same dice, and what came out."""

from collections.abc import Iterable, Mapping
from functools import partial
from importlib import import_module
from os import PathLike
from pathlib import Path
from threading import Thread

from policymix.chunks import Played
from policymix.machines import Machines
from policymix.pool import refuse_to_start_in_a_starting_worker
from policymix.runs import Plan, plan_for, play_replicate
from policymix.studies.answer import Store, in_memory, made_in_folder
from policymix.studies.kinds import BASELINE, DEFAULT_SEED
from policymix.studies.question import Asked, Question, ask, machines_of
from policymix.studies.study import TABLES, Study
from policymix.tasks import Progress, run_missing, silent
from policymix.worlds import world_seed


def compare(
    scenarios: Asked | Iterable[Asked] | None = None,
    *,
    replicates: int | None = None,
    seed: int = DEFAULT_SEED,
    people: int | None = None,
    months: int | None = None,
    workers: int = 1,
    cluster: str = "",
    against: Asked = BASELINE,
    assume: Mapping[str, float] | None = None,
    world: int | None = None,
    out: str | PathLike[str] | None = None,
) -> Study:
    """Play scenarios side by side, on the same people with the same dice, and compare.

    A scenario is a shipped name, a path ending in `.toml` or a loaded `Scenario`; left out, all
    shipped ones. `against` is the reference of all differences and is played even if not named.
    `people` and `months` beat the files' setup, `assume` (name -> value, in the ledger's units)
    their assumptions. `world` is the number of a sampled world of this seed, with its dice; 0 is
    the central one. `out` is a new folder for all files; without it nothing is written.

    Several `workers` need a script with `if __name__ == "__main__":`; `cluster` is the address of
    a running dask scheduler, instead of workers here. Raises InputError for a wrong input, with all
    problems; StudyError if workers die; OSError where the disk refuses.
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
        sizes={"world": world},
    )
    if out is None:
        return _make(question, in_memory, machines_of(workers, cluster), silent)
    return run_study(question, Path(out), workers=workers, cluster=cluster)


def run_study(
    question: Question,
    out: Path,
    *,
    workers: int,
    cluster: str = "",
    resume: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Study:
    """Answer `question` in the folder `out`; with `resume` go on with what is there.

    A finished study of the same question is read, not made again. Raises as `compare` does.
    """
    machines = machines_of(workers, cluster)
    return made_in_folder(
        question,
        out,
        lambda store: _make(question, store, machines, progress or silent),
        lambda folder: _read(question, folder),
        resume=resume,
        overwrite=overwrite,
    )


def _make(question: Question, store: Store, machines: Machines, progress: Progress) -> Study:
    plan, n = _plan(question), question.replicates
    done = store(Played, plan.shapes, "replicate")
    # Tables and figures take a second to load: better while workers start than when all is done.
    Thread(target=import_module, args=("policymix.figures",), daemon=True).start()
    run_missing(partial(play_replicate, plan), done, n, machines.start_crew(n), progress)
    return _study(question, done)


def _plan(question: Question) -> Plan:
    reference = question.names.index(question.reference)
    seed = world_seed(question.seed, question.sizes.get("world", 0))
    return plan_for(question.scenarios, seed, reference)


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
