"""The live page with real workers, for tests that ask it over HTTP or look at it in a browser."""

import http.client
import json
import threading
from typing import Any

from calling import SMALL, VISITOR
from policymix.page.answers import Answers
from policymix.page.crew import Crew
from policymix.page.jobs import Jobs
from policymix.page.serving import server_of
from policymix.playing import listening_on

REPLICATES = 3


class Served:
    """The page on a free port of this machine, in a thread of this process."""

    def __init__(self, jobs: Jobs | None = None) -> None:
        self.answers = Answers(Crew(2), SMALL, 1, REPLICATES)
        listening = listening_on("127.0.0.1", 0)
        self.port = listening.getsockname()[1]
        self.server = server_of(self.answers, jobs or Jobs(), host="127.0.0.1", port=self.port)
        self.thread = threading.Thread(target=self.server.run, args=([listening],))
        self.thread.start()

    def post(self, path: str, told: Any) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {
            "content-type": "application/json",
            "cookie": f"policymix_{self.port}={VISITOR}",
        }
        connection.request("POST", path, json.dumps(told), headers)
        given = connection.getresponse()
        body = json.loads(given.read())
        connection.close()
        return given.status, body

    def workers(self) -> list[int]:
        executor: Any = self.answers.crew._executor
        return list(executor._processes)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(30)
        assert not self.thread.is_alive()
