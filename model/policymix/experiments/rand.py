"""The published comparison of ways to lower cocaine use, on a budget and a market like its own.

The world is that of `scenarios/ledger/rand.toml`, balanced as any other.
"""

from collections.abc import Mapping
from typing import Final

from policymix.experiments.arms import TODAY, Arm, Reading, quotient
from policymix.experiments.facts_read import averted, averted_ratio
from policymix.experiments.findings import world_of_rand

_BILLION: Final = 1.0
"""US dollars a year more for a lever."""
_MILLIONS: Final = 1_000.0
_MONTHS: Final = 180
_WAYS: Final = ("treatment", "policing", "interdiction")


def rand_arms() -> Mapping[str, Arm]:
    """Today's money of that world, and a billion more for each way."""
    world = world_of_rand()
    more = {way: Arm(_MONTHS, more={way: _BILLION}, assume=world) for way in _WAYS}
    return {TODAY: Arm(_MONTHS, assume=world), **more}


def _cost(way: str) -> Reading:
    """Million US dollars a year for 1 % less use, both discounted."""
    return Reading(
        2,
        lambda runs: averted(way, runs),
        lambda less, everything: _MILLIONS * quotient(everything, 100.0 * less),
    )


RAND_READINGS: Final[Mapping[str, Reading]] = {
    **{f"cost_of_less_use.{way}": _cost(way) for way in _WAYS},
    "cost_of_less_use.policing_ratio": averted_ratio("treatment", "policing"),
    "cost_of_less_use.interdiction_ratio": averted_ratio("treatment", "interdiction"),
    "cost_of_less_use.order": averted_ratio("policing", "interdiction"),
}
