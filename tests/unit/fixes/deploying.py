"""A first deployment played without connections: what is done to it between two looks, and what the guidance says then."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from oauthcert.fixes.deployment import Guidance, allowed, guidance
from oauthcert.fixes.deployment_moves import Move
from oauthcert.fixes.deployment_record import Deployment
from oauthcert.fixes.planning import plan_for
from oauthcert.fixes.situation import Given, Situation
from oauthcert.lab.machines import Key, Load, StoreName
from oauthcert.model.case import Case
from oauthcert.model.plan import Manner, Plan
from tests.builders.played import NOW, Played, evidence

NOTHING_YET, STUCK = "first-deployment-nothing-yet", "first-deployment"
FE01, FE02, FE03 = (f"fe0{number}.contoso.lab" for number in (1, 2, 3))
BEFORE_THE_LOOK = timedelta(minutes=1)


@dataclass
class Deploying:
    """`known` is what is remembered; `at` the moment of the next look."""

    played: Played
    known: Deployment = field(init=False)
    at: datetime = NOW
    case: Case = field(init=False)

    def __post_init__(self) -> None:
        self.case = self.played.look(self.at)
        self.known = Deployment(NOW, self.case.targets, source=self.case.source)

    @classmethod
    def of(cls, scenario: str) -> "Deploying":
        return cls(Played.of(scenario))

    def later(self, **time: int) -> None:
        self.at += timedelta(**time)

    def situation(self, answers: Mapping[str, Given] | None = None) -> Situation:
        self.case = replace(self.played.look(self.at), source=self.case.source)
        return Situation.of(self.case, evidence(self.case), answers or {}, self.at)

    def look(self) -> Guidance:
        return guidance(self.situation(), self.known)

    def start(self, server: str, *services: str) -> None:
        for service in services:
            self.played.deployment.machines[server].services[service].state.set(self.at - BEFORE_THE_LOOK, "Running")

    def request(self, server: str, key: Key | None = None) -> str:
        """Somebody requests a certificate on this server; gives its thumbprint."""
        authority, when = self.played.authority, self.at - BEFORE_THE_LOOK
        made = authority.oauth(f"{server} {when}", when - timedelta(minutes=10), when + timedelta(days=700))
        self.played.deployment.request_certificate(self.played.deployment.machines[server], when, made, key or Key())
        return made.thumbprint

    def assign(self, server: str, thumbprint: str) -> None:
        machine, when = self.played.deployment.machines[server], self.at - BEFORE_THE_LOOK
        mine = self.played.deployment.certificates(machine, StoreName.MY, self.at)
        made = next(one.certificate for one in mine if one.certificate.thumbprint == thumbprint)
        self.played.deployment.assign_oauth(machine, when, made)
        machine.loads.append(Load(when, when))

    def plan(self, *wanted: str, move: Move | None = None) -> Plan:
        """As the flow makes it. Raises SecondRequest."""
        situation = self.situation()
        given = {"request-oauth.way": "online", "request-oauth.authority": r"ca01.contoso.lab\Contoso Issuing CA 1"}
        made = plan_for(self.case, evidence(self.case), wanted or (move.wanted if move else ()), given, self.at)
        return allowed(made, move or Move("mend", 3, (), Manner.DOES), situation, self.known)


def states(found: Guidance) -> list[str]:
    """A line of initials for each server: d(one), n(ow), w(aiting), l(ater), - (not needed), ? (could not look)."""
    letters = {"done": "d", "now": "n", "waiting": "w", "later": "l", "not-needed": "-", "could-not-look": "?"}
    return ["".join(letters[cell.state.value] for cell in row.cells) for row in found.rows]
