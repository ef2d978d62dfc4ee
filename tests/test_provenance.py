"""A study's files: what they say, and how they are repeated to the same bytes."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from folders import drawn_as_in, files_in, study_files
from policymix import load_scenario
from policymix.beneath import package_versions
from policymix.errors import InputError
from policymix.label import LABEL, SHORT_LABEL
from policymix.studies import provenance as provenance_room
from policymix.studies.compare import run_study
from policymix.studies.provenance import question_of, settings_of
from policymix.studies.question import Question, ask
from policymix.studies.study import Study

ROOT = Path(__file__).resolve().parent.parent
SMALL: dict[str, Any] = {"replicates": 2, "people": 1_000, "months": 3}
NAMES = ["baseline", "demand_first"]
FILES = study_files("baseline", "demand_first")


def small(**changes: Any) -> Question:
    return ask(NAMES, **{**SMALL, **changes})


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished study; tests that change it copy it first."""
    out = tmp_path_factory.mktemp("studies") / "finished"
    run_study(small(), out, workers=1)
    return out


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "copied"))


def test_a_finished_study_holds_these_files_and_the_label_in_each(finished: Path) -> None:
    found = files_in(finished)
    assert sorted(found) == FILES
    for name, content in found.items():
        label = SHORT_LABEL if name.endswith(".csv") else LABEL
        assert label.encode() in content, name


@pytest.mark.usefixtures("no_figures")
def test_no_file_names_a_folder_or_a_date_of_this_machine(finished: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    shutil.copyfile(finished / "scenarios" / "demand_first.toml", mine)
    run_study(ask([mine], **SMALL), tmp_path / "out", workers=1)
    # In the first there are figures, in the second is what comes from a file of one's own.
    for name, content in [*files_in(finished).items(), *files_in(tmp_path / "out").items()]:
        text = content.decode(errors="replace")
        assert not any(str(place) in text for place in (finished.parent, tmp_path)), name
        assert not re.search(r"20\d\d-\d\d-\d\d[T ]\d\d:", text), name


def test_provenance_says_what_is_needed(finished: Path) -> None:
    told = json.loads((finished / "provenance.json").read_text(encoding="utf-8"))
    assert next(iter(told)) == "label"
    assert told["command"] == (
        "policymix compare baseline demand_first --against baseline --replicates 2 "
        "--people 1000 --months 3 --seed 1"
    )
    assert (told["seed"], told["replicates"]) == (1, 2)
    assert told["setup"] == {"people": 1000, "months": 3, "cartels": 12}
    assert set(told["packages"]) >= {"mesa", "numpy", "scipy", "pandas"}
    for name, sha in told["outputs"].items():
        assert sha == provenance_room.sha256_of(finished / name)
    assert sorted([*told["outputs"], "provenance.json"]) == FILES
    assert told["commit"] is None or re.fullmatch(r"[0-9a-f]{40}(-dirty)?", told["commit"])


def test_without_git_there_is_no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert provenance_room._commit.__wrapped__() is None


def test_resolved_scenarios_load_to_what_was_played(finished: Path) -> None:
    for name, asked in zip(NAMES, small().scenarios, strict=True):
        assert load_scenario(finished / "scenarios" / f"{name}.toml") == asked


@pytest.mark.slow
def test_the_same_study_has_the_same_bytes_on_two_workers(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Study, "drawn", drawn_as_in(finished))
    run_study(small(), tmp_path / "again", workers=2)
    assert files_in(tmp_path / "again") == files_in(finished)


@pytest.mark.usefixtures("no_figures")
def test_another_seed_has_other_numbers(finished: Path, tmp_path: Path) -> None:
    run_study(small(seed=2), tmp_path / "other", workers=1)
    assert files_in(tmp_path / "other")["runs.csv"] != files_in(finished)["runs.csv"]


def test_a_study_repeats_from_its_provenance_to_the_same_bytes(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Study, "drawn", drawn_as_in(finished))
    question, warnings = question_of(finished / "provenance.json")
    assert warnings == []
    assert settings_of(question) == settings_of(small())
    run_study(question, tmp_path / "again", workers=1)
    assert files_in(tmp_path / "again") == files_in(finished)
    assert question_of(finished)[0] == question  # its folder says as much


@pytest.mark.parametrize("key", ["seed", "replicates"])
def test_a_provenance_that_contradicts_itself_is_refused(copied: Path, key: str) -> None:
    path = change(copied, lambda told: told.update({key: 7}))
    with pytest.raises(InputError, match=f"{key} and settings.{key} are not the same"):
        question_of(path)


def test_a_changed_ledger_is_told(copied: Path) -> None:
    path = change(copied, lambda told: told["inputs"].update({"ledger/assumptions.toml": "0"}))
    assert "the ledger is not the same" in question_of(path)[1][0]


def change(folder: Path, edit: Callable[[dict[str, Any]], object]) -> Path:
    path = folder / "provenance.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    edit(told)
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def test_other_versions_are_told(copied: Path) -> None:
    path = change(copied, lambda told: told["packages"].update(numpy="1.0\x1b[2J"))
    _, warnings = question_of(path)
    assert len(warnings) == 1
    assert "numpy 1.0\\x1b[2J is now " in warnings[0]
    path = change(copied, lambda told: told["settings"].update(code="0"))
    change(copied, lambda told: told["packages"].update(package_versions()))
    assert "code is not the same" in question_of(path)[1][0]


def test_a_changed_scenario_is_not_repeated(copied: Path) -> None:
    with (copied / "scenarios" / "baseline.toml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    with pytest.raises(InputError, match=r"baseline\.toml: changed since the study was made"):
        question_of(copied / "provenance.json")
    (copied / "scenarios" / "baseline.toml").unlink()
    with pytest.raises(InputError, match=r"baseline\.toml: missing"):
        question_of(copied / "provenance.json")


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda s: s.update(order="../../etc/passwd", scenarios={"../../etc/passwd": "0"}), "name"),
        (lambda s: s.update(order="baseline"), "different scenarios"),
        (lambda s: s.update(reference="nobody"), "reference"),
        (lambda s: s.update(replicates=10**9), "replicates"),
        (lambda s: s.update(seed="1"), "seed"),
        (lambda s: s.update(scenarios=["baseline"]), "scenarios"),
        (lambda s: s.clear(), "settings"),
    ],
)
def test_a_provenance_from_anyone_is_checked(
    copied: Path, edit: Callable[[dict[str, Any]], object], message: str
) -> None:
    path = change(copied, lambda told: edit(told["settings"]))
    with pytest.raises(InputError, match=message):
        question_of(path)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 200_000, b" " * 1_000_001, b"{}"]
)
def test_a_provenance_that_is_none_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "provenance.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"provenance\.json: "):
        question_of(path)
    with pytest.raises(InputError, match=r"cannot be read .* Did you mean .*provenance\.json\?"):
        question_of(tmp_path / "provenanc.json")


@pytest.mark.parametrize(
    ("sizes", "held", "told"),
    [
        ({"world": 10**30}, {}, "world: read a whole number of about 30 digits"),
        ({"world": -7}, {}, "world: read -7"),
        ({"world": 1}, {"\x1b]0;x\x07": 1.0}, r"\\x1b.*unknown"),
        ({"world": 1}, {"peer_effect": 99.0}, "peer_effect: read 99.0"),
    ],
)
def test_crafted_sizes_and_held_numbers_are_refused_in_plain_text(
    copied: Path, sizes: dict[str, int], held: dict[str, float], told: str
) -> None:
    path = copied / "provenance.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["settings"] |= {"sizes": sizes, "held": held}
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match=told) as caught:
        question_of(path)
    assert str(caught.value).isprintable()
