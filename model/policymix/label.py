"""The one sentence that everything this program shows carries."""

from typing import Final

LABEL: Final = (
    "Illustrative only: a toy model for teaching, not a forecast "
    "and not evidence about any real policy."
)
SHORT_LABEL: Final = "Illustrative only"
