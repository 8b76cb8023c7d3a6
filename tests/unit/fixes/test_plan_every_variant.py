"""Whatever a check says, a plan comes out: also when facts are missing, odd, or about servers nobody has seen."""

from dataclasses import replace

import pytest

from oauthcert.checks.check import Scope
from oauthcert.checks.table import CHECKS
from oauthcert.fixes.plan_values import plan_as_json
from oauthcert.fixes.planning import plan_for
from oauthcert.fixes.refused import ASSIGNING, refuse
from oauthcert.model.case import Case
from oauthcert.model.finding import Cause, Fact, Finding, Verdict
from oauthcert.model.plan import Action
from oauthcert.model.server_evidence import ServerEvidence
from tests.builders.played import Played, evidence

VARIANTS = [(check, v) for check in CHECKS for v in check.variants if v.verdict in (Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN)]
ODD: tuple[Fact, ...] = (
    None,
    "",
    "'; Remove-Item C:\\ -Recurse #",
    "00" * 20,
    ("fe02.contoso.lab", "'"),
    7,
)
HEALTHY = Played.of("healthy-lync").look()
EVIDENCE = evidence(HEALTHY)


def plans_of(case: Case, seen: tuple[ServerEvidence, ...], finding: Finding) -> None:
    others = tuple(one for one in case.findings if one.id != finding.id)
    broken = replace(case, findings=(finding, *others), causes=(Cause(finding.id),))
    for wanted in ((), (finding.id,), *((fix,) for fix in finding.fixes)):
        plan = plan_for(broken, seen, wanted)
        told = {one for step in plan.steps for one in step.settles} | {one.finding for one in plan.left_out}
        assert finding.id in told or wanted == (), (finding.words, wanted)
        assert finding.id in told or finding.verdict is Verdict.UNKNOWN
        sent: list[Action] = []
        for step in plan.steps:
            if step.action is not None:
                refuse(sent, step.action)
                sent.append(step.action)
        assert sum(one.function in ASSIGNING for one in sent) <= 1
        plan_as_json(plan)


@pytest.mark.parametrize(("check", "variant"), VARIANTS, ids=[f"{check.id}.{variant.id}" for check, variant in VARIANTS])
def test_that_every_variant_can_be_planned_for_whatever_its_facts_are(check: object, variant: object) -> None:
    (found,) = [(one, v) for one, v in VARIANTS if one is check and v is variant]
    about, said = found
    for place in (None,) if about.scope is Scope.DEPLOYMENT else ("fe02.contoso.lab", "edge01.contoso.lab"):
        for odd in ODD:
            facts: dict[str, Fact] = dict.fromkeys(said.facts, odd)
            finding = Finding(about.id, place, said.verdict, said.severity, f"{about.id}.{said.id}", facts, fixes=said.fixes)
            plans_of(HEALTHY, EVIDENCE, finding)
        bare = Finding(about.id, place, said.verdict, said.severity, f"{about.id}.{said.id}", fixes=said.fixes)
        plans_of(HEALTHY, EVIDENCE, bare)
        plans_of(replace(HEALTHY, observations=()), (), bare)
