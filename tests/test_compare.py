"""A comparison from Python: what is asked, what is told beside it, what comes back."""

import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib.figure
import pandas as pd
import pytest
from folders import files_in, study_files
from policymix import compare, load_scenario
from policymix.errors import InputError
from policymix.label import LABEL, SHORT_LABEL
from policymix.scenario import Scenario
from policymix.studies.question import ask

ROOT = Path(__file__).resolve().parent.parent
SMALL: dict[str, Any] = {"replicates": 2, "people": 1_000, "months": 3}
NAMES = ["baseline", "demand_first"]
FILES = study_files("baseline", "demand_first")


def test_a_study_has_tables_figures_and_provenance_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = replace(load_scenario("demand_first"), name="mine")
    study = compare(["baseline", mine], **SMALL)
    assert list(dict.fromkeys(study.summary["scenario"])) == ["baseline", "mine"]
    assert len(study.runs) == 2 * 2 * 4
    for table in (study.summary, study.monthly, study.runs):
        assert isinstance(table, pd.DataFrame)
        assert set(table["label"]) == {SHORT_LABEL}
    for figure in (study.figures.headline(), study.figures.tradeoff()):
        assert isinstance(figure, matplotlib.figure.Figure)
    assert study.provenance["label"] == LABEL
    assert list(tmp_path.iterdir()) == []
    study.save(tmp_path / "saved")
    assert set(files_in(tmp_path / "saved")) == set(study_files("baseline", "mine"))
    with pytest.raises(InputError, match="holds a finished study"):
        study.save(tmp_path / "saved")


def test_the_reference_is_played_even_if_it_is_not_named() -> None:
    assert ask(["demand_first"]).names == ["baseline", "demand_first"]
    assert ask(["demand_first", "baseline"]).names == ["demand_first", "baseline"]
    against = ask(["baseline"], against="combined")
    assert (against.names, against.reference) == (["combined", "baseline"], "combined")
    assert len(ask().names) == 8


def test_a_shipped_name_means_the_shipped_scenario(
    tmp_path: Path,
) -> None:
    own = tmp_path / "baseline.toml"
    own.write_text('title = "My own"\nsummary = "A baseline of my own."\n', encoding="utf-8")
    for asked in ([own, "combined"], [own, "baseline"]):
        with pytest.raises(InputError, match="'baseline' more than once"):
            ask(asked)
    mine = tmp_path / "mine.toml"
    own.rename(mine)
    question = ask([mine, "combined"], against="mine")
    assert question.reference == "mine"
    assert question.scenarios[0].title == "My own"


def test_equal_scenarios_under_two_names_do_not_differ() -> None:
    twin = replace(load_scenario("baseline"), name="twin")
    study = compare(["baseline", twin], **SMALL)
    own = study.summary[study.summary.scenario == "twin"]
    assert (own[["difference", "difference_low", "difference_high"]] == 0).all(axis=None)


def test_all_problems_of_all_scenarios_and_numbers_are_told_at_once(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("titel = 1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        ask([bad, "demand_frist"], replicates=0, people=10, against="basline")
    told = str(caught.value)
    for part in (
        "replicates: read 0, allowed is a whole number from 1 to 10,000",
        "people: read 10, allowed is a whole number from 1,000 to 5,000,000",
        "bad.toml:1: titel",
        "Did you mean demand_first?",
        "Did you mean baseline?",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("replicates", 0), ("replicates", 10_001), ("replicates", 2.0), ("replicates", True)),
        *(("people", 999), ("people", 5_000_001), ("months", 0), ("months", 601)),
        *(("seed", -1), ("seed", 2**53), ("seed", "1"), ("workers", 0)),
    ],
)
def test_numbers_out_of_bounds_are_refused(name: str, value: Any) -> None:
    with pytest.raises(InputError, match=f"{name}: read .*, allowed is a whole number from"):
        compare(["baseline"], **{**SMALL, name: value})


def with_setup(name: str, **sizes: int) -> Scenario:
    scenario = load_scenario("combined")
    return replace(scenario, name=name, setup=replace(scenario.setup, **sizes))


def test_the_setup_of_one_file_is_that_of_all_and_two_may_not_differ() -> None:
    assert ask([with_setup("a", people=5_000, months=7)]).setup.people == 5_000
    two = [with_setup("a", people=5_000), with_setup("b", people=6_000)]
    with pytest.raises(InputError, match=r"setup\.people: read 5,000 in a, 6,000 in b"):
        ask(two)
    assert ask(two, people=2_000).setup.people == 2_000


def test_a_size_that_a_file_names_counts_even_if_it_is_the_usual_one(tmp_path: Path) -> None:
    files = []
    for name, months in (("a", 120), ("b", 24)):
        files.append(tmp_path / f"{name}.toml")
        text = f'title = "{name}"\nsummary = "s"\n[setup]\nmonths = {months}\n'
        files[-1].write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"setup\.months: read 120 in a, 24 in b"):
        ask(files)
    assert ask([files[1]]).setup.months == 24
    assert ask(files, months=12).setup.months == 12


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("no_such_mix", "'no_such_mix': there is no shipped scenario"),
        ([3], "scenario: read 3, allowed is a shipped name"),
        ([None], "scenario: read"),
    ],
)
def test_what_is_no_scenario_is_refused_in_words(asked: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask(asked)


def test_one_scenario_needs_no_list() -> None:
    assert ask("combined").names == ask(["combined"]).names == ["baseline", "combined"]


@pytest.mark.parametrize("value", ["x", None, True, [1.0]])
def test_an_assumption_that_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(InputError, match=r"assume p_relapse: read .*, allowed is a number"):
        ask(["combined"], assume={"p_relapse": value})


def test_what_all_assume_alike_is_told_beside_every_result() -> None:
    alike = ask(["combined"], assume={"peer_effect": 0.0}).notes()
    told = "Assumed in all scenarios, other than the ledger: peer_effect = 0 (ledger: 0.3)."
    assert told in alike
    assert not any("The worlds differ" in note for note in alike)
    assert not any("Assumed in all" in note for note in ask(["combined"]).notes())


def test_a_mix_that_would_begin_after_the_end_is_told() -> None:
    notes = ask(["supply_then_demand"], months=24).notes()
    assert "Never begins within 2 years: supply_then_demand after 3 years." in notes


def test_where_money_moves_the_next_dollar_is_told_beside_the_average_one() -> None:
    told = " ".join(ask(["treatment_only_shift"]).notes())
    assert "what the average one buys today: policing 0.3, treatment 1.0." in told
    assert "next dollar" not in " ".join(ask(["baseline"]).notes())


def test_differing_totals_and_worlds_are_told_beside_every_table_and_figure() -> None:
    alike = " ".join(ask().notes())
    assert "differ" not in alike.replace("differences are paired", "")
    richer = replace(load_scenario("combined"), name="richer")
    spend = tuple(2 * money for money in richer.phases[0].funding.spend)
    funding = replace(richer.phases[0].funding, spend=spend)
    richer = replace(
        richer,
        phases=(replace(richer.phases[0], funding=funding),),
        assumptions={"peer_effect": 0.5},
    )
    study = compare([richer], **SMALL)
    for table in (study.summary, study.monthly, study.ends, study.fared, study.runs):
        assert set(table["label"]) == {"Illustrative only; the totals differ"}
    assert set(study.fared["scenario"]) == set(study.ends["scenario"]) == {"baseline"}
    assert "same_people" not in dict(study.figures.all())
    assert "Nobody is followed from one world into another" in " ".join(study.notes())
    assert "in worlds that differ" in study.report({})
    notes = " ".join(study.notes())
    assert "The totals differ, in billion USD a year: baseline 42.5; richer 85." in notes
    assert "The worlds differ" in notes
    assert "richer has peer_effect = 0.5" in notes


def test_a_mix_that_grows_later_is_told_too() -> None:
    later = load_scenario("supply_then_demand")
    funding = later.phases[-1].funding
    more = replace(funding, spend=tuple(2 * money for money in funding.spend))
    later = replace(later, phases=(*later.phases[:-1], replace(later.phases[-1], funding=more)))
    assert "supply_then_demand 42.5, then 85 from month " in " ".join(ask([later]).notes())


def test_assumptions_for_all_reach_every_scenario() -> None:
    question = ask(NAMES, assume={"peer_effect": 0.5})
    assert {scenario.assumptions["peer_effect"] for scenario in question.scenarios} == {0.5}
    with pytest.raises(InputError, match="give assumptions to load_scenario"):
        ask([load_scenario("combined")], assume={"peer_effect": 0.5})


@pytest.mark.slow
def test_the_example_script_runs(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "scenarios" / "example_study.py"), run_name="__main__")
    assert SHORT_LABEL in capsys.readouterr().out
