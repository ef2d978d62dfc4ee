"""A scenario file says what differs from the baseline, and is found by name or by path."""

import dataclasses
import os
import pickle
import subprocess
import sys
from math import fsum
from pathlib import Path

import pytest
from policymix.assumptions import central_world, ledger
from policymix.errors import InputError
from policymix.label import LABEL
from policymix.levers import LEVER_NAMES, LEVERS_OF_SIDE, today_spend
from policymix.scenario import (
    Funding,
    Phase,
    Scenario,
    Setup,
    load_scenario,
    parse_scenario,
    shipped_names,
)
from policymix.shipped import shipped_folder

TODAY = tuple(today_spend(central_world()).values())
HEAD = 'title = "A title"\nsummary = "A summary."\n'
SHARES = "supply = 0.4\ndemand = 0.5\ncooperation = 0.1\n"
LEVERS = "\n".join(f"{name} = 1" for name in LEVER_NAMES) + "\n"
SHIPPED = (
    *("baseline", "combined", "cooperation_first", "demand_first", "military_first"),
    *("supply_first", "supply_then_demand", "treatment_only_shift"),
)


def read(text: str | bytes) -> Scenario:
    return parse_scenario(text if isinstance(text, bytes) else text.encode(), "mine")


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(InputError) as refusal:
        read(text)
    lines = str(refusal.value).splitlines()
    assert all(line.startswith("mine.toml:") and line.isprintable() for line in lines)
    return [line.removeprefix("mine.toml:") for line in lines]


def only_problem(text: str | bytes) -> str:
    (problem,) = problems(text)
    return problem


def spend(scenario: Scenario, lever: str, month: int = 1) -> float:
    return scenario.spend(month)[LEVER_NAMES.index(lever)]


# --- what a file means ---------------------------------------------------------------------------


def test_the_smallest_scenario_is_todays_mix() -> None:
    scenario = read(HEAD)
    assert scenario.spend(1) == scenario.spend(600) == TODAY
    assert scenario.total() == fsum(TODAY)
    assert scenario.assumptions == {}
    assert scenario.setup == Setup(people=100_000, months=120, cartels=12)
    assert scenario.world() == central_world()
    assert not scenario.treatment_in_custody(1)


def test_shares_of_sides_follow_todays_split_and_given_splits() -> None:
    scenario = read(HEAD + "[funding]\ntotal = 100\n" + SHARES + "[funding.cooperation_split]\n"
                    "intelligence = 0.5\ndevelopment = 0.25\nanti_corruption = 0.25\n")  # fmt: skip
    today = dict(zip(LEVER_NAMES, TODAY, strict=True))
    demand_today = fsum(today[name] for name in LEVERS_OF_SIDE["demand"])
    assert spend(scenario, "treatment") == pytest.approx(50 * today["treatment"] / demand_today)
    assert spend(scenario, "intelligence") == pytest.approx(5)
    assert spend(scenario, "anti_corruption") == pytest.approx(2.5)
    assert scenario.total() == 100


def test_a_total_left_out_is_todays() -> None:
    assert read(HEAD + "[funding]\n" + SHARES).total() == fsum(TODAY)


def test_levers_are_named_in_billions() -> None:
    scenario = read(HEAD + "[funding.levers]\n" + LEVERS.replace("policing = 1", "policing = 7.5"))
    assert spend(scenario, "policing") == 7.5
    assert scenario.total() == 19.5


@pytest.mark.parametrize("total", ["0", "0.1", "42.5", "1e-9", "9999.99", "10000"])
@pytest.mark.parametrize("supply", ["0.1", "0.333333", "0.7"])
def test_totals_are_exact_whatever_the_shares(total: str, supply: str) -> None:
    rest = f"demand = {1 - float(supply)}\ncooperation = 0\n"
    scenario = read(f"{HEAD}[funding]\ntotal = {total}\nsupply = {supply}\n{rest}")
    assert scenario.total() == float(total)
    assert min(scenario.spend(1)) >= 0


def test_shares_may_miss_one_by_a_millionth() -> None:
    thirds = "supply = 0.333333\ndemand = 0.333333\ncooperation = 0.333333\n"
    assert read(HEAD + "[funding]\ntotal = 30\n" + thirds).total() == 30
    less = HEAD + "[funding]\n" + thirds.replace("3\n", "2\n", 1)
    assert "sum to 0.999998, allowed is 1 (0.000002 too little)" in only_problem(less)


def test_a_phase_is_reached_step_by_step_and_keeps_the_total_before_it() -> None:
    scenario = read(
        HEAD + "[funding]\ntotal = 60\n" + SHARES
        + "[[phases]]\nfrom_year = 2\nramp_months = 4\n[phases.funding]\n"
        "supply = 0\ndemand = 0\ncooperation = 1\ntreatment_in_custody = true\n"
    )  # fmt: skip
    assert scenario.phases[1].first_month == 25
    assert spend(scenario, "policing", 24) == spend(scenario, "policing", 1) > 0
    at = [spend(scenario, "policing", month) for month in (24, 25, 26, 27, 28, 29)]
    assert [x / at[0] for x in at] == pytest.approx([1, 0.75, 0.5, 0.25, 0, 0])
    assert fsum(scenario.spend(26)) == pytest.approx(60)
    assert scenario.phases[1].funding.total() == 60
    assert [scenario.treatment_in_custody(month) for month in (24, 25)] == [False, True]


def test_a_phase_from_year_0_ramps_from_the_first_mix() -> None:
    scenario = read(
        HEAD + "[[phases]]\nfrom_year = 0\nramp_months = 2\n[phases.funding.levers]\n" + LEVERS
    )
    assert spend(scenario, "policing", 1) == pytest.approx((9.9 + 1) / 2)
    assert spend(scenario, "policing", 2) == 1


def test_phases_without_a_ramp_follow_each_other_at_once() -> None:
    phase = (
        "[[phases]]\nfrom_year = {}\n[phases.funding]\nsupply = {}\ndemand = {}\ncooperation=0\n"
    )
    scenario = read(HEAD + phase.format("0.0833", 1, 0) + phase.format(1, 0, 1))
    assert [p.first_month for p in scenario.phases] == [1, 2, 13]
    assert [spend(scenario, "policing", month) > 0 for month in (1, 2, 12, 13)] == [1, 1, 1, 0]
    assert [spend(scenario, "treatment", month) > 0 for month in (1, 2, 12, 13)] == [1, 0, 0, 1]


def test_assumptions_hold_only_what_differs_from_the_ledger() -> None:
    entry = ledger()["price_elasticity"]
    scenario = read(
        f"{HEAD}[assumptions]\nprice_elasticity = {entry.low}\n"
        f"share_seized = {ledger()['share_seized'].value}\n"
    )
    assert scenario.assumptions == {"price_elasticity": entry.low}
    assert scenario.world().values["price_elasticity"] == entry.low


def test_todays_mix_is_that_of_the_scenarios_own_world() -> None:
    scenario = read(HEAD + "[assumptions]\nspend_treatment = 12\n")
    assert spend(scenario, "treatment") == 12
    assert scenario.total() == pytest.approx(fsum(TODAY) + 12 - 10.1)


def test_assumptions_of_the_command_line_beat_the_file() -> None:
    text = (HEAD + "[assumptions]\nshare_seized = 0.3\n").encode()
    assert parse_scenario(text, "a", assume={"share_seized": 0.4}).assumptions == {
        "share_seized": 0.4
    }
    central = ledger()["share_seized"].value
    assert parse_scenario(text, "a", assume={"share_seized": central}).assumptions == {}
    with pytest.raises(InputError, match="share_seized: read 7"):
        parse_scenario(text, "a", assume={"share_seized": 7.0})


def test_setup_sets_the_size() -> None:
    assert read(HEAD + "[setup]\npeople = 2_000\ncartels = 1").setup == Setup(2_000, 120, 1)


def test_titles_may_hold_anything_and_windows_files_read_the_same() -> None:
    plain = read('title = "Größe\\u0007\\u202e"\nsummary = """Two\nlines"""\n')
    assert plain.title == "Größe\u0007\u202e"
    windows = (
        b"\xef\xbb\xbf" + 'title = "Größe\\u0007\\u202e"\r\nsummary = """Two\r\nlines"""'.encode()
    )
    assert read(windows) == plain


def test_a_scenario_can_be_pickled_hashed_and_taken_apart() -> None:
    scenario = load_scenario("supply_then_demand")
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    assert hash(scenario) == hash(load_scenario("supply_then_demand"))
    assert dataclasses.asdict(scenario)["setup"]["months"] == 120
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario.title = "other"  # type: ignore[misc]


# --- the shipped scenarios -----------------------------------------------------------------------


def test_the_shipped_scenarios_are_the_eight_with_the_baseline_first() -> None:
    assert tuple(shipped_names()) == SHIPPED


def test_the_baseline_comes_first_whatever_is_put_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("b", "baseline", "a", ".hidden"):
        (tmp_path / f"{name}.toml").write_text(HEAD)
    monkeypatch.setattr("policymix.scenario.shipped_folder", lambda: tmp_path)
    assert shipped_names() == ["baseline", "a", "b"]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_share_one_total_and_carry_label_schema_and_two_lines(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert {phase.funding.total() for phase in scenario.phases} == {fsum(TODAY)}
    lines = (shipped_folder() / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["#:schema ./scenario.schema.json", f"# {LABEL}", ""]
    assert [line[:2] for line in lines[3:5]] == ["# ", "# "]
    assert lines[5].startswith("title")
    assert scenario.setup == Setup()
    assert scenario.assumptions == {}


def test_the_shipped_scenarios_are_what_their_names_say() -> None:
    assert load_scenario("baseline").phases == (Phase(1, 0, Funding(TODAY)),)
    shift = load_scenario("treatment_only_shift").spend(1)
    moved = {n: round(s - t, 9) for n, s, t in zip(LEVER_NAMES, shift, TODAY, strict=True)}
    assert {n: m for n, m in moved.items() if m} == {"policing": -2, "treatment": 2}
    then = load_scenario("supply_then_demand")
    assert then.spend(36) == load_scenario("supply_first").spend(1)
    assert then.spend(60) == load_scenario("demand_first").spend(1) != then.spend(59)


def test_reading_a_scenario_loads_no_numpy() -> None:
    code = (
        "import sys; from policymix.scenario import load_scenario; load_scenario('combined');"
        "print(sorted({'numpy', 'mesa', 'pandas', 'matplotlib'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "[]"
