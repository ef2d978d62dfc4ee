"""What every kind of study gives: tables, figures, sentences, a report, and where they are kept."""

import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from policymix.chunks import Piece, Played, Shapes
from policymix.errors import InputError
from policymix.label import LABEL
from policymix.machines import Machines
from policymix.runs import plan_for
from policymix.studies.folder import (
    StudyFolder,
    clear_after_finished,
    is_finished_with,
    open_folder,
)
from policymix.studies.kinds import ROBUST
from policymix.studies.provenance import provenance_of, settings_of
from policymix.studies.publishing import Lines, Pictures, hashes_of, publish
from policymix.studies.question import Question, machines_of
from policymix.tasks import Progress, silent

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from policymix.drawing import LabelledFigure

_WIDTH: Final = 100


class Store(Protocol):
    """Where finished tasks are kept, by their number: in a study's folder, or in memory."""

    def __call__[T: Played | Piece](  # noqa: D102
        self, kind: type[T], shapes: Callable[[int], Shapes], stem: str, /
    ) -> MutableMapping[int, T]: ...


def in_memory[T: Played | Piece](
    _kind: type[T], _shapes: Callable[[int], Shapes], _stem: str, /
) -> MutableMapping[int, T]:
    """The store of a study without a folder."""
    return {}


class Answer(ABC):
    """A study that was made. `tables` have the columns of the CSV files of the same names."""

    def __init__(
        self,
        question: Question,
        tables: "Mapping[str, pd.DataFrame]",
        *,
        folder: Path | None = None,
    ) -> None:
        self.question = question
        self.tables = tables
        self.folder = folder

    @abstractmethod
    def notes(self) -> list[str]:
        """Sentences that stand beside every table and figure of this study."""

    @abstractmethod
    def sentences(self) -> list[str]:
        """The answer, in words."""

    @abstractmethod
    def terminal_table(self, encoding: str = "utf-8") -> "Table":
        """The table that the command line shows."""

    @abstractmethod
    def drawn(self) -> "Iterator[tuple[str, LabelledFigure]]":
        """(name of the file, figure), one after the other, in the order of the report."""

    @abstractmethod
    def html(self, pictures: Pictures) -> str:
        """The report around these pictures (SVG files by the figures' names)."""

    def large_tables(self) -> Mapping[str, Lines]:
        """The CSV files that are not among `tables`; only while what was played is at hand."""
        return {}

    def kept_in(self, folder: Path) -> None:
        """From now on this study is in `folder`, and what was played is no longer at hand."""
        self.folder = folder

    @property
    def provenance(self) -> dict[str, Any]:
        """What `provenance.json` says; its `outputs` are empty for a study not yet saved."""
        return provenance_of(self.question, hashes_of(self.folder) if self.folder else {})

    def report(self, pictures: Pictures | None = None) -> str:
        """The whole of `report.html`; `pictures` are drawn if left out."""
        if pictures is None:
            pictures = {name: figure.file_bytes("svg") for name, figure in self.drawn()}
        return self.html(pictures)

    def save(self, folder: str | PathLike[str]) -> None:
        """Write all files of the study into a new folder.

        Raises InputError if there is something in the folder, OSError where the disk refuses.
        """
        if self.folder is not None:
            raise InputError(f"the study is in {self.folder} already; copy that folder")
        path, settings = Path(folder), settings_of(self.question)
        is_finished_with(path, settings, resume=False, overwrite=False)
        with open_folder(path, settings, overwrite=True) as opened:
            self.publish(opened)

    def publish(self, folder: StudyFolder) -> None:
        """Write all files of a study that was just made into an opened folder."""
        publish(folder, self.question, self.tables, self.large_tables(), self.drawn(), self.report)

    def __str__(self) -> str:
        """The table, notes and sentences that the command line shows, with the label."""
        from rich.console import Console

        table = io.StringIO()
        # In a notebook rich would show the table there and then, and leave none for this text.
        console = Console(file=table, width=_WIDTH, highlight=False, force_jupyter=False)
        console.print(self.terminal_table())
        return table.getvalue() + "\n".join([*self.notes(), *self.sentences(), LABEL])

    def __repr__(self) -> str:
        return str(self)


class Runner[A: Answer](Protocol):
    """Answers a question of one kind of study.

    In the folder `out`, with `resume` from what is there, or in memory alone. A finished study of
    the same question is read, not made again. Raises InputError for a wrong input or a folder that
    may not be used, StudyError if workers die, OSError where the disk refuses.
    """

    def __call__(  # noqa: D102
        self,
        question: Question,
        out: str | PathLike[str] | None,
        *,
        workers: int,
        cluster: str = "",
        resume: bool = False,
        overwrite: bool = False,
        progress: Progress = silent,
    ) -> A: ...


def runner[A: Answer](
    make: Callable[[Question, Store, Machines, Progress], A], read: Callable[[Question, Path], A]
) -> Runner[A]:
    """What answers questions with `make`, and finds finished answers again with `read`."""

    def run_study(
        question: Question,
        out: str | PathLike[str] | None,
        *,
        workers: int,
        cluster: str = "",
        resume: bool = False,
        overwrite: bool = False,
        progress: Progress = silent,
    ) -> A:
        machines = machines_of(workers, cluster)
        if out is None:
            _refuse_impossible(question)
            return make(question, in_memory, machines, progress)
        path, settings = Path(out), settings_of(question)
        if is_finished_with(path, settings, resume=resume, overwrite=overwrite):
            clear_after_finished(path)
            return read(question, path)
        _refuse_impossible(question)
        machines.refuse_unreachable()
        with open_folder(path, settings, overwrite=overwrite) as folder:
            answer = make(question, folder.store, machines, progress)
            answer.publish(folder)
        answer.kept_in(path)
        return answer

    return run_study


def _refuse_impossible(question: Question) -> None:
    """Raises ImpossibleWorldError before anything is written; `robust` leaves such worlds out."""
    if question.study != ROBUST.study:
        plan_for(question.scenarios, question.seed)


def tables_in(folder: Path, names: Iterable[str]) -> "dict[str, pd.DataFrame]":
    """The tables of a finished study, from the CSV files of these names."""
    from policymix.tables import read_table

    return {name: read_table(folder / f"{name}.csv") for name in names}


def labelled(question: Question, tables: "Mapping[str, pd.DataFrame]") -> "dict[str, pd.DataFrame]":
    """The same tables with the label in their last column."""
    return {name: table.assign(label=question.label) for name, table in tables.items()}
