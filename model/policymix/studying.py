"""The commands that make a study: parse, ask, play, show."""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from policymix.errors import InputError
from policymix.label import LABEL
from policymix.version import program

if TYPE_CHECKING:
    from policymix.studies.answer import Answer
    from policymix.studies.question import Question

_WIDTH_OF_A_FILE: Final = 100
_FIXED: Final = ("replicates", "people", "months", "seed", "against")
Command = Callable[..., None]


class StoppedError(Exception):
    """A study that did not get to its end, for a reason that the message says."""


def _options(replicates: int, people: str, *, months: bool = True) -> Callable[[Command], Command]:
    """The options that all studies have, with the defaults that this one has."""
    of_months = click.option("--months", type=int, help="Months, 1-600.  [default: 120]")
    options = (
        click.option("--out", metavar="DIR", help="Folder for the results."),
        click.option("--replicates", type=int, help=f"Seeds, 1-10,000.  [default: {replicates}]"),
        click.option(
            "--people", type=int, help=f"Simulated people, 1,000-5,000,000.  [default: {people}]"
        ),
        *((of_months,) if months else ()),
        click.option("--seed", type=int, help="Seed of the study.  [default: 1]"),
        click.option("--workers", type=int, help="Processes.  [default: usable cores]"),
        click.option("--cluster", metavar="ADDRESS", help="Play on a dask scheduler, not here."),
        click.option("--assume", multiple=True, metavar="NAME=VALUE", help="For all scenarios."),
        click.option("--resume", is_flag=True, help="Go on with an unfinished study in --out."),
        click.option("--overwrite", is_flag=True, help="Replace the study in --out."),
        click.option(
            "--from", "source", type=click.Path(path_type=Path), help="Repeat this provenance."
        ),
    )

    def decorated(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


def _of_compare(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """One world is asked of another command."""
    if value is not None:
        hint = f"`{program()} compare A B --world {value}` replays one world."
        raise click.NoSuchOption("--world", f"No such option: --world. {hint}", ctx=context)


_AGAINST: Final = click.option("--against", help="Scenario to compare with.  [default: baseline]")
_SEVERAL: Final = click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
_ONE: Final = click.argument("scenarios", nargs=-1, metavar="[SCENARIO]")


@click.command(epilog=f"\b\n{LABEL}")
@_SEVERAL
@_options(16, "100,000")
@_AGAINST
@click.option("--world", type=int, help="A sampled world of this seed.  [default: 0, the central]")
def compare(scenarios: tuple[str, ...], **options: Any) -> None:
    """Compare scenarios side by side: same people, same dice. All shipped ones by default.

    A SCENARIO is a shipped name, such as demand_first, or a path to a .toml file.
    """
    _study("compare", scenarios, options)


@click.command(epilog=f"\b\n{LABEL}")
@_SEVERAL
@_options(1, "100,000")
@click.option("--worlds", type=int, help="Sampled worlds, 32-1,000,000.  [default: 400]")
@click.option("--world", hidden=True, expose_value=False, callback=_of_compare)
def robust(scenarios: tuple[str, ...], **options: Any) -> None:
    """Does A still beat B? In what share of worlds, and under which assumptions it flips.

    Two to six SCENARIOs; one alone is held against the baseline. Each is a shipped name or a path
    to a .toml file.
    """
    _study("robust", scenarios, options)


@click.command(epilog=f"\b\n{LABEL}")
@_ONE
@_options(16, "100,000")
def margins(scenarios: tuple[str, ...], **options: Any) -> None:
    """What the next billion buys, lever by lever, added to SCENARIO (default: baseline)."""
    _study("margins", scenarios, options)


@click.command(epilog=f"\b\n{LABEL}")
@_ONE
@_options(8, "20,000")
@click.option("--worlds", type=int, help="Sampled worlds for the frontier.  [default: 24]")
@click.option("--steps", type=int, help="Steps along each side, 2-20.  [default: 10]")
def mixes(scenarios: tuple[str, ...], **options: Any) -> None:
    """Every mix on one budget: the triangle of the three sides, and the frontier.

    The budget, and how each side is split, are those of SCENARIO (default: baseline).
    """
    _study("mixes", scenarios, options)


@click.command(epilog=f"\b\n{LABEL}")
@_options(10, "50,000", months=False)
@click.option("--worlds", type=int, help="Sampled worlds, 0-100,000.  [default: 30]")
@click.option("--extremes", type=int, help="Worlds for extreme conditions.  [default: 60]")
def validate(**options: Any) -> None:
    """Replay published findings, and say which of them the model misses.

    Beside them: what must hold at the extremes, arguments for and against, and a published
    comparison of ways to lower use. Each experiment says itself how many months it takes.
    """
    _study("validate", (), options)


COMMANDS: Final = (compare, robust, margins, mixes, validate)


def _study(study: str, scenarios: tuple[str, ...], options: dict[str, Any]) -> None:
    from policymix.pool import usable_cores
    from policymix.problems import printable
    from policymix.studies.folder import new_folder
    from policymix.studies.publishing import REPORT

    question = _question(study, scenarios, options)
    for name in ("resume", "overwrite"):
        if options[name] and options["out"] is None:
            raise InputError(f"--{name}: needs --out, the folder of the study")
    for name in ("out", "cluster"):
        if options[name] == "":
            raise InputError(f"--{name}: read nothing, allowed is {_ALLOWED[name]}")
    if options["cluster"] and options["workers"] is not None:
        raise InputError("--workers and --cluster: read both, allowed is one of them")
    out = Path(options["out"]) if options["out"] else new_folder(study)
    options["workers"] = usable_cores() if options["workers"] is None else options["workers"]
    _say_if_nothing_to_resume(out, options)
    answer = _run(question, out, options)
    _show(answer)
    click.echo(f"\nResults are in {printable(str(out))}")
    click.echo(f"Report: {printable(str(out / REPORT))}")
    click.echo(LABEL)


def _say_if_nothing_to_resume(out: Path, options: dict[str, Any]) -> None:
    from policymix.problems import printable
    from policymix.studies.folder import holds_study

    if options["resume"] and not options["overwrite"] and not holds_study(out):
        click.echo(f"{printable(str(out))}: no study to resume; a new one begins.", err=True)


_ALLOWED: Final = {"out": "a folder", "cluster": "the address of a scheduler"}


def _question(study: str, scenarios: tuple[str, ...], options: dict[str, Any]) -> "Question":
    from policymix.studies.kinds import KINDS

    kind = KINDS[study]
    given = {name: options[name] for name in _FIXED if options.get(name) is not None}
    sizes = {name: options[name] for name in kind.sizes if options[name] is not None}
    if options["source"] is None:
        ask = import_module(f"policymix.studies.{study}").ask
        question: Question = ask(
            scenarios or None, assume=_assumed(options["assume"]), sizes=sizes, **given
        )
        return question
    if scenarios or given or sizes or options["assume"]:
        raise InputError("--from: repeats a study as it was; leave scenarios and numbers out")
    from policymix.studies.provenance import question_of

    question, warnings = question_of(options["source"], study)
    for warning in warnings:
        click.echo(warning, err=True)
    return question


def _assumed(pairs: Iterable[str]) -> dict[str, float]:
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


def _run(question: "Question", out: Path, options: dict[str, Any]) -> "Answer":
    from policymix.pool import StudyError
    from policymix.progress import shown_progress
    from policymix.studies.kinds import KINDS

    run_study = import_module(f"policymix.studies.{question.study}").run_study
    try:
        with shown_progress(KINDS[question.study].parts) as progress:
            answer: Answer = run_study(
                question,
                out,
                workers=options["workers"],
                cluster=options["cluster"] or "",
                progress=progress,
                resume=options["resume"],
                overwrite=options["overwrite"],
            )
            return answer
    except KeyboardInterrupt as error:
        raise StoppedError(f"Stopped.{_how_to_go_on(out)}") from error
    except OSError as error:
        raise StoppedError(f"{disk_problem(error)}{_how_to_go_on(out)}") from error
    except StudyError as error:
        raise StoppedError(f"{error}{_how_to_go_on(out)}") from error


def _how_to_go_on(out: Path) -> str:
    from policymix.problems import printable
    from policymix.studies.folder import is_unfinished

    if not is_unfinished(out):
        return ""
    return (
        "\nWhat is finished is kept. To go on, give the same command with "
        f"--resume --out {printable(str(out))}"
    )


def disk_problem(error: OSError) -> str:
    """What the system says of a file, with its name."""
    from policymix.problems import printable

    where = f"{printable(str(error.filename))}: " if error.filename else ""
    return f"{where}{error.strerror or error}"


def _show(answer: "Answer") -> None:
    from rich.console import Console

    width = None if sys.stdout.isatty() else _WIDTH_OF_A_FILE
    console = Console(width=width, highlight=False)
    console.print(answer.terminal_table(console.encoding))
    for line in (*answer.notes(), *answer.sentences()):
        click.echo(line)
