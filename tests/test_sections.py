"""The sections of a report: cards, side effects, money, reasons and settings, from tables."""

import math
import re
from dataclasses import replace

import pytest
from policymix import load_scenario
from policymix.reasons import bridge_table
from policymix.scenario import Funding, Phase, Scenario
from policymix.studies.costs import costs_rows, money_against
from policymix.studies.question import ask
from policymix.studies.sections import (
    asked_sentence,
    cards,
    robust_command,
    settings_tables,
    side_effects,
)
from policymix.studies.why import why_rows
from set_tables import set_difference, summary_of


def test_a_card_orders_scenarios_from_the_lowest_difference_to_the_highest() -> None:
    names = ["baseline", "demand_first", "combined"]
    summary, _ = summary_of(names)
    set_difference(summary, "demand_first", "cartel_profit", 30.0, 20.0, 40.0)
    set_difference(summary, "combined", "cartel_profit", -30.0, -40.0, -20.0)
    card = cards(summary, ask(names, replicates=3))[3]
    assert [name for name, _ in card.differences] == ["combined", "demand_first"]
    assert card.differences[0][1].startswith("0.36 billion USD a year lower (95 % interval 0.24")
    assert card.level == "12.0 billion USD a year"


def test_side_effects_have_levels_rates_and_differences() -> None:
    question = ask(["baseline", "combined"], replicates=3)
    summary, _ = summary_of(question.names)
    grids = {grid.title: grid for grid in side_effects(summary, question)}
    name, cells = grids["Custody, waiting and use"].rows[1]
    assert name == "combined"
    assert cells[0][1].endswith("per 100,000 people")
    assert "more" in cells[0][2]
    assert grids["Cartels, institutions and money"].rows[1][1][1][0].endswith(" of 1")
    reference = grids["Custody, waiting and use"].rows[0][1]
    assert len(reference[0]) == 2  # no difference from itself


def test_rates_are_left_out_where_worlds_have_different_populations() -> None:
    fewer = replace(load_scenario("combined"), assumptions={"n_people": 1e8}, name="fewer")
    question = ask([fewer], replicates=3)
    summary, _ = summary_of(question.names)
    told = str(list(side_effects(summary, question)))
    assert "per 100,000" not in told


# --- money ----------------------------------------------------------------------------------------


def with_spend(name: str, factor: float = 1.0, moved: float = 0.0) -> Scenario:
    spend = [factor * money for money in load_scenario("baseline").spend(1)]
    spend[1] -= moved
    spend[5] += moved
    return replace(
        load_scenario("baseline"), name=name, phases=(Phase(1, 0, Funding(tuple(spend))),)
    )


def cost_of(scenario: Scenario, *numbers: float) -> tuple[str, str]:
    """(money, money for each death averted) with this paired difference of deaths a month."""
    question = ask(["baseline", scenario], replicates=3)
    summary, _ = summary_of(question.names)
    set_difference(summary, scenario.name, "overdose_deaths", *numbers)
    ((_, money, deaths, _),) = costs_rows(question, summary)
    return money, deaths


def test_the_cost_of_a_death_averted_follows_from_the_paired_interval() -> None:
    assert cost_of(with_spend("m", moved=2.0), -100.0, -125.0, -80.0) == (
        "2 billion USD a year moved",
        "1.7 million USD (95 % interval 1.3 to 2.1) moved for each death averted",
    )
    assert cost_of(with_spend("m", moved=2.0), 100.0, 80.0, 125.0)[1].endswith(
        "moved for each additional death"
    )
    assert cost_of(with_spend("m", moved=2.0), -100.0, -210.0, 10.0)[1] == "no clear difference"
    assert cost_of(with_spend("m", moved=2.0), 0.0, math.nan, math.nan)[1].startswith("one rep")


def test_where_totals_differ_the_cost_is_the_money_added_or_taken() -> None:
    richer, poorer = with_spend("r", factor=2.0), with_spend("p", factor=0.5)
    assert cost_of(richer, -100.0, -125.0, -80.0) == (
        "42.5 billion USD a year more",
        "35 million USD (95 % interval 28 to 44) more for each death averted",
    )
    assert cost_of(richer, 100.0, 80.0, 125.0)[1] == "more money, and more of them"
    assert cost_of(poorer, -100.0, -125.0, -80.0)[1] == "less money, and fewer of them"
    assert "less for each additional death" in cost_of(poorer, 100.0, 80.0, 125.0)[1]
    question = ask(["baseline", richer])
    assert "not the same total in all" in asked_sentence(question)
    assert any("totals differ" in note for note in question.notes())


def test_where_money_is_added_and_moved_there_is_no_ratio() -> None:
    mixed = with_spend("m", factor=1.001, moved=2.0)
    money, deaths = cost_of(mixed, -100.0, -125.0, -80.0)
    assert money == "0.0425 billion USD a year more, and money moved as well"
    assert deaths == "no ratio: money was moved as well"


def test_money_that_moves_to_and_fro_is_counted_month_by_month() -> None:
    there, back = with_spend("x", moved=2.0), with_spend("x", moved=-2.0)
    scenario = replace(there, phases=(there.phases[0], replace(back.phases[0], first_month=61)))
    money = money_against(load_scenario("baseline"), scenario)
    assert (money.extra, money.moved) == (0.0, pytest.approx(2.0))
    same = money_against(load_scenario("baseline"), replace(load_scenario("baseline"), name="y"))
    assert same.text() == "the same money"


# --- why, and what differs ------------------------------------------------------------------------


def numbers_in(sentence: str) -> list[float]:
    found = re.findall(r"[+−]?\d[\d,]*\.?\d*", sentence.partition(": ")[2])
    return [float(one.replace("−", "-").replace(",", "")) for one in found]


def test_the_printed_parts_of_a_bridge_add_up_exactly() -> None:
    summary, monthly = summary_of(["baseline", "a", "b"])
    for k, part in enumerate(("escalated", "relapsed", "quit_addiction", "recovered", "bribes")):
        middle = 1234.5678 * (k + 1) * (-1) ** k
        set_difference(summary, "a", part, middle, middle - 3, middle + 4)
    for name, told in why_rows(bridge_table(summary, monthly, "baseline")):
        for sentence in told:
            whole, *parts = numbers_in(sentence)
            assert sum(parts) == pytest.approx(whole, abs=1e-9), (name, sentence)
            assert len(parts) == 4


def test_more_people_leaving_addiction_is_told_as_more_of_them_with_a_minus() -> None:
    summary, monthly = summary_of(["baseline", "a"])
    set_difference(summary, "a", "recovered", 9e5, 8e5, 1e6)
    set_difference(summary, "a", "overdose_deaths", -7e5, -8e5, -6e5)
    set_difference(summary, "a", "relapsed", 5e5, -1e5, 11e5)
    ((_, (told, _)),) = why_rows(bridge_table(summary, monthly, "baseline"))
    assert re.search(r"−[\d,.]+ from more recoveries after treatment or custody,", told)
    assert re.search(r"\+[\d,.]+ from fewer overdose deaths,", told)
    assert re.search(r"\+[\d,.]+ from more relapses \(not clear\)", told)


def test_only_what_differs_is_among_the_settings_and_wide_tables_are_parted() -> None:
    question = ask(["baseline", "treatment_only_shift"])
    (table,) = settings_tables(question)
    assert [row[0] for row in table.rows] == ["policing", "treatment"]
    twin = replace(load_scenario("baseline"), name="twin")
    assert settings_tables(ask(["baseline", twin])) == []
    many = [with_spend(f"s{k}", moved=0.1 * k) for k in range(1, 16)]
    parts = settings_tables(ask([*many, "baseline"]))
    assert [len(part.names) for part in parts] == [8, 8, 2]
    assert {part.names[0] for part in parts} == {"baseline"}


def test_a_report_says_how_to_ask_whether_its_ranking_holds() -> None:
    both = "policymix robust scenarios/combined.toml scenarios/baseline.toml"
    assert robust_command(ask(["combined", "demand_first"])) == both
    assert robust_command(ask(["baseline"])) == ""
