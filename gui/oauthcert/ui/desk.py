"""Everything the window asks of the rest of the program. Pages get a `Desk`; nothing else reaches servers, files or the keyring.

Methods that may take time say so: they are called on a worker thread through `JobBridge`, never on the window's thread.
"""

from __future__ import annotations  # the window opens with this module: what only types need is not loaded then

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from oauthcert.casework.found import Discovery, FoundServer
from oauthcert.casework.person import Given, Person
from oauthcert.casework.practice import Exercise as ScenarioLine
from oauthcert.casework.recent import RecentCase
from oauthcert.casework.step_script import StepScript
from oauthcert.casework.survey import RowSurvey
from oauthcert.words.texts import Explanation

if TYPE_CHECKING:
    from oauthcert.casework.person import How
    from oauthcert.casework.previewing import Previewed
    from oauthcert.casework.resuming import Resumed
    from oauthcert.casework.settings import Settings
    from oauthcert.fixes.deployment import Guidance
    from oauthcert.fixes.deployment_moves import Move
    from oauthcert.fixes.deployment_record import Deployment
    from oauthcert.fixes.recovery import Story
    from oauthcert.model.cancel import CancelToken
    from oauthcert.model.case import Case
    from oauthcert.model.errors import OauthcertError
    from oauthcert.model.evidence import NotSeen
    from oauthcert.model.plan import Ask, Plan, Step
    from oauthcert.model.repair import Repair
    from oauthcert.model.secret import Credential, SignInMethod
    from oauthcert.model.target import Target
    from oauthcert.words.catalogue import Catalogue

__all__ = [
    "Desk", "Discovery", "Explanation", "FoundServer", "Given", "Person", "Practice", "RecentCase", "RowSurvey", "ScenarioLine",
    "StepScript", "Tell",
]  # fmt: skip

Tell = Callable[[object], None]


class Practice(Protocol):
    """A running practice lab."""

    targets: tuple[Target, ...]

    @property
    def credential(self) -> Credential: ...

    def close(self) -> None: ...


class Deployments(Protocol):
    """As casework.deployment.Deployments, where the methods say what they may raise. Those that read and write one small file are quick."""

    def begun(self) -> tuple[Deployment, ...]: ...

    def known(self, case: Case) -> Deployment: ...

    def forget(self, deployment: Deployment) -> None: ...

    def allow_another_request(self, case: Case) -> None: ...

    def has_finished(self, case: Case, servers: Sequence[str]) -> None: ...

    def guide(self, case: Case, account: str = "", method: str = "") -> Guidance:
        """Takes up to a second for many servers."""

    def plan(self, case: Case, move: Move, answers: Mapping[str, Given]) -> Plan:
        """Takes a second at most. Raises UsageError."""

    def carry_out(
        self, case: Case, plan: Plan, answers: Mapping[str, Given], credential: Credential, person: Person, token: CancelToken, tell: Tell
    ) -> Repair:
        """As `Desk.repair`; raises SecondRequest before anything is sent."""


class Desk(Protocol):
    """The use cases behind the window."""

    @property
    def catalogue(self) -> Catalogue:
        """All words in the operator's language: reasons, findings, formats. Texts of the window come by `phrase`."""

    def phrase(self, key: str, **facts: str | int | float) -> str:
        """A text of the window (`words/<lang>/window.toml`) by key, facts filled in."""

    def settings(self) -> Settings: ...

    def change_settings(self, settings: Settings) -> None:
        """Saves them; thresholds and waits count from the next look. Raises CaseFileError when they cannot be saved."""

    def settings_news(self) -> tuple[str, ...]:
        """A sentence for each setting that could not be read at the start."""

    def error(self, error: OauthcertError) -> str:
        """What went wrong and what to do next, as one paragraph."""

    def scenarios(self) -> Sequence[ScenarioLine]:
        """What can be practised, in the operator's language."""

    def open_practice(self, scenario: str) -> Practice:
        """Takes up to some seconds. Raises ScenarioError."""

    def explain(self, text: str) -> Explanation:
        """What a pasted text means; quick enough for the window's thread."""

    def recent_cases(self) -> tuple[RecentCase, ...]:
        """Newest first. Reads one small file."""

    def parse_targets(self, text: str) -> tuple[tuple[Target, ...], tuple[str, ...]]:
        """What was typed or pasted: the servers, and a sentence for each piece that is none."""

    def survey(self, target: Target, token: CancelToken) -> RowSurvey:
        """Name, port and WS-Management of one server, without signing in. Takes up to 10 s."""

    def read_list(self, file: Path) -> tuple[tuple[Target, ...], tuple[str, ...]]:
        """The servers in a file, and a sentence for each line that is none. Reads up to 4 MB. Raises UsageError."""

    def discover(self, target: Target, credential: Credential, token: CancelToken) -> Discovery:
        """The servers that this one knows of, with their roles, or why it could not be asked. Takes up to a minute."""

    def test_sign_in(self, target: Target, credential: Credential, token: CancelToken) -> NotSeen | None:
        """None when the server accepts the account. Takes up to 15 s."""

    def accounts(self) -> tuple[str, ...]:
        """Names of stored accounts. May take half a minute: a locked store asks its user first."""

    def hold(self, credential: Credential) -> None:
        """Keeps a typed password in memory until the program ends."""

    def credential(self, username: str, method: SignInMethod) -> Credential | None:
        """What was typed in this run, else what is stored; None when a password has to be asked for. Takes as long as `accounts`."""

    def remember(self, username: str) -> None:
        """Puts the held password into the operating system's store. Takes as long as `accounts`. Raises VaultError."""

    def forget(self, username: str) -> None:
        """Takes as long as `accounts`. Raises VaultError."""

    def vault_is_safe(self) -> bool:
        """False where passwords are only kept in memory. Takes as long as `accounts`."""

    def look(self, targets: Sequence[Target], credential: Credential, source: str, token: CancelToken, tell: Tell) -> Case:
        """Looks at all servers; tells casework events. Takes minutes at most; a cancel keeps what there is."""

    def look_again(self, case: Case, servers: Sequence[str], credential: Credential, token: CancelToken, tell: Tell) -> Case:
        """Looks at some servers of a case again and judges everything anew."""

    def plan(self, case: Case, wanted: Sequence[str], answers: Mapping[str, Given]) -> Plan:
        """What to do about these findings or fixes (empty: about the causes). Takes a second at most. Raises UsageError."""

    def runs(self, step: Step) -> StepScript | None:
        """What exactly a step runs on its server; None for a step that runs nothing."""

    def wrong_answer(self, ask: Ask, given: Given, answers: Mapping[str, Given]) -> str:
        """What is wrong with an answer, as a sentence; empty when it will do. Reads no file: a file's bytes are the answer."""

    def repair(
        self, case: Case, plan: Plan, answers: Mapping[str, Given], credential: Credential, person: Person, token: CancelToken, tell: Tell
    ) -> Repair:
        """Carries the plan out, looks again and judges; tells casework RepairEvents. Takes minutes. A cancel stops after the step.

        Raises OauthcertError when it cannot begin (another repair runs, the journal cannot be written).
        """

    def preview(
        self, case: Case, plan: Plan, answers: Mapping[str, Given], credential: Credential, token: CancelToken, tell: Tell
    ) -> tuple[Previewed, ...]:
        """Asks the servers what each step would do (-WhatIf), without doing it. May take a minute."""

    def undo(self, repair: Repair, credential: Credential, token: CancelToken, tell: Tell) -> Repair:
        """Takes back what can be taken back, newest first, and looks again. As `repair`."""

    @property
    def deployments(self) -> Deployments:
        """First deployments that were begun, and what to do next in one."""

    def interrupted(self) -> tuple[Story, ...]:
        """Repairs that something ended in the middle, newest first. Reads some small files."""

    def resume(self, run: str, how: How, credential: Credential | None, token: CancelToken, tell: Tell) -> Resumed:
        """Looks what became of an interrupted repair, takes it back, or keeps it as it is (that asks no server). May take minutes.

        Raises OauthcertError when it cannot begin.
        """

    def by_hand(self, step: Step) -> bool:
        """In practice the lab does what a person would do on the server; False where there is no lab. Takes up to some seconds."""

    def lab_answer(self, request: str) -> bytes | None:
        """In practice: the certificate that the lab's authority issues for a request; None where there is no lab, or it refuses."""

    def calendar(self, case: Case) -> str:
        """Renewal dates of the case as an iCalendar text; empty when there is none to remember."""

    def open_case(self, file: Path) -> Case:
        """Raises CaseFileError."""

    def save_case(self, file: Path, case: Case) -> None:
        """Raises CaseFileError."""

    def keep_case(self, case: Case) -> Path | None:
        """Saves the case where the next start can find it, for when the window breaks. Raises CaseFileError, OSError."""

    def render(self, case: Case, kind: str, masked: bool) -> str:
        """The report as `html`, `markdown`, `json` or `text`."""

    def write_report(self, file: Path, text: str) -> None:
        """The whole text or nothing; an older file of that name is replaced. Raises CaseFileError."""
