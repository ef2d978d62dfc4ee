"""The command line: what it says, what it leaves behind, and with which exit code."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from policymix import __main__ as command_line
from policymix.label import LABEL
from policymix.scenario import shipped_names
from policymix.tables import read_table
from policymix.version import VERSION

ROOT = Path(__file__).resolve().parent.parent
SMALL = ("--replicates", "2", "--people", "1000", "--months", "3", "--workers", "1")
GOOD = 'title = "{}"\nsummary = "A test."\n'

Said = tuple[int, str, str]
Run = Callable[..., Said]


def process(*arguments: str, cwd: Path) -> subprocess.Popen[str]:
    """The command line as a process of its own, in a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "policymix", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT / "model")},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def group_is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def last_line(text: str) -> str:
    return text.rstrip("\n").rpartition("\n")[2]


# --- compare -------------------------------------------------------------------------------------


def test_compare_shows_a_table_a_sentence_the_folder_and_the_label(run: Run) -> None:
    code, out, err = run("compare", "demand_first", *SMALL)
    assert code == 0
    assert re.search(r"^ +baseline .*\n +\(reference\)", out, re.MULTILINE)
    assert re.search(
        r"^ +demand_first +\d+\.\d\d .*\n.* [+-]\d+\.\d\d ±\d+\.\d\d ", out, re.MULTILINE
    )
    assert "Compared with baseline:\n- people with addiction at the end: " in out
    assert "2 replicates of 1,000 simulated people (each stands for 283,000) over 3 months" in out
    folder = re.search(r"^Results are in (results/compare-\d{8}-\d{6})$", out, re.MULTILINE)
    assert folder is not None
    assert Path(folder[1], "summary.csv").is_file()
    assert last_line(out) == LABEL
    assert err.splitlines() == ["0 of 2 replicates", "2 of 2 replicates"]
    table = out.partition("Under each level")[0]
    assert max(map(len, table.splitlines())) <= 100


@pytest.mark.usefixtures("no_figures")
def test_compare_compares_all_shipped_scenarios_by_default(run: Run) -> None:
    code, _, _ = run("compare", *SMALL, "--out", "all")
    assert code == 0
    assert list(dict.fromkeys(read_table(Path("all/summary.csv")).scenario)) == shipped_names()


@pytest.mark.usefixtures("no_figures")
def test_options_and_files_make_the_question(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD.format("[red]Mine[/red]"), encoding="utf-8")
    code, out, _ = run(
        *("compare", "mine.toml", "combined", "--against", "mine.toml", "--seed", "7"),
        *(*SMALL, "--assume", "peer_effect=0.5", "--out", "study"),
    )
    assert code == 0
    assert "Compared with mine:" in out
    assert "peer_effect = 0.5" in (tmp_path / "study/scenarios/combined.toml").read_text()
    assert list(dict.fromkeys(read_table(Path("study/runs.csv")).scenario)) == ["mine", "combined"]


@pytest.mark.slow
@pytest.mark.usefixtures("no_figures")
def test_from_provenance_repeats_the_same_bytes(run: Run) -> None:
    run("compare", "combined", *SMALL, "--seed", "3", "--assume", "peer_effect=0", "--out", "one")
    code, _, err = run("compare", "--from", "one/provenance.json", "--out", "two", "--workers", "2")
    assert (code, err.splitlines()[0]) == (0, "0 of 2 replicates")
    assert Path("one/runs.csv").read_bytes() == Path("two/runs.csv").read_bytes()
    code, _, err = run("compare", "combined", "--from", "one/provenance.json")
    assert code == 2
    assert "leave scenarios and numbers out" in err


@pytest.mark.usefixtures("no_figures")
def test_one_replicate_says_that_it_cannot_tell(run: Run) -> None:
    _, out, _ = run("compare", "combined", *SMALL, "--replicates", "1")
    assert "One replicate has no interval" in out
    assert "±" not in out.replace("± half", "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--people", "10"), "people: read 10, allowed is a whole number from 1,000 to 5,000,000"),
        (("--people", "x"), "'x' is not a valid integer"),
        (("--replicates", "0"), "replicates: read 0"),
        (("--months", "601"), "months: read 601"),
        (("--seed", "-1"), "seed: read -1"),
        (("--workers", "0"), "workers: read 0"),
        (("--against", "nobody"), "'nobody'"),
        (("basline",), "Did you mean baseline?"),
        (("combined", "combined"), "'combined' more than once"),
        (("missing.toml",), "missing.toml: there is no such file"),
        (("--assume", "peer_effect"), "allowed is NAME=VALUE"),
        (("--assume", "peer_effect=high"), "allowed is NAME=VALUE"),
        (("--assume", "peer_effect=99"), "peer_effect"),
        (("--assume", "peer_effect=nan"), "assume peer_effect: read nan, allowed is 0 to"),
        (("--assume", "peer_effect=0,4"), "Write decimals with a point."),
        (("--assume", "peer_efect=0.1"), "assume peer_efect: there is no such assumption. Did you"),
        (("--assume", "foo=1"), "no such assumption. `policymix explain` lists them."),
        (("--out", ""), "--out: read nothing"),
        (("--assume", "peer_effect=0.1", "--assume", "peer_effect=0.2"), "two values"),
        (("--resume",), "--resume: needs --out"),
        (("--overwrite",), "--overwrite: needs --out"),
        (("--resume", "--overwrite", "--out", "x"), "allowed is one of them"),
        (("--from", "nothing.json"), "nothing.json: cannot be read"),
        (("--nonsense",), "No such option"),
        (("bad.toml", "\x1b[31mred"), "bad.toml:2: funding: "),
    ],
)
def test_wrong_input_is_exit_code_2_and_writes_nothing(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    (tmp_path / "bad.toml").write_text("\nfunding = 3\n", encoding="utf-8")
    code, out, err = run("compare", *arguments)
    assert code == 2
    assert told in err
    assert "\x1b" not in err
    assert out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["bad.toml"]


def test_a_folder_that_cannot_be_written_gives_one_clear_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, out, err = run("compare", "combined", *SMALL, "--out", "file/inside")
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].startswith("file/inside")
    assert "Not a directory" in err.splitlines()[-1]


@pytest.mark.usefixtures("no_figures")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_gives_one_clear_line_and_how_to_go_on(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def full(self: Path, *arguments: object, **named: object) -> object:
        return real(
            Path("/dev/full") if self.name == "runs.csv.part" else self, *arguments, **named
        )

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", full)
        code, _, err = run("compare", "combined", *SMALL, "--out", "study")
    assert code == 1
    told = err.splitlines()[2:]
    assert told[0] == "study/unfinished/ready/runs.csv: No space left on device"
    assert told[1].endswith("give the same command with --resume --out study")
    assert run("compare", "combined", *SMALL, "--out", "study", "--resume")[0] == 0


@pytest.mark.slow
@pytest.mark.usefixtures("no_figures")
def test_a_study_stopped_by_ctrl_c_says_how_to_go_on_and_can(run: Run, tmp_path: Path) -> None:
    asked = ("compare", "combined", "--people", "1000", "--months", "120", "--workers", "2")
    asked = (*asked, "--replicates", "40", "--out", "study")
    study = process(*asked, cwd=tmp_path)
    chunks = tmp_path / "study" / "unfinished"
    deadline = time.monotonic() + 60
    while len(list(chunks.glob("*.npz"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(study.pid, signal.SIGINT)
    out, err = study.communicate(timeout=60)
    assert study.returncode == 1
    assert "Traceback" not in err
    assert "Stopped." in err
    assert "--resume --out study" in err
    assert out == ""
    while group_is_alive(study.pid) and time.monotonic() < deadline + 60:
        time.sleep(0.02)
    assert not group_is_alive(study.pid)
    n_kept = len(list(chunks.glob("*.npz")))
    assert 2 <= n_kept < 40
    code, _, err = run(*asked, "--resume")
    assert code == 0
    assert err.splitlines()[0] == f"{n_kept} of 40 replicates"
    assert not chunks.exists()


def test_what_a_terminal_cannot_show_is_escaped(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD.format("\\u001b[2JÜber"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "policymix", "check", "mine.toml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "model"), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert "mine.toml: ok. " in done.stdout
    assert "\x1b" not in done.stdout
    assert "ber" in done.stdout


# --- the door itself -----------------------------------------------------------------------------


@pytest.mark.parametrize("command", [(), *((name,) for name in command_line.cli.commands)])
def test_help_is_plain_and_ends_with_the_label(run: Run, command: tuple[str, ...]) -> None:
    code, out, _ = run(*command, "--help")
    assert code == 0
    assert last_line(out).strip() == LABEL


def test_help_says_the_bounds_that_hold(run: Run) -> None:
    from policymix.scenario import SETUP_BOUNDS, Setup
    from policymix.studies.kinds import COMPARE, REPLICATES_BOUNDS

    _, out, _ = run("compare", "--help")
    for least, most in (*list(SETUP_BOUNDS.values())[:2], REPLICATES_BOUNDS):
        assert f"{least:,}-{most:,}" in out
    for default in (Setup().people, Setup().months, COMPARE.replicates):
        assert f"{default:,}]" in out


def test_the_version_is_that_of_the_package(run: Run) -> None:
    import policymix

    code, out, _ = run("--version")
    assert code == 0
    assert out.splitlines()[0] == f"policymix {VERSION}" == f"policymix {policymix.__version__}"


@pytest.mark.parametrize("arguments", [("--help",), ("check", "baseline"), ("explain", "n_people")])
def test_quick_commands_load_nothing_heavy(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom policymix.__main__ import main\n"
        f"try:\n    main({list(arguments)!r})\nfinally:\n"
        "    print(sorted(set(sys.modules) & {'numpy', 'mesa', 'pandas', 'matplotlib', 'scipy'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "model")},
        capture_output=True,
        check=True,
        text=True,
    )
    assert last_line(done.stdout) == "[]"


@pytest.mark.parametrize(
    ("raised", "code", "told"),
    [
        (KeyboardInterrupt(), 1, "Stopped."),
        (MemoryError(), 1, "Out of memory: fewer --workers or fewer --people need less."),
        (PermissionError(13, "Permission denied", "x\x1b"), 1, r"x\x1b: Permission denied"),
        (click.UsageError("no"), 2, "Error: no"),
    ],
)
def test_what_goes_wrong_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int, told: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(command_line.cli, "main", fail)
    left, _, err = run()
    assert left == code
    assert err.splitlines()[-1] == told
