"""The rail at the left: every step with its state, a short note, and what lies apart (settings, about)."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from oauthcert.flow.steps import Step
from oauthcert.flow.trail import Trail
from oauthcert.ui import icons
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.labels import plain

Words = Callable[[str], str]


class StepButton(QPushButton):
    """One step: number or tick, name, note. Pressing it jumps there when the flow allows."""

    def __init__(self, step: str, name: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._number, self._name, self._theme = 0, name, theme
        self._current, self._done, self._note = False, False, ""
        self._mark = min(theme.pixels(20), 32)
        self.setObjectName(f"step-{step}")
        self.setFlat(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_state(self, number: int, *, current: bool, done: bool, reachable: bool, note: str, state_word: str) -> None:
        self._number, self._current, self._done, self._note = number, current, done, note
        self.setEnabled(reachable or current)
        self.setAccessibleName(f"{self._number}. {self._name}")
        self.setAccessibleDescription(" · ".join(part for part in (state_word, note) if part))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(192, max(36, self._theme.pixels(13) + 22))

    def paintEvent(self, event: QPaintEvent) -> None:
        colour, painter = self._theme.colour, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.tint("accent"))
            painter.drawRoundedRect(self.rect(), 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        self._draw_mark(painter)
        font = QFont(self.font())
        font.setPixelSize(self._theme.pixels(13))
        font.setWeight(QFont.Weight.DemiBold if self._current else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(colour("text" if self._current or self._done else "mute"))
        area = self.rect().adjusted(18 + self._mark, 0, -8, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._name)
        free = area.width() - painter.fontMetrics().horizontalAdvance(self._name) - 8
        font.setPixelSize(self._theme.pixels(11))
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        # a note that has no room beside the name is left out, not cut; the accessible description has it in any case
        if self._note and painter.fontMetrics().horizontalAdvance(self._note) <= free:
            painter.setPen(colour("mute"))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._note)

    def _draw_mark(self, painter: QPainter) -> None:
        colour = self._theme.colour
        circle = QRectF(8, (self.height() - self._mark) / 2, self._mark, self._mark)
        if self._done and not self._current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("pass"))
            painter.drawEllipse(circle)
            side = self._mark * 3 // 5
            inset = (self._mark - side) / 2
            tick = icons.pixmap("pass", colour("panel"), side, self.devicePixelRatioF())
            painter.drawPixmap(circle.adjusted(inset, inset, 0, 0).topLeft(), tick)
            return
        painter.setPen(Qt.PenStyle.NoPen if self._current else QPen(colour("line"), 1.2))
        painter.setBrush(colour("accent") if self._current else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)
        font = QFont(self.font())
        font.setPixelSize(self._mark * 11 // 20)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colour("on-accent") if self._current else colour("mute"))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))


class Pill(QLabel):
    """Says that these are practice servers, wherever the operator is in the window."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(words)
        self.setObjectName("rail-practice")
        self.setProperty("role", "pill")
        self.setContentsMargins(8, 3, 8, 3)


class Rail(QWidget):
    """`chosen` carries the step that was pressed; `settings`, `about` the links at the foot."""

    chosen = Signal(object)
    settings = Signal()
    about = Signal()

    def __init__(self, words: Words, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._words = words
        self.setFixedWidth(min(theme.pixels(216), 300))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 20, 12, 16)
        column.setSpacing(2)
        self._title = plain("OAuthCert Wizard", name="rail-name")
        self._note = plain("", "secondary", name="rail-note")
        for label in (self._title, self._note):
            label.setContentsMargins(8, 0, 8, 2)
            column.addWidget(label)
        column.addSpacing(12)
        self._buttons: dict[Step, StepButton] = {}
        for step in Step:
            button = StepButton(step.value, words(f"step.{step.value}"), theme, self)
            button.clicked.connect(lambda _checked=False, step=step: self.chosen.emit(step))
            column.addWidget(button)
            self._buttons[step] = button
        column.addStretch(1)
        self._practice = Pill(words("rail.practice"), self)
        column.addWidget(self._practice, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(4)
        column.addLayout(self._links())

    def _links(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        for key, signal in (("settings", self.settings), ("about", self.about)):
            link = QPushButton(self._words(f"rail.{key}"), self)
            link.setObjectName(f"open-{key}")
            link.setProperty("role", "link")
            link.clicked.connect(signal)
            row.addWidget(link)
        row.addStretch(1)
        return row

    def show_trail(self, trail: Trail, notes: dict[Step, str], title: str) -> None:
        """Draws the steps of the goal; `notes` are short words at the right, `title` stands under the name of the program."""
        self._note.setText(title)
        self._note.setVisible(bool(title))
        self._practice.setVisible(trail.state.scenario is not None)
        for step, button in self._buttons.items():
            current, done = step is trail.step, trail.done(step)
            button.setVisible(step in trail.path)
            number = trail.path.index(step) + 1 if step in trail.path else 0
            lacking = [why for earlier in trail.path[: max(0, number - 1)] if (why := trail.hindrance(earlier)) is not None]
            button.setToolTip(self._words(f"hindrance.{lacking[0].value}") if lacking and not current else "")
            word = self._words("rail.current" if current else "rail.done" if done else "rail.ahead")
            button.show_state(
                number, current=current, done=done, reachable=trail.reachable(step), note=notes.get(step, ""), state_word=word
            )
