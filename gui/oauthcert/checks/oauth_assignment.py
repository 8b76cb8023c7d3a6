"""Judges the deployment's assignment: is there one, for all servers, and only one."""

from collections import defaultdict
from collections.abc import Iterator

from oauthcert.certs.certificate import CertificateUnreadable
from oauthcert.checks.assignment import Standing, plain_thumbprint
from oauthcert.checks.cms import no_lync_server
from oauthcert.checks.gates import blocked_servers, without_reference
from oauthcert.checks.look import Look
from oauthcert.checks.moments import iso, seconds_between
from oauthcert.checks.say import say, say_not_needed, say_unseen
from oauthcert.checks.view import DeploymentView, ServerView
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Finding


def oauth_assigned(deployment: DeploymentView) -> Finding:
    """Judged from the reference; an assignment without a name is one all the same."""
    check, reference = "oauth-assigned", deployment.reference
    if no_lync_server(deployment):
        return say_not_needed(check, None, "no-lync-server")
    server = deployment.reference_server
    if reference.standing is Standing.NONE:
        return say(check, "none", None, reference_server=server)
    if reference.standing is Standing.UNNAMED:
        unnamed = [s for s in deployment.servers if s.local is not None and s.local.unnamed is not None]
        first = unnamed[0].local.unnamed if unnamed and unnamed[0].local else None
        return say(check, "not-named", None, servers=tuple(s.name for s in unnamed), message=(first.message if first else None) or "")
    assignment = reference.assignment
    if reference.standing is Standing.NOT_SEEN or assignment is None:
        return say_unseen(check, None, _why_not_seen(deployment), "oauth", (server,) if server else blocked_servers(deployment))
    common = {"thumbprint": reference.thumbprint, "reference_server": server}
    if assignment.source_scope is not None and assignment.source_scope.lower() != "global":
        scope = assignment.source_scope
        return say(check, "not-global", None, **common, source_scope=scope, reference_is_cms=reference.is_cms)
    return say(
        check,
        "pass",
        None,
        **common,
        reference_is_cms=reference.is_cms,
        subject=assignment.subject or "",
        not_after=iso(assignment.not_after),
        assigned_at=iso(assignment.update_time),
    )


def _why_not_seen(deployment: DeploymentView) -> NotSeen:
    """The reason of the one server that should have told, when there is one; else that nobody did."""
    reference = deployment.reference
    if reference.why is None:
        return NotSeen("reference-not-seen")
    if reference.server is not None and (unanswered := deployment.servers[reference.server].unanswered):
        return unanswered
    return reference.why


def oauth_single(deployment: DeploymentView, look: Look) -> Finding:
    """One thumbprint in every local store that names any, and not two certificates requested lately for the same purpose."""
    check = "oauth-single"
    if no_lync_server(deployment):
        return say_not_needed(check, None, "no-lync-server")
    if finding := without_reference(check, None, deployment):
        return finding
    naming = [(s, s.local.thumbprint) for s in deployment.servers if s.local and s.local.current and not s.edge]
    by_thumbprint: defaultdict[str, list[str]] = defaultdict(list)
    for server, thumbprint in naming:
        by_thumbprint[thumbprint].append(server.name)
    if len(by_thumbprint) > 1:
        return say(
            check,
            "different",
            None,
            thumbprints=tuple(by_thumbprint),
            assignments=tuple(f"{server.name}: {thumbprint}" for server, thumbprint in naming),
            servers_read=len(naming),
            odd_servers=tuple(s.name for s, thumbprint in naming if thumbprint != deployment.reference.thumbprint),
        )
    places = _candidates(deployment, look)
    if len(places) > 1:
        return say(
            check,
            "requested-twice",
            None,
            candidates=tuple(places),
            candidate_places=tuple(f"{server}: {thumbprint}" for thumbprint, servers in places.items() for server in servers),
            recent_days=look.thresholds.request_days,
        )
    needing = sum(1 for server in deployment.servers if server.needs_oauth is not False and server.lync is not False)
    return say(check, "pass", None, thumbprint=deployment.reference.thumbprint, servers_read=len(naming), servers_needing=needing)


def _candidates(deployment: DeploymentView, look: Look) -> dict[str, list[str]]:
    """Certificates requested lately with the reference's subject and a private key: thumbprint -> servers that hold it.

    Neither the one that is staged for a planned change nor the one that the current has replaced is a rival: the configuration knows of
    them. Subjects are compared as the reader writes them, so the reference must lie in some store that was seen.
    """
    subject = _reference_subject(deployment, look)
    places: dict[str, list[str]] = {}
    if not subject:
        return places
    known = {plain_thumbprint(a.thumbprint) for server in deployment.servers if server.local for a in server.local.staged}
    if (current := deployment.reference.assignment) is not None:
        known.add(plain_thumbprint(current.previous_thumbprint))
    for server, thumbprint, der in _own_certificates(deployment):
        if thumbprint in known:
            continue
        try:
            certificate = look.certificates.read(der)
        except CertificateUnreadable:
            continue
        age_days = seconds_between(certificate.not_before, deployment.now) / 86400
        if certificate.subject.lower() == subject and 0 <= age_days <= look.thresholds.request_days:
            places.setdefault(thumbprint, []).append(server.name)
    return places


def _own_certificates(deployment: DeploymentView) -> Iterator[tuple[ServerView, str, bytes]]:
    for server in deployment.servers:
        if server.needs_oauth and isinstance(server.evidence.store, Seen):
            for certificate in server.evidence.store.value.my:
                if certificate.has_private_key:
                    yield server, plain_thumbprint(certificate.thumbprint), certificate.der


def _reference_subject(deployment: DeploymentView, look: Look) -> str:
    wanted = deployment.reference.thumbprint
    for server in deployment.servers:
        if not isinstance(server.evidence.store, Seen):
            continue
        for certificate in server.evidence.store.value.my:
            if plain_thumbprint(certificate.thumbprint) == wanted:
                try:
                    return look.certificates.read(certificate.der).subject.lower()
                except CertificateUnreadable:
                    return ""
    return ""
