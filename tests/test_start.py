"""Sampled worlds differ in how they respond, not in where they start.

What the ledger marks as describing the start fixes today's country; nothing that is drawn moves it.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

import pytest
from policymix.assumptions import Assumption, World, central_world, ledger
from policymix.balance import Balanced, balance
from policymix.balance_people import ACTIVE, Law
from policymix.dice import Event, die
from policymix.errors import ImpossibleWorldError
from policymix.hazards import State, chances
from policymix.market import sales_today
from policymix.model import PolicyModel
from policymix.outcomes import OUTCOME_NAMES
from policymix.scenario import load_scenario
from policymix.sheet import assumptions_part

ENTRIES: Final = tuple(ledger().values())
WORLDS: Final = 8
TRIED: Final = 24
PEOPLE: Final = 5_000
SAME: Final = 1e-6
STATES: Final = {
    "casual_users": 1,
    "active_addiction": 1,
    "in_treatment": 1,
    "addicted_in_custody": 1,
    "incarcerated": 2,
    "addicted": 3,
}
"""Stocks of people that are the same in every world, and how many states each sums: in a run each
state is met to the rounding of one simulated person. Not among them: who is in recovery, waiting
or has stopped follows from how people move, which is drawn."""
LEVELS: Final = ("retail_price", "cartel_members", "institutional_strength")


def drawn_world(number: int) -> World:
    """Every drawn entry at a random place of its range, all others at their value."""
    return central_world().with_values(
        {
            entry.name: entry.low + (entry.high - entry.low) * die(number, at, Event.START_STATE)
            for at, entry in enumerate(ENTRIES)
            if entry.is_drawn
        }
    )


@cache
def drawn_worlds() -> tuple[Balanced, ...]:
    """The first worlds drawn that have a balance."""
    found: list[Balanced] = []
    for number in range(1, TRIED + 1):
        try:
            found.append(balance(drawn_world(number), 12))
        except ImpossibleWorldError:
            continue
        if len(found) == WORLDS:
            return tuple(found)
    raise AssertionError(f"only {len(found)} of {TRIED} worlds have a balance")


def changed(name: str, value: float) -> Balanced:
    return balance(central_world().with_values({name: value}), 12)


@cache
def central() -> Balanced:
    return balance(central_world(), 12)


def month_zero(balanced: Balanced) -> dict[str, float]:
    """What a run of 5,000 people records before any policy."""
    base = load_scenario("baseline")
    scenario = replace(base, setup=replace(base.setup, people=PEOPLE, months=0))
    records = PolicyModel(scenario, seed=1, balanced=balanced, collect=False).records
    return dict(zip(OUTCOME_NAMES, records[0].tolist(), strict=True))


def solved_today(balanced: Balanced) -> dict[str, float]:
    """Today's country as it is solved, without the rounding of simulated people."""
    start, sales = balanced.people, sales_today(balanced.market)
    chance = chances(start.rates, balanced.responses.today(), start.cell_vulnerability)
    law = Law(start.rates, chance, start.law.sum(axis=0), young=start.law, old=start.law)
    held = law.share(State.CUSTODY_CASUAL, State.CUSTODY_ADDICTED)
    shares = {
        "casual": law.share(State.CASUAL),
        "active": law.share(*ACTIVE),
        "treated": law.share(State.TREATMENT),
        "custody": held,
        "custody_addicted": law.share(State.CUSTODY_ADDICTED),
        "deaths": law.deaths_per_month(),
        "arrests": held * chance.p_release,
    }
    return (
        {name: start.country * share for name, share in shares.items()}
        | {
            "consumption": sales.consumption,
            "cartel_revenue": sales.cartel_revenue,
            "retail_price": sales.retail_price,
            "cartel_members": balanced.cartels.members_today,
            "violence": balanced.cartels.deaths_today,
        }
        | {
            f"strength_{at}": country.strength_today
            for at, country in enumerate(balanced.countries)
        }
    )


def moved(one: Mapping[str, float], other: Mapping[str, float]) -> set[str]:
    return {name for name in other if abs(one[name] - other[name]) > SAME * abs(other[name])}


@pytest.mark.parametrize("at", range(WORLDS))
def test_month_zero_of_a_drawn_world_is_the_central_one(at: int) -> None:
    start, today = month_zero(drawn_worlds()[at]), month_zero(central())
    a_person = ledger()["n_people"].value / PEOPLE
    for name, states in STATES.items():
        assert abs(start[name] - today[name]) <= (states + SAME) * a_person, name
    for name in LEVELS:
        assert start[name] == pytest.approx(today[name], rel=SAME), name


@pytest.mark.parametrize("at", range(WORLDS))
def test_a_drawn_world_is_solved_for_todays_country(at: int) -> None:
    balanced = drawn_worlds()[at]
    assert moved(solved_today(balanced), solved_today(central())) == set()
    unlike = balanced.world.differences(central_world())
    assert len(unlike) > 80
    assert balanced.people.rates != central().people.rates


@pytest.mark.parametrize(
    "entry", [e for e in ENTRIES if e.start and e.low < e.high], ids=lambda entry: entry.name
)
def test_what_is_held_would_move_the_start(entry: Assumption) -> None:
    """At the further end of its range; were it drawn, worlds would differ in where they start."""
    end = max(entry.low, entry.high, key=lambda value: abs(value - entry.value))
    assert moved(solved_today(changed(entry.name, end)), solved_today(central()))


def test_month_zero_moves_with_what_is_held() -> None:
    """So that the comparison of runs above can fail."""
    today, start = month_zero(central()), month_zero(changed("n_addicted", 3.8e6))
    assert abs(start["addicted"] - today["addicted"]) > 3e6
    assert month_zero(changed("strength_source", 0.45))["institutional_strength"] > 0.44


def test_an_entry_without_a_range_and_all_of_todays_money_describe_the_start() -> None:
    for entry in ENTRIES:
        if entry.low == entry.high or entry.name.startswith("spend_"):
            assert entry.start, entry.name
            assert not entry.is_drawn, entry.name


def test_the_sheet_says_of_each_assumption_whether_it_is_held() -> None:
    rows = re.findall(r"^\| `(\w+)` \| \S+ \| ([^|]+) \|", assumptions_part(), re.MULTILINE)
    told = dict(rows)
    held = {name for name, text in rows if text.startswith("held")}
    assert told.keys() == ledger().keys()
    assert held == {entry.name for entry in ENTRIES if entry.start}
    assert told["n_addicted"] == "held (3,800,000 to 7,600,000)"
    assert (told["n_people"], told["share_seized"]) == ("held", "0.1 to 0.45")
    counted = f"{len(rows) - len(held)} are drawn when worlds are sampled, {len(held)} are held."
    assert counted in assumptions_part()
