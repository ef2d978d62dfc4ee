"""Where a study came from: enough to repeat it to the same bytes, and nothing of the machine."""

import hashlib
import json
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import policymix
from policymix.errors import InputError
from policymix.problems import quote
from policymix.scenario import BASELINE
from policymix.scenario_parts import SETUP_BOUNDS, Setup
from policymix.scenario_text import name_refusal, resolved_toml
from policymix.shipped import shipped_folder
from policymix.studies.folder import read_json
from policymix.studies.question import Question, ask
from policymix.writing import sha256_of

PACKAGES: Final = ("mesa", "numpy", "scipy", "pandas", "matplotlib", "pydantic")
_LEDGER: Final = ("assumptions.toml", "sources.toml")


def settings(question: Question) -> dict[str, Any]:
    """What was asked, and hashes of everything that was read."""
    setup = question.setup
    return {
        "version": policymix.__version__,
        "commit": _commit(),
        "command": command(question),
        "seed": question.seed,
        "replicates": question.replicates,
        "setup": {name: getattr(setup, name) for name in SETUP_BOUNDS},
        "scenarios": question.names,
        "against": question.reference,
        "assume": dict(question.assume),
        "python": ".".join(map(str, sys.version_info[:3])),
        "packages": {name: version(name) for name in PACKAGES},
        "inputs": {
            **{
                f"scenarios/{s.name}.toml": hashlib.sha256(resolved_toml(s).encode()).hexdigest()
                for s in question.scenarios
            },
            **{f"ledger/{name}": sha256_of(shipped_folder() / "ledger" / name) for name in _LEDGER},
        },
    }


def fingerprint(asked: dict[str, Any]) -> str:
    """Names a study: equal for equal questions, inputs and versions."""
    text = json.dumps({k: v for k, v in asked.items() if k != "commit"}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def command(question: Question) -> str:
    """The command that asks this, without what changes no number."""
    words = ["policymix", "compare", *question.names]
    if question.reference != BASELINE:
        words += ["--against", question.reference]
    words += ["--replicates", str(question.replicates), "--seed", str(question.seed)]
    default = Setup()
    for name in ("people", "months"):
        if getattr(question.setup, name) != getattr(default, name):
            words += [f"--{name}", str(getattr(question.setup, name))]
    for name, value in question.assume.items():
        words += ["--assume", f"{name}={value!r}"]
    return shlex.join(words)


def question_of(provenance: Path) -> tuple[Question, list[str]]:
    """The question of a finished study, from its resolved scenarios, and warnings.

    What is read is data from anywhere: names cannot leave the folder, and a resolved scenario
    that was changed since is refused. Raises InputError.
    """
    told = read_json(provenance)
    names = told.get("scenarios")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError(f"{provenance.name}: scenarios: read no list of names")
    problems = [problem for name in names if (problem := name_refusal(name))]
    inputs = told.get("inputs")
    if problems or not isinstance(inputs, dict):
        raise InputError("\n".join(problems) or f"{provenance.name}: inputs: read no table")
    files = [provenance.parent / "scenarios" / f"{name}.toml" for name in names]
    for name, file in zip(names, files, strict=True):
        if not file.is_file() or sha256_of(file) != inputs.get(f"scenarios/{name}.toml"):
            raise InputError(
                f"{provenance.name}: scenarios/{name}.toml is missing or was changed since"
            )
    question = ask(
        files,
        replicates=_whole(told, "replicates"),
        seed=_whole(told, "seed"),
        against=_against(told, names),
    )
    return question, _warnings(told, settings(question))


def _whole(told: dict[str, Any], name: str) -> int:
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"provenance: {name}: read {quote(str(value))}, allowed is a whole number")
    return value


def _against(told: dict[str, Any], names: list[str]) -> str:
    against = told.get("against")
    if against not in names:
        raise InputError("provenance: against: names none of its scenarios")
    return str(against)


def _warnings(told: dict[str, Any], now: dict[str, Any]) -> list[str]:
    then = {"policymix": told.get("version"), "python": told.get("python")}
    packages = told.get("packages")
    then |= packages if isinstance(packages, dict) else {}
    here = {"policymix": now["version"], "python": now["python"], **now["packages"]}
    differing = [name for name in here if then.get(name) != here[name]]
    ledger = f"ledger/{_LEDGER[0]}"
    if now["inputs"][ledger] != told["inputs"].get(ledger):
        differing.append("the ledger")
    if not differing:
        return []
    return [f"Not as in the first study, so numbers may differ: {', '.join(differing)}."]


def _commit() -> str | None:
    """The commit of the checkout that the scenarios come from, if it is one and git is there."""
    root = shipped_folder().parent
    if not (root / ".git").exists():
        return None
    asked = ("git", "-C", str(root), "rev-parse", "HEAD")
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip() or None
