"""The report of `robust`: how often a ranking holds, in which worlds it does not, what decides."""

from dataclasses import replace
from typing import Protocol

from policymix.assumptions import ledger
from policymix.figures_robust import robust_pictures
from policymix.robust_readings import RobustTables
from policymix.studies import robust_reasons as reasons
from policymix.studies import robust_sections as sections
from policymix.studies.pages import figures_shown, page
from policymix.studies.publishing import Pictures
from policymix.studies.question import Question
from policymix.studies.sections import settings_tables
from policymix.worlds import drawn_names


class Answered(Protocol):
    """What a report needs of a study: what was asked, and the tables of what came out."""

    @property
    def question(self) -> Question: ...  # noqa: D102
    def readings(self) -> RobustTables: ...  # noqa: D102


def report_of(study: Answered, pictures: Pictures) -> str:
    """The HTML of the report of `study`, with `pictures` (SVG files by figure name) inside."""
    question, tables = study.question, study.readings()
    held = [name for name in question.assume if name in drawn_names()]
    return page(
        "robust.html.jinja",
        question,
        heading=sections.heading(question),
        asked=sections.asked_sentence(question),
        notes=tables.notes,
        told=sections.told(tables),
        figures=list(figures_shown(robust_pictures(tables), tables, pictures)),
        shares=[sections.shares_sheet(tables, pair) for pair in tables.pairs()],
        boxes=list(reasons.boxes(tables)),
        without_box=list(reasons.without_box(tables)),
        regrets=list(sections.regret_sheets(tables)),
        weights=[reasons.weights_of(tables, pair) for pair in tables.pairs()],
        no_weights=reasons.no_weights(question.sizes["worlds"]),
        outcomes=sections.OUTCOMES,
        leans=reasons.deciders(tables, question),
        n_drawn=len(drawn_names()) - len(held),
        n_assumptions=len(ledger()),
        replay=sections.replay(tables, question),
        settings=settings_tables(replace(question, reference=question.names[0])),
    )
