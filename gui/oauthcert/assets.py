"""Finds the files the program ships with: scripts, words, scenarios, help. Reads nothing else."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def resources() -> Path:
    """The folder `resources/`: inside the package when installed from a wheel, beside `gui/` in a checkout.

    Raises FileNotFoundError when the installation is incomplete.
    """
    package = Path(__file__).parent
    for folder in (package / "resources", package.parents[1] / "resources"):
        if (folder / "powershell").is_dir():
            return folder
    raise FileNotFoundError("the program's own files are missing: install OAuthCert Wizard again")


def text(name: str, root: "Traversable | None" = None) -> str:
    """One shipped file as UTF-8 text; `name` is relative to `resources/`, with forward slashes."""
    return ((root or resources()) / name).read_text(encoding="utf-8")
