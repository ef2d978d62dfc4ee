"""Tables made for the purpose: small summaries in which every difference is set by hand."""

import numpy as np
import pandas as pd
from policymix.outcomes import OUTCOME_NAMES
from policymix.tables import SUMMARY_NUMBERS, summary_and_monthly


def summary_of(names: list[str], n_replicates: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(summary, monthly) of scenarios that differ by 10, 20, ... with some chance."""
    level = 1_000 + 10 * np.arange(len(names))[:, None, None]
    shape = (len(names), 4, len(OUTCOME_NAMES))
    made = [level + k * np.ones(shape) * np.arange(len(names))[:, None, None] for k in range(9)]
    return summary_and_monthly(names, names[0], made[:n_replicates])


def set_difference(summary: pd.DataFrame, name: str, outcome: str, *numbers: float) -> None:
    rows = (summary["scenario"] == name) & (summary["outcome"] == outcome)
    summary.loc[rows, list(SUMMARY_NUMBERS[3:])] = numbers
