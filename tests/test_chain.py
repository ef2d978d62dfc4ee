"""One person's chain: many simulated people are where the closed form says, interactions off."""

import chain_checks as checks
import numpy as np
import pytest
import verified
from lives_by_hand import DEAD, S
from scipy.stats import norm

LIMIT = float(norm.isf(checks.FALSE_ALARM / 2))
"""Standard errors that chance alone exceeds once in a million."""


@pytest.mark.parametrize("months", checks.AFTER)
@pytest.mark.parametrize("start", checks.STARTS, ids=lambda state: state.name.lower())
def test_people_are_where_the_chain_leads(start: S, months: int) -> None:
    assert checks.probabilities()[start, months] > checks.FALSE_ALARM


@pytest.mark.parametrize("found", checks.findings(), ids=lambda found: found.what)
def test_what_happens_to_people_happens_as_often_as_on_paper(found: checks.Finding) -> None:
    assert abs(found.off) < LIMIT


def test_the_chain_loses_nobody_and_the_dead_stay_dead() -> None:
    chains = checks.chains()
    np.testing.assert_allclose(chains.sum(axis=3), 1.0)
    assert (chains >= 0.0).all()
    assert (chains[:, :, DEAD, DEAD] == 1.0).all()


@pytest.mark.parametrize(("name", "within"), [("person", 0.1), ("places", 0.02)])
def test_the_page_tells_of_the_person_what_is_measured(name: str, within: float) -> None:
    verified.is_current(name, within)
