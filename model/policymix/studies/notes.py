"""Sentences that must stand beside every table and figure, such as that totals differ."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from policymix.assumptions import ledger
from policymix.levers import UnitCostCurve, curves, today_spend
from policymix.scenario_parts import Scenario
from policymix.units import MONTHS_PER_YEAR

_DISPUTED: Final = "domestic_margin_pass_through"
"""The assumption that decides how strong supply control is, and is graded C."""
_SAME_MONEY: Final = 1e-6
_MOST_WORLD_VALUES_SHOWN: Final = 6


def notes_of(
    scenarios: Sequence[Scenario],
    reference: Scenario,
    replicates: int,
    sizes: Mapping[str, int],
    held: Mapping[str, float],
) -> Iterator[str]:
    """What the scenarios of a study say of it before anything is played, a sentence each.

    `sizes` are the numbers that this kind of study has; what is `held` is not drawn.
    """
    is_alone = "world" in sizes and len(scenarios) == 1  # a comparison with nothing beside it
    yield _size(scenarios[0], replicates, sizes, is_alone=is_alone)
    if sizes.get("worlds"):
        yield from _drawn(held)
    yield from totals_note(scenarios)
    yield from _shared_assumptions(scenarios)
    yield from _worlds(scenarios, reference)
    yield from _late_phases(scenarios)
    yield from unit_costs_note(scenarios, reference)
    yield _weakness(reference, sizes, is_drawn=_DISPUTED not in held)


def _size(scenario: Scenario, replicates: int, sizes: Mapping[str, int], *, is_alone: bool) -> str:
    setup, interval = scenario.setup, ""
    if replicates > 1 or sizes.get("worlds"):
        interval = "; intervals and bands are 95 %"
        interval += "" if is_alone else ", differences are paired"
    word = "replicate" if replicates == 1 else "replicates"
    size = f"{replicates:,} {word} of {setup.people:,} simulated people"
    worlds = sizes.get("worlds")
    if worlds and "steps" in sizes:
        size = f"{size} in the central world, 1 in each of {worlds:,} sampled ones"
    elif worlds:
        size = f"{worlds:,} sampled worlds, {size}"
    if world := sizes.get("world"):
        size = f"Sampled world {world:,}: {size}"
    stands_for = scenario.world().values["n_people"] / setup.people
    each = f"each stands for {stands_for:,.0f}"
    return f"{size} ({each}) over {duration(setup.months)}{interval}."


def _drawn(held: Mapping[str, float]) -> Iterator[str]:
    """What a sampled world is, and what is the same in all."""
    yield (
        "In each world every assumption that does not describe the start is drawn uniformly from "
        "its range in the ledger: a share of worlds is a share of those ranges, no probability."
    )
    if held:
        yield f"Not drawn, but held: {_values_text(held)}."


def _weakness(reference: Scenario, sizes: Mapping[str, int], *, is_drawn: bool) -> str:
    """What weak evidence decides between the sides, said wherever a result is shown."""
    entries = ledger().values()
    weak = [entry for entry in entries if entry.grade == "C"]
    entry, value = ledger()[_DISPUTED], reference.world().values[_DISPUTED]
    now = f"= {value:g}"
    if sizes.get("worlds") and is_drawn:
        drawn = f"from {entry.low:g} to {entry.high:g}"
        now = f"{now}, in sampled worlds {drawn}" if "steps" in sizes else drawn
    return (
        f"Leans on weak evidence (grade C): {len(weak)} of {len(entries)} assumptions, among "
        f"them {_DISPUTED} {now} (at 0 dealers add fixed dollars to what cartels charge, "
        "at 1 a fixed share, so that seizures move the street price more)."
    )


def first_answer(wider: float, full: str, longer: float) -> str:
    """That a study is a small one: its intervals against those of a `full` one, and its cost."""
    wide = f"about {_times(wider)} times as wide as in a full study, {full}"
    return f"A first answer: its intervals are {wide}, which takes {_times(longer)} times as long."


def _times(ratio: float) -> str:
    """`1.3`, or `63`."""
    return f"{ratio:.1f}".removesuffix(".0") if round(ratio, 1) < 10 else f"{ratio:.0f}"


def totals_note(scenarios: Sequence[Scenario]) -> list[str]:
    """That the totals differ, where they do."""
    totals = {scenario.name: _totals_of(scenario) for scenario in scenarios}
    amounts = [amount for steps in totals.values() for _, amount in steps]
    if max(amounts) - min(amounts) <= _SAME_MONEY * max(amounts):
        return []
    spelt = "; ".join(f"{name} {_totals_text(steps)}" for name, steps in totals.items())
    return [f"The totals differ, in billion USD a year: {spelt}."]


def _late_phases(scenarios: Sequence[Scenario]) -> list[str]:
    """Mixes that would begin after the last month."""
    late = [
        f"{scenario.name} after {(phase.first_month - 1) / MONTHS_PER_YEAR:g} years"
        for scenario in scenarios
        for phase in scenario.phases
        if phase.first_month > scenario.setup.months
    ]
    played = duration(scenarios[0].setup.months)
    return [f"Never begins within {played}: {', '.join(late)}."] if late else []


def unit_costs_note(scenarios: Sequence[Scenario], reference: Scenario) -> list[str]:
    """How far the next dollar is taken to buy other than today's, where money moves."""
    world = reference.world()
    today = list(today_spend(world).values())
    spends = [p.funding.spend for s in scenarios for p in s.phases]
    told = []
    for at, (name, curve) in enumerate(curves(world).items()):
        moved = any(abs(spend[at] - today[at]) > _SAME_MONEY for spend in spends)
        if moved and isinstance(curve, UnitCostCurve):
            told.append(f"{name} {curve.today / curve.unit_today:.1f}")
    if not told:
        return []
    beyond = "Beyond today's money a dollar buys at published unit costs, below it at today's"
    times = "The next dollar buys, in times of what the average one buys today"
    return [f"{beyond} average cost. {times}: {', '.join(told)}."]


def _shared_assumptions(scenarios: Sequence[Scenario]) -> list[str]:
    """What all scenarios assume alike and the ledger does not."""
    first, *others = (set(scenario.assumptions.items()) for scenario in scenarios)
    shared = dict(sorted(first.intersection(*others)))
    if not shared:
        return []
    spelt = [f"{k} = {v:.6g} (ledger: {ledger()[k].value:.6g})" for k, v in shared.items()]
    rest = len(spelt) - _MOST_WORLD_VALUES_SHOWN
    spelt = [*spelt[:_MOST_WORLD_VALUES_SHOWN], *([f"{rest} more"] if rest > 0 else [])]
    return [f"Assumed in all scenarios, other than the ledger: {', '.join(spelt)}."]


def _worlds(scenarios: Sequence[Scenario], reference: Scenario) -> list[str]:
    worlds = {scenario.name: scenario.world() for scenario in scenarios}
    first = worlds[reference.name]
    differing = {name: world.differences(first) for name, world in worlds.items()}
    spelt = [f"{name} has {_values_text(found)}" for name, found in differing.items() if found]
    if not spelt:
        return []
    warning = "The worlds differ, each balanced anew: differences are not the policy's alone"
    apart = "Nobody is followed from one world into another"
    return [f"{warning}. Other than {reference.name}, {'; '.join(spelt)}. {apart}."]


def _totals_of(scenario: Scenario) -> list[tuple[int, float]]:
    """(first month, billion USD a year) of each phase that is played."""
    played = [p for p in scenario.phases if p.first_month <= scenario.setup.months]
    return [(phase.first_month, phase.funding.total()) for phase in played]


def _totals_text(steps: list[tuple[int, float]]) -> str:
    texts = [f"{steps[0][1]:,.6g}"]
    for (_, before), (month, amount) in pairwise(steps):
        if abs(amount - before) > _SAME_MONEY * max(amount, before):
            texts.append(f"{amount:,.6g} from month {month}")
    return ", then ".join(texts)


def _values_text(values: Mapping[str, float]) -> str:
    shown_values = [f"{name} = {value:.6g}" for name, value in values.items()]
    rest = len(shown_values) - _MOST_WORLD_VALUES_SHOWN
    if rest > 0:
        shown_values = [*shown_values[:_MOST_WORLD_VALUES_SHOWN], f"{rest} more"]
    return ", ".join(shown_values)


def duration(months: int) -> str:
    """`10 years`, or `18 months` where the years are not whole."""
    years, rest = divmod(months, MONTHS_PER_YEAR)
    if rest or not years:
        return f"{months} month{'' if months == 1 else 's'}"
    return f"{years} year{'' if years == 1 else 's'}"
