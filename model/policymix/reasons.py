"""Why a difference arose: the flows and the money behind it, and what became of the same people.

Pure functions from tables and replicates to tidy tables.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from policymix.ends import END_NAMES, N_ENDS, fared
from policymix.hazards import Floats
from policymix.label import SHORT_LABEL
from policymix.moments import Moments
from policymix.tables import picked

ADDICTION: Final = (
    ("escalated", 1, "in: escalated"),
    ("relapsed", 1, "in: relapsed"),
    ("quit_addiction", -1, "out: quit untreated"),
    ("recovered", -1, "out: recovered"),
    ("overdose_deaths", -1, "out: overdose deaths"),
    ("aged_out_addicted", -1, "out: exit age"),
)
"""(flow, whether it adds to or takes from everyone with addiction, what it is)."""
SPENDING: Final = (
    ("dealer_revenue", "stays with dealers"),
    ("cartel_costs", "what cartels pay for drug, transport and members"),
    ("bribes", "bribes"),
    ("confiscated", "confiscated"),
    ("cartel_profit", "cartel profit"),
)
"""(outcome, what it is) of the parts that add up to retail spending."""
BRIDGE_COLUMNS: Final = (
    *("scenario", "of", "part", "meaning", "unit"),
    *("difference", "difference_low", "difference_high", "label"),
)
FARED: Final = ("better", "worse")


def bridge_table(summary: pd.DataFrame, monthly: pd.DataFrame, reference: str) -> pd.DataFrame:
    """What adds up to each scenario's difference from the reference: columns `BRIDGE_COLUMNS`.

    `of` is `addicted` (people at the end; the parts are flows over the whole run, those out of
    addiction with their sign turned) or `retail_spending` (million USD a month, mean). The row
    with `part` = `of` is the whole, and the others add up to it. `start` is what was different
    before the first month, where the worlds differ.
    """
    rows = []
    for name in dict.fromkeys(summary["scenario"]):
        if name != reference:
            rows += _addiction_rows(summary, monthly, name, reference)
            rows += _spending_rows(summary, name)
    return pd.DataFrame(rows, columns=list(BRIDGE_COLUMNS))


Row = tuple[str, str, str, str, str, float, float, float, str]


def _addiction_rows(
    summary: pd.DataFrame, monthly: pd.DataFrame, name: str, reference: str
) -> list[Row]:
    first = picked(monthly[monthly["month"] == 0], "addicted")["mean"]
    by_name = dict(zip(first.index, first.tolist(), strict=True))
    at_start = by_name[name] - by_name[reference]
    rows = [_row(summary, name, "addicted", "addicted", 1, "everyone with addiction", "final")]
    if at_start:
        start = (name, "addicted", "start", "before the first month", "people", at_start)
        rows.append((*start, np.nan, np.nan, SHORT_LABEL))
    return rows + [
        _row(summary, name, "addicted", flow, sign, meaning, "total")
        for flow, sign, meaning in ADDICTION
    ]


def _spending_rows(summary: pd.DataFrame, name: str) -> list[Row]:
    parts = (("retail_spending", "what users pay in all"), *SPENDING)
    return [
        _row(summary, name, "retail_spending", part, 1, meaning, "mean") for part, meaning in parts
    ]


def _row(
    summary: pd.DataFrame, name: str, of: str, part: str, sign: int, meaning: str, statistic: str
) -> Row:
    found: dict[str, Any] = dict(picked(summary, part, statistic).loc[name])
    low, high = sorted(sign * float(found[f"difference_{end}"]) for end in ("low", "high"))
    middle = sign * float(found["difference"])
    return name, of, part, meaning, str(found["unit"]), middle, low, high, SHORT_LABEL


def ends_and_fared(
    names: Sequence[str], replicates: Iterable[Floats]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of `ends.csv` and `fared.csv`: everyone alive in month 0, under two policies.

    Each of `replicates` has shape (scenarios, N_ENDS, N_ENDS), see `policymix.ends.crossed`. Ends:
    people by their end under the reference and under the scenario. Fared: how many fared better
    and worse, and by how much the better are more (`net`). All [people], with 95 % intervals.
    """
    ends: Moments | None = None
    for crossed in replicates:
        if ends is None:
            ends, fares = Moments(crossed.shape), Moments((len(names), len(FARED) + 1))
        ends.see(crossed)
        fares.see(_fared_counts(crossed))
    if ends is None:
        raise ValueError("no replicate to make tables of")
    return _ends_frame(names, ends), _fared_frame(names, fares)


def _fared_counts(crossed: Floats) -> Floats:
    """Shape (scenarios, 3): people who fared better, worse, and better less worse."""
    how = np.array([[fared(before, after) for after in END_NAMES] for before in END_NAMES])
    counts = [crossed[:, how == one].sum(axis=1) for one in FARED]
    return np.stack([*counts, counts[0] - counts[1]], axis=1)


def _ends_frame(names: Sequence[str], ends: Moments) -> pd.DataFrame:
    low, high = ends.interval()
    n = len(names)
    return pd.DataFrame(
        {
            "scenario": np.repeat(np.array(names), N_ENDS**2),
            "end_under_reference": np.tile(np.repeat(np.array(END_NAMES), N_ENDS), n),
            "end": np.tile(np.array(END_NAMES), n * N_ENDS),
            "unit": "people",
            "mean": ends.mean.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "label": SHORT_LABEL,
        }
    )


def _fared_frame(names: Sequence[str], fares: Moments) -> pd.DataFrame:
    low, high = fares.interval()
    how = (*FARED, "net")
    return pd.DataFrame(
        {
            "scenario": np.repeat(np.array(names), len(how)),
            "fared": np.tile(np.array(how), len(names)),
            "unit": "people",
            "mean": fares.mean.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "label": SHORT_LABEL,
        }
    )
