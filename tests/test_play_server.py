"""The page's server as visitors meet it: what it gives, and what it refuses."""

import asyncio
import gzip
import json
import re
from typing import Any

import pytest
from calling import BOTH, MINE, PINNED, SMALL, VISITOR, Given, Obedient, ask, call, server, settled
from policymix.errors import ImpossibleWorldError, InputError
from policymix.label import LABEL, SHORT_LABEL
from policymix.page.asking import MOST_BYTES
from policymix.page.job_work import Job
from policymix.page.jobs import Jobs
from policymix.page.shown import SHOWN_NAMES
from policymix.scenario import parse_scenario
from pretended import Pretended, pretended

HOSTILE = "</script><img src=x onerror=alert(1)>"
NAMES = ("mine_name", "pinned_name")
KNOWN = {"cookie": f"policymix_8765={VISITOR}"}


# --- what it gives -------------------------------------------------------------------------------


def test_the_page_comes_with_its_label_and_a_nonce_of_its_own() -> None:
    app = server()
    one, other = (asyncio.run(call(app, "GET", "/")) for _ in range(2))
    policies = [given.header("content-security-policy") for given in (one, other)]
    nonces = [re.findall(r"'nonce-([^']+)'", policy) for policy in policies]
    assert nonces[0] != nonces[1]
    for given, policy, (nonce,) in zip((one, other), policies, nonces, strict=True):
        html = given.body.decode()
        scripts = re.findall(r"<script[^>]*>", html)
        run = [tag for tag in scripts if "application/json" not in tag]
        assert len(run) == 2
        assert all(f'nonce="{nonce}"' in tag for tag in run)
        assert LABEL in html
        assert "unsafe-inline" not in policy.partition("style-src")[0]
        assert policy.startswith("default-src 'none'")
    facts = re.search(r'id="facts">(.*?)</script>', one.body.decode(), re.DOTALL)
    assert facts
    assert json.loads(facts[1])["setup"] == {**vars(SMALL), "replicates": 3, "seed": 1}


def test_every_file_of_the_page_is_there_and_all_are_less_than_a_megabyte() -> None:
    app = server()
    page = asyncio.run(call(app, "GET", "/", headers={"accept-encoding": "gzip"}))
    size = len(page.body)
    html = gzip.decompress(page.body).decode()
    files = re.findall(r'"\./(assets/[^"]+)"', html)
    assert "assets/vendor/uPlot.esm.js" in files
    kinds = {".js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
    for name in files:
        given = asyncio.run(call(app, "GET", f"/{name}", headers={"accept-encoding": "gzip"}))
        assert given.status == 200, name
        assert given.header("content-type") == kinds[name[-3:]], name
        assert given.header("x-content-type-options") == "nosniff"
        again = {"if-none-match": given.header("etag")}
        assert asyncio.run(call(app, "GET", f"/{name}", headers=again)).status == 304
        size += len(given.body)
    assert size < 1_000_000


@pytest.mark.parametrize("path", ["/assets/../server.py", "/assets//etc/passwd", "/assets/", "/x"])
def test_nothing_else_is_there(path: str) -> None:
    assert ask("GET", path).status == 404


def test_an_answer_has_every_outcome_month_by_month() -> None:
    told = ask("POST", "/api/answer", {**BOTH, "replicates": 2}).told
    assert (told["replicates"], told["of"]) == (2, 3)
    assert told["label"] == SHORT_LABEL
    assert list(told["outcomes"]) == list(SHOWN_NAMES)
    for series in told["outcomes"].values():
        assert set(series) == {"mine", "pinned", "difference", "low", "high"}
        assert all(len(path) == SMALL.months + 1 for path in series.values())


def test_a_ladder_has_a_point_at_every_value() -> None:
    body = {**_without_assumptions(), "assumption": "peer_effect", "values": [0, 0.5]}
    told = ask("POST", "/api/ladder", body).told
    assert [point["value"] for point in told["points"]] == [0.0, 0.5]
    assert set(told["points"][0]["outcomes"]["addicted"]) == {"difference", "low", "high"}


def _without_assumptions() -> dict[str, str]:
    return {name: text.partition("[assumptions]")[0] for name, text in BOTH.items()}


def test_a_scenario_is_said_to_be_right() -> None:
    told = ask("POST", "/api/scenario", {"mine": MINE}).told
    assert told["ok"] is True
    assert told["title"] == "Demand first"


def test_a_step_of_the_ladder_that_no_world_has_is_said_and_the_others_are_played() -> None:
    class Impossible(Obedient):
        async def play(self, parts: Any) -> Any:
            if parts[0].scenario.assumptions.get("peer_effect") == 0.5:
                raise ImpossibleWorldError("impossible world: too many peers")
            return await super().play(parts)

    body = {**_without_assumptions(), "assumption": "peer_effect", "values": [0, 0.5, 0.25]}
    app = server(Impossible(is_open=True))
    told = asyncio.run(call(app, "POST", "/api/ladder", body)).told
    assert told["points"][1] == {"value": 0.5, "problem": "impossible world: too many peers"}
    assert ["outcomes" in point for point in told["points"]] == [True, False, True]
    assert told["replicates"] == 3
    none = {**body, "values": [0.5]}
    assert asyncio.run(call(app, "POST", "/api/ladder", none)).told["points"] == [told["points"][1]]


def test_a_long_study_says_how_far_it_is_and_is_let_go_by_who_leaves() -> None:
    jobs, started = pretended()
    app = server(jobs=jobs)
    other = asyncio.run(call(app, "POST", "/api/robust", BOTH)).told["id"]
    name = asyncio.run(call(app, "POST", "/api/report", BOTH, KNOWN)).told["id"]
    told = asyncio.run(call(app, "GET", f"/api/report/{name}", headers=KNOWN)).told
    assert told == {"label": SHORT_LABEL, "ready": False, "done": 0, "of": 0, "before": 1}
    gone = asyncio.run(call(app, "DELETE", f"/api/report/{name}", headers=KNOWN))
    assert (gone.status, gone.body) == (204, b"")
    told = asyncio.run(call(app, "GET", f"/api/report/{name}", headers=KNOWN))
    assert told.status == 422
    assert "let go" in told.problems[0]
    assert asyncio.run(call(app, "DELETE", f"/api/robust/{other}", headers=KNOWN)).status == 204
    assert not started[0].is_stopped, "it is another visitor's"


# --- what is wrong with a request ----------------------------------------------------------------


def test_problems_of_both_texts_are_told_in_the_words_of_files() -> None:
    wrong = {"mine": MINE.replace("interdiction", "interdicton"), "pinned": "title = 3\n"}
    given = ask("POST", "/api/answer", {**wrong, "replicates": 2})
    assert given.status == 422
    lines = []
    for name, text in wrong.items():
        with pytest.raises(InputError) as caught:
            parse_scenario(text.encode(), name)
        lines += str(caught.value).splitlines()
    assert given.problems == lines
    assert any(line.startswith("mine.toml:") and "interdiction" in line for line in lines)
    assert any(line.startswith("pinned.toml:1") for line in lines)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "request: read something else, allowed is a JSON object"),
        (b"\xff", "request: read something else, allowed is a JSON object"),
        (b"[" * 60_000, "request: read something else, allowed is a JSON object"),
        ([1], "request: read a list, allowed is a JSON object"),
        ({"mine": MINE}, "pinned: is missing"),
        ({**BOTH, "pined": 1}, "'pined': there is no such key. Did you mean pinned?"),
        ({**BOTH, "mine": None}, "mine: read nothing, allowed is text"),
        ({**BOTH, "mine": {"a": 1}}, "mine: read an object, allowed is text"),
        ({**BOTH, "replicates": True}, "replicates: read true or false, allowed is a whole number"),
        ({**BOTH, "replicates": 2.0}, "replicates: read a number, allowed is a whole number"),
        ({**BOTH, "replicates": 4}, "replicates: read 4, allowed is a whole number from 1 to 3"),
        ({**BOTH, "replicates": 0}, "replicates: read 0, allowed is a whole number from 1 to 3"),
        ({**BOTH, "mine": "\ud800"}, "mine.toml: read half a character, allowed is Unicode text"),
    ],
)
def test_a_request_of_another_shape_is_refused_in_a_sentence(body: Any, told: str) -> None:
    given = ask("POST", "/api/answer", body)
    assert given.status == 422
    assert told in given.problems


@pytest.mark.parametrize(
    "names", [("a", "A"), ("../a", "b"), ("b", "a" * 65), ("<b>", "c"), ("con", "b"), ("-x", "b")]
)
def test_a_report_names_both_files_as_files_may_be_named(names: tuple[str, str]) -> None:
    given = ask("POST", "/api/report", {**BOTH, **dict(zip(NAMES, names, strict=True))})
    assert given.status == 422
    assert given.problems[0].startswith("mine_name, pinned_name: ")
    other = ask("POST", "/api/robust", {**BOTH, "mine_name": "a", "pinned_name": "b"})
    assert (other.status, "there is no such key" in other.problems[0]) == (422, True)


def test_a_report_is_made_under_the_names_of_its_files() -> None:
    asked: list[Job] = []

    def start(job: Job) -> Any:
        asked.append(job)
        return Pretended()

    told = {**BOTH, **dict(zip(NAMES, ("treat_more", "baseline"), strict=True))}
    asyncio.run(call(server(jobs=Jobs(start, most_waiting=2)), "POST", "/api/report", told, KNOWN))
    (job,) = asked
    assert (job.mine.name, job.pinned.name) == ("treat_more", "baseline")


def test_a_seed_and_values_have_their_bounds() -> None:
    assert "seed: read -1" in ask("POST", "/api/answer", {**BOTH, "seed": -1}).problems[0]
    ladder = {**_without_assumptions(), "assumption": "peer_effect", "values": [9e9]}
    assert "peer_effect" in ask("POST", "/api/ladder", ladder).problems[0]
    many = ask("POST", "/api/ladder", {**ladder, "values": [0] * 10})
    assert many.problems == ["values: read 10, allowed are 1 to 9"]
    endless = ask("POST", "/api/ladder", {**ladder, "values": [10**400]})
    assert endless.problems == ["values: read something else, allowed are numbers"]
    unknown = ask("POST", "/api/ladder", {**ladder, "assumption": "peer_efect"})
    assert "Did you mean peer_effect?" in unknown.problems[0]


def test_a_large_body_is_refused_before_it_is_read() -> None:
    given = ask("POST", "/api/answer", b" " * (MOST_BYTES + 1))
    assert given.status == 413
    assert given.problems == [f"The request is larger than {MOST_BYTES:,} bytes, the most."]


def test_a_form_of_another_kind_is_refused() -> None:
    assert ask("POST", "/api/answer", b"mine=1", {"content-type": "text/plain"}).status == 415
    assert ask("GET", "/api/answer").status == 405


def test_what_is_hostile_comes_back_as_data_only() -> None:
    given = ask("POST", "/api/scenario", {"mine": f'"{HOSTILE}" = 1'})
    assert given.status == 422
    assert HOSTILE in " ".join(given.problems)
    assert given.header("content-type") == "application/json"
    assert given.header("x-content-type-options") == "nosniff"
    assert "default-src 'none'" in given.header("content-security-policy")


def test_a_fault_of_the_program_shows_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Obedient):
        async def play(self, part: Any) -> Any:
            raise KeyError("a secret of the program")

    app = server(Broken())

    async def asked() -> Given:
        found: list[Given] = []
        with pytest.raises(KeyError):  # which the server logs, and its own server swallows
            found.append(await _seen(app, found))
        return found[0]

    given = asyncio.run(asked())
    assert given.status == 500
    assert b"secret" not in given.body


async def _seen(app: Any, found: list[Given]) -> Given:
    """As `call`, but what was sent before an exception is found in `found`."""
    messages: list[Any] = []

    async def watching(scope: Any, receive: Any, send: Any) -> None:
        async def sending(message: Any) -> None:
            messages.append(message)
            await send(message)

        await app(scope, receive, sending)

    try:
        return await call(watching, "POST", "/api/answer", BOTH)
    except KeyError:
        found.append(Given(messages[0]["status"], [], messages[1]["body"]))
        raise


def test_superseded_is_said_with_its_own_status() -> None:
    async def play() -> None:
        crew = Obedient()
        app = server(crew)
        older = asyncio.create_task(call(app, "POST", "/api/answer", BOTH, KNOWN))
        await asyncio.sleep(0.1)
        swapped = {"mine": PINNED, "pinned": MINE}
        newer = asyncio.create_task(call(app, "POST", "/api/answer", swapped, KNOWN))
        given = await asyncio.wait_for(older, 10)
        assert given.status == 202
        assert given.problems[0].startswith("superseded")
        crew.is_open = True
        crew.allow(9)
        await settled()
        assert (await asyncio.wait_for(newer, 10)).status == 200

    asyncio.run(play())


def test_two_visitors_do_not_take_each_others_place() -> None:
    async def play() -> None:
        crew = Obedient()
        app = server(crew)
        others = {"cookie": f"policymix_8765={'w' * 22}"}
        tasks = [
            asyncio.create_task(call(app, "POST", "/api/answer", BOTH, cookie))
            for cookie in (KNOWN, others)
        ]
        await asyncio.sleep(0.1)
        crew.is_open = True
        crew.allow(9)
        assert [given.status for given in await asyncio.gather(*tasks)] == [200, 200]

    asyncio.run(play())
