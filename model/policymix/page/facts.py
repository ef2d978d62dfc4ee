"""What the page says of the model, ready for JSON: told once here, from the declarations."""

from collections.abc import Iterable
from math import fsum
from typing import Any, Final

from policymix.assumptions import GRADES, Assumption, central_world, ledger, sources
from policymix.corridors import COUNTRIES, COUNTRY_OF_CORRIDOR
from policymix.hazards import State
from policymix.label import LABEL, SHORT_LABEL
from policymix.left_out import LINES
from policymix.levers import LEVERS, SIDES, today_spend
from policymix.page.shown import SHOWN
from policymix.scenario import Scenario, Setup, load_scenario, shipped_names
from policymix.scenario_file import MAX_MONTHS, MAX_PHASES, MAX_TOTAL_BILLION, MAX_YEARS
from policymix.studies.kinds import DEFAULT_SEED, PAGE
from policymix.units import MONTHS_PER_YEAR
from policymix.version import VERSION

PEOPLE: Final = PAGE.setup.people
REPLICATES: Final = PAGE.replicates


def facts(
    kind: str, setup: Setup, replicates: int = REPLICATES, seed: int = DEFAULT_SEED
) -> dict[str, Any]:
    """Everything that the page knows before a run; `kind` is `live` or `export`."""
    return {
        "kind": kind,
        "label": LABEL,
        "short_label": SHORT_LABEL,
        "version": VERSION,
        "setup": {**vars(setup), "replicates": replicates, "seed": seed},
        "bounds": {
            "total": MAX_TOTAL_BILLION,
            "phases": MAX_PHASES,
            "years": MAX_YEARS,
            "ramp_months": MAX_MONTHS,
        },
        "sides": [{"name": side, "title": side.capitalize()} for side in SIDES],
        "levers": list(_levers()),
        "outcomes": [_outcome(one) for one in SHOWN],
        "scenarios": [_scenario(load_scenario(name)) for name in shipped_names()],
        "assumptions": [_assumption(entry) for entry in ledger().values()],
        "grades": dict(GRADES),
        "states": [state.name.lower() for state in State],
        "countries": list(COUNTRIES),
        "country_of_corridor": list(COUNTRY_OF_CORRIDOR),
        "left_out": list(LINES),
    }


def policy_of(scenario: Scenario) -> dict[str, Any]:
    """A scenario's money as the page holds it: phases with 13 numbers [billion USD/year]."""
    return {
        "phases": [
            {
                "from_year": (phase.first_month - 1) / MONTHS_PER_YEAR,
                "ramp_months": phase.ramp_months,
                "spend": list(phase.funding.spend),
                "treatment_in_custody": phase.funding.treatment_in_custody,
            }
            for phase in scenario.phases
        ]
    }


def _levers() -> Iterable[dict[str, Any]]:
    today = today_spend(central_world())
    for lever in LEVERS:
        yield {
            "name": lever.name,
            "side": lever.side,
            "title": lever.title,
            "buys": lever.buys,
            "acts_on": lever.acts_on,
            "today": today[lever.name],
        }


def _outcome(one: Any) -> dict[str, Any]:
    keys = ("name", "title", "unit", "group", "part_of", "is_flow", "meaning")
    return {key: getattr(one, key) for key in keys}


def _scenario(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "summary": scenario.summary,
        "total": fsum(scenario.phases[0].funding.spend),
        "policy": policy_of(scenario),
        "assumptions": dict(scenario.assumptions),
    }


def _assumption(entry: Assumption) -> dict[str, Any]:
    keys = ("name", "title", "meaning", "value", "low", "high", "min", "max", "unit", "grade")
    return {
        **{key: getattr(entry, key) for key in keys},
        "drawn": entry.is_drawn,
        "start": entry.start,
        "why": entry.why,
        "evidence": entry.evidence,
        "sources": [_source(name) for name in entry.source],
    }


def _source(name: str) -> dict[str, str]:
    if name == "assumed":
        return {"text": "assumed", "url": ""}
    one = sources()[name]
    return {"text": f"{one.authors} ({one.year}). {one.title}. {one.where}.", "url": one.url}
