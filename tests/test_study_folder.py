"""A study on disk: complete, or visibly unfinished and gone on with to the same bytes."""

import os
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from folders import files_in, study_files
from policymix import beneath, compare
from policymix.chunks import ChunkFolder
from policymix.errors import InputError
from policymix.locking import locked
from policymix.studies import compare as door
from policymix.studies.compare import run_study
from policymix.studies.folder import UNFINISHED, open_folder
from policymix.studies.provenance import settings_of
from policymix.studies.question import Question, ask
from policymix.studies.study import Study, StudyFigures
from policymix.tables import read_table

ROOT = Path(__file__).resolve().parent.parent
SMALL: dict[str, Any] = {"replicates": 2, "people": 1_000, "months": 3}
NAMES = ["baseline", "demand_first"]
FILES = study_files("baseline", "demand_first", figures=("headline", "tradeoff"))


def small(**changes: Any) -> Question:
    return ask(NAMES, **{**SMALL, **changes})


class Picture:
    """Stands for a figure: what is drawn is tested elsewhere."""

    def file_bytes(self, kind: str) -> bytes:
        return kind.encode()


@pytest.fixture(autouse=True, scope="module")
def plain_figures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            StudyFigures, "all", lambda self: [("headline", Picture()), ("tradeoff", Picture())]
        )
        yield


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished study; tests that change it copy it first."""
    out = tmp_path_factory.mktemp("studies") / "finished"
    run_study(small(), out, workers=1)
    return out


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "copied"))


class Interrupting:
    """A progress that is interrupted after some replicates, as by Ctrl-C."""

    def __init__(self, after: int) -> None:
        self.after = after

    def __call__(self, done: int, of: int) -> None:
        if done == self.after:
            raise KeyboardInterrupt


def interrupt(question: Question, out: Path, after: int = 1) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_study(question, out, workers=1, progress=Interrupting(after))


def test_an_interrupted_study_is_unfinished_and_resumes_to_the_same_bytes(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    interrupt(small(), out)
    assert set(files_in(out)) == {"unfinished/study.json", "unfinished/replicate-00000.npz"}
    with pytest.raises(InputError, match="holds an unfinished study; --resume goes on"):
        run_study(small(), out, workers=1)
    done: list[int] = []
    run_study(small(), out, workers=1, resume=True, progress=lambda n, of: done.append(n))
    assert done == [1, 2]
    assert files_in(out) == files_in(finished)


def test_chunks_that_a_crash_left_half_written_are_played_again(
    finished: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    interrupt(small(), out, after=2)
    chunk = out / UNFINISHED / "replicate-00001.npz"
    chunk.write_bytes(chunk.read_bytes()[:999])
    (out / UNFINISHED / "replicate-00000.npz.part").write_bytes(b"half")
    (out / UNFINISHED / "lock").write_text("99999999")
    run_study(small(), out, workers=1, resume=True)
    assert files_in(out) == files_in(finished)


@pytest.mark.parametrize("name", ["summary.csv", "figures/headline.svg", "provenance.json"])
def test_a_crash_while_files_move_into_place_can_be_mended(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    out, real = tmp_path / "out", Path.replace

    def crash(self: Path, target: Path) -> Path:
        if Path(target) == out / name:
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            run_study(small(), out, workers=1)
    assert not (out / "provenance.json").exists()
    assert (out / UNFINISHED / "study.json").exists()
    run_study(small(), out, workers=1, resume=True)
    assert files_in(out) == files_in(finished)


def test_resuming_a_finished_study_does_nothing_and_shows_it(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_in(finished)
    with monkeypatch.context() as patched:
        patched.setattr(door, "run_missing", None)
        study = run_study(small(), finished, workers=1, resume=True)
    assert files_in(finished) == before
    assert isinstance(study, Study)
    assert study.summary.equals(read_table(finished / "summary.csv"))
    played = compare(NAMES, **SMALL)
    assert study.runs.equals(played.runs)
    assert study.yearly.equals(played.yearly)
    assert study.monthly.equals(played.monthly)


@pytest.mark.parametrize("resume", [False, True])
def test_a_finished_study_is_never_overwritten_silently(copied: Path, resume: bool) -> None:
    before = files_in(copied)
    question = small(seed=2)
    with pytest.raises(InputError, match="holds a finished study") as caught:
        run_study(question, copied, workers=1, resume=resume)
    assert files_in(copied) == before
    if resume:
        assert "seed: 1 there, 2 asked" in str(caught.value)


def test_a_study_that_somebody_finished_in_between_is_not_replaced(copied: Path) -> None:
    before = files_in(copied)
    with (
        pytest.raises(InputError, match="somebody else has just finished"),
        open_folder(copied, settings_of(small()), overwrite=False),
    ):
        pass
    assert files_in(copied) == before


def test_overwriting_keeps_the_old_study_until_the_new_one_is_whole(copied: Path) -> None:
    old = files_in(copied)
    question = ask(["combined"], **SMALL)
    with pytest.raises(KeyboardInterrupt):
        run_study(question, copied, workers=1, overwrite=True, progress=Interrupting(1))
    found = files_in(copied)
    assert {name: found[name] for name in old} == old
    assert "unfinished/study.json" in found
    (copied / "notes.txt").write_text("mine")
    (copied / "figures" / "own.png").write_text("mine")
    run_study(question, copied, workers=1, resume=True)
    left = set(files_in(copied))
    assert left == {
        *(name.replace("demand_first", "combined") for name in FILES),
        *("notes.txt", "figures/own.png"),
    }


def test_overwriting_an_unfinished_study_starts_anew(finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    interrupt(small(seed=5), out)
    run_study(small(), out, workers=1, overwrite=True)
    assert files_in(out) == files_in(finished)


def test_an_unfinished_study_of_other_settings_is_not_gone_on_with(tmp_path: Path) -> None:
    out = tmp_path / "out"
    interrupt(small(), out)
    before = files_in(out)
    with pytest.raises(InputError, match="replicates: 2 there, 3 asked"):
        run_study(small(replicates=3), out, workers=1, resume=True)
    with pytest.raises(InputError, match="scenarios: not the same"):
        run_study(ask(["combined"], **SMALL), out, workers=1, resume=True)
    assert files_in(out) == before


def test_changed_code_does_not_go_on_with_an_older_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    interrupt(small(), out)
    monkeypatch.setattr(beneath, "code_sha256", lambda: "changed")
    with pytest.raises(InputError, match="the program's code is not the same"):
        run_study(small(), out, workers=1, resume=True)


def foreign_file(folder: Path) -> None:
    (folder / "thesis.docx").write_bytes(b"years of work")


def foreign_provenance(folder: Path) -> None:
    (folder / "provenance.json").write_text('{"program": "another"}')


def foreign_nonsense(folder: Path) -> None:
    (folder / "provenance.json").write_bytes(b"[" * 100_000)


@pytest.mark.parametrize("fill", [foreign_file, foreign_provenance, foreign_nonsense])
@pytest.mark.parametrize("flag", ["resume", "overwrite", "none"])
def test_a_folder_that_is_no_study_is_always_refused(
    tmp_path: Path, fill: Callable[[Path], None], flag: str
) -> None:
    fill(tmp_path)
    before = files_in(tmp_path)
    flags = {} if flag == "none" else {flag: True}
    with pytest.raises(InputError, match="no study of policymix"):
        run_study(small(), tmp_path, workers=1, **flags)
    assert files_in(tmp_path) == before


def test_a_file_is_no_folder_and_an_empty_folder_is_fine(finished: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="a file, allowed is a folder"):
        run_study(small(), tmp_path / "file", workers=1)
    (tmp_path / "empty").mkdir()
    run_study(small(), tmp_path / "empty", workers=1)
    assert files_in(tmp_path / "empty") == files_in(finished)


HOLD = """
import sys, pathlib
from policymix.locking import locked
with locked(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_folder_has_one_writer_and_a_dead_one_does_not_count(tmp_path: Path) -> None:
    lock = tmp_path / "out" / UNFINISHED / "lock"
    lock.parent.mkdir(parents=True)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "model")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(InputError, match=rf"in use .*\(process {holder.pid}\)"):
            run_study(small(), tmp_path / "out", workers=1)
        holder.kill()
    assert lock.exists()
    with locked(lock):
        assert lock.read_text() == str(os.getpid())
    assert not lock.exists()


def test_memory_holds_one_chunk_at_a_time_not_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive, most = 0, 0
    read = ChunkFolder.__getitem__

    def counted(self: ChunkFolder, number: int) -> Any:
        nonlocal alive, most
        records = read(self, number)
        alive += 1
        most = max(most, alive)

        def gone() -> None:
            nonlocal alive
            alive -= 1

        weakref.finalize(records, gone)
        return records

    monkeypatch.setattr(ChunkFolder, "__getitem__", counted)
    run_study(small(replicates=8), tmp_path / "out", workers=1)
    assert most <= 3
