"""policymix: a simple, illustrative simulator of drug-policy funding mixes."""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

try:
    __version__ = version("policymix")
except PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0+unknown"

_ROOM_OF = {
    "PolicyModel": "policymix.model",
    "compare": "policymix.studies.compare",
    "load_scenario": "policymix.scenario",
    "LABEL": "policymix.label",
}

__all__ = ["LABEL", "PolicyModel", "__version__", "compare", "load_scenario"]


def __getattr__(name: str) -> Any:
    """Public names are loaded when asked for, so that a quick command stays quick."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'policymix' has no attribute {name!r}")
    return getattr(import_module(_ROOM_OF[name]), name)
