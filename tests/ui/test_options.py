"""`oauthcert-wizard` on the command line, and what it does where there is no screen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from oauthcert.ui.options import FIRST_SCENARIO, Options, parse
from oauthcert.ui.screen import NO_SCREEN, why_no_screen

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ([], Options()),
        (["case.json"], Options(case=Path("case.json"))),
        (["--practice"], Options(scenario=FIRST_SCENARIO)),
        (["--practice", "key-cng"], Options(scenario="key-cng")),
        (["--tour", "pictures", "--lang", "de"], Options(tour=Path("pictures"), language="de")),
        (["--style", "contrast", "case.json"], Options(case=Path("case.json"), style="contrast")),
    ],
)
def test_that_options_are_understood(arguments: list[str], options: Options) -> None:
    assert parse(arguments) == options


@pytest.mark.parametrize(
    "arguments",
    [["a.json", "b.json"], ["a.json", "--tour", "x"], ["--style", "pink"], ["--lang", "fr"], ["--password", "x"], ["--tour", __file__]],
)
def test_that_wrong_usage_ends_with_64_and_says_why(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 64
    assert "oauthcert-wizard: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "platform", "x11", "wayland", "why"),
    [
        ({}, "win32", "refused", False, ("", "")),
        ({}, "darwin", "refused", False, ("", "")),
        ({}, "linux", "", True, ("screen.none", "")),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", "refused", False, ("", "")),
        ({"DISPLAY": ":0"}, "linux", "", False, ("", "")),
        ({"DISPLAY": ":0"}, "linux", "refused", False, ("screen.refused", ":0")),
        ({"DISPLAY": ":0"}, "linux", "libxcb-cursor0", False, ("screen.library", "libxcb-cursor0")),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", "refused", True, ("", "")),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", "", False, ("screen.refused", "wayland-0")),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", "", False, ("", "")),
    ],
)
def test_that_a_missing_screen_is_known_before_qt_ends_the_program(
    environment: dict[str, str], platform: str, x11: str, wayland: bool, why: tuple[str, str]
) -> None:
    assert why_no_screen(environment, platform, lambda: x11, lambda _display, _folder: wayland) == why


def test_that_a_socket_that_is_not_there_is_no_screen(tmp_path: Path) -> None:
    environment = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert why_no_screen(environment, "linux") == ("screen.refused", "wayland-7")


def run(tmp_path: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "LC_ALL", "LC_MESSAGES", "LANG"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    own = {"PYTHONPATH": str(ROOT / "gui"), "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    code = "import sys; from oauthcert.__main__ import wizard; sys.exit(wizard())"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**environment, **own, **more},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always a screen")
@pytest.mark.parametrize(("language", "word"), [("en_GB.UTF-8", "no screen"), ("de_DE.UTF-8", "keinen Bildschirm")])
def test_that_without_a_screen_a_sentence_comes_and_no_crash(tmp_path: Path, language: str, word: str) -> None:
    done = run(tmp_path, LANG=language, PYTHONUTF8="1")
    assert done.returncode == NO_SCREEN
    assert word in done.stderr
    assert done.stderr.count("\n") == 1
    refused = run(tmp_path, DISPLAY=":4711")
    assert refused.returncode == NO_SCREEN
    assert refused.stderr.startswith("oauthcert-wizard: ")


def test_that_a_scenario_that_there_is_not_is_wrong_usage(tmp_path: Path) -> None:
    done = run(tmp_path, "--practice", "no-such-scenario")
    assert done.returncode == 64
    assert "oauthcert scenarios" in done.stderr
