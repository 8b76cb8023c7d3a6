"""Plans for chains: issuers that other servers have, or that the operator brings; and roots that are none, moved where they belong."""

import base64
from collections.abc import Sequence

from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.checks.view import ServerView
from oauthcert.fixes.fix import Fix, Outline
from oauthcert.fixes.functions import call
from oauthcert.fixes.issuers import Missing, from_file, leaf_on, missing_issuers
from oauthcert.fixes.making import Maker, blocked, texts, variant
from oauthcert.fixes.situation import Situation
from oauthcert.model.finding import Finding
from oauthcert.model.plan import Ask, AskKind, FromAsk, LeftOut

FILE = "install-chain.file"


def install_chain(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """Server by server. One file may serve several servers; it is asked for only where no other server has the issuer."""
    maker, left_out, not_for = Maker(fix), list[LeftOut](), list[str]()
    asks: dict[str, Ask] = {}
    for finding in findings:
        server = situation.server(finding.server)
        if obstacle := situation.obstacle(server, fix.needs):
            left_out += blocked([finding], obstacle)
        elif server is not None and variant(finding) == "misplaced-root" and texts(finding.facts.get("misplaced_thumbprints")):
            _move(maker, server, finding)
        elif server is None or not _complete(maker, situation, fix, server, finding, asks):
            not_for.append(finding.id)
    return Outline(tuple(maker.steps), tuple(asks.values()), tuple(left_out), tuple(not_for))


def _move(maker: Maker, server: ServerView, finding: Finding) -> None:
    """From the trusted roots to the intermediate authorities: there it serves as well and breaks nothing."""
    subjects = texts(finding.facts.get("misplaced"))
    thumbprints = texts(finding.facts.get("misplaced_thumbprints"))
    for number, thumbprint in enumerate(thumbprints):
        maker.does(
            server.name,
            "move-misplaced-root",
            call("Move-MisplacedRoot", Thumbprint=plain_thumbprint(thumbprint), Back=False),
            undo=lambda _me, thumbprint=thumbprint: call(  # type: ignore[misc]
                "Move-MisplacedRoot", Thumbprint=plain_thumbprint(thumbprint), Back=True
            ),
            settles=[finding.id] if number == len(thumbprints) - 1 else [],
            facts={"subject": subjects[number] if number < len(subjects) else "", "thumbprint": plain_thumbprint(thumbprint)},
        )


def _complete(maker: Maker, situation: Situation, fix: Fix, server: ServerView, finding: Finding, asks: dict[str, Ask]) -> bool:
    """Whether something could be planned."""
    thumbprint = plain_thumbprint(str(finding.facts.get("thumbprint") or ""))
    leaf = leaf_on(situation, server, thumbprint) if thumbprint else None
    if leaf is None:
        return False
    missing = _surely_missing(finding, missing_issuers(situation, server, leaf))
    settles = [finding.id, *(f.id for f in situation.covered([finding.id]))]
    if not missing:
        asks[FILE] = Ask(FILE, fix.id, AskKind.FILE, "issuer-file")
        given = situation.answers.get(FILE)
        missing = from_file(situation, server, leaf, given) if isinstance(given, bytes) else ()
    for number, one in enumerate(missing):
        _install(maker, server, one, settles=settles if number == len(missing) - 1 else [])
    if not missing:
        wanted = str(finding.facts.get("missing_subject") or finding.facts.get("root") or finding.facts.get("link") or "")
        maker.does(
            server.name,
            "install-issuer-file",
            # Which certificate it is, and so into which store it goes, is known when the file is: the plan is then made again.
            call("Install-IssuerCertificate", Der=FromAsk(FILE), Thumbprint=FromAsk(f"{FILE}.thumbprint"), Store="CA"),
            settles=settles,
            facts={"subject": wanted},
        )
    return True


def _surely_missing(finding: Finding, missing: Sequence[Missing]) -> Sequence[Missing]:
    """Above a missing link nothing was looked at: whether the root is there shows when the link is. Trust is not given on suspicion."""
    if variant(finding) != "missing-link":
        return missing
    return [one for one in missing if one.store == "CA"] or missing


def _install(maker: Maker, server: ServerView, missing: Missing, *, settles: Sequence[str]) -> None:
    certificate = missing.certificate
    maker.does(
        server.name,
        "install-root" if missing.store == "Root" else "install-intermediate",
        call(
            "Install-IssuerCertificate",
            Der=base64.b64encode(certificate.der).decode("ascii"),
            Thumbprint=certificate.thumbprint,
            Store=missing.store,
        ),
        undo=lambda _me: call("Remove-IssuerCertificate", Thumbprint=certificate.thumbprint, Store=missing.store),
        settles=settles,
        facts={"subject": certificate.subject, "thumbprint": certificate.thumbprint, "source": missing.source},
    )
