"""What a person does on a server for the steps that the tool only guides: each does away with what stood in the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from oauthcert.lab.building import account_of
from oauthcert.lab.deployment import Deed, Deployment
from oauthcert.lab.fix_time import DOMAIN_SOURCE, HYPERVISOR
from oauthcert.lab.machines import Front, Machine
from oauthcert.lab.products import service_names


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody sits at this machine, with all the rights there are."""

    deployment: Deployment
    machine: Machine
    moment: datetime


def _enable_winrm(hand: Hand) -> None:
    hand.machine.winrm.front = Front.WINRM
    hand.machine.winrm.language_mode = "FullLanguage"


def _correct_account(hand: Hand) -> None:
    hand.machine.winrm.accepts = True
    _join_groups(hand)


def _join_groups(hand: Hand) -> None:
    """The account gets the groups that it has where nothing is wrong."""
    hand.machine.account = account_of(hand.machine.name, edge=hand.machine.on_edge)
    hand.machine.winrm.authorised = True


def _allow_second_hop(hand: Hand) -> None:
    hand.deployment.hop_allowed = True


def _open_port(hand: Hand) -> None:
    hand.machine.ports[hand.machine.replica_port].set(hand.moment, True)


def _set_clock(hand: Hand) -> None:
    clock = hand.machine.clock.at(hand.moment)
    source = clock.ntp_server if clock.type == "NTP" else DOMAIN_SOURCE
    right = replace(clock, offset=timedelta(), source=source, stratum=4, leap=0, synchronised=timedelta(minutes=17), set_right=hand.moment)
    hand.machine.clock.set(hand.moment, right)


def _stop_hypervisor_clock(hand: Hand) -> None:
    hand.machine.vmic = False
    if hand.machine.clock.at(hand.moment).source == HYPERVISOR:
        _set_clock(hand)


def _run_step_2(hand: Hand) -> None:
    """What the topology gives this machine is installed and runs."""
    wanted = service_names(hand.machine.role, central_management=hand.machine.central_management)
    hand.machine.install(wanted)
    for name in wanted:
        service = hand.machine.services[name]
        if service.state.at(hand.moment) != "Running":
            service.state.set(hand.moment, "Running")
        service.start_mode.set(hand.moment, "Auto")


def _install_dotnet(hand: Hand) -> None:
    hand.machine.ground.dot_net_release = None


def _trust(hand: Hand) -> None:
    """Nothing happens on the server: it is this workstation that decides whether it trusts the certificate."""
    del hand


HANDS: Mapping[str, Callable[[Hand], None]] = {
    "enable-winrm": _enable_winrm,
    "correct-account": _correct_account,
    "join-groups": _join_groups,
    "allow-second-hop": _allow_second_hop,
    "open-replication-port": _open_port,
    "sync-time-by-hand": _set_clock,
    "stop-hypervisor-clock": _stop_hypervisor_clock,
    "run-step-2": _run_step_2,
    "install-dotnet": _install_dotnet,
    "trust-server-tls": _trust,
}
"""By the id of the guided fix."""


def do_by_hand(deployment: Deployment, fix: str, server: str, moment: datetime) -> Machine:
    """Does it and notes it down; gives the machine on which it was done. Raises KeyError for an unknown server or fix."""
    with deployment.lock:
        machine = deployment.machines[server]
        HANDS[fix](Hand(deployment, machine, moment))
        deployment.deeds.append(Deed(server, f"by-hand:{fix}", moment))
        return machine
