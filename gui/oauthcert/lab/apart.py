"""The practice lab in a process of its own, so that its servers take no time from whoever looks at them."""

import multiprocessing
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

from oauthcert.model.errors import ScenarioError
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target

START_SECONDS = 60.0
END_SECONDS = 5.0


class LabProcess:
    """Starts the scenario's servers; they run until `close`, or until this process ends in whatever way.

    Raises ScenarioError when the scenario cannot be played or its servers do not come up in time.
    """

    def __init__(self, scenario: str, *, servers: int | None = None, latency_seconds: float = 0.0) -> None:
        # spawn: a forked copy of a process with threads and a window may hang on a lock that nobody holds any more
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, scenario, servers, latency_seconds), name="practice-lab", daemon=True)
        self._process.start()
        theirs.close()
        try:
            told = self._first_word(scenario)
        except BaseException:
            self.close()
            raise
        self.targets: tuple[Target, ...] = told["targets"]
        self.credential = Credential(told["username"], Secret(told["password"]))
        self.description: Mapping[str, object] = told["description"]

    def _first_word(self, scenario: str) -> dict[str, Any]:
        try:
            told: dict[str, Any] = self._pipe.recv() if self._pipe.poll(START_SECONDS) else {}
        except (EOFError, OSError):
            told = {}
        if "problem" in told:
            raise ScenarioError(told["problem"], **told["facts"])
        if not told:
            raise ScenarioError(f"the servers of {scenario} did not start", scenario=scenario)
        return told

    def close(self) -> None:
        """Ends the servers. May be called twice."""
        # A closed pipe is what the other side waits for.
        self._pipe.close()
        self._process.join(END_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(END_SECONDS)


def _serve(pipe: Connection, scenario: str, servers: int | None, latency_seconds: float) -> None:
    """The other process: says where the servers are, then serves until the pipe closes."""
    from oauthcert.lab.practice import PracticeLab

    try:
        lab = PracticeLab.open(scenario, servers=servers, latency_seconds=latency_seconds)
    except ScenarioError as error:
        pipe.send({"problem": error.detail, "facts": dict(error.facts)})
        return
    with lab:
        account = lab.credential
        told = {
            "targets": lab.targets,
            "username": account.username,
            # opens nothing but these servers on the loopback interface, and travels through a pipe between two of our own processes
            "password": account.password.reveal(),
            "description": lab.description(),
        }
        pipe.send(told)
        try:
            pipe.recv()
        except (EOFError, OSError):
            return
