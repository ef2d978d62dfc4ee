"""One writer at a time: a lock file that the system opens again when its holder dies."""

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from policymix.errors import InputError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path`, which says whose it is; it is removed on leaving.

    Raises InputError if another process holds it. One left behind by a dead process does not count.
    """
    with path.open("a+b") as file:
        if not _taken(file) or not _is_still(file, path):
            raise InputError(_in_use(path))
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        try:
            yield
        finally:
            if sys.platform != "win32":
                path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # Windows removes only what nobody has open
        path.unlink()


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # the lock is on a byte far from the text, so that the text stays readable

    def _taken(file: IO[bytes]) -> bool:
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        file.seek(0)
        return True

else:
    import fcntl

    def _taken(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _is_still(file: IO[bytes], path: Path) -> bool:
    """False if the one who held the lock removed this file while it was being opened."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _in_use(path: Path) -> str:
    holder = ""
    with contextlib.suppress(OSError, ValueError):
        holder = f" (process {int(path.read_text(encoding='ascii'))})"
    return f"{path.parent.parent}: in use by another policymix{holder}; choose another folder"
