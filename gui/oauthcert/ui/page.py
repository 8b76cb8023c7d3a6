"""What a page is to the frame: it has news, it may be ready or not, it turns what was typed into the next state."""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from oauthcert.flow.state import WizardState
from oauthcert.ui.widgets.text_height import as_high_as_text


@dataclass(frozen=True, slots=True)
class News:
    """The title says what is going on, the sentence under it what is waited for or what will not happen."""

    title: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the primary button may be pressed, what it says, and in words why not. `note` is shown in the rail ("5", "63 %")."""

    ready: bool
    primary: str
    why_not: str = ""
    note: str = ""
    busy: bool = False


class Page(QWidget):
    """One step of the wizard. The frame draws title, buttons and messages; the page draws what lies between.

    `changed`: news, standing or state are new. `wants_forward`: the operator asked for the next step inside the page.
    """

    changed = Signal()
    wants_forward = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)

    def minimumSizeHint(self) -> QSize:
        return as_high_as_text(self, super().minimumSizeHint())

    def on_enter(self, state: WizardState) -> None:
        """Draws what is known; called each time the page comes up."""
        raise NotImplementedError

    def apply(self, state: WizardState) -> WizardState:
        """The state with what was typed on this page."""
        return state

    def news(self) -> News:
        raise NotImplementedError

    def standing(self) -> Standing:
        raise NotImplementedError

    def on_primary(self) -> bool:
        """The primary button was pressed. True: go on; False: the page did something itself (started a look, say)."""
        return True

    def on_cancel(self) -> bool:
        """Cancel was pressed. True: the page stopped its own work; False: nothing was under way, so the wizard may close."""
        return False

    def first_focus(self) -> QWidget | None:
        return None

    def help_page(self) -> str:
        """The id of the help page for what is on the screen."""
        return "start"
