"""What was found beside what was published, and in which share of worlds arguments hold."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf, isfinite
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from policymix.drawing import INK, ROW_COLOURS, STYLE, LabelledFigure, Picture, Sheet, sheet
from policymix.experiments.findings import Finding, Kind, Part
from policymix.experiments.verdicts import DIRECTION, HOLDS, MISSED, NOT, SHOWN
from policymix.lettering import wrapped
from policymix.validate_readings import (
    Row,
    ValidationTables,
    number_words,
    rows_of,
    share_words,
)

_TEXT, _LANE_LEFT, _LANE, _RIGHT, _EDGE_RIGHT = 4.75, 5.0, 2.9, 8.05, 11.3
_EDGE, _INDENT, _HEAD, _ROW, _AXIS, _KEY = 0.115, 0.3, 0.3, 0.27, 0.3, 0.3
_SIZE: Final = 9.5
_IN, _OUT = 0.3, 0.7
"""Where the ends of the expected range stand in a lane that is 1 wide."""
_FROM: Final = 0.02
_COLOURS: Final = {SHOWN: "#0072B2", HOLDS: "#0072B2", DIRECTION: "#E69F00"}
_MISSED: Final = "#D55E00"
_MARKERS: Final = {SHOWN: "o", HOLDS: "o", DIRECTION: "D", MISSED: "X", NOT: "X"}
_BAND: Final = "#9BB8CC"
_LAST_OF_FIRST_HALF: Final = 9
Told = tuple[Finding, Part, Row]


@dataclass(frozen=True)
class _Line:
    """A row of the sheet: the title of a finding, or one of its parts."""

    words: str
    told: Told | None = None


def _lines(told: Iterable[Told]) -> Iterator[_Line]:
    last = ""
    for finding, part, row in told:
        if finding.name != last:
            last = finding.name
            yield _Line(f"{finding.number or finding.letter}. {finding.title}")
        yield _Line(part.title, (finding, part, row))


def _of_half(tables: ValidationTables, half: int) -> list[Told]:
    rows = list(rows_of(tables.facts, "facts"))
    return [one for one in rows if (one[0].number > _LAST_OF_FIRST_HALF) == bool(half)]


def _facts(half: int, tables: ValidationTables) -> LabelledFigure:
    first = "1 to 9" if not half else "10 to 18"
    title = f"Published findings {first}: what the model shows"
    key = (
        "Band: the published range, each row on a scale of its own. Mark: the model, with its "
        "95 % interval; the upright line is no effect."
    )
    return _drawn(title, tables, _of_half(tables, half), key, _draw_number)


def _claims(tables: ValidationTables) -> LabelledFigure:
    title = "Arguments for and against: in which share of worlds each holds"
    key = (
        "Bar: share of sampled worlds in which it holds, from 0 to 100 %, with its 95 % interval. "
        "Diamond: share of replicates of the central world."
    )
    return _drawn(title, tables, list(rows_of(tables.claims, "claims")), key, _draw_share)


def _drawn(
    title: str, tables: ValidationTables, told: Sequence[Told], key: str, draw: Any
) -> LabelledFigure:
    lines = list(_lines(told))
    highs = [_high(line) for line in lines]
    with mpl.rc_context(STYLE):
        keys = wrapped(key, 11.2, _SIZE)
        top = 0.1 + 0.19 * len(keys)
        page = sheet(title, tables.notes, top + sum(highs) + 0.15)
        page.text(_EDGE, 0.0, "\n".join(keys), fontsize=_SIZE)
        for line, high in zip(lines, highs, strict=True):
            _write_line(page, line, top, high, draw)
            top += high
        return page.figure


def _high(line: _Line) -> float:
    if line.told is None:
        return _HEAD
    lines = (wrapped(line.words, _TEXT - _INDENT, _SIZE), _found(line.told[2]))
    return _ROW + 0.16 * (max(map(len, lines)) - 1)


def _found(row: Row) -> list[str]:
    """The number and its verdict, in lines that fit beside the lane."""
    return wrapped(f"{number_words(row)}: {row.part_verdict}", _EDGE_RIGHT - _RIGHT, _SIZE)


def _write_line(page: Sheet, line: _Line, top: float, high: float, draw: Any) -> None:
    if line.told is None:
        style: Any = {"fontsize": 10.5, "fontweight": "bold", "va": "center"}
        page.text(_EDGE, top + high / 2 + 0.03, line.words, **style)
        return
    words = "\n".join(wrapped(line.words, _TEXT - _INDENT, _SIZE))
    page.text(_INDENT, top + high / 2, words, va="center", fontsize=_SIZE)
    _, part, row = line.told
    if not isfinite(row.value):
        page.text(_LANE_LEFT, top + high / 2, row.part_verdict, va="center", fontsize=_SIZE)
        return
    axes = page.axes(_LANE_LEFT, top, _LANE, high)
    axes.set(xlim=(0, 1), ylim=(-1, 1))
    axes.set_axis_off()
    axes.axhspan(-0.85, 0.85, color=ROW_COLOURS[0], lw=0, zorder=0)
    draw(axes, part, row)
    page.text(_RIGHT, top + high / 2, "\n".join(_found(row)), va="center", fontsize=_SIZE)


def _draw_number(axes: Axes, part: Part, row: Row) -> None:
    if not part.is_expected:
        return
    place = partial(_place, part, row)
    low, high = (
        place(end) if isfinite(end) else edge for end, edge in ((part.low, 0.0), (part.high, 1.0))
    )
    axes.axvspan(low, high, 0.2, 0.8, color=_BAND, lw=0, zorder=1)
    if 0.0 < place(part.neutral) < 1.0:
        axes.plot((place(part.neutral),) * 2, (-0.85, 0.85), color="#666666", lw=1.0, zorder=2)
    if isfinite(row.low) and isfinite(row.high):
        axes.plot(
            [_held(place(x)) for x in (row.low, row.high)], (0, 0), color=INK, lw=1.8, zorder=3
        )
    at = place(row.value)
    outside = "<" if at < 0 else ">" if at > 1 else ""
    _mark(axes, _held(at), row.part_verdict, outside)


def _place(part: Part, row: Row, number: float) -> float:
    """Where a number stands in the lane: the range in its middle, or its open side filled."""
    if part.low > -inf and part.high < inf:
        width = (part.high - part.low) or 1.0
        return _IN + (_OUT - _IN) * (number - part.low) / width
    end = part.low if part.low > -inf else part.high
    furthest = max(
        abs(x - end) for x in (row.value, row.low, row.high, part.neutral) if isfinite(x)
    )
    return 0.5 + 0.4 * (number - end) / (furthest or 1.0)


def _held(place: float) -> float:
    return min(max(place, _FROM), 1 - _FROM)


def _mark(axes: Axes, at: float, verdict: str, outside: str) -> None:
    axes.plot(
        at,
        0,
        marker=outside or _MARKERS.get(verdict, "s"),
        markersize=7.5,
        markerfacecolor=_COLOURS.get(verdict, _MISSED if verdict in (MISSED, NOT) else "white"),
        markeredgecolor="#222222",
        zorder=4,
    )


def _draw_share(axes: Axes, _part: Part, row: Row) -> None:
    axes.barh(0, row.share_of_worlds, height=0.9, color=_BAND, lw=0, zorder=1)
    axes.plot((row.share_low, row.share_high), (0, 0), color=INK, lw=1.8, zorder=3)
    axes.plot((0.5, 0.5), (-0.85, 0.85), color="#666666", lw=1.0, zorder=2)
    at = _held(row.share_of_replicates)
    style: Any = {"markerfacecolor": "white", "markeredgecolor": "#222222"}
    axes.plot(at, 0, marker="D", markersize=5.5, zorder=4, **style)


def _data(kind: Kind, tables: ValidationTables, half: int | None = None) -> pd.DataFrame:
    rows = list(rows_of(tables.of(kind), kind)) if half is None else _of_half(tables, half)
    return pd.DataFrame(
        [
            (
                f"{finding.number or finding.letter}. {finding.title}",
                *(part.title, row.expected, number_words(row), row.part_verdict, share_words(row)),
            )
            for finding, part, row in rows
        ],
        columns=["finding", "part", "expected", "the model", "verdict", "in so many worlds"],
    )


def _alt(kind: Kind, tables: ValidationTables, half: int | None = None) -> str:
    rows = list(rows_of(tables.of(kind), kind)) if half is None else _of_half(tables, half)
    told = [f"{part.title}: {row.part_verdict}" for _, part, row in rows]
    return f"A row for each of {len(rows)} numbers. {'; '.join(told)}."


PICTURES: Final[tuple[Picture[ValidationTables], ...]] = (
    *(
        Picture(
            f"facts_{'late' if half else 'early'}",
            f"Published findings {'10 to 18' if half else '1 to 9'}",
            "Each row has a scale of its own: the band is the published range, the mark what the "
            "model shows, with its interval. An arrow is beyond the row.",
            lambda tables: not tables.facts.empty,
            partial(_facts, half),
            partial(_data, "facts", half=half),
            partial(_alt, "facts", half=half),
        )
        for half in (0, 1)
    ),
    Picture(
        "claims",
        "Arguments for and against",
        "The longer the bar, the more sampled worlds in which the argument holds; far from the "
        "line in the middle it holds, or fails, whatever is assumed.",
        lambda tables: not tables.claims.empty,
        _claims,
        partial(_data, "claims"),
        partial(_alt, "claims"),
    ),
)
