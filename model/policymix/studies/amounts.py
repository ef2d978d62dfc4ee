"""Numbers as words: scale, digits and direction of a difference and its interval, by rule.

A difference is clear when its 95 % interval leaves out zero. Numbers have the digits that half
the interval supports with two of its own, and no more.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from policymix.numerals import ALIKE, is_alike

_PLAIN_BELOW: Final = 10_000
_DIGITS_OF_HALF: Final = 2
_DIGITS_WITHOUT_INTERVAL: Final = 2
_DIGITS_OF_CONSTANT: Final = 3
_DIGITS_OF_LEVEL: Final = 3
_A_YEAR: Final = "a year"
_LOST: Final = 0.01
NO_VALUE: Final = "no value"
SAME: Final = "(same)"
"""In a cell of a terminal, for `policymix.numerals.ALIKE`."""


@dataclass(frozen=True)
class Estimate:
    """A mean and the ends of its 95 % interval; NaN where there is none."""

    middle: float
    low: float = math.nan
    high: float = math.nan

    def __mul__(self, factor: float) -> "Estimate":
        """The same in another unit, or with its sign turned."""
        ends = (self.low * factor, self.high * factor)
        return Estimate(self.middle * factor, *(ends if factor >= 0 else ends[::-1]))

    @property
    def has_value(self) -> bool:
        """Whether there is a number at all."""
        return math.isfinite(self.middle)

    @property
    def has_interval(self) -> bool:
        """Whether several replicates gave an interval."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def is_constant(self) -> bool:
        """Whether every replicate gave the same, as far as numbers of a computer do."""
        return self.has_interval and is_alike(self.low, self.high)

    @property
    def direction(self) -> int:
        """-1 clearly below zero, 1 clearly above, 0 not clear.

        An interval without width proves nothing: few replicates of few people can agree by chance.
        """
        if not self.has_interval or self.is_constant or self.low <= 0 <= self.high:
            return 0
        return 1 if self.low > 0 else -1

    def decimals(self) -> int:
        """Decimals that the interval supports; negative ones round to tens, hundreds, ..."""
        if not self.has_interval:
            return _decimals(self.middle, _DIGITS_WITHOUT_INTERVAL)
        if self.is_constant:
            return _decimals(self.middle, _DIGITS_OF_CONSTANT)
        return _decimals((self.high - self.low) / 2, _DIGITS_OF_HALF)


@dataclass(frozen=True)
class Manner:
    """How an amount is spoken of: its unit after the number, and the words of less and more."""

    unit: str = ""
    fewer: str = "fewer"
    more: str = "more"


@dataclass(frozen=True)
class Scale:
    """A round number to count in, such as thousands."""

    factor: float
    word: str


NUMBER: Final = Manner()
SCALES: Final = (
    Scale(1e12, "trillion"),
    Scale(1e9, "billion"),
    Scale(1e6, "million"),
    Scale(1e3, "thousand"),
)
_PLAIN: Final = Scale(1.0, "")


def scale_of(estimates: Iterable[Estimate]) -> Scale:
    """The scale in which the largest of these amounts is below a thousand, or nearly so."""
    numbers = (abs(x) for one in estimates for x in (one.middle, one.low, one.high))
    largest = max((x for x in numbers if math.isfinite(x)), default=0.0)
    if largest < _PLAIN_BELOW:
        return _PLAIN
    return next(scale for scale in SCALES if largest >= scale.factor)


def common_scale(levels: Iterable[Estimate], differences: Iterable[Estimate]) -> Scale:
    """The scale of the levels, unless the differences would be lost in it."""
    differences = list(differences)
    scale = scale_of(Estimate(level.middle) for level in levels)
    largest = max((abs(one.middle) for one in differences if one.has_value), default=0.0)
    if 0 < largest < _LOST * scale.factor:
        return scale_of(differences)
    return scale


def number(value: float, decimals: int) -> str:
    """A number with thousands separators, rounded; negative `decimals` round before the point."""
    rounded = round(value, decimals) + 0.0  # no minus zero
    return f"{rounded:,.{max(decimals, 0)}f}"


def significant(value: float, digits: int) -> str:
    """A number rounded to so many significant digits."""
    return number(value, _decimals(value, digits))


def short_text(estimate: Estimate, decimals: int, about: str = "±") -> str:
    """`-58.0 ±9.1`, as terminals show it: a difference and half its interval, if it has one.

    `+0.0 (same)` where every replicate gave the same; what is below the table says so.
    """
    text = f"{round(estimate.middle, decimals) + 0.0:+,.{decimals}f}"
    if not estimate.has_interval:
        return text
    if estimate.is_constant:
        return f"{text} {SAME}"
    return f"{text} {about}{number((estimate.high - estimate.low) / 2, decimals)}"


def below_table(words: str, cells: Iterable[str]) -> str:
    """What stands below a table on a terminal: what `(same)` means, too, if a cell has it."""
    return f"{words} {SAME}: {ALIKE}." if any(SAME in cell for cell in cells) else words


def level_text(level: Estimate, manner: Manner, scale: Scale | None = None) -> str:
    """`81.4 thousand a year`, in the digits that its interval supports, three at most."""
    if not level.has_value:
        return NO_VALUE
    scale = scale or scale_of([level])
    scaled = level * (1 / scale.factor)
    decimals = min(scaled.decimals(), _decimals(scaled.middle, _DIGITS_OF_LEVEL))
    return _spaced(number(scaled.middle, decimals), scale.word, manner.unit)


def difference_text(difference: Estimate, manner: Manner, scale: Scale | None = None) -> str:
    """A difference in words: `12.3 thousand a year fewer (95 % interval 10.1 to 14.5 fewer)`."""
    return _said(difference, manner, scale, "")


def comparison_text(
    subject: str, difference: Estimate, manner: Manner, names: "Names", scale: Scale | None = None
) -> str:
    """The same as a sentence: `Deaths: 12 thousand fewer under a than under b (...).`"""
    linked = " under {} than under {}" if _has_sign(difference) else " under {} from {}"
    return f"{subject}: {_said(difference, manner, scale, linked.format(*names))}."


Names = tuple[str, str]
"""(the scenario, the reference)."""


def _has_sign(difference: Estimate) -> bool:
    """Whether the words say fewer or more."""
    if not difference.has_value or difference.middle == 0:
        return False
    return bool(difference.direction) or not difference.has_interval


def _said(difference: Estimate, manner: Manner, scale: Scale | None, link: str) -> str:
    if not difference.has_value:
        return f"{NO_VALUE}{link}"
    scale = scale or scale_of([difference])
    scaled = difference * (1 / scale.factor)
    unit = _spaced(scale.word, manner.unit)
    if not difference.has_interval and not difference.middle:
        return f"no difference{link} (one replicate: no interval)"
    if difference.is_constant and not difference.middle:
        return f"no difference seen{link} ({ALIKE}: no interval)"
    amount = _spaced(number(abs(scaled.middle), scaled.decimals()), unit)
    word = manner.more if difference.middle > 0 else manner.fewer
    if difference.is_constant:
        return f"no clear difference{link} ({amount} {word}, {ALIKE}: no interval)"
    if difference.has_interval and not difference.direction:
        ends = _ends(scaled, manner, 0)
        unit = f", in {unit}" if unit != _A_YEAR else f" {unit}"
        unit = unit if unit != ", in " else ""
        return f"no clear difference{link} (95 % interval {ends}{unit})"
    return f"{amount} {word}{link} ({_certainty(scaled, manner)})"


def _certainty(scaled: Estimate, manner: Manner) -> str:
    if not scaled.has_interval:
        return "one replicate: no interval, may be chance"
    return f"95 % interval {_ends(scaled, manner, scaled.direction)}"


def _ends(scaled: Estimate, manner: Manner, direction: int) -> str:
    """Both ends in words: `10.1 to 14.5 fewer`, or `0.2 fewer to 0.5 more` where not clear."""
    decimals = scaled.decimals()
    near, far = sorted((scaled.low, scaled.high), key=abs)
    if direction:
        word = manner.more if direction > 0 else manner.fewer
        close = number(abs(near), decimals)
        close = close if round(near, decimals) else "just over 0"
        return f"{close} to {number(abs(far), decimals)} {word}"
    low, high = round(scaled.low, decimals), round(scaled.high, decimals)
    lowest = f"{number(-low, decimals)} {manner.fewer}" if low else "0"
    highest = f"{number(high, decimals)} {manner.more}" if high else "0"
    return f"{lowest} to {highest}"


def _decimals(value: float, digits: int) -> int:
    """Decimals that show `value` with so many significant digits."""
    if not value:
        return 0
    rounded = float(f"{abs(value):.{digits - 1}e}")
    return digits - 1 - math.floor(math.log10(rounded))


def _spaced(*words: str) -> str:
    return " ".join(word for word in words if word)
