"""The chains that are compared with openssl: each builder's, and every combination of what can be wrong in three places."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

from tests.builders import certificates as made
from tests.builders.certificates import FUTURE, PAST, MadeChain, Workshop

ONE_DEFECT: dict[str, Callable[[Workshop], MadeChain]] = {
    "healthy": made.healthy,
    "alternative-names": made.with_alternative_names,
    "issued-by-the-root": made.issued_by_the_root,
    "missing-intermediate": made.missing_intermediate,
    "missing-root": made.missing_root,
    "renewed-issuer-instead": made.renewed_issuer_instead,
    "no-authority": made.issuer_is_no_authority,
    "no-constraints": made.issuer_without_constraints,
    "may-not-sign": made.issuer_may_not_sign,
    "version-1-issuer": made.version_1_issuer,
    "version-1-root": made.version_1_root,
    "root-says-no-authority": made.root_says_no_authority,
    "root-without-constraints": made.root_without_constraints,
    "path-too-long": made.path_too_long,
    "path-just-short-enough": made.path_just_short_enough,
    "self-issued-link": made.self_issued_link_does_not_count,
    "pss": made.signed_with_pss,
    "leaf-512-bits": partial(made.leaf_key_of, bits=512),
    "leaf-1024-bits": partial(made.leaf_key_of, bits=1024),
    "root-768-bits": made.root_key_of_768_bits,
    "altered-leaf": partial(made.altered, place="leaf"),
    "altered-issuing": partial(made.altered, place="issuing"),
    "cross-signed-both": partial(made.cross_signed, own_root_trusted=True, other_root_trusted=True),
    "cross-signed-own": partial(made.cross_signed, own_root_trusted=True, other_root_trusted=False),
    "cross-signed-other": partial(made.cross_signed, own_root_trusted=False, other_root_trusted=True),
    "cross-signed-none": partial(made.cross_signed, own_root_trusted=False, other_root_trusted=False),
    "new-root-cross-signed": made.new_root_cross_signed_by_old,
    "twin-expired-first": partial(made.twin, expired_first=True),
    "twin-expired-last": partial(made.twin, expired_first=False),
    "twin-roots": partial(made.twin_roots, fresh_trusted=True),
    "twin-roots-stale-only": partial(made.twin_roots, fresh_trusted=False),
    "namesakes": made.namesakes_without_key_ids,
    "without-key-ids": made.without_key_ids,
    "spelt-otherwise-key-ids": partial(made.spelt_otherwise, key_ids=True),
    "spelt-otherwise-names": partial(made.spelt_otherwise, key_ids=False),
    "wrong-key-id": made.wrong_key_id,
    "wrong-issuer-serial": made.wrong_issuer_serial,
    "disorder": made.out_of_order_with_duplicates,
    "loop": made.loop,
    "loop-with-a-way-out": made.loop_with_a_way_out,
    "self-signed-trusted": partial(made.self_signed, trusted=True),
    "self-signed-untrusted": partial(made.self_signed, trusted=False),
    "root-in-intermediate": made.root_in_intermediate,
    "root-only-in-my": made.root_only_in_my,
    "intermediate-only-in-my": made.intermediate_only_in_my,
    "intermediate-in-root": partial(made.intermediate_in_root, root_trusted=True),
    "intermediate-in-root-alone": partial(made.intermediate_in_root, root_trusted=False),
    "disallowed-leaf": partial(made.disallowed, place="leaf"),
    "disallowed-issuing": partial(made.disallowed, place="issuing"),
    "disallowed-root": partial(made.disallowed, place="root"),
    "unknown-critical": partial(made.unknown_extension, critical=True),
    "unknown-harmless": partial(made.unknown_extension, critical=False),
    "elliptic": made.elliptic,
    "four-links": partial(made.many_links, links=4),
    "ten-links": partial(made.many_links, links=10),
}
ONE_DEFECT |= {f"expired-{place}": partial(made.expired, place=place) for place in ("leaf", "issuing", "root")}
ONE_DEFECT |= {f"early-{place}": partial(made.not_yet_valid, place=place) for place in ("leaf", "issuing", "root")}
ONE_DEFECT |= {
    f"{name}-{place}": partial(made.hashed_with, place=place, hash_name=name)
    for name, place in product(("md5", "sha1", "sha512"), ("leaf", "issuing", "root"))
}


def constrained(shop: Workshop, names: tuple[str, ...], rule: str, tree: str, *, ok: bool) -> MadeChain:
    return replace(made.below_name_constraints(shop, *names, **{rule: (tree,)}), ok=ok)


_NAMES = {
    "inside": (("fe01.contoso.lab",), "permitted_dns", "contoso.lab", True),
    "the-tree-itself": (("contoso.lab",), "permitted_dns", "contoso.lab", True),
    "outside": (("contoso.lab",), "permitted_dns", "fabrikam.lab", False),
    "one-of-two-outside": (("a.contoso.lab", "b.fabrikam.lab"), "permitted_dns", "contoso.lab", False),
    "looks-alike": (("evilcontoso.lab",), "permitted_dns", "contoso.lab", False),
    "excluded": (("a.contoso.lab",), "excluded_dns", "contoso.lab", False),
    "not-excluded": (("a.contoso.lab",), "excluded_dns", "fabrikam.lab", True),
}
NAME_RULES: dict[str, Callable[[Workshop], MadeChain]] = {
    f"names-{name}": partial(constrained, names=names, rule=rule, tree=tree, ok=ok) for name, (names, rule, tree, ok) in _NAMES.items()
}


def combined(shop: Workshop, leaf: str, issuing: str, stores: str, *, key_ids: bool) -> MadeChain:
    """leaf -> (Issuing) -> (Policy) -> [Root], with dates of leaf and Issuing and the stores as told, with or without key ids"""
    ids: dict[str, Any] = {} if key_ids else {"with_subject_key_id": False, "with_authority_key_id": False}
    dates: dict[str, dict[str, Any]] = {"valid": {}, "expired": PAST, "early": FUTURE}
    root = shop.root(with_subject_key_id=key_ids)
    policy = shop.authority(root, "Policy", 3, **ids)
    below = shop.authority(policy, **dates[issuing], **ids)
    end = shop.leaf(below, **dates[leaf], **ids)
    arranged = {
        "complete": ((below, policy), (root,)),
        "reversed-twice": ((root, policy, below, policy, below), (root, root)),
        "no-policy": ((below,), (root,)),
        "root-misplaced": ((below, policy, root), ()),
    }
    intermediates, roots = arranged[stores]
    ok = (leaf, issuing) == ("valid", "valid") and stores in ("complete", "reversed-twice")
    return MadeChain(end, intermediates, roots, ok=ok)


COMBINED: dict[str, Callable[[Workshop], MadeChain]] = {
    f"{leaf}-{issuing}-{stores}-{'ids' if key_ids else 'names'}": partial(
        combined, leaf=leaf, issuing=issuing, stores=stores, key_ids=key_ids
    )
    for leaf, issuing, stores, key_ids in product(
        ("valid", "expired", "early"), ("valid", "expired"), ("complete", "reversed-twice", "no-policy", "root-misplaced"), (True, False)
    )
}
FAMILY = ONE_DEFECT | NAME_RULES | COMBINED
