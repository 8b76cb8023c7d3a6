"""Everything a fresh machine needs, in one command each:  python3 tasks.py practice | test | bench

Makes a virtual environment in .venv, installs the pinned packages and, on Debian or Ubuntu as root, the system libraries that are
missing. Standard library only, Python 3.11 or later, Windows, Linux and macOS.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
OUT = HERE / "out"
PRACTICE_SCENARIO = "first-deployment"

# Library as the loader names it -> Debian package. What Qt needs without a screen (found by removing them one by one).
QT_LIBRARIES = {
    "GL": "libgl1",
    "EGL": "libegl1",
    "xkbcommon": "libxkbcommon0",
    "fontconfig": "libfontconfig1",
    "glib-2.0": "libglib2.0-0",
    "dbus-1": "libdbus-1-3",
}
# And what it needs besides to open a window on an X11 or Wayland desktop.
SCREEN_LIBRARIES = {
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
}
# Program -> Debian package. What the tests compare with: another chain builder, a real Secret Service.
TEST_PROGRAMS = {"openssl": "openssl", "gnome-keyring-daemon": "gnome-keyring", "dbus-run-session": "dbus", "git": "git"}


def say(text: str) -> None:
    print(f"tasks: {text}", file=sys.stderr, flush=True)


def run(*command: str | Path, check: bool = True, env: dict[str, str] | None = None) -> int:
    """Runs a command in the checkout and returns its exit code; ends the task when `check` and it failed."""
    done = subprocess.run([str(part) for part in command], cwd=HERE, env=env, check=False)  # noqa: S603 - our own commands
    if check and done.returncode != 0:
        sys.exit(done.returncode)
    return done.returncode


def is_root_on_debian() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: list[str]) -> None:
    """Installs Debian packages, or says which ones to install when this account may not."""
    if not packages:
        return
    if not is_root_on_debian():
        say(f"this machine lacks {', '.join(packages)}; if something below fails, install them first:")
        say(f"sudo apt-get install {' '.join(packages)}")
        return
    say(f"installing {', '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "-q", "update", env=environment)
    run("apt-get", "-q", "install", "-y", "--no-install-recommends", *packages, env=environment)


def missing_system_packages(with_tests: bool) -> list[str]:
    if platform.system() != "Linux":
        return []
    wanted = {**QT_LIBRARIES, **SCREEN_LIBRARIES} if has_screen() else QT_LIBRARIES
    missing = [package for library, package in wanted.items() if find_library(library) is None]
    if with_tests:
        missing += [package for program, package in TEST_PROGRAMS.items() if shutil.which(program) is None]
    return missing


def python_in_venv() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_venv() -> None:
    if python_in_venv().exists():
        return
    try:
        import ensurepip  # noqa: F401 - Debian splits it off into python3-venv
    except ImportError:
        apt_install(["python3-venv"])
    say("making a virtual environment in .venv")
    run(sys.executable, "-m", "venv", VENV)


def install(with_tests: bool) -> None:
    """The project itself (editable) and its pinned packages; skipped when nothing changed since the last time."""
    import tomllib  # here, so that an older Python gets as far as the sentence about its age

    project = (HERE / "pyproject.toml").read_bytes()
    tables = tomllib.loads(project.decode())
    groups = tables["dependency-groups"]["test"] if with_tests else []
    stamp = VENV / ("installed-with-tests" if with_tests else "installed")
    state = hashlib.sha256(project + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == state:
        return
    say("installing the pinned packages (the first time this downloads about 120 MB)")
    pins = VENV / "constraints.txt"
    pins.write_text("\n".join(tables["tool"]["uv"]["constraint-dependencies"]) + "\n")
    pip = (python_in_venv(), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "-c", pins)
    run(*pip, "--editable", HERE, *groups)
    stamp.write_text(state)


def prepare(with_tests: bool) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python is started with
        sys.exit(f"OAuthCert Wizard needs Python 3.11 or later; this is {platform.python_version()}.")
    apt_install(missing_system_packages(with_tests))
    make_venv()
    install(with_tests)


def has_screen() -> bool:
    return platform.system() in {"Windows", "Darwin"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def practice(scenario: str = PRACTICE_SCENARIO) -> int:
    """The main job on the practice lab: the wizard where there is a screen; else the same case off-screen, with findings and report."""
    prepare(with_tests=False)
    if has_screen():
        say("opening the wizard with a practice case; no real server is touched")
        return run(python_in_venv().with_name("oauthcert-wizard"), "--practice", scenario, check=False)
    OUT.mkdir(exist_ok=True)
    case, report = OUT / f"{scenario}.json", OUT / f"{scenario}.html"
    oauthcert = (python_in_venv(), "-m", "oauthcert")
    found = run(*oauthcert, "check", "--practice", scenario, "--save", case, check=False)
    if found > 3:
        return found
    run(*oauthcert, "check", "--case", case, "--format", "html", "--output", report, "--quiet", check=False)
    say(f"this machine has no screen, so the wizard was not opened. The findings are above, the report is {report}")
    say("the practice lab has faults on purpose; every scenario: .venv/bin/oauthcert scenarios")
    return 0


def test(*arguments: str) -> int:
    """The whole suite: behaviour, protocol, layers, types, style, words, packaging."""
    prepare(with_tests=True)
    return run(python_in_venv(), "-m", "pytest", *(arguments or ("-q", "-n", "2")), check=False)


def bench(*arguments: str) -> int:
    """Speed and growth against plain pywinrm in the same run; prints tables and writes out/bench.json."""
    prepare(with_tests=True)
    OUT.mkdir(exist_ok=True)
    return run(python_in_venv(), "-m", "tests.bench", *arguments, check=False)


TASKS: dict[str, Callable[..., int]] = {"practice": practice, "test": test, "bench": bench}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in TASKS:
        print(__doc__, file=sys.stderr)
        return 64
    return TASKS[arguments[0]](*arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
