"""People on a fixed path of price and enforcement beside their limit, as their number grows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import batched, chain

import numpy as np
from lives_by_hand import ACTIVE, S
from mean_field import CUSTODY, MeanField
from policymix.assumptions import central_world
from policymix.balance import Balanced, balance
from policymix.crowds import Crowd as SideBySide
from policymix.hazards import State
from policymix.lives import Lives
from policymix.people import People
from policymix.peopling import initial_population

SIZES = (1_000, 4_000, 16_000, 64_000, 256_000)
SEEDS = 64
AT_ONCE = 64_000
"""People who live side by side; of more, arrays are so long that nothing is won."""
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
    lived = [list(chain.from_iterable(_lived(n, seeds))) for n in sizes]
    return Crowd(sizes, np.array(lived) / limit() - 1.0)


def _lived(n_people: int, seeds: int) -> Iterator[list[np.ndarray]]:
    """`lived_through` of so many seeds, as many side by side as is quickest."""
    for some in batched(range(1, seeds + 1), max(AT_ONCE // n_people, 1)):
        yield lived_through(n_people, some)


def lived_through(n_people: int, seeds: Sequence[int]) -> list[np.ndarray]:
    """What is measured of each population, after so many people have followed the path."""
    populations = [initial_population(today(), n_people, seed) for seed in seeds]
    people = SideBySide(populations) if len(populations) > 1 else populations[0]
    lives, dead = Lives(people), np.zeros(len(seeds))
    for month, (rel_price, policing) in enumerate(PATH, start=1):
        now = replace(today().responses.today(), rel_price=rel_price, policing=policing)
        lives.live_month(month, *[now] * len(seeds))
        dead += [tally.flows["overdose_deaths"] for tally in lives.tallies]
    return [
        np.array([sum(n.get(state, 0) for state in of) if of else died for of in MEASURED.values()])
        / n_people
        for n, died in zip(sizes_of(people), dead, strict=True)
    ]


def sizes_of(people: People) -> list[dict[State, int]]:
    """How many are in each state, population by population."""
    return people.member_sizes if isinstance(people, SideBySide) else [people.sizes()]
