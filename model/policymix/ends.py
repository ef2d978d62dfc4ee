"""Where people end: everyone alive in month 0, followed under two policies with the same dice."""

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from policymix.hazards import Floats, State
from policymix.people import People

ENDS: Final = (
    ("not_using", "not using"),
    ("in_recovery", "in recovery"),
    ("casual_use", "casual use"),
    ("in_treatment", "in treatment"),
    ("active_addiction", "active addiction"),
    ("in_custody", "in custody"),
    ("overdose_death", "died of an overdose"),
    ("aged_out", "reached the exit age"),
)
"""(name, title) of the ends of a person's run, from better to worse. `aged_out` stands apart: the
exit age is the same under every policy, and says neither better nor worse."""
END_NAMES: Final = tuple(name for name, _ in ENDS)
N_ENDS: Final = len(ENDS)
_DIED: Final = END_NAMES.index("overdose_death")
_AGED_OUT: Final = END_NAMES.index("aged_out")
_OF_STATE: Final = {
    State.NOT_USING: "not_using",
    State.CASUAL: "casual_use",
    State.ACTIVE: "active_addiction",
    State.TREATMENT: "in_treatment",
    State.RECOVERY: "in_recovery",
    State.CUSTODY_CASUAL: "in_custody",
    State.CUSTODY_ADDICTED: "in_custody",
    State.ACTIVE_LEFT_TREATMENT: "active_addiction",
    State.ACTIVE_RELEASED: "active_addiction",
}
_BY_STATE: Final = np.array([END_NAMES.index(_OF_STATE[state]) for state in State], dtype=np.uint8)


def ends_of(people: People, month: int) -> NDArray[np.uint8]:
    """The end of whoever was in each slot in month 0, at the end of `month`: shape (n_people,).

    Values index `ENDS`.
    """
    ends = _BY_STATE[people.state]
    age = month - people.born.astype(np.int64)
    replaced = (people.born > 0) | (age >= people.start.rates.months_in_population)
    ends[replaced] = _AGED_OUT
    ends[people.overdosed] = _DIED
    return ends


def crossed(reference: NDArray[np.uint8], other: NDArray[np.uint8], weight: float) -> Floats:
    """People [people] by their end under the reference (rows) and under another policy (columns).

    Shape (N_ENDS, N_ENDS); each slot stands for `weight` people.
    """
    pairs = reference.astype(np.int64) * N_ENDS + other
    counts = np.bincount(pairs, minlength=N_ENDS**2).astype(np.float64)
    return weight * counts.reshape(N_ENDS, N_ENDS)


def fared(reference: str, other: str) -> Literal["better", "worse", "same"]:
    """How someone fared under the other policy, by the names of both ends."""
    before, after = END_NAMES.index(reference), END_NAMES.index(other)
    if before == after or _AGED_OUT in (before, after):
        return "same"
    return "better" if after < before else "worse"
