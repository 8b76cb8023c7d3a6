"""Plans that bring certificate and private key from a file: onto the servers that lack them, and into use where none is assigned."""

from collections.abc import Sequence

from oauthcert.certs.pfx import PfxUnreadable
from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.fixes.fix import LOCAL_ADMINISTRATOR, Fix, Outline, Stage
from oauthcert.fixes.functions import call
from oauthcert.fixes.making import Maker, blocked, texts
from oauthcert.fixes.pfx_answer import PfxUnfit, fitting_pfx
from oauthcert.fixes.plan_assignment import assign, at_home, home, wait_everywhere
from oauthcert.fixes.situation import Obstacle, Situation, own_certificates
from oauthcert.model.finding import Finding
from oauthcert.model.plan import Ask, AskKind, FromAsk, LeftOut
from oauthcert.model.secret import Secret

FILE, PASSWORD = "import-oauth-pfx.file", "import-oauth-pfx.password"
NEW = ("oauth-assigned", "oauth-key-exportable", "oauth-key-provider", "oauth-validity", "oauth-strength")
"""About the certificate as such: another one is wanted, not this one again."""


def import_oauth_pfx(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """The certificate that is assigned goes to the servers that lack it; a new one to the CMS server, where it is then assigned once."""
    if not findings or any(finding.check in NEW for finding in findings):
        return _new(situation, fix, findings)
    wanted = _wanted(situation, findings)
    if not wanted:
        return Outline(not_for=tuple(f.id for f in findings))
    maker, left_out, mended = Maker(fix), list[LeftOut](), list[Finding]()
    for name, found in _by_server(findings).items():
        server = situation.server(name)
        if obstacle := situation.obstacle(server, (LOCAL_ADMINISTRATOR,)):
            left_out += blocked(found, obstacle)
            continue
        there = server is not None and any(plain_thumbprint(one.thumbprint) == wanted for one in own_certificates(server))
        _import(maker, name, wanted, present=there, settles=[f.id for f in found])
        mended += found
    maker.waits_for_effects(situation, mended)
    nowhere = tuple(f.id for f in findings if f.server is None and not texts(f.facts.get("servers")))
    return Outline(tuple(maker.steps), _asks(fix, (wanted,)) if maker.steps else (), tuple(left_out), nowhere)


def _wanted(situation: Situation, findings: Sequence[Finding]) -> str:
    """What the findings speak of: the staged certificate, else the one that is assigned."""
    staged = next((plain_thumbprint(str(f.facts["staged_thumbprint"])) for f in findings if f.facts.get("staged_thumbprint")), "")
    return staged or situation.deployment.reference.thumbprint


def _by_server(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    by_server: dict[str, list[Finding]] = {}
    for finding in findings:
        for name in (finding.server,) if finding.server else texts(finding.facts.get("servers")):
            by_server.setdefault(name, []).append(finding)
    return by_server


def _import(maker: Maker, server: str, thumbprint: str | FromAsk, *, present: bool, settles: Sequence[str]) -> None:
    """What was there before is not taken away again: then there is no way back, and none is needed."""
    gone = None if present or isinstance(thumbprint, FromAsk) else (lambda _me: call("Remove-OwnCertificate", Thumbprint=thumbprint))
    maker.does(
        server,
        "import-oauth-pfx",
        call("Import-OAuthPfx", Parts=FromAsk(FILE), Password=FromAsk(PASSWORD), Thumbprint=thumbprint),
        undo=gone,
        stage=Stage.REQUEST,
        settles=settles,
        facts={"thumbprint": thumbprint if isinstance(thumbprint, str) else ""},
        needs=(LOCAL_ADMINISTRATOR,),
        typical=15.0,
    )


def _new(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    place = home(situation, fix.needs)
    if isinstance(place, Obstacle):
        return Outline(left_out=blocked(findings, place))
    server, expected = place
    maker = Maker(fix)
    thumbprint = _given(situation)
    # Without the file nobody knows which certificate it holds; the plan is made again when it is there.
    known: str | FromAsk = thumbprint or FromAsk(f"{FILE}.thumbprint")
    there = any(plain_thumbprint(one.thumbprint) == thumbprint for one in own_certificates(server))
    _import(maker, server.name, known, present=there, settles=())
    if isinstance(known, str):
        assign(maker, server.name, known, expected, at_home(findings, server))
    else:
        maker.does(
            server.name,
            "assign-new-oauth",
            call("Set-OAuthAssignment", Thumbprint=known, ExpectedThumbprint=expected),
            consent=fix.consent,
            stage=Stage.ASSIGN,
            settles=at_home(findings, server),
            facts={"thumbprint": "", "expected_thumbprint": expected},
            typical=45.0,
            wide=True,
        )
    wait_everywhere(maker, situation, findings)
    return Outline(tuple(maker.steps), _asks(fix, ()))


def _given(situation: Situation) -> str:
    """The thumbprint in the file that was given; empty while there is none that will do."""
    data, password = situation.answers.get(FILE), situation.answers.get(PASSWORD, Secret(""))
    if not isinstance(data, bytes) or not isinstance(password, Secret):
        return ""
    try:
        return fitting_pfx(data, password, situation.deployment.now).thumbprint
    except (PfxUnreadable, PfxUnfit):
        return ""


def _asks(fix: Fix, wanted: tuple[str, ...]) -> tuple[Ask, ...]:
    """`choices` of the file are the thumbprints that will do."""
    return (
        Ask(FILE, fix.id, AskKind.FILE, "pfx-file", choices=wanted),
        Ask(PASSWORD, fix.id, AskKind.SECRET, "pfx-password"),
    )
