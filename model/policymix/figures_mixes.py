"""The figures of the study of margins, each with its table and its words."""

from typing import Final

from policymix.drawing import Picture
from policymix.figures_margins import margins, margins_alt, margins_data
from policymix.figures_pairs import pairs, pairs_alt, pairs_data
from policymix.margins_readings import MarginsTables

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


def margins_pictures(tables: MarginsTables) -> tuple[Picture[MarginsTables], ...]:
    """Those of a study of margins that make sense of these tables, in their order."""
    return tuple(one for one in MARGINS_FIGURES if one.fits(tables))
