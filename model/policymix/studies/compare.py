"""Scenarios side by side: the same people with the same dice, and what came out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from os import PathLike
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from policymix.chunks import Records
from policymix.errors import InputError
from policymix.outcomes import OUTCOME_NAMES
from policymix.pool import refuse_to_start_in_a_starting_worker, worker_pool
from policymix.runs import Plan, Progress, plan_for, run_missing
from policymix.scenario import resolved_toml
from policymix.studies.folder import StudyFolder, is_finished_with, open_folder
from policymix.studies.provenance import (
    PROVENANCE,
    json_text,
    provenance_of,
    settings_of,
)
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
from policymix.writing import sha256_of, whole_file, write_csv, write_text

if TYPE_CHECKING:
    import pandas as pd

    from policymix.drawing import LabelledFigure

_FIGURE_KINDS: Final = ("png", "svg")


@dataclass(frozen=True)
class StudyFigures:
    """The figures of a study; each call draws a new matplotlib figure."""

    study: "Study"

    def headline(self) -> "LabelledFigure":
        """The headline outcomes over time, and who has an addiction at the end."""
        from policymix.figures import headline

        study = self.study
        asked = study.question
        tables = (study.monthly, study.yearly, study.summary)
        return headline(*tables, asked.reference, asked.notes())

    def tradeoff(self) -> "LabelledFigure":
        """Addiction against cartel revenue and profit, as differences from the reference."""
        from policymix.figures import tradeoff

        study = self.study
        return tradeoff(study.summary, study.question.reference, study.question.notes())

    def all(self) -> "Iterator[tuple[str, LabelledFigure]]":
        """(name of the file, figure), one after the other."""
        yield "headline", self.headline()
        yield "tradeoff", self.tradeoff()


class Study:
    """A comparison and what came out: tables, figures, and where the numbers come from.

    `summary` and `monthly` are pandas tables with the columns of the CSV files of the same names.
    """

    def __init__(
        self,
        question: Question,
        summary: "pd.DataFrame",
        monthly: "pd.DataFrame",
        *,
        records: Mapping[int, Records] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.question = question
        self.summary = summary
        self.monthly = monthly
        self.folder = folder
        self._records = records

    @cached_property
    def runs(self) -> "pd.DataFrame":
        """Every month of every run, a column an outcome: the table of `runs.csv`."""
        from policymix.tables import read_table, runs_table

        if self._records is not None:
            return runs_table(self.question.names, self._records)
        assert self.folder is not None
        return read_table(self.folder / "runs.csv")

    @cached_property
    def yearly(self) -> "pd.DataFrame":
        """Flows summed over each whole year, with intervals."""
        from policymix.tables import yearly_table

        names, replicates = self.question.names, range(self.question.replicates)
        if self._records is not None:
            known = self._records
            return yearly_table(names, (known[number] for number in replicates))
        runs = self.runs
        each = (runs.loc[runs["replicate"] == number, list(OUTCOME_NAMES)] for number in replicates)
        n_scenarios = len(names)
        return yearly_table(
            names, (rows.to_numpy().reshape(n_scenarios, -1, len(OUTCOME_NAMES)) for rows in each)
        )

    @property
    def figures(self) -> StudyFigures:
        """`headline()` and `tradeoff()`, matplotlib figures."""
        return StudyFigures(self)

    @property
    def provenance(self) -> dict[str, Any]:
        """What `provenance.json` says; its `outputs` are empty for a study not yet saved."""
        return provenance_of(self.question, _hashes(self.folder) if self.folder else {})

    def save(self, folder: str | PathLike[str]) -> None:
        """Write all files of the study into a new folder.

        Raises InputError if there is something in the folder, OSError where the disk refuses.
        """
        path, settings = Path(folder), settings_of(self.question)
        if self._records is None:
            raise InputError(f"the study is in {self.folder} already; copy that folder")
        is_finished_with(path, settings, resume=False, overwrite=False)
        with open_folder(path, settings, overwrite=True) as opened:
            _publish(self, self._records, opened)

    def _repr_html_(self) -> str:
        return str(self.summary.to_html(max_rows=20))


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
        records: dict[int, Records] = {}
        _run(question, plan_for(question.scenarios, question.seed), records, workers, _silent)
        return _study(question, records)
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
    plan = plan_for(question.scenarios, question.seed)
    with open_folder(out, settings, overwrite=overwrite) as folder:
        chunks = folder.chunks(plan.shape)
        _run(question, plan, chunks, workers, progress or _silent)
        study = _study(question, chunks)
        _publish(study, chunks, folder)
    return Study(question, study.summary, study.monthly, folder=out)


def _check_workers(workers: int) -> None:
    if problems := number_refusal("workers", workers, WORKERS_BOUNDS):
        raise InputError("\n".join(problems))


def _run(
    question: Question,
    plan: Plan,
    records: Any,
    workers: int,
    progress: Callable[[int, int], None],
) -> None:
    # Tables and figures take a second to load: better while workers start than when all is done.
    Thread(target=import_module, args=("policymix.figures",), daemon=True).start()
    n_workers = min(workers, question.replicates)
    run_missing(
        plan,
        records,
        question.replicates,
        start_pool=lambda: worker_pool(n_workers),
        n_at_once=n_workers + (n_workers > 1),
        progress=progress,
    )


def _study(question: Question, records: Mapping[int, Records]) -> Study:
    from policymix.tables import summary_and_monthly

    in_order = (records[replicate] for replicate in range(question.replicates))
    summary, monthly = summary_and_monthly(question.names, question.reference, in_order)
    return Study(question, summary, monthly, records=records)


def _read(question: Question, folder: Path) -> Study:
    from policymix.tables import read_table

    summary, monthly = (read_table(folder / f"{name}.csv") for name in ("summary", "monthly"))
    return Study(question, summary, monthly, folder=folder)


def _publish(study: Study, records: Mapping[int, Records], folder: StudyFolder) -> None:
    """Write all files beside, with provenance last, then move them into place."""
    from policymix.tables import RUNS_COLUMNS, csv_lines, runs_lines

    ready = folder.ready
    for place in (ready, ready / "figures", ready / "scenarios"):
        place.mkdir(exist_ok=True)
    for name, table in (("summary", study.summary), ("monthly", study.monthly)):
        write_csv(ready / f"{name}.csv", list(table.columns), csv_lines(table))
    write_csv(ready / "runs.csv", RUNS_COLUMNS, runs_lines(study.question.names, records))
    for scenario in study.question.scenarios:
        write_text(ready / "scenarios" / f"{scenario.name}.toml", resolved_toml(scenario))
    for name, figure in study.figures.all():
        for kind in _FIGURE_KINDS:
            with whole_file(ready / "figures" / f"{name}.{kind}") as file:
                file.write(figure.file_bytes(kind))
    hashes = _hashes(ready)
    write_text(ready / PROVENANCE, json_text(provenance_of(study.question, hashes)))
    folder.publish([*hashes, PROVENANCE])


def _hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a study but its provenance, by relative name."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != PROVENANCE)
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in sorted(files)}


def _silent(_done: int, _of: int) -> None:
    """No progress shown."""
