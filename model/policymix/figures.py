"""The figures of a comparison in the order of the report, each with its table and its words.

Pure functions of tables; they know nothing of the model. Every picture carries the label in
reserved space and in its file, and the same table gives the same bytes.
"""

from typing import Final

from policymix.drawing import Picture
from policymix.figures_bridge import bridge, bridge_alt, bridge_data
from policymix.figures_budget import budget, budget_alt, budget_data
from policymix.figures_corridors import corridors, corridors_alt, corridors_data
from policymix.figures_effects import side_effects, side_effects_alt, side_effects_data
from policymix.figures_headline import headline, headline_alt, headline_data
from policymix.figures_people import same_people, same_people_alt, same_people_data
from policymix.figures_tradeoff import tradeoff, tradeoff_alt, tradeoff_data
from policymix.readings import Tables

__all__ = [
    "FIGURES",
    "Tables",
    "bridge",
    "budget",
    "corridors",
    "figures_for",
    "headline",
    "same_people",
    "side_effects",
    "tradeoff",
]


def _always(_tables: Tables) -> bool:
    return True


def _of_others(tables: Tables) -> bool:
    """Whether there is anything beside the reference."""
    return tables.has_others


def _of_the_same_people(tables: Tables) -> bool:
    """Whether anyone is followed from the reference's world into another scenario."""
    return set(tables.ends["scenario"]) != {tables.reference}


FIGURES: Final[tuple[Picture[Tables], ...]] = (
    Picture(
        "headline",
        "The headline outcomes",
        "Each line is a scenario and its band a 95 % interval; the bars show who has an addiction "
        "at the end, and their names show which line is whose.",
        _always,
        lambda t: headline(t.monthly, t.yearly, t.summary, t.reference, t.notes),
        headline_data,
        headline_alt,
    ),
    Picture(
        "tradeoff",
        "The trade-off between addiction and cartel money",
        "Left of the upright line fewer people have an addiction than under the reference, below "
        "the level line cartels earn less; bars through the dots are 95 % intervals.",
        _of_others,
        lambda t: tradeoff(t.summary, t.reference, t.notes),
        tradeoff_data,
        tradeoff_alt,
    ),
    Picture(
        "bridge",
        "Where the difference comes from",
        "Each bar starts where the one above it ended, and the last shows what all add up to: more "
        "into addiction adds, and so does less out of it, such as fewer deaths; a hollow bar is "
        "not clearly different from zero, and parts are rounded so that they add up.",
        _of_others,
        lambda t: bridge(t.bridge, t.reference, t.notes),
        bridge_data,
        bridge_alt,
    ),
    Picture(
        "same_people",
        "The same people under two policies",
        "A ribbon joins where people end under the reference with where the same people end under "
        "the other scenario; it goes up where they fare better and down where they fare worse.",
        _of_the_same_people,
        lambda t: same_people(t.ends, t.fared, t.reference, t.notes),
        same_people_data,
        same_people_alt,
    ),
    Picture(
        "side_effects",
        "Side effects",
        "Each dot is a scenario's difference from the reference with its 95 % interval, in the "
        "mean month or at the end as each title says; it is filled where the interval leaves out "
        "zero.",
        _of_others,
        lambda t: side_effects(t.summary, t.reference, t.notes),
        side_effects_data,
        side_effects_alt,
    ),
    Picture(
        "corridors",
        "Corridors, shipments and seizures",
        "Each bar is what cartels ship on a corridor and its hatched part what patrols seize; "
        "black marks show the same under the reference.",
        _always,
        lambda t: corridors(t.summary, t.reference, t.notes),
        corridors_data,
        corridors_alt,
    ),
    Picture(
        "budget",
        "Where the money goes",
        "Each bar is one scenario's money a year, in the mean of the months played, side by side "
        "and lever by lever; crossed-out parts found no use.",
        _always,
        lambda t: budget(t.budget, t.reference, t.notes),
        budget_data,
        budget_alt,
    ),
)


def figures_for(tables: Tables) -> tuple[Picture[Tables], ...]:
    """Those that make sense of these tables, in the order of the report."""
    return tuple(one for one in FIGURES if one.fits(tables))
