"""`validate` as a study: its files and folders, its words, figures and report, and its pages."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from figure_checks import assert_words_have_room
from folders import drawn_as_in, files_in
from html_page import Page, words
from policymix import validate
from policymix.errors import InputError
from policymix.experiments.findings import findings
from policymix.experiments.suites import suite
from policymix.experiments.trials import Trial, play_cell
from policymix.experiments.verdicts import DIRECTION, MISSED, UNTOLD, numbers_of
from policymix.figures_validate import PICTURES
from policymix.label import LABEL, SHORT_LABEL
from policymix.studies.provenance import command_of, question_of
from policymix.studies.validate import TABLES, Validation, ask, run_study
from policymix.studies.validate_report import report_of
from policymix.studies.validate_words import claim_sentence, sentences
from policymix.sweeps import Grid
from policymix.tables import read_table
from policymix.validate_readings import ValidationTables, number_words, rows_of
from policymix.validation_pages import PAGES, tables_of

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "results" / "validation"
SMALL: dict[str, Any] = {"people": 1_000, "replicates": 1, "sizes": {"worlds": 0, "extremes": 2}}
FACTS = (
    "fact, verdict, part, part_verdict, expected, value, low, high, unit, share_of_worlds, "
    "share_low, share_high, share_right_way, share_whole, worlds, share_of_replicates, "
    "built_in, source, label"
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def kept() -> ValidationTables:
    """The study that the documents are made from."""
    return tables_of(KEPT)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("validate") / "small"
    run_study(ask(**SMALL), folder, workers=1)
    return folder


@pytest.mark.slow
def test_a_study_holds_these_files_with_the_label_in_each(finished: Path) -> None:
    found = files_in(finished)
    figures = [f"figures/{one.name}.{kind}" for one in PICTURES for kind in ("png", "svg")]
    others = ["report.html", "provenance.json", "scenarios/baseline.toml", "readings.csv"]
    assert sorted(found) == sorted([*others, *figures, *(f"{name}.csv" for name in TABLES)])
    for name, content in found.items():
        assert (SHORT_LABEL if name.endswith(".csv") else LABEL).encode() in content, name
    assert ", ".join(read_table(finished / "facts.csv").columns) == FACTS


@pytest.mark.slow
def test_a_finished_study_is_read_back_and_repeated(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Validation, "drawn", drawn_as_in(finished))
    again = run_study(ask(**SMALL), finished, workers=1, resume=True)
    assert again.sentences() == list(sentences(tables_of(finished)))
    question, warnings = question_of(finished, "validate")
    assert not warnings
    run_study(question, tmp_path / "again", workers=1)
    before, after = files_in(finished), files_in(tmp_path / "again")
    for name in before:
        if name.endswith(".csv"):
            assert before[name] == after[name], name


@pytest.mark.slow
def test_the_command_names_no_scenario_and_no_months(finished: Path) -> None:
    question, _ = question_of(finished, "validate")
    command = command_of(question)
    assert command.startswith("policymix validate --worlds 0 --extremes 2 --replicates 1")
    assert "--months" not in command
    report = (finished / "report.html").read_text(encoding="utf-8")
    assert "policymix validate --worlds 0 --extremes 2 --replicates 1 --seed 1" in report


def test_wrong_numbers_are_refused_in_words(run: Run) -> None:
    code, _, told = run("validate", "--worlds", "-1")
    assert code == 2
    assert "worlds: read -1, allowed is a whole number from 0 to 100,000" in told
    code, _, told = run("validate", "--months", "12")
    assert code == 2
    assert "--months" in told
    code, _, told = run("validate", "baseline")
    assert code == 2
    with pytest.raises(InputError, match="people: read 5"):
        validate(people=5)


def test_every_missed_fact_is_discussed_in_the_open(kept: ValidationTables) -> None:
    explained = set()
    for kind in ("facts", "rand"):
        for name, verdict in kept.verdicts(kind).items():  # type: ignore[arg-type]
            if verdict in (MISSED, DIRECTION, UNTOLD):
                finding = findings(kind)[name]  # type: ignore[arg-type]
                assert len(finding.discussion) > 100, name
                assert finding.discusses == verdict, name
                explained.add((kind, name))
    discussing = {
        (kind, one.name)
        for kind in ("facts", "rand")
        for one in findings(kind).values()  # type: ignore[arg-type]
        if one.discusses
    }
    assert discussing == explained, "discusses what is shown by now"


def test_the_documents_are_those_of_the_kept_study(kept: ValidationTables) -> None:
    for name, page in PAGES.items():
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert text == page(kept), f"python -m policymix.validation_pages writes docs/{name}"
        assert LABEL in text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["published", "rand"])
@pytest.mark.parametrize(("world", "replicate"), [(0, 3), (7, 0)])
def test_the_kept_study_is_what_the_model_does_today(name: str, world: int, replicate: int) -> None:
    """Two of its cells, played again: any change of the model's numbers shows here."""
    table = read_table(KEPT / "readings.csv")
    row = table[(table["world"] == world) & (table["replicate"] == replicate)].iloc[0]
    cells = Grid(1, replicate + 1, first=world)
    parts = play_cell(Trial(name, ask().setup.people, 12, 1, cells), replicate)
    for key, found in numbers_of(suite(name).readings, parts[None, :]).items():
        np.testing.assert_allclose(found[0], float(row[key]), rtol=1e-6, err_msg=key)


@pytest.fixture(scope="module")
def page(kept: ValidationTables) -> Page:
    class Kept:
        question = ask(replicates=16, sizes={"worlds": 200, "extremes": 1000})

        def readings(self) -> ValidationTables:
            return kept

    return Page(report_of(Kept(), {}))


def test_the_report_tells_every_finding_with_its_verdict(
    page: Page, kept: ValidationTables
) -> None:
    text = words(page.text)
    for kind in ("facts", "claims", "rand"):
        for name, verdict in kept.verdicts(kind).items():  # type: ignore[arg-type]
            one = findings(kind)[name]  # type: ignore[arg-type]
            assert f"{one.title}: {verdict}" in text
            assert one.experiment in text
    for one in findings("extremes").values():
        assert one.title in text
    assert "What the model leaves out" in text


def test_arguments_are_counted_in_every_world_and_not_the_central_one_alone(
    page: Page, kept: ValidationTables
) -> None:
    table = kept.claims.drop_duplicates("claim").set_index("claim")
    told = page.sections["answer"]
    assert "Of 200 sampled worlds, each holds with all its parts: a in" in told
    for name, one in findings("claims").items():
        n = table["share_whole"][name] * table["worlds"][name]
        assert re.search(rf"\b{one.letter} in {n:.0f}\b", told), name
    central = replace(kept, claims=kept.claims.assign(share_whole=np.nan, worlds=0))
    assert claim_sentence(central).endswith("do not hold.")


def test_the_words_of_the_pictures_have_room(kept: ValidationTables) -> None:
    for picture in PICTURES:
        assert_words_have_room(picture.draw(kept))


def test_a_number_that_is_the_same_in_every_replicate_has_no_interval(
    kept: ValidationTables,
) -> None:
    told = {part.name: number_words(row) for _, part, row in rows_of(kept.facts, "facts")}
    assert told["routes"] == "0.00 corridors (the same in every replicate)"
    assert told["reappears"].count(" to ") == 1


def test_the_pictures_say_what_the_tables_say(kept: ValidationTables) -> None:
    for picture in PICTURES:
        data, alt = picture.data(kept), picture.alt(kept)
        assert len(data) > 10
        for part, verdict in zip(data["part"], data["verdict"], strict=True):
            assert f"{part}: {verdict}" in alt


def test_a_share_of_worlds_that_leans_on_weak_evidence_says_so(kept: ValidationTables) -> None:
    flips = kept.flips["claims"]
    weak = flips[flips["grade"] == "C"]
    assert len(weak)
    text = PAGES["claims.md"](kept)
    assert text.count("grade C") >= len(weak)
