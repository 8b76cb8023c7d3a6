"""The one place that picks the real parts. Each is imported when a command first needs it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oauthcert.cli.parts import Parts

if TYPE_CHECKING:
    from pathlib import Path

    from oauthcert.casework.desk import WindowDesk
    from oauthcert.casework.folders import Folders
    from oauthcert.casework.log_file import LogFile
    from oauthcert.casework.practice import Exercise, Practice
    from oauthcert.casework.settings import Loaded
    from oauthcert.lab.apart import LabProcess
    from oauthcert.lab.practice import PracticeLab
    from oauthcert.model.secret import Credential, Secret
    from oauthcert.model.target import Target
    from oauthcert.remote.port import Connection, Gateway
    from oauthcert.ui.options import Options
    from oauthcert.vault.store import SecretStore


def real_parts() -> Parts:
    """WinRM, the system's password store, the practice lab, the clock of this machine."""
    return Parts(now=_now, folders=_folders, gateway=_gateway, vault=_vault, practice=_practice, scenarios=_scenarios)


def _now() -> datetime:
    return datetime.now(UTC)


def _folders() -> "Folders":
    from oauthcert.casework.folders import own_folders

    return own_folders()


def _gateway() -> "Gateway":
    from oauthcert.remote.winrm_gateway import WinrmGateway

    return WinrmGateway()


def _vault() -> "SecretStore":
    from oauthcert.vault.keyring_store import open_store

    return open_store(_folders().accounts_file)


@contextmanager
def _practice(scenario: str, latency_milliseconds: int, servers: int | None) -> "Iterator[Practice]":
    from oauthcert.lab.practice import PracticeLab

    with PracticeLab.open(scenario, servers=servers, latency_seconds=latency_milliseconds / 1000) as lab:
        yield practice_of(lab)


def practice_of(lab: "PracticeLab") -> "Practice":
    """A lab as those see it who practise on it."""
    from oauthcert.casework.practice import Practice

    return Practice(
        scenario=lab.scenario.id,
        targets=lab.targets,
        credential=lab.credential,
        description=lab.description(),
        by_hand=lab.by_hand,
        answer_request=lambda request: lab.answer_request(request, chain=True),
        pfx=lambda thumbprint, password: lab.pfx(thumbprint, password) if thumbprint else lab.new_pfx(password)[1],
    )


def _scenarios(language: str) -> "Sequence[Exercise]":
    from oauthcert.casework.practice import Exercise
    from oauthcert.lab.scenarios import scenarios

    def spoken(words: Mapping[str, str]) -> str:
        return words.get(language) or words["en"]

    return [Exercise(one.id, spoken(one.title), spoken(one.story), one.servers) for one in scenarios()]


def real_desk(language: str, loaded: "Loaded", folders: "Folders", hide: "Callable[[Secret], None]") -> "WindowDesk":
    """What the window asks: as `real_parts`, with the practice lab in a process of its own. `language` as `Catalogue` takes it."""
    from oauthcert.casework.desk import DeskParts, WindowDesk
    from oauthcert.words.catalogue import Catalogue

    catalogue = Catalogue(language)
    return WindowDesk(
        DeskParts(
            catalogue=catalogue,
            gateway=_LateGateway(),
            vault=_vault,
            practice=_practice_apart,
            exercises=lambda: _scenarios(catalogue.language),
            now=_now,
            settings=loaded.settings,
            settings_file=folders.settings_file,
            settings_problems=loaded.problems,
            recovery_file=folders.recovery_file,
            recent_file=folders.recent_file,
            deployments_file=folders.deployments_file,
            journal_dir=folders.journal_dir,
            hide=hide,
        )
    )


def _tour_desk(language: str, journal: "Path") -> "WindowDesk":
    """For pictures: nothing of this user is in it, neither settings nor cases nor accounts."""
    from oauthcert.casework.desk import DeskParts, WindowDesk
    from oauthcert.vault.store import MemoryStore
    from oauthcert.words.catalogue import Catalogue

    catalogue = Catalogue(language)
    parts = DeskParts(
        catalogue, _LateGateway(), MemoryStore, _practice_apart, lambda: _scenarios(catalogue.language), _now, journal_dir=journal
    )
    return WindowDesk(parts)


def _practice_apart(scenario: str) -> "LabProcess":
    from oauthcert.lab.apart import LabProcess

    return LabProcess(scenario)


class _LateGateway:
    """WinRM, imported when the first server is asked and not while the window opens."""

    def connect(self, target: "Target", credential: "Credential | None") -> "Connection":
        return _gateway().connect(target, credential)


def start_window(arguments: "Sequence[str]") -> int:
    """`oauthcert-wizard`: the window, or its pictures; returns the exit code. Raises SystemExit after --help and for wrong usage."""
    from oauthcert.ui.options import parse

    options = parse(arguments)
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from oauthcert.casework.log_file import LogFile
    from oauthcert.casework.settings import load_settings
    from oauthcert.cli.language import system_language

    folders = _folders()
    log_file = LogFile(folders.log_file)
    log_file.open()
    try:
        loaded = load_settings(folders.settings_file)
        language = options.language or loaded.settings.language or system_language()
        if options.tour is None:
            return _open_window(options, real_desk(language, loaded, folders, log_file.hide), folders, log_file)
        with TemporaryDirectory(prefix="oauthcert-tour-") as journal:
            return _open_window(options, _tour_desk(language, Path(journal)), folders, log_file)
    finally:
        log_file.close()


def _open_window(options: "Options", desk: "WindowDesk", folders: "Folders", log_file: "LogFile") -> int:
    import os
    import sys

    from oauthcert.model.errors import ScenarioError
    from oauthcert.ui.options import USAGE
    from oauthcert.ui.screen import NO_SCREEN, why_no_screen

    def refuse(sentence: str, code: int) -> int:
        sys.stderr.write(f"oauthcert-wizard: {sentence}\n")
        return code

    if options.scenario is not None:
        try:
            _known(options.scenario)
        except ScenarioError as error:
            return refuse(desk.error(error), USAGE)
    if options.tour is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    why, about = why_no_screen(os.environ, sys.platform)
    if why:
        return refuse(desk.phrase(why, about=about), NO_SCREEN)
    try:
        from oauthcert.ui.app import Around, Look, run_window
    except ImportError as error:
        return refuse(desk.phrase("screen.library", about=str(error)), NO_SCREEN)
    if options.tour is not None:
        from oauthcert.ui.tour import run_tour

        return run_tour(desk, options.tour, options.scenario)
    around = Around(folders.window_file, folders.log_file, log_file.clean)
    return run_window(desk, options, Look.of(options, desk.settings(), desk.catalogue.language), around)


def _known(scenario: str) -> None:
    """Raises ScenarioError for a scenario that there is not."""
    from oauthcert.lab.scenarios import load_scenario

    load_scenario(scenario)
