"""Remote shells over WS-Management: pywinrm's messages, each with its own time limit and its own rule for being sent again."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID
from xml.etree.ElementTree import ParseError

from winrm.exceptions import WinRMError, WinRMOperationTimeoutError, WinRMTransportError
from winrm.protocol import Protocol

from oauthcert.remote.carrier import Carrier
from oauthcert.remote.failures import ConnectionReset, CutOff, SignInRefused, WsmanFault
from oauthcert.remote.http_line import LineIdle
from oauthcert.remote.translation import failure_of

ENVELOPE_BYTES = 512_000  # MaxEnvelopeSizekb of Windows is 500; pywinrm asks for 150
SEND_BYTES = 360_000  # of stdin in one message: 480,000 as base64, within the envelope
CREATE_GRACE_SECONDS = 0.5  # a cancelled Create is still waited for: only its answer tells which shell to remove
IDLE_TIMEOUT = "PT180S"  # after which the server removes a shell that we lost sight of; by default it waits two hours
UTF8 = 65001

T = TypeVar("T")

# What pywinrm's reading of an answer raises when the answer is not what it should be.
_UNREADABLE = (ParseError, StopIteration, ValueError, KeyError, AttributeError, AssertionError, TypeError)


class SoapProtocol(Protocol):
    """pywinrm's requests and its reading of answers, carried by us."""

    def __init__(self, carrier: Carrier, operation_seconds: int) -> None:
        # Not the base's: that makes a Transport, which changes the global warning filters and looks for proxies.
        self.transport = carrier  # type: ignore[assignment]
        self.operation_timeout_sec = operation_seconds

    def build_wsman_header(
        self, action: str, resource_uri: str, shell_id: str | None = None, message_id: str | UUID | None = None
    ) -> dict[str, Any]:
        header = super().build_wsman_header(action, resource_uri, shell_id, message_id)
        header["env:Header"]["w:MaxEnvelopeSize"]["#text"] = str(ENVELOPE_BYTES)
        return header


class Shells:
    """The five operations of a shell on one server. Raises RemoteError and Cancelled, nothing else.

    A message is sent again once when the line broke and doing it twice does no harm; never one that hands over input.
    `handed_over` tells whether the end of the last input may have reached the server: without its end nothing of it runs.
    """

    def __init__(self, carrier: Carrier, operation_seconds: int, answer_seconds: float) -> None:
        self._carrier = carrier
        self._protocol = SoapProtocol(carrier, operation_seconds)
        self._answer_seconds = answer_seconds
        self._receive_seconds = operation_seconds + answer_seconds
        self.handed_over = False

    def create(self) -> str:
        """The id of a new shell. One that was made without our hearing of it ends after IDLE_TIMEOUT."""
        return self._call("create", lambda: self._protocol.open_shell(codepage=UTF8, idle_timeout=IDLE_TIMEOUT), again=True)

    def command(self, shell: str, line: str) -> str:
        """The id of a started command. It waits for its input, so a second one in its place is harmless."""
        return self._call("command", lambda: self._protocol.run_command(shell, line, console_mode_stdin=False), again=True)

    def send(self, shell: str, command: str, data: bytes) -> None:
        """Hands over the whole input and closes it."""
        self.handed_over = False
        for start in range(0, max(1, len(data)), SEND_BYTES):
            piece = data[start : start + SEND_BYTES]
            self._send_piece(shell, command, piece, last=start + SEND_BYTES >= len(data))

    def _send_piece(self, shell: str, command: str, piece: bytes, last: bool) -> None:
        self._carrier.posted = False
        try:
            self._call("send", lambda: self._protocol.send_command_input(shell, command, piece, end=last), again=False)
        finally:
            self.handed_over = last and self._carrier.posted

    def receive(self, shell: str, command: str) -> tuple[bytes, bytes, int | None]:
        """Output and error output since last time, and the exit code when it has ended. All empty when there was nothing for a while.

        After a broken line it asks again; what was on its way then is lost.
        """
        try:
            out, error, code, done = self._call("receive", lambda: self._protocol.get_command_output_raw(shell, command), again=True)
        except _NothingYet:
            return b"", b"", None
        return out, error, code if done else None

    def delete(self, shell: str) -> None:
        """Ends a shell and everything that runs in it."""
        self._call("delete", lambda: self._protocol.close_shell(shell, close_session=False), again=True)

    def _call(self, doing: str, action: Callable[[], T], *, again: bool) -> T:
        try:
            return self._once(doing, action)
        except LineIdle:
            pass  # nothing had been sent
        except (ConnectionReset, CutOff):
            if not again:
                raise
        except (WsmanFault, SignInRefused) as failure:
            # What Windows, or a balancer before it, answers to a sealed message on a connection that it no longer knows.
            if not again or (failure.facts.get("status") != "400" and failure.facts.get("step") != "message"):
                raise
            self._carrier.close_session()
        try:
            return self._once(doing, action)
        except LineIdle as error:
            raise ConnectionReset(doing=doing) from error

    def _once(self, doing: str, action: Callable[[], T]) -> T:
        self._carrier.doing = doing
        self._carrier.grace = CREATE_GRACE_SECONDS if doing == "create" else 0.0
        self._carrier.seconds = self._receive_seconds if doing == "receive" else self._answer_seconds
        try:
            return action()
        except WinRMOperationTimeoutError as error:
            if doing == "receive":
                raise _NothingYet from error
            raise failure_of(error, doing) from error
        except (WinRMError, WinRMTransportError, *_UNREADABLE) as error:
            raise failure_of(error, doing) from error


class _NothingYet(Exception):
    """A Receive that waited its time for output."""
