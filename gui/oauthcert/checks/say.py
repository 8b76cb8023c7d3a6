"""Turns the decision of a judge into a finding: verdict, severity and fixes come from the table, only the facts from the judge."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from oauthcert.checks.check import Variant
from oauthcert.checks.table import CHECKS
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Fact, Finding

_VARIANTS: Mapping[tuple[str, str], Variant] = MappingProxyType({(check.id, v.id): v for check in CHECKS for v in check.variants})


def say(check: str, variant: str, server: str | None, /, **facts: Fact) -> Finding:
    """A finding of this variant. Raises KeyError for a variant that is not in the table; facts may have any name."""
    about = _VARIANTS[check, variant]
    return Finding(check, server, about.verdict, about.severity, f"{check}.{variant}", facts, fixes=about.fixes)


def say_unseen(check: str, server: str | None, why: NotSeen, look: str, asked: Iterable[str], variant: str = "could-not-look") -> Finding:
    """Could not look at `look`, which was asked of `asked`; the reason's own facts never displace the three named here."""
    facts: dict[str, Fact] = dict(why.facts)
    facts.update(reason=why.reason, look=look, asked_servers=tuple(asked))
    about = _VARIANTS[check, variant]
    return Finding(check, server, about.verdict, about.severity, f"{check}.{variant}", facts)


def say_not_needed(check: str, server: str | None, why: str) -> Finding:
    """`why` is one of table.NOT_NEEDED."""
    return say(check, "not-applicable", server, why=why)
