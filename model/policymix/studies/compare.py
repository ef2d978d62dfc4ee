"""The main job: scenarios side by side, same people, same dice."""

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from policymix.chunks import ChunkFolder, Records
from policymix.errors import InputError
from policymix.figures import LabelledFigure, headline, tradeoff
from policymix.pool import refuse_to_start_in_a_starting_worker, worker_pool
from policymix.runs import Plan, Progress, plan_for, run_missing
from policymix.scenario_text import resolved_toml
from policymix.studies.folder import (
    PROVENANCE,
    finish,
    held,
    json_text,
    prepare,
    remove_replaced,
)
from policymix.studies.provenance import fingerprint, settings
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
from policymix.tables import (
    RUNS_COLUMNS,
    csv_lines,
    read_table,
    runs_lines,
    runs_table,
    summary_and_monthly,
)
from policymix.writing import sha256_of, whole_file, write_csv, write_text


@dataclass(frozen=True)
class Figures:
    """The figures of a study, drawn when asked for."""

    study: "Study"

    def headline(self) -> LabelledFigure:
        """The headline outcomes over time."""
        asked = self.study.question
        return headline(self.study.monthly, self.study.summary, asked.reference, asked.notes())

    def tradeoff(self) -> LabelledFigure:
        """Addiction against cartel revenue and profit."""
        asked = self.study.question
        return tradeoff(self.study.summary, asked.reference, asked.notes())


@dataclass(frozen=True)
class Study:
    """A comparison and what came out: pandas tables with the columns of the CSV files."""

    question: Question
    records: Mapping[int, Records]

    @cached_property
    def _tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        asked = self.question
        replicates = (self.records[number] for number in range(asked.replicates))
        return summary_and_monthly(asked.names, asked.reference, replicates)

    @property
    def summary(self) -> pd.DataFrame:
        """Levels and paired differences with 95 % intervals."""
        return self._tables[0]

    @property
    def monthly(self) -> pd.DataFrame:
        """Means by month with 95 % intervals."""
        return self._tables[1]

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Every month of every run, a column an outcome."""
        return runs_table(self.question.names, self.records)

    @property
    def figures(self) -> Figures:
        """The figures of this study."""
        return Figures(self)

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """What was asked, of which inputs, with which versions."""
        return settings(self.question)

    def save(self, out: str | Path, *, overwrite: bool = False) -> Path:
        """Write everything to the folder `out`. Raises InputError as `--out` does, and OSError."""
        folder = Path(out)
        prepare(folder, fingerprint(self.provenance), resume=False, overwrite=overwrite)
        with held(folder):
            write_study(self, folder)
        finish(folder)
        return folder


@dataclass(frozen=True)
class FinishedStudy(Study):
    """A study that is on disk: its tables are read back."""

    folder: Path

    @cached_property
    def _tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return read_table(self.folder / "summary.csv"), read_table(self.folder / "monthly.csv")

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Every month of every run, a column an outcome."""
        return read_table(self.folder / "runs.csv")


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
    out: str | Path | None = None,
) -> Study:
    """Play scenarios on the same people with the same dice; all shipped ones by default.

    More than one worker needs a script with the usual `__main__` guard. Raises InputError for
    anything wrong in scenarios or numbers, StudyError when no worker can start.
    """
    question = ask(
        scenarios,
        replicates=replicates,
        seed=seed,
        people=people,
        months=months,
        against=against,
        assume=assume,
    )
    if out is not None:
        return run_study(question, Path(out), workers=workers)
    refuse_to_start_in_a_starting_worker()
    records: dict[int, Records] = {}
    plan = plan_for(question.scenarios, question.seed)
    _play(question, plan, records, workers, _silent)
    return Study(question, records)


def run_study(
    question: Question,
    out: Path,
    *,
    workers: int,
    progress: Progress | None = None,
    resume: bool = False,
    overwrite: bool = False,
) -> FinishedStudy:
    """Play a question into the folder `out`, going on with what is finished there on `resume`.

    Raises InputError, ImpossibleWorldError, StudyError, OSError; what is finished is kept.
    """
    refuse_to_start_in_a_starting_worker()
    if problems := number_refusal("workers", workers, WORKERS_BOUNDS):
        raise InputError("\n".join(problems))
    plan = plan_for(question.scenarios, question.seed)
    name = fingerprint(settings(question))
    if prepare(out, name, resume=resume, overwrite=overwrite):
        with held(out) as folder:
            records = ChunkFolder(folder, plan.shape, name)
            if not resume:
                for number in list(records):
                    del records[number]
            _play(question, plan, records, workers, progress or _silent)
            write_study(Study(question, records), out)
        finish(out)
    return FinishedStudy(question, {}, out)


def _play(
    question: Question,
    plan: Plan,
    records: MutableMapping[int, Records],
    workers: int,
    progress: Progress,
) -> None:
    if problems := number_refusal("workers", workers, WORKERS_BOUNDS):
        raise InputError("\n".join(problems))
    n_workers = min(workers, question.replicates)
    run_missing(
        plan, records, question.replicates, lambda: worker_pool(n_workers), 2 * n_workers, progress
    )


def write_study(study: Study, out: Path) -> None:
    """Write all files of a study, each whole, `provenance.json` last. Raises OSError."""
    files = ["summary.csv", "monthly.csv", "runs.csv"]
    write_csv(out / files[0], study.summary.columns, csv_lines(study.summary))
    write_csv(out / files[1], study.monthly.columns, csv_lines(study.monthly))
    write_csv(out / files[2], RUNS_COLUMNS, runs_lines(study.question.names, study.records))
    (out / "scenarios").mkdir(exist_ok=True)
    for scenario in study.question.scenarios:
        files.append(f"scenarios/{scenario.name}.toml")
        write_text(out / files[-1], resolved_toml(scenario))
    (out / "figures").mkdir(exist_ok=True)
    for stem, figure in (
        ("headline", study.figures.headline()),
        ("tradeoff", study.figures.tradeoff()),
    ):
        for kind in ("png", "svg"):
            files.append(f"figures/{stem}.{kind}")
            with whole_file(out / files[-1]) as file:
                file.write(figure.file_bytes(kind))
    remove_replaced(out, set(files))
    outputs = {name: sha256_of(out / name) for name in files}
    named = fingerprint(study.provenance)
    told = {**study.provenance, "fingerprint": named, "outputs": outputs}
    write_text(out / PROVENANCE, json_text(told))


def _silent(_done: int, _of: int) -> None:
    """No progress to show."""
