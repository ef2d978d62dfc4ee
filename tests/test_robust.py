"""`robust` as a study: its files, one world replayed alone, what is held, and its sentence."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from folders import drawn_as_in, files_in
from policymix import beneath, compare, robust, robustness
from policymix.assumptions import ledger
from policymix.errors import ImpossibleWorldError, InputError
from policymix.label import LABEL, SHORT_LABEL
from policymix.robustness import LEAST_POINTS, STATISTICS, points_of
from policymix.studies.kinds import BASELINE
from policymix.studies.provenance import question_of, settings_of
from policymix.studies.robust import Robust, ask, run_study
from policymix.tables import read_table
from policymix.worlds import drawn_names, draws

TWO = ["demand_first", "supply_first"]
SMALL: dict[str, Any] = {"people": 1_000, "months": 3}
WORLDS = 32
FILES = {
    *("checks.csv", "flips.csv", "provenance.json", "regret.csv", "report.html", "robust.csv"),
    *("runs.csv", "sensitivity.csv", "worlds.csv"),
    *(f"scenarios/{name}.toml" for name in TWO),
    *(f"figures/{n}.{kind}" for n in ("flip", "sensitivity", "worlds") for kind in ("png", "svg")),
}


def small(**changes: Any) -> Any:
    return ask(TWO, sizes={"worlds": WORLDS}, **{**SMALL, **changes})


@pytest.fixture(scope="module", autouse=True)
def _weighed() -> Iterator[None]:
    """Of 32 worlds, too, Sobol' indices are made here: from four points."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(robustness, "LEAST_POINTS", 4)
        yield


@pytest.fixture(scope="module")
def played() -> Robust:
    """A study in memory."""
    return robust(TWO, worlds=WORLDS, **SMALL)


@pytest.fixture(scope="module")
def finished(played: Robust, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, saved."""
    out = tmp_path_factory.mktemp("studies") / "finished"
    played.save(out)
    return out


# --- files ---------------------------------------------------------------------------------------


def test_a_study_holds_these_files_with_the_label_in_each(finished: Path) -> None:
    found = files_in(finished)
    assert set(found) == FILES
    for name, content in found.items():
        assert (SHORT_LABEL if name.endswith(".csv") else LABEL).encode() in content, name


def test_tables_have_the_columns_that_are_promised(finished: Path) -> None:
    flips = "better, worse, outcome, assumption, from, to, unit, grade, coverage, density, label"
    columns = {
        "flips": flips,
        "robust": "better, worse, outcome, share_of_worlds, low, high, worlds, label",
        "worlds": f"world, possible, {', '.join(drawn_names())}, label",
        "runs": f"scenario, world, replicate, {', '.join(STATISTICS)}, label",
    }
    for name, expected in columns.items():
        table = read_table(finished / f"{name}.csv")
        assert ", ".join(table.columns) == expected
    worlds = read_table(finished / "worlds.csv")
    assert list(worlds["world"]) == list(range(WORLDS + 1))
    np.testing.assert_array_equal(worlds[list(drawn_names())], draws(1, range(WORLDS + 1)))


@pytest.mark.slow
def test_any_number_of_workers_and_a_cut_in_between_give_the_same_bytes(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Robust, "drawn", drawn_as_in(finished))

    def stop(done: int, _of: int) -> None:
        if done == 40:  # among the runs that the indices need
            raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        run_study(small(), out, workers=1, progress=stop)
    kept = {path.name: path.stat().st_mtime_ns for path in (out / "unfinished").glob("*.npz")}
    assert len(kept) >= 39
    told: list[tuple[int, int]] = []
    run_study(small(), out, workers=2, resume=True, progress=lambda *both: told.append(both))
    assert told[0][0] == WORLDS + 1
    assert files_in(out) == files_in(finished)


def test_a_finished_study_is_read_back_as_it_was(played: Robust, finished: Path) -> None:
    read = run_study(small(), finished, workers=1, resume=True)
    assert isinstance(read, Robust)
    for name, table in played.tables.items():
        assert read.tables[name].equals(read_table(finished / f"{name}.csv"))
        assert list(table.columns) == list(read.tables[name].columns)
    np.testing.assert_array_equal(read.runs, played.runs)
    assert str(read) == str(played)
    assert read.report() == (finished / "report.html").read_text(encoding="utf-8")


def test_a_study_is_repeated_from_its_provenance(finished: Path) -> None:
    question, warnings = question_of(finished, "robust")
    assert warnings == []
    assert question.sizes == {"worlds": WORLDS}
    assert settings_of(question) == settings_of(small())
    with pytest.raises(InputError, match=r"settings.study: read 'robust', allowed is compare"):
        question_of(finished)


# --- worlds --------------------------------------------------------------------------------------


def test_one_world_is_replayed_alone_by_compare(finished: Path) -> None:
    runs = read_table(finished / "runs.csv")
    alone = compare(
        ["demand_first"], against="supply_first", world=17, replicates=1, seed=1, **SMALL
    )
    summary = alone.summary.set_index(["scenario", "outcome", "statistic"])["mean"]
    for row in runs[runs["world"] == 17].to_dict("records"):
        for outcome, statistic in STATISTICS.items():
            assert summary[row["scenario"], outcome, statistic] == row[outcome]
    assert "Sampled world 17: 1 replicate" in alone.notes()[0]


@pytest.mark.slow
def test_what_is_assumed_for_all_is_held_in_every_world_and_looked_at_no_more(
    played: Robust,
) -> None:
    value = 0.0  # the central value, too, can be held
    held = robust(TWO, worlds=WORLDS, assume={"domestic_margin_pass_through": value}, **SMALL)
    column = held.worlds["domestic_margin_pass_through"]
    assert set(column) == {value}
    assert "domestic_margin_pass_through" not in set(held.tables["sensitivity"]["group"])
    assert any("held: domestic_margin_pass_through = 0" in note for note in held.notes())
    assert not np.array_equal(held.runs, played.runs)
    np.testing.assert_array_equal(held.runs[0], played.runs[0])


@pytest.mark.slow
def test_impossible_worlds_are_counted_and_left_out(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Robust, "drawn", drawn_as_in(finished))
    monkeypatch.setattr(robustness, "LEAST_POINTS", LEAST_POINTS)  # nothing is weighed
    out = tmp_path / "out"
    study = run_study(small(assume={"share_retail_domestic": 0.91}), out, workers=1)
    n = int((~study.possible[1:]).sum())
    assert 0 < n < WORLDS
    assert f"{n} of {WORLDS} worlds are impossible" in " ".join(study.notes())
    assert set(study.tables["robust"]["worlds"]) == {WORLDS - n}
    assert (read_table(out / "worlds.csv")["possible"] == "no").sum() == n
    assert "impossible" in (out / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_what_all_scenarios_assume_alike_is_held_and_said(tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = f'title = "{name}"\nsummary = "{name}"\n[assumptions]\npeer_effect = 0.4\n'
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    files = [tmp_path / "one.toml", tmp_path / "two.toml"]
    study = robust(files, worlds=WORLDS, **SMALL)
    assert set(study.worlds["peer_effect"]) == {0.4}
    assert "peer_effect" not in set(study.tables["sensitivity"]["group"])
    assert any("held: peer_effect = 0.4" in note for note in study.notes())


def test_a_study_is_not_resumed_over_another_ledger(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = shutil.copytree(finished, tmp_path / "copied")
    asked = small()
    monkeypatch.setattr(beneath, "sha256_of", lambda path: "of another ledger")
    with pytest.raises(InputError, match="the ledger is not the same"):
        run_study(asked, copied, workers=1, resume=True)


def test_where_too_little_is_drawn_that_is_said() -> None:
    values = {name: ledger()[name].value for name in drawn_names()[:-3]}
    with pytest.raises(InputError, match="assumptions: read 88 that are held, allowed leaves"):
        small(assume=values)


def test_where_no_world_is_possible_that_is_said_instead_of_a_result() -> None:
    with pytest.raises(ImpossibleWorldError, match="none of 32 sampled ones has a balance"):
        run_study(small(assume={"share_retail_domestic": 0.95}), None, workers=1)


def test_points_of_the_indices_are_a_power_of_two_that_the_worlds_have() -> None:
    assert [points_of(n) for n in (32, 400, 2_000, 1_000_000)] == [4, 32, 64, 1024]
    for n in (32, 33, 100, 5_000):
        assert 2 * points_of(n) <= n


@pytest.mark.slow
def test_where_points_are_too_few_nothing_is_weighed_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(robustness, "LEAST_POINTS", LEAST_POINTS)
    assert [points_of(n) for n in (32, 127, 128)] == [0, 0, 16]
    told: list[tuple[int, int]] = []
    question, out = small(assume={"price_elasticity": -0.8}), tmp_path / "out"
    study = run_study(question, out, workers=1, progress=lambda *both: told.append(both))
    assert told[-1] == (WORLDS + 1, WORLDS + 1), "no worlds between others are played"
    assert study.tables["sensitivity"].empty
    assert {path.stem for path in (out / "figures").iterdir()} == {"flip", "worlds"}
    report = (out / "report.html").read_text(encoding="utf-8")
    assert "They need 16 base points, each of two sampled worlds and" in report
    assert "which 128 worlds have and 32 do not." in report
    assert "Upper number in each cell" not in report


# --- what is asked -------------------------------------------------------------------------------


def test_one_scenario_alone_is_held_against_the_baseline() -> None:
    assert ask(["demand_first"]).names == ["demand_first", BASELINE]
    assert ask(TWO).names == TWO
    assert ask([*TWO, "combined"]).reference == "combined"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((), "scenarios: read none, allowed are one to 6"),
        ((BASELINE,), "read baseline alone"),
        (("combined", "combined"), "more than once"),
        (("demand_frist", "supply_first"), "Did you mean demand_first"),
        (tuple("abcdefg"), "scenarios: read 7, allowed are one to 6"),
    ],
)
def test_what_cannot_be_asked_is_said(asked: tuple[str, ...], told: str) -> None:
    with pytest.raises(InputError, match=told):
        ask(asked)


def test_a_wrong_number_of_worlds_is_said() -> None:
    with pytest.raises(InputError, match="worlds: read 5, allowed is a whole number from 32"):
        ask(TWO, sizes={"worlds": 5})


# --- the sentence --------------------------------------------------------------------------------


def test_more_worlds_are_promised_narrower_intervals(played: Robust) -> None:
    (note,) = [note for note in played.notes() if note.startswith("A first answer")]
    assert "7.9 times as wide as in a full study, --worlds 2000" in note


def test_a_copied_study_needs_only_its_own_files(finished: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(finished, tmp_path / "copied")
    assert question_of(copied, "robust")[0] == question_of(finished, "robust")[0]
