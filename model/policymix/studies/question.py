"""What a comparison asks: which scenarios, against which, how often, in worlds of which size."""

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from os import PathLike
from typing import Final, SupportsIndex

from policymix.assumptions import ledger
from policymix.errors import InputError
from policymix.label import SHORT_LABEL
from policymix.levers import UnitCostCurve, curves, today_spend
from policymix.problems import quote, shown
from policymix.scenario import SETUP_BOUNDS, Scenario, Setup, load_scenario, shipped_names
from policymix.scenario_text import name_refusal
from policymix.units import MONTHS_PER_YEAR

REPLICATES_BOUNDS: Final = (1, 10_000)
SEED_BOUNDS: Final = (0, 2**53 - 1)
WORKERS_BOUNDS: Final = (1, 1_000)
DEFAULT_REPLICATES: Final = 16
DEFAULT_SEED: Final = 1
BASELINE: Final = "baseline"
_DISPUTED: Final = "domestic_margin_pass_through"
"""The assumption that decides most between supply and demand, and is graded C."""
_SAME_MONEY: Final = 1e-6
_MOST_WORLD_VALUES_SHOWN: Final = 6

Asked = str | PathLike[str] | Scenario
"""A shipped name, a path, or a scenario that is loaded already."""


@dataclass(frozen=True)
class Question:
    """A comparison, checked: scenarios of one setup and of different names.

    `command` is the command of an older study that is repeated; else it follows from the rest.
    """

    scenarios: tuple[Scenario, ...]
    reference: str
    replicates: int
    seed: int
    assume: Mapping[str, float] = field(default_factory=dict)
    command: str = ""

    @property
    def names(self) -> list[str]:
        """What tables call the scenarios, in order."""
        return [scenario.name for scenario in self.scenarios]

    @property
    def setup(self) -> Setup:
        """The size of the toy world, the same for all scenarios."""
        return self.scenarios[0].setup

    @property
    def label(self) -> str:
        """The label of table rows: the short one, and whether the scenarios' totals differ."""
        return f"{SHORT_LABEL}; the totals differ" if self._totals_note() else SHORT_LABEL

    def notes(self) -> list[str]:
        """Sentences that must stand beside every table and figure, such as that totals differ."""
        notes = [*self._size_note(), *self._totals_note(), *self._worlds_note()]
        return [*notes, *self._phases_note(), *self._unit_costs_note(), self._weakness_note()]

    def _size_note(self) -> list[str]:
        setup, interval = self.setup, ""
        if self.replicates > 1:
            interval = "; intervals and bands are 95 %, differences are paired"
        replicates = "replicate" if self.replicates == 1 else "replicates"
        size = f"{self.replicates:,} {replicates} of {setup.people:,} simulated people"
        stands_for = self.scenarios[0].world().values["n_people"] / setup.people
        each = f"each stands for {stands_for:,.0f}"
        return [f"{size} ({each}) over {duration(setup.months)}{interval}."]

    def _weakness_note(self) -> str:
        """What weak evidence decides between the sides, said wherever a result is shown."""
        entries = ledger().values()
        weak = [entry for entry in entries if entry.grade == "C"]
        reference = next(s for s in self.scenarios if s.name == self.reference)
        value = reference.world().values[_DISPUTED]
        return (
            f"Leans on weak evidence (grade C): {len(weak)} of {len(entries)} assumptions, among "
            f"them {_DISPUTED} = {value:g} (at 0 dealers add fixed dollars to what cartels charge, "
            "at 1 a fixed share, so that seizures move the street price more)."
        )

    def _totals_note(self) -> list[str]:
        totals = {scenario.name: _totals_of(scenario) for scenario in self.scenarios}
        amounts = [amount for steps in totals.values() for _, amount in steps]
        if max(amounts) - min(amounts) <= _SAME_MONEY * max(amounts):
            return []
        spelt = "; ".join(f"{name} {_totals_text(steps)}" for name, steps in totals.items())
        return [f"The totals differ, in billion USD a year: {spelt}."]

    def _phases_note(self) -> list[str]:
        """Mixes that would begin after the last month."""
        late = [
            f"{scenario.name} after {(phase.first_month - 1) / MONTHS_PER_YEAR:g} years"
            for scenario in self.scenarios
            for phase in scenario.phases
            if phase.first_month > self.setup.months
        ]
        played = duration(self.setup.months)
        return [f"Never begins within {played}: {', '.join(late)}."] if late else []

    def _unit_costs_note(self) -> list[str]:
        """How far the next dollar is taken to buy other than today's, where money moves."""
        world = next(s for s in self.scenarios if s.name == self.reference).world()
        today = list(today_spend(world).values())
        spends = [p.funding.spend for s in self.scenarios for p in s.phases]
        told = []
        for at, (name, curve) in enumerate(curves(world).items()):
            moved = any(abs(spend[at] - today[at]) > _SAME_MONEY for spend in spends)
            if moved and isinstance(curve, UnitCostCurve):
                told.append(f"{name} {curve.today / curve.unit_today:.1f}")
        if not told:
            return []
        beyond = "Beyond today's money a dollar buys at published unit costs, below it at today's"
        return [f"{beyond} average cost. The next dollar over the average one: {', '.join(told)}."]

    def _worlds_note(self) -> list[str]:
        worlds = {scenario.name: scenario.world() for scenario in self.scenarios}
        first = worlds[self.reference]
        differing = {name: world.differences(first) for name, world in worlds.items()}
        spelt = [f"{name} has {_values_text(found)}" for name, found in differing.items() if found]
        if not spelt:
            return []
        warning = "The worlds differ, each balanced anew: differences are not the policy's alone"
        return [f"{warning}. Other than {self.reference}, {'; '.join(spelt)}."]


def ask(
    scenarios: Asked | Iterable[Asked] | None = None,
    *,
    replicates: int = DEFAULT_REPLICATES,
    seed: int = DEFAULT_SEED,
    people: int | None = None,
    months: int | None = None,
    against: Asked = BASELINE,
    assume: Mapping[str, float] | None = None,
) -> Question:
    """Load and check everything that a comparison needs; all shipped scenarios by default.

    `against` joins the others, in front, if it is not among them. `people` and `months` beat the
    files' setup, `assume` their assumptions. Raises InputError with all problems, a line each.
    """
    asked = _several(scenarios)
    if not asked:
        raise InputError("scenarios: read none, allowed are one or more")
    sizes = {"people": people, "months": months}
    problems = [
        *number_refusal("replicates", replicates, REPLICATES_BOUNDS),
        *number_refusal("seed", seed, SEED_BOUNDS),
    ]
    for name, size in sizes.items():
        problems += [] if size is None else number_refusal(name, size, SETUP_BOUNDS[name])
    chosen, refused = _loaded(asked, assume or {})
    reference, refused_too = _reference(against, chosen, assume or {})
    problems += [*refused, *(line for line in refused_too if line not in refused)]
    if problems or reference is None:
        raise InputError("\n".join(problems))
    chosen = _with_reference(reference, chosen)
    given = {name: operator.index(size) for name, size in sizes.items() if size is not None}
    setup = _common_setup(chosen, given)
    return Question(
        tuple(replace(scenario, setup=setup) for scenario in chosen),
        reference.name,
        operator.index(replicates),
        operator.index(seed),
        dict(assume or {}),
    )


def _several(scenarios: Asked | Iterable[Asked] | None) -> list[Asked]:
    if scenarios is None:
        return list(shipped_names())
    return [scenarios] if isinstance(scenarios, str | PathLike | Scenario) else list(scenarios)


def number_refusal(name: str, value: SupportsIndex, bounds: tuple[int, int]) -> list[str]:
    """Why `value` is no whole number within `bounds`, in the words that files get too."""
    least, most = bounds
    is_whole = hasattr(value, "__index__") and not isinstance(value, bool)
    if is_whole and least <= operator.index(value) <= most:
        return []
    return [f"{name}: read {shown(value)}, allowed is a whole number from {least:,} to {most:,}"]


def _loaded(
    asked: Sequence[Asked], assume: Mapping[str, float]
) -> tuple[list[Scenario], list[str]]:
    scenarios, problems = [], []
    for one in asked:
        try:
            scenarios.append(_one_loaded(one, assume))
        except InputError as error:
            problems += [line for line in str(error).splitlines() if line not in problems]
    return scenarios, problems


def _reference(
    against: Asked, chosen: Sequence[Scenario], assume: Mapping[str, float]
) -> tuple[Scenario | None, list[str]]:
    """The scenario to compare with: the one among `chosen` that has this name, else a new one."""
    for scenario in chosen:
        # A shipped name means the shipped one: a file of that name is another of one name.
        if scenario.name == against and (scenario.is_shipped or against not in shipped_names()):
            return scenario, []
    loaded, problems = _loaded([against], assume)
    return (loaded[0] if loaded else None), problems


def _one_loaded(asked: Asked, assume: Mapping[str, float]) -> Scenario:
    if not isinstance(asked, Scenario):
        return load_scenario(asked, assume)
    if problem := name_refusal(asked.name):
        raise InputError(problem)
    if assume:
        raise InputError(
            f"{asked.name}: this scenario is loaded already; give assumptions to load_scenario"
        )
    return asked


def _with_reference(reference: Scenario, others: list[Scenario]) -> list[Scenario]:
    """The others, with the reference in front unless it is one of them. Refuses equal names."""
    named = reference in others
    chosen = others if named else [reference, *others]
    names = [scenario.name for scenario in chosen]
    twice = sorted({quote(name) for name in names if names.count(name) > 1})
    if twice:
        hint = ""
        if not named and reference.is_shipped and names.count(reference.name) > 1:
            hint = f" --against means the shipped {reference.name}; to compare with a file, give"
            hint += " its path there."
        raise InputError(
            f"scenarios: read {', '.join(twice)} more than once, allowed is one of each name.{hint}"
        )
    return chosen


def _common_setup(scenarios: Iterable[Scenario], given: Mapping[str, int]) -> Setup:
    """The one setup of all: what is given, else what the files say, else the defaults.

    Raises InputError where files say different things.
    """
    setup, problems = {}, []
    for name in SETUP_BOUNDS:
        default = getattr(Setup(), name)
        sizes = {s.name: (getattr(s.setup, name), name in s.said) for s in scenarios}
        said = {one: size for one, (size, named) in sizes.items() if named or size != default}
        if name not in given and len(set(said.values())) > 1:
            spelt = ", ".join(f"{size:,} in {scenario}" for scenario, size in said.items())
            beats = f", or --{name}, which beats the files" if name != "cartels" else ""
            problems.append(
                f"setup.{name}: read {spelt}, allowed is the same in all scenarios{beats}"
            )
        setup[name] = given.get(name, next(iter(said.values()), default))
    if problems:
        raise InputError("\n".join(problems))
    return Setup(**setup)


def _totals_of(scenario: Scenario) -> list[tuple[int, float]]:
    """(first month, billion USD a year) of each phase that is played."""
    played = [p for p in scenario.phases if p.first_month <= scenario.setup.months]
    return [(phase.first_month, phase.funding.total()) for phase in played]


def _totals_text(steps: list[tuple[int, float]]) -> str:
    texts = [f"{steps[0][1]:,.6g}"]
    for (_, before), (month, amount) in pairwise(steps):
        if abs(amount - before) > _SAME_MONEY * max(amount, before):
            texts.append(f"{amount:,.6g} from month {month}")
    return ", then ".join(texts)


def _values_text(values: Mapping[str, float]) -> str:
    shown_values = [f"{name} = {value:.6g}" for name, value in values.items()]
    rest = len(shown_values) - _MOST_WORLD_VALUES_SHOWN
    if rest > 0:
        shown_values = [*shown_values[:_MOST_WORLD_VALUES_SHOWN], f"{rest} more"]
    return ", ".join(shown_values)


def duration(months: int) -> str:
    """`10 years`, or `18 months` where the years are not whole."""
    years, rest = divmod(months, MONTHS_PER_YEAR)
    if rest or not years:
        return f"{months} month{'' if months == 1 else 's'}"
    return f"{years} year{'' if years == 1 else 's'}"
