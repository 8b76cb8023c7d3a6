"""The one place that knows the errors of sockets, TLS, HTTP, Kerberos, NTLM and pywinrm, and gives each its name."""

import errno
import re
import ssl
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from xml.etree.ElementTree import ParseError

from oauthcert.model.errors import RemoteError
from oauthcert.remote import failures as f

MESSAGE_LIMIT = 2000

_TLS_VERSION = re.compile(
    "UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|NO_PROTOCOLS_AVAILABLE|HANDSHAKE_FAILURE|NO_SHARED_CIPHER|INSUFFICIENT_SECURITY"
    "|LEGACY_RENEGOTIATION|KEY_TOO_SMALL|MD_TOO_WEAK|WRONG_SIGNATURE_TYPE|NO_CIPHERS_AVAILABLE|INTERNAL_ERROR|BAD_KEY_SHARE|NO_SUITABLE"
)
_NO_TLS = re.compile("WRONG_VERSION_NUMBER|HTTP_REQUEST|RECORD_LAYER_FAILURE|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE|UNKNOWN_PROTOCOL")
_CLIENT_CERTIFICATE = re.compile("ALERT_(BAD_CERTIFICATE|CERTIFICATE_|UNKNOWN_CA|ACCESS_DENIED)|CERTIFICATE_REQUIRED")
_RESET = {errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE, errno.ESHUTDOWN, errno.ENOTCONN, errno.EBADF, 10053, 10054, 10058}
_NO_ROUTE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, 10051, 10065}

# Texts of MIT and Heimdal Kerberos, SSPI codes, and NTSTATUS codes as CredSSP and SSPI hand them on.
_SIGN_IN_TEXTS: tuple[tuple[re.Pattern[str], type[f.SignInFailure]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"clock skew|KRB_AP_ERR_SKEW|0x80090324|-2146893020|0xC0000133", f.ClockSkew),
        (r"locked out|account.{0,20}locked|0xC0000234", f.AccountLocked),
        (r"0xC0000193|account has expired|client'?s entry in database has expired", f.AccountExpired),
        (r"credentials have been revoked|CLIENT_REVOKED|0xC0000072|account.{0,30}disabled", f.AccountDisabled),
        (r"password (has|is) expired|KEY_EXPIRED|must change|0xC0000071|0xC0000224", f.PasswordExpired),
        (
            r"server not found in (the )?kerberos database|S_PRINCIPAL_UNKNOWN|hostname cannot be canonicalized|0x80090303|-2146893053",
            f.KerberosName,
        ),
        (
            r"cannot (find|resolve).{0,40}(KDC|realm)|cannot determine realm|matching credential not found|ticket.{0,10}expired",
            f.KerberosNoTicket,
        ),
        (r"no (kerberos )?credentials|credentials cache|no credentials were supplied|0x8009030E|-2146893042", f.KerberosNoTicket),
        (r"no logon servers|0x80090311|-2146893039", f.KerberosNoTicket),
        (r"preauth(entication)? failed|password incorrect|LOGON_FAILURE|0xC000006D|0xC000006A|0x8009030C|-2146893044", f.SignInRefused),
    )
)

_FAULT_CODES: dict[int, type[RemoteError]] = {
    5: f.NotAuthorized,
    2150858793: f.OperationTimeout,
    2150858843: f.ShellGone,  # invalid selectors: no such shell or command
    2150859173: f.ShellQuota,
    2150859174: f.TooManyOperations,
    2150858810: f.EnvelopeTooLarge,
    2150858772: f.UnencryptedRefused,
    2147942402: f.PowershellMissing,  # ERROR_FILE_NOT_FOUND, when the command is started without cmd.exe
}
_FAULT_SUBCODES: dict[str, type[RemoteError]] = {
    "AccessDenied": f.NotAuthorized,
    "TimedOut": f.OperationTimeout,
    "InvalidSelectors": f.ShellGone,
    "QuotaLimit": f.ShellQuota,
    "EncodingLimit": f.EnvelopeTooLarge,
}


def failure_of(error: BaseException, doing: str = "") -> RemoteError:
    """The named failure for any error of the libraries below us. `doing` is the step: tls, sign-in, create, command, send, receive, delete.

    An error that wraps others (requests, urllib3) is named after the innermost one that is known.
    """
    if isinstance(error, RemoteError):
        return error
    if type(error).__module__.partition(".")[0] == "winrm":
        return _winrm(error, doing)  # a fault it has read says more than the HTTP status it was read from
    for cause in _chain(error):
        if (named := _named(cause, doing)) is not None:
            return named
    return f.ConnectionReset(doing=doing, message=type(error).__name__) if isinstance(error, OSError) else _unknown(error)


def _chain(error: BaseException) -> list[BaseException]:
    """The innermost first: what a library wraps says more than what it wraps it in."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting and len(found) < 20:
        current = waiting.pop(0)
        if any(current is seen for seen in found):
            continue
        found.append(current)
        held = (
            current.__cause__,
            current.__context__,
            getattr(current, "reason", None),
            getattr(current, "base_error", None),
            *current.args,
        )
        waiting += [inner for inner in held if isinstance(inner, BaseException)]
    return found[::-1]


def _named(error: BaseException, doing: str) -> RemoteError | None:
    if isinstance(error, RemoteError):
        return error
    if isinstance(error, ssl.SSLError):
        return _tls(error, doing)
    if isinstance(error, HTTPException):
        return _http(error, doing)
    if isinstance(error, OSError):
        return _operating_system(error, doing)
    if isinstance(error, ParseError):
        return f.AnswerDamaged(why="xml")
    module = type(error).__module__.partition(".")[0]
    if module in {"spnego", "gssapi", "krb5", "sspilib", "kerberos", "winkerberos", "requests_credssp"}:
        return _security(error)
    return None


def _tls(error: ssl.SSLError, doing: str) -> RemoteError:
    reason = getattr(error, "reason", None) or ""  # absent in errors that Python makes itself
    if isinstance(error, ssl.SSLCertVerificationError):
        return f.TlsNotTrusted(
            why="other", message=getattr(error, "verify_message", ""), sha256="", subject="", issuer="", not_before="", not_after=""
        )
    if _NO_TLS.search(reason):
        return not_wsman(why="no-tls")
    if _CLIENT_CERTIFICATE.search(reason):
        return f.SignInRefused(method="certificate", message=reason)
    if _TLS_VERSION.search(reason):
        return f.TlsVersion(message=reason)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ssl.SSLSyscallError):
        return f.ConnectionReset(doing=doing)
    return f.TlsVersion(message=reason) if doing == "tls" else f.ConnectionReset(doing=doing, message=reason)


def _http(error: HTTPException, doing: str) -> RemoteError:
    if isinstance(error, RemoteDisconnected):
        return f.ConnectionReset(doing=doing)
    if isinstance(error, IncompleteRead):
        return f.CutOff(doing=doing)
    return not_wsman(why="no-http")


def _operating_system(error: OSError, doing: str) -> RemoteError | None:
    if isinstance(error, ConnectionRefusedError):
        return f.Refused()
    if isinstance(error, TimeoutError) or error.errno == errno.ETIMEDOUT:
        return f.TimedOut(phase="answer", seconds="")
    if error.errno in _RESET:
        return f.ConnectionReset(doing=doing)
    if error.errno in _NO_ROUTE:
        return f.Unreachable()
    return None


def _security(error: BaseException) -> RemoteError:
    text = str(error)
    for pattern, kind in _SIGN_IN_TEXTS:
        if pattern.search(text):
            return kind(message=text[:MESSAGE_LIMIT])
    kind_name = type(error).__name__
    if kind_name in {"FeatureMissingError", "OperationNotAvailableError"}:
        return f.MethodNotInstalled(method="kerberos", extra="kerberos", message=text[:MESSAGE_LIMIT])  # all else is always there
    if kind_name == "BadMICError":
        return f.AnswerDamaged(why="seal")
    if kind_name == "NoCredentialError":
        return f.KerberosNoTicket(message=text[:MESSAGE_LIMIT])
    return f.SignInRefused(message=text[:MESSAGE_LIMIT])


def _winrm(error: BaseException, doing: str) -> RemoteError:
    kind = type(error).__name__
    if kind == "WinRMOperationTimeoutError":
        return f.OperationTimeout(doing=doing)
    if kind == "WSManFaultError":
        return _fault(error)
    if kind in {"InvalidCredentialsError", "AuthenticationError", "BasicAuthDisabledError"}:
        return f.SignInRefused()
    if kind == "WinRMTransportError":
        return status_failure(getattr(error, "code", 0))
    return f.WsmanFault(code="", status="", message=str(error)[:MESSAGE_LIMIT])


def _fault(error: BaseException) -> RemoteError:
    code = getattr(error, "wsman_fault_code", None)
    subcode = str(getattr(error, "fault_subcode", None) or "").rpartition(":")[2]
    message = str(getattr(error, "reason", None) or "").strip()[:MESSAGE_LIMIT]
    if "unencrypted" in message.lower() and subcode == "AccessDenied":
        return f.UnencryptedRefused(message=message)
    kind = _FAULT_CODES.get(code or 0) or _FAULT_SUBCODES.get(subcode) or f.WsmanFault
    shown = code if code is not None else getattr(error, "wmierror_code", None) or subcode
    return kind(code=str(shown), status=str(getattr(error, "code", "")), message=message)


def status_failure(status: int, server: str = "") -> RemoteError:
    """The failure for an HTTP status that came without a SOAP fault."""
    if status == 401:
        return f.SignInRefused()
    if status == 403:
        return f.NotAuthorized()
    if status == 413:
        return f.EnvelopeTooLarge(message="HTTP 413")
    if status == 400:
        return f.WsmanFault(code="HTTP 400", status="400", message="Bad Request")
    return not_wsman(why="http", status=str(status), server=server)


def not_wsman(why: str, status: str = "-", server: str = "") -> RemoteError:
    return f.NotWsman(why=why, status=status, server=server[:200])


def _unknown(error: BaseException) -> RemoteError:
    return f.AnswerDamaged(why=type(error).__name__)
