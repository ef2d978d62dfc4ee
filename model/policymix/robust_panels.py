"""Four panels of a pair of scenarios, one an outcome, with their words above; and the key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from policymix.drawing import WIDTH, Sheet, sheet
from policymix.lettering import lines_high, name_lines, text_inches, wrapped

FIRST_LESS: Final = "#0072B2"
SECOND_LESS: Final = "#D55E00"
"""Who has less in a world: the scenario named first, or the second."""
_HALF: Final = WIDTH / 2
_EDGE: Final = 0.115
_MARK: Final = 0.36
_TITLE_SIZE, _WORDS_SIZE = 12.0, 10.0
_PIECES: Final = r"\[[^\]]*\] ?|\(grade C\) ?|[^_\- ]*[_\- ]?"
_KEY_GAP, _LINE_GAP = 0.28, 0.07


def whole_lines(words: str, inches: float, size: float = _WORDS_SIZE) -> str:
    """Words in lines no wider than `inches`; a unit in brackets and a grade stay whole."""
    return "\n".join(wrapped(words, inches, size, pieces=_PIECES))


@dataclass(frozen=True)
class Room:
    """Where a panel's axes are within its half of the sheet [inches]."""

    left: float
    wide: float
    high: float
    above: float
    below: float


@dataclass(frozen=True)
class Head:
    """What stands above a panel: its title, and sentences of which each begins a line."""

    title: str
    sentences: Sequence[str] = ()

    def lines(self) -> tuple[str, str]:
        """(title, words) with the breaks that they need."""
        wide = _HALF - 2 * _EDGE
        told = [whole_lines(one, wide) for one in self.sentences]
        return name_lines(self.title, wide, _TITLE_SIZE, "bold"), "\n".join(told)

    def high(self) -> float:
        """Inches."""
        title, told = self.lines()
        words_high = lines_high(told, _WORDS_SIZE) if told else 0.0
        return lines_high(title, _TITLE_SIZE) + words_high + 0.06


@dataclass(frozen=True)
class Mark:
    """One entry of a key: words, and how the mark at (x, y) [inches] before them is drawn."""

    words: str
    draw: Callable[[Axes, float, float], object]


def line_mark(words: str, **style: Any) -> Mark:
    """A short line."""
    half = _MARK / 2 - 0.04
    return Mark(words, lambda axes, x, y: axes.plot((x - half, x + half), (y, y), **style))


def dot_mark(words: str, **style: Any) -> Mark:
    """A dot."""
    return Mark(words, lambda axes, x, y: axes.plot(x, y, linestyle="none", **style))


def patch_mark(words: str, **style: Any) -> Mark:
    """A little rectangle."""

    def draw(axes: Axes, x: float, y: float) -> object:
        return axes.add_patch(Rectangle((x - 0.12, y - 0.07), 0.24, 0.14, **style))

    return Mark(words, draw)


def four_panels(
    title: str, notes: Sequence[str], key: Sequence[Mark], heads: Sequence[Head], room: Room
) -> tuple[Sheet, list[Axes]]:
    """A sheet with the key at its top and axes for up to four panels, their heads written."""
    key_high = _place_key(key)[1]
    bands = [max(head.high() for head in heads[at : at + 2]) for at in range(0, len(heads), 2)]
    body = key_high + sum(band + room.above + room.high + room.below for band in bands)
    page = sheet(title, notes, body)
    _write_key(page, key)
    top, found = key_high, []
    for place, head in enumerate(heads):
        left = place % 2 * _HALF
        band = bands[place // 2]
        words_title, told = head.lines()
        page.text(left + _EDGE, top, words_title, fontsize=_TITLE_SIZE, fontweight="bold")
        if told:
            below_title = top + lines_high(words_title, _TITLE_SIZE)
            page.text(left + _EDGE, below_title, told, fontsize=_WORDS_SIZE)
        axes_top = top + band + room.above
        found.append(page.axes(left + room.left, axes_top, room.wide, room.high))
        top += place % 2 * (band + room.above + room.high + room.below)
    return page, found


def _place_key(key: Sequence[Mark]) -> tuple[list[tuple[float, float, str]], float]:
    """((left, top, words) of each entry, height of all): as many on a line as it holds."""
    places, left, top, line_high = [], _EDGE, 0.05, 0.0
    for mark in key:
        words = name_lines(mark.words, WIDTH - 2 * _EDGE - _MARK, _WORDS_SIZE)
        wide = _MARK + max(text_inches(line, _WORDS_SIZE) for line in words.split("\n"))
        if left > _EDGE and left + wide > WIDTH - _EDGE:
            left, top, line_high = _EDGE, top + line_high + _LINE_GAP, 0.0
        places.append((left, top, words))
        left += wide + _KEY_GAP
        line_high = max(line_high, lines_high(words, _WORDS_SIZE))
    return places, top + line_high + 0.14


def _write_key(page: Sheet, key: Sequence[Mark]) -> None:
    places, high = _place_key(key)
    axes = page.axes(0, 0, WIDTH, high)
    axes.set_axis_off()
    axes.set(xlim=(0, WIDTH), ylim=(high, 0))
    for mark, (left, top, words) in zip(key, places, strict=True):
        middle = top + lines_high("", _WORDS_SIZE) / 2
        mark.draw(axes, left + _MARK / 2 - 0.04, middle)
        style: Any = {"va": "top", "fontsize": _WORDS_SIZE, "linespacing": 1.1}
        axes.text(left + _MARK, top, words, **style)
