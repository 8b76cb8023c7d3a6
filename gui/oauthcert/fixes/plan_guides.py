"""Steps that a person does: one for each server, done when the findings it was offered for pass."""

from collections import defaultdict
from collections.abc import Sequence

from oauthcert.fixes.fix import Fix, Outline, Stage
from oauthcert.fixes.making import Maker
from oauthcert.fixes.situation import Situation
from oauthcert.model.finding import Finding


def guide(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """The facts of the first finding of a server fill the words. What only replication can finish is waited for afterwards."""
    by_server: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_server[place_of(situation, finding)].append(finding)
    maker = Maker(fix)
    for server, found in by_server.items():
        maker.guides(server, fix.id, settles=[f.id for f in found], facts=found[0].facts)
    if fix.stage in (Stage.SERVICES, Stage.REPLICATION):
        maker.waits_for_effects(situation, findings)
    return Outline(tuple(maker.steps))


def wait(situation: Situation, fix: Fix, findings: Sequence[Finding]) -> Outline:
    """Nothing is wrong yet: it only has to arrive."""
    maker = Maker(fix)
    maker.waits_for_effects(situation, findings, *(finding.id for finding in findings))
    return Outline(tuple(maker.steps))


def place_of(situation: Situation, finding: Finding) -> str:
    """Where it is done: on the server itself; what concerns the deployment on the server that holds the configuration."""
    if finding.server is not None:
        return finding.server
    cms = situation.deployment.cms_server
    named = situation.server(situation.deployment.reference_server)
    first = cms or named or next(iter(situation.deployment.servers), None)
    return first.name if first is not None else "deployment"
