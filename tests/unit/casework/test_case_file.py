"""Cases and reports in files: whole or not at all, and nothing of somebody else's is overwritten."""

import errno
import os
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oauthcert.casework.case_file import FileInTheWay, FileNotRead, open_case, refuse_other_files, save_case
from oauthcert.casework.whole_file import FileNotWritten, write_whole
from oauthcert.model.case import Case
from oauthcert.model.codec import to_text
from oauthcert.model.errors import CaseFileError
from oauthcert.model.target import Target

CASE = Case(
    started=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
    finished=datetime(2026, 11, 21, 12, 1, tzinfo=UTC),
    source="live",
    targets=(Target("bücher.contoso.lab"),),
    observations=(),
)
TEXT = to_text(CASE)

posix_only = pytest.mark.skipif(os.name != "posix", reason="file modes and devices of POSIX")


def test_that_a_saved_case_is_opened_again(tmp_path: Path) -> None:
    file = tmp_path / "fälle" / ".." / "fall 1.json"
    (tmp_path / "fälle").mkdir()

    save_case(file, TEXT)

    assert open_case(file) == CASE
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["fall 1.json"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_that_a_case_is_read_from_what_windows_tools_make_of_it(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "case.json"
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    file.write_bytes(mark + TEXT.replace("\n", "\r\n").encode(encoding))

    assert open_case(file) == CASE
    save_case(file, TEXT)
    assert file.read_text(encoding="utf-8") == TEXT


def test_that_an_older_case_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    save_case(file, TEXT.replace("live", "case"))
    save_case(file, TEXT)

    assert open_case(file) == CASE


@pytest.mark.parametrize("content", ["my notes", '{"name": "package.json"}', "<html>", "\0" * 10 + "x"])
def test_that_somebody_elses_file_is_not_overwritten(tmp_path: Path, content: str) -> None:
    file = tmp_path / "case.json"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(FileInTheWay) as caught:
        save_case(file, TEXT)

    assert file.read_text(encoding="utf-8") == content
    assert caught.value.facts == {"file": str(file)}


def test_that_an_empty_file_and_a_new_name_are_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "empty.json").touch()

    refuse_other_files(tmp_path / "empty.json")
    refuse_other_files(tmp_path / "new.json")


@pytest.mark.parametrize(
    ("where", "number"), [("no/such/folder/case.json", errno.ENOENT), ("file.txt/case.json", errno.ENOTDIR), (".", errno.EISDIR)]
)
def test_that_a_place_that_cannot_be_written_is_named_with_the_reason(tmp_path: Path, where: str, number: int) -> None:
    (tmp_path / "file.txt").touch()

    with pytest.raises(FileNotWritten) as caught:
        write_whole(tmp_path / where, TEXT)

    assert caught.value.facts["file"] == str(tmp_path / where)
    if number != errno.EISDIR:
        assert caught.value.facts["why"] == os.strerror(number)


@posix_only
def test_that_a_failed_write_leaves_the_old_content_and_no_rubbish(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    save_case(file, TEXT)

    with pytest.raises(UnicodeEncodeError):
        write_whole(file, "\udc80" * 10)

    assert file.read_text(encoding="utf-8") == TEXT
    assert [entry.name for entry in tmp_path.iterdir()] == ["case.json"]


@posix_only
@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux")
def test_that_a_full_disk_is_told_in_the_systems_words() -> None:
    with pytest.raises(FileNotWritten) as caught:
        write_whole(Path("/dev/full"), TEXT)

    assert caught.value.facts["why"] == os.strerror(errno.ENOSPC)


@posix_only
def test_that_a_file_keeps_its_mode_and_a_link_its_target(tmp_path: Path) -> None:
    file, link = tmp_path / "case.json", tmp_path / "link.json"
    save_case(file, TEXT)
    file.chmod(0o640)
    link.symlink_to(file)

    save_case(link, TEXT)

    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", b"not json", b"\xff\xfe\x00", b'{"schema": 99}', b"[]"])
def test_that_what_is_no_case_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "case.json"
    file.write_bytes(content)

    with pytest.raises(CaseFileError) as caught:
        open_case(file)

    assert caught.value.words != CaseFileError.words


def test_that_a_file_that_is_not_there_and_a_folder_are_told(tmp_path: Path) -> None:
    for file in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(FileNotRead) as caught:
            open_case(file)
        assert caught.value.facts["file"] == str(file)
