"""The simulated fixes of the clock."""

from dataclasses import replace
from datetime import timedelta

from oauthcert.lab.errors import CmdletError, native_failure, wrong_argument
from oauthcert.lab.fixing import Doing, Facts, Result, already, changed, preview, refused
from oauthcert.lab.machines import Clock
from oauthcert.lab.stamps import utc

NO_TIME_DATA = 0x800705B4
SERVICE_STOPPED = 0x80070426
HYPERVISOR = "VM IC Time Synchronization Provider"
DOMAIN_SOURCE = "dc01.contoso.lab"


_WORDS = ("NT5DS", "NTP", "AllSync", "NoSync")


def sync_server_time(doing: Doing) -> Result:
    """Sync-ServerTime. Afterwards the clock is right; a hypervisor that sets it stays its source."""
    before = _facts(doing)
    clock = doing.machine.clock.at(doing.moment)
    configure = doing.flag("Configure")
    if configure and doing.machine.domain is None:
        return refused("not-in-domain", before)
    if doing.text("ExpectedType").casefold() not in ("", clock.type.casefold()):
        return refused("changed-meanwhile", before)
    if doing.preview:
        return preview(before)
    if configure:
        clock = replace(clock, type="NT5DS", ntp_server=None)
    trouble = _trouble(doing, clock)
    if trouble is not None and not configure:
        raise trouble
    if trouble is None:
        clock = _right(clock, doing)
    doing.machine.clock.set(doing.moment, clock)
    doing.did("clock")
    return changed(before, _facts(doing), () if trouble is None else (trouble.record.message,))


def restore_time_source(doing: Doing) -> Result:
    """Restore-TimeSource, the way back of Configure. Without a server the list of servers stays."""
    before = _type(doing)
    clock = doing.machine.clock.at(doing.moment)
    wanted, server = doing.text("Type"), doing.text("NtpServer") or clock.ntp_server
    if (clock.type.casefold(), clock.ntp_server) == (wanted.casefold(), server):
        return already(before)
    if wanted not in _WORDS:
        raise CmdletError(wrong_argument(f"no type of time source: {wanted}"))
    if doing.preview:
        return preview(before)
    source = clock.source if wanted == "NoSync" else (server or DOMAIN_SOURCE)
    doing.machine.clock.set(doing.moment, replace(clock, type=wanted, ntp_server=server, source=source))
    doing.did(f"time source {wanted}")
    return changed(before, _type(doing))


def _trouble(doing: Doing, clock: Clock) -> CmdletError | None:
    """Why w32tm /resync fails."""
    if not doing.machine.running("W32Time", doing.moment):
        return native_failure("w32tm", SERVICE_STOPPED, "The service has not been started.")
    if clock.type == "NoSync":
        return native_failure("w32tm", NO_TIME_DATA, "The computer did not resync because no time data was available.")
    return None


def _right(clock: Clock, doing: Doing) -> Clock:
    usual = DOMAIN_SOURCE if clock.type == "NT5DS" else clock.ntp_server
    source = clock.source if clock.source == HYPERVISOR else usual
    usually = timedelta(minutes=17)
    return replace(clock, offset=timedelta(), source=source, stratum=4, leap=0, synchronised=usually, set_right=doing.moment)


def _facts(doing: Doing) -> Facts:
    doing.at.get_computer_system()
    clock = doing.machine.clock.at(doing.moment)
    source = clock.source if doing.machine.running("W32Time", doing.moment) else None
    return {"type": clock.type, "source": source, "utc": utc(doing.machine.local_time(doing.moment))}


def _type(doing: Doing) -> Facts:
    doing.at.get_computer_system()
    return {"type": doing.machine.clock.at(doing.moment).type}
