"""The use cases behind the window, with their parts passed in. Knows no Qt; the window knows only the protocol `ui.desk.Desk`.

What a use case needs is imported when it is first used: the window opens with this module, and looks at no server then.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from oauthcert.casework.desk_parts import DeskParts, RunningLab
from oauthcert.casework.found import Discovery
from oauthcert.casework.limits import Limits
from oauthcert.casework.practice import Exercise
from oauthcert.casework.recent import RecentCase, note_case, recent_cases
from oauthcert.casework.repair_desk import RepairDesk
from oauthcert.casework.settings import Problem, Settings, save_settings
from oauthcert.casework.survey import Identify, RowSurvey, survey
from oauthcert.casework.whole_file import write_whole
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import OauthcertError, UsageError, VaultError
from oauthcert.model.secret import Credential, Secret, SignInMethod
from oauthcert.model.target import Target
from oauthcert.vault.store import Place, SecretStore, account_key
from oauthcert.words.catalogue import Catalogue
from oauthcert.words.texts import Explanation

if TYPE_CHECKING:
    from oauthcert.casework.events import Event
    from oauthcert.model.evidence import NotSeen, Observation

__all__ = ["DeskParts", "RunningLab", "WindowDesk"]

SIGN_IN_SECONDS = 15.0
"""How long testing an account on one server may take."""


class WindowDesk(RepairDesk):
    """May be called from the window's thread and from workers; what takes time says so in `ui.desk.Desk`."""

    def __init__(self, parts: DeskParts) -> None:
        super().__init__(parts)
        self._held: dict[str, Credential] = {}
        self._lock = Lock()
        self._opened_vault: SecretStore | None = None
        self._identify: Identify | None = None

    @property
    def catalogue(self) -> Catalogue:
        return self._parts.catalogue

    def phrase(self, key: str, **facts: str | int | float) -> str:
        return self._parts.catalogue.window(key, **facts)

    def error(self, error: OauthcertError) -> str:
        return self._parts.catalogue.error(error)

    # --- settings

    def settings(self) -> Settings:
        return self._settings

    def change_settings(self, settings: Settings) -> None:
        """Saved first, so that what cannot be saved is not in force either. Raises FileNotWritten."""
        if self._parts.settings_file is not None:
            save_settings(self._parts.settings_file, settings)
        self._settings = settings

    def settings_news(self) -> tuple[str, ...]:
        return tuple(self._problem(one) for one in self._parts.settings_problems)

    def _problem(self, problem: Problem) -> str:
        name = problem.name if problem.kind in {"unknown", "unreadable"} else self.phrase(f"settings.{problem.name}")
        return self.phrase(f"settings.problem.{problem.kind}", name=name, found=problem.found)

    # --- practice

    def scenarios(self) -> Sequence[Exercise]:
        return self._parts.exercises()

    def open_practice(self, scenario: str) -> RunningLab:
        self._lab = self._parts.practice(scenario)
        return self._lab

    # --- the first page

    def explain(self, text: str) -> Explanation:
        from oauthcert.words.explain import explain

        return explain(text, self.catalogue)

    def recent_cases(self) -> tuple[RecentCase, ...]:
        return recent_cases(self._parts.recent_file) if self._parts.recent_file is not None else ()

    # --- servers

    def parse_targets(self, text: str) -> tuple[tuple[Target, ...], tuple[str, ...]]:
        """Line by line, so that one wrong name costs only its own line."""
        from oauthcert.casework.targets import Reaching, read_targets

        found: dict[str, Target] = {}
        wrong: list[str] = []
        for line in text.splitlines():
            try:
                for target in read_targets([line], Reaching()) if line.partition("#")[0].strip() else ():
                    found.setdefault(target.name, target)
            except UsageError as error:
                wrong.append(self.error(error))
        return tuple(found.values()), tuple(wrong)

    def read_list(self, file: Path) -> tuple[tuple[Target, ...], tuple[str, ...]]:
        """Raises UsageError for a file that is no list; a row that is wrong costs only itself."""
        from oauthcert.casework.csv_list import read_list_file

        read = read_list_file(file)
        said = tuple(self.phrase("servers.list.line", line=problem.line, problem=self.error(problem.error)) for problem in read.problems)
        return read.targets, said

    def survey(self, target: Target, token: CancelToken) -> RowSurvey:
        with self._lock:
            identify = self._identify = self._identify or self._parts.identify()
        return survey(target, identify, token)

    def discover(self, target: Target, credential: Credential, token: CancelToken) -> Discovery:
        from oauthcert.casework.discover import discover

        return discover(target, credential, self._parts.gateway, token)

    # --- accounts

    def accounts(self) -> tuple[str, ...]:
        try:
            return self._vault().accounts()
        except VaultError:
            return ()  # the page says through `vault_is_safe` that nothing is stored here

    def test_sign_in(self, target: Target, credential: Credential, token: CancelToken) -> "NotSeen | None":
        from oauthcert.casework.diagnose import try_sign_in

        limits = Limits(lanes=1, seconds=SIGN_IN_SECONDS)
        quiet = _hear_nothing
        return try_sign_in(target, credential, self._parts.gateway, limits=limits, token=token, tell=quiet, now=self._parts.now).lost

    def hold(self, credential: Credential) -> None:
        self._parts.hide(credential.password)
        with self._lock:
            self._held[account_key(credential.username)] = credential

    def credential(self, username: str, method: SignInMethod) -> Credential | None:
        if not username.strip():
            return None
        with self._lock:
            held = self._held.get(account_key(username))
        if held is not None and replace(held, method=method).complete:
            return replace(held, method=method)
        try:
            secret = self._vault().get(username)
        except VaultError:
            secret = None
        self._parts.hide(secret or Secret(""))
        # Kerberos also does with the ticket of this account
        made = Credential(username.strip(), secret or Secret(""), method)
        return made if made.complete else None

    def remember(self, username: str) -> None:
        with self._lock:
            held = self._held.get(account_key(username))
        if held is not None:
            self._vault().put(username, held.password)

    def forget(self, username: str) -> None:
        with self._lock:
            self._held.pop(account_key(username), None)
        self._vault().remove(username)

    def vault_is_safe(self) -> bool:
        try:
            return self._vault().place is not Place.MEMORY
        except VaultError:
            return False

    def _vault(self) -> SecretStore:
        if self._opened_vault is None:
            self._opened_vault = self._parts.vault()
        return self._opened_vault

    # --- looking

    def look(
        self, targets: Sequence[Target], credential: Credential, source: str, token: CancelToken, tell: "Callable[[Event], None]"
    ) -> Case:
        from oauthcert.casework.apart import LookOrder, look_apart

        chosen = self._settings
        order = LookOrder(tuple(targets), credential, chosen.limits, source, chosen.waits, chosen.thresholds)
        return look_apart(order, token, tell)

    def look_again(
        self, case: Case, servers: Sequence[str], credential: Credential, token: CancelToken, tell: "Callable[[Event], None]"
    ) -> Case:
        """Asks these servers anew and judges all of them together: what one says may explain another."""
        from oauthcert.casework.diagnose import judged

        again = [target for target in case.targets if target.name in servers]
        fresh = self.look(again, credential, case.source, token, tell)
        by_name: dict[str, Observation] = {observation.server: observation for observation in fresh.observations}
        observations = tuple(by_name.get(observation.server, observation) for observation in case.observations)
        return judged(replace(case, observations=observations, finished=fresh.finished), self._settings.thresholds)

    # --- cases

    def open_case(self, file: Path) -> Case:
        from oauthcert.casework.opening import open_judged

        case = open_judged(file, self._parts.now(), self._settings.thresholds)
        self._note(file, case)
        return case

    def save_case(self, file: Path, case: Case) -> None:
        from oauthcert.casework.case_file import save_case
        from oauthcert.report.as_json import render_json

        save_case(file, render_json(case, self.catalogue))
        self._note(file, case)

    def _note(self, file: Path, case: Case) -> None:
        if self._parts.recent_file is not None:
            note_case(self._parts.recent_file, file, case)

    def keep_case(self, case: Case) -> Path | None:
        if self._parts.recovery_file is None:
            return None
        self._parts.recovery_file.parent.mkdir(parents=True, exist_ok=True)
        self.save_case(self._parts.recovery_file, case)
        return self._parts.recovery_file

    def render(self, case: Case, kind: str, masked: bool = False) -> str:
        """`html`, `markdown`, `json` or `text`, with stand-ins for names when `masked`; raises ValueError for another kind."""
        from oauthcert.report import as_json, html, markdown, masking, text

        shown = masking.masked(case) if masked else case
        match kind:
            case "html":
                return html.render_html(shown, self.catalogue)
            case "markdown":
                return markdown.render_markdown(shown, self.catalogue)
            case "json":
                return as_json.render_json(shown, self.catalogue)
            case "text":
                return text.render_text(shown, self.catalogue, width=100)
        raise ValueError(kind)

    def write_report(self, file: Path, text: str) -> None:
        write_whole(file, text)


def _hear_nothing(event: "Event") -> None:
    """A test of an account has one answer, and that is returned."""
