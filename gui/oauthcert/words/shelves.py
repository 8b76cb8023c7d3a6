"""Reads the word files of one language, each only when it is first asked for."""

import tomllib
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from oauthcert import assets

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

LANGUAGES = ("en", "de")

Table = Mapping[str, Any]


class Shelves:
    """One language's files below `resources/words/<lang>/`; `name` files hold one subject each, `findings-*.toml` are one shelf."""

    def __init__(self, language: str, root: "Traversable | None" = None) -> None:
        self.language = language
        self._root = (root or assets.resources()) / "words"
        self._read: dict[str, Table] = {}

    def shelf(self, name: str) -> Table:
        """The file `<name>.toml` of this language; an absent file is an empty shelf (tests hold the files complete)."""
        if name not in self._read:
            self._read[name] = self._file(self._root / self.language / f"{name}.toml")
        return self._read[name]

    @cached_property
    def findings(self) -> Table:
        """check -> variant -> title, meaning, action."""
        merged: dict[str, Any] = {}
        folder = self._root / self.language
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name) if folder.is_dir() else ():
            if file.name.startswith("findings-") and file.name.endswith(".toml"):
                merged.update(self._file(file))
        return merged

    def common(self, name: str) -> Table:
        """A file that is the same in every language (`sources`, `groups`)."""
        key = f"../{name}"
        if key not in self._read:
            self._read[key] = self._file(self._root / f"{name}.toml")
        return self._read[key]

    @staticmethod
    def _file(file: "Traversable") -> Table:
        return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
