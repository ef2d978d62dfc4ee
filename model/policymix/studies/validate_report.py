"""The report of `validate`."""

from collections.abc import Iterator
from typing import Any, Final, Protocol

from policymix.assumptions import ledger
from policymix.experiments.findings import Finding, Kind, findings, reasons_of_rand, world_of_rand
from policymix.experiments.verdicts import name_of
from policymix.figures_validate import PICTURES
from policymix.studies.pages import Sheet, Strong, figures_shown, page
from policymix.studies.publishing import Pictures
from policymix.studies.question import Question
from policymix.studies.validate_words import hangs_on, sentences
from policymix.validate_readings import (
    ValidationTables,
    chance_words,
    number_words,
    rows_of,
    share_words,
)

_PLAIN: Final = ("shown", "holds", "shown beside")
_HEADS: Final = (
    *("what is read", "expected", "the model", "verdict", "built in?"),
    *("in its range, share of worlds", "share of the central world's replicates"),
)


class Asked(Protocol):
    """What the report needs of a study."""

    @property
    def question(self) -> Question: ...  # noqa: D102
    def readings(self) -> ValidationTables: ...  # noqa: D102


def report_of(study: Asked, pictures: Pictures) -> str:
    """The HTML of the report of `study`, with `pictures` (SVG files by figure name) inside."""
    tables = study.readings()
    return page(
        "validate.html.jinja",
        study.question,
        heading="What the model shows of what is known, and what it misses",
        asked=(
            "Does the toy world do what was published of the real one, does it hold together at "
            "the extremes, and which arguments about drug policy hold in it, under which "
            "assumptions not?"
        ),
        notes=tables.notes,
        sentences=[line.removeprefix("- ") for line in sentences(tables)],
        figures=list(figures_shown(PICTURES, tables, pictures)),
        facts=list(sections_of("facts", tables)),
        claims=list(sections_of("claims", tables)),
        rand=list(sections_of("rand", tables)),
        extremes=extremes_sheet(tables),
        world_of_rand=world_sheet(),
    )


def sections_of(kind: Kind, tables: ValidationTables) -> Iterator[dict[str, Any]]:
    """What is told of each finding: the finding itself, verdict, table, flips."""
    for name, verdict in tables.verdicts(kind).items():
        one = findings(kind)[name]
        yield {
            "finding": one,
            "verdict": verdict,
            "sheet": part_sheet(kind, one, tables),
            "reasons": [part for part in one.parts if part.not_testable],
            "whys": [part for part in one.parts if part.why],
            "discussion": one.discussion if one.discusses in ("", verdict) else "",
            "flips": list(hangs_on(tables, kind, name)) if kind in tables.flips else None,
        }


def part_sheet(kind: Kind, finding: Finding, tables: ValidationTables) -> Sheet:
    """A row a part."""
    own = tables.of(kind)
    rows = []
    for _, part, row in rows_of(own[own[name_of(kind)] == finding.name], kind):
        verdict = str(row.part_verdict)
        rows.append(
            (
                part.title,
                row.expected if isinstance(row.expected, str) else "",
                number_words(row),
                verdict if verdict in _PLAIN else Strong(verdict),
                "built in" if part.built_in else "emerges" if part.is_expected else "",
                share_words(row),
                chance_words(row),
            )
        )
    return Sheet(finding.title, _HEADS, tuple(rows))


def extremes_sheet(tables: ValidationTables) -> Sheet:
    """A row a condition."""
    rows = []
    every: Any = tables.extremes.itertuples()
    for row in every:
        one = findings("extremes")[row.extreme]
        worlds = f"{row.worlds - row.failed:,} of {row.worlds:,}"
        verdict = row.verdict if not row.failed else Strong(row.verdict)
        rows.append((one.title, one.experiment, verdict, worlds))
    heads = ("what must hold", "experiment", "verdict", "holds in so many worlds")
    return Sheet("Extreme conditions", heads, tuple(rows))


def world_sheet() -> Sheet:
    """What is assumed of RAND's world, and why."""
    reasons = reasons_of_rand()
    rows = tuple(
        (ledger()[name].title, f"{value:,.10g} {ledger()[name].unit}", *reasons[name])
        for name, value in world_of_rand().items()
    )
    return Sheet("Assumed there", ("assumption", "value", "evidence", "why"), rows)
