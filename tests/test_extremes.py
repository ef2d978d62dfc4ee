"""The ledger's permitted ends: each gives a run that makes sense, or a world refused in words."""

from dataclasses import replace

import pytest
from policymix.assumptions import Assumption, ledger
from policymix.errors import ImpossibleWorldError
from policymix.outcomes import OUTCOME_NAMES
from policymix.runs import plan_for, play_replicate
from policymix.scenario import Scenario, load_scenario

IMPOSSIBLE = {
    ("n_people", "min"),
    ("n_casual_users", "min"),
    ("n_addicted", "min"),
    ("share_seized", "max"),
    ("share_retail_domestic", "max"),
    ("consumption_tonnes_per_year", "max"),
    ("retail_spending_billion_usd_per_year", "min"),
    ("n_cartel_members", "max"),
}
"""Ends that no world can have with everything else as it is: refused, and no others."""


def mixes(assumptions: dict[str, float], cartels: int = 12) -> list[Scenario]:
    names = ("baseline", "cooperation_first", "military_first", "demand_first")
    mixes = [load_scenario(name, assumptions) for name in names]
    setup = replace(mixes[0].setup, people=1_000, months=60, cartels=cartels)
    return [replace(mix, setup=setup) for mix in mixes]


@pytest.mark.slow
@pytest.mark.parametrize("end", ["min", "max"])
@pytest.mark.parametrize("entry", ledger().values(), ids=lambda entry: entry.name)
def test_every_permitted_end_gives_a_run_that_makes_sense_or_is_refused(
    entry: Assumption, end: str
) -> None:
    assumptions = {entry.name: getattr(entry, end)}
    if (entry.name, end) in IMPOSSIBLE:
        with pytest.raises(ImpossibleWorldError, match=entry.name):
            plan_for(mixes(assumptions), 1)
    else:
        play_replicate(plan_for(mixes(assumptions), 1), 0)  # refuses what makes no sense


@pytest.mark.parametrize("cartels", [1, 3, 50])
def test_bribes_that_weigh_heavily_leave_the_law_on_its_side(cartels: int) -> None:
    """Once negative seizures: bribes fall, and the law answers them as strongly as it may."""
    strongest = {"bribe_effect_on_law": ledger()["bribe_effect_on_law"].max}
    strongest["law_strength_elasticity"] = ledger()["law_strength_elasticity"].max
    records = play_replicate(plan_for(mixes(strongest, cartels), 1), 0).records[:, 1:]
    seized, shipped = (records[..., OUTCOME_NAMES.index(n)] for n in ("seized", "shipped"))
    assert ((seized >= 0.0) & (seized <= shipped)).all()
    assert seized.sum() > 0.0


def test_no_relapse_is_a_world() -> None:
    records = play_replicate(plan_for(mixes({"p_relapse": 0.0}), 1), 0).records[:, 1:]
    assert records[..., OUTCOME_NAMES.index("relapsed")].sum() == 0.0
    assert records[..., OUTCOME_NAMES.index("recovered")].sum() > 0.0
