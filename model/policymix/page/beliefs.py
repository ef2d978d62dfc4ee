"""What one would have to believe: shipped scenarios as assumptions move, one at a time and all."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from policymix.discovery import share_interval
from policymix.label import LABEL
from policymix.machines import Machines
from policymix.moments import student_t
from policymix.page.book import packed
from policymix.page.plays import Plays, paths_of, shipped
from policymix.page.shown import SHOWN
from policymix.robust_readings import box, reversals, verdict
from policymix.robustness import STATISTICS
from policymix.scenario import Scenario, Setup, shipped_names
from policymix.studies import question as questions
from policymix.studies.kinds import BASELINE, ROBUST
from policymix.studies.robust import run_study
from policymix.studies.robust_words import sentence
from policymix.tasks import Progress
from policymix.worlds import drawn_names, ranges

if TYPE_CHECKING:
    from policymix.robust_readings import RobustTables

Floats = NDArray[np.float64]

VALUES: Final = 4
"""Of each assumption, evenly from the low to the high end of its range."""
REPLICATES: Final = 2
"""Of each value; as many as the page has are played of the central ones."""
WORLDS: Final = 128
_HEADLINE: Final = [place for place, one in enumerate(SHOWN) if one.group == "headline"]


def make_beliefs(
    setup: Setup,
    seed: int,
    replicates: int,
    machines: Machines,
    progress: Progress,
    *,
    names: tuple[str, ...] | None = None,
    values: int = VALUES,
    worlds: int = WORLDS,
) -> dict[str, Any]:
    """What the export knows of other worlds; ready for JSON.

    `names` are the assumptions that are moved, all drawn ones if none is given. Headline outcomes
    are as shown in the last month: `central` and the `means` of what is moved, (values, scenarios,
    outcomes), NaN in an impossible world, over few replicates. Raises as `robust` does.
    """
    names = drawn_names() if names is None else names
    few, named = min(REPLICATES, replicates), shipped(setup)
    part = _parts(progress, [replicates, few * len(names) * values, 2 * worlds])
    central = _last(Plays(named, seed, replicates, len(named)), machines, part(0))
    places = {name: np.linspace(*ranges()[name], values).tolist() for name in names}
    found = _last(Plays(_moved(named, places), seed, few, len(named)), machines, part(1))
    means, each = found.mean(axis=0).reshape(len(names), values, len(named), -1), enumerate(names)
    size = {"people": setup.people, "months": setup.months, "seed": seed, "replicates": few}
    return {
        "label": LABEL,
        "size": {**size, "values": values, "worlds": worlds},
        "scenarios": [one.name for one in named],
        "outcomes": [SHOWN[place].name for place in _HEADLINE],
        "central": packed(central[:few].mean(axis=0)),
        "half": packed(half_widths(central, few)) if replicates > 1 else None,
        "moved": {name: {"at": places[name], "means": packed(means[n])} for n, name in each},
        **_worlds(setup, seed, worlds, machines, part(2)),
    }


def _moved(named: tuple[Scenario, ...], places: Mapping[str, list[float]]) -> tuple[Scenario, ...]:
    """Every scenario at every value of every assumption, by assumption, value and scenario."""
    return tuple(
        replace(one, assumptions={**one.assumptions, name: value})
        for name, values in places.items()
        for value in values
        for one in named
    )


def _parts(progress: Progress, sizes: list[int]) -> Callable[[int], Progress]:
    """The progress of each part of a whole whose parts have these sizes."""

    def part(number: int) -> Progress:
        before = sum(sizes[:number])
        return lambda done, of: progress(before + done * sizes[number] // max(of, 1), sum(sizes))

    return part


def _last(plays: Plays, machines: Machines, progress: Progress) -> Floats:
    """Headline outcomes of the last month, shape (replicates, scenarios, outcomes)."""
    found: Floats = paths_of(plays, machines, progress)[:, :, -1][..., _HEADLINE]
    return found


def half_widths(central: Floats, few: int) -> Floats:
    """Half a 95 % interval of two scenarios' difference, shape (scenarios, scenarios, outcomes).

    `central` (replicates, scenarios, outcomes) tells how much replicates differ; the interval is
    of the mean of `few` of them. There are two replicates at least.
    """
    n = len(central)
    differences = central[:, :, np.newaxis] - central[:, np.newaxis, :]
    found: Floats = student_t(n) * differences.std(axis=0, ddof=1) / np.sqrt(few)
    return found


def _worlds(
    setup: Setup, seed: int, worlds: int, machines: Machines, progress: Progress
) -> dict[str, Any]:
    """What `policymix robust` says of every two shipped scenarios in sampled worlds."""
    question = questions.ask(
        shipped_names(),
        kind=replace(ROBUST, most=len(shipped_names())),
        against=BASELINE,
        replicates=1,
        seed=seed,
        people=setup.people,
        months=setup.months,
        sizes={"worlds": worlds},
    )
    answer = run_study(
        question, None, workers=machines.workers, cluster=machines.cluster, progress=progress
    )
    tables = answer.readings()
    titles = {one.name: one.title for one in shipped(setup)}
    return {"pairs": list(_pairs(tables, titles)), "notes": answer.notes()}


def titled(text: str, titles: Mapping[str, str]) -> str:
    """The text with scenarios called by their titles, as everywhere on the page."""
    names = "|".join(map(re.escape, titles))
    return re.sub(rf"\b({names})\b", lambda found: titles[found[0]], text)


def _pairs(tables: "RobustTables", titles: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """By pair and outcome; `shares` of worlds in which the first has less, and the second."""
    for pair in tables.pairs():
        for outcome in STATISTICS:
            told = verdict(tables, pair, outcome)
            less = [round(told.share * told.worlds), reversals(tables, pair, outcome)]
            yield {
                "first": pair[0],
                "second": pair[1],
                "outcome": outcome,
                "better": told.better,
                "worlds": told.worlds,
                "shares": [
                    [n / told.worlds, *share_interval(n, told.worlds)]
                    for n in (less if told.better == pair[0] else less[::-1])
                ],
                "sentence": titled(sentence(tables, pair, outcome), titles),
                "box": [
                    {
                        "assumption": bound.assumption,
                        "low": bound.low if np.isfinite(bound.low) else None,
                        "high": bound.high if np.isfinite(bound.high) else None,
                    }
                    for bound in box(tables, pair, outcome)
                ],
            }
