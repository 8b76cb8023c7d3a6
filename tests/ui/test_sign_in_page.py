"""The sign-in page: who, how, whether it works, and that no password stays anywhere."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from oauthcert.flow.state import Account, WizardState
from oauthcert.flow.steps import Goal
from oauthcert.flow.trail import Trail
from oauthcert.model.cancel import CancelToken
from oauthcert.model.evidence import NotSeen
from oauthcert.model.secret import Credential, Secret, SignInMethod
from oauthcert.model.target import Target
from oauthcert.ui.pages.sign_in import SignInPage
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.account_name import Form, Wrong, read_account_name
from oauthcert.vault.failures import VaultLocked
from tests.fakes.desk import FakeDesk
from tests.ui.sign_in_at_hand import ADMIN, CANARY, OVER_TLS, SERVERS, STATE, all_texts, answers, enter, leave, test, type_password


@pytest.fixture
def page(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> Iterator[SignInPage]:
    made = SignInPage(desk, theme)
    qtbot.addWidget(made)
    made.resize(1000, 900)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    enter(qtbot, made, STATE)
    yield made
    made.on_cancel()


@pytest.mark.parametrize(
    ("typed", "form", "wrong"),
    [
        (" CONTOSO\\admin ", Form.DOMAIN, None),
        ("admin@contoso.lab", Form.MAIL, None),
        (".\\admin", Form.LOCAL, None),
        ("admin", Form.BARE, None),
        ("CONTOSO\\Jörg Müller", Form.DOMAIN, None),
        ("", None, Wrong.EMPTY),
        ("  ", None, Wrong.EMPTY),
        ("CONTOSO/admin", None, Wrong.SLASH),
        ("CONTOSO\\admin@contoso.lab", None, Wrong.BOTH),
        ("A\\B\\admin", None, Wrong.TWICE),
        ("a@b@c", None, Wrong.TWICE),
        ("\\admin", None, Wrong.NO_DOMAIN),
        ("admin@", None, Wrong.NO_DOMAIN),
        ("CONTOSO\\", None, Wrong.NO_NAME),
        ("@contoso.lab", None, Wrong.NO_NAME),
        ("CONTOSO\\ad:min", None, Wrong.CHARACTERS),
        ("CONTOSO\\ad\nmin", None, Wrong.CHARACTERS),
        ("x" * 300, None, Wrong.TOO_LONG),
    ],
)
def test_that_account_names_are_told_apart(typed: str, form: Form | None, wrong: Wrong | None) -> None:
    name = read_account_name(typed)
    assert (name.form, name.wrong) == (form, wrong)
    assert name.text == typed.strip()


def test_that_an_empty_page_says_what_is_missing_first(page: SignInPage, desk: FakeDesk) -> None:
    standing = page.standing()
    assert not standing.ready
    assert standing.why_not == desk.phrase("hindrance.no-account")
    assert not page.account.password.edit.isEnabled()
    assert Trail(page.apply(STATE)).hindrance(Trail().step) is None
    assert page.apply(STATE).account == Account()


@pytest.mark.parametrize("wrong", ["CONTOSO/admin", "A\\B\\c", "CONTOSO\\"])
def test_that_a_wrong_name_is_told_and_goes_no_further(page: SignInPage, desk: FakeDesk, wrong: str) -> None:
    page.account.name_box.setEditText(wrong)
    assert page.account.name_note.isVisible()
    assert page.standing().why_not == desk.phrase("sign-in.why-not.name")
    assert page.apply(STATE).account.username == ""


def test_that_a_password_is_held_by_the_desk_and_gone_from_the_field(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    page.account.name_box.setEditText(ADMIN)
    type_password(qtbot, page)
    assert page.standing().ready
    leave(qtbot, page)
    assert page.account.password.edit.text() == ""
    assert desk.held[ADMIN] == Credential(ADMIN, Secret(CANARY))
    assert page.apply(STATE).account == Account(ADMIN, SignInMethod.NTLM, remember=False, ready=True)
    assert CANARY not in all_texts(page)


def test_that_undo_does_not_bring_a_password_back(qtbot: QtBot, page: SignInPage) -> None:
    page.account.name_box.setEditText(ADMIN)
    type_password(qtbot, page)
    page.account.password.show_typed.setChecked(True)
    leave(qtbot, page)
    page.account.password.show_typed.setChecked(True)
    page.account.password.edit.undo()
    assert page.account.password.edit.text() == ""


def test_that_typing_is_hidden_unless_asked_and_hidden_again_after(qtbot: QtBot, page: SignInPage) -> None:
    password = page.account.password
    page.account.name_box.setEditText(ADMIN)
    type_password(qtbot, page)
    assert password.edit.echoMode() is QLineEdit.EchoMode.Password
    assert CANARY not in password.edit.displayText()
    password.show_typed.setFocus()
    QTest.keyClick(password.show_typed, Qt.Key.Key_Space)
    assert password.edit.displayText() == CANARY
    leave(qtbot, page)
    assert password.edit.echoMode() is QLineEdit.EchoMode.Password
    assert not password.show_typed.isChecked()


def test_that_another_name_needs_its_own_password(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    page.account.name_box.setEditText(ADMIN)
    type_password(qtbot, page)
    leave(qtbot, page)
    page.account.name_box.setEditText("CONTOSO\\other")
    assert page.standing().why_not == desk.phrase("hindrance.no-password")
    page.account.name_box.setEditText("contoso\\ADMIN")
    assert page.standing().ready


def test_that_stored_accounts_are_offered_and_need_no_typing(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    desk.stored = {ADMIN: Secret(CANARY), "CONTOSO\\svc": Secret(CANARY)}
    enter(qtbot, page, STATE)
    box = page.account.name_box
    assert [box.itemText(index) for index in range(box.count())] == [ADMIN, "CONTOSO\\svc"]
    assert box.currentText() == ""
    box.setCurrentIndex(1)
    assert page.standing().ready
    assert page.account.password.edit.placeholderText() == desk.phrase("sign-in.password.stored")
    assert not page.account.remember.isEnabled()
    assert CANARY not in all_texts(page)


def test_that_the_only_stored_account_is_chosen(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    desk.stored = {ADMIN: Secret(CANARY)}
    enter(qtbot, page, STATE)
    assert page.apply(STATE).account.username == ADMIN
    assert page.standing().ready


def test_that_a_stored_account_is_forgotten_on_request(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    desk.stored = {ADMIN: Secret(CANARY)}
    enter(qtbot, page, STATE)
    page.account.forget_button.click()
    qtbot.waitUntil(lambda: not page._store.busy, timeout=5000)
    assert desk.stored == {}
    assert not page.standing().ready
    assert not page.account.forget_button.isVisible()


def test_that_remembering_happens_when_going_on(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    page.account.name_box.setEditText(ADMIN)
    page.account.remember.setChecked(True)
    type_password(qtbot, page)
    with qtbot.waitSignal(page.wants_forward, timeout=5000):
        assert not page.on_primary()
    assert desk.stored == {ADMIN: Secret(CANARY)}
    assert page.on_primary()
    assert desk.asked.count(f"remember {ADMIN}") == 1
    assert page.apply(STATE).account.remember


def test_that_a_new_password_replaces_a_stored_one(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    desk.stored = {ADMIN: Secret("old")}
    enter(qtbot, page, STATE)
    type_password(qtbot, page)
    leave(qtbot, page)
    page.account.remember.setChecked(True)
    with qtbot.waitSignal(page.wants_forward, timeout=5000):
        assert not page.on_primary()
    assert desk.stored == {ADMIN: Secret(CANARY)}


def test_that_a_refusing_store_is_told_and_does_not_hold_up(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    desk.vault_error = VaultLocked("locked", place="secret-service")
    page.account.name_box.setEditText(ADMIN)
    page.account.remember.setChecked(True)
    type_password(qtbot, page)
    assert not page.on_primary()
    qtbot.waitUntil(lambda: not page._store.busy, timeout=5000)
    assert page.account.store_note.isVisible()
    assert desk.phrase("sign-in.store.go-on") in page.account.store_note.text()
    assert page.standing().ready
    assert page.on_primary()
    assert desk.held[ADMIN].password == Secret(CANARY)


def test_that_a_store_in_memory_says_so(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    desk.safe = False
    enter(qtbot, page, STATE)
    assert page.account.remember_note.text() == desk.phrase("sign-in.remember.memory")
    assert not page.account.remember.isEnabled()


def test_that_a_slow_store_does_not_hold_up_the_page(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    release = threading.Event()

    def accounts() -> tuple[str, ...]:
        release.wait(5)
        return (ADMIN,)

    desk.accounts = accounts  # type: ignore[method-assign]
    page = SignInPage(desk, theme)
    qtbot.addWidget(page)
    page.on_enter(STATE)
    page.account.name_box.setEditText("CONTOSO\\typed")
    assert page.account.remember_note.text() == desk.phrase("sign-in.store.opening")
    release.set()
    qtbot.waitUntil(lambda: not page._store.busy, timeout=5000)
    assert page.account.name_box.currentText() == "CONTOSO\\typed"
    assert page.account.name_box.count() == 1


def test_that_credssp_is_taken_only_after_its_explanation(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    page.account.name_box.setEditText(ADMIN)
    type_password(qtbot, page)
    leave(qtbot, page)
    page.method.show_method(SignInMethod.CREDSSP)
    assert page.method.confirm.isVisible()
    assert page.standing().why_not == desk.phrase("sign-in.why-not.credssp")
    assert not page.apply(STATE).account.ready
    page.method.confirm.setChecked(True)
    assert page.apply(STATE).account == Account(ADMIN, SignInMethod.CREDSSP, ready=True)


@pytest.mark.parametrize(("targets", "possible"), [(SERVERS, False), (OVER_TLS, True), ((*OVER_TLS, SERVERS[0]), False), ((), False)])
def test_that_basic_needs_tls_on_every_server(page: SignInPage, targets: tuple[Target, ...], possible: bool) -> None:
    page.method.show_targets(targets, fixed=False)
    assert page.method._buttons[SignInMethod.BASIC].isEnabled() == possible
    assert page.method._why_not[SignInMethod.BASIC].isVisible() != possible


def test_that_a_method_that_became_impossible_is_not_used(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    desk.stored = {ADMIN: Secret(CANARY)}
    enter(qtbot, page, WizardState(targets=OVER_TLS, account=Account(ADMIN, SignInMethod.BASIC, ready=True)))
    assert page.standing().ready
    enter(qtbot, page, WizardState(targets=SERVERS, account=Account(ADMIN, SignInMethod.BASIC, ready=True)))
    assert page.standing().why_not == desk.phrase("sign-in.why-not.tls")


def test_that_kerberos_warns_of_addresses_and_does_without_a_password(page: SignInPage, desk: FakeDesk) -> None:
    page.method.show_targets((Target("10.0.0.1"), Target("2001:db8::7"), *SERVERS), fixed=False)
    page.account.name_box.setEditText("admin@CONTOSO.LAB")
    assert not page.method.warning.isVisible()
    page.method.show_method(SignInMethod.KERBEROS)
    assert page.method.warning.isVisible()
    assert "10.0.0.1" in page.method.warning.text()
    assert "fe01" not in page.method.warning.text()
    assert page.standing().ready


def test_that_a_certificate_needs_both_files(page: SignInPage, desk: FakeDesk, tmp_path: Path) -> None:
    certificate, key = tmp_path / "client.pem", tmp_path / "client.key"
    page.method.show_targets(OVER_TLS, fixed=False)
    page.method.show_method(SignInMethod.CERTIFICATE)
    page.method.files.show_files(str(certificate), str(key))
    assert page.standing().why_not == desk.phrase("sign-in.why-not.files")
    certificate.touch()
    key.touch()
    page.method.files.show_files("", "")
    page.method.files.show_files(str(certificate), str(key))
    assert page.standing().ready
    assert page.on_primary()
    assert desk.held["client"] == Credential("client", Secret(""), SignInMethod.CERTIFICATE, str(certificate), str(key))


def test_that_all_servers_are_tried_and_each_reason_is_told(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    desk.stored = {ADMIN: Secret(CANARY)}
    enter(qtbot, page, STATE)
    desk.sign_in_answers = {"fe02.contoso.lab": NotSeen("not-authorized")}
    test(qtbot, page)
    told = answers(page)
    assert told["fe01.contoso.lab"] == desk.phrase("sign-in.test.accepted")
    assert told["fe02.contoso.lab"] == desk.catalogue.reason("not-authorized").title
    assert desk.catalogue.reason("not-authorized").action in page.trial.detail.text()
    assert page.news().title == desk.phrase("sign-in.title.refused", count=3, accepted=2)


def test_that_one_server_alone_can_be_tried(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    desk.stored = {ADMIN: Secret(CANARY)}
    enter(qtbot, page, STATE)
    page.trial.against.setCurrentText("fe03.contoso.lab")
    test(qtbot, page)
    assert [asked for asked in desk.asked if asked.startswith("sign in")] == ["sign in fe03.contoso.lab"]


def test_that_a_refused_account_is_not_tried_until_it_is_locked(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    page.account.name_box.setEditText(ADMIN)
    type_password(qtbot, page, "wrong")
    desk.sign_in_answers = {target.name: NotSeen("sign-in-refused") for target in SERVERS}
    test(qtbot, page)
    assert [asked for asked in desk.asked if asked.startswith("sign in")] == ["sign in fe01.contoso.lab"]
    assert answers(page)["fe03.contoso.lab"] == desk.phrase("sign-in.test.spared")
    assert desk.phrase("sign-in.test.spared.why") in page.trial.detail.text()
    assert page.news().sentence == desk.phrase("sign-in.sentence.refused")


def test_that_a_test_stops_when_asked(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    def slow(_target: Target, _credential: Credential, token: CancelToken) -> NotSeen | None:
        token.wait(10)
        token.raise_if_cancelled()
        return None

    desk.test_sign_in = slow  # type: ignore[assignment,method-assign]
    desk.stored = {ADMIN: Secret(CANARY)}
    enter(qtbot, page, STATE)
    page.trial.button.click()
    assert page.on_cancel()
    qtbot.waitUntil(lambda: not page._asking.busy, timeout=2000)
    assert set(answers(page).values()) == {desk.phrase("sign-in.test.not-asked")}
    assert page.trial.button.text() == desk.phrase("sign-in.test.now")
    assert not page.on_cancel()


def test_that_another_account_makes_old_answers_obsolete(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    desk.stored = {ADMIN: Secret(CANARY)}
    enter(qtbot, page, STATE)
    test(qtbot, page)
    assert page.trial.tally.accepted == 3
    page.account.name_box.setEditText("CONTOSO\\other")
    assert page.trial.tally.asked == 0
    assert page.news().title == desk.phrase("sign-in.title")


def test_that_a_password_that_the_store_lost_is_told(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    desk.stored = {ADMIN: Secret(CANARY)}
    enter(qtbot, page, STATE)
    desk.stored = {}
    test(qtbot, page)
    assert page.trial.said.text() == desk.phrase("sign-in.test.password-gone")


def test_that_practice_is_filled_in(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    desk.hold(Credential(ADMIN, Secret("practice")))
    state = WizardState(goal=Goal.PRACTICE, scenario="first-deployment", targets=SERVERS, account=Account(ADMIN, ready=True))
    page.on_enter(state)
    assert page.standing().ready
    assert page.apply(state) == state
    assert page.on_primary()
    assert page.account.fixed_note.isVisible()
    assert not page.account.name_box.isEnabled()
    assert not page.account.password.isVisible()
    test(qtbot, page)
    assert page.trial.tally.accepted == 3


def test_that_a_page_drawn_anew_knows_what_was_typed_before(qtbot: QtBot, page: SignInPage, desk: FakeDesk, theme: Theme) -> None:
    page.account.name_box.setEditText(ADMIN)
    type_password(qtbot, page)
    leave(qtbot, page)
    anew = SignInPage(desk, theme)
    qtbot.addWidget(anew)
    enter(qtbot, anew, page.apply(STATE))
    assert anew.standing().ready


def test_that_hidden_pages_keep_no_password(qtbot: QtBot, page: SignInPage, desk: FakeDesk) -> None:
    page.account.name_box.setEditText(ADMIN)
    type_password(qtbot, page)
    page.hide()
    assert page.account.password.edit.text() == ""
    assert desk.held[ADMIN].password == Secret(CANARY)
    assert CANARY not in all_texts(page)


def test_that_the_wheel_changes_no_account(page: SignInPage) -> None:
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    page.account.name_box.addItems(["A\\a", "B\\b"])
    page.account.name_box.setCurrentIndex(0)
    buttons, modifiers = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(QPointF(4, 4), QPointF(4, 4), QPoint(), QPoint(0, -120), buttons, modifiers, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(page.account.name_box, wheel)
    assert page.account.name_box.currentText() == "A\\a"
