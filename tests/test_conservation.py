"""What is conserved every month, seen from the written outcomes alone."""

from dataclasses import replace

import numpy as np
import pytest
from policymix.balance import balance
from policymix.model import PolicyModel
from policymix.outcomes import OUTCOME_NAMES
from policymix.scenario import load_scenario
from policymix.units import GRAMS_PER_KG, MILLION

RUNS = (
    ("baseline", {}, 1),
    ("supply_first", {}, 2),
    ("supply_then_demand", {"domestic_margin_pass_through": 1.0, "price_elasticity": -1.5}, 3),
    ("combined", {"share_seized": 0.45, "peer_effect": 0.6, "n_arrests_per_year": 1_500_000.0}, 4),
    ("military_first", {"leader_falls_per_year": 20.0, "share_destroyed_today": 0.1}, 5),
    ("cooperation_first", {"share_fentanyl_change_per_year": -0.05}, 6),
)


def played(name: str, assumptions: dict[str, float], seed: int) -> dict[str, np.ndarray]:
    scenario = load_scenario(name)
    setup = replace(scenario.setup, people=8_000, months=40)
    scenario = replace(scenario, setup=setup, assumptions=assumptions)
    model = PolicyModel(scenario, seed=seed, balanced=balance(scenario.world(), 12), collect=False)
    return dict(zip(OUTCOME_NAMES, model.run().T, strict=True))


@pytest.fixture(scope="module", params=RUNS, ids=[run[0] for run in RUNS])
def months(request: pytest.FixtureRequest) -> dict[str, np.ndarray]:
    return played(*request.param)


def same(left: np.ndarray, right: np.ndarray, scale: float) -> bool:
    return bool(np.allclose(left, right, rtol=0.0, atol=1e-9 * scale))


def test_everyone_is_somewhere_once(months: dict[str, np.ndarray]) -> None:
    m = months
    held_without_addiction = m["incarcerated"] - m["addicted_in_custody"]
    everyone = m["not_using"] + m["casual_users"] + m["addicted"] + m["in_recovery"]
    assert same(everyone + held_without_addiction, np.full(41, 283e6), 283e6)


def test_nobody_with_addiction_is_hidden_by_a_new_name(months: dict[str, np.ndarray]) -> None:
    m = months
    parts = m["active_addiction"] + m["in_treatment"] + m["addicted_in_custody"]
    assert same(m["addicted"], parts, 283e6)


def test_addiction_changes_by_its_flows(months: dict[str, np.ndarray]) -> None:
    m = {name: column[1:] for name, column in months.items()}
    into = m["escalated"] + m["relapsed"]
    out = m["quit_addiction"] + m["recovered"] + m["overdose_deaths"] + m["aged_out_addicted"]
    assert same(np.diff(months["addicted"]), into - out, 283e6)


def test_custody_changes_by_its_flows(months: dict[str, np.ndarray]) -> None:
    m = {name: column[1:] for name, column in months.items()}
    flows = m["arrests"] - m["released"] - m["aged_out_custody"]
    assert same(np.diff(months["incarcerated"]), flows, 283e6)


def test_those_not_using_change_by_their_flows(months: dict[str, np.ndarray]) -> None:
    m = {name: column[1:] for name, column in months.items()}
    back = m["quit"] - m["quit_addiction"] + m["overdose_deaths"] + m["aged_out"]
    assert same(np.diff(months["not_using"]), back - m["started_using"], 283e6)


def test_every_gram_shipped_is_seized_destroyed_or_delivered(months: dict[str, np.ndarray]) -> None:
    m = {name: column[1:] for name, column in months.items()}
    assert same(m["shipped"], m["seized"] + m["destroyed"] + m["delivered"], 1e5)
    assert same(np.diff(months["stock"]), m["delivered"] - m["consumption"], 1e5)


def test_every_dollar_is_spent_or_unspent(months: dict[str, np.ndarray]) -> None:
    m = {name: column[1:] for name, column in months.items()}
    by_lever = sum(column for name, column in m.items() if name.startswith("spent_"))
    assert same(m["spent"], by_lever, 1e4)
    assert same(m["budget"], m["spent"] + m["unspent"], 1e4)
    assert (m["unspent"] > -1e-6).all()


def test_what_users_pay_is_what_all_others_get(months: dict[str, np.ndarray]) -> None:
    m = {name: column[1:] for name, column in months.items()}
    paid = m["retail_price"] * m["consumption"] * GRAMS_PER_KG / MILLION
    takings = m["cartel_costs"] + m["bribes"] + m["confiscated"] + m["cartel_profit"]
    assert same(m["retail_spending"], paid, 1e5)
    assert same(m["retail_spending"], m["dealer_revenue"] + m["cartel_revenue"], 1e5)
    assert same(m["cartel_revenue"], takings, 1e5)


def test_nothing_is_below_zero(months: dict[str, np.ndarray]) -> None:
    may_be_negative = {"cartel_profit", "unspent"}
    for name, column in months.items():
        if name not in may_be_negative:
            assert np.nanmin(column) >= 0.0, name
