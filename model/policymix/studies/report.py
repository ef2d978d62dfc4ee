"""The report of a comparison: one HTML file that works offline."""

from typing import Protocol

from policymix.figures import Tables, figures_for
from policymix.studies import leaning, sections
from policymix.studies.costs import costs_rows
from policymix.studies.leans import anchored, doubts, leans
from policymix.studies.pages import figures_shown, page
from policymix.studies.publishing import Pictures
from policymix.studies.question import Question
from policymix.studies.why import why_rows
from policymix.studies.words import full_sentences, sentences


class Figures(Protocol):
    """What a study's figures are made from."""

    @property
    def tables(self) -> Tables: ...  # noqa: D102


class Answered(Protocol):
    """What a report needs of a study: what was asked, and the tables of what came out."""

    @property
    def question(self) -> Question: ...  # noqa: D102
    @property
    def figures(self) -> Figures: ...  # noqa: D102


def report_of(study: Answered, pictures: Pictures) -> str:
    """The HTML of the report of `study`, with `pictures` (SVG files by figure name) inside."""
    question, tables = study.question, study.figures.tables
    summary = tables.summary
    table = anchored(leaning.leaning_table(question), summary)
    return page(
        "report.html.jinja",
        question,
        heading=sections.heading(question),
        asked=sections.asked_sentence(question),
        notes=tables.notes,
        has_few=sections.has_few(question),
        full_sentences=full_sentences(summary, question.reference),
        sentences=sentences(summary, question.reference),
        cards=sections.cards(summary, question),
        doubts=doubts(table, summary),
        settings=sections.settings_tables(question),
        figures=list(figures_shown(figures_for(tables), tables, pictures)),
        side_effects=list(sections.side_effects(summary, question)),
        fared=sections.fared_rows(tables.fared, question),
        ends=sections.ENDS_IN_WORDS,
        costs=costs_rows(question, summary),
        why=why_rows(tables.bridge),
        leans=leans(table, question),
        robust_command=sections.robust_command(question),
        leaning_notes=leaning.leaning_notes(question),
    )
