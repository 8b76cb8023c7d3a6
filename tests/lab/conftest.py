"""The command as an operator runs it, in this process, against the practice lab; its folders are temporary, its passwords in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from oauthcert.casework.folders import Folders
from oauthcert.casework.practice import Practice
from oauthcert.cli.main import run
from oauthcert.cli.parts import Parts
from oauthcert.compose import practice_of, real_parts
from oauthcert.lab.practice import PracticeLab
from oauthcert.vault.store import MemoryStore
from tests.fakes.terminal import FakeConsole


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Command:
    """Calls `oauthcert` with its real parts, except for the password store and the folders; `labs` are those it opened."""

    parts: Parts
    vault: MemoryStore
    folders: Folders
    labs: list[PracticeLab]

    def __call__(self, *arguments: str, typed: str = "") -> Ran:
        console = FakeConsole(typed)
        code = run(arguments, self.parts, console)
        return Ran(code, console.out, console.err)


@pytest.fixture
def oauthcert(tmp_path: Path) -> Command:
    vault, labs = MemoryStore(), list[PracticeLab]()
    folders = Folders(tmp_path / "settings", tmp_path / "logs")

    @contextmanager
    def practice(scenario: str, latency_milliseconds: int, servers: int | None) -> Iterator[Practice]:
        with PracticeLab.open(scenario, servers=servers, latency_seconds=latency_milliseconds / 1000, pace=400) as lab:
            labs.append(lab)
            yield practice_of(lab)

    parts = replace(real_parts(), folders=lambda: folders, vault=lambda: vault, practice=practice)
    return Command(parts, vault, folders, labs)


@pytest.fixture
def lab(oauthcert: Command) -> Iterator[Callable[[str], PracticeLab]]:
    """Opens a scenario whose servers are then named by address, as real ones are; its account is in the password store."""
    opened: list[PracticeLab] = []

    def open_lab(scenario: str) -> PracticeLab:
        started = PracticeLab.open(scenario)
        opened.append(started)
        oauthcert.vault.put(started.credential.username, started.credential.password)
        return started

    yield open_lab
    for one in opened:
        one.close()
