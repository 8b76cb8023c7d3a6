"""One example for every variant of the checks of how the certificate was made, its change, and a server's other certificates."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from oauthcert.certs.issuing import CertificatePlan, IssuedCertificate, issue, make_root, plan_leaf
from oauthcert.certs.plans import CA_KEY_USAGE
from oauthcert.model.certificate_evidence import AccessRule, CertificateUse
from oauthcert.model.server_evidence import InstalledProduct
from tests.builders.evidence import (
    ADMINISTRATORS_READ,
    DOMAIN,
    NOW,
    SERVER_USES,
    SERVICE_READS,
    Deployment,
    access,
    assignment,
    certificate,
    deployment,
    event,
    fields,
    issuing,
    key_access,
    key_of,
    keys,
    self_made,
    server_certificate,
    store,
    stored,
    used,
    uses,
)
from tests.unit.checks.examples_reach import NO_PRODUCT, Made, fe02, healthy, unreached
from tests.unit.checks.examples_step_1 import nothing_assigned

HOMES = ("fe01", "fe02", "fe03")
DENIED = AccessRule("S-1-5-20", "NT AUTHORITY\\NETWORK SERVICE", allow=False, read=True)
SERVER_2012_R2 = {"os_version": "6.3.9600", "os_name": "Microsoft Windows Server 2012 R2 Standard"}
LYNC_2013 = (InstalledProduct("Microsoft Lync Server 2013, Core Components", "5.0.8308.1198", "Microsoft"),)
OF_SERVER = ("oauth-key-permissions", "oauth-strength")
OF_DEPLOYMENT = ("oauth-subject", "oauth-dedicated", "oauth-rollover")


def readable_by(*rules: AccessRule) -> Made:
    """On fe02 the key of the certificate has this access list."""
    return fe02(access=replace(access(), keys=(key_access(certificate(), *rules),)))


def made(bits: int = 2048, *, below: IssuedCertificate | None = None, key: Any = None, **changes: Any) -> IssuedCertificate:
    """A certificate for the SIP domain with these properties."""
    plan = replace(plan_leaf(DOMAIN, NOW - timedelta(days=20), NOW + timedelta(days=700)), **changes)
    return issue(plan, key or keys().rsa(2, bits), below or issuing())


def assigned(leaf: IssuedCertificate, *authorities: IssuedCertificate, **changes: Any) -> Deployment:
    """This certificate is the deployment's; its authorities lie in the stores of every server, roots among the roots."""
    everywhere = deployment().assigned(leaf)
    if authorities:
        roots = tuple(stored(one, has_private_key=False) for one in authorities if one.parsed.self_signed)
        others = tuple(stored(one, has_private_key=False) for one in authorities if not one.parsed.self_signed)
        everywhere = everywhere.but(*HOMES, store=store(stored(leaf), root=roots, intermediate=others))
    return everywhere.but(*HOMES, **changes) if changes else everywhere


def seen_on_fe02(leaf: IssuedCertificate, *authorities: IssuedCertificate, **changes: Any) -> Made:
    return lambda: (assigned(leaf, *authorities, **changes), "fe02")


def self_signed() -> IssuedCertificate:
    return self_made(plan_leaf(DOMAIN, NOW - timedelta(days=20), NOW + timedelta(days=700)), 2)


def md5_root() -> IssuedCertificate:
    plan = CertificatePlan(
        "Old Root", NOW - timedelta(days=2000), NOW + timedelta(days=2000), is_ca=True, key_usage=CA_KEY_USAGE, hash="md5"
    )
    return self_made(plan, 5)


def staged(
    effective: float = 8, at: float = -2, leaf: IssuedCertificate | None = None, current: IssuedCertificate | None = None, *lacking: str
) -> Deployment:
    """In `effective` days another certificate takes over; it was staged `at` days from now and lies everywhere but on `lacking`."""
    new, old = leaf or certificate(-3, 700, 4), current or certificate(-700, 20, 3)
    coming = assignment(
        new,
        NOW + timedelta(days=at),
        effective_date=NOW + timedelta(days=effective),
        previous_thumbprint=old.parsed.thumbprint,
    )
    ready = deployment().but(*HOMES, oauth=(coming,), store=store(stored(old), stored(new)), keys=(key_of(old), key_of(new)))
    ready = ready.but(*HOMES, access=access(old, new))
    # the configuration that tells of it has reached everybody
    ready = ready.but(events=(event(3038, NOW + timedelta(days=at, minutes=4)),))
    for name in (*HOMES, "edge01"):
        ready = ready.row(name, last_update_creation=NOW + timedelta(days=at, minutes=2))
    return ready.but(*lacking, store=store(stored(old))) if lacking else ready


def after_a_change(days_ago: float, previous: IssuedCertificate) -> Deployment:
    at: datetime = NOW - timedelta(days=days_ago)
    told = {"effective_date": at, "previous_thumbprint": previous.parsed.thumbprint}
    changed = deployment().assigned(certificate(-200, 500, 4), at, **told)
    return changed.but(*HOMES, store=store(stored(certificate(-200, 500, 4)), stored(previous)))


def of_fe02(*said: CertificateUse) -> Made:
    return fe02(uses=said)


def ending(days: float, begins: float = -300) -> tuple[CertificateUse, ...]:
    return tuple(used(server_certificate("fe02", begins, days), use) for use in SERVER_USES)


def other_chain() -> tuple[Deployment, str]:
    """The certificate of fe02 for itself comes from an authority that it does not know."""
    stranger = make_root("Stranger Root", keys().rsa(6), NOW - timedelta(days=900), NOW + timedelta(days=900))
    own = issue(plan_leaf("fe02.contoso.lab", NOW - timedelta(days=9), NOW + timedelta(days=400)), keys().rsa(7), stranger)
    said = tuple(used(own, use) for use in SERVER_USES)
    return deployment().but("fe02", uses=said, store=store(stored(certificate()), stored(own))), "fe02"


EXAMPLES: dict[str, Made] = {
    "oauth-key-permissions.cannot-read": readable_by(ADMINISTRATORS_READ),
    "oauth-key-permissions.denied": readable_by(DENIED, ADMINISTRATORS_READ, SERVICE_READS),
    "oauth-key-permissions.no-key": fe02(store=store(stored(certificate(), has_private_key=False))),
    "oauth-subject.pass": healthy(None),
    "oauth-subject.other-sip-domain": lambda: (
        deployment().but(*HOMES, topology=fields(default_sip_domain="fabrikam.lab", sip_domains=("fabrikam.lab", DOMAIN))),
        None,
    ),
    "oauth-subject.no-sip-domain": lambda: (deployment().assigned(certificate(subject="fe01.contoso.lab")), None),
    "oauth-subject.replacement-staged": lambda: (staged(current=certificate(-700, 200, 3, "fe01.contoso.lab")), None),
    "oauth-subject.friendly-name-shared": lambda: (
        deployment().but(
            "fe02",
            store=store(stored(certificate(), friendly_name="OAuth"), stored(certificate(-90, 200, 3), friendly_name="oauth ")),
        ),
        None,
    ),
    "oauth-strength.replacement-staged": lambda: (staged(current=made(hash="sha1")), "fe02"),
    "oauth-strength.broken-hash": lambda: (assigned(made(hash="md5")), "fe01"),
    "oauth-strength.short-key": seen_on_fe02(made(1024)),
    "oauth-strength.short-key-tolerated": seen_on_fe02(made(1024), product=fields(products=LYNC_2013)),
    "oauth-strength.pss": seen_on_fe02(made(pss=True)),
    "oauth-strength.weak-root": lambda: (assigned(made(below=md5_root()), md5_root()), "fe02"),
    "oauth-strength.not-rsa": seen_on_fe02(made(key=keys().ec(1))),
    "oauth-strength.sha512": seen_on_fe02(made(hash="sha512"), session=fields(**SERVER_2012_R2)),
    "oauth-strength.not-for-servers": seen_on_fe02(made(extended_key_usage=("1.3.6.1.5.5.7.3.2",))),
    "oauth-strength.self-signed": lambda: (assigned(self_signed(), self_signed()), "fe02"),
    "oauth-strength.sha1": seen_on_fe02(made(hash="sha1")),
    "oauth-dedicated.pass": healthy(None),
    "oauth-dedicated.reused": lambda: (
        deployment().assigned(server_certificate("fe01")).but("fe01", uses=uses("fe01", *SERVER_USES)),
        None,
    ),
    "oauth-dedicated.replacement-staged": lambda: (
        staged(current=server_certificate("fe01")).but("fe01", uses=uses("fe01", *SERVER_USES)),
        None,
    ),
    "oauth-rollover.pass": healthy(None),
    "oauth-rollover.staged": lambda: (staged(), None),
    "oauth-rollover.previous-kept": lambda: (after_a_change(5, certificate(-700, 30, 3)), None),
    "oauth-rollover.after-expiry": lambda: (staged(21), None),
    "oauth-rollover.staged-not-valid": lambda: (staged(8, leaf=certificate(9, 700, 4)), None),
    "oauth-rollover.too-soon": lambda: (staged(0.5, -0.25), None),
    "oauth-rollover.not-arrived": lambda: (staged(8, -2, None, None, "fe02"), None),
    "oauth-rollover.ends-first": lambda: (staged(5, leaf=certificate(-3, 15, 4)), None),
    "oauth-rollover.previous-expired": lambda: (after_a_change(20, certificate(-700, -3, 3)), None),
    "oauth-rollover.previous-left": lambda: (after_a_change(100, certificate(-300, 300, 3)), None),
    "oauth-validity.renewal-staged": lambda: (staged(), "fe02"),
    "other-certificates.pass": healthy("edge01"),
    "other-certificates.missing": of_fe02(*uses("fe02", "Default")),
    "other-certificates.not-named": of_fe02(
        CertificateUse(None, None, None, None, None, not_found_or_untrusted=True, message="Assigned certificate not found or untrusted.")
    ),
    "other-certificates.expired": of_fe02(*ending(-4)),
    "other-certificates.not-trusted": of_fe02(
        *(replace(one, not_found_or_untrusted=True, message="untrusted") for one in uses("fe02", *SERVER_USES))
    ),
    "other-certificates.broken-chain": other_chain,
    "other-certificates.not-yet-valid": of_fe02(*ending(400, 1)),
    "other-certificates.expires-soon": of_fe02(*ending(12)),
    "other-certificates.could-not-look": unreached(),
    "other-certificates.not-applicable": lambda: (deployment().but(**NO_PRODUCT), "fe02"),
    **{f"{check}.pass": healthy() for check in OF_SERVER},
    **{f"{check}.could-not-look": unreached() for check in OF_SERVER},
    **{f"{check}.not-applicable": healthy("edge01") for check in OF_SERVER},
    **{f"{check}.nothing-assigned": (lambda: (nothing_assigned(), "fe02")) for check in OF_SERVER},
    **{f"{check}.no-certificate": fe02(store=store()) for check in OF_SERVER},
    **{f"{check}.could-not-look": unreached(None) for check in OF_DEPLOYMENT},
    **{f"{check}.nothing-assigned": (lambda: (nothing_assigned(), None)) for check in OF_DEPLOYMENT},
    **{f"{check}.not-applicable": (lambda: (deployment().but(**NO_PRODUCT), None)) for check in OF_DEPLOYMENT},
}
