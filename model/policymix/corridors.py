"""Where the drug comes through: three countries abroad and six corridors."""

from typing import Final

COUNTRIES: Final = ("source", "transit_a", "transit_b")
COUNTRY_OF_CORRIDOR: Final = (1, 0, 2, 1, 0, 2)
"""Where each of the six corridors, busiest first, is patrolled: an index into COUNTRIES."""
N_CORRIDORS: Final = len(COUNTRY_OF_CORRIDOR)
CORRIDORS_OF_COUNTRY: Final = tuple(
    tuple(at for at, where in enumerate(COUNTRY_OF_CORRIDOR) if where == country)
    for country in range(len(COUNTRIES))
)
"""Indices of corridors, one entry for each of COUNTRIES."""
ACTIVE_SHARE: Final = 0.05
"""A corridor with more than this share of the flow counts as active."""
