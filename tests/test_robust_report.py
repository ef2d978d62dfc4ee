"""The report of `robust`: the sentences first, then what they rest on, with its grades."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from answered import Answered, named, robust_question
from folders import files_in
from hostile import HEBREW, HOSTILE, hostile_scenarios
from html_page import Page, missing_of, words
from made_up_robust import TWO, all_alike, made_up_robust
from policymix.assumptions import ledger
from policymix.figures_robust import robust_pictures
from policymix.label import LABEL
from policymix.left_out import LINES
from policymix.robust_readings import SHOWN, RobustTables, of_pair
from policymix.studies.provenance import command_of, question_of
from policymix.studies.robust import Robust, robust
from policymix.studies.robust_report import report_of
from policymix.studies.robust_words import sentence
from policymix.tables import read_table

Run = Callable[..., tuple[int, str, str]]
PAIR = ("ahead", "be-hind")
NOTES = ["3 of 203 worlds are impossible, without a balance, and left out."]
SECTIONS = ["answer", "figures", "shares", "boxes", "regret", "weights", "leans", "worlds"]
SECTIONS += ["settings", "left-out", "repeat"]


def regret(names: list[str]) -> pd.DataFrame:
    rows = [
        (name, reading.outcome, 10.0 * k + 1, 10.0 * k + 2.5, 10.0 * k + 4)
        for name in names
        for k, reading in enumerate(SHOWN, 1)
    ]
    return pd.DataFrame(rows, columns=["scenario", "outcome", "mean", "high", "worst"])


def tables_of(names: list[str]) -> RobustTables:
    made = made_up_robust(names, notes=NOTES, regret=regret(names))
    flips = made.flips.assign(coverage=0.71, density=0.83)
    return replace(made, flips=flips)


def answered(names: list[str] = TWO, **changed: pd.DataFrame) -> Answered:
    return Answered(robust_question(named(*names)), replace(tables_of(names), **changed))


def pictures_of(study: Answered) -> dict[str, bytes]:
    found = robust_pictures(study.readings())
    return {picture.name: f"<svg>{picture.name}</svg>".encode() for picture in found}


@pytest.fixture(scope="module")
def study() -> Answered:
    return answered()


@pytest.fixture(scope="module")
def text(study: Answered) -> str:
    return report_of(study, pictures_of(study))


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_it_opens_with_the_sentences_in_order(study: Answered, text: str, page: Page) -> None:
    told = [sentence(study.tables, PAIR, reading.outcome) for reading in SHOWN]
    answer = words(page.sections["answer"])
    assert answer.strip().startswith(f"The answer, in this toy world {told[0]} {told[1]} {told[2]}")
    assert told[3] in answer
    lead = text.partition('<ul class="lead">')[2].partition("</ul>")[0]
    assert lead.count("<li>") == 4


def test_the_label_sections_and_notes_are_there(text: str, page: Page) -> None:
    body = text.partition("<body>")[2]
    assert body.lstrip().startswith(f'<header class="label">{LABEL}</header>')
    assert f"<footer><p>{LABEL}</p></footer>" in text
    assert [section["id"] for section in page.of("section")] == SECTIONS
    inside = {link["href"] for link in page.of("a") if (link["href"] or "").startswith("#")}
    assert inside == {f"#{name}" for name in SECTIONS}
    assert NOTES[0] in page.sections["answer"]
    assert missing_of(LINES, page.sections["left-out"]) == []
    assert page.of("script") == []


def test_the_question_names_worlds_and_scenarios(page: Page) -> None:
    assert "Does ahead still beat be-hind?" in page.sections[""]
    asked = "In what share of 200 sampled worlds does ahead have less than be-hind of addiction"
    assert asked in words(page.sections[""])


def test_every_figure_has_words_and_numbers_the_flips_first(page: Page, study: Answered) -> None:
    ids = [one["id"] for one in page.of("figure")]
    assert ids == ["figure-flip", "figure-worlds", "figure-sensitivity"]
    assert all(len(picture["alt"] or "") > 40 for picture in page.of("img"))
    assert len(page.of("details")) == len(page.of("figcaption")) == 3


def test_shares_are_those_of_the_table(page: Page, study: Answered) -> None:
    shares = words(page.sections["shares"])
    for row in study.tables.robust.to_dict("records"):
        low, high = (round(100 * row[end]) for end in ("low", "high"))
        title = next(one.title for one in SHOWN if one.outcome == row["outcome"])
        share = f"{round(100 * row['share_of_worlds'])} %"
        assert f"{title}{row['better']}{share}{low} to {high} %" in shares


def test_a_box_has_its_sides_its_grades_and_its_check(page: Page, study: Answered) -> None:
    boxes = words(page.sections["boxes"])
    assert "Coverage 71 %: of the worlds in which the ranking is reversed, so many are in" in boxes
    assert "Density 83 %: of the worlds in the box, so many are reversed" in boxes
    for row in study.tables.checks.to_dict("records"):
        assert f"has less in {row['inside_reversed']} of {row['inside']} worlds inside" in boxes
        assert f"in {row['outside_reversed']} of {row['outside']} outside" in boxes
    for name in study.tables.flips["assumption"]:
        assert name in boxes
    assert "Overdose deaths: never reversed in 200 worlds." in boxes
    assert re.search(r"Cartel revenue: reversed in \d+ of 200 worlds, without a box", boxes)
    assert "share_seized24.0 to 27.510.0 to 45.0%" in boxes
    assert "price_elasticity\N{MINUS SIGN}0.72 to \N{MINUS SIGN}0.40\N{MINUS SIGN}1.20 to" in boxes


def test_grade_c_is_marked_wherever_it_stands(text: str) -> None:
    marked = text.count('<strong class="grade-c">grade C, weak</strong>')
    assert marked == text.count("grade C, weak") > 4


def test_regret_is_in_units_of_a_year(page: Page) -> None:
    shown = words(page.sections["regret"])
    assert "Overdose deaths [a year]" in shown
    assert "Cartel profit [million USD a year]" in shown
    assert "ahead252270288" in shown  # 21, 22.5 and 24 a month
    assert "ahead492510528" in shown


def test_the_variance_is_split_and_its_words_are_explained(page: Page, study: Answered) -> None:
    weights = words(page.sections["weights"])
    own = of_pair(study.tables.sensitivity, PAIR, "addicted")
    largest = own.loc[own["total"].idxmax()]
    assert f"{largest['total']:.0%}"[:-1] in weights
    for part in ("total share", "first-order", "“chance” is nothing but other dice", "variance"):
        assert part in weights
    assert re.search(r"chance ?5 % ", weights)


def test_what_has_the_largest_share_in_any_outcome_comes_first(study: Answered) -> None:
    table = study.tables.sensitivity.copy()
    table.loc[(table["group"] == "chance") & (table["outcome"] == "cartel_profit"), "total"] = 0.95
    shown = report_of(answered(sensitivity=table), {})
    weights = words(Page(shown).sections["weights"]).partition("Cartel profit")[2]
    assert weights.index("chance") < weights.index("route sensitivity")
    assert weights.index("route sensitivity") < weights.index("price elasticity")


def test_the_assumptions_that_decide_come_with_range_grade_and_source(page: Page) -> None:
    leans = words(page.sections["leans"])
    for name in ("price_elasticity", "n_addicted", "share_seized", "route_sensitivity"):
        entry = ledger()[name]
        assert entry.meaning in leans
        assert entry.why in leans
    assert "20.010.0 to 45.0[%]" in leans  # as in the sentences, not as the ledger's share
    assert "Inside the box where a ranking is reversed" in leans
    assert leans.index("price_elasticity") < leans.index("route_sensitivity")


def test_what_a_world_is_is_said_and_one_can_be_replayed(page: Page, study: Answered) -> None:
    told = words(page.sections["worlds"])
    for part in ("no probability", "uniformly", "cartel profit, the stock of drugs and the people"):
        assert part in told
    number = re.search(r"For example world (\d+)\. There, (\S+) has fewer people", told)
    assert number is not None
    assert number[2] == "be-hind"
    differences = study.tables.differences(*PAIR, "addicted")
    assert differences[int(number[1])] > 0
    assert "policymix compare scenarios/ahead.toml scenarios/be-hind.toml --against " in told
    assert f"--world {number[1]} --seed 1 --people 100000 --months 120 --replicates 1" in told
    repeat = words(page.sections["repeat"])
    assert "policymix robust --from provenance.json" in repeat
    assert "In a checkout, python3 run.py, with the path to that file, stands for" in repeat
    assert "scenarios/be-hind.toml --worlds 200 --replicates 1 --seed 1" in repeat


def test_without_boxes_weights_and_reversals_it_says_so() -> None:
    empty = {name: getattr(tables_of(TWO), name).iloc[:0] for name in ("flips", "checks")}
    bare = answered(**empty, sensitivity=pd.DataFrame())
    page = Page(report_of(bare, {}))
    assert "No box was found that holds in the other half" in page.sections["boxes"]
    assert "There are no shares for ahead and be-hind. Either the" in page.sections["weights"]
    assert "None was found that decides" in page.sections["leans"]
    assert page.of("figure") == []


def test_what_is_the_same_in_all_worlds_is_neither_ranked_nor_weighed() -> None:
    same = Answered(robust_question(named(*TWO)), all_alike(tables_of(TWO), "overdose_deaths"))
    page = Page(report_of(same, pictures_of(same)))
    assert "Overdose deathsneither: both are the same0 of 200200 of 200" in words(
        page.sections["shares"]
    )
    assert "Overdose deaths: alike in all 200 worlds." in page.sections["boxes"]
    weights = words(page.sections["weights"])
    assert "No shares, as there the difference does not vary: Overdose deaths." in weights
    assert "come from 32 base points: of so few, 95 % intervals hold the truth in" in weights
    assert "nan" not in weights


def test_of_three_each_pair_stands_under_its_heads() -> None:
    three = answered(["a", "b", "c"])
    page = Page(report_of(three, {}))
    answer = words(page.sections["answer"])
    assert re.search(r"a and b .* a and c .* b and c ", answer)
    assert "Does the ranking still hold? 3 funding mixes" in page.sections[""]
    assert "Overdose deaths, a and c: never reversed" in words(page.sections["boxes"])


@pytest.mark.slow
def test_hostile_titles_and_summaries_are_text() -> None:
    hostile = hostile_scenarios()[:4]
    names = [scenario.name for scenario in hostile]
    study = Answered(robust_question(hostile), tables_of(names))
    text = report_of(study, pictures_of(study))
    page = Page(text)
    assert page.of("script") == []
    assert len(page.of("img")) == len(robust_pictures(study.tables))
    assert HOSTILE[0][0] in words(page.sections["settings"])
    assert f"<bdi>{HEBREW}</bdi>" in text
    assert [c for c in text if not c.isprintable() and c not in "\n\N{NO-BREAK SPACE}"] == []


# --- a real study ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("robust") / "study"
    mixes = ["demand_first", "supply_first"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Robust, "drawn", lambda _: [])  # what takes longest, and is not looked at
        robust(mixes, worlds=32, people=1_000, months=3, assume={"price_elasticity": -0.9}, out=out)
    return out


@pytest.mark.usefixtures("no_figures")
def test_the_world_in_the_report_is_replayed_to_the_same_numbers(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Page((folder / "report.html").read_text(encoding="utf-8")).sections["worlds"]
    given = re.search(r"policymix (compare scenarios/.*)", told)
    assert given is not None
    assert "--assume price_elasticity=-0.9" in given[1]
    monkeypatch.chdir(folder)
    code, _, _ = run(*given[1].split(), "--workers", "1", "--out", "../replayed")
    assert code == 0
    world = int(given[1].split("--world ")[1].split()[0])
    summary = read_table(folder.parent / "replayed" / "summary.csv")
    runs = read_table(folder / "runs.csv")
    for name in ("demand_first", "supply_first"):
        then = runs[(runs["scenario"] == name) & (runs["world"] == world)].iloc[0]
        own = summary[summary["scenario"] == name].set_index(["outcome", "statistic"])["mean"]
        assert then["addicted"] == own["addicted", "final"]
        assert np.isclose(then["cartel_profit"], own["cartel_profit", "mean"], rtol=1e-12)


def test_the_same_question_is_read_back_from_the_folder(folder: Path) -> None:
    question, warnings = question_of(folder, "robust")
    assert warnings == []
    assert question.sizes == {"worlds": 32}
    assert question.names == ["demand_first", "supply_first"]
    assert "--against" not in command_of(question)
    assert "report.html" in files_in(folder)
