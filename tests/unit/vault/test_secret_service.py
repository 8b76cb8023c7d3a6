"""The same adaptor against a real Secret Service: gnome-keyring on a private D-Bus, unlocked, and locked with nobody to unlock it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
    reason="needs a Secret Service: install gnome-keyring and dbus",
)

_UNLOCKED = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "

_ROUND_TRIP = """
import json, sys
from pathlib import Path
from oauthcert.model.secret import Secret
from oauthcert.vault.keyring_store import open_store

store = open_store(Path(sys.argv[1]), seconds=20)
long = Secret("pä🔑" * 1700)
store.put("CONTOSO\\\\Admin", Secret("first"))
store.put("contoso\\\\admin", long)
print(json.dumps({
    "place": store.place,
    "same": store.get("CONTOSO\\\\ADMIN") == long,
    "other": store.get("CONTOSO\\\\other") is None,
    "accounts": store.accounts(),
    "reopened": open_store(Path(sys.argv[1]), seconds=20).get("contoso\\\\admin") == long,
    "removed": [store.remove("CONTOSO\\\\Admin"), store.remove("CONTOSO\\\\Admin")],
    "after": [store.get("CONTOSO\\\\Admin") is None, store.accounts()],
}))
"""

_LOCKED = """
import json, sys, time
from pathlib import Path
from oauthcert.model.errors import VaultError
from oauthcert.vault.keyring_store import open_store

started = time.monotonic()
try:
    open_store(Path(sys.argv[1]), seconds=1.5).get("admin")
    words = "answered"
except VaultError as error:
    words = error.words
print(json.dumps({"words": words, "seconds": time.monotonic() - started}))
"""


def _in_session(script: str, folder: Path, prepare: str) -> dict[str, object]:
    package = Path(__file__).parents[3] / "gui"
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY", "PYTHON_KEYRING_BACKEND"}
    }
    environment |= {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "PYTHONPATH": str(package)}
    environment |= {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", f'{prepare}exec "$@"', "sh", sys.executable, "-c", script, str(folder / "accounts.json")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(answer, dict)
    return answer


def test_that_a_real_secret_service_keeps_replaces_and_forgets(tmp_path: Path) -> None:
    assert _in_session(_ROUND_TRIP, tmp_path, _UNLOCKED) == {
        "place": "secret-service",
        "same": True,
        "other": True,
        "accounts": ["contoso\\admin"],
        "reopened": True,
        "removed": [True, False],
        "after": [True, []],
    }


def test_that_a_real_secret_service_that_waits_for_a_prompt_is_given_up_in_time(tmp_path: Path) -> None:
    answer = _in_session(_LOCKED, tmp_path, "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; ")

    assert answer["words"] in {"vault-locked", "vault-refused"}
    assert isinstance(answer["seconds"], float)
    assert answer["seconds"] < 10
