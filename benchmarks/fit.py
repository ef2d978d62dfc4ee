"""How far the fit of an exported page is from runs that had no part in it.

    python benchmarks/fit.py              about six minutes

The error over mixes kept back, as the page tells it, in standard errors of what was played: with
the same dice, so it is what fitting adds to their chance. The same at ends, where one lever or two
have nearly all the money. And how often intervals hold what later replicates of some of these mixes
say, with other dice: those of the page, and those of as many replicates that were really played.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from policymix.machines import Machines
from policymix.mix_fit import MixFit
from policymix.moments import CONFIDENCE, student_t
from policymix.page.book import HELD_OUT, MIXES, Measured, error_share, measured_fit
from policymix.page.plays import Plays, paths_of, shipped, with_mixes
from policymix.page.shown import SHOWN
from policymix.page.spread import ENDS, end_mixes, held_out_mixes, played_mixes
from policymix.scenario import Scenario, Setup
from policymix.tasks import silent
from scipy.special import ndtri
from shown import machine, markdown

AT_ONCE = 16
SETUP = Setup(20_000, 120)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sizes:
    """How much is played: `later` replicates of `again` of the mixes that are kept back."""

    setup: Setup = SETUP
    seed: int = 1
    replicates: int = 8
    mixes: int = MIXES
    held_out: int = HELD_OUT
    ends: int = ENDS
    again: int = 50
    later: int = 24
    workers: int = 2


@dataclass(frozen=True)
class Found:
    """By outcome: the fit's errors in standard errors (infinite without chance), and shares held.

    `fitted` and `played`, by intervals: of differences from today's mix, and of each mix from the
    one after it.
    """

    error: Floats
    at_ends: Floats
    fitted: tuple[Floats, Floats]
    played: tuple[Floats, Floats]


def measure(sizes: Sizes) -> Found:
    """Play and fit as an export does; then play some of the kept-back mixes on."""
    named, kept = shipped(sizes.setup), held_out_mixes(sizes.seed, sizes.held_out)
    told, ends = played_mixes(sizes.seed, sizes.mixes), end_mixes(sizes.ends)
    scenarios = (*named, *with_mixes(named[0], np.concatenate([told, kept, ends])))
    paths = _paths(sizes, scenarios, sizes.replicates)
    fit, measured, of_ends = measured_fit(named, told, (kept, ends), paths)
    some = kept[: sizes.again]
    n_all = sizes.replicates + sizes.later
    again = _paths(sizes, (named[0], *with_mixes(named[0], some)), n_all)
    effects = (again - again[:, :1])[:, 1:]
    both = effects[: sizes.replicates], effects[sizes.replicates :]
    return Found(_error(measured), _error(of_ends), *_held(fit, measured, some, *both))


def _error(measured: Measured) -> Floats:
    """By outcome, in standard errors."""
    errors = [measured.errors()[one.name] for one in SHOWN]
    off, chance = (np.array([one[key] for one in errors]) for key in ("fit", "monte_carlo"))
    found: Floats = np.divide(off, chance, out=np.full_like(off, np.inf), where=chance > 0.0)
    return found


def _paths(sizes: Sizes, scenarios: Sequence[Scenario], replicates: int) -> Floats:
    plays = Plays(tuple(scenarios), sizes.seed, replicates, AT_ONCE)
    return np.nan_to_num(paths_of(plays, Machines(sizes.workers), silent))


def _held(
    fit: MixFit, measured: Measured, mixes: Floats, first: Floats, later: Floats
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Shares held by intervals of the fit, and of the `first` replicates: `fitted`, `played`."""
    z, mean, own = fit.terms.variables(mixes), fit.mean(mixes), fit.own(mixes)
    pairs = [(z, np.zeros_like(z), lambda x: x), (z, np.roll(z, 1, axis=0), _less_the_next)]
    fitted, played = [], []
    for one, other, less in pairs:
        share = error_share(one, other, measured.usual_distance)[:, np.newaxis, np.newaxis]
        error = _normal() * share * measured.error
        fitted.append(_share(less(mean), _half(less(own), error), less(later)))
        played.append(_share(less(first).mean(axis=0), _half(less(first), 0.0), less(later)))
    return (fitted[0], fitted[1]), (played[0], played[1])


def _less_the_next(of_mixes: Floats) -> Floats:
    return of_mixes - np.roll(of_mixes, 1, axis=-3)


def _half(replicates: Floats, error: Floats | float) -> Floats:
    """Half of an interval: t of these replicates, and an error beside it."""
    n = len(replicates)
    found: Floats = np.sqrt(student_t(n) ** 2 * replicates.var(axis=0, ddof=1) / n + error**2)
    return found


def _share(middle: Floats, half: Floats, later: Floats) -> Floats:
    """How often intervals hold the mean of later replicates, whose chance is allowed for."""
    chance = _normal() * np.sqrt(later.var(axis=0, ddof=1) / len(later))
    held = np.abs(middle - later.mean(axis=0)) <= np.hypot(half, chance)
    found: Floats = held[:, 1:].mean(axis=(0, 1))
    return found


def _normal() -> float:
    return float(ndtri((1 + CONFIDENCE) / 2))


def table(found: Found) -> str:
    """One row an outcome."""
    columns = [
        "outcome",
        "error / chance",
        "at ends",
        "from today's",
        "two mixes",
        "played: from today's",
    ]
    shares = (*found.fitted, *found.played)
    rows = [
        [
            one.title,
            f"{found.error[at]:.2f}",
            f"{found.at_ends[at]:.2f}",
            *[f"{100 * share[at]:.1f} %" for share in shares],
        ]
        for at, one in enumerate(SHOWN)
    ]
    return markdown([*columns, "played: two mixes"], rows)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sizes = Sizes(seed=asked.seed)
    print(
        f"{sizes.mixes} mixes and the shipped ones, {sizes.held_out} kept back, "
        f"{sizes.replicates} replicates of {sizes.setup.people:,} people; {machine()}.\n"
    )
    print(table(measure(sizes)))


if __name__ == "__main__":
    main()
