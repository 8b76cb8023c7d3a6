"""A look in a process of its own, so that two hundred servers streaming in take no time from the window's thread."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

from oauthcert import __version__
from oauthcert.casework.diagnose import Limits, Snapshot, diagnose, judged
from oauthcert.casework.events import Event, Judged, Provisional
from oauthcert.casework.looking import CANCELLED
from oauthcert.casework.provisional import Board
from oauthcert.casework.settings import Waits
from oauthcert.casework.sharing import SharedAnswers
from oauthcert.casework.survey import over_the_network
from oauthcert.checks.thresholds import Thresholds
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.evidence import NotSeen, Observation
from oauthcert.model.finding import Cause, Finding
from oauthcert.model.secret import Credential, Secret, SignInMethod
from oauthcert.model.target import Target

BOARD_SECONDS = 0.4
CHUNK = 100  # findings in one message: unpacking one must not hold up a window for longer than a few milliseconds
CANCEL_SECONDS = 5.0  # how long a cancelled look may take to tidy up on the servers before its process is ended
GONE = NotSeen("unexpected", {"type": "the process that looked has ended"})


@dataclass(frozen=True, slots=True)
class LookOrder:
    """What to look at, as whom, within which limits, judged by which thresholds. `source` is where the case will say it comes from."""

    targets: tuple[Target, ...]
    credential: Credential
    limits: Limits
    source: str = "live"
    waits: Waits = field(default_factory=Waits)
    thresholds: Thresholds = field(default_factory=Thresholds)


def look_apart(order: LookOrder, token: CancelToken, tell: Callable[[Event], None]) -> Case:
    """As `diagnose`, with `Provisional` findings in between. Blocks; `tell` is called in the caller's thread.

    A cancelled look, or one whose process was ended from outside, brings the case of what had arrived.
    """
    context = multiprocessing.get_context("spawn")
    pipe, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), name="look", daemon=True)
    process.start()
    theirs.close()
    gathering = _Gathering(order)
    try:
        pipe.send(_plain(order))
        _listen(pipe, gathering, token, tell)
    except (EOFError, OSError):
        gathering.cut_off = True
    finally:
        pipe.close()
        process.join(CANCEL_SECONDS)
        if process.is_alive():
            process.kill()
            process.join(CANCEL_SECONDS)
    case = gathering.case()
    tell(Judged(case))
    return case


def _listen(pipe: Connection, gathering: "_Gathering", token: CancelToken, tell: Callable[[Event], None]) -> None:
    until: datetime | None = None
    while not gathering.ended:
        if token.cancelled and until is None:
            pipe.send("cancel")
            until = datetime.now(UTC)
        if until is not None and (datetime.now(UTC) - until).total_seconds() > CANCEL_SECONDS:
            gathering.cut_off, gathering.why_gone = True, CANCELLED
            return
        if pipe.poll(0.05):
            event = gathering.take(pipe.recv())
            if event is not None:
                tell(event)


class _Gathering:
    """Puts together what the other process sends, piece by piece."""

    def __init__(self, order: LookOrder) -> None:
        self._order = order
        self._observations: dict[str, Observation] = {}
        self._shared = SharedAnswers()
        self._findings: list[Finding] = []
        self._causes: tuple[Cause, ...] = ()
        self._started = self._finished = datetime.now(UTC)
        self.ended = False
        self.cut_off = False
        self.why_gone = GONE

    def take(self, message: tuple[str, Any]) -> Event | None:
        kind, value = message
        match kind:
            case "event":
                return value  # type: ignore[no-any-return]
            case "observation":
                # each came with its own copy of what all servers print alike
                self._observations[value.server] = self._shared.observation(value)
            case "findings":
                self._findings.extend(value)
            case "end":
                self._started, self._finished, self._causes = value
                self.ended = True
        return None

    def case(self) -> Case:
        order = self._order
        why = self.why_gone
        gone = {target.name: Observation(target.name, why, why, why, lost=why) for target in order.targets}
        observations = tuple(self._observations.get(target.name, gone[target.name]) for target in order.targets)
        case = Case(self._started, self._finished, order.source, order.targets, observations, tool_version=__version__)
        if self.cut_off:
            return judged(replace(case, finished=datetime.now(UTC)), order.thresholds)
        return replace(case, findings=tuple(self._findings), causes=self._causes)


def _plain(order: LookOrder) -> dict[str, Any]:
    """A Secret refuses to be pickled, so that it cannot end in a file by accident; here it goes through a pipe to our own process."""
    account = order.credential
    return {
        "targets": order.targets,
        "account": (account.username, account.password.reveal(), account.method.value, account.certificate_file, account.key_file),
        "limits": order.limits,
        "source": order.source,
        "waits": order.waits,
        "thresholds": order.thresholds,
    }


def _serve(pipe: Connection) -> None:
    """The other process: one look, told as it goes, then the case in pieces."""
    from oauthcert.remote.winrm_gateway import WinrmGateway

    _step_back()
    order = pipe.recv()
    username, password, method, certificate_file, key_file = order["account"]
    credential = Credential(username, Secret(password), SignInMethod(method), certificate_file, key_file)
    targets: Sequence[Target] = order["targets"]
    token, sending, over = CancelToken(), _Sending(pipe), threading.Event()
    threading.Thread(target=_hear, args=(pipe, token), daemon=True).start()
    ticker: list[threading.Thread] = []

    def watch(snapshot: Snapshot) -> None:
        board = Board(targets, order["source"], _now, order["thresholds"])
        thread = threading.Thread(target=_tick, args=(board, snapshot, sending, over), daemon=True)
        thread.start()
        ticker.append(thread)

    case = diagnose(
        targets,
        lambda _target: credential,
        WinrmGateway(order["waits"].timing()),
        limits=order["limits"],
        token=token,
        tell=sending.event,
        now=_now,
        source=order["source"],
        watch=watch,
        thresholds=order["thresholds"],
        identify=over_the_network(),
    )
    over.set()
    for thread in ticker:
        thread.join()
    sending.case(case)


def _step_back() -> None:
    """Lets the window have the processor first: it wants little of it, but at once."""
    if os.name == "posix":
        os.nice(5)
    elif sys.platform == "win32":
        import ctypes

        below_normal = 0x4000  # BELOW_NORMAL_PRIORITY_CLASS
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)


def _hear(pipe: Connection, token: CancelToken) -> None:
    """Anything said after the order, or the end of the pipe, means stop."""
    try:
        pipe.recv()
    except (EOFError, OSError):
        token.cancel()
    token.cancel()


def _tick(board: Board, snapshot: Snapshot, sending: "_Sending", over: threading.Event) -> None:
    while not over.wait(BOARD_SECONDS):
        observations = snapshot()
        sending.observations(one for one in observations if one.finished is not None)
        news = board.news(observations)
        for start in range(0, len(news), CHUNK):
            sending.send(("event", Provisional(news[start : start + CHUNK])))


class _Sending:
    """One writer at a time on the pipe. That nobody listens any more is no error: `_hear` then stops the look."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._sent: set[str] = set()

    def send(self, message: tuple[str, object]) -> None:
        with self._lock:
            try:
                self._pipe.send(message)
            except OSError:
                return

    def event(self, event: Event) -> None:
        if not isinstance(event, Judged):  # the case follows in pieces
            self.send(("event", event))

    def observations(self, finished: Iterable[Observation]) -> None:
        """Each once, as soon as it is complete: what has been sent survives the end of this process."""
        for observation in finished:
            if observation.server not in self._sent:
                self._sent.add(observation.server)
                self.send(("observation", observation))

    def case(self, case: Case) -> None:
        self.observations(case.observations)
        for start in range(0, len(case.findings), CHUNK):
            self.send(("findings", case.findings[start : start + CHUNK]))
        self.send(("end", (case.started, case.finished, case.causes)))


def _now() -> datetime:
    return datetime.now(UTC)
