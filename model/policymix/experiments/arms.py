"""Experiments: ways to play one world from the same start, and numbers read off what came.

An arm is one way to play it; arms of a suite share people and dice, so that each has its twins.
A reading takes parts from the arms of every replicate and makes one number of their means: a ratio
of means, not a mean of ratios.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from policymix.corridors import COUNTRIES
from policymix.hazards import State
from policymix.levers import LEVER_NAMES, UnitCostCurve
from policymix.outcomes import OUTCOME_NAMES
from policymix.runs import let_go, sensible
from policymix.scenario import Scenario, Setup, load_scenario
from policymix.tallies import RISKS as RISK_OF_STATE
from policymix.worlds import drawn_names

if TYPE_CHECKING:
    from policymix.balance import Balanced
    from policymix.model import PolicyModel
    from policymix.people import People

Floats = NDArray[np.float64]
Span = tuple[int, int]
"""Months, the first and the last."""

TODAY: Final = "today"
"""The arm under today's mix, which every suite has: the twin of the others."""
RISKS: Final = tuple(RISK_OF_STATE.values())
WATCHED: Final = (
    "expected_deaths",
    *(f"{what}_{risk}" for what in ("at_risk", "died") for risk in RISKS),
    *(f"killed_in_{country}" for country in COUNTRIES),
    "wanted_at_start",
)
"""What an experiment reads beside the outcomes: people a month, of the whole country; the last is
what they would use at the price of the start [kg/month]."""
COLUMNS: Final = (*OUTCOME_NAMES, *WATCHED)
_PERCENT: Final = 100.0


def _same(balanced: "Balanced") -> "Balanced":
    return balanced


def _none(_balanced: "Balanced") -> Mapping[str, float]:
    return {}


def _nothing(_model: "PolicyModel") -> None:
    pass


@dataclass(frozen=True)
class Arm:
    """One way to play a world for some months.

    The mix is that of the shipped `scenario`: some levers' money multiplied by `times`, or such
    that it buys `volumes` (relative to today's, of levers with a unit cost), and `more` added
    [billion USD a year]. `assume` makes another world,
    balanced anew; `change` alters the balanced one without a new balance. `begin` acts on the
    model before month 1, `each_month` before every month.
    """

    months: int
    scenario: str = "baseline"
    times: Mapping[str, float] = field(default_factory=dict)
    volumes: "Callable[[Balanced], Mapping[str, float]]" = _none
    more: Mapping[str, float] = field(default_factory=dict)
    treatment_in_custody: bool = False
    assume: Mapping[str, float] = field(default_factory=dict)
    change: "Callable[[Balanced], Balanced]" = _same
    begin: "Callable[[PolicyModel], None]" = _nothing
    each_month: "Callable[[PolicyModel], None]" = _nothing

    def scenario_in(self, balanced: "Balanced") -> Scenario:
        """What is paid, at the prices of this world."""
        base = load_scenario(self.scenario, balanced.world.values)
        money = dict(zip(LEVER_NAMES, base.spend(1), strict=True))
        for name, times in self.times.items():
            money[name] *= times
        for name, volume in self.volumes(balanced).items():
            curve = balanced.curves[name]
            if not isinstance(curve, UnitCostCurve):
                raise ValueError(f"{name} saturates: no volume can be asked of it")
            money[name] = curve.cost(volume)
        for name, billions in self.more.items():
            money[name] += billions
        first = base.phases[0]
        funding = replace(
            first.funding,
            spend=tuple(money.values()),
            treatment_in_custody=self.treatment_in_custody,
        )
        phases = (replace(first, funding=funding), *base.phases[1:])
        setup = Setup(months=self.months, cartels=balanced.n_cartels)
        return replace(base, phases=phases, setup=setup)


@dataclass(frozen=True)
class Lived:
    """One arm that was played: `rows`, shape (months + 1, `COLUMNS`); row 0 is the start."""

    rows: Floats

    def mean(self, name: str, span: Span) -> float:
        """Of a column over the months of `span`, which must have been played."""
        first, last = span
        if not 0 <= first <= last < len(self.rows):
            raise ValueError(f"months {first} to {last} of {len(self.rows) - 1}")
        return float(self.rows[first : last + 1, COLUMNS.index(name)].mean())

    def whole(self, name: str) -> Floats:
        """A column with its start, shape (months + 1,)."""
        column: Floats = self.rows[:, COLUMNS.index(name)]
        return column

    def months(self, name: str) -> Floats:
        """A column from month 1 on, shape (months,)."""
        return self.whole(name)[1:]

    def outcomes(self) -> dict[str, Floats]:
        """The outcomes by name, each of shape (months + 1,)."""
        return {name: self.rows[:, at] for at, name in enumerate(OUTCOME_NAMES)}

    def start(self, name: str) -> float:
        """What a stock was before any policy."""
        return float(self.whole(name)[0])


Runs = Mapping[str, Lived]
"""What came of one replicate: an entry an arm."""


@dataclass(frozen=True)
class Reading:
    """A number of an experiment: `value` of the means over replicates of the `n` `parts`."""

    n: int
    parts: Callable[[Runs], tuple[float, ...]]
    value: Callable[..., float]


@dataclass(frozen=True)
class Suite:
    """Arms that share their people and dice, and what is read off them.

    `people` [simulated people] are at most so many, where more would change nothing.
    """

    arms: Mapping[str, Arm]
    readings: Mapping[str, Reading]
    people: int = 5_000_000

    @property
    def n_parts(self) -> int:
        """Parts of all readings together."""
        return sum(reading.n for reading in self.readings.values())

    def drawn(self, held: Collection[str]) -> list[str]:
        """The assumptions that differ between worlds: neither `held` nor the same in every arm."""
        everywhere = set.intersection(*(set(arm.assume) for arm in self.arms.values()))
        return [name for name in drawn_names() if name not in held and name not in everywhere]

    def read(self, runs: Runs) -> Floats:
        """The parts of every reading, one after the other, shape (n_parts,)."""
        return np.array([x for one in self.readings.values() for x in one.parts(runs)])


def percent_change(after: float, before: float) -> float:
    """In per cent of `before`; NaN where there was nothing."""
    return _PERCENT * (after / before - 1.0) if before else float("nan")


def change(arm: str, name: str, span: Span, *, against: str = TODAY) -> Reading:
    """The change of a column's mean over `span` against the twin [%]."""
    return Reading(
        2,
        lambda runs: (runs[arm].mean(name, span), runs[against].mean(name, span)),
        percent_change,
    )


def change_between(one: str, other: str, name: str, span: Span) -> Reading:
    """The change of `one` less that of `other`, both against today's mix [% points]."""
    arms = (one, other, TODAY)
    return Reading(
        3,
        lambda runs: tuple(runs[arm].mean(name, span) for arm in arms),
        lambda a, b, today: percent_change(a, today) - percent_change(b, today),
    )


def quotient(above: float, below: float) -> float:
    """`above` / `below`; NaN where there is nothing below."""
    return above / below if below else float("nan")


def lived(model: "PolicyModel", arm: Arm) -> Lived:
    """Play an arm's months in a model that was built for it."""
    arm.begin(model)
    watched = [[0.0] * len(WATCHED)]
    while model.month < arm.months:
        arm.each_month(model)
        model.step()
        watched.append(_watched(model))
    return Lived(np.hstack([sensible(model.records, "an experiment"), watched]))


def played(arm: Arm, balanced: "Balanced", people: "People", seed: int) -> Lived:
    """Play one arm with a copy of these people."""
    from policymix.model import PolicyModel

    changed = arm.change(balanced)
    start = people.copy()
    start.start = changed.people
    scenario = arm.scenario_in(balanced)
    model = PolicyModel(scenario, seed=seed, balanced=changed, start=start, collect=False)
    found = lived(model, arm)
    let_go(model)
    return found


def _watched(model: "PolicyModel") -> list[float]:
    lived, weight = model.lived, model.people.weight
    counts = [lived.expected_deaths]
    counts += [float(of[risk]) for of in (lived.at_risk, lived.died) for risk in RISKS]
    users = (model.people.count(s) for s in (State.CASUAL, State.ACTIVE, State.TREATMENT))
    wanted = model.market.wanted_today(*users)
    return [*(weight * x for x in counts), *(model.killed[c] for c in model.countries), wanted]
