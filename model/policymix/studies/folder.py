"""The folder of a study: empty, unfinished, finished or somebody else's.

An unfinished study holds a folder `unfinished` with its settings and its finished replicates; a
finished one holds `provenance.json`, which is written last.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from policymix.errors import InputError
from policymix.label import LABEL
from policymix.problems import printable
from policymix.writing import write_text

PROVENANCE: Final = "provenance.json"
UNFINISHED: Final = "unfinished"
_SETTINGS: Final = "study.json"
_MOST_BYTES: Final = 1_000_000


def json_text(value: Mapping[str, Any]) -> str:
    """JSON with the label first, keys in order, and a final newline."""
    labelled = {"label": LABEL, **value}
    return json.dumps(labelled, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object of bounded size. Raises InputError naming the file."""
    name = printable(path.name)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"{name}: larger than {_MOST_BYTES:,} bytes")
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{name}: there is no such file") from error
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{name}: cannot be read as JSON") from error
    if not isinstance(found, dict):
        raise InputError(f"{name}: read no JSON object, allowed is what a study wrote")
    return found


def prepare(out: Path, fingerprint: str, *, resume: bool, overwrite: bool) -> bool:
    """Make `out` ready for the study named by `fingerprint`; False if it is finished there.

    Raises InputError where a study or anything else would be overwritten, OSError where the
    folder cannot be made.
    """
    shown = printable(str(out))
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {shown}: is a file, allowed is a new or empty folder")
    begun = out / UNFINISHED / _SETTINGS
    finished = out / PROVENANCE
    if begun.is_file():
        _may_go_on(shown, read_json(begun), fingerprint, resume=resume, overwrite=overwrite)
    elif finished.is_file():
        same = read_json(finished).get("fingerprint") == fingerprint
        if resume and same:
            return False
        if not overwrite:
            hint = "it was asked otherwise; " if resume else ""
            raise InputError(
                f"--out {shown}: holds a finished study; {hint}--overwrite replaces it"
            )
    elif out.is_dir() and any(path.name != UNFINISHED for path in out.iterdir()):
        raise InputError(f"--out {shown}: holds other files, allowed is a new or empty folder")
    begun.parent.mkdir(parents=True, exist_ok=True)
    write_text(begun, json_text({"fingerprint": fingerprint}))
    return True


def _may_go_on(
    shown: str, begun: dict[str, Any], fingerprint: str, *, resume: bool, overwrite: bool
) -> None:
    if overwrite:
        return
    if not resume:
        raise InputError(
            f"--out {shown}: holds an unfinished study; --resume goes on, --overwrite starts anew"
        )
    if begun.get("fingerprint") != fingerprint:
        raise InputError(
            f"--out {shown}: holds an unfinished study that was asked otherwise (scenarios, "
            "options, ledger or version); --overwrite starts anew"
        )


@contextmanager
def held(out: Path) -> Iterator[Path]:
    """The folder of finished replicates, for this process alone. Raises InputError if in use."""
    folder = out / UNFINISHED
    with (folder / "lock").open("w", encoding="utf-8") as file:
        try:
            _lock(file.fileno())
        except OSError as error:
            raise InputError(
                f"--out {printable(str(out))}: another study is being written here"
            ) from error
        yield folder


def _lock(descriptor: int) -> None:
    """Taken back by the system when the process ends, however it ends."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def remove_replaced(out: Path, kept: set[str]) -> None:
    """Remove what an earlier study in `out` wrote and this one does not write again."""
    if not (out / PROVENANCE).is_file():
        return
    for name in read_json(out / PROVENANCE).get("outputs", {}):
        path = (out / str(name)).resolve()
        if name not in kept and path.is_relative_to(out.resolve()) and path.is_file():
            path.unlink()


def finish(out: Path) -> None:
    """Remove the marks of an unfinished study."""
    shutil.rmtree(out / UNFINISHED)


def new_folder(stem: str) -> Path:
    """A folder that does not exist yet, beside what is in `results` here."""
    path, again = Path("results") / stem, 1
    while path.exists():
        again += 1
        path = Path("results") / f"{stem}-{again}"
    return Path(os.path.normpath(path))
