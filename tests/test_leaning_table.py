"""What a comparison leans on: the arithmetic from effects of single levers to the table."""

from dataclasses import replace

import numpy as np
import pytest
from policymix.assumptions import central_world, ledger
from policymix.leaning import Measured
from policymix.levers import LEVER_NAMES, today_spend
from policymix.outcomes import HEADLINE
from policymix.reach import POINTS, Reach
from policymix.scenario import Funding, Phase, Scenario, Setup
from policymix.studies.leaning import LEANING_COLUMNS, leaning_notes, leaning_table
from policymix.studies.question import Question, ask

RANGED = {entry.name for entry in ledger().values() if entry.low < entry.high}
TODAY = tuple(today_spend(central_world()).values())
REACH = Reach.of(central_world())


def straight(slope: float) -> np.ndarray:
    """Effects of treatment alone: slope x (volume - 1) on every outcome."""
    effects = np.zeros((len(POINTS), len(HEADLINE)))
    for at, (lever, volume) in enumerate(POINTS):
        if lever == "treatment":
            effects[at] = slope * (volume - 1.0)
    return effects


def treated(name: str, *volumes: float, months: int = 120, **assumptions: float) -> Scenario:
    """A scenario with these volumes of treatment, one after the other, each as long."""
    curve = REACH.curves[LEVER_NAMES.index("treatment")]
    phases = []
    for at, volume in enumerate(volumes):
        money = curve.cost(volume)  # type: ignore[union-attr]
        spend = [money if n == "treatment" else x for n, x in zip(LEVER_NAMES, TODAY, strict=True)]
        phases.append(Phase(1 + at * months // len(volumes), 0, Funding(tuple(spend))))
    return Scenario(
        name, name, name, tuple(phases), assumptions=assumptions, setup=Setup(months=months)
    )


def asked(*scenarios: Scenario, reference: int = 0) -> Question:
    return Question(scenarios, scenarios[reference].name, 1, 1)


UP = Measured(straight(-8.0), {("p_relapse", "low"): straight(-2.0)})
BASE = treated("base", 1.0)


def test_the_difference_is_the_sum_of_the_levers_effects() -> None:
    table = leaning_table(asked(BASE, treated("more", 1.5)), UP)
    assert tuple(table.columns) == LEANING_COLUMNS
    assert set(table["outcome"]) == set(HEADLINE)
    assert table["difference"].to_numpy() == pytest.approx(-4.0)


def test_a_swing_is_the_larger_distance_of_the_two_ends() -> None:
    table = leaning_table(asked(BASE, treated("more", 1.5)), UP)
    row = table[(table["assumption"] == "p_relapse") & (table["outcome"] == "addicted")].iloc[0]
    assert (row["at_low"], row["at_high"], row["swing"]) == pytest.approx((-1.0, -4.0, 3.0))
    assert row["unit"] == "people"


def test_it_is_measured_from_the_reference_whichever_that_is() -> None:
    two = treated("less", 0.75), treated("more", 1.5)
    table = leaning_table(asked(*two, reference=1), UP)
    row = table[table["assumption"] == "p_relapse"].iloc[0]
    numbers = row["scenario"], row["difference"], row["at_low"]
    assert numbers == ("less", pytest.approx(6.0), pytest.approx(1.5))


def test_unit_costs_move_the_difference_without_a_run() -> None:
    table = leaning_table(asked(BASE, treated("more", 1.5)), Measured(UP.central, {}))
    cost = table[table["assumption"] == "usd_per_treatment_place_year"].iloc[0]
    entry = ledger()["usd_per_treatment_place_year"]
    assert cost["at_low"] == pytest.approx(-4.0 * entry.value / entry.low)
    assert "p_relapse" not in set(table["assumption"])


def test_the_largest_swing_comes_first_in_each_scenario_and_outcome() -> None:
    two = treated("more", 1.5), treated("less", 0.5)
    table = leaning_table(asked(BASE, *two), UP)
    blocks = [(s.name, outcome) for s in two for outcome in HEADLINE]
    assert list(dict.fromkeys(zip(table["scenario"], table["outcome"], strict=True))) == blocks
    for _, block in table.groupby(["scenario", "outcome"]):
        assert block["swing"].is_monotonic_decreasing
        assert (block["swing"] > 0).all()


def test_an_impossible_end_is_empty_and_the_other_one_counts() -> None:
    nowhere = np.full_like(UP.central, np.nan)
    at = {("p_relapse", "low"): nowhere, ("p_relapse", "high"): straight(0.0)}
    table = leaning_table(asked(BASE, treated("more", 1.5)), Measured(UP.central, at))
    row = table[table["assumption"] == "p_relapse"].iloc[0]
    assert np.isnan(row["at_low"])
    assert row["swing"] == pytest.approx(4.0)


def test_months_count_alike_in_a_mean_and_more_at_the_end_the_later_they_are() -> None:
    table = leaning_table(asked(BASE, treated("late", 1.0, 1.5)), UP)
    by_outcome = table.drop_duplicates("outcome").set_index("outcome")["difference"]
    assert by_outcome["cartel_revenue"] == pytest.approx(-2.0)
    assert by_outcome["addicted"] == pytest.approx(-4.0 * sum(range(61, 121)) / sum(range(121)))


def test_a_scenario_of_another_world_is_left_out_and_named() -> None:
    question = asked(BASE, treated("more", 1.5), treated("other", 1.5, p_relapse=0.02))
    table = leaning_table(question, UP)
    assert set(table["scenario"]) == {"more"}
    how, *left_out = leaning_notes(question)
    assert "first order" in how
    why = "it was measured in the central world, and assumptions are set"
    assert left_out == [f"Not told for other: {why}."]


@pytest.mark.parametrize(("months", "told"), [(59, False), (60, True), (240, True), (241, False)])
def test_much_shorter_and_longer_runs_than_measured_are_left_out(months: int, told: bool) -> None:
    question = ask(["treatment_only_shift"], months=months)
    assert leaning_table(question).empty != told
    assert ("were played" in " ".join(leaning_notes(question))) != told


def test_treatment_in_custody_is_left_out_since_it_was_not_measured() -> None:
    mix = treated("more", 1.5)
    phase = replace(
        mix.phases[0], funding=replace(mix.phases[0].funding, treatment_in_custody=True)
    )
    question = asked(BASE, replace(mix, phases=(phase,)))
    assert leaning_table(question, UP).empty
    assert "treatment in custody was not measured" in leaning_notes(question)[1]


def test_without_a_file_for_this_ledger_the_notes_say_how_to_measure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("policymix.studies.leaning.measured", lambda: None)
    question = ask(["treatment_only_shift"])
    assert leaning_table(question).empty
    assert "python -m policymix.leaning 2" in leaning_notes(question)[0]


def test_a_reference_alone_leans_on_nothing() -> None:
    table = leaning_table(asked(BASE), UP)
    assert table.empty
    assert table["swing"].dtype == "float64"


def test_the_shipped_scenarios_lean_on_what_the_ledger_knows() -> None:
    question = ask(None)
    table = leaning_table(question)
    assert set(table["scenario"]) == set(question.names) - {question.reference}
    assert set(table["assumption"]) <= RANGED
    assert np.isfinite(table[["difference", "swing"]].to_numpy()).all()


def test_an_assumption_whose_ends_move_a_difference_the_same_way_is_chance() -> None:
    ends = {("p_relapse", "low"): straight(-2.0), ("p_relapse", "high"): straight(-4.0)}
    question = asked(BASE, treated("more", 1.5))
    assert "p_relapse" not in set(leaning_table(question, Measured(UP.central, ends))["assumption"])
    ends["p_relapse", "high"] = straight(-12.0)
    assert "p_relapse" in set(leaning_table(question, Measured(UP.central, ends))["assumption"])
