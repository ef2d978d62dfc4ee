"""Chance: a die for each event, addressed by seed, person, month and event.

What a policy changes for one person cannot shift anyone else's luck, because nobody draws from a
shared stream: a die is a hash of its address. The mixing function is the finaliser of MurmurHash3
(fmix64, by A. Appleby, public domain), applied to keys that were themselves mixed once.
"""

from collections.abc import Sequence
from enum import IntEnum
from functools import cache
from itertools import accumulate, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Uniform = NDArray[np.float64]

_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_MIX_1: Final = 0xFF51AFD7ED558CCD
_MIX_2: Final = 0xC4CEB9FE1A85EC53
_TO_UNIT: Final = 2.0**-53
_MONTHS_AHEAD: Final = 60
"""Most runs are two such times long; what a cartel that ends early leaves unused costs little."""


def _constant(value: int) -> Keys:
    """An array without dimensions, which numpy combines quicker than a number."""
    return np.array(value, dtype=np.uint64)


_SHIFT: Final = _constant(33)
_SHIFT_TO_53: Final = _constant(11)
_NP_MIX_1: Final = _constant(_MIX_1)
_NP_MIX_2: Final = _constant(_MIX_2)
_NP_TO_UNIT: Final = np.array(_TO_UNIT)


class Event(IntEnum):
    """What a die decides. The numbers are part of a die's address: never reuse one."""

    # As of the number that it equals; an enum's own hash is slow where it is asked for each die.
    __hash__ = int.__hash__

    START_STATE = 1
    START_AGE = 2
    START_CLOCK = 3
    BEGIN_COUNT = 4
    BEGIN_WHO = 5
    BEGIN = 6
    PREVENTED = 7
    BEGIN_EXCESS = 8
    DIE = 9
    LOSE_SUPPLIER = 10
    LEAVE_TREATMENT = 11
    REENTRY = 12
    ESCALATE = 13
    RELAPSE = 14
    ARREST = 15
    CUSTODY_LENGTH = 16
    QUIT = 17
    WILLING = 18
    TREATMENT_LENGTH = 19
    POTENCY = 20
    LEADER_FALLS = 21
    SPLIT = 22
    ABSORBS = 23


def mix(value: int) -> int:
    """One round of the finaliser on a 64-bit integer."""
    value &= _MASK
    value ^= value >> 33
    value = value * _MIX_1 & _MASK
    value ^= value >> 33
    value = value * _MIX_2 & _MASK
    return value ^ (value >> 33)


def address(*parts: int) -> int:
    """A 64-bit address from integers; the order matters."""
    key = 0
    for part in parts:
        key = mix((key + _GOLDEN & _MASK) ^ mix(part + _GOLDEN))
    return key


@cache
def _when(month: int, event: Event) -> int:
    """The part of a die's address that all people share."""
    return address(month, event)


@cache
def _when_of_arrays(month: int, *events: Event) -> Keys:
    """`_when` of one event without dimensions, of several as a column."""
    when = [[_when(month, event)] for event in events]
    return np.array(when if len(when) > 1 else when[0][0], dtype=np.uint64)


@cache
def _when_of_months(first: int, *events: Event) -> Keys:
    """`_when` of `_MONTHS_AHEAD` months from the `first` on, shape (events, months)."""
    months = range(first, first + _MONTHS_AHEAD)
    return np.array([[_when(one, event) for one in months] for event in events], dtype=np.uint64)


def replicate_seed(study_seed: int, replicate: int) -> int:
    """The seed of replicate 0, 1, ... of a study: below 2**53, so that JSON keeps it exactly."""
    return address(study_seed, replicate) >> 11


def world_seed(study_seed: int, world: int) -> int:
    """The seed of all dice in a sampled world of a study; world 0 has the study's own."""
    return address(study_seed, world) if world else study_seed


def die(key: int, month: int, event: Event) -> float:
    """One uniform number in [0, 1): the die of one actor, or of the whole country."""
    return (mix(key + _when(month, event)) >> 11) * _TO_UNIT


def person_keys(seed: int, n_people: int) -> Keys:
    """Mixed keys, shape (n_people,), one a slot."""
    with np.errstate(over="ignore"):
        slots = np.arange(1, n_people + 1, dtype=np.uint64) * np.uint64(_GOLDEN)
    return _mix_array(slots ^ np.uint64(address(seed)))


def dice(keys: Keys, month: int, event: Event) -> Uniform:
    """Uniform numbers in [0, 1), shape of `keys`: each person's die for this month and event."""
    return _uniform(keys + _when_of_arrays(month, event))


def dice_by_month(keys: Keys, months: Sequence[tuple[int, int]], *events: Event) -> Uniform:
    """`dice` of several events and months in one go, shape (events, len(keys)).

    `months`: (month, for how many of `keys`), in turn; together they are all of them.
    """
    times, n_of_each = zip(*months, strict=True)
    when = np.array([[_when(month, event) for month in times] for event in events], dtype=np.uint64)
    return _uniform(keys + when.repeat(n_of_each, axis=1))


class DiceAhead:
    """One actor's dice of some events, thrown for years at a time, which is quicker than singly."""

    def __init__(self, key: int, *events: Event) -> None:
        self._key = np.array(key, dtype=np.uint64)
        self._events = events
        self._begin = self._end = 0
        self._thrown: dict[Event, list[float]] = {}

    def __call__(self, month: int, event: Event) -> float:
        """As `die` of this actor's key."""
        if not self._begin <= month < self._end:
            self._begin = month - month % _MONTHS_AHEAD
            self._end = self._begin + _MONTHS_AHEAD
            luck = _uniform(self._key + _when_of_months(self._begin, *self._events))
            self._thrown = dict(zip(self._events, luck.tolist(), strict=True))
        return self._thrown[event][month - self._begin]


def dice_in_turn(keys: Keys, month: int, *parts: tuple[int, Event]) -> list[Uniform]:
    """`dice` of several events, each for its own keys, thrown in one go.

    `parts`: for how many of `keys`, in turn, and of which event; together they are all of them.
    """
    ends = list(accumulate([n for n, _ in parts], initial=0))
    when = _when_of_arrays(month, *[event for _, event in parts])
    luck = _uniform(keys + when.ravel().repeat([n for n, _ in parts]))
    return [luck[begin:end] for begin, end in pairwise(ends)]


def _uniform(keys: Keys) -> Uniform:
    """The uniform numbers of fresh `keys`, which are used up."""
    mixed = _mix_array(keys)
    mixed >>= _SHIFT_TO_53
    uniform = mixed.astype(np.float64)
    uniform *= _NP_TO_UNIT
    return uniform


def _mix_array(keys: Keys) -> Keys:
    """The finaliser on a fresh array; `keys` is used up."""
    shifted = keys >> _SHIFT
    keys ^= shifted
    keys *= _NP_MIX_1
    np.right_shift(keys, _SHIFT, out=shifted)
    keys ^= shifted
    keys *= _NP_MIX_2
    np.right_shift(keys, _SHIFT, out=shifted)
    keys ^= shifted
    return keys
