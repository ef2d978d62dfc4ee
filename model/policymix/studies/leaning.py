"""The assumptions that a comparison's differences lean on most: to first order, without a run."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from policymix.assumptions import central_world, ledger
from policymix.leaning import SETUP, STATISTICS, Measured, measured
from policymix.outcomes import BY_NAME
from policymix.reach import POINTS, Reach
from policymix.scenario_parts import Scenario
from policymix.studies.question import Question
from policymix.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

_LENGTHS: Final = 2
"""How many times longer or shorter than measured a run may be."""
Floats = NDArray[np.float64]
Values = tuple[tuple[str, float], ...]
"""What a world has other than the central one, as (assumption, value)."""
Months = tuple[tuple[tuple[float, ...], int, int], ...]
"""Each mix once [billion USD a year by lever], its months' count, and the sum of their numbers."""

LEANING_COLUMNS: Final = (
    *("scenario", "outcome", "assumption", "unit"),
    *("difference", "at_low", "at_high", "swing"),
)


def leaning_table(question: Question, effects: Measured | None = None) -> "pd.DataFrame":
    """How far each difference from the reference would move if one assumption were another.

    Columns `LEANING_COLUMNS`, in outcome units: `difference` (scenario less reference, of the last
    month for a stock, else of the mean month), `at_low` and `at_high` the same with this one
    assumption at the ends of its range (empty if that world is impossible), `swing` the larger
    distance of the two from `difference`. The largest swing of each scenario and outcome comes
    first; assumptions without a swing are not listed, and neither are those whose both ends move
    a difference the same way: with few replicates that is chance, most of all for deaths.

    To first order: money becomes reach by the world's own curves, each lever's effect is read off
    `effects` (default: the shipped file), and the effects are added up, as if levers did not help
    or hinder each other, in the central world with one assumption changed at a time. All months
    count alike in a mean; at the end a month counts the more the later it is. Effects are those of
    `policymix.leaning.SETUP`, whatever the question's months; treatment in custody is not in them.
    Where levers nearly cancel, `difference` may even have another sign than the simulated one:
    show swings, or add `at_low` less `difference` to what was simulated.
    Scenarios for which that says nothing are left out: see `leaning_notes`.
    """
    import pandas as pd

    effects = effects or measured()
    reference, others = _sides(question)
    fitting = [one for one in others if effects and not _unfit(one, reference)]
    rows = [row for one in fitting if effects for row in _rows(one, reference, effects)]
    table = pd.DataFrame(rows, columns=list(LEANING_COLUMNS))
    return table.astype(dict.fromkeys(LEANING_COLUMNS[4:], "float64"))


def leaning_notes(question: Question) -> list[str]:
    """What stands beside the table: how far to trust it, and which assumptions are left out."""
    if measured() is None:
        return ["Not measured for this ledger: python -m policymix.leaning 2 measures it anew."]
    reference, others = _sides(question)
    years = f"{SETUP.months / MONTHS_PER_YEAR:g} years"
    how = (
        f"One number at a time, roughly (to first order): what each lever does alone over {years}, "
        "measured with one assumption at either end of its range and added up over the levers; "
        "the change that this brings is put on the simulated difference. Levers that help or "
        "hinder each other are not in it. --assume NAME=VALUE plays any of it for certain."
    )
    left_out = {one.name: why for one in others if (why := _unfit(one, reference))}
    return [how, *(f"Not told for {name}: {why}." for name, why in left_out.items())]


def _unfit(scenario: Scenario, reference: Scenario) -> str:
    """Why what was measured says nothing of these two; empty if it does."""
    months = scenario.setup.months
    if not SETUP.months / _LENGTHS <= months <= SETUP.months * _LENGTHS:
        return f"it was measured over {SETUP.months} months, and {months} were played"
    if scenario.assumptions or reference.assumptions:
        return "it was measured in the central world, and assumptions are set"
    for one in (scenario, reference):
        if any(phase.funding.treatment_in_custody for phase in one.phases):
            return "treatment in custody was not measured"
    return ""


def _sides(question: Question) -> tuple[Scenario, list[Scenario]]:
    """The reference and the others, in order."""
    reference = next(s for s in question.scenarios if s.name == question.reference)
    return reference, [s for s in question.scenarios if s.name != question.reference]


def _rows(
    scenario: Scenario, reference: Scenario, effects: Measured
) -> Iterator[tuple[str | float, ...]]:
    """The table's rows of one scenario: by outcome, the largest swing first."""
    pair = [(_months(one), tuple(one.assumptions.items())) for one in (scenario, reference)]
    central = _difference(pair, (), effects.central)
    found = []
    for entry in ledger().values():
        name = entry.name
        if entry.low < entry.high:
            low = _difference(pair, ((name, entry.low),), effects.at_end(name, "low"))
            high = _difference(pair, ((name, entry.high),), effects.at_end(name, "high"))
            swing = np.fmax(np.abs(low - central), np.abs(high - central))
            swing[(low - central) * (high - central) > 0.0] = 0.0  # both ends the same way: chance
            found.append((name, low, high, swing))
    for at, outcome in enumerate(STATISTICS):
        unit = BY_NAME[outcome].unit
        for name, low, high, swing in sorted(found, key=lambda one: -one[-1][at]):
            if swing[at] > 0.0:
                numbers = (float(one[at]) for one in (central, low, high, swing))
                yield scenario.name, outcome, name, unit, *numbers


def _difference(pair: Iterable[tuple[Months, Values]], changed: Values, effects: Floats) -> Floats:
    """By outcome, shape (outcomes,): the first scenario's effects less the second's."""
    first, second = (_shares(months, _reach((*values, *changed))) for months, values in pair)
    difference: Floats = ((first - second) * effects).sum(axis=0)
    return difference


@lru_cache(maxsize=4096)
def _reach(values: Values) -> Reach:
    return Reach.of(central_world().with_values(dict(values)))


def _months(scenario: Scenario) -> Months:
    often, late = Counter[tuple[float, ...]](), Counter[tuple[float, ...]]()
    for month in range(1, scenario.setup.months + 1):
        spend = scenario.spend(month)
        often[spend] += 1
        late[spend] += month
    return tuple((spend, often[spend], late[spend]) for spend in often)


@lru_cache(maxsize=4096)
def _shares(months: Months, reach: Reach) -> Floats:
    """How much of each point's effect a scenario has, shape (points, outcomes)."""
    mean, end = np.zeros(len(POINTS)), np.zeros(len(POINTS))
    for spend, often, late in months:
        shares = reach.shares(spend)
        mean += shares * often
        end += shares * late
    mean /= sum(often for _, often, _ in months)
    end /= sum(late for _, _, late in months)
    by_statistic = {"mean": mean, "final": end}
    return np.column_stack([by_statistic[statistic] for statistic in STATISTICS.values()])
