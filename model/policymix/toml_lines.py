"""On which line of a TOML text each key stands, and whether the text is small enough to parse.

`tomllib` keeps no positions, recurses on nested brackets and takes quadratic time on endless dotted
keys. This scanner runs before it: it bounds the nesting, then remembers the lines for messages.
It need not be right about text that is not TOML, since `tomllib` refuses that afterwards.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

type KeyPath = tuple[str | int, ...]
"""Keys and list positions (from 0) from the top of a file down to a value."""

MAX_NESTING: Final = 20
MAX_NUMBER_LENGTH: Final = 400

# Possessive quantifiers: no text can make the scanner backtrack.
_TOKEN = re.compile(
    r'''
    (?P<blank> [ \t\r]++ | \#[^\n]*+ )
  | (?P<newline> \n [ \t\r\n]*+ )
  | (?P<text> """ (?: [^"\\] | \\. | "(?!"") )*+ (?: "{3,5} | \Z )
            | \'\'\' (?: [^'] | '(?!\'\') )*+ (?: '{3,5} | \Z )
            | " (?: [^"\\\n] | \\. )*+ "?
            | ' [^'\n]*+ '? )
  | (?P<mark> [\[\]{}=,.] )
  | (?P<bare> [^ \t\r\n"'\#\[\]{}=,.]++ )
    ''',
    re.VERBOSE | re.DOTALL,
)


class UnreadableTomlError(Exception):
    """Text that must not reach the parser: nested too deeply, or a number without end."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Repeat:
    """A key or table given twice: its path and both lines (from 1)."""

    path: KeyPath
    first: int
    second: int


@dataclass
class Lines:
    """Where the keys of one text stand. Lines count from 1."""

    of_path: dict[KeyPath, int] = field(default_factory=dict)
    repeats: list[Repeat] = field(default_factory=list)

    def of(self, path: KeyPath) -> int:
        """The line of `path`, else of the innermost table around it that the text names."""
        while path and path not in self.of_path:
            path = path[:-1]
        return self.of_path.get(path, 1)


def scan(text: str) -> Lines:
    """The lines of all keys of a TOML text. Raises UnreadableTomlError."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._tokens = self._tokens_of(text)
        self._lines = Lines()
        self._declared: dict[KeyPath, int] = {}
        self._tables_in_list: dict[KeyPath, int] = {}
        self.line = 1
        self.kind = ""
        self.token = ""
        self._advance()

    @staticmethod
    def _tokens_of(text: str) -> Iterator[tuple[str, str, int]]:
        line = 1
        for match in _TOKEN.finditer(text):
            kind, token = match.lastgroup or "", match.group()
            if kind != "blank":
                yield kind, token, line
            line += token.count("\n")
        while True:
            yield "end", "", line

    def _advance(self) -> None:
        self.kind, self.token, self.line = next(self._tokens)

    def scan(self) -> Lines:
        table: KeyPath = ()
        while self.kind != "end":
            if self.token == "[" and self.kind == "mark":
                table = self._header()
            elif self.kind != "newline":
                self._pair(table, depth=0)
            while self.kind not in ("newline", "end"):
                self._advance()
            self._advance()
        return self._lines

    def _header(self) -> KeyPath:
        line = self.line
        self._advance()
        in_list = self.kind == "mark" and self.token == "["
        if in_list:
            self._advance()
        keys = self._keys()
        path: KeyPath = ()
        for key in keys[:-1]:
            self._note((*path, key), line)
            path = self._inside_list((*path, key))
        path = (*path, *keys[-1:])
        if in_list:
            self._tables_in_list[path] = self._tables_in_list.get(path, 0) + 1
            self._note(path, line)
            path = self._inside_list(path)
        else:
            self._declare(path, line)
        self._note(path, line)
        return path

    def _inside_list(self, path: KeyPath) -> KeyPath:
        n_tables = self._tables_in_list.get(path)
        return path if n_tables is None else (*path, n_tables - 1)

    def _pair(self, table: KeyPath, depth: int) -> None:
        line = self.line
        path = (*table, *self._keys(len(table)))
        self._declare(path, line)
        for length in range(len(table) + 1, len(path) + 1):
            self._note(path[:length], line)
        if self.kind == "mark" and self.token == "=":
            self._advance()
            self._value(path, depth)

    def _keys(self, n_above: int = 0) -> list[str]:
        keys: list[str] = []
        while self.kind in ("bare", "text") or (self.kind == "mark" and self.token == "."):
            if self.kind != "mark":
                keys.append(_key(self.kind, self.token))
                self._check_nesting(n_above + len(keys))
            self._advance()
        return keys

    def _value(self, path: KeyPath, depth: int) -> None:
        if self.kind == "mark" and self.token in "[{":
            self._check_nesting(len(path) + 1)
            self._check_nesting(depth + 1)
            (self._list if self.token == "[" else self._inline_table)(path, depth + 1)
        while self.kind not in ("newline", "end") and self.token not in (",", "]", "}"):
            self._check_number()
            self._advance()

    def _list(self, path: KeyPath, depth: int) -> None:
        self._advance()
        position = 0
        while self.kind != "end":
            if self.kind == "mark" and self.token == "]":
                self._advance()
                return
            if self.kind == "newline" or (self.kind == "mark" and self.token in ",}"):
                position += self.token == ","
                self._advance()
                continue
            item = (*path, position)
            self._note(item, self.line)
            self._value(item, depth)

    def _inline_table(self, path: KeyPath, depth: int) -> None:
        self._advance()
        while self.kind != "end":
            if self.kind == "mark" and self.token == "}":
                self._advance()
                return
            if self.kind in ("bare", "text"):
                self._pair(path, depth)
            else:
                self._advance()

    def _note(self, path: KeyPath, line: int) -> None:
        self._lines.of_path.setdefault(path, line)

    def _declare(self, path: KeyPath, line: int) -> None:
        first = self._declared.setdefault(path, line)
        if first != line:
            self._lines.repeats.append(Repeat(path, first, line))

    def _check_nesting(self, depth: int) -> None:
        if depth > MAX_NESTING:
            raise UnreadableTomlError(
                self.line, f"nested more than {MAX_NESTING} levels deep, allowed are {MAX_NESTING}"
            )

    def _check_number(self) -> None:
        if self.kind == "bare" and len(self.token) > MAX_NUMBER_LENGTH:
            raise UnreadableTomlError(
                self.line,
                f"a value of {len(self.token):,} characters without quotes; "
                f"a number has at most {MAX_NUMBER_LENGTH}",
            )


def _key(kind: str, token: str) -> str:
    if kind == "bare":
        return token
    if token.startswith("'") or "\\" not in token:
        return token[1:-1]
    try:
        return str(tomllib.loads(f"key = {token}")["key"])
    except (ValueError, RecursionError):
        return token
