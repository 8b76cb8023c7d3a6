"""First deployments are remembered whole, in one file, and a file that cannot be read allows no request."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oauthcert.casework.deployment import Deployments
from oauthcert.casework.deployment_file import DeploymentsUnreadable, read_deployments, write_deployments
from oauthcert.casework.events import StepEnded
from oauthcert.casework.repair_parts import Given, Nobody, Person, Tell
from oauthcert.casework.whole_file import FileNotWritten
from oauthcert.fixes.deployment_record import Assigned, Deployment, How, Requested, RequestState, Sent
from oauthcert.fixes.deployment_request import SecondRequest
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import UsageError
from oauthcert.model.plan import Plan
from oauthcert.model.repair import Outcome, Repair, StepResult
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Product, Target
from tests.builders.played import NOW, Played
from tests.unit.fixes.deploying import FE01, NOTHING_YET, STUCK

CREDENTIAL = Credential("CONTOSO\\admin", Secret("CANARY-password"))
ONLINE: Mapping[str, Given] = {"request-oauth.way": "online", "request-oauth.authority": r"ca01.contoso.lab\Contoso Issuing CA 1"}
FULL = Deployment(
    NOW,
    (Target("fe01.contoso.lab", "https", 5986, "10.0.0.1", Product.LYNC, "ab" * 32), Target("fe02.contoso.lab")),
    "CONTOSO\\admin",
    "ntlm",
    "live",
    Requested(FE01, NOW, RequestState.WAITING, "", "-----BEGIN NEW CERTIFICATE REQUEST-----", "4711"),
    Assigned(FE01, "AB" * 20, NOW),
    (Sent("*", NOW, How.RUNNING), Sent(FE01, NOW, How.FORCED)),
    frozenset({FE01}),
)


class Carrying:
    """A repair in which the first `ends` steps end well."""

    def __init__(self, ends: int = 99, outcome: Outcome = Outcome.CHANGED, error: UsageError | None = None) -> None:
        self.ends, self.outcome, self.error = ends, outcome, error
        self.seen: list[Deployment | None] = []
        self.plans: list[Plan] = []
        self.desk: Deployments | None = None

    def __call__(
        self, case: Case, plan: Plan, answers: Mapping[str, Given], credential: Credential, person: Person, token: CancelToken, tell: Tell
    ) -> Repair:
        self.plans.append(plan)
        self.seen.append(self.desk.known(case) if self.desk is not None else None)
        if self.error is not None:
            raise self.error
        results = []
        for step in plan.steps[: self.ends]:
            results.append(StepResult(step.id, self.outcome, NOW, NOW, after={"thumbprint": "CD" * 20}))
            tell(StepEnded(results[-1]))
        return Repair(plan, tuple(results), case)


def desk(file: Path | None, carrying: Carrying | None = None) -> Deployments:
    made = Deployments(file, lambda: NOW, carrying or Carrying())
    if carrying is not None:
        carrying.desk = made
    return made


def live(scenario: str = NOTHING_YET) -> Case:
    return replace(Played.of(scenario).look(), source="live")


def carry_out(deployments: Deployments, case: Case) -> Repair:
    move = deployments.guide(case).now
    assert move is not None
    request = replace(move, id="request-certificate", wanted=("oauth-assigned@deployment", "request-oauth"))
    plan = deployments.plan(case, request, ONLINE)
    return deployments.carry_out(case, plan, ONLINE, CREDENTIAL, Nobody(), CancelToken(), lambda _event: None)


def test_that_everything_comes_back_from_the_file_and_no_secret_goes_there(tmp_path: Path) -> None:
    file = tmp_path / "new" / "deployments.json"
    write_deployments(file, [FULL])
    assert read_deployments(file) == (FULL,)
    assert "CANARY" not in file.read_text(encoding="utf-8")
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    write_deployments(file, [])
    assert read_deployments(file) == ()
    assert not file.exists()


@pytest.mark.parametrize(
    "damage",
    [
        b"", b"{", b"[]", b'{"format": 2, "deployments": []}', b'{"format": 1}', b'{"format": 1, "deployments": [{}]}', b"\xff\xfe",
        b'{"format": 1, "deployments": 7}', b"[" * 9000, b'{"format": 1, "deployments": [7]}',
    ],
)  # fmt: skip
def test_that_a_damaged_file_is_no_empty_one(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "deployments.json"
    file.write_bytes(damage)
    with pytest.raises(DeploymentsUnreadable):
        desk(file).begun()
    with pytest.raises(DeploymentsUnreadable):
        desk(file).guide(live())


@pytest.mark.parametrize(
    ("part", "value"),
    [("begun", "2026-11-21T12:00:00"), ("targets", [{"name": 7}]), ("sent", [{"server": "a", "when": "no", "how": "running"}]),
     ("finished", "fe01"), ("request", {"server": "a"}), ("account", None)],
)  # fmt: skip
def test_that_every_value_in_the_file_is_looked_at(tmp_path: Path, part: str, value: object) -> None:
    file = tmp_path / "deployments.json"
    write_deployments(file, [FULL])
    written = json.loads(file.read_text(encoding="utf-8"))
    written["deployments"][0][part] = value
    file.write_text(json.dumps(written), encoding="utf-8")
    with pytest.raises(DeploymentsUnreadable):
        read_deployments(file)


def test_that_a_deployment_is_remembered_from_the_first_look_until_it_is_ready(tmp_path: Path) -> None:
    file = tmp_path / "deployments.json"
    here, case = desk(file), live(STUCK)
    here.guide(case, "CONTOSO\\admin", "ntlm")
    (found,) = desk(file).begun()
    assert ([target.name for target in found.targets], found.account, found.method) == (
        [t.name for t in case.targets],
        "CONTOSO\\admin",
        "ntlm",
    )
    here.has_finished(case, [FE01])
    assert desk(file).begun()[0].finished == {FE01}
    here.guide(live("healthy-lync"))
    assert desk(file).begun() == ()


def test_that_practice_is_remembered_but_not_written_down(tmp_path: Path) -> None:
    file = tmp_path / "deployments.json"
    here, case = desk(file), Played.of(STUCK).look()
    here.has_finished(case, [FE01])
    assert here.known(case).finished == {FE01}
    assert not file.exists()
    assert desk(file).known(case).finished == frozenset()


def test_that_the_request_is_remembered_before_it_is_sent_and_no_second_one_is_sent(tmp_path: Path) -> None:
    file, carrying, case = tmp_path / "deployments.json", Carrying(), live()
    carry_out(desk(file, carrying), case)
    before = carrying.seen[0]
    assert before is not None
    assert before.request is not None
    assert before.request.state is RequestState.BEGUN
    (found,) = desk(file).begun()
    assert found.request is not None
    assert (found.request.state, found.request.thumbprint) == (RequestState.MADE, "CD" * 20)
    assert found.assigned is not None
    again = Carrying()
    with pytest.raises(SecondRequest):
        carry_out(desk(file, again), case)
    plan = carrying.plans[0]
    with pytest.raises(SecondRequest):
        desk(file, again).carry_out(case, plan, ONLINE, CREDENTIAL, Nobody(), CancelToken(), lambda _event: None)
    assert again.plans == []


@pytest.mark.parametrize("carrying", [Carrying(ends=0), Carrying(outcome=Outcome.REFUSED), Carrying(error=UsageError("not now"))])
def test_that_what_was_certainly_not_requested_may_be_requested(tmp_path: Path, carrying: Carrying) -> None:
    file, case = tmp_path / "deployments.json", live()
    try:
        carry_out(desk(file, carrying), case)
    except UsageError:
        assert carrying.error is not None
    assert desk(file).begun()[0].request is None
    carry_out(desk(file, Carrying()), case)


def test_that_an_uncertain_request_stays_until_the_operator_has_looked(tmp_path: Path) -> None:
    file, case = tmp_path / "deployments.json", live()
    carry_out(desk(file, Carrying(ends=1, outcome=Outcome.UNCERTAIN)), case)
    with pytest.raises(SecondRequest):
        carry_out(desk(file, Carrying()), case)
    desk(file).allow_another_request(case)
    carry_out(desk(file, Carrying()), case)


def test_that_nothing_is_sent_when_it_cannot_be_remembered(tmp_path: Path) -> None:
    blocked, carrying, case = tmp_path / "file", Carrying(), live()
    here = desk(tmp_path / "deployments.json", carrying)
    move = here.guide(case).now
    assert move is not None
    plan = here.plan(case, replace(move, wanted=("oauth-assigned@deployment", "request-oauth")), ONLINE)
    blocked.write_text("in the way", encoding="utf-8")
    full = desk(blocked / "deployments.json", carrying)
    with pytest.raises((FileNotWritten, DeploymentsUnreadable)):
        full.carry_out(case, plan, ONLINE, CREDENTIAL, Nobody(), CancelToken(), lambda _event: None)
    assert carrying.plans == []


def test_that_other_servers_are_another_deployment(tmp_path: Path) -> None:
    file = tmp_path / "deployments.json"
    other = Deployment(datetime.now(UTC) - timedelta(days=1), (Target("lync.example"),))
    write_deployments(file, [other])
    here = desk(file)
    here.guide(live(STUCK))
    assert [one.targets[0].name for one in here.begun()] == [FE01, "lync.example"]
    here.forget(other)
    assert [one.targets[0].name for one in here.begun()] == [FE01]
