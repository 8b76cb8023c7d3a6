"""First deployments without servers: guidance as the test gives it, one after the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from oauthcert.fixes.deployment import Guidance
from oauthcert.fixes.deployment_moves import Move
from oauthcert.fixes.deployment_record import Deployment
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import OauthcertError
from oauthcert.model.plan import Plan
from oauthcert.model.repair import Repair
from oauthcert.model.secret import Credential
from oauthcert.ui.desk import Given, Person, Tell


@dataclass
class FakeDeployments:
    """Gives the guidance of `guides` in turn, the last one again and again; `asked` tells in order what was wanted."""

    guides: list[Guidance] = field(default_factory=list)
    made: Plan | None = None
    carrying: Callable[[Plan, Person, CancelToken, Tell], Repair] | None = None
    there: tuple[Deployment, ...] = ()
    error: OauthcertError | None = None
    asked: list[str] = field(default_factory=list)

    def begun(self) -> tuple[Deployment, ...]:
        self._fail()
        return self.there

    def known(self, case: Case) -> Deployment:
        return Deployment(datetime.now(UTC), case.targets)

    def forget(self, deployment: Deployment) -> None:
        self._fail()
        self.there = tuple(one for one in self.there if one is not deployment)

    def allow_another_request(self, case: Case) -> None:
        self.asked.append("allow")
        self._fail()

    def has_finished(self, case: Case, servers: Sequence[str]) -> None:
        self.asked.append(f"finished {', '.join(servers)}")
        self._fail()

    def guide(self, case: Case, account: str = "", method: str = "") -> Guidance:
        self.asked.append(f"guide {account}")
        self._fail()
        return self.guides.pop(0) if len(self.guides) > 1 else self.guides[0]

    def plan(self, case: Case, move: Move, answers: Mapping[str, Given]) -> Plan:
        self.asked.append(f"plan {move.id}")
        if self.made is None:
            raise AssertionError("the test gave no plan")
        return self.made

    def carry_out(
        self, case: Case, plan: Plan, answers: Mapping[str, Given], credential: Credential, person: Person, token: CancelToken, tell: Tell
    ) -> Repair:
        self.asked.append("carry out")
        self._fail()
        if self.carrying is None:
            raise AssertionError("the test gave no repair")
        return self.carrying(plan, person, token, tell)

    def _fail(self) -> None:
        if self.error is not None:
            raise self.error
