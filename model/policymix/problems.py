"""Problems of an input file, in a student's words: where, which key, what was read, what may be."""

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from policymix.errors import InputError
from policymix.toml_lines import KeyPath, Lines

MAX_SHOWN: Final = 50
_MAX_QUOTE: Final = 60
_MAX_DIGITS_SHOWN: Final = 20
_MOST_BESIDE: Final = 10_000
_NEAR_PATH: Final = 0.75
"""How alike a path must be to be meant: nearer than a word, since folders hold anything."""


@dataclass(frozen=True)
class Problem:
    """One thing to mend: the key's path (empty for the whole file) and what is wrong there.

    `hint` is only called for problems that are shown, since a file may hold 100,000 of them.
    """

    path: KeyPath
    text: str
    hint: Callable[[], str] = str


def refused(file: str, problems: Iterable[Problem], lines: Lines) -> InputError:
    """All problems as one error, a line each: `file:line: key: text`, in the file's order."""
    by_place = {(lines.of(p.path), key_text(p.path), p.text): p for p in problems}
    placed = sorted(by_place)
    messages = [
        f"{printable(file)}:{line}: {key}{': ' if key else ''}{text}"
        + by_place[line, key, text].hint()
        for line, key, text in placed[:MAX_SHOWN]
    ]
    if len(placed) > MAX_SHOWN:
        messages.append(f"{printable(file)}: and {len(placed) - MAX_SHOWN:,} more problems")
    return InputError("\n".join(messages))


def key_text(path: KeyPath) -> str:
    """A path as a reader names it: `funding.total`; `phase 2, funding.total` (from 1)."""
    if len(path) > 1 and path[0] == "phases" and isinstance(path[1], int):
        rest = key_text(path[2:])
        return f"phase {path[1] + 1}" + (f", {rest}" if rest else "")
    return ".".join(_part_text(part) for part in path)


def _part_text(part: str | int) -> str:
    if isinstance(part, int):
        return str(part + 1)
    plain = part.replace("_", "").replace("-", "")
    return part if plain.isascii() and plain.isalnum() and len(part) <= _MAX_QUOTE else quote(part)


def quote(text: str) -> str:
    """Text in quotes on one line: control characters escaped, long text cut short."""
    if len(text) <= _MAX_QUOTE:
        return repr(text)
    return f"{text[:_MAX_QUOTE]!r}... ({len(text):,} characters)"


def printable(text: str) -> str:
    """The same text with characters that would disturb a terminal escaped, nothing cut."""
    return text if text.isprintable() else repr(text)[1:-1]


def shown(value: object) -> str:
    """A value as read from TOML, short and on one line whatever it holds."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quote(value)
        case int() if abs(value) >= 10**_MAX_DIGITS_SHOWN:
            return f"a whole number of about {int((value.bit_length() - 1) * 0.30103) + 1:,} digits"
        case int() | float():
            return str(value)
        case dict():
            return "a table"
        case list():
            return "an empty list" if not value else f"a list of {len(value):,}"
        case _:
            return f"the date or time {value}"


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """` Did you mean X?` for the option nearest to `word`, or nothing."""
    near = _nearest(word, options)
    return f" Did you mean {near}?" if near else ""


def near_file(path: Path, ending: str = "") -> str:
    """The same for a path that is not there: what is beside it, or beside its missing folder."""
    try:
        missing = next((one for one in (path, *path.parents) if one.parent.is_dir()), path)
        beside = [one.name for one in islice(missing.parent.iterdir(), _MOST_BESIDE)]
    except (OSError, ValueError):
        return ""
    if missing.name in beside:
        return ""
    ending = ending if missing == path else ""  # folders have none; where all do, it tells nothing
    stems = (name.removesuffix(ending) for name in beside if name.endswith(ending))
    near = _nearest(missing.name.removesuffix(ending), stems, _NEAR_PATH)
    return f" Did you mean {printable(str(missing.with_name(near + ending)))}?" if near else ""


def _nearest(word: str, options: Iterable[str], cutoff: float = 0.6) -> str:
    by_folded = {option.casefold(): option for option in options}
    near = difflib.get_close_matches(word[:_MAX_QUOTE].casefold(), by_folded, n=1, cutoff=cutoff)
    return by_folded[near[0]] if near else ""
