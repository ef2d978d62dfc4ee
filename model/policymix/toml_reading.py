"""Reads a TOML file that anyone may have written: a table and its lines, or one clear refusal."""

import re
import stat
import tomllib
from pathlib import Path
from typing import Any, Final

from policymix.errors import InputError
from policymix.problems import Problem, printable, quote, refused
from policymix.toml_lines import Lines, UnreadableTomlError, scan

MAX_FILE_BYTES: Final = 1_000_000

_WHERE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
_HINTS: Final = (
    (r"^\s*[\w.-]+\s*:", "A key and its value are separated by an equals sign."),
    (r"[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]", "Use straight quotes."),
    (r"=\s*(True|TRUE|False|FALSE)\b", "Write true or false in small letters."),
    (r"=\s*[-+]?\d+,\d", "Write decimals with a point, such as 42.5, and thousands as 1_000."),
    (r"=\s*[-+]?(\.\d|\d+\.(?!\d))", "A number has a digit on both sides of its point."),
    (r"=\s*[-+]?[\d.]+\s*%", "Write a share as a number from 0 to 1."),
    (r"=\s*[$€£]", "Write money as a number, without its sign."),
    (r"=\s*[-+]?0\d", "A number does not start with a zero."),
    (r"=\s*[-+]?\d[\d._]*\s*[A-Za-z]", "Write the number alone, without its unit."),
    (r"=\s*(#.*)?$", "A value is missing."),
    (r"=\s*[A-Za-z]", "Text stands in quotes."),
    (r"=\s*\".*\\", "In quotes a backslash is written twice."),
    (r"=\s*(\"[^\"]*|'[^']*)$", "A quote is not closed."),
)


def read_toml(path: Path, file: str) -> tuple[dict[str, Any], Lines]:
    """The table in a file and where its keys stand; `file` is its name in messages.

    Raises InputError naming the file if it cannot be read or is not TOML.
    """
    return parse_toml(_bytes_of(path, file), file)


def parse_toml(data: bytes, file: str) -> tuple[dict[str, Any], Lines]:
    """The table in the bytes of a file and where its keys stand. Raises InputError."""
    if len(data) > MAX_FILE_BYTES:
        raise InputError(f"{printable(file)}: is larger than {MAX_FILE_BYTES:,} bytes, the most")
    text = _decoded(data, file)
    try:
        lines = scan(text)
        return tomllib.loads(text), lines
    except UnreadableTomlError as error:
        raise _refused(file, error.line, error.reason) from None
    except tomllib.TOMLDecodeError as error:
        if lines.repeats and str(error).startswith("Cannot"):
            raise _repeated(file, lines) from None
        raise _not_toml(file, text, str(error)) from None
    except RecursionError:
        raise _refused(file, 1, "nested too deeply") from None
    except (ValueError, ArithmeticError) as error:
        raise _refused(file, 1, f"a value cannot be read: {quote(str(error))}") from None


def _bytes_of(path: Path, file: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(f"{printable(file)}: is a folder, needed is a scenario file")
        if not stat.S_ISREG(mode):
            raise InputError(f"{printable(file)}: is not an ordinary file")
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{printable(file)}: cannot be read: {printable(reason)}") from None
    return data


def _decoded(data: bytes, file: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(file, 1, "saved as UTF-16, needed is UTF-8: save it again as UTF-8")
    try:
        return data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        reason = f"not UTF-8 text (byte 0x{byte:02x}): save the file again as UTF-8"
        raise _refused(file, line, reason) from None


def _refused(file: str, line: int, reason: str) -> InputError:
    return InputError(f"{printable(file)}:{line}: {reason}")


def _repeated(file: str, lines: Lines) -> InputError:
    placed = Lines({repeat.path: repeat.second for repeat in lines.repeats})
    return refused(
        file,
        [
            Problem(repeat.path, f"given a second time, first on line {repeat.first}: keep one")
            for repeat in lines.repeats
        ],
        placed,
    )


def _not_toml(file: str, text: str, error: str) -> InputError:
    where = _WHERE.search(error)
    rows = text.split("\n")
    if where and where["line"]:
        line = int(where["line"])
    else:
        line = next((n for n in range(len(rows), 0, -1) if rows[n - 1].strip()), 1)
    row = rows[line - 1].strip()
    hint = next((f" {hint}" for pattern, hint in _HINTS if re.search(pattern, row[:400])), "")
    reason = printable(_WHERE.sub("", error)[:120])
    reason = reason[:1].lower() + reason[1:]
    return _refused(file, line, f"not TOML: {reason}: read {quote(row)}.{hint}")
