"""What the plan has to ask: one field for each question, with what is wrong with its answer under it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from oauthcert.model.plan import Ask, AskKind, Plan
from oauthcert.ui.desk import Desk, Given
from oauthcert.ui.widgets.buttons import small_button
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain, said
from oauthcert.ui.widgets.secret_edit import SecretEdit

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes; a PFX file or the answer of an authority has a few thousand."""

ChooseFile = Callable[[QWidget, str], str]


def choose_file(parent: QWidget, title: str) -> str:
    """Asks for a file; empty when none was chosen."""
    return QFileDialog.getOpenFileName(parent, title)[0]


class AskField(QWidget):
    """One question. `answered` carries the answer, or None when it was taken back."""

    answered = Signal(object)

    def __init__(self, ask: Ask, desk: Desk, choose: ChooseFile, parent: QWidget) -> None:
        super().__init__(parent)
        self.ask, self._desk, self._choose = ask, desk, choose
        words = desk.catalogue.ask(ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        column.addWidget(plain(words.question, "part-title"))
        self._wrong = plain("", "wrong", name="ask-wrong")
        self.field = self._make(words.question, words.hint)
        self.field.setObjectName(f"ask-{ask.id}")
        column.addWidget(self.field)
        column.addWidget(self._wrong)
        if words.hint:
            column.addWidget(plain(words.hint, "secondary"))
        self._wrong.hide()

    def _make(self, question: str, hint: str) -> QWidget:
        match self.ask.kind:
            case AskKind.CHOICE:
                field: QWidget = self._choice()
            case AskKind.FILE:
                field = self._file()
            case AskKind.SECRET:
                field = self._secret(question)
            case AskKind.MOMENT:
                field = self._moment()
            case _:
                field = self._text()
        target = field.focusProxy() or field
        target.setAccessibleName(question)
        target.setAccessibleDescription(hint)
        return field

    def _text(self) -> QWidget:
        line = QLineEdit(self.ask.default, self)
        line.setMaxLength(1024)
        line.textEdited.connect(lambda text: self.answered.emit(text.strip() or None))
        return line

    def _choice(self) -> QWidget:
        box = QComboBox(self)
        box.addItems([self._desk.phrase(f"fix.choice.{choice}") for choice in self.ask.choices])
        if self.ask.default in self.ask.choices:
            box.setCurrentIndex(self.ask.choices.index(self.ask.default))
        box.activated.connect(lambda place: self.answered.emit(self.ask.choices[place]))
        return box

    def _secret(self, question: str) -> QWidget:
        edit = SecretEdit(self._desk, self)
        edit.edit.setAccessibleName(question)
        edit.typed.connect(self._on_secret)
        self._edit = edit
        return edit

    def _on_secret(self, secret: object) -> None:
        self._edit.set_hint(self._desk.phrase("fix.ask.kept"))
        self.answered.emit(secret)

    def _moment(self) -> QWidget:
        edit = QDateTimeEdit(self)
        edit.setCalendarPopup(True)
        edit.setDisplayFormat("yyyy-MM-dd HH:mm")
        if self.ask.default:
            local = datetime.fromisoformat(self.ask.default).astimezone()
            edit.setDateTime(QDateTime.fromSecsSinceEpoch(int(local.timestamp())))
        edit.dateTimeChanged.connect(
            lambda at: self.answered.emit(datetime.fromtimestamp(at.toSecsSinceEpoch(), UTC).isoformat().replace("+00:00", "Z"))
        )
        return edit

    def _file(self) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        button = small_button(self._desk.phrase("fix.ask.choose"), holder, name="choose-file")
        self._name = said("", "secondary", name="chosen-file")
        button.clicked.connect(self._on_choose)
        row.addWidget(button)
        row.addWidget(self._name, 1)
        holder.setFocusProxy(button)
        return holder

    def _on_choose(self) -> None:
        chosen = self._choose(self, self._desk.catalogue.ask(self.ask).question)
        if not chosen:
            return
        file = Path(chosen)
        self._name.setText(file.name)
        try:
            if file.stat().st_size > LARGEST_FILE:
                self.say_wrong(self._desk.phrase("fix.ask.too-large"))
                return
            content = file.read_bytes()
        except OSError as error:
            self.say_wrong(self._desk.phrase("fix.ask.unreadable", problem=error.strerror or type(error).__name__))
            return
        self.answered.emit(content)

    def say_wrong(self, sentence: str) -> None:
        """Under the field; empty when the answer will do."""
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
        target = self.field.focusProxy() or self.field
        target.setProperty("state", "wrong" if sentence else "")


class AsksCard(Card):
    """`answered` carries the question and the answer (None: taken back). `lab_wanted`: the practice lab's authority is to answer."""

    answered = Signal(object, object)
    lab_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget, *, choose: ChooseFile = choose_file) -> None:
        super().__init__(parent)
        self._desk, self._choose = desk, choose
        self.setObjectName("fix-asks")
        self.column.addWidget(plain(desk.phrase("fix.asks"), "card-title"))
        self.fields: dict[str, AskField] = {}
        self._shown: tuple[Ask, ...] = ()
        self.lab = small_button(desk.phrase("fix.guide.lab"), self, name="asks-lab")
        self.lab.clicked.connect(self.lab_wanted)
        self.column.addWidget(self.lab)
        self.lab.hide()
        self.hide()

    def show_plan(self, plan: Plan | None) -> None:
        """Fields of questions that stay are kept as they are."""
        self.show_asks(plan.asks if plan is not None else ())

    def show_asks(self, asks: tuple[Ask, ...]) -> None:
        self.setVisible(bool(asks))
        if asks == self._shown:
            return
        self._shown = asks
        kept = {ask.id: self.fields[ask.id] for ask in asks if ask.id in self.fields and self.fields[ask.id].ask == ask}
        for field in self.fields.values():
            self.column.removeWidget(field)
            if field.ask.id not in kept:
                field.hide()
                field.deleteLater()
        self.fields = {ask.id: kept.get(ask.id) or self._field(ask) for ask in asks}
        for place, field in enumerate(self.fields.values(), start=1):
            self.column.insertWidget(place, field)

    def _field(self, ask: Ask) -> AskField:
        field = AskField(ask, self._desk, self._choose, self)
        field.answered.connect(lambda given: self.answered.emit(ask, given))
        return field

    def check(self, answers: dict[str, Given]) -> bool:
        """Says under each answered question what is wrong with the answer; whether all will do."""
        good = True
        for ask in self._shown:
            given = answers.get(ask.id)
            wrong = self._desk.wrong_answer(ask, given, answers) if given is not None else ""
            self.fields[ask.id].say_wrong(wrong)
            good = good and not wrong
        return good
