"""One example for every variant of the checks of step 3, the certificate."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from oauthcert.certs.issuing import CertificatePlan, IssuedCertificate, plan_leaf
from oauthcert.certs.plans import CA_KEY_USAGE
from oauthcert.model.server_evidence import MisplacedRoot, StoreSeen
from tests.builders.evidence import (
    ASSIGNED,
    DOMAIN,
    NOW,
    UNNAMED,
    Deployment,
    assignment,
    certificate,
    deployment,
    fields,
    issuing,
    key_of,
    root,
    self_made,
    store,
    stored,
)
from tests.unit.checks.examples_reach import NO_PRODUCT, Made, fe02, healthy, unreached
from tests.unit.checks.examples_step_1 import OLD, nothing_assigned

PER_SERVER = ("oauth-private-key", "oauth-key-exportable", "oauth-key-provider", "oauth-chain", "oauth-validity")


def key(**changes: Any) -> Made:
    return fe02(keys=(key_of(certificate(), **changes),))


def lasting(days: float) -> Made:
    """The certificate ends this many days from now, everywhere."""
    return lambda: (deployment().assigned(certificate(-20, days)), "fe02")


def stores(**changes: Any) -> Made:
    """The certificate lies on fe02 as it should, but the stores around it are different."""
    return fe02(store=store(stored(certificate()), **changes))


def issued_by(authority: Callable[[], IssuedCertificate], **changes: Any) -> Made:
    """A certificate of another authority, whose certificate lies in the intermediate store of every server."""

    def made() -> tuple[Deployment, str]:
        plan = plan_leaf(DOMAIN, NOW - timedelta(days=20), NOW + timedelta(days=700))
        leaf = self_made(plan, 2, authority())
        seen = store(stored(leaf), intermediate=(stored(authority(), has_private_key=False),), **changes)
        return deployment().but("fe01", "fe02", "fe03", oauth=(assignment(leaf),), store=seen, keys=(key_of(leaf),)), "fe02"

    return made


def authority(begins_in_days: float = -1000, ends_in_days: float = 2000, **changes: Any) -> IssuedCertificate:
    plan = CertificatePlan(
        "Other Issuing",
        NOW + timedelta(days=begins_in_days),
        NOW + timedelta(days=ends_in_days),
        is_ca=changes.pop("is_ca", True),
        key_usage=CA_KEY_USAGE,
        **changes,
    )
    return self_made(plan, 5, root())


def requested_twice() -> Deployment:
    """fe02 has asked for a certificate of its own three days after the assigned one."""
    first, second = certificate(-10), certificate(-7, 700, 4)
    return deployment().assigned(first).but("fe02", store=store(stored(first), stored(second)))


def misplaced(seen: StoreSeen) -> StoreSeen:
    return fields(misplaced_roots=(MisplacedRoot("AB" * 20, "CN=Contoso Issuing", "CN=Contoso Root"),))(seen)  # type: ignore[no-any-return]


EXAMPLES: dict[str, Made] = {
    "oauth-assigned.pass": healthy(None),
    "oauth-assigned.not-named": lambda: (deployment().but("fe01", "fe02", "fe03", oauth=(UNNAMED,)), None),
    "oauth-assigned.none": lambda: (nothing_assigned(), None),
    "oauth-assigned.not-global": lambda: (deployment().assigned(certificate(), source_scope="Service"), None),
    "oauth-assigned.could-not-look": unreached(None),
    "oauth-assigned.not-applicable": lambda: (deployment().but(**NO_PRODUCT), None),
    "oauth-single.pass": healthy(None),
    "oauth-single.different": lambda: (
        deployment().but("fe02", oauth=(assignment(certificate(*OLD), ASSIGNED - timedelta(days=300)),)),
        None,
    ),
    "oauth-single.requested-twice": lambda: (requested_twice(), None),
    "oauth-single.nothing-assigned": lambda: (nothing_assigned(), None),
    "oauth-single.could-not-look": unreached(None),
    "oauth-single.not-applicable": lambda: (deployment().but(**NO_PRODUCT), None),
    "oauth-in-store.pass": healthy(),
    "oauth-in-store.missing": fe02(store=store()),
    "oauth-in-store.nothing-assigned": lambda: (nothing_assigned(), "fe02"),
    "oauth-in-store.could-not-look": unreached(),
    "oauth-in-store.not-applicable": healthy("edge01"),
    "oauth-private-key.no-key": fe02(store=store(stored(certificate(), has_private_key=False))),
    "oauth-private-key.key-file-missing": key(opens=False, problem="missing-key-file"),
    "oauth-private-key.does-not-open": key(opens=False, problem="provider"),
    "oauth-key-exportable.not-exportable": key(exportable=False),
    "oauth-key-exportable.no-key": fe02(store=store(stored(certificate(), has_private_key=False))),
    "oauth-key-provider.cng": key(kind="cng", provider="Microsoft Software Key Storage Provider", key_spec=0),
    "oauth-key-provider.signature-only": key(key_spec=2),
    "oauth-key-provider.no-key": key(opens=False, problem="missing-key-file"),
    "oauth-chain.missing-link": stores(intermediate=()),
    "oauth-chain.untrusted-root": stores(intermediate=(stored(issuing()), stored(root())), root=()),
    "oauth-chain.expired-link": issued_by(lambda: authority(-1000, -1)),
    "oauth-chain.not-yet-valid-link": issued_by(lambda: authority(1, 2000)),
    "oauth-chain.weak-link": issued_by(lambda: authority(hash="md5")),
    "oauth-chain.bad-link": issued_by(lambda: authority(is_ca=False)),
    "oauth-chain.disallowed": stores(disallowed=(issuing().parsed.thumbprint,)),
    "oauth-chain.misplaced-root": fe02(store=misplaced),
    "oauth-chain.too-many-roots": fe02(store=fields(root_count=101)),
    "oauth-validity.renewal-due": lasting(60),
    "oauth-validity.expires-soon": lasting(12),
    "oauth-validity.expired": lasting(-1),
    "oauth-validity.not-yet-valid": lambda: (deployment().assigned(certificate(1, 700), NOW - timedelta(days=1)), "fe02"),
    **{f"{check}.pass": healthy() for check in PER_SERVER},
    **{f"{check}.could-not-look": unreached() for check in PER_SERVER},
    **{f"{check}.not-applicable": healthy("edge01") for check in PER_SERVER},
    **{f"{check}.nothing-assigned": (lambda: (nothing_assigned(), "fe02")) for check in PER_SERVER},
    **{f"{check}.no-certificate": fe02(store=store()) for check in PER_SERVER},
}
