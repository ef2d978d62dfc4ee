"""Whether what the documents name in backticks exists."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import click
from policymix.__main__ import cli
from policymix.assumptions import ledger
from policymix.levers import LEVER_NAMES
from policymix.outcomes import OUTCOME_NAMES
from policymix.scenario import shipped_names

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "model" / "policymix"
GENERATED = re.compile(r"<!-- generated: (\w+) -->\n.*?<!-- end -->", re.DOTALL)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PROGRAM = (("policymix",), ("python3", "run.py"), ("py", "run.py"), ("run.py",))
PROGRAM += (("uv", "run", "policymix"), (".venv/bin/policymix",))
"""The ways in which documents start policymix."""
_LEDGER_TEXT = (ROOT / "scenarios" / "ledger" / "assumptions.toml").read_text(encoding="utf-8")
_SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_SKIPPED = (".venv", ".git/", "results/", "__pycache__")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose_of(text: str) -> str:
    """What was written by hand and is no code."""
    return FENCED.sub("", GENERATED.sub("", text))


def inline(prose: str) -> Iterator[str]:
    for code in re.findall(r"`([^`]+)`", prose):
        yield " ".join(code.split())


def arguments(words: list[str]) -> list[str] | None:
    """What policymix is given by this command; None if it does not start policymix."""
    for start in PROGRAM:
        if tuple(words[: len(start)]) == start:
            return words[len(start) :]
    return None


# --- names ---------------------------------------------------------------------------------------


def quoted_wrongly(prose: str) -> list[str]:
    """Numbers quoted as `name = value unit` that are not the ledger's."""
    wrong = []
    for code in inline(prose):
        found = re.fullmatch(r"(\w+) = (-?[\d.e]+)(?: (.+))?", code)
        if found:
            entry = ledger().get(found[1])
            right = (entry.value, found[3] and entry.unit) if entry else None
            if (float(found[2]), found[3]) != right:
                wrong.append(code)
    return wrong


def unknown_names(prose: str) -> list[str]:
    """Names, paths, options and commands in backticks that do not exist."""
    return [
        code
        for code in inline(prose)
        if not (" = " in code and is_quoted(code)) and not exists(code)
    ]


def is_quoted(code: str) -> bool:
    return bool(re.fullmatch(r"\w+ = -?[\d.e]+( .+)?", code)) or f"\n{code}\n" in _LEDGER_TEXT


def exists(code: str) -> bool:
    if re.fullmatch(r"[A-Za-z_][\w.]*", code) and code.rpartition(".")[2] in known_names():
        return True
    if code.endswith("_") and any(name.startswith(code) for name in ledger()):
        return True
    called = re.fullmatch(r"(?:\w+ = )?[\w.]*?(\w+)\(.*\)", code)
    if called or re.search(r"_<\w+>$", code):
        return (called is not None and called[1] in known_names()) or is_family(code)
    return (
        is_command(code.split())
        or is_option(code.split())
        or is_file(code)
        or is_module(code.split())
        or code in spoken()
    )


def is_family(code: str) -> bool:
    """A name such as spend_<name>, whose part in brackets is that of any lever."""
    return any(re.sub(r"<\w+>", lever, code) in ledger() for lever in LEVER_NAMES)


def is_command(words: list[str]) -> bool:
    """A command of policymix, with options that it has, whatever their values."""
    given = arguments(words)
    if given is None:
        given = words if words and words[0] in cli.commands and len(words) > 1 else None
    elif not given:
        return True
    if given is None:
        return False
    if given[0] in ("test", "--help", "--version"):
        return words != ["policymix", "test"]
    command = cli.commands.get(given[0])
    options = {word for word in given if word.startswith("--")}
    return command is not None and options <= options_of(command) | {"--help"}


def options_of(command: click.Command) -> set[str]:
    return {name for one in command.params for name in (*one.opts, *one.secondary_opts)}


def is_option(words: list[str]) -> bool:
    known = {name for command in cli.commands.values() for name in options_of(command)}
    return words[0] in known | {"--help", "--version"} and len(words) <= 2 and words[0] != "-"


def is_file(code: str) -> bool:
    """A file or folder of the repository, by its path or its end; `<name>` stands for anything."""
    if code.endswith("/"):
        return (ROOT / code).is_dir() or code in WRITTEN
    if "/" in code and any((place / code).is_dir() for place in (ROOT, PACKAGE)):
        return True
    pattern = re.escape(code).replace("<name>", r"\w+").replace("<what>", r"\w+")
    ends = re.compile(rf"(?:.*/)?{pattern}(?:\.py)?")
    return code in WRITTEN or any(ends.fullmatch(name) for name in files())


def is_module(words: list[str]) -> bool:
    """A package, a module of it, or `python` with a file or module of the repository."""
    if words[:2] == ["python", "-m"]:
        return len(words) > 2 and room_exists(words[2])
    if words[:1] == ["python"]:
        return words[1:2] == ["-c"] or script_has(words[1:])
    if words[0].endswith(".py") and len(words) > 1:
        return script_has([f"benchmarks/{words[0]}", *words[1:]])
    package = words[1] if words[0] == "import" and len(words) == 2 else words[0]
    root, _, inside = package.partition(".")
    known = root in sys.stdlib_module_names or root in packages()
    return known and (not inside or (find_spec(root) is not None and is_inside(root, inside)))


def is_inside(package: str, name: str) -> bool:
    return hasattr(__import__(package), name)


def script_has(words: list[str]) -> bool:
    path = ROOT / words[0] if words else ROOT
    return path.is_file() and all(f'"{option}"' in read(path) for option in words[1:])


def room_exists(module: str) -> bool:
    return (PACKAGE.parent / f"{module.replace('.', '/')}.py").is_file()


@dataclass(frozen=True)
class Written:
    """Files that commands leave in a study's folder, and folders that they make."""

    made: frozenset[str]

    def __contains__(self, code: object) -> bool:
        return code in self.made or str(code).startswith(".venv-run/")


WRITTEN = Written(
    frozenset({"results/", "unfinished/", "scenarios/", "report.html", "provenance.json"})
    | {
        f"{table}.csv"
        for table in ("summary", "monthly", "ends", "fared", "runs", "worlds", "robust")
    }
    | {f"{table}.csv" for table in ("flips", "checks", "regret", "sensitivity", "frontier")}
    | {f"{table}.csv" for table in ("margins", "mixes")}
)


@cache
def packages() -> frozenset[str]:
    """Names of everything that the project may install, and of its extras."""
    extras = _SETTINGS["optional-dependencies"]
    wanted = [*_SETTINGS["dependencies"], *(one for some in extras.values() for one in some)]
    return frozenset(extras) | {re.split(r"[<>=\[]", one)[0] for one in wanted}


@cache
def files() -> tuple[str, ...]:
    """Every file of the checkout that is no result."""
    found = (path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())
    return tuple(name for name in found if not any(part in name for part in _SKIPPED))


@cache
def known_names() -> frozenset[str]:
    """Assumptions, levers, outcomes, scenarios, rooms and every name that the code defines."""
    rooms = sorted(PACKAGE.rglob("*.py"))
    code = {name for path in rooms for name in defined(ast.parse(read(path)))}
    own = {path.stem for path in (ROOT / "docs").rglob("*.toml")}
    named = {*ledger(), *LEVER_NAMES, *OUTCOME_NAMES, *shipped_names()}
    return frozenset(code | {path.stem for path in rooms} | named | own)


@cache
def spoken() -> frozenset[str]:
    """Whole strings of the code, such as a column's name or a variable of the environment."""
    rooms = [*PACKAGE.rglob("*.py"), ROOT / "run.py", *(ROOT / "benchmarks").glob("*.py")]
    trees = [ast.parse(read(path)) for path in rooms]
    return frozenset(
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def defined(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
