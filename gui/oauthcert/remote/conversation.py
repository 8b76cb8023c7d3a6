"""One server from the first contact to the last clean-up: rounds of questions over one kept connection and one kept shell."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled, RemoteError
from oauthcert.model.evidence import Answer, ClockSeen, ReachSeen, SignInSeen, TlsSeen
from oauthcert.remote.carrier import Carrier
from oauthcert.remote.clixml import readable_error_text
from oauthcert.remote.clock import ServerClock
from oauthcert.remote.failures import (
    AnswerDamaged,
    AnswerLost,
    AnswerTooLarge,
    CutOff,
    LanguageConstrained,
    NotAuthorized,
    PowershellMissing,
    ProbeProcessDied,
    ScriptBroken,
    ShellGone,
)
from oauthcert.remote.patience import Patience
from oauthcert.remote.shells import Shells
from oauthcert.remote.trust import tls_seen
from oauthcert.remote.wire import HELLO, PROTOCOL, FrameReader, Question, answer_of, encode_request, is_end

_TOTAL_LIMIT = 64 * 1024 * 1024  # bytes of output of one round
_ERROR_LIMIT = 64 * 1024  # bytes of error output kept
_CANCELLED_CLEANUP_SECONDS = 0.6
# Seconds to let answers gather before asking for more. The server answers a Receive with the first line it has, so without a pause each
# probe would cost a request of its own; the first answers still come at once, later ones at most half a second late.
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.5)
_NOT_RECOGNISED = (1, 9009)  # what cmd.exe leaves when there is no such program
_NEVER_BEGAN = (LanguageConstrained, ScriptBroken, PowershellMissing)


@dataclass(frozen=True, slots=True)
class Scripts:
    """The fixed texts that run on the server: `bootstrap` on the command line, `round_script` through stdin."""

    bootstrap: str
    round_script: str

    @property
    def command_line(self) -> str:
        """At most 8191 characters are allowed for it by cmd.exe."""
        # Comments are for readers of the file.
        lines = [line for line in self.bootstrap.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        encoded = base64.b64encode("\n".join(lines).encode("utf-16-le")).decode("ascii")
        return f"powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand {encoded}"


class WinrmConnection:
    """See `port.Connection`."""

    def __init__(
        self, carrier: Carrier, shells: Shells, clock: ServerClock, patience: Patience, scripts: Scripts, cleanup_seconds: float
    ) -> None:
        self._carrier = carrier
        self._shells = shells
        self._clock = clock
        self._patience = patience
        self._scripts = scripts
        self._cleanup_seconds = cleanup_seconds
        self._shell: str | None = None
        self._left_behind: list[str] = []
        self._cancelled = False

    def ask(
        self,
        questions: Sequence[Question],
        library: str,
        *,
        deadline_seconds: float,
        token: CancelToken,
        on_answer: Callable[[Answer], None],
        once: bool = False,
    ) -> None:
        """See `port.Connection`."""
        token.raise_if_cancelled()
        if self._left_behind:
            self._remove_left_behind(self._cleanup_seconds)
        self._patience.begin(token, deadline_seconds)
        stdin = encode_request(self._scripts.round_script, library, questions)
        delivery = _Delivery(on_answer)
        self._shells.handed_over = False
        try:
            self._round(stdin, delivery, questions, token)
        except (RemoteError, Cancelled) as error:
            if once and self._shells.handed_over and not isinstance(error, _NEVER_BEGAN):
                raise AnswerLost(cause=error.words) from error
            raise

    def _round(self, stdin: bytes, delivery: "_Delivery", questions: Sequence[Question], token: CancelToken) -> None:
        try:
            shell, command = self._started(token)
            self._shells.send(shell, command, stdin)
            exit_code = self._received(shell, command, delivery)
        except BaseException as error:
            self._cancelled = isinstance(error, Cancelled)
            self._drop_shell()
            if not (isinstance(error, RemoteError) and delivery.ended):
                raise
            exit_code = 0  # everything has been said; only the end of the process was not seen
        delivery.judge(exit_code, questions)

    def _started(self, token: CancelToken) -> tuple[str, str]:
        if self._shell is not None:
            try:
                return self._shell, self._shells.command(self._shell, self._scripts.command_line)
            except ShellGone:
                self._shell = None  # it idled too long, or the service was restarted
        try:
            shell = self._shell = self._shells.create()
        except NotAuthorized as failure:
            raise self._carrier.denied(failure) from failure
        token.raise_if_cancelled()
        return shell, self._shells.command(shell, self._scripts.command_line)

    def _received(self, shell: str, command: str, delivery: "_Delivery") -> int:
        pauses = iter(_PAUSES)
        while True:
            out, error, exit_code = self._shells.receive(shell, command)
            delivery.take(out, error)
            if exit_code is not None:
                return exit_code
            self._patience.pause(next(pauses, _PAUSES[-1]) if out else 0)

    def _drop_shell(self) -> None:
        """A round that went wrong leaves a command running: its shell goes, over a new connection if the old one waits or broke."""
        shell, self._shell = self._shell, None
        if shell is None:
            self._carrier.close_session()
            return
        self._left_behind.append(shell)
        self._remove_left_behind(_CANCELLED_CLEANUP_SECONDS if self._cancelled else self._cleanup_seconds)

    def _remove_left_behind(self, seconds: float) -> None:
        self._patience.begin(CancelToken(), seconds)
        while self._left_behind:
            try:
                self._shells.delete(self._left_behind[0])
            except ShellGone:
                pass
            except RemoteError:
                return  # close() tries once more; after that the server removes it by its idle limit
            del self._left_behind[0]

    def close(self) -> None:
        """See `port.Connection`."""
        if self._shell is not None:
            self._left_behind.append(self._shell)
            self._shell = None
        if self._left_behind:
            self._remove_left_behind(self._cleanup_seconds)
        self._carrier.close_session()

    @property
    def left_running(self) -> bool:
        return bool(self._left_behind)

    @property
    def reached(self) -> ReachSeen | None:
        return self._carrier.reached

    @property
    def signed_in(self) -> SignInSeen | None:
        return self._carrier.signed_in

    @property
    def clock(self) -> ClockSeen | None:
        return self._clock.seen

    @property
    def tls(self) -> TlsSeen | None:
        return tls_seen(self._carrier.certificate) if self._carrier.certificate else None


class _Delivery:
    """Hands answers on as they come, and says at the end whether the round was whole."""

    def __init__(self, on_answer: Callable[[Answer], None]) -> None:
        self._on_answer = on_answer
        self._reader = FrameReader()
        self._size = 0
        self._errors = bytearray()
        self._seen: set[str] = set()

    @property
    def ended(self) -> bool:
        """Whether the last frame of the round has come."""
        return self._reader.ended

    def take(self, out: bytes, error: bytes) -> None:
        """Raises AnswerTooLarge, and AnswerDamaged for another protocol than ours."""
        self._size += len(out)
        if self._size > _TOTAL_LIMIT:
            raise AnswerTooLarge(limit=str(_TOTAL_LIMIT))
        self._errors += error[: _ERROR_LIMIT - len(self._errors)]
        for frame in self._reader.feed(out):
            if is_end(frame):
                continue
            answer = answer_of(frame)
            if answer.probe == HELLO:
                _check_protocol(answer)
            self._seen.add(answer.probe)
            self._on_answer(answer)

    def judge(self, exit_code: int, questions: Sequence[Question]) -> None:
        """Called when the process has ended. Raises what was wrong with the round, after all that could be delivered was."""
        self.take(b"\n", b"")  # a last line without its end
        reader = self._reader
        if reader.language_mode is not None:
            raise LanguageConstrained(mode=reader.language_mode)
        if reader.broken is not None:
            raise ScriptBroken(message=reader.broken)
        if reader.too_large:
            raise AnswerTooLarge(limit=str(_TOTAL_LIMIT))
        if not reader.ended:
            message = readable_error_text(bytes(self._errors))
            if not self._seen and exit_code in _NOT_RECOGNISED and "powershell.exe" in message:
                raise PowershellMissing(exit=str(exit_code), message=message)
            raise ProbeProcessDied(exit=str(exit_code), message=message)
        if reader.damaged:
            raise AnswerDamaged(why="frame", count=str(reader.damaged))
        if any(question.id not in self._seen for question in questions):
            raise CutOff(doing="receive")


def _check_protocol(hello: Answer) -> None:
    first = hello.value[0] if hello.value else None
    number = first.get("protocol") if isinstance(first, dict) else None
    if number != PROTOCOL:
        raise AnswerDamaged(why="protocol", protocol=str(number)[:20])
