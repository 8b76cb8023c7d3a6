"""Judges the certificates a server needs besides OAuth's: Step 3 cannot be finished without them, and services do not start."""

from collections.abc import Iterator
from datetime import datetime

from oauthcert.certs.certificate import Certificate, CertificateUnreadable
from oauthcert.certs.chain import ChainProblem, LinkProblem
from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.gates import outside_lync
from oauthcert.checks.look import Look
from oauthcert.checks.moments import iso, seconds_between, tenth
from oauthcert.checks.oauth_chain import chain_of
from oauthcert.checks.oauth_names import OAUTH_USE
from oauthcert.checks.say import say, say_unseen
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.certificate_evidence import CertificateUse
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Fact, Finding

_DAY = 86400
_DATES = (ChainProblem.EXPIRED, ChainProblem.NOT_YET_VALID)
Wanted = tuple[str, ...]
_SERVER: tuple[Wanted, ...] = (("Default",),)
_WEB: tuple[Wanted, ...] = (("WebServicesInternal",), ("WebServicesExternal",))
_EDGE: tuple[Wanted, ...] = (
    ("Internal",),
    ("AccessEdgeExternal", "External"),
    ("DataEdgeExternal", "External"),
    ("AudioVideoAuthentication", "External"),
)
"""Each row of Step 3; any of its names will do."""


def other_certificates(server: ServerView, deployment: DeploymentView, look: Look) -> Finding:
    check = "other-certificates"
    if finding := outside_lync(check, server):
        return finding
    uses = server.evidence.uses
    if isinstance(uses, NotSeen):
        return say_unseen(check, server.name, uses, "uses", (server.name,))
    named = [use for use in uses.value if use.use and use.use.lower() != OAUTH_USE]
    there = {(use.use or "").lower() for use in named}
    missing = tuple(row[0] for row in _required(server, deployment) if not there & {name.lower() for name in row})
    complaint = next((use.message or "" for use in uses.value if not use.use and use.not_found_or_untrusted), None)
    if missing and complaint is None:
        return say(check, "missing", server.name, missing_uses=missing)
    if missing:
        return say(check, "not-named", server.name, missing_uses=missing, message=complaint)
    for variant, use, facts in sorted(_problems(server, deployment, named, look), key=lambda found: _ORDER.index(found[0])):
        return say(check, variant, server.name, **_about(use, named), **facts)
    return say(check, "pass", server.name, uses=tuple(dict.fromkeys(use.use or "" for use in named)), ends=_first_end(named))


def _required(server: ServerView, deployment: DeploymentView) -> tuple[Wanted, ...]:
    """By the server's roles; one whose roles are not known is held to what every server of the product needs."""
    if server.edge:
        return _EDGE
    topology = deployment.topology
    roles = topology.roles_of(server.cluster) if topology is not None and server.cluster is not None else frozenset()
    return _SERVER + _WEB if "webservices" in roles else _SERVER


_ORDER = ("expired", "not-trusted", "broken-chain", "not-yet-valid", "expires-soon")
_Problem = tuple[str, CertificateUse, dict[str, Fact]]


def _problems(server: ServerView, deployment: DeploymentView, named: list[CertificateUse], look: Look) -> Iterator[_Problem]:
    """Certificate by certificate: most servers have one for everything."""
    seen: set[str] = set()
    for use in named:
        thumbprint = plain_thumbprint(use.thumbprint)
        if use.not_found_or_untrusted:
            yield "not-trusted", use, {"message": use.message or ""}
        if thumbprint in seen:
            continue
        seen.add(thumbprint)
        certificate = _stored(server, thumbprint, look)
        not_before = certificate.not_before if certificate else use.not_before
        not_after = certificate.not_after if certificate else use.not_after
        yield from _dates(server, deployment, use, not_before, not_after, look)
        if certificate is not None and not use.not_found_or_untrusted:
            yield from _chain(server, use, certificate, look)


def _dates(
    server: ServerView, deployment: DeploymentView, use: CertificateUse, not_before: datetime | None, not_after: datetime | None, look: Look
) -> Iterator[_Problem]:
    """The worse of the server's and the reference clock decides."""
    earlier, later = sorted((server.time, deployment.now))
    by_reference = (not_before is None or not_before <= deployment.now) and (not_after is None or deployment.now <= not_after)
    facts: dict[str, Fact] = {"valid_by_reference": by_reference}
    if not_before is not None and earlier < not_before:
        yield "not-yet-valid", use, {**facts, "not_before": iso(not_before)}
    if not_after is None:
        return
    days_left = seconds_between(later, not_after) / _DAY
    facts["not_after"] = iso(not_after)
    if days_left < 0:
        yield "expired", use, {**facts, "days_ago": tenth(-days_left)}
    elif days_left <= look.thresholds.expiry_fail_days:
        yield "expires-soon", use, {**facts, "days_left": tenth(days_left), "warn_days": look.thresholds.expiry_fail_days}


def _chain(server: ServerView, use: CertificateUse, certificate: Certificate, look: Look) -> Iterator[_Problem]:
    store = server.evidence.store
    if isinstance(store, NotSeen):
        return
    chain = chain_of(certificate, store.value, server, look.certificates)
    for problem in chain.problems:
        if problem.problem is not ChainProblem.SIGNATURE_NOT_CHECKED and not (problem.link == 0 and problem.problem in _DATES):
            yield "broken-chain", use, {"problem": problem.problem.value, "broken_at": broken_at(problem)}
            return


def broken_at(problem: LinkProblem) -> str:
    """The subject of the certificate that is missing or bad."""
    return problem.certificate.issuer if problem.problem is ChainProblem.MISSING_ISSUER else problem.certificate.subject


def _stored(server: ServerView, thumbprint: str, look: Look) -> Certificate | None:
    store = server.evidence.store
    if isinstance(store, NotSeen):
        return None
    for held in store.value.my:
        if plain_thumbprint(held.thumbprint) == thumbprint:
            try:
                return look.certificates.read(held.der)
            except CertificateUnreadable:
                return None
    return None


def _about(use: CertificateUse, named: list[CertificateUse]) -> dict[str, Fact]:
    same = [one.use or "" for one in named if one is use or (use.thumbprint and one.thumbprint == use.thumbprint)]
    return {"uses": tuple(dict.fromkeys(same)), "thumbprint": plain_thumbprint(use.thumbprint), "subject": use.subject or ""}


def _first_end(named: list[CertificateUse]) -> str:
    return iso(min((use.not_after for use in named if use.not_after is not None), default=None))
