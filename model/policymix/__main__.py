"""The command line: parses, calls a study, shows. Exit codes: 0 done, 2 wrong input, 1 other."""

import os
import sys
from pathlib import Path

import click

from policymix.errors import InputError
from policymix.label import LABEL
from policymix.playing import play
from policymix.studying import COMMANDS, StoppedError, disk_problem
from policymix.version import VERSION, program


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=f"\b\n{LABEL}")
@click.version_option(VERSION, prog_name="policymix", message=f"%(prog)s %(version)s\n{LABEL}")
def cli() -> None:
    """Compare drug-policy funding mixes in a toy world of people, cartels and countries."""


for _command in (*COMMANDS, play):
    cli.add_command(_command)


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
    """Say what a lever, an assumption or an outcome is; without NAME, list them all.

    NAME may be a row of the evidence, too, such as C41: what it says, and what rests on it.
    """
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
        _fail(disk_problem(error), 1)


def _fail(message: str, code: int) -> None:
    click.echo(message, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
