"""What the page of a first deployment says about a move, in the operator's words."""

from collections.abc import Sequence

from oauthcert.fixes.deployment import Guidance
from oauthcert.fixes.deployment_moves import Move
from oauthcert.model.case import Case
from oauthcert.ui.desk import Desk
from oauthcert.words.showing import short_name, visible

_MOST_TITLES = 3
BY_HAND = frozenset(
    {
        "start-replica",
        "enable-replica",
        "force-replication",
        "refresh-local-store",
        "install-components",
        "other-certificates",
        "request-certificate",
        "assign-certificate",
        "start-services",
    }
)
"""Moves of the program that the Deployment Wizard, or a service console, has a place for."""


class MoveWords:
    """Texts of moves for one look: `case` has the findings they speak of."""

    def __init__(self, desk: Desk, case: Case | None, guidance: Guidance) -> None:
        self._desk, self._guidance = desk, guidance
        self._findings = {finding.id: finding for finding in case.findings} if case is not None else {}

    def what(self, move: Move) -> str:
        return self._desk.phrase(f"deploy.move.{move.id}.what")

    def why(self, move: Move) -> str:
        return self._say(move, "why")

    def button(self, move: Move) -> str:
        return self._desk.phrase(f"deploy.move.{move.id}.button")

    def do(self, move: Move) -> str:
        return self._say(move, "do")

    def hand(self, move: Move) -> str:
        """The same by hand; empty where the Deployment Wizard has no place for it."""
        return self._say(move, "hand") if move.id in BY_HAND else ""

    def servers(self, move: Move) -> str:
        return self.listed(move.servers)

    def listed(self, servers: Sequence[str]) -> str:
        """Up to three by name, of more only how many."""
        names = tuple(short_name(name) for name in servers)
        if len(names) <= _MOST_TITLES:
            return self._desk.catalogue.formats.listed(names)
        return self._desk.phrase("deploy.servers.many", first=names[0], count=len(names) - 1)

    def titles(self, findings: Sequence[str]) -> str:
        """What these findings say, the first few of them."""
        said = [self._desk.catalogue.finding(self._findings[one]).title for one in findings if one in self._findings]
        return " · ".join(dict.fromkeys(said[:_MOST_TITLES]))

    def _say(self, move: Move, part: str) -> str:
        facts = {name: self._fact(name, value) for name, value in move.facts.items()}
        told = dict.fromkeys(("servers", "thumbprint", "asked_on", "number"), "")
        told |= {"server": self.servers(move), "findings": self.titles(move.wanted)}
        told["menu"] = self._desk.phrase("deploy.menu.skype" if self._guidance.skype else "deploy.menu.lync")
        return self._desk.phrase(f"deploy.move.{move.id}.{part}", **told | {name: text for name, text in facts.items() if text})

    def _fact(self, name: str, value: object) -> str:
        if name == "findings" and isinstance(value, tuple):
            return self.titles(value)
        if isinstance(value, tuple):
            return self.listed(value) if value else ""
        if name in ("server", "asked_on"):
            return short_name(str(value))
        return visible(str(value)) if value is not None else ""
