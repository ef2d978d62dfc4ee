"""The report of a comparison: one HTML file that works offline."""

from typing import TYPE_CHECKING

from policymix.label import LABEL
from policymix.studies.publishing import Pictures

if TYPE_CHECKING:
    from policymix.studies.study import Study


def report_of(study: "Study", pictures: Pictures) -> str:
    """The HTML of the report of `study`, with `pictures` (SVG files by figure name) inside."""
    return f"<!doctype html><title>{LABEL}</title>{study.question.names}{list(pictures)}"
