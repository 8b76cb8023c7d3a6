"""A plan for a case, from the same evidence that its findings were judged from."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from oauthcert.casework.repair_parts import Given
from oauthcert.collect.evidence import evidence_of
from oauthcert.fixes.answers import wrong_answer
from oauthcert.fixes.planning import plan_for
from oauthcert.model.case import Case
from oauthcert.model.plan import Plan
from oauthcert.model.server_evidence import ServerEvidence
from oauthcert.model.target import Target

__all__ = ["evidence_in", "plan_of", "wrong_answer"]


def plan_of(case: Case, wanted: Sequence[str], answers: Mapping[str, Given], now: datetime) -> Plan:
    """What to do about these findings, checks or fixes; about the causes when none is named. Raises UnknownFix."""
    return plan_for(case, evidence_in(case), wanted, answers, now=now)


def evidence_in(case: Case) -> tuple[ServerEvidence, ...]:
    """What the servers of a case said, as the judges read it."""
    by_name = {target.name: target for target in case.targets}
    return tuple(evidence_of(one, by_name.get(one.server, Target(one.server))) for one in case.observations)
