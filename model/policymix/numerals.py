"""Numbers as short texts for pictures and the tables behind them: signs, decimals, intervals."""

import math
from collections.abc import Iterable
from typing import Final

_DIGITS: Final = 3
_MOST_DECIMALS: Final = 4
_NO_WIDTH: Final = 1e-9
"""Of the number itself: what the arithmetic of a computer leaves where all replicates agree."""
ALIKE: Final = "the same in every replicate"
"""Said instead of an interval that has no width: it tells nothing of chance."""


def decimals_of(numbers: Iterable[float]) -> int:
    """As many decimals as give the largest of these numbers three digits."""
    sizes = [abs(number) for number in numbers if math.isfinite(number)]
    largest = max(sizes, default=0.0)
    if not largest:
        return 0
    return min(max(_DIGITS - 1 - math.floor(math.log10(largest)), 0), _MOST_DECIMALS)


def plain(number: float, decimals: int) -> str:
    """`1,234.5`, with a real minus sign and never `−0`; empty for no number."""
    if not math.isfinite(number):
        return ""
    text = f"{number:,.{decimals}f}"
    is_zero = not any(digit in text for digit in "123456789")
    return text.replace("-", "" if is_zero else "−")


def signed(number: float, decimals: int) -> str:
    """The same with `+` before what is more than nothing."""
    text = plain(number, decimals)
    is_more = number > 0 and any(digit in text for digit in "123456789")
    return f"+{text}" if is_more else text


def with_interval(
    middle: float,
    low: float,
    high: float,
    decimals: int,
    *,
    sign: bool = False,
    alike: str = ALIKE,
) -> str:
    """`1.06 (0.86 to 1.27)`; no interval where there is none, `alike` where it has no width."""
    write = signed if sign else plain
    if not (math.isfinite(low) and math.isfinite(high)):
        return write(middle, decimals)
    if is_alike(low, high):
        return f"{write(middle, decimals)} ({alike})"
    return f"{write(middle, decimals)} ({write(low, decimals)} to {write(high, decimals)})"


def percent(share: float) -> str:
    """`20 %`."""
    return f"{share:.0%}".replace("%", " %")


def is_clear(low: float, high: float) -> bool:
    """Whether there is an interval with some width and it leaves out zero."""
    return (low > 0 or high < 0) and not is_alike(low, high)


def is_alike(low: float, high: float) -> bool:
    """Whether an interval has no width, so that all it was made from is the same."""
    return high - low <= _NO_WIDTH * abs(low)
