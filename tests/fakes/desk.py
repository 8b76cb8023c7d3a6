"""A desk without servers, files or keyring, for tests of pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from oauthcert.casework.previewing import Previewed
from oauthcert.casework.resuming import How, Resumed
from oauthcert.casework.settings import Settings
from oauthcert.fixes.recovery import Story
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import CaseFileError, OauthcertError, UsageError
from oauthcert.model.evidence import NotSeen
from oauthcert.model.plan import Ask, Plan, Step
from oauthcert.model.repair import Repair
from oauthcert.model.secret import Credential, Secret, SignInMethod
from oauthcert.model.target import Target
from oauthcert.ui.desk import Discovery, Explanation, Given, Person, RecentCase, RowSurvey, ScenarioLine, StepScript, Tell
from oauthcert.words.catalogue import Catalogue
from tests.fakes.deployments import FakeDeployments


@dataclass
class FakePractice:
    targets: tuple[Target, ...] = (Target("fe01.contoso.lab"), Target("fe02.contoso.lab"))
    credential: Credential = field(default_factory=lambda: Credential("CONTOSO\\admin", Secret("practice")))
    closed: bool = False

    def close(self) -> None:
        self.closed = True


class FakeDesk:
    """Answers from its public fields; `asked` tells in order what a page wanted."""

    def __init__(self, language: str = "en") -> None:
        self.catalogue = Catalogue(language)
        self.asked: list[str] = []
        self.scenario_lines: tuple[ScenarioLine, ...] = (
            ScenarioLine("first-deployment", "A second Front End is stuck at Step 3", "Step 1 ran before the certificate existed.", 3),
            ScenarioLine("oauth-expired", "The certificate expired on a Sunday", "Nobody was told.", 4),
        )
        self.recent: tuple[RecentCase, ...] = ()
        self.explanation = Explanation("", "", "", (), ("Assigned certificate",))
        self.stored: dict[str, Secret] = {}
        self.held: dict[str, Credential] = {}
        self.cases: dict[Path, Case] = {}
        self.reports: dict[Path, str] = {}
        self.write_error: CaseFileError | None = None
        self.surveys: dict[str, RowSurvey] = {}
        self.discovery = Discovery()
        self.lists: dict[str, tuple[tuple[Target, ...], tuple[str, ...]]] = {}
        self.sign_in_answers: dict[str, NotSeen | None] = {}
        self.safe = True
        self.practice = FakePractice()
        self.practice_error: Exception | None = None
        self.look_case: Case | None = None
        self.look_events: tuple[object, ...] = ()
        self.chosen = Settings()
        self.settings_error: CaseFileError | None = None
        self.settings_told: tuple[str, ...] = ()
        self.vault_error: OauthcertError | None = None
        self.kept: Case | None = None
        self.plan_made: Plan | None = None
        self.plan_error: OauthcertError | None = None
        self.scripts: dict[str, StepScript] = {}
        self.wrong: dict[str, str] = {}
        self.repairing: Callable[[Plan, Mapping[str, Given], Person, CancelToken, Tell], Repair] | None = None
        self.undoing: Callable[[Repair], Repair] | None = None
        self.lab_did: list[str] = []
        self.reminders = ""
        self.previewed: tuple[Previewed, ...] = ()
        self.stories: tuple[Story, ...] = ()
        self.resumed: Resumed | None = None
        self.deployments = FakeDeployments()

    def phrase(self, key: str, **facts: str | int | float) -> str:
        return self.catalogue.window(key, **facts)

    def settings(self) -> Settings:
        return self.chosen

    def change_settings(self, settings: Settings) -> None:
        if self.settings_error is not None:
            raise self.settings_error
        self.chosen = settings

    def settings_news(self) -> tuple[str, ...]:
        return self.settings_told

    def error(self, error: OauthcertError) -> str:
        return self.catalogue.error(error)

    def scenarios(self) -> tuple[ScenarioLine, ...]:
        return self.scenario_lines

    def open_practice(self, scenario: str) -> FakePractice:
        self.asked.append(f"practice {scenario}")
        if self.practice_error is not None:
            raise self.practice_error
        return self.practice

    def explain(self, text: str) -> Explanation:
        self.asked.append(f"explain {text}")
        return self.explanation

    def recent_cases(self) -> tuple[RecentCase, ...]:
        return self.recent

    def parse_targets(self, text: str) -> tuple[tuple[Target, ...], tuple[str, ...]]:
        names = [name for name in text.replace(",", " ").split() if name]
        return tuple(Target(name.lower()) for name in names if "!" not in name), tuple(
            f"{name} is no server" for name in names if "!" in name
        )

    def survey(self, target: Target, token: CancelToken) -> RowSurvey:
        self.asked.append(f"survey {target.name}")
        return self.surveys.get(target.name, RowSurvey(target, 12, None))

    def read_list(self, file: Path) -> tuple[tuple[Target, ...], tuple[str, ...]]:
        self.asked.append(f"list {file.name}")
        if file.name not in self.lists:
            raise UsageError(f"{file.name} is no list")
        return self.lists[file.name]

    def discover(self, target: Target, credential: Credential, token: CancelToken) -> Discovery:
        self.asked.append(f"discover {target.name} as {credential.username}")
        return self.discovery

    def test_sign_in(self, target: Target, credential: Credential, token: CancelToken) -> NotSeen | None:
        self.asked.append(f"sign in {target.name}")
        return self.sign_in_answers.get(target.name)

    def accounts(self) -> tuple[str, ...]:
        return tuple(self.stored)

    def hold(self, credential: Credential) -> None:
        self.held[credential.username] = credential

    def credential(self, username: str, method: SignInMethod) -> Credential | None:
        if username in self.held and replace(self.held[username], method=method).complete:
            return replace(self.held[username], method=method)
        made = Credential(username, self.stored.get(username, Secret("")), method)
        return made if made.complete else None

    def remember(self, username: str) -> None:
        self.asked.append(f"remember {username}")
        if self.vault_error is not None:
            raise self.vault_error
        self.stored[username] = self.held[username].password

    def forget(self, username: str) -> None:
        self.asked.append(f"forget {username}")
        if self.vault_error is not None:
            raise self.vault_error
        self.stored.pop(username, None)

    def vault_is_safe(self) -> bool:
        return self.safe

    def plan(self, case: Case, wanted: Sequence[str], answers: Mapping[str, Given]) -> Plan:
        self.asked.append("plan")
        if self.plan_error is not None:
            raise self.plan_error
        if self.plan_made is None:
            raise AssertionError("the test gave no plan")
        return self.plan_made

    def runs(self, step: Step) -> StepScript | None:
        return self.scripts.get(step.id)

    def wrong_answer(self, ask: Ask, given: Given, answers: Mapping[str, Given]) -> str:
        return self.wrong.get(ask.id, "")

    def repair(
        self, case: Case, plan: Plan, answers: Mapping[str, Given], credential: Credential, person: Person, token: CancelToken, tell: Tell
    ) -> Repair:
        self.asked.append("repair")
        if self.repairing is None:
            raise AssertionError("the test gave no repair")
        return self.repairing(plan, answers, person, token, tell)

    def preview(
        self, case: Case, plan: Plan, answers: Mapping[str, Given], credential: Credential, token: CancelToken, tell: Tell
    ) -> tuple[Previewed, ...]:
        self.asked.append("preview")
        return self.previewed

    def undo(self, repair: Repair, credential: Credential, token: CancelToken, tell: Tell) -> Repair:
        self.asked.append("undo")
        if self.undoing is None:
            raise AssertionError("the test gave no way back")
        return self.undoing(repair)

    def interrupted(self) -> tuple[Story, ...]:
        return self.stories

    def resume(self, run: str, how: How, credential: Credential | None, token: CancelToken, tell: Tell) -> Resumed:
        self.asked.append(f"resume {run} {how.value} {credential.username if credential else '-'}")
        if self.resumed is None:
            raise UsageError(f"no such run as {run}")
        self.stories = (self.resumed.story,) if self.resumed.story.unfinished else ()
        return self.resumed

    def by_hand(self, step: Step) -> bool:
        self.lab_did.append(step.id)
        return True

    def lab_answer(self, request: str) -> bytes | None:
        self.lab_did.append("answer")
        return request.encode()

    def calendar(self, case: Case) -> str:
        return self.reminders

    def look(self, targets: Sequence[Target], credential: Credential, source: str, token: CancelToken, tell: Tell) -> Case:
        for event in self.look_events:
            token.raise_if_cancelled()
            tell(event)
        if self.look_case is None:
            raise AssertionError("the test gave no case")
        return self.look_case

    def look_again(self, case: Case, servers: Sequence[str], credential: Credential, token: CancelToken, tell: Tell) -> Case:
        self.asked.append(f"again {', '.join(servers)}")
        return self.look(case.targets, credential, case.source, token, tell)

    def open_case(self, file: Path) -> Case:
        if file not in self.cases:
            raise CaseFileError(f"{file.name} is no case")
        return self.cases[file]

    def save_case(self, file: Path, case: Case) -> None:
        self.cases[file] = case

    def keep_case(self, case: Case) -> Path | None:
        self.kept = case
        return Path("recovered-case.json")

    def render(self, case: Case, kind: str, masked: bool) -> str:
        return f"{kind} {len(case.findings)} {masked}"

    def write_report(self, file: Path, text: str) -> None:
        self.asked.append(f"write {file.name}")
        if self.write_error is not None:
            raise self.write_error
        self.reports[file] = text
