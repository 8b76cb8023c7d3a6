"""`oauthcert fix --case`: a file says which servers, never what they look like now, where they are or what certificate is theirs."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oauthcert.cli.main import run
from oauthcert.model.case import Case
from oauthcert.model.evidence import Answer, JsonValue, NotSeen, Observation, Seen
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target
from oauthcert.report.as_json import render_json
from oauthcert.report.masking import masked
from oauthcert.vault.store import MemoryStore
from oauthcert.words import Catalogue
from tests.fakes.parts import fake_parts
from tests.fakes.servers import CLOCK, REACHED, SIGNED_IN, FakeConnection, FakeGateway, FakeServer
from tests.fakes.terminal import FakeConsole

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PRINT = "ab" * 32
LIE = Target("fe01", "https", 5986, address="203.0.113.9", fingerprint=PRINT)
ACCOUNT = "CONTOSO\\admin"
REFUSED = NotSeen("refused")
Fix = Callable[..., tuple[int, str, str]]


@dataclass
class Watched(FakeGateway):
    """Remembers where each connection was to go."""

    targets: list[Target] = field(default_factory=list)

    def connect(self, target: Target, credential: Credential | None) -> FakeConnection:
        self.targets.append(target)
        return super().connect(target, credential)


@pytest.fixture
def gateway() -> Watched:
    return Watched({"fe01": FakeServer()})


@pytest.fixture
def fix(tmp_path: Path, gateway: Watched) -> Fix:
    vault = MemoryStore()
    vault.put(ACCOUNT, Secret("CANARY-1"))
    parts, _ = fake_parts(tmp_path, {}, vault)
    parts = replace(parts, gateway=lambda: gateway)

    def call(*arguments: str) -> tuple[int, str, str]:
        console = FakeConsole()
        return run(["fix", *arguments, "--lang", "en", "--quiet"], parts, console), console.out, console.err

    return call


@pytest.fixture
def lies() -> Case:
    """A stopped service that nobody has seen, on a server that stands somewhere else."""
    service: JsonValue = {"name": "REPLICA", "displayName": "Replica", "state": "Stopped", "startMode": "Auto"}
    observation = Observation("fe01", Seen(REACHED), Seen(SIGNED_IN), Seen(CLOCK), {"services": Answer("services", True, (service,))})
    return Case(NOW, NOW, "live", (LIE,), (observation,))


def saved(file: Path, case: Case) -> str:
    file.write_text(render_json(case, Catalogue("en")), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("way", [["--preview"], ["--apply", "--yes", "irreversible"]])
def test_that_the_servers_are_looked_at_anew_where_their_names_say(
    fix: Fix, gateway: Watched, lies: Case, tmp_path: Path, way: list[str]
) -> None:
    file = saved(tmp_path / "case.json", lies)
    _code, out, _err = fix("--case", file, "--user", ACCOUNT, *way)
    assert {(target.address, target.fingerprint, target.endpoint) for target in gateway.targets} == {
        (None, None, "https://fe01:5986/wsman")
    }
    assert "Start-StoppedService" not in out
    assert not (tmp_path / "logs" / "journal").exists()


def test_that_a_certificate_is_trusted_again_only_by_who_asks_for_it_now(fix: Fix, gateway: Watched, lies: Case, tmp_path: Path) -> None:
    file = saved(tmp_path / "case.json", lies)
    fix("--case", file, "--user", ACCOUNT, "--preview", "--trust", f"sha256:{'cd' * 32}")
    assert {target.fingerprint for target in gateway.targets} == {"cd" * 32}


def test_that_nothing_is_applied_to_servers_whose_names_are_masked(fix: Fix, gateway: Watched, lies: Case, tmp_path: Path) -> None:
    file = saved(tmp_path / "case.json", masked(lies))
    code, out, err = fix("--case", file, "--user", ACCOUNT, "--apply", "--yes", "irreversible")
    assert (code, out, gateway.targets) == (64, "", [])
    assert "masked" in err


def test_that_a_plan_from_a_file_alone_asks_nobody(fix: Fix, gateway: Watched, lies: Case, tmp_path: Path) -> None:
    file = saved(tmp_path / "case.json", replace(lies, observations=(Observation("fe01", REFUSED, REFUSED, REFUSED),)))
    assert fix("--case", file)[0] in (0, 3)
    assert fix("--case", file, "--trust", f"sha256:{PRINT}")[0] == 64
    assert gateway.targets == []
