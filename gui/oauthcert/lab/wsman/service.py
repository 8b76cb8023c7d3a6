"""From an HTTP request to its answer: sign-in, sealing, operation, and the injected faults in between."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from oauthcert.lab.wsman import envelope, sealing
from oauthcert.lab.wsman.authentication import Accepted, Challenged, SignIn
from oauthcert.lab.wsman.counters import Counters
from oauthcert.lab.wsman.envelope import SoapRequest
from oauthcert.lab.wsman.faults import SoapFault, kind_of
from oauthcert.lab.wsman.http import HttpAnswer, HttpRequest
from oauthcert.lab.wsman.injection import (
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
from oauthcert.lab.wsman.operations import Caller, Operations
from oauthcert.lab.wsman.spoiling import spoil

_SOAP_TYPE = "application/soap+xml;charset=UTF-8"


class Broken(Exception):
    """The connection is to be reset now."""


class Swallowed(Exception):
    """There will be no answer."""


class AnsweredInstead(Exception):
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


class ServiceSettings(Protocol):
    @property
    def hostname(self) -> str: ...
    @property
    def allow_unencrypted(self) -> bool: ...
    @property
    def max_envelope(self) -> int: ...
    @property
    def os_version(self) -> str: ...
    @property
    def keep_order(self) -> bool: ...


class Service:
    """Stateless between requests; what belongs to a connection comes in as its SignIn."""

    def __init__(
        self, operations: Operations, counters: Counters, settings: ServiceSettings, methods: tuple[str, ...], *, encrypted: bool
    ) -> None:
        self._operations = operations
        self._counters = counters
        self._settings = settings
        self._encrypted = encrypted
        self._offers = tuple(("WWW-Authenticate", 'Basic realm="WSMAN"' if method == "Basic" else method) for method in methods)

    async def handle(
        self, request: HttpRequest, sign_in: SignIn, injector: Injector, client: str, jump: Callable[[float], None]
    ) -> Delivery | None:
        """The answer, None for none at all; raises Broken when the connection is to be reset."""
        struck = list(injector.for_request())
        try:
            self._strike(struck, jump)
            answer = await self._answer(request, sign_in, injector, client, jump, struck)
        except AnsweredInstead as instead:
            answer = instead.answer
        except Swallowed:
            return None
        return self._delivery(answer, struck)

    async def _answer(
        self,
        request: HttpRequest,
        sign_in: SignIn,
        injector: Injector,
        client: str,
        jump: Callable[[float], None],
        struck: list[Injection],
    ) -> HttpAnswer:
        path = request.path.lower().partition("?")[0].rstrip("/")
        if path not in ("/wsman", "/wsman-anon/identify"):
            return HttpAnswer(404)
        if request.method != "POST":
            return HttpAnswer(405)
        if path != "/wsman" or request.headers.get("wsmanidentify", "").lower() == "unauthenticated":
            return self._identify(request, None)
        token = ""
        authorization = request.headers.get("authorization")
        if authorization:
            outcome = sign_in.step(authorization)
            if isinstance(outcome, Challenged):
                self._counters.legs += 1
                self._log("Challenge")
                return HttpAnswer(401, (("WWW-Authenticate", outcome.token),))
            if not isinstance(outcome, Accepted):
                self._counters.refused_sign_ins += 1
                self._log("Refused")
                return HttpAnswer(outcome.status, self._offers if outcome.status == 401 else ())
            self._counters.legs += 1
            self._counters.sign_ins += 1
            self._log("SignIn")
            token = outcome.token
        if sign_in.account is None:
            return HttpAnswer(401, self._offers)
        caller = Caller(sign_in.account, client)
        extra = (("WWW-Authenticate", token),) if token else ()
        answer = await self._message(request, sign_in, caller, injector, jump, struck)
        return replace(answer, headers=answer.headers + extra) if extra else answer

    async def _message(
        self,
        request: HttpRequest,
        sign_in: SignIn,
        caller: Caller,
        injector: Injector,
        jump: Callable[[float], None],
        struck: list[Injection],
    ) -> HttpAnswer:
        kind, body, sealed_with = request.headers.get("content-type", ""), request.body, ""
        if not body:
            return HttpAnswer(200)
        context = sign_in.context
        if sealing.is_sealed(kind):
            if context is None:
                return HttpAnswer(400)
            try:
                sealed_with, body = sealing.protocol_of(kind), sealing.unseal(context, body)
            except sealing.Damaged:
                return HttpAnswer(400)
        elif not self._encrypted:
            return HttpAnswer(500)
        status, message = await self._soap(body, caller, injector, jump, struck)
        message = spoil(message, struck)
        if sealed_with and context is not None:
            return HttpAnswer(status, (("Content-Type", sealing.content_type(sealed_with)),), sealing.seal(context, sealed_with, message))
        return HttpAnswer(status, (("Content-Type", _SOAP_TYPE),), message)

    async def _soap(
        self, body: bytes, caller: Caller, injector: Injector, jump: Callable[[float], None], struck: list[Injection]
    ) -> tuple[int, bytes]:
        relates_to = ""
        try:
            request = envelope.parse(body, self._settings.max_envelope)
            relates_to = request.message_id
            self._count(request)
            by_operation = injector.for_operation(request.operation)
            struck += by_operation
            self._strike(by_operation, jump)
            if request.operation == "Identify":
                return 200, envelope.identify_answer(self._settings.os_version)
            self._fail(struck, executed=False)
            answer = await self._operations.execute(caller, request, tuple(struck))
            self._fail(struck, executed=True)
        except SoapFault as failure:
            self._counters.faults[failure.kind.code] += 1
            return 500, envelope.fault(failure, relates_to, self._settings.hostname)
        else:
            return 200, answer

    def _identify(self, request: HttpRequest, os_version: str | None) -> HttpAnswer:
        try:
            parsed = envelope.parse(request.body, self._settings.max_envelope)
        except SoapFault:
            return HttpAnswer(500)
        if parsed.operation != "Identify":
            return HttpAnswer(401, self._offers)
        self._count(parsed)
        return HttpAnswer(200, (("Content-Type", _SOAP_TYPE),), envelope.identify_answer(os_version))

    def _count(self, request: SoapRequest) -> None:
        self._counters.operations[request.operation] += 1
        self._log(request.operation)

    def _log(self, what: str) -> None:
        if self._settings.keep_order:
            self._counters.order.append(what)

    @staticmethod
    def _fail(struck: list[Injection], *, executed: bool) -> None:
        for one in struck:
            if isinstance(one, FaultAnswer) and one.executed is executed:
                raise SoapFault(kind_of(one.code), limit=one.limit)

    def _strike(self, struck: "list[Injection] | tuple[Injection, ...]", jump: Callable[[float], None]) -> None:
        for one in struck:
            if isinstance(one, ClockJump):
                jump(one.seconds)
            elif isinstance(one, BlackHole):
                raise Swallowed
            elif isinstance(one, Reset) and not one.executed:
                raise Broken
            elif isinstance(one, HttpStatus):
                raise AnsweredInstead(HttpAnswer(one.status, self._offers if one.status == 401 else ()))
            elif isinstance(one, WebPage):
                raise AnsweredInstead(HttpAnswer(one.status, (("Content-Type", "text/html"),), one.body, server=one.server))

    @staticmethod
    def _delivery(answer: HttpAnswer, struck: list[Injection]) -> Delivery:
        delivery = Delivery(answer)
        for one in struck:
            if isinstance(one, Reset):
                raise Broken
            if isinstance(one, CutBody):
                delivery = replace(delivery, answer=replace(delivery.answer, close=True), cut=one.sent)
            elif isinstance(one, SlowDrip):
                delivery = replace(delivery, piece=one.piece, pause=one.seconds)
        return delivery
