"""The many: as their number grows, people come as close to their limit as chance lets them."""

import crowd_checks as checks
import numpy as np
import pytest
import verified
from mean_field import MeanField
from policymix.balance import Balanced
from policymix.people import initial_population
from lives_by_hand import S

LIMIT = 4.9
"""Standard errors that chance alone exceeds once in a million."""
FEW = ((1_000, 4_000, 16_000, 64_000), 16)


@pytest.mark.parametrize(
    "which", [FEW, pytest.param((checks.SIZES, checks.SEEDS), marks=pytest.mark.slow)]
)
def test_the_error_falls_as_one_over_the_root_of_the_number(which: tuple) -> None:
    slope, error = checks.crowd(*which).slope()
    assert slope[-1] == pytest.approx(-0.5, abs=0.1)
    assert error[-1] < 0.05


@pytest.mark.parametrize(
    "which", [FEW, pytest.param((checks.SIZES, checks.SEEDS), marks=pytest.mark.slow)]
)
def test_the_limit_lies_in_the_middle_of_large_crowds(which: tuple) -> None:
    assert np.abs(checks.crowd(*which).lean()[2:]).max() < LIMIT


def test_where_nothing_changes_the_limit_stays_where_the_balance_put_it() -> None:
    field = MeanField(checks.today())
    before = field.at.sum(axis=(1, 2))
    field.live([(1.0, 1.0)] * 24)
    assert field.at.sum() == pytest.approx(1.0, abs=1e-12)
    steady = (S.CASUAL, S.TREATMENT, S.RECOVERY, S.CUSTODY_CASUAL, S.CUSTODY_ADDICTED)
    for state in steady:
        np.testing.assert_allclose(field.at.sum(axis=(1, 2))[state], before[state], rtol=2e-3)


def test_the_path_moves_the_limit_by_more_than_large_crowds_are_off() -> None:
    """Else a limit that ignored the path would do as well."""
    left_alone = MeanField(checks.today())
    left_alone.live([(1.0, 1.0)] * len(checks.PATH))
    still = np.array([
        left_alone.share(*of) if of else left_alone.deaths for of in checks.MEASURED.values()
    ])
    moved = np.abs(checks.limit() / still - 1.0)
    assert (moved > 2.0 * checks.crowd(*FEW).rms()[-1])[[0, 1, 3]].all()


@pytest.mark.slow
def test_the_page_tells_of_the_many_what_is_measured() -> None:
    verified.is_current("crowd", verified.crowd())
