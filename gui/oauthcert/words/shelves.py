"""Reads the word files of one language, each only when it is first asked for."""

import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from oauthcert import assets

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

LANGUAGES = ("en", "de")

Table = Mapping[str, Any]


class Shelves:
    """One language's files below `resources/words/<lang>/`; `name` files hold one subject each, `<name>-*.toml` belong to it."""

    def __init__(self, language: str, root: "Traversable | None" = None) -> None:
        self.language = language
        self._root = (root or assets.resources()) / "words"
        self._read: dict[str, Table] = {}

    def shelf(self, name: str) -> Table:
        """`<name>.toml` and all `<name>-*.toml` of this language as one table; absent files are empty (tests hold them complete)."""
        if name not in self._read:
            self._read[name] = self._merged(self._root / self.language, name)
        return self._read[name]

    @property
    def findings(self) -> Table:
        """check -> variant -> title, meaning, action."""
        return self.shelf("findings")

    def common(self, name: str) -> Table:
        """A subject that is the same in every language (`sources`, `groups`, `symptoms`), split over files in the same way."""
        key = f"../{name}"
        if key not in self._read:
            self._read[key] = self._merged(self._root, name)
        return self._read[key]

    def _merged(self, folder: "Traversable", name: str) -> Table:
        merged: dict[str, Any] = dict(self._file(folder / f"{name}.toml"))
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name) if folder.is_dir() else ():
            if file.name.startswith(f"{name}-") and file.name.endswith(".toml"):
                merged.update(self._file(file))
        return merged

    @staticmethod
    def _file(file: "Traversable") -> Table:
        return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
