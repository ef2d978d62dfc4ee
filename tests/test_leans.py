"""What a result leans on, in words, from tables made for the purpose."""

import pandas as pd
import pytest
from policymix.studies.leaning import LEANING_COLUMNS
from policymix.studies.leans import anchored, doubts
from set_tables import set_difference, summary_of

Row = tuple[str, str, float, float, float]


def summary(middle: float, half: float) -> pd.DataFrame:
    """Scenario `b` has this difference in people with addiction from `a`."""
    table, _ = summary_of(["a", "b"])
    set_difference(table, "b", "addicted", middle, middle - half, middle + half)
    return table


def leaning(*rows: Row) -> pd.DataFrame:
    """Rows of (scenario, assumption, difference, at low, at high) for people with addiction."""
    full = [
        (name, "addicted", assumption, "people", middle, low, high,
         max(abs(low - middle), abs(high - middle)))
        for name, assumption, middle, low, high in rows
    ]  # fmt: skip
    return pd.DataFrame(full, columns=list(LEANING_COLUMNS))


def test_changes_are_put_on_the_simulated_difference() -> None:
    table = anchored(leaning(("b", "p_relapse", 20.0, 50.0, -10.0)), summary(-40.0, 5.0))
    row = table.iloc[0]
    assert (row["difference"], row["at_low"], row["at_high"]) == (-40.0, -10.0, -70.0)
    assert row["swing"] == 30.0


@pytest.mark.parametrize(
    ("first_order", "half", "rough"),
    [(-40.0, 5.0, False), (-49.0, 5.0, False), (-51.0, 5.0, True), (-60.0, 25.0, False),
     (20.0, 5.0, True)],
)  # fmt: skip
def test_a_difference_that_levers_do_not_add_up_to_is_rough(
    first_order: float, half: float, rough: bool
) -> None:
    """Off by more than half the interval and than a quarter of -40."""
    rows = leaning(("b", "p_relapse", first_order, first_order, first_order + 5.0))
    table = anchored(rows, summary(-40.0, half))
    assert bool(table["rough"].iloc[0]) == rough
    assert doubts(table, summary(-40.0, half))["addicted"].rough == (("b",) if rough else ())


def test_a_clear_difference_might_turn_where_an_end_crosses_zero() -> None:
    rows = leaning(
        ("b", "p_relapse", -40.0, -45.0, 10.0),
        ("b", "share_willing_waiting", -40.0, 60.0, -80.0),
        ("b", "p_quit_casual", -40.0, -1.0, -50.0),
    )
    table = anchored(rows, summary(-40.0, 5.0))
    ((name, reasons, more),) = doubts(table, summary(-40.0, 5.0))["addicted"].turns
    assert (name, more) == ("b", 0)
    assert [(r.assumption, bool(r.end)) for r in reasons] == [
        ("share_willing_waiting", True),
        ("p_relapse", True),
    ]
    assert reasons[0].end == "0 share"  # its low end in the ledger


def test_a_flip_is_seen_even_where_first_order_had_the_other_sign() -> None:
    rows = leaning(("b", "share_willing_waiting", 25.0, 145.0, -90.0))
    table = anchored(rows, summary(-40.0, 10.0))
    assert [name for name, _, _ in doubts(table, summary(-40.0, 10.0))["addicted"].turns] == ["b"]


def test_no_sign_turns_where_none_is_clear() -> None:
    rows = leaning(("b", "p_relapse", -4.0, 40.0, -45.0))
    unclear = summary(-4.0, 5.0)
    assert doubts(anchored(rows, unclear), unclear)["addicted"].turns == ()


def test_the_largest_swing_leads_for_each_scenario() -> None:
    rows = leaning(
        ("b", "p_relapse", -40.0, -45.0, -20.0), ("b", "p_quit_casual", -40.0, -41.0, -39.0)
    )
    ((reason, names),) = doubts(anchored(rows, summary(-40.0, 5.0)), summary(-40.0, 5.0))[
        "addicted"
    ].rests
    assert (reason.assumption, names) == ("p_relapse", ("b",))


def test_nothing_measured_is_nothing_said() -> None:
    table = anchored(leaning(), summary(-40.0, 5.0))
    assert all(not d.rests and not d.turns for d in doubts(table, summary(-40.0, 5.0)).values())
