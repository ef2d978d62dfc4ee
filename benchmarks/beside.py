"""What a run costs beside others: models of one start that step in time.

python benchmarks/beside.py             about a minute
"""

import argparse
import gc
from collections.abc import Sequence
from time import perf_counter

from policymix.model import PolicyModel
from policymix.peopling import initial_population
from policymix.together import Together
from shown import balanced, machine, markdown, median, ratio, seconds, sized

SIZES = (1_000, 20_000, 50_000, 100_000)
AT_ONCE = (1, 2, 3, 8)


def seconds_a_run(n_people: int, n_runs: int, months: int) -> float:
    """Seconds of each of `n_runs` of other seeds, played side by side; 1 is played alone."""
    b, scenario = balanced(), sized("demand_first", n_people, months)
    models = [
        PolicyModel(
            scenario,
            seed=seed,
            balanced=b,
            start=initial_population(b, n_people, seed),
            collect=False,
        )
        for seed in range(1, n_runs + 1)
    ]
    gc.collect()
    began = perf_counter()
    if n_runs == 1:
        models[0].run()
    else:
        Together(models).run()
    return (perf_counter() - began) / n_runs


def measure(
    sizes: Sequence[int], at_once: Sequence[int], months: int, n_rounds: int
) -> dict[tuple[int, int], list[float]]:
    """Seconds a run by (people, runs at once), interleaved; a round before to warm up."""
    found: dict[tuple[int, int], list[float]] = {(n, k): [] for n in sizes for k in at_once}
    seconds_a_run(sizes[0], at_once[-1], months)
    for _ in range(n_rounds):
        for (n_people, n_runs), times in found.items():
            times.append(seconds_a_run(n_people, n_runs, months))
    return found


def table(found: dict[tuple[int, int], list[float]]) -> str:
    """Medians, and how they compare with a run alone, round by round."""
    sizes, at_once = (list(dict.fromkeys(key[place] for key in found)) for place in (0, 1))
    rows = []
    for n in sizes:
        alone = found[n, at_once[0]]
        beside = (f"{ratio(found[n, k], alone):.2f}" for k in at_once[1:])
        rows.append([f"{n:,}", seconds(median(alone)), *beside])
    return markdown(["people", "a run alone", *(f"{k} at once" for k in at_once[1:])], rows)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--months", type=int, default=120)
    asked = parser.parse_args()
    print(f"{asked.months} months, medians of {asked.rounds} interleaved rounds; {machine()}.")
    print("Times of a run among others as parts of that alone.\n")
    print(table(measure(SIZES, AT_ONCE, asked.months, asked.rounds)))


if __name__ == "__main__":
    main()
