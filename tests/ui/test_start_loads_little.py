"""The first window comes up without loading what looks at servers, judges, repairs or reports: that waits until it is wanted."""

import os
import subprocess
import sys
from pathlib import Path

FIRST_PAINT = """
import os, sys
from PySide6.QtCore import QEvent, QObject
from oauthcert.__main__ import wizard
import oauthcert.ui.wizard as module

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            sys.stdout.write(" ".join(name for name in sys.modules if name.startswith("oauthcert.")))
            sys.stdout.write(" cryptography" if "cryptography" in sys.modules else "")
            sys.stdout.flush()
            os._exit(0)
        return False

show = module.Wizard.show
def watched(self):
    self.watcher = FirstPaint()
    self.frame.installEventFilter(self.watcher)
    show(self)
module.Wizard.show = watched
sys.exit(wizard([]))
"""
LATER = ("certs", "collect", "fixes", "lab", "report")
ONLY = {"checks": {"oauthcert.checks", "oauthcert.checks.thresholds"}, "remote": {"oauthcert.remote", "oauthcert.remote.pool"}}


def loaded(home: Path) -> set[str]:
    places = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA")}
    environment = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", FIRST_PAINT], env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    return set(done.stdout.split())


def test_that_the_first_window_loads_nothing_it_does_not_show(tmp_path: Path) -> None:
    names = loaded(tmp_path)
    assert "oauthcert.ui.pages.start" in names
    assert not {name for name in names if name.split(".")[1:2] and name.split(".")[1] in LATER}
    for package, allowed in ONLY.items():
        assert {name for name in names if name.startswith(f"oauthcert.{package}")} <= allowed
    assert "oauthcert.model.evidence" not in names
    assert "cryptography" not in names
