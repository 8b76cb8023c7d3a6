"""A deployment goes on after its program was killed in the middle of the request, over real WinRM, and never asks for a second one."""

import multiprocessing
import os
from collections import Counter
from pathlib import Path

import pytest

from oauthcert.fixes.deployment_record import RequestState
from oauthcert.fixes.deployment_request import SecondRequest
from oauthcert.lab.practice import PracticeLab
from tests.lab.deploying import ASK, MADE, STARTED, carry_out, deployments, look, request_and_die

pytestmark = [pytest.mark.skipif(os.name != "posix", reason="SIGKILL of POSIX"), pytest.mark.timeout(120)]
SCENARIO = "first-deployment-nothing-yet"


def killed(lab: PracticeLab, folder: Path, when: str) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    account = lab.credential
    arguments = (theirs, lab.targets, account.username, account.password.reveal(), str(folder), when)
    process = context.Process(target=request_and_die, args=arguments)
    process.start()
    theirs.close()
    process.join(60)
    ours.close()
    assert process.exitcode == -9


def requests(lab: PracticeLab) -> int:
    return Counter(deed.function for deed in lab.deeds)["Request-OAuthCertificate"]


def test_that_a_certificate_that_was_made_before_the_kill_is_assigned_and_none_requested(tmp_path: Path) -> None:
    with PracticeLab.open(SCENARIO, pace=400) as lab:
        killed(lab, tmp_path, MADE)
        assert requests(lab) == 1
        here = deployments(tmp_path)
        (begun,) = here.begun()
        assert begun.targets == lab.targets
        assert begun.account == lab.credential.username
        assert begun.request is not None
        assert begun.request.state is RequestState.BEGUN
        assert lab.credential.password.reveal() not in (tmp_path / "deployments.json").read_text(encoding="utf-8")
        case = look(begun.targets, lab.credential)
        found = here.guide(case)
        assert found.refused is not None
        assert found.refused.why.value == "candidate"
        for _ in range(6):
            now = here.guide(case).now
            assert now is not None
            if now.id == "finish-step-3":
                break
            assert now.id in {"start-replica", "assign-certificate"}
            case = carry_out(here, case, now, lab.credential).after or case
        else:
            raise AssertionError("it does not go on")
        assert Counter(deed.function for deed in lab.deeds)["Set-OAuthAssignment"] == 1
        assert requests(lab) == 1


def test_that_a_request_of_which_nobody_knows_is_not_repeated_unasked(tmp_path: Path) -> None:
    with PracticeLab.open(SCENARIO, pace=400) as lab:
        killed(lab, tmp_path, STARTED)
        here = deployments(tmp_path)
        case = look(here.begun()[0].targets, lab.credential)
        found = here.guide(case)
        assert found.refused is not None
        assert found.refused.why.value == "begun"
        with pytest.raises(SecondRequest):
            carry_out(here, case, ASK, lab.credential)
        assert requests(lab) == 0
        here.allow_another_request(case)
        carry_out(here, case, ASK, lab.credential)
        assert requests(lab) == 1
        with pytest.raises(SecondRequest):
            carry_out(here, look(lab.targets, lab.credential), ASK, lab.credential)
        assert requests(lab) == 1
