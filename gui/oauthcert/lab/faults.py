"""The named things that happen in a scenario. Each changes state at a moment; what follows from it, the mechanics tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from oauthcert.lab.deployment import Deployment, Weakness
from oauthcert.lab.ground import Note
from oauthcert.lab.machines import (
    ADMINISTRATORS,
    CNG_KEY,
    COMMON_GROUPS,
    EVENT_READERS,
    READ_ONLY_ADMINS,
    REMOTE_USERS,
    Account,
    Certificate,
    Front,
    Key,
    Machine,
    Placed,
    ProbeQuirk,
    StoreName,
)
from oauthcert.lab.timed import BEGINNING, Timed

Option = str | int | float | bool
Options = Mapping[str, Option]
STEP_ONE_SERVICES = ("REPLICA", "RTCCLSAGT", "MSSQL$RTCLOCAL", "W32Time", "W3SVC", "MASTER", "FTA")
_HALF_A_MINUTE = timedelta(seconds=30)
BACKDATED = timedelta(minutes=10)
"""How far before the moment of issue a Windows authority lets a certificate begin."""


@dataclass(frozen=True, slots=True)
class Strike:
    """Where and when a fault strikes. `when` is BEGINNING when the scenario names no time: it has always been so."""

    deployment: Deployment
    machine: Machine
    when: datetime
    options: Options

    def text(self, name: str, default: str = "") -> str:
        return str(self.options.get(name, default))

    def number(self, name: str, default: float) -> float:
        value = self.options.get(name, default)
        return float(value)


@dataclass(frozen=True, slots=True)
class Fault:
    """`options` name what a scenario may set besides servers and time, with the type; those in `required` it must set."""

    apply: Callable[[Strike], None]
    options: Mapping[str, type] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    timed: bool = False


def _request(strike: Strike, key: Key) -> Certificate:
    days = strike.number("valid_days", 730)
    label = f"{strike.machine.name} {strike.when.isoformat()}"
    certificate = strike.deployment.authority.oauth(label, strike.when - BACKDATED, strike.when + timedelta(days=days))
    strike.deployment.request_certificate(strike.machine, strike.when, certificate, key)
    return certificate


def _renew(strike: Strike, key: Key) -> None:
    certificate = _request(strike, key)
    strike.deployment.assign_oauth(strike.machine, strike.deployment.tempo.end(strike.when, _HALF_A_MINUTE), certificate)


def _oauth_requested(strike: Strike) -> None:
    """An OAuth certificate is requested on this server and assigned to nothing."""
    _request(strike, Key())


def _oauth_renewed(strike: Strike) -> None:
    """A new OAuth certificate is requested on this server and assigned for the whole deployment half a minute later."""
    _renew(strike, Key())


def _key_not_exportable(strike: Strike) -> None:
    """As oauth-renewed, with a key that was not marked exportable."""
    _renew(strike, Key(exportable=False))


def _key_cng(strike: Strike) -> None:
    """As oauth-renewed, with a template that puts the key into a key storage provider."""
    _renew(strike, CNG_KEY)


def _oauth_staged(strike: Strike) -> None:
    """A new OAuth certificate is requested here and assigned with -Roll, to be used `effective_hours` after that."""
    certificate = _request(strike, Key())
    effective = strike.when + timedelta(hours=strike.number("effective_hours", 168))
    strike.deployment.assign_oauth(strike.machine, strike.deployment.tempo.end(strike.when, _HALF_A_MINUTE), certificate, effective)


def _oauth_weak(strike: Strike) -> None:
    """As oauth-renewed, with a certificate as nobody should make one."""
    weakness = Weakness(
        bits=int(strike.number("bits", 2048)),
        hash=strike.text("hash", "sha256"),
        pss=strike.options.get("pss") is True,
        for_servers=strike.options.get("for_servers") is not False,
    )
    label = f"{strike.machine.name} {strike.when.isoformat()}"
    last = strike.when + timedelta(days=strike.number("valid_days", 730))
    certificate = strike.deployment.authority.weak(label, strike.when - BACKDATED, last, weakness)
    strike.deployment.request_certificate(strike.machine, strike.when, certificate, Key())
    strike.deployment.assign_oauth(strike.machine, strike.deployment.tempo.end(strike.when, _HALF_A_MINUTE), certificate)


def _default_reused(strike: Strike) -> None:
    """Somebody assigned this server's own certificate as the OAuth certificate of the whole deployment."""
    strike.deployment.assign_oauth(strike.machine, strike.when, strike.deployment.authority.server(strike.machine.name))


def _use_unassigned(strike: Strike) -> None:
    """Nothing is assigned for `use` on this server."""
    strike.machine.uses[strike.text("use")] = None


def _key_access_removed(strike: Strike) -> None:
    """Somebody tidied up the permissions of the key: only the system and administrators may read it any more."""
    _set_oauth_key(strike, lambda key: replace(key, sddl=strike.text("sddl", "D:PAI(A;;FA;;;SY)(A;;FA;;;BA)")))


def _set_oauth_key(strike: Strike, change: Callable[[Key], Key | None]) -> Placed:
    """Gives what was there before."""
    change_at = strike.deployment.assigned(strike.when)
    if change_at is None or change_at.oauth is None:
        raise ValueError("no OAuth certificate was assigned by then")
    thumbprint = change_at.oauth.certificate.thumbprint
    mine = strike.deployment.certificates(strike.machine, StoreName.MY, strike.when)
    held = next((placed for placed in mine if placed.certificate.thumbprint == thumbprint), None)
    if held is None or held.key is None:
        raise ValueError(f"{strike.machine.name} does not hold the key by then")
    strike.machine.keys.setdefault(thumbprint, Timed(held.key)).set(strike.when, change(held.key))
    return held


def _oauth_key_lost(strike: Strike) -> None:
    """Somebody took the certificate out and brought it back from a .cer file. The key stays behind, unless `key_gone`."""
    before = _set_oauth_key(strike, lambda _: None)
    if not strike.options.get("key_gone"):
        strike.machine.loose_keys[before.certificate.thumbprint] = before.key or Key()


def _oauth_key_file_deleted(strike: Strike) -> None:
    """The certificate still claims its key, but the file of the key container is gone."""
    _set_oauth_key(strike, lambda key: replace(key, file_present=False))


def _service_stopped(strike: Strike) -> None:
    service = strike.machine.services.get(strike.text("service"))
    if service is None:
        raise ValueError(f"{strike.machine.name} has no service {strike.text('service')}")
    service.state.set(strike.when, "Stopped")
    if "start_mode" in strike.options:
        service.start_mode.set(strike.when, strike.text("start_mode"))


def _service_started(strike: Strike) -> None:
    service = strike.machine.services.get(strike.text("service"))
    if service is None:
        raise ValueError(f"{strike.machine.name} has no service {strike.text('service')}")
    service.state.set(strike.when, "Running")


def _intermediate_removed(strike: Strike) -> None:
    """The issuing authority's certificate is no longer among the intermediate ones."""
    strike.machine.removed[StoreName.INTERMEDIATE, strike.deployment.authority.issuing.thumbprint] = strike.when


def _root_misplaced(strike: Strike) -> None:
    """The issuing authority's certificate was put among the trusted roots, as well as or instead of where it belongs."""
    strike.machine.placed.setdefault(StoreName.ROOT, []).append(Placed(strike.deployment.authority.issuing, strike.when))
    if strike.options.get("instead"):
        _intermediate_removed(strike)


def _port_closed(strike: Strike) -> None:
    """A firewall between the Central Management server and this replica lets nothing through any more."""
    strike.machine.ports[strike.machine.replica_port].set(strike.when, False)


def _replica_disabled(strike: Strike) -> None:
    strike.machine.replica_enabled.set(strike.when, False)


def _step_one_at(strike: Strike) -> None:
    """Step 1 of the Deployment Wizard ran on this server at that time."""
    strike.machine.step_one = strike.when


def _clock_off(strike: Strike) -> None:
    """The clock is `seconds` ahead (negative: behind); the time service believes its own source."""
    clock = strike.machine.clock.at(strike.when)
    wrong = replace(clock, offset=timedelta(seconds=strike.number("seconds", 0)), source=strike.text("source", "Local CMOS Clock"))
    if wrong.source == "Local CMOS Clock":
        wrong = replace(wrong, stratum=1, leap=3, synchronised=timedelta(days=9))
    strike.machine.clock.set(strike.when, wrong)


def _virtual_clock(strike: Strike) -> None:
    """The hypervisor sets the clock of this domain member."""
    strike.machine.virtual = strike.machine.vmic = True
    clock = strike.machine.clock
    clock.set(strike.when, replace(clock.at(strike.when), source="VM IC Time Synchronization Provider"))


def _group_missing(strike: Strike) -> None:
    """The account is not in `group` as this server sees it."""
    account = strike.machine.account
    group = strike.text("group")
    strike.machine.account = Account(account.name, tuple(one for one in account.groups if one.split("\\")[-1] != group))


def _view_only(strike: Strike) -> None:
    """The account may sign in, read the event logs and the configuration, and no more: no administrator."""
    own = (*COMMON_GROUPS, REMOTE_USERS, EVENT_READERS)
    groups = own if strike.machine.domain is None else (*own, READ_ONLY_ADMINS)
    strike.machine.account = Account(strike.machine.account.name, groups)


def _no_administrator(strike: Strike) -> None:
    """Signs in, but WinRM lets this account open no shell."""
    groups = tuple(group for group in strike.machine.account.groups if group != ADMINISTRATORS)
    strike.machine.account = Account(strike.machine.account.name, groups)
    strike.machine.winrm.authorised = False


def _account_refused(strike: Strike) -> None:
    strike.machine.winrm.accepts = False


def _front(front: Front) -> Callable[[Strike], None]:
    def apply(strike: Strike) -> None:
        strike.machine.winrm.front = front

    return apply


def _tls_untrusted(strike: Strike) -> None:
    """WinRM answers over https only, with a certificate of an authority that nobody else knows."""
    strike.machine.winrm.scheme = "https"


def _language_constrained(strike: Strike) -> None:
    strike.machine.winrm.language_mode = strike.text("mode", "ConstrainedLanguage")


def _script_broken(strike: Strike) -> None:
    strike.machine.script_broken = strike.text("text", "ParseException: the script could not be read")


def _probe(strike: Strike) -> ProbeQuirk:
    return strike.machine.quirks.setdefault(strike.text("probe"), ProbeQuirk())


def _probe_throws(strike: Strike) -> None:
    _probe(strike).throws = strike.text("text", "Something in this probe broke.")


def _probe_hangs(strike: Strike) -> None:
    _probe(strike).hangs = True


def _probe_slow(strike: Strike) -> None:
    _probe(strike).seconds = strike.number("seconds", 1)


def _noise(strike: Strike) -> None:
    """Stray lines among the answers, progress as CLIXML on stderr."""
    strike.machine.noise = True


def _process_dies(strike: Strike) -> None:
    strike.machine.ends_after = int(strike.number("after", 5))


def _components_missing(strike: Strike) -> None:
    """Step 2 of the Deployment Wizard never ran here: only what Step 1 brings is there, and the web server of Windows."""
    for name in [name for name in strike.machine.services if name not in STEP_ONE_SERVICES]:
        del strike.machine.services[name]


def _dot_net_old(strike: Strike) -> None:
    strike.machine.ground.dot_net_release = int(strike.number("release", 378758))


def _web_stale(strike: Strike) -> None:
    """From then on the web site of this server publishes what it knew, whatever comes."""
    strike.machine.ground.web_since.set(strike.when, strike.when)


def _event_logged(strike: Strike) -> None:
    """`{serial}` in the text becomes the serial number of the server's certificate as the product prints it: its bytes turned round."""
    serial = strike.deployment.authority.server(strike.machine.name).serial
    whole = serial.zfill(len(serial) + len(serial) % 2)
    text = strike.text("text").replace("{serial}", bytes.fromhex(whole)[::-1].hex().upper())
    note = Note(
        strike.when,
        strike.text("log", "Lync Server"),
        strike.text("provider"),
        int(strike.number("id", 0)),
        int(strike.number("level", 2)),
        text,
    )
    strike.machine.ground.notes.append(note)


FAULTS: Mapping[str, Fault] = {
    "oauth-renewed": Fault(_oauth_renewed, {"valid_days": int}, timed=True),
    "oauth-requested": Fault(_oauth_requested, {"valid_days": int}, timed=True),
    "key-not-exportable": Fault(_key_not_exportable, {"valid_days": int}, timed=True),
    "key-cng": Fault(_key_cng, {"valid_days": int}, timed=True),
    "oauth-staged": Fault(_oauth_staged, {"valid_days": int, "effective_hours": int}, timed=True),
    "oauth-weak": Fault(_oauth_weak, {"valid_days": int, "bits": int, "hash": str, "pss": bool, "for_servers": bool}, timed=True),
    "default-reused": Fault(_default_reused, timed=True),
    "use-unassigned": Fault(_use_unassigned, {"use": str}, ("use",)),
    "key-access-removed": Fault(_key_access_removed, {"sddl": str}, timed=True),
    "oauth-key-lost": Fault(_oauth_key_lost, {"key_gone": bool}, timed=True),
    "oauth-key-file-deleted": Fault(_oauth_key_file_deleted, timed=True),
    "service-stopped": Fault(_service_stopped, {"service": str, "start_mode": str}, ("service",)),
    "service-started": Fault(_service_started, {"service": str}, ("service",), timed=True),
    "intermediate-removed": Fault(_intermediate_removed, timed=True),
    "root-misplaced": Fault(_root_misplaced, {"instead": bool}),
    "port-closed": Fault(_port_closed),
    "replica-disabled": Fault(_replica_disabled),
    "step-one": Fault(_step_one_at, timed=True),
    "clock-off": Fault(_clock_off, {"seconds": int, "source": str}, ("seconds",)),
    "virtual-clock": Fault(_virtual_clock),
    "group-missing": Fault(_group_missing, {"group": str}, ("group",)),
    "view-only": Fault(_view_only),
    "no-administrator": Fault(_no_administrator),
    "account-refused": Fault(_account_refused),
    "winrm-refused": Fault(_front(Front.REFUSED)),
    "winrm-silent": Fault(_front(Front.SILENT)),
    "web-server": Fault(_front(Front.WEB_SERVER)),
    "tls-untrusted": Fault(_tls_untrusted),
    "language-constrained": Fault(_language_constrained, {"mode": str}),
    "script-broken": Fault(_script_broken, {"text": str}),
    "probe-throws": Fault(_probe_throws, {"probe": str, "text": str}, ("probe",)),
    "probe-hangs": Fault(_probe_hangs, {"probe": str}, ("probe",)),
    "probe-slow": Fault(_probe_slow, {"probe": str, "seconds": float}, ("probe", "seconds")),
    "noise": Fault(_noise),
    "components-missing": Fault(_components_missing),
    "dot-net-old": Fault(_dot_net_old, {"release": int}),
    "web-stale": Fault(_web_stale, timed=True),
    "event-logged": Fault(
        _event_logged, {"provider": str, "id": int, "text": str, "log": str, "level": int}, ("provider", "id", "text"), timed=True
    ),
    "process-dies": Fault(_process_dies, {"after": int}, ("after",)),
}
"""`timed` ones need a time; the others take one or have always been so."""

ALWAYS = BEGINNING
