"""Beside before and after: the verdict on the repair, what is still on its way, dates to remember, and the way back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from oauthcert.model.finding import Verdict
from oauthcert.model.plan import Step
from oauthcert.model.repair import Outcome, Repair
from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.badge import Badge
from oauthcert.ui.widgets.buttons import small_button
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain


class Judgement(Card):
    """The news of the repair in one line, as a badge and a sentence."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("verify-judgement")
        self._badge = Badge(Verdict.PASS, desk.catalogue.verdict(Verdict.PASS), theme, self)
        self._text = plain("", name="judgement-text")
        self.column.addWidget(self._badge)
        self.column.addWidget(self._text)

    def show_words(self, verdict: Verdict, title: str, sentence: str) -> None:
        self._badge.show_verdict(verdict, title)
        self._text.setText(sentence)
        self._text.setVisible(bool(sentence))


class OnItsWay(Card):
    """What has not arrived yet. `again`: look again now."""

    again = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("verify-on-its-way")
        self.column.addWidget(plain(desk.phrase("verify.way"), "card-title"))
        self._text = plain("", name="way-text")
        self.button = small_button(desk.phrase("verify.again"), self, name="look-again")
        self.button.clicked.connect(self.again)
        self.column.addWidget(self._text)
        self.column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.setSpacing(8)

    def show_way(self, servers: tuple[str, ...], until: str, *, looking: bool) -> None:
        """`until`: local time until which it is looked at again by itself; empty when it is not."""
        self.setVisible(bool(servers))
        listed = self._desk.catalogue.formats.listed(tuple(name.partition(".")[0] for name in servers))
        key = "verify.way.looking" if looking else "verify.way.until" if until else "verify.way.later"
        self._text.setText(self._desk.phrase(key, servers=listed, until=until))
        self.button.setEnabled(not looking)


class ForLater(Card):
    """Dates to remember. `save`: write the calendar file."""

    save = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("verify-later")
        self.column.addWidget(plain(desk.phrase("verify.later"), "card-title"))
        self._text = plain("", name="later-text")
        self.button = small_button(desk.phrase("verify.ics"), self, name="save-calendar")
        self.button.clicked.connect(self.save)
        self.said = plain("", "secondary", name="calendar-said")
        self.column.addWidget(self._text)
        self.column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.said)
        self.column.setSpacing(8)
        self.said.hide()

    def show_calendar(self, calendar: str) -> None:
        count = calendar.count("BEGIN:VEVENT")
        self.setVisible(count > 0)
        self._text.setText(self._desk.phrase("verify.later.sentence", count=count))

    def say(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))


class TakeBack(Card):
    """What can be taken back, newest first. Pressing twice: the first press shows the list, the second does it. `wanted`: do it."""

    wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._open = False
        self.setObjectName("verify-undo")
        self.column.addWidget(plain(desk.phrase("verify.undo"), "card-title"))
        self._text, self._list = plain("", name="undo-text"), plain("", "secondary", name="undo-list")
        self.button = small_button(desk.phrase("verify.undo.show"), self, name="undo")
        self.button.clicked.connect(self._on_pressed)
        self.column.addWidget(self._text)
        self.column.addWidget(self._list)
        self.column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.setSpacing(8)

    def show_repair(self, repair: Repair | None, *, busy: bool) -> None:
        steps = undoable(repair)
        if not steps:
            self._open = False
        self.setVisible(bool(steps))
        self._text.setText(self._desk.phrase("verify.undo.sentence", count=len(steps)))
        lines = [f"{step.server.partition('.')[0]}: {self._back(step)}" for step in steps]
        self._list.setText("\n".join(lines))
        self._list.setVisible(self._open)
        self.button.setText(self._desk.phrase("verify.undo.do" if self._open else "verify.undo.show"))
        self.button.setEnabled(not busy)

    def _back(self, step: Step) -> str:
        words = self._desk.catalogue.step(step)
        return words.undo or words.title

    def _on_pressed(self) -> None:
        if self._open:
            self._open = False
            self.wanted.emit()
            return
        self._open = True
        self._list.show()
        self.button.setText(self._desk.phrase("verify.undo.do"))


def undoable(repair: Repair | None) -> tuple[Step, ...]:
    """The steps that were made and can be taken back, newest first."""
    if repair is None:
        return ()
    made = [result.step for result in repair.results if result.outcome is Outcome.CHANGED]
    steps = [repair.plan.step(step) for step in reversed(made)]
    return tuple(step for step in steps if step.undo is not None)
