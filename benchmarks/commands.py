"""Times what people type, against bare Python and `import mesa` in the same run.

python benchmarks/commands.py         about two minutes
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from shown import machine, markdown, median, ratio, seconds

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
POLICYMIX = (PYTHON, "-P", "-m", "policymix")
NOTHING, MESA = "python -c pass", 'python -c "import mesa"'
QUICK = {
    NOTHING: (PYTHON, "-c", "pass"),
    MESA: (PYTHON, "-c", "import mesa"),
    "policymix --help": (*POLICYMIX, "--help"),
    "policymix check baseline": (*POLICYMIX, "check", "baseline"),
}
COMPARE = "python3 run.py compare"

Times = dict[str, list[float]]


def spent(command: Sequence[str], folder: Path) -> float:
    """Seconds that a command takes, run in `folder`. Raises CalledProcessError if it fails."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    began = perf_counter()
    subprocess.run(command, cwd=folder, env=kept, check=True, capture_output=True)
    return perf_counter() - began


def measure(n_rounds: int, n_compares: int, compare_options: Sequence[str] = ()) -> Times:
    """Seconds by command, interleaved; one round before warms files and bytecode up."""
    times: Times = {name: [] for name in (*QUICK, COMPARE)}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for command in QUICK.values():
            spent(command, folder)
        for n in range(max(n_rounds, n_compares)):
            for name, command in QUICK.items():
                times[name].append(spent(command, folder))
            if n < n_compares:
                study = ("--out", str(folder / f"study{n}"), *compare_options)
                compare = (PYTHON, str(ROOT / "run.py"), "compare", *study)
                times[COMPARE].append(spent(compare, folder))
    return times


def table(times: Times) -> str:
    """Medians, and ratios to the two references."""
    rows = []
    for name, values in times.items():
        if not values:
            continue
        references = (times[reference][: len(values)] for reference in (NOTHING, MESA))
        ratios = (f"{ratio(values, reference):.2f}" for reference in references)
        rows.append([f"`{name}`", str(len(values)), seconds(median(values)), *ratios])
    columns = ("command", "times run", "median", "times bare Python", "times `import mesa`")
    return markdown(columns, rows)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--compares", type=int, default=3)
    asked = parser.parse_args()
    times = measure(asked.rounds, asked.compares)
    print(f"{machine()}; bytecode cached. compare: all scenarios, default size and workers.\n")
    print(table(times))


if __name__ == "__main__":
    main()
