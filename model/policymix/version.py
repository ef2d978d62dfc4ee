"""Which policymix this is, and what it is called where it was started."""

import os

VERSION = "0.1.0"


def program() -> str:
    """What the user types to start this program: `run.py` says how it was started itself."""
    return os.environ.get("POLICYMIX_PROGRAM") or "policymix"
