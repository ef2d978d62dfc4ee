"""The kinds of study: what each takes, its defaults and its bounds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from policymix.scenario import Setup

REPLICATES_BOUNDS: Final = (1, 10_000)
SEED_BOUNDS: Final = (0, 2**53 - 1)
WORKERS_BOUNDS: Final = (1, 1_000)
DEFAULT_SEED: Final = 1
BASELINE: Final = "baseline"


@dataclass(frozen=True)
class Size:
    """A whole number that only one kind of study has, by the name of its option."""

    default: int
    bounds: tuple[int, int]


@dataclass(frozen=True)
class Bulk:
    """What a study holds at once: `parts` (shown, and how many) of its numbers, and the most."""

    words: str
    parts: Callable[[Mapping[str, int]], tuple[str, int]]
    most: int


@dataclass(frozen=True)
class Kind:
    """A kind of study: the command that asks it, and what it takes if nothing else is said.

    Of no scenario named it takes `scenarios` (None: all shipped ones), and never more than `most`.
    Whether it is `free`: asked of scenarios that the user names, for as many months as wanted.
    `parts` is what its progress counts; `bulk` bounds what its numbers together make it hold.
    """

    study: str
    scenarios: tuple[str, ...] | None
    replicates: int
    setup: Setup
    most: int = 1_000
    parts: str = "replicates"
    sizes: Mapping[str, Size] = field(default_factory=dict)
    bulk: Bulk | None = None
    free: bool = True


def _cells(n: Mapping[str, int]) -> tuple[str, int]:
    worlds, replicates = n["worlds"], n["replicates"]
    return f"{worlds:,} x {replicates:,}", worlds * replicates


def _worlds_and_replicates(n: Mapping[str, int]) -> tuple[str, int]:
    worlds, replicates = n["worlds"], n["replicates"]
    return f"{worlds:,} + {replicates:,}", worlds + replicates


def _mixes(n: Mapping[str, int]) -> tuple[str, int]:
    worlds, replicates = n["worlds"], n["replicates"]
    mixes = (n["steps"] + 1) * (n["steps"] + 2) // 2
    return f"{mixes:,} x ({worlds:,} + {replicates:,})", mixes * (worlds + replicates)


COMPARE: Final = Kind("compare", None, 16, Setup(), sizes={"world": Size(0, (0, 2_000_000))})
ROBUST: Final = Kind(
    *("robust", (), 1, Setup()),
    most=6,
    parts="parts",
    sizes={"worlds": Size(400, (32, 1_000_000))},
    bulk=Bulk("worlds x replicates", _cells, 2_000_000),
)
MARGINS: Final = Kind("margins", (BASELINE,), 16, Setup(), most=1)
MIXES: Final = Kind(
    *("mixes", (BASELINE,), 8, Setup(people=20_000)),
    most=1,
    parts="parts",
    sizes={"worlds": Size(24, (0, 100_000)), "steps": Size(10, (2, 20))},
    bulk=Bulk("mixes x (worlds + replicates)", _mixes, 5_000_000),
)
VALIDATE: Final = Kind(
    *("validate", (BASELINE,), 10, Setup(people=50_000, months=180)),
    most=1,
    parts="cells",
    sizes={"worlds": Size(30, (0, 100_000)), "extremes": Size(60, (0, 100_000))},
    bulk=Bulk("worlds + replicates", _worlds_and_replicates, 100_000),
    free=False,
)
"""Its experiments say themselves what is played, and for how long: 180 months at most. Extreme
conditions are tried in worlds of their own number, since they take few people and months."""
PAGE: Final = Kind("play", None, 8, Setup(people=20_000))
"""The runs of the web page: an answer in a moment, at the price of wider bands. No study."""
KINDS: Final = {kind.study: kind for kind in (COMPARE, ROBUST, MARGINS, MIXES, VALIDATE)}
