"""From an HTTP request to its answer: sign-in, sealing, operation, and the injected faults in between."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from oauthcert.lab.wsman import envelope, sealing
from oauthcert.lab.wsman.accounts import Account
from oauthcert.lab.wsman.authentication import Accepted, Challenged, SignIn
from oauthcert.lab.wsman.clock import ServerClock
from oauthcert.lab.wsman.counters import Counters
from oauthcert.lab.wsman.faults import SoapFault, kind_of
from oauthcert.lab.wsman.http import HttpAnswer, HttpRequest
from oauthcert.lab.wsman.injection import (
    SIGN_IN,
    BlackHole,
    ClockJump,
    CutBody,
    FaultAnswer,
    HttpStatus,
    Injection,
    Injector,
    Reset,
    SlowDrip,
    WebPage,
)
from oauthcert.lab.wsman.operations import Call, Operations
from oauthcert.lab.wsman.spoiling import spoil

_SOAP_TYPE = "application/soap+xml;charset=UTF-8"
_PATHS = ("/wsman", "/wsman-anon/identify")


class Broken(Exception):
    """The connection is to be reset now."""


class Swallowed(Exception):
    """There will be no answer."""


class AnsweredInstead(Exception):
    """What would have been done is not done; the client gets `answer`."""

    def __init__(self, answer: HttpAnswer) -> None:
        super().__init__(str(answer.status))
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Delivery:
    """An answer and how to send it: only the first `cut` bytes of the body, or in pieces with pauses (seconds)."""

    answer: HttpAnswer
    cut: int | None = None
    piece: int = 0
    pause: float = 0.0


@dataclass(slots=True)
class Exchange:
    """One request on its way through. `struck` grows as it is recognised: first as HTTP, then as sign-in or operation."""

    request: HttpRequest
    sign_in: SignIn
    client: str
    injector: Injector
    struck: list[Injection] = field(default_factory=list)


class ServiceSettings(Protocol):
    @property
    def hostname(self) -> str: ...
    @property
    def max_envelope(self) -> int: ...
    @property
    def os_version(self) -> str: ...
    @property
    def keep_order(self) -> bool: ...


class Service:
    """Answers requests of one server. What belongs to a connection comes in with the exchange."""

    def __init__(
        self,
        operations: Operations,
        counters: Counters,
        clock: ServerClock,
        settings: ServiceSettings,
        methods: tuple[str, ...],
        *,
        takes_clear_text: bool,
    ) -> None:
        self._operations = operations
        self._counters = counters
        self._clock = clock
        self._settings = settings
        self._takes_clear_text = takes_clear_text
        self._offers = tuple(("WWW-Authenticate", 'Basic realm="WSMAN"' if method == "Basic" else method) for method in methods)

    async def handle(self, exchange: Exchange) -> Delivery | None:
        """The answer, None for none at all; raises Broken when the connection is to be reset."""
        try:
            self._strike(exchange, exchange.injector.for_request())
            answer = await self._answer(exchange)
        except AnsweredInstead as instead:
            answer = instead.answer
        except Swallowed:
            return None
        return _delivery(answer, exchange.struck)

    async def _answer(self, exchange: Exchange) -> HttpAnswer:
        request = exchange.request
        path = request.path.lower().partition("?")[0].rstrip("/")
        if path not in _PATHS:
            return HttpAnswer(404)
        if request.method != "POST":
            return HttpAnswer(405)
        if path != "/wsman" or request.headers.get("wsmanidentify", "").lower() == "unauthenticated":
            return self._identify_stranger(request)
        token = ""
        authorization = request.headers.get("authorization")
        if authorization:
            outcome = self._sign_in(exchange, authorization)
            if isinstance(outcome, HttpAnswer):
                return outcome
            token = outcome.token
        account = exchange.sign_in.account
        if account is None:
            return self._unauthorized()
        answer = await self._message(exchange, account)
        # The last token of a mutual sign-in rides on the answer to the first message.
        return replace(answer, headers=(*answer.headers, ("WWW-Authenticate", token))) if token else answer

    def _sign_in(self, exchange: Exchange, authorization: str) -> Accepted | HttpAnswer:
        outcome = exchange.sign_in.step(authorization)
        if isinstance(outcome, Challenged):
            self._counters.legs += 1
            self._log("Challenge")
            return HttpAnswer(401, (("WWW-Authenticate", outcome.token),))
        if not isinstance(outcome, Accepted):
            self._counters.refused_sign_ins += 1
            self._log("Refused")
            return self._unauthorized() if outcome.status == 401 else HttpAnswer(outcome.status)
        self._counters.legs += 1
        try:
            self._strike(exchange, exchange.injector.for_operation(SIGN_IN))
        except AnsweredInstead:
            exchange.sign_in.forget()
            self._counters.refused_sign_ins += 1
            raise
        self._counters.sign_ins += 1
        self._log(SIGN_IN)
        return outcome

    async def _message(self, exchange: Exchange, account: Account) -> HttpAnswer:
        kind, body, sealed_with = exchange.request.headers.get("content-type", ""), exchange.request.body, ""
        if not body:
            return HttpAnswer(200)
        context = exchange.sign_in.context
        if sealing.is_sealed(kind):
            if context is None:
                return HttpAnswer(400)
            try:
                sealed_with, body = sealing.protocol_of(kind), sealing.unseal(context, body)
            except sealing.Damaged:
                return HttpAnswer(400)
        elif not self._takes_clear_text:
            return HttpAnswer(500)  # Windows says no more than that to SOAP in the clear
        status, message = await self._soap(exchange, body, account)
        message = spoil(message, exchange.struck)
        if sealed_with and context is not None:
            return HttpAnswer(status, (("Content-Type", sealing.content_type(sealed_with)),), sealing.seal(context, sealed_with, message))
        return HttpAnswer(status, (("Content-Type", _SOAP_TYPE),), message)

    async def _soap(self, exchange: Exchange, body: bytes, account: Account) -> tuple[int, bytes]:
        relates_to = ""
        try:
            request = envelope.parse(body, self._settings.max_envelope)
            relates_to = request.message_id
            self._count(request.operation)
            self._strike(exchange, exchange.injector.for_operation(request.operation))
            if request.operation == "Identify":
                return 200, envelope.identify_answer(self._settings.os_version)
            _fail(exchange.struck, executed=False)
            answer = await self._operations.execute(Call(account, exchange.client, request, exchange.struck))
            _fail(exchange.struck, executed=True)
        except SoapFault as failure:
            self._counters.faults[failure.kind.code] += 1
            return 500, envelope.fault(failure, relates_to, self._settings.hostname)
        else:
            return 200, answer

    def _identify_stranger(self, request: HttpRequest) -> HttpAnswer:
        try:
            operation = envelope.parse(request.body, self._settings.max_envelope).operation
        except SoapFault:
            operation = ""
        if operation != "Identify":
            return self._unauthorized()
        self._count(operation)
        return HttpAnswer(200, (("Content-Type", _SOAP_TYPE),), envelope.identify_answer(None))

    def _unauthorized(self) -> HttpAnswer:
        return HttpAnswer(401, self._offers)

    def _count(self, operation: str) -> None:
        self._counters.operations[operation] += 1
        self._log(operation)

    def _log(self, what: str) -> None:
        if self._settings.keep_order:
            self._counters.order.append(what)

    def _strike(self, exchange: Exchange, struck: tuple[Injection, ...]) -> None:
        exchange.struck += struck
        for one in struck:
            if isinstance(one, ClockJump):
                self._clock.jump(one.seconds)
            elif isinstance(one, BlackHole):
                raise Swallowed
            elif isinstance(one, Reset) and not one.executed:
                raise Broken
            elif isinstance(one, HttpStatus):
                raise AnsweredInstead(self._unauthorized() if one.status == 401 else HttpAnswer(one.status))
            elif isinstance(one, WebPage):
                raise AnsweredInstead(HttpAnswer(one.status, (("Content-Type", "text/html"),), one.body, server=one.server))


def _fail(struck: Iterable[Injection], *, executed: bool) -> None:
    for one in struck:
        if isinstance(one, FaultAnswer) and one.executed is executed:
            raise SoapFault(kind_of(one.code), limit=one.limit)


def _delivery(answer: HttpAnswer, struck: Iterable[Injection]) -> Delivery:
    delivery = Delivery(answer)
    for one in struck:
        if isinstance(one, Reset):
            raise Broken
        if isinstance(one, CutBody):
            delivery = replace(delivery, answer=replace(delivery.answer, close=True), cut=one.sent)
        elif isinstance(one, SlowDrip):
            delivery = replace(delivery, piece=one.piece, pause=one.seconds)
    return delivery
