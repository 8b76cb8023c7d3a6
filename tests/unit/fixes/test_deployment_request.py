"""One certificate for a whole deployment: every state in which somebody may try for a second one."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from oauthcert.fixes.deployment import ANSWER_STEPS
from oauthcert.fixes.deployment_moves import Move
from oauthcert.fixes.deployment_record import Assigned, Requested, RequestState
from oauthcert.fixes.deployment_request import SecondRequest, requests
from oauthcert.lab.machines import Front, Key
from oauthcert.model.plan import Manner, Step
from oauthcert.model.repair import Outcome, StepResult
from tests.unit.fixes.deploying import FE01, FE02, NOTHING_YET, STUCK, Deploying

ASK = Move("request-certificate", 3, (FE01,), Manner.DOES, ("oauth-assigned@deployment", "request-oauth"))
FINISH = replace(ASK, id="finish-request")
WANTED = [
    ("oauth-assigned@deployment", "request-oauth"),
    ("request-oauth",),
    ("stage-oauth",),
    ("oauth-assigned",),
    (),
    ("oauth-in-store", "request-oauth"),
    ("oauth-validity", "oauth-key-exportable"),
]


def remembered(state: RequestState) -> Callable[[Deploying], None]:
    def do(here: Deploying) -> None:
        asked = Requested(FE01, here.at, state, "AB" * 20 if state is RequestState.MADE else "", "-----BEGIN", "7")
        here.known = replace(here.known, request=asked)

    return do


def assigned_from_here(here: Deploying) -> None:
    here.known = replace(here.known, assigned=Assigned(FE01, "AB" * 20, here.at))


def in_the_store(here: Deploying) -> None:
    here.request(FE01)


def on_another_server(here: Deploying) -> None:
    here.request(FE02)


def unfit(here: Deploying) -> None:
    here.request(FE01, Key(exportable=False))


def assigned(here: Deploying) -> None:
    here.assign(FE01, here.request(FE01))


def assigned_unfit(here: Deploying) -> None:
    here.assign(FE01, here.request(FE01, Key(exportable=False)))


def unreachable(here: Deploying) -> None:
    here.played.deployment.machines[FE02].winrm.front = Front.REFUSED


def home_unreachable(here: Deploying) -> None:
    here.played.deployment.machines[FE01].winrm.front = Front.REFUSED


STATES: dict[str, tuple[Callable[[Deploying], None], str]] = {
    "begun": (remembered(RequestState.BEGUN), "begun"),
    "waiting": (remembered(RequestState.WAITING), "waiting"),
    "made": (remembered(RequestState.MADE), "made"),
    "assigned-from-here": (assigned_from_here, "assigned"),
    "in-the-store": (in_the_store, "candidate"),
    "on-another-server": (on_another_server, "candidate-elsewhere"),
    "unfit": (unfit, "candidate-unfit"),
    "assigned": (assigned, "assigned"),
    "assigned-unfit": (assigned_unfit, "assigned"),
    "unreachable": (unreachable, "not-seen"),
    "home-unreachable": (home_unreachable, "not-seen"),
}


@pytest.mark.parametrize("name", STATES)
def test_that_no_state_gives_a_second_request(name: str) -> None:
    change, why = STATES[name]
    here = Deploying.of(NOTHING_YET)
    change(here)
    found = here.look()
    assert found.refused is not None
    assert found.refused.why.value == why
    moves = [one for one in (found.now, *found.then) if one is not None]
    assert "request-certificate" not in [one.id for one in moves]
    for wanted in WANTED:
        for move in (ASK, FINISH, *moves):
            try:
                made = here.plan(*wanted, move=move)
            except SecondRequest:
                continue
            assert requests(made) == (), f"{name}: {wanted} through {move.id}"
            if move is FINISH:
                assert all(step.words in ANSWER_STEPS for step in made.steps)


def test_that_the_scenario_of_the_trap_gives_none_either() -> None:
    here = Deploying.of(STUCK)
    for wanted in WANTED:
        with suppress(SecondRequest):
            assert requests(here.plan(*wanted, move=ASK)) == ()


def test_that_the_one_request_goes_to_the_first_server_alone_and_waits_are_left_to_the_flow() -> None:
    here = Deploying.of(NOTHING_YET)
    made = here.plan(move=ASK)
    assert [step.server for step in requests(made)] == [FE01]
    assert [step.manner for step in made.steps] == [Manner.DOES, Manner.DOES]


def test_that_a_certificate_that_lies_there_is_assigned() -> None:
    here = Deploying.of(NOTHING_YET)
    here.start(FE01, "REPLICA")
    thumbprint = here.request(FE01)
    found = here.look()
    assert found.now is not None
    assert (found.now.id, found.now.facts["thumbprint"]) == ("assign-certificate", thumbprint)
    made = here.plan(move=found.now)
    assert [step.action.function for step in made.steps if step.action] == ["Set-OAuthAssignment"]


@pytest.mark.parametrize(
    ("state", "text", "move"),
    [
        (RequestState.BEGUN, "", "request-begun"),
        (RequestState.WAITING, "-----BEGIN", "finish-request"),
        (RequestState.WAITING, "", "request-waiting"),
        (RequestState.MADE, "", "request-made"),
    ],
)
def test_that_what_is_remembered_leads_on(state: RequestState, text: str, move: str) -> None:
    here = Deploying.of(NOTHING_YET)
    here.start(FE01, "REPLICA")
    here.known = replace(here.known, request=Requested(FE01, here.at, state, "", text))
    found = here.look()
    assert found.now is not None
    assert found.now.id == move


def requesting_step() -> Step:
    return requests(Deploying.of(NOTHING_YET).plan(move=ASK))[0]


@pytest.mark.parametrize(
    ("outcome", "after", "state"),
    [
        (Outcome.CHANGED, {"thumbprint": "AB" * 20}, RequestState.MADE),
        (Outcome.CHANGED, {"thumbprint": None, "pending": True, "requestId": "4711"}, RequestState.WAITING),
        (Outcome.UNCERTAIN, {}, RequestState.BEGUN),
        (Outcome.REFUSED, {}, None),
        (Outcome.FAILED, {}, None),
        (Outcome.UNDONE, {}, None),
    ],
)
def test_that_what_became_of_the_request_is_remembered(outcome: Outcome, after: dict[str, str], state: RequestState | None) -> None:
    here, step = Deploying.of(NOTHING_YET), requesting_step()
    known = here.known.requesting(step, here.at)
    assert known.request is not None
    assert known.request.state is RequestState.BEGUN
    known = known.with_result(step, StepResult(step.id, outcome, here.at, here.at, after=after))
    assert (known.request.state if known.request else None) is state
