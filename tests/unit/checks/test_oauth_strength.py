"""How the certificate was made: bounds, versions of Windows and of the product, and one cause for all servers."""

import pytest

from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from tests.builders.evidence import certificate, deployment, fields, found, issuing, root, store, stored
from tests.unit.checks.examples_certificate import HOMES, LYNC_2013, SERVER_2012_R2, assigned, made


@pytest.mark.parametrize(
    ("bits", "products", "words"),
    [
        (2048, None, "pass"),
        (1024, None, "short-key"),
        (1024, LYNC_2013, "short-key-tolerated"),
        (512, LYNC_2013, "short-key"),
    ],
)
def test_that_a_key_is_long_enough_for_its_product(bits: int, products: object, words: str) -> None:
    weak = assigned(made(bits))
    if products:
        weak = weak.but(*HOMES, product=fields(products=products))
    assert weak.finding("oauth-strength", "fe02").words == f"oauth-strength.{words}"


def test_that_the_shortest_key_is_a_setting() -> None:
    assert deployment().finding("oauth-strength", "fe02", key_bits=4096).words == "oauth-strength.short-key"


@pytest.mark.parametrize(("version", "words"), [("6.3.9600", "sha512"), ("6.2.9200", "sha512"), ("10.0.14393", "pass")])
def test_that_sha_512_matters_on_an_old_windows_only(version: str, words: str) -> None:
    seen = assigned(made(hash="sha512")).but(*HOMES, session=fields(**{**SERVER_2012_R2, "os_version": version}))
    assert seen.finding("oauth-strength", "fe02").words == f"oauth-strength.{words}"


@pytest.mark.parametrize("version", ["", "10", "x.y", "６.3"])
def test_that_an_unknown_windows_leaves_sha_512_open_and_nothing_else(version: str) -> None:
    unclear = assigned(made(hash="sha512")).but("fe02", session=fields(os_version=version))
    assert unclear.finding("oauth-strength", "fe02").verdict is Verdict.UNKNOWN
    blind = assigned(made(hash="sha512")).but("fe02", session=NotSeen("access-denied"))
    assert blind.finding("oauth-strength", "fe02").facts["reason"] == "access-denied"
    assert deployment().but("fe02", session=fields(os_version=version)).finding("oauth-strength", "fe02").verdict is Verdict.PASS


def test_that_any_purpose_and_none_at_all_will_do() -> None:
    for usage in (None, ("2.5.29.37.0",), ("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1")):
        assert assigned(made(extended_key_usage=usage)).finding("oauth-strength", "fe02").verdict is Verdict.PASS


def test_that_one_weak_certificate_is_one_cause() -> None:
    judgement = assigned(made(1024)).judged()
    (cause,) = judgement.causes
    assert (cause.finding, len(cause.explains)) == ("oauth-strength@fe01.contoso.lab", 2)


def test_that_a_broken_signature_explains_the_chain_that_stops_at_it() -> None:
    judgement = assigned(made(hash="md5")).judged()
    assert found(judgement, "oauth-chain", "fe02").because[0].startswith("oauth-strength@")


def test_that_a_weak_key_of_an_issuer_is_the_chains_matter() -> None:
    stores = store(stored(certificate()), intermediate=(stored(issuing()),), root=(stored(root()),))
    assert deployment().but("fe02", store=stores).finding("oauth-strength", "fe02").verdict is Verdict.PASS
