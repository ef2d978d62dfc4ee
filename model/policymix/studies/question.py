"""What a study asks: which scenarios, against which, how often, in worlds of which size."""

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import Any, SupportsIndex

from policymix.errors import InputError
from policymix.label import SHORT_LABEL
from policymix.machines import Machines
from policymix.problems import quote, shown
from policymix.scenario import SETUP_BOUNDS, Scenario, Setup, load_scenario, shipped_names
from policymix.scenario_text import name_refusal
from policymix.studies.kinds import (
    BASELINE,
    COMPARE,
    DEFAULT_SEED,
    REPLICATES_BOUNDS,
    SEED_BOUNDS,
    WORKERS_BOUNDS,
    Kind,
)
from policymix.studies.notes import notes_of, totals_note

Asked = str | PathLike[str] | Scenario
"""A shipped name, a path, or a scenario that is loaded already."""


@dataclass(frozen=True)
class Question:
    """What a study asks, checked: scenarios of one setup and of different names.

    `study` is the command that asks it, and `sizes` are whole numbers that only this kind of study
    has, by the names of their options. `command` is that of an older study that is repeated; else
    it follows from the rest. `is_one_file` says that its report is kept without other files.
    """

    scenarios: tuple[Scenario, ...]
    reference: str
    replicates: int
    seed: int
    assume: Mapping[str, float] = field(default_factory=dict)
    command: str = ""
    study: str = "compare"
    sizes: Mapping[str, int] = field(default_factory=dict)
    is_one_file: bool = False

    @property
    def names(self) -> list[str]:
        """What tables call the scenarios, in order."""
        return [scenario.name for scenario in self.scenarios]

    @property
    def setup(self) -> Setup:
        """The size of the toy world, the same for all scenarios."""
        return self.scenarios[0].setup

    @property
    def holds(self) -> bool:
        """Whether worlds are drawn, and what was assumed for all is not."""
        return bool(self.assume) and any(self.sizes.get(name) for name in ("world", "worlds"))

    @property
    def held(self) -> dict[str, float]:
        """What all scenarios assume alike, other than the ledger or for all: it is not drawn."""
        first, *others = (set(scenario.assumptions.items()) for scenario in self.scenarios)
        return {**dict(sorted(first.intersection(*others))), **self.assume}

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
        return list(notes_of(self.scenarios, reference, self.replicates, self.sizes, self.held))


def ask(
    scenarios: Asked | Iterable[Asked] | None = None,
    *,
    kind: Kind = COMPARE,
    replicates: int | None = None,
    seed: int = DEFAULT_SEED,
    people: int | None = None,
    months: int | None = None,
    against: Asked = BASELINE,
    assume: Mapping[str, float] | None = None,
    sizes: Mapping[str, int | None] | None = None,
) -> Question:
    """Load and check everything that a study of this kind needs; what is left out has its default.

    `against` joins the others, in front, if it is not among them. `people` and `months` beat the
    files' setup, `assume` their assumptions; `sizes` are those of the kind. Raises InputError with
    all problems, a line each.
    """
    asked = _several(scenarios, kind)
    replicates = kind.replicates if replicates is None else replicates
    given = _said({"people": people, "months": months})
    own = {**{n: size.default for n, size in kind.sizes.items()}, **_said(sizes or {})}
    problems = _numbers_refused(kind, {"replicates": replicates, "seed": seed}, given, own)
    chosen, refused = _loaded(asked, assume or {})
    reference, refused_too = _reference(against, chosen, assume or {})
    problems += [*refused, *(line for line in refused_too if line not in refused)]
    if problems or reference is None:
        raise InputError("\n".join(problems))
    chosen = _with_reference(reference, chosen)
    setup = _common_setup(chosen, {n: operator.index(x) for n, x in given.items()}, kind.setup)
    question = Question(
        tuple(replace(scenario, setup=setup) for scenario in chosen),
        reference.name,
        operator.index(replicates),
        operator.index(seed),
        dict(assume or {}),
        study=kind.study,
        sizes={n: operator.index(x) for n, x in own.items()},
    )
    return in_its_world(question)


def ask_of_one(scenarios: Asked | Iterable[Asked] | None, kind: Kind, **given: Any) -> Question:
    """A question about one scenario, which is its own reference. Raises InputError as `ask`."""
    asked = _several(scenarios, kind)
    return ask(asked, kind=kind, against=asked[0], **given)


def _said(numbers: Mapping[str, int | None]) -> dict[str, int]:
    return {name: number for name, number in numbers.items() if number is not None}


def _numbers_refused(
    kind: Kind, common: Mapping[str, int], setup: Mapping[str, int], own: Mapping[str, int]
) -> list[str]:
    """Why numbers are not permitted: those of every study, of the setup, of this kind."""
    bounds = {"replicates": REPLICATES_BOUNDS, "seed": SEED_BOUNDS, **SETUP_BOUNDS}
    bounds |= {name: size.bounds for name, size in kind.sizes.items()}
    numbers = {**common, **setup, **own}
    problems = [line for n, x in numbers.items() for line in number_refusal(n, x, bounds[n])]
    return problems or _bulk_refused(kind, numbers)


def _bulk_refused(kind: Kind, numbers: Mapping[str, int]) -> list[str]:
    """Why numbers that are permitted each are too much together."""
    if kind.bulk is None:
        return []
    shown_parts, n = kind.bulk.parts(numbers)
    if n <= kind.bulk.most:
        return []
    read = f"{shown_parts} = {n:,}"
    return [f"{kind.bulk.words}: read {read}, allowed is up to {kind.bulk.most:,}"]


def in_its_world(question: Question) -> Question:
    """The same question with every scenario in the sampled world that it names.

    What a scenario assumes itself, and what was assumed for all, is not drawn.
    """
    if not (world := question.sizes.get("world")):
        return question
    from policymix.worlds import drawn_names, draws

    (values,) = draws(question.seed, [world]).tolist()
    drawn = {
        name: value
        for name, value in zip(drawn_names(), values, strict=True)
        if name not in question.assume
    }
    scenarios = (replace(s, assumptions={**drawn, **s.assumptions}) for s in question.scenarios)
    return replace(question, scenarios=tuple(scenarios))


def machines_of(workers: int, cluster: str = "") -> Machines:
    """Who does the work. Raises InputError for a number of workers that is not permitted."""
    if problems := number_refusal("workers", workers, WORKERS_BOUNDS):
        raise InputError("\n".join(problems))
    return Machines(operator.index(workers), cluster)


def _several(scenarios: Asked | Iterable[Asked] | None, kind: Kind) -> list[Asked]:
    if scenarios is None:
        names = shipped_names() if kind.scenarios is None else kind.scenarios
        asked: list[Asked] = list(names)
    elif isinstance(scenarios, str | PathLike | Scenario):
        asked = [scenarios]
    else:
        asked = list(scenarios)
    if not 1 <= len(asked) <= kind.most:
        allowed = "is one" if kind.most == 1 else f"are one to {kind.most:,}"
        raise InputError(f"scenarios: read {len(asked) or 'none'}, allowed {allowed}")
    return asked


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


def _common_setup(
    scenarios: Iterable[Scenario], given: Mapping[str, int], defaults: Setup
) -> Setup:
    """The one setup of all: what is given, else what the files say, else the study's defaults.

    Raises InputError where files say different things.
    """
    setup, problems = {}, []
    for name in SETUP_BOUNDS:
        default = getattr(defaults, name)
        sizes = {s.name: (getattr(s.setup, name), name in s.said) for s in scenarios}
        usual = getattr(Setup(), name)
        said = {one: size for one, (size, named) in sizes.items() if named or size != usual}
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
