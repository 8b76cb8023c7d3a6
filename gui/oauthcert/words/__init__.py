"""Every text a person reads about a check, a reason, an error or a fix, in their language."""

from oauthcert.words.catalogue import Catalogue
from oauthcert.words.texts import CheckText, FindingText, FixText, ReasonText, Source

__all__ = ["Catalogue", "CheckText", "FindingText", "FixText", "ReasonText", "Source"]
