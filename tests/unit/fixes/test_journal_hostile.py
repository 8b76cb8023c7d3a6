"""Files in the journal's folder that nobody of us wrote, and a lock that is a trap: told, never waited for, never followed."""

import json
import os
import time
from pathlib import Path

import pytest

from oauthcert.fixes.journal import SUFFIX, DiskFile, Header, Journal, JournalNotWritten
from oauthcert.fixes.journal_reading import LONGEST_FILE, NoSuchRun, RunRecord, Unreadable, list_runs, read_file, read_run
from oauthcert.fixes.one_at_a_time import OnlyRepair
from oauthcert.fixes.recovery import unfinished
from tests.fakes.fixing import START, plan, turn

RUN, OTHER = "20261121T120000Z-000000", "20261121T120000Z-111111"
posix = pytest.mark.skipif(os.name != "posix", reason="files of POSIX")


def begun(folder: Path, run: str = RUN) -> Path:
    file = folder / f"{run}{SUFFIX}"
    header = Header(run, "1", START, "a", "u", "c", "live", (), plan(turn("fe01")))
    Journal.begin(DiskFile(file, new=True), str(file), header).close()
    return file


def test_that_a_copy_under_another_name_is_no_run_of_its_own(tmp_path: Path) -> None:
    """Else it would come first at every start, and whoever wants to end it would end another file, or none."""
    file = begun(tmp_path)
    for name in (f"{RUN} (1){SUFFIX}", f"{OTHER}{SUFFIX}", f"backup{SUFFIX}"):
        (tmp_path / name).write_bytes(file.read_bytes())
    assert sorted(type(one).__name__ for one in list_runs(tmp_path)) == ["RunRecord", "Unreadable", "Unreadable", "Unreadable"]
    assert [one.run for one in unfinished(tmp_path)] == [RUN]


@posix
def test_that_what_is_no_file_is_neither_opened_nor_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / f"{RUN}{SUFFIX}")
    (tmp_path / f"{OTHER}{SUFFIX}").mkdir()
    (tmp_path / f"link{SUFFIX}").symlink_to(tmp_path / "nowhere")
    (tmp_path / f"zero{SUFFIX}").symlink_to("/dev/zero")
    started = time.monotonic()
    assert {type(one) for one in list_runs(tmp_path)} == {Unreadable}
    assert time.monotonic() - started < 5
    with pytest.raises(NoSuchRun):
        read_run(tmp_path, RUN)


def test_that_a_file_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    file = begun(tmp_path)
    with file.open("r+b") as stream:
        stream.truncate(max(1 << 30, LONGEST_FILE + 1))  # a hole: it takes no room on the disk
    assert read_file(file) == Unreadable(file, "damaged")


@posix
def test_that_a_journal_that_is_a_link_is_not_written_through(tmp_path: Path) -> None:
    elsewhere = begun(tmp_path / "elsewhere")
    content = elsewhere.read_bytes()
    (tmp_path / elsewhere.name).symlink_to(elsewhere)
    with pytest.raises(OSError, match="symbolic"):
        DiskFile(tmp_path / elsewhere.name, new=False)
    with pytest.raises(FileExistsError):
        DiskFile(tmp_path / elsewhere.name, new=True)
    assert elsewhere.read_bytes() == content


@pytest.mark.parametrize("how", ["\x1b[2J", "a" * 70_000, ""])
def test_that_texts_of_a_foreign_journal_are_only_texts(tmp_path: Path, how: str) -> None:
    file = begun(tmp_path)
    with file.open("ab") as stream:
        stream.write(json.dumps({"event": "end", "when": "2026-11-21T12:00:00Z", "how": how}).encode() + b"\n")
    record = read_file(file)
    assert isinstance(record, RunRecord)
    assert record.entries[-1].how == how


@posix
@pytest.mark.parametrize("trap", ["link", "folder", "pipe"])
def test_that_a_lock_that_is_a_trap_empties_no_file_and_is_not_waited_for(tmp_path: Path, trap: str) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"not to be emptied")
    lock = tmp_path / "journal" / "applying.lock"
    lock.parent.mkdir()
    match trap:
        case "link":
            lock.symlink_to(precious)
        case "folder":
            lock.mkdir()
        case "pipe":
            os.mkfifo(lock)
    started = time.monotonic()
    begun(lock.parent)
    with pytest.raises(JournalNotWritten), OnlyRepair(lock.parent, "mine"):
        pass
    assert [one.run for one in unfinished(lock.parent)] == [RUN]
    assert time.monotonic() - started < 5
    assert precious.read_bytes() == b"not to be emptied"
