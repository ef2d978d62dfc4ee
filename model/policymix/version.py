"""Which policymix this is, and what it is called where it was started."""

import hashlib
import os
from functools import cache
from pathlib import Path

VERSION = "0.1.0"


def program() -> str:
    """What the user types to start this program: `run.py` says how it was started itself."""
    return os.environ.get("POLICYMIX_PROGRAM") or "policymix"


@cache
def code_sha256() -> str:
    """A SHA-256 of the package's source: other code may give other numbers."""
    package = Path(__file__).resolve().parent
    files = sorted(package.rglob("*.py"), key=lambda path: path.relative_to(package).as_posix())
    parts = [
        f"{path.relative_to(package).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in files
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
