"""What can be said about a chain: what stops it, what is worth knowing, and the result of building one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from oauthcert.certs.certificate import Certificate


class ChainProblem(StrEnum):
    """Why Windows would not accept a chain; in the order in which the deciding one is named when there are several."""

    DISALLOWED = "disallowed"
    BAD_SIGNATURE = "bad-signature"
    MISSING_ISSUER = "missing-issuer"
    LOOP = "loop"
    TOO_LONG = "too-long"
    UNTRUSTED_ROOT = "untrusted-root"
    NOT_A_CA = "not-a-ca"
    PATH_LENGTH = "path-length"
    NAME_NOT_ALLOWED = "name-not-allowed"
    UNKNOWN_CRITICAL_EXTENSION = "unknown-critical-extension"
    UNREADABLE_EXTENSION = "unreadable-extension"
    WEAK_SIGNATURE = "weak-signature"
    WEAK_KEY = "weak-key"
    SIGNATURE_NOT_CHECKED = "signature-not-checked"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"


class ChainNote(StrEnum):
    """What does not stop a chain but matters for Lync, Skype for Business or the next renewal."""

    MISPLACED_IN_ROOT = "misplaced-in-root"
    ROOT_IN_INTERMEDIATE = "root-in-intermediate"
    SELF_SIGNED_LEAF = "self-signed-leaf"
    WEAK_ROOT_SIGNATURE = "weak-root-signature"
    SHA1_SIGNATURE = "sha1-signature"
    SHA512_SIGNATURE = "sha512-signature"
    PSS_SIGNATURE = "pss-signature"
    SHORT_KEY = "short-key"


@dataclass(frozen=True, slots=True)
class LinkProblem:
    """One thing that stops the chain at `certificate`, which is `path[link]` (0 is the leaf).

    Facts by kind: missing-issuer and loop: issuer, key_id, url (where the certificate says its issuer can be fetched), other_key
    (thumbprints of certificates of the wanted name but another key); bad-signature: issuer, issuer_thumbprint; expired: not_after;
    not-yet-valid: not_before; not-a-ca: why (basic-constraints or key-usage); path-length: allowed, found; weak-signature and
    signature-not-checked: algorithm; weak-key: algorithm, bits; untrusted-root: store (intermediate, personal or none);
    name-not-allowed: name, below; unknown-critical-extension, unreadable-extension: extension.
    """

    problem: ChainProblem
    link: int
    certificate: Certificate
    facts: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class LinkNote:
    """Something worth knowing about `path[link]`."""

    note: ChainNote
    link: int
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class ChainResult:
    """The best path that was found, from the leaf upwards, and all that is to say about it.

    `trusted` means that it ends in a self-signed certificate of the server's Trusted Root store; `ok` that nothing stops it.
    `problems` begins with the one that decides, the others follow from the leaf upwards. `cut_short` means that so many candidates
    claimed to be issuers that not all ways were tried.
    """

    path: tuple[Certificate, ...]
    trusted: bool
    problems: tuple[LinkProblem, ...] = ()
    notes: tuple[LinkNote, ...] = ()
    cut_short: bool = False

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def problem(self) -> LinkProblem | None:
        """What decides that the chain is not accepted; None when it is."""
        return self.problems[0] if self.problems else None

    @property
    def root(self) -> Certificate | None:
        """The self-signed certificate at the end, trusted or not; None when the path does not come that far."""
        return self.path[-1] if self.path[-1].self_signed else None

    def has(self, kind: ChainProblem | ChainNote) -> bool:
        return any(p.problem is kind for p in self.problems) or any(n.note is kind for n in self.notes)
