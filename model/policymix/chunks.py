"""Finished tasks on disk, a chunk each: what an interrupted study goes on from."""

import zipfile
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policymix.label import LABEL
from policymix.writing import whole_file

Records = NDArray[np.float64]
"""One replicate of all scenarios, shape (scenarios, months + 1, outcomes), in outcome units."""
Shapes = Mapping[str, tuple[int, ...]]
"""The shape of each array of a chunk, by its name."""


@dataclass(frozen=True)
class Played:
    """One replicate of all scenarios.

    `ends`, shape (scenarios, N_ENDS, N_ENDS): people by their end under the reference (rows) and
    under the scenario (columns), from `policymix.ends`.
    """

    records: Records
    ends: NDArray[np.float64]


@dataclass(frozen=True)
class Piece:
    """Cells of a sweep, played one after the other.

    `values`, shape (cells, scenarios, outcomes, statistics), in outcome units; NaN throughout in
    a cell whose world is impossible.
    """

    values: NDArray[np.float64]


_LABEL: Final = np.bytes_(LABEL.encode())
_UNREADABLE: Final = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


class ChunkFolder[T: Played | Piece](MutableMapping[int, T]):
    """What the tasks (from 0) of one study gave, each in a file that is written whole.

    A `kind` is a dataclass of arrays, `shapes` gives theirs by the task's number, `stem` names the
    files, and `fingerprint` the study: a file that is cut short, changed or of another study counts
    as missing. Writing raises OSError.
    """

    def __init__(
        self,
        folder: Path,
        kind: type[T],
        shapes: Callable[[int], Shapes],
        fingerprint: str,
        stem: str = "replicate",
    ) -> None:
        self.folder = folder
        self.kind: type[T] = kind
        self.shapes = shapes
        self.fingerprint = fingerprint
        self.stem = stem

    def __getitem__(self, number: int) -> T:
        try:
            path = self._path(number)
            with path.open("rb") as file, np.load(file, allow_pickle=False) as chunk:
                if str(chunk["fingerprint"]) != self.fingerprint:
                    raise KeyError(number)
                arrays: dict[str, Any] = {one.name: chunk[one.name] for one in fields(self.kind)}
        except _UNREADABLE as error:
            raise KeyError(number) from error
        shapes = {name: array.shape for name, array in arrays.items()}
        kinds = {array.dtype for array in arrays.values()}
        if shapes != self.shapes(number) or kinds != {np.dtype(np.float64)}:
            raise KeyError(number)
        return self.kind(**arrays)

    def __setitem__(self, number: int, chunk: T) -> None:
        arrays = {one.name: getattr(chunk, one.name) for one in fields(chunk)}
        with whole_file(self._path(number)) as file:
            np.savez(file, label=_LABEL, fingerprint=self.fingerprint, **arrays)

    def __delitem__(self, number: int) -> None:
        self._path(number).unlink()

    def __iter__(self) -> Iterator[int]:
        names = (path.stem.removeprefix(f"{self.stem}-") for path in self._files())
        yield from sorted(int(name) for name in names if name.isdecimal())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _files(self) -> Iterator[Path]:
        yield from self.folder.glob(f"{self.stem}-*.npz")

    def _path(self, number: int) -> Path:
        return self.folder / f"{self.stem}-{number:05}.npz"
