"""Scenario files that the program writes: fully resolved ones, and one to start from."""

from math import fsum

import pytest
from policymix.assumptions import central_world, ledger
from policymix.errors import InputError
from policymix.label import LABEL
from policymix.levers import LEVER_NAMES, today_spend
from policymix.scenario import (
    SETUP_BOUNDS,
    Funding,
    Phase,
    Scenario,
    Setup,
    load_scenario,
    new_scenario_text,
    parse_scenario,
    resolved_toml,
    shipped_names,
)

TODAY = tuple(today_spend(central_world()).values())


@pytest.mark.parametrize("name", shipped_names())
def test_a_resolved_scenario_names_every_number_and_loads_to_an_equal_one(name: str) -> None:
    scenario = load_scenario(name)
    text = resolved_toml(scenario)
    assert parse_scenario(text.encode(), name) == scenario
    assert text.startswith(f"# {LABEL}\n")
    for entry in ledger().values():
        assert f"\n{entry.name} = " in text
    for key in (*LEVER_NAMES, *SETUP_BOUNDS):
        assert f"\n{key} = " in text


def test_a_resolved_scenario_keeps_every_detail() -> None:
    scenario = Scenario(
        name="odd",
        title='"Q"\\\n\t\r\u0007\u007f\u202e\U000e0001 größe #',
        summary="]",
        phases=(
            Phase(1, 0, Funding(tuple(0.1 * n / 3 for n in range(13)))),
            Phase(14, 7, Funding(tuple(1e-9 * n for n in range(13)), treatment_in_custody=True)),
            Phase(599, 600, Funding((0.0,) * 13)),
        ),
        assumptions={"share_seized": 0.1 + 0.2, "spend_treatment": 12.0},
        setup=Setup(1_000, 600, 50),
    )
    text = resolved_toml(scenario)
    assert parse_scenario(text.encode(), "odd") == scenario
    assert "\\u202e" in text
    assert all(line.isprintable() for line in text.split("\n"))


def test_a_new_scenario_is_valid_as_written_and_todays_mix() -> None:
    text = new_scenario_text("my_mix")
    scenario = parse_scenario(text.encode(), "my_mix")
    assert scenario.title == "My mix"
    assert scenario.total() == fsum(TODAY)
    assert scenario.spend(1) == tuple(TODAY)
    lines = text.splitlines()
    assert lines[:2] == ["#:schema ./scenario.schema.json", f"# {LABEL}"]
    assert max(map(len, lines[2:])) <= 100


def test_a_new_scenario_stays_valid_with_every_commented_line_in_use() -> None:
    lines = new_scenario_text("my_mix").splitlines()[2:]
    used = [line[1:] if line[:1] == "#" and line[1:2] not in (" ", "") else line for line in lines]
    scenario = parse_scenario("\n".join(used).encode(), "my_mix")
    assert len(scenario.phases) == 2
    assert len(scenario.assumptions) == 1
    assert scenario.treatment_in_custody(1)


def test_a_new_scenario_takes_any_title_and_refuses_bad_names() -> None:
    title = 'Say "no" {now}\n[x]\u202e'
    assert parse_scenario(new_scenario_text("a", title).encode(), "a").title == title
    assert new_scenario_text("a", schema="../s.json").startswith("#:schema ../s.json\n")
    for name, title in (("../x", ""), ("a", " "), ("a", "x" * 201)):
        with pytest.raises(InputError):
            new_scenario_text(name, title)
