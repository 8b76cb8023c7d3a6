"""Where the program keeps its own files on each system. Makes no folder; who writes there makes it."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_NAME = "OAuthCert Wizard"
_UNIX_NAME = "oauthcert-wizard"


@dataclass(frozen=True, slots=True)
class Folders:
    """`settings` roams with the user where the system has that; `logs` stays on this machine."""

    settings: Path
    logs: Path

    @property
    def accounts_file(self) -> Path:
        return self.settings / "accounts.json"

    @property
    def settings_file(self) -> Path:
        return self.settings / "settings.json"

    @property
    def recent_file(self) -> Path:
        return self.settings / "recent.json"

    @property
    def deployments_file(self) -> Path:
        """First deployments that were begun and are not ready."""
        return self.settings / "deployments.json"

    @property
    def window_file(self) -> Path:
        """Where the window stood; of this machine, since another has other screens."""
        return self.logs / "window.ini"

    @property
    def recovery_file(self) -> Path:
        """A case that the window still held when it broke."""
        return self.logs / "recovered-case.json"

    @property
    def journal_dir(self) -> Path:
        """One file for each repair; of this machine, since what was begun here has to be ended here."""
        return self.logs / "journal"

    @property
    def log_file(self) -> Path:
        return self.logs / "oauthcert.log"


def own_folders(platform: str = sys.platform, environment: Mapping[str, str] = os.environ, home: Path | None = None) -> Folders:
    """The folders of this user: %APPDATA% and %LOCALAPPDATA%, ~/Library, or what XDG says (relative XDG paths count as unset)."""
    home = home or Path.home()
    if platform == "win32":
        roaming = Path(environment.get("APPDATA") or home / "AppData" / "Roaming")
        local = Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
        return Folders(roaming / _NAME, local / _NAME / "Logs")
    if platform == "darwin":
        library = home / "Library"
        return Folders(library / "Application Support" / _NAME, library / "Logs" / _NAME)
    config = Path(environment.get("XDG_CONFIG_HOME", ""))
    state = Path(environment.get("XDG_STATE_HOME", ""))
    return Folders(
        (config if config.is_absolute() else home / ".config") / _UNIX_NAME,
        (state if state.is_absolute() else home / ".local" / "state") / _UNIX_NAME,
    )
