"""`margins` and `mixes` as studies: their files, their folders, what they refuse; and the doors."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from folders import drawn_as_in, files_in
from policymix import load_scenario, margins, mixes
from policymix.errors import InputError
from policymix.label import LABEL, SHORT_LABEL
from policymix.levers import LEVER_NAMES
from policymix.studies import margins as of_margins
from policymix.studies import mixes as of_mixes
from policymix.studies.kinds import KINDS
from policymix.studies.provenance import question_of
from policymix.studies.robust_answer import Robust
from policymix.tables import Moments, read_table
from scipy.stats import norm

SMALL: dict[str, Any] = {"people": 1_000, "months": 3, "replicates": 2}
SIZES = {"steps": 3, "worlds": 2}
FEW = {"margins": {}, "mixes": {"sizes": SIZES}}
ROOMS: dict[str, Any] = {"margins": of_margins, "mixes": of_mixes}
ANSWERS = {"robust": Robust, "margins": of_margins.Margins, "mixes": of_mixes.Mixes}
FIGURES = {"margins": ("margins", "pairs"), "mixes": ("triangle", "frontier")}
COLUMNS = {
    "margins": "lever, outcome, unit, difference_per_billion, low, high, label",
    "pairs": "lever, other, outcome, unit, interaction, low, high, label",
    "mixes": "supply, demand, cooperation, outcome, unit, mean, low, high, on_frontier, "
    "difference, difference_low, difference_high, label",
    "frontier": "supply, demand, cooperation, share_of_worlds, low, high, worlds, label",
}
Run = Callable[..., tuple[int, str, str]]
each = pytest.mark.parametrize("study", list(ROOMS))


def question(study: str, **changes: Any) -> Any:
    return ROOMS[study].ask(None, **{**SMALL, **FEW[study], **changes})


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("studies")
    for study, room in ROOMS.items():
        room.run_study(question(study), folder / study, workers=1)
    return {study: folder / study for study in ROOMS}


@each
def test_a_study_holds_these_files_with_the_label_in_each(
    study: str, finished: dict[str, Path]
) -> None:
    found = files_in(finished[study])
    tables = ROOMS[study].TABLES
    figures = [f"figures/{n}.{kind}" for n in FIGURES[study] for kind in ("png", "svg")]
    others = ["report.html", "provenance.json", "scenarios/baseline.toml"]
    assert sorted(found) == sorted([*others, *figures, *(f"{name}.csv" for name in tables)])
    for name, content in found.items():
        assert (SHORT_LABEL if name.endswith(".csv") else LABEL).encode() in content, name
    for name in tables:
        table = read_table(finished[study] / f"{name}.csv")
        assert ", ".join(table.columns) == COLUMNS[name]
        assert len(table)


@pytest.mark.slow
@each
def test_a_cut_and_any_number_of_workers_give_the_same_bytes(
    study: str, finished: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ANSWERS[study], "drawn", drawn_as_in(finished[study]))

    def stop(done: int, _of: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    out, run = tmp_path / "out", ROOMS[study].run_study
    with pytest.raises(KeyboardInterrupt):
        run(question(study), out, workers=1, progress=stop)
    told: list[tuple[int, int]] = []
    run(
        *(question(study), out),
        workers=2,
        resume=True,
        progress=lambda *both: told.append(both),
    )
    assert told[0][0] == 1
    assert files_in(out) == files_in(finished[study])


@pytest.mark.slow
@each
def test_a_study_is_read_back_and_repeated(
    study: str, finished: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ROOMS[study].run_study
    read = run(question(study), finished[study], workers=1, resume=True)
    text = (finished[study] / "report.html").read_text(encoding="utf-8")
    assert read.report() == text
    assert LABEL in str(read)
    asked, warnings = question_of(finished[study], study)
    assert warnings == []
    monkeypatch.setattr(ANSWERS[study], "drawn", drawn_as_in(finished[study]))
    run(asked, tmp_path / "again", workers=1)
    assert files_in(tmp_path / "again") == files_in(finished[study])


@each
def test_what_is_assumed_reaches_every_run(study: str, finished: dict[str, Path]) -> None:
    run = ROOMS[study].run_study
    asked = question(study, assume={"price_elasticity": 0.0})
    other = run(asked, None, workers=1)
    before = run(question(study), finished[study], workers=1, resume=True)
    name = ROOMS[study].TABLES[0]
    assert not other.tables[name].equals(before.tables[name])
    assert any("price_elasticity = 0" in note for note in other.notes())


@pytest.mark.parametrize("study", ["compare", *ROOMS])
def test_an_impossible_central_world_is_refused_before_anything_is_written(
    study: str, run: Run
) -> None:
    assumed = ("--assume", "share_retail_domestic=0.95", "--assume", "smuggling_usd_per_gram=15")
    code, out, err = run(study, *TINY, *assumed, "--out", "here")
    assert (code, out) == (2, "")
    assert "impossible world" in err
    assert not Path("here").exists()


def test_the_functions_beside_compare_take_a_scenario() -> None:
    found = margins(load_scenario("demand_first"), people=1_000, months=1, replicates=2)
    assert list(found.tables["margins"]["lever"].unique()) == list(LEVER_NAMES)
    assert found.question.names == ["demand_first"]
    some = mixes("demand_first", steps=2, worlds=0, people=1_000, months=1, replicates=1)
    assert some.tables["frontier"].empty
    assert len(some.tables["mixes"]) == 6 * 5


@pytest.mark.parametrize(
    ("study", "scenarios", "told"),
    [
        ("margins", ["baseline", "combined"], "scenarios: read 2, allowed is one"),
        ("mixes", ["baseline", "combined"], "scenarios: read 2, allowed is one"),
        ("mixes", ["supply_then_demand"], "read 2 phases, allowed is one mix for all years"),
        ("margins", ["basline"], "Did you mean baseline"),
    ],
)
def test_what_cannot_be_asked_is_said(study: str, scenarios: list[str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        ROOMS[study].ask(scenarios)


def test_mixes_of_no_money_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "nothing.toml"
    levers = "\n".join(f"{name} = 0.0" for name in LEVER_NAMES)
    path.write_text(f'title = "N"\nsummary = "N"\n[funding.levers]\n{levers}\n', encoding="utf-8")
    with pytest.raises(InputError, match="nothing: read no money, allowed is a budget"):
        of_mixes.ask([path])


@pytest.mark.parametrize("n", [2, 4, 15])
def test_few_replicates_are_said_to_be_a_first_answer_with_wider_intervals(n: int) -> None:
    """The claimed factor is that of intervals of a mean, whose values spread alike."""
    few, full = (Moments((2_000,)) for _ in range(2))
    for moments, size in ((few, n), (full, KINDS["margins"].replicates)):
        for values in norm.rvs(size=(size, 2_000), random_state=size):
            moments.see(values)
    squares = [np.mean(np.square(np.subtract(*one.interval()))) for one in (few, full)]
    notes = of_margins.Margins(question("margins", replicates=n), {}).notes()
    (told,) = [note for note in notes if note.startswith("A first answer: ")]
    wider = float(re.findall(r"about ([0-9.]+) times as wide", told)[0])
    assert wider == pytest.approx(np.sqrt(squares[0] / squares[1]), rel=0.06)
    assert "as in a full study, --replicates 16, which takes " in told


@pytest.mark.parametrize("n", [1, 16, 40])
def test_a_full_study_is_no_first_answer_and_one_replicate_has_no_interval(n: int) -> None:
    notes = of_margins.Margins(question("margins", replicates=n), {}).notes()
    assert not any("A first answer" in note for note in notes)


# --- the doors -----------------------------------------------------------------------------------

TINY = ("--people", "1000", "--months", "1", "--workers", "1")
COMMANDS: dict[str, tuple[str, ...]] = {
    "robust": ("demand_first", "supply_first", "--worlds", "32"),
    "margins": ("--replicates", "2"),
    "mixes": ("--steps", "2", "--worlds", "2", "--replicates", "2"),
}


@pytest.mark.slow
@pytest.mark.parametrize("study", list(COMMANDS))
def test_a_command_shows_a_table_sentences_the_folder_and_the_label(
    study: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = run(study, *COMMANDS[study], *TINY, "--out", "here")
    assert code == 0
    assert "\n- " in out
    assert out.splitlines()[-3:] == ["Results are in here", "Report: here/report.html", LABEL]
    assert KINDS[study].parts in err.splitlines()[0]
    counted = re.findall(r"of (\d+) worlds", err)
    assert counted == [], "what is counted are no worlds: robust plays some between them, too"
    assert Path("here/provenance.json").is_file()
    monkeypatch.setattr(ANSWERS[study], "drawn", drawn_as_in(Path("here")))
    code, out, _ = run(study, "--from", "here", "--workers", "1", "--out", "again")
    assert code == 0
    assert files_in(Path("here")) == files_in(Path("again"))


@pytest.mark.parametrize("study", list(KINDS))
def test_help_says_the_defaults_and_bounds_that_hold(study: str, run: Run) -> None:
    _, out, _ = run(study, "--help")
    kind, text = KINDS[study], " ".join(run(study, "--help")[1].split())
    assert f"[default: {kind.replicates}]" in text
    assert f"[default: {kind.setup.people:,}]" in text
    for name, size in kind.sizes.items():
        assert f"--{name} INTEGER" in text
        assert f"[default: {size.default:,}" in text
    assert out.rstrip().endswith(LABEL)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("robust",), "scenarios: read none"),
        (("robust", "demand_first", "--worlds", "3"), "worlds: read 3"),
        (("margins", "a", "b"), "scenarios: read 2"),
        (("mixes", "--steps", "99"), "steps: read 99, allowed is a whole number from 2 to 20"),
        (
            ("robust", "combined", "--worlds", "1000000", "--replicates", "5"),
            "worlds x replicates: read 1,000,000 x 5 = 5,000,000, allowed is up to 2,000,000",
        ),
        (
            ("mixes", "--steps", "20", "--worlds", "100000"),
            "mixes x (worlds + replicates): read 231 x (100,000 + 8) = 23,101,848, allowed is up",
        ),
        (("compare", "--world", "-1"), "world: read -1"),
        (("mixes", "--cluster", ""), "--cluster: read nothing"),
        (("mixes", "--cluster", "tcp://a:1", "--workers", "2"), "--workers and --cluster"),
        (("robust", "combined", "--from", "x"), "--from: repeats a study as it was"),
    ],
)
def test_wrong_input_is_said_and_nothing_is_written(
    asked: tuple[str, ...], told: str, run: Run
) -> None:
    code, out, err = run(*asked)
    assert (code, out) == (2, "")
    assert told in err
    assert list(Path().iterdir()) == []


@pytest.mark.slow
def test_resuming_where_there_is_no_study_begins_one_and_says_so(run: Run, tmp_path: Path) -> None:
    asked = ("compare", "combined", *TINY, "--replicates", "1", "--resume", "--out")
    (tmp_path / "empty").mkdir()
    for out in ("nowhere", "empty"):
        code, _, err = run(*asked, out)
        assert code == 0
        assert err.splitlines()[0] == f"{out}: no study to resume; a new one begins."
        assert Path(out, "provenance.json").is_file()
    code, _, err = run(*asked, "nowhere")
    assert (code, err) == (0, "")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").touch()
    code, _, err = run(*asked, "mine")
    assert code == 2
    assert "a new one begins" not in err


def test_who_asks_robust_for_one_world_is_told_which_command_replays_it(run: Run) -> None:
    code, out, err = run("robust", "demand_first", "supply_first", "--world", "5")
    assert (code, out) == (2, "")
    assert "No such option: --world. `policymix compare A B --world 5` replays one world." in err
    assert "--world " not in run("robust", "--help")[1]
