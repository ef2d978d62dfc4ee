"""The JSON Schema in the folder of scenarios is current, and judges as the loader does."""

import json
import tomllib
from typing import Any

import jsonschema
import pytest
from policymix.assumptions import ledger
from policymix.errors import InputError
from policymix.label import LABEL
from policymix.levers import LEVER_NAMES
from policymix.scenario import (
    load_scenario,
    new_scenario_text,
    parse_scenario,
    resolved_toml,
    shipped_names,
)
from policymix.scenario_schema import SCHEMA_FILE, schema, schema_text
from policymix.shipped import shipped_folder

SCHEMA = json.loads((shipped_folder() / SCHEMA_FILE).read_text(encoding="utf-8"))
HEAD = 'title = "A title"\nsummary = "A summary."\n'
SHARES = "supply = 0.4\ndemand = 0.5\ncooperation = 0.1\n"
LEVERS = "\n".join(f"{name} = 1" for name in LEVER_NAMES) + "\n"


def accepts(table: dict[str, Any]) -> bool:
    return jsonschema.Draft7Validator(SCHEMA).is_valid(table)


def test_the_committed_schema_is_current() -> None:
    current = (shipped_folder() / SCHEMA_FILE).read_text(encoding="utf-8")
    assert current == schema_text(), "write it again: python -m policymix.scenario_schema"


def test_the_schema_is_one_and_carries_the_label() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["label"] == LABEL
    assert schema() == SCHEMA


def test_the_schema_explains_every_assumption_and_key() -> None:
    known = SCHEMA["properties"]["assumptions"]["properties"]
    assert known.keys() == ledger().keys()
    assert known["share_seized"]["maximum"] == ledger()["share_seized"].max
    assert {name: node["title"] for name, node in known.items()} == {
        name: entry.title for name, entry in ledger().items()
    }
    tables = [SCHEMA, *SCHEMA["$defs"].values()]
    described = [node for t in tables for node in t["properties"].values() if "description" in node]
    everything = [node for table in tables for node in table["properties"].values()]
    assert len(everything) - len(described) == 1, "only a phase's funding goes unexplained"


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_and_resolved_scenarios_follow_the_schema(name: str) -> None:
    text = (shipped_folder() / f"{name}.toml").read_text(encoding="utf-8")
    assert accepts(tomllib.loads(text))
    assert accepts(tomllib.loads(resolved_toml(load_scenario(name))))


def test_a_new_scenario_follows_the_schema() -> None:
    assert accepts(tomllib.loads(new_scenario_text("a")))


WRONG = {
    "nothing": "",
    "no summary": 'title = "x"',
    "blank title": 'title = " "\nsummary = "x"',
    "long title": f'title = "{"x" * 201}"\nsummary = "x"',
    "unknown key": HEAD + "titel = 1",
    "text for a number": HEAD + "[funding]\ntotal = '1'\n" + SHARES,
    "boolean for a number": HEAD + "[funding]\ntotal = true\n" + SHARES,
    "total too large": HEAD + "[funding]\ntotal = 10001\n" + SHARES,
    "share above 1": HEAD + "[funding]\n" + SHARES.replace("0.4", "40"),
    "empty funding": HEAD + "[funding]\n",
    "a side missing": HEAD + "[funding]\nsupply = 1\ndemand = 0\n",
    "both forms": HEAD + "[funding]\n" + SHARES + "[funding.levers]\n" + LEVERS,
    "both forms, total": HEAD + "[funding]\ntotal = 13\n[funding.levers]\n" + LEVERS,
    "a lever missing": HEAD + "[funding.levers]\n" + LEVERS.replace("policing = 1\n", ""),
    "a split in part": HEAD + "[funding]\n" + SHARES + "[funding.demand_split]\ntreatment = 1",
    "phase without a mix": HEAD + "[[phases]]\nfrom_year = 1",
    "one phase table": HEAD + "[phases]\nfrom_year = 1",
    "21 phases": HEAD + ("[[phases]]\nfrom_year=1\n[phases.funding]\n" + SHARES) * 21,
    "late phase": HEAD + "[[phases]]\nfrom_year = 51\n[phases.funding]\n" + SHARES,
    "unknown assumption": HEAD + "[assumptions]\nnothing = 1",
    "assumption not permitted": HEAD + "[assumptions]\nshare_seized = 7",
    "few people": HEAD + "[setup]\npeople = 10",
    "part of a cartel": HEAD + "[setup]\ncartels = 1.5",
}


@pytest.mark.parametrize("case", WRONG)
def test_what_the_schema_refuses_the_loader_refuses_too(case: str) -> None:
    assert not accepts(tomllib.loads(WRONG[case]))
    with pytest.raises(InputError):
        parse_scenario(WRONG[case].encode(), "mine")


RIGHT = {
    "smallest": HEAD,
    "total left out": HEAD + "[funding]\n" + SHARES,
    "levers": HEAD + "[funding.levers]\n" + LEVERS,
    "switch": HEAD + "[funding]\ntreatment_in_custody = true\n[funding.levers]\n" + LEVERS,
    "phase": HEAD + "[[phases]]\nfrom_year = 1\n[phases.funding]\n" + SHARES,
    "setup": HEAD + "[setup]\nmonths = 600",
    "assumption": HEAD + "[assumptions]\nshare_seized = 0.3",
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_the_loader_reads_the_schema_accepts(case: str) -> None:
    assert accepts(tomllib.loads(RIGHT[case]))
    assert parse_scenario(RIGHT[case].encode(), "mine")
