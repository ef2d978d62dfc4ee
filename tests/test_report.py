"""report.html: one file with the label, the answer, what it leans on, and nobody's markup in it."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from folders import FIGURES, files_in
from hostile import HEBREW, HOSTILE, hostile_scenarios
from html_page import Page, missing_of, words
from policymix import compare
from policymix.assumptions import ledger
from policymix.label import LABEL
from policymix.left_out import LINES
from policymix.studies import sections
from policymix.studies.leaning import leaning_table
from policymix.studies.pages import own_text
from policymix.studies.study import Study

SMALL = {"replicates": 2, "people": 2_000, "months": 60}  # long enough to say what it leans on
SECTIONS = ["answer", "settings", "figures", "side-effects", "why", "leans", "left-out", "repeat"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def study() -> Study:
    return compare(["baseline", "demand_first", "treatment_only_shift"], **SMALL)


@pytest.fixture(scope="module")
def pictures(study: Study) -> dict[str, bytes]:
    return {name: figure.file_bytes("svg") for name, figure in study.figures.all()}


@pytest.fixture(scope="module")
def text(study: Study, pictures: dict[str, bytes]) -> str:
    return study.report(pictures)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every file of a study of hostile scenarios."""
    folder = tmp_path_factory.mktemp("hostile") / "study"
    scenarios = ["baseline", *hostile_scenarios()]
    compare(scenarios, replicates=2, people=1_000, months=3, out=folder)
    return files_in(folder)


def test_the_label_stands_first_and_at_the_top(page: Page, text: str) -> None:
    body = text.partition("<body>")[2]
    assert body.lstrip().startswith(f'<header class="label">{LABEL}</header>')
    assert page.of("meta")[-2]["content"] == LABEL
    assert f'content: "{LABEL}"' in text  # the foot of every printed page


def test_sections_come_in_their_order(page: Page) -> None:
    assert [section["id"] for section in page.of("section")] == SECTIONS
    inside = {link["href"] for link in page.of("a") if (link["href"] or "").startswith("#")}
    assert inside == {f"#{name}" for name in SECTIONS}
    assert page.of("html")[0]["lang"] == "en"


def test_the_question_is_one_sentence_with_the_money(page: Page) -> None:
    asked = words(page.sections[""])
    assert (
        "Over 5 years, what changes for the same people with the same dice if the same 42.5 "
        "billion US dollars a year are spent as in demand_first or treatment_only_shift instead "
        "of as in baseline?"
    ) in asked


def test_the_answer_is_in_words_with_its_uncertainty(page: Page, study: Study) -> None:
    answer = words(page.sections["answer"])
    for subject in ("People with addiction at the end", "Overdose deaths", "Cartel profit"):
        assert re.search(rf"{subject}: [^.]*(\.\d+[^.]*)* under demand_first (than|from)", answer)
    assert "95 % interval" in answer
    for note in study.question.notes():
        assert note in answer


def test_what_a_result_rests_on_stands_beside_it_with_its_grade(page: Page, study: Study) -> None:
    answer, leans = words(page.sections["answer"]), words(page.sections["leans"])
    table = leaning_table(study.question)
    for outcome in dict.fromkeys(table["outcome"]):
        own = table[table["outcome"] == outcome]
        lead = ledger()[own.loc[own["swing"].idxmax(), "assumption"]]
        assert f"{lead.name} grade {lead.grade}, " in answer
        assert lead.name in leans
        assert lead.meaning in leans
        assert lead.why in leans
    assert "grade C, weak" in answer
    assert "instead of" in leans


def test_grade_c_is_marked_for_the_eye_too(text: str) -> None:
    marked = text.count('<strong class="grade-c">grade C, weak</strong>')
    assert marked == text.count("grade C, weak") > 0


def test_only_what_differs_is_among_the_settings(page: Page) -> None:
    settings = words(page.sections["settings"])
    assert "Medication treatment" in settings
    assert "treatment_in_custody" not in settings
    assert "peer_effect" not in settings
    other = compare(["treatment_only_shift"], replicates=2, people=1_000, months=1).report({})
    other = words(Page(other).sections["settings"])
    assert "Policing" in other
    assert "Prevention" not in other


def test_every_figure_has_words_and_a_table_and_is_inside_the_file(
    page: Page, pictures: dict[str, bytes]
) -> None:
    shown = page.of("img")
    assert len(shown) == len(FIGURES)
    for picture in shown:
        source, alt = picture["src"] or "", picture["alt"] or ""
        kind, _, data = source.partition(",")
        assert kind == "data:image/svg+xml;base64"
        assert base64.b64decode(data) in pictures.values()
        assert len(alt) > 40
    assert len(page.of("details")) == len(page.of("figure")) == len(page.of("figcaption"))
    assert [one["id"] for one in page.of("figure")] == [f"figure-{name}" for name in pictures]


def test_nothing_is_loaded_and_nothing_runs(page: Page, text: str) -> None:
    assert page.of("script") == page.of("link") == page.of("iframe") == []
    policy = next(m for m in page.of("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert (policy["content"] or "").startswith("default-src 'none'; img-src data:;")
    assert re.findall(r"url\(|@import|\son\w+=", text.partition("<body>")[0]) == []
    for _, attributes in page.elements:
        assert [name for name in attributes if name.startswith("on")] == []
        source = attributes.get("src")
        assert source is None or source.startswith("data:")


def test_it_says_what_is_left_out_and_how_to_repeat_it(page: Page, study: Study) -> None:
    assert missing_of(LINES, page.sections["left-out"]) == []
    repeat = words(page.sections["repeat"])
    assert "policymix compare --from provenance.json" in repeat
    assert "policymix compare scenarios/baseline.toml scenarios/demand_first.toml" in repeat
    assert f"policymix {study.provenance['version']}" in repeat
    assert str(study.provenance["commit"] or "not known") in repeat


def test_the_same_study_gives_the_same_bytes_and_they_are_few(
    study: Study, pictures: dict[str, bytes], text: str
) -> None:
    assert study.report(pictures) == text
    again = compare(["baseline", "demand_first", "treatment_only_shift"], **SMALL)
    assert again.report(pictures) == text
    assert len(text.encode()) < 3_000_000


@pytest.mark.usefixtures("no_figures")
def test_the_command_in_the_report_asks_the_same_again(
    run: Run, study: Study, page: Page, tmp_path: Path
) -> None:
    study.save(tmp_path / "study")
    files = [str(tmp_path / "study" / f"scenarios/{name}.toml") for name in study.question.names]
    given = re.search(r"policymix compare scenarios/.* --seed \d+", page.sections["repeat"])
    assert given is not None
    words = given[0].split()[2:]
    against = str(tmp_path / "study" / words[words.index("--against") + 1])
    options = ["--against", against, *words[words.index("--against") + 2 :]]
    code, _, _ = run("compare", *files, *options, "--workers", "1", "--out", "again")
    assert code == 0
    before, after = (files_in(tmp_path / name) for name in ("study", "again"))
    assert before["runs.csv"] == after["runs.csv"]
    assert before["report.html"] == after["report.html"]


def test_the_reference_alone_and_one_replicate_have_their_report() -> None:
    alone = Page(compare(["baseline"], replicates=2, people=1_000, months=2).report({}))
    found = [attributes["id"] for attributes in alone.of("section")]
    assert found == [name for name in SECTIONS if name not in ("why", "leans")]
    assert "nothing was played beside baseline" in alone.sections["answer"]
    assert not re.search(r"differ|\(reference\)", alone.sections["settings"])
    assert "difference" not in alone.sections["side-effects"] + alone.sections["answer"]
    once = Page(compare(["combined"], replicates=1, people=1_000, months=2).report({}))
    assert "one replicate: no interval" in once.sections["answer"]
    assert "95 % interval" not in once.sections["answer"]


# --- what anyone may write into a scenario file ---------------------------------------------------


@pytest.mark.slow
def test_hostile_titles_and_summaries_are_text(hostile: dict[str, bytes], text: str) -> None:
    page = Page(hostile["report.html"].decode())
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in Page(text).elements}
    assert page.of("script") == []
    assert len(page.of("img")) == len(FIGURES)
    shown = words(page.sections["settings"])
    for title, summary in (HOSTILE[k] for k in (0, 1, 3, 4)):
        assert title in shown
        assert words(summary).strip() in shown
    assert r"\u202egnp.exe\x07\x1b[31m\x00" in shown
    assert r"one two tabs \u2066\u2028 \U000e0001" in shown


@pytest.mark.slow
def test_control_and_direction_marks_never_reach_the_page(hostile: dict[str, bytes]) -> None:
    report = hostile["report.html"].decode()
    assert [c for c in report if not c.isprintable() and c != "\n"] == []
    assert f"<bdi>{HEBREW}</bdi>" in report


def test_whatever_text_comes_in_is_escaped(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "asked_sentence", lambda question: "<b>a & b</b>")
    assert "&lt;b&gt;a &amp; b&lt;/b&gt;" in study.report({})


def test_own_text_is_isolated_and_on_one_line() -> None:
    assert own_text("a <b>\n\u202ec") == "<bdi>a &lt;b&gt; \\u202ec</bdi>"


@pytest.mark.slow
def test_tables_and_pictures_hold_names_only(hostile: dict[str, bytes]) -> None:
    for name, data in hostile.items():
        if name.endswith((".csv", ".svg", ".json")):
            for needle in (b"owned", b"cmd|", b"HYPERLINK", HEBREW.encode(), b"tttt", b"gnp"):
                assert needle not in data, name
        if name.endswith(".csv"):
            cells = [cell for line in data.decode().splitlines()[1:] for cell in line.split(",")]
            assert [cell for cell in cells if cell[:1] in "=@" and cell] == []
            assert all(cell[:1] not in "+-" or float(cell) for cell in cells if cell)


def test_the_terminal_shows_a_hostile_title_escaped(run: Run, tmp_path: Path) -> None:
    title = HOSTILE[2][0].encode("unicode_escape").decode().replace("\\x", "\\u00")
    content = f'title = "{title}"\nsummary = "x"\n'
    (tmp_path / "mine.toml").write_text(content, encoding="utf-8")
    code, out, _ = run("check", "mine.toml")
    assert code == 0
    assert r"\u202egnp.exe\x07\x1b[31m\x00" in out
    assert [c for c in out if not c.isprintable() and c != "\n"] == []


@pytest.mark.usefixtures("no_figures")
def test_compare_tells_where_the_report_is(run: Run) -> None:
    small = ("--people", "1000", "--months", "2", "--replicates", "2", "--workers", "1")
    code, out, _ = run("compare", "combined", *small, "--out", "here")
    assert code == 0
    assert out.splitlines()[-2:] == ["Report: here/report.html", LABEL]
    assert Path("here/report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
