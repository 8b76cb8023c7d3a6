"""Plans for the private key: joined with its certificate again, readable for the services."""

from collections.abc import Sequence

from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.fixes.fix import Fix, Outline
from oauthcert.fixes.functions import call
from oauthcert.fixes.making import Maker, blocked, texts
from oauthcert.fixes.situation import Situation
from oauthcert.model.finding import Finding
from oauthcert.model.plan import FromStep, LeftOut


def repair_private_key(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """Only where the certificate was requested is there a key to join; elsewhere the server says so and nothing is changed."""
    maker, left_out, not_for = Maker(fix), list[LeftOut](), list[str]()
    for finding in findings:
        thumbprint = _thumbprint(situation, finding)
        if obstacle := situation.obstacle(situation.server(finding.server), fix.needs):
            left_out += blocked([finding], obstacle)
        elif not thumbprint or finding.server is None:
            not_for.append(finding.id)
        else:
            action = call("Repair-KeyLink", Thumbprint=thumbprint)
            maker.does(finding.server, "repair-private-key", action, settles=[finding.id], facts={"thumbprint": thumbprint}, typical=20.0)
    return Outline(tuple(maker.steps), left_out=tuple(left_out), not_for=tuple(not_for))


def grant_key_access(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """To the accounts that were seen to lack it, by their SIDs. The access list of before is kept for the way back."""
    maker, left_out, not_for = Maker(fix), list[LeftOut](), list[str]()
    for finding in findings:
        thumbprint = _thumbprint(situation, finding)
        accounts = texts(finding.facts.get("account_sids")) or texts(finding.facts.get("accounts"))
        if obstacle := situation.obstacle(situation.server(finding.server), fix.needs):
            left_out += blocked([finding], obstacle)
        elif not thumbprint or not accounts or finding.server is None:
            not_for.append(finding.id)
        else:
            maker.does(
                finding.server,
                "grant-key-access",
                call("Grant-KeyAccess", Thumbprint=thumbprint, Accounts=list(accounts)),
                undo=lambda me, thumbprint=thumbprint: call(  # type: ignore[misc]
                    "Restore-KeyAccess", Thumbprint=thumbprint, Sddl=FromStep(me, "before.sddl")
                ),
                settles=[finding.id],
                facts={"thumbprint": thumbprint, "accounts": texts(finding.facts.get("accounts"))},
            )
    return Outline(tuple(maker.steps), left_out=tuple(left_out), not_for=tuple(not_for))


def _thumbprint(situation: Situation, finding: Finding) -> str:
    return plain_thumbprint(str(finding.facts.get("thumbprint") or "")) or situation.deployment.reference.thumbprint
