"""Where a study's numbers come from: enough to repeat it, and to notice when something changed."""

import hashlib
import json
import platform
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policymix.assumptions import ledger, refusal
from policymix.beneath import LEDGER, package_versions, what_counts
from policymix.errors import InputError
from policymix.experiments.findings import KINDS as FINDINGS
from policymix.label import LABEL
from policymix.problems import near_file, printable, quote
from policymix.scenario import load_scenario, resolved_toml
from policymix.scenario_text import name_refusal
from policymix.shipped import shipped_folder
from policymix.studies.kinds import COMPARE, KINDS, REPLICATES_BOUNDS, SEED_BOUNDS
from policymix.studies.question import Question, ask, in_its_world, number_refusal
from policymix.version import VERSION, code_sha256
from policymix.writing import sha256_of

PROVENANCE: Final = "provenance.json"
MAX_PROVENANCE_BYTES: Final = 1_000_000
_MAX_SCENARIO_BYTES: Final = 1_000_000
_MAX_SCENARIOS: Final = 1_000
_MAX_COMMAND: Final = 100_000
_LEDGER_FILES: Final = (
    *(LEDGER, "ledger/sources.toml", "ledger/leaning.csv"),
    *(f"ledger/{kind}.toml" for kind in FINDINGS),
)


def settings_of(question: Question) -> dict[str, Any]:
    """What decides the numbers: the question, every number it uses, and the program itself."""
    texts = {scenario.name: resolved_toml(scenario) for scenario in question.scenarios}
    return {
        "study": question.study,
        "scenarios": {name: _sha256(text.encode()) for name, text in texts.items()},
        "order": " ".join(texts),
        "reference": question.reference,
        "replicates": question.replicates,
        "seed": question.seed,
        **({"sizes": dict(question.sizes)} if any(question.sizes.values()) else {}),
        **({"held": dict(question.assume)} if question.holds else {}),
        **what_counts(),
    }


def provenance_of(question: Question, outputs: Mapping[str, str]) -> dict[str, Any]:
    """The content of `provenance.json`; `outputs` are SHA-256 by relative file name."""
    setup = question.setup
    return {
        "label": LABEL,
        "program": "policymix",
        "version": VERSION,
        "commit": _commit(),
        "seed": question.seed,
        "replicates": question.replicates,
        "setup": {"people": setup.people, "months": setup.months, "cartels": setup.cartels},
        "reference": question.reference,
        "command": question.command or command_of(question),
        "python": platform.python_version(),
        "packages": package_versions(),
        "settings": settings_of(question),
        "inputs": _inputs(),
        "outputs": dict(sorted(outputs.items())),
    }


def json_text(content: Mapping[str, Any]) -> str:
    """JSON as it is written to disk, with the label in front."""
    return json.dumps(content, indent=2, ensure_ascii=True) + "\n"


def command_of(question: Question) -> str:
    """The command that asks this question, in one form; files by their names alone."""
    names = [
        scenario.name if scenario.is_shipped else f"{scenario.name}.toml"
        for scenario in question.scenarios
    ]
    setup, kind = question.setup, KINDS[question.study]
    sizes = {name: n for name, n in question.sizes.items() if n or kind.sizes[name].default}
    options: dict[str, str | int] = {
        **({"--against": question.reference} if kind is COMPARE else {}),
        **{f"--{name}": number for name, number in sizes.items()},
        "--replicates": question.replicates,
        "--people": setup.people,
        "--months": setup.months,
        "--seed": question.seed,
    }
    words = ["policymix", question.study, *(names if kind.free else [])]
    if not kind.free:
        del options["--months"]
    words += [str(word) for option in options.items() for word in option]
    for name, value in question.assume.items():
        words += ["--assume", f"{name}={value!r}"]
    return shlex.join(words)


class _Settings(BaseModel):
    """What a repetition needs of a provenance; everything else in it is only read by people."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    study: str
    scenarios: dict[str, str]
    order: str
    reference: str
    replicates: Annotated[int, Field(ge=REPLICATES_BOUNDS[0], le=REPLICATES_BOUNDS[1])]
    seed: Annotated[int, Field(ge=SEED_BOUNDS[0], le=SEED_BOUNDS[1])]
    sizes: dict[str, int] = {}
    held: dict[str, float] = {}
    code: str = ""


class Provenance(BaseModel):
    """An older study, read back: enough to ask its question again."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    settings: _Settings
    seed: int
    replicates: int
    command: Annotated[str, Field(max_length=_MAX_COMMAND)]
    version: str
    python: str
    packages: dict[str, str]
    inputs: dict[str, str] = {}

    @property
    def names(self) -> list[str]:
        """The scenarios' names, in their order."""
        return self.settings.order.split()

    def changes(self) -> list[str]:
        """What is not as it was when the study was made, and may change its numbers."""
        then = {"policymix": self.version, "Python": self.python, **self.packages}
        now = {"policymix": VERSION, "Python": platform.python_version(), **package_versions()}
        changed = [
            f"{printable(name[:60])} {printable(then[name][:60])} is now {now.get(name, 'missing')}"
            for name in then
            if then[name] != now.get(name)
        ]
        if self.settings.code != code_sha256():
            changed.append("the program's code is not the same")
        if self.inputs != _inputs():
            changed.append("the ledger is not the same")
        return changed


def read_provenance(path: Path) -> tuple[Provenance, list[Path]]:
    """An older study's provenance and the files of its resolved scenarios, in order.

    The file may come from anyone: it is bounded, and names nothing outside its own folder. Raises
    InputError if it is not what a study writes, or if a scenario was changed since.
    """
    file = printable(str(path))
    try:
        with path.open("rb") as opened:
            data = opened.read(MAX_PROVENANCE_BYTES + 1)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}).{near_file(path)}") from error
    if len(data) > MAX_PROVENANCE_BYTES:
        raise InputError(f"{file}: more than {MAX_PROVENANCE_BYTES:,} bytes, no provenance")
    try:
        content = json.loads(data)
        provenance = Provenance.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(quote(str(part)) for part in first["loc"])
        raise InputError(f"{file}: {key}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file}: no JSON that a study wrote") from error
    return provenance, _scenario_files(path.parent, file, provenance)


def question_of(path: Path, study: str = "compare") -> tuple[Question, list[str]]:
    """The question of an older `study` (its provenance, or its folder), and warnings of changes.

    Raises InputError as `read_provenance` does, for another kind of study, and for numbers that are
    no longer permitted.
    """
    provenance, files = read_provenance(path / PROVENANCE if path.is_dir() else path)
    asked = provenance.settings
    if asked.study != study:
        raise InputError(
            f"{printable(str(path))}: settings.study: read {quote(asked.study)}, allowed is {study}"
        )
    scenarios = [load_scenario(file) for file in files]
    reference = scenarios[provenance.names.index(asked.reference)]
    problems = [
        problem
        for name, value in asked.held.items()
        if (problem := refusal(name, value) if name in ledger() else f"{quote(name)}: unknown")
    ]
    problems += number_refusal("world", asked.sizes.get("world", 0), COMPARE.sizes["world"].bounds)
    if problems:
        raise InputError("\n".join(f"{printable(str(path))}: {line}" for line in problems))
    sizes = {name: asked.sizes.get(name, 0) for name in KINDS[study].sizes}
    question = ask(
        scenarios,
        kind=KINDS[study],
        replicates=asked.replicates,
        seed=asked.seed,
        against=reference,
        sizes={name: n for name, n in sizes.items() if name != "world"},
    )
    question = replace(question, sizes=sizes, assume=asked.held, command=provenance.command)
    question = in_its_world(question)
    changes = provenance.changes()
    warning = f"Not as it was, so numbers may differ: {'; '.join(changes)}."
    return question, [warning] if changes else []


def _scenario_files(folder: Path, file: str, provenance: Provenance) -> list[Path]:
    names, hashes = provenance.names, provenance.settings.scenarios
    for key in ("seed", "replicates"):
        if getattr(provenance, key) != getattr(provenance.settings, key):
            raise InputError(f"{file}: {key} and settings.{key} are not the same number")
    if len(names) > _MAX_SCENARIOS or sorted(names) != sorted(hashes):
        raise InputError(f"{file}: settings.order and settings.scenarios name different scenarios")
    if provenance.settings.reference not in names:
        raise InputError(f"{file}: settings.reference names none of its scenarios")
    problems = [problem for name in names if (problem := name_refusal(name))]
    paths = [folder / "scenarios" / f"{name}.toml" for name in names]
    for name, path in zip(names, paths, strict=True) if not problems else ():
        if problem := _changed(path, hashes[name]):
            problems.append(f"{printable(str(path))}: {problem}")
    if problems:
        raise InputError("\n".join(problems))
    return paths


def _changed(path: Path, expected_sha256: str) -> str:
    """Why the file is not the one that the study wrote; empty if it is."""
    if path.is_symlink() or not path.is_file():
        return "missing, or not a plain file"
    if path.stat().st_size > _MAX_SCENARIO_BYTES or sha256_of(path) != expected_sha256:
        return "changed since the study was made, so it cannot be repeated"
    return ""


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _inputs() -> dict[str, str]:
    paths = {name: shipped_folder() / name for name in _LEDGER_FILES}
    return {name: sha256_of(path) for name, path in paths.items() if path.is_file()}


@cache
def _commit() -> str | None:
    """The commit of the checkout that this package is in (`-dirty` if changed), else None."""
    checkout = Path(__file__).resolve().parents[3]
    if not (checkout / ".git").exists():
        return None
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(
            command, cwd=checkout, capture_output=True, check=True, text=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
