"""The model as a Mesa user meets it: steps, agents, data, seeds, chance and memory."""

import gc
import random  # noqa: TID251 (to see that it decides nothing)
import weakref
from dataclasses import replace

import mesa
import numpy as np
import pytest
from policymix.assumptions import central_world
from policymix.balance import Balanced, balance
from policymix.cartels import Cartel
from policymix.errors import InputError
from policymix.governments import Country, Patrol
from policymix.model import MONTH, PolicyModel
from policymix.outcomes import BY_NAME, OUTCOME_NAMES
from policymix.peopling import initial_population
from policymix.scenario import Scenario, load_scenario


@pytest.fixture(scope="module")
def balanced() -> Balanced:
    return balance(central_world(), 12)


def small(name: str = "baseline", people: int = 2_000, months: int = 24) -> Scenario:
    scenario = load_scenario(name)
    return replace(scenario, setup=replace(scenario.setup, people=people, months=months))


def test_a_step_is_a_month_and_plays_every_verb(balanced: Balanced) -> None:
    model = PolicyModel(small(), balanced=balanced)
    assert isinstance(model, mesa.Model)
    assert all(callable(getattr(model, verb)) for verb in MONTH)
    model.step()
    assert model.month == 1
    assert model.records.shape == (2, len(OUTCOME_NAMES))


def test_cartels_countries_and_patrol_are_agents(balanced: Balanced) -> None:
    model = PolicyModel(small(), balanced=balanced)
    kinds = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
    assert kinds == {Country: 3, Patrol: 1, Cartel: 12}
    assert len(model.agents) == 16


def test_the_data_collector_tells_what_the_records_tell(balanced: Balanced) -> None:
    model = PolicyModel(small(months=6), balanced=balanced)
    records = model.run()
    collected = model.datacollector.get_model_vars_dataframe()
    assert list(collected.columns) == list(OUTCOME_NAMES)
    np.testing.assert_array_equal(collected.to_numpy(), records)


def test_month_zero_has_stocks_and_no_flows(balanced: Balanced) -> None:
    first = dict(
        zip(OUTCOME_NAMES, PolicyModel(small(), balanced=balanced).records[0], strict=True)
    )
    for name, value in first.items():
        assert np.isnan(value) == (BY_NAME[name].kind == "flow"), name


def test_a_fifth_of_the_willing_wait_at_the_start_and_go_on_waiting(balanced: Balanced) -> None:
    """Of those willing in a month; at 400,000 slots, since places are whole slots."""
    records = PolicyModel(small(people=400_000), balanced=balanced).run()
    waiting, entries = (
        records[:, OUTCOME_NAMES.index(name)]
        for name in ("waiting_for_treatment", "treatment_entries")
    )
    assert waiting[0] / (waiting[0] + entries[1:].mean()) == pytest.approx(0.2, abs=0.01)
    assert waiting[1:].mean() == pytest.approx(waiting[0], rel=0.1)


def test_a_model_stops_itself_after_the_last_month_of_its_setup(balanced: Balanced) -> None:
    model = PolicyModel(small(months=6), balanced=balanced)
    model.run_model()
    assert (model.month, model.running) == (6, False)


def test_no_run_is_longer_than_its_dates_can_hold(balanced: Balanced) -> None:
    model = PolicyModel(small(months=600, people=1_000), balanced=balanced)
    model.run_model()
    with pytest.raises(InputError, match="at most 600 months"):
        model.step()


def test_a_name_is_no_scenario(balanced: Balanced) -> None:
    with pytest.raises(InputError, match="allowed is what load_scenario returns"):
        PolicyModel("demand_first", balanced=balanced)  # type: ignore[arg-type]


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(balanced: Balanced) -> None:
    first, again = (PolicyModel(small(), seed=7, balanced=balanced).run() for _ in range(2))
    other = PolicyModel(small(), seed=8, balanced=balanced).run()
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


def test_a_prepared_start_gives_what_an_own_one_gives(balanced: Balanced) -> None:
    start = initial_population(balanced, 2_000, 7)
    copies = [start.copy(), start.copy()]
    runs = [PolicyModel(small(), seed=7, balanced=balanced, start=one).run() for one in copies]
    own = PolicyModel(small(), seed=7, balanced=balanced).run()
    assert runs[0].tobytes() == runs[1].tobytes() == own.tobytes()


def test_no_generator_decides_anything(balanced: Balanced, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = PolicyModel(small("combined"), seed=3, balanced=balanced).run()
    model = PolicyModel(small("combined"), seed=3, balanced=balanced)
    random.seed(99)
    model.random.seed(5)
    monkeypatch.setattr(model, "rng", None)
    assert model.run().tobytes() == quiet.tobytes()


@pytest.mark.parametrize("seed", [-1, 1.0, True, "1", None, np.int64(3)])
def test_a_seed_that_is_no_whole_number_is_refused(balanced: Balanced, seed: object) -> None:
    with pytest.raises(InputError, match="seed: read"):
        PolicyModel(small(), seed=seed, balanced=balanced)  # type: ignore[arg-type]


def test_a_model_that_is_let_go_is_freed(balanced: Balanced) -> None:
    model = PolicyModel(small(months=2), balanced=balanced)
    model.run()
    seen = weakref.ref(model)
    del model
    gc.collect()
    assert seen() is None


@pytest.mark.parametrize("n_cartels", [1, 2, 50])
def test_worlds_of_one_or_many_cartels_run(n_cartels: int) -> None:
    few = balance(central_world(), n_cartels)
    records = PolicyModel(small(months=60), balanced=few).run()
    assert np.isfinite(records[1:]).all()
    assert records[0, OUTCOME_NAMES.index("cartels")] == n_cartels


@pytest.mark.parametrize("factor", [0.0, 1e-6, 200.0])
def test_no_money_and_all_the_money_run(balanced: Balanced, factor: float) -> None:
    baseline = small(months=30)
    spend = tuple(factor * amount for amount in baseline.spend(1))
    phase = baseline.phases[0]
    scenario = replace(
        baseline, phases=(replace(phase, funding=replace(phase.funding, spend=spend)),)
    )
    records = PolicyModel(scenario, balanced=balanced).run()
    assert np.isfinite(records[1:]).all()


def test_no_money_buys_no_arrest_no_place_and_no_seizure(balanced: Balanced) -> None:
    baseline = small(people=20_000, months=12)
    phase = baseline.phases[0]
    nothing = replace(phase.funding, spend=(0.0,) * 13)
    model = PolicyModel(replace(baseline, phases=(replace(phase, funding=nothing),)),
                        balanced=balanced)  # fmt: skip
    months = dict(zip(OUTCOME_NAMES, model.run()[1:].T, strict=True))
    for name in ("arrests", "treatment_entries", "seized", "destroyed", "leaders_fallen", "spent"):
        assert months[name].sum() == 0.0, name
    assert months["started_using"].sum() > 0.0
