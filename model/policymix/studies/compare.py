"""Scenarios side by side: the same people with the same dice, and what came out."""

from collections.abc import Iterable, Mapping
from functools import partial
from importlib import import_module
from os import PathLike
from pathlib import Path
from threading import Thread

from policymix.chunks import Played
from policymix.dice import world_seed
from policymix.machines import Machines
from policymix.pool import refuse_to_start_in_a_starting_worker
from policymix.runs import Plan, plan_for, play_replicate
from policymix.studies.answer import Store, labelled, runner, tables_in
from policymix.studies.kinds import BASELINE, DEFAULT_SEED
from policymix.studies.question import Asked, Question, ask
from policymix.studies.study import TABLES, Study
from policymix.tasks import Progress, run_missing


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
    return run_study(question, out, workers=workers, cluster=cluster)


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
    return Study(question, labelled(question, tables), replicates=done)


def _read(question: Question, folder: Path) -> Study:
    return Study(question, tables_in(folder, TABLES), folder=folder)


run_study = runner(_make, _read)
