"""What several test files know of a study's folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FIGURES = ("headline", "tradeoff", "bridge", "same_people", "side_effects", "corridors", "budget")


def study_files(*scenarios: str, figures: tuple[str, ...] = FIGURES) -> list[str]:
    """What the folder of a finished comparison holds, sorted."""
    tables = ("summary", "monthly", "ends", "fared", "runs")
    return sorted(
        [
            *("report.html", "provenance.json"),
            *(f"{name}.csv" for name in tables),
            *(f"figures/{name}.{kind}" for name in figures for kind in ("png", "svg")),
            *(f"scenarios/{name}.toml" for name in scenarios),
        ]
    )


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its relative name."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@dataclass(frozen=True)
class Drawn:
    """Stands for a figure: the files of one that was drawn before, so that it is drawn once."""

    stem: Path

    def file_bytes(self, kind: str) -> bytes:
        return self.stem.with_suffix(f".{kind}").read_bytes()


def drawn_as_in(folder: Path) -> Callable[[object], list[tuple[str, Drawn]]]:
    """For `drawn` of an answer whose tables are compared with those of the study in `folder`."""
    stems = [path.with_suffix("") for path in sorted(folder.glob("figures/*.svg"))]
    return lambda _: [(stem.name, Drawn(stem)) for stem in stems]
