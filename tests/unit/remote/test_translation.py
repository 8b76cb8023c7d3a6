"""Errors of the libraries below become named failures with facts; none comes through bare."""

import errno
import socket
import ssl
from http.client import BadStatusLine, IncompleteRead, LineTooLong, RemoteDisconnected
from xml.etree.ElementTree import ParseError

import pytest
import requests
import spnego.exceptions
import urllib3.exceptions
from hypothesis import given
from hypothesis import strategies as st
from winrm.exceptions import InvalidCredentialsError, WinRMError, WinRMOperationTimeoutError, WinRMTransportError, WSManFaultError

from oauthcert.model.errors import RemoteError
from oauthcert.remote import failures
from oauthcert.remote.translation import failure_of, status_failure


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}]")
    error.reason = reason
    return error


def fault(code: int | None, subcode: str | None = None, reason: str = "It said so. ") -> WSManFaultError:
    return WSManFaultError(500, "Bad HTTP response", "<xml/>", reason, "s:Sender", subcode, code, None)


def wrapped(inner: Exception) -> Exception:
    """As requests and urllib3 hand an error up."""
    return requests.ConnectionError(urllib3.exceptions.ProtocolError("Connection aborted.", inner))


CASES: list[tuple[BaseException, type[RemoteError]]] = [
    (ConnectionResetError(errno.ECONNRESET, "reset"), failures.ConnectionReset),
    (BrokenPipeError(errno.EPIPE, "pipe"), failures.ConnectionReset),
    (ConnectionAbortedError(10053, "aborted"), failures.ConnectionReset),
    (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), failures.Refused),
    (OSError(errno.ENETUNREACH, "net"), failures.Unreachable),
    (OSError(errno.EHOSTUNREACH, "host"), failures.Unreachable),
    (OSError(99999, "never heard of"), failures.ConnectionReset),
    (TimeoutError("timed out"), failures.TimedOut),
    (OSError(errno.ETIMEDOUT, "gone"), failures.TimedOut),
    (RemoteDisconnected("closed"), failures.ConnectionReset),
    (IncompleteRead(b"x", 10), failures.CutOff),
    (BadStatusLine("SSH-2.0"), failures.NotWsman),
    (LineTooLong("header line"), failures.NotWsman),
    (tls("WRONG_VERSION_NUMBER"), failures.NotWsman),
    (tls("UNSUPPORTED_PROTOCOL"), failures.TlsVersion),
    (tls("TLSV1_ALERT_PROTOCOL_VERSION"), failures.TlsVersion),
    (tls("SSLV3_ALERT_HANDSHAKE_FAILURE"), failures.TlsVersion),
    (tls("DH_KEY_TOO_SMALL"), failures.TlsVersion),
    (tls("TLSV13_ALERT_CERTIFICATE_REQUIRED"), failures.SignInRefused),
    (tls("TLSV1_ALERT_UNKNOWN_CA"), failures.SignInRefused),
    (ssl.SSLEOFError(8, "EOF"), failures.ConnectionReset),
    (ssl.SSLZeroReturnError(6, "closed"), failures.ConnectionReset),
    (ssl.SSLCertVerificationError(1, "certificate verify failed"), failures.TlsNotTrusted),
    (ParseError("no element found"), failures.AnswerDamaged),
    (StopIteration(), failures.AnswerDamaged),
    (ValueError("not base64"), failures.AnswerDamaged),
    (fault(5), failures.NotAuthorized),
    (fault(2150858793), failures.OperationTimeout),
    (fault(2150858843), failures.ShellGone),
    (fault(2150859173), failures.ShellQuota),
    (fault(2150859174), failures.TooManyOperations),
    (fault(2150858810), failures.EnvelopeTooLarge),
    (fault(None, "w:QuotaLimit"), failures.ShellQuota),
    (fault(None, "w:EncodingLimit"), failures.EnvelopeTooLarge),
    (fault(None, "w:AccessDenied"), failures.NotAuthorized),
    (fault(None, "w:AccessDenied", "Unencrypted traffic is currently disabled."), failures.UnencryptedRefused),
    (fault(1460), failures.WsmanFault),
    (WinRMOperationTimeoutError(), failures.OperationTimeout),
    (WinRMTransportError("http", 404, "<html>"), failures.NotWsman),
    (WinRMTransportError("http", 403, ""), failures.NotAuthorized),
    (WinRMTransportError("http", 400, ""), failures.WsmanFault),
    (InvalidCredentialsError("rejected"), failures.SignInRefused),
    (WinRMError("something else"), failures.WsmanFault),
    (spnego.exceptions.BadMICError(), failures.AnswerDamaged),
    (spnego.exceptions.NoCredentialError(), failures.KerberosNoTicket),
    (spnego.exceptions.FeatureMissingError(spnego.NegotiateOptions.wrapping_winrm), failures.MethodNotInstalled),
    (spnego.exceptions.InvalidTokenError(), failures.SignInRefused),
]


@pytest.mark.parametrize(("error", "kind"), CASES, ids=lambda value: str(value)[:50])
def test_that_an_error_gets_its_name(error: BaseException, kind: type[RemoteError]) -> None:
    assert type(failure_of(error, "tls" if isinstance(error, ssl.SSLError) else "create")) is kind


@pytest.mark.parametrize(("error", "kind"), [case for case in CASES if isinstance(case[0], OSError)][:8], ids=lambda value: str(value)[:50])
def test_that_an_error_is_found_inside_what_wraps_it(error: Exception, kind: type[RemoteError]) -> None:
    if kind is not failures.ConnectionReset or error.errno != 99999:  # type: ignore[attr-defined]
        assert type(failure_of(wrapped(error))) is kind


KERBEROS = [
    ("Clock skew too great", failures.ClockSkew),
    ("Server not found in Kerberos database", failures.KerberosName),
    ("Hostname cannot be canonicalized for host-based service", failures.KerberosName),
    ("No Kerberos credentials available (default cache: FILE:/tmp/krb5cc_0)", failures.KerberosNoTicket),
    ("Ticket expired", failures.KerberosNoTicket),
    ("Cannot find KDC for realm CONTOSO.LAB", failures.KerberosNoTicket),
    ("Client's credentials have been revoked", failures.AccountDisabled),
    ("Password has expired", failures.PasswordExpired),
    ("Preauthentication failed", failures.SignInRefused),
    ("Received NTStatus from the server 0xC0000234", failures.AccountLocked),
    ("Received NTStatus from the server 0xC0000193", failures.AccountExpired),
    ("Received NTStatus from the server 0xC0000072", failures.AccountDisabled),
    ("Received NTStatus from the server 0xC0000224", failures.PasswordExpired),
    ("Received NTStatus from the server 0xC000006D", failures.SignInRefused),
    ("Received NTStatus from the server 0xC0000133", failures.ClockSkew),
    ("something nobody has seen", failures.SignInRefused),
]


@pytest.mark.parametrize(("text", "kind"), KERBEROS)
def test_that_what_kerberos_and_credssp_say_is_understood(text: str, kind: type[RemoteError]) -> None:
    error = spnego.exceptions.SpnegoError(spnego.exceptions.ErrorCode.failure, context_msg=text)
    assert type(failure_of(error, "sign-in")) is kind


def test_that_a_fault_brings_its_code_and_its_words() -> None:
    assert failure_of(fault(1460)).facts == {"code": "1460", "status": "500", "message": "It said so."}


@pytest.mark.parametrize(("status", "kind"), [(401, failures.SignInRefused), (413, failures.EnvelopeTooLarge), (302, failures.NotWsman)])
def test_that_a_bare_status_gets_its_name(status: int, kind: type[RemoteError]) -> None:
    assert type(status_failure(status)) is kind


def test_that_a_failure_that_has_a_name_keeps_it() -> None:
    named = failures.Refused(port="1")
    assert failure_of(named) is named
    assert failure_of(socket.gaierror(socket.EAI_NONAME, "x")).reason


@given(st.text(max_size=300))
def test_that_any_text_in_an_error_is_survived(text: str) -> None:
    for error in (OSError(text), ValueError(text), WinRMError(text), ssl.SSLError(1, text)):
        assert isinstance(failure_of(error), RemoteError)


def test_that_every_kind_has_its_own_reason() -> None:
    kinds = [kind for group in (failures.ReachFailure, failures.SignInFailure, failures.SessionFailure) for kind in group.__subclasses__()]
    assert len({kind.words for kind in kinds}) == len(kinds)
