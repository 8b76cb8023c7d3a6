"""What people do for the steps that the tool only guides, as far as this deployment shows it: each does away with what stood in the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from oauthcert.lab.building import account_of
from oauthcert.lab.deployment import Deployment
from oauthcert.lab.exchange import EXCHANGES, Exchange
from oauthcert.lab.fix_time import DOMAIN_SOURCE, HYPERVISOR
from oauthcert.lab.machines import KEY_SDDL, Front, Machine, StoreName
from oauthcert.lab.products import service_names


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody sits at this machine, with all the rights there are."""

    deployment: Deployment
    machine: Machine
    moment: datetime


def enable_winrm(hand: Hand) -> None:
    hand.machine.winrm.front = Front.WINRM


def allow_full_language(hand: Hand) -> None:
    hand.machine.winrm.language_mode = "FullLanguage"


def repair_powershell(hand: Hand) -> None:
    hand.machine.script_broken = None
    hand.machine.ends_after = None


def correct_account(hand: Hand) -> None:
    hand.machine.winrm.accepts = True
    join_groups(hand)


def join_groups(hand: Hand) -> None:
    """The account gets the groups that it has where nothing is wrong."""
    hand.machine.account = account_of(hand.machine.name, edge=hand.machine.on_edge)
    hand.machine.winrm.authorised = True


def allow_second_hop(hand: Hand) -> None:
    hand.deployment.hop_allowed = True


def open_replication_port(hand: Hand) -> None:
    hand.machine.ports[hand.machine.replica_port].set(hand.moment, True)


def set_clock(hand: Hand) -> None:
    clock = hand.machine.clock.at(hand.moment)
    source = clock.ntp_server if clock.type == "NTP" else DOMAIN_SOURCE
    usual = timedelta(minutes=17)
    right = replace(clock, offset=timedelta(), source=source, stratum=4, leap=0, synchronised=usual, set_right=hand.moment)
    hand.machine.clock.set(hand.moment, right)


def stop_hypervisor_clock(hand: Hand) -> None:
    hand.machine.vmic = False
    if hand.machine.clock.at(hand.moment).source == HYPERVISOR:
        set_clock(hand)


def run_step_1(hand: Hand) -> None:
    """The Deployment Wizard fetches the configuration as it is now, and puts the server into replication."""
    hand.machine.step_one = hand.moment
    hand.machine.replica_enabled.set(hand.moment, True)
    if "REPLICA" in hand.machine.services:
        hand.machine.services["REPLICA"].start_mode.set(hand.moment, "Auto")
        hand.machine.services["REPLICA"].state.set(hand.moment, "Running")


def run_step_2(hand: Hand) -> None:
    """What the topology gives this machine is installed and runs."""
    hand.machine.install(service_names(hand.machine.role, central_management=hand.machine.central_management))
    start_services(hand)


def start_services(hand: Hand) -> None:
    """All of them, as after a restart or when quorum was there again."""
    for service in hand.machine.services.values():
        service.start_mode.set(hand.moment, "Auto")
        if service.state.at(hand.moment) != "Running":
            service.state.set(hand.moment, "Running")


def install_dotnet(hand: Hand) -> None:
    hand.machine.ground.dot_net_release = None


def free_disk_space(hand: Hand) -> None:
    hand.machine.ground.free_megabytes = max(hand.machine.ground.free_megabytes, 61440)


def set_schannel_trust(hand: Hand) -> None:
    hand.machine.ground.schannel |= {"ClientAuthTrustMode": 2, "SendTrustedIssuerList": 0}


def recycle_web_application(hand: Hand) -> None:
    hand.machine.ground.web_since.set(hand.moment, None)


def assign_own_certificates(hand: Hand) -> None:
    """What the server uses beside the OAuth certificate is its own, valid one again."""
    hand.machine.uses.clear()


def restore_key_permissions(hand: Hand) -> None:
    for placed in hand.deployment.certificates(hand.machine, StoreName.MY, hand.moment):
        if placed.key is not None and placed.key.sddl != KEY_SDDL:
            key = replace(placed.key, sddl=KEY_SDDL)
            hand.deployment.set_key(hand.machine, placed.certificate.thumbprint, hand.moment, key)


def release_certificates(hand: Hand) -> None:
    """Whatever lies among the untrusted ones is taken out of there."""
    for placed in hand.deployment.certificates(hand.machine, StoreName.DISALLOWED, hand.moment):
        hand.machine.removed[StoreName.DISALLOWED, placed.certificate.thumbprint] = hand.moment


def _on_exchange(**changed: object) -> Callable[[Hand], None]:
    """Somebody puts this right in the partnership with Exchange; without an Exchange there is nothing to do."""

    def do(hand: Hand) -> None:
        if hand.deployment.exchange is not None:
            hand.deployment.exchange = replace(hand.deployment.exchange, **changed).at(hand.deployment.sip_domain)  # type: ignore[arg-type]

    return do


def configure_partner(hand: Hand) -> None:
    """A partnership as it should be; what Exchange itself does is another person's."""
    good = EXCHANGES["healthy"] or Exchange()
    hand.deployment.exchange = (hand.deployment.exchange or good).at(hand.deployment.sip_domain)
    _on_exchange(enabled=True, trust_level="Full")(hand)


def elsewhere(hand: Hand) -> None:
    """Nothing on this server shows it: it is done on the workstation, with the authority, or on a server that is not played."""
    del hand


HANDS: Mapping[str, Callable[[Hand], None]] = {
    "correct-name": elsewhere,
    "enable-winrm": enable_winrm,
    "open-remote-port": enable_winrm,
    "repair-powershell": repair_powershell,
    "install-admin-tools": elsewhere,
    "allow-full-language": allow_full_language,
    "correct-account": correct_account,
    "join-groups": join_groups,
    "allow-second-hop": allow_second_hop,
    "trust-server-tls": elsewhere,
    "open-replication-port": open_replication_port,
    "sync-time-by-hand": set_clock,
    "stop-hypervisor-clock": stop_hypervisor_clock,
    "restore-cms-failover": start_services,
    "join-replicator-group": elsewhere,
    "move-file-store": elsewhere,
    "install-update": elsewhere,
    "release-certificate": release_certificates,
    "run-step-1": run_step_1,
    "run-step-2": run_step_2,
    "finish-step-3": elsewhere,
    "run-step-4": start_services,
    "install-dotnet": install_dotnet,
    "free-disk-space": free_disk_space,
    "set-schannel-trust": set_schannel_trust,
    "reboot-server": start_services,
    "recover-quorum": start_services,
    "wait-for-start": start_services,
    "recycle-web-app": recycle_web_application,
    "renew-server-certificate": assign_own_certificates,
    "remove-key-denial": restore_key_permissions,
    "configure-partner": configure_partner,
    "configure-partner-on-exchange": _on_exchange(trusts="{domain}"),
    "correct-autodiscover-url": _on_exchange(autodiscover=Exchange().autodiscover),
    "correct-partner-certificate": _on_exchange(tls_trust="None"),
    "enable-oauth-on-exchange": _on_exchange(category="invalid_token"),
    "name-accepted-domains": _on_exchange(category="invalid_token"),
    "open-partner-way": _on_exchange(problem=None),
    "carry-request": elsewhere,
    "request-oauth": elsewhere,
    "stage-oauth": elsewhere,
    "refresh-partner": elsewhere,
    "enable-tls-12": elsewhere,
    "clean-root-store": elsewhere,
    "rename-certificate": elsewhere,
    "reissue-authority": elsewhere,
    "update-for-sha512": elsewhere,
    "replace-4k-disk": elsewhere,
}
"""By the id of the guided fix. Of request-oauth and stage-oauth a person carries the request to the authority."""
