"""The model sheet: its tables are current, and it speaks of everything that the model has."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from policymix.assumptions import ledger
from policymix.errors import InputError
from policymix.label import LABEL
from policymix.levers import LEVER_NAMES
from policymix.model import MONTH
from policymix.outcomes import OUTCOME_NAMES
from policymix.sheet import PARTS, main, refreshed
from prose import FENCED, GENERATED, PACKAGE, ROOT, known_names

SHEET = (ROOT / "model" / "README.md").read_text(encoding="utf-8")
WRITTEN = GENERATED.sub("", SHEET)
DESCRIBED = WRITTEN.split("\n# How to use it\n")[0]

QUESTIONS = (
    *("What is it?", "How it works", "How to use it", "Things to notice", "Things to try"),
    *("Extending the model", "Credits and references"),
)
ODD = (
    *("1 Purpose and patterns", "2 Entities, state variables and scales"),
    *("3 Process overview and scheduling", "4 Design concepts", "5 Initialization"),
    *("6 Input data", "7 Submodels"),
)
CONCEPTS = (
    *("Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction"),
    *("Sensing", "Interaction", "Stochasticity", "Collectives", "Observation"),
)
NAMED_BY_PREFIX = ("spend_", "rel_most_", "strength_")
"""Families of assumptions that the text may name together."""
SYMBOLS = frozenset({"passed_j", "pull_c", "heat_k", "rho_k", "drift_n", "sum_k"})
"""Symbols of formulas; those with one or two letters before the underscore need no entry."""


# --- the rules, as functions of a text -----------------------------------------------------------


def unknown_symbols(text: str) -> list[str]:
    """Names with an underscore inside formulas that neither the ledger nor the code has."""
    names = {n for _, block in FENCED.findall(text) for n in re.findall(r"[A-Za-z]\w*_\w+", block)}
    return sorted(name for name in names if not (is_symbol(name) or name in known_names()))


def is_symbol(name: str) -> bool:
    before, _, after = name.partition("_")
    if before == "v":
        return after in {*LEVER_NAMES, "lever"}
    return len(before) <= 2 or name in SYMBOLS


def section(heading: str) -> str:
    """The text from `heading` to the next heading of any level."""
    after = WRITTEN.split(f"\n## {heading}\n", 1)[1]
    return re.split(r"^#", after, maxsplit=1, flags=re.MULTILINE)[0]


def headings(level: int) -> list[str]:
    return re.findall(rf"^{'#' * level} (.+)$", FENCED.sub("", WRITTEN), re.MULTILINE)


# --- the generated parts -------------------------------------------------------------------------


@cache
def fresh() -> str:
    return refreshed(SHEET)


def test_the_generated_parts_are_current() -> None:
    assert fresh() == SHEET, "run: python -m policymix.sheet"


def test_each_part_stands_in_the_sheet_once() -> None:
    assert sorted(GENERATED.findall(SHEET)) == sorted(PARTS)
    assert SHEET.count("<!-- generated:") == SHEET.count("<!-- end -->") == len(PARTS)


def test_a_stale_part_is_made_anew_and_the_rest_stays() -> None:
    stale = "before\n<!-- generated: outcomes -->\nold\n<!-- end -->\nafter\n"
    made = refreshed(stale)
    assert made.startswith("before\n<!-- generated: outcomes -->\n| outcome | unit |")
    assert made.endswith("|\n<!-- end -->\nafter\n")
    assert "old" not in made
    assert refreshed(made) == made


def test_a_part_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="outcome: allowed is levers, assumptions, outcomes"):
        refreshed("<!-- generated: outcome -->\n<!-- end -->")


def test_the_command_rewrites_the_sheet_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policymix.sheet.__file__", str(tmp_path / "policymix" / "sheet.py"))
    with pytest.raises(InputError, match="only in a checkout"):
        main()
    sheet = tmp_path / "README.md"
    sheet.write_text("<!-- generated: references -->\n<!-- end -->\n", encoding="utf-8")
    main()
    assert "- **caulkins1999**: " in sheet.read_text(encoding="utf-8")


@pytest.mark.parametrize("part", sorted(PARTS.keys() - {"references", "left_out"}))
def test_rows_of_a_table_have_as_many_cells_as_its_head(part: str) -> None:
    made = fresh().split(f"<!-- generated: {part} -->\n")[1].split("<!-- end -->")[0]
    rows = [line for line in made.splitlines() if line.startswith("|")]
    assert len(rows) > 2
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {rows[0].count("|")}


@pytest.mark.parametrize(
    ("part", "names"),
    [("levers", LEVER_NAMES), ("assumptions", tuple(ledger())), ("outcomes", OUTCOME_NAMES)],
)
def test_a_table_has_a_row_for_every_name_in_order(part: str, names: tuple[str, ...]) -> None:
    made = fresh().split(f"<!-- generated: {part} -->\n")[1].split("<!-- end -->")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", made, re.MULTILINE)) == names


# --- the prose -----------------------------------------------------------------------------------


def test_the_sheet_begins_with_the_label() -> None:
    assert SHEET.split("\n\n")[1] == f"> **{LABEL}**"


def test_it_asks_netlogos_questions_on_odds_numbering() -> None:
    assert tuple(headings(1)[1:]) == QUESTIONS
    assert tuple(headings(2)) == ODD


def test_every_design_concept_is_spoken_about() -> None:
    assert tuple(re.findall(r"^\*\*(.+?)\.\*\*", section(ODD[3]), re.MULTILINE)) == CONCEPTS


def test_the_months_verbs_are_those_of_the_model_in_order() -> None:
    listed = re.findall(r"^\d+\. `(\w+)`", section(ODD[2]), re.MULTILINE)
    assert tuple(listed) == MONTH
    submodels = [title for title in headings(3) if title.startswith("7.")]
    assert [re.findall(r"`(\w+)`", title)[0] for title in submodels[: len(MONTH)]] == list(MONTH)


def test_a_persons_verbs_are_those_of_the_code_in_order() -> None:
    tree = ast.parse((PACKAGE / "lives.py").read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    month = next(node for node in functions if node.name == "live_month")
    lived = re.findall(r"self\.(\w+)\(", ast.unparse(month))
    assert re.findall(r"^- `(\w+)`", section(ODD[2]), re.MULTILINE) == lived


def test_names_in_formulas_exist() -> None:
    assert unknown_symbols(WRITTEN) == []


@pytest.mark.parametrize("name", [n for n in ledger() if not n.startswith(NAMED_BY_PREFIX)])
def test_the_text_says_what_each_assumption_does(name: str) -> None:
    assert re.search(rf"\b{name}\b", DESCRIBED), "describe its formula in section 7"


def test_families_of_assumptions_are_named_by_their_prefix() -> None:
    for prefix in NAMED_BY_PREFIX[:2]:
        assert f"`{prefix}`" in DESCRIBED


# --- every rule sees what breaks it --------------------------------------------------------------


@pytest.mark.parametrize("formula", ["v_polising", "share_seizd * 2", "burden_efect_on_starting"])
def test_a_wrong_name_in_a_formula_is_seen(formula: str) -> None:
    assert unknown_symbols(f"```\nx = {formula}\n```")


def test_good_symbols_pass() -> None:
    assert unknown_symbols("```\nx_k = v_policing * share_seized\n```") == []
