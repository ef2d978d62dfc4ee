"""What each lever does to the world: directions, and what it must leave alone."""

from dataclasses import replace

import numpy as np
import pytest
from policymix.assumptions import central_world
from policymix.balance import Balanced, balance
from policymix.cartels import Cartel
from policymix.hazards import State, chances
from policymix.levers import LEVER_NAMES
from policymix.market import MarketNumbers
from policymix.model import PolicyModel
from policymix.outcomes import BY_NAME, OUTCOME_NAMES
from policymix.scenario import Scenario, load_scenario

Months = dict[str, np.ndarray]
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def balanced() -> Balanced:
    return balance(central_world(), 12)


@pytest.fixture(scope="module")
def today(balanced: Balanced) -> Months:
    return mean_of(balanced, {})


def funded(times: dict[str, float], months: int = 36) -> Scenario:
    """Today's mix with some levers' money multiplied."""
    scenario = load_scenario("baseline")
    pairs = zip(LEVER_NAMES, scenario.spend(1), strict=True)
    spend = tuple(times.get(name, 1.0) * money for name, money in pairs)
    phase = scenario.phases[0]
    phase = replace(phase, funding=replace(phase.funding, spend=spend))
    setup = replace(scenario.setup, people=200_000, months=months)
    return replace(scenario, phases=(phase,), setup=setup)


def months_of(model: PolicyModel) -> Months:
    return dict(zip(OUTCOME_NAMES, model.run()[1:].T, strict=True))


def mean_of(balanced: Balanced, times: dict[str, float]) -> Months:
    """Outcomes by month from month 1, the mean of SEEDS."""
    models = (
        PolicyModel(funded(times), seed=seed, balanced=balanced, collect=False) for seed in SEEDS
    )
    runs = [months_of(model) for model in models]
    return {name: np.mean([run[name] for run in runs], axis=0) for name in OUTCOME_NAMES}


def change(after: Months, before: Months, name: str) -> float:
    """Mean over the months, relative to before, less 1."""
    return float(after[name].mean() / before[name].mean() - 1.0)


def test_interdiction_seizes_more_and_moves_price_and_use_a_little(
    balanced: Balanced, today: Months
) -> None:
    more = mean_of(balanced, {"interdiction": 2.0})
    assert change(more, today, "seized") > 0.3
    assert 0.0 < change(more, today, "retail_price") < 0.1
    assert -0.1 < change(more, today, "consumption") < 0.0
    assert abs(change(more, today, "addicted")) < 0.01


def test_interdiction_weighs_more_if_dealers_pass_on_proportionally(
    balanced: Balanced, today: Months
) -> None:
    other = balance(central_world().with_values({"domestic_margin_pass_through": 1.0}), 12)
    passed_on = mean_of(other, {"interdiction": 2.0})
    before = mean_of(other, {})
    absorbed = mean_of(balanced, {"interdiction": 2.0})
    rise = change(passed_on, before, "retail_price")
    assert rise > 2.0 * change(absorbed, today, "retail_price")
    assert change(passed_on, before, "consumption") < change(absorbed, today, "consumption")


def with_market(balanced: Balanced, numbers: MarketNumbers | None = None) -> PolicyModel:
    model = PolicyModel(funded({}), seed=1, balanced=balanced, collect=False)
    if numbers is not None:
        model.market.numbers = numbers
    return model


def test_a_dearer_source_raises_the_street_price_little(balanced: Balanced) -> None:
    dearer = replace(balanced.market, source=2.0 * balanced.market.source)
    before, after = months_of(with_market(balanced)), months_of(with_market(balanced, dearer))
    rise = float(np.median(after["retail_price"] / before["retail_price"])) - 1.0
    assert 0.02 < rise < 0.15


def test_a_sudden_shortage_passes(balanced: Balanced) -> None:
    model = with_market(balanced)
    model.market.shipments *= 0.4
    price = months_of(model)["retail_price"] / balanced.market.price_today
    assert 2.0 <= price.max() <= 3.5
    assert abs(price[6:12].mean() - 1.0) < 0.1


def test_harm_reduction_saves_lives_with_diminishing_returns(
    balanced: Balanced, today: Months
) -> None:
    twice, thrice = (mean_of(balanced, {"harm_reduction": by}) for by in (2.0, 3.0))
    first = -change(twice, today, "overdose_deaths")
    assert first > 0.05
    assert 0.0 < -change(thrice, today, "overdose_deaths") - first < first


def test_harm_reduction_changes_use_only_by_survival(balanced: Balanced, today: Months) -> None:
    more = mean_of(balanced, {"harm_reduction": 3.0})
    survivors = (today["overdose_deaths"] - more["overdose_deaths"]).sum()
    extra = more["addicted"][-1] - today["addicted"][-1]
    assert 0.0 <= extra <= survivors
    assert abs(change(more, today, "started_using")) < 0.01
    immortal = balance(central_world(), 12)
    rates = replace(immortal.people.rates, overdose=0.0)
    immortal = replace(immortal, people=replace(immortal.people, rates=rates))
    few, many = (mean_of(immortal, {"harm_reduction": by}) for by in (1.0, 3.0))
    for name in OUTCOME_NAMES:
        if name not in {"budget", "spent", "unspent", "spent_harm_reduction"}:
            np.testing.assert_array_equal(few[name], many[name], err_msg=name)


def test_treatment_lowers_addiction_and_deaths_until_none_is_willing(
    balanced: Balanced, today: Months
) -> None:
    twice, eightfold = (mean_of(balanced, {"treatment": by}) for by in (2.0, 8.0))
    assert change(twice, today, "addicted") < -0.003
    assert change(twice, today, "overdose_deaths") < -0.03
    assert change(twice, today, "active_addiction") < change(twice, today, "addicted")
    np.testing.assert_array_equal(twice["in_treatment"], eightfold["in_treatment"])
    assert eightfold["unspent"].mean() > 0.7 * 7 * 10_100 / 12


def test_care_and_outreach_lower_addiction_a_little(balanced: Balanced, today: Months) -> None:
    for lever, flow, sign in (("mental_health", "relapsed", -1), ("community", "recovered", 1)):
        more = mean_of(balanced, {lever: 2.0})
        assert -0.02 < change(more, today, "addicted") < -0.0005, lever
        assert sign * change(more, today, flow) > 0.0, lever


def test_shared_intelligence_finds_more_cargo_and_more_leaders(
    balanced: Balanced, today: Months
) -> None:
    more = mean_of(balanced, {"intelligence": 4.0})
    assert change(more, today, "seized") > 0.02
    assert more["leaders_fallen"].sum() > today["leaders_fallen"].sum()


def test_confiscated_money_is_dearer_drugs_rather_than_poorer_cartels(
    balanced: Balanced, today: Months
) -> None:
    more = mean_of(balanced, {"financial_targeting": 4.0})
    assert change(more, today, "confiscated") > 1.0
    assert change(more, today, "retail_price") > 0.0
    assert -0.01 < change(more, today, "cartel_profit") < 0.0


def test_policing_relabels_more_than_it_ends(balanced: Balanced, today: Months) -> None:
    more = mean_of(balanced, {"policing": 2.0})
    assert change(more, today, "incarcerated") > 0.1
    active, everyone = (change(more, today, n) for n in ("active_addiction", "addicted"))
    assert active < everyone
    assert active < 0.0
    assert abs(everyone) < 0.5 * abs(active)


def test_strikes_raise_hostility_and_wear_institutions_down(
    balanced: Balanced, today: Months
) -> None:
    calm, struck = (
        PolicyModel(funded({"military_strikes": by}), balanced=balanced) for by in (1, 4)
    )
    calm.step()
    struck.step()
    assert struck.cartels[0].hostility > calm.cartels[0].hostility
    more = mean_of(balanced, {"military_strikes": 4.0})
    assert change(more, today, "violence") > 0.0
    assert change(more, today, "institutional_strength") < 0.0


def test_courts_strengthen_institutions_and_lower_violence(
    balanced: Balanced, today: Months
) -> None:
    more = mean_of(balanced, {"anti_corruption": 4.0})
    assert change(more, today, "institutional_strength") > 0.01
    assert change(more, today, "violence") < 0.0


def test_lawful_jobs_lower_membership(balanced: Balanced, today: Months) -> None:
    more = mean_of(balanced, {"development": 4.0})
    assert change(more, today, "cartel_members") < 0.0
    assert change(more, today, "addicted") == pytest.approx(0.0, abs=0.002)


def quiet(balanced: Balanced) -> PolicyModel:
    numbers = replace(balanced.cartels, falls=0.0, absorbs=0.0)
    return PolicyModel(funded({}), balanced=replace(balanced, cartels=numbers), collect=False)


def test_a_fallen_leader_of_the_largest_cartel_raises_violence(balanced: Balanced) -> None:
    calm, fallen = quiet(balanced), quiet(balanced)
    largest = max(fallen.cartels, key=lambda cartel: cartel.members)
    before = largest.members
    part: Cartel = largest.split(0)
    assert part.members + largest.members == pytest.approx(before)
    twins = [months_of(model)["violence"][:12].sum() for model in (calm, fallen)]
    assert twins[1] > 1.1 * twins[0]


def test_prevention_is_slow_and_small(balanced: Balanced, today: Months) -> None:
    more = mean_of(balanced, {"prevention": 2.0})
    assert -0.02 < change(more, today, "started_using") < -0.001
    assert abs(change(more, today, "addicted")) < 0.005


def test_money_taken_from_cartels_moves_no_ones_health_in_the_first_month(
    balanced: Balanced,
) -> None:
    """At a price elasticity of zero in the month itself: the price moves by under a thousandth."""
    unmoved = balance(central_world().with_values({"price_elasticity": 0.0}), 12)
    first = [
        months_of(PolicyModel(funded({"financial_targeting": by}, 1), balanced=unmoved))
        for by in (1.0, 4.0)
    ]
    for name, outcome in BY_NAME.items():
        if outcome.unit.startswith("people") and name != "cartel_members":
            np.testing.assert_array_equal(first[0][name], first[1][name], err_msg=name)
    assert first[1]["confiscated"][0] > 2.0 * first[0]["confiscated"][0]
    assert first[1]["retail_price"][0] == pytest.approx(first[0]["retail_price"][0], rel=0.005)


def test_the_month_after_custody_or_dropping_out_is_the_deadliest(balanced: Balanced) -> None:
    people = balanced.people
    today = chances(people.rates, balanced.responses.today(), people.cell_vulnerability)
    active = today.overdose[State.ACTIVE]
    assert today.overdose[State.ACTIVE_RELEASED] / active == pytest.approx(4.3, rel=0.02)
    assert today.overdose[State.ACTIVE_LEFT_TREATMENT] / active == pytest.approx(2.4, rel=0.02)
    assert 0.0 < today.overdose[State.TREATMENT] < active
    assert today.overdose[State.CUSTODY_ADDICTED] == 0.0
