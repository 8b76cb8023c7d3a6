"""A repair with a key and its password, as a process of its own that is looked over while it works: nothing it shows or leaves has them."""

import base64
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from oauthcert.lab.machines import ProbeQuirk
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.secret import Secret

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")

PFX_PASSWORD = "CANARY-pfx-5b1c-ü'\"$(x)"
FE02 = "fe02.contoso.lab"
IMPORT = "Import-OAuthPfx"
ROOT = Path(__file__).parents[2]
OWN = "oauthcert-wizard"


@pytest.fixture
def lab() -> Iterator[PracticeLab]:
    with PracticeLab.open("no-private-key", pace=400) as opened:
        yield opened


def shown_by(process: int) -> dict[str, bytes]:
    """What others on the machine may see of a process: arguments, environment, and the content of every file it holds open."""
    folder = Path("/proc") / str(process)
    shown = {name: (folder / name).read_bytes() for name in ("cmdline", "environ", "comm")}
    for link in (folder / "fd").iterdir():
        try:
            file = link.readlink()
            if file.is_file():
                shown[str(file)] = file.read_bytes()[: 1 << 22]
        except OSError:
            continue  # closed meanwhile
    return shown


def left_in(folder: Path, besides: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file() and file != besides}


def forms(data: bytes, password: str, account: str) -> list[bytes]:
    """The secrets as they might turn up: as text, as JSON writes it, in base64, and as UTF-16; key material in pieces."""
    text = base64.b64encode(data)
    found = [data[200:232], text[400:440], text[800:840], b"CANARY"]
    for one in (password, account):
        found += [one.encode(), one.encode("utf-16-le"), base64.b64encode(one.encode())]
    return found


QUIRKS = {
    "slow": ProbeQuirk(seconds=1.5, times=1),
    "throws": ProbeQuirk(throws=f"cannot import with {PFX_PASSWORD}", times=1),
    "dies": ProbeQuirk(dies=True, after=True, times=1),
}


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("quirk", QUIRKS)
def test_that_a_repair_in_a_process_of_its_own_shows_and_leaves_no_secret(
    lab: PracticeLab, tmp_path: Path, quirk: str, format_: str
) -> None:
    named = {target.name: target for target in lab.targets}
    assigned = next(change.oauth.certificate.thumbprint for change in lab.deployment.changes if change.oauth is not None)
    data = lab.pfx(assigned, Secret(PFX_PASSWORD))
    file = tmp_path / "given.pfx"
    file.write_bytes(data)
    lab.disturb(FE02, IMPORT, replace(QUIRKS[quirk]))  # a quirk counts its times
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    temporary.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "gui"),
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    account = lab.credential.password.reveal()
    order = [sys.executable, "-m", "oauthcert", "fix", "import-oauth-pfx"]
    order += [f"127.0.0.1:{named['fe01.contoso.lab'].port}", f"localhost:{named[FE02].port}", "--user", lab.credential.username]
    order += ["--password-stdin", "--answer-file", f"import-oauth-pfx.file={file}", "--answer-stdin", "import-oauth-pfx.password"]
    order += ["--apply", "--yes", "irreversible", "--format", format_, "--save", str(tmp_path / "case.json")]
    shown: dict[str, bytes] = {}
    with subprocess.Popen(order, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(f"{account}\n{PFX_PASSWORD}\n".encode())
        process.stdin.close()
        process.stdin = None
        journal = home / ".local" / "state" / OWN / "journal"
        end = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < end:
            if any(b'"intend"' in one.read_bytes() for one in journal.glob("*.ndjson")):
                break
            time.sleep(0.02)
        if process.poll() is None:
            shown = shown_by(process.pid)
        out, err = process.communicate(timeout=90)
    left = left_in(tmp_path, file)
    assert (tmp_path / "case.json").is_file(), err.decode()
    assert any(name.endswith(".ndjson") for name in left)
    assert left_in(temporary, file) == {}
    assert (IMPORT in {deed.function for deed in lab.deeds}) is (quirk != "throws"), out.decode() + err.decode()
    if quirk == "slow":
        assert {"cmdline", "environ"} < set(shown)
        assert any(name.endswith(".ndjson") for name in shown), "the journal was open"
    everywhere = {**{f"process: {name}": text for name, text in shown.items()}, **left, "stdout": out, "stderr": err}
    everywhere.pop(f"process: {file}", None)
    assert [name for name, text in everywhere.items() for secret in forms(data, PFX_PASSWORD, account) if secret in text] == []
    assert [name for name in left if Path(name).stat().st_mode & 0o077 and name.endswith(".ndjson")] == []
