"""An authority where somebody has to approve: nothing was issued, so nothing is assigned, nothing taken back, and that is said."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from oauthcert.casework.diagnose import diagnose
from oauthcert.casework.limits import Limits
from oauthcert.casework.planning import plan_of
from oauthcert.casework.repair import repair
from oauthcert.casework.repair_parts import Nobody, RepairParts
from oauthcert.casework.resuming import undo
from oauthcert.fixes.recovery import State, Story, stories
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.plan import Consent
from oauthcert.model.repair import Outcome
from oauthcert.remote.winrm_gateway import WinrmGateway
from tests.lab.mending import CA

SCENARIOS = ["first-deployment-nothing-yet", "oauth-expired"]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_that_a_request_that_waits_is_followed_by_nothing(scenario: str, tmp_path: Path) -> None:
    with PracticeLab.open(scenario, pace=400) as lab:
        lab.meanwhile(lambda deployment, _now: setattr(deployment.enrollment, "holds", True))
        parts = RepairParts(WinrmGateway(), lambda _target: lab.credential, tmp_path, lambda: datetime.now(UTC), Nobody(), poll_seconds=0.2)
        case = diagnose(
            lab.targets,
            lambda _target: lab.credential,
            parts.gateway,
            limits=Limits(),
            token=CancelToken(),
            tell=lambda _event: None,
            now=parts.now,
        )
        answers = {"request-oauth.way": "online", "request-oauth.authority": CA}
        plan = plan_of(case, ["request-oauth"], answers, parts.now())
        done = repair(case, plan, parts, answers, consent=Consent.IRREVERSIBLE, token=CancelToken(), tell=lambda _event: None)
        results = {plan.step(one.step).action.function: one for one in done.results if plan.step(one.step).action}  # type: ignore[union-attr]
        assert results["Request-OAuthCertificate"].outcome is Outcome.CHANGED
        assert results["Request-OAuthCertificate"].after["pending"] is True
        assert (results["Set-OAuthAssignment"].outcome, results["Set-OAuthAssignment"].reason) == (Outcome.SKIPPED, "not-brought")
        assert [deed.function for deed in lab.deeds] == ["Request-OAuthCertificate"]
        back = undo(done, parts, token=CancelToken(), tell=lambda _event: None)
        assert [(one.outcome, one.reason) for one in back.results] == [(Outcome.SKIPPED, "undo-not-known")]
        assert [deed.function for deed in lab.deeds] == ["Request-OAuthCertificate"]
    (story,) = stories(tmp_path)
    assert isinstance(story, Story)
    assert story.steps[0].state is State.DONE
