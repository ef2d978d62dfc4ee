"""Today's numbers: met at the start, kept by the run, refused where no world can have them."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from policymix.assumptions import World, central_world, ledger
from policymix.balance import Balanced, balance
from policymix.balance_people import ACTIVE, CUSTODY
from policymix.dice import Event, die, replicate_seed
from policymix.errors import ImpossibleWorldError, InputError
from policymix.hazards import N_CELLS, N_STATES, State, chances
from policymix.lives import Lives
from policymix.market import Market
from policymix.model import PolicyModel
from policymix.outcomes import OUTCOME_NAMES, OUTCOMES
from policymix.people import LISTED, People
from policymix.peopling import initial_population
from policymix.scenario import load_scenario
from policymix.stationary import by_years_of_age, month_matrices, over_all_ages

TODAY = {
    "casual_users": 6.0e6,
    "active_addiction": 5.74e6,
    "in_treatment": 1.26e6,
    "addicted_in_custody": 203e3,
    "incarcerated": 350e3,
    "retail_price": 67e9 / 192e6,
    "stock": 192e3 / 12,
    "cartel_members": 175e3,
    "cartels": 12.0,
    "institutional_strength": (0.35 + 0.4 + 0.5) / 3,
}
STOCKS = tuple(o.name for o in OUTCOMES if o.kind == "stock")
LARGEST_DRIFT = 0.03
N_REPLICATES = 64
YEARS = 120


@pytest.fixture(scope="module")
def balanced() -> Balanced:
    return balance(central_world(), 12)


def test_the_law_by_doubling_is_the_law_month_by_month(balanced: Balanced) -> None:
    start = balanced.people
    chance = chances(start.rates, balanced.responses.today(), start.cell_vulnerability)
    young, old = month_matrices(chance, np.outer((0.01, 0.0), np.linspace(0.0, 1.0, N_CELLS)))
    for at_risk, months in ((216, 816), (13, 100), (48, 48), (0, 30)):
        alive, slow = np.eye(1, N_STATES), np.zeros((-(-months // 12), N_CELLS, N_STATES))
        for age in range(months):
            alive = alive @ (young if age < at_risk else old)
            slow[age // 12] += alive[:, 0]
        slow /= slow.sum(axis=(0, 2))[:, None]
        law = by_years_of_age(young, old, at_risk, months)
        np.testing.assert_allclose(law, slow, atol=1e-12)
        law = over_all_ages(young, old, at_risk, months)
        np.testing.assert_allclose(law, slow.sum(axis=0), atol=1e-12)


def played(balanced: Balanced, seed: int, people: int, months: int) -> dict[str, np.ndarray]:
    scenario = load_scenario("baseline")
    scenario = replace(scenario, setup=replace(scenario.setup, people=people, months=months))
    records = PolicyModel(scenario, seed=seed, balanced=balanced, collect=False).run()
    return dict(zip(OUTCOME_NAMES, records.T, strict=True))


def world_within_ranges(number: int) -> World:
    values = {
        name: entry.low + (entry.high - entry.low) * die(number, at, Event.START_STATE)
        for at, (name, entry) in enumerate(ledger().items())
    }
    return central_world().with_values(values)


@pytest.mark.parametrize("seed", [1, 2, 77])
@pytest.mark.parametrize("people", [2_000, 20_000, 100_000])
def test_month_zero_meets_every_target(balanced: Balanced, seed: int, people: int) -> None:
    start = {name: column[0] for name, column in played(balanced, seed, people, 0).items()}
    two_slots = 2 * 283e6 / people
    for name, wanted in TODAY.items():
        of_people = name in STOCKS and not name.startswith(("cartel", "stock"))
        slack = two_slots if of_people else 1e-9 * wanted
        assert abs(start[name] - wanted) <= slack, name


def test_the_first_years_flows_are_todays(balanced: Balanced) -> None:
    """Within three standard errors: a year has few simulated deaths, and potency swings."""
    runs = [played(balanced, seed, 200_000, 12) for seed in range(1, 13)]
    wanted = {
        "consumption": 192e3,
        "retail_spending": 67e3,
        "overdose_deaths": 79_358,
        "arrests": 907_958,
        "bribes": 1_200,
        "violence": 124 * 365.25 / 7,
    }
    for name, today in wanted.items():
        years = np.array([run[name][1:].sum() / today for run in runs])
        error = years.std(ddof=1) / np.sqrt(len(years))
        assert error < 0.07, name
        assert abs(years.mean() - 1.0) <= 3.0 * error + 0.005, name
    shipped, seized = (sum(run[name][1:].sum() for run in runs) for name in ("shipped", "seized"))
    assert seized / shipped == pytest.approx(0.2, rel=0.02)


def test_the_law_sums_to_one_and_holds_the_targets(balanced: Balanced) -> None:
    law = balanced.people.law
    np.testing.assert_allclose(law.sum(axis=(0, 2)), 1.0, rtol=1e-9)
    people = 283e6 * law.sum(axis=0).mean(axis=0)
    assert people[State.CASUAL] == pytest.approx(6.0e6, rel=1e-5)
    assert people[list(ACTIVE)].sum() == pytest.approx(5.74e6, rel=1e-5)
    assert people[State.TREATMENT] == pytest.approx(1.26e6, rel=1e-5)
    assert people[list(CUSTODY)].sum() == pytest.approx(350e3, rel=1e-5)


def emptied(people: People) -> People:
    """The same slots with nobody using, so that only living can lead to the law."""
    people.state[:] = State.NOT_USING
    people.lists = {state: np.flatnonzero(people.state == 9) for state in LISTED}
    return people


def test_a_century_of_living_from_nobody_using_leads_to_the_law() -> None:
    alone = {"peer_effect": 0.0, "burden_effect_on_starting": 0.0, "share_willing_waiting": 0.0}
    world = central_world().with_values(alone)
    balanced = balance(world, 12)
    people = emptied(initial_population(balanced, 20_000, 5))
    lives, now = Lives(people), replace(balanced.responses.today(), places=1e12)
    seen = []
    for month in range(1, 12 * YEARS + 1):
        lives.live_month(month, now)
        if month > 12 * 75:
            seen.append([len(people.lists[state]) for state in LISTED])
    share = dict(zip(LISTED, np.mean(seen, axis=0) / 20_000, strict=True))
    by_state = balanced.people.law.sum(axis=0).mean(axis=0)
    by_state[State.ACTIVE] = by_state[list(ACTIVE)].sum()
    for state in (State.CASUAL, State.ACTIVE, State.TREATMENT, State.RECOVERY):
        assert share[state] == pytest.approx(by_state[state], rel=0.06), state.name


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"share_retail_domestic": 0.95, "smuggling_usd_per_gram": 15.0}, "margin"),
        ({"n_addicted": 2e7, "n_casual_users": 1e5}, "no rates"),
        ({"n_addicted": 1e5, "n_casual_users": 3e7}, "no rates"),
        (
            {
                "share_willing_waiting": 0.9,
                "share_addicted_in_treatment": 0.6,
                "p_leave_treatment": 0.9,
            },
            "willing",
        ),
    ],
)
def test_impossible_worlds_are_refused(changes: dict[str, float], message: str) -> None:
    with pytest.raises(ImpossibleWorldError, match=message) as refusal:
        balance(central_world().with_values(changes), 12)
    assert isinstance(refusal.value, InputError)


def test_a_world_without_relapse_is_balanced() -> None:
    assert balance(central_world().with_values({"p_relapse": 0.0}), 12).people.rates.relapse == 0.0


@pytest.mark.parametrize("number", range(1, 9))
def test_worlds_within_all_ranges_start_from_their_own_today(number: int) -> None:
    world = world_within_ranges(number)
    start = balance(world, 12)
    by_state = world.values["n_people"] * start.people.law.sum(axis=0).mean(axis=0)
    assert by_state[State.CASUAL] == pytest.approx(world.values["n_casual_users"], rel=1e-4)
    treated = world.values["n_addicted"] * world.values["share_addicted_in_treatment"]
    assert by_state[State.TREATMENT] == pytest.approx(treated, rel=1e-4)
    assert by_state[list(CUSTODY)].sum() == pytest.approx(world.values["n_in_custody"], rel=1e-4)
    assert sum(start.cartels.sizes) == pytest.approx(world.values["n_cartel_members"])
    rates = start.people.rates
    assert min(rates.start, rates.escalate, rates.relapse, rates.willing, rates.overdose) > 0.0
    assert rates.price_exponent < 0.0
    assert start.market.margin >= 0.0


@pytest.mark.parametrize("n_cartels", [1, 2, 50])
def test_any_number_of_cartels_is_balanced(n_cartels: int) -> None:
    cartels = balance(central_world(), n_cartels).cartels
    assert len(cartels.sizes) == n_cartels
    assert sum(cartels.sizes) == pytest.approx(175e3)
    assert min(cartels.recruitment) > 0.0


def use_after(balanced: Balanced, rel_price: float, months: int, seed: int) -> float:
    """What people would use at today's price, mean of the last year, under a lasting price."""
    people = initial_population(balanced, 200_000, seed)
    lives, now = Lives(people), replace(balanced.responses.today(), rel_price=rel_price)
    market, seen = Market(balanced.market), []
    for month in range(1, months + 1):
        lives.live_month(month, now)
        count = people.count
        seen.append(
            market.wanted_today(count(State.CASUAL), count(State.ACTIVE), count(State.TREATMENT))
        )
    return float(np.mean(seen[-12:]))


def test_taking_part_answers_a_lasting_price_in_the_years_that_the_ledger_says() -> None:
    """-0.9 x 0.5 after ten years (their middle is half a year before), from 3 paired seeds."""
    balanced = balance(central_world(), 12)
    found = [
        np.log(use_after(balanced, 1.3, 126, seed) / use_after(balanced, 1.0, 126, seed))
        / np.log(1.3)
        for seed in (1, 2, 3)
    ]
    assert np.mean(found) == pytest.approx(-0.45, abs=0.03)


def ten_years(seed: int) -> list[float]:
    """Stocks after ten years relative to those of month 0, in the order of STOCKS."""
    months = played(balance(central_world(), 12), seed, 100_000, 120)
    return [float(months[name][-1] / months[name][0]) for name in STOCKS]


@pytest.mark.slow
def test_no_stock_drifts_over_ten_years() -> None:
    seeds = [replicate_seed(2024, r) for r in range(N_REPLICATES)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        relative = np.array(list(pool.map(ten_years, seeds)))
    drift = np.abs(relative.mean(axis=0) - 1.0)
    standard_error = relative.std(axis=0, ddof=1) / np.sqrt(N_REPLICATES)
    certain = drift - 2.0 * standard_error
    too_far = {
        name: (round(float(d), 4), round(float(e), 4))
        for name, d, e, sure in zip(STOCKS, drift, standard_error, certain, strict=True)
        if sure > LARGEST_DRIFT
    }
    assert not too_far
