"""From tables to sentences: direction, digits and certainty follow from the interval by rule."""

import math
import re

import pandas as pd
import pytest
from policymix.numerals import with_interval
from policymix.reasons import bridge_table
from policymix.studies.amounts import (
    NO_VALUE,
    Estimate,
    Manner,
    Scale,
    common_scale,
    comparison_text,
    difference_text,
    level_text,
    number,
    scale_of,
    short_text,
)
from policymix.studies.costs import costs_rows
from policymix.studies.measures import HEADLINES, SIDE_EFFECTS
from policymix.studies.question import ask
from policymix.studies.sections import asked_sentence, cards
from policymix.studies.settings import result_notes
from policymix.studies.why import why_rows
from policymix.studies.words import COLUMNS, full_sentences, sentences, terminal_table
from set_tables import set_difference, summary_of

DEATHS = Manner("a year")
MONEY = Manner("USD a year", "lower", "higher")
EVALUATING = re.compile(
    r"\b(better|best|worse|worst|should|must|because|caus\w+|improv\w+|effective|success\w*|fail\w*"
    r"|good|bad|wins?|loses?|saves?|works?)\b",
    re.IGNORECASE,
)


def thousand(*numbers: float) -> Estimate:
    return Estimate(*(1e3 * n for n in numbers))


# --- the sentence --------------------------------------------------------------------------------


def test_a_clear_difference_is_told_with_its_interval() -> None:
    names = ("demand_first", "baseline")
    assert comparison_text("Overdose deaths", thousand(-12.3, -14.5, -10.1), DEATHS, names) == (
        "Overdose deaths: 12.3 thousand a year fewer under demand_first than under baseline "
        "(95 % interval 10.1 to 14.5 fewer)."
    )
    assert comparison_text("Cartel revenue", Estimate(2e9, 1.2e9, 2.8e9), MONEY, names) == (
        "Cartel revenue: 2.00 billion USD a year higher under demand_first than under baseline "
        "(95 % interval 1.20 to 2.80 higher)."
    )


def test_an_interval_that_spans_zero_is_no_clear_difference_and_has_no_middle() -> None:
    told = comparison_text("Deaths", Estimate(1234, -2000, 4468), DEATHS, ("a", "b"))
    assert told == (
        "Deaths: no clear difference under a from b (95 % interval 2,000 fewer to 4,500 more "
        "a year)."
    )
    assert "1,2" not in told
    wide = difference_text(Estimate(0.1e6, -0.2e6, 0.5e6), Manner())
    assert wide == "no clear difference (95 % interval 200 fewer to 500 more, in thousand)"


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ((0.0, 50.0), "0 to 50 more"),
        ((-50.0, 0.0), "50 fewer to 0"),
        ((-0.004, 50.0), "0 to 50 more"),
        ((-0.0, 50.0), "0 to 50 more"),
    ],
)
def test_an_interval_that_touches_zero_is_not_clear(ends: tuple[float, float], told: str) -> None:
    found = difference_text(Estimate(sum(ends) / 2, *ends), Manner())
    assert found == f"no clear difference (95 % interval {told})"


def test_a_clear_interval_never_reads_as_if_it_held_zero() -> None:
    assert difference_text(Estimate(25, 0.004, 50), Manner()) == (
        "25 more (95 % interval just over 0 to 50 more)"
    )


def test_one_replicate_has_no_interval_and_says_so() -> None:
    assert difference_text(Estimate(-1234.5), DEATHS) == (
        "1,200 a year fewer (one replicate: no interval, may be chance)"
    )
    assert difference_text(Estimate(0.0), DEATHS) == "no difference (one replicate: no interval)"
    told = comparison_text("Deaths", Estimate(5.0), DEATHS, ("a", "b"))
    assert told == (
        "Deaths: 5.0 a year more under a than under b (one replicate: no interval, may be chance)."
    )


def test_identical_scenarios_do_not_differ() -> None:
    told = comparison_text("Deaths", Estimate(0.0, 0.0, 0.0), DEATHS, ("a", "b"))
    assert told == (
        "Deaths: no difference seen under a from b (the same in every replicate: no interval)."
    )


def test_what_is_the_same_in_every_replicate_is_told_so_and_proves_nothing() -> None:
    found = difference_text(Estimate(5e9, 5e9, 5e9 + 1e-6), MONEY)
    assert found == (
        "no clear difference (5.00 billion USD a year higher, the same in every replicate: no "
        "interval)"
    )


@pytest.mark.parametrize("amount", [0.0, -720.0])
def test_no_width_is_told_in_words_wherever_an_interval_would_stand(amount: float) -> None:
    assert with_interval(amount, amount, amount, 0).endswith(" (the same in every replicate)")
    assert with_interval(amount, amount - 1, amount + 1, 0).count(" to ") == 1
    assert short_text(Estimate(amount, amount, amount), 0) == f"{amount:+.0f} (same)"
    summary, _ = summary_of(["baseline", "a"])
    assert "same" not in str(terminal_table(summary, "baseline").caption)
    set_difference(summary, "a", "addicted", amount, amount, amount)
    assert str(terminal_table(summary, "baseline").caption).endswith(
        "(same): the same in every replicate."
    )
    assert "the same in every replicate, under a" in sentences(summary, "baseline")[1]


def test_no_number_makes_no_claim() -> None:
    nothing = Estimate(math.nan, math.nan, math.nan)
    assert difference_text(nothing, DEATHS) == NO_VALUE
    assert level_text(nothing, DEATHS) == NO_VALUE
    assert comparison_text("D", nothing, DEATHS, ("a", "b")) == f"D: {NO_VALUE} under a from b."
    assert scale_of([nothing]).factor == 1.0


# --- digits --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("estimate", "told"),
    [
        (Estimate(12.3456, 10.1, 14.5912), "12.3 more (95 % interval 10.1 to 14.6 more)"),
        (Estimate(9_999, 9_000, 10_998), "10.0 thousand more (95 % interval 9.0 to 11.0 more)"),
        (Estimate(0.5, 0.4004, 0.5996), "0.50 more (95 % interval 0.40 to 0.60 more)"),
        (
            Estimate(3.2e-7, 1.1e-7, 5.3e-7),
            "0.00000032 more (95 % interval 0.00000011 to 0.00000053 more)",
        ),
        (
            Estimate(7.7e15, 2.1e15, 1.33e16),
            "7,700 trillion more (95 % interval 2,100 to 13,300 more)",
        ),
        (Estimate(-950, -1800, -100), "950 fewer (95 % interval 100 to 1,800 fewer)"),
    ],
)
def test_numbers_have_the_digits_that_the_interval_supports(estimate: Estimate, told: str) -> None:
    assert difference_text(estimate, Manner()) == told


@pytest.mark.parametrize("exponent", range(-9, 15))
@pytest.mark.parametrize("half", [0.96, 1.0, 3.3, 9.96])
def test_half_an_interval_never_has_more_than_two_digits(exponent: int, half: float) -> None:
    estimate = Estimate(70 * 10.0**exponent, *(x * 10.0**exponent for x in (70 - half, 70 + half)))
    shown = number(half * 10.0**exponent, estimate.decimals())
    assert len(shown.replace(",", "").replace(".", "").strip("0")) <= 2
    assert float(shown.replace(",", "")) == pytest.approx(half * 10.0**exponent, rel=0.05)


def test_levels_have_the_digits_of_their_interval() -> None:
    assert level_text(thousand(81.4321, 79.0, 83.8), DEATHS) == "81.4 thousand a year"
    assert level_text(Estimate(123456), DEATHS) == "120 thousand a year"


def test_levels_have_three_digits_at_most_however_narrow_the_interval() -> None:
    assert level_text(Estimate(0.416431, 0.41642, 0.41644), Manner("of 1")) == "0.416 of 1"
    assert level_text(Estimate(348.921, 348.9, 348.94), Manner()) == "349"


def test_level_and_difference_share_a_scale_unless_the_difference_would_be_lost() -> None:
    level = Estimate(7.2e6)
    assert common_scale([level], [Estimate(0.2e6)]) == Scale(1e6, "million")
    assert common_scale([level], [Estimate(900.0)]).word == ""


def test_the_intervals_end_keeps_its_sign_when_the_unit_turns() -> None:
    turned = Estimate(1, 0.5, 2) * -1
    assert (turned.middle, turned.low, turned.high) == (-1, -2, -0.5)
    assert turned.direction == -1


# --- tables made for the purpose ------------------------------------------------------------------


def test_every_headline_outcome_has_a_sentence_for_every_scenario() -> None:
    summary, _ = summary_of(["baseline", "a", "b"])
    set_difference(summary, "a", "overdose_deaths", -1_000.0, -1_200.0, -800.0)
    told = full_sentences(summary, "baseline")
    assert len(told) == 2 * len(HEADLINES)
    assert told[2] == (
        "Overdose deaths: 12.0 thousand a year fewer under a than under baseline "
        "(95 % interval 9.6 to 14.4 fewer)."
    )
    assert [one.partition(":")[0] for one in told[::2]] == [one.title for one in HEADLINES]


def test_words_and_terminal_agree_on_what_is_clear() -> None:
    summary, _ = summary_of(["baseline", "a"])
    for numbers, word in (
        ((-5.0, -6.0, -4.0), "fewer"),
        ((5.0, 4.0, 6.0), "more"),
        ((5.0, -4.0, 14.0), "no clear difference"),
        ((5.0, 0.0, 10.0), "no clear difference"),
        ((5.0, 5.0, 5.0), "no clear difference"),
    ):
        set_difference(summary, "a", "addicted", *numbers)
        assert word in sentences(summary, "baseline")[1]
        assert word in full_sentences(summary, "baseline")[0].split("(")[0]
    assert len(COLUMNS) == len(HEADLINES)


def test_words_never_judge_and_never_claim_a_cause() -> None:
    names = ["baseline", "demand_first", "combined"]
    question = ask(names, replicates=3)
    summary, monthly = summary_of(names)
    told = [
        *full_sentences(summary, "baseline"),
        asked_sentence(question),
        *(text for card in cards(summary, question) for text in (card.title, card.level)),
        *(
            text
            for _, texts in why_rows(bridge_table(summary, monthly, "baseline"))
            for text in texts
        ),
        *(text for row in costs_rows(question, summary) for text in row),
        *(measure.title for group in SIDE_EFFECTS for measure in group.measures),
    ]
    assert [text for text in told if EVALUATING.search(text)] == []
    assert EVALUATING.search("This works better")


# --- what must be said beside good news ----------------------------------------------------------


def summary_with_survivors(deaths: float, addicted: float) -> pd.DataFrame:
    """Two scenarios; `b` differs by these amounts, each with an interval of a tenth about it."""
    summary, _ = summary_of(["a", "b"])
    for outcome, middle in (("overdose_deaths", deaths), ("addicted", addicted)):
        span = abs(middle) / 10
        set_difference(summary, "b", outcome, middle, middle - span, middle + span)
    return summary


@pytest.mark.parametrize(
    ("deaths", "addicted", "said"),
    [(-1e5, 5e4, True), (-1e5, -5e4, False), (1e5, 5e4, False), (0.0, 5e4, False)],
)
def test_survivors_are_said_where_fewer_die_and_more_have_an_addiction(
    deaths: float, addicted: float, said: bool
) -> None:
    told = " ".join(sentences(summary_with_survivors(deaths, addicted), "a"))
    assert ("whoever survives" in told) == said
    assert ("b (100,000 fewer deaths in all)" in told) == said


def test_nothing_is_said_of_survivors_where_every_replicate_is_the_same() -> None:
    summary = summary_with_survivors(-1e5, 5e4)
    set_difference(summary, "b", "overdose_deaths", -1e5, -1e5, -1e5)
    assert "whoever survives" not in " ".join(sentences(summary, "a"))


def test_money_without_use_and_a_price_at_its_bound_are_said() -> None:
    summary, _ = summary_of(["a", "b"])
    summary.loc[summary["outcome"] == "price_at_bound", "mean"] = 0.0
    rows = (summary["outcome"] == "price_at_bound") & (summary["statistic"] == "mean")
    summary.loc[rows, "mean"] = [0.0, 0.25]
    budget = pd.DataFrame({"scenario": ["a", "b"], "asked": [42.5, 42.5], "spent": [42.4, 40.0]})
    first, second = result_notes(budget, summary)
    assert first == "Money that found no use, billion USD a year: a 0.1 of 42.5, b 2.5 of 42.5."
    assert second.endswith("in these shares of months: b 25%.")
    calm = summary[summary["scenario"] == "a"]
    assert result_notes(budget.head(1), calm) == []
