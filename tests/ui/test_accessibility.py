"""Every page, in every style, size of text and language: named, reached by Tab, not cut, and never rich text."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QTextEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from oauthcert.flow.steps import Step
from oauthcert.ui.frame import Frame
from oauthcert.ui.theme import Style
from tests.fakes.desk import FakeDesk
from tests.ui.windows import STEPS, frame_at, themed

INPUTS = (QAbstractButton, QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)
LOOKS = [(Style.LIGHT, 100), (Style.DARK, 200), (Style.CONTRAST, 100)]


@pytest.fixture(params=[(language, *look) for language in ("en", "de") for look in LOOKS], ids=str)
def desk_and_look(request: pytest.FixtureRequest) -> tuple[FakeDesk, Style, int]:
    language, style, percent = request.param
    return FakeDesk(language), style, percent


def shown(frame: Frame, qtbot: QtBot, size: tuple[int, int] = (1024, 700)) -> Frame:
    qtbot.addWidget(frame)
    frame.resize(*size)
    with qtbot.waitExposed(frame):
        frame.show()
    frame.activateWindow()
    qtbot.wait(20)
    return frame


def inputs(frame: QWidget) -> Iterator[QWidget]:
    """What takes the keyboard, parts of a larger input left out."""
    for widget in frame.findChildren(QWidget):
        inside = isinstance(widget.parent(), (QAbstractSpinBox, QComboBox, QAbstractItemView))
        takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if isinstance(widget, INPUTS) and not inside and takes and widget.isVisible() and widget.isEnabled():
            yield widget


def called(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()!r}"


@pytest.mark.parametrize("step", STEPS)
def test_that_every_input_has_a_name(step: Step, desk_and_look: tuple[FakeDesk, Style, int], qtbot: QtBot, qapp: QApplication) -> None:
    desk, style, percent = desk_and_look
    frame = shown(frame_at(step, desk, themed(qapp, style, percent)), qtbot)
    nameless = []
    for widget in inputs(frame):
        spoken = QAccessible.queryAccessibleInterface(widget)
        if spoken is None or not spoken.text(QAccessible.Text.Name).strip():
            nameless.append(called(widget))
    assert nameless == []


@pytest.mark.parametrize("step", STEPS)
def test_that_no_label_takes_rich_text(step: Step, qtbot: QtBot, qapp: QApplication) -> None:
    frame = shown(frame_at(step, FakeDesk(), themed(qapp, Style.LIGHT, 100)), qtbot)
    labels = [label for label in frame.findChildren(QLabel) if label.pixmap().isNull()]
    assert [called(label) for label in labels if label.textFormat() is not Qt.TextFormat.PlainText] == []


def cut(frame: QWidget) -> Iterator[str]:
    """Texts that have less room than they need."""
    for label in frame.findChildren(QLabel):
        if not label.isVisible() or not label.text() or label.property("elides"):
            continue
        needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        if label.height() < needed - 1 or (not label.wordWrap() and label.width() < label.sizeHint().width() - 1):
            yield f"{called(label)} {label.text()[:60]!r} {label.width()}x{label.height()}, needs height {needed}"
        elif label.wordWrap() and (word := widest_word(label)) > label.contentsRect().width() + 1:
            yield f"{called(label)} {label.text()[:60]!r} has a word of {word} pixels in {label.contentsRect().width()}"
    for kind in (QPushButton, QCheckBox, QRadioButton, QToolButton):
        for button in frame.findChildren(kind):
            if button.isVisible() and button.text() and not button.property("elides"):
                wish = button.sizeHint()
                if button.width() < wish.width() - 1 or button.height() < wish.height() - 1:
                    yield f"{called(button)} {button.text()!r} {button.width()}x{button.height()}, needs {wish.width()}x{wish.height()}"


def widest_word(label: QLabel) -> int:
    """Of the pieces between which a line may break: spaces, hyphens, and the invisible spaces put into long names."""
    pieces = re.split(r"[\s\u200b]+|(?<=-)", label.text())
    return max((label.fontMetrics().horizontalAdvance(piece) for piece in pieces), default=0)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("language", "percent", "size"), [("de", 200, (1024, 700)), ("en", 100, (1024, 700)), ("de", 100, (1280, 820))])
def test_that_no_text_is_cut(step: Step, language: str, percent: int, size: tuple[int, int], qtbot: QtBot, qapp: QApplication) -> None:
    frame = shown(frame_at(step, FakeDesk(language), themed(qapp, Style.LIGHT, percent)), qtbot, size)
    # what a page lays out by and by may take a moment on a busy machine
    for _ in range(20):
        if not list(cut(frame)):
            break
        qtbot.wait(50)
    assert list(cut(frame)) == []


@pytest.mark.parametrize("step", STEPS)
def test_that_tab_reaches_every_input_in_reading_order(step: Step, qtbot: QtBot, qapp: QApplication) -> None:
    frame = shown(frame_at(step, FakeDesk(), themed(qapp, Style.LIGHT, 100)), qtbot, (1280, 820))
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None, timeout=2000)
    wanted = {widget for widget in inputs(frame) if not is_unchecked_choice(widget)}
    reached: list[QWidget] = []
    for _ in range(4 * len(wanted) + 20):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in reached:
            break
        reached.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {called(widget) for widget in wanted} - {called(widget) for widget in reached} == set()
    first = next(position for position, widget in enumerate(reached) if frame.rail.isAncestorOf(widget))
    turned = [*reached[first:], *reached[:first]]
    assert [called(widget) for widget in turned if jumps_back(frame, turned, widget)] == []


def is_unchecked_choice(widget: QWidget) -> bool:
    """Of a group of choices Tab stops at one; the arrow keys go on from there."""
    return isinstance(widget, QAbstractButton) and widget.isCheckable() and widget.autoExclusive() and not widget.isChecked()


def order_in(frame: QWidget, widget: QWidget) -> tuple[int, int]:
    place = widget.mapTo(frame, QPoint(0, 0))
    return place.y(), place.x()


def jumps_back(frame: QWidget, turned: list[QWidget], widget: QWidget) -> bool:
    """Whether the one before stands both further down and further right. (Within a table the keys are its own.)"""
    position = turned.index(widget)
    if position == 0:
        return False
    (row, column), (row_before, column_before) = order_in(frame, widget), order_in(frame, turned[position - 1])
    return row < row_before - 4 and column < column_before - 4
