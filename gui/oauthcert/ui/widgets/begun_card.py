"""A first deployment that is not finished: on the first page, with what is remembered of it, and how to go on."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from oauthcert.model.errors import OauthcertError
from oauthcert.ui.desk import Desk
from oauthcert.ui.widgets.buttons import doubled, small_button
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.flow_layout import FlowLayout
from oauthcert.ui.widgets.labels import plain, said
from oauthcert.words.showing import grouped, short_name

if TYPE_CHECKING:
    from oauthcert.fixes.deployment_record import Deployment

_MOST_NAMES = 4


class BegunCard(Card):
    """`chosen` carries the deployment to go on with. Forgetting one in which something was requested takes a second press."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, role="cause")
        self._desk = desk
        self._sure = False
        self.deployment: Deployment | None = None
        self.setObjectName("begun")
        self.setProperty("verdict", "warn")
        self._title, self._text = plain("", "card-title", name="begun-title"), said("", "secondary", name="begun-text")
        self.go, self.forget = small_button("", self, name="begun-go"), small_button("", self, name="begun-forget")
        self.go.clicked.connect(lambda: self.chosen.emit(self.deployment))
        self.forget.clicked.connect(self._on_forget)
        buttons = QWidget(self)
        row = FlowLayout(buttons)
        row.addWidget(self.go)
        row.addWidget(self.forget)
        for part in (self._title, self._text, buttons):
            self.column.addWidget(part)
        self.column.setSpacing(8)
        self.hide()

    def refresh(self) -> None:
        """The newest one, or why it is not known."""
        self._sure = False
        try:
            self.deployment = next(iter(self._desk.deployments.begun()), None)
        except OauthcertError as error:
            self.deployment = None
            self._say(self._desk.phrase("deploy.begun.unreadable"), self._desk.error(error))
            return
        self.setVisible(self.deployment is not None)
        if self.deployment is not None:
            self._show(self.deployment)

    def _show(self, one: "Deployment") -> None:
        phrase, count = self._desk.phrase, len(one.targets)
        names = tuple(short_name(target.name) for target in one.targets)
        listed = self._desk.catalogue.formats.listed(names[:_MOST_NAMES]) if count <= _MOST_NAMES else ""
        servers = listed or phrase("deploy.servers.many", first=names[0], count=count - 1)
        lines = [phrase("deploy.begun.text", time=f"{one.begun.astimezone():%Y-%m-%d %H:%M}", servers=servers, account=one.account)]
        if one.assigned is not None:
            time, where = f"{one.assigned.when.astimezone():%Y-%m-%d %H:%M}", short_name(one.assigned.server)
            lines.append(phrase("deploy.begun.assigned", thumbprint=grouped(one.assigned.thumbprint), server=where, time=time))
        elif one.request is not None:
            time, where = f"{one.request.when.astimezone():%Y-%m-%d %H:%M}", short_name(one.request.server)
            lines.append(phrase("deploy.begun.requested", server=where, time=time))
        self._say(phrase("deploy.begun.title", count=count), "\n".join(lines))
        self.go.setText(doubled(phrase("deploy.begun.go", count=count)))
        self.go.setAccessibleName(phrase("deploy.begun.go", count=count))
        self.forget.setText(doubled(phrase("deploy.begun.forget")))

    def _say(self, title: str, text: str) -> None:
        self._title.setText(title)
        self._text.setText(text)
        known = self.deployment is not None
        self.go.setVisible(known)
        self.forget.setVisible(known)
        self.show()

    def _on_forget(self) -> None:
        one = self.deployment
        if one is None:
            return
        if (one.request is not None or one.assigned is not None) and not self._sure:
            self._sure = True
            self.forget.setText(doubled(self._desk.phrase("deploy.begun.sure")))
            return
        try:
            self._desk.deployments.forget(one)
        except OauthcertError as error:
            self._say(self._desk.phrase("deploy.begun.unreadable"), self._desk.error(error))
            return
        self.refresh()
