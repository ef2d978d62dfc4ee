"""What the benchmarks share: the toy country, medians, and Markdown tables to paste."""

import platform
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from statistics import median

from policymix.assumptions import central_world
from policymix.balance import Balanced, balance
from policymix.pool import usable_cores
from policymix.scenario import Scenario, load_scenario

__all__ = ["balanced", "machine", "markdown", "median", "ratio", "seconds", "sized"]


@cache
def balanced() -> Balanced:
    """The central world, prepared once: solving it is no part of a run."""
    return balance(central_world(), 12)


def sized(name: str, people: int, months: int) -> Scenario:
    """A shipped scenario with this many people and months."""
    scenario = load_scenario(name)
    return replace(scenario, setup=replace(scenario.setup, people=people, months=months))


def ratio(slow: Sequence[float], quick: Sequence[float]) -> float:
    """Median of the ratios round by round, so that a slow moment of the machine cancels."""
    return median(a / b for a, b in zip(slow, quick, strict=True))


def seconds(value: float) -> str:
    """Seconds in a unit that reads well."""
    return f"{value * 1e3:,.1f} ms" if value < 1.0 else f"{value:,.2f} s"


def markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [columns, ["---", *["---:"] * (len(columns) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """The kind of machine in words, without naming it."""
    python = ".".join(platform.python_version_tuple()[:2])
    return f"{usable_cores()} cores, Python {python}, {platform.system()}"
