"""`policymix play` with real workers and a real server: its numbers, its manners, its end."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from calling import BOTH, MINE, PINNED, SMALL
from conftest import Run
from policymix import __main__ as door
from policymix.label import LABEL
from policymix.outcomes import BY_NAME
from policymix.page import server, serving
from policymix.page.answers import Answers
from policymix.page.crew import Crew
from policymix.page.jobs import Jobs
from policymix.page.shown import SHOWN
from policymix.pool import StudyError
from policymix.scenario import parse_scenario
from policymix.studies.compare import compare
from served import REPLICATES, Served

MODEL = Path(door.__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def page() -> Iterator[Served]:
    served = Served()
    yield served
    served.stop()


def whole_answer(page: Served, **told: Any) -> dict[str, Any]:
    """All replicates, however long a busy machine takes."""
    for _ in range(60):
        status, answer = page.post("/api/answer", {**BOTH, "replicates": REPLICATES, **told})
        assert status == 200
        if answer["replicates"] == REPLICATES:
            found: dict[str, Any] = answer
            return found
    raise AssertionError("it never got sharp")


@pytest.mark.parametrize("seed", [1, 7])
def test_an_answer_is_what_compare_finds_for_the_same_files(page: Served, seed: int) -> None:
    told = whole_answer(page, seed=seed)
    mine, pinned = (
        parse_scenario(text.encode(), name) for name, text in (("mine", MINE), ("pinned", PINNED))
    )
    study = compare(
        [pinned, mine],
        against=pinned,
        replicates=REPLICATES,
        seed=seed,
        people=SMALL.people,
        months=SMALL.months,
    )
    # After twelve months the mean of a flow's last twelve is that of all.
    summary = study.summary.set_index(["scenario", "outcome", "statistic"])
    for one in SHOWN:
        statistic = "mean" if BY_NAME[one.name].kind == "flow" else "final"
        rows = [summary.loc[name, one.name, statistic] for name in ("mine", "pinned")]
        ours = {key: path[-1] for key, path in told["outcomes"][one.name].items()}
        theirs = {
            "mine": rows[0]["mean"],
            "pinned": rows[1]["mean"],
            "difference": rows[0]["difference"],
            "low": rows[0]["difference_low"],
            "high": rows[0]["difference_high"],
        }
        for key, value in theirs.items():
            expected = float(f"{value * one.factor:.6g}")
            close = abs(rows[0]["mean"] * one.factor) * 1e-12  # of sums in another order
            assert ours[key] == pytest.approx(expected, rel=1.1e-5 if value else 0, abs=close), (
                one.name,
                key,
            )


def test_flows_have_no_month_0_and_one_replicate_has_no_band(page: Served) -> None:
    _, told = page.post("/api/answer", {**BOTH, "replicates": 1})
    deaths = told["outcomes"]["overdose_deaths"]
    assert deaths["mine"][0] is None
    assert deaths["mine"][1] is not None
    assert deaths["low"] is deaths["high"] is None


def test_a_recording_is_of_this_mix_and_size(page: Served) -> None:
    status, told = page.post("/api/watch", {"policy": MINE})
    assert status == 200
    assert told["months"] == SMALL.months
    assert len(told["cartels"]) == SMALL.months + 1


def test_a_world_that_cannot_be_is_refused_in_a_sentence(page: Served) -> None:
    text = (
        MINE.partition("[assumptions]")[0]
        + "[assumptions]\nn_addicted = 2e7\nn_casual_users = 1e5\n"
    )
    status, told = page.post("/api/answer", {"mine": text, "pinned": PINNED, "replicates": 1})
    assert status == 422
    assert "impossible world" in told["problems"][0]
    assert "n_addicted" in told["problems"][0]


def test_a_worker_that_is_killed_is_replaced_and_nothing_is_lost(page: Served) -> None:
    before = whole_answer(page, seed=11)
    for pid in page.workers():
        os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    page.answers.known = type(page.answers.known)(1 << 20)
    assert whole_answer(page, seed=11) == before
    assert len(page.workers()) == 2


def test_who_sends_nothing_and_reads_nothing_stops_nobody(page: Served) -> None:
    slow = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(20)]
    half = f"POST /api/answer HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\n".encode()
    for one in slow:
        one.sendall(half + b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
    assert page.post("/api/scenario", {"mine": MINE})[0] == 200
    for one in slow:
        one.close()


def test_who_asks_nothing_is_not_kept_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_REQUEST_SECONDS", 0.3)
    page = Served()
    try:
        address = ("127.0.0.1", page.port)
        with socket.create_connection(address) as silent, socket.create_connection(address) as half:
            half.sendall(b"GET / HTTP/1.1\r\nHost: ")
            for one in (silent, half):
                one.settimeout(30)
                assert one.recv(1) == b"", "it is closed"
        # Who has asked may wait as long as it takes.
        assert page.post("/api/answer", {**BOTH, "replicates": 2, "seed": 99})[0] == 200
    finally:
        page.stop()


def test_small_answers_are_sent_at_once(page: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    found, read = [], serving._Patience.data_received

    def seen(self: Any, data: bytes) -> None:
        ours = self.transport.get_extra_info("socket")
        found.append(ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        read(self, data)

    monkeypatch.setattr(serving._Patience, "data_received", seen)
    page.post("/api/scenario", {"mine": MINE})
    assert {bool(one) for one in found} == {True}


# --- the command ---------------------------------------------------------------------------------


def test_a_taken_port_is_named_with_what_to_do(run: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, _, errors = run("play", "--port", port, "--no-open")
    assert code == 2
    assert f"--port: {port} is taken" in errors
    assert "another port" in errors


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--port", "65536", "port: read 65536, allowed is a whole number from 0 to 65,535"),
        ("--people", "999", "people: read 999"),
        ("--months", "0", "months: read 0"),
        ("--replicates", "0", "replicates: read 0"),
        ("--workers", "0", "workers: read 0"),
        ("--seed", "-1", "seed: read -1"),
        ("--host", "no such host", "--host: read 'no such host'"),
        ("--host", "203.0.113.7", "--host: read '203.0.113.7'"),
    ],
)
def test_options_have_bounds(run: Run, option: str, value: str, told: str) -> None:
    code, _, errors = run("play", "--no-open", option, value)
    assert code == 2
    assert told in errors


@pytest.mark.parametrize(
    ("option", "told"), [("--open", "leave out --open"), ("--no-open", "--rep")]
)
def test_an_export_opens_nothing_and_may_be_told_so(run: Run, option: str, told: str) -> None:
    code, _, errors = run("play", "--export", "page.html", option, "--replicates", 1)
    assert code == 2
    assert told in errors


def test_a_page_that_cannot_start_says_why(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def load_scenario(_: str) -> None:
        raise StudyError("No shipped scenario is there.")

    monkeypatch.setattr(server, "load_scenario", load_scenario)
    code, _, errors = run("play", "--port", 0, "--no-open", "--workers", 1)
    assert code == 1
    assert "The page could not be started: No shipped scenario is there." in errors


@contextmanager
def started(*options: str) -> "Iterator[tuple[subprocess.Popen[str], str, str]]":
    """The command in a process of its own, its link, and all that it said before it served."""
    small = ("--people", "1000", "--months", "12", "--workers", "2", "--port", "0", "--no-open")
    process = subprocess.Popen(
        [sys.executable, "-m", "policymix", "play", *small, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(MODEL), "PYTHONUNBUFFERED": "1"},
    )
    with process:
        try:
            assert process.stdout
            said = ""
            while LABEL not in said:
                line = process.stdout.readline()
                assert line, process.communicate()
                said += line
            link = re.search(r"http://\S+", said)
            assert link
            yield process, link[0], said
        finally:
            process.kill()


def opened(port: int, path: str) -> int:
    end = time.monotonic() + 60
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)
        finally:
            connection.close()


@pytest.mark.skipif(os.name == "nt", reason="no Ctrl-C to send there")
def test_the_command_serves_and_ends_quietly() -> None:
    with started() as (process, link, said):
        assert "127.0.0.1" in link
        assert "token" not in said
        assert opened(int(link.rpartition(":")[2].strip("/")), "/") == 200
        workers = _workers(process.pid)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
        assert process.returncode == 0
        assert (out.strip(), errors) == ("", "")
    end = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < end, "a worker outlives the page"
        time.sleep(0.05)


def _workers(pid: int) -> list[str]:
    """Processes that any of its threads started, once all are there; Linux only, else none."""
    threads = Path(f"/proc/{pid}/task")
    end = time.monotonic() + 60
    found: list[str] = []
    while threads.exists() and len(found) < 3:  # two, and who tidies up after them
        assert time.monotonic() < end, "there are no workers"
        texts = (one.read_text(encoding="ascii") for one in threads.glob("*/children"))
        found = " ".join(texts).split()
    return found


def test_for_others_the_link_carries_a_token() -> None:
    with started("--host", "0.0.0.0") as (_, link, said):
        assert "not encrypted" in said
        address, _, token = link.partition("?token=")
        assert len(token) >= 20
        port = int(address.strip("/").rpartition(":")[2])
        assert opened(port, "/") == 403
        assert opened(port, f"/?token={token}") == 200


def test_a_page_of_another_seed_says_so() -> None:
    from policymix.page.server import app_for

    answers = Answers(Crew(1), SMALL, 42, REPLICATES)
    routes: Any = app_for(answers, Jobs()).routes
    assert '"seed":42' in routes[0].endpoint.__self__._html
