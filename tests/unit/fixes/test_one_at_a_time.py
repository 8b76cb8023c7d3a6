"""The lock of a repair: one holder, gone with its process, and never in the way of nobody."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from oauthcert.fixes.journal import JournalNotWritten
from oauthcert.fixes.one_at_a_time import OnlyRepair, RepairRunning

HOLD = """
import sys, time
from pathlib import Path
from oauthcert.fixes.one_at_a_time import OnlyRepair
with OnlyRepair(Path(sys.argv[1]), "run-of-the-other"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_that_a_second_repair_is_refused_and_told_whose_it_is(tmp_path: Path) -> None:
    with OnlyRepair(tmp_path, "first"), pytest.raises(RepairRunning) as caught, OnlyRepair(tmp_path, "second"):
        pass
    assert caught.value.facts == {"run": "first", "process": str(os.getpid())}
    with OnlyRepair(tmp_path, "third"):
        pass


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_that_the_lock_of_another_process_holds_and_dies_with_it(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "gui")}
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], env=environment, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RepairRunning) as caught, OnlyRepair(tmp_path, "mine"):
            pass
        assert caught.value.facts == {"run": "run-of-the-other", "process": str(other.pid)}
        other.send_signal(signal.SIGKILL)
        other.wait(10)
    with OnlyRepair(tmp_path, "mine"):
        pass


def test_that_a_lock_file_that_somebody_left_full_of_anything_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / "applying.lock").write_bytes(b"\xff\0{")
    with OnlyRepair(tmp_path, "mine"), pytest.raises(RepairRunning), OnlyRepair(tmp_path, "other"):
        pass


def test_that_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(JournalNotWritten), OnlyRepair(tmp_path / "file", "run"):
        pass
