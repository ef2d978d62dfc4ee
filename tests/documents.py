"""Reading the documents: which there are, their commands and their links."""

import re
import shlex
from pathlib import Path

from prose import FENCED, ROOT, arguments, read

DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *(ROOT / name for name in ("model/README.md", "benchmarks/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "scenarios").rglob("*.md")),
]
OTHER_PROGRAMS = {
    "python": "benchmarks and tools of a checkout",
    "dask": "of the extra cluster",
} | dict.fromkeys(
    ("sudo", "python3.12", ".venv/bin/pip", ".venv/bin/pytest", ".venv/bin/jupyter"),
    "sets up, on the reader's own machine",
)
OTHER_PROGRAMS["pip"] = OTHER_PROGRAMS["sudo"]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- commands ------------------------------------------------------------------------------------


def commands_in(text: str) -> list[list[str]]:
    """Words of every line of a block without a language in which some line starts a program."""
    found = []
    for language, block in FENCED.findall(text):
        lines = [line for line in block.splitlines() if line.strip()]
        if not language and any(is_known(line.split()) for line in lines):
            found += [shlex.split(line, comments=True) for line in lines]
    return found


def is_known(words: list[str]) -> bool:
    """Whether it starts policymix or one of the other programs."""
    return arguments(words) is not None or words[0] in OTHER_PROGRAMS


# --- links ---------------------------------------------------------------------------------------


def links_in(text: str) -> list[str]:
    """Targets of links and pictures outside code."""
    plain = re.sub(r"`[^`]*`", "", FENCED.sub("", text))
    return re.findall(r"\]\(([^)\s]+)\)", plain) + re.findall(r"<(https?://[^>]+)>", plain)


def anchors_in(text: str) -> set[str]:
    """Where links into a document may point: its headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(path: Path, text: str) -> list[str]:
    """Links of the document at `path` that lead nowhere in the checkout."""
    wrong = []
    for link in links_in(text):
        target, _, anchor = link.partition("#")
        if link.startswith("https://"):
            continue
        place = (path.parent / target).resolve()
        inside = place.exists() and ROOT in (place, *place.parents)
        if not inside or (anchor and anchor not in anchors_in(read(place) if target else text)):
            wrong.append(link)
    return wrong
