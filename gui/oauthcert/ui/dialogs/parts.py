"""What the windows beside the wizard have in common: their frame, their scrolling middle, their row of buttons."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.labels import plain


class _Middle(QWidget):
    """Wrapping labels guess their least height for a narrow width; what counts is the height for the width there is."""

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)


class SideWindow(QDialog):
    """A title, a middle that scrolls (`column`), and a row of buttons; Escape closes it. `size` is that of the design at 100 %."""

    def __init__(self, title: str, theme: Theme, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        screen = self.screen().availableSize()
        self.resize(min(theme.pixels(size.width()), screen.width() - 40), min(theme.pixels(size.height()), screen.height() - 60))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        middle = _Middle(self)
        middle.setObjectName("page")
        self.column = QVBoxLayout(middle)
        self.column.setContentsMargins(28, 24, 28, 16)
        self.column.setSpacing(12)
        self.title = plain(title, name="page-title")
        self.title.setAccessibleName(title)
        self.column.addWidget(self.title)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(middle)
        whole.addWidget(area, 1)
        bar = QWidget(self)
        bar.setObjectName("button-row")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons = QHBoxLayout(bar)
        self.buttons.setContentsMargins(28, 12, 28, 12)
        self.buttons.setSpacing(8)
        whole.addWidget(bar)

    def add_button(self, name: str, text: str, role: str = "") -> QPushButton:
        """A button of the row, from left to right; only one with the role `primary` answers to Enter."""
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        if role:
            button.setProperty("role", role)
        button.setDefault(role == "primary")
        button.setMinimumWidth(84)
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.buttons.addWidget(button)
        return button
