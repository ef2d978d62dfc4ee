"""What addressed dice are worth: the spread of paired against independent differences.

    python benchmarks/pairing.py          64 replicates, well under a minute

Treatment gets 10 % more money than in the baseline. The same seed for both mixes gives one
difference, neighbouring seeds another; how many times smaller the variance of the first is, that
many times fewer replicates do. `people only` lives the treatment mix under the prices of its
baseline run: what it gains over `whole` is what the market's answer costs.
"""

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.random import default_rng  # noqa: TID251 (resampling results is not part of a run)
from numpy.typing import NDArray
from policymix.dice import DiceAhead, Event, address, replicate_seed
from policymix.funder import Funder
from policymix.levers import LEVER_NAMES
from policymix.lives import Lives
from policymix.model import PolicyModel
from policymix.outcomes import OUTCOME_NAMES
from policymix.people import People
from policymix.peopling import initial_population
from policymix.scenario import Scenario
from policymix.tallies import ADDICTED
from shown import balanced, machine, markdown, sized

WORKERS = 2
MORE_MONEY = 1.1
N_RESAMPLES = 4_000
OUTCOMES = ("addicted at the end", "overdose deaths in all", "cartel revenue, mean")
ARMS = ("baseline", "treatment", "treatment at baseline prices")

Floats = NDArray[np.float64]


def more_treatment(baseline: Scenario) -> Scenario:
    """The baseline with `MORE_MONEY` times the treatment money, and nothing taken elsewhere."""
    spend = list(baseline.phases[0].funding.spend)
    spend[LEVER_NAMES.index("treatment")] *= MORE_MONEY
    funding = replace(baseline.phases[0].funding, spend=tuple(spend))
    phase = replace(baseline.phases[0], funding=funding)
    return replace(baseline, name="more_treatment", phases=(phase,))


def whole(scenario: Scenario, seed: int, start: People) -> Floats:
    """A run's records, shape (months + 1, outcomes)."""
    return PolicyModel(scenario, seed=seed, balanced=balanced(), start=start, collect=False).run()


def outcomes_of(records: Floats) -> list[float]:
    """The three `OUTCOMES` of a run."""
    months = dict(zip(OUTCOME_NAMES, records[1:].T, strict=True))
    return [
        float(months["addicted"][-1]),
        float(months["overdose_deaths"].sum()),
        float(months["cartel_revenue"].mean()),
    ]


def people_only(scenario: Scenario, seed: int, start: People, prices: Floats) -> list[float]:
    """The first two `OUTCOMES` (the third is NaN) under given retail prices [USD/gram] by month."""
    responses, today = balanced().responses, balanced().market.price_today
    lives, funder = Lives(start), Funder(scenario, balanced().curves)
    luck = DiceAhead(address(seed), Event.POTENCY)
    n_dead = 0
    for month, price in enumerate(prices, start=1):
        funder.spend(month)
        now = responses.conditions(
            funder.volume,
            rel_price=price / today,
            potency=responses.potency(luck(month, Event.POTENCY), month),
            custody_treatment=0.0,
        )
        n_dead += lives.live_month(month, now)["overdose_deaths"]
    return [start.count(*ADDICTED), start.weight * n_dead, float("nan")]


def play(n_people: int, months: int, replicate: int) -> list[list[float]]:
    """One replicate: the `OUTCOMES` of each of the `ARMS`."""
    seed = replicate_seed(1, replicate)
    baseline = sized("baseline", n_people, months)
    treatment = more_treatment(baseline)
    start = initial_population(balanced(), n_people, seed)
    today = whole(baseline, seed, start.copy())
    prices = today[1:, OUTCOME_NAMES.index("retail_price")]
    return [
        outcomes_of(today),
        outcomes_of(whole(treatment, seed, start.copy())),
        people_only(treatment, seed, start.copy(), prices),
    ]


def play_all(n_people: int, months: int, n_replicates: int) -> Floats:
    """Shape (replicates, arms, outcomes), played by `WORKERS` processes."""
    with ProcessPoolExecutor(WORKERS) as pool:
        return np.array(list(pool.map(partial(play, n_people, months), range(n_replicates))))


def worth(a: Floats, b: Floats) -> tuple[float, float]:
    """How many times fewer replicates pairing needs, and the lower 95 % bound of that.

    `a`, `b`, shape (replicates,). Paired: b[i] - a[i]; independent: b[i + 1] - a[i]. The bound is
    the 5th percentile over replicates drawn with replacement.
    """
    paired, independent = b - a, np.roll(b, -1) - a
    drawn = default_rng(1).integers(len(a), size=(N_RESAMPLES, len(a)))
    ratios = independent[drawn].var(axis=1) / paired[drawn].var(axis=1)
    return float(independent.var() / paired.var()), float(np.quantile(ratios, 0.05))


def worth_table(played: Floats) -> str:
    """Effects and the worth of pairing, by outcome and arm."""
    rows = []
    for column, outcome in enumerate(OUTCOMES):
        for arm, name in ((1, "whole"), (2, "people only")):
            a, b = played[:, 0, column], played[:, arm, column]
            if np.isnan(b).any():
                continue
            paired = b - a
            error = paired.std(ddof=1) / np.sqrt(len(a))
            alone = np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))
            numbers = (f"{v:,.1f}" for v in (paired.mean(), error, alone))
            rows.append([f"{outcome}, {name}", *numbers, *(f"{v:.1f}" for v in worth(a, b))])
    columns = (
        "treatment less baseline",
        "mean",
        "its standard error",
        "with independent seeds",
        "times fewer replicates",
        "lower 95 % bound",
    )
    return markdown(columns, rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=64)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=120)
    asked = parser.parse_args(arguments)
    played = play_all(asked.people, asked.months, asked.replicates)
    print(
        f"{asked.people:,} people, {asked.months} months, {asked.replicates} replicates;"
        f" {machine()}.\n"
    )
    print(worth_table(played))


if __name__ == "__main__":
    main()
