"""Plans that say which certificate the deployment uses: once, on one server, and then it has to arrive on all."""

from collections.abc import Sequence

from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.view import ServerView
from oauthcert.fixes.candidates import Candidate, candidate, candidates
from oauthcert.fixes.fix import Fix, Outline, Stage
from oauthcert.fixes.functions import call
from oauthcert.fixes.making import Maker, blocked, texts, variant
from oauthcert.fixes.plan_replication import send
from oauthcert.fixes.situation import Obstacle, Situation, expected_thumbprint
from oauthcert.model.finding import Fact, Finding, Verdict
from oauthcert.model.plan import Ask, AskKind, Consent, FromStep, LeftOut

THUMBPRINT_ASK = "assign-oauth.thumbprint"
ARRIVES = ("local-store-current", "oauth-in-store")
COMES_AROUND = ("replication-up-to-date", "replication-arrived")


def home(situation: Situation, needs: Sequence[str]) -> tuple[ServerView, str] | Obstacle:
    """Where assignments are made, the active Central Management Server, and what it names now; or why that cannot be."""
    server = situation.cms
    if obstacle := situation.obstacle(server, needs):
        return obstacle
    expected = None if server is None else expected_thumbprint(server)
    if server is None or expected is None:
        name = "" if server is None else server.name
        return Obstacle("assignment-not-seen", {"server": name}, "oauth-assigned@deployment")
    return server, expected


def assign(
    maker: Maker, server: str, thumbprint: str | FromStep, expected: str, settles: Sequence[str], facts: dict[str, Fact] | None = None
) -> None:
    """The one assignment of a plan. There is no way back but to assign another."""
    told: dict[str, Fact] = {"thumbprint": thumbprint if isinstance(thumbprint, str) else "", "expected_thumbprint": expected}
    maker.does(
        server,
        "assign-oauth" if isinstance(thumbprint, str) else "assign-new-oauth",
        call("Set-OAuthAssignment", Thumbprint=thumbprint, ExpectedThumbprint=expected),
        consent=Consent.IRREVERSIBLE,
        stage=Stage.ASSIGN,
        settles=settles,
        facts=told | (facts or {}),
        typical=45.0,
        wide=True,
    )


def wait_everywhere(maker: Maker, situation: Situation, findings: Sequence[Finding], *also: str) -> None:
    """Until every server that needs it names the certificate and holds it, and what was wrong with the old one is over."""
    needing = situation.needing
    awaited = [f"{check}@{server.name}" for server in needing for check in ARRIVES]
    rest = [f.id for f in findings]
    explained = situation.covered([f.id for f in findings])
    effects = [f.id for f in explained if f.check.startswith("oauth-") and (f.server is None or situation.server(f.server) in needing)]
    where = situation.deployment.cms_server_name or (needing[0].name if needing else "")
    settles = (*also, *rest, *awaited, *effects, *arriving(situation))
    maker.waits(where, settles, servers=[server.name for server in needing], words="wait-everywhere")


def arriving(situation: Situation) -> list[str]:
    """What passes now and will not for some minutes, because every change of the configuration has to get around again."""
    return [f.id for f in situation.case.findings if f.check in COMES_AROUND and f.verdict is Verdict.PASS]


def at_home(findings: Sequence[Finding], server: ServerView) -> list[str]:
    """What the assignment settles at once, on the server where it is made."""
    return [f.id for f in findings if f.server == server.name or (f.server is None and f.check == "oauth-assigned")]


def assign_oauth(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """Takes a certificate that is there already. Where it is in force on the Central Management Server it is only sent again."""
    place = home(situation, fix.needs)
    if isinstance(place, Obstacle):
        return Outline(left_out=blocked(findings, place))
    server, expected = place
    choices = _choices(situation, server, findings)
    chosen = _chosen(situation, choices)
    if chosen is None:
        return Outline(not_for=tuple(f.id for f in findings))
    maker = Maker(fix)
    asks: tuple[Ask, ...] = ()
    if len(choices) > 1:
        names = tuple(dict.fromkeys(one.thumbprint for one in choices))
        asks = (Ask(THUMBPRINT_ASK, fix.id, AskKind.TEXT, "assign-thumbprint", default=chosen.thumbprint, choices=names, required=False),)
    twice = [f for f in findings if variant(f) == "requested-twice"]
    if twice and len(twice) == len(findings) and chosen.thumbprint == _expected_at(chosen.server, expected):
        # assigning what is assigned already mends nothing; another one can still be chosen
        left = _left(twice, chosen.thumbprint)
        return Outline(asks=asks, left_out=left)
    if chosen.thumbprint == expected and _only_differs(findings):
        odd = [one for one in situation.needing if one.local is not None and one.local.current and one.local.thumbprint != expected]
        send(maker, situation, server, odd)
    else:
        facts: dict[str, Fact] = {"not_after": chosen.certificate.not_after.date().isoformat(), "subject": chosen.certificate.subject}
        assign(maker, chosen.server.name, chosen.thumbprint, _expected_at(chosen.server, expected), at_home(findings, server), facts)
    wait_everywhere(maker, situation, [f for f in findings if f not in twice])
    return Outline(tuple(maker.steps), asks, _left(twice, chosen.thumbprint))


def _expected_at(server: ServerView, otherwise: str) -> str:
    expected = expected_thumbprint(server)
    return otherwise if expected is None else expected


def _only_differs(findings: Sequence[Finding]) -> bool:
    return bool(findings) and all(variant(f) in ("different", "newer") for f in findings)


def _choices(situation: Situation, server: ServerView, findings: Sequence[Finding]) -> list[Candidate]:
    """What could be assigned, best first: what is in force, what another server names, what lies there unused."""
    reference = situation.deployment.reference.thumbprint
    named = [plain_thumbprint(t) for f in findings for fact in ("thumbprints", "candidates") for t in texts(f.facts.get(fact))]
    found = [candidate(situation, server, thumbprint) for thumbprint in dict.fromkeys((reference, *named)) if thumbprint]
    for thumbprint in dict.fromkeys(named):
        for other in situation.needing:  # its key may lie nowhere else yet
            if other is not server and not any(one and one.thumbprint == thumbprint for one in found):
                found.append(candidate(situation, other, thumbprint))
    if not named:
        found += candidates(situation, server)
    kept = {one.thumbprint: one for one in reversed(found) if one is not None}
    return list(reversed(kept.values()))


def _chosen(situation: Situation, choices: Sequence[Candidate]) -> Candidate | None:
    """The operator's word; else the certificate of the latest assignment, else the first."""
    wanted = plain_thumbprint(situation.text(THUMBPRINT_ASK))
    if wanted:
        return next((one for one in choices if one.thumbprint == wanted), None)
    by_name = {one.thumbprint: one for one in choices}
    latest = [
        (current.update_time, one)
        for server in situation.needing
        if server.local is not None
        and (current := server.local.current) is not None
        and current.update_time is not None
        and (one := by_name.get(server.local.thumbprint)) is not None
    ]
    if latest:
        return max(latest, key=lambda pair: pair[0])[1]
    return choices[0] if choices else None


def _left(findings: Sequence[Finding], kept: str) -> tuple[LeftOut, ...]:
    places = [place for f in findings for place in texts(f.facts.get("candidate_places"))]
    facts: dict[str, Fact] = {"thumbprint": kept, "places": tuple(place for place in places if kept not in place)}
    return tuple(LeftOut(f.id, "spare-certificates-left", facts) for f in findings)


def remove_previous_oauth(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """Only the previous one that was seen; while another waits for its date the server refuses."""
    place = home(situation, fix.needs)
    if isinstance(place, Obstacle):
        return Outline(left_out=blocked(findings, place))
    server, _ = place
    assignment = situation.deployment.reference.assignment
    previous = plain_thumbprint(assignment.previous_thumbprint) if assignment is not None else ""
    staged = server.local is not None and bool(server.local.staged)
    if not previous or staged:
        return Outline(not_for=tuple(f.id for f in findings))
    maker = Maker(fix)
    maker.does(
        server.name,
        "remove-previous-oauth",
        call("Remove-PreviousOAuth", ExpectedPrevious=previous),
        consent=Consent.IRREVERSIBLE,
        settles=[f.id for f in findings],
        facts={"previous_thumbprint": previous, "thumbprint": situation.deployment.reference.thumbprint},
        typical=30.0,
        wide=True,
    )
    maker.waits(server.name, arriving(situation), servers=[one.name for one in situation.needing])
    return Outline(tuple(maker.steps))
