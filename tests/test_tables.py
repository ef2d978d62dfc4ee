"""Tables: levels and paired differences, checked against numbers worked out by hand or by SciPy."""

import csv
import io
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from policymix import tables
from policymix.assumptions import ledger
from policymix.chunks import Played
from policymix.label import SHORT_LABEL
from policymix.outcomes import OUTCOME_NAMES, OUTCOMES
from policymix.writing import number_text, write_csv
from scipy import stats

NAMES = ["baseline", "other"]
ADDICTED = OUTCOME_NAMES.index("addicted")
DEATHS = OUTCOME_NAMES.index("overdose_deaths")
PRICE = OUTCOME_NAMES.index("retail_price")


def replicates(n: int = 5, months: int = 24) -> list[np.ndarray]:
    """Made-up records: two scenarios that share luck, the second one a little lower."""
    found = []
    for k in range(n):
        luck = np.sin(np.arange((months + 1) * len(OUTCOMES)) * (k + 1.3))
        shared = 1000 + 40 * k + luck.reshape(months + 1, len(OUTCOMES))
        own = 3 * np.cos(k + np.arange(len(OUTCOMES)))
        both = np.stack([shared, shared - 10 + own])
        both[:, 0, [outcome.kind == "flow" for outcome in OUTCOMES]] = np.nan
        found.append(both)
    return found


def played(seen: list[np.ndarray]) -> dict[int, Played]:
    return {k: Played(records, np.zeros((2, 8, 8))) for k, records in enumerate(seen)}


def row(table, scenario: str, outcome: str, statistic: str):
    chosen = table[(table.scenario == scenario) & (table.outcome == outcome)]
    return chosen[chosen.statistic == statistic].iloc[0]


def test_the_columns_are_those_that_the_documents_promise() -> None:
    summary, monthly = tables.summary_and_monthly(NAMES, "baseline", replicates())
    assert ",".join(summary.columns) == (
        "scenario,outcome,unit,statistic,mean,low,high,"
        "difference,difference_low,difference_high,replicates,label"
    )
    assert ",".join(monthly.columns) == "scenario,month,outcome,unit,mean,low,high,label"
    runs = tables.runs_table(NAMES, played(replicates(2)))
    assert tuple(runs.columns) == tables.RUNS_COLUMNS
    assert ("scenario", "replicate", "month", *OUTCOME_NAMES, "label") == tables.RUNS_COLUMNS
    for table in (summary, monthly, runs):
        assert set(table["label"]) == {SHORT_LABEL}


def test_a_difference_is_paired_and_its_interval_is_students() -> None:
    seen = replicates(7)
    summary, _ = tables.summary_and_monthly(NAMES, "baseline", seen)
    differences = [r[1, -1, ADDICTED] - r[0, -1, ADDICTED] for r in seen]
    expected = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    found = row(summary, "other", "addicted", "final")
    assert found.difference == pytest.approx(np.mean(differences))
    assert found.difference_low == pytest.approx(expected.low)
    assert found.difference_high == pytest.approx(expected.high)
    levels = stats.ttest_1samp([r[1, -1, ADDICTED] for r in seen], 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((levels.low, levels.high))
    assert found.high - found.low > 10 * (found.difference_high - found.difference_low)
    assert found.replicates == 7


def test_the_statistics_are_of_months_1_on() -> None:
    seen = replicates(3, months=6)
    summary, _ = tables.summary_and_monthly(NAMES, "baseline", seen)
    for statistic, of_one in (
        ("final", lambda months: months[-1]),
        ("mean", lambda months: months.mean()),
        ("total", lambda months: months.sum()),
    ):
        expected = np.mean([of_one(r[0, 1:, DEATHS]) for r in seen])
        assert row(summary, "baseline", "overdose_deaths", statistic)["mean"] == (
            pytest.approx(expected)
        )


def test_only_flows_have_a_total_and_it_is_not_a_rate() -> None:
    summary, _ = tables.summary_and_monthly(NAMES, "baseline", replicates(2))
    totals = summary[summary.statistic == "total"]
    flows = [outcome.name for outcome in OUTCOMES if outcome.kind == "flow"]
    assert list(totals[totals.scenario == "other"].outcome) == flows
    assert not any(unit.endswith("/month") for unit in totals.unit)
    assert row(summary, "other", "cartel_revenue", "total").unit == "million USD"
    assert row(summary, "other", "cartel_revenue", "mean").unit == "million USD/month"


def test_the_reference_has_no_difference_from_itself() -> None:
    summary, _ = tables.summary_and_monthly(NAMES, "other", replicates())
    own = summary[summary.scenario == "other"]
    assert own[["difference", "difference_low", "difference_high"]].isna().all(axis=None)
    assert summary[summary.scenario == "baseline"].difference.notna().all()


def test_one_replicate_has_levels_and_differences_but_no_interval() -> None:
    summary, monthly = tables.summary_and_monthly(NAMES, "baseline", replicates(1))
    for table in (summary, monthly):
        assert table[["low", "high"]].isna().all(axis=None)
    found = row(summary, "other", "addicted", "final")
    assert not math.isnan(found.difference)
    assert math.isnan(found.difference_low)
    assert math.isnan(found.difference_high)


def test_equal_records_differ_by_exactly_nothing() -> None:
    same = [np.stack([r[0], r[0]]) for r in replicates()]
    summary, _ = tables.summary_and_monthly(NAMES, "baseline", same)
    others = summary[summary.scenario == "other"]
    assert (others[["difference", "difference_low", "difference_high"]] == 0).all(axis=None)


def test_month_0_has_stocks_and_no_flows() -> None:
    _, monthly = tables.summary_and_monthly(NAMES, "baseline", replicates())
    start = monthly[(monthly.month == 0) & (monthly.scenario == "other")].set_index("outcome")
    for outcome in OUTCOMES:
        assert math.isnan(start.loc[outcome.name, "mean"]) == (outcome.kind == "flow")
    assert len(monthly) == 2 * 25 * len(OUTCOMES)


def test_a_year_is_the_sum_of_its_months() -> None:
    seen = replicates(3, months=30)
    yearly = tables.yearly_table(NAMES, seen)
    second = yearly[(yearly.scenario == "other") & (yearly.outcome == "overdose_deaths")]
    assert list(second.year) == [1, 2]
    expected = np.mean([r[1, 13:25, DEATHS].sum() for r in seen])
    assert second["mean"].iloc[1] == pytest.approx(expected)
    assert tables.yearly_table(NAMES, replicates(2, months=11)).empty


@pytest.mark.parametrize(
    ("value", "text"),
    [(5740000.0, "5740000"), (0.1, "0.1"), (math.nan, ""), (-3.0, "-3"), (1e22, "1e+22")],
)
def test_numbers_are_written_shortest_and_read_back_exactly(value: float, text: str) -> None:
    assert number_text(value) == text
    assert not text or float(text) == value


def test_runs_are_written_as_the_table_has_them(tmp_path: Path) -> None:
    seen = played(replicates(3, months=5))
    seen[1].records[0, 2, PRICE] = 123456.0
    write_csv(tmp_path / "runs.csv", tables.RUNS_COLUMNS, tables.runs_lines(NAMES, seen))
    back = tables.read_table(tmp_path / "runs.csv")
    assert back.equals(tables.runs_table(NAMES, seen))
    text = (tmp_path / "runs.csv").read_text()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [r["scenario"] for r in rows] == sorted(NAMES * 18)
    assert rows[8]["retail_price"] == "123456"
    assert rows[0]["overdose_deaths"] == ""
    assert ".0," not in text
    assert ",nan," not in text


def test_summary_and_monthly_survive_the_disk(tmp_path: Path) -> None:
    for table in tables.summary_and_monthly(["1", "nan"], "nan", replicates()):
        write_csv(tmp_path / "t.csv", list(table.columns), tables.csv_lines(table))
        back = tables.read_table(tmp_path / "t.csv")
        assert list(back.scenario) == list(table.scenario)
        numbers = [name for name in tables.SUMMARY_NUMBERS if name in table.columns]
        assert back[numbers].equals(table[numbers])


def test_a_unit_with_a_comma_survives_the_disk(tmp_path: Path) -> None:
    """As that of kits does, which is told where a ranking turns round."""
    units = sorted({entry.unit for entry in ledger().values()})
    assert any("," in unit for unit in units)
    table = pd.DataFrame({"unit": [*units, 'a "quote"'], "low": 1.5})
    write_csv(tmp_path / "t.csv", list(table.columns), tables.csv_lines(table))
    pd.testing.assert_frame_equal(tables.read_table(tmp_path / "t.csv"), table)


def test_no_replicate_is_no_table() -> None:
    with pytest.raises(ValueError, match="no replicate"):
        tables.summary_and_monthly(NAMES, "baseline", [])
