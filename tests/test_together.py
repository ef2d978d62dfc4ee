"""Models that run together live what each would live alone, to the bit."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from policymix import runs as runs_room
from policymix.balance import Balanced, balance
from policymix.candidates import Candidates, Drawn, candidates_of
from policymix.crowds import Crowd
from policymix.dice import replicate_seed
from policymix.errors import InputError
from policymix.hazards import Chances, ChancesByMonth, Conditions, State
from policymix.model import PolicyModel
from policymix.people import People
from policymix.peopling import initial_population
from policymix.pool import StudyError
from policymix.runs import Run, played
from policymix.scenario import Scenario, load_scenario
from policymix.together import Together

MIXES = ("baseline", "supply_first", "demand_first", "combined")


def sized(name: str, people: int, months: int) -> Scenario:
    scenario = load_scenario(name)
    setup = replace(scenario.setup, people=people, months=months)
    return replace(scenario, setup=setup)


@pytest.fixture(scope="module")
def balanced() -> Balanced:
    scenario = load_scenario("baseline")
    return balance(scenario.world(), scenario.setup.cartels)


def models(
    balanced: Balanced, lives: Sequence[tuple[str, int]], people: int = 4_000, months: int = 30
) -> list[PolicyModel]:
    """A model for each mix and seed."""
    return [
        PolicyModel(
            sized(name, people, months),
            seed=seed,
            balanced=balanced,
            start=initial_population(balanced, people, seed),
        )
        for name, seed in lives
    ]


def held_by(people: People) -> list[bytes]:
    columns = (people.state, people.born, people.clock, people.overdosed, people.burden)
    return [column.tobytes() for column in (*columns, *people.lists.values())]


@pytest.mark.parametrize(
    ("lives", "people", "months"),
    [
        ([(name, 1) for name in MIXES], 4_000, 30),
        ([("combined", seed) for seed in (3, 4, 5)], 10_000, 24),
        ([("combined", 7)], 1_000, 12),
        ([(MIXES[seed % 4], seed) for seed in range(12)], 60, 120),
    ],
    ids=["several mixes", "several seeds", "one alone", "both, of few people"],
)
def test_models_that_run_together_live_what_each_lives_alone(
    balanced: Balanced, lives: Sequence[tuple[str, int]], people: int, months: int
) -> None:
    alone, beside = (models(balanced, lives, people, months) for _ in range(2))
    Together(beside).run()
    for one, other in zip(alone, beside, strict=True):
        one.run()
        assert one.records.tobytes() == other.records.tobytes()
        assert held_by(one.people) == held_by(other.people)
        assert one.people.cohort_coverage == other.people.cohort_coverage
        assert one.lived.flows == other.lived.flows
        assert (one.lived.at_risk, one.lived.died) == (other.lived.at_risk, other.lived.died)
        assert one.lived.expected_deaths == pytest.approx(other.lived.expected_deaths, rel=1e-12)
        assert other.datacollector.get_model_vars_dataframe().shape == one.records.shape


def test_whoever_has_run_together_may_live_on_alone(balanced: Balanced) -> None:
    lives = [("baseline", 1), ("combined", 2)]
    alone, beside = models(balanced, lives, months=12), models(balanced, lives, months=12)
    Together(beside).run()
    for one, other in zip(alone, beside, strict=True):
        one.run()
        kept = other.people.copy()
        for _ in range(6):
            one.step()
            other.step()
        assert one.records.tobytes() == other.records.tobytes()
        assert kept.count(State.ACTIVE) == kept.weight * len(kept.lists[State.ACTIVE])


def test_in_a_crowd_nobody_but_the_crowd_moves_people(balanced: Balanced) -> None:
    beside = models(balanced, [("baseline", 1), ("combined", 2)])
    together = Together(beside)
    together.step()
    member = beside[1].people
    with pytest.raises(AttributeError, match="crowd"):
        member.lists = {}
    copied = member.copy()
    before = held_by(copied)
    assert before == held_by(member)
    together.step()
    assert held_by(copied) == before != held_by(member)


def test_models_that_do_not_fit_are_refused(balanced: Balanced) -> None:
    other = balance(load_scenario("baseline").world().with_values({"peer_effect": 0.3}), 12)
    pairs = [
        [*models(balanced, [("baseline", 1)]), *models(balanced, [("baseline", 1)], people=4_001)],
        [*models(balanced, [("baseline", 1)]), *models(balanced, [("baseline", 1)], months=31)],
        [*models(balanced, [("baseline", 1)]), *models(other, [("baseline", 1)])],
    ]
    begun = models(balanced, [("baseline", 1), ("baseline", 2)])
    begun[1].step()
    for unlike in (*pairs, begun):
        with pytest.raises(InputError, match=r"together|crowd"):
            Together(unlike)


def as_run(balanced: Balanced, start: People, name: str, seed: int = 1) -> Run:
    return Run(sized(name, len(start), 12), seed, balanced, start, "replicate 0")


def test_runs_come_in_order_whatever_is_played_side_by_side(
    balanced: Balanced, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = [initial_population(balanced, n, 1) for n in (500, 500, 700)]
    runs = [as_run(balanced, start, name) for start in starts for name in MIXES]
    side_by_side = [records for _, records in played(runs)]
    monkeypatch.setattr(runs_room, "_MOST_RUNS", 1)
    one_by_one = [records for _, records in played(runs)]
    np.testing.assert_array_equal(side_by_side, one_by_one)
    assert len({records.tobytes() for records in side_by_side}) == 8, "equal starts, equal lives"


def test_runs_of_one_start_are_one_crowd(
    balanced: Balanced, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowds: list[int] = []
    made = Crowd.__init__

    def counted(crowd: Crowd, populations: Sequence[People]) -> None:
        crowds.append(len(populations))
        made(crowd, populations)

    monkeypatch.setattr(Crowd, "__init__", counted)
    start, other = (initial_population(balanced, n, 1) for n in (500, 400))
    runs = [as_run(balanced, one, name) for one in (start, other) for name in MIXES]
    assert len(list(played(runs))) == 8
    assert crowds == [4, 4]
    monkeypatch.setattr(runs_room, "_MOST_PEOPLE", 1_000)
    assert len(list(played(runs))) == 8
    assert crowds[2:] == [2, 2, 2, 2], "no more people at once than are worth it"


def test_runs_of_the_same_people_draw_candidates_for_beginning_once(
    balanced: Balanced, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[range] = []
    usual = Candidates._draw

    def counted(candidates: Candidates, months: range) -> dict[int, Drawn]:
        drawn.append(months)
        return usual(candidates, months)

    monkeypatch.setattr(Candidates, "_draw", counted)
    start = initial_population(balanced, 500, 1)
    for names in (MIXES, MIXES[:1]):
        assert len(list(played([as_run(balanced, start, name) for name in names]))) == len(names)
    assert drawn == [range(1, 25)]


def test_people_in_another_world_have_other_candidates(balanced: Balanced) -> None:
    people = initial_population(balanced, 5_000, 1)
    other = people.copy()
    rates = replace(balanced.people.rates, start=3.0 * balanced.people.rates.start)
    other.start = replace(balanced.people, rates=rates)
    (few, _), (more, _) = (candidates_of(one)[0](1) for one in (people, other))
    assert len(more) > 2 * len(few) > 20
    assert candidates_of(people.copy())[0](1)[0] is few


def test_a_run_whose_people_cannot_go_on_is_named(
    balanced: Balanced, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = ChancesByMonth.__call__

    def breaks(self: ChancesByMonth, now: Conditions) -> Chances:
        if now.places > 1.01 * balanced.responses.places_today:
            raise OverflowError("too many places")
        return usual(self, now)

    monkeypatch.setattr(ChancesByMonth, "__call__", breaks)
    start = initial_population(balanced, 500, 1)
    with pytest.raises(StudyError, match=r"demand_first, replicate 0, month 1: .*too many places"):
        list(played([as_run(balanced, start, MIXES[at]) for at in (0, 2, 0)]))


def test_a_run_that_cannot_go_on_is_named(
    balanced: Balanced, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = initial_population(balanced, 500, replicate_seed(1, 0))
    usual = PolicyModel.cartels_change

    def breaks(model: PolicyModel) -> None:
        if model.month == 3 and model.policy.name == "demand_first":
            raise OverflowError("too much")
        usual(model)

    monkeypatch.setattr(PolicyModel, "cartels_change", breaks)
    with pytest.raises(StudyError, match=r"demand_first, replicate 0, month 3: .*too much"):
        list(played([as_run(balanced, start, name) for name in MIXES]))
