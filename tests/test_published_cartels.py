"""Cartels beside the published equations: what they say is met, and what differs is explained."""

import re

import cartel_ladder
import numpy as np
import published_cartels as published
import pytest
import verified
from cartel_ladder import Rung
from policymix.shipped import shipped_folder
from published_cartels import TO_2022, TO_2027, Members, Rules, even, outcomes, uneven

ARRESTS, RECRUITMENT = published.EXPERIMENTS[1:]
FEW = 4
"""Seeds: enough for a direction."""


@pytest.fixture(scope="module")
def by_allies() -> tuple[Rules, Members, Members]:
    """The equations in which the largest fight less, with the groups of 2012 and of 2022."""
    rules, groups = uneven()
    return rules, groups, rules.after(groups, TO_2022)


def row(name: str) -> str:
    """A row of the evidence."""
    text = (shipped_folder() / "ledger" / "evidence.md").read_text(encoding="utf-8")
    found = re.search(rf"^\| {name} \|.*$", text, re.MULTILINE)
    assert found, name
    return found[0]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("F1", "175,000"),
        ("F2", f"{published.GROUPS}, size ~ 1/rank"),
        ("F3", f"{published.MEMBERS_2012:,.0f}"),
        ("F4", f"{1e3 * published.RHO:.3f}e-3"),
        ("F5", f"| {published.ETA:.0f} "),
        ("F6", f"{1e8 * published.THETA:.3f}e-8"),
        ("F7", f"| {1e8 * published.OMEGA:.0f}e-8 "),
        ("F9", f"deaths {published.DEATHS_2012:.0f} -> {published.DEATHS_2022:.0f} /wk"),
        ("F10", "members +26% (re-run +23), casualties +40% (re-run +36)"),
        ("F11", "members +6%, deaths +2 to +8% v 2022 (= -14%, -25% v no change)"),
        ("F12", "members -10 to -11%, deaths -25% v 2022"),
        ("F13", "members -35%, deaths -61% after 5 yr"),
    ],
)
def test_the_coefficients_are_those_of_the_evidence(name: str, number: str) -> None:
    assert number in row(name)


def test_the_published_path_from_2012_to_2022(by_allies: tuple[Rules, Members, Members]) -> None:
    rules, before, after = by_allies
    assert before.sum() == pytest.approx(115e3)
    assert after.sum() == pytest.approx(175e3, rel=0.01)
    killed = [rules.killed(groups).sum() for groups in (before, after)]
    assert killed == pytest.approx([67.0, 124.0], rel=1e-6)
    dead = sum(rules.killed(rules.after(before, weeks)).sum() for weeks in range(0, TO_2022, 8)) * 8
    assert dead == pytest.approx(48e3, rel=0.02)  # F8: dead in ten years
    recruits = [published.RHO * groups.sum() for groups in (before, after)]
    assert recruits == pytest.approx([291.0, 439.0], rel=0.02)


@pytest.mark.parametrize(
    ("experiment", "v_2022", "v_no_change"),
    [
        ("no change", (26.0, 40.0), (0.0, 0.0)),
        (ARRESTS, (7.0, 5.0), (-14.0, -25.0)),
        (RECRUITMENT, (-10.0, -25.0), (-27.0, -45.0)),
    ],
)
def test_the_published_experiments_to_2027(
    by_allies: tuple[Rules, Members, Members],
    experiment: str,
    v_2022: tuple[float, float],
    v_no_change: tuple[float, float],
) -> None:
    """In percent, members and deaths: within two of those v 2022, within one of the others."""
    rules, _, groups = by_allies
    found = outcomes(rules, groups, TO_2027)[experiment]
    assert found.v_start == pytest.approx(v_2022, rel=0.0, abs=2.0)
    assert found.v_no_change == pytest.approx(v_no_change, rel=0.0, abs=1.0)


def test_no_recruitment_at_all(by_allies: tuple[Rules, Members, Members]) -> None:
    rules, _, groups = by_allies
    left = Rules(0.0, rules.arrests, 0.0, rules.fighting, rules.saturation).after(groups, TO_2027)
    more = published.more(published.sizes_of(rules, left), published.sizes_of(rules, groups))
    assert more == pytest.approx((-35.0, -61.0), rel=0.0, abs=2.0)


def test_who_fights_whom_decides_the_path_and_hardly_what_a_policy_changes() -> None:
    """All fighting alike: as many members, more deaths, the same differences from no change."""
    rules, groups = even()
    after = rules.after(groups, TO_2022)
    assert after.sum() == pytest.approx(175e3, rel=0.03)
    assert rules.killed(after).sum() > 1.15 * published.DEATHS_2022
    found = outcomes(rules, after, TO_2027)
    assert found[ARRESTS].v_no_change == pytest.approx((-14.0, -25.0), rel=0.0, abs=1.5)
    assert found[RECRUITMENT].v_no_change == pytest.approx((-27.0, -45.0), rel=0.0, abs=1.5)


def test_agents_left_to_themselves_follow_the_equations() -> None:
    paper, agents = cartel_ladder.on_paper()[-1].outcomes, cartel_ladder.agents_alone().outcomes
    for name in published.EXPERIMENTS:
        for which in ("v_start", "v_no_change"):
            np.testing.assert_allclose(
                getattr(agents[name], which), getattr(paper[name], which), atol=1e-9
            )


def deaths(rungs: tuple[Rung, ...], experiment: str) -> np.ndarray:
    return np.array([rung.outcomes[experiment].v_no_change[1] for rung in rungs])


def test_what_halved_recruitment_does_less_is_that_balance_replaces_growth() -> None:
    """With today's losses to replace, recruits are fewer, and half of fewer is less."""
    rungs = (*cartel_ladder.on_paper(), cartel_ladder.agents_alone())
    steps = np.diff(deaths(rungs, RECRUITMENT))
    assert rungs[3].what.startswith("recruitment balances")
    assert steps[2] > 3.0 * np.abs(np.delete(steps, 2)).max()
    rules, groups = cartel_ladder.today()
    fewer = cartel_ladder.balanced_recruitment(rules, groups).recruitment @ groups
    assert fewer == pytest.approx(124 + 110 + 65)
    assert published.RHO * groups.sum() > 1.4 * fewer


@pytest.mark.parametrize("seeds", [FEW, pytest.param(cartel_ladder.SEEDS, marks=pytest.mark.slow)])
def test_in_the_whole_model_both_help_and_recruitment_more(seeds: int) -> None:
    """v no change as in the equations; v the start not, because nothing grows here."""
    found = cartel_ladder.everything_on(seeds).outcomes
    for k in (0, 1):
        assert found[RECRUITMENT].v_no_change[k] < found[ARRESTS].v_no_change[k] < -5.0
        assert found[RECRUITMENT].v_start[k] < found[ARRESTS].v_start[k] < -5.0
    assert found["no change"].v_start[0] == pytest.approx(0.0, abs=2.0)


def test_the_page_tells_of_cartels_on_paper_what_is_measured() -> None:
    verified.is_current("ladder", 0.15)


def test_the_page_s_words_tell_of_cartels_what_is_measured(
    by_allies: tuple[Rules, Members, Members],
) -> None:
    rules, _, allied = by_allies
    alike, before = even()
    after = alike.after(before, TO_2022)
    start, groups = cartel_ladder.today()
    effects = [rung.outcomes for rung in cartel_ladder.on_paper()]
    ratios = [
        found[RECRUITMENT].v_no_change[1] / found[ARRESTS].v_no_change[1]
        for found in (effects[-1], effects[1])
    ]
    steady = cartel_ladder.balanced_recruitment(start, groups)
    words = " ".join(verified.PAGE.read_text(encoding="utf-8").split())
    for said in (
        f"({round(after.sum(), -3):,.0f}; published",
        f"deaths do not ({alike.killed(after).sum():.0f} a week",
        f"how small it is ({rules.fighting.min() / published.THETA:.2f})",
        f"members in 2022 ({round(allied.sum(), -3):,.0f})",
        f"replace the {steady.recruitment @ groups:.0f} members",
        f"of 175,000 are {published.RHO * groups.sum():.0f}",
        f"but {ratios[0]:.1f} times as much instead of {ratios[1]:.1f}",
    ):
        assert said in words


@pytest.mark.slow
def test_the_page_tells_of_cartels_in_the_model_what_is_measured() -> None:
    verified.is_current("model", 0.15)
