"""Every number counts: each lever and each assumption moves an outcome, by more than rounding."""

from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np
import pytest
from policymix.assumptions import Assumption, central_world, ledger
from policymix.balance import Balanced, balance
from policymix.levers import LEVER_NAMES
from policymix.model import PolicyModel
from policymix.outcomes import OUTCOME_NAMES
from policymix.scenario import Funding, Phase, Scenario, load_scenario

Records = dict[str, np.ndarray]
TODAY: Final = load_scenario("baseline").spend(1)

# --- Levers --------------------------------------------------------------------------------------

MOVES: Final[dict[str, dict[str, int]]] = {
    "interdiction": {"seized": 1, "retail_price": 1, "consumption": -1},
    "policing": {"arrests": 1, "incarcerated": 1, "active_addiction": -1, "retail_price": 1},
    "leader_removal": {"leaders_fallen": 1, "violence": 1, "cartel_members": -1},
    "military_strikes": {"destroyed": 1, "violence": 1, "institutional_strength": -1},
    "financial_targeting": {"confiscated": 1, "retail_price": 1, "consumption": -1},
    "treatment": {"treatment_entries": 1, "in_treatment": 1, "active_addiction": -1},
    "prevention": {"started_using": -1, "casual_users": -1},
    "harm_reduction": {"overdose_deaths": -1},
    "mental_health": {"escalated": -1, "relapsed": -1, "addicted": -1},
    "community": {"waiting_for_treatment": 1, "recovered": 1},
    "intelligence": {"seized": 1, "leaders_fallen": 1},
    "development": {"cartel_members": -1},
    "anti_corruption": {"institutional_strength": 1, "violence": -1},
}
"""Which outcomes more money moves over five years, and in which direction."""

MARKET: Final = {
    *("retail_price", "consumption", "stock", "retail_spending", "dealer_revenue"),
    *("cartel_revenue", "cartel_profit", "cartel_costs", "bribes", "confiscated"),
}
MONEY: Final = {*MARKET, "violence", "cartel_members", "institutional_strength"}
"""What follows in the same month when what cartels earn changes."""
BY_PRICE: Final = {
    *("started_using", "quit", "quit_addiction", "not_using", "casual_users", "in_recovery"),
    *("active_addiction", "addicted", "in_treatment", "treatment_entries"),
    *("waiting_for_treatment", "arrests", "incarcerated"),
}
"""Price moves starting and quitting; who is arrested or treated that month comes after them."""
SEIZED: Final = {name for name in OUTCOME_NAMES if name.endswith("seized")}
DEATHS: Final = {name for name in OUTCOME_NAMES if "deaths" in name}
IN_TREATMENT: Final = {
    *("treatment_entries", "in_treatment", "waiting_for_treatment", "active_addiction"),
}
WHERE: Final = {*IN_TREATMENT, "in_recovery", "addicted", "addicted_in_custody", "incarcerated"}
FIRST_MONTH: Final[dict[str, set[str]]] = {
    "interdiction": {"destroyed", "delivered", *SEIZED, *MONEY, *BY_PRICE},
    "policing": {"addicted_in_custody", *DEATHS, *MONEY, *BY_PRICE},
    "leader_removal": {"leaders_fallen", "cartels", "cartel_members"},
    "military_strikes": {"destroyed", "delivered", *MONEY, *BY_PRICE},
    "financial_targeting": {*MONEY, *BY_PRICE},
    "treatment": IN_TREATMENT,
    "prevention": {"started_using", "not_using", "casual_users"},
    "harm_reduction": {
        *("not_using", "arrests", "left_treatment", "recovered", "quit", "quit_addiction"),
        *(DEATHS | WHERE),
    },
    "mental_health": {
        *("escalated", "relapsed", "arrests", "quit", "quit_addiction"),
        *("not_using", "casual_users", *WHERE),
    },
    "community": {"recovered", "relapsed", "arrests", "quit", "quit_addiction", *WHERE},
    "intelligence": {
        *("destroyed", "delivered", "leaders_fallen", "cartels"),
        *(SEIZED | MONEY | BY_PRICE),
    },
    "development": set(),
    "anti_corruption": {"institutional_strength"},
}
"""All that more money may move in its first month: every other outcome stays the same bits."""
ALWAYS: Final = {
    name for name in OUTCOME_NAMES if name.split("_")[0] in {"budget", "spent", "unspent"}
}


@cache
def central() -> Balanced:
    return in_world({})


@cache
def without_peers() -> Balanced:
    return in_world({"peer_effect": 0.0})


def in_world(changes: dict[str, float]) -> Balanced:
    return balance(central_world().with_values(changes), 12)


def more_for(lever: str) -> Phase:
    """Today's mix, with more for one lever: doubled, or half a billion more if it has less."""
    pairs = zip(LEVER_NAMES, TODAY, strict=True)
    spend = tuple(money + max(money, 0.5) * (name == lever) for name, money in pairs)
    return Phase(1, 0, Funding(spend))


@cache
def five_years(lever: str = "") -> Records:
    return months_of(scenario(100_000, 60, more_for(lever)), central())


@cache
def first_months(lever: str = "") -> Records:
    """Month 1 with twenty seeds, so that leaders fall and people die in some of them.

    Without peers: who survives or relapses is one at once, and that is no reach of the lever's.
    """
    policy, balanced = scenario(20_000, 1, more_for(lever)), without_peers()
    runs = [months_of(policy, balanced, seed) for seed in range(1, 21)]
    return {name: np.concatenate([run[name] for run in runs]) for name in OUTCOME_NAMES}


def scenario(people: int, months: int, *phases: Phase) -> Scenario:
    base = load_scenario("baseline")
    return replace(base, phases=phases, setup=replace(base.setup, people=people, months=months))


def months_of(policy: Scenario, balanced: Balanced, seed: int = 1) -> Records:
    model = PolicyModel(policy, seed=seed, balanced=balanced, collect=False)
    return dict(zip(OUTCOME_NAMES, model.run()[1:].T, strict=True))


def test_the_tables_name_every_lever_and_only_outcomes() -> None:
    assert tuple(MOVES) == tuple(FIRST_MONTH) == LEVER_NAMES
    named = set().union(*MOVES.values(), *FIRST_MONTH.values())
    assert named <= set(OUTCOME_NAMES) - ALWAYS


@pytest.mark.parametrize(
    ("lever", "outcome", "sign"),
    [(lever, outcome, sign) for lever, moved in MOVES.items() for outcome, sign in moved.items()],
)
def test_more_money_moves_what_the_lever_acts_on(lever: str, outcome: str, sign: int) -> None:
    today, more = five_years()[outcome].mean(), five_years(lever)[outcome].mean()
    assert sign * (more / today - 1.0) > 1e-4


@pytest.mark.parametrize("lever", LEVER_NAMES)
def test_in_its_first_month_a_lever_moves_nothing_beyond_its_reach(lever: str) -> None:
    today, more = first_months(), first_months(lever)
    moved = {name for name in OUTCOME_NAMES if more[name].tobytes() != today[name].tobytes()}
    assert moved - ALWAYS <= FIRST_MONTH[lever]


# --- Assumptions ---------------------------------------------------------------------------------

MUCH: Final = {"policing": 1.5, "treatment": 1.3, "prevention": 1.2, "harm_reduction": 1.5}
"""Money relative to today's where the curve has a kink; the curves that saturate get 4 times.

More treatment or prevention would find no use, and then its unit cost would move nothing.
"""
SIZES: Final = ((20_000, 12), (300_000, 60))
"""People, and months of much and of little money each: small first, large where luck hides it."""
NOTICEABLE: Final = 1e-6
"""Least change of an outcome's mean over all months, relative to the larger of the two."""


@cache
def in_central_world(people: int, months: int) -> Records:
    return much_then_little(central(), people, months)


def much_then_little(balanced: Balanced, people: int, months: int) -> Records:
    """Every lever has more than today's money, with treatment in custody, and then less."""
    pairs = zip(LEVER_NAMES, TODAY, strict=True)
    much = Funding(tuple(MUCH.get(name, 4.0) * money for name, money in pairs), True)
    little = Funding(tuple(0.4 * money for money in TODAY))
    phases = Phase(1, 0, much), Phase(months + 1, 0, little)
    return months_of(scenario(people, 2 * months, *phases), balanced)


def ends(entry: Assumption) -> set[float]:
    """The ends of the range; half and double of what has none."""
    if entry.low == entry.high:
        return {max(0.5 * entry.value, entry.min), min(2.0 * entry.value, entry.max)}
    return {entry.low, entry.high} - {entry.value}


def moved(after: Records, before: Records) -> set[str]:
    """Outcomes whose mean differs, apart from the budget and what of it was spent."""
    names = set(OUTCOME_NAMES) - ALWAYS
    pairs = {name: (after[name].mean(), before[name].mean()) for name in names}
    return {
        name
        for name, (new, old) in pairs.items()
        if abs(new - old) > NOTICEABLE * max(abs(new), abs(old))
    }


@pytest.mark.slow
@pytest.mark.parametrize("entry", ledger().values(), ids=lambda entry: entry.name)
def test_every_assumption_moves_an_outcome(entry: Assumption) -> None:
    for end in ends(entry):
        balanced = in_world({entry.name: end})
        assert any(
            moved(much_then_little(balanced, *size), in_central_world(*size)) for size in SIZES
        ), f"{entry.name}: {end:g} gives the same world as {entry.value:g}"


def test_rounding_moves_nothing() -> None:
    """What `NOTICEABLE` lets through is more than every number being off by a rounding."""
    off = {
        entry.name: min(max(entry.value * (1.0 + 1e-13), entry.min), entry.max)
        for entry in ledger().values()
    }
    size = SIZES[0]
    assert not moved(much_then_little(in_world(off), *size), in_central_world(*size))
