"""Servers from elsewhere: from a file, or from a server that knows the others. Both take time and run beside the window."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, SignalInstance

from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import OauthcertError
from oauthcert.model.secret import Credential
from oauthcert.model.target import Target
from oauthcert.ui.bridge import JobBridge, Outcome, Tell
from oauthcert.ui.desk import Desk, Discovery

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a file held; `wrong` has a sentence for each line that was left out."""

    file: str
    targets: tuple[Target, ...]
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovered:
    """What `asked` said."""

    asked: Target
    discovery: Discovery


class ServerSources(QObject):
    """`listed` and `discovered` carry what came; `failed` a sentence; `stopped` that a discovery was called off."""

    listed = Signal(object)
    discovered = Signal(object)
    failed = Signal(str)
    stopped = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._discovering, self._reading = JobBridge(self), JobBridge(self)
        self._discovering.finished.connect(partial(self._on_finished, self.discovered))
        self._reading.finished.connect(partial(self._on_finished, self.listed))

    @property
    def discovering(self) -> bool:
        return self._discovering.busy

    @property
    def busy(self) -> bool:
        return self._discovering.busy or self._reading.busy

    def read(self, file: Path) -> None:
        def work(_token: CancelToken, _tell: Tell) -> object:
            targets, wrong = self._desk.read_list(file)
            return Listed(file.name, targets, wrong)

        self._reading.start(work, "list")

    def discover(self, target: Target, credential: Credential) -> None:
        """One sign-in, one question."""
        discover: Callable[[Target, Credential, CancelToken], Discovery] = self._desk.discover
        self._discovering.start(lambda token, _tell: Discovered(target, discover(target, credential, token)), "discover")

    def cancel(self) -> None:
        self._discovering.cancel()
        self._reading.cancel()

    def _on_finished(self, arrived: SignalInstance, outcome: Outcome) -> None:
        if outcome.cancelled:
            self.stopped.emit()
        elif outcome.error is None:
            arrived.emit(outcome.value)
        else:
            if not isinstance(outcome.error, OauthcertError):
                log.error("servers from elsewhere could not be read", exc_info=outcome.error)
            self.failed.emit(self._desk.error(outcome.error if isinstance(outcome.error, OauthcertError) else OauthcertError()))
