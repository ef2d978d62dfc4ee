"""Finished replicates on disk, a chunk each: what an interrupted study goes on from."""

import zipfile
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from policymix.label import LABEL
from policymix.writing import whole_file

Records = NDArray[np.float64]
"""One replicate of all scenarios, shape (scenarios, months + 1, outcomes), in outcome units."""

_LABEL: Final = np.bytes_(LABEL.encode())
_UNREADABLE: Final = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


class ChunkFolder(MutableMapping[int, Records]):
    """The replicates (from 0) of one study, each in a file that is written whole.

    `shape` is that of every chunk and `fingerprint` names the study: a file that is cut short,
    changed or of another study counts as missing. Writing raises OSError.
    """

    def __init__(self, folder: Path, shape: tuple[int, int, int], fingerprint: str) -> None:
        self.folder = folder
        self.shape = shape
        self.fingerprint = fingerprint

    def __getitem__(self, replicate: int) -> Records:
        try:
            path = self._path(replicate)
            with path.open("rb") as file, np.load(file, allow_pickle=False) as chunk:
                if str(chunk["fingerprint"]) != self.fingerprint:
                    raise KeyError(replicate)
                records: Records = chunk["records"]
        except _UNREADABLE as error:
            raise KeyError(replicate) from error
        if records.shape != self.shape or records.dtype != np.float64:
            raise KeyError(replicate)
        return records

    def __setitem__(self, replicate: int, records: Records) -> None:
        with whole_file(self._path(replicate)) as file:
            np.savez(file, label=_LABEL, fingerprint=self.fingerprint, records=records)

    def __delitem__(self, replicate: int) -> None:
        self._path(replicate).unlink()

    def __iter__(self) -> Iterator[int]:
        numbers = (path.stem.removeprefix("replicate-") for path in self.folder.glob("replicate-*"))
        yield from sorted(int(number) for number in numbers if number.isdecimal())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _path(self, replicate: int) -> Path:
        return self.folder / f"replicate-{replicate:05}.npz"
