"""Chances month by month are those of each month."""

from dataclasses import fields, replace

import numpy as np
import pytest
from policymix.assumptions import central_world
from policymix.balance import balance
from policymix.hazards import Chances, ChancesByMonth, Conditions, chances


@pytest.mark.parametrize("name", [one.name for one in fields(Conditions)])
def test_what_changes_is_worked_out_anew_whatever_it_is(name: str) -> None:
    balanced = balance(central_world(), 12)
    people, today = balanced.people, balanced.responses.today()
    other = replace(today, **{name: 0.5 * getattr(today, name) + 0.1})
    vulnerability = people.cell_vulnerability
    by_month = ChancesByMonth(people.rates, vulnerability)
    for now in (today, other, today, today, other):
        found, wanted = by_month(now), chances(people.rates, now, vulnerability)
        for field in Chances._fields:
            np.testing.assert_array_equal(getattr(found, field), getattr(wanted, field), field)
