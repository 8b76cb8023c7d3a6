"""Faults a practice server can be told to show, as data: what happens, and at which request it happens."""

from collections.abc import Callable
from dataclasses import dataclass, field

ANY_OPERATION = "*"
SIGN_IN = "SignIn"


@dataclass(frozen=True, slots=True)
class When:
    """The requests an injection strikes: the `number`-th that counts and those after it, `times` in all (None = for ever).

    `operation` None counts every HTTP request, sign-in messages included; "*" every SOAP operation; a name (`Receive`) that one;
    `SignIn` every sign-in that would succeed. Counting starts when the injection is set.
    """

    operation: str | None = None
    number: int = 1
    times: int | None = 1

    def strikes(self, count: int) -> bool:
        return count >= self.number and (self.times is None or count < self.number + self.times)


ALWAYS = When(times=None)
FIRST_OPERATION = When(ANY_OPERATION)


@dataclass(frozen=True, slots=True)
class BlackHole:
    """Takes the connection (or, later, the request) and never answers. From the start it does not even shake hands for TLS."""

    when: When = ALWAYS


@dataclass(frozen=True, slots=True)
class Reset:
    """Breaks the connection. With `executed` the operation is carried out first and only its answer is lost."""

    when: When = When()
    executed: bool = False


@dataclass(frozen=True, slots=True)
class HttpStatus:
    """Answers with a bare status: 400 as after an idle connection, 403, 500, 503.

    A server that takes no password is `HttpStatus(401, When(SIGN_IN, times=None))`: struck at every request, 401 would even withhold the
    challenge, which no real server does.
    """

    status: int
    when: When = When()


@dataclass(frozen=True, slots=True)
class FaultAnswer:
    """Answers an operation with a WS-Man fault: 5, 2150858793, 2150858817, 2150858843, 2150859173, 2150859174 or any other code.

    `limit` fills the text of the quota faults. With `executed` the operation is carried out first.
    """

    code: int
    when: When = FIRST_OPERATION
    limit: int = 30
    executed: bool = False


@dataclass(frozen=True, slots=True)
class WebPage:
    """Something that is not WS-Management listens here: a plain web server."""

    status: int = 404
    server: str = "nginx/1.24.0"
    body: bytes = b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"
    when: When = ALWAYS


@dataclass(frozen=True, slots=True)
class NotXml:
    """A SOAP answer whose content is no XML."""

    when: When = FIRST_OPERATION
    body: bytes = b"HTTP service temporarily out of order & <no end"


@dataclass(frozen=True, slots=True)
class CutBody:
    """Sends `sent` bytes of the body, although Content-Length promised all of it, and closes."""

    when: When = FIRST_OPERATION
    sent: int = 40


@dataclass(frozen=True, slots=True)
class Padded:
    """A SOAP answer blown up with a comment to `size` bytes."""

    when: When = FIRST_OPERATION
    size: int = 20_000_000


@dataclass(frozen=True, slots=True)
class BadBase64:
    """Streams of a Receive answer hold text that is no base64."""

    when: When = When("Receive")


@dataclass(frozen=True, slots=True)
class Altered:
    """A SOAP answer as `change` leaves it, behind a good seal: what a hostile server may say."""

    change: Callable[[bytes], bytes]
    when: When = FIRST_OPERATION


@dataclass(frozen=True, slots=True)
class ErrorNoise:
    """Every struck command writes progress records in CLIXML to stderr, as powershell.exe does, and ends with its own exit code."""

    when: When = When("Command", times=None)
    data: bytes = (
        b'#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
        b'<Obj S="progress" RefId="0"><TN RefId="0"><T>System.Management.Automation.PSCustomObject</T><T>System.Object</T></TN><MS>'
        b'<I64 N="SourceId">1</I64><PR N="Record"><AV>Preparing modules for first use.</AV><AI>0</AI><Nil /><PI>-1</PI><PC>-1</PC>'
        b"<T>Completed</T><SR>-1</SR><SD> </SD></PR></MS></Obj></Objs>"
    )


@dataclass(frozen=True, slots=True)
class SlowDrip:
    """Sends the answer in pieces of `piece` bytes with a pause of `seconds` after each."""

    when: When = FIRST_OPERATION
    piece: int = 64
    seconds: float = 0.05


@dataclass(frozen=True, slots=True)
class ClockJump:
    """From the struck request on, the server's clock is `seconds` further (or back, when negative)."""

    seconds: float
    when: When = When()


Injection = (
    Altered
    | BlackHole
    | Reset
    | HttpStatus
    | FaultAnswer
    | WebPage
    | NotXml
    | CutBody
    | Padded
    | BadBase64
    | ErrorNoise
    | SlowDrip
    | ClockJump
)


@dataclass(slots=True)
class Injector:
    """Counts requests for each injection and says which strike. One request asks twice: as HTTP, then as operation."""

    injections: tuple[Injection, ...] = ()
    _counts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._counts = [0] * len(self.injections)

    def for_request(self) -> tuple[Injection, ...]:
        """What strikes this HTTP request."""
        return self._struck(lambda operation: operation is None) if self.injections else ()

    def for_operation(self, name: str) -> tuple[Injection, ...]:
        """What strikes this SOAP operation, or this sign-in (`SignIn`)."""
        wanted = (name,) if name == SIGN_IN else (name, ANY_OPERATION)
        return self._struck(lambda operation: operation in wanted) if self.injections else ()

    def holds_from_start(self) -> bool:
        """Whether even the TLS handshake gets no answer."""
        return any(isinstance(one, BlackHole) and one.when.operation is None and one.when.number == 1 for one in self.injections)

    def _struck(self, counts: Callable[[str | None], bool]) -> tuple[Injection, ...]:
        struck: list[Injection] = []
        for index, one in enumerate(self.injections):
            if counts(one.when.operation):
                self._counts[index] += 1
                if one.when.strikes(self._counts[index]):
                    struck.append(one)
        return tuple(struck)
