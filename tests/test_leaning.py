"""What levers do if an assumption is other than assumed: the shipped file and its making."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from policymix import leaning
from policymix.assumptions import central_world, ledger
from policymix.balance import balance
from policymix.dice import replicate_seed
from policymix.errors import InputError
from policymix.label import SHORT_LABEL
from policymix.leaning import COLUMNS, FILE, STATISTICS, measured, measured_in
from policymix.levers import LEVER_NAMES, today_spend
from policymix.model import PolicyModel
from policymix.outcomes import BY_NAME, HEADLINE, OUTCOME_NAMES
from policymix.peopling import initial_population
from policymix.reach import POINTS, Reach
from policymix.scenario import Scenario, Setup, load_scenario
from policymix.shipped import shipped_folder
from policymix.studies.leaning import leaning_table
from policymix.studies.question import Question

TEXT = (shipped_folder() / "ledger" / FILE).read_text(encoding="utf-8")
ROWS = list(csv.DictReader(TEXT.splitlines()))
RANGED = [entry for entry in ledger().values() if entry.low < entry.high]
TODAY = tuple(today_spend(central_world()).values())
REACH = Reach.of(central_world())
A_PLACE = "share_addicted_in_treatment"


# --- the file ------------------------------------------------------------------------------------


def test_every_row_of_the_file_is_labelled_and_in_the_outcomes_unit() -> None:
    assert tuple(TEXT.split("\n", 1)[0].split(",")) == COLUMNS
    assert {row["label"] for row in ROWS} == {SHORT_LABEL}
    assert {row["outcome"] for row in ROWS} == set(HEADLINE)
    for row in ROWS:
        expected = BY_NAME[row["outcome"]].unit, STATISTICS[row["outcome"]]
        assert (row["unit"], row["statistic"]) == expected


def test_every_assumption_lever_and_volume_of_the_file_exists() -> None:
    assert {row["assumption"] for row in ROWS} - {""} <= {entry.name for entry in RANGED}
    assert {(row["lever"], float(row["volume"])) for row in ROWS} == set(POINTS)


def test_the_file_is_small_and_rounded() -> None:
    assert len(TEXT) < 150_000
    numbers = {row[key] for row in ROWS for key in ("at_low", "at_value", "at_high")} - {""}
    assert all(float(number) == leaning.rounded(float(number)) for number in numbers)


def test_the_central_rows_say_what_each_lever_does() -> None:
    effects = measured().central
    treatment, addicted = POINTS.index(("treatment", 0.5)), HEADLINE.index("addicted")
    assert effects.shape == (len(POINTS), len(HEADLINE))
    assert effects[treatment, addicted] > 0.0 > effects[treatment + 1, addicted]


def test_a_file_with_a_point_left_out_is_refused() -> None:
    rows = [{**row, "at_value": float(row["at_value"])} for row in ROWS if not row["assumption"]]
    assert np.isfinite(measured_in(rows).central).all()
    with pytest.raises(ValueError, match="left out"):
        measured_in(rows[1:])
    with pytest.raises(ValueError, match="not in"):
        measured_in([*rows, {**rows[0], "volume": 7}])


@pytest.mark.parametrize("file", ["sources.toml", "nothing.csv"])
def test_without_a_good_file_nothing_is_told(monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    monkeypatch.setattr(leaning, "FILE", file)
    assert measured.__wrapped__() is None


def test_the_file_was_measured_for_this_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change of values, ranges or points: `python -m policymix.leaning 2`."""
    assert {row["ledger"] for row in ROWS} == {leaning.fingerprint()}
    changed = {**ledger(), "p_relapse": ledger()["p_relapse"].model_copy(update={"low": 0.001})}
    monkeypatch.setattr(leaning, "ledger", lambda: changed)
    other = leaning.fingerprint.__wrapped__()
    assert other != leaning.fingerprint()
    monkeypatch.setattr(leaning, "fingerprint", lambda: other)
    assert measured.__wrapped__() is None


def test_an_empty_end_is_an_impossible_world() -> None:
    rows = [{**row, "at_value": float(row["at_value"])} for row in ROWS if not row["assumption"]]
    swing = {**rows[0], "assumption": A_PLACE, "at_low": np.nan, "at_high": 7.0}
    found = measured_in([*rows, swing])
    assert np.isnan(found.at_end(A_PLACE, "low")).sum() == 1
    assert found.at_end(A_PLACE, "high")[0, 0] == 7.0
    assert (found.at_end("p_relapse", "low") == found.central).all()


# --- what is measured ----------------------------------------------------------------------------


def test_every_assumption_with_a_range_is_put_at_each_end_that_is_not_its_value() -> None:
    asked = list(leaning.worlds())
    assert {name for name, _, _ in asked} == {entry.name for entry in RANGED}
    for name, end, changes in asked:
        assert changes == {name: getattr(ledger()[name], end)}
        assert changes[name] != ledger()[name].value


def test_what_only_money_buys_needs_no_run() -> None:
    assert not leaning.acts_beyond_money({"usd_per_kit": 100.0})
    assert not leaning.acts_beyond_money({"rel_most_community": 3.0})
    assert leaning.acts_beyond_money({"n_arrests_per_year": 900_000.0})
    assert leaning.acts_beyond_money({"share_seized": 0.3})


def test_todays_mix_is_not_among_the_assumptions() -> None:
    assert not any(name.startswith("spend_") for name, _, _ in leaning.worlds())


def test_the_mixes_move_one_lever_at_a_time() -> None:
    today, *moved = leaning.mixes(today_spend(central_world()))
    assert today.spend(1) == TODAY
    for (lever, volume), mix in zip(POINTS, moved, strict=True):
        times = np.array(mix.spend(1)) / TODAY
        assert times == pytest.approx([volume if n == lever else 1.0 for n in LEVER_NAMES])


def test_only_large_and_clear_swings_are_kept() -> None:
    central = np.zeros((3, len(POINTS), len(HEADLINE)))
    central[:, 0, :] = 100.0
    high = central.copy()
    high[:, 1, 0] = 5.0, 5.1, 4.9
    high[:, 2, 0] = 0.5, 0.5, 0.51
    high[:, 3, 0] = 50.0, -50.0, 20.0
    rows = list(leaning.rows_of({("p_relapse", "high"): high}, central))
    assert [row[0] for row in rows].count("") == len(POINTS) * len(HEADLINE)
    kept = [row for row in rows if row[0]]
    expected = [*("p_relapse", *POINTS[1]), "addicted", "final", "people", 0.0, 0.0, 5.0]
    assert len(kept) == 1
    assert [float(x) if x[0].isdigit() else x for x in kept[0][:9]] == expected


def test_an_end_is_the_central_effect_and_what_its_paired_replicates_differ_by() -> None:
    chance = np.array([9.0, 0.0, 3.0, 100.0, 200.0])[:, None, None]
    central = np.ones((5, len(POINTS), len(HEADLINE))) + chance
    found = {("p_relapse", "high"): central[:3] + 70.0}
    kept = [row for row in leaning.rows_of(found, central) if row[0]]
    assert {tuple(row[6:9]) for row in kept} == {("63.4", "63.4", "133.4")}


def test_an_impossible_end_is_left_empty() -> None:
    central = np.ones((3, len(POINTS), len(HEADLINE)))
    low, high = np.full_like(central, np.nan), central * 2.0
    found = {("p_relapse", "low"): low, ("p_relapse", "high"): high}
    kept = [row for row in leaning.rows_of(found, central) if row[0]]
    assert {tuple(row[6:9]) for row in kept} == {("", "1", "2")}


def test_the_command_writes_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    monkeypatch.setattr(leaning, "shipped_folder", lambda: tmp_path)
    monkeypatch.setattr(
        leaning, "worlds", lambda: iter([("p_relapse", "high", {"p_relapse": 0.04})])
    )
    monkeypatch.setattr(leaning, "SETUP", Setup(people=1_000, months=2))
    monkeypatch.setattr(leaning, "CENTRAL_REPLICATES", 4)
    leaning.main(["1"])
    written = (tmp_path / "ledger" / FILE).read_text(encoding="utf-8")
    head, *lines = written.splitlines()
    assert head.split(",") == list(COLUMNS)
    assert len(lines) >= len(POINTS) * len(HEADLINE)
    leaning.main([])
    assert (tmp_path / "ledger" / FILE).read_text(encoding="utf-8") == written


@pytest.mark.parametrize("arguments", [["0"], ["two"], ["1", "2"], ["-1"]])
def test_a_wrong_number_of_processes_is_refused(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaning, "worlds", list)
    monkeypatch.setattr(leaning, "measure", lambda *_: [])
    monkeypatch.setattr(leaning, "write_csv", lambda *_: None)
    with pytest.raises(InputError, match="a whole number from 1"):
        leaning.main(arguments)


# --- it cannot drift from the model --------------------------------------------------------------

REMEASURED = ("share_addicted_in_treatment", "domestic_margin_pass_through")


@pytest.mark.slow
def test_the_file_is_what_the_model_gives() -> None:
    some = [world for world in leaning.worlds() if world[0] in REMEASURED]
    fresh = [",".join(row) for row in leaning.measure(some, 2)]
    shipped = [line for line in TEXT.splitlines()[1:] if line.split(",")[0] in ("", *REMEASURED)]
    assert {line.split(",")[0] for line in fresh} == {"", *REMEASURED}
    assert fresh == shipped, "run python -m policymix.leaning"


@pytest.mark.slow
def test_the_first_of_the_table_swings_most_in_the_model_too() -> None:
    pair = load_scenario("baseline"), load_scenario("supply_first")
    table = leaning_table(Question(pair, "baseline", 1, 1))
    own = table[table["outcome"] == "cartel_revenue"]
    first = list(own["assumption"][:4])
    simulated = {name: swing(pair, name) for name in first}
    assert max(simulated, key=lambda name: simulated[name]) == first[0]
    assert simulated[first[0]] == pytest.approx(own["swing"].iloc[0], rel=0.25)


def swing(pair: tuple[Scenario, Scenario], name: str) -> float:
    """The larger change of the mean cartel revenue's difference, played with `name` at its ends."""
    entry = ledger()[name]
    central = played(pair, {})
    return max(abs(played(pair, {name: value}) - central) for value in (entry.low, entry.high))


def played(pair: tuple[Scenario, Scenario], changes: dict[str, float]) -> float:
    balanced = balance(central_world().with_values(changes), Setup().cartels)
    seed, column = replicate_seed(1, 0), OUTCOME_NAMES.index("cartel_revenue")
    start = initial_population(balanced, Setup().people, seed)
    means = []
    for scenario in pair:
        sized = replace(scenario, assumptions=changes)
        model = PolicyModel(sized, seed=seed, balanced=balanced, start=start.copy(), collect=False)
        means.append(model.run()[1:, column].mean())
    return float(means[1] - means[0])
