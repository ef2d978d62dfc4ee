"""Finished replicates on disk, a chunk each: what an interrupted study goes on from."""

import zipfile
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from policymix.label import LABEL
from policymix.writing import whole_file

Records = NDArray[np.float64]
"""One replicate of all scenarios, shape (scenarios, months + 1, outcomes), in outcome units."""


@dataclass(frozen=True)
class Played:
    """One replicate of all scenarios.

    `ends`, shape (scenarios, N_ENDS, N_ENDS): people by their end under the reference (rows) and
    under the scenario (columns), from `policymix.ends`.
    """

    records: Records
    ends: NDArray[np.float64]

    @property
    def shape(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The shapes of `records` and `ends`."""
        return self.records.shape, self.ends.shape


_LABEL: Final = np.bytes_(LABEL.encode())
_UNREADABLE: Final = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


class ChunkFolder(MutableMapping[int, Played]):
    """The replicates (from 0) of one study, each in a file that is written whole.

    `shape` is `Played.shape` of every chunk and `fingerprint` names the study: a file that is cut
    short, changed or of another study counts as missing. Writing raises OSError.
    """

    def __init__(
        self, folder: Path, shape: tuple[tuple[int, ...], tuple[int, ...]], fingerprint: str
    ) -> None:
        self.folder = folder
        self.shape = shape
        self.fingerprint = fingerprint

    def __getitem__(self, replicate: int) -> Played:
        try:
            path = self._path(replicate)
            with path.open("rb") as file, np.load(file, allow_pickle=False) as chunk:
                if str(chunk["fingerprint"]) != self.fingerprint:
                    raise KeyError(replicate)
                played = Played(chunk["records"], chunk["ends"])
        except _UNREADABLE as error:
            raise KeyError(replicate) from error
        kinds = {played.records.dtype, played.ends.dtype}
        if played.shape != self.shape or kinds != {np.dtype(np.float64)}:
            raise KeyError(replicate)
        return played

    def __setitem__(self, replicate: int, played: Played) -> None:
        with whole_file(self._path(replicate)) as file:
            np.savez(
                file,
                label=_LABEL,
                fingerprint=self.fingerprint,
                records=played.records,
                ends=played.ends,
            )

    def __delitem__(self, replicate: int) -> None:
        self._path(replicate).unlink()

    def __iter__(self) -> Iterator[int]:
        numbers = (path.stem.removeprefix("replicate-") for path in self.folder.glob("replicate-*"))
        yield from sorted(int(number) for number in numbers if number.isdecimal())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _path(self, replicate: int) -> Path:
        return self.folder / f"replicate-{replicate:05}.npz"
