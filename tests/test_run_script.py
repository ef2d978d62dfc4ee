"""run.py: finds a Python, sets up once, then becomes policymix or pytest."""

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "run.py"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py as a module that believes to stand in an empty folder and sees no real Python."""
    spec = importlib.util.spec_from_file_location("run_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    place = tmp_path / "place"
    place.mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        (place / name).write_text("one", encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", str(place))
    monkeypatch.setattr(module, "HOME", str(place / ".venv-run"))
    monkeypatch.setattr(module, "own_version", lambda: "")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("POLICYMIX_PYTHON", raising=False)
    return module


@pytest.fixture
def installs(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which Pythons an environment was made with; making one writes its Python and no more."""
    made: list[str] = []

    def install(path: str, folder: str) -> None:
        made.append(path)
        python = Path(run.python_in(folder))
        python.parent.mkdir(parents=True)
        python.write_text(path, encoding="utf-8")

    monkeypatch.setattr(run, "install", install)
    monkeypatch.setattr(run, "find_python", lambda: ("3.12", "some-python"))
    return made


def stand_in(path: Path, text: str) -> Path:
    if os.name == "nt":
        pytest.skip("the stand-in programs are shell scripts")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def fake_python(path: Path, version: str, *, fit: bool = True, has_pip: bool = True) -> Path:
    """A program that answers run.py's question as a Python of that kind would."""
    answer = {"version": version, "fit": fit, "has_pip": has_pip, "path": str(path)}
    return stand_in(path, f"echo '{json.dumps(answer)}'")


def left_in_home(run: ModuleType) -> list[str]:
    return sorted(path.name for path in Path(run.HOME).iterdir())


# --- the file itself -----------------------------------------------------------------------------


def test_an_old_python_can_read_the_file_and_needs_no_package() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))
    plain = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    taken = {str(n.module) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert plain | taken <= sys.stdlib_module_names - {"tomllib"}


def test_the_question_to_a_python_is_answered_by_a_real_one(run: ModuleType) -> None:
    version, path, has_pip = run.probe([sys.executable])
    assert version == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert Path(path).exists()
    assert has_pip


# --- which Python --------------------------------------------------------------------------------


def test_refusing_shims_and_unfit_builds_are_passed_over(run: ModuleType, tmp_path: Path) -> None:
    stand_in(tmp_path / "bin" / "python3.12", "exit 127")
    fake_python(tmp_path / "bin" / "python3.13", "3.13", fit=False)
    good = fake_python(tmp_path / "bin" / "python3.14", "3.14")
    assert run.find_python() == ("3.14", str(good))


def test_pyenvs_own_folders_are_looked_into(run: ModuleType, tmp_path: Path) -> None:
    good = fake_python(tmp_path / "pyenv" / "versions" / "3.12.9" / "bin" / "python", "3.12")
    assert run.find_python() == ("3.12", str(good))


def test_a_candidate_starts_in_the_repository_without_pyenv_version(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYENV_VERSION", "3.11.7")
    answer = '{"version": "3.12", "fit": true, "has_pip": true, "path": "\'$PWD$PYENV_VERSION\'"}'
    stand_in(tmp_path / "bin" / "python3.12", f"echo '{answer}'")
    assert run.find_python() == ("3.12", run.ROOT)


def test_the_asked_for_version_wins(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = fake_python(tmp_path / "bin" / "python3.12", "3.12")
    monkeypatch.setattr(sys, "executable", str(own))
    monkeypatch.setattr(run, "own_version", lambda: "3.12")
    asked = fake_python(tmp_path / "bin" / "python3.13", "3.13")
    for wish in ("3.13", str(asked)):
        monkeypatch.setenv("POLICYMIX_PYTHON", wish)
        assert run.find_python() == ("3.13", str(asked))
    monkeypatch.setenv("POLICYMIX_PYTHON", "3.9")
    with pytest.raises(run.SetupError, match=r"POLICYMIX_PYTHON=3\.9"):
        run.find_python()


def test_debian_without_venv_is_told_what_to_install(run: ModuleType, tmp_path: Path) -> None:
    fake_python(tmp_path / "bin" / "python3.13", "3.13", has_pip=False)
    with pytest.raises(run.SetupError, match=r"sudo apt install python3\.13-venv"):
        run.find_python()


def test_uv_helps_where_venv_or_any_python_is_missing(run: ModuleType, tmp_path: Path) -> None:
    stand_in(tmp_path / "bin" / "uv", "exit 0")
    assert run.find_python() == ("3.12", "3.12")
    bare = fake_python(tmp_path / "bin" / "python3.13", "3.13", has_pip=False)
    assert run.find_python() == ("3.13", str(bare))


def test_one_sentence_says_which_python_to_install(
    run: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main([]) == 1
    message = capsys.readouterr().err
    assert "Python 3.12, 3.13 or 3.14" in message
    assert "Debian 12" in message
    assert len(message.splitlines()) == 1


# --- the environment -----------------------------------------------------------------------------


def test_the_set_up_happens_once(run: ModuleType, installs: list[str]) -> None:
    assert run.ready_python() is None
    python = run.set_up()
    assert run.set_up() == python
    assert run.ready_python() == python == run.python_in(f"{run.HOME}/3.12")
    assert installs == ["some-python"]
    assert left_in_home(run) == ["3.12"]


@pytest.mark.usefixtures("installs")
def test_a_change_of_pins_or_place_or_a_lost_python_asks_for_a_new_set_up(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = run.set_up()
    (Path(run.ROOT) / "constraints.txt").write_text("two", encoding="utf-8")
    assert run.ready_python() is None
    assert run.set_up() == python == run.ready_python()
    Path(python).unlink()
    assert run.ready_python() is None
    run.set_up()
    moved = tmp_path / "moved"
    Path(run.ROOT).rename(moved)
    monkeypatch.setattr(run, "ROOT", str(moved))
    monkeypatch.setattr(run, "HOME", str(moved / ".venv-run"))
    assert run.ready_python() is None
    assert run.set_up() == run.ready_python()
    assert left_in_home(run) == ["3.12"]


def test_of_two_set_ups_at_once_the_first_stays_and_both_use_it(
    run: ModuleType, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = run.install

    def overtaken(path: str, folder: str) -> None:
        monkeypatch.setattr(run, "install", alone)
        run.set_up()
        alone("the slower", folder)

    monkeypatch.setattr(run, "install", overtaken)
    python = run.set_up()
    assert installs == ["some-python", "the slower"]
    assert Path(python).read_text(encoding="utf-8") == "some-python"
    assert left_in_home(run) == ["3.12"]


@pytest.mark.usefixtures("installs")
@pytest.mark.parametrize(
    ("trouble", "code", "word"),
    [(KeyboardInterrupt(), 130, "interrupted"), (OSError("disk full"), 1, "disk full")],
)
def test_a_broken_off_set_up_leaves_nothing_and_shows_no_traceback(
    run: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    trouble: BaseException,
    code: int,
    word: str,
) -> None:
    def install(path: str, folder: str) -> None:
        Path(folder).mkdir()
        raise trouble

    monkeypatch.setattr(run, "install", install)
    assert run.main([]) == code
    assert word in capsys.readouterr().err
    assert left_in_home(run) == []


@pytest.mark.usefixtures("installs")
def test_only_old_leftovers_are_swept_away(run: ModuleType) -> None:
    for name in ("building-old", "building-new"):
        Path(run.HOME, name).mkdir(parents=True)
    os.utime(Path(run.HOME, "building-old"), (0, 0))
    run.set_up()
    assert left_in_home(run) == ["3.12", "building-new"]


def test_a_failing_step_shows_what_it_said(run: ModuleType, tmp_path: Path) -> None:
    broken = stand_in(tmp_path / "python", "echo no route to host; exit 1")
    with pytest.raises(run.SetupError, match="no route to host"):
        run.install(str(broken), str(tmp_path / "folder"))


# --- what runs then ------------------------------------------------------------------------------


@pytest.mark.usefixtures("installs")
@pytest.mark.parametrize(
    ("arguments", "becomes"),
    [
        ([], ["policymix", "compare"]),
        (["check", "my mix.toml"], ["policymix", "check", "my mix.toml"]),
        (["--help"], ["policymix", "--help"]),
        (["test"], ["pytest"]),
        (["test", "-k", "dice"], ["pytest", "-k", "dice"]),
    ],
)
def test_arguments_go_to_policymix_but_test_goes_to_pytest(
    run: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    becomes: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "become", lambda command: [str(Path.cwd()), *command])
    folder, python, *rest = run.main(arguments)
    assert python == run.ready_python()
    assert rest == ["-P", "-m", *becomes]
    assert folder == (run.ROOT if becomes[0] == "pytest" else str(tmp_path))


def test_what_runs_has_utf8_and_no_foreign_python_path(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.name == "nt":
        pytest.skip("Windows runs a child instead of becoming it")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setattr(os, "execve", lambda path, command, environ: sys.exit(str(environ)))
    with pytest.raises(SystemExit, match="'PYTHONUTF8': '1'") as end:
        run.become(["python"])
    assert "PYTHONPATH" not in str(end.value)


@pytest.mark.slow
def test_a_clone_in_an_odd_folder_sets_up_once_then_needs_no_network(tmp_path: Path) -> None:
    place = tmp_path / "a copy [ü]"
    shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns(".*", "__pycache__", "results"))
    offline = {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1", "https_proxy": "http://127.0.0.1:9"}
    for extra in ({}, offline):
        done = subprocess.run(
            [sys.executable, str(place / "run.py"), "--help"],
            env={**os.environ, **extra},
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "compare" in done.stdout
        assert ("setting up" in done.stderr) == (extra == {})
