"""How far a study is, on standard error: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from policymix.tasks import Progress

_SECONDS_BETWEEN_LINES: Final = 10


@contextmanager
def shown_progress(parts: str = "replicates") -> Iterator[Progress]:
    """A bar with time left on a terminal, plain lines elsewhere; on standard error.

    `parts` is what is counted.
    """
    if not sys.stderr.isatty():
        yield PlainProgress(parts)
        return
    from rich import progress
    from rich.console import Console

    columns = (
        *(progress.BarColumn(), progress.MofNCompleteColumn()),
        *(f"{parts}, time left", progress.TimeRemainingColumn()),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        yield lambda done, of: bar.update(task, completed=done, total=of)


class PlainProgress:
    """A line at the start, at the end, and now and then between, with the time left."""

    def __init__(self, parts: str) -> None:
        self._parts = parts
        self._begun = self._told = time.monotonic()
        self._done_before: int | None = None

    def __call__(self, done: int, of: int) -> None:
        """Say that `done` of `of` are finished, if it is time to."""
        now = time.monotonic()
        if self._done_before is None:
            self._done_before = done
        elif done < of and now - self._told < _SECONDS_BETWEEN_LINES:
            return
        self._told = now
        played = done - self._done_before
        left = (now - self._begun) / played * (of - done) if played else 0.0
        about = f", about {left:.0f} s left" if left else ""
        click.echo(f"{done:,} of {of:,} {self._parts}{about}", err=True)
