"""Whatever a scenario file holds, it is read or refused with its name, never anything else."""

import re
import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from policymix.assumptions import ledger
from policymix.errors import InputError
from policymix.levers import LEVER_NAMES, LEVERS_OF_SIDE, SIDES
from policymix.scenario import Scenario, parse_scenario, resolved_toml, shipped_names
from policymix.scenario_text import new_scenario_text, toml_text
from policymix.shipped import shipped_folder
from policymix.toml_lines import scan

SHIPPED = [(shipped_folder() / f"{name}.toml").read_bytes() for name in shipped_names()]
ALL_KEYS_USED = re.sub(r"(?m)^#(?=[\[a-z])", "", new_scenario_text("mine")).encode()
STARTS = [*SHIPPED, ALL_KEYS_USED]
PIECES = [
    *(b'"', b"'''", b'"""', b"[", b"[[", b"]", b"{", b"}", b"=", b".", b",", b"#", b"\n", b"\r"),
    *(b"\\", b"\\u0000", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\x1b[31m", b"\xe2\x80\xae"),
    *(b"nan", b"-inf", b"1e999", b"-1", b"0x" + b"f" * 300, b"9" * 5_000, b"true", b'"0.2"'),
    *(b"[" * 3_000, b"{a=" * 3_000, b"a." * 20_000, b"1979-05-27T07:32:00Z", b"[phases]\n"),
    *(b"[[phases]]\n", b"[funding.levers]\n", b"[funding]\n", b"[setup]\n", b"[assumptions]\n"),
]
many = settings(
    max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def read_or_refused(data: bytes) -> Scenario | None:
    """The scenario, else None after a refusal that keeps what a refusal promises."""
    try:
        scenario = parse_scenario(data, "mine")
    except InputError as error:
        lines = str(error).split("\n")
        assert all(line.startswith("mine.toml:") and line.isprintable() for line in lines)
        assert len(lines) <= 51
        assert max(map(len, lines)) < 1_500
        return None
    assert min(scenario.spend(1)) >= 0
    assert parse_scenario(resolved_toml(scenario).encode(), "mine") == scenario
    return scenario


@st.composite
def mutated_files(draw: st.DrawFn) -> bytes:
    """A shipped file with bytes flipped, lines deleted, doubled or moved, pieces put in."""
    data = draw(st.sampled_from(STARTS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        to = min(len(data), at + draw(st.integers(0, 30)))
        lines = data.split(b"\n")
        line = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 5)):
            case 0:
                data = data[:at] + draw(st.binary(max_size=4)) + data[to:]
            case 1:
                data = data[:at] + draw(st.sampled_from(PIECES)) + data[to:]
            case 2:
                data = b"\n".join(lines[:line] + lines[line + 1 :])
            case 3:
                data = b"\n".join([*lines, lines[line]])
            case 4:
                key, _, _ = lines[line].partition(b"=")
                lines[line] = key + b"= " + draw(st.sampled_from(PIECES))
                data = b"\n".join(lines)
            case 5:
                data = data.replace(b"\n", b"\r\n") if at % 2 else data[:at]
    return data


@many
@given(mutated_files())
def test_a_mutated_file_is_read_or_refused_with_its_name(data: bytes) -> None:
    read_or_refused(data)


@many
@given(st.binary(max_size=300))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
def test_any_bytes_are_refused(data: bytes) -> None:
    assert read_or_refused(data) is None


KEYS = (
    *("title", "summary", "funding", "phases", "assumptions", "setup", "total", "levers"),
    *("from_year", "ramp_months", "people", "months", "cartels", "treatment_in_custody"),
    *(*SIDES, *(f"{side}_split" for side in SIDES), *LEVER_NAMES, "", "a b", "\x1b", "x" * 100),
    *list(ledger())[:3],
)
scalars = st.one_of(
    st.booleans(),
    st.integers(-5, 15),
    st.integers(),
    st.just(10**350),
    st.floats(),
    st.floats(0, 1),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
)
keys = st.one_of(st.sampled_from(KEYS), st.text(st.characters(exclude_categories=["Cs"])))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def toml_value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return toml_text(value)
        case list():
            return "[" + ", ".join(map(toml_value, value)) + "]"
        case dict():
            pairs = (f"{toml_text(key)} = {toml_value(inner)}" for key, inner in value.items())
            return "{" + ", ".join(pairs) + "}"
        case _:
            return repr(value)


def toml_file(table: dict[str, Any]) -> bytes:
    lines = (f"{toml_text(key)} = {toml_value(value)}\n" for key, value in table.items())
    return "".join(lines).encode()


def tables_in(table: Any) -> list[Any]:
    """Every table and list of a parsed file, the whole first."""
    inner = table.values() if isinstance(table, dict) else table
    return [table, *(t for v in inner if isinstance(v, dict | list) for t in tables_in(v))]


@st.composite
def mutated_tables(draw: st.DrawFn) -> dict[str, Any]:
    """The table of a shipped file with keys dropped, added, swapped or given other values."""
    table = tomllib.loads(draw(st.sampled_from(STARTS)).decode())
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(tables_in(table)))
        if isinstance(place, list):
            place.append(draw(st.sampled_from(place) if place else values))
        elif not place or draw(st.booleans()):
            place[draw(keys)] = draw(values)
        elif draw(st.booleans()):
            del place[draw(st.sampled_from(sorted(place)))]
        else:
            place[draw(st.sampled_from(sorted(place)))] = draw(values)
    return table


@pytest.mark.slow
@many
@given(mutated_tables())
def test_a_mutated_table_is_read_or_refused_with_its_name(table: dict[str, Any]) -> None:
    data = toml_file(table)
    assert repr(tomllib.loads(data.decode())) == repr(table)
    read_or_refused(data)


@pytest.mark.parametrize("data", STARTS)
def test_the_files_that_are_mutated_are_good(data: bytes) -> None:
    assert read_or_refused(data) is not None


shares = st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(lambda s: sum(s) > 0.01)


@many
@given(st.floats(0, 10_000), shares, shares)
def test_shares_that_sum_to_1_are_read_and_paid_in_full(
    total: float, sides: list[float], split: list[float]
) -> None:
    def by_name(names: tuple[str, ...], amounts: list[float]) -> dict[str, float]:
        return {n: amount / sum(amounts) for n, amount in zip(names, amounts, strict=True)}

    funding = {"total": total, **by_name(SIDES, sides)}
    cooperation = by_name(LEVERS_OF_SIDE["cooperation"], split)
    table = {"title": "t", "summary": "s", "funding": funding | {"cooperation_split": cooperation}}
    scenario = read_or_refused(toml_file(table))
    assert scenario is not None
    assert scenario.total() == total
    for name, share in cooperation.items():
        paid = scenario.spend(1)[LEVER_NAMES.index(name)]
        assert paid == pytest.approx(total * funding["cooperation"] * share, rel=1e-6, abs=1e-9)


def paths_of(table: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    pairs = table.items() if isinstance(table, dict) else enumerate(table)
    found = []
    for key, value in pairs:
        found.append((*path, key))
        if isinstance(value, dict | list):
            found += paths_of(value, (*path, key))
    return found


@pytest.mark.slow
@many
@given(st.dictionaries(keys, values, max_size=4))
@example({"a": [[1, {"b": "]"}], [], {"c d": [True]}]})
def test_the_scanner_knows_every_path_that_the_parser_knows(table: dict[str, Any]) -> None:
    lines = scan(toml_file(table).decode())
    assert set(lines.of_path) == set(paths_of(table))
    tops = {path[0]: line for path, line in lines.of_path.items() if len(path) == 1}
    assert tops == {key: n for n, key in enumerate(table, start=1)}


@pytest.mark.parametrize("data", SHIPPED)
def test_the_scanner_knows_the_paths_and_lines_of_the_shipped_files(data: bytes) -> None:
    text = data.decode()
    lines = scan(text)
    assert set(lines.of_path) == set(paths_of(tomllib.loads(text)))
    rows = text.splitlines()
    for path, line in lines.of_path.items():
        if isinstance(path[-1], str):
            assert path[-1] in rows[line - 1]


def test_the_scanner_places_tables_lists_and_many_lined_values() -> None:
    text = (
        'a.b = """\n1 = 2\n""" # c = 1\n"x\\u0079"."z" = [\n  1, # [\n  {q = 1, r = [2]},\n]\n'
        "[[t]]\nk = 1\n[[t]]\n[t.u.v]\nk = 2\n[[t.w]]\nk = 3\n"
    )
    found = scan(text).of_path
    assert set(found) == set(paths_of(tomllib.loads(text)))
    assert found[("a", "b")] == 1
    assert found[("xy", "z")] == 4
    assert found[("xy", "z", 1, "r")] == 6
    assert (found[("t",)], found[("t", 0)], found[("t", 1)]) == (8, 8, 10)
    assert found[("t", 1, "u", "v", "k")] == 12
    assert found[("t", 1, "w", 0, "k")] == 14
