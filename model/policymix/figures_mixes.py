"""The figures of the studies of margins and of mixes, each with its table and its words."""

from typing import Final

from policymix.drawing import Picture
from policymix.figures_frontier import frontier, frontier_alt, frontier_data, has_worlds
from policymix.figures_margins import margins, margins_alt, margins_data
from policymix.figures_pairs import pairs, pairs_alt, pairs_data
from policymix.figures_triangle import triangle, triangle_alt, triangle_data
from policymix.margins_readings import MarginsTables
from policymix.mixes_readings import MixesTables

MARGINS_FIGURES: Final[tuple[Picture[MarginsTables], ...]] = (
    Picture(
        "margins",
        "What the next billion buys",
        "Each dot is what a billion USD a year more for one lever does, with its 95 % interval; it "
        "is filled where the interval leaves out zero, and left of the upright line there is less.",
        lambda tables: not tables.margins.empty,
        margins,
        margins_data,
        margins_alt,
    ),
    Picture(
        "pairs",
        "Which levers help each other",
        "Each mark is a pair of levers, a billion USD a year for both: it points down where the "
        "two together lower the outcome by more than the sum of each alone, and up where by less.",
        lambda tables: not tables.pairs.empty,
        pairs,
        pairs_data,
        pairs_alt,
    ),
)
MIXES_FIGURES: Final[tuple[Picture[MixesTables], ...]] = (
    Picture(
        "triangle",
        "One budget, three sides",
        "Each point of a triangle splits the same money over supply, demand and cooperation, and "
        "all of it goes to one side at each corner; dark is less than under the present mix, which "
        "is the star, and the heavy line is as much.",
        lambda tables: not tables.mixes.empty,
        triangle,
        triangle_data,
        triangle_alt,
    ),
    Picture(
        "frontier",
        "The frontier in other worlds",
        "Each dot is a mix, larger and darker the more of the sampled worlds have it on the "
        "frontier, where no other mix is lower on some of the four outcomes and higher on none.",
        has_worlds,
        frontier,
        frontier_data,
        frontier_alt,
    ),
)


def margins_pictures(tables: MarginsTables) -> tuple[Picture[MarginsTables], ...]:
    """Those of a study of margins that make sense of these tables, in their order."""
    return tuple(one for one in MARGINS_FIGURES if one.fits(tables))


def mixes_pictures(tables: MixesTables) -> tuple[Picture[MixesTables], ...]:
    """Those of a study of mixes that make sense of these tables, in their order."""
    return tuple(one for one in MIXES_FIGURES if one.fits(tables))
