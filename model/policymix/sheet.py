"""Generates the tables of the model sheet, so that they cannot drift from the code.

`python -m policymix.sheet` rewrites the generated parts of `model/README.md` in a checkout.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from policymix.assumptions import Assumption, Source, central_world, ledger, sources
from policymix.balance import Balanced, balance
from policymix.corridors import COUNTRIES
from policymix.dice import Event, address, dice, die, person_keys
from policymix.errors import InputError
from policymix.hazards import N_CELLS
from policymix.left_out import LEFT_OUT, NOBODY_REAL, NOT_ZERO, SIMPLIFIED
from policymix.levers import LEVERS, Lever, UnitCostCurve, curves
from policymix.market import sales_today
from policymix.outcomes import OUTCOMES
from policymix.scenario import Setup

README: Final = "README.md"
_PART: Final = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_SIGNIFICANT: Final = 4
_MORE, _LESS = 1.1, 0.9
"""A tenth more or less money than today's, to show how the curves bend at today's point."""

Row = tuple[str, ...]


def refreshed(text: str) -> str:
    """`text` with every part between `<!-- generated: NAME -->` and `<!-- end -->` made anew.

    Raises InputError for a NAME that is not in `PARTS`.
    """
    return _PART.sub(_generated, text)


def levers_part() -> str:
    """The thirteen levers: what they buy, their money today and how volume answers money."""
    head = ("lever", "side", "today [billion USD/year]", "buys", "acts on", "beyond today's volume")
    more = ("a tenth more money", "a tenth less", "evidence")
    return _table((*head, *more), map(_lever_row, LEVERS))


def assumptions_part() -> str:
    """Every entry of the ledger, in its order, after a sentence that counts the grades."""
    entries = ledger().values()
    grades = Counter(entry.grade for entry in entries)
    held = sum(not entry.is_drawn for entry in entries)
    assumed = sum(entry.source == ["assumed"] for entry in entries)
    counted = ", ".join(f"{grades[grade]} of grade {grade}" for grade in sorted(grades))
    head = ("assumption", "central", "drawn from", "permitted", "unit", "grade", "meaning")
    return (
        f"{len(ledger())} assumptions: {counted}. {assumed} of them have no source but a judgement "
        f"(assumed). {len(ledger()) - held} are drawn when worlds are sampled, {held} are held.\n\n"
        + _table((*head, "source", "evidence"), map(_assumption_row, entries))
    )


def outcomes_part() -> str:
    """Every outcome with its unit, kind and meaning."""
    rows = ((f"`{one.name}`", one.unit, one.kind, one.meaning) for one in OUTCOMES)
    return _table(("outcome", "unit", "kind", "meaning"), rows)


def references_part() -> str:
    """Every source that the ledger names, by its id."""
    return "\n".join(map(_reference, sources().values()))


def dice_part() -> str:
    """The number of each event and two dice for it, to check another implementation by."""
    person = person_keys(1, 1)
    rows = (
        (
            str(event.value),
            f"`{event.name}`",
            f"{die(address(1), 1, event):.6f}",
            f"{float(dice(person, 1, event)[0]):.6f}",
        )
        for event in Event
    )
    return _table(("number", "event", "die of the country", "die of slot 0"), rows)


def solved_part() -> str:
    """What the balance finds in the central world, to check another implementation by."""
    balanced = balance(central_world(), Setup().cartels)
    solved = (*_solved_people(balanced), *_solved_market(balanced), *_solved_abroad(balanced))
    return _table(("solved", "value", "unit"), ((f"`{n}`", _short(v), u) for n, v, u in solved))


def left_out_part() -> str:
    """What the model leaves out, in the words of the reports and the page."""
    listed = "\n".join(f"- {line}" for line in LEFT_OUT)
    return f"{NOBODY_REAL}\n\n{listed}\n\n{SIMPLIFIED} {NOT_ZERO}"


PARTS: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {
        "levers": levers_part,
        "assumptions": assumptions_part,
        "outcomes": outcomes_part,
        "dice": dice_part,
        "solved": solved_part,
        "left_out": left_out_part,
        "references": references_part,
    }
)
"""The generated parts by the name in their marker."""


def main() -> None:
    """Rewrite `model/README.md` of this checkout. Raises InputError where there is none."""
    path = Path(__file__).resolve().parent.parent / README
    try:
        old = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path.name}: the model sheet is only in a checkout") from error
    path.write_text(refreshed(old), encoding="utf-8", newline="\n")


def _generated(found: re.Match[str]) -> str:
    start, name, end = found.groups()
    if name not in PARTS:
        raise InputError(f"generated: {name}: allowed is {', '.join(PARTS)}")
    return f"{start}{PARTS[name]()}\n{end}"


def _lever_row(lever: Lever) -> Row:
    curve = curves(central_world())[lever.name]
    if isinstance(curve, UnitCostCurve):
        beyond = f"{_short(curve.unit_today)} billion USD/year double it"
    else:
        beyond = f"at most {curve.most:g} times today's"
    bends = (f"{100 * (curve.volume(x * curve.today) - 1):+.1f} %" for x in (_MORE, _LESS))
    return (
        f"`{lever.name}`",
        lever.side,
        _exact(curve.today),
        lever.buys,
        lever.acts_on,
        beyond,
        *bends,
        ", ".join(lever.evidence),
    )


def _assumption_row(entry: Assumption) -> Row:
    return (
        f"`{entry.name}`",
        _exact(entry.value),
        _range(entry),
        f"{_exact(entry.min)} to {_exact(entry.max)}",
        entry.unit,
        entry.grade,
        entry.meaning,
        ", ".join(entry.source),
        ", ".join(entry.evidence),
    )


def _range(entry: Assumption) -> str:
    if entry.low == entry.high:
        return "held"
    told = f"{_exact(entry.low)} to {_exact(entry.high)}"
    return told if entry.is_drawn else f"held ({told})"


def _reference(source: Source) -> str:
    link = f" <{source.url}>" if source.url else ""
    told = f"{source.authors} ({source.year}). {source.title}. {source.where}."
    return f"- **{source.id}**: {told}{link}"


Solved = tuple[str, float, str]


def _solved_people(balanced: Balanced) -> Iterator[Solved]:
    people, rates = balanced.people, balanced.people.rates
    for name in ("start", "escalate", "relapse", "willing", "arrest_addicted", "arrest_casual"):
        yield name, getattr(rates, name), "1/month"
    yield "overdose", rates.overdose, "1/month"
    yield "price_exponent", rates.price_exponent, "elasticity"
    yield "share_using", people.share_using, "share"
    yield "burden_today", people.burden_today, "person-months in custody a person"
    yield "cell_vulnerability[0]", people.cell_vulnerability[0], "ratio"
    yield f"cell_vulnerability[{N_CELLS - 1}]", people.cell_vulnerability[-1], "ratio"
    yield "peers[0]", people.peers[0], "ratio"
    yield "burden[0]", people.burden[0], "ratio"


def _solved_market(balanced: Balanced) -> Iterator[Solved]:
    market, sales = balanced.market, sales_today(balanced.market)
    for name in ("price_today", "import_today", "domestic_today", "source", "labour", "margin"):
        yield name, getattr(market, name), "USD/gram"
    yield "bribe_share", market.bribe_share, "share"
    yield "grams_casual", market.grams_casual, "grams/month"
    yield "grams_addicted", market.grams_addicted, "grams/month"
    yield "consumption_today", market.consumption_today, "kg/month"
    yield "shipped_today", market.shipped_today, "kg/month"
    yield "cartel_revenue", sales.cartel_revenue, "million USD/month"
    yield "cartel_profit", sales.cartel_profit, "million USD/month"
    yield "cartel_costs", sales.cartel_costs, "million USD/month"


def _solved_abroad(balanced: Balanced) -> Iterator[Solved]:
    patrol, cartels = balanced.patrol, balanced.cartels
    yield "effectiveness", patrol.effectiveness, "1/effort"
    yield "strike_effectiveness", patrol.strike_effectiveness, "1/effort"
    for name in ("flow_today", "belief_today", "attraction"):
        yield f"{name}[0]", getattr(patrol, name)[0], "share" if name != "attraction" else "weight"
    yield "sizes[0]", cartels.sizes[0], "people"
    yield "recruitment[0]", cartels.recruitment[0], "1/month"
    yield f"recruitment[{len(cartels.sizes) - 1}]", cartels.recruitment[-1], "1/month"
    yield "capture", cartels.capture, "1/month"
    yield "struck", cartels.struck, "1/month"
    yield "saturation", cartels.saturation, "1/person/month"
    yield "conflict", cartels.conflict, "1/person/month"
    yield "hostility_today", cartels.hostility_today, "ratio"
    yield "absorbs", cartels.absorbs, "1/month"
    for index, name in enumerate(COUNTRIES):
        yield f"drift[{name}]", balanced.countries[index].drift, "1/month"


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _exact(value: float) -> str:
    """A number of the ledger as it stands there."""
    return f"{value:,.10g}"


def _short(value: float) -> str:
    """A computed number to four significant digits."""
    if value == 0.0 or not np.isfinite(value):
        return f"{value:g}"
    digits = _SIGNIFICANT - 1 - int(np.floor(np.log10(abs(value))))
    if digits > 2 * _SIGNIFICANT - 2:
        return f"{value:.{_SIGNIFICANT - 1}e}"
    return f"{round(value, digits):,.{max(digits, 0)}f}"


if __name__ == "__main__":
    try:
        main()
    except InputError as problem:
        sys.exit(str(problem))
