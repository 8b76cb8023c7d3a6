"""What the tests of the sign-in page share: servers, an account, and how to type and leave."""

from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from oauthcert.flow.state import WizardState
from oauthcert.model.target import Target
from oauthcert.ui.pages.sign_in import SignInPage

CANARY = "CANARY-pass-71"
ADMIN = "CONTOSO\\admin"
SERVERS = tuple(Target(f"fe0{number}.contoso.lab") for number in range(1, 4))
OVER_TLS = tuple(Target(target.name, "https", 5986) for target in SERVERS)
STATE = WizardState(targets=SERVERS)


def enter(qtbot: QtBot, page: SignInPage, state: WizardState) -> None:
    page.on_enter(state)
    qtbot.waitUntil(lambda: not page._store.busy, timeout=5000)


def type_password(qtbot: QtBot, page: SignInPage, text: str = CANARY) -> None:
    page.account.password.edit.setFocus()
    qtbot.waitUntil(page.account.password.edit.hasFocus, timeout=5000)
    QTest.keyClicks(page.account.password.edit, text)


def leave(qtbot: QtBot, page: SignInPage) -> None:
    page.trial.against.setFocus()
    qtbot.waitUntil(page.trial.against.hasFocus, timeout=5000)


def test(qtbot: QtBot, page: SignInPage) -> None:
    page.trial.button.click()
    qtbot.waitUntil(lambda: not page._asking.busy, timeout=5000)


test.__test__ = False  # type: ignore[attr-defined]


def answers(page: SignInPage) -> dict[str, str]:
    return {item.text(0): item.text(1) for item in page.trial._items()}


def all_texts(root: QWidget) -> str:
    """Everything a widget below shows or says, to eyes or to a screen reader."""
    texts: list[str] = []
    for part in [root, *root.findChildren(QWidget)]:
        texts += [part.accessibleName(), part.accessibleDescription(), part.toolTip(), part.whatsThis(), part.windowTitle()]
        if isinstance(part, QLabel | QLineEdit):
            texts.append(part.text())
        if isinstance(part, QLineEdit):
            texts.append(part.placeholderText())
        if isinstance(part, QComboBox):
            texts += [part.itemText(index) for index in range(part.count())]
        seen = QAccessible.queryAccessibleInterface(part)
        if seen is not None:
            texts += [seen.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Value, QAccessible.Text.Description)]
    return "\n".join(texts)
