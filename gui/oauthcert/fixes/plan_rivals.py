"""Plans that take away certificates which were requested beside the one in use, and never came into use."""

from collections.abc import Sequence

from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.view import ServerView
from oauthcert.fixes.fix import Fix, Outline
from oauthcert.fixes.functions import call
from oauthcert.fixes.making import Maker, blocked, texts
from oauthcert.fixes.situation import Obstacle, Situation
from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.finding import Finding
from oauthcert.model.plan import Consent


def remove_rival_oauth(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """The one in use stays. Whatever any server names for any use, or might name, is no rival: then nothing is taken away."""
    if (unseen := _not_told(situation)) is not None:
        return Outline(left_out=blocked(findings, Obstacle("assignment-not-seen", {"server": unseen.name})))
    kept = situation.deployment.reference.thumbprint
    named = _named(situation)
    maker = Maker(fix)
    obstacles: list[Obstacle] = []
    for finding in findings:
        for server, thumbprint in _places(finding):
            if not kept or thumbprint == kept or thumbprint in named:
                continue
            if obstacle := situation.obstacle(situation.server(server), fix.needs):
                obstacles.append(obstacle)
                continue
            maker.does(
                server,
                "remove-rival-oauth",
                call("Remove-OwnCertificate", Thumbprint=thumbprint),
                consent=Consent.IRREVERSIBLE,
                settles=(finding.id,),
                facts={"thumbprint": thumbprint, "kept_thumbprint": kept},
            )
    if maker.steps or obstacles:
        return Outline(tuple(maker.steps), left_out=blocked(findings, obstacles[0]) if obstacles else ())
    return Outline(not_for=tuple(finding.id for finding in findings))


def _places(finding: Finding) -> list[tuple[str, str]]:
    """Server and thumbprint of each candidate, as the judge wrote them."""
    parted = [place.rpartition(": ") for place in texts(finding.facts.get("candidate_places"))]
    return [(server, thumbprint) for server, _, thumbprint in parted if server]


def _not_told(situation: Situation) -> ServerView | None:
    """A server that needs the certificate and did not say which one it uses: it might be any."""
    for server in situation.deployment.servers:
        if server.needs_oauth is False or server.lync is False:
            continue
        if isinstance(server.evidence.oauth, NotSeen) or (server.local is not None and server.local.unnamed is not None):
            return server
    return None


def _named(situation: Situation) -> frozenset[str]:
    """In use, staged or replaced in any local store, or used by any server for itself."""
    found: set[str] = set()
    for server in situation.deployment.servers:
        if isinstance(server.evidence.oauth, Seen):
            for one in server.evidence.oauth.value:
                found |= {plain_thumbprint(one.thumbprint), plain_thumbprint(one.previous_thumbprint)}
        if isinstance(server.evidence.uses, Seen):
            found |= {plain_thumbprint(use.thumbprint) for use in server.evidence.uses.value}
    return frozenset(found - {""})
