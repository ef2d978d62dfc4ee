"""The command that opens the page: `play`. Heavy rooms are imported once its address is told."""

import errno
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from policymix.errors import InputError
from policymix.label import LABEL
from policymix.studying import StoppedError

if TYPE_CHECKING:
    from policymix.page.answers import Answers
    from policymix.page.jobs import Jobs

LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8765
_LEAST_FITTED: Final = 2
_PORT_BOUNDS: Final = (0, 65_535)
_EVERYWHERE: Final = ("0.0.0.0", "::", "")
_BACKLOG: Final = 512
_WARNING: Final = (
    "Whoever has this link can use the page, until you stop it. Traffic is not encrypted: use it "
    "in a network that you trust."
)


@click.command(epilog=f"\b\n{LABEL}")
@click.option("--port", type=int, help=f"Port, 0-65,535; 0 is any free one.  [default: {PORT}]")
@click.option("--host", metavar="ADDRESS", help=f"Address to serve on.  [default: {LOOPBACK}]")
@click.option("--open/--no-open", "opens", default=None, help="Open the page in a browser.")
@click.option("--workers", type=int, help="Processes.  [default: usable cores]")
@click.option("--people", type=int, help="Simulated people, 1,000-5,000,000.  [default: 20,000]")
@click.option("--months", type=int, help="Months, 1-600.  [default: 120]")
@click.option("--replicates", type=int, help="Seeds, 1-10,000.  [default: 8]")
@click.option("--seed", type=int, help="Seed of the study.  [default: 1]")
@click.option("--export", metavar="FILE", help="Write the page as one .html file, and serve none.")
@click.option("--overwrite", is_flag=True, help="Replace the file of --export.")
def play(**options: Any) -> None:
    """Open the web page: sliders, curves, people and cartels month by month.

    It is served to this machine alone unless --host names another address, such as 0.0.0.0 for
    everybody in the network; then its link carries a token. With --export it becomes a file that
    works without a server, from a folder, a mail or a phone: playing what it needs takes minutes.
    """
    numbers = _checked(options)
    if options["export"] is not None:
        _export(options, numbers)
        return
    if options["overwrite"]:
        raise InputError("--overwrite: needs --export, the file to replace")
    host = LOOPBACK if options["host"] is None else options["host"]
    listening = listening_on(host, numbers.pop("port"))
    try:
        _serve(listening, host, options["opens"], numbers)
    finally:
        listening.close()


def _checked(options: dict[str, Any]) -> dict[str, int]:
    """The numbers, with their defaults. Raises InputError with all that are not permitted."""
    from policymix.pool import usable_cores
    from policymix.scenario import SETUP_BOUNDS
    from policymix.studies.kinds import (
        DEFAULT_SEED,
        PAGE,
        REPLICATES_BOUNDS,
        SEED_BOUNDS,
        WORKERS_BOUNDS,
    )
    from policymix.studies.question import number_refusal

    known = {
        "port": (PORT, _PORT_BOUNDS),
        "workers": (usable_cores(), WORKERS_BOUNDS),
        "people": (PAGE.setup.people, SETUP_BOUNDS["people"]),
        "months": (PAGE.setup.months, SETUP_BOUNDS["months"]),
        "replicates": (PAGE.replicates, REPLICATES_BOUNDS),
        "seed": (DEFAULT_SEED, SEED_BOUNDS),
    }
    numbers = {
        n: default if options[n] is None else options[n] for n, (default, _) in known.items()
    }
    problems = [line for n, x in numbers.items() for line in number_refusal(n, x, known[n][1])]
    if problems:
        raise InputError("\n".join(problems))
    return numbers


def _export(options: dict[str, Any], numbers: dict[str, int]) -> None:
    """Write the page as a file. Raises InputError for options that only a server has."""
    served = {
        "--port": options["port"],
        "--host": options["host"],
        "--open": options["opens"] or None,
    }
    if given := [name for name, value in served.items() if value is not None]:
        raise InputError(f"--export: writes a file and serves nothing; leave out {given[0]}")
    if numbers["replicates"] < _LEAST_FITTED:
        raise InputError(
            f"--replicates: read {numbers['replicates']}, allowed with --export is a whole number "
            f"from {_LEAST_FITTED}: what is fitted needs to know chance"
        )
    from policymix.machines import Machines
    from policymix.page.export import export, refuse_file
    from policymix.pool import StudyError
    from policymix.problems import printable
    from policymix.progress import shown_progress
    from policymix.scenario import Setup

    path = Path(options["export"])
    refuse_file(path, overwrite=options["overwrite"])
    setup = Setup(people=numbers["people"], months=numbers["months"])
    try:
        with shown_progress("parts") as progress:
            machines = Machines(numbers["workers"])
            export(path, setup, numbers["seed"], numbers["replicates"], machines, progress)
    except KeyboardInterrupt as error:
        raise StoppedError("Stopped. Nothing was written; --export begins anew.") from error
    except StudyError as error:
        raise StoppedError(str(error)) from error
    click.echo(f"The page is in {printable(str(path))} ({path.stat().st_size / 1e6:.1f} MB).")
    click.echo(LABEL)


def listening_on(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises InputError where it cannot."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host or _EVERYWHERE[0], port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind)
    except (OSError, UnicodeError) as error:
        raise InputError(_no_such_host(host, error)) from error
    try:
        if sys.platform != "win32":  # where it lets two programs share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        if error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", None)):
            raise InputError(
                f"--port: {port} is taken, perhaps by a page that is open already. Stop that one, "
                f"or give another port, such as --port {port % _PORT_BOUNDS[1] + 1}"
            ) from error
        if error.errno == errno.EACCES:
            raise InputError(
                f"--port: this user may not listen on {port}; ports from 1,024 on are free to use"
            ) from error
        raise InputError(_no_such_host(host, error)) from error
    return listening


def _no_such_host(host: str, error: Exception) -> str:
    from policymix.problems import quote

    return (
        f"--host: read {quote(host)}, allowed is an address of this machine, such as {LOOPBACK} or "
        f"0.0.0.0 ({error})"
    )


def _serve(
    listening: socket.socket, host: str, opens: bool | None, numbers: dict[str, int]
) -> None:
    import secrets

    from policymix.page.door import is_loopback

    port = listening.getsockname()[1]
    token = "" if is_loopback(host) else secrets.token_urlsafe(16)
    link = f"http://{_named(host)}:{port}/" + (f"?token={token}" if token else "")
    click.echo(f"The page is at {link}  (Ctrl-C stops it.)")
    if token:
        click.echo(_WARNING)
    click.echo(LABEL)
    sys.stdout.flush()
    try:
        if _has_screen() if opens is None else opens:
            import webbrowser

            webbrowser.open(link)  # it waits in line until the server is up
        _run(listening, host, token, numbers)
    except KeyboardInterrupt:
        click.echo()


def _made(numbers: dict[str, int]) -> "tuple[Answers, Jobs]":
    from policymix.page.answers import Answers
    from policymix.page.crew import Crew
    from policymix.page.jobs import Jobs
    from policymix.scenario import Setup

    setup = Setup(people=numbers["people"], months=numbers["months"])
    crew = Crew(numbers["workers"])
    return Answers(crew, setup, numbers["seed"], numbers["replicates"]), Jobs()


def _run(listening: socket.socket, host: str, token: str, numbers: dict[str, int]) -> None:
    """Serve until it is stopped. Raises StoppedError if it cannot begin."""
    from policymix.page.serving import server_of

    answers, jobs = _made(numbers)
    port = listening.getsockname()[1]
    server = server_of(answers, jobs, host=host, port=port, token=token)
    try:
        server.run(sockets=[listening])
    except SystemExit:
        if server.started:
            raise
    finally:
        jobs.stop()
        answers.crew.stop()
    if not server.started:  # of which uvicorn says nothing, but for a code of its own
        failure = getattr(server.config.app, "failure", None)
        why = str(failure) or repr(failure)
        raise StoppedError(f"The page could not be started: {why}") from failure


def _named(host: str) -> str:
    """How others name this machine if it is served on `host`."""
    if host in _EVERYWHERE:
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.connect(("192.0.2.1", 9))  # nothing is sent: it only chooses our own address
            return str(asking.getsockname()[0])
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _has_screen() -> bool:
    """Whether somebody is there to whom a browser can be shown."""
    if not sys.stdout.isatty():
        return False
    is_graphical = sys.platform in ("win32", "darwin")
    return is_graphical or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
