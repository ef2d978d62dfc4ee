"""Does A still beat B? How often a ranking holds over many sampled worlds, and when not."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from policymix.errors import ImpossibleWorldError, InputError
from policymix.machines import Machines
from policymix.pool import refuse_to_start_in_a_starting_worker
from policymix.robustness import (
    MOST_GROUPED_ALONE,
    STATISTICS,
    Sample,
    checks_table,
    deciding,
    flips_table,
    points_of,
    rankings_of,
    regret_table,
    robust_table,
    sensitivity_of,
)
from policymix.scenario import Scenario
from policymix.studies import question as questions
from policymix.studies.answer import Store, labelled, runner, tables_in
from policymix.studies.kinds import BASELINE, DEFAULT_SEED, ROBUST
from policymix.studies.question import Asked, Question
from policymix.studies.robust_answer import MOST_LOOKED_AT, TABLES, Robust
from policymix.studies.sweeping import played_cells
from policymix.sweeps import Cells, Grid, Swaps
from policymix.tasks import Progress
from policymix.worlds import drawn_names, draws, ranges

if TYPE_CHECKING:
    from policymix.worlds import Floats


_NONE_POSSIBLE: Final = (
    "impossible worlds: none of {:,} sampled ones has a balance to start from. Values nearer to "
    "the ledger's can be balanced"
)


def robust(
    scenarios: Asked | Iterable[Asked],
    *,
    worlds: int | None = None,
    replicates: int | None = None,
    seed: int = DEFAULT_SEED,
    people: int | None = None,
    months: int | None = None,
    workers: int = 1,
    cluster: str = "",
    assume: Mapping[str, float] | None = None,
    out: str | PathLike[str] | None = None,
) -> Robust:
    """Play two to six scenarios in sampled worlds: how often each beats each, and when not.

    One scenario alone is held against the baseline. `worlds` is how many are sampled; they are the
    first ones of this `seed`. What `assume` names is held in all of them. Else as in
    `policymix.compare`.
    """
    refuse_to_start_in_a_starting_worker()
    question = ask(
        scenarios,
        replicates=replicates,
        seed=seed,
        people=people,
        months=months,
        assume=assume,
        sizes={"worlds": worlds},
    )
    return run_study(question, out, workers=workers, cluster=cluster)


def ask(scenarios: Asked | Iterable[Asked] | None, **given: Any) -> Question:
    """As `question.ask`; the last scenario is the reference, and the baseline of one alone."""
    if isinstance(scenarios, str | PathLike | Scenario):
        scenarios = [scenarios]
    asked: list[Asked] = list(scenarios or ())
    against = asked[-1] if len(asked) > 1 else BASELINE
    question = questions.ask(asked, kind=ROBUST, against=against, **given)
    if len(question.scenarios) == 1:
        raise InputError(f"scenarios: read {BASELINE} alone, allowed are two to {ROBUST.most}")
    if len(_free(question)) <= MOST_GROUPED_ALONE:
        raise InputError(
            f"assumptions: read {len(question.held)} that are held, allowed leaves more than "
            f"{MOST_GROUPED_ALONE} to be drawn; compare plays one world"
        )
    if len(asked) == 1:
        question = replace(question, scenarios=question.scenarios[::-1])
    return question


def _make(question: Question, store: Store, machines: Machines, progress: Progress) -> Robust:
    n, n_points = question.sizes["worlds"], points_of(question.sizes["worlds"])
    free = _free(question)
    grid = Grid(n + 1, question.replicates)
    n_swaps = n_points * (min(MOST_GROUPED_ALONE, len(free)) + 2)

    def played(cells: Cells, stem: str, before: int) -> "Floats":
        return played_cells(
            *(question, question.scenarios, cells, STATISTICS),
            store=store,
            stem=stem,
            machines=machines,
            progress=lambda k, _: progress(before + k, len(grid) + n_swaps),
        )

    runs = played(grid, "world", 0)
    runs = runs.reshape(n + 1, question.replicates, *runs.shape[1:])
    sample = _sample(question, free, runs.mean(axis=1))
    if not len(sample.indices):
        raise ImpossibleWorldError(_NONE_POSSIBLE.format(n))
    rankings = rankings_of(sample)
    groups = deciding(sample, rankings)
    # What a swap swaps is named: pieces of other groups must not be taken for these.
    stem = f"swap-{sha256(repr(groups).encode()).hexdigest()[:12]}"
    swaps = played(Swaps(n_points, groups), stem, len(grid)) if n_points else runs[:0, 0]
    first = runs[1 : 1 + 2 * n_points, 0]
    values = {"a": first[::2], "b": first[1::2]}
    values["ab"] = swaps.reshape(n_points, len(groups), *swaps.shape[1:])
    tables = {
        "robust": robust_table(rankings),
        "flips": flips_table(rankings),
        "checks": checks_table(rankings),
        "regret": regret_table(sample),
        "sensitivity": sensitivity_of(rankings, groups, values, question.names),
    }
    return Robust(question, labelled(question, tables), runs=runs)


def _free(question: Question) -> tuple[str, ...]:
    """The assumptions that are drawn for at least one scenario."""
    everywhere = set.intersection(*(set(s.assumptions) for s in question.scenarios))
    return tuple(n for n in drawn_names() if n not in question.held and n not in everywhere)


def _sample(question: Question, free: tuple[str, ...], values: "Floats") -> Sample:
    """What came out in the possible worlds, without the central one."""
    possible = np.flatnonzero(np.isfinite(values[1:]).all(axis=(1, 2))) + 1
    looked_at = possible[possible <= MOST_LOOKED_AT].tolist()
    columns = [drawn_names().index(name) for name in free]
    return Sample(
        tuple(question.names),
        free,
        {name: ranges()[name] for name in free},
        possible,
        draws(question.seed, looked_at)[:, columns],
        values[possible],
    )


def _read(question: Question, folder: Path) -> Robust:
    return Robust(question, tables_in(folder, TABLES), folder=folder)


run_study = runner(_make, _read)
