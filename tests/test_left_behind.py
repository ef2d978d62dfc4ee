"""What a kill leaves beside a study that was just complete: the next use clears it away."""

import shutil
from pathlib import Path

import pytest
from folders import files_in
from policymix.locking import locked
from policymix.studies import folder as folder_room
from policymix.studies.compare import run_study
from policymix.studies.folder import UNFINISHED
from policymix.studies.question import Question, ask


def small() -> Question:
    return ask(["demand_first"], replicates=2, people=1_000, months=1)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study killed after its marker was removed: all is in place, nothing is cleared."""
    out = tmp_path_factory.mktemp("studies") / "killed"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("policymix.studies.study.Study.drawn", lambda _: [])
        patched.setattr(folder_room, "_clear", lambda _: None)
        run_study(small(), out, workers=1)
    left = out / UNFINISHED
    (left / "lock").write_text("99999999", encoding="ascii")
    assert (left / "replicate-00001.npz").is_file()
    assert not (left / "study.json").exists()
    return out


@pytest.fixture
def copied(killed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(killed, tmp_path / "copied"))


def complete(out: Path) -> dict[str, bytes]:
    return {name: data for name, data in files_in(out).items() if not name.startswith(UNFINISHED)}


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("flag", ["resume", "overwrite"])
def test_the_next_use_clears_what_was_left(copied: Path, flag: str) -> None:
    before = complete(copied)
    run_study(small(), copied, workers=1, **{flag: True})
    assert not (copied / UNFINISHED).exists()
    assert files_in(copied) == before


def test_nothing_is_cleared_where_somebody_else_is_at_work(copied: Path) -> None:
    with locked(copied / UNFINISHED / "lock"):
        before = files_in(copied)
        run_study(small(), copied, workers=1, resume=True)
        assert files_in(copied) == before


def test_nothing_is_cleared_behind_a_link(copied: Path, tmp_path: Path) -> None:
    """A study may come from anyone, and a look at it must not remove what is elsewhere."""
    shutil.rmtree(copied / UNFINISHED)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").touch()
    (copied / UNFINISHED).symlink_to(tmp_path / "mine")
    run_study(small(), copied, workers=1, resume=True)
    assert (tmp_path / "mine" / "thesis.docx").exists()
