"""Why a difference arose: parts that add up exactly, and how the same people fared."""

import math

import numpy as np
import pandas as pd
import pytest
from policymix import compare
from policymix.ends import END_NAMES
from policymix.label import SHORT_LABEL
from policymix.reasons import ADDICTION, BRIDGE_COLUMNS, bridge_table, ends_and_fared
from policymix.studies.study import Study
from policymix.tables import picked
from scipy import stats


@pytest.fixture(scope="module")
def study() -> Study:
    return compare(["supply_first", "demand_first"], replicates=3, people=20_000, months=24)


@pytest.fixture(scope="module")
def other_worlds() -> Study:
    from policymix import load_scenario

    fewer = load_scenario("demand_first", {"n_addicted": 6e6})
    return compare([fewer], replicates=3, people=5_000, months=12)


def parts_and_whole(bridge: pd.DataFrame, name: str, of: str) -> tuple[pd.Series, float]:
    rows = bridge[(bridge["scenario"] == name) & (bridge["of"] == of)].set_index("part")
    return rows["difference"].drop(of), float(rows["difference"][of])


@pytest.mark.parametrize("name", ["supply_first", "demand_first"])
@pytest.mark.parametrize("of", ["addicted", "retail_spending"])
def test_the_parts_of_a_bridge_add_up_to_the_difference(study: Study, name: str, of: str) -> None:
    parts, whole = parts_and_whole(study.bridge, name, of)
    assert abs(whole) > 0.0
    assert math.fsum(parts) == pytest.approx(whole, rel=1e-9, abs=1e-6 * parts.abs().sum())
    statistic = "final" if of == "addicted" else "mean"
    assert whole == picked(study.summary, of, statistic)["difference"][name]


def test_the_bridge_has_its_columns_and_nothing_of_the_reference(study: Study) -> None:
    assert tuple(study.bridge.columns) == BRIDGE_COLUMNS
    assert set(study.bridge["scenario"]) == {"supply_first", "demand_first"}
    assert set(study.bridge["label"]) == {SHORT_LABEL}
    assert (study.bridge["difference_low"] <= study.bridge["difference"]).all()
    assert (study.bridge["difference"] <= study.bridge["difference_high"]).all()


def test_more_deaths_lower_addiction_in_the_bridge() -> None:
    """A flow out of addiction that grew stands with a minus, its interval turned round."""
    numbers = {"difference": 5.0, "difference_low": 3.0, "difference_high": 9.0}
    rows = [
        {"scenario": name, "outcome": outcome, "statistic": statistic, "unit": "people"}
        | (numbers if name == "b" else dict.fromkeys(numbers, np.nan))
        for name in "ab"
        for outcome, statistic in (
            ("addicted", "final"),
            *((flow, "total") for flow, _, _ in ADDICTION),
            *(
                (part, "mean")
                for part in (
                    *("retail_spending", "dealer_revenue", "cartel_costs"),
                    *("bribes", "confiscated", "cartel_profit"),
                )
            ),
        )
    ]
    monthly = pd.DataFrame(
        {"scenario": ["a", "b"], "month": 0, "outcome": "addicted", "mean": 70.0}
    )
    bridge = bridge_table(pd.DataFrame(rows), monthly, "a").set_index("part")
    died = bridge.loc["overdose_deaths"]
    assert (died.difference, died.difference_low, died.difference_high) == (-5.0, -9.0, -3.0)
    assert bridge.loc["escalated"].difference == 5.0
    assert "start" not in bridge.index


def test_worlds_that_start_apart_have_that_in_the_bridge(other_worlds: Study) -> None:
    parts, whole = parts_and_whole(other_worlds.bridge, "demand_first", "addicted")
    assert parts["start"] == pytest.approx(-1e6, rel=0.02)
    assert math.fsum(parts) == pytest.approx(whole, rel=1e-9)


def test_ends_add_up_to_everyone_and_to_those_who_fared(study: Study) -> None:
    for name in study.question.names:
        ends = study.ends[study.ends["scenario"] == name]
        assert ends["mean"].sum() == pytest.approx(283e6)
        how = study.fared[study.fared["scenario"] == name].set_index("fared")["mean"]
        moved = ends[ends["end_under_reference"] != ends["end"]]
        by_exit = moved[(moved[["end_under_reference", "end"]] == "aged_out").any(axis=1)]
        assert how["better"] + how["worse"] == pytest.approx(
            moved["mean"].sum() - by_exit["mean"].sum()
        )
        assert how["net"] == pytest.approx(how["better"] - how["worse"])
        assert (how["better"] > 0.0) == (name != "baseline")


def test_the_interval_of_those_who_fared_better_is_of_their_sums() -> None:
    died, active = END_NAMES.index("overdose_death"), END_NAMES.index("active_addiction")
    counts = (10.0, 14.0, 30.0)
    seen = []
    for count in counts:
        table = np.zeros((2, 8, 8))
        table[1, died, active] = count
        table[1, active, died] = 4.0
        seen.append(table)
    ends, fared = ends_and_fared(["a", "b"], seen)
    better, worse, net = (fared[fared["scenario"] == "b"].iloc[k] for k in range(3))
    expected = stats.ttest_1samp(counts, 0).confidence_interval(0.95)
    assert better["mean"] == pytest.approx(18.0)
    assert (better["low"], better["high"]) == pytest.approx((expected.low, expected.high))
    assert (worse["mean"], worse["low"], worse["high"]) == (4.0, 4.0, 4.0)
    assert net["mean"] == pytest.approx(14.0)
    row = ends[(ends["scenario"] == "b") & (ends["end_under_reference"] == "overdose_death")]
    assert row.set_index("end")["mean"]["active_addiction"] == pytest.approx(18.0)


def test_no_replicate_makes_no_table() -> None:
    with pytest.raises(ValueError, match="no replicate"):
        ends_and_fared(["a"], [])
