"""About: which version this is, under which licence, what it has not seen yet, and whose work it stands on."""

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from oauthcert import __version__
from oauthcert.ui.desk import Desk
from oauthcert.ui.dialogs.parts import SideWindow
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.card import Card
from oauthcert.ui.widgets.labels import plain
from oauthcert.ui.widgets.method_fold import point

# Written down, since a packaged program has no metadata to ask. In the order of the alphabet; those for one system only are named too.
LICENCES = (
    ("backports.tarfile", "MIT"),
    ("certifi", "MPL-2.0"),
    ("cffi", "MIT-0"),
    ("charset-normalizer", "MIT"),
    ("cryptography", "Apache-2.0 OR BSD-3-Clause"),
    ("idna", "BSD-3-Clause"),
    ("importlib_metadata", "Apache-2.0"),
    ("jaraco.classes", "MIT"),
    ("jaraco.context", "MIT"),
    ("jaraco.functools", "MIT"),
    ("jeepney", "MIT"),
    ("keyring", "MIT"),
    ("more-itertools", "MIT"),
    ("pycparser", "BSD-3-Clause"),
    ("PySide6_Essentials", "LGPL-3.0 OR GPL-2.0 OR GPL-3.0"),
    ("pyspnego", "MIT"),
    ("pywin32-ctypes", "BSD-3-Clause"),
    ("pywinrm", "MIT"),
    ("requests", "Apache-2.0"),
    ("requests_ntlm", "ISC"),
    ("SecretStorage", "BSD-3-Clause"),
    ("shiboken6", "LGPL-3.0 OR GPL-2.0 OR GPL-3.0"),
    ("sspilib", "MIT"),
    ("typing_extensions", "PSF-2.0"),
    ("urllib3", "MIT"),
    ("xmltodict", "MIT"),
    ("zipp", "MIT"),
)
NOT_SEEN = ("windows", "cmdlets", "keys", "rights", "winrm", "desktop")


class AboutDialog(SideWindow):
    """Says what the program is and is not."""

    def __init__(self, desk: Desk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("OAuthCert Wizard", theme, QSize(640, 620), parent)
        self.setObjectName("about-window")
        self.setWindowTitle(desk.phrase("about.title"))
        self.column.addWidget(plain(desk.phrase("about.version", version=__version__), name="version", selectable=True))
        self.column.addWidget(plain(desk.phrase("about.what")))
        self.column.addWidget(plain(desk.phrase("about.licence"), "secondary", name="licence"))
        honest = Card(self)
        honest.column.addWidget(plain(desk.phrase("about.not-seen"), "card-title"))
        honest.column.addWidget(plain(desk.phrase("about.not-seen.sentence"), "secondary"))
        for part in NOT_SEEN:
            honest.column.addWidget(point(desk.phrase(f"about.not-seen.{part}")))
        self.column.addWidget(honest)
        self.column.addWidget(self._others(desk))
        self.column.addStretch(1)
        self.buttons.addStretch(1)
        self.close_button = self.add_button("close", desk.phrase("button.close"), "primary")
        self.close_button.clicked.connect(self.accept)
        self.close_button.setFocus()

    def _others(self, desk: Desk) -> Card:
        card = Card(self)
        card.column.addWidget(plain(desk.phrase("about.others"), "card-title"))
        card.column.addWidget(plain(desk.phrase("about.others.sentence"), "secondary"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        for row, (package, licence) in enumerate(LICENCES):
            for column, text in enumerate((package, _version(package), licence)):
                label = plain(text, "secondary" if column else "", selectable=True)
                label.setWordWrap(column == 2)
                grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        card.column.addSpacing(4)
        card.column.addLayout(grid)
        return card


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "–"
