"""How far a study is, on standard error: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from policymix.runs import Progress

_SECONDS_BETWEEN_LINES: Final = 10


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """A bar with time left on a terminal, plain lines elsewhere; on standard error."""
    if not sys.stderr.isatty():
        yield PlainProgress()
        return
    from rich import progress
    from rich.console import Console

    columns = (
        *(progress.BarColumn(), progress.MofNCompleteColumn()),
        *("replicates, time left", progress.TimeRemainingColumn()),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        yield lambda done, of: bar.update(task, completed=done, total=of)


class PlainProgress:
    """A line at the start, at the end, and now and then between, with the time left."""

    def __init__(self) -> None:
        self._begun = self._told = time.monotonic()
        self._done_before: int | None = None

    def __call__(self, done: int, of: int) -> None:
        """Say that `done` of `of` replicates are finished, if it is time to."""
        now = time.monotonic()
        if self._done_before is None:
            self._done_before = done
        elif done < of and now - self._told < _SECONDS_BETWEEN_LINES:
            return
        self._told = now
        played = done - self._done_before
        left = (now - self._begun) / played * (of - done) if played else 0.0
        about = f", about {left:.0f} s left" if left else ""
        click.echo(f"{done:,} of {of:,} replicates{about}", err=True)
