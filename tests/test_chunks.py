"""Finished replicates on disk: whole, or missing."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from policymix.chunks import ChunkFolder, Played
from policymix.label import LABEL
from policymix.writing import whole_file, write_text


def a_chunk(value: float = 1.0) -> Played:
    return Played(np.full((2, 5, 50), value), np.full((2, 8, 8), value))


SHAPES = {"records": (2, 5, 50), "ends": (2, 8, 8)}


def chunks_in(folder: Path, fingerprint: str = "print", **other: tuple[int, ...]) -> Any:
    return ChunkFolder(folder, Played, lambda _number: {**SHAPES, **other}, fingerprint)


def test_chunks_come_back_as_they_were_and_carry_the_label(tmp_path: Path) -> None:
    chunks = chunks_in(tmp_path)
    assert len(chunks) == 0
    chunks[7] = a_chunk(np.nan)
    chunks[7] = a_chunk(7.0)
    assert list(chunks) == [7]
    np.testing.assert_array_equal(chunks[7].records, a_chunk(7.0).records)
    np.testing.assert_array_equal(chunks[7].ends, a_chunk(7.0).ends)
    assert LABEL.encode() in next(tmp_path.iterdir()).read_bytes()
    del chunks[7]
    assert 7 not in chunks


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign"])
def test_a_damaged_chunk_counts_as_missing(tmp_path: Path, damage: str) -> None:
    chunks = chunks_in(tmp_path)
    chunks[0] = a_chunk()
    path = next(tmp_path.iterdir())
    whole = path.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    damaged = {"cut": whole[:middle], "flipped": flipped, "empty": b"", "foreign": b"hello"}
    path.write_bytes(damaged[damage])
    assert 0 not in chunks
    chunks[0] = a_chunk()
    assert 0 in chunks


def test_a_chunk_of_another_study_or_shape_counts_as_missing(tmp_path: Path) -> None:
    chunks_in(tmp_path)[0] = a_chunk()
    assert 0 in chunks_in(tmp_path)
    assert 0 not in chunks_in(tmp_path, "other")
    assert 0 not in chunks_in(tmp_path, records=(2, 6, 50))
    assert 0 not in chunks_in(tmp_path, ends=(2, 7, 8))


def write_and_interrupt(path: Path) -> None:
    with whole_file(path) as file:
        file.write(b"new, but not yet wh")
        raise KeyboardInterrupt


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_and_interrupt(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["file.txt"]
    assert path.read_bytes() == b"old"
    with whole_file(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_names_the_file_that_was_to_be_written(tmp_path: Path) -> None:
    (tmp_path / "file.txt.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as caught:
        write_text(tmp_path / "file.txt", "x" * 100_000)
    assert caught.value.filename == str(tmp_path / "file.txt")
    assert list(tmp_path.iterdir()) == []
