"""Puts facts into sentences. A placeholder is `{name}` or `{name:manner}`; nothing else in braces is touched."""

import logging
import re
from collections.abc import Callable, Mapping

from oauthcert.model.finding import Fact
from oauthcert.words.formats import Formats, moment_of
from oauthcert.words.showing import visible

log = logging.getLogger(__name__)

# Not str.format: that would read attributes and indexes, and choke on the braces of PowerShell commands.
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?::([a-z]+))?\}")

Manner = Callable[[Formats, str, Fact], str]


def _magnitude(formats: Formats, name: str, value: Fact) -> str:
    return formats.fact(name, abs(value) if isinstance(value, int | float) and not isinstance(value, bool) else value)


def _date(formats: Formats, name: str, value: Fact) -> str:
    at = moment_of(value)
    return formats.fact(name, value) if at is None else formats.date(at)


def _count(formats: Formats, name: str, value: Fact) -> str:
    return str(len(value)) if isinstance(value, tuple) else formats.fact(name, value)


def _dative(formats: Formats, name: str, value: Fact) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return formats.days(value, "_dative")
    return formats.fact(name, value)


def _plain(formats: Formats, name: str, value: Fact) -> str:
    return visible(value) if isinstance(value, str) else formats.fact(name, value)


def _never(formats: Formats, name: str, value: Fact) -> str:
    return formats.terms["never"] if value in (None, "") else formats.fact(name, value)


MANNERS: Mapping[str, Manner] = {
    "short": lambda formats, name, value: formats.short(name, value),
    "abs": _magnitude,
    "direction": lambda formats, _name, value: formats.direction(value),
    "date": _date,
    "count": _count,
    "plain": _plain,
    "dative": _dative,
    "never": _never,
}


def placeholders(template: str) -> frozenset[str]:
    """The names of the facts a template needs."""
    return frozenset(match[1] for match in PLACEHOLDER.finditer(template))


def fill(template: str, facts: Mapping[str, Fact], formats: Formats, manners: Mapping[str, Manner] = MANNERS) -> str:
    """The sentence with its facts. A fact that is missing shows as `?` and is logged; values are never read as templates."""

    def replaced(match: re.Match[str]) -> str:
        shown = told(match[1], match[2])
        # What servers say often ends with a full stop of its own.
        return shown.removesuffix(".") if template[match.end() : match.end() + 1] == "." else shown

    def told(name: str, manner: str | None) -> str:
        if name not in facts:
            log.warning("a text needs the fact %r and did not get it: %.60s", name, template)
            return "?"
        if manner is None:
            return formats.fact(name, facts[name])
        if manner not in manners:
            log.warning("a text asks for the unknown manner %r: %.60s", manner, template)
            return formats.fact(name, facts[name])
        return manners[manner](formats, name, facts[name])

    return PLACEHOLDER.sub(replaced, template)
