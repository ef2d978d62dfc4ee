"""What the volume of a demand lever does to people: volumes -> the month's conditions."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log
from typing import Final

from policymix.assumptions import World
from policymix.hazards import Conditions
from policymix.levers import LEVER_NAMES, places_today
from policymix.units import MONTHS_PER_YEAR

_ALL_TODAY: Final = dict.fromkeys(LEVER_NAMES, 1.0)
_COVERAGE_AT_SATURATION: Final = 0.8
"""What `kits_per_100k_saturated` means: kits that reach 80 % of witnessed overdoses."""


@dataclass(frozen=True)
class Responses:
    """How people's conditions answer volumes (relative to today's), potency and price."""

    places_today: float
    coverage_today: float
    kits_today: float
    kits_scale: float
    share_naloxone: float
    share_care: float
    outreach: float
    reentry_today: float
    outreach_on_burden: float
    fentanyl_today: float
    fentanyl_swing: float
    fentanyl_change: float
    rel_fentanyl: float

    @classmethod
    def of(cls, world: World) -> "Responses":
        """Read off the ledger. Kits: coverage of witnessed overdoses is 1 - exp(-kits / scale)."""
        return cls(
            places_today=places_today(world),
            coverage_today=world.number("share_pupils_reached_today", "share"),
            kits_today=world.number("kits_per_100k_today", "kits/100,000 people/year"),
            kits_scale=world.number("kits_per_100k_saturated", "kits/100,000 people/year")
            / -log(1.0 - _COVERAGE_AT_SATURATION),
            share_naloxone=world.number("share_overdoses_witnessed", "share")
            * world.number("share_fatality_averted_by_naloxone", "share"),
            share_care=world.number("share_reached_by_care_today", "share")
            * world.number("share_averted_by_care", "share"),
            outreach=world.number("outreach_effect_on_willingness", "ratio"),
            reentry_today=world.number("share_reentry_reached_today", "share")
            * world.number("share_relapse_averted_by_reentry", "share"),
            outreach_on_burden=world.number("outreach_effect_on_burden", "ratio"),
            fentanyl_today=world.number("share_fentanyl_today", "share"),
            fentanyl_swing=world.number("share_fentanyl_swing", "share"),
            fentanyl_change=world.number("share_fentanyl_change_per_year", "share/year")
            / MONTHS_PER_YEAR,
            rel_fentanyl=world.number("rel_overdose_fentanyl", "ratio"),
        )

    def today(self) -> Conditions:
        """The conditions of the balanced start."""
        return self.conditions(_ALL_TODAY, rel_price=1.0, potency=1.0, custody_treatment=0.0)

    def conditions(
        self,
        volume: Mapping[str, float],
        *,
        rel_price: float,
        potency: float,
        custody_treatment: float,
    ) -> Conditions:
        """The month's conditions from the volumes of the levers and what the market brings."""
        care = 1.0 - min(self.share_care * volume["mental_health"], 1.0)
        community = volume["community"]
        return Conditions(
            rel_price=rel_price,
            policing=volume["policing"],
            overdose=potency * self._fatality(volume["harm_reduction"]) / self._fatality(1.0),
            care=care / (1.0 - self.share_care),
            willingness=max(1.0 + self.outreach * (community - 1.0), 0.0),
            burden_fading=max(1.0 + self.outreach_on_burden * (community - 1.0), 0.0),
            reentry=min(self.reentry_today * community, 1.0),
            coverage=min(self.coverage_today * volume["prevention"], 1.0),
            places=self.places_today * volume["treatment"],
            custody_treatment=custody_treatment,
        )

    def most_prevention(self) -> float:
        """The volume of prevention at which every pupil is reached, relative to today's."""
        return 1.0 / self.coverage_today

    def potency(self, luck: float, month: int) -> float:
        """Overdose hazard of the supply relative to today's; swings around a trend.

        `luck` (0-1) is the country's die of `Event.POTENCY` for the month.
        """
        share = self.fentanyl_today + self.fentanyl_change * month
        share = min(max(share + self.fentanyl_swing * (2.0 * luck - 1.0), 0.0), 1.0)
        extra = self.rel_fentanyl - 1.0
        return (1.0 + extra * share) / (1.0 + extra * self.fentanyl_today)

    def _fatality(self, kits: float) -> float:
        """Fatality of an overdose relative to a world without kits."""
        reached = 1.0 - exp(-kits * self.kits_today / self.kits_scale)
        return 1.0 - self.share_naloxone * reached
