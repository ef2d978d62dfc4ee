"""What numbers rest on beside the question: the program, its ledger, Python and the packages."""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from policymix.shipped import shipped_folder
from policymix.version import VERSION, code_sha256
from policymix.writing import sha256_of

COUNTING: Final = ("mesa", "numpy", "scipy")
"""The packages whose versions may change what comes of a run."""
PACKAGES: Final = ("matplotlib", "mesa", "numpy", "pandas", "scipy")
"""With those that may change tables and pictures."""
LEDGER: Final = "ledger/assumptions.toml"
"""Within the shipped folder."""


def what_counts(packages: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Version and hashes of program and ledger, and in one text Python and these packages."""
    numbers = package_versions()
    told = [f"Python {platform.python_version()}", *(f"{n} {numbers[n]}" for n in packages)]
    return {
        "version": VERSION,
        "code": code_sha256(),
        "ledger": sha256_of(shipped_folder() / LEDGER),
        "beneath": ", ".join(told),
    }


@cache
def package_versions() -> dict[str, str]:
    """The version of each of `PACKAGES`."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "missing"
    return versions


def fingerprint_of(settings: Mapping[str, Any]) -> str:
    """A SHA-256 that is the same for the same settings only."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
