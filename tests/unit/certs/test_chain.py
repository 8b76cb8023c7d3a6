"""What a chain result tells beyond good or bad: which link, why, by which path, and what else is worth knowing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from oauthcert.certs import der
from oauthcert.certs.certificate import read_certificate
from oauthcert.certs.chain import ChainNote, ChainProblem, ChainResult, build_chain
from oauthcert.certs.issuing import CertificatePlan, issue, reissue
from tests.builders import certificates as made
from tests.builders.certificates import END, NOW, PAST, START, Workshop


def names(result: ChainResult) -> list[str]:
    return [link.subject_common_name for link in result.path]


def decisive(result: ChainResult) -> tuple[ChainProblem, str]:
    assert result.problem is not None
    return result.problem.problem, result.problem.certificate.subject_common_name


def test_that_a_healthy_chain_names_its_path_and_has_nothing_to_say(shop: Workshop) -> None:
    result = made.healthy(shop).build()
    assert names(result) == ["contoso.lab", "Issuing", "Root"]
    assert (result.ok, result.trusted, result.problem, result.notes) == (True, True, None, ())
    assert result.root is not None
    assert result.root.subject == "CN=Root"


def test_that_a_missing_intermediate_is_named_with_key_id_and_where_to_fetch_it(shop: Workshop) -> None:
    result = made.missing_intermediate(shop).build()
    assert decisive(result) == (ChainProblem.MISSING_ISSUER, "contoso.lab")
    assert result.problem is not None
    assert result.problem.facts == {
        "issuer": "CN=Issuing",
        "key_id": result.path[0].authority_key_id,
        "url": "http://pki.contoso.lab/issuing.crt",
        "other_key": "",
    }
    assert result.root is None


def test_that_a_missing_root_is_wanted_by_the_intermediate(shop: Workshop) -> None:
    result = made.missing_root(shop).build()
    assert decisive(result) == (ChainProblem.MISSING_ISSUER, "Issuing")
    assert result.problem is not None
    assert result.problem.link == 1
    assert result.problem.facts["issuer"] == "CN=Root"


def test_that_an_authority_of_the_right_name_but_another_key_is_pointed_out(shop: Workshop) -> None:
    chain = made.renewed_issuer_instead(shop)
    result = chain.build()
    assert decisive(result) == (ChainProblem.MISSING_ISSUER, "contoso.lab")
    assert result.problem is not None
    assert result.problem.facts["other_key"] == chain.intermediates[0].parsed.thumbprint


@pytest.mark.parametrize(("place", "name"), [("leaf", "contoso.lab"), ("issuing", "Issuing"), ("root", "Root")])
def test_that_the_expired_link_is_the_one_named(place: str, name: str, shop: Workshop) -> None:
    result = made.expired(shop, place).build()
    assert decisive(result) == (ChainProblem.EXPIRED, name)
    assert result.trusted
    assert result.problem is not None
    assert result.problem.facts == {"not_after": PAST["not_after"].isoformat()}


def test_that_a_link_counts_as_valid_up_to_its_last_second_and_not_one_longer(shop: Workshop) -> None:
    chain = made.healthy(shop)
    assert chain.build(END).ok
    assert chain.build(START).ok
    assert decisive(chain.build(END + timedelta(seconds=1)))[0] is ChainProblem.EXPIRED
    assert decisive(chain.build(START - timedelta(seconds=1)))[0] is ChainProblem.NOT_YET_VALID


def test_that_what_breaks_the_chain_decides_over_a_date_and_the_date_is_still_told(shop: Workshop) -> None:
    chain = replace(made.expired(shop, "leaf"), intermediates=())
    result = chain.build()
    assert [p.problem for p in result.problems] == [ChainProblem.MISSING_ISSUER, ChainProblem.EXPIRED]


def test_that_the_valid_twin_is_taken_whatever_the_order(shop: Workshop) -> None:
    for expired_first in (True, False):
        result = made.twin(shop, expired_first=expired_first).build()
        assert result.ok
        assert result.path[1].not_after == END


def test_that_of_two_hopeless_paths_the_more_complete_one_explains(shop: Workshop) -> None:
    """leaf -> (Issuing) -> nothing, or leaf -> (Issuing, expired, by Other Root) -> [Other Root]: one date is all that is wrong"""
    root, other = shop.root(), shop.root("Other Root", 4)
    issuing = shop.authority(root)
    expired = reissue(issuing, CertificatePlan("", is_ca=True, key_usage=("key-cert-sign",), **PAST), other)
    leaf = shop.leaf(issuing)
    result = build_chain(leaf.parsed, [issuing.parsed, expired.parsed], [other.parsed], NOW)
    assert names(result) == ["contoso.lab", "Issuing", "Other Root"]
    assert decisive(result) == (ChainProblem.EXPIRED, "Issuing")


def test_that_of_two_untrusted_paths_the_longer_one_explains(shop: Workshop) -> None:
    """leaf -> (Issuing) -> nothing, or leaf -> (Issuing, by Policy) -> (Policy) -> nothing; whichever store order"""
    policy = shop.authority(shop.root("Far Root", 5), "Policy", 3)
    short, long = shop.authority(shop.root("Near Root", 4)), shop.authority(policy)
    leaf = shop.leaf(short).parsed
    for pool in ([short.parsed, long.parsed, policy.parsed], [policy.parsed, long.parsed, short.parsed]):
        result = build_chain(leaf, pool, [], NOW)
        assert names(result) == ["contoso.lab", "Issuing", "Policy"]
        assert decisive(result) == (ChainProblem.MISSING_ISSUER, "Policy")


def test_that_a_path_to_a_trusted_root_explains_even_with_two_faults(shop: Workshop) -> None:
    """leaf -> (Issuing) -> nothing, or leaf -> (Issuing, expired, no CA) -> [Other Root]"""
    other = shop.root("Other Root", 4)
    dangling = shop.authority(shop.root())
    faulty = shop.authority(other, is_ca=False, **PAST)
    for pool in ([dangling.parsed, faulty.parsed], [faulty.parsed, dangling.parsed]):
        result = build_chain(shop.leaf(dangling).parsed, pool, [other.parsed], NOW)
        assert [p.problem for p in result.problems] == [ChainProblem.NOT_A_CA, ChainProblem.EXPIRED]


@pytest.mark.parametrize(
    ("own", "other", "root"), [(True, True, {"Root", "Other Root"}), (True, False, {"Root"}), (False, True, {"Other Root"})]
)
def test_that_a_cross_signed_chain_ends_at_the_root_this_server_trusts(own: bool, other: bool, root: set[str], shop: Workshop) -> None:
    result = made.cross_signed(shop, own_root_trusted=own, other_root_trusted=other).build()
    assert result.ok
    assert names(result)[-1] in root


@pytest.mark.parametrize("place", ["leaf", "issuing"])
def test_that_an_altered_link_is_a_bad_signature_and_names_whose_it_should_be(place: str, shop: Workshop) -> None:
    result = made.altered(shop, place).build()
    assert decisive(result) == (ChainProblem.BAD_SIGNATURE, {"leaf": "contoso.lab", "issuing": "Issuing"}[place])
    assert result.problem is not None
    assert result.problem.facts["issuer"] == {"leaf": "CN=Issuing", "issuing": "CN=Root"}[place]


def test_that_who_is_no_authority_is_named_with_the_reason(shop: Workshop) -> None:
    for chain, why in (
        (made.issuer_is_no_authority(shop), "basic-constraints"),
        (made.issuer_without_constraints(shop), "basic-constraints"),
        (made.version_1_issuer(shop), "basic-constraints"),
        (made.issuer_may_not_sign(shop), "key-usage"),
    ):
        result = chain.build()
        assert decisive(result) == (ChainProblem.NOT_A_CA, "Issuing")
        assert result.problem is not None
        assert result.problem.facts == {"why": why}


def test_that_a_path_that_is_too_long_names_who_set_the_limit(shop: Workshop) -> None:
    result = made.path_too_long(shop).build()
    assert decisive(result) == (ChainProblem.PATH_LENGTH, "Policy")
    assert result.problem is not None
    assert result.problem.facts == {"allowed": "0", "found": "1"}


def test_that_md5_stops_a_chain_except_on_its_root(shop: Workshop) -> None:
    assert decisive(made.hashed_with(shop, "leaf", "md5").build()) == (ChainProblem.WEAK_SIGNATURE, "contoso.lab")
    assert decisive(made.hashed_with(shop, "issuing", "md5").build()) == (ChainProblem.WEAK_SIGNATURE, "Issuing")
    root = made.hashed_with(shop, "root", "md5").build()
    assert root.ok
    assert root.has(ChainNote.WEAK_ROOT_SIGNATURE)


def test_that_sha1_is_noted_below_the_root_only(shop: Workshop) -> None:
    assert made.hashed_with(shop, "issuing", "sha1").build().has(ChainNote.SHA1_SIGNATURE)
    assert made.hashed_with(shop, "root", "sha1").build().notes == ()


def test_that_sha512_and_pss_are_noted_with_their_link(shop: Workshop) -> None:
    sha512 = made.hashed_with(shop, "issuing", "sha512").build()
    assert [(n.note, n.link) for n in sha512.notes] == [(ChainNote.SHA512_SIGNATURE, 1)]
    assert [(n.note, n.link) for n in made.signed_with_pss(shop).build().notes] == [(ChainNote.PSS_SIGNATURE, 1)]


def test_that_a_key_below_1024_bits_stops_and_one_below_2048_is_noted(shop: Workshop) -> None:
    result = made.leaf_key_of(shop, 512).build()
    assert decisive(result) == (ChainProblem.WEAK_KEY, "contoso.lab")
    assert result.problem is not None
    assert result.problem.facts == {"algorithm": "RSA", "bits": "512"}
    assert made.leaf_key_of(shop, 1024).build().has(ChainNote.SHORT_KEY)


@pytest.mark.parametrize("place", ["leaf", "issuing", "root"])
def test_that_distrust_of_any_link_decides(place: str, shop: Workshop) -> None:
    result = made.disallowed(shop, place).build()
    assert decisive(result) == (ChainProblem.DISALLOWED, {"leaf": "contoso.lab", "issuing": "Issuing", "root": "Root"}[place])


def test_that_a_distrusted_link_is_gone_round_where_there_is_another_way(shop: Workshop) -> None:
    chain = made.cross_signed(shop, own_root_trusted=True, other_root_trusted=True)
    root = chain.roots[0].parsed
    result = replace(chain, disallowed=frozenset({root.thumbprint})).build()
    assert result.ok
    assert names(result)[-1] == "Other Root"


def test_that_a_root_in_the_wrong_store_is_untrusted_and_said_to_be_misplaced(shop: Workshop) -> None:
    result = made.root_in_intermediate(shop).build()
    assert decisive(result) == (ChainProblem.UNTRUSTED_ROOT, "Root")
    assert result.problem is not None
    assert result.problem.facts == {"store": "intermediate"}
    assert result.has(ChainNote.ROOT_IN_INTERMEDIATE)
    assert result.root is not None


def test_that_a_root_that_lies_only_in_my_is_untrusted(shop: Workshop) -> None:
    result = made.root_only_in_my(shop).build()
    assert result.problem is not None
    assert (result.problem.problem, result.problem.facts) == (ChainProblem.UNTRUSTED_ROOT, {"store": "personal"})
    assert not result.has(ChainNote.ROOT_IN_INTERMEDIATE)


def test_that_a_root_in_both_stores_is_trusted_and_not_called_misplaced(shop: Workshop) -> None:
    good = made.healthy(shop)
    result = replace(good, intermediates=(*good.intermediates, *good.roots)).build()
    assert (result.ok, result.notes) == (True, ())


def test_that_an_intermediate_in_root_is_a_link_and_said_to_be_misplaced(shop: Workshop) -> None:
    complete = made.intermediate_in_root(shop, root_trusted=True).build()
    assert complete.ok
    assert [(n.note, n.link) for n in complete.notes] == [(ChainNote.MISPLACED_IN_ROOT, 1)]
    alone = made.intermediate_in_root(shop, root_trusted=False).build()
    assert decisive(alone) == (ChainProblem.MISSING_ISSUER, "Issuing")
    assert alone.has(ChainNote.MISPLACED_IN_ROOT)


def test_that_a_self_signed_leaf_is_trusted_in_root_only_and_noted_either_way(shop: Workshop) -> None:
    trusted, untrusted = made.self_signed(shop, trusted=True).build(), made.self_signed(shop, trusted=False).build()
    assert trusted.ok
    assert trusted.has(ChainNote.SELF_SIGNED_LEAF)
    assert decisive(untrusted) == (ChainProblem.UNTRUSTED_ROOT, "contoso.lab")
    assert untrusted.problem is not None
    assert untrusted.problem.facts == {"store": "none"}
    assert untrusted.has(ChainNote.SELF_SIGNED_LEAF)


def test_that_certificates_which_only_issue_each_other_are_called_a_loop(shop: Workshop) -> None:
    assert decisive(made.loop(shop).build()) == (ChainProblem.LOOP, "B")


def test_that_no_authority_is_passed_twice_under_another_certificate(shop: Workshop) -> None:
    """leaf -> (A) -> (B) -> (A, renewed with the same key): the third says no more than the first"""
    chain = made.loop(shop)
    a, b = chain.intermediates
    renewed = shop.authority(b, "A", 1)
    result = replace(chain, intermediates=(a, b, renewed)).build()
    assert result.problem is not None
    assert result.problem.problem is ChainProblem.LOOP
    assert names(result) == ["contoso.lab", "A", "B"]


def test_that_a_chain_longer_than_any_real_one_is_given_up(shop: Workshop) -> None:
    result = made.many_links(shop, 15).build()
    assert result.problem is not None
    assert result.problem.problem is ChainProblem.TOO_LONG
    assert len(result.path) == 12


def test_that_a_store_full_of_namesakes_does_not_hold_the_program_up(shop: Workshop) -> None:
    """Issuers that end later are tried first: the right one stands behind more impostors than are tried, or before them."""
    ids: dict[str, Any] = {"with_subject_key_id": False, "with_authority_key_id": False}
    root = shop.root(**ids)
    first = shop.authority(root, **ids)
    last = shop.authority(root, not_after=END - timedelta(days=2), **ids)
    leaf = shop.leaf(first, **ids).parsed
    end = END - timedelta(days=1)
    impostors = [shop.authority(root, key=3, serial=number, not_after=end, **ids).parsed for number in range(1, 410)]
    given_up = build_chain(leaf, [last.parsed, *impostors], [root.parsed], NOW)
    assert decisive(given_up)[0] is ChainProblem.BAD_SIGNATURE
    assert given_up.cut_short
    for pool in ([*impostors, first.parsed], [last.parsed, *impostors[:390]]):
        found = build_chain(leaf, pool, [root.parsed], NOW)
        assert found.ok
        assert not found.cut_short


def test_that_an_unreadable_constraint_stops_where_an_unreadable_alternative_name_does_not(shop: Workshop) -> None:
    root = shop.root()
    odd_ca = shop.authority(root, is_ca=None, extra_extension=("2.5.29.19", b"\x30\x03\x01\x01", True))
    result = build_chain(shop.leaf(odd_ca).parsed, [odd_ca.parsed], [root.parsed], NOW)
    assert result.has(ChainProblem.UNREADABLE_EXTENSION)
    issuing = shop.authority(root)
    odd_leaf = shop.leaf(issuing, extra_extension=("2.5.29.17", b"\x30\x05\x82", False))
    assert build_chain(odd_leaf.parsed, [issuing.parsed], [root.parsed], NOW).ok


def test_that_a_name_outside_the_constraints_is_told_with_the_authority_that_forbids_it(shop: Workshop) -> None:
    result = made.below_name_constraints(shop, "a.fabrikam.lab", permitted_dns=("contoso.lab",)).build()
    assert decisive(result) == (ChainProblem.NAME_NOT_ALLOWED, "contoso.lab")
    assert result.problem is not None
    assert result.problem.facts == {"name": "a.fabrikam.lab", "below": "CN=Issuing"}


def test_that_a_leaf_named_like_its_authority_is_still_bound_by_the_constraints(shop: Workshop) -> None:
    issuing = shop.authority(shop.root(), permitted_dns=("contoso.lab",))
    leaf = shop.leaf(issuing, subject="Issuing", dns_names=("a.fabrikam.lab",))
    assert build_chain(leaf.parsed, [issuing.parsed], [shop.root().parsed], NOW).has(ChainProblem.NAME_NOT_ALLOWED)


def test_that_an_unknown_critical_extension_is_told_by_number(shop: Workshop) -> None:
    result = made.unknown_extension(shop, critical=True).build()
    assert result.problem is not None
    assert result.problem.problem is ChainProblem.UNKNOWN_CRITICAL_EXTENSION
    assert result.problem.facts == {"extension": "1.3.6.1.4.1.55555.1"}


def test_that_a_signature_this_program_cannot_compute_is_not_called_bad(shop: Workshop) -> None:
    """MD2, which no library offers any more; weak it is all the same."""
    root = shop.root()
    md5, md2 = der.write_oid("1.2.840.113549.1.1.4"), der.write_oid("1.2.840.113549.1.1.2")
    leaf = read_certificate(shop.leaf(root, hash="md5").der.replace(md5, md2))
    result = build_chain(leaf, [], [root.parsed], NOW)
    assert [p.problem for p in result.problems] == [ChainProblem.WEAK_SIGNATURE, ChainProblem.SIGNATURE_NOT_CHECKED]
    assert not result.has(ChainProblem.BAD_SIGNATURE)


def test_that_an_old_root_is_trusted_though_its_own_signature_cannot_be_computed(shop: Workshop) -> None:
    md5, md2 = der.write_oid("1.2.840.113549.1.1.4"), der.write_oid("1.2.840.113549.1.1.2")
    made_root = shop.root(hash="md5")
    root = read_certificate(made_root.der.replace(md5, md2))
    result = build_chain(shop.leaf(made_root).parsed, [], [root], NOW)
    assert result.ok
    assert result.has(ChainNote.WEAK_ROOT_SIGNATURE)


def test_that_a_root_whose_own_signature_was_altered_is_no_anchor(shop: Workshop) -> None:
    plan = CertificatePlan("Root", START, END, is_ca=True, with_authority_key_id=False)
    root = issue(plan, shop.keys.rsa(0), signing_key=shop.keys.rsa(7))
    result = build_chain(shop.leaf(root).parsed, [], [root.parsed], NOW)
    assert decisive(result) == (ChainProblem.BAD_SIGNATURE, "Root")


def test_that_an_expired_namesake_with_another_key_is_not_taken_for_the_expired_issuer(shop: Workshop) -> None:
    """leaf -> (Issuing) -> nothing; an expired root of the wanted name but another key is in Trusted Root"""
    good = made.healthy(shop)
    other = shop.root(key=6, **PAST)
    result = replace(good, roots=(other,)).build()
    assert [p.problem for p in result.problems] == [ChainProblem.MISSING_ISSUER]
    assert result.problem is not None
    assert result.problem.facts["other_key"] == other.parsed.thumbprint


def test_that_the_order_of_the_stores_does_not_change_the_answer(shop: Workshop) -> None:
    chain = made.out_of_order_with_duplicates(shop)
    turned = replace(chain, intermediates=chain.intermediates[::-1], roots=chain.roots[::-1])
    assert chain.build() == turned.build()
    assert names(chain.build()) == ["contoso.lab", "Issuing", "Policy", "Root"]
