"""The reports of `margins` and of `mixes`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Protocol

from policymix.figures_mixes import margins_pictures, mixes_pictures
from policymix.levers import LEVER_NAMES, LEVERS, LEVERS_OF_SIDE, SIDES
from policymix.margins_readings import MARGINS, MarginsTables, margins_of, unused_shares
from policymix.mixes_readings import (
    PANELS,
    UNSPENT,
    MixesTables,
    differences_of,
    keys_of,
    levels_of,
)
from policymix.numerals import is_clear, percent, plain
from policymix.readings import interval_texts
from policymix.scenario import load_scenario
from policymix.studies.amounts import difference_text, scale_of
from policymix.studies.kinds import BASELINE
from policymix.studies.margins_words import TITLES, pairs_of
from policymix.studies.margins_words import sentences as margins_sentences
from policymix.studies.measures import HEADLINES, Measure
from policymix.studies.mixes_words import (
    Mix,
    differences,
    frontier_mixes,
    shares_of_worlds,
    words_of,
)
from policymix.studies.mixes_words import sentences as mixes_sentences
from policymix.studies.notes import duration
from policymix.studies.pages import Sheet, Strong, figures_shown, page
from policymix.studies.publishing import Pictures
from policymix.studies.question import Question
from policymix.studies.settings import mean_money
from policymix.triangle import grid, mixes_of

if TYPE_CHECKING:
    import pandas as pd

_PAIRS: Final = 20
"""As many pairs stand in the table of an outcome."""
_LOWEST: Final = 5
_PERCENT: Final = "\N{NO-BREAK SPACE}%"
_TO: Final = "\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}"
_MISSED: Final = 0.05
"""As many intervals miss what they are for."""


class Asked[T](Protocol):
    """What a report needs of a study: what was asked, and the tables of what came out."""

    @property
    def question(self) -> Question: ...  # noqa: D102
    def readings(self) -> T: ...  # noqa: D102


def margins_report(study: Asked[MarginsTables], pictures: Pictures) -> str:
    """The HTML of the report of `study`, with `pictures` (SVG files by figure name) inside."""
    question, tables = study.question, study.readings()
    (scenario,) = question.scenarios
    n_pairs = len(tables.pairs) // max(tables.pairs["outcome"].nunique(), 1)
    n_looks = len(LEVERS) * len(MARGINS)
    asked = (
        f"Over {duration(question.setup.months)}, what does a billion US dollars a year more do, "
        f"added to the mix of {scenario.name}, for each of {len(LEVERS)} levers alone and for each "
        f"of {n_pairs} pairs of them?"
    )
    return page(
        "margins.html.jinja",
        question,
        heading=f"What the next billion buys, added to {scenario.name}",
        asked=asked,
        notes=tables.notes,
        sentences=[line.removeprefix("- ") for line in margins_sentences(tables)],
        figures=list(figures_shown(margins_pictures(tables), tables, pictures)),
        sides=list(levers_sheets(tables, mean_money(scenario))),
        pairs=[pairs_sheet(tables, measure) for measure in HEADLINES],
        n_pairs=n_pairs,
        n_looks=n_looks,
        n_missed=round(_MISSED * n_looks),
        scenario=scenario,
    )


def levers_sheets(tables: MarginsTables, money: tuple[float, ...]) -> Iterator[Sheet]:
    """A table a side, a row a lever: its money now, and what a billion more does."""
    now = dict(zip(TITLES, money, strict=True))
    columns = [_strong_where_clear(margins_of(tables, reading)) for reading in MARGINS]
    unused = unused_shares(tables)
    heads = ["a billion more for", *(reading.heading for reading in MARGINS)]
    for side in SIDES:
        rows = [
            (
                TITLES[name],
                *(column[LEVER_NAMES.index(name)] for column in columns),
                percent(unused[name]) if name in unused else "",
                plain(now[name], 2),
            )
            for name in LEVERS_OF_SIDE[side]
        ]
        ends = ("finds no use", f"{tables.scenario} spends, billion USD a year")
        yield Sheet(side, (*heads, *ends), tuple(rows))


def _strong_where_clear(amounts: "pd.DataFrame") -> list[str]:
    """`-92 (-128 to -56)` of each row, strong where the interval leaves out zero."""
    clear = map(is_clear, amounts["low"], amounts["high"])
    texts = [text.replace(" to ", _TO) for text in interval_texts(amounts, sign=True)]
    return [Strong(text) if is_so else text for text, is_so in zip(texts, clear, strict=True)]


def pairs_sheet(tables: MarginsTables, measure: Measure) -> Sheet:
    """The pairs of levers that clearly help or spoil each other, strongest first."""
    found = pairs_of(tables, measure)
    clear = [(pair, effect) for pair, effect in found.items() if effect.direction]
    rows = tuple(
        (
            " with ".join(TITLES[name] for name in pair),
            "help each other" if effect.direction < 0 else "spoil each other",
            difference_text(effect, measure.manner),
        )
        for pair, effect in clear[:_PAIRS]
    )
    n_more = len(clear) - len(rows)
    caption = f"And {n_more} more pairs, in pairs.csv." if n_more else ""
    heads = ("pair of levers", "they", "together, against the sum of each alone")
    return Sheet(measure.title, heads, rows, caption)


def mixes_report(study: Asked[MixesTables], pictures: Pictures) -> str:
    """The HTML of the report of `study`, with `pictures` (SVG files by figure name) inside."""
    question, tables = study.question, study.readings()
    (scenario,), steps = question.scenarios, question.sizes["steps"]
    n_worlds = int(tables.frontier["worlds"].iloc[0]) if len(tables.frontier) else 0
    asked = (
        f"Over {duration(question.setup.months)}, if the {scenario.total():.6g} billion US dollars "
        f"a year of {scenario.name} were divided otherwise between supply, demand and cooperation, "
        f"in steps of {percent(1 / steps)}, which mixes leave the least of each outcome, and which "
        "does no other mix beat?"
    )
    return page(
        "mixes.html.jinja",
        question,
        heading=f"Every mix on one budget, that of {scenario.name}",
        asked=asked,
        notes=tables.notes,
        sentences=[line.removeprefix("- ") for line in mixes_sentences(tables)],
        figures=list(figures_shown(mixes_pictures(tables), tables, pictures)),
        lowest=[lowest_sheet(tables, measure) for measure in HEADLINES],
        frontier=frontier_sheet(tables),
        splits=splits_sheet(question),
        n_worlds=n_worlds,
        n_impossible=question.sizes["worlds"] - n_worlds,
        scenario=scenario,
    )


def lowest_sheet(tables: MixesTables, measure: Measure) -> Sheet:
    """The mixes that are lowest in an outcome."""
    found = list(differences(tables, measure).items())[:_LOWEST]
    scale = scale_of(effect for _, effect in found)
    rows = []
    for mix, effect in found:
        text = difference_text(effect, measure.manner, scale)
        rows.append((words_of(mix), Strong(text) if effect.direction else text))
    heads = ("mix", f"difference from {tables.scenario}'s own mix")
    return Sheet(measure.title, heads, tuple(rows))


def frontier_sheet(tables: MixesTables) -> Sheet:
    """The mixes that no other mix beats: differences, money without use, other worlds."""
    columns = []
    for reading in PANELS:
        amounts = differences_of(tables, reading)
        columns.append(dict(zip(keys_of(amounts), _strong_where_clear(amounts), strict=True)))
    columns.append(_unspent(tables))
    heads = ["mix", *(reading.heading for reading in (*PANELS, UNSPENT))]
    if shares := shares_of_worlds(tables):
        columns.append({mix: percent(share) for mix, share in shares.items()})
        heads.append("on the frontier in so many worlds")
    rows = [
        (words_of(mix).replace(" %", _PERCENT), *(column[mix] for column in columns))
        for mix in frontier_mixes(tables)
    ]
    return Sheet("Mixes on the frontier", tuple(heads), tuple(rows))


def _unspent(tables: MixesTables) -> dict[Mix, str]:
    rows = levels_of(tables, UNSPENT)
    return dict(zip(keys_of(rows), (plain(x, 2) for x in rows["middle"]), strict=True))


def splits_sheet(question: Question) -> Sheet:
    """How each side's money is split over its levers, in every mix."""
    corners = mixes_of(question.scenarios[0], 1, load_scenario(BASELINE))[1:]
    shares: dict[str, float] = {}
    for mix, corner in zip(grid(1), corners, strict=True):
        spend = corner.phases[0].funding.spend
        side = SIDES[mix.index(1.0)]
        for lever, money in zip(LEVERS, spend, strict=True):
            if lever.side == side:
                shares[lever.name] = money / sum(spend)
    rows = tuple((lever.title, lever.side, percent(shares[lever.name])) for lever in LEVERS)
    return Sheet("Within each side", ("lever", "side", "share of its side"), rows)
