"""Settings: how the window looks, how long to wait, and when a figure becomes a verdict."""

from dataclasses import asdict, fields, replace
from typing import TypeVar

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

from oauthcert.casework.settings import LANGUAGES, ORDERED, SPANS, STYLES, Settings, Waits
from oauthcert.checks.thresholds import Thresholds
from oauthcert.model.errors import OauthcertError
from oauthcert.ui.desk import Desk
from oauthcert.ui.dialogs.parts import SideWindow
from oauthcert.ui.dialogs.settings_preview import Preview
from oauthcert.ui.dialogs.settings_rows import Rows
from oauthcert.ui.theme import Style, Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain

WINDOW, LOOKING = ("text_percent",), ("lanes", "seconds", *(one.name for one in fields(Waits)))
JUDGING = tuple(one.name for one in fields(Thresholds))
_Part = TypeVar("_Part", Waits, Thresholds)


class SettingsDialog(SideWindow):
    """`saved` carries the Settings when they are in force; the window then draws itself anew in their style and size.

    `system` is the desktop's palette, as it was before any theme was put on the application.
    """

    saved = Signal(object)

    def __init__(self, desk: Desk, theme: Theme, system: QPalette, parent: QWidget | None = None) -> None:
        super().__init__(desk.phrase("settings.title"), theme, QSize(720, 680), parent)
        self._desk = desk
        self.setObjectName("settings-window")
        self.rows = Rows(desk, theme)
        self.rows.changed.connect(self._on_changed)
        window = self._card("settings.window", "settings.window.sentence")
        window.column.addLayout(self.rows.choices("language", LANGUAGES))
        window.column.addLayout(self.rows.choices("style", STYLES))
        for name in WINDOW:
            window.column.addLayout(self.rows.figure(name, SPANS[name]))
        self.preview = Preview(desk, system, self)
        window.column.addSpacing(4)
        window.column.addWidget(self.preview)
        for title, names in (("settings.looking", LOOKING), ("settings.judging", JUDGING)):
            card = self._card(title, f"{title}.sentence")
            for name in names:
                card.column.addLayout(self.rows.figure(name, SPANS[name]))
        self.column.addStretch(1)
        self._build_buttons()
        self.show_settings(desk.settings())
        self.rows.first.setFocus()

    def _card(self, title: str, sentence: str) -> Card:
        card = Card(self)
        card.column.setSpacing(8)
        card.column.addWidget(plain(self._desk.phrase(title), "card-title"))
        card.column.addWidget(plain(self._desk.phrase(sentence), "secondary"))
        self.column.addWidget(card)
        return card

    def _build_buttons(self) -> None:
        phrase = self._desk.phrase
        self.defaults_button = self.add_button("defaults", phrase("settings.defaults"))
        self.defaults_button.clicked.connect(lambda: self.show_settings(Settings()))
        self.problem = plain("", "wrong", name="settings-problem")
        self.buttons.addWidget(self.problem, 1)
        self.save_button = self.add_button("save", phrase("settings.save"), "primary")
        self.save_button.clicked.connect(self._save)
        self.cancel_button = self.add_button("cancel", phrase("button.cancel"))
        self.cancel_button.clicked.connect(self.reject)

    def show_settings(self, settings: Settings) -> None:
        own: dict[str, str | float] = {"language": settings.language, "style": settings.style, "text_percent": settings.text_percent}
        figures = {"lanes": settings.lanes, "seconds": settings.seconds, **asdict(settings.waits), **asdict(settings.thresholds)}
        self.rows.show({**own, **figures})
        self._on_changed()

    def settings(self) -> Settings:
        """What is chosen now. Raises ValueError while two bounds stand in the wrong order."""
        before, chosen = self._desk.settings(), self.rows.values()
        return replace(
            before,
            language=str(chosen["language"]),
            style=str(chosen["style"]),
            text_percent=int(chosen["text_percent"]),
            lanes=int(chosen["lanes"]),
            seconds=float(chosen["seconds"]),
            waits=_part(before.waits, chosen),
            thresholds=_part(before.thresholds, chosen),
        )

    def _on_changed(self) -> None:
        chosen = self.rows.values()
        self.preview.show_look(Style(str(chosen["style"])), int(chosen["text_percent"]))
        wrong = next(((low, high) for low, high in ORDERED if float(chosen[low]) > float(chosen[high])), None)
        names = {} if wrong is None else {"first": self._name(wrong[0]), "second": self._name(wrong[1])}
        self._tell(self._desk.phrase("settings.order", **names) if names else "")
        self.save_button.setEnabled(not names)

    def _name(self, setting: str) -> str:
        return self._desk.phrase(f"settings.{setting}")

    def _tell(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setAccessibleName(problem)

    def _save(self) -> None:
        settings = self.settings()
        try:
            self._desk.change_settings(settings)
        except OauthcertError as error:
            self._tell(self._desk.catalogue.error(error))
            return
        self.accept()
        self.saved.emit(settings)


def _part(before: _Part, chosen: dict[str, str | float]) -> _Part:
    kinds = {one.name: type(getattr(before, one.name)) for one in fields(before)}
    return replace(before, **{name: kind(chosen[name]) for name, kind in kinds.items()})
