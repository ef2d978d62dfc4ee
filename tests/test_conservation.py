"""What is conserved every month, in chosen runs and in random scenarios and worlds."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policymix.balance import balance
from policymix.experiments.laws import LAWS, ROUNDING, Law, Months, broken
from policymix.levers import LEVER_NAMES
from policymix.model import PolicyModel
from policymix.outcomes import OUTCOME_NAMES
from policymix.scenario import Funding, Phase, Scenario, Setup, load_scenario
from policymix.worlds import Address, world_at

RUNS = (
    ("baseline", {}, 1),
    ("supply_first", {}, 2),
    ("supply_then_demand", {"domestic_margin_pass_through": 1.0, "price_elasticity": -1.5}, 3),
    ("combined", {"share_seized": 0.45, "peer_effect": 0.6, "n_arrests_per_year": 1_500_000.0}, 4),
    ("military_first", {"leader_falls_per_year": 20.0, "share_destroyed_today": 0.1}, 5),
    ("cooperation_first", {"share_fentanyl_change_per_year": -0.05}, 6),
)
Run = tuple[Scenario, int]


def played(run: Run) -> Months:
    scenario, seed = run
    start = balance(scenario.world(), scenario.setup.cartels)
    records = PolicyModel(scenario, seed=seed, balanced=start, collect=False).run()
    return dict(zip(OUTCOME_NAMES, records.T, strict=True))


@pytest.fixture(scope="module", params=RUNS, ids=[run[0] for run in RUNS])
def months(request: pytest.FixtureRequest) -> Months:
    name, assumptions, seed = request.param
    scenario = load_scenario(name)
    setup = replace(scenario.setup, people=8_000, months=40)
    return played((replace(scenario, setup=setup, assumptions=assumptions), seed))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_it_is_kept_every_month(law: Law, months: Months) -> None:
    assert broken(months, law) <= ROUNDING


@st.composite
def amounts(draw: st.DrawFn) -> Funding:
    """Any mix: some levers without money, others with up to some twenty times today's."""
    some = st.one_of(st.just(0.0), st.floats(0.0, 1.0), st.floats(0.0, 200.0))
    spend = tuple(draw(st.lists(some, min_size=len(LEVER_NAMES), max_size=len(LEVER_NAMES))))
    return Funding(spend, treatment_in_custody=draw(st.booleans()))


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Any mixes in up to three phases, with any ramps, in any sampled world, of any cartels."""
    setup = Setup(draw(st.integers(1_000, 4_000)), 24, draw(st.integers(1, 50)))
    later = sorted(draw(st.lists(st.integers(2, 24), max_size=2, unique=True)))
    phases = [
        Phase(month, draw(st.integers(0, 24)) if month > 1 else 0, draw(amounts()))
        for month in (1, *later)
    ]
    world = world_at(draw(st.integers(0, 99)), Address(draw(st.integers(0, 9_999))))
    scenario = Scenario("any", "Any", "Any.", tuple(phases), world.values, setup)
    return scenario, draw(st.integers(0, 2**53 - 1))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(runs())
def test_it_is_kept_in_any_scenario_and_any_world(run: Run) -> None:
    months = played(run)
    assert {law.__name__: b for law in LAWS if (b := broken(months, law)) > ROUNDING} == {}


@pytest.mark.slow
@settings(max_examples=100, deadline=None, derandomize=True)
@given(runs())
def test_it_is_kept_in_hundreds_of_scenarios_and_worlds(run: Run) -> None:
    months = played(run)
    assert {law.__name__: b for law in LAWS if (b := broken(months, law)) > ROUNDING} == {}


LOST = {
    "everyone_is_somewhere_once": "not_using",
    "nobody_with_addiction_is_hidden_by_a_new_name": "in_treatment",
    "addiction_changes_by_its_flows": "relapsed",
    "custody_changes_by_its_flows": "released",
    "those_not_using_change_by_their_flows": "started_using",
    "every_gram_shipped_is_seized_destroyed_or_delivered": "seized",
    "every_dollar_is_spent_or_unspent": "spent_policing",
    "what_users_pay_is_what_all_others_get": "bribes",
}


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_loss_of_one_part_in_a_thousand_is_seen(law: Law, months: Months) -> None:
    name = LOST.get(law.__name__, "violence")
    column = months[name] * (1.0 - 1e-3) if law.__name__ in LOST else months[name] - 1e4
    assert broken({**months, name: column}, law) > ROUNDING
