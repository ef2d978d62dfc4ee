"""The folder of a study: complete, or visibly unfinished with all that is needed to go on.

While a study runs, everything is in `unfinished/`; an older study beside it stays whole until the
new one is complete. `provenance.json` comes last: a folder with it, and without
`unfinished/study.json`, holds a finished study.
"""

import contextlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from policymix.beneath import fingerprint_of
from policymix.chunks import ChunkFolder, Piece, Played, Shapes
from policymix.errors import InputError
from policymix.label import LABEL
from policymix.locking import locked
from policymix.problems import printable, shown
from policymix.studies.provenance import (
    MAX_PROVENANCE_BYTES,
    PROVENANCE,
    json_text,
)
from policymix.writing import write_text

_OWN_FILE: Final = re.compile(r"(figures/|scenarios/)?[A-Za-z0-9_-]{1,80}\.(csv|html|png|svg|toml)")
UNFINISHED: Final = "unfinished"
Settings = Mapping[str, Any]
"""What decides the numbers of a study; see `provenance.settings_of`."""


@dataclass(frozen=True)
class StudyFolder:
    """A locked folder in which one study is being made."""

    path: Path
    settings: Settings

    @property
    def unfinished(self) -> Path:
        """Where everything is until the study is complete."""
        return self.path / UNFINISHED

    @property
    def ready(self) -> Path:
        """Where the final files are put before they move to their places."""
        return self.unfinished / "ready"

    def store[T: Played | Piece](
        self, kind: type[T], shapes: Callable[[int], Shapes], stem: str
    ) -> ChunkFolder[T]:
        """The tasks of this kind that are finished so far."""
        return ChunkFolder(self.unfinished, kind, shapes, fingerprint_of(self.settings), stem)

    def publish(self, names: list[str]) -> None:
        """Move the `names` in `ready` (relative, provenance last) into place; remove the rest."""
        for old in _outputs_of(self.path):
            if old not in names:
                (self.path / old).unlink(missing_ok=True)
        (self.path / PROVENANCE).unlink(missing_ok=True)
        for name in names:
            target = self.path / name
            target.parent.mkdir(exist_ok=True)
            (self.ready / name).replace(target)
        _marker(self.path).unlink()
        _clear(self.unfinished)


def is_unfinished(path: Path) -> bool:
    """Whether the folder holds a study that `--resume` can go on with."""
    return _marker(path).is_file()


def holds_study(path: Path) -> bool:
    """Whether there is a study, finished or not; if none, one may begin there.

    Raises InputError if the path is a file, or the folder holds something else.
    """
    return _study_at(path) is not None


def new_folder(study: str) -> Path:
    """A folder that does not exist yet, in `results` where we are: study, date and time."""
    stem = Path("results") / f"{study}-{datetime.now():%Y%m%d-%H%M%S}"
    path, again = stem, 1
    while path.exists():
        again += 1
        path = stem.with_name(f"{stem.name}-{again}")
    return path


def is_finished_with(path: Path, settings: Settings, *, resume: bool, overwrite: bool) -> bool:
    """Whether `path` holds this very study, complete, and the user asked to go on with it.

    Raises InputError if a study may not be made there: the path is a file, the folder holds
    something else, or a study that neither `resume` nor `overwrite` fits.
    """
    if resume and overwrite:
        raise InputError("--resume and --overwrite: read both, allowed is one of them")
    found = _study_at(path)
    if found is None or overwrite:
        return False
    finished = not is_unfinished(path)
    state = "a finished" if finished else "an unfinished"
    if not resume:
        go_on = "" if finished else " --resume goes on with it;"
        raise InputError(
            f"{printable(str(path))}: holds {state} study;{go_on} --overwrite replaces it, "
            "or choose another folder"
        )
    if differing := _differences(found, settings):
        raise InputError(
            f"{printable(str(path))}: holds {state} study of other settings, so it cannot go on: "
            f"{'; '.join(differing)}"
        )
    return finished


@contextmanager
def open_folder(path: Path, settings: Settings, *, overwrite: bool) -> Iterator[StudyFolder]:
    """The folder, made if need be and locked, for the study of these settings.

    Ask `is_finished_with` first. With `overwrite` nothing of an unfinished study is kept. Raises
    InputError if another process is writing there, OSError where the disk does not let us.
    """
    folder = StudyFolder(path, settings)
    folder.unfinished.mkdir(parents=True, exist_ok=True)
    try:
        with locked(folder.unfinished / "lock"):
            if not overwrite and not is_unfinished(path) and _study_in(path) is not None:
                raise InputError(f"{printable(str(path))}: somebody else has just finished a study")
            if overwrite or not _marker(path).is_file():
                _clear(folder.unfinished)
                text = json_text({"label": LABEL, "program": "policymix", "settings": settings})
                write_text(_marker(path), text)
            yield folder
    finally:
        with contextlib.suppress(OSError):
            folder.unfinished.rmdir()  # only when the study is complete is it empty


def clear_after_finished(path: Path) -> None:
    """Remove what a kill left of `unfinished/` just when the study in `path` was complete.

    Not where somebody else is at work, nor where we may not write: it does no harm there.
    """
    unfinished = path / UNFINISHED
    if unfinished.is_dir() and not unfinished.is_symlink():
        with contextlib.suppress(InputError, OSError):
            with locked(unfinished / "lock"):
                if not is_unfinished(path):
                    _clear(unfinished)
            unfinished.rmdir()


def _marker(path: Path) -> Path:
    return path / UNFINISHED / "study.json"


def _clear(unfinished: Path) -> None:
    """Remove all but the lock, the marker first: without it the rest means nothing."""
    (unfinished / "study.json").unlink(missing_ok=True)
    for entry in unfinished.iterdir():
        if entry.name != "lock":
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()


def _study_at(path: Path) -> dict[str, Any] | None:
    """As `_study_in`. Raises InputError where no study may be made."""
    if path.is_symlink() and not path.exists():
        raise InputError(f"{printable(str(path))}: a link that leads nowhere")
    if not path.exists():
        return None
    if not path.is_dir():
        raise InputError(f"{printable(str(path))}: a file, allowed is a folder")
    found = _study_in(path)
    if found is None:
        _refuse_foreign(path)
    return found


def _study_in(path: Path) -> dict[str, Any] | None:
    """The settings of the study in a folder, the unfinished one first; None if there is none."""
    for file in (_marker(path), path / PROVENANCE):
        settings = _content(file).get("settings")
        if isinstance(settings, dict):
            return settings
    return None


def _content(file: Path) -> dict[str, Any]:
    """What a JSON file of ours says; nothing if there is no such file, or another's."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        if file.is_file() and file.stat().st_size <= MAX_PROVENANCE_BYTES:
            content = json.loads(file.read_text(encoding="utf-8"))
            if isinstance(content, dict) and content.get("program") == "policymix":
                return content
    return {}


def _refuse_foreign(path: Path) -> None:
    """A folder that is not empty, but for what a study killed at its very start leaves."""
    inside = {entry.relative_to(path).as_posix() for entry in path.rglob("*")}
    if inside - {"unfinished", "unfinished/lock", "unfinished/study.json.part"}:
        raise InputError(
            f"{printable(str(path))}: the folder holds something that is no study of policymix; "
            "choose another one, or a new name"
        )


def _outputs_of(path: Path) -> list[str]:
    """The files that an older study says are its own, as far as studies have such names."""
    outputs = _content(path / PROVENANCE).get("outputs")
    names = outputs if isinstance(outputs, dict) else ()
    return [name for name in names if _OWN_FILE.fullmatch(name)]


def _told(name: str, there: object, here: object) -> str:
    """A number's name with both values; what a file holds is only named."""
    numbers = [shown(one) if one is not None else "none" for one in (there, here)]
    is_text = isinstance(there, str) or isinstance(here, str)
    return (
        printable(name) if is_text else f"{printable(name)}: {numbers[0]} there, {numbers[1]} asked"
    )


def _differences(found: Settings, wanted: Settings) -> list[str]:
    """What the two studies were asked differently, for a reader."""
    differing = []
    for key in {**wanted, **found}:
        there, here = found.get(key), wanted.get(key)
        if isinstance(there, dict) or isinstance(here, dict):
            there, here = there or {}, here or {}
        if there != here and isinstance(there, dict) and isinstance(here, dict):
            names = [name for name in {**there, **here} if there.get(name) != here.get(name)]
            told = [_told(name, there.get(name), here.get(name)) for name in names]
            differing.append(f"{key}: not the same ({', '.join(told)})")
        elif there != here and key == "code":
            differing.append("the program's code is not the same")
        elif there != here and key == "ledger":
            differing.append("the ledger is not the same")
        elif there != here:
            differing.append(f"{key}: {shown(there)} there, {shown(here)} asked")
    return differing
