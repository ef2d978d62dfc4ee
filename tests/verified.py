"""The measured tables of docs/verification.md: `python tests/verified.py` writes them anew.

A table stands between `<!-- measured: name -->` and `<!-- end -->`. Tests make each table again and
compare it with the page: the same words, and numbers that agree to within what another processor or
another NumPy may do to them.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import cartel_ladder
import chain_checks
import crowd_checks
import pytest
from cartel_ladder import Rung
from published_cartels import EXPERIMENTS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "verification.md"
PUBLISHED = (
    "as published (F10-F12)",
    "+26; +40",
    "+6; +2 to +8",
    "-14; -25",
    "-10; -26",
    "-27; -45",
)
"""Members; deaths, in the columns of the ladder."""
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")
_BLOCK = r"<!-- measured: {} -->\n\n(.*?)\n\n<!-- end -->"
Lines = list[str]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Lines:
    """A table in Markdown: words to the left, numbers to the right."""
    titles = list(head)
    marks = ["---", *["---:"] * (len(titles) - 1)]
    return [f"| {' | '.join(cells)} |" for cells in (titles, marks, *map(list, rows))]


def person() -> Lines:
    """One person's chain: what was expected, what was seen, and how far apart."""
    found = chain_checks.findings()
    rows = [
        (f.what, f"{f.expected:.2f} {f.unit}", f"{f.seen:.2f} {f.unit}", f"{f.off:+.1f}")
        for f in found
    ]
    return table(("what", "closed form", "20,000 people", "standard errors"), rows)


def places() -> Lines:
    """How probable what was seen is under the chain, by start and months."""
    likely = chain_checks.probabilities()
    head = (
        "20,000 people who start",
        *(f"after {n} month{'s' * (n > 1)}" for n in chain_checks.AFTER),
    )
    rows = [
        (name_of(start), *(f"{likely[start, months]:.3f}" for months in chain_checks.AFTER))
        for start in chain_checks.STARTS
    ]
    return table(head, rows)


def name_of(state: chain_checks.S) -> str:
    return state.name.lower().replace("_", " ")


def crowd() -> Lines:
    """Errors by number of people, and the slope of their logarithms."""
    measured = crowd_checks.crowd(crowd_checks.SIZES, crowd_checks.SEEDS)
    slope, error = measured.slope()
    errors = [*(100 * measured.rms()).T, [None] * len(crowd_checks.SIZES)]
    head = ("root mean square error, %", *(f"{n:,}" for n in crowd_checks.SIZES), "slope")
    rows = [
        (what, *("" if one is None else f"{one:.2f}" for one in by_size), f"{b:.3f} ± {e:.3f}")
        for what, by_size, b, e in zip(
            (*crowd_checks.MEASURED, "all five together"), errors, slope, error, strict=True
        )
    ]
    return table(head, rows)


def ladder() -> Lines:
    """From the published equations to policymix's agents."""
    head, marks, *rows = climbed((*cartel_ladder.on_paper(), cartel_ladder.agents_alone()))
    published = f"| {' | '.join(PUBLISHED)} |"
    return [head, marks, published, *rows]


def model() -> Lines:
    """policymix with everything on."""
    return climbed(cartel_ladder.in_the_model())


def climbed(rungs: Iterable[Rung]) -> Lines:
    """Members and deaths after five years, % v the start and v no change."""
    head = ["members; deaths, %", "no change v start"]
    head += [f"{name} v {base}" for name in EXPERIMENTS[1:] for base in ("start", "no change")]
    rows = []
    for rung in rungs:
        cells = [pair(rung.outcomes["no change"].v_start)]
        for name in EXPERIMENTS[1:]:
            cells.append(pair(rung.outcomes[name].v_start))
            cells.append(pair(rung.outcomes[name].v_no_change, rung.errors.get(name)))
        rows.append((rung.what, *cells))
    return table(head, rows)


def pair(both: tuple[float, float], errors: tuple[float, float] | None = None) -> str:
    """Members; deaths, with standard errors if there are any."""
    if errors is None:
        return "; ".join(f"{one + 0.0:+.1f}" for one in both)
    return "; ".join(f"{one:+.1f} ± {e:.1f}" for one, e in zip(both, errors, strict=True))


TABLES: dict[str, Callable[[], Lines]] = {
    "person": person,
    "places": places,
    "crowd": crowd,
    "ladder": ladder,
    "model": model,
}


def on_page(name: str, page: str) -> str:
    """The table of this name on the page."""
    found = re.search(_BLOCK.format(name), page, re.DOTALL)
    assert found, f"no table {name}"
    return found[1]


def is_current(name: str, within: float) -> None:
    """The page's table is today's: the same words, and numbers `within` that much."""
    there, here = on_page(name, PAGE.read_text(encoding="utf-8")), "\n".join(TABLES[name]())
    assert _NUMBER.sub("#", there) == _NUMBER.sub("#", here), "python tests/verified.py"
    both = [[float(n.replace(",", "")) for n in _NUMBER.findall(text)] for text in (there, here)]
    assert both[0] == pytest.approx(both[1], rel=0.0, abs=within), "python tests/verified.py"


def main() -> None:
    """Write every table of the page anew."""
    page = PAGE.read_text(encoding="utf-8")
    for name, make in TABLES.items():
        page = page.replace(on_page(name, page), "\n".join(make()))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
