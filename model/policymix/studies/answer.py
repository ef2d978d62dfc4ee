"""What every kind of study gives: tables, figures, sentences, a report, and where they are kept."""

import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from policymix.chunks import Piece, Played, Shapes
from policymix.errors import InputError
from policymix.label import LABEL
from policymix.studies.folder import StudyFolder, is_finished_with, open_folder
from policymix.studies.provenance import provenance_of, settings_of
from policymix.studies.publishing import Lines, Pictures, hashes_of, publish
from policymix.studies.question import Question

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

    @abstractmethod
    def large_tables(self) -> Mapping[str, Lines]:
        """The CSV files that are not among `tables`; only while what was played is at hand."""

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
        Console(file=table, width=_WIDTH, highlight=False).print(self.terminal_table())
        return table.getvalue() + "\n".join([*self.notes(), *self.sentences(), LABEL])

    def __repr__(self) -> str:
        return str(self)


def made_in_folder[A: Answer](
    question: Question,
    out: Path,
    make: Callable[[Store], A],
    read: Callable[[Path], A],
    *,
    resume: bool,
    overwrite: bool,
) -> A:
    """The answer to `question`, made in the folder `out`; with `resume` from what is there.

    A finished study of the same question is read, not made again. Raises InputError for a folder
    that may not be used, and whatever `make` raises.
    """
    settings = settings_of(question)
    if is_finished_with(out, settings, resume=resume, overwrite=overwrite):
        return read(out)
    with open_folder(out, settings, overwrite=overwrite) as folder:
        answer = make(folder.store)
        answer.publish(folder)
    answer.kept_in(out)
    return answer
