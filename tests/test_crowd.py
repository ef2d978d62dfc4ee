"""The many: as their number grows, people come as close to their limit as chance lets them."""

import crowd_checks as checks
import numpy as np
import pytest
import verified
from lives_by_hand import S, die, escalate_and_relapse, leave, odds
from mean_field import USING, MeanField
from policymix.assumptions import central_world
from policymix.balance import balance
from scipy.stats import t

FALSE_ALARM = 1e-4
"""How often chance alone takes a mean error as far from none as is allowed here."""
LARGE = 16_000
"""People from which communities are large: in a small one each counts among those who tempt all,
and fewer are left to be tempted where more use. That is an error of one over the number."""
FEW = ((1_000, 5_000, 25_000), 8)


@pytest.mark.parametrize(
    "which", [FEW, pytest.param((checks.SIZES, checks.SEEDS), marks=pytest.mark.slow)]
)
def test_the_error_falls_as_one_over_the_root_of_the_number(
    which: tuple[tuple[int, ...], int],
) -> None:
    slope, error = checks.crowd(*which).slope()
    assert slope[-1] == pytest.approx(-0.5, abs=0.1)
    assert error[-1] < 0.1


@pytest.mark.parametrize(
    "which", [FEW, pytest.param((checks.SIZES, checks.SEEDS), marks=pytest.mark.slow)]
)
def test_the_limit_lies_in_the_middle_of_large_crowds(which: tuple[tuple[int, ...], int]) -> None:
    large = np.array(which[0]) >= LARGE
    off = np.abs(checks.crowd(*which).lean()[large])
    assert (2.0 * t.sf(off, which[1] - 1)).min() > FALSE_ALARM


def after(years: int, peer_effect: float) -> dict[int, float]:
    """Stocks under today's mix, relative to the start, in the limit."""
    field = MeanField(balance(central_world().with_values({"peer_effect": peer_effect}), 12))
    states = (S.CASUAL, S.TREATMENT, S.RECOVERY, S.CUSTODY_CASUAL, S.CUSTODY_ADDICTED)
    before = {state: field.share(state) for state in states}
    field.live([(1.0, 1.0)] * 12 * years)
    assert field.at.sum() == pytest.approx(1.0, abs=1e-12)
    return {state: field.share(state) / before[state] for state in states}


def test_without_peers_the_limit_stays_where_the_balance_put_it() -> None:
    for state, relative in after(2, peer_effect=0.0).items():
        assert relative == pytest.approx(1.0, abs=1e-4), state.name


def test_peers_are_counted_in_mid_month_and_casual_users_rise_a_little() -> None:
    """The balance counts them at a month's end, when there are a fiftieth fewer (the page)."""
    start = balance(central_world(), 12)
    middle, now = MeanField(start).at, odds(start)
    for event in (die, leave, escalate_and_relapse):
        event(middle, now)
    using = middle[list(USING)].sum() / start.people.share_using
    assert using == pytest.approx(1.0205, abs=1e-3)
    rise = after(2, peer_effect=central_world().values["peer_effect"])[S.CASUAL] - 1.0
    assert rise == pytest.approx(0.0032, abs=3e-4)


def test_the_path_moves_the_limit_where_people_are() -> None:
    """Else a limit that ignored the path would do as well."""
    start = checks.measured(MeanField(checks.today()))[:-1]  # nobody has died yet
    moved = np.abs(checks.limit()[:-1] / start - 1.0)
    assert moved[list(checks.MEASURED).index("in custody")] > 0.5
    assert moved.min() > 0.01


@pytest.mark.slow
def test_the_page_tells_of_the_many_what_is_measured() -> None:
    verified.is_current("crowd", 0.05)
