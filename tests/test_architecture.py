"""The picture of the house in CONTRIBUTING.md, held to its word.

The order of the rooms is read from that table: a room may import only rooms that stand above it.
Every rule is also tried on a snippet that breaks it, so that no rule passes by seeing nothing.
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "model" / "policymix"
LEDGER = ROOT / "scenarios" / "ledger" / "assumptions.toml"

FIGURES = {
    *("figures", "figures_headline", "figures_tradeoff", "figures_bridge", "figures_people"),
    *("figures_effects", "figures_corridors", "figures_budget", "figures_levers"),
    *("robust_panels", "figures_flip", "figures_worlds", "figures_sensitivity"),
    *("figures_margins", "figures_pairs", "figures_ternary", "figures_triangle"),
    *("figures_frontier", "figures_mixes", "figures_validate"),
}
ONLY_IN = {
    "mesa": {"cartels", "governments", "model"},
    "matplotlib": {"lettering", "drawing", *FIGURES},
    "mpltern": FIGURES,
    "tomllib": {"assumptions", "toml_lines", "toml_reading", "scenario"},
    "starlette": {"page/server"},
    "uvicorn": {"page/serving"},
    "random": set(),
}
"""Which rooms may import a package that not every room may import."""

FIRST_ROOMS = {
    *("label", "errors", "units", "shipped", "assumptions", "dice", "levers", "scenario"),
    *("people", "market", "cartels", "governments", "outcomes", "balance", "model", "runs"),
    *("tables", "figures", "studies/compare", "__main__"),
}
"""The rooms of the first world; none of them may go missing from picture or package."""

QUICK_DOORS = ("scenario", "__main__")
HEAVY = {
    *("matplotlib", "mesa", "mpltern", "networkx", "numpy", "pandas", "scipy"),
    *("starlette", "uvicorn"),
}
LONGEST_FILE, LONGEST_FUNCTION = 299, 40


@cache
def picture() -> tuple[str, ...]:
    """The rooms in the order of CONTRIBUTING.md's table: every name in its first column."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.split("| room | purpose |", 1)[1].split("\n\n", 1)[0]
    first_cells = (line.split("|")[1] for line in table.splitlines() if line.count("|") == 3)
    return tuple(name for cell in first_cells for name in re.findall(r"`([\w/]+)`", cell))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


ROOM_FILES = [p for p in sorted(PACKAGE.rglob("*.py")) if p.name != "__init__.py"]
OWN_FILES = [
    ROOT / "run.py",
    *sorted(PACKAGE.rglob("*.py")),
    *sorted((ROOT / "tests").glob("*.py")),
]
each_room = pytest.mark.parametrize("path", ROOM_FILES, ids=room_of)
each_file = pytest.mark.parametrize("path", OWN_FILES, ids=lambda p: str(p.relative_to(ROOT)))


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(tree: ast.AST) -> Iterator[str]:
    """Full names of the modules, and of what is taken from them, that the code may import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (f"{module}.{alias.name}" for alias in node.names)


def rooms_imported(tree: ast.AST) -> set[str]:
    """Rooms that the code imports; the package's own door is "policymix"."""
    found = set()
    for name in imported(tree):
        parts = name.split(".")
        if parts[0] not in ("policymix", ""):
            continue
        inside = parts[1:]
        paths = ["/".join(inside[:n]) for n in range(len(inside), 0, -1)]
        found.add(next((p for p in paths if (PACKAGE / f"{p}.py").is_file()), "policymix"))
    return found


def wrong_arrows(room: str, tree: ast.AST, order: tuple[str, ...]) -> set[str]:
    """Rooms that `room` imports though they do not stand above it."""
    above = set(order[: order.index(room)])
    return rooms_imported(tree) - above


def packages_out_of_place(room: str, tree: ast.AST) -> set[str]:
    roots = {name.split(".")[0] for name in imported(tree)}
    return {package for package in roots & ONLY_IN.keys() if room not in ONLY_IN[package]}


def hidden_chance(tree: ast.AST) -> list[str]:
    """Uses of Mesa's or a model's own generator: chance comes from the addressed dice alone."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value).split(".")[-1]
            if node.attr in {"random", "rng"} and owner in {"self", "model"}:
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
            if node.attr in {"shuffle", "shuffle_do"}:
                found.append(f"line {node.lineno}: .{node.attr}")
        if isinstance(node, ast.Call) and ast.unparse(node).endswith("default_rng()"):
            found.append(f"line {node.lineno}: a generator without a seed")
    return found


def long_functions(tree: ast.AST) -> list[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    lengths = [(f.name, (f.end_lineno or f.lineno) - f.lineno + 1) for f in functions]
    return [f"{name}: {n} lines" for name, n in lengths if n > LONGEST_FUNCTION]


def imported_at_once(tree: ast.Module) -> ast.Module:
    """The statements that run when the module is imported (not those for type checkers)."""
    later = (ast.FunctionDef, ast.AsyncFunctionDef)
    now = [node for node in tree.body if not isinstance(node, later)]
    types = [n for n in now if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)]
    return ast.Module(body=[node for node in now if node not in types], type_ignores=[])


def test_the_picture_and_the_package_show_the_same_rooms() -> None:
    drawn, built = list(picture()), {room_of(path) for path in ROOM_FILES}
    assert len(drawn) == len(set(drawn)), "a room is drawn twice"
    assert set(drawn) - built == set(), "drawn in CONTRIBUTING.md, but not built"
    assert built - set(drawn) == set(), "built, but not drawn in CONTRIBUTING.md"
    assert FIRST_ROOMS - built == set(), "a room of the first world is missing"


@each_room
def test_a_room_imports_only_rooms_above_it(path: Path) -> None:
    assert room_of(path) in picture(), "draw this room in CONTRIBUTING.md's table"
    assert wrong_arrows(room_of(path), parse(path), picture()) == set()


@each_room
def test_packages_and_chance_stay_in_their_rooms(path: Path) -> None:
    assert packages_out_of_place(room_of(path), parse(path)) == set()
    assert hidden_chance(parse(path)) == []


@each_file
def test_files_and_functions_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    assert long_functions(parse(path)) == []


@pytest.mark.parametrize("door", QUICK_DOORS)
def test_reading_a_scenario_and_asking_for_help_load_nothing_heavy(door: str) -> None:
    waiting, seen, heavy = [door], set(), set()
    while waiting:
        room = waiting.pop()
        seen.add(room)
        tree = imported_at_once(parse(PACKAGE / f"{room}.py"))
        heavy |= {(room, n.split(".")[0]) for n in imported(tree) if n.split(".")[0] in HEAVY}
        waiting += [r for r in rooms_imported(tree) - seen if (PACKAGE / f"{r}.py").is_file()]
    assert heavy == set()


def test_the_package_itself_loads_no_room_until_asked() -> None:
    for path in sorted(PACKAGE.rglob("__init__.py")):
        assert rooms_imported(imported_at_once(parse(path))) == set(), path


SNIPPETS: list[tuple[str, Callable[[ast.Module], object]]] = [
    (
        "from policymix.levers import LEVERS",
        lambda t: wrong_arrows("units", t, ("units", "levers")),
    ),
    ("from policymix import levers", lambda t: wrong_arrows("units", t, ("units", "levers"))),
    ("import policymix.levers", lambda t: wrong_arrows("units", t, ("units", "levers"))),
    ("from policymix import World", lambda t: wrong_arrows("levers", t, ("units", "levers"))),
    ("from .units import BILLION", lambda t: wrong_arrows("levers", t, ("label", "levers"))),
    ("import mesa", lambda t: packages_out_of_place("people", t)),
    ("def f():\n    import matplotlib.pyplot as plt", lambda t: packages_out_of_place("tables", t)),
    ("from random import random", lambda t: packages_out_of_place("dice", t)),
    ("self.model.random.choice(x)", hidden_chance),
    ("agents.shuffle_do('step')", hidden_chance),
    ("np.random.default_rng()", hidden_chance),
    ("def f():\n" + "    x = 1\n" * LONGEST_FUNCTION, long_functions),
]


@pytest.mark.parametrize(("source", "rule"), SNIPPETS, ids=[s[:30] for s, _ in SNIPPETS])
def test_the_rules_see_what_breaks_them(source: str, rule: Callable[[ast.Module], object]) -> None:
    assert rule(ast.parse(source))


def test_the_rules_let_a_good_room_pass() -> None:
    good = ast.parse("from policymix.units import BILLION\nimport numpy as np\nnp.zeros(3)")
    assert wrong_arrows("levers", good, ("units", "levers")) == set()
    assert packages_out_of_place("levers", good) == set()
    assert hidden_chance(good) == []
    assert long_functions(good) == []


# --- the ledger: what the code reads -------------------------------------------------------------


def numbers_read(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(pattern, unit) of every `world.number(name, unit)`; an f-string's holes match anything.

    A name that the scan cannot read (a variable) comes as an empty pattern.
    """
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr == "number" and len(node.args) == 2:
            name, unit = node.args
            text = str(unit.value) if isinstance(unit, ast.Constant) else ""
            yield name_pattern(name), text


def name_pattern(name: ast.expr) -> str:
    if isinstance(name, ast.Constant):
        return re.escape(str(name.value))
    if isinstance(name, ast.JoinedStr):
        parts = (
            re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in name.values
        )
        return "".join(parts)
    return ""


def misread(tree: ast.AST, units: dict[str, str]) -> list[str]:
    """Readings that name no entry, or an entry in another unit."""
    found = []
    for pattern, unit in numbers_read(tree):
        names = [name for name in units if re.fullmatch(pattern, name)]
        wrong = [
            f"{name} is in {units[name]}, read in {unit}" for name in names if units[name] != unit
        ]
        found += wrong if names else [f"no entry is called {pattern or '(a name in a variable)'}"]
    return found


def ledger_units() -> dict[str, str]:
    entries = tomllib.loads(LEDGER.read_text(encoding="utf-8"))
    return {name: entry["unit"] for name, entry in entries.items()}


@each_room
def test_the_code_reads_entries_of_the_ledger_in_their_unit(path: Path) -> None:
    assert misread(parse(path), ledger_units()) == []


def test_every_entry_of_the_ledger_is_read_by_the_code() -> None:
    patterns = {pattern for path in ROOM_FILES for pattern, _ in numbers_read(parse(path))}
    unread = [n for n in ledger_units() if not any(re.fullmatch(p, n) for p in patterns)]
    assert unread == []


@pytest.mark.parametrize(
    "source",
    [
        "world.number('n_people', 'share')",
        "world.number('n_peoples', 'people')",
        "world.number(f'n_{x}', 'share')",
        "world.number(f'spend_{x}', 'USD')",
        "self.world.number(name, 'people')",
        "world.number('n_people', unit)",
    ],
)
def test_a_misread_entry_is_seen(source: str) -> None:
    assert misread(ast.parse(source), {"n_people": "people"})
