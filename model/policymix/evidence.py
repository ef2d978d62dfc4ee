"""The rows of the evidence table, by id, and what in the ledger rests on each."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from policymix.assumptions import ledger
from policymix.experiments.findings import KINDS, findings, reasons_of_rand
from policymix.levers import LEVERS
from policymix.shipped import shipped_folder

_TABLE: Final = "evidence.md"
_NOTHING: Final = "-"
_IN_FULL: Final = {"conf": "confidence"}


@cache
def evidence() -> Mapping[str, Mapping[str, str]]:
    """By id (such as C41): the row's cells, by the heads of its table."""
    rows: dict[str, dict[str, str]] = {}
    heads: list[str] = []
    for line in (shipped_folder() / "ledger" / _TABLE).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if cells[0] == "id":
            heads = cells
        elif line.startswith("| ") and len(cells) == len(heads):
            rows[cells[0]] = dict(zip(heads, cells, strict=True))
    return rows


def of_evidence(row: str) -> Iterator[str]:
    """Lines about one row: what it says, and what rests on it."""
    cells = dict(evidence()[row])
    del cells["id"]
    yield f"{row} is a row of the evidence, scenarios/ledger/{_TABLE}: {cells.pop('parameter')}."
    for head, cell in cells.items():
        if cell not in ("", _NOTHING):
            yield f"  {_IN_FULL.get(head, head):<12}{cell}"
    told = [line for lines in _resting_on(row) for line in lines]
    yield from told or ["  Nothing in the ledger rests on it."]


def _resting_on(row: str) -> Iterator[list[str]]:
    """What rests on a row: a head and a line for each, by kind."""
    assumptions = [entry for entry in ledger().values() if row in entry.evidence]
    yield _listed("assumptions", (f"{entry.name}: {entry.title}" for entry in assumptions))
    levers = [lever for lever in LEVERS if row in lever.evidence]
    yield _listed("levers", (f"{lever.name}: {lever.title}" for lever in levers))
    for kind in KINDS:
        named = [one for one in findings(kind).values() if row in one.evidence]
        yield _listed(f"findings of {kind}.toml", (one.title for one in named))
    of_rand = [name for name, (of, _) in reasons_of_rand().items() if of == row]
    yield _listed("RAND's world, rand.toml", (f"{n}: {ledger()[n].title}" for n in of_rand))


def _listed(what: str, names: Iterator[str]) -> list[str]:
    lines = [f"    {name}" for name in names]
    return [f"  rests on it: {what}", *lines] if lines else []
