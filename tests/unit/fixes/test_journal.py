"""The journal: whole lines or none, on the disk before anything happens, no secret in it, and read again whatever became of it."""

import errno
import json
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oauthcert.fixes.journal import SUFFIX, DiskFile, Header, Journal, JournalNotWritten, new_run
from oauthcert.fixes.journal_reading import JournalDamaged, NoSuchRun, RunRecord, Unreadable, list_runs, read_file, read_run
from oauthcert.fixes.plan_values import NotAPlan, plan_as_json, plan_from_json
from oauthcert.model.plan import Action, Ask, AskKind, Consent, FromAsk, FromStep, LeftOut, Manner, Plan, Step
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.model.secret import Secret
from oauthcert.model.target import Target

NOW = datetime(2026, 11, 21, 12, 30, 5, tzinfo=UTC)
RUN = "20261121T123005Z-0a1b2c"
ACTION = Action(
    "Import-OAuthPfx", ("fixes/pfx.ps1",), {"Parts": [Secret("CANARY-key")], "Password": Secret("CANARY-pfx"), "Thumbprint": "AB"}
)
STEP = Step("import@fe01/1", "import", "fe01", Manner.DOES, "import", Consent.CHANGE, {"names": ("a", "b"), "days": 3}, ACTION)
PLAN = Plan(
    NOW,
    (
        STEP,
        Step(
            "import@fe02/2",
            "import",
            "fe02",
            Manner.WAITS,
            "wait",
            Consent.LOOK,
            action=Action("X", (), {"A": FromStep("import@fe01/1", "parts", True), "B": FromAsk("file"), "C": {"d": [1, 2.5, None, True]}}),
            settles=("oauth-in-store@fe02",),
            wide=True,
        ),
    ),
    (Ask("file", "import", AskKind.FILE, "file", "x", ("x", "y"), False),),
    (LeftOut("a@b", "why", {"n": 1}),),
)
HEADER = Header(
    RUN, "1.0", NOW, "CONTOSO\\admin", "anna", "PC", "live", (Target("fe01", "https", 5986, "10.0.0.1", fingerprint="ab"),), PLAN
)
DONE = StepResult("import@fe01/1", Outcome.CHANGED, NOW, NOW, "", {"x": "ü"}, {"present": False}, {"present": True}, ("noted",))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal" / f"{RUN}{SUFFIX}"


def begun(file: Path) -> Journal:
    return Journal.begin(DiskFile(file, new=True), str(file), HEADER)


def written(file: Path) -> bytes:
    journal = begun(file)
    journal.intend("import@fe01/1", "fe01", ACTION, NOW, {"present": False}, undo=False)
    journal.ended(DONE)
    journal.verified(NOW, {"oauth-in-store@fe02": "pass"}, 0)
    journal.end(NOW, "finished")
    journal.close()
    return file.read_bytes()


def test_that_what_was_written_is_read_back_without_its_secrets(file: Path) -> None:
    content = written(file)
    record = read_run(file.parent, RUN)

    assert b"CANARY" not in content
    assert content.count(b"\n") == 5
    assert (record.cut, record.damaged) == (False, ())
    assert record.header.targets == HEADER.targets
    assert record.header.plan.steps[1] == PLAN.steps[1]
    assert record.header.plan.asks == PLAN.asks
    assert [entry.event for entry in record.entries] == ["intend", "done", "verified", "end"]
    intend, done, verified, end = record.entries
    assert (intend.server, intend.function, intend.seconds, intend.before) == ("fe01", "Import-OAuthPfx", 120.0, {"present": False})
    assert intend.arguments == {"Parts": [{"$": "secret"}], "Password": {"$": "secret"}, "Thumbprint": "AB"}
    assert done.result == DONE
    assert (verified.verdicts, verified.exit_code, end.how) == ({"oauth-in-store@fe02": "pass"}, 0, "finished")


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_that_only_this_user_can_read_it(file: Path) -> None:
    written(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_that_each_line_is_on_the_disk_when_its_call_returns(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append(os.fstat(handle).st_size)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    journal = begun(file)
    assert file.stat().st_size in synced
    journal.end(NOW, "finished")
    assert synced[-1] == file.stat().st_size
    assert len(synced) >= 4  # the file when it was made, its folder, the head, the end


def test_that_a_power_cut_anywhere_leaves_a_journal_that_says_what_counted(file: Path) -> None:
    content = written(file)
    ends = [at + 1 for at, byte in enumerate(content) if byte == ord("\n")]
    for length in range(len(content) + 1):
        file.write_bytes(content[:length])
        record = read_file(file)
        whole = sum(end <= length for end in ends)
        if not whole:
            assert record == Unreadable(file, "never-begun")
            continue
        assert isinstance(record, RunRecord)
        assert len(record.entries) == whole - 1
        assert record.cut == (length not in ends)
        assert record.damaged == ()


def test_that_zeros_after_a_power_cut_do_not_count_either(file: Path) -> None:
    content = written(file)
    file.write_bytes(content + b"\0" * 300)
    record = read_file(file)
    assert isinstance(record, RunRecord)
    assert (len(record.entries), record.cut) == (4, True)


def test_that_going_on_after_a_cut_line_takes_it_away_first(file: Path) -> None:
    content = written(file)
    file.write_bytes(content[:-7])
    journal = Journal(DiskFile(file, new=False), str(file))
    journal.kept(NOW)
    journal.close()
    record = read_file(file)
    assert isinstance(record, RunRecord)
    assert [entry.event for entry in record.entries] == ["intend", "done", "verified", "kept"]
    assert not record.cut


@pytest.mark.parametrize(
    "spoiled",
    [
        b"\xff\xfe\n",
        b"{}\n",
        b"[]\n",
        b'{"event":1,"when":"2026-11-21T12:00:00Z"}\n',
        b'{"event":"end","when":"soon"}\n',
        b"[" * 9000 + b"\n",
    ],
)
def test_that_damage_in_the_middle_is_named_and_the_rest_still_read(file: Path, spoiled: bytes) -> None:
    lines = written(file).splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:2], spoiled, *lines[2:]]))
    record = read_file(file)
    assert isinstance(record, RunRecord)
    assert record.damaged == (3,)
    assert len(record.entries) == 4


def test_that_a_damaged_head_is_said_and_not_guessed(file: Path) -> None:
    content = written(file)
    file.write_bytes(b"x" + content)
    assert read_file(file) == Unreadable(file, "damaged")
    with pytest.raises(JournalDamaged):
        read_run(file.parent, RUN)
    file.write_bytes(content.replace(b'"journal":1', b'"journal":9'))
    assert read_file(file) == Unreadable(file, "other-version")


def test_that_every_spoiled_field_of_the_head_is_damage_and_no_crash(file: Path) -> None:
    head = json.loads(written(file).splitlines()[0])

    def spoil(value: object, path: tuple[object, ...] = ()) -> None:
        match value:
            case dict():
                for key in list(value):
                    kept, value[key] = value[key], object_for(value[key])
                    file.write_bytes(json.dumps(head).encode() + b"\n")
                    assert isinstance(read_file(file), Unreadable | RunRecord), (path, key)
                    value[key] = kept
                    spoil(kept, (*path, key))
            case list():
                for item in value:
                    spoil(item, path)

    def object_for(value: object) -> object:
        return 7 if not isinstance(value, int) else {"$": "what"}

    spoil(head)


def test_that_only_names_of_runs_are_opened(file: Path) -> None:
    written(file)
    for name in ("", "..", f"../journal/{RUN}", "20261121T123005Z-ffffff", "a" * 5000):
        with pytest.raises(NoSuchRun):
            read_run(file.parent, name)


def test_that_runs_are_listed_newest_first_and_no_folder_is_no_error(tmp_path: Path, file: Path) -> None:
    assert list_runs(tmp_path / "nowhere") == ()
    written(file)
    (file.parent / f"20261122T000000Z-000000{SUFFIX}").write_bytes(b"")
    (file.parent / "applying.lock").write_bytes(b"")
    newest, older = list_runs(file.parent)
    assert newest == Unreadable(file.parent / f"20261122T000000Z-000000{SUFFIX}", "never-begun")
    assert isinstance(older, RunRecord)


def test_that_ids_of_runs_sort_by_time_and_differ() -> None:
    ids = {new_run(NOW) for _ in range(50)}
    assert len(ids) == 50
    assert all(one.startswith("20261121T123005Z-") for one in ids)


class FullDisk:
    """A disk that is full after so many bytes, in the middle of a line."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.real = os.write

    def __call__(self, handle: int, data: bytes) -> int:
        if self.left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        size = self.real(handle, bytes(data)[: self.left])
        self.left -= size
        return size


@pytest.mark.parametrize("left", [0, 1, 100, 400])
def test_that_a_full_disk_leaves_no_part_of_a_line(file: Path, left: int, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = begun(file)
    whole = file.read_bytes()
    monkeypatch.setattr(os, "write", FullDisk(left))
    result = StepResult("import@fe01/1", Outcome.CHANGED, NOW, NOW, notes=("x" * 1000,))
    with pytest.raises(JournalNotWritten) as caught:
        journal.ended(result)
    monkeypatch.undo()

    assert caught.value.facts == {"file": str(file), "why": "No space left on device"}
    assert file.read_bytes() == whole
    journal.ended(result)
    record = read_file(file)
    assert isinstance(record, RunRecord)
    assert [entry.event for entry in record.entries] == ["done"]


def test_that_a_part_of_a_line_that_cannot_be_taken_back_ends_the_writing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = begun(file)

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "write", FullDisk(10))
    monkeypatch.setattr(os, "ftruncate", broken)
    with pytest.raises(JournalNotWritten):
        journal.end(NOW, "finished")
    monkeypatch.undo()
    with pytest.raises(JournalNotWritten):
        journal.end(NOW, "finished")
    record = read_file(file)
    assert isinstance(record, RunRecord)
    assert (record.entries, record.cut) == ((), True)


def test_that_a_plan_survives_its_way_through_json() -> None:
    again = plan_from_json(json.loads(json.dumps(plan_as_json(PLAN))))
    assert again.steps[1] == PLAN.steps[1]
    assert (again.made, again.asks, again.left_out) == (PLAN.made, PLAN.asks, PLAN.left_out)
    assert "CANARY" not in json.dumps(plan_as_json(PLAN))
    assert json.dumps(plan_as_json(again)) == json.dumps(plan_as_json(PLAN))


SPOILS: list[Callable[[dict[str, object]], object]] = [
    lambda fields: fields.update(made="2026-11-21T12:00:00"),
    lambda fields: fields.update(steps={}),
    lambda fields: fields.update(asks=[{}]),
    lambda fields: fields.update(left_out=[{"finding": "a", "reason": "b", "facts": {"x": {}}}]),
]


@pytest.mark.parametrize("spoil", SPOILS)
def test_that_what_is_no_plan_is_refused(spoil: Callable[[dict[str, object]], object]) -> None:
    fields = plan_as_json(PLAN)
    spoil(fields)
    with pytest.raises(NotAPlan):
        plan_from_json(fields)
