"""Builds the chain of a certificate from one server's own stores, and says which link stops it and why.

How Windows goes about it: an issuer is looked for in all of the computer's stores (Root, CA, My), by the issuer's serial number and key id
as far as the certificate names them, else by the encoded name, which is case-sensitive (white paper "Troubleshooting Certificate Status and
Revocation"); all chains are built and the best is taken; a chain is trusted when it ends in a self-signed certificate of Trusted Root. One
in Trusted Root that is not self-signed is a link like any other, no anchor (CERT_CHAIN_ENGINE_CONFIG, dwExclusiveFlags). Issuers are never
fetched from the network here: what a server would have to download is missing as long as it has not done so.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from oauthcert.certs.certificate import Certificate
from oauthcert.certs.path_rules import judge_path, note_path
from oauthcert.certs.signatures import SignatureAnswer
from oauthcert.certs.verdicts import ChainNote, ChainProblem, ChainResult, LinkNote, LinkProblem

__all__ = ["ChainNote", "ChainProblem", "ChainResult", "LinkNote", "LinkProblem", "build_chain"]

MAXIMUM_LINKS = 12
"""Certificates on one path; real ones have two to five."""
MAXIMUM_STEPS = 400
"""Issuers tried in one search, so that a store full of namesakes cannot hold the program up (about 0.1 ms each)."""

_RANK = {problem: rank for rank, problem in enumerate(ChainProblem)}
# How far a path with this problem is from a working chain; the nearest is the one to explain. A signature that does not hold mostly
# means that the candidate is a namesake and not the issuer at all.
_FAR = 5
_DISTANCE = {ChainProblem.EXPIRED: 1, ChainProblem.NOT_YET_VALID: 1, ChainProblem.SIGNATURE_NOT_CHECKED: 1, ChainProblem.BAD_SIGNATURE: 20}
_NAMESAKES_TOLD = 5


def build_chain(
    leaf: Certificate,
    intermediates: Iterable[Certificate],
    roots: Iterable[Certificate],
    at: datetime,
    *,
    disallowed: Collection[str] = (),
    personal: Iterable[Certificate] = (),
) -> ChainResult:
    """The best path from `leaf` to a root that the server trusts, judged at the moment `at` (aware).

    `intermediates`, `roots` and `personal` are what lies in the server's CA, Root and My stores; `disallowed` are SHA-1 thumbprints
    (upper case) of its Untrusted store. When no path is good, the result is the one that comes nearest to being good.
    """
    return _Search(tuple(intermediates), tuple(roots), tuple(personal), at, frozenset(disallowed)).run(leaf)


class _Search:
    """One walk over all ways upwards, depth first, the most promising issuer first."""

    def __init__(
        self,
        intermediates: tuple[Certificate, ...],
        roots: tuple[Certificate, ...],
        personal: tuple[Certificate, ...],
        at: datetime,
        disallowed: frozenset[str],
    ) -> None:
        self._at = at
        self._disallowed = disallowed
        self._roots = frozenset(c.sha256 for c in roots)
        self._intermediates = frozenset(c.sha256 for c in intermediates)
        self._personal = frozenset(c.sha256 for c in personal)
        self._by_name: defaultdict[bytes, list[Certificate]] = defaultdict(list)
        self._by_key: defaultdict[str, list[Certificate]] = defaultdict(list)
        for certificate in {c.sha256: c for c in (*roots, *intermediates, *personal)}.values():
            self._by_name[certificate.subject_der].append(certificate)
            if certificate.subject_key_id:
                self._by_key[certificate.subject_key_id].append(certificate)
        self._steps = 0
        self._best: ChainResult | None = None

    def run(self, leaf: Certificate) -> ChainResult:
        self._follow((leaf,), ())
        if self._best is None:  # every way ends somewhere, so there is always one
            raise AssertionError("a search without a result")
        if self._steps <= MAXIMUM_STEPS:
            return self._best
        return ChainResult(self._best.path, self._best.trusted, self._best.problems, self._best.notes, cut_short=True)

    def _follow(self, path: tuple[Certificate, ...], problems: tuple[LinkProblem, ...]) -> None:
        """Tries every issuer of the last certificate of `path`; `problems` are those of the signatures so far."""
        last = path[-1]
        if last.self_signed:
            trusted = last.sha256 in self._roots
            self._finish(path, problems if trusted else (*problems, self._untrusted(path)), trusted=trusted)
            return
        candidates, namesakes = self._issuers(last)
        fresh = [c for c in candidates if not any(_same_authority(c, link) for link in path)]
        if not fresh:
            self._finish(path, (*problems, self._dead_end(path, candidates, namesakes)))
        elif len(path) >= MAXIMUM_LINKS:
            self._finish(path, (*problems, LinkProblem(ChainProblem.TOO_LONG, len(path) - 1, last)))
        for issuer in fresh if len(path) < MAXIMUM_LINKS else ():
            self._steps += 1
            if self._settled() or (self._steps > MAXIMUM_STEPS and self._best is not None):
                return
            answer = last.signed_by(issuer)
            if answer is SignatureAnswer.BAD:
                facts = {"issuer": issuer.subject, "issuer_thumbprint": issuer.thumbprint}
                self._finish(path, (*problems, LinkProblem(ChainProblem.BAD_SIGNATURE, len(path) - 1, last, facts)))
            elif answer is SignatureAnswer.UNCHECKED:
                facts = {"algorithm": last.signature_hash or last.algorithm.oid}
                unchecked = LinkProblem(ChainProblem.SIGNATURE_NOT_CHECKED, len(path) - 1, last, facts)
                self._follow((*path, issuer), (*problems, unchecked))
            else:
                self._follow((*path, issuer), problems)

    def _issuers(self, child: Certificate) -> tuple[list[Certificate], list[Certificate]]:
        """Who may have issued `child`, most promising first; and those of the right name that its key id or serial rules out."""
        named = list(self._by_name.get(child.issuer_der, ()))
        known = {c.sha256 for c in named}
        same_key = [c for c in self._by_key.get(child.authority_key_id, ()) if c.sha256 not in known]
        if same_key:
            # By key id Windows finds an issuer even where the two spell one name in different case or string types.
            wanted = child.issuer_name.folded
            named += [c for c in same_key if c.subject_name.folded == wanted]
        fitting = [c for c in named if _fits(child, c)]
        fitting.sort(key=self._promise)
        return fitting, [c for c in named if not _fits(child, c) and c != child]

    def _promise(self, issuer: Certificate) -> tuple[bool, bool, bool, float]:
        trusted = issuer.self_signed and issuer.sha256 in self._roots
        return not issuer.valid_at(self._at), not trusted, issuer.thumbprint in self._disallowed, -issuer.not_after.timestamp()

    def _dead_end(self, path: Sequence[Certificate], candidates: Sequence[Certificate], namesakes: Sequence[Certificate]) -> LinkProblem:
        last, link = path[-1], len(path) - 1
        claims_itself = last.self_issued and last.authority_key_id in ("", last.subject_key_id)
        if claims_itself:
            return LinkProblem(ChainProblem.BAD_SIGNATURE, link, last, {"issuer": last.issuer, "issuer_thumbprint": last.thumbprint})
        facts = {
            "issuer": last.issuer,
            "key_id": last.authority_key_id,
            "url": last.issuer_urls[0] if last.issuer_urls else "",
            "other_key": ", ".join(c.thumbprint for c in namesakes[:_NAMESAKES_TOLD]),
        }
        return LinkProblem(ChainProblem.LOOP if candidates else ChainProblem.MISSING_ISSUER, link, last, facts)

    def _untrusted(self, path: Sequence[Certificate]) -> LinkProblem:
        last = path[-1]
        store = "intermediate" if last.sha256 in self._intermediates else "personal" if last.sha256 in self._personal else "none"
        return LinkProblem(ChainProblem.UNTRUSTED_ROOT, len(path) - 1, last, {"store": store})

    def _finish(self, path: tuple[Certificate, ...], found: Iterable[LinkProblem], *, trusted: bool = False) -> None:
        problems = sorted((*found, *judge_path(path, self._at, self._disallowed)), key=lambda p: (_RANK[p.problem], p.link))
        ordered = (*problems[:1], *sorted(problems[1:], key=lambda p: (p.link, _RANK[p.problem])))
        notes = tuple(note_path(path, self._roots, self._intermediates))
        result = ChainResult(path, trusted, ordered, notes)
        if self._best is None or _merit(result) > _merit(self._best):
            self._best = result

    def _settled(self) -> bool:
        return self._best is not None and self._best.ok and not self._best.notes


def _merit(result: ChainResult) -> tuple[object, ...]:
    """Good before bad, trusted before untrusted, nearly good before hopeless; then a bad path rather long, a good one rather short."""
    if result.ok:
        return (True, True, -len(result.notes), -len(result.path))
    distance = sum(_DISTANCE.get(p.problem, _FAR) for p in result.problems)
    return (False, result.trusted, -distance, len(result.path))


def _fits(child: Certificate, issuer: Certificate) -> bool:
    """Does what `child` says of its issuer's key and serial number agree with this issuer? What either leaves out agrees."""
    if child.authority_key_id and issuer.subject_key_id and child.authority_key_id != issuer.subject_key_id:
        return False
    return not child.authority_serial or child.authority_serial == issuer.serial


def _same_authority(one: Certificate, other: Certificate) -> bool:
    return one == other or (one.subject_der == other.subject_der and one.public_key == other.public_key)
