"""Experiments: arms share people and dice, readings are what they say, verdicts follow rules."""

from collections.abc import Mapping
from math import inf, isnan, nan
from pathlib import Path

import numpy as np
import pytest
from policymix.assumptions import central_world, ledger
from policymix.balance import Balanced, balance
from policymix.errors import InputError
from policymix.experiments.arms import (
    COLUMNS,
    TODAY,
    Arm,
    Lived,
    Reading,
    change,
    percent_change,
    played,
)
from policymix.experiments.findings import (
    HOLDS,
    KINDS,
    Finding,
    Part,
    findings,
    reasons_of_rand,
    world_of_rand,
)
from policymix.experiments.flips import extremes_table, flips_table
from policymix.experiments.suites import SUITES, key_of, kinds_of, suite
from policymix.experiments.trials import Trial, play_cell, play_piece
from policymix.experiments.verdicts import (
    DIRECTION,
    MISSED,
    NOT,
    NOT_TESTABLE,
    SHOWN,
    UNTOLD,
    Played,
    findings_table,
    numbers_of,
    part_claim,
    part_verdict,
    split,
    verdict_of,
)
from policymix.peopling import initial_population
from policymix.sweeps import Grid
from policymix.worlds import drawn_names
from policymix.worlds import draws as draws_of

EVIDENCE = Path(__file__).resolve().parent.parent / "scenarios" / "ledger" / "evidence.md"
IDENTITY = Reading(1, lambda _runs: (0.0,), lambda x: x)


@pytest.fixture(scope="module")
def balanced() -> Balanced:
    return balance(central_world(), 12)


def lived_of(**columns: list[float]) -> Lived:
    rows = np.zeros((max(map(len, columns.values())), len(COLUMNS)))
    for name, values in columns.items():
        rows[: len(values), COLUMNS.index(name)] = values
    return Lived(rows)


def test_every_part_has_its_reading_and_every_reading_its_part() -> None:
    for name in SUITES:
        parts = {
            key_of(kind, finding.name, part.name)
            for kind in kinds_of(name)
            for finding in findings(kind).values()
            for part in finding.tested
        }
        assert set(suite(name).readings) == parts, name
    assert {kind for name in SUITES for kind in kinds_of(name)} == set(KINDS)


def test_the_facts_are_numbered_and_claims_lettered_and_both_name_their_evidence() -> None:
    assert [one.number for one in findings("facts").values()] == list(range(1, 19))
    assert "".join(one.letter for one in findings("claims").values()) == "abcdefghijkl"
    rows = EVIDENCE.read_text(encoding="utf-8")
    for kind in ("facts", "claims", "rand"):
        for finding in findings(kind).values():
            assert finding.evidence, finding.name
            for row in finding.evidence:
                assert f"| {row} |" in rows, row


def test_claims_for_and_against_are_put_by_the_same_rules() -> None:
    sides = {one.side for one in findings("claims").values()}
    assert len(sides) == 2
    for finding in findings("claims").values():
        for part in finding.tested:
            assert (part.low == -inf) != (part.high == inf), (finding.name, part.name)
            assert part.neutral in (part.low, part.high), (finding.name, part.name)


def test_the_world_of_rand_is_one_that_the_ledger_permits_with_rows_that_exist() -> None:
    world = central_world().with_values(world_of_rand())
    assert balance(world, 12).world.values["n_addicted"] == world_of_rand()["n_addicted"]
    rows = EVIDENCE.read_text(encoding="utf-8")
    for row, why in reasons_of_rand().values():
        assert f"| {row} |" in rows
        assert why


def test_arms_of_a_suite_differ_only_by_what_is_done(balanced: Balanced) -> None:
    people = initial_population(balanced, 2_000, 1)
    calm, again = (played(Arm(6), balanced, people, 1) for _ in range(2))
    np.testing.assert_array_equal(calm.rows, again.rows)
    kind = played(Arm(6, more={"harm_reduction": 5.0}), balanced, people, 1)
    for name in ("started_using", "retail_price", "cartel_revenue"):
        np.testing.assert_array_equal(calm.whole(name), kind.whole(name), err_msg=name)
    assert kind.mean("expected_deaths", (1, 6)) < calm.mean("expected_deaths", (1, 6))


def test_a_volume_is_bought_at_the_price_of_the_world(balanced: Balanced) -> None:
    arm = Arm(1, volumes=lambda _: {"policing": 2.0}, times={"interdiction": 0.5})
    money = dict(zip(ledger_levers(), arm.scenario_in(balanced).spend(1), strict=True))
    assert balanced.curves["policing"].volume(money["policing"]) == pytest.approx(2.0)
    assert money["interdiction"] == pytest.approx(0.5 * balanced.curves["interdiction"].today)
    with pytest.raises(ValueError, match="saturates"):
        Arm(1, volumes=lambda _: {"interdiction": 2.0}).scenario_in(balanced)


def ledger_levers() -> list[str]:
    return [name.removeprefix("spend_") for name in ledger() if name.startswith("spend_")]


def test_deaths_come_as_often_as_the_risks_add_up_to(balanced: Balanced) -> None:
    people = initial_population(balanced, 400_000, 3)
    run = played(Arm(60), balanced, people, 3)
    died, expected = run.months("overdose_deaths"), run.months("expected_deaths")
    counts = expected.sum() / people.weight
    assert abs(died.sum() / people.weight - counts) < 4.0 * np.sqrt(counts)
    by_state = sum(run.months(f"died_{s}") for s in ("active", "after_custody"))
    by_state = by_state + sum(run.months(f"died_{s}") for s in ("after_treatment", "in_treatment"))
    np.testing.assert_allclose(by_state, died)


def test_a_change_is_that_of_the_means_over_its_months() -> None:
    runs = {
        "more": lived_of(violence=[0.0, 2.0, 4.0, 100.0]),
        TODAY: lived_of(violence=[0.0, 1.0, 3.0, 50.0]),
    }
    reading = change("more", "violence", (1, 2))
    assert reading.value(*reading.parts(runs)) == pytest.approx(50.0)
    assert isnan(percent_change(1.0, 0.0))
    with pytest.raises(ValueError, match="months 1 to 9 of 3"):
        runs["more"].mean("violence", (1, 9))


def test_the_interval_of_a_mean_is_students() -> None:
    values = np.array([[1.0], [2.0], [4.0], [7.0]])
    middle, low, high = Played(IDENTITY, values, values[:0]).estimate()
    half = 3.182446 * values.std(ddof=1) / 2.0
    assert (middle, low, high) == pytest.approx((3.5, 3.5 - half, 3.5 + half))
    assert isnan(Played(IDENTITY, values[:1], values[:0]).estimate()[1])


def test_impossible_worlds_are_left_out() -> None:
    readings = {"a": IDENTITY, "b": IDENTITY}
    cells = np.array([[1.0, 2.0], [nan, nan], [3.0, 4.0]])
    own = split(readings, cells, cells)
    assert own["b"].sampled.tolist() == [[2.0], [4.0]]
    assert numbers_of(readings, cells)["a"].tolist()[::2] == [1.0, 3.0]


UP = Part(name="up", title="", low=2.0, high=5.0)
AROUND = Part(name="around", title="", low=-1.0, high=1.0)
FROM_ZERO = Part(name="from_zero", title="", low=0.0, high=5.0)


@pytest.mark.parametrize(
    ("part", "found", "verdict"),
    [
        (UP, (3.0, 2.5, 3.5), SHOWN),
        (UP, (3.0, -1.0, 7.0), UNTOLD),
        (UP, (3.0, nan, nan), UNTOLD),
        (UP, (9.0, 8.0, 10.0), DIRECTION),
        (UP, (0.5, 0.1, 0.9), DIRECTION),
        (UP, (-1.0, -2.0, -0.5), MISSED),
        (AROUND, (0.5, 0.2, 0.7), SHOWN),
        (AROUND, (0.5, -3.0, 4.0), UNTOLD),
        (AROUND, (2.0, 1.5, 2.5), MISSED),
        (FROM_ZERO, (0.3, 0.1, 0.7), SHOWN),
        (FROM_ZERO, (0.1, -0.5, 0.7), UNTOLD),
        (FROM_ZERO, (-0.4, -0.5, -0.3), MISSED),
        (FROM_ZERO, (7.0, 6.0, 8.0), DIRECTION),
        (Part(name="", title="", not_testable="so"), (nan, nan, nan), NOT_TESTABLE),
    ],
)
def test_a_part_is_shown_missed_or_on_the_right_side(
    part: Part, found: tuple[float, float, float], verdict: str
) -> None:
    assert part_verdict(part, *found) == verdict


def test_a_claim_and_its_opposite_are_judged_alike() -> None:
    above = Part(name="", title="", low=0.0, includes_neutral=False)
    below = Part(name="", title="", high=0.0, includes_neutral=False)
    for low, high, of_claim, of_opposite in (
        (0.1, 0.9, HOLDS, NOT),
        (-0.9, -0.1, NOT, HOLDS),
        (-0.1, 0.1, UNTOLD, UNTOLD),
        (0.0, 0.0, NOT, NOT),
    ):
        assert part_claim(above, low, high) == of_claim
        assert part_claim(below, low, high) == of_opposite


def test_a_finding_is_as_good_as_its_worst_part() -> None:
    assert verdict_of("facts", [SHOWN, NOT_TESTABLE, MISSED, DIRECTION]) == MISSED
    assert verdict_of("facts", [SHOWN, DIRECTION]) == DIRECTION
    assert verdict_of("facts", [NOT_TESTABLE]) == NOT_TESTABLE
    assert verdict_of("claims", [HOLDS, NOT]) == "holds in part"
    assert verdict_of("claims", [HOLDS, UNTOLD]) == UNTOLD
    assert verdict_of("claims", [NOT, UNTOLD]) == NOT
    assert verdict_of("facts", [SHOWN, UNTOLD, DIRECTION]) == UNTOLD


def test_an_extreme_condition_fails_where_it_fails_once() -> None:
    central = np.array([[1.0, 1.0], [1.0, 0.0]])
    sampled = np.array([[1.0, 1.0], [nan, nan], [1.0, 0.0]])
    table = extremes_table(central, sampled, ["good", "bad"]).set_index("extreme")
    assert table.loc["good", "verdict"] == HOLDS
    assert table.loc["bad", ["verdict", "failed", "first_failed"]].tolist() == [NOT, 2, "0"]
    assert table["worlds"].tolist() == [3, 3]


def test_the_assumption_that_turns_a_claim_round_is_found() -> None:
    name = "domestic_margin_pass_through"
    names = (name, "peer_effect")
    columns = [drawn_names().index(one) for one in names]
    draws = draws_of(1, range(1, 201))[:, columns]
    values = np.where(draws[:, 0] > 0.6, 1.0, -1.0)[:, None]
    everything = {
        key: Played(
            IDENTITY,
            values[:4],
            values if key.endswith("demand_drives_revenue.revenue") else -np.abs(values),
        )
        for key in suite("published").readings
    }
    table = flips_table("claims", everything, draws, np.arange(200) % 2 == 1, names)
    own = table[table["claim"] == "demand_drives_revenue"].to_dict("records")
    assert [row["assumption"] for row in own] == [name]
    assert own[0]["from"] == pytest.approx(0.6, abs=0.05)
    assert own[0]["grade"] == "C"


def test_a_table_has_a_row_for_every_part() -> None:
    ones = np.ones((3, 1))
    everything: Mapping[str, Played] = {
        key: Played(IDENTITY, ones, ones) for key in suite("published").readings
    }
    table = findings_table("facts", everything)
    assert len(table) == sum(len(one.parts) for one in findings("facts").values())
    assert set(table["fact"]) == set(findings("facts"))


def test_a_broken_file_is_refused_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="both not_testable and a range"):
        Part(name="a", title="b", low=1.0, not_testable="so")
    with pytest.raises(ValueError, match="above high"):
        Part(name="a", title="b", low=2.0, high=1.0)
    monkeypatch.setattr(
        "policymix.experiments.findings._table", lambda _: {"odd": {"titel": "misspelt"}}
    )
    findings.cache_clear()
    try:
        with pytest.raises(InputError, match=r"facts\.toml: \[odd\]"):
            findings("facts")
    finally:
        monkeypatch.undo()
        findings.cache_clear()
    assert isinstance(findings("facts")["balloon"], Finding)


def test_every_extreme_condition_holds_in_the_central_world_and_in_some_others() -> None:
    trial = Trial("extremes", 1_000, 12, 1, Grid(3, 1))
    assert play_piece(trial, 0).values.shape == (1, len(findings("extremes")))
    for number in range(3):
        assert play_cell(trial, number).tolist() == [1.0] * len(findings("extremes"))


@pytest.mark.slow
def test_every_extreme_condition_holds_in_a_dozen_other_worlds() -> None:
    """The kept study has them in 1,001 worlds."""
    trial = Trial("extremes", 1_000, 12, 2, Grid(12, 1, first=1))
    for number in range(12):
        found = dict(zip(findings("extremes"), play_cell(trial, number), strict=True))
        assert found == dict.fromkeys(found, 1.0), f"world {number + 1}"
