"""Error records as PowerShell makes them, and the ones the simulated servers know."""

from collections.abc import Mapping
from dataclasses import dataclass

ACCESS_DENIED = -2147024891  # 0x80070005, E_ACCESSDENIED
COM_GENERIC = -2146233088  # 0x80131500, COR_E_EXCEPTION
SQL_ERROR = -2146232060  # 0x80131904
NO_SUCH_COMMAND = -2146233087  # 0x80131501, COR_E_SYSTEM
_CERTIFICATE_EXCEPTION = "Microsoft.Rtc.Management.Deployment.CertificateException"
MISSING_KEYSET = -2146893802  # 0x80090016, NTE_BAD_KEYSET


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """Category, id and type are the same in every language of Windows; the message is English here."""

    category: str
    id: str
    type: str
    message: str
    hresult: int = COM_GENERIC
    target: str = ""
    inner: tuple[str, ...] = ()

    def as_json(self) -> Mapping[str, object]:
        """As a frame carries it."""
        return {
            "category": self.category,
            "id": self.id,
            "type": self.type,
            "hresult": self.hresult,
            "message": self.message,
            "target": self.target,
            "inner": list(self.inner),
        }


class CmdletError(Exception):
    """A terminating error of a simulated cmdlet."""

    def __init__(self, record: ErrorRecord) -> None:
        super().__init__(record.message)
        self.record = record


def access_denied(cmdlet: str) -> CmdletError:
    """The product's own cmdlets, run by an account without the group they ask for. `cmdlet` is the implementing class."""
    return CmdletError(
        ErrorRecord(
            "PermissionDenied",
            f"System.UnauthorizedAccessException,{cmdlet}",
            "System.UnauthorizedAccessException",
            "Access is denied. (Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))",
            ACCESS_DENIED,
        )
    )


def cim_denied() -> CmdletError:
    """WMI, asked by an account that is no administrator."""
    return CmdletError(
        ErrorRecord(
            "PermissionDenied",
            "HRESULT 0x80041003,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand",
            "Microsoft.Management.Infrastructure.CimException",
            "Access denied ",
            target="root\\cimv2:Win32_Service",
        )
    )


def anonymous_at_sql(server: str, cmdlet: str) -> CmdletError:
    """The second hop: SQL Server sees nobody behind a session that may not pass its account on."""
    login = "Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'."
    return CmdletError(
        ErrorRecord(
            "InvalidOperation",
            f"Microsoft.Rtc.Common.Data.SqlConnectionException,{cmdlet}",
            "Microsoft.Rtc.Common.Data.SqlConnectionException",
            f'Cannot open database "xds" requested by the login on {server}\\rtc. The login failed. {login}',
            inner=(f"System.Data.SqlClient.SqlException: {login}",),
        )
    )


def missing_method(cmdlet: str) -> CmdletError:
    """A cmdlet of a later update on a .NET Framework that is too old for it."""
    text = "Method not found: 'System.Security.Cryptography.X509Certificates.RSACertificateExtensions'."
    return CmdletError(ErrorRecord("NotSpecified", f"System.MissingMethodException,{cmdlet}", "System.MissingMethodException", text))


def unknown_command(name: str) -> ErrorRecord:
    """A function or cmdlet that is not there."""
    return ErrorRecord(
        "ObjectNotFound",
        "CommandNotFoundException",
        "System.Management.Automation.CommandNotFoundException",
        f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling "
        "of the name, or if a path was included, verify that the path is correct and try again.",
        NO_SUCH_COMMAND,
        name,
    )


def not_found_or_untrusted() -> ErrorRecord:
    """Get-CsCertificate, when the assigned certificate is not in the store or its chain does not build."""
    return ErrorRecord(
        "InvalidData",
        "Microsoft.Rtc.Management.Deployment.CertificateException,Microsoft.Rtc.Management.Certificates.GetCertificateCmdlet",
        "Microsoft.Rtc.Management.Deployment.CertificateException",
        "Assigned certificate not found or untrusted.",
    )


def parameter_not_found(function: str, name: str) -> ErrorRecord:
    """A function called with a parameter it does not have."""
    return ErrorRecord(
        "InvalidArgument",
        f"NamedParameterNotFound,{function}",
        "System.Management.Automation.ParameterBindingException",
        f"A parameter cannot be found that matches parameter name '{name}'.",
        NO_SUCH_COMMAND,
        function,
    )


def parameter_not_taken(function: str, name: str, kind: str) -> ErrorRecord:
    """A function called with a value that does not become the type of its parameter."""
    return ErrorRecord(
        "InvalidData",
        f"ParameterArgumentTransformationError,{function}",
        "System.Management.Automation.ParameterBindingArgumentTransformationException",
        f"Cannot process argument transformation on parameter '{name}'. Cannot convert value to type \"{kind}\".",
        NO_SUCH_COMMAND,
        function,
    )


def native_failure(program: str, code: int, text: str) -> CmdletError:
    """A program of Windows that ended with an error code (unsigned); the script throws what it said."""
    message = f"{program} ended with 0x{code:08X}: {text}"
    return CmdletError(ErrorRecord("OperationStopped", message, "System.Management.Automation.RuntimeException", message, target=message))


def store_denied() -> CmdletError:
    """A certificate store opened for writing by an account that is no administrator."""
    name = "System.Security.Cryptography.CryptographicException"
    return CmdletError(ErrorRecord("NotSpecified", "CryptographicException", name, "Access is denied.\r\n", ACCESS_DENIED))


def request_failed(code: int, text: str) -> ErrorRecord:
    """Request-CsCertificate, when the authority cannot be reached or says no; `code` is the HRESULT, unsigned."""
    cmdlet = "Microsoft.Rtc.Management.Certificates.RequestCertificateCmdlet"
    message = f"{text} (Exception from HRESULT: 0x{code:08X})"
    inner = (f"System.Runtime.InteropServices.COMException: {message}",)
    signed = code - (1 << 32)
    return ErrorRecord("InvalidOperation", f"RequestFailed,{cmdlet}", _CERTIFICATE_EXCEPTION, message, signed, inner=inner)


def no_certificate_needed() -> ErrorRecord:
    """Request-CsCertificate on a server whose roles use no certificate of this type (lync.md D-16)."""
    cmdlet = "Microsoft.Rtc.Management.Certificates.RequestCertificateCmdlet"
    text = "The computer does not need a certificate of type OAuthTokenIssuer."
    return ErrorRecord("InvalidOperation", f"NoCertificateNeeded,{cmdlet}", _CERTIFICATE_EXCEPTION, text)


def pfx_refused(reason: str) -> ErrorRecord:
    """X509Certificate2 with bytes that are no PFX it can read."""
    name = "System.Security.Cryptography.CryptographicException"
    return ErrorRecord("NotSpecified", "CryptographicException", name, f"Cannot find the requested object. ({reason})\r\n", -2146885623)


def unknown_account(name: str) -> ErrorRecord:
    """NTAccount.Translate, for a name this server does not know."""
    kind = "System.Security.Principal.IdentityNotMappedException"
    text = "Some or all identity references could not be translated."
    return ErrorRecord("NotSpecified", "IdentityNotMappedException", kind, text, target=name)


def wrong_argument(text: str) -> ErrorRecord:
    """A script that throws an ArgumentException."""
    return ErrorRecord("OperationStopped", text, "System.ArgumentException", text, -2147024809)


def no_base64() -> ErrorRecord:
    """Convert.FromBase64CharArray with something else."""
    text = "The input is not a valid Base-64 string as it contains a non-base 64 character."
    return ErrorRecord("NotSpecified", "FormatException", "System.FormatException", text, -2146233033)
