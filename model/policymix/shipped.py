"""Where the shipped scenarios and the ledger are, in a checkout or installed."""

from pathlib import Path


def shipped_folder() -> Path:
    """The folder of shipped scenarios: the checkout's own first, else the one in the package.

    An editable install copies `scenarios/` once into site-packages, so the checkout wins.
    """
    package = Path(__file__).resolve().parent
    checkout = package.parent.parent / "scenarios"
    if (checkout / "ledger" / "assumptions.toml").is_file():
        return checkout
    return package / "scenarios"
