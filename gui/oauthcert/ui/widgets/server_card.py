"""The card under the table: what is known of the selected server, why it does not answer, and what can be done."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from oauthcert.model.evidence import TlsSeen
from oauthcert.ui.desk import Desk, RowSurvey
from oauthcert.ui.models.servers_words import (
    UNTRUSTED,
    Phase,
    ServerRow,
    connection_of,
    fingerprint_in_groups,
    other_connection,
    product_of,
    roles_of,
    state_of,
)
from oauthcert.ui.widgets.buttons import small_button
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.copy_button import CopyButton, copy_text
from oauthcert.ui.widgets.flow_layout import flowing
from oauthcert.ui.widgets.labels import plain
from oauthcert.ui.widgets.text_height import as_high_as_text

_WHYS = frozenset({"untrusted", "self-signed", "expired", "not-yet-valid", "revoked", "fingerprint", "name", "other"})
_CLOCK_WORTH_TELLING = 2.0  # seconds; Date headers are whole seconds


class ServerCard(Card):
    """Signals are wishes for the selected servers; the page fulfils them."""

    trust = Signal()
    other = Signal()
    again = Signal()
    remove = Signal()

    def __init__(self, desk: Desk, copy: Callable[[str], None] = copy_text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("server-card")
        self._title = plain("", "card-title", name="server-card-title", selectable=True)
        self._meaning = plain("", name="server-card-meaning", selectable=True)
        self._certificate = plain("", "secondary", name="server-card-certificate", selectable=True)
        self._fingerprint = plain("", "machine", name="server-card-fingerprint", selectable=True)
        self._action = plain("", "secondary", name="server-card-action", selectable=True)
        for label in (self._title, self._meaning, self._certificate, self._fingerprint, self._action):
            self.column.addWidget(label)
        self.column.addSpacing(8)
        self._sha256 = ""
        copied = desk.phrase("servers.button.copy")
        self.buttons: dict[str, QPushButton] = {
            "trust": self._button("trust", "trust", self.trust),
            "copy": CopyButton(copied, self._fingerprint_to_copy, desk.catalogue, copy=copy, role="small", name="server-copy"),
            "again": self._button("again", "again", self.again),
            "other": self._button("other", "use", self.other),
            "remove": self._button("remove", "remove", self.remove),
        }
        self.column.addWidget(flowing(*self.buttons.values()))
        self.hide()

    def _button(self, name: str, key: str, pressed: SignalInstance) -> QPushButton:
        button = small_button(self._desk.phrase(f"servers.button.{key}", connection=""), name=f"server-{name}")
        button.clicked.connect(pressed)
        return button

    def _fingerprint_to_copy(self) -> str:
        return fingerprint_in_groups(self._sha256).replace(" ", ":")

    def minimumSizeHint(self) -> QSize:
        return as_high_as_text(self, QSize(240, super().minimumSizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def show_rows(self, rows: tuple[ServerRow, ...], *, fixed_ports: bool = False) -> None:
        """The selected servers; hidden for none. `fixed_ports`: the other scheme is not offered (the practice lab has one port each)."""
        self.setVisible(bool(rows))
        if not rows:
            return
        first = rows[0]
        other = connection_of(other_connection(first.target))
        self.buttons["other"].setText(self._desk.phrase("servers.button.use", connection=other))
        self.buttons["other"].setVisible(not fixed_ports)
        single = len(rows) == 1
        self._sha256 = first.survey.tls.sha256 if single and first.survey and first.survey.tls else first.fingerprint if single else ""
        self.buttons["trust"].setVisible(single and bool(first.fingerprint))
        self.buttons["copy"].setVisible(bool(self._sha256))
        if single:
            self._show(first)
        else:
            names = ", ".join(row.target.name for row in rows[:8]) + (" …" if len(rows) > 8 else "")
            self._say(self._desk.phrase("servers.card.several", count=len(rows)), meaning=names)

    def _show(self, row: ServerRow) -> None:
        phrase, server, connection, survey = self._desk.phrase, row.target.name, connection_of(row.target), row.survey
        if row.phase is not Phase.DONE or survey is None:
            self._say(phrase("servers.card.trying", server=server), meaning=phrase("servers.card.trying.sentence"))
        elif survey.not_seen is None:
            title = phrase("servers.card.answers", server=server, connection=connection, milliseconds=max(1, survey.milliseconds or 0))
            self._say(title, meaning=self._known(row, survey), certificate=self._about(survey.tls), fingerprint=_shown(survey.tls))
        elif row.reason in UNTRUSTED:
            self._show_untrusted(row, survey)
        else:
            self._show_failure(row, survey)

    def _show_untrusted(self, row: ServerRow, survey: RowSurvey) -> None:
        phrase, facts = self._desk.phrase, survey.not_seen.facts if survey.not_seen else {}
        why = facts.get("why", "other")
        meaning = phrase(f"servers.tls.why.{why if why in _WHYS else 'other'}")
        advice = "" if why == "revoked" else phrase("servers.tls.compare" if row.fingerprint else "servers.tls.hidden")
        fingerprint = phrase("servers.tls.fingerprint", fingerprint=fingerprint_in_groups(row.fingerprint)) if row.fingerprint else ""
        self._say(
            phrase("servers.card.untrusted", server=row.target.name),
            meaning=meaning,
            certificate=self._about(survey.tls),
            fingerprint=_shown(survey.tls) or fingerprint,
            action=advice,
        )

    def _show_failure(self, row: ServerRow, survey: RowSurvey) -> None:
        phrase, not_seen, connection = self._desk.phrase, survey.not_seen, connection_of(row.target)
        if not_seen is None:
            return
        title = phrase("servers.card.failed", server=row.target.name, connection=connection, state=state_of(row, self._desk)[1])
        if not_seen.reason == "unexpected":
            self._say(title, meaning=phrase("servers.card.unexpected"))
            return
        words = self._desk.catalogue.reason(not_seen.reason, dict(not_seen.facts))
        self._say(title, meaning=words.title, action=words.action)

    def _known(self, row: ServerRow, survey: RowSurvey) -> str:
        phrase = self._desk.phrase
        said = []
        product, known = product_of(row, self._desk)
        if known or row.roles:
            said.append(" · ".join(part for part in (product if known else "", roles_of(row, self._desk)) if part) + ".")
        if row.target.fingerprint is not None:
            said.append(phrase("servers.card.trusted"))
        if survey.os_version is not None:
            said.append(phrase("servers.card.system", version=survey.os_version))
        if survey.methods:
            said.append(phrase("servers.card.methods", methods=", ".join(survey.methods)))
        clock = survey.clock
        if clock is not None and abs(clock.offset_seconds) - clock.error_seconds > _CLOCK_WORTH_TELLING:
            said.append(phrase("servers.card.clock", offset_seconds=clock.offset_seconds, error_seconds=clock.error_seconds))
        return " ".join(said)

    def _about(self, tls: TlsSeen | None) -> str:
        if tls is None:
            return ""
        phrase = self._desk.phrase
        return "\n".join(
            (
                phrase("servers.tls.subject", subject=tls.subject),
                phrase("servers.tls.issuer", issuer=tls.issuer),
                phrase("servers.tls.dates", not_before=self._date(tls.not_before), not_after=self._date(tls.not_after)),
            )
        )

    def _date(self, when: datetime) -> str:
        return self._desk.catalogue.formats.date(when)

    def _say(self, title: str, *, meaning: str = "", certificate: str = "", fingerprint: str = "", action: str = "") -> None:
        self.setAccessibleName(title)
        for label, words in (
            (self._title, title),
            (self._meaning, meaning),
            (self._certificate, certificate),
            (self._fingerprint, fingerprint),
            (self._action, action),
        ):
            label.setText(words)
            label.setVisible(bool(words))


def _shown(tls: TlsSeen | None) -> str:
    return f"SHA-256 {fingerprint_in_groups(tls.sha256)}" if tls is not None else ""
