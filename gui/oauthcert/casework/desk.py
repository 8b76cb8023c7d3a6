"""The use cases behind the window, with their parts passed in. Knows no Qt; the window knows only the protocol `ui.desk.Desk`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Protocol

from oauthcert.casework.apart import LookOrder, look_apart
from oauthcert.casework.case_file import open_case, save_case
from oauthcert.casework.diagnose import Limits, judge_again, judged
from oauthcert.casework.events import Event
from oauthcert.casework.practice import Exercise
from oauthcert.casework.targets import Reaching, read_targets
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import OauthcertError, UsageError, VaultError
from oauthcert.model.evidence import Observation
from oauthcert.model.secret import Credential, Secret, SignInMethod
from oauthcert.model.target import Target
from oauthcert.remote.port import Gateway
from oauthcert.report.as_json import render_json
from oauthcert.report.html import render_html
from oauthcert.report.text import render_text
from oauthcert.vault.store import Place, SecretStore
from oauthcert.words.catalogue import Catalogue


class RunningLab(Protocol):
    """A practice lab that runs until it is closed."""

    targets: tuple[Target, ...]
    credential: Credential

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the desk is made of; `practice` starts a scenario, `exercises` lists them in the operator's language."""

    catalogue: Catalogue
    gateway: Gateway
    vault: Callable[[], SecretStore]
    practice: Callable[[str], RunningLab]
    exercises: Callable[[], Sequence[Exercise]]
    now: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)


class WindowDesk:
    """May be called from the window's thread and from workers; what takes time says so in `ui.desk.Desk`."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._held: dict[str, Credential] = {}
        self._lock = Lock()
        self._opened_vault: SecretStore | None = None

    @property
    def catalogue(self) -> Catalogue:
        return self._parts.catalogue

    def phrase(self, key: str, **facts: str | int | float) -> str:
        return self._parts.catalogue.window(key, **facts)

    def error(self, error: OauthcertError) -> str:
        return self._parts.catalogue.error(error)

    # --- practice

    def scenarios(self) -> Sequence[Exercise]:
        return self._parts.exercises()

    def open_practice(self, scenario: str) -> RunningLab:
        return self._parts.practice(scenario)

    # --- servers

    def parse_targets(self, text: str) -> tuple[tuple[Target, ...], tuple[str, ...]]:
        """Line by line, so that one wrong name costs only its own line."""
        found: dict[str, Target] = {}
        wrong: list[str] = []
        for line in text.splitlines():
            try:
                for target in read_targets([line], Reaching()) if line.partition("#")[0].strip() else ():
                    found.setdefault(target.name, target)
            except UsageError as error:
                wrong.append(self.error(error))
        return tuple(found.values()), tuple(wrong)

    # --- accounts

    def accounts(self) -> tuple[str, ...]:
        try:
            return self._vault().accounts()
        except VaultError:
            return ()  # the page says through `vault_is_safe` that nothing is stored here

    def hold(self, credential: Credential) -> None:
        with self._lock:
            self._held[credential.username.casefold()] = credential

    def credential(self, username: str, method: SignInMethod) -> Credential | None:
        with self._lock:
            held = self._held.get(username.casefold())
        if held is not None:
            return replace(held, method=method)
        if method in {SignInMethod.KERBEROS}:
            return Credential(username, Secret(""), method)
        try:
            secret = self._vault().get(username) if username.strip() else None
        except VaultError:
            secret = None
        return Credential(username, secret, method) if secret is not None else None

    def remember(self, username: str) -> None:
        with self._lock:
            held = self._held.get(username.casefold())
        if held is not None:
            self._vault().put(username, held.password)

    def forget(self, username: str) -> None:
        with self._lock:
            self._held.pop(username.casefold(), None)
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
        self, targets: Sequence[Target], credential: Credential, source: str, token: CancelToken, tell: Callable[[Event], None]
    ) -> Case:
        return look_apart(LookOrder(tuple(targets), credential, self._parts.limits, source), token, tell)

    def look_again(
        self, case: Case, servers: Sequence[str], credential: Credential, token: CancelToken, tell: Callable[[Event], None]
    ) -> Case:
        """Asks these servers anew and judges all of them together: what one says may explain another."""
        again = [target for target in case.targets if target.name in servers]
        fresh = self.look(again, credential, case.source, token, tell)
        by_name: dict[str, Observation] = {observation.server: observation for observation in fresh.observations}
        observations = tuple(by_name.get(observation.server, observation) for observation in case.observations)
        return judged(replace(case, observations=observations, finished=fresh.finished))

    # --- cases

    def open_case(self, file: Path) -> Case:
        return judge_again(open_case(file))

    def save_case(self, file: Path, case: Case) -> None:
        save_case(file, render_json(case, self.catalogue))

    def render(self, case: Case, kind: str) -> str:
        """`html`, `json` or `text`; raises ValueError for another kind."""
        match kind:
            case "html":
                return render_html(case, self.catalogue)
            case "json":
                return render_json(case, self.catalogue)
            case "text":
                return render_text(case, self.catalogue, width=100)
        raise ValueError(kind)
