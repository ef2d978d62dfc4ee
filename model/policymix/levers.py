"""The thirteen things money buys: dollars -> volume relative to today's.

Today's money buys today's volume. For levers with a published unit cost a cut loses volume at
today's average cost and an increase buys at that full unit cost; the others follow a saturating
curve through today's point. What a volume does to the world is said in the room it acts on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from policymix.assumptions import World
from policymix.units import BILLION

Side = Literal["supply", "demand", "cooperation"]
SIDES: Final[tuple[Side, ...]] = ("supply", "demand", "cooperation")


@dataclass(frozen=True)
class Lever:
    """One thing that money buys, as it is explained to users.

    `numbers` are the assumptions that its effect leans on, beside its money today.
    """

    name: str
    side: Side
    title: str
    buys: str
    acts_on: str
    evidence: tuple[str, ...]
    numbers: tuple[str, ...]


LEVERS: Final = (
    Lever(
        "interdiction",
        "supply",
        "Interdiction",
        "patrol effort on the corridors",
        "the share of each corridor's flow that is seized; traffickers reroute",
        ("E24", "E26", "E30", "F24"),
        (
            "rel_most_interdiction",
            "share_seized",
            "patrol_learning_per_month",
            "route_learning_per_month",
            "route_sensitivity",
        ),
    ),
    Lever(
        "policing",
        "supply",
        "Policing and incarceration",
        "drug arrests and the custody that follows",
        "arrests, the domestic margin, communities' burden of custody, loss of a supplier",
        ("A21", "D9", "D10", "E15", "C55", "H1", "H5"),
        (
            "n_arrests_per_year",
            "usd_per_arrest",
            "policing_price_elasticity",
            "p_lose_supplier",
            "burden_effect_on_starting",
        ),
    ),
    Lever(
        "leader_removal",
        "supply",
        "Leader removal",
        "operations against cartel leaders",
        "the chance that a leader falls and the cartel splits into hostile parts",
        ("F15", "F16", "F17", "F18"),
        ("rel_most_leader_removal", "leader_falls_per_year", "rel_conflict_between_fragments"),
    ),
    Lever(
        "military_strikes",
        "supply",
        "Military strikes",
        "strikes on cargo and cartel members",
        "cargo destroyed and members removed; hostility, institutions and routes respond",
        ("F19", "F21", "F22"),
        (
            "rel_most_military_strikes",
            "share_destroyed_today",
            "members_struck_per_week",
            "hostility_from_strikes_per_year",
            "loss_of_strength_to_strikes",
        ),
    ),
    Lever(
        "financial_targeting",
        "supply",
        "Financial targeting",
        "financial investigations",
        "the share of cartel revenue that is confiscated",
        ("F32", "F33"),
        ("rel_most_financial_targeting", "share_confiscated"),
    ),
    Lever(
        "treatment",
        "demand",
        "Medication treatment",
        "treatment places",
        "entry of those willing; people wait when places are full",
        ("C13", "C15", "C16", "C38", "C41", "D1", "D2"),
        (
            "usd_per_treatment_place_year",
            "share_willing_waiting",
            "p_leave_treatment",
            "share_recover_after_treatment",
        ),
    ),
    Lever(
        "prevention",
        "demand",
        "Prevention",
        "pupils reached at 12",
        "starting to use, in the cohorts reached and only there",
        ("C56", "C57", "C59", "D12", "D13"),
        ("usd_per_pupil", "share_pupils_reached_today", "share_starting_prevented"),
    ),
    Lever(
        "harm_reduction",
        "demand",
        "Harm reduction",
        "naloxone kits and services",
        "the fatality of an overdose, with diminishing returns; never use itself",
        ("C31", "C32", "C48", "C52", "C53", "D11"),
        (
            "usd_per_kit",
            "kits_per_100k_today",
            "kits_per_100k_saturated",
            "share_overdoses_witnessed",
            "share_fatality_averted_by_naloxone",
        ),
    ),
    Lever(
        "mental_health",
        "demand",
        "Mental health care",
        "mental-health care for people who use drugs",
        "escalation, leaving treatment and relapse",
        ("C62", "C63"),
        ("rel_most_mental_health", "share_reached_by_care_today", "share_averted_by_care"),
    ),
    Lever(
        "community",
        "demand",
        "Community engagement",
        "outreach and re-entry programmes",
        "willingness to enter treatment, relapse after custody, fading of communities' burden",
        ("C57", "C58", "C61"),
        (
            "rel_most_community",
            "outreach_effect_on_willingness",
            "share_relapse_averted_by_reentry",
            "outreach_effect_on_burden",
        ),
    ),
    Lever(
        "intelligence",
        "cooperation",
        "Intelligence sharing",
        "shared information",
        "how well patrols, strikes and operations know where flows and leaders are",
        ("E26", "E30"),
        ("rel_most_intelligence", "share_effort_informed"),
    ),
    Lever(
        "development",
        "cooperation",
        "Economic development",
        "lawful jobs where cartels recruit",
        "recruitment into cartels, only where cartels are",
        ("F23", "F27"),
        (
            "rel_most_development",
            "opportunity_gain_from_development",
            "recruitment_opportunity_elasticity",
        ),
    ),
    Lever(
        "anti_corruption",
        "cooperation",
        "Anti-corruption",
        "prosecutors and courts",
        "institutional strength: arrests abroad, the price of bribes, violence",
        ("F28", "F29"),
        (
            "rel_most_anti_corruption",
            "gain_of_strength_from_anti_corruption",
            "law_strength_elasticity",
            "conflict_strength_elasticity",
        ),
    ),
)
LEVER_NAMES: Final = tuple(lever.name for lever in LEVERS)
LEVERS_OF_SIDE: Final[Mapping[Side, tuple[str, ...]]] = MappingProxyType(
    {side: tuple(lever.name for lever in LEVERS if lever.side == side) for side in SIDES}
)


@dataclass(frozen=True)
class UnitCostCurve:
    """Volume bought at today's average cost up to today's money and at unit cost beyond.

    `today` and spending in billion USD a year; `unit_today` is what today's volume would cost
    at the published unit cost [billion USD a year].
    """

    today: float
    unit_today: float

    def volume(self, spend: float) -> float:
        """Volume relative to today's (0 for no money, 1 for today's)."""
        if spend <= self.today:
            return spend / self.today
        return 1.0 + (spend - self.today) / self.unit_today

    def cost(self, volume: float) -> float:
        """Billion USD a year that buy `volume`: the inverse of `volume`."""
        if volume <= 1.0:
            return volume * self.today
        return self.today + (volume - 1.0) * self.unit_today


@dataclass(frozen=True)
class SaturatingCurve:
    """Volume along most * x / (x + most - 1), x being money relative to today's [billion USD]."""

    today: float
    most: float

    def volume(self, spend: float) -> float:
        """Volume relative to today's (0 for no money, 1 for today's, never above `most`)."""
        x = spend / self.today
        return self.most * x / (x + self.most - 1.0)


Curve = UnitCostCurve | SaturatingCurve


def today_spend(world: World) -> dict[str, float]:
    """Today's mix [billion USD a year], by lever in the order of `LEVERS`."""
    return {name: world.number(f"spend_{name}", "billion USD/year") for name in LEVER_NAMES}


def curves(world: World) -> dict[str, Curve]:
    """How money becomes volume in this world, by lever in the order of `LEVERS`."""
    volume_cost = {
        "policing": _yearly_cost(
            world.number("n_arrests_per_year", "people/year"),
            world.number("usd_per_arrest", "USD/arrest"),
        ),
        "treatment": _yearly_cost(
            places_today(world), world.number("usd_per_treatment_place_year", "USD/place-year")
        ),
        "prevention": _yearly_cost(
            cohort_per_year(world) * world.number("share_pupils_reached_today", "share"),
            world.number("usd_per_pupil", "USD/pupil"),
        ),
        "harm_reduction": _yearly_cost(
            world.number("n_people", "people")
            / 100_000
            * world.number("kits_per_100k_today", "kits/100,000 people/year"),
            world.number("usd_per_kit", "USD/kit"),
        ),
    }
    return {
        name: UnitCostCurve(today, volume_cost[name])
        if name in volume_cost
        else SaturatingCurve(today, world.number(f"rel_most_{name}", "ratio"))
        for name, today in today_spend(world).items()
    }


def places_today(world: World) -> float:
    """Treatment places today [people]: as many as are in treatment, since people wait."""
    return world.number("n_addicted", "people") * world.number(
        "share_addicted_in_treatment", "share"
    )


def cohort_per_year(world: World) -> float:
    """People who turn 12 in a year [people/year]."""
    return world.number("n_people", "people") / world.number("years_in_population", "years")


def _yearly_cost(volume_per_year: float, unit_cost_usd: float) -> float:
    return volume_per_year * unit_cost_usd / BILLION
