"""What was typed as the name of an account: in which form it is, or what is wrong with it. Knows no Qt."""

from dataclasses import dataclass
from enum import StrEnum

# What a sign-in name may not hold, from the documentation of the attribute sAMAccountName; the separators are dealt with before.
_FORBIDDEN = frozenset('"[]:;|=,+*?<>/\\@')
_LONGEST = 256


class Form(StrEnum):
    """How an account is written. LOCAL means one of each server's own, BARE leaves the domain to the server."""

    DOMAIN = "domain"
    MAIL = "mail"
    LOCAL = "local"
    BARE = "bare"


class Wrong(StrEnum):
    """What is wrong with a name; an id of a text."""

    EMPTY = "empty"
    SLASH = "slash"
    BOTH = "both"
    TWICE = "twice"
    NO_DOMAIN = "no-domain"
    NO_NAME = "no-name"
    CHARACTERS = "characters"
    TOO_LONG = "too-long"


@dataclass(frozen=True, slots=True)
class AccountName:
    """`text` is without the blanks around it. Exactly one of `form` and `wrong` is set."""

    text: str
    form: Form | None = None
    wrong: Wrong | None = None


def read_account_name(typed: str) -> AccountName:
    """Never raises."""
    text = typed.strip()
    wrong = _wrong(text)
    if wrong is not None:
        return AccountName(text, wrong=wrong)
    domain, backslash, _name = text.partition("\\")
    if backslash:
        return AccountName(text, Form.LOCAL if domain == "." else Form.DOMAIN)
    return AccountName(text, Form.MAIL if "@" in text else Form.BARE)


def _wrong(text: str) -> Wrong | None:
    if not text:
        return Wrong.EMPTY
    if len(text) > _LONGEST:
        return Wrong.TOO_LONG
    if "\\" in text and "@" in text:
        return Wrong.BOTH
    if text.count("\\") > 1 or text.count("@") > 1:
        return Wrong.TWICE
    if "/" in text and "\\" not in text:
        return Wrong.SLASH
    separator = "\\" if "\\" in text else "@"
    parts = text.split(separator)
    name, domain = (parts[-1], parts[0]) if separator == "\\" else (parts[0], parts[-1])
    if len(parts) == 2 and not domain.strip():
        return Wrong.NO_DOMAIN
    if not name.strip():
        return Wrong.NO_NAME
    return Wrong.CHARACTERS if any(one in _FORBIDDEN or not one.isprintable() for part in parts for one in part) else None
