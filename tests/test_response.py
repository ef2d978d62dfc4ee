"""What services do to people's conditions: nothing at today's, limits at both ends."""

from dataclasses import replace

import numpy as np
import pytest
from policymix.assumptions import central_world
from policymix.dice import Event, address, die
from policymix.hazards import Conditions
from policymix.levers import LEVER_NAMES
from policymix.response import Responses

WORLD = central_world()
RESPONSES = Responses.of(WORLD)
ALL_TODAY = dict.fromkeys(LEVER_NAMES, 1.0)


def potency(seed: int, month: int, responses: Responses = RESPONSES) -> float:
    return responses.potency(die(address(seed), month, Event.POTENCY), month)


def conditions(**volumes: float) -> Conditions:
    return RESPONSES.conditions(
        ALL_TODAY | volumes, rel_price=1.0, potency=1.0, custody_treatment=0.0
    )


def test_today_s_volumes_make_today_s_conditions() -> None:
    now = RESPONSES.today()
    assert now == conditions()
    ratios = (now.policing, now.overdose, now.care, now.willingness, now.burden_fading)
    assert ratios == pytest.approx((1.0,) * 5)
    assert now.places == pytest.approx(1_260_000)
    assert now.coverage == WORLD.number("share_pupils_reached_today", "share")


@pytest.mark.parametrize("lever", LEVER_NAMES)
def test_a_lever_moves_its_own_conditions_and_no_other(lever: str) -> None:
    moves = {
        "policing": {"policing"},
        "treatment": {"places"},
        "prevention": {"coverage"},
        "harm_reduction": {"overdose"},
        "mental_health": {"care"},
        "community": {"willingness", "reentry", "burden_fading"},
    }
    before, after = conditions(), conditions(**{lever: 1.5})
    moved = {name for name in vars(before) if getattr(before, name) != getattr(after, name)}
    assert moved == moves.get(lever, set())


def test_each_next_kit_saves_fewer_and_no_number_of_kits_saves_all() -> None:
    overdose = [conditions(harm_reduction=kits).overdose for kits in np.arange(0.0, 12.0, 0.5)]
    assert (np.diff(overdose) < 0.0).all()
    assert (np.diff(overdose, 2) > 0.0).all()
    witnessed = WORLD.number("share_overdoses_witnessed", "share")
    most = witnessed * WORLD.number("share_fatality_averted_by_naloxone", "share")
    at_most = conditions(harm_reduction=1e9).overdose / conditions(harm_reduction=0.0).overdose
    assert at_most == pytest.approx(1.0 - most)


def test_the_kits_of_saturation_reach_four_fifths_of_witnessed_overdoses() -> None:
    unit = "kits/100,000 people/year"
    enough = WORLD.number("kits_per_100k_saturated", unit) / WORLD.number(
        "kits_per_100k_today", unit
    )
    none, some, all_ = (conditions(harm_reduction=v).overdose for v in (0.0, enough, 1e9))
    assert (none - some) / (none - all_) == pytest.approx(0.8)


def test_care_and_outreach_answer_by_the_ledger() -> None:
    reached = WORLD.number("share_reached_by_care_today", "share")
    averted = WORLD.number("share_averted_by_care", "share")
    care = conditions(mental_health=2.0).care
    assert care == pytest.approx((1 - 2 * reached * averted) / (1 - reached * averted))
    twice = conditions(community=2.0)
    outreach = WORLD.number("outreach_effect_on_willingness", "ratio")
    fading = WORLD.number("outreach_effect_on_burden", "ratio")
    assert twice.willingness == pytest.approx(1.0 + outreach)
    assert twice.burden_fading == pytest.approx(1.0 + fading)
    assert twice.reentry == pytest.approx(2 * RESPONSES.today().reentry)


@pytest.mark.parametrize("volume", [0.0, 1e9])
def test_conditions_stay_possible_without_money_and_with_all_of_it(volume: float) -> None:
    now = conditions(**dict.fromkeys(LEVER_NAMES, volume))
    assert 0.0 <= now.coverage <= 1.0
    assert 0.0 <= now.reentry <= 1.0
    assert min(vars(now).values()) >= 0.0
    eager = replace(RESPONSES, outreach=2.0, outreach_on_burden=3.0)
    asked = ALL_TODAY | {"community": volume}
    now = eager.conditions(asked, rel_price=1.0, potency=1.0, custody_treatment=0.0)
    assert min(now.willingness, now.burden_fading) >= 0.0


def test_prevention_beyond_every_pupil_reaches_nobody_more() -> None:
    most = RESPONSES.most_prevention()
    assert conditions(prevention=0.99 * most).coverage < 1.0
    assert conditions(prevention=most).coverage == pytest.approx(1.0)
    assert conditions(prevention=2.0 * most).coverage == 1.0


def test_potency_swings_about_today_s_within_the_ledger_s_bounds() -> None:
    months = np.array([potency(1, month) for month in range(1, 601)])
    share, swing = (WORLD.number(f"share_fentanyl_{name}", "share") for name in ("today", "swing"))
    extra = WORLD.number("rel_overdose_fentanyl", "ratio") - 1.0
    most = extra * swing / (1.0 + extra * share)
    assert (np.abs(months - 1.0) <= most).all()
    assert np.abs(months - 1.0).max() > 0.95 * most
    assert abs(months.mean() - 1.0) <= 4.9 * most / np.sqrt(3 * 600)
    assert potency(1, 5) != potency(2, 5)
    assert potency(1, 5) == months[4]


def test_potency_ends_where_all_or_none_of_the_supply_is_fentanyl() -> None:
    extra = WORLD.number("rel_overdose_fentanyl", "ratio") - 1.0
    today = 1.0 + extra * WORLD.number("share_fentanyl_today", "share")
    for a_year, end in ((0.5, (1.0 + extra) / today), (-0.5, 1.0 / today)):
        trend = Responses.of(WORLD.with_values({"share_fentanyl_change_per_year": a_year}))
        assert potency(1, 600, trend) == pytest.approx(end)
    steady = replace(RESPONSES, fentanyl_swing=0.0)
    assert {potency(1, month, steady) for month in range(1, 100)} == {1.0}
