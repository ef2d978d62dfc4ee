"""What stands in each section of a report, as texts and lists, before it becomes HTML."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policymix.ends import ENDS
from policymix.levers import LEVERS
from policymix.studies.amounts import Manner, Scale, difference_text, level_text
from policymix.studies.costs import money_against
from policymix.studies.kinds import COMPARE, KINDS
from policymix.studies.measures import (
    HEADLINES,
    SIDE_EFFECTS,
    Measure,
    Pair,
    estimates_of,
    pairs_of,
    per_100k,
    scale_of_all,
)
from policymix.studies.notes import duration
from policymix.studies.question import Question
from policymix.studies.settings import Setting, differing_settings

if TYPE_CHECKING:
    import pandas as pd

_SCENARIOS_IN_A_TABLE: Final = 8
_NAMES_IN_A_SENTENCE: Final = 8
_FEW: Final = 2
_TITLES: Final = {lever.name: lever.title for lever in LEVERS}
_PEOPLE: Final = Manner("people")
ENDS_IN_WORDS: Final = ", ".join(title for name, title in ENDS if name != "aged_out")
"""Where people may be at the end, from better to worse as this program counts it."""


def heading(question: Question) -> str:
    """The title of the report."""
    if len(question.scenarios) == 1:
        return f"One funding mix: {question.reference}"
    return f"Funding mixes compared with {question.reference}"


def asked_sentence(question: Question) -> str:
    """What was asked, in one sentence."""
    others = [scenario for scenario in question.scenarios if scenario.name != question.reference]
    span = duration(question.setup.months)
    if not others:
        return f"What happens over {span} under {question.reference}?"
    reference = next(s for s in question.scenarios if s.name == question.reference)
    is_same = all(money_against(reference, other).is_same_total for other in others)
    money = f"the same {reference.total():.6g} billion US dollars a year are spent"
    if not is_same:
        money = "money is spent, not the same total in all,"
    names = [scenario.name for scenario in others]
    who = "for the same people with the same dice"
    if len(question.same_people()) < len(question.scenarios):
        who = "with the same dice, in worlds that differ,"
    return (
        f"Over {span}, what changes {who} if {money} as in "
        f"{_either(names)} instead of as in {question.reference}?"
    )


def _either(names: Sequence[str]) -> str:
    if len(names) > _NAMES_IN_A_SENTENCE:
        return f"{len(names):,} other scenarios"
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def command_beside(question: Question) -> str:
    """The command that asks the same of the files beside the report: they hold every number.

    The same however the question was first asked, so that a repetition has the same report.
    """
    kind, files = KINDS[question.study], [_file(question, name) for name in question.names]
    words = ["policymix", question.study, *(files if kind.free else [])]
    if kind is COMPARE:
        words += ["--against", _file(question, question.reference)]
    for name, number in question.sizes.items():
        if number or kind.sizes[name].default:
            words += [f"--{name}", str(number)]
    words += ["--replicates", str(question.replicates), "--seed", str(question.seed)]
    if not kind.free:  # no scenario file says how many people there are
        words += ["--people", str(question.setup.people)]
    if question.holds:
        words += held_words(question)
    return shlex.join(words)


def robust_command(question: Question) -> str:
    """The command that plays the first other scenario and the reference in sampled worlds."""
    others = [name for name in question.names if name != question.reference]
    if not others:
        return ""
    files = [_file(question, name) for name in (others[0], question.reference)]
    return shlex.join(["policymix", "robust", *files])


def _file(question: Question, name: str) -> str:
    """Where this scenario's file is, seen from the report."""
    return f"{name}.toml" if question.is_one_file else f"scenarios/{name}.toml"


def held_words(question: Question) -> list[str]:
    """The options that hold what is not drawn."""
    told = [["--assume", f"{name}={value!r}"] for name, value in question.assume.items()]
    return [word for two in told for word in two]


@dataclass(frozen=True)
class Card:
    """One headline outcome: the reference's level, and every other scenario's difference."""

    outcome: str
    title: str
    level: str
    differences: tuple[tuple[str, str], ...]


def has_few(question: Question) -> bool:
    """Whether a sentence for every outcome and scenario is not too much to read."""
    return len(question.scenarios) - 1 <= _FEW


def cards(summary: "pd.DataFrame", question: Question) -> list[Card]:
    """The headline outcomes with numbers; scenarios from the lowest to the highest difference."""
    return [_card(summary, question, measure) for measure in HEADLINES]


def _card(summary: "pd.DataFrame", question: Question, measure: Measure) -> Card:
    found = pairs_of(summary, measure)
    scale = scale_of_all(found)
    own = found.pop(question.reference)
    ordered = sorted(found.items(), key=lambda item: item[1].difference.middle)
    return Card(
        measure.outcome,
        measure.title,
        ", ".join(_level_lines(own, measure, scale, question)),
        tuple(
            (name, difference_text(pair.difference, measure.manner, scale))
            for name, pair in ordered
        ),
    )


@dataclass(frozen=True)
class Grid:
    """A table for readers: titles of the columns, and rows of a scenario's name and its cells.

    A cell is one or more lines.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    has_levels: bool = True


def side_effects(summary: "pd.DataFrame", question: Question) -> Iterator[Grid]:
    """Level, rate per 100,000 people and difference of what a policy moves besides."""
    for group in SIDE_EFFECTS:
        columns = [_column(summary, question, measure) for measure in group.measures]
        yield Grid(
            group.title,
            tuple(measure.title for measure in group.measures),
            tuple((name, tuple(cells[name] for cells in columns)) for name in question.names),
        )


def _column(
    summary: "pd.DataFrame", question: Question, measure: Measure
) -> dict[str, tuple[str, ...]]:
    found = pairs_of(summary, measure)
    scale = scale_of_all(found)
    cells = {}
    for name, pair in found.items():
        lines = _level_lines(pair, measure, scale, question)
        if name != question.reference:
            lines.append(difference_text(pair.difference, measure.manner, scale))
        cells[name] = tuple(lines)
    return cells


def _level_lines(pair: Pair, measure: Measure, scale: Scale, question: Question) -> list[str]:
    lines = [level_text(pair.level, measure.manner, scale)]
    n_people = _n_people(question)
    if measure.is_people and n_people and pair.level.has_value:
        rate = level_text(per_100k(pair.level, n_people), Manner())
        lines.append(f"{rate} per 100,000 people")
    return lines


def _n_people(question: Question) -> float:
    """The population, if it is the same in every world; else 0."""
    sizes = {scenario.world().values["n_people"] for scenario in question.scenarios}
    return sizes.pop() if len(sizes) == 1 else 0.0


def fared_rows(fared: "pd.DataFrame", question: Question) -> Grid:
    """How many of the same people fared better and worse than under the reference."""
    rows = []
    for name in question.same_people():
        if name != question.reference:
            own = fared[fared["scenario"] == name]
            found = estimates_of(own, ("mean", "low", "high"), "fared")
            cells = (
                level_text(found["better"], _PEOPLE),
                level_text(found["worse"], _PEOPLE),
                difference_text(found["net"], _PEOPLE),
            )
            rows.append((name, tuple((cell,) for cell in cells)))
    columns = ("fared better", "fared worse", "fared better, compared with worse")
    return Grid("The same people", columns, tuple(rows), has_levels=False)


@dataclass(frozen=True)
class SettingsTable:
    """What differs in some of the scenarios: `names`, and rows of (setting, title, unit, texts)."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, str, str, tuple[str, ...]], ...]


def settings_tables(question: Question) -> list[SettingsTable]:
    """Only what is not the same in all scenarios, in tables that fit a page: reference first."""
    settings = differing_settings(question)
    at = question.names.index(question.reference)
    others = [place for place in range(len(question.names)) if place != at]
    step = _SCENARIOS_IN_A_TABLE - 1
    chunks = [others[start : start + step] for start in range(0, len(others), step)]
    return [_settings_table(question, settings, [at, *chunk]) for chunk in chunks if settings]


def _settings_table(
    question: Question, settings: list[Setting], places: list[int]
) -> SettingsTable:
    return SettingsTable(
        tuple(question.names[place] for place in places),
        tuple(
            (
                setting.name,
                _TITLES.get(setting.name, ""),
                setting.unit,
                tuple(setting.texts[place] for place in places),
            )
            for setting in settings
        ),
    )
