"""Secrets with a text of their own go through a repair, good, broken and killed; afterwards they are found nowhere, nor on the wire."""

import base64
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oauthcert.casework.log_file import LogFile
from oauthcert.casework.repair import repair
from oauthcert.casework.repair_parts import Nobody, RepairParts
from oauthcert.fixes.functions import call
from oauthcert.lab.machines import ProbeQuirk
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.plan import Ask, AskKind, Consent, FromAsk, FromStep, Manner, Plan, Step
from oauthcert.model.repair import Outcome, Repair
from oauthcert.model.secret import Secret
from oauthcert.remote.winrm_gateway import WinrmGateway
from tests.fakes.relay import Relay
from tests.lab.killing import AFTER, HALF, Kill, killer
from tests.lab.mending import MENDINGS, PFX_PASSWORD, asker, assigned, authority, case_of, fault, pfx, requested
from tests.lab.test_wire_secrecy import readable
from tests.unit.lab.conftest import scenario

IMPORT = next(mending for mending in MENDINGS if mending.function == "Import-OAuthPfx")


def everything_written(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def key_texts(data: bytes) -> list[bytes]:
    """Pieces of a file of key material as they might turn up: raw, and in base64 however it was cut."""
    text = base64.b64encode(data)
    return [data[200:232], text[400:440], text[800:840]]


@pytest.fixture
def log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[LogFile]:
    file = LogFile(tmp_path / "logs" / "oauthcert.log")
    file.open()
    with caplog.at_level(logging.DEBUG):
        yield file
    file.close()


def repaired(lab: PracticeLab, plan: Plan, folder: Path, log: LogFile, **changes: object) -> tuple[Repair, list[object]]:
    told: list[object] = []
    parts = RepairParts(
        WinrmGateway(),
        lambda _target: lab.credential,
        folder / "journal",
        lambda: datetime.now(UTC),
        Nobody(),
        look_pauses=(0.1,),
        hide=log.hide,
    )
    answers = changes.pop("answers", None)
    case = changes.pop("case", None) or case_of(lab)
    done = repair(case, plan, parts, answers, consent=Consent.IRREVERSIBLE, token=CancelToken(), tell=told.append)  # type: ignore[arg-type]
    return done, told


@pytest.mark.parametrize("quirk", [None, ProbeQuirk(throws=f"it broke on {PFX_PASSWORD}", times=1), ProbeQuirk(dies=True, times=1)])
def test_that_neither_password_nor_key_of_a_pfx_is_left_anywhere(
    quirk: ProbeQuirk | None, tmp_path: Path, log: LogFile, caplog: pytest.LogCaptureFixture
) -> None:
    with IMPORT.open() as lab:
        new = requested(asker(lab))
        data = authority(asker(lab)).pfx(new, Secret(PFX_PASSWORD))
        server, name = "fe02.contoso.lab", "import-oauth-pfx@fe02.contoso.lab/1"
        action = call("Import-OAuthPfx", Parts=FromAsk("pfx"), Password=FromAsk("password"), Thumbprint=new)
        step = Step(name, "import-oauth-pfx", server, Manner.DOES, "import", Consent.CHANGE, action=action)
        asks = (Ask("pfx", "f", AskKind.FILE, "w"), Ask("password", "f", AskKind.SECRET, "w"))
        if quirk is not None:
            lab.disturb(server, "Import-OAuthPfx", quirk)
        done, told = repaired(
            lab, Plan(datetime.now(UTC), (step,), asks), tmp_path, log, answers={"pfx": data, "password": Secret(PFX_PASSWORD)}
        )
        password = lab.credential.password.reveal()

    assert done.results[0].outcome is (Outcome.CHANGED if quirk is None else Outcome.FAILED), done.results
    written, shown = everything_written(tmp_path), repr(done) + repr(told) + caplog.text
    for word in (PFX_PASSWORD, password, "CANARY"):
        assert word not in shown
        assert word.encode() not in written
    for piece in key_texts(data):
        assert piece not in written
        assert piece.decode("latin-1") not in shown


def test_that_an_exported_configuration_goes_from_server_to_server_and_nowhere_else(
    tmp_path: Path, log: LogFile, caplog: pytest.LogCaptureFixture
) -> None:
    faults = fault("service-stopped", more='service = "REPLICA"') + fault("oauth-renewed", "fe01", "2h ago")
    with PracticeLab(scenario(faults), pace=400) as lab:
        exported = asker(lab).all("fe01", "Export-MasterConfiguration")[0]["after"]["parts"]
        fe01, fe02 = "fe01.contoso.lab", "fe02.contoso.lab"
        export = Step("refresh@fe01/1", "refresh", fe01, Manner.DOES, "export", Consent.LOOK, action=call("Export-MasterConfiguration"))
        taking = call("Import-LocalConfiguration", Parts=FromStep(export.id, "parts", secret=True), Sha256=FromStep(export.id, "sha256"))
        load = Step("refresh@fe02/2", "refresh", fe02, Manner.DOES, "import", Consent.CHANGE, action=taking)
        done, told = repaired(lab, Plan(datetime.now(UTC), (export, load)), tmp_path, log)

    assert [result.outcome.good for result in done.results] == [True, True], done.results
    written, shown = everything_written(tmp_path), repr(done) + repr(told) + caplog.text
    for part in exported:
        for start in range(0, max(1, len(part) - 40), 200):
            assert part[start : start + 40] not in shown
            assert part[start : start + 40].encode() not in written


def test_that_a_listener_on_the_wire_reads_neither_password_nor_key(tmp_path: Path, log: LogFile) -> None:
    with IMPORT.open() as lab:
        ask = asker(lab)
        given = pfx(ask)
        data = authority(ask).pfx(str(given["Thumbprint"]), Secret(PFX_PASSWORD))
        target = next(one for one in lab.targets if one.name == "fe02.contoso.lab")
        with Relay(target.port) as relay:
            case = case_of(lab)
            case = replace(case, targets=tuple(replace(one, port=relay.port) if one.name == target.name else one for one in case.targets))
            done, _ = repaired(lab, IMPORT.plan(lab), tmp_path, log, case=case)
        password = lab.credential.password.reveal().encode()
    assert done.results[0].outcome is Outcome.CHANGED
    heard = bytes(relay.from_client) + b"\n" + bytes(relay.from_server)
    assert len(heard) > 20_000
    assert readable(heard, password, PFX_PASSWORD.encode(), b"CANARY", b"Import-OAuthPfx", *key_texts(data)) == set()
    parts = given["Parts"]
    assert isinstance(parts, list)
    assert not [part for part in parts if part.reveal()[:60].encode() in heard]


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
@pytest.mark.parametrize("kill", [Kill(1, HALF), Kill(2, AFTER), Kill(3, HALF), Kill(3, AFTER)], ids=str)
def test_that_a_killed_repair_leaves_no_secret_behind(kill: Kill, tmp_path: Path) -> None:
    temporary = {file for file in Path("/tmp").iterdir() if file.is_file()}
    with IMPORT.open() as lab, killer() as process:
        plan = IMPORT.plan(lab)
        assert process.repair(case_of(lab), plan, lab.credential, tmp_path / "journal", kill)
        environment = Path(f"/proc/{process.number}/environ")
        if environment.exists():
            seen = environment.read_bytes() + Path(f"/proc/{process.number}/cmdline").read_bytes()
            assert b"CANARY" not in seen
            assert lab.credential.password.reveal().encode() not in seen
        data = authority(asker(lab)).pfx(assigned(asker(lab)), Secret(PFX_PASSWORD))
        password = lab.credential.password.reveal().encode()
    written = everything_written(tmp_path)
    new = {file for file in Path("/tmp").iterdir() if file.is_file()} - temporary
    written += b"".join(file.read_bytes() for file in new if re.search("oauthcert|pfx", file.name))
    for word in (b"CANARY", password, *key_texts(data)):
        assert word not in written
