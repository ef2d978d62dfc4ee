"""What `margins` says: the lever whose billion lowers and raises most, money without use, pairs."""

import re

import pandas as pd
import pytest
from made_up_mixes import made_up_margins
from policymix.levers import LEVERS
from policymix.margins_readings import MarginsTables
from policymix.studies.margins_words import sentences, terminal_table
from rich.console import Console

OUTCOMES = ("addicted", "overdose_deaths", "cartel_revenue", "cartel_profit")


def tables(
    effects: dict[tuple[str, str], tuple[float, float, float]],
    pairs: dict[tuple[str, str, str], tuple[float, float, float]] | None = None,
) -> MarginsTables:
    """Nothing is clear but what is given: (lever, outcome) and (lever, other, outcome)."""
    names = [lever.name for lever in LEVERS]
    rows = [
        (name, outcome, "", *effects.get((name, outcome), (0.1, -1.0, 1.2)))
        for name in names
        for outcome in (*OUTCOMES, "consumption")
    ]
    rows += [
        (name, "unspent", "", *effects.get((name, "unspent"), (0.0, 0.0, 0.0))) for name in names
    ]
    columns = ["lever", "outcome", "unit", "difference_per_billion", "low", "high"]
    own = pairs or {}
    both = [
        (a, b, outcome, "", *own.get((a, b, outcome), (0.0, -1.0, 1.0)))
        for place, a in enumerate(names)
        for b in names[place + 1 :]
        for outcome in OUTCOMES
    ]
    heads = ["lever", "other", "outcome", "unit", "interaction", "low", "high"]
    return MarginsTables(
        "mine", pd.DataFrame(rows, columns=columns), pd.DataFrame(both, columns=heads)
    )


def lines(given: MarginsTables) -> list[str]:
    return list(sentences(given))


def test_the_lever_that_lowers_most_is_named_with_its_interval() -> None:
    found = lines(
        tables(
            {
                ("treatment", "overdose_deaths"): (-100.0, -110.0, -90.0),
                ("prevention", "overdose_deaths"): (-20.0, -25.0, -15.0),
                ("policing", "overdose_deaths"): (10.0, 8.0, 12.0),
            }
        )
    )
    assert found[1] == (
        "- Overdose deaths: lowest with a billion a year more for Medication treatment, 1,200 a "
        "year fewer (95 % interval 1,080 to 1,320 fewer). Clearly fewer too: Prevention. Highest "
        "with a billion a year more for Policing and incarceration, 120 a year more (95 % interval "
        "96 to 144 more)."
    )


def test_levers_whose_intervals_overlap_are_not_told_apart() -> None:
    effects = {
        ("treatment", "cartel_revenue"): (-5.0, -6.0, -4.0),
        ("community", "cartel_revenue"): (-4.5, -5.5, -3.5),
        ("prevention", "cartel_revenue"): (-4.0, -5.0, -3.0),
        ("policing", "cartel_revenue"): (-1.0, -1.5, -0.5),
    }
    found = lines(tables(effects))[2]
    near = "may as well be Community engagement or Prevention. Clearly lower too: Policing"
    assert near in found
    assert "Highest" not in found


def test_nothing_clear_is_said_so_and_names_no_lever() -> None:
    found = lines(tables({}))
    nothing = "no lever's billion makes a clear difference."
    assert [line.endswith(nothing) for line in found[:4]] == [True] * 4
    assert found[4] == "- Of no lever's billion does more than 1 % find no use."
    assert found[5:] == [
        "- No two levers clearly help or spoil each other in any of these outcomes."
    ]
    assert not any(lever.title in line for lever in LEVERS for line in found)


def test_where_it_only_rises_that_comes_first() -> None:
    found = lines(tables({("interdiction", "cartel_profit"): (3.0, 2.0, 4.0)}))[3]
    assert found.startswith(
        "- Cartel profit: no lever's billion makes for clearly lower. Highest with a billion a "
        "year more for Interdiction, 36"
    )


def test_an_interval_without_width_proves_nothing() -> None:
    found = lines(tables({("treatment", "addicted"): (-500.0, -500.0, -500.0)}))[0]
    assert (
        found == "- People with addiction at the end: no lever's billion makes a clear difference."
    )


def test_who_survives_an_overdose_is_still_counted() -> None:
    effects = {
        ("harm_reduction", "overdose_deaths"): (-100.0, -110.0, -90.0),
        ("harm_reduction", "addicted"): (9e3, 8e3, 10e3),
        ("treatment", "overdose_deaths"): (-20.0, -25.0, -15.0),
    }
    (told,) = [line for line in lines(tables(effects)) if line.startswith("- Fewer die and more")]
    assert "for Harm reduction: whoever survives an overdose is still counted" in told


def test_money_without_use_is_told_the_most_first() -> None:
    unused = {
        ("prevention", "unspent"): (1000 / 12 * 0.4, 0.0, 0.0),
        ("treatment", "unspent"): (1000 / 12 * 0.75, 0.0, 0.0),
        ("community", "unspent"): (1000 / 12 * 0.005, 0.0, 0.0),
    }
    assert lines(tables(unused))[4] == (
        "- Money of the billion that finds no use: 75 % for Medication treatment, 40 % for "
        "Prevention."
    )


def test_pairs_are_counted_and_the_strongest_three_named() -> None:
    pairs = {
        ("interdiction", "policing", "addicted"): (-9e3, -10e3, -8e3),
        ("policing", "treatment", "addicted"): (7e3, 6e3, 8e3),
        ("treatment", "community", "addicted"): (-5e3, -6e3, -4e3),
        ("treatment", "prevention", "addicted"): (-3e3, -4e3, -2e3),
        ("prevention", "community", "cartel_profit"): (2.0, 1.0, 3.0),
    }
    first, second, none = lines(tables({}, pairs))[5:]
    assert first == (
        "- People with addiction at the end: in 3 of 78 pairs the two levers clearly help each "
        "other, in 1 they clearly spoil each other. Strongest, against the sum of each alone: "
        "Interdiction with Policing and incarceration, 9.0 thousand fewer; Policing and "
        "incarceration with Medication treatment, 7,000 more; Medication treatment with Community "
        "engagement, 5,000 fewer."
    )
    assert second.startswith("- Cartel profit: in 1 of 78 pairs the two levers clearly spoil each")
    assert none.endswith("spoil each other in: Overdose deaths, Cartel revenue.")


def test_one_replicate_tells_nothing_from_chance() -> None:
    made = made_up_margins()
    bare = [
        table.assign(low=float("nan"), high=float("nan")) for table in (made.margins, made.pairs)
    ]
    found = lines(MarginsTables("baseline", *bare))
    assert found[0] == "- One replicate has no interval: it cannot tell a difference from chance."
    assert len(found) == 2
    assert "±" not in shown(MarginsTables("baseline", *bare)).split("Difference")[0]


def test_no_sentence_says_which_policy_is_good() -> None:
    wrong = re.compile(
        r"\b(best|better|worst|should|because|improve|effective|wins?)\b", re.IGNORECASE
    )
    assert [line for line in lines(made_up_margins()) if wrong.search(line)] == []
    assert all(line.startswith("- ") and line.endswith(".") for line in lines(made_up_margins()))


# --- the table of the terminal --------------------------------------------------------------------


def shown(given: MarginsTables, encoding: str = "utf-8") -> str:
    console = Console(width=100, file=None, highlight=False)
    with console.capture() as capture:
        console.print(terminal_table(given, encoding))
    return capture.get()


def test_the_table_has_a_row_a_lever_by_side_in_a_hundred_columns() -> None:
    found = shown(made_up_margins())
    rows = [line.strip() for line in found.splitlines()]
    starts = [row for row in rows if row in ("supply", "demand", "cooperation")]
    assert starts == ["supply", "demand", "cooperation"]
    assert [row for row in rows if row.startswith(tuple(lever.title for lever in LEVERS))][-1:]
    assert sum(row.startswith(tuple(lever.title for lever in LEVERS)) for row in rows) == 13
    assert max(len(line) for line in found.splitlines()) <= 100


def test_clear_differences_are_marked_in_units_of_a_year() -> None:
    effects = {
        ("treatment", "overdose_deaths"): (-100.0, -110.0, -90.0),
        ("prevention", "overdose_deaths"): (-20.0, -45.0, 5.0),
    }
    found = shown(tables(effects))
    assert re.search(r"Medication treatment .*\* -1,200 ±120 ", found)
    assert re.search(r"Prevention .* -240 ±300 ", found)
    assert "* -240" not in found


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_old_terminals_can_print_it(encoding: str) -> None:
    shown(made_up_margins(), encoding).replace("─", "").encode("ascii")
