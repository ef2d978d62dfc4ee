"""What `robust` says of a ranking: how often it holds, and in which worlds it does not."""

import re
from dataclasses import replace

from made_up_robust import TWO, alike_in, all_alike, made_up_robust
from policymix.studies.robust_words import sentence, sentences, terminal_table

PAIR = ("ahead", "be-hind")
TABLES = made_up_robust(TWO)


def test_the_box_is_told_with_the_worlds_that_had_no_part_in_finding_it() -> None:
    told = sentence(TABLES, PAIR, "cartel_profit")
    check = TABLES.checks[TABLES.checks["outcome"] == "cartel_profit"].iloc[0]
    assert told.startswith("ahead leaves cartels less profit than be-hind in 90 %")
    assert "share of shipments that patrols seize today" in told
    assert "(grade C: weak)" in told
    assert f"There be-hind has less in {check['inside_reversed']} of {check['inside']} " in told
    assert f"elsewhere in 0 of {check['outside']} (0 %)." in told


def test_a_ranking_that_is_never_reversed_is_said_so() -> None:
    told = sentence(TABLES, PAIR, "overdose_deaths")
    assert re.fullmatch(
        r"ahead has fewer overdose deaths than be-hind in 100 % \(.*\) of 200 worlds, and be-hind "
        "has less in none.",
        told,
    )


def test_without_a_box_nothing_is_made_up() -> None:
    told = sentence(TABLES, PAIR, "cartel_revenue")
    assert told.startswith("be-hind leaves cartels less revenue than ahead")
    assert told.endswith(" explains the 28 in which ahead has less.")


def test_worlds_in_which_both_are_alike_are_counted() -> None:
    some = alike_in(TABLES, "overdose_deaths", range(1, 31))
    assert ", both are alike in 30, and be-hind has less in none." in sentence(
        some, PAIR, "overdose_deaths"
    )
    every = all_alike(TABLES, "addicted")
    told = sentence(every, PAIR, "addicted")
    assert re.fullmatch(
        r"Under ahead and be-hind, [a-z ]+ come out alike in all 200 worlds\.", told
    )


def test_every_pair_and_outcome_has_its_sentence_in_order() -> None:
    three = made_up_robust(["a", "b", "c"])
    lines = list(sentences(three))
    assert len(lines) == 12
    assert all(line.startswith("- ") for line in lines)
    pairs = [list(dict.fromkeys(re.findall(r"\b[abc]\b", line[2:]))) for line in lines[::4]]
    assert pairs == [["a", "b"], ["a", "c"], ["b", "c"]]


def test_old_terminals_can_print_every_sentence() -> None:
    told = " ".join(sentences(TABLES))
    assert "price elasticity of demand is at least -0.72" in told
    told.encode("ascii")


def test_of_very_many_worlds_all_are_counted_though_few_are_drawn() -> None:
    few = replace(TABLES, draws=TABLES.draws[TABLES.draws["world"] <= 100])
    for outcome in ("addicted", "overdose_deaths"):
        assert sentence(few, PAIR, outcome) == sentence(TABLES, PAIR, outcome)
    columns = [[list(c.cells) for c in terminal_table(one).columns] for one in (few, TABLES)]
    assert columns[0] == columns[1]


def test_the_table_counts_worlds_in_which_both_are_alike() -> None:
    some = alike_in(all_alike(TABLES, "addicted"), "overdose_deaths", range(1, 31))
    cells = [next(iter(column.cells)) for column in terminal_table(some).columns]
    assert cells[1] == "alike in all"
    assert str(cells[2]).endswith("\nalike in 15 %")
    assert "alike" not in str(cells[4])
