"""The one place that picks the real parts. Each is imported when a command first needs it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oauthcert.cli.parts import Parts

if TYPE_CHECKING:
    from oauthcert.casework.folders import Folders
    from oauthcert.casework.practice import Exercise, Practice
    from oauthcert.remote.port import Gateway
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
    from oauthcert.casework.practice import Practice
    from oauthcert.lab.practice import PracticeLab

    with PracticeLab.open(scenario, servers=servers, latency_seconds=latency_milliseconds / 1000) as lab:
        yield Practice(lab.scenario.id, lab.targets, lab.credential, lab.description())


def _scenarios(language: str) -> "Sequence[Exercise]":
    from oauthcert.casework.practice import Exercise
    from oauthcert.lab.scenarios import scenarios

    def spoken(words: Mapping[str, str]) -> str:
        return words.get(language) or words["en"]

    return [Exercise(one.id, spoken(one.title), spoken(one.story), one.servers) for one in scenarios()]
