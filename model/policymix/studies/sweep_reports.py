"""The reports of `margins` and of `mixes`."""

from collections.abc import Iterator
from typing import Final, Protocol

from policymix.figures_mixes import margins_pictures, mixes_pictures
from policymix.levers import LEVERS, LEVERS_OF_SIDE, SIDES
from policymix.margins_readings import MarginsTables, unused_shares
from policymix.mixes_readings import UNSPENT, MixesTables, keys_of, levels_of
from policymix.numerals import percent, plain
from policymix.scenario import load_scenario
from policymix.studies.amounts import Estimate, Scale, difference_text, scale_of
from policymix.studies.kinds import BASELINE
from policymix.studies.margins_words import TITLES, effects_of, pairs_of
from policymix.studies.margins_words import sentences as margins_sentences
from policymix.studies.measures import HEADLINES, SIDE_EFFECTS, Measure
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

_PAIRS: Final = 20
"""As many pairs stand in the table of an outcome."""
_LOWEST: Final = 5
_MISSED: Final = 0.05
"""As many intervals miss what they are for."""
MEASURES: Final = (
    *HEADLINES,
    *(one for group in SIDE_EFFECTS for one in group.measures if one.outcome == "consumption"),
)
"""What the tables of `margins` show."""


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
    n_looks = len(LEVERS) * len(MEASURES)
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
    found = {measure: effects_of(tables, measure) for measure in MEASURES}
    unused = unused_shares(tables)
    for side in SIDES:
        rows = []
        for name in LEVERS_OF_SIDE[side]:
            texts = [_text(found[one][name], one) for one in MEASURES]
            share = percent(unused[name]) if name in unused else "none or under 1 %"
            rows.append((TITLES[name], plain(now[name], 2), *texts, share))
        heads = ("a billion more for", "now, billion USD a year")
        outcomes = tuple(measure.title for measure in MEASURES)
        yield Sheet(side, (*heads, *outcomes, "of the billion finds no use"), tuple(rows))


def _text(effect: Estimate, measure: Measure, scale: Scale | None = None) -> str:
    text = difference_text(effect, measure.manner, scale)
    return Strong(text) if effect.direction else text


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
    found = differences(tables, measure)
    scale = scale_of(found.values())
    rows = tuple(
        (words_of(mix), _text(found[mix], measure, scale)) for mix in list(found)[:_LOWEST]
    )
    return Sheet(measure.title, ("mix", f"difference from {tables.scenario}'s own mix"), rows)


def frontier_sheet(tables: MixesTables) -> Sheet:
    """The mixes that no other mix beats: differences, money without use, other worlds."""
    found = {measure: differences(tables, measure) for measure in HEADLINES}
    scales = {measure: scale_of(by_mix.values()) for measure, by_mix in found.items()}
    unspent, shares = _unspent(tables), shares_of_worlds(tables)
    rows = []
    for mix in frontier_mixes(tables):
        texts = [_text(by_mix[mix], one, scales[one]) for one, by_mix in found.items()]
        worlds = [percent(shares[mix])] if shares else []
        rows.append((words_of(mix), *texts, unspent[mix], *worlds))
    heads = ["mix", *(measure.title for measure in HEADLINES), UNSPENT.heading]
    if shares:
        heads.append("on the frontier in so many worlds")
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
