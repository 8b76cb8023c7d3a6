"""Which OAuth certificate is the deployment's: what each local store names now, and whose word counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from oauthcert.model.evidence import NotSeen, Seen
from oauthcert.model.server_evidence import Assignment, ServerEvidence

_NEVER = datetime.min.replace(tzinfo=UTC)


def plain_thumbprint(text: str | None) -> str:
    """40 upper-case hex digits without the blanks and hidden marks that come along when it is copied from a dialog."""
    if text is None or text.isalnum():  # nearly always
        return (text or "").upper()
    return "".join(sign for sign in text if sign.isalnum()).upper()


@dataclass(frozen=True, slots=True)
class LocalAssignment:
    """What one server's local store names. `current` is in force at the server's time, `staged` waits for its effective date.

    `unnamed` is the answer that said only "Assigned certificate not found or untrusted".
    """

    current: Assignment | None
    staged: tuple[Assignment, ...]
    unnamed: Assignment | None

    @property
    def thumbprint(self) -> str:
        return plain_thumbprint(self.current.thumbprint) if self.current else ""


def local_assignment(answers: Sequence[Assignment], server_time: datetime) -> LocalAssignment:
    """Sorts the objects of one server; of several in force the latest counts."""
    named = [a for a in answers if plain_thumbprint(a.thumbprint)]
    staged = [a for a in named if a.effective_date is not None and a.effective_date > server_time]
    in_force = [a for a in named if a not in staged]
    if not in_force:
        in_force = [a for a in map(_until_then, staged) if a is not None][:1]
    if not in_force and staged:  # nothing else is in force, whatever the date says
        first = min(staged, key=lambda a: a.effective_date or _NEVER)
        in_force, staged = [first], [a for a in staged if a is not first]
    current = max(in_force, key=lambda a: (a.effective_date or a.update_time or _NEVER, a.update_time or _NEVER), default=None)
    unnamed = next((a for a in answers if a.not_found_or_untrusted and not plain_thumbprint(a.thumbprint)), None)
    return LocalAssignment(current, tuple(staged), unnamed)


def _until_then(staged: Assignment) -> Assignment | None:
    """Before its effective date the previous one is in use; of that one no more than the thumbprint is told."""
    if not plain_thumbprint(staged.previous_thumbprint):
        return None
    named = replace(staged, thumbprint=staged.previous_thumbprint, effective_date=None, previous_thumbprint=None)
    return replace(named, subject=None, issuer=None, serial=None, not_before=None, not_after=None)


class Standing(StrEnum):
    """What is known of the deployment's certificate."""

    ASSIGNED = "assigned"
    UNNAMED = "unnamed"  # assigned, but no server can say which: all answered "not found or untrusted"
    NONE = "none"
    NOT_SEEN = "not-seen"


@dataclass(frozen=True, slots=True)
class Reference:
    """The deployment's certificate and whose local store said so (`server`, a position among the servers).

    `is_cms` tells whether that was the Central Management Server; if not, it is the newest word among the others.
    """

    standing: Standing
    assignment: Assignment | None = None
    server: int | None = None
    is_cms: bool = False
    why: NotSeen | None = None

    @property
    def thumbprint(self) -> str:
        return plain_thumbprint(self.assignment.thumbprint) if self.assignment else ""


def find_reference(servers: Sequence[ServerEvidence], local: Sequence[LocalAssignment | None], cms: int | None, cms_name: str) -> Reference:
    """The Central Management Server's word if it names a certificate, else the newest word of the others.

    That its own store is empty proves "none" only when no other store names one: its store is a replica too and may lag behind.
    """
    if cms is not None and (its := local[cms]) is not None and its.current is not None:
        return Reference(Standing.ASSIGNED, its.current, cms, is_cms=True)
    named = [(said.current.update_time or _NEVER, -position) for position, said in enumerate(local) if said and said.current]
    if named:
        position = -max(named)[1]
        said = local[position]
        return Reference(Standing.ASSIGNED, said.current if said else None, position)
    unnamed = [position for position, said in enumerate(local) if said and said.unnamed]
    if unnamed:
        return Reference(Standing.UNNAMED, server=unnamed[0], is_cms=unnamed[0] == cms)
    if cms is not None and local[cms] is not None:
        return Reference(Standing.NONE, server=cms, is_cms=True)
    if cms is not None and isinstance(answer := servers[cms].oauth, NotSeen):
        return Reference(Standing.NOT_SEEN, server=cms, why=answer)
    if any(isinstance(evidence.oauth, Seen) for evidence in servers):
        return Reference(Standing.NOT_SEEN, why=NotSeen("cms-not-looked-at", {"cms_server": cms_name}))
    return Reference(Standing.NOT_SEEN)
