"""The JSON Schema of scenario files, derived from their form and the ledger.

Editors read it to complete and check a file; messages read it to say what is allowed. Written
by `python -m policymix.scenario_schema` into the folder of scenarios.
"""

import json
from functools import cache
from typing import Any, Final

from policymix.assumptions import ledger
from policymix.label import LABEL
from policymix.levers import SIDES
from policymix.scenario_file import ScenarioForm, split_key
from policymix.shipped import shipped_folder
from policymix.toml_lines import KeyPath

SCHEMA_FILE: Final = "scenario.schema.json"

type Node = dict[str, Any]


@cache
def schema() -> Node:
    """The schema as a dictionary; not to be changed."""
    tree: Node = _tidy(ScenarioForm.model_json_schema())
    tree["$defs"]["Funding"]["oneOf"] = _two_forms()
    tree["properties"]["assumptions"] |= {
        "additionalProperties": False,
        "properties": {
            name: {
                "title": entry.title,
                "type": "number",
                "minimum": entry.min,
                "maximum": entry.max,
                "description": f"{entry.meaning} Central value {entry.value:,.12g} {entry.unit}.",
            }
            for name, entry in ledger().items()
        },
    }
    # Draft 7: editors' TOML plugins know no later one.
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "label": LABEL}
    return head | {"title": "policymix scenario"} | tree


def schema_text() -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def allowed(path: KeyPath) -> str:
    """What the value at `path` may be, in words; empty for a key that does not exist."""
    node = _node(path)
    match node.get("type"):
        case "number":
            text = f"a number {_bounds(node)}".rstrip()
        case "integer":
            text = f"a whole number {_bounds(node)}"
        case "string":
            text = f"text of 1 to {node['maxLength']:,} characters, in quotes, not only blanks"
        case "boolean":
            text = "true or false"
        case "array":
            text = f"at most {node['maxItems']} tables, each under [[{path[-1]}]]"
        case "object":
            text = "a table"
        case _:
            return ""
    return text


def meaning(path: KeyPath) -> str:
    """The one-line meaning of the key at `path`, empty if it has none."""
    return str(_node(path, follow=False).get("description", ""))


def is_share(path: KeyPath) -> bool:
    """Whether the value at `path` is a share of money, from 0 to 1."""
    node = _node(path)
    return path[0] != "assumptions" and node.get("maximum") == 1 and node.get("type") == "number"


def keys_at(path: KeyPath) -> tuple[str, ...]:
    """The keys that the table at `path` may have."""
    return tuple(_node(path).get("properties", ()))


def required_at(path: KeyPath) -> tuple[str, ...]:
    """The keys that the table at `path` must have."""
    return tuple(_node(path).get("required", ()))


def homes_of(key: str) -> list[str]:
    """The tables that a key belongs in, as their headers are written."""
    tables = ["funding", "funding.levers", *(f"funding.{split_key(side)}" for side in SIDES)]
    homes = [f"[{name}]" for name in [*tables, "setup"] if key in keys_at((*name.split("."),))]
    if key in keys_at(("phases", 0)) and key != "funding":
        homes.append("[[phases]]")
    if key in keys_at(()):
        homes.append("the top of the file")
    return homes or (["[assumptions]"] if key in ledger() else [])


def _node(path: KeyPath, *, follow: bool = True) -> Node:
    node: Node = schema()
    for part in path:
        node = _followed(node)
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(part, {})
    return _followed(node) if follow else node


def _followed(node: Node) -> Node:
    if "$ref" not in node:
        return node
    target: Node = schema()["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return target


def _bounds(node: Node) -> str:
    if "minimum" not in node:
        return ""
    return f"from {node['minimum']:,.12g} to {node['maximum']:,.12g}"


def _two_forms() -> list[Node]:
    shares = ["total", *SIDES, *(split_key(side) for side in SIDES)]
    return [
        {"required": list(SIDES), "not": {"required": ["levers"]}},
        {"required": ["levers"], "not": {"anyOf": [{"required": [key]} for key in shares]}},
    ]


def _tidy(node: Any) -> Any:
    """Without what TOML cannot say (null) and what only repeats the keys (titles)."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "anyOf" in node:
        kept = [option for option in node["anyOf"] if option != {"type": "null"}]
        return _tidy({k: v for k, v in node.items() if k not in ("anyOf", "default")} | kept[0])
    names = {
        key: {name: _tidy(value) for name, value in node[key].items()}
        for key in ("properties", "$defs")
        if key in node
    }
    rest = {k: _tidy(v) for k, v in node.items() if k not in ("title", *names)}
    return rest | names


if __name__ == "__main__":
    (shipped_folder() / SCHEMA_FILE).write_text(schema_text(), encoding="utf-8", newline="\n")
