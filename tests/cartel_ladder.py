"""From the published equations to policymix's cartels, one difference a rung."""

from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from policymix.assumptions import World, central_world
from policymix.balance import Balanced, balance
from policymix.cartels import Cartel, CartelMonth, CartelNumbers
from policymix.model import PolicyModel
from policymix.outcomes import OUTCOME_NAMES
from policymix.scenario import Scenario, load_scenario
from policymix.units import WEEKS_PER_MONTH
from published_cartels import (
    EXPERIMENTS,
    RHO,
    TO_2022,
    TO_2027,
    Members,
    Outcome,
    Rules,
    by_rank,
    compared,
    even,
    outcomes,
    uneven,
)

MONTHS = 60
A_YEAR = 12
SEEDS = 32
Outcomes = dict[str, Outcome]


@dataclass(frozen=True)
class Rung:
    """One way to play the experiments, and what came of them."""

    what: str
    outcomes: Outcomes
    errors: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Standard errors of what differs from no change, where dice play a part."""


@cache
def without_strikes() -> World:
    """Today's world but for the members whom strikes remove, unknown to the equations."""
    return central_world().with_values({"members_struck_per_week": 0.0})


def today() -> tuple[Rules, Members]:
    """The published equations from policymix's start: its groups, deaths, arrests and drop-outs."""
    world = without_strikes()
    groups = by_rank(12, world.number("n_cartel_members", "people"))
    killed = Rules(RHO, 0.0, 0.0, 1.0, 0.0).killed(groups).sum()
    return (
        Rules(
            recruitment=RHO,
            arrests=world.number("n_captured_per_week", "people/week"),
            capture=0.0,
            fighting=world.number("deaths_in_conflict_per_week", "deaths/week") / killed,
            saturation=world.number("n_dropout_per_week", "people/week") / (groups**2).sum(),
        ),
        groups,
    )


def balanced_recruitment(rules: Rules, groups: Members) -> Rules:
    """One rate a group, which replaces what it loses at the start."""
    lost = rules.arrests / groups.sum() + rules.capture + rules.saturation * groups
    return replace(rules, recruitment=lost + rules.killed(groups) / groups)


def in_proportion(rules: Rules, groups: Members) -> Rules:
    """As many arrests at the start, but a share of members instead of a number."""
    return replace(rules, arrests=0.0, capture=rules.arrests / groups.sum())


def by_months(rules: Rules) -> Rules:
    """A month a step, instead of a week."""
    fields = {name: value * WEEKS_PER_MONTH for name, value in vars(rules).items()}
    return Rules(**fields)


@cache
def on_paper() -> tuple[Rung, ...]:
    """The rungs that need no agents."""
    alike, before = even()
    allied, same = uneven()
    rules, groups = today()
    steady = balanced_recruitment(rules, groups)
    shared = in_proportion(steady, groups)
    return (
        Rung(
            "published equations, 150 groups, all fight alike",
            outcomes(alike, alike.after(before, TO_2022), TO_2027),
        ),
        Rung(
            "the same, the largest with allies fight less",
            outcomes(allied, allied.after(same, TO_2022), TO_2027),
        ),
        Rung("12 groups, numbers of 2022 as in the ledger", outcomes(rules, groups, TO_2027)),
        Rung("recruitment balances today's losses", outcomes(steady, groups, TO_2027)),
        Rung("arrests are a share of members", outcomes(shared, groups, TO_2027)),
        Rung("a month a step", outcomes(by_months(shared), groups, MONTHS)),
    )


def scenario() -> Scenario:
    baseline = load_scenario("baseline")
    return replace(baseline, setup=replace(baseline.setup, people=10_000, months=MONTHS))


def tried(numbers: CartelNumbers, experiment: str) -> CartelNumbers:
    """A cartel's numbers in one of the experiments."""
    if experiment == "arrests doubled":
        return replace(numbers, capture=2.0 * numbers.capture)
    if experiment == "recruitment halved":
        return replace(numbers, recruitment=tuple(rate / 2.0 for rate in numbers.recruitment))
    return numbers


@cache
def alone(experiment: str) -> tuple[float, float, float]:
    """policymix's agents with nothing else on: no splits, mergers, profit, hostility, states.

    Members after five years, and deaths a month: those that would follow, and of the last year.
    """
    start = balance(without_strikes(), 12)
    calm = replace(start.cartels, hostility_kept=1.0, hostility_from_strikes=0.0)
    balanced = replace(start, cartels=tried(calm, experiment))
    model = PolicyModel(scenario(), balanced=balanced, collect=False)
    cartels, killed = model.cartels, []
    for _ in range(MONTHS):
        model.cartel_month = nothing_new(cartels)
        for cartel in cartels:
            cartel.step()
        killed.append(sum(cartel.killed for cartel in cartels))
    last = nothing_new(cartels)
    members = sum(cartel.members for cartel in cartels)
    at_last = sum(c.fight(last, last.ground(c.home, c.numbers)) for c in cartels)
    return members, at_last, float(np.mean(killed[-A_YEAR:]))


def nothing_new(cartels: list[Cartel]) -> CartelMonth:
    """A month in which everything outside cartels is today's."""
    heat = sum(cartel.heat for cartel in cartels)
    return CartelMonth(1.0, 1.0, 0.0, 0.0, heat, len(cartels))


def agents_alone(*, last_year: bool = False) -> Rung:
    """The agents' experiments; deaths after five years, or of the last year."""
    world = without_strikes()
    deaths = world.number("deaths_in_conflict_per_week", "deaths/week") * WEEKS_PER_MONTH
    start = (world.number("n_cartel_members", "people"), deaths)
    found = {name: alone(name) for name in EXPERIMENTS}
    ends = {name: (all_of[0], all_of[1 + last_year]) for name, all_of in found.items()}
    return Rung("policymix's agents, all else off", compared(ends, start))


def lived(balanced: Balanced, experiment: str, seed: int) -> np.ndarray:
    """Members at the end and mean deaths a month of the last year in the whole model."""
    tested = replace(balanced, cartels=tried(balanced.cartels, experiment))
    records = PolicyModel(scenario(), seed=seed, balanced=tested, collect=False).run()
    members, deaths = (records[:, OUTCOME_NAMES.index(n)] for n in ("cartel_members", "violence"))
    return np.array([members[-1], deaths[-A_YEAR:].mean()])


@cache
def whole_model(what: str, seeds: int, **changes: float) -> Rung:
    """The whole model, mean over seeds; `changes` are of cartels' numbers."""
    balanced = balance(central_world(), 12)
    balanced = replace(balanced, cartels=replace(balanced.cartels, **changes))
    ends = {
        name: np.array([lived(balanced, name, seed) for seed in range(1, seeds + 1)])
        for name in EXPERIMENTS
    }
    means = {name: (float(end[:, 0].mean()), float(end[:, 1].mean())) for name, end in ends.items()}
    spread = {
        name: 100.0 * (end / ends["no change"]).std(axis=0, ddof=1) for name, end in ends.items()
    }
    errors = {name: tuple(each / np.sqrt(seeds)) for name, each in spread.items()}
    start = (balanced.cartels.members_today, balanced.cartels.deaths_today)
    return Rung(what, compared(means, start), errors)


def in_the_model(seeds: int = SEEDS) -> tuple[Rung, ...]:
    """The last rungs: everything on, at first without what profit does to recruitment."""
    return (
        agents_alone(last_year=True),
        whole_model("policymix, but recruits do not follow profit", seeds, profit_elasticity=0.0),
        everything_on(seeds),
    )


def everything_on(seeds: int) -> Rung:
    """policymix as it is."""
    return whole_model("policymix, all on", seeds)
