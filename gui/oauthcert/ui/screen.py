"""Whether there is a screen to draw on. Qt ends the whole program where there is none, so this is asked before."""

from collections.abc import Callable, Mapping
from pathlib import Path

NO_SCREEN = 69
"""Exit code: something this program needs is not available (EX_UNAVAILABLE of sysexits.h)."""

# Qt's plugin for X11 needs these, and no package of Python brings them. The second since Qt 6.5.
_X11_LIBRARIES = {"libxcb.so.1": "libxcb1", "libxcb-cursor.so.0": "libxcb-cursor0", "libxkbcommon-x11.so.0": "libxkbcommon-x11-0"}


def why_no_screen(
    environment: Mapping[str, str],
    platform: str,
    reach_x11: Callable[[], str] | None = None,
    reach_wayland: Callable[[str, str], bool] | None = None,
) -> tuple[str, str]:
    """The id of a text of the window and what it is about; both empty when a window can be opened.

    Only Linux and its like are asked: elsewhere there is always a screen. Who chose a Qt platform by hand is believed.
    """
    if platform in {"win32", "darwin"} or environment.get("QT_QPA_PLATFORM"):
        return "", ""
    wayland, x11 = environment.get("WAYLAND_DISPLAY", ""), environment.get("DISPLAY", "")
    if not wayland and not x11:
        return "screen.none", ""
    if wayland and (reach_wayland or _reach_wayland)(wayland, environment.get("XDG_RUNTIME_DIR", "")):
        return "", ""
    if not x11:
        return "screen.refused", wayland
    problem = (reach_x11 or _reach_x11)()
    if problem == "refused":
        return "screen.refused", x11
    return ("screen.library", problem) if problem else ("", "")


def _reach_wayland(display: str, folder: str) -> bool:
    import socket

    try:
        with socket.socket(socket.AF_UNIX) as line:  # type: ignore[attr-defined, unused-ignore]
            line.settimeout(2)
            line.connect(str(Path(folder) / display))
    except OSError:
        return False
    return True


def _reach_x11() -> str:
    """Empty, `refused`, or the package that lacks. Asks as Qt does, so that a missing permission shows too."""
    import ctypes

    for library, package in _X11_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            return package
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    line = xcb.xcb_connect(None, None)
    broken = bool(xcb.xcb_connection_has_error(line))
    xcb.xcb_disconnect(line)
    return "refused" if broken else ""
