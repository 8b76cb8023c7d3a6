"""A plan for a case, from the same evidence that its findings were judged from."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from oauthcert.casework.repair_parts import Given
from oauthcert.certs.pfx import PfxUnreadable
from oauthcert.collect.evidence import evidence_of
from oauthcert.fixes.pfx_answer import PfxUnfit, fitting_pfx
from oauthcert.fixes.plan_pfx import FILE, PASSWORD
from oauthcert.fixes.planning import plan_for
from oauthcert.model.case import Case
from oauthcert.model.errors import OauthcertError
from oauthcert.model.plan import Ask, Plan
from oauthcert.model.secret import Secret
from oauthcert.model.server_evidence import ServerEvidence
from oauthcert.model.target import Target


def plan_of(case: Case, wanted: Sequence[str], answers: Mapping[str, Given], now: datetime) -> Plan:
    """What to do about these findings, checks or fixes; about the causes when none is named. Raises UnknownFix."""
    return plan_for(case, evidence_in(case), wanted, answers, now=now)


def evidence_in(case: Case) -> tuple[ServerEvidence, ...]:
    """What the servers of a case said, as the judges read it."""
    by_name = {target.name: target for target in case.targets}
    return tuple(evidence_of(one, by_name.get(one.server, Target(one.server))) for one in case.observations)


def wrong_answer(ask: Ask, given: Given, answers: Mapping[str, Given], now: datetime) -> OauthcertError | None:
    """What is wrong with an answer, before anything of it is sent to a server; None when it will do, or when that cannot be told yet.

    A PFX file is judged together with its password.
    """
    data, password = answers.get(FILE), answers.get(PASSWORD, Secret(""))
    if ask.id not in (FILE, PASSWORD) or not isinstance(data, bytes) or not isinstance(password, Secret):
        return None
    del given
    try:
        fitting_pfx(data, password, now, wanted=ask.choices)
    except PfxUnreadable as error:
        about = PASSWORD if error.reason == "wrong-password" else FILE
        return error if about == ask.id else None
    except PfxUnfit as error:
        return error if ask.id == FILE else None
    return None
