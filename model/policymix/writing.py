"""Files are written whole or not at all: beside their place first, then renamed into it."""

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

_LINES_AT_ONCE: Final = 1_000


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A binary file to write that appears as `path` when the context is left without exception.

    Raises OSError, with `path` as its filename, where the disk is full or the folder closed.
    """
    beside = path.with_name(f"{path.name}.part")
    try:
        with beside.open("wb") as file:
            yield file
        beside.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        if isinstance(error, OSError) and error.errno is not None:
            raise OSError(error.errno, os.strerror(error.errno), str(path)) from error
        raise


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 with the line endings it has."""
    with whole_file(path) as file:
        file.write(text.encode())


def write_csv(path: Path, columns: Iterable[str], lines: Iterable[str]) -> None:
    """A CSV file of ready-made lines; they are streamed. Lines end in `\\n` everywhere."""
    with whole_file(path) as file:
        file.write((",".join(columns) + "\n").encode())
        rest = iter(lines)
        while some := list(islice(rest, _LINES_AT_ONCE)):
            file.write(("\n".join(some) + "\n").encode())


def number_text(value: float) -> str:
    """The shortest text that reads back as exactly `value`; empty for NaN (no value)."""
    return "" if value != value else repr(value).removesuffix(".0")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
