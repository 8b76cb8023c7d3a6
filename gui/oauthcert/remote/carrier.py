"""Carries SOAP messages to one server: opens and signs in when needed, seals, and notes what becomes known on the way.

Stands where pywinrm's `Protocol` expects its `Transport`, whose sessions would read the environment, load the certificate
store each time, follow redirects and wait without an end.
"""

from collections.abc import Callable

from winrm.exceptions import WinRMTransportError

from oauthcert.model.errors import RemoteError
from oauthcert.model.evidence import ReachSeen, SignInSeen
from oauthcert.model.secret import Credential
from oauthcert.model.target import Target
from oauthcert.remote.failures import AnswerDamaged, NotAuthorized, SignInRefused, WsmanFault
from oauthcert.remote.http_line import HttpLine, LineIdle, Reply
from oauthcert.remote.sealing import is_sealed, seal, unseal
from oauthcert.remote.sign_in import ContextMaker, SignedIn, is_service, offered_methods, sign_in
from oauthcert.remote.translation import not_wsman, status_failure

_SOAP = "application/soap+xml;charset=UTF-8"


class Carrier:
    """One server, one line at a time. What the next message is and how long it may take is set by who sends it.

    `posted` is set False by who sends, and becomes True as soon as any of the message may be on its way.
    """

    def __init__(
        self,
        target: Target,
        credential: Credential | None,
        new_line: Callable[[], HttpLine],
        sign_in_seconds: float,
        make_context: ContextMaker,
    ) -> None:
        self._target = target
        self._credential = credential
        self._new_line = new_line
        self._sign_in_seconds = sign_in_seconds
        self._make_context = make_context
        self._line: HttpLine | None = None
        self._session: SignedIn | None = None
        self.doing = ""
        self.seconds = 30.0
        self.grace = 0.0
        self.posted = False
        self.reached: ReachSeen | None = None
        self.signed_in: SignInSeen | None = None
        self.certificate: bytes | None = None

    def send_message(self, message: str | bytes) -> bytes:
        """The SOAP answer to a SOAP message. Raises RemoteError, and pywinrm's WinRMTransportError for a fault, which Protocol reads."""
        text = message.encode("utf-8") if isinstance(message, str) else message
        try:
            return self._exchange(text)
        except WinRMTransportError:
            raise
        except BaseException:
            # What went over the line is uncertain now, and a sealing context counts every message.
            self.close_session()
            raise

    def _exchange(self, message: bytes) -> bytes:
        session = self._session or self._sign_in()
        line = self._line
        if line is None:
            raise AssertionError("signed in without a line")
        if session.context is not None:
            content_type, body = seal(session.context, session.protocol, message)
        else:
            content_type, body = _SOAP, message
        self.posted = True
        try:
            reply = line.post({**session.headers, "Content-Type": content_type}, body, self.seconds, self.doing, self.grace)
        except LineIdle:
            self.posted = False
            raise
        self._note(reply)
        return self._opened(reply, session)

    def _sign_in(self) -> SignedIn:
        line = self._line = self._new_line()
        try:
            line.open()
        finally:
            self.certificate = line.certificate or self.certificate
        session = sign_in(line, self._target, self._credential, self._sign_in_seconds, answered=self._note, make_context=self._make_context)
        if session.proven:
            self._accepted(session)
        self._session = session
        return session

    def _accepted(self, session: SignedIn) -> None:
        self.signed_in = SignInSeen(self._credential.username if self._credential else "", session.method)

    def _note(self, reply: Reply) -> None:
        if self.reached is None and self._line is not None and is_service(reply):
            self.reached = ReachSeen(self._line.address, self._target.port, self._target.scheme)

    def _opened(self, reply: Reply, session: SignedIn) -> bytes:
        """The SOAP in an answer. An answer in clear where ours was sealed could come from anybody: it is not believed."""
        soap = reply.body
        if session.context is not None and is_sealed(reply.content_type):
            try:
                soap = unseal(session.context, reply.body)
            except RemoteError:
                raise
            except Exception as error:  # pyspnego, gssapi and SSPI share no base class
                raise AnswerDamaged(why="seal") from error
        elif session.context is not None and reply.status == 200:
            raise AnswerDamaged(why="not-sealed")
        if b"<!DOCTYPE" in soap or b"<!ENTITY" in soap:
            raise AnswerDamaged(why="doctype") if reply.status == 200 else status_failure(reply.status, reply.headers.get("server", ""))
        if reply.status == 200:
            if session.context is None and not reply.content_type.lower().startswith("application/soap+xml"):
                raise not_wsman("http", "200", reply.headers.get("server", ""))
            if not session.proven and self.signed_in is None:
                self._accepted(session)
            return soap
        if reply.status == 401:
            username = self._credential.username if self._credential else ""
            # After a proven sign-in this means that the connection is no longer known: see `Shells`.
            step = {"step": "message"} if session.proven else {}
            raise SignInRefused(username=username, method=session.method, offered=", ".join(offered_methods(reply)), **step)
        if soap.lstrip()[:1] == b"<" and b"Fault" in soap:
            raise WinRMTransportError("http", reply.status, soap.decode("utf-8", "replace"))
        if reply.status >= 500 and self.reached is not None and reply.status != 503:
            raise WsmanFault(code=f"HTTP {reply.status}", status=str(reply.status), message="")
        raise status_failure(reply.status, reply.headers.get("server", ""))

    def denied(self, failure: NotAuthorized) -> NotAuthorized:
        """The password was right, but this account is not let in: it does not count as signed in."""
        self.signed_in = None
        facts = {**failure.facts, "username": self._credential.username if self._credential else ""}
        return NotAuthorized(failure.detail, **facts)

    def close_session(self) -> None:
        """Hangs up. The next message opens a new line; shells on the server stay."""
        if self._line is not None:
            self._line.close()
        self._line = None
        self._session = None
