"""What people lived in a month, counted in slots, for each of the populations side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from policymix.hazards import N_STATES, State
from policymix.people import People, Slots

ADDICTED: Final = (State.ACTIVE, State.TREATMENT, State.CUSTODY_ADDICTED)
CUSTODY: Final = (State.CUSTODY_CASUAL, State.CUSTODY_ADDICTED)
FLOWS: Final = (
    "started_using",
    "escalated",
    "quit",
    "quit_addiction",
    "treatment_entries",
    "left_treatment",
    "recovered",
    "relapsed",
    "arrests",
    "released",
    "overdose_deaths",
    "deaths_after_release",
    "deaths_after_treatment",
    "aged_out",
    "aged_out_addicted",
    "aged_out_custody",
    "waiting_for_treatment",
)
_PLACE: Final = {name: place for place, name in enumerate(FLOWS)}
RISKS: Final = {
    State.ACTIVE: "active",
    State.ACTIVE_RELEASED: "after_custody",
    State.ACTIVE_LEFT_TREATMENT: "after_treatment",
    State.TREATMENT: "in_treatment",
}
"""The states in which people die of an overdose."""


@dataclass
class Tally:
    """What one population lived in the last month [slots]; multiply by `People.weight`.

    `flows` by outcome. `at_risk` and `died`, by `RISKS`: who might die of an overdose and who did,
    by state at the month's beginning; `expected_deaths` is what these risks add up to.
    """

    flows: dict[str, int] = field(default_factory=dict)
    places_used_in_custody: int = 0
    at_risk: dict[str, int] = field(default_factory=dict)
    died: dict[str, int] = field(default_factory=dict)
    expected_deaths: float = 0.0


class Notes:
    """To whom something happened in a month, noted as it happens and counted at its end."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._noted: list[tuple[str, Slots]] = []

    def note(self, flow: str, slots: Slots) -> None:
        """It happened to these."""
        self._noted.append((flow, slots))

    def count(self) -> list[dict[str, int]]:
        """Slots by flow, for each population; whatever was noted is forgotten."""
        noted, self._noted = self._noted, []
        n_populations = len(self._people.seeds)
        n_noted = [len(slots) for _, slots in noted]
        if n_populations == 1:
            counts = dict.fromkeys(FLOWS, 0)
            for (flow, _), n in zip(noted, n_noted, strict=True):
                counts[flow] += n
            return [counts]
        places = np.repeat([_PLACE[flow] for flow, _ in noted], n_noted)
        slots = np.concatenate([slots for _, slots in noted])
        found = _counted(self._people.rows(places, slots, len(FLOWS)), n_populations, len(FLOWS))
        return [dict(zip(FLOWS, one, strict=True)) for one in found]


def tally_risks(
    tallies: Sequence[Tally], rows: Slots, dead: NDArray[np.bool_], expected: Sequence[float]
) -> None:
    """Count who was at risk and who died, from the row (population, state) of each at risk."""
    n = len(tallies)
    both = zip(_counted(rows, n, N_STATES), _counted(rows[dead], n, N_STATES), strict=True)
    for tally, (at_risk, died), deaths in zip(tallies, both, expected, strict=True):
        tally.at_risk = {name: at_risk[state] for state, name in RISKS.items()}
        tally.died = {name: died[state] for state, name in RISKS.items()}
        tally.expected_deaths = deaths


def _counted(rows: Slots, n_populations: int, n_each: int) -> list[list[int]]:
    counts = np.bincount(rows, minlength=n_populations * n_each)
    found: list[list[int]] = counts.reshape(n_populations, n_each).tolist()
    return found
