"""Everything that can go wrong between here and a server, by name. `words` is the reason in findings and the id of the text.

Facts are short texts that fill those texts in; no fact ever holds a secret.
"""

from oauthcert.model.errors import RemoteError


class ReachFailure(RemoteError):
    """WS-Management was not reached, or not any more."""


class SignInFailure(RemoteError):
    """The server was reached and did not take the account, or the account was not offered to it."""


class SessionFailure(RemoteError):
    """The account was taken and the round went wrong."""


# --- reaching -----------------------------------------------------------------------------------------------------------


class NameNotFound(ReachFailure):
    """Facts: name, why (unknown, no-answer, invalid)."""

    words = "name-not-found"


class Refused(ReachFailure):
    """Nothing listens at the port. Facts: address, port."""

    words = "refused"


class TimedOut(ReachFailure):
    """Facts: phase (name, connect, tls, answer), seconds."""

    words = "timed-out"


class Unreachable(ReachFailure):
    """No route to the host or its network. Facts: address, port."""

    words = "unreachable"


class ConnectionReset(ReachFailure):
    """The other side, or something between, broke the connection off. Facts: doing."""

    words = "connection-reset"


class TlsNotTrusted(ReachFailure):
    """Facts: why (untrusted, self-signed, expired, not-yet-valid, revoked, fingerprint, …), sha256, subject, issuer, not_before, not_after,
    and for `fingerprint` expected."""

    words = "tls-not-trusted"


class TlsNameMismatch(ReachFailure):
    """The certificate is for another name. Facts: as TlsNotTrusted, and name."""

    words = "tls-name-mismatch"


class TlsVersion(ReachFailure):
    """No version or cipher of TLS that both sides accept. Facts: message."""

    words = "tls-version"


class NotWsman(ReachFailure):
    """Something answers there, but it is not WS-Management. Facts: status, server, why (http, no-http, no-tls)."""

    words = "not-wsman"


# --- signing in ---------------------------------------------------------------------------------------------------------


class SignInRefused(SignInFailure):
    """401: wrong name or password, or a reason Windows does not tell. Facts: username, method."""

    words = "sign-in-refused"


class AccountLocked(SignInFailure):
    words = "account-locked"


class AccountExpired(SignInFailure):
    words = "account-expired"


class AccountDisabled(SignInFailure):
    words = "account-disabled"


class PasswordExpired(SignInFailure):
    words = "password-expired"


class ClockSkew(SignInFailure):
    """Kerberos said that the clocks are too far apart."""

    words = "clock-skew"


class KerberosName(SignInFailure):
    """Kerberos knows no service of this name: usually a short name or an address instead of the full name. Facts: name."""

    words = "kerberos-name"


class KerberosNoTicket(SignInFailure):
    """There is no valid Kerberos ticket on this computer. Facts: message."""

    words = "kerberos-no-ticket"


class NotAuthorized(SignInFailure):
    """The account is right but may not use WS-Management there. Facts: username."""

    words = "not-authorized"


class MethodNotOffered(SignInFailure):
    """Facts: method, offered (the server's own words, separated by commas)."""

    words = "method-not-offered"


class MethodNotInstalled(SignInFailure):
    """This installation of the program lacks what the method needs. Facts: method, extra."""

    words = "method-not-installed"


class CertificateFile(SignInFailure):
    """The client certificate or its key cannot be read. Facts: file, detail."""

    words = "certificate-file"

    def __init__(self, detail: str = "", **facts: str) -> None:
        super().__init__(detail, **facts)
        self.facts = {**facts, "detail": detail}


class NeedsTls(SignInFailure):
    """The method would show the password, or cannot work, without TLS. Facts: method."""

    words = "needs-tls"


# --- the session --------------------------------------------------------------------------------------------------------


class ShellQuota(SessionFailure):
    """Facts: message."""

    words = "shell-quota"


class TooManyOperations(SessionFailure):
    """Facts: message."""

    words = "too-many-operations"


class OperationTimeout(SessionFailure):
    """The service gave up an operation that has no business taking long. Facts: doing."""

    words = "operation-timeout"


class ShellGone(SessionFailure):
    """The service no longer knows the shell or the command: it was restarted, or somebody ended the shell."""

    words = "shell-gone"


class UnencryptedRefused(SessionFailure):
    """The service takes no message that is not sealed. Facts: message."""

    words = "unencrypted-refused"


class WsmanFault(SessionFailure):
    """Any other refusal of the service. Facts: code, message, status."""

    words = "wsman-fault"


class AnswerDamaged(SessionFailure):
    """Facts: why."""

    words = "answer-damaged"


class AnswerTooLarge(SessionFailure):
    """Facts: limit (bytes)."""

    words = "answer-too-large"


class LanguageConstrained(SessionFailure):
    """PowerShell runs in another language mode than FullLanguage. Facts: mode."""

    words = "language-constrained"


class ScriptBroken(SessionFailure):
    """The round did not start in PowerShell. Facts: message."""

    words = "script-broken"


class ProbeProcessDied(SessionFailure):
    """PowerShell ended before the round did. Facts: exit, message (what it wrote to its error stream, cut)."""

    words = "probe-process-died"


class Deadline(SessionFailure):
    """The round did not end in time. Facts: seconds."""

    words = "deadline"


class CutOff(SessionFailure):
    """An answer ended in the middle. Facts: doing."""

    words = "cut-off"


class AnswerLost(SessionFailure):
    """A question that may be put only once was handed over, and what came of it was not heard. Facts: cause (the reason for that)."""

    words = "answer-lost"


class EnvelopeTooLarge(SessionFailure):
    """Facts: message."""

    words = "envelope-too-large"


class PowershellMissing(SessionFailure):
    """powershell.exe was not found on the server. Facts: exit."""

    words = "powershell-missing"
