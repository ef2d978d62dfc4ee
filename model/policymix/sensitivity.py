"""Which assumptions decide: rank correlations to choose among them, Sobol' indices to weigh them.

Pure functions from outputs computed elsewhere; the same outputs give the same numbers.
"""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import randint, rankdata, sobol_indices

Floats = NDArray[np.float64]
_Outputs = dict[Literal["f_A", "f_B", "f_AB"], Floats]

SOBOL_COLUMNS: Final = (
    "group",
    *("first_order", "first_low", "first_high"),
    *("total", "total_low", "total_high"),
)
CONFIDENCE: Final = 0.95
_RESAMPLES: Final = 1000
_PARTS: Final = 20
_SEED: Final = 1


def strengths(draws: Floats, differences: Floats, names: Sequence[str]) -> dict[str, float]:
    """By input, its squared Spearman correlation with the difference.

    `draws` (worlds, names), `differences` (worlds,). A constant correlates with nothing. What acts
    alike at both ends of its range is overlooked.
    """
    ranks = rankdata(draws, axis=0) - (len(draws) + 1) / 2
    by = rankdata(differences) - (len(draws) + 1) / 2
    spread = np.sqrt((ranks**2).sum(axis=0) * (by**2).sum())
    rho = np.divide(by @ ranks, spread, out=np.zeros(len(names)), where=spread > 0.0)
    return dict(zip(names, (rho**2).tolist(), strict=True))


def sobol_table(groups: Sequence[str], f_a: Floats, f_b: Floats, f_ab: Floats) -> pd.DataFrame:
    """First-order and total indices [share of variance], 95 % intervals: columns `SOBOL_COLUMNS`.

    `f_a` and `f_b`, shape (n,), are the output at n independent points A and B; `f_ab`, shape
    (groups, n), at A with the inputs of one group taken from B. The groups part all inputs between
    them, chance too: then the total of "chance" is the share that would stay unknown even if
    all else were known, and a first order is a group's share with chance averaged out. Estimates
    are scipy's (Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018) and may be negative. Intervals
    are percentiles of 1,000 bootstrap samples of the n points, always the same ones. NaN where the
    output does not vary or has a NaN. ValueError if n is no power of two, or shapes do not fit.
    """
    n = len(f_a)
    if n == 0 or n & (n - 1):
        raise ValueError(f"n must be a power of two, not {n}")
    if f_a.shape != (n,) or f_b.shape != (n,) or f_ab.shape != (len(groups), n):
        shapes = f"{f_a.shape}, {f_b.shape}, {f_ab.shape}"
        raise ValueError(f"shapes must be (n,), (n,) and ({len(groups)}, n), not {shapes}")
    outputs = np.concatenate([f_a, f_b, f_ab.ravel()])
    numbers = np.full((6, len(groups)), np.nan)
    if np.isfinite(outputs).all() and np.ptp(outputs[: 2 * n]) > 0.0:
        indices = _resampled(f_a, f_b, f_ab)
        tail = (1.0 - CONFIDENCE) / 2.0
        low, high = np.quantile(indices[:, 1:], [tail, 1.0 - tail], axis=1)
        numbers = np.stack([indices[:, 0], low, high], axis=1).reshape(6, len(groups))
    values = dict(zip(SOBOL_COLUMNS[1:], numbers, strict=True))
    return pd.DataFrame({"group": list(groups), **values}, columns=list(SOBOL_COLUMNS))


def _resampled(f_a: Floats, f_b: Floats, f_ab: Floats) -> Floats:
    """Indices, shape (first order and total, 1 + resamples, groups); the first with all points.

    SciPy's own bootstrap takes no seed. So each resample goes to SciPy as an output of its own.
    """
    n = len(f_a)
    picks = randint.rvs(0, n, size=(_RESAMPLES, n), random_state=_SEED)
    picks = np.concatenate([np.arange(n)[None, :], picks])
    parts = []
    for at in np.array_split(picks, _PARTS):
        outputs: _Outputs = {"f_A": f_a[at], "f_B": f_b[at], "f_AB": f_ab[:, at]}
        found = sobol_indices(func=outputs, n=n)
        shape = (2, len(at), len(f_ab))
        parts.append(np.stack([found.first_order, found.total_order]).reshape(shape))
    return np.concatenate(parts, axis=1)
