"""The reports of `margins` and `mixes`: sentences first, then figures, tables and how to repeat."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from answered import Answered
from hostile import HEBREW, HOSTILE, hostile_scenarios
from html_page import Page, missing_of, words
from made_up_mixes import made_up_margins, made_up_mixes
from policymix import load_scenario
from policymix.figures_mixes import margins_pictures, mixes_pictures
from policymix.label import LABEL
from policymix.left_out import LINES
from policymix.levers import LEVERS
from policymix.margins_readings import MarginsTables
from policymix.mixes_readings import MixesTables
from policymix.scenario import Scenario
from policymix.studies import margins as margins_room
from policymix.studies import margins_words, mixes_words
from policymix.studies import mixes as mixes_room
from policymix.studies.provenance import command_of, question_of
from policymix.studies.sections import command_beside
from policymix.studies.sweep_reports import margins_report, mixes_report, splits_sheet

NOTES = ["Leans on $weak$ evidence."]
PICTURES = dict.fromkeys(("margins", "pairs", "triangle", "frontier"), b"<svg/>")


def margins_study(
    scenario: Scenario | str = "baseline", tables: MarginsTables | None = None
) -> Answered:
    return Answered(margins_room.ask([scenario]), tables or made_up_margins(notes=NOTES))


def mixes_study(
    scenario: Scenario | str = "baseline", tables: MixesTables | None = None, worlds: int = 200
) -> Answered:
    question = mixes_room.ask([scenario], sizes={"worlds": worlds})
    return Answered(question, tables or made_up_mixes(notes=NOTES, worlds=worlds))


@pytest.fixture(scope="module", params=["margins", "mixes"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def text_of(kind: str, scenario: Scenario | str = "baseline") -> str:
    if kind == "margins":
        return margins_report(margins_study(scenario), PICTURES)
    return mixes_report(mixes_study(scenario), PICTURES)


def test_it_opens_with_the_sentences_in_order(kind: str) -> None:
    told = {
        "margins": list(margins_words.sentences(made_up_margins())),
        "mixes": list(mixes_words.sentences(made_up_mixes())),
    }[kind]
    answer = words(Page(text_of(kind)).sections["answer"])
    lead = " ".join(line.removeprefix("- ") for line in told)
    assert answer.strip().startswith(f"The answer, in this toy world {lead}")
    assert NOTES[0] in answer


def test_the_label_what_is_left_out_and_how_to_repeat_are_there(kind: str) -> None:
    text = text_of(kind)
    page = Page(text)
    body = text.partition("<body>")[2]
    assert body.lstrip().startswith(f'<header class="label">{LABEL}</header>')
    assert f"<footer><p>{LABEL}</p></footer>" in text
    assert missing_of(LINES, page.sections["left-out"]) == []
    repeat = words(page.sections["repeat"])
    assert f"policymix {kind} --from provenance.json" in repeat
    assert f"policymix {kind} scenarios/baseline.toml " in repeat
    assert f"{kind}.csv" in repeat
    assert page.of("script") == page.of("link") == []
    inside = {link["href"] for link in page.of("a") if (link["href"] or "").startswith("#")}
    assert inside == {f"#{section['id']}" for section in page.of("section")}


def test_every_figure_has_words_and_a_table(kind: str) -> None:
    page = Page(text_of(kind))
    declared = {
        "margins": margins_pictures(made_up_margins()),
        "mixes": mixes_pictures(made_up_mixes()),
    }[kind]
    assert [one["id"] for one in page.of("figure")] == [f"figure-{one.name}" for one in declared]
    assert all(len(picture["alt"] or "") > 40 for picture in page.of("img"))
    assert len(page.of("details")) == len(page.of("figcaption")) == len(declared)


def test_hostile_titles_and_summaries_are_text(kind: str) -> None:
    for scenario, (title, _) in zip(hostile_scenarios()[:4], HOSTILE, strict=False):
        text = text_of(kind, scenario)
        page = Page(text)
        assert page.of("script") == []
        assert len(page.of("img")) == 2
        assert [c for c in text if not c.isprintable() and c not in "\n\N{NO-BREAK SPACE}"] == []
        if title.isascii() and title.isprintable():
            assert title in page.text
        if title == HEBREW:
            assert f"<bdi>{HEBREW}</bdi>" in text


# --- margins --------------------------------------------------------------------------------------


def test_each_lever_has_its_numbers_and_clear_ones_stand_out() -> None:
    text = margins_report(margins_study(), PICTURES)
    shown = words(Page(text).sections["levers"])
    for lever in LEVERS:
        assert shown.count(lever.title) == 1
    tables = made_up_margins()
    row = tables.margins[tables.margins["lever"] == "treatment"].set_index("outcome")
    told = row.loc["addicted", ["difference_per_billion", "low", "high"]] / 1e3
    minus = [f"{x:.1f}".replace("-", "\N{MINUS SIGN}") for x in told]
    assert f"{minus[0]} ({minus[1]} to {minus[2]})" in shown
    assert re.search(r"<strong>\N{MINUS SIGN}30\.0 \(", text)
    assert not re.search(r"<strong>\N{MINUS SIGN}0\.2 \(", text)  # financial targeting: not clear
    assert re.search(r"Prevention.*90 %", shown)


def test_only_clear_pairs_are_listed_and_none_is_said() -> None:
    pairs = words(Page(margins_report(margins_study(), PICTURES)).sections["pairs"])
    assert "Medication treatment with Harm reductionspoil each other" in pairs
    assert "Interdiction with Intelligence sharinghelp each other" in pairs
    none = made_up_margins(clear=False)
    pairs = words(Page(margins_report(margins_study(tables=none), PICTURES)).sections["pairs"])
    assert pairs.count("No two levers clearly help or spoil each other.") == 4


def test_margins_say_that_money_is_added_and_that_chance_makes_some_clear() -> None:
    answer = words(Page(margins_report(margins_study(), PICTURES)).sections["answer"])
    assert "added and not moved" in answer
    assert "some 3 of the 65 intervals" in answer


# --- mixes ----------------------------------------------------------------------------------------


def test_the_frontier_is_listed_with_differences_and_worlds() -> None:
    tables = made_up_mixes()
    shown = words(Page(mixes_report(mixes_study(), PICTURES)).sections["frontier"])
    mixes = mixes_words.frontier_mixes(tables)
    places = [shown.index(mixes_words.words_of(mix)) for mix in mixes]
    assert places == sorted(places)
    share = mixes_words.shares_of_worlds(tables)[mixes[0]]
    assert f"{share:.0%}".replace("%", " %") in shown[places[0] : places[1]]
    assert "lower in some of the four headline outcomes and higher in none" in shown


def test_the_lowest_mixes_of_each_outcome_are_listed() -> None:
    shown = words(Page(mixes_report(mixes_study(), PICTURES)).sections["lowest"])
    assert "Overdose deaths mixdifference from baseline's own mix 0 % supply, 100 % demand" in shown


def test_without_worlds_nothing_is_said_of_them() -> None:
    study = mixes_study(worlds=0)
    page = Page(mixes_report(study, PICTURES))
    assert "sampled world" not in page.sections["frontier"]
    assert "in so many worlds" not in page.sections["frontier"]
    assert [one["id"] for one in page.of("figure")] == ["figure-triangle"]
    assert "--worlds 0 " in words(page.sections["repeat"])


def test_impossible_worlds_are_told() -> None:
    study = Answered(mixes_room.ask(["baseline"], sizes={"worlds": 203}), made_up_mixes(worlds=200))
    told = "3 of 203 worlds are impossible, without a balance, and left out."
    assert told in Page(mixes_report(study, PICTURES)).sections["answer"]


def test_a_side_without_money_is_split_as_today() -> None:
    baseline = load_scenario("baseline")
    (phase,) = baseline.phases
    spend = [0.0 if one.side == "supply" else 1.0 for one in LEVERS]
    funding = replace(phase.funding, spend=tuple(spend))
    question = mixes_room.ask([replace(baseline, phases=(replace(phase, funding=funding),))])
    rows = {row[0]: row[1:] for row in splits_sheet(question).rows}
    assert rows["Prevention"] == ("demand", "20 %")
    assert rows["Anti-corruption"] == ("cooperation", "33 %")
    today = dict(zip(LEVERS, phase.funding.spend, strict=True))
    supply = sum(money for one, money in today.items() if one.side == "supply")
    assert rows["Policing and incarceration"][1] == f"{today[LEVERS[1]] / supply:.0%}"[:-1] + " %"


# --- asking again ---------------------------------------------------------------------------------


def test_commands_name_what_the_kind_takes() -> None:
    mixes = mixes_room.ask(["baseline"], sizes={"worlds": 0})
    assert command_of(mixes) == (
        "policymix mixes baseline --worlds 0 --steps 10 --replicates 8 --people 20000 --months 120 "
        "--seed 1"
    )
    assert command_beside(mixes) == (
        "policymix mixes scenarios/baseline.toml --worlds 0 --steps 10 --replicates 8 --seed 1"
    )
    margins = margins_room.ask(["baseline"])
    assert command_beside(margins) == (
        "policymix margins scenarios/baseline.toml --replicates 16 --seed 1"
    )


def test_a_finished_study_is_asked_again_from_its_folder(tmp_path: Path) -> None:
    margins_room.margins(people=1_000, months=1, replicates=1, out=tmp_path / "margins")
    question, warnings = question_of(tmp_path / "margins", "margins")
    assert warnings == []
    assert question.names == ["baseline"]
    report = (tmp_path / "margins" / "report.html").read_text(encoding="utf-8")
    assert "One replicate has no interval" in report
    assert "some 3 of" not in report
