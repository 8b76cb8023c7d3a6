"""A repair that something ended in the middle: what was intended, what is certainly done, and the three ways to go on."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from oauthcert.casework.person import How
from oauthcert.model.secret import Secret
from oauthcert.ui.desk import Desk
from oauthcert.ui.widgets.buttons import small_button
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain, said
from oauthcert.ui.widgets.secret_edit import SecretEdit

if TYPE_CHECKING:
    from oauthcert.fixes.recovery import StepStory, Story

_MOST_LINES = 12


class InterruptedCard(Card):
    """`chosen` carries how to go on. The password is only needed for looking and taking back, and only where none is stored."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, role="cause")
        self._desk = desk
        self.setProperty("verdict", "unknown")
        self.setObjectName("interrupted")
        self.password: Secret | None = None
        self.story: Story | None = None
        self._title, self._text = plain("", "card-title", name="interrupted-title"), plain("", name="interrupted-text")
        self._lines = said("", "secondary", name="interrupted-lines")
        self._secret = SecretEdit(desk, self)
        self._secret.set_hint(desk.phrase("interrupted.password"))
        self._secret.typed.connect(self._on_typed)
        self.news = plain("", "warned", name="interrupted-news")
        self.buttons = {how: small_button(desk.phrase(f"interrupted.{how.value}"), self, name=f"resume-{how.value}") for how in How}
        row = QHBoxLayout()
        row.setSpacing(8)
        for how, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, how=how: self._on_pressed(how))
            row.addWidget(button)
        row.addStretch(1)
        for part in (self._title, self._text, self._lines, self._secret, self.news):
            self.column.addWidget(part)
        self.column.addLayout(row)
        self.column.setSpacing(8)
        self.hide()

    def show_story(self, story: "Story | None", *, busy: bool = False, news: str = "") -> None:
        """`news`: what came of the last try."""
        self.story = story
        self.setVisible(story is not None)
        self.news.setText(news)
        self.news.setVisible(bool(news))
        if story is None:
            return
        header, phrase = story.record.header, self._desk.phrase
        practice = header.source.startswith("practice")
        time = f"{header.when.astimezone():%Y-%m-%d %H:%M}"
        self._title.setText(phrase("interrupted.title"))
        servers = self._desk.catalogue.formats.listed(tuple(dict.fromkeys(one.step.server.partition(".")[0] for one in story.steps)))
        self._text.setText(
            phrase("interrupted.practice" if practice else "interrupted.text", time=time, servers=servers, account=header.account)
        )
        self._lines.setText("\n".join(self._line(one) for one in story.steps[:_MOST_LINES]))
        self._secret.setVisible(not practice)
        for how, button in self.buttons.items():
            wanted = {How.LOOK: story.can_look, How.UNDO: story.can_undo or story.can_look, How.KEEP: True}[how]
            button.setVisible(how is How.KEEP or (wanted and not practice))
            button.setEnabled(not busy)

    def _line(self, one: "StepStory") -> str:
        title = self._desk.catalogue.step(one.step).title
        server = one.step.server.partition(".")[0]
        where = "" if server in title else f" · {server}"
        return f"{self._desk.phrase(f'interrupted.state.{one.state.value}')}: {title}{where}"

    def _on_typed(self, secret: object) -> None:
        if isinstance(secret, Secret):
            self.password = secret
            self._secret.set_hint(self._desk.phrase("fix.ask.kept"))

    def _on_pressed(self, how: How) -> None:
        self._secret.take()
        self.chosen.emit(how)
