"""What several test files share: the command line, run in an empty folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from policymix import __main__ as command_line
from running import installs, script  # noqa: F401 - fixtures of the tests of run.py

Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparisons draw nothing, for tests of what is beside the figures: drawing takes longest."""
    monkeypatch.setattr("policymix.studies.study.Study.drawn", lambda _: [])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the command line in an empty folder: (exit code, output, errors)."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Said:
        code = 0
        try:
            command_line.main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return code, told.out, told.err

    return call
