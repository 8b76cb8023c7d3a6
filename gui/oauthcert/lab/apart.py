"""The practice lab in a process of its own, so that its servers take no time from whoever looks at them."""

import multiprocessing
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from oauthcert.certs.signing_request import SigningRequestUnreadable
from oauthcert.lab.deployment import Deed
from oauthcert.model.errors import ScenarioError
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target

if TYPE_CHECKING:
    from oauthcert.lab.practice import PracticeLab

START_SECONDS = 60.0
ANSWER_SECONDS = 30.0
END_SECONDS = 5.0


class LabProcess:
    """Starts the scenario's servers; they run until `close`, or until this process ends in whatever way.

    Raises ScenarioError when the scenario cannot be played or its servers do not come up in time.
    """

    def __init__(self, scenario: str, *, servers: int | None = None, latency_seconds: float = 0.0, pace: float | None = None) -> None:
        # spawn: a forked copy of a process with threads and a window may hang on a lock that nobody holds any more
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._lock = threading.Lock()
        arguments = (theirs, scenario, servers, latency_seconds, pace)
        self._process = context.Process(target=_serve, args=arguments, name="practice-lab", daemon=True)
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

    def by_hand(self, fix: str, server: str) -> None:
        """As PracticeLab.by_hand. Raises ScenarioError when the lab has ended."""
        self._ask("by-hand", fix, server)

    def deeds(self) -> tuple[Deed, ...]:
        """Every change that was made through a fix or by hand, in order."""
        return tuple(self._ask("deeds"))

    def answer_request(self, request: str, *, chain: bool = False) -> bytes:
        """As PracticeLab.answer_request."""
        return bytes(self._ask("answer-request", request, chain))

    def pfx(self, thumbprint: str, password: Secret) -> bytes:
        """As PracticeLab.pfx."""
        return bytes(self._ask("pfx", thumbprint, password.reveal()))

    def _ask(self, *question: object) -> Any:
        with self._lock:
            try:
                self._pipe.send(question)
                kind, value = self._pipe.recv() if self._pipe.poll(ANSWER_SECONDS) else ("ended", "")
            except (EOFError, OSError):
                kind, value = "ended", ""
        match kind:
            case "key":
                raise KeyError(value)
            case "value":
                raise ValueError(value)
            case "unreadable":
                raise SigningRequestUnreadable(*value)
            case "ended":
                raise ScenarioError("the practice lab has ended", scenario="")
        return value

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


def _serve(pipe: Connection, scenario: str, servers: int | None, latency_seconds: float, pace: float | None) -> None:
    """The other process: says where the servers are, then serves until the pipe closes."""
    from oauthcert.lab.practice import PACE, PracticeLab

    try:
        lab = PracticeLab.open(scenario, servers=servers, latency_seconds=latency_seconds, pace=pace or PACE)
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
            while True:
                pipe.send(_answer(lab, pipe.recv()))
        except (EOFError, OSError):
            return


def _answer(lab: "PracticeLab", question: tuple[str, Any, Any]) -> tuple[str, object]:
    known: Mapping[str, Callable[..., object]] = {
        "by-hand": lab.by_hand,
        "deeds": lambda: lab.deeds,
        "answer-request": lambda request, chain: lab.answer_request(request, chain=chain),
        "pfx": lambda thumbprint, password: lab.pfx(thumbprint, Secret(password)),
    }
    kind, *arguments = question
    try:
        return "done", known[kind](*arguments)
    except KeyError as error:
        return "key", str(error.args[0])
    except SigningRequestUnreadable as error:
        return "unreadable", (error.reason, error.detail)
    except ValueError as error:
        return "value", str(error)
