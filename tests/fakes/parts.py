"""The command's parts for tests: fake servers, passwords in memory, folders that are thrown away, a lab without a network."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from oauthcert.casework.folders import Folders
from oauthcert.casework.practice import Exercise, Practice
from oauthcert.cli.parts import Parts
from oauthcert.model.errors import ScenarioError
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target
from oauthcert.vault.store import MemoryStore, SecretStore
from tests.fakes.servers import FakeGateway, FakeServer

PRACTICE_PASSWORD = "CANARY-practice"


def fake_parts(folder: Path, servers: Mapping[str, FakeServer], vault: SecretStore | None = None) -> tuple[Parts, FakeGateway]:
    """Parts whose servers are these; the practice scenario `quiet` has the same servers."""
    gateway = FakeGateway(servers)
    store = vault or MemoryStore()

    @contextmanager
    def practice(scenario: str, _latency_milliseconds: int, _servers: int | None) -> Iterator[Practice]:
        if scenario != "quiet":
            raise ScenarioError(f"no scenario {scenario}", file="", key="scenario", allowed="quiet")
        targets = tuple(Target(name) for name in servers)
        credential = Credential("CONTOSO\\admin", Secret(PRACTICE_PASSWORD))
        yield Practice(scenario, targets, credential, {"scenario": scenario, "servers": [target.name for target in targets]})

    parts = Parts(
        now=lambda: datetime.now(UTC),
        folders=lambda: Folders(folder / "settings", folder / "logs"),
        gateway=lambda: gateway,
        vault=lambda: store,
        practice=practice,
        scenarios=lambda language: [Exercise("quiet", f"Nothing wrong ({language})", "A story.", len(servers))],
    )
    return parts, gateway
