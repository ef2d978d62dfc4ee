"""From records to tidy tables: levels and paired differences with 95 % intervals.

Pure functions. Records are streamed, one replicate at a time, so that memory does not grow with
the number of replicates; the same records in the same order give the same numbers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policymix.chunks import Played, Records
from policymix.label import SHORT_LABEL
from policymix.moments import Moments
from policymix.outcomes import OUTCOME_NAMES, OUTCOMES
from policymix.units import MONTHS_PER_YEAR
from policymix.writing import number_text

STATISTICS: Final = ("final", "mean", "total")
"""The last month; the mean of months 1 on; their sum, of flows only and without `/month`."""
SUMMARY_NUMBERS: Final = ("mean", "low", "high", "difference", "difference_low", "difference_high")
SUMMARY_COLUMNS: Final = (
    *("scenario", "outcome", "unit", "statistic"),
    *SUMMARY_NUMBERS,
    *("replicates", "label"),
)
MONTHLY_COLUMNS: Final = ("scenario", "month", "outcome", "unit", "mean", "low", "high", "label")
RUNS_COLUMNS: Final = ("scenario", "replicate", "month", *OUTCOME_NAMES, "label")

Floats = NDArray[np.float64]
_FLOWS: Final = np.array([outcome.kind == "flow" for outcome in OUTCOMES])
_WHOLE: Final = (
    *("replicate", "month", "replicates", "world", "worlds"),
    *("inside", "inside_reversed", "outside", "outside_reversed"),
    *("failed", "checked_worlds"),
)
_TEXTS: Final = (
    *("scenario", "outcome", "unit", "statistic", "label"),
    *("end_under_reference", "end", "fared"),
    *("better", "worse", "assumption", "grade", "group", "possible", "lever", "other"),
    *("on_frontier", "fact", "claim", "extreme", "rand", "verdict", "part", "part_verdict"),
    *("expected", "built_in", "source", "first_failed"),
)
_PER_MONTH: Final = "/month"


def summary_and_monthly(
    names: Sequence[str], reference: str, replicates: Iterable[Records]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of `summary.csv` and `monthly.csv` from every replicate's records.

    Each of `replicates` has shape (scenarios, months + 1, outcomes), scenarios as in `names`.
    Differences are from `reference`, replicate by replicate; its own are empty.
    """
    at = names.index(reference)
    months = levels = differences = None
    for records in replicates:
        if months is None or levels is None or differences is None:
            months = Moments(records.shape)
            shape = (records.shape[0], records.shape[2], len(STATISTICS))
            levels, differences = Moments(shape), Moments(shape)
        statistics = _statistics(records)
        months.see(records)
        levels.see(statistics)
        differences.see(statistics - statistics[at])
    if months is None or levels is None or differences is None:
        raise ValueError("no replicate to make tables of")
    return _summary(names, at, levels, differences), _monthly(names, months)


def _statistics(records: Records) -> Floats:
    """Shape (scenarios, outcomes, statistics), in the order of `STATISTICS`."""
    lived = records[:, 1:]
    return np.stack([lived[:, -1], lived.mean(axis=1), lived.sum(axis=1)], axis=2)


def _summary(names: Sequence[str], at: int, levels: Moments, differences: Moments) -> pd.DataFrame:
    rows = [
        (place, column, k)
        for place in range(len(names))
        for column in range(len(OUTCOMES))
        for k, statistic in enumerate(STATISTICS)
        if statistic != "total" or _FLOWS[column]
    ]
    picked = tuple(np.array(rows).T)
    numbers = [levels.mean, *levels.interval(), differences.mean, *differences.interval()]
    columns = dict(zip(SUMMARY_NUMBERS, (array[picked] for array in numbers), strict=True))
    is_reference = picked[0] == at
    for name in SUMMARY_NUMBERS[3:]:
        columns[name][is_reference] = np.nan
    return pd.DataFrame(
        {
            "scenario": [names[place] for place, _, _ in rows],
            "outcome": [OUTCOMES[column].name for _, column, _ in rows],
            "unit": [_unit(OUTCOMES[column].unit, STATISTICS[k]) for _, column, k in rows],
            "statistic": [STATISTICS[k] for _, _, k in rows],
            **columns,
            "replicates": levels.n,
            "label": SHORT_LABEL,
        }
    )


def _unit(unit: str, statistic: str) -> str:
    return unit.removesuffix(_PER_MONTH) if statistic == "total" else unit


def _monthly(names: Sequence[str], months: Moments) -> pd.DataFrame:
    n_scenarios, n_months, n_outcomes = months.mean.shape
    low, high = months.interval()
    return pd.DataFrame(
        {
            "scenario": np.repeat(np.array(names), n_months * n_outcomes),
            "month": np.tile(np.repeat(np.arange(n_months), n_outcomes), n_scenarios),
            "outcome": np.tile(np.array(OUTCOME_NAMES), n_scenarios * n_months),
            "unit": np.tile(np.array([o.unit for o in OUTCOMES]), n_scenarios * n_months),
            "mean": months.mean.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "label": SHORT_LABEL,
        }
    )


def yearly_table(names: Sequence[str], replicates: Iterable[Records]) -> pd.DataFrame:
    """Flows summed over each whole year, with 95 % intervals; columns as `monthly`, by `year`.

    Empty if the records hold less than a year. Months are noisy where a simulated person stands
    for thousands; years are what people read.
    """
    years: Moments | None = None
    for records in replicates:
        lived = records[:, 1:, _FLOWS]
        n_years = lived.shape[1] // MONTHS_PER_YEAR
        whole = lived[:, : n_years * MONTHS_PER_YEAR]
        sums = whole.reshape(len(names), n_years, MONTHS_PER_YEAR, _FLOWS.sum()).sum(axis=2)
        years = years or Moments(sums.shape)
        years.see(sums)
    if years is None:
        raise ValueError("no replicate to make tables of")
    flows = [outcome for outcome in OUTCOMES if outcome.kind == "flow"]
    index = pd.MultiIndex.from_product(
        [list(names), range(1, years.mean.shape[1] + 1), [flow.name for flow in flows]],
        names=["scenario", "year", "outcome"],
    )
    low, high = years.interval()
    columns = {"mean": years.mean.ravel(), "low": low.ravel(), "high": high.ravel()}
    return pd.DataFrame(columns, index=index).reset_index()


def runs_table(
    names: Sequence[str], replicates: Mapping[int, Played], label: str = SHORT_LABEL
) -> pd.DataFrame:
    """The table of `runs.csv`: every month of every run, a column an outcome."""
    frames = []
    for place, name in enumerate(names):
        for replicate in sorted(replicates):
            records = replicates[replicate].records
            frame = pd.DataFrame(records[place], columns=list(OUTCOME_NAMES))
            frame.insert(0, "scenario", name)
            frame.insert(1, "replicate", replicate)
            frame.insert(2, "month", np.arange(len(frame)))
            frames.append(frame.assign(label=label))
    return pd.concat(frames, ignore_index=True)


def runs_lines(
    names: Sequence[str], replicates: Mapping[int, Played], label: str = SHORT_LABEL
) -> Iterator[str]:
    """The same as `runs_table`, as lines of CSV, one replicate in memory at a time."""
    for place, name in enumerate(names):
        for replicate in sorted(replicates):
            for month, row in enumerate(replicates[replicate].records[place].tolist()):
                yield f"{name},{replicate},{month},{_numbers_text(row)}{label}"


def _numbers_text(row: list[float]) -> str:
    """Each number as `writing.number_text` has it, followed by a comma; written for speed."""
    text = ",".join(map(repr, row)) + ","
    return text.replace(".0,", ",").replace("nan,", ",")


def csv_lines(table: pd.DataFrame) -> Iterator[str]:
    """A table of numbers and of texts on one line as lines of CSV."""
    for fields in zip(*(_texts(table[name]) for name in table.columns), strict=True):
        yield ",".join(fields)


def _texts(column: "pd.Series[Any]") -> list[str]:
    values = column.tolist()
    if column.dtype.kind == "f":
        return [number_text(value) for value in values]
    return [_quoted(str(value)) for value in values]


def _quoted(text: str) -> str:
    """As CSV has it: in quotes where a comma or a quote would be read as something else."""
    if "," not in text and '"' not in text:
        return text
    return '"{}"'.format(text.replace('"', '""'))


def read_table(path: Path) -> pd.DataFrame:
    """A table that `csv_lines` or `runs_lines` wrote, with exactly the same values.

    Raises OSError or ValueError.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table[table[table.columns[0]] != ""].reset_index(drop=True)  # a table without rows
    for name in table.columns:
        if name in _WHOLE:
            table[name] = table[name].astype("int64")
        elif name not in _TEXTS:
            table[name] = np.array([text or "nan" for text in table[name]], dtype=np.float64)
    return table


def picked(table: pd.DataFrame, outcome: str, statistic: str | None = None) -> pd.DataFrame:
    """The rows of one outcome (and one statistic), indexed by scenario in the table's order."""
    rows = table[table["outcome"] == outcome]
    if statistic is not None:
        rows = rows[rows["statistic"] == statistic]
    return rows.set_index("scenario")
