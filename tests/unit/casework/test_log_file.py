"""The log: it tells what happened, never a password, and never stands in the way."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from oauthcert.casework.log_file import LogFile
from oauthcert.model.secret import Secret

log = logging.getLogger("oauthcert.test")


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[LogFile]:
    opened = LogFile(tmp_path / "logs" / "oauthcert.log")
    opened.open()
    yield opened
    opened.close()


def test_that_nothing_is_made_before_there_is_something_to_say(log_file: LogFile) -> None:
    assert not log_file.written
    assert not log_file.file.parent.exists()

    log.info("something")

    assert log_file.written
    assert "something" in log_file.file.read_text(encoding="utf-8")


@pytest.mark.parametrize("password", ["CANARY-71", 'it\'s "quoted"\\', "pässword\n密", "👀"])
def test_that_a_password_appears_as_dots_wherever_it_turns_up(log_file: LogFile, password: str) -> None:
    log_file.hide(Secret(password))
    try:
        int(f"could not send {password!r} to the server")
    except ValueError:
        log.exception("with %s", password)
    logging.getLogger("urllib3").warning("body %r", {"password": password})

    text = log_file.file.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert "•••" in text
    assert password not in text
    assert repr(password)[1:-1] not in text


def test_that_a_secret_given_to_a_message_prints_as_dots_without_being_announced(log_file: LogFile) -> None:
    log.warning("signing in with %s %r", Secret("CANARY-72"), Secret("CANARY-72"))

    assert "CANARY" not in log_file.file.read_text(encoding="utf-8")


def test_that_other_libraries_are_heard_from_warnings_on(log_file: LogFile) -> None:
    logging.getLogger("urllib3.connectionpool").info("GET /")
    log.info("ours")

    text = log_file.file.read_text(encoding="utf-8")
    assert "GET" not in text
    assert "ours" in text


def test_that_a_folder_that_cannot_be_made_disturbs_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be", encoding="utf-8")
    opened = LogFile(tmp_path / "logs" / "oauthcert.log")
    opened.open()
    try:
        log.error("lost")
        log.error("lost again")
    finally:
        opened.close()

    assert not opened.written
    assert "Traceback" not in capfd.readouterr().err


def test_that_closing_puts_logging_back_as_it_was(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("oauthcert").level)
    opened = LogFile(tmp_path / "oauthcert.log")
    opened.open()
    opened.close()
    opened.close()

    assert (root.level, list(root.handlers), logging.getLogger("oauthcert").level) == before


def test_that_a_full_log_is_put_aside_and_no_more_than_three_are_kept(log_file: LogFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oauthcert.casework.log_file._BYTES", 200)
    for number in range(30):
        logging.getLogger("oauthcert.test").warning("line %d of a log that fills up", number)
    kept = sorted(file.name for file in log_file.file.parent.iterdir())
    assert kept == [log_file.file.name, f"{log_file.file.name}.1", f"{log_file.file.name}.2"]
    assert "line 29" in log_file.file.read_text(encoding="utf-8") + log_file.file.with_name(kept[1]).read_text(encoding="utf-8")
    assert all(file.stat().st_size < 400 for file in log_file.file.parent.iterdir())
