"""One step of a plan in the list: how it stands, what it is, where, how long, and who notices."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from oauthcert.model.finding import Verdict
from oauthcert.model.plan import Consent, Manner, Step
from oauthcert.ui import icons
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.fix_run import Mark
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.badge import Badge
from oauthcert.ui.widgets.labels import plain

_ICONS = {
    Mark.GOOD: ("pass", "pass"),
    Mark.WRONG: ("fail", "failed"),
    Mark.UNCERTAIN: ("unknown", "could-not-look"),
    Mark.LEFT_OUT: ("not-applicable", "mute"),
}
_WEIGHT = {
    Consent.LOOK: Verdict.PASS,
    Consent.CHANGE: Verdict.PASS,
    Consent.DISRUPTIVE: Verdict.WARN,
    Consent.IRREVERSIBLE: Verdict.WARN,
}


class StepMark(QWidget):
    """The state of a step as a shape: a ring ahead, a ring with a dot while it runs, then tick, cross, question mark or dash."""

    def __init__(self, number: int, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._number, self._theme, self._mark = number, theme, Mark.AHEAD
        self.setFixedSize(theme.pixels(22), theme.pixels(22))

    def show_mark(self, mark: Mark) -> None:
        self._mark = mark
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, side = QPainter(self), self._theme, self.width()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(1, 1, side - 2, side - 2)
        if self._mark in _ICONS:
            icon, token = _ICONS[self._mark]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.tint(token))
            painter.drawEllipse(ring)
            inner = round(side * 0.68)
            at = QPointF((side - inner) / 2, (side - inner) / 2)
            painter.drawPixmap(at, icons.pixmap(icon, theme.colour(token), inner, self.devicePixelRatioF()))
            return
        running = self._mark is Mark.RUNNING
        painter.setPen(QPen(theme.colour("accent" if running else "line"), 2 if running else 1.2))
        painter.setBrush(theme.tint("accent") if running else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(ring)
        font = self.font()
        font.setPixelSize(theme.pixels(11))
        painter.setFont(font)
        painter.setPen(theme.colour("accent" if running else "mute"))
        painter.drawText(ring, Qt.AlignmentFlag.AlignCenter, str(self._number))


class StepRow(QPushButton):
    """Pressing it shows what exactly the step runs. `moved`: an arrow key was pressed, 1 down or -1 up."""

    moved = Signal(int)

    def __init__(self, number: int, step: Step, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.step, self._desk = step, desk
        self.setObjectName("fix-step")
        self.setProperty("role", "row")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        text = desk.catalogue.step(step)
        self._title = plain(text.title, "part-title")
        self._line = plain(self._about(), "secondary")
        self._said = plain("", "secondary", name="step-said")
        self._said.hide()
        self.mark = StepMark(number, theme, self)
        self._badge = Badge(_WEIGHT[step.consent], desk.phrase(f"fix.notice.{self._noticed()}"), theme, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (self._title, self._line, self._said):
            words.addWidget(label)
        words.addSpacing(4)
        words.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        for part in (self._title, self._line, self._said, self._badge, self.mark):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_state(Mark.AHEAD, "")

    def _noticed(self) -> str:
        return self.step.consent.value if self.step.manner is Manner.DOES else self.step.manner.value

    def _about(self) -> str:
        """Where, how long, and whether there is a way back."""
        formats, step = self._desk.catalogue.formats, self.step
        parts = [step.server]
        if step.manner is not Manner.GUIDES:
            parts.append(self._desk.phrase("fix.takes", time=formats.duration(step.typical_seconds)))
        if step.manner is Manner.DOES and step.consent is not Consent.LOOK:
            parts.append(self._desk.phrase("fix.undo.yes" if step.undo is not None else "fix.undo.no"))
        return " · ".join(parts)

    def show_state(self, mark: Mark, said: str) -> None:
        """`said` is how it ended, or what it waits for."""
        self.mark.show_mark(mark)
        self._said.setText(said)
        self._said.setVisible(bool(said))
        state = self._desk.phrase(f"fix.mark.{mark.value}")
        parts = (self._title.text(), self._line.text(), self._desk.phrase(f"fix.notice.{self._noticed()}"), state, said)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self._fit()

    def sizeHint(self) -> QSize:
        width = max(260, self.width())
        text = width - 2 * 12 - 12 - self.mark.width()
        labels = (self._title, self._line, *((self._said,) if not self._said.isHidden() else ()))
        return QSize(width, sum(label.heightForWidth(text) for label in labels) + self._badge.sizeHint().height() + 4 + 2 * 8 + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if by:
            self.moved.emit(by)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before = self.height()
        self._fit()
        if self.height() != before:
            # Qt lays out for the size of this event when it is over, which is not the size any more.
            QTimer.singleShot(0, self, self._lay_out_again)

    def _lay_out_again(self) -> None:
        if (layout := self.layout()) is not None:
            layout.invalidate()
            layout.activate()

    def _fit(self) -> None:
        self.setMinimumHeight(self.sizeHint().height())
        self.updateGeometry()
