"""People on a fixed path of price and enforcement beside their limit, as their number grows."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import batched

import numpy as np
from lives_by_hand import ACTIVE, S
from mean_field import CUSTODY, MeanField
from policymix.assumptions import central_world
from policymix.balance import Balanced, balance
from policymix.lives import Lives
from policymix.peopling import initial_population

SIZES = (1_000, 4_000, 16_000, 64_000, 256_000)
SEEDS = 64
A_GROUP = 4
"""Seeds from which one slope is fitted; how these slopes differ gives the standard error."""
PATH = tuple(
    (1.0 - 0.4 * min(month / 12, 1.0) if month < 36 else 1.5, 1.0 if month < 12 else 2.0)
    for month in range(60)
)
"""Price falls to 0.6 over a year and jumps to 1.5 after three; policing doubles after one."""
STRONGEST = {"peer_effect": 0.6, "burden_effect_on_starting": 0.1, "price_elasticity": -1.2}
"""People answer each other and the price as much as the ledger's ranges let them."""
ADDICTED = (*ACTIVE, S.TREATMENT, S.CUSTODY_ADDICTED)
MEASURED = {
    "casual users": (S.CASUAL,),
    "everyone with addiction": ADDICTED,
    "in recovery": (S.RECOVERY,),
    "in custody": CUSTODY,
    "overdose deaths in five years": (),
}


@dataclass(frozen=True)
class Crowd:
    """Relative errors, shape (sizes, seeds, measured), of people against their limit."""

    sizes: tuple[int, ...]
    errors: np.ndarray

    def rms(self, seeds: slice | list[int] = slice(None)) -> np.ndarray:
        """Root mean square over seeds: shape (sizes, measured)."""
        root: np.ndarray = np.sqrt((self.errors[:, seeds] ** 2).mean(axis=1))
        return root

    def slopes(self) -> np.ndarray:
        """Slope of log error on log number, shape (groups, measured + 1); all together last."""
        groups = batched(range(self.errors.shape[1]), A_GROUP)
        return np.array([self._slope(list(group)) for group in groups])

    def _slope(self, seeds: list[int]) -> np.ndarray:
        logs = np.log(self.rms(seeds))
        both = np.column_stack((logs, logs.mean(axis=1)))
        slope: np.ndarray = np.polyfit(np.log(self.sizes), both, 1)[0]
        return slope

    def slope(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean slope and its standard error, shape (measured + 1,)."""
        slopes = self.slopes()
        return slopes.mean(axis=0), slopes.std(axis=0, ddof=1) / np.sqrt(len(slopes))

    def lean(self) -> np.ndarray:
        """Mean error in standard errors, shape (sizes, measured): does the limit lie aside?"""
        spread = self.errors.std(axis=1, ddof=1) / np.sqrt(self.errors.shape[1])
        off: np.ndarray = self.errors.mean(axis=1) / spread
        return off


@cache
def today() -> Balanced:
    return balance(central_world().with_values(STRONGEST), 12)


@cache
def limit() -> np.ndarray:
    """What is measured, as shares of everyone, when there are infinitely many people."""
    field = MeanField(today())
    field.live(PATH)
    return measured(field)


def measured(field: MeanField) -> np.ndarray:
    """What is measured, shape (measured,): shares of everyone."""
    return np.array([field.share(*of) if of else field.deaths for of in MEASURED.values()])


@cache
def crowd(sizes: tuple[int, ...], seeds: int) -> Crowd:
    """Many populations of each size, each on the same path."""
    lived = [[lived_through(n, seed) for seed in range(1, seeds + 1)] for n in sizes]
    return Crowd(sizes, np.array(lived) / limit() - 1.0)


def lived_through(n_people: int, seed: int) -> np.ndarray:
    """What is measured, after so many people have followed the path."""
    people = initial_population(today(), n_people, seed)
    lives, dead = Lives(people), 0
    for month, (rel_price, policing) in enumerate(PATH, start=1):
        now = replace(today().responses.today(), rel_price=rel_price, policing=policing)
        dead += lives.live_month(month, now)["overdose_deaths"]
    listed = {state: len(slots) for state, slots in people.lists.items()}
    counts = [sum(listed.get(state, 0) for state in of) if of else dead for of in MEASURED.values()]
    return np.array(counts) / n_people
