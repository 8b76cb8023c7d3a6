"""Plans for a new certificate: requested on one server, at once or by a file that a person carries, and then assigned or staged once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oauthcert.checks.moments import iso, shifted
from oauthcert.checks.view import ServerView
from oauthcert.fixes.authority import is_authority, present_certificate, suggested_authority
from oauthcert.fixes.candidates import candidate, known_on, newer
from oauthcert.fixes.fix import ENROLL, LOCAL_ADMINISTRATOR, SERVER_ADMINS, Fix, Outline, Stage
from oauthcert.fixes.functions import call
from oauthcert.fixes.making import Maker, blocked, variant
from oauthcert.fixes.plan_assignment import assign, at_home, home, wait_everywhere
from oauthcert.fixes.situation import Obstacle, Situation
from oauthcert.model.evidence import Seen
from oauthcert.model.finding import Fact, Finding
from oauthcert.model.plan import Ask, AskKind, Consent, FromAsk, FromStep, LeftOut

KEY_SIZE = 2048
LEAD = timedelta(hours=24)
_MARGIN = timedelta(hours=2)
"""Between the plan and the change the operator reads and agrees; the server refuses less than LEAD."""
ONLINE, OFFLINE = "online", "offline"


@dataclass(frozen=True, slots=True)
class Requested:
    """Where the new certificate's thumbprint will stand, and what has to be asked for it."""

    thumbprint: FromStep
    asks: tuple[Ask, ...]


def request_oauth(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """One that somebody already requested and did not assign is taken instead of a second one."""
    place = home(situation, fix.needs)
    if isinstance(place, Obstacle):
        return Outline(left_out=blocked(findings, place))
    server, expected = place
    maker = Maker(fix)
    ready = newer(situation, server)
    asks: tuple[Ask, ...] = ()
    if ready is not None:
        told = {"not_after": iso(ready.certificate.not_after), "subject": ready.certificate.subject}
        assign(maker, server.name, ready.thumbprint, expected, at_home(findings, server), dict(told))
    else:
        requested = request(maker, situation, fix.id, server, expected)
        asks = requested.asks
        assign(maker, server.name, requested.thumbprint, expected, at_home(findings, server))
    wait_everywhere(maker, situation, findings)
    return Outline(tuple(maker.steps), asks)


def request(maker: Maker, situation: Situation, fix: str, server: ServerView, expected: str) -> Requested:
    """The steps up to a certificate with its key in the server's store."""
    present = present_certificate(situation)
    suggestion = suggested_authority(present)
    way = Ask(f"{fix}.way", fix, AskKind.CHOICE, "request-way", default=_likely_way(server), choices=(ONLINE, OFFLINE))
    name = Ask(f"{fix}.name", fix, AskKind.TEXT, "request-name", default=_friendly_name(situation, server), required=False)
    friendly = situation.text(name.id, name.default)
    common: dict[str, object] = {
        "FriendlyName": friendly,
        "KeySize": KEY_SIZE,
        "ExpectedThumbprint": expected,
        "CandidatesKnown": list(known_on(server)),
    }
    facts: dict[str, Fact] = {"issuer": present.issuer_common_name if present else "", "friendly_name": friendly, "key_size": KEY_SIZE}
    if situation.text(way.id, way.default) == OFFLINE:
        answer = Ask(f"{fix}.answer", fix, AskKind.FILE, "request-answer", required=False)
        return Requested(_by_file(maker, server, common, facts, answer), (way, name, answer))
    authority = Ask(f"{fix}.authority", fix, AskKind.TEXT, "request-authority", default=suggestion)
    template = Ask(f"{fix}.template", fix, AskKind.TEXT, "request-template", required=False)
    given = situation.text(authority.id, suggestion)
    step = maker.does(
        server.name,
        "request-oauth",
        call(
            "Request-OAuthCertificate",
            Authority=given if is_authority(given) else FromAsk(authority.id),
            Template=situation.text(template.id),
            **common,
        ),
        undo=lambda me: call("Remove-OwnCertificate", Thumbprint=FromStep(me, "thumbprint")),
        stage=Stage.REQUEST,
        facts={**facts, "authority": given},
        needs=(LOCAL_ADMINISTRATOR, SERVER_ADMINS, ENROLL),
        typical=30.0,
    )
    return Requested(FromStep(step.id, "thumbprint"), (way, name, authority, template))


def _by_file(maker: Maker, server: ServerView, common: dict[str, object], facts: dict[str, Fact], answer: Ask) -> FromStep:
    needs = (LOCAL_ADMINISTRATOR, SERVER_ADMINS)
    maker.does(
        server.name,
        "make-request",
        call("New-OAuthSigningRequest", **common),
        undo=lambda me: call("Remove-PendingRequest", Thumbprint=FromStep(me, "pendingThumbprint")),
        stage=Stage.REQUEST,
        facts=dict(facts),
        needs=needs,
        typical=30.0,
    )
    maker.guides(server.name, "carry-request", facts=dict(facts), typical=3600.0, stage=Stage.REQUEST)
    step = maker.does(
        server.name,
        "complete-request",
        call("Complete-OAuthSigningRequest", Answer=FromAsk(answer.id)),
        undo=lambda me: call("Remove-OwnCertificate", Thumbprint=FromStep(me, "thumbprint")),
        stage=Stage.REQUEST,
        facts=dict(facts),
        needs=needs,
        typical=15.0,
    )
    return FromStep(step.id, "thumbprint")


def _likely_way(server: ServerView) -> str:
    """A session that may not go on to other machines does not reach an authority either."""
    hop = server.evidence.hop
    return OFFLINE if isinstance(hop, Seen) and hop.value.directory == "denied" else ONLINE


def _friendly_name(situation: Situation, server: ServerView) -> str:
    """Unique in the store, as the product wants it."""
    store = server.evidence.store
    taken = {one.friendly_name for one in store.value.my} if isinstance(store, Seen) else set[str]()
    first = f"OAuth {situation.now.date().isoformat()}"
    return next(name for number in range(1, len(taken) + 2) if (name := first if number == 1 else f"{first} ({number})") not in taken)


def stage_oauth(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """A change that nobody notices: the new certificate is known for a day before it is used. Not when the old one ends before that."""
    place = home(situation, fix.needs)
    if isinstance(place, Obstacle):
        return Outline(left_out=blocked(findings, place))
    server, expected = place
    earliest, latest = _window(situation, server)
    if not situation.deployment.reference.thumbprint or (latest is not None and earliest >= latest):
        return Outline(not_for=tuple(f.id for f in findings))
    if (planned := _planned_well(situation, findings)) is not None:
        return Outline(left_out=tuple(LeftOut(f.id, "already-staged", planned.facts) for f in findings))
    maker = Maker(fix)
    moment = Ask(f"{fix.id}.effective", fix.id, AskKind.MOMENT, "stage-effective", default=iso(earliest))
    effective = situation.text(moment.id, moment.default)
    staged = server.local.staged[0].thumbprint if server.local is not None and server.local.staged else None
    rollover = situation.wrong("oauth-rollover", None)
    again = bool(staged) and (rollover is None or variant(rollover) != "ends-first")  # else its date is wrong, not the certificate
    ready = (candidate(situation, server, staged.upper()) if staged and again else None) or newer(situation, server)
    asks: tuple[Ask, ...] = (moment,)
    thumbprint: str | FromStep
    if ready is not None:
        thumbprint = ready.thumbprint
    else:
        requested = request(maker, situation, fix.id, server, expected)
        thumbprint, asks = requested.thumbprint, (*requested.asks, moment)
    maker.does(
        server.name,
        "stage-oauth" if isinstance(thumbprint, str) else "stage-new-oauth",
        call("Add-StagedOAuth", Thumbprint=thumbprint, EffectiveDate=effective, ExpectedThumbprint=expected),
        consent=Consent.IRREVERSIBLE,
        stage=Stage.ASSIGN,
        settles=at_home(findings, server),
        facts={
            "thumbprint": thumbprint if isinstance(thumbprint, str) else "",
            "effective_date": effective,
            "expected_thumbprint": expected,
            "not_after": iso(latest),
        },
        typical=45.0,
        wide=True,
    )
    wait_everywhere(maker, situation, findings, "oauth-rollover@deployment")
    return Outline(tuple(maker.steps), asks)


def _planned_well(situation: Situation, findings: Sequence[Finding]) -> Finding | None:
    """What says that a change is planned and all is well with it; then nothing is planned beside it."""
    rollover = situation.finding("oauth-rollover", None)
    staged = findings and rollover is not None and rollover.words == "oauth-rollover.staged"
    return rollover if staged else None


def _window(situation: Situation, server: ServerView) -> tuple[datetime, datetime | None]:
    """The first full hour that leaves the lead, by the later of the clocks concerned, and the end of the certificate in use."""
    ahead = max((server.time - situation.look.now).total_seconds(), 0.0)
    start = shifted(situation.now, ahead) + LEAD + _MARGIN
    rounded = start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    present = present_certificate(situation)
    assignment = situation.deployment.reference.assignment
    return rounded, present.not_after if present else (assignment.not_after if assignment else None)
