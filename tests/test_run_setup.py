"""run.py: the environment is made once, whole, by one of those who try."""

import os
from pathlib import Path
from types import ModuleType

import pytest
from running import left_in_home, stand_in


def test_the_set_up_happens_once(script: ModuleType, installs: list[str]) -> None:
    assert script.ready_python() is None
    python = script.set_up()
    assert script.set_up() == python
    assert script.ready_python() == python == script.python_in(f"{script.HOME}/3.12")
    assert installs == ["some-python"]
    assert left_in_home(script) == ["3.12"]


@pytest.mark.usefixtures("installs")
def test_a_change_of_pins_or_place_or_a_lost_python_asks_for_a_new_set_up(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = script.set_up()
    (Path(script.ROOT) / "constraints.txt").write_text("two", encoding="utf-8")
    assert script.ready_python() is None
    assert script.set_up() == python == script.ready_python()
    Path(python).unlink()
    assert script.ready_python() is None
    script.set_up()
    moved = tmp_path / "moved"
    Path(script.ROOT).rename(moved)
    monkeypatch.setattr(script, "ROOT", str(moved))
    monkeypatch.setattr(script, "HOME", str(moved / ".venv-run"))
    assert script.ready_python() is None
    assert script.set_up() == script.ready_python()
    assert left_in_home(script) == ["3.12"]


def test_of_two_set_ups_at_once_the_first_stays_and_both_use_it(
    script: ModuleType, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = script.install

    def overtaken(path: str, folder: str) -> None:
        monkeypatch.setattr(script, "install", alone)
        script.set_up()
        alone("the slower", folder)

    monkeypatch.setattr(script, "install", overtaken)
    python = script.set_up()
    assert installs == ["some-python", "the slower"]
    assert Path(python).read_text(encoding="utf-8") == "some-python"
    assert left_in_home(script) == ["3.12"]


@pytest.mark.usefixtures("installs")
@pytest.mark.parametrize(
    ("trouble", "code", "word"),
    [(KeyboardInterrupt(), 130, "interrupted"), (OSError("disk full"), 1, "disk full")],
)
def test_a_broken_off_set_up_leaves_nothing_and_shows_no_traceback(
    script: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    trouble: BaseException,
    code: int,
    word: str,
) -> None:
    def install(path: str, folder: str) -> None:
        Path(folder).mkdir()
        raise trouble

    monkeypatch.setattr(script, "install", install)
    assert script.main([]) == code
    assert word in capsys.readouterr().err
    assert left_in_home(script) == []


@pytest.mark.usefixtures("installs")
def test_only_old_leftovers_are_swept_away(script: ModuleType) -> None:
    for name in ("building-old", "building-new"):
        Path(script.HOME, name).mkdir(parents=True)
    os.utime(Path(script.HOME, "building-old"), (0, 0))
    script.set_up()
    assert left_in_home(script) == ["3.12", "building-new"]


def test_a_failing_step_shows_what_it_said(script: ModuleType, tmp_path: Path) -> None:
    broken = stand_in(tmp_path / "python", "echo no route to host; exit 1")
    with pytest.raises(script.SetupError, match="no route to host"):
        script.install(str(broken), str(tmp_path / "folder"))


def test_scripts_start_the_python_that_they_end_up_beside(
    script: ModuleType, installs: list[str]
) -> None:
    install = script.install

    def with_scripts(path: str, folder: str) -> None:
        install(path, folder)
        scripts = Path(script.python_in(folder)).parent
        (scripts / "policymix").write_bytes(os.fsencode(f"#!{script.python_in(folder)}\nrest\r\n"))
        (scripts / "binary").write_bytes(b"\0" + os.fsencode(folder))

    script.install = with_scripts
    scripts = Path(script.set_up()).parent
    first = f"#!{script.python_in(str(Path(script.HOME) / '3.12'))}"
    assert (scripts / "policymix").read_bytes() == os.fsencode(f"{first}\nrest\r\n")
    assert b"building-" in (scripts / "binary").read_bytes()
