"""Chains with one named defect each, made of real certificates.

In the drawings an arrow points from a certificate to its issuer, [brackets] lie in Trusted Root, (parentheses) in the intermediate store,
and what is written bare lies in no store but the server's own (the leaf).
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from oauthcert.certs.chain import ChainResult, build_chain
from oauthcert.certs.issuing import CertificatePlan, IssuedCertificate, KeyPool, issue, plan_leaf, reissue
from oauthcert.certs.plans import CA_KEY_USAGE

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
ROOT_IS_ENOUGH = "Windows trusts what lies in Trusted Root even when it does not call itself an authority; openssl does not"
ONE_WAY = "openssl follows the first issuer that fits by name and key id and never comes back; Windows tries every way"
PAST: dict[str, Any] = {"not_before": datetime(2023, 1, 1, tzinfo=UTC), "not_after": datetime(2026, 5, 31, tzinfo=UTC)}
FUTURE: dict[str, Any] = {"not_before": datetime(2026, 6, 2, tzinfo=UTC), "not_after": datetime(2029, 1, 1, tzinfo=UTC)}


@dataclass(frozen=True, slots=True)
class MadeChain:
    """A leaf, the stores of the server it lies on, and whether Windows would accept it at `NOW`.

    `openssl` is what `openssl verify` says when that is not the same; `why` then explains the difference. `level` is the security level
    openssl needs to refuse what Windows refuses for weakness.
    """

    leaf: IssuedCertificate
    intermediates: tuple[IssuedCertificate, ...]
    roots: tuple[IssuedCertificate, ...]
    ok: bool = True
    openssl: bool | None = None
    why: str = ""
    level: int = 0
    personal: tuple[IssuedCertificate, ...] = ()
    disallowed: frozenset[str] = frozenset()

    def build(self, at: datetime = NOW) -> ChainResult:
        return build_chain(
            self.leaf.parsed,
            [c.parsed for c in self.intermediates],
            [c.parsed for c in self.roots],
            at,
            disallowed=self.disallowed,
            personal=[c.parsed for c in self.personal],
        )


class Workshop:
    """Makes the links; `changes` are fields of CertificatePlan. Same key number, same key."""

    def __init__(self, keys: KeyPool) -> None:
        self.keys = keys

    def root(self, name: str = "Root", key: int = 0, **changes: Any) -> IssuedCertificate:
        plan = CertificatePlan(name, START, END, is_ca=True, key_usage=CA_KEY_USAGE, with_authority_key_id=False)
        return issue(replace(plan, **changes), self.keys.rsa(key))

    def authority(self, issuer: IssuedCertificate, name: str = "Issuing", key: int = 1, **changes: Any) -> IssuedCertificate:
        plan = CertificatePlan(name, START, END, is_ca=True, key_usage=CA_KEY_USAGE)
        return issue(replace(plan, **changes), self.keys.rsa(key), issuer)

    def leaf(self, issuer: IssuedCertificate | None, *, key_bits: int = 2048, **changes: Any) -> IssuedCertificate:
        return issue(replace(plan_leaf("contoso.lab", START, END), **changes), self.keys.rsa(2, key_bits), issuer)


def healthy(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing) -> [Root]; the leaf has no alternative names, which an OAuth certificate does not need."""
    root = shop.root()
    issuing = shop.authority(root)
    return MadeChain(shop.leaf(issuing), (issuing,), (root,))


def with_alternative_names(shop: Workshop) -> MadeChain:
    """leaf with two DNS names -> (Issuing) -> [Root]"""
    good = healthy(shop)
    return replace(good, leaf=shop.leaf(good.intermediates[0], dns_names=("contoso.lab", "fabrikam.lab")))


def issued_by_the_root(shop: Workshop) -> MadeChain:
    """leaf -> [Root]"""
    root = shop.root()
    return MadeChain(shop.leaf(root), (), (root,))


def missing_intermediate(shop: Workshop) -> MadeChain:
    """leaf -> nothing of that name; [Root] alone"""
    good = healthy(shop)
    leaf = shop.leaf(good.intermediates[0], issuer_urls=("http://pki.contoso.lab/issuing.crt",))
    return replace(good, leaf=leaf, intermediates=(), ok=False)


def missing_root(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing) -> nothing"""
    return replace(healthy(shop), roots=(), ok=False)


def renewed_issuer_instead(shop: Workshop) -> MadeChain:
    """leaf -> Issuing, old key, gone; (Issuing, new key) -> [Root] is all there is"""
    good = healthy(shop)
    renewed = shop.authority(good.roots[0], key=3)
    return replace(good, intermediates=(renewed,), ok=False)


def expired(shop: Workshop, place: str) -> MadeChain:
    """leaf -> (Issuing) -> [Root], and the one at `place` (leaf, issuing, root) ended yesterday"""
    return _dated(shop, place, PAST)


def not_yet_valid(shop: Workshop, place: str) -> MadeChain:
    """leaf -> (Issuing) -> [Root], and the one at `place` begins tomorrow"""
    return _dated(shop, place, FUTURE)


def _dated(shop: Workshop, place: str, dates: dict[str, Any]) -> MadeChain:
    changes = {place: dates}
    root = shop.root(**changes.get("root", {}))
    issuing = shop.authority(root, **changes.get("issuing", {}))
    return MadeChain(shop.leaf(issuing, **changes.get("leaf", {})), (issuing,), (root,), ok=False)


def issuer_is_no_authority(shop: Workshop) -> MadeChain:
    """leaf -> (server certificate, basicConstraints says no CA) -> [Root]"""
    root = shop.root()
    server = shop.authority(root, is_ca=False)
    return MadeChain(shop.leaf(server), (server,), (root,), ok=False)


def issuer_without_constraints(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing without basicConstraints) -> [Root]"""
    root = shop.root()
    issuing = shop.authority(root, is_ca=None)
    return MadeChain(shop.leaf(issuing), (issuing,), (root,), ok=False)


def issuer_may_not_sign(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing, keyUsage without keyCertSign) -> [Root]"""
    root = shop.root()
    issuing = shop.authority(root, key_usage=("digital-signature",))
    return MadeChain(shop.leaf(issuing), (issuing,), (root,), ok=False)


def version_1_issuer(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing, X.509 version 1) -> [Root]"""
    root = shop.root()
    issuing = shop.authority(root, version_1=True)
    return MadeChain(shop.leaf(issuing), (issuing,), (root,), ok=False)


def version_1_root(shop: Workshop) -> MadeChain:
    """leaf -> [Root, X.509 version 1]"""
    root = shop.root(version_1=True)
    return MadeChain(shop.leaf(root), (), (root,))


def root_says_no_authority(shop: Workshop) -> MadeChain:
    """leaf -> [Root, basicConstraints says no CA]"""
    root = shop.root(is_ca=False)
    return MadeChain(shop.leaf(root), (), (root,), ok=False)


def root_without_constraints(shop: Workshop) -> MadeChain:
    """leaf -> [Root, version 3 without basicConstraints and keyUsage]"""
    root = shop.root(is_ca=None, key_usage=None)
    return MadeChain(shop.leaf(root), (), (root,), openssl=False, why=ROOT_IS_ENOUGH)


def path_too_long(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing) -> (Policy, pathLen 0) -> [Root]"""
    root = shop.root()
    policy = shop.authority(root, "Policy", 3, path_length=0)
    issuing = shop.authority(policy)
    return MadeChain(shop.leaf(issuing), (issuing, policy), (root,), ok=False)


def path_just_short_enough(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing, pathLen 0) -> (Policy, pathLen 1) -> [Root, pathLen 2]"""
    root = shop.root(path_length=2)
    policy = shop.authority(root, "Policy", 3, path_length=1)
    issuing = shop.authority(policy, path_length=0)
    return MadeChain(shop.leaf(issuing), (issuing, policy), (root,))


def self_issued_link_does_not_count(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing, new key) -> (Issuing, old key, pathLen 0) -> [Root]; the upper two have one name"""
    root = shop.root()
    old = shop.authority(root, path_length=0)
    new = shop.authority(old, key=3)
    return MadeChain(shop.leaf(new), (new, old), (root,))


def hashed_with(shop: Workshop, place: str, hash_name: str) -> MadeChain:
    """leaf -> (Issuing) -> [Root], and the one at `place` is signed over `hash_name`"""
    changes: dict[str, dict[str, Any]] = {place: {"hash": hash_name}}
    root = shop.root(**changes.get("root", {}))
    issuing = shop.authority(root, **changes.get("issuing", {}))
    leaf = shop.leaf(issuing, **changes.get("leaf", {}))
    weak = hash_name == "md5" and place != "root"
    return MadeChain(leaf, (issuing,), (root,), ok=not weak, level=1 if weak else 0)


def signed_with_pss(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing, RSASSA-PSS) -> [Root]"""
    root = shop.root()
    issuing = shop.authority(root, pss=True)
    return MadeChain(shop.leaf(issuing), (issuing,), (root,))


def leaf_key_of(shop: Workshop, bits: int) -> MadeChain:
    """leaf with an RSA key of so many bits -> (Issuing) -> [Root]"""
    good = healthy(shop)
    return replace(good, leaf=shop.leaf(good.intermediates[0], key_bits=bits), ok=bits >= 1024, level=1)


def root_key_of_768_bits(shop: Workshop) -> MadeChain:
    """leaf -> [Root with an RSA key of 768 bits]"""
    plan = CertificatePlan("Root", START, END, is_ca=True, key_usage=CA_KEY_USAGE, with_authority_key_id=False)
    root = issue(plan, shop.keys.rsa(0, 768))
    return MadeChain(shop.leaf(root), (), (root,), ok=False, level=1)


def altered(shop: Workshop, place: str) -> MadeChain:
    """leaf -> (Issuing) -> [Root], and the signature on the one at `place` (leaf, issuing) was made with a stranger's key"""
    root, stranger = shop.root(), shop.keys.rsa(7)
    plan = CertificatePlan("Issuing", START, END, is_ca=True, key_usage=CA_KEY_USAGE)
    issuing = issue(plan, shop.keys.rsa(1), root, signing_key=stranger if place == "issuing" else None)
    leaf = issue(plan_leaf("contoso.lab", START, END), shop.keys.rsa(2), issuing, signing_key=stranger if place == "leaf" else None)
    return MadeChain(leaf, (issuing,), (root,), ok=False)


def cross_signed(shop: Workshop, *, own_root_trusted: bool, other_root_trusted: bool) -> MadeChain:
    """leaf -> (Issuing) -> Root, and leaf -> (Issuing, same key) -> Other Root; either root trusted or not"""
    root, other = shop.root(), shop.root("Other Root", 4)
    issuing = shop.authority(root)
    cross = shop.authority(other)
    trusted = (*((root,) if own_root_trusted else ()), *((other,) if other_root_trusted else ()))
    leaf = shop.leaf(issuing)
    if other_root_trusted and not own_root_trusted:
        return MadeChain(leaf, (issuing, cross), trusted, openssl=False, why=ONE_WAY)
    return MadeChain(leaf, (issuing, cross), trusted, ok=own_root_trusted)


def new_root_cross_signed_by_old(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing) -> (New Root, issued by Old Root) -> [Old Root]; the self-signed (New Root) lies beside it"""
    old, new = shop.root("Old Root", 4), shop.root("New Root")
    cross = shop.authority(old, "New Root", 0)
    issuing = shop.authority(new)
    return MadeChain(shop.leaf(issuing), (new, cross, issuing), (old,), openssl=False, why=ONE_WAY)


def twin(shop: Workshop, *, expired_first: bool) -> MadeChain:
    """leaf -> (Issuing, expired) or (Issuing, renewed with the same key) -> [Root]"""
    root = shop.root()
    fresh = shop.authority(root)
    stale = reissue(fresh, CertificatePlan("", is_ca=True, key_usage=CA_KEY_USAGE, **PAST), root)
    both = (stale, fresh) if expired_first else (fresh, stale)
    return MadeChain(shop.leaf(fresh), both, (root,))


def twin_roots(shop: Workshop, *, fresh_trusted: bool) -> MadeChain:
    """leaf -> [Root, expired] or Root, renewed with the same key, which is trusted or lies nowhere"""
    fresh = shop.root()
    stale = shop.root(**PAST)
    return MadeChain(shop.leaf(fresh), (), (stale, fresh) if fresh_trusted else (stale,), ok=fresh_trusted)


def namesakes_without_key_ids(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing, key A) or (Issuing, key B) -> [Root], no key ids anywhere; only A's signature holds"""
    root = shop.root(with_subject_key_id=False)
    right = shop.authority(root, with_subject_key_id=False, with_authority_key_id=False)
    wrong = shop.authority(root, key=3, with_subject_key_id=False, with_authority_key_id=False)
    leaf = shop.leaf(right, with_subject_key_id=False, with_authority_key_id=False)
    return MadeChain(leaf, (wrong, right), (root,), ok=True, openssl=False, why=ONE_WAY)


def without_key_ids(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing) -> [Root], matched by name alone"""
    root = shop.root(with_subject_key_id=False)
    issuing = shop.authority(root, with_subject_key_id=False, with_authority_key_id=False)
    return MadeChain(shop.leaf(issuing, with_subject_key_id=False, with_authority_key_id=False), (issuing,), (root,))


def spelt_otherwise(shop: Workshop, *, key_ids: bool) -> MadeChain:
    """leaf, issued by Issuing -> (ISSUING, same key) -> [Root]: one name in two spellings, found by key id or by name"""
    ids: dict[str, Any] = {"with_subject_key_id": key_ids, "with_authority_key_id": key_ids}
    root = shop.root(with_subject_key_id=key_ids)
    leaf = shop.leaf(shop.authority(root, **ids), **ids)
    why = "" if key_ids else "by name Windows compares the encoded bytes, openssl ignores case and blanks"
    return MadeChain(leaf, (shop.authority(root, "ISSUING", **ids),), (root,), ok=key_ids, openssl=True, why=why)


def wrong_key_id(shop: Workshop) -> MadeChain:
    """leaf, which names another key id -> (Issuing) -> [Root]"""
    good = healthy(shop)
    return replace(good, leaf=shop.leaf(good.intermediates[0], authority_key_id=b"\x01" * 20), ok=False)


def wrong_issuer_serial(shop: Workshop) -> MadeChain:
    """leaf, which names another serial number of its issuer -> (Issuing) -> [Root]"""
    good = healthy(shop)
    return replace(good, leaf=shop.leaf(good.intermediates[0], authority_serial=77), ok=False)


def out_of_order_with_duplicates(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing) -> (Policy) -> [Root]; the stores hold all of them twice, upside down, with strangers among them"""
    root, stranger = shop.root(), shop.root("Stranger", 5)
    policy = shop.authority(root, "Policy", 3)
    issuing = shop.authority(policy)
    leaf = shop.leaf(issuing)
    return MadeChain(leaf, (stranger, policy, leaf, issuing, policy, issuing), (stranger, root, root))


def loop(shop: Workshop) -> MadeChain:
    """leaf -> (A) -> (B) -> (A) …; no root"""
    apex = shop.root("B", 3)
    a = shop.authority(apex, "A", 1)
    b = shop.authority(a, "B", 3)
    return MadeChain(shop.leaf(a), (a, b), (), ok=False)


def loop_with_a_way_out(shop: Workshop) -> MadeChain:
    """leaf -> (A) -> (B, issued by A) or (B, issued by Root) -> [Root]"""
    root, apex = shop.root(), shop.root("B", 3)
    a = shop.authority(apex, "A", 1)
    both = (shop.authority(a, "B", 3), shop.authority(root, "B", 3))
    return MadeChain(shop.leaf(a), (a, *both), (root,), openssl=False, why=ONE_WAY)


def self_signed(shop: Workshop, *, trusted: bool) -> MadeChain:
    """leaf -> itself; in Trusted Root or not"""
    leaf = shop.leaf(None)
    return MadeChain(leaf, (), (leaf,) if trusted else (), ok=trusted)


def root_in_intermediate(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing) -> (Root): the root lies in the wrong store"""
    good = healthy(shop)
    return replace(good, intermediates=(*good.intermediates, *good.roots), roots=(), ok=False)


def root_only_in_my(shop: Workshop) -> MadeChain:
    """leaf -> (Issuing) -> Root, which lies in My only"""
    good = healthy(shop)
    return replace(good, roots=(), personal=good.roots, ok=False)


def intermediate_only_in_my(shop: Workshop) -> MadeChain:
    """leaf -> Issuing, which lies in My -> [Root]; Windows looks there too"""
    good = healthy(shop)
    return replace(good, intermediates=(), personal=good.intermediates)


def intermediate_in_root(shop: Workshop, *, root_trusted: bool) -> MadeChain:
    """leaf -> [Issuing, not self-signed] -> [Root] or nothing; no anchor without a self-signed end, for Windows and openssl alike"""
    good = healthy(shop)
    return replace(good, intermediates=(), roots=(*good.intermediates, *(good.roots if root_trusted else ())), ok=root_trusted)


def disallowed(shop: Workshop, place: str) -> MadeChain:
    """leaf -> (Issuing) -> [Root], and the one at `place` lies in the Untrusted store too"""
    good = healthy(shop)
    chosen = {"leaf": good.leaf, "issuing": good.intermediates[0], "root": good.roots[0]}[place]
    why = "openssl knows no list of what is distrusted"
    return replace(good, disallowed=frozenset({chosen.parsed.thumbprint}), ok=False, openssl=True, why=why)


def below_name_constraints(shop: Workshop, *dns_names: str, **constraints: Any) -> MadeChain:
    """leaf with these DNS names -> (Issuing with name constraints) -> [Root]; `ok` is left to the caller"""
    root = shop.root()
    issuing = shop.authority(root, **constraints)
    return MadeChain(shop.leaf(issuing, dns_names=dns_names), (issuing,), (root,))


def unknown_extension(shop: Workshop, *, critical: bool) -> MadeChain:
    """leaf with an extension nobody knows -> (Issuing) -> [Root]"""
    good = healthy(shop)
    leaf = shop.leaf(good.intermediates[0], extra_extension=("1.3.6.1.4.1.55555.1", b"\x05\x00", critical))
    return replace(good, leaf=leaf, ok=not critical)


def elliptic(shop: Workshop) -> MadeChain:
    """leaf with RSA -> (Issuing with P-256) -> [Root with P-256]"""
    plan = CertificatePlan("Root", START, END, is_ca=True, key_usage=CA_KEY_USAGE)
    root = issue(plan, shop.keys.ec(0))
    issuing = issue(replace(plan, subject="Issuing"), shop.keys.ec(1), root)
    return MadeChain(shop.leaf(issuing), (issuing,), (root,))


def many_links(shop: Workshop, links: int) -> MadeChain:
    """leaf -> (CA n) -> … -> (CA 1) -> [Root]: so many authorities between leaf and root"""
    root = above = shop.root()
    between: list[IssuedCertificate] = []
    for number in range(1, links + 1):
        above = shop.authority(above, f"CA {number}", 10 + number % 3)
        between.append(above)
    return MadeChain(shop.leaf(above), tuple(between), (root,))
