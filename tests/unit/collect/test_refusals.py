"""Why a probe failed: the same reason in every language of Windows."""

import pytest

from oauthcert.collect.refusals import ACCESS_DENIED, DIRECTORY_OPERATIONS_ERROR, WMI_ACCESS_DENIED, not_seen
from oauthcert.model.evidence import Fault

ADMIN = "CONTOSO\\admin"
SQL = "System.Data.SqlClient.SqlException"
CASES = {
    "deadline": (Fault("OperationTimeout", "ProbeDeadline", "", "no answer within 60 s"), "oauth", "probe-deadline"),
    "missing cmdlet by id": (
        Fault("ObjectNotFound", "CommandNotFoundException", "", "", target="Get-CsCertificate"),
        "oauth",
        "cmdlet-missing",
    ),
    "missing cmdlet with a suffix": (
        Fault("ObjectNotFound", "CommandNotFoundException,Get-X", target="Test-CsReplica"),
        "replica",
        "cmdlet-missing",
    ),
    "the probe itself missing": (Fault("ObjectNotFound", "CommandNotFoundException", target="Get-Probe"), "oauth", "probe-failed"),
    "category": (Fault("PermissionDenied", "x"), "services", "access-denied"),
    "type": (Fault("NotSpecified", "x", "System.UnauthorizedAccessException"), "events", "access-denied"),
    "inner type": (
        Fault("NotSpecified", "x", "System.Exception", inner=("System.Security.SecurityException: nein",)),
        "time",
        "access-denied",
    ),
    "result code": (Fault("NotSpecified", "x", "System.Exception", "Zugriff", ACCESS_DENIED), "time", "access-denied"),
    "wmi": (
        Fault("NotSpecified", "HRESULT 0x80041003,Cmd", "Microsoft.Management.Infrastructure.CimException", "", WMI_ACCESS_DENIED),
        "services",
        "access-denied",
    ),
    "sql login of nobody": (
        Fault("InvalidOperation", "x", "Rtc.SqlConnectionException", "Login failed for user 'NT AUTHORITY\\ANONYMOUS LOGON'."),
        "replication",
        "second-hop",
    ),
    "the same in German": (
        Fault("InvalidOperation", "x", "y", "Fehler bei der Anmeldung für den Benutzer 'NT-AUTORITÄT\\ANONYMOUS-ANMELDUNG'."),
        "replication",
        "second-hop",
    ),
    "nobody, though called a refusal": (
        Fault("PermissionDenied", "x", SQL, "'NT AUTHORITY\\ANONYMOUS LOGON'"),
        "replication",
        "second-hop",
    ),
    "sql, as the computer": (
        Fault("InvalidOperation", "x", "y", "m", inner=(f"{SQL}: Login failed for user 'CONTOSO\\FE01$'.",)),
        "replication",
        "second-hop",
    ),
    "sql, unreachable": (Fault("InvalidOperation", "x", SQL, "network-related"), "replication", "second-hop"),
    "closed store": (
        Fault("InvalidOperation", "x", "y", 'Cannot open database "xds" requested by the login.'),
        "replication",
        "second-hop",
    ),
    "sql, as ourselves": (Fault("InvalidOperation", "x", SQL, "Login failed for user 'contoso\\ADMIN'."), "replication", "access-denied"),
    "local sql stopped": (Fault("InvalidOperation", "x", SQL, "network-related"), "topology", "probe-failed"),
    "directory": (
        Fault("NotSpecified", "x", "DirectoryServicesCOMException", "Ein Betriebsfehler", DIRECTORY_OPERATIONS_ERROR),
        "oauth",
        "second-hop",
    ),
    "anything else": (Fault("InvalidData", "x", "System.Xml.XmlException", "bad"), "topology", "probe-failed"),
}


@pytest.mark.parametrize("case", CASES)
def test_that_the_reason_is_told(case: str) -> None:
    fault, probe, expected = CASES[case]
    assert not_seen(fault, probe, "Get-Probe", ADMIN).reason == expected


def test_that_a_missing_cmdlet_is_named() -> None:
    fault = Fault("ObjectNotFound", "CommandNotFoundException", target="Get-CsCertificate")
    assert not_seen(fault, "oauth", "Get-OAuthAssignment").facts["cmdlet"] == "Get-CsCertificate"


def test_that_facts_are_short_and_say_what_the_server_said() -> None:
    facts = not_seen(Fault("NotSpecified", "x", "y", "m" * 9000), "store", "Get-StoreFacts").facts
    assert facts["category"] == "NotSpecified"
    assert max(map(len, facts.values())) <= 500


def test_that_a_failure_without_an_error_record_is_still_a_failure() -> None:
    assert not_seen(None, "store", "Get-StoreFacts").reason == "probe-failed"
