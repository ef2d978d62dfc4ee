"""Writes `docs/validation.md` and `docs/claims.md` from a study of `validate` that is kept.

`python -m policymix.validation_pages` reads `results/validation` in a checkout.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from policymix.experiments.findings import Kind
from policymix.label import LABEL
from policymix.studies.answer import tables_in
from policymix.studies.pages import Sheet
from policymix.studies.validate import TABLES
from policymix.studies.validate_report import extremes_sheet, sections_of, world_sheet
from policymix.studies.validate_words import claim_sentence, fact_sentences
from policymix.validate_readings import ValidationTables

STUDY: Final = Path("results") / "validation"
"""Where the study is kept, in a checkout."""
_COMMAND: Final = (
    "python3 run.py validate --worlds 200 --extremes 1000 --replicates 16 "
    "--out results/validation --overwrite"
)
_HOW_FACTS_ARE_READ: Final = (
    "*Shown*: every number lies in the published range. *Direction only*: on the right side of no "
    "effect, but outside the range. *Missed*: elsewhere. *Cannot be told*: chance may have made "
    "it. A number is *built in* where a mechanism, or a number of the ledger, was made "
    "from this very finding, so that showing it proves little; otherwise it *emerges*. One and the "
    "same world is used for all. The last columns are the share of sampled worlds in which the "
    "number lies in its range, with its interval, and the share of the central world's replicates, "
    "which says what is mere chance."
)
_HOW_CLAIMS_ARE_READ: Final = (
    "This project exists because of an argument about policy. Here that argument and its opposite "
    "are put to the model, each as its defenders would say it: one experiment, one number, one "
    "threshold, and the same worlds for both. A claim *holds* where the whole interval of the "
    "central world lies where it says, and *does not hold* where it lies on the other side. What "
    "holds in a toy is no evidence that it holds outside; read what each hangs on. Letters a to h "
    "are the argument from which this project began, i to l what is said against it; letters say "
    "nothing of weight."
)
_EVIDENCE: Final = "../scenarios/ledger/evidence.md"
_MARKS: Final = re.compile(r"([|*_<])")


def tables_of(folder: Path) -> ValidationTables:
    """The tables of a finished study. Raises OSError where one is missing."""
    return ValidationTables.of_tables(tables_in(folder, TABLES), ())


def validation_page(tables: ValidationTables) -> str:
    """`docs/validation.md`: facts, extreme conditions and RAND's table."""
    lines = [
        *_head("What the model shows of what is known, and what it misses", "facts"),
        *fact_sentences(tables),
        "",
        _HOW_FACTS_ARE_READ,
        "",
        *_picture("facts_early", "Published findings 1 to 9 beside what the model shows"),
        *_picture("facts_late", "Published findings 10 to 18 beside what the model shows"),
        *_told("facts", tables),
        "## RAND's table",
        "",
        *_told("rand", tables, "###"),
        "What is assumed there and is not today's:",
        "",
        *_table(world_sheet()),
        "",
        "## Extreme conditions",
        "",
        *_table(extremes_sheet(tables)),
        "",
    ]
    return "\n".join(lines)


def claims_page(tables: ValidationTables) -> str:
    """`docs/claims.md`: arguments for and against, put to the model."""
    lines = [
        *_head("The claims, put to the model", "claims"),
        claim_sentence(tables),
        "",
        _HOW_CLAIMS_ARE_READ,
        "",
        *_picture("claims", "In which share of worlds each argument holds"),
        *_told("claims", tables),
    ]
    return "\n".join(lines)


PAGES: Final[Mapping[str, Callable[[ValidationTables], str]]] = {
    "validation.md": validation_page,
    "claims.md": claims_page,
}


def _head(title: str, kind: Kind) -> Iterator[str]:
    yield f"# {title}"
    yield ""
    yield f"> **{LABEL}**"
    yield ""
    made_from = f"`{STUDY.as_posix()}` and `scenarios/ledger/{kind}.toml`"
    yield f"Generated from {made_from}; after a change of the model:"
    yield ""
    yield f"```\n{_COMMAND}\npython -m policymix.validation_pages\n```"
    yield ""


def _picture(name: str, words: str) -> Iterator[str]:
    yield f"![{words}](../{STUDY.as_posix()}/figures/{name}.png)"
    yield ""


def _told(kind: Kind, tables: ValidationTables, level: str = "##") -> Iterator[str]:
    for one in sections_of(kind, tables):
        yield from _section(one, level)


def _section(one: Mapping[str, Any], level: str) -> Iterator[str]:
    finding = one["finding"]
    name = f"{finding.number or finding.letter}. " if finding.number or finding.letter else ""
    yield f"{level} {name}{finding.title}: {one['verdict']}"
    yield ""
    if finding.side:
        yield f"An argument {finding.side}."
        yield ""
    rows = ", ".join(finding.evidence)
    evidence = f" ([evidence]({_EVIDENCE}): {rows})" if rows else ""
    if finding.published:
        yield f"Published: {finding.published}{evidence}"
        yield ""
    yield f"Experiment: {finding.experiment}"
    yield ""
    yield from _table(one["sheet"])
    yield ""
    for part in one["reasons"]:
        yield f"{part.title}: not testable here, for {part.not_testable}."
        yield ""
    if one["whys"]:
        whys = "; ".join(f"{part.title}: {part.why}" for part in one["whys"])
        yield f"Ranges that were not published as such: {whys}."
        yield ""
    if one["discussion"]:
        yield one["discussion"]
        yield ""
    if one["flips"]:
        yield "What it hangs on:"
        yield ""
        yield from (f"- {line}" for line in one["flips"])
        yield ""
    elif one["flips"] is not None:
        yield "What it hangs on: no single assumption could be told from chance."
        yield ""


def _table(sheet: Sheet) -> Iterator[str]:
    yield _row(sheet.columns)
    yield _row(["---"] * len(sheet.columns))
    yield from map(_row, sheet.rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(_MARKS.sub(r'\\\1', cell) for cell in cells)} |"


def main() -> None:
    """Rewrite both pages."""
    checkout = Path(__file__).resolve().parents[2]
    tables = tables_of(checkout / STUDY)
    for name, page in PAGES.items():
        (checkout / "docs" / name).write_text(page(tables), encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")
    sys.stdout.write(f"{LABEL}\n")


if __name__ == "__main__":
    main()
