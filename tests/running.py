"""What the tests of run.py share: a place for it, and programs that stand in for Pythons."""

import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "run.py"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
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
    monkeypatch.setenv("POLICYMIX_PROGRAM", "")  # main sets it; undone after each test
    return module


@pytest.fixture
def installs(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which Pythons an environment was made with; making one writes its Python and no more."""
    made: list[str] = []

    def install(path: str, folder: str) -> None:
        made.append(path)
        python = Path(script.python_in(folder))
        python.parent.mkdir(parents=True)
        python.write_text(path, encoding="utf-8")

    monkeypatch.setattr(script, "install", install)
    monkeypatch.setattr(script, "find_python", lambda: ("3.12", "some-python"))
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


def left_in_home(script: ModuleType) -> list[str]:
    return sorted(path.name for path in Path(script.HOME).iterdir())
