"""The sign-in page on the real desk with a real vault in memory: where a typed password goes, and where it never does."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from oauthcert.casework.desk import DeskParts, WindowDesk
from oauthcert.casework.log_file import LogFile
from oauthcert.casework.settings import Settings, load_settings
from oauthcert.flow.state import WizardState
from oauthcert.model.secret import Secret, SignInMethod
from oauthcert.model.target import Target
from oauthcert.remote.failures import SignInRefused
from oauthcert.ui.pages.sign_in import SignInPage
from oauthcert.ui.theme import Theme
from oauthcert.vault.store import MemoryStore
from oauthcert.words.catalogue import Catalogue
from tests.fakes.servers import FakeGateway, FakeServer
from tests.ui.sign_in_at_hand import all_texts, answers, enter, leave, type_password
from tests.ui.sign_in_at_hand import test as try_now

CANARY = "CANARY-desk-52"
ADMIN = "CONTOSO\\admin"
SERVERS = {"fe01": FakeServer(), "fe02": FakeServer(failure=SignInRefused(username=ADMIN, method="ntlm"))}


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[LogFile]:
    opened = LogFile(tmp_path / "oauthcert.log")
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def vault() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def real_desk(tmp_path: Path, log_file: LogFile, vault: MemoryStore) -> WindowDesk:
    parts = DeskParts(
        catalogue=Catalogue("en"),
        gateway=FakeGateway(SERVERS),
        vault=lambda: vault,
        practice=lambda _scenario: pytest.fail("no practice here"),
        exercises=tuple,
        now=lambda: datetime.now(UTC),
        settings_file=tmp_path / "settings" / "settings.json",
        hide=log_file.hide,
    )
    return WindowDesk(parts)


@pytest.fixture
def page(qtbot: QtBot, real_desk: WindowDesk, theme: Theme) -> SignInPage:
    made = SignInPage(real_desk, theme)
    qtbot.addWidget(made)
    made.resize(1000, 900)
    made.show()
    made.activateWindow()
    enter(qtbot, made, WizardState(targets=tuple(Target(name) for name in SERVERS)))
    return made


def test_that_a_typed_password_ends_nowhere_but_at_the_desk(
    qtbot: QtBot, page: SignInPage, real_desk: WindowDesk, log_file: LogFile, tmp_path: Path
) -> None:
    page.account.name_box.setEditText(ADMIN)
    type_password(qtbot, page, CANARY)
    leave(qtbot, page)
    real_desk.change_settings(Settings(text_percent=125))
    logging.getLogger("oauthcert.test").warning("somebody said %s", CANARY)
    try_now(qtbot, page)

    assert CANARY not in all_texts(page)
    written = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.rglob("*") if file.is_file()}
    assert {"settings.json", "oauthcert.log"} <= set(written)
    assert [name for name, text in written.items() if CANARY in text] == []
    credential = real_desk.credential(ADMIN.lower(), SignInMethod.NTLM)
    assert credential is not None
    assert credential.password == Secret(CANARY)


def test_that_servers_answer_through_the_desk(qtbot: QtBot, page: SignInPage, real_desk: WindowDesk) -> None:
    page.account.name_box.setEditText(ADMIN)
    type_password(qtbot, page, CANARY)
    try_now(qtbot, page)
    assert answers(page)["fe01"] == real_desk.phrase("sign-in.test.accepted")
    assert answers(page)["fe02"] == real_desk.catalogue.reason("sign-in-refused").title


def test_that_a_vault_in_memory_is_told(page: SignInPage, real_desk: WindowDesk) -> None:
    assert page.account.remember_note.text() == real_desk.phrase("sign-in.remember.memory")


def test_that_a_stored_account_signs_in_by_every_method_it_can(real_desk: WindowDesk, vault: MemoryStore) -> None:
    vault.put(ADMIN, Secret(CANARY))
    for method in (SignInMethod.NTLM, SignInMethod.KERBEROS, SignInMethod.CREDSSP, SignInMethod.BASIC):
        credential = real_desk.credential(ADMIN, method)
        assert credential is not None
        assert credential.password == Secret(CANARY)
    assert real_desk.credential(ADMIN, SignInMethod.CERTIFICATE) is None
    assert real_desk.credential("CONTOSO\\nobody", SignInMethod.NTLM) is None
    assert real_desk.credential("  ", SignInMethod.NTLM) is None
    ticket = real_desk.credential("nobody@contoso.lab", SignInMethod.KERBEROS)
    assert ticket is not None
    assert ticket.password == Secret("")


def test_that_settings_are_saved_and_found_again(real_desk: WindowDesk, tmp_path: Path) -> None:
    chosen = Settings(style="dark", lanes=4)
    real_desk.change_settings(chosen)
    assert real_desk.settings() == chosen
    assert load_settings(tmp_path / "settings" / "settings.json").settings == chosen


def test_that_an_enter_in_the_password_goes_on(qtbot: QtBot, page: SignInPage) -> None:
    page.account.name_box.setEditText(ADMIN)
    type_password(qtbot, page, CANARY)
    with qtbot.waitSignal(page.wants_forward, timeout=5000):
        QTest.keyClick(page.account.password.edit, Qt.Key.Key_Return)
    assert page.account.password.edit.text() == ""
