"""Kills a study's processes at random moments and counts what is lost: nothing should be.

python benchmarks/kills.py            50 kills, about five minutes (not on Windows)
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from policymix.dice import address
from shown import machine, markdown

WORKERS = 2
LOST_TIME_SECONDS = 120.0


@dataclass
class Storm:
    """What a study went through. `lost` are finished pieces that were gone, or played again."""

    kills: Counter[str] = field(default_factory=Counter)
    starts: int = 0
    lost: int = 0
    pieces: int = 0
    differing: tuple[str, ...] = ()


def study(folder: Path, size: Sequence[str], *, resume: bool = False) -> subprocess.Popen[bytes]:
    """A `robust` study into `folder`, in a group of its own."""
    command = [sys.executable, "-m", "policymix", "robust", "demand_first", "supply_first", *size]
    command += ["--workers", str(WORKERS), "--out", str(folder), *(["--resume"] if resume else [])]
    return subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def storm(n_kills: int, size: Sequence[str], seed: int, scratch: Path) -> Storm:
    """Play a study under `n_kills` kill -9 of its parent or a worker, and again in peace."""
    found, out = Storm(), scratch / "stormy"
    kept: dict[str, tuple[int, int]] = {}
    luck = (address(seed, number) / 2**64 for number in range(10**9))
    while True:
        process = study(out, size, resume=out.exists())
        found.starts += 1
        before, due = len(kept), next(luck)
        while process.poll() is None:
            time.sleep(0.01)
            now = _pieces(out)
            found.lost += sum(now.get(name) != stamp for name, stamp in kept.items() if now)
            kept |= now
            # Somewhere in the work that follows a finished piece: else nothing could get lost.
            due -= 0.01 * (len(kept) > before)
            if due < 0.0 and found.kills.total() < n_kills:
                _kill_one(process, next(luck), found.kills)
                before, due = len(kept), next(luck)
        if process.wait(LOST_TIME_SECONDS) == 0:
            break
    found.pieces = len(kept)
    peaceful = study(scratch / "peaceful", size)
    assert peaceful.wait(LOST_TIME_SECONDS * 10) == 0
    stormy, quiet = _files(out), _files(scratch / "peaceful")
    names = sorted({*stormy, *quiet})
    found.differing = tuple(name for name in names if stormy.get(name) != quiet.get(name))
    return found


def _pieces(out: Path) -> dict[str, tuple[int, int]]:
    """Finished pieces: the file's number on disk and when it was written, by name."""
    stamps = {}
    for path in (out / "unfinished").glob("*.npz"):
        try:
            status = path.stat()
        except FileNotFoundError:  # the study has just been published
            return {}
        stamps[path.name] = (status.st_ino, status.st_mtime_ns)
    # Without its marker the study is complete, and what it grew from is being removed.
    return stamps if (out / "unfinished" / "study.json").exists() else {}


def _kill_one(process: subprocess.Popen[bytes], luck: float, kills: Counter[str]) -> None:
    """Kill -9 the parent in one case of three, else one of its workers."""
    workers = list(_children(process.pid))
    target = workers[int(luck * 1e6) % len(workers)] if workers and luck > 1 / 3 else process.pid
    try:
        os.kill(target, signal.SIGKILL)
    except ProcessLookupError:
        return
    kills["parent" if target == process.pid else "worker"] += 1


def _children(parent: int) -> Iterator[int]:
    """Worker processes of a parent; Python's own helper among them does not count."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text(encoding="ascii")
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if int(status.rpartition(")")[2].split()[1]) == parent and b"spawn_main" in command:
            yield int(folder.name)


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def table(found: Storm) -> str:
    """What happened, as a row."""
    columns = ("kills", "of workers", "of the parent", "starts", "pieces", "lost", "same bytes")
    kills = found.kills
    row = [kills.total(), kills["worker"], kills["parent"], found.starts, found.pieces, found.lost]
    return markdown(columns, [[*map(str, row), ", ".join(found.differing) or "yes"]])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    size = ("--worlds", "1024", "--people", "1000", "--months", "120")
    with tempfile.TemporaryDirectory() as scratch:
        found = storm(asked.kills, size, asked.seed, Path(scratch))
    print(f"{machine()}.\n\n{table(found)}")


if __name__ == "__main__":
    main()
