"""What a comparison asks: which scenarios, against which, how often, in worlds of which size."""

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import Final, SupportsIndex

from policymix.errors import InputError
from policymix.label import SHORT_LABEL
from policymix.problems import quote, shown
from policymix.scenario import SETUP_BOUNDS, Scenario, Setup, load_scenario, shipped_names
from policymix.scenario_text import name_refusal
from policymix.studies.notes import notes_of, totals_note

REPLICATES_BOUNDS: Final = (1, 10_000)
SEED_BOUNDS: Final = (0, 2**53 - 1)
WORKERS_BOUNDS: Final = (1, 1_000)
DEFAULT_REPLICATES: Final = 16
DEFAULT_SEED: Final = 1
BASELINE: Final = "baseline"

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
        return f"{SHORT_LABEL}; the totals differ" if totals_note(self.scenarios) else SHORT_LABEL

    def same_people(self) -> list[str]:
        """The scenarios whose people are those of the reference: the others' worlds differ."""
        worlds = {scenario.name: scenario.world().values for scenario in self.scenarios}
        return [name for name, values in worlds.items() if values == worlds[self.reference]]

    def notes(self) -> list[str]:
        """Sentences that must stand beside every table and figure, such as that totals differ."""
        reference = next(s for s in self.scenarios if s.name == self.reference)
        return list(notes_of(self.scenarios, reference, self.replicates))


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
