"""The simulated fixes of the clock."""

from dataclasses import replace
from datetime import timedelta

from oauthcert.lab.errors import native_failure
from oauthcert.lab.fixing import Doing, Facts, Result, already, changed, preview, refused
from oauthcert.lab.stamps import utc

NO_TIME_DATA = 0x800705B4
SERVICE_STOPPED = 0x80070426
HYPERVISOR = "VM IC Time Synchronization Provider"
CMOS = "Local CMOS Clock"
DOMAIN_SOURCE = "dc01.contoso.lab"


def sync_server_time(doing: Doing) -> Result:
    """Sync-ServerTime. Afterwards the clock is right; a hypervisor that sets it stays its source."""
    before = _facts(doing)
    clock = doing.machine.clock.at(doing.moment)
    if doing.flag("Configure") and doing.machine.domain is None:
        return refused("not-in-domain", before)
    if doing.text("ExpectedType") not in ("", clock.type):
        return refused("changed-meanwhile", before)
    if doing.preview:
        return preview(before)
    if doing.flag("Configure"):
        clock = replace(clock, type="NT5DS", ntp_server=None)
    if not doing.machine.running("W32Time", doing.moment):
        raise native_failure(doing.function, "w32tm", SERVICE_STOPPED, "The service has not been started.")
    if clock.type == "NoSync":
        raise native_failure(doing.function, "w32tm", NO_TIME_DATA, "The computer did not resync because no time data was available.")
    usual = DOMAIN_SOURCE if clock.type == "NT5DS" else clock.ntp_server
    source = clock.source if clock.source == HYPERVISOR else usual
    right = replace(clock, offset=timedelta(), source=source, stratum=4, leap=0, synchronised=timedelta(minutes=17), set_right=doing.moment)
    doing.machine.clock.set(doing.moment, right)
    doing.did("clock")
    return changed(before, _facts(doing))


def restore_time_source(doing: Doing) -> Result:
    """Restore-TimeSource, the way back of Configure."""
    before = _type(doing)
    wanted, server = doing.text("Type"), doing.text("NtpServer") or None
    clock = doing.machine.clock.at(doing.moment)
    if (clock.type, clock.ntp_server) == (wanted, server):
        return already(before)
    if doing.preview:
        return preview(before)
    source = clock.source if wanted == "NoSync" else (server or DOMAIN_SOURCE)
    doing.machine.clock.set(doing.moment, replace(clock, type=wanted, ntp_server=server, source=source))
    doing.did(f"time source {wanted}")
    return changed(before, _type(doing))


def _facts(doing: Doing) -> Facts:
    doing.at.get_computer_system()
    clock = doing.machine.clock.at(doing.moment)
    source = clock.source if doing.machine.running("W32Time", doing.moment) else None
    return {"type": clock.type, "source": source, "utc": utc(doing.machine.local_time(doing.moment))}


def _type(doing: Doing) -> Facts:
    doing.at.get_computer_system()
    return {"type": doing.machine.clock.at(doing.moment).type}
