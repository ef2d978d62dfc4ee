"""The command line: parses, calls a study, shows. Exit codes: 0 done, 2 wrong input, 1 other."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policymix.errors import InputError
from policymix.label import LABEL
from policymix.version import VERSION, program

if TYPE_CHECKING:
    from policymix.studies.question import Question
    from policymix.studies.study import Study

_WIDTH_OF_A_FILE = 100


class StoppedError(Exception):
    """A study that did not get to its end, for a reason that the message says."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=f"\b\n{LABEL}")
@click.version_option(VERSION, prog_name="policymix", message=f"%(prog)s %(version)s\n{LABEL}")
def cli() -> None:
    """Compare drug-policy funding mixes in a toy world of people, cartels and countries."""


@cli.command(epilog=f"\b\n{LABEL}")
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@click.option("--out", metavar="DIR", help="Folder for the results.")
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
    from policymix.pool import usable_cores
    from policymix.problems import printable
    from policymix.studies.folder import new_folder
    from policymix.studies.publishing import REPORT

    question = _question(scenarios, options)
    for name in ("resume", "overwrite"):
        if options[name] and options["out"] is None:
            raise InputError(f"--{name}: needs --out, the folder of the study")
    if options["out"] == "":
        raise InputError("--out: read nothing, allowed is a folder")
    out = Path(options["out"]) if options["out"] else new_folder("compare")
    workers = usable_cores() if options["workers"] is None else options["workers"]
    study = _run(question, out, workers, options)
    _show(study)
    click.echo(f"\nResults are in {printable(str(out))}")
    click.echo(f"Report: {printable(str(out / REPORT))}")
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
    from policymix.problems import quote

    assumed: dict[str, float] = {}
    problems = []
    for pair in pairs:
        name, _, text = (part.strip() for part in pair.partition("="))
        try:
            value = float(text)
        except ValueError:
            hint = " Write decimals with a point." if "," in text else ""
            problems.append(
                f"--assume: read {quote(pair)}, allowed is NAME=VALUE with a number.{hint}"
            )
            continue
        if name in assumed and assumed[name] != value:
            problems.append(f"--assume: read {quote(name)} with two values, allowed is one")
        assumed[name] = value
    if problems:
        raise InputError("\n".join(problems))
    return assumed


def _run(question: "Question", out: Path, workers: int, options: dict[str, Any]) -> "Study":
    from policymix.pool import StudyError
    from policymix.progress import shown_progress
    from policymix.studies.compare import run_study

    try:
        with shown_progress() as progress:
            return run_study(
                question,
                out,
                workers=workers,
                progress=progress,
                resume=options["resume"],
                overwrite=options["overwrite"],
            )
    except KeyboardInterrupt as error:
        raise StoppedError(f"Stopped.{_how_to_go_on(out)}") from error
    except OSError as error:
        raise StoppedError(f"{_disk_problem(error)}{_how_to_go_on(out)}") from error
    except StudyError as error:
        raise StoppedError(f"{error}{_how_to_go_on(out)}") from error


def _how_to_go_on(out: Path) -> str:
    from policymix.problems import printable
    from policymix.studies.folder import is_unfinished

    if not is_unfinished(out):
        return ""
    return (
        "\nThe finished replicates are kept. To go on, give the same command with "
        f"--resume --out {printable(str(out))}"
    )


def _disk_problem(error: OSError) -> str:
    from policymix.problems import printable

    where = f"{printable(str(error.filename))}: " if error.filename else ""
    return f"{where}{error.strerror or error}"


def _show(study: "Study") -> None:
    from rich.console import Console

    from policymix.studies.words import sentences, terminal_table

    reference = study.question.reference
    width = None if sys.stdout.isatty() else _WIDTH_OF_A_FILE
    console = Console(width=width, highlight=False)
    console.print(terminal_table(study.summary, reference, console.encoding))
    for line in (*study.notes(), *sentences(study.summary, reference)):
        click.echo(line)


@cli.command(epilog=f"\b\n{LABEL}")
@click.argument("files", nargs=-1, required=True, metavar="SCENARIO...")
def check(files: tuple[str, ...]) -> None:
    """Read scenario files and say what is wrong with them; nothing is run."""
    from policymix.problems import printable
    from policymix.scenario import load_scenario

    problems = []
    for file in files:
        try:
            scenario = load_scenario(file)
            if scenario.assumptions:
                from policymix.runs import balanced_world

                balanced_world(scenario)
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


@cli.command(epilog=f"\b\n{LABEL}")
@click.argument("name", required=False)
@click.option("--figure", type=click.Path(path_type=Path), help="Draw a lever's curve: .png, .svg.")
def explain(name: str | None, figure: Path | None) -> None:
    """Say what a lever, an assumption or an outcome is; without NAME, list them all."""
    from policymix.explain import explanation, overview, write_figure

    lines = overview() if name is None else explanation(name)
    if figure is not None:
        lines.append(write_figure(name, figure))
    for line in (*lines, LABEL):
        click.echo(line)


@cli.command(epilog=f"\b\n{LABEL}")
@click.argument("name")
def new(name: str) -> None:
    """Write NAME.toml here: a commented scenario to start from."""
    from policymix.scenario import shipped_names
    from policymix.scenario_schema import SCHEMA_FILE
    from policymix.scenario_text import new_scenario_text

    stem = name.removesuffix(".toml")
    if stem in shipped_names():
        raise InputError(f"{stem}: is a shipped scenario; choose another name")
    near = [
        place for place in (Path(SCHEMA_FILE), Path("scenarios", SCHEMA_FILE)) if place.is_file()
    ]
    text = new_scenario_text(stem, schema=f"./{near[0].as_posix()}" if near else "")
    if not near:
        text = text.partition("\n")[2]  # the line that would name it
    path = Path(f"{stem}.toml")
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise InputError(f"{path}: exists already and is left alone") from error
    except OSError as error:
        if not isinstance(error, PermissionError):
            path.unlink(missing_ok=True)  # a full disk leaves the name and no text
        raise OSError(error.errno, os.strerror(error.errno or 0), str(path)) from error
    click.echo(f"Wrote {path}. Change it, then: {program()} compare {path}")
    click.echo(LABEL)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")  # a title may hold what a terminal cannot show
    try:
        cli.main(args=arguments, prog_name=program(), standalone_mode=False)
        sys.stdout.flush()
    except InputError as error:
        _fail(str(error), 2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except StoppedError as error:
        _fail(str(error), 1)
    except (click.Abort, KeyboardInterrupt):
        _fail("Stopped.", 1)
    except MemoryError:
        _fail("Out of memory: fewer --workers or fewer --people need less.", 1)
    except BrokenPipeError:
        # Whoever read our output has left; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _fail(_disk_problem(error), 1)


def _fail(message: str, code: int) -> None:
    click.echo(message, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
