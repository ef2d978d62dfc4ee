"""The command line: parses, calls a study, shows. Exit codes: 0 done, 2 wrong input, 1 other."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import policymix
from policymix.errors import InputError
from policymix.label import LABEL

if TYPE_CHECKING:
    from policymix.runs import Progress
    from policymix.studies.compare import Study
    from policymix.studies.question import Question


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=LABEL)
@click.version_option(policymix.__version__, prog_name="policymix")
def cli() -> None:
    """Compare drug-policy funding mixes in a toy world of people, cartels and countries."""


@cli.command(epilog=LABEL)
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results.")
@click.option("--replicates", type=int, help="Seeds per scenario, 1-10,000.  [default: 16]")
@click.option("--people", type=int, help="Simulated people, 1,000-5,000,000.  [default: 100,000]")
@click.option("--months", type=int, help="Months, 1-600.  [default: 120]")
@click.option("--seed", type=int, help="Seed of the study.  [default: 1]")
@click.option("--workers", type=int, help="Processes.  [default: usable cores]")
@click.option("--against", help="Scenario to compare with.  [default: baseline]")
@click.option("--assume", multiple=True, metavar="NAME=VALUE", help="An assumption, for all.")
@click.option("--resume", is_flag=True, help="Go on with an unfinished study in --out.")
@click.option("--overwrite", is_flag=True, help="Replace the study in --out.")
@click.option("--from", "source", type=click.Path(path_type=Path), help="Repeat this provenance.")
def compare(scenarios: tuple[str, ...], **options: Any) -> None:
    """Compare scenarios side by side: same people, same dice. All shipped ones by default.

    A SCENARIO is a shipped name, such as demand_first, or a path to a .toml file.
    """
    from datetime import datetime

    from policymix.pool import usable_cores
    from policymix.studies.folder import new_folder

    question = _question(scenarios, options)
    if options["resume"] and options["out"] is None:
        raise InputError("--resume: needs --out, the folder of the unfinished study")
    out = options["out"] or new_folder(f"compare-{datetime.now():%Y%m%d-%H%M%S}")
    workers = usable_cores() if options["workers"] is None else options["workers"]
    study = _run(question, out, workers, options)
    _show(study)
    click.echo(f"\nResults are in {_printable(str(out))}")
    click.echo(LABEL)


def _question(scenarios: tuple[str, ...], options: dict[str, Any]) -> "Question":
    from policymix.studies.question import ask

    fixed = ("replicates", "people", "months", "seed", "against")
    given = {name: options[name] for name in fixed if options[name] is not None}
    if options["source"] is None:
        return ask(scenarios or None, assume=_assumed(options["assume"]), **given)
    if scenarios or given or options["assume"]:
        raise InputError("--from: repeats a study as it was; leave scenarios and numbers out")
    from policymix.studies.provenance import question_of

    question, warnings = question_of(options["source"])
    for warning in warnings:
        click.echo(warning, err=True)
    return question


def _assumed(pairs: tuple[str, ...]) -> dict[str, float]:
    assumed, problems = {}, []
    for pair in pairs:
        name, equals, text = pair.partition("=")
        try:
            assumed[name.strip()] = float(text)
        except ValueError:
            equals = ""
        if not equals:
            problems.append(f"--assume: read {pair[:80]!r}, allowed is NAME=VALUE, a number")
    if problems:
        raise InputError("\n".join(problems))
    return assumed


def _run(question: "Question", out: Path, workers: int, options: dict[str, Any]) -> "Study":
    from policymix.studies.compare import run_study
    from policymix.studies.folder import UNFINISHED

    try:
        with _progress() as progress:
            return run_study(
                question,
                out,
                workers=workers,
                progress=progress,
                resume=options["resume"],
                overwrite=options["overwrite"],
            )
    except KeyboardInterrupt:
        click.echo("\nStopped.", err=True)
        if (out / UNFINISHED).is_dir():
            click.echo(
                "What is finished is kept. To go on, give the same command with "
                f"--resume --out {_printable(str(out))}",
                err=True,
            )
        sys.exit(1)


@contextlib.contextmanager
def _progress() -> "Iterator[Progress]":
    """A bar with time left on a terminal, plain lines elsewhere; on standard error."""
    if not sys.stderr.isatty():
        yield _plain_progress
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), "replicates, time left", TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _plain_progress(done: int, of: int) -> None:
    if done == of or done * 10 // of != (done - 1) * 10 // of:
        click.echo(f"{done} of {of} replicates finished", err=True)


def _show(study: "Study") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from policymix.studies.words import COLUMNS, cells, sentences

    question = study.question
    table = Table(show_lines=True)
    table.add_column("scenario", no_wrap=True)
    for column in COLUMNS:
        table.add_column(Text(f"{column.title}\n{column.unit}"), justify="right")
    shown = [cells(study.summary, column) for column in COLUMNS]
    for name in question.names:
        table.add_row(Text(name), *(Text("\n".join(filter(None, one[name]))) for one in shown))
    width = None if sys.stdout.isatty() else 100
    Console(width=width, highlight=False).print(table)
    click.echo(f"Below each level: the difference from {question.reference} [95 % interval].")
    for line in (*question.notes(), *sentences(study.summary, question.reference)):
        click.echo(line)


@cli.command(epilog=LABEL)
@click.argument("files", nargs=-1, required=True, metavar="SCENARIO...")
def check(files: tuple[str, ...]) -> None:
    """Read scenario files and say what is wrong with them; nothing is run."""
    from policymix.problems import printable
    from policymix.scenario import load_scenario

    problems = []
    for file in files:
        try:
            scenario = load_scenario(file)
        except InputError as error:
            problems.append(str(error))
        else:
            click.echo(
                f"{printable(file)}: ok. {printable(scenario.title)} "
                f"({scenario.total():g} billion USD a year)"
            )
    if problems:
        raise InputError("\n".join(problems))
    click.echo(LABEL)


@cli.command(epilog=LABEL)
@click.argument("name", required=False)
def explain(name: str | None) -> None:
    """Say what a lever, an assumption or an outcome is; without NAME, list them all."""
    from policymix.explain import explanation, overview

    for line in overview() if name is None else explanation(name):
        click.echo(line)
    click.echo(LABEL)


@cli.command(epilog=LABEL)
@click.argument("name")
def new(name: str) -> None:
    """Write NAME.toml here: a commented scenario to start from."""
    from policymix.scenario_schema import SCHEMA_FILE
    from policymix.scenario_text import new_scenario_text

    stem = name.removesuffix(".toml")
    schema = Path("scenarios", SCHEMA_FILE)
    text = new_scenario_text(stem, schema=f"./{schema.as_posix()}" if schema.is_file() else "")
    path = Path(f"{stem}.toml")
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise InputError(f"{path}: exists already and is left alone") from error
    click.echo(f"Wrote {path}. Change it, then: policymix compare {path}")
    click.echo(LABEL)


def _printable(text: str) -> str:
    return text if text.isprintable() else repr(text)[1:-1]


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    from policymix.pool import StudyError

    try:
        cli.main(args=arguments, prog_name="policymix", standalone_mode=False)
    except InputError as error:
        _fail(str(error), 2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        _fail("Stopped.", 1)
    except BrokenPipeError:
        # Whoever read our output has left; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        where = f": {_printable(str(error.filename))}" if error.filename else ""
        _fail(f"{error.strerror or error}{where}", 1)
    except StudyError as error:
        _fail(str(error), 1)


def _fail(message: str, code: int) -> None:
    click.echo(message, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
