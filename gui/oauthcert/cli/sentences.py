"""What the command itself says, in the operator's language."""

import logging
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from oauthcert.model.errors import OauthcertError
from oauthcert.words import Catalogue
from oauthcert.words.filling import fill
from oauthcert.words.shelves import Shelves
from oauthcert.words.showing import visible

log = logging.getLogger(__name__)


class Sentences:
    """Texts of `commands.toml` in one language, and the catalogue of all other words in the same language."""

    def __init__(self, language: str) -> None:
        self.catalogue = Catalogue(language)
        self.language = self.catalogue.language

    def __call__(self, key: str, **facts: str | int) -> str:
        return fill(str(self._texts[key]), facts, self.catalogue.formats)

    def place(self, place: str) -> str:
        """The name of a place where passwords are kept."""
        return str(self._texts["place"].get(place, place))

    def term(self, kind: str, key: str) -> str:
        """A word for one of a fixed set: an outcome, a level of consent, a state. What is none of them stands there as plain text."""
        return str(self._texts.get(kind, {}).get(key, visible(key)))

    def error(self, error: OauthcertError) -> str:
        """What went wrong and what to do, on one line."""
        return self.catalogue.error(error)

    @cached_property
    def _texts(self) -> Mapping[str, Any]:
        return Shelves(self.language).shelf("commands")
