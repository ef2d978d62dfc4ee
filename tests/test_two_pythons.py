"""The same seed gives the same bytes on every Python that policymix is set up for here."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "run.py"
PLAY = """
import hashlib
from dataclasses import replace

from policymix import load_scenario
from policymix.model import PolicyModel

for name in ("baseline", "combined", "supply_then_demand"):
    scenario = load_scenario(name)
    scenario = replace(scenario, setup=replace(scenario.setup, people=5_000, months=90))
    records = PolicyModel(scenario, seed=3, collect=False).run()
    print(name, records.shape, hashlib.sha256(records.tobytes()).hexdigest())
"""


def run_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def output_of(python: str, text: str, folder: Path) -> str:
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [python, "-P", "-W", "error", "-c", text]
    return subprocess.run(
        command, cwd=folder, env=environ, check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.slow
def test_two_pythons_play_the_same_bytes(tmp_path: Path) -> None:
    script = run_script()
    own = "{}.{}".format(*sys.version_info)
    folders = {v: str(Path(script.HOME, v)) for v in script.VERSIONS if v != own}
    others = {v: script.python_in(f) for v, f in folders.items() if script.is_ready(f)}
    if not others:
        pytest.skip(f"policymix is set up here for no other Python than {own}")
    here = output_of(sys.executable, PLAY, tmp_path)
    assert len(here.splitlines()) == 3
    for version, python in others.items():
        said = output_of(python, "import sys; print('{}.{}'.format(*sys.version_info))", tmp_path)
        assert said.strip() == version
        assert output_of(python, PLAY, tmp_path) == here, f"{version} differs from {own}"
