"""Where the program's own files are on each system."""

from pathlib import Path

from oauthcert.casework.folders import own_folders

HOME = Path("/home/anna")


def test_that_windows_roams_with_settings_and_not_with_logs() -> None:
    folders = own_folders("win32", {"APPDATA": "/r", "LOCALAPPDATA": "/l"}, HOME)

    assert folders.accounts_file == Path("/r/OAuthCert Wizard/accounts.json")
    assert folders.log_file == Path("/l/OAuthCert Wizard/Logs/oauthcert.log")


def test_that_windows_without_its_variables_still_has_folders() -> None:
    assert own_folders("win32", {}, HOME).settings == HOME / "AppData/Roaming/OAuthCert Wizard"


def test_that_macos_uses_the_library() -> None:
    folders = own_folders("darwin", {}, HOME)

    assert folders.settings == HOME / "Library/Application Support/OAuthCert Wizard"
    assert folders.logs == HOME / "Library/Logs/OAuthCert Wizard"


def test_that_linux_follows_xdg_and_ignores_relative_paths() -> None:
    assert own_folders("linux", {"XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"}, HOME).log_file == Path(
        "/s/oauthcert-wizard/oauthcert.log"
    )
    assert own_folders("linux", {"XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": ""}, HOME).settings == HOME / ".config/oauthcert-wizard"
    assert own_folders("linux", {}, HOME).logs == HOME / ".local/state/oauthcert-wizard"
