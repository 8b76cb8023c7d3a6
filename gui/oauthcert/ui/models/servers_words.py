"""What a row of the servers page says: connection, state, product, roles. Pure, in the operator's language."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from oauthcert.model.finding import Verdict
from oauthcert.model.target import Product, Target
from oauthcert.ui.desk import Desk, RowSurvey

PORTS = {"http": 5985, "https": 5986}
UNTRUSTED = frozenset({"tls-not-trusted", "tls-name-mismatch"})
SHORT_WORDS = (
    "name-not-found",
    "refused",
    "timed-out",
    "unreachable",
    "connection-reset",
    "tls-not-trusted",
    "tls-name-mismatch",
    "tls-version",
    "not-wsman",
)
_CONNECTION = re.compile(r"\s*(https?)?[\s:/]*([0-9]{1,5})?\s*", re.IGNORECASE)


class Phase(StrEnum):
    """How far the look from outside at one server is."""

    WAITING = "waiting"
    TRYING = "trying"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ServerRow:
    """One server of the list. `survey` is the last answer for exactly this target; `roles` and `product` come from a discovery."""

    target: Target
    phase: Phase = Phase.WAITING
    survey: RowSurvey | None = None
    roles: tuple[str, ...] = ()
    product: str = ""

    @property
    def reason(self) -> str:
        """Why it does not answer; empty while that is not known, and when it does."""
        return self.survey.not_seen.reason if self.phase is Phase.DONE and self.survey and self.survey.not_seen else ""

    @property
    def answers(self) -> bool:
        return self.phase is Phase.DONE and self.survey is not None and self.survey.not_seen is None

    @property
    def fingerprint(self) -> str:
        """Of a certificate that was shown and is not trusted, when trusting it would help: a revoked one is never offered."""
        if self.reason not in UNTRUSTED or self.survey is None or self.survey.not_seen is None:
            return ""
        facts = self.survey.not_seen.facts
        return facts.get("sha256", "") if facts.get("why") != "revoked" else ""


def connection_of(target: Target) -> str:
    """`HTTPS 5986`: the same in every language."""
    return f"{target.scheme.upper()} {target.port}"


def read_connection(text: str, target: Target) -> Target | None:
    """The target reached as `text` says: `https`, `8443`, `https 8443`. None when it says nothing that can be.

    A scheme alone means its usual port, a port alone its usual scheme where it has one. Trust is kept as long as TLS is.
    """
    found = _CONNECTION.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        return None
    usual = {port: scheme for scheme, port in PORTS.items()}
    scheme = found[1].lower() if found[1] else usual.get(int(found[2]), target.scheme)
    port = int(found[2]) if found[2] else PORTS[scheme]
    if not 1 <= port <= 65535:
        return None
    return replace(target, scheme=scheme, port=port, fingerprint=target.fingerprint if scheme == "https" else None)


def other_connection(target: Target) -> Target:
    """Over TLS where it is not, and the other way round, at the usual port."""
    scheme = "http" if target.scheme == "https" else "https"
    return replace(target, scheme=scheme, port=PORTS[scheme], fingerprint=None)


def state_of(row: ServerRow, desk: Desk) -> tuple[Verdict, str]:
    """Shape and words of the state. While nothing is known yet the verdict is NOT_APPLICABLE."""
    if row.phase is not Phase.DONE or row.survey is None:
        return Verdict.NOT_APPLICABLE, desk.phrase(f"servers.state.{row.phase.value}")
    if row.answers:
        return Verdict.PASS, desk.phrase("servers.state.answers", milliseconds=max(1, row.survey.milliseconds or 0))
    verdict = Verdict.WARN if row.reason in UNTRUSTED else Verdict.UNKNOWN
    return verdict, desk.phrase(f"servers.state.{row.reason if row.reason in SHORT_WORDS else 'other'}")


def product_of(row: ServerRow, desk: Desk) -> tuple[str, bool]:
    """The product, and whether it is known."""
    if row.product:
        return row.product, True
    if row.target.product is not Product.AUTO:
        return desk.phrase(f"servers.product.{row.target.product.value}"), True
    return desk.phrase("servers.product.unknown"), False


def roles_of(row: ServerRow, desk: Desk) -> str:
    return ", ".join(desk.phrase(f"servers.role.{role}") for role in row.roles)


def fingerprint_in_groups(sha256: str) -> str:
    """`AA:BB:…` in four groups, so that it can be compared by eye and wraps between them."""
    pairs = [sha256[at : at + 2].upper() for at in range(0, len(sha256), 2)]
    return " ".join(":".join(pairs[at : at + 8]) for at in range(0, len(pairs), 8))
