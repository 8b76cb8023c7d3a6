"""What the Windows and product cmdlets themselves return on a simulated server, as plain dicts with their own property names.

The answers of the probes are made from these, and the tests that run the real scripts feed the same objects to stand-ins of the
cmdlets, so that both tell the same story. Times are aware datetimes in UTC.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from oauthcert.lab.deployment import Deployment
from oauthcert.lab.errors import CmdletError, access_denied, anonymous_at_sql, cim_denied, not_found_or_untrusted, unknown_command
from oauthcert.lab.event_log import LoggedEvent, event_log
from oauthcert.lab.machines import EVENT_READERS, Certificate, Machine, StoreName
from oauthcert.lab.products import Role, uses
from oauthcert.lab.topology import topology_xml

CmdletObject = Mapping[str, object]

_GET_CERTIFICATE = "Microsoft.Rtc.Management.Certificates.GetCertificateCmdlet"
_GET_STATUS = "Microsoft.Rtc.Management.Xds.GetReplicationStatusCmdlet"
_GET_TOPOLOGY = "Microsoft.Rtc.Management.Xds.GetTopologyCmdlet"
_TEST_REPLICA = "Microsoft.Rtc.Management.Deployment.TestReplicaCmdlet"
_HEARTBEAT = timedelta(seconds=60)
SERVICE_ACCOUNT = r"NT AUTHORITY\NetworkService"
"""Under which all services run, as the service manager writes it."""


class Cmdlets:
    """The cmdlets of one machine at one moment. Each raises CmdletError as the real one would."""

    def __init__(self, deployment: Deployment, machine: Machine, moment: datetime) -> None:
        self.deployment = deployment
        self.machine = machine
        self.moment = moment

    def get_cs_certificate(self) -> list[CmdletObject]:
        """Get-CsCertificate -Type OAuthTokenIssuer. One that is staged names the one in use until then as its previous one."""
        self._needs_product("Get-CsCertificate")
        if not self.server_administrator:
            raise access_denied(_GET_CERTIFICATE)
        change = self.deployment.local_assignment(self.machine, self.moment)
        if change is None or change.oauth is None:
            return []
        certificate = change.oauth.certificate
        mine = self.deployment.certificates(self.machine, StoreName.MY, self.moment)
        held = any(placed.certificate.thumbprint == certificate.thumbprint for placed in mine)
        if not held or not self.deployment.chain_builds(self.machine, certificate, self.moment):
            raise CmdletError(not_found_or_untrusted())
        previous = change.oauth.previous
        return [
            {
                **_certificate(certificate),
                "AlternativeNames": [self.deployment.sip_domain],
                "EffectiveDate": change.oauth.effective or change.oauth.since or change.when,
                "PreviousThumbprint": previous.thumbprint if previous else None,
                "UpdateTime": change.oauth.since or change.when,
                "Use": "OAuthTokenIssuer",
                "SourceScope": "Global",
            }
        ]

    def get_cs_certificates(self) -> list[CmdletObject | CmdletError]:
        """Get-CsCertificate without a type: every use; for an assigned certificate that is not there or not trusted an error, which
        does not end the call."""
        self._needs_product("Get-CsCertificate")
        if not self.server_administrator:
            raise access_denied(_GET_CERTIFICATE)
        mine = self.deployment.certificates(self.machine, StoreName.MY, self.moment)
        told: list[CmdletObject | CmdletError] = []
        for use in uses(self.machine.role):
            certificate = self.deployment.assigned_for(self.machine, use)
            if certificate is None:
                continue
            held = any(placed.certificate.thumbprint == certificate.thumbprint for placed in mine)
            if held and self.deployment.chain_builds(self.machine, certificate, self.moment):
                told.append({**_certificate(certificate), "AlternativeNames": [self.machine.name], "Use": use, "SourceScope": "Service"})
            else:
                told.append(CmdletError(not_found_or_untrusted()))
        try:
            told += self.get_cs_certificate()
        except CmdletError as error:
            told.append(error)
        return told

    def get_cs_management_store_replication_status(self) -> list[CmdletObject]:
        """Get-CsManagementStoreReplicationStatus: one ReplicaState for each replica."""
        self.may_use_central_store("Get-CsManagementStoreReplicationStatus", _GET_STATUS, write=False)
        rows = (self.deployment.replica_row(machine, self.moment) for machine in self.deployment.replicas())
        return [
            {
                "UpToDate": row.up_to_date,
                "ReplicaFqdn": row.fqdn,
                "LastStatusReport": row.last_status_report,
                "LastUpdateCreation": row.last_update_creation,
                "ProductVersion": row.product_version,
            }
            for row in rows
        ]

    def get_central_management_store_status(self) -> CmdletObject:
        """Get-CsManagementStoreReplicationStatus -CentralManagementStoreStatus."""
        self.may_use_central_store("Get-CsManagementStoreReplicationStatus", _GET_STATUS, write=False)
        master = self.deployment.active_master
        return {
            "ActiveMasterFqdn": master.name,
            "ActiveMasterLastHeartbeat": self._heartbeat(master, "MASTER"),
            "ActiveFileTransferAgents": [master.name],
            "ActiveFileTransferAgentsLastHeartbeat": self._heartbeat(master, "FTA"),
            "ActiveReplicas": [machine.name for machine in self.deployment.replicas()],
            "DeletedReplicas": [],
        }

    def test_cs_replica(self) -> list[str]:
        """Test-CsReplica: the texts of its errors; empty when all is well. It looks at the agents' services, ports and groups."""
        self._needs_product("Test-CsReplica")
        if not self.machine.account.administrator:
            raise access_denied(_TEST_REPLICA)
        problems = []
        if not self.machine.replica_enabled.at(self.moment):
            problems.append(f"The computer {self.machine.name} is not enabled as a replica.")
        for name in ("REPLICA", "RTCCLSAGT"):
            if not self.machine.running(name, self.moment):
                problems.append(f'The service "{self.machine.services[name].display_name}" is not running.')
        return problems

    def get_cs_topology_xml(self) -> str:
        """Get-CsTopology -LocalStore -AsXml, as text."""
        self.may_read_topology()
        return topology_xml(self.deployment)

    def may_read_topology(self) -> None:
        """The local store is open to the product's administrators, the read-only ones too, and to local administrators."""
        self._needs_product("Get-CsTopology")
        account = self.machine.account
        if not account.administrator and not any("\\RTCUniversal" in group for group in account.groups):
            raise access_denied(_GET_TOPOLOGY)

    def get_service_instances(self) -> list[CmdletObject]:
        """Get-CimInstance Win32_Service: the services this lab knows of."""
        if not self.machine.account.administrator:
            raise cim_denied()
        return [
            {
                "Name": service.name,
                "DisplayName": service.display_name,
                "State": service.state.at(self.moment),
                "StartMode": service.start_mode.at(self.moment),
                "StartName": SERVICE_ACCOUNT,
            }
            for service in self.machine.services.values()
        ]

    def get_computer_system(self) -> CmdletObject:
        """Get-CimInstance Win32_ComputerSystem."""
        if not self.machine.account.administrator:
            raise cim_denied()
        virtual = ("VMware, Inc.", "VMware7,1") if self.machine.virtual else ("Contoso Hardware", "R740")
        return {
            "PartOfDomain": self.machine.domain is not None,
            "Domain": self.machine.domain or "WORKGROUP",
            "Manufacturer": virtual[0],
            "Model": virtual[1],
        }

    def get_win_event(self) -> list[CmdletObject]:
        """Get-WinEvent on the log "Lync Server", newest first."""
        if not self.machine.account.administrator and EVENT_READERS not in self.machine.account.groups:
            raise access_denied("Microsoft.PowerShell.Commands.GetWinEventCommand")
        return [_event(event) for event in event_log(self.deployment, self.machine, self.moment)]

    def _heartbeat(self, master: Machine, service: str) -> datetime | None:
        """The last full minute in which the service ran."""
        if master.running(service, self.moment):
            return self.moment - timedelta(seconds=self.moment.second % 60, microseconds=self.moment.microsecond)
        stopped = master.services[service].state.changed(self.moment) - timedelta(seconds=7)
        return stopped if stopped > self.deployment.installed else None

    def may_use_central_store(self, cmdlet: str, implemented_by: str, *, write: bool = True) -> None:
        """The rights, and the way to the database: from any other server than its own that is a second hop."""
        self._needs_product(cmdlet)
        reads = not write and self.machine.account.user_administrator
        if not self.server_administrator and not reads:
            raise access_denied(implemented_by)
        if self.deployment.store != self.machine.name and not self.deployment.hop_allowed:
            raise anonymous_at_sql(self.deployment.store, implemented_by)

    @property
    def server_administrator(self) -> bool:
        """On a workgroup Edge there are no domain groups: the local administrator may everything."""
        account = self.machine.account
        return account.server_administrator or (self.machine.domain is None and account.administrator)

    def _needs_product(self, cmdlet: str) -> None:
        if self.machine.role is Role.SQL:
            raise CmdletError(unknown_command(cmdlet))


def _certificate(certificate: Certificate) -> CmdletObject:
    return {
        "Issuer": certificate.issuer,
        "NotAfter": certificate.not_after,
        "NotBefore": certificate.not_before,
        "SerialNumber": certificate.serial,
        "Subject": certificate.subject,
        "Thumbprint": certificate.thumbprint,
    }


def _event(event: LoggedEvent) -> CmdletObject:
    return {
        "ProviderName": event.provider,
        "Id": event.id,
        "Level": event.level,
        "TimeCreated": event.time,
        "Message": event.message,
        "LogName": event.log,
    }
