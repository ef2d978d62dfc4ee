#!/usr/bin/env python3
"""Sets policymix up when needed, then runs it. This file needs no package and any Python from 3.8.

    python3 run.py                  compares all shipped scenarios (policymix compare)
    python3 run.py test [ARGS]      runs the tests; ARGS go to pytest, which runs in this folder
    python3 run.py ARGS             policymix ARGS, in the folder you are in

The set-up is a virtual environment in .venv-run/<version>/ beside this file, made once from
constraints.txt. POLICYMIX_PYTHON chooses the Python: a version (3.13) or a path.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from typing import Iterator

VERSIONS = ("3.12", "3.13", "3.14")
ROOT = os.path.dirname(os.path.realpath(__file__))
HOME = os.path.join(ROOT, ".venv-run")
ON_WINDOWS = os.name == "nt"
PROBE = """
import importlib.util, json, sys, sysconfig
print(json.dumps({
    "version": "%d.%d" % sys.version_info[:2],
    "fit": sys.version_info[3] == "final" and sys.implementation.name == "cpython"
        and not sysconfig.get_config_var("Py_GIL_DISABLED"),
    "has_pip": importlib.util.find_spec("ensurepip") is not None,
    "path": sys.executable,
}))
"""


class SetupError(Exception):
    """The set-up cannot go on; the message says why and what to do."""


def main(arguments: list[str]) -> int:
    """Set up if needed, then become pytest or policymix. Returns an exit code."""
    try:
        python = ready_python() or set_up()
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("interrupted while setting up; the same command starts afresh.")
        return 130
    if arguments[:1] == ["test"]:
        os.chdir(ROOT)
        module, arguments = "pytest", arguments[1:] or ["-n", "auto", "--dist", "loadfile"]
    else:
        module, arguments = "policymix", arguments or ["compare"]
        os.environ["POLICYMIX_PROGRAM"] = f"{'py' if ON_WINDOWS else 'python3'} {sys.argv[0]}"
    version = os.path.basename(os.path.dirname(os.path.dirname(python)))
    say(f"{' '.join([module, *arguments[:1]])} (Python {version})")
    return become([python, "-P", "-m", module, *arguments])


def become(command: list[str]) -> int:
    """Replace this process by `command`; on Windows, which cannot, run it and return its code."""
    environ = environment_without("PYTHONHOME", "PYTHONPATH")
    if not ON_WINDOWS:
        os.execve(command[0], command, environ)
    child = subprocess.Popen(command, env=environ)
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # the child was told too, and ends in its way
            return child.wait()


def environment_without(*names: str) -> dict[str, str]:
    """This process's environment variables but for `names`, and with UTF-8 everywhere."""
    return {**{k: v for k, v in os.environ.items() if k not in names}, "PYTHONUTF8": "1"}


def say(message: str) -> None:
    """Tell the person at the terminal; standard output belongs to the command."""
    print("run.py: " + message, file=sys.stderr, flush=True)


# --- is there an environment already? ------------------------------------------------------------


def ready_python() -> str | None:
    """The Python of an environment that is ready, or None. Starts no other program."""
    asked = os.environ.get("POLICYMIX_PYTHON") or own_version()
    for version in [asked] if asked else VERSIONS:
        folder = os.path.join(HOME, version)
        if version in VERSIONS and is_ready(folder):
            return python_in(folder)
    return None


def own_version() -> str:
    """The version of the running Python, empty if policymix cannot use it."""
    version = "{}.{}".format(*sys.version_info)
    final = sys.version_info[3] == "final" and sys.implementation.name == "cpython"
    fit = final and not sysconfig.get_config_var("Py_GIL_DISABLED")
    return version if fit and version in VERSIONS else ""


def is_ready(folder: str) -> bool:
    """Whether `folder` was set up to the end, for this place and from the files as they are."""
    try:
        with open(os.path.join(folder, "stamp"), encoding="utf-8") as file:
            return file.read() == stamp() and os.path.exists(python_in(folder))
    except (OSError, ValueError):
        return False


def stamp() -> str:
    """What an environment depends on: this place, since it is linked to it, and two files."""
    digest = hashlib.sha256(os.fsencode(ROOT))
    for name in ("pyproject.toml", "constraints.txt"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(b"\0" + file.read())
    return digest.hexdigest()


def python_in(folder: str) -> str:
    """The Python of the environment in `folder`."""
    return os.path.join(folder, *(("Scripts", "python.exe") if ON_WINDOWS else ("bin", "python")))


# --- which Python can make one? ------------------------------------------------------------------


def find_python() -> tuple[str, str]:
    """Version and path of a Python that can make the environment. Raises SetupError."""
    asked = os.environ.get("POLICYMIX_PYTHON", "")
    without_pip = ""
    for command in candidates(asked):
        version, path, has_pip = probe(command)
        if not version or (asked in VERSIONS and version != asked):
            continue
        if has_pip or shutil.which("uv"):
            return version, path
        without_pip = without_pip or version
    if without_pip:
        apt = f"on Debian and Ubuntu: sudo apt install python{without_pip}-venv"
        raise SetupError(f"Python {without_pip} cannot make a virtual environment here; {apt}")
    if shutil.which("uv") and (not asked or asked in VERSIONS):
        return asked or VERSIONS[0], asked or VERSIONS[0]  # uv finds or fetches it
    raise SetupError(
        (f"POLICYMIX_PYTHON={asked} starts none of them: " if asked else "")
        + "policymix needs Python 3.12, 3.13 or 3.14 (a final release, not a free-threaded build); "
        "install one from your system or from python.org and run this again (Debian 12 has none: "
        "see the README)."
    )


def candidates(asked: str) -> Iterator[list[str]]:
    """Commands that may start a fitting Python, best first."""
    if asked and asked not in VERSIONS:
        yield [asked]
        return
    if own_version():
        yield [sys.executable]
    pyenv = os.environ.get("PYENV_ROOT") or os.path.join(os.path.expanduser("~"), ".pyenv")
    folders = [glob.escape(folder) for folder in os.environ.get("PATH", "").split(os.pathsep)]
    for version in [asked] if asked else VERSIONS:
        if ON_WINDOWS:
            yield ["py", "-" + version]
        patterns = [os.path.join(folder, "python" + version) for folder in folders if folder]
        patterns.append(os.path.join(pyenv, "versions", version + ".*", "bin", "python"))
        patterns.append(os.path.join(pyenv, "pyenv-win", "versions", version + ".*", "python.exe"))
        for pattern in patterns:
            for path in sorted(glob.glob(pattern), reverse=True):
                yield [path]


def probe(command: list[str]) -> tuple[str, str, bool]:
    """Version, path and has-pip of the Python that `command` starts; ("", "", False) if unfit.

    Executed, since pyenv's shims stand on PATH for versions that they then refuse to start.
    """
    try:
        output = subprocess.check_output(
            [*command, "-I", "-c", PROBE],
            env=environment_without("PYENV_VERSION"),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
        found = json.loads(output.decode("utf-8"))
    except (OSError, ValueError, subprocess.SubprocessError):
        return "", "", False
    fit = found["fit"] and found["version"] in VERSIONS
    return (found["version"], found["path"], found["has_pip"]) if fit else ("", "", False)


# --- making the environment ----------------------------------------------------------------------


def set_up() -> str:
    """Make the environment and return its Python. Raises SetupError."""
    version, path = find_python()
    final = os.path.join(HOME, version)
    if is_ready(final):  # POLICYMIX_PYTHON named a path, so only now is the version known
        return python_in(final)
    say(f"setting up in .venv-run/{version} (once, about a minute, needs a network) ...")
    try:
        os.makedirs(HOME, exist_ok=True)
        sweep()
        building = os.path.join(HOME, f"building-{os.getpid()}-{time.time_ns()}")
        try:
            install(path, building)
            with open(os.path.join(building, "stamp"), "w", encoding="utf-8") as file:
                file.write(stamp())
            relink(building, final)
            put_in_place(building, final)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    except OSError as error:
        raise SetupError(f"cannot write the environment: {error}") from error
    return python_in(final)


def sweep() -> None:
    """Remove what a killed set-up left: an hour old, so that nobody is still at work on it."""
    for folder in glob.glob(os.path.join(glob.escape(HOME), "building-*")):
        with contextlib.suppress(OSError):
            if time.time() - os.path.getmtime(folder) > 3600:
                shutil.rmtree(folder, ignore_errors=True)


def install(path: str, folder: str) -> None:
    """Fill `folder` with an environment holding policymix, linked to this place, and its tests."""
    python = python_in(folder)
    project = ["--quiet", "-c", "constraints.txt", "-e", ".[test]"]
    uv = shutil.which("uv")
    if uv:
        try:
            quietly([uv, "venv", "--quiet", "--python", path, folder])
            quietly([uv, "pip", "install", "--python", python, *project])
            return
        except SetupError:
            say("uv could not do it; trying pip ...")
    quietly([path, "-m", "venv", "--clear", folder])
    quietly([python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", *project])


def quietly(command: list[str]) -> None:
    """Run a step of the set-up; what it printed is shown only if it fails."""
    environ = environment_without("PYENV_VERSION", "PYTHONHOME", "PYTHONPATH", "PIP_USER")
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**environ, "PIP_USER": "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        raise SetupError(f"the set-up failed: {error}") from error
    if done.returncode != 0:
        lines = "\n  ".join(done.stdout.decode("utf-8", "replace").strip().splitlines()[-15:])
        raise SetupError(f"the set-up failed:\n  {lines}\nIs there a network? Then try again.")


def relink(building: str, final: str) -> None:
    """Let the scripts of `building` start the Python of `final`, where they will be."""
    for path in glob.glob(os.path.join(glob.escape(os.path.dirname(python_in(building))), "*")):
        if os.path.isfile(path) and not os.path.islink(path):
            with open(path, "rb+") as file:
                if b"\0" not in (text := file.read()):
                    file.seek(0)
                    file.write(text.replace(os.fsencode(building), os.fsencode(final)))
                    file.truncate()


def put_in_place(building: str, final: str) -> None:
    """Rename `building` to `final`, unless somebody else has just put a good one there."""
    for _ in range(5):
        with contextlib.suppress(OSError):
            os.rename(building, final)
            return
        if is_ready(final):
            return
        with contextlib.suppress(OSError):  # out of date: out of the way at once, then removed
            os.rename(final, building + "-old")
            shutil.rmtree(building + "-old", ignore_errors=True)
            continue
        time.sleep(1)
    raise SetupError(f"cannot replace {final}: close what runs from it and try again.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
