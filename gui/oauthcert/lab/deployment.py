"""The simulated deployment: its machines, what the Central Management Store holds, and what each machine knows of it at any moment."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from threading import RLock
from typing import Protocol, TypeVar, cast

from oauthcert.certs.key_pool import SigningKey
from oauthcert.lab.enrollment import Enrollment, authority_of
from oauthcert.lab.exchange import Exchange
from oauthcert.lab.machines import Certificate, Key, Machine, Placed, StoreName
from oauthcert.lab.products import ProductVersion
from oauthcert.lab.replication import (
    INSTALL,
    Change,
    Delivery,
    OauthAssignment,
    ReplicaRow,
    content_time,
    deliveries,
    row,
)
from oauthcert.lab.timed import BEGINNING, Tempo, Timed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Weakness:
    """What is wrong with a certificate: key length, signature hash, RSASSA-PSS, and whether it lacks server authentication."""

    bits: int = 2048
    hash: str = "sha256"
    pss: bool = False
    for_servers: bool = True


class Authority(Protocol):
    """Who issues the certificates of this deployment."""

    @property
    def root(self) -> Certificate: ...

    @property
    def issuing(self) -> Certificate: ...

    def server(self, name: str) -> Certificate:
        """The Default certificate of a server: always the same for one name."""
        ...

    def oauth(self, label: str, not_before: datetime, not_after: datetime) -> Certificate:
        """An OAuthTokenIssuer certificate: always the same for one label."""
        ...

    def weak(self, label: str, not_before: datetime, not_after: datetime, weakness: Weakness) -> Certificate:
        """An OAuthTokenIssuer certificate as nobody should make one."""
        ...


class Issuer(Authority, Protocol):
    """An authority that is at work while the lab runs."""

    def fresh_key(self, bits: int) -> SigningKey:
        """A key nobody else has."""
        ...

    def enroll(self, key: SigningKey, not_before: datetime, not_after: datetime) -> Certificate:
        """An OAuthTokenIssuer certificate for this key."""
        ...

    def stand_in(self, key: SigningKey, moment: datetime) -> Certificate:
        """What Windows keeps of a request: its public key, signed by itself."""
        ...

    def recognised(self, der: bytes) -> Certificate:
        """This certificate with its issuer; one of another authority has an issuer that nobody knows."""
        ...


@dataclass(frozen=True, slots=True)
class Deed:
    """One change that was made. `function` is the fix function, or `by-hand:<fix id>`; `what` names the thing it was made to."""

    server: str
    function: str
    when: datetime
    what: str = ""


@dataclass(slots=True)
class Deployment:
    """`master` is the FQDN of the active Central Management server; `store` the server of its database (the same name: local)."""

    sip_domain: str
    product: ProductVersion
    installed: datetime
    master: str
    store: str
    authority: Issuer
    machines: dict[str, Machine] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    hop_allowed: bool = False
    """Whether sessions may go on to a further server with the operator's account (CredSSP, delegation)."""
    exchange: Exchange | None = None

    enrollment: Enrollment = field(init=False)
    """The authority as servers reach it; settable while the lab runs."""
    tempo: Tempo = field(default_factory=Tempo)
    """How fast the configuration travels."""
    canary: str = field(default_factory=lambda: token_hex(16), repr=False)
    """Stands for key material in exported configurations: it must never be seen outside of them."""
    deeds: "list[Deed]" = field(default_factory=list)
    """Every change that was made through a fix or by hand, in order."""
    lock: RLock = field(default_factory=RLock, repr=False)
    """Whoever reads or changes the state while servers run holds it."""

    _kept: dict[str, object] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.enrollment = authority_of(self.sip_domain)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Something that follows from the machines alone, computed when it is first asked for."""
        if name not in self._kept:
            self._kept[name] = make()
        return cast(T, self._kept[name])

    @property
    def active_master(self) -> Machine:
        return self.machines[self.master]

    @property
    def store_is_local(self) -> bool:
        return self.store == self.master

    def replicas(self) -> tuple[Machine, ...]:
        """All machines that take part in replication."""
        return tuple(machine for machine in self.machines.values() if "REPLICA" in machine.services)

    def change(self, when: datetime, what: str, oauth: OauthAssignment | None = None, *, replicas: frozenset[str] | None = None) -> None:
        """Writes something into the Central Management Store."""
        self.changes.append(Change(when, what, oauth, replicas))
        self.changes.sort(key=lambda change: change.when)

    def request_certificate(self, machine: Machine, when: datetime, certificate: Certificate, key: Key) -> None:
        """A certificate with a fresh key comes into LocalMachine\\My of the machine on which it was requested."""
        machine.placed.setdefault(StoreName.MY, []).append(Placed(certificate, when, key, friendly_name(certificate)))

    def assign_oauth(self, machine: Machine, when: datetime, certificate: Certificate, effective: datetime | None = None) -> None:
        """Set-CsCertificate on this machine, Global: the last one to write wins. The key goes along when it can be taken out.

        `effective` is the moment of -Roll -EffectiveDate; None: it is in use at once.
        """
        held = next((p for p in self.certificates(machine, StoreName.MY, when) if p.certificate.thumbprint == certificate.thumbprint), None)
        key = held.key if held and held.key and held.key.travels else None
        before = self.assigned(when)
        previous = before.oauth.certificate if before and before.oauth else None
        self.change(when, "oauth", OauthAssignment(certificate, previous, machine.name, key, effective))

    def set_key(self, machine: Machine, thumbprint: str, when: datetime, key: Key | None) -> None:
        """What becomes of the private key of a certificate in My from then on."""
        held = next((p for p in self.certificates(machine, StoreName.MY, when) if p.certificate.thumbprint == thumbprint), None)
        machine.keys.setdefault(thumbprint, Timed(held.key if held else None)).set(when, key)

    def assigned(self, known_until: datetime) -> Change | None:
        """The newest OAuth assignment in the Central Management Store, written before or at a moment."""
        return next((change for change in reversed(self.changes) if change.oauth and change.when <= known_until), None)

    def assigned_for(self, machine: Machine, use: str) -> Certificate | None:
        """What this machine uses for server, web services or an Edge interface; None = nothing is assigned."""
        return machine.uses[use] if use in machine.uses else self.authority.server(machine.name)

    def deliveries_to(self, machine: Machine) -> tuple[Delivery, ...]:
        return deliveries(self.changes, self.active_master, machine, self.tempo)

    def replica_row(self, machine: Machine, moment: datetime) -> ReplicaRow:
        return row(self.deliveries_to(machine), machine, moment)

    def known_until(self, machine: Machine, moment: datetime) -> datetime:
        """Up to when this machine's local store knows the Central Management Store."""
        loaded = [load.content for load in machine.loads if load.when <= moment]
        return max([content_time(self.deliveries_to(machine), machine.step_one or self.installed, moment), *loaded])

    def local_assignment(self, machine: Machine, moment: datetime) -> Change | None:
        """What the local store of this machine names; machines that need no OAuth certificate name none."""
        return self.assigned(self.known_until(machine, moment)) if machine.role.needs_oauth else None

    def certificates(self, machine: Machine, store: StoreName, moment: datetime) -> tuple[Placed, ...]:
        """The content of a LocalMachine store, with the keys as they are at that moment; a certificate lies in a store once."""
        found: dict[str, Placed] = {}
        for placed in self._came(machine, store, moment):
            thumbprint = placed.certificate.thumbprint
            taken = machine.removed.get((store, thumbprint))
            if placed.since > moment or (taken is not None and placed.since <= taken <= moment):
                continue
            fate = machine.keys.get(thumbprint) if store is StoreName.MY else None
            if fate is not None and fate.changed(moment) >= max(placed.since, self.installed):
                found.setdefault(thumbprint, Placed(placed.certificate, placed.since, fate.at(moment), placed.friendly_name))
            found.setdefault(thumbprint, placed)
        return tuple(found.values())

    def _came(self, machine: Machine, store: StoreName, moment: datetime) -> Iterable[Placed]:
        yield from machine.placed.get(store, ())
        if store is StoreName.MY and machine.role.needs_oauth:
            yield from self._replicated(machine, moment)
        if store is StoreName.MY:
            yield Placed(self.authority.server(machine.name), BEGINNING, Key(), machine.description or f"{machine.short} default")
        elif store is StoreName.INTERMEDIATE:
            yield Placed(self.authority.issuing)
        elif store is StoreName.ROOT:
            yield Placed(self.authority.root)

    def _replicated(self, machine: Machine, moment: datetime) -> Iterable[Placed]:
        step_one = machine.step_one or self.installed
        arrivals = [(d.created, d.arrived) for d in self.deliveries_to(machine) if d.created and d.arrived and d.arrived <= moment]
        for change in self.changes:
            if change.oauth is None or change.oauth.key is None:
                continue
            known = [arrived for created, arrived in arrivals if created >= change.when]
            if step_one >= change.when:
                known.append(step_one)
            known += [load.when for load in machine.loads if load.when <= moment and load.content >= change.when]
            if known:
                yield Placed(
                    change.oauth.certificate, self.tempo.end(min(known), INSTALL), change.oauth.key, friendly_name(change.oauth.certificate)
                )

    def chain_builds(self, machine: Machine, certificate: Certificate, moment: datetime) -> bool:
        """Whether Windows finds every issuer in this machine's stores, and the last one among its trusted roots."""
        roots = {placed.certificate.thumbprint for placed in self.certificates(machine, StoreName.ROOT, moment)}
        known = roots | {placed.certificate.thumbprint for placed in self.certificates(machine, StoreName.INTERMEDIATE, moment)}
        link = certificate
        while link.issued_by is not None:
            link = link.issued_by
            if link.thumbprint not in known:
                return False
        return link.thumbprint in roots


def friendly_name(certificate: Certificate) -> str:
    """As a careful administrator names his OAuth certificates: no two alike."""
    return f"OAuth {certificate.not_before:%Y-%m-%d %H:%M}"
