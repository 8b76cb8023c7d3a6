"""Which language the operator reads, when no option says."""

import os
import sys
from collections.abc import Mapping

_WINDOWS_GERMAN = 0x07  # primary language id, the low ten bits of a LANGID


def system_language(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str:
    """A tag such as `de_DE`, `en` when the system does not say. The POSIX variables count on Windows too, for who sets them."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return value.partition(".")[0]
    if platform == "win32" and sys.platform == "win32":
        import ctypes

        return "de" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == _WINDOWS_GERMAN else "en"
    return "en"
