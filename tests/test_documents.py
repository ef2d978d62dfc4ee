"""The documents: what they tell one to type works, what they name exists, and links lead on."""

import ast
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from documents import (
    DOCUMENTS,
    OTHER_PROGRAMS,
    anchors_in,
    broken,
    commands_in,
    links_in,
    name_of,
)
from policymix import playing, studying
from policymix.__main__ import cli
from policymix.studies.kinds import KINDS
from prose import FENCED, ROOT, arguments, packages, prose_of, quoted_wrongly, read, unknown_names

Run = Callable[..., tuple[int, str, str]]
NOT_OURS = {
    **dict.fromkeys(("price_usd_per_gram", "quit_rate_per_year"), "examples of style"),
    **dict.fromkeys(("--nthreads 1", "--nworkers"), "options of dask's own command"),
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=False": "a setting of dask",
    "malloc_trim": "a function of the C library",
    "Host": "a header of HTTP",
    "numpy.py": "a file that is not there, which is the point",
    "Illustrative only; the totals differ": "put together where totals differ; test_compare has it",
    **dict.fromkeys(
        ("Inputs/MasterTable.xlsx", "ec_base_inputs/input1"), "in a source's repository"
    ),
}
"""What stands in backticks and is not the repository's, and why it is named."""
NOT_RUN = {
    "test": "runs all tests, this one too; test_run_script has it",
    "play": "serves until it is stopped; test_play and test_export have it",
    "--cluster": "needs a scheduler; test_machines has one on loopback",
}
"""Commands of policymix that are read by the real parser and not run here, and why."""
SMALL = {
    "compare": ("--people", "1000", "--months", "3", "--replicates", "2"),
    "robust": ("--people", "1000", "--months", "3", "--replicates", "1", "--worlds", "32"),
    "margins": ("--people", "1000", "--months", "3", "--replicates", "2"),
    "mixes": ("--people", "1000", "--months", "3", "--replicates", "2", "--steps", "2"),
    "validate": ("--people", "1000", "--replicates", "1", "--worlds", "0", "--extremes", "1"),
}
"""Appended to a study's command, whose last word on an option counts."""

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
GIVEN = [
    (name_of(path), given)
    for path in DOCUMENTS
    for words in commands_in(read(path))
    if (given := arguments(words)) is not None
]
SNIPPETS = [
    (name_of(path), code)
    for path in DOCUMENTS
    for language, code in FENCED.findall(read(path))
    if language == "python"
]
each_snippet = pytest.mark.parametrize(("document", "code"), SNIPPETS)


# --- what is named -------------------------------------------------------------------------------


@each_document
def test_names_files_options_and_commands_in_backticks_exist(path: Path) -> None:
    assert [code for code in unknown_names(prose_of(read(path))) if code not in NOT_OURS] == []


@each_document
def test_numbers_quoted_from_the_ledger_are_the_ledgers(path: Path) -> None:
    assert quoted_wrongly(prose_of(read(path))) == []


@each_document
def test_links_inside_the_repository_lead_somewhere(path: Path) -> None:
    assert broken(path, read(path)) == []


def test_every_document_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            targets = (
                (path.parent / one.partition("#")[0]).resolve() for one in links_in(read(path))
            )
            waiting += [target for target in targets if target in DOCUMENTS]
    unlinked = {ROOT / "scenarios" / "ledger" / "evidence.md", ROOT / "benchmarks" / "README.md"}
    assert set(DOCUMENTS) - seen <= unlinked  # the README names these two as files


def test_what_is_excused_is_still_named() -> None:
    everything = "\n".join(map(read, DOCUMENTS))
    for code in (*NOT_OURS, *OTHER_PROGRAMS):
        assert code in " ".join(everything.split()), code
    told = [word for _, given in GIVEN for word in given]
    assert [word for word in NOT_RUN if word not in told] == []


# --- commands ------------------------------------------------------------------------------------


class AboutToPlayError(Exception):
    """A command was read, and its question asked; it would play now."""


@pytest.fixture
def nothing_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise AboutToPlayError

    monkeypatch.setattr(studying, "_run", stop)
    for name in ("_serve", "_export", "listening_on"):
        monkeypatch.setattr(playing, name, stop)


@pytest.fixture
def desk(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The command line in a folder with the lessons' scenarios and a scenario of one's own."""
    shutil.copytree(ROOT / "docs" / "lessons", tmp_path / "docs" / "lessons")
    assert run("new", "my_mix")[0] == 0
    return run


def opened(run: Run, given: list[str]) -> bool:
    """Whether a command works as far as it goes without playing."""
    try:
        return run(*given)[0] == 0
    except AboutToPlayError:
        return True


@pytest.mark.usefixtures("nothing_plays")
@pytest.mark.parametrize("document", sorted({document for document, _ in GIVEN}))
def test_every_command_of_a_document_is_understood(desk: Run, document: str) -> None:
    for given in (given for name, given in GIVEN if name == document):
        if given[:1] == ["new"]:
            assert "exists already" in desk(*given)[2]
        elif given != ["test"]:
            assert opened(desk, given or ["compare"]), given


def test_no_command_without_a_study_or_words_is_passed_over() -> None:
    assert len(GIVEN) > 30
    for _, given in GIVEN:
        assert not given or given[0] in {*cli.commands, "test", "--help"}


def is_run_here(given: list[str]) -> bool:
    return not set(given) & set(NOT_RUN)


def at_small_size(given: list[str]) -> list[str]:
    given = given or ["compare"]  # what run.py does without words
    return [*given, *SMALL[given[0]], "--workers", "1"] if given[0] in KINDS else given


@pytest.mark.slow
@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("document", sorted({document for document, _ in GIVEN}))
def test_every_command_of_a_document_runs(desk: Run, tmp_path: Path, document: str) -> None:
    (tmp_path / "my_mix.toml").unlink()
    told = [given for name, given in GIVEN if name == document and is_run_here(given)]
    if document != "README.md":
        told = [given for given in told if given[:1] != ["validate"]]  # that of README does
    for given in sorted(told, key=lambda given: given[:1] != ["new"]):
        code, out, err = desk(*at_small_size(given))
        assert code == 0, (given, err)
        assert "Illustrative only" in out


def test_what_installs_names_extras_and_pins_that_exist() -> None:
    lines = [words for path in DOCUMENTS for words in commands_in(read(path))]
    installing = [words for words in lines if words[1:2] == ["install"]]
    assert len(installing) > 2
    for words in installing:
        for extra in re.findall(r"\.\[(\w+)\]", " ".join(words)):
            assert extra in packages()
        assert all(
            (ROOT / words[at + 1]).is_file() for at, word in enumerate(words) if word == "-c"
        )


# --- Python --------------------------------------------------------------------------------------


@each_snippet
def test_a_snippet_takes_only_what_there_is(document: str, code: str) -> None:
    names: dict[str, Any] = {}
    taken = [node for node in ast.parse(code).body if isinstance(node, ast.ImportFrom)]
    assert taken, "a snippet that can be pasted says where its names are from"
    exec(compile(ast.Module(list(taken), []), document, "exec"), names)


@pytest.mark.slow
@each_snippet
def test_a_snippet_runs(
    desk: Run, capsys: pytest.CaptureFixture[str], document: str, code: str
) -> None:
    exec(compile(code, document, "exec"), {})
    assert ("Illustrative only" in capsys.readouterr().out) == ("print(" in code)


# --- every rule sees what breaks it --------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["`share_seized = 0.3 share`", "`share_seized = 0.2 ratio`", "`share_seizd = 0.2 share`"],
)
def test_a_wrong_number_is_seen(text: str) -> None:
    assert quoted_wrongly(text)


@pytest.mark.parametrize(
    "text",
    [
        *("`share_seizd`", "`rel_mst_`", "`docs/decision.md`", "`policymix comparing`"),
        *("`python -m policymix.sheets`", "`two words`", "`--worldz`", "`compare --worldz 5`"),
        *("`python benchmarks/speed.py --fast`", "`spnd_<name>`", "`result.csv`", "`numpyy`"),
        *("`page/bok`", "`python3 run.py comparing`", "`worl.numbr(1)`", "`mesa.Agnt`"),
    ],
)
def test_a_wrong_name_is_seen(text: str) -> None:
    assert unknown_names(text)


def test_good_names_pass() -> None:
    good = "`share_seized = 0.2 share` `rel_most_` `policymix.sheet` `DIE` `treatment` `people`"
    assert unknown_names(good) == quoted_wrongly(good) == []


def test_a_broken_link_is_seen() -> None:
    text = (
        "# One head\n[a](#one-head) [b](#two) [c](no.md) [d](README.md#no) [e](http://x.y) `[f](g)`"
    )
    assert broken(ROOT / "some.md", text) == ["#two", "no.md", "README.md#no", "http://x.y"]
    assert anchors_in("## What *is* `it`, now?\n") == {"what-is-it-now"}


def test_a_wrong_command_is_seen(desk: Run) -> None:
    for given in (["compare", "demand_frist"], ["explain", "nothing"], ["robust", "a", "--wrlds"]):
        assert not opened(desk, given), given
