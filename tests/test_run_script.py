"""run.py: finds a Python, sets up once, then becomes policymix or pytest."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from running import ROOT, SCRIPT, fake_python, stand_in

# --- the file itself -----------------------------------------------------------------------------


def test_an_old_python_can_read_the_file_and_needs_no_package() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))
    plain = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    taken = {str(n.module) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert plain | taken <= sys.stdlib_module_names - {"tomllib"}


def test_the_question_to_a_python_is_answered_by_a_real_one(script: ModuleType) -> None:
    version, path, has_pip = script.probe([sys.executable])
    assert version == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert Path(path).exists()
    assert has_pip


# --- which Python --------------------------------------------------------------------------------


def test_refusing_shims_and_unfit_builds_are_not_taken(script: ModuleType, tmp_path: Path) -> None:
    stand_in(tmp_path / "bin" / "python3.12", "exit 127")
    fake_python(tmp_path / "bin" / "python3.13", "3.13", fit=False)
    good = fake_python(tmp_path / "bin" / "python3.14", "3.14")
    assert script.find_python() == ("3.14", str(good))


def test_pyenvs_own_folders_are_looked_into(script: ModuleType, tmp_path: Path) -> None:
    good = fake_python(tmp_path / "pyenv" / "versions" / "3.12.9" / "bin" / "python", "3.12")
    assert script.find_python() == ("3.12", str(good))


def test_a_candidate_starts_in_the_repository_without_pyenv_version(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYENV_VERSION", "3.11.7")
    answer = '{"version": "3.12", "fit": true, "has_pip": true, "path": "\'$PWD$PYENV_VERSION\'"}'
    stand_in(tmp_path / "bin" / "python3.12", f"echo '{answer}'")
    assert script.find_python() == ("3.12", script.ROOT)


def test_the_asked_for_version_wins(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = fake_python(tmp_path / "bin" / "python3.12", "3.12")
    monkeypatch.setattr(sys, "executable", str(own))
    monkeypatch.setattr(script, "own_version", lambda: "3.12")
    asked = fake_python(tmp_path / "bin" / "python3.13", "3.13")
    for wish in ("3.13", str(asked)):
        monkeypatch.setenv("POLICYMIX_PYTHON", wish)
        assert script.find_python() == ("3.13", str(asked))
    monkeypatch.setenv("POLICYMIX_PYTHON", "3.9")
    with pytest.raises(script.SetupError, match=r"POLICYMIX_PYTHON=3\.9"):
        script.find_python()


def test_debian_without_venv_is_told_what_to_install(script: ModuleType, tmp_path: Path) -> None:
    fake_python(tmp_path / "bin" / "python3.13", "3.13", has_pip=False)
    with pytest.raises(script.SetupError, match=r"sudo apt install python3\.13-venv"):
        script.find_python()


def test_uv_helps_where_venv_or_any_python_is_missing(script: ModuleType, tmp_path: Path) -> None:
    stand_in(tmp_path / "bin" / "uv", "exit 0")
    assert script.find_python() == ("3.12", "3.12")
    bare = fake_python(tmp_path / "bin" / "python3.13", "3.13", has_pip=False)
    assert script.find_python() == ("3.13", str(bare))


def test_one_sentence_says_which_python_to_install(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main([]) == 1
    message = capsys.readouterr().err
    assert "Python 3.12, 3.13 or 3.14" in message
    assert "Debian 12" in message
    assert len(message.splitlines()) == 1


# --- what runs then ------------------------------------------------------------------------------


@pytest.mark.usefixtures("installs")
@pytest.mark.parametrize(
    ("arguments", "becomes"),
    [
        ([], ["policymix", "compare"]),
        (["check", "my mix.toml"], ["policymix", "check", "my mix.toml"]),
        (["--help"], ["policymix", "--help"]),
        (["test"], ["pytest", "-n", "auto", "--dist", "loadfile"]),
        (["test", "-k", "dice"], ["pytest", "-k", "dice"]),
    ],
)
def test_arguments_go_to_policymix_but_test_goes_to_pytest(
    script: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    becomes: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(script, "become", lambda command: [str(Path.cwd()), *command])
    folder, python, *rest = script.main(arguments)
    assert python == script.ready_python()
    assert rest == ["-P", "-m", *becomes]
    assert folder == (script.ROOT if becomes[0] == "pytest" else str(tmp_path))


def test_what_runs_has_utf8_and_no_foreign_python_path(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.name == "nt":
        pytest.skip("Windows runs a child instead of becoming it")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setattr(os, "execve", lambda path, command, environ: sys.exit(str(environ)))
    with pytest.raises(SystemExit, match="'PYTHONUTF8': '1'") as end:
        script.become(["python"])
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
