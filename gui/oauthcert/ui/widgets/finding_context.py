"""What every card of the findings page needs: words, colours, and what its buttons do."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.copy_button import copy_text
from oauthcert.words.catalogue import Catalogue

LARGE_TEXT = 150
"""Text scale, in percent, from which a button no longer fits beside a title."""


def open_https(address: str) -> bool:
    """Opens a page in the browser. Anything but a whole https address is refused: no file, no other program."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme() != "https" or not url.host():
        return False
    return QDesktopServices.openUrl(url)


@dataclass(frozen=True, slots=True)
class CardContext:
    """`help_wanted` takes the id of a help page, `open_link` an address of our own catalogue, `copy` the text for a ticket."""

    catalogue: Catalogue
    theme: Theme
    help_wanted: Callable[[str], None]
    open_link: Callable[[str], object] = open_https
    copy: Callable[[str], None] = copy_text
