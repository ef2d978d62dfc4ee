"""Why a difference arose, in words: the parts of the bridge that changed most, adding up."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Final

from policymix.reasons import ADDICTION
from policymix.studies.amounts import Estimate, Scale, scale_of
from policymix.studies.measures import estimates_of
from policymix.units import MILLION, MONTHS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

_PARTS_NAMED: Final = 3
_MOST_DECIMALS: Final = 6
_COLUMNS: Final = ("difference", "difference_low", "difference_high")
_FLOWS: Final = {
    "escalated": "escalations from casual use",
    "relapsed": "relapses",
    "quit_addiction": "people who stopped without treatment",
    "recovered": "recoveries after treatment or custody",
    "overdose_deaths": "overdose deaths",
    "aged_out_addicted": "people with addiction who reached the exit age",
}
_ADDS: Final = {flow: sign for flow, sign, _ in ADDICTION}
_MONEY: Final = {
    "dealer_revenue": "what stays with dealers",
    "cartel_costs": "what cartels pay for drug, transport and members",
    "bribes": "bribes",
    "confiscated": "what is confiscated",
    "cartel_profit": "cartel profit",
}


@dataclass(frozen=True)
class _Whole:
    """What a bridge explains: its name in the table, in words, factor from its unit, unit."""

    name: str
    subject: str
    factor: float
    unit: str


_WHOLES: Final = (
    _Whole("addicted", "People with addiction at the end", 1.0, ""),
    _Whole("retail_spending", "What users spend", MONTHS_PER_YEAR * MILLION, "USD a year"),
)


def why_rows(bridge: "pd.DataFrame") -> list[tuple[str, list[str]]]:
    """By scenario: a sentence for each whole, with the parts that changed most and the rest."""
    return [
        (str(name), [_sentence(rows, whole) for whole in _WHOLES])
        for name, rows in bridge.groupby("scenario", sort=False)
    ]


def _sentence(bridge: "pd.DataFrame", whole: _Whole) -> str:
    rows = bridge[bridge["of"] == whole.name]
    found = estimates_of(rows, _COLUMNS, "part")
    parts = {name: estimate * whole.factor for name, estimate in found.items()}
    total = parts.pop(whole.name)
    if not any(part.middle for part in parts.values()):
        return f"{whole.subject}: no difference, and none in its parts."
    scale = scale_of([total, *(Estimate(part.middle) for part in parts.values())])
    amount, named, rest = _adding_up(total, parts, scale)
    unit = " ".join(word for word in (scale.word, whole.unit) if word)
    told = [f"{text} {_cause(name, parts[name])}" for name, text in named.items()]
    end = f" and {rest} from everything else" if len(parts) > len(named) else ""
    spoken = f"{amount} {unit}".rstrip() + _doubt(total, "no clear difference")
    return f"{whole.subject}: {spoken}. It is the sum of {', '.join(told)}{end}."


def _adding_up(
    total: Estimate, parts: Mapping[str, Estimate], scale: Scale
) -> tuple[str, dict[str, str], str]:
    """Signed texts of the total, of the largest parts by name, and of the rest.

    Rounded so that what is printed adds up exactly.
    """
    step = Decimal(1).scaleb(-min((total * (1 / scale.factor)).decimals(), _MOST_DECIMALS))

    def rounded(estimate: Estimate) -> Decimal:
        return Decimal(estimate.middle / scale.factor).quantize(step, rounding=ROUND_HALF_EVEN)

    largest = sorted(parts, key=lambda name: -abs(parts[name].middle))[:_PARTS_NAMED]
    amounts = {name: amount for name in largest if (amount := rounded(parts[name]))}
    rest = rounded(total) - sum(amounts.values(), Decimal(0))
    return _signed(rounded(total)), {k: _signed(v) for k, v in amounts.items()}, _signed(rest)


def _cause(part: str, estimate: Estimate) -> str:
    if part == "start":
        return "from what was different before the first month"
    if part in _MONEY:
        return f"in {_MONEY[part]}{_doubt(estimate, 'not clear')}"
    how = "more" if estimate.middle * _ADDS[part] > 0 else "fewer"
    return f"from {how} {_FLOWS[part]}{_doubt(estimate, 'not clear')}"


def _doubt(estimate: Estimate, words: str) -> str:
    """The words in brackets where an interval spans zero."""
    return f" ({words})" if estimate.has_interval and not estimate.direction else ""


def _signed(amount: Decimal) -> str:
    return f"{amount:+,f}".replace("-", "−") if amount else "0"
