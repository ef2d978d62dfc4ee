"""What check, explain and new say, and the words and the table that compare shows."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from policymix import explain
from policymix.assumptions import ledger
from policymix.explain import explanation
from policymix.label import LABEL
from policymix.levers import LEVER_NAMES, LEVERS
from policymix.outcomes import OUTCOME_NAMES
from policymix.scenario import load_scenario
from policymix.studies.words import COLUMNS, sentences, terminal_table
from policymix.tables import summary_and_monthly
from rich.console import Console

GOOD = 'title = "{}"\nsummary = "A test."\n'
Run = Callable[..., tuple[int, str, str]]


def last_line(text: str) -> str:
    return text.rstrip("\n").rpartition("\n")[2]


def test_check_says_ok_or_all_that_is_wrong(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD.format("Mine"), encoding="utf-8")
    (tmp_path / "bad.toml").write_text("titel = 1\n[funding]\ntotal = -1\n", encoding="utf-8")
    code, out, err = run("check", "good.toml", "baseline")
    assert code == 0
    assert out.splitlines()[0] == "good.toml: ok. Mine (42.5 billion USD a year)"
    assert last_line(out) == LABEL
    code, _, err = run("check", "bad.toml", "good.toml", "nothing.toml")
    assert code == 2
    for told in ("bad.toml:1: titel", "bad.toml:3: funding.total", "nothing.toml: there is no"):
        assert told in err


def test_check_says_that_a_world_is_impossible_and_why(run: Run, tmp_path: Path) -> None:
    text = 'title = "t"\nsummary = "s"\n[assumptions]\nshare_seized = 0.9\n'
    (tmp_path / "odd.toml").write_text(text, encoding="utf-8")
    code, _, told = run("check", "odd.toml")
    assert code == 2
    assert "odd: impossible world: market: cartels' margin" in told
    assert "share_seized = 0.9 (ledger: 0.2)" in told


def test_new_does_not_take_a_shipped_name(run: Run, tmp_path: Path) -> None:
    code, _, told = run("new", "demand_first")
    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert "demand_first: is a shipped scenario" in told


def test_explain_lists_everything_by_name(run: Run) -> None:
    code, out, _ = run("explain")
    assert code == 0
    for name in (*LEVER_NAMES, *ledger(), *OUTCOME_NAMES):
        assert re.search(rf"^  {name}\b", out, re.MULTILINE), name
    assert last_line(out) == LABEL


def test_explain_knows_every_name(run: Run) -> None:
    for name in (*LEVER_NAMES, *ledger(), *OUTCOME_NAMES):
        code, out, _ = run("explain", name)
        assert code == 0, name
        assert out.startswith(name)
        assert last_line(out) == LABEL
    for name, entry in ledger().items():
        _, out, _ = run("explain", name)
        assert "  used by    nobody" not in out, name
        assert out.splitlines()[0] == f"{name} is an assumption: {entry.title}."
        for part in (
            entry.meaning,
            entry.unit,
            f"{entry.value:,.10g}",
            f"{entry.min:,.10g}",
            entry.why,
        ):
            assert part in out, name
        assert ("weak" in out.partition("grade")[2].splitlines()[0]) == (entry.grade == "C")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("share_seized", "0.1 to 0.45; drawn when worlds are sampled"),
        (
            "n_addicted",
            "3,800,000 to 7,600,000; held when worlds are sampled, for it describes the start",
        ),
        ("n_people", "none; held when worlds are sampled, for it describes the start"),
    ],
)
def test_explain_says_whether_a_number_is_drawn_or_held(run: Run, name: str, told: str) -> None:
    _, out, _ = run("explain", name)
    assert f"  range      {told}" in out.splitlines()


def test_explain_gives_no_reason_where_only_the_range_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fixed = ledger()["share_seized"].model_copy(update={"low": 0.2, "high": 0.2})
    monkeypatch.setattr(explain, "ledger", lambda: {fixed.name: fixed})
    assert "  range      none; held when worlds are sampled" in explanation(fixed.name)


def test_explain_tells_what_a_levers_effect_leans_on(run: Run) -> None:
    for lever in LEVERS:
        assert set(lever.numbers) <= set(ledger()), lever.name
        _, out, _ = run("explain", lever.name)
        for name in (f"spend_{lever.name}", *lever.numbers):
            assert f"    {name} = " in out, name
    _, out, _ = run("explain", "policing")
    assert "usd_per_arrest = 40,000 USD/arrest [C]" in out
    assert "double (19.8): 1.27 times today's volume" in out


def test_explain_spells_out_a_source_and_who_reads_the_number(run: Run) -> None:
    _, out, _ = run("explain", "n_people")
    assert re.search(r"source +\D+ \(20\d\d\)\. ", out)
    assert re.search(r"used by +.*balance", out)


def test_explain_suggests_what_was_meant(run: Run) -> None:
    code, _, err = run("explain", "treatmnt")
    assert code == 2
    assert "Did you mean treatment?" in err


def test_explain_tells_a_row_of_the_evidence_and_what_rests_on_it(run: Run) -> None:
    code, out, _ = run("explain", "F15")
    assert code == 0
    for told in (
        "F15 is a row of the evidence, scenarios/ledger/evidence.md: leader removed: drug violence",
        "  source      Calderon 2015",
        "    share_hostility_fading_per_year: ",
        "    leader_removal: ",
        "    Removing a leader raises violence",
    ):
        assert told in out, told
    _, out, _ = run("explain", "G5")
    assert "RAND's world, rand.toml\n    spend_treatment: " in out
    _, out, _ = run("explain", "H7")
    assert "Nothing in the ledger rests on it." in out


def test_explain_knows_every_row_that_the_ledger_names(run: Run) -> None:
    for name, entry in ledger().items():
        for row in entry.evidence:
            assert f"    {name}: {entry.title}" in list(explanation(row)), row
    code, _, err = run("explain", "f15")
    assert code == 2
    assert "nor has a row of the evidence" in err
    assert "Did you mean F15?" in err


def test_explain_says_what_a_levers_money_buys(run: Run) -> None:
    _, out, _ = run("explain", "prevention")
    for told in ("half (1.45): 0.5 times", "triple (8.7): 14.7 times", "limit     2.5 times"):
        assert told in out, told
    _, out, _ = run("explain", "military_strikes")
    assert "limit     10 times today's: never reached" in out


@pytest.mark.parametrize("name", ["curve.png", "curve.SVG"])
def test_explain_draws_a_levers_curve_with_the_label(run: Run, tmp_path: Path, name: str) -> None:
    code, out, _ = run("explain", "prevention", "--figure", name)
    assert code == 0
    assert out.splitlines()[-2:] == [f"Wrote {name}", LABEL]
    content = (tmp_path / name).read_bytes()
    assert LABEL.encode() in content
    assert content.startswith(b"\x89PNG" if name.endswith("png") else b"<?xml")
    code, _, err = run("explain", "prevention", "--figure", name)
    assert code == 2
    assert "exists already and is left alone" in err
    assert (tmp_path / name).read_bytes() == content


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("prevention", "--figure", "curve.gif"), "allowed is a file .png or .svg"),
        (("n_people", "--figure", "curve.png"), "allowed is a lever: interdiction, "),
        (("--figure", "curve.png"), "allowed is a lever: interdiction, "),
    ],
)
def test_explain_draws_nothing_else(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    code, out, err = run("explain", *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert list(tmp_path.iterdir()) == []


def test_new_writes_a_scenario_that_loads_and_never_over_another(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("new", "my_mix")
    assert code == 0
    assert last_line(out) == LABEL
    path = tmp_path / "my_mix.toml"
    text = path.read_text(encoding="utf-8")
    assert load_scenario(path).total() == pytest.approx(42.5)
    assert text.startswith(f"# {LABEL}")
    path.write_text("mine", encoding="utf-8")
    code, _, err = run("new", "my_mix.toml")
    assert code == 2
    assert "exists already" in err
    assert path.read_text(encoding="utf-8") == "mine"


def test_new_names_the_schema_where_there_is_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "scenario.schema.json").touch()
    run("new", "my_mix")
    first, second = (tmp_path / "my_mix.toml").read_text(encoding="utf-8").splitlines()[:2]
    assert first == "#:schema ./scenarios/scenario.schema.json"
    assert second == f"# {LABEL}"


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".toml", "con", "-x", "a b", "x" * 65])
def test_new_takes_safe_names_only(run: Run, tmp_path: Path, name: str) -> None:
    code, _, _ = run("new", "--", name)
    assert code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def summary() -> pd.DataFrame:
    """A made-up summary of three scenarios."""
    scenarios = np.arange(3)[:, None, None] * np.ones((3, 4, len(OUTCOME_NAMES)))
    records = [1_000 + (1 + k) * scenarios for k in range(3)]
    names = ["baseline", "combined", "demand_first"]
    return summary_and_monthly(names, "baseline", records)[0]


def test_a_difference_whose_interval_spans_zero_is_no_clear_difference(
    summary: pd.DataFrame,
) -> None:
    chosen = (summary.outcome == "addicted") & (summary.statistic == "final")
    for name, interval in (("combined", (-3e5, -1e5)), ("demand_first", (-1e5, 1e5))):
        rows = chosen & (summary.scenario == name)
        summary.loc[rows, ["difference_low", "difference_high"]] = interval
    told = sentences(summary, "baseline")
    assert told[1] == (
        "- people with addiction at the end: fewer under combined; "
        "no clear difference under demand_first."
    )
    assert len(told) == 1 + len(COLUMNS)
    summary.loc[rows, ["difference_low", "difference_high"]] = (1e5, 2e5)
    assert "more under demand_first" in sentences(summary, "baseline")[1]


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", "±"), ("ascii", "+/-")])
@pytest.mark.parametrize("width", [40, 100])
def test_the_table_fits_its_terminal(
    summary: pd.DataFrame, encoding: str, mark: str, width: int
) -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    Console(file=file, width=width).print(terminal_table(summary, "baseline", encoding))
    file.flush()
    shown = file.buffer.getvalue().decode(encoding)
    assert mark in shown
    assert max(map(len, shown.splitlines())) <= width
    assert width < 100 or "demand_first" in shown
