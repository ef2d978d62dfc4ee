"""policymix: a simple, illustrative simulator of drug-policy funding mixes.

>>> from policymix import PolicyModel, compare, load_scenario
>>> study = compare(["baseline", load_scenario("my_mix.toml")], replicates=16, seed=1)

Names are loaded when they are first used, so that `import policymix` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policymix.label import LABEL
    from policymix.model import PolicyModel
    from policymix.scenario import load_scenario
    from policymix.studies.compare import compare
    from policymix.studies.margins import margins
    from policymix.studies.mixes import mixes
    from policymix.studies.robust import robust
    from policymix.studies.validate import validate
    from policymix.version import VERSION as __version__

__all__ = [
    "LABEL",
    "PolicyModel",
    "__version__",
    "compare",
    "load_scenario",
    "margins",
    "mixes",
    "robust",
    "validate",
]

_HOMES = {
    "LABEL": ("label", "LABEL"),
    "PolicyModel": ("model", "PolicyModel"),
    "__version__": ("version", "VERSION"),
    "compare": ("studies.compare", "compare"),
    "load_scenario": ("scenario", "load_scenario"),
    "margins": ("studies.margins", "margins"),
    "mixes": ("studies.mixes", "mixes"),
    "robust": ("studies.robust", "robust"),
    "validate": ("studies.validate", "validate"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'policymix' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(f"policymix.{module}"), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
