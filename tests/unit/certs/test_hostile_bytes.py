"""Whatever the bytes are, only the named errors come out, and soon: random ones, and real files with bytes changed."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from oauthcert.certs import der
from oauthcert.certs.certificate import Certificate, CertificateUnreadable, read_certificate
from oauthcert.certs.chain import build_chain
from oauthcert.certs.issuing import KeyPool
from oauthcert.certs.keys import KeyUnreadable, key_belongs
from oauthcert.certs.pfx import PfxUnreadable, inspect_pfx
from oauthcert.model.secret import Secret
from tests.builders import certificates as made
from tests.builders.certificates import NOW, Workshop

SHOP = Workshop(KeyPool())
CHAIN = made.below_name_constraints(SHOP, "a.contoso.lab", permitted_dns=("contoso.lab",), excluded_dns=("fabrikam.lab",))
PASSWORD = Secret("abc")
FILES = (CHAIN.leaf.der, CHAIN.intermediates[0].der, made.signed_with_pss(SHOP).intermediates[0].der, made.elliptic(SHOP).roots[0].der)
PFX = CHAIN.leaf.pfx(PASSWORD, chain=CHAIN.intermediates)
OPEN_PFX = CHAIN.leaf.pfx(Secret(""), chain=CHAIN.intermediates)
KEYS = (CHAIN.leaf.key_pem(), CHAIN.leaf.key_pem(PASSWORD))

quickly = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
rarely = settings(quickly, max_examples=120)
edits = some.lists(
    some.tuples(some.integers(0, 10_000), some.integers(0, 255), some.sampled_from(("set", "cut", "insert"))), min_size=1, max_size=6
)


def edited(data: bytes, changes: list[tuple[int, int, str]]) -> bytes:
    result = bytearray(data)
    for number, value, kind in changes:
        place = number % max(len(result), 1)
        if kind == "cut":
            del result[place : place + value]
        elif kind == "insert":
            result[place:place] = bytes([value])
        elif result:
            result[place] = value
    return bytes(result)


def use(certificate: Certificate) -> None:
    """All that a check would do with it."""
    stores = [c.parsed for c in CHAIN.intermediates], [c.parsed for c in CHAIN.roots]
    build_chain(certificate, *stores, NOW)
    build_chain(CHAIN.leaf.parsed, [certificate, *stores[0]], [certificate, *stores[1]], NOW)
    assert certificate.subject.isprintable()


@quickly
@given(data=some.binary(max_size=400))
def test_that_random_bytes_are_no_certificate_and_no_crash(data: bytes) -> None:
    with pytest.raises(CertificateUnreadable):
        read_certificate(data)


@quickly
@given(file=some.sampled_from(FILES), changes=edits)
def test_that_an_altered_certificate_is_read_and_used_or_refused(file: bytes, changes: list[tuple[int, int, str]]) -> None:
    with suppress(CertificateUnreadable):
        use(read_certificate(edited(file, changes)))


@rarely
@given(
    oid=some.sampled_from(
        ["2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.30", "2.5.29.31", "2.5.29.35", "2.5.29.37", "1.3.6.1.5.5.7.1.1"]
    ),
    value=some.binary(max_size=60),
    critical=some.booleans(),
)
def test_that_any_content_of_an_extension_is_survived(oid: str, value: bytes, critical: bool) -> None:
    plain: dict[str, Any] = {
        "is_ca": None,
        "key_usage": None,
        "extended_key_usage": None,
        "with_subject_key_id": False,
        "with_authority_key_id": False,
    }
    leaf = SHOP.leaf(CHAIN.intermediates[0], **plain, extra_extension=(oid, value, critical))
    use(leaf.parsed)


@quickly
@given(data=some.binary(max_size=200))
def test_that_random_bytes_are_never_more_than_not_der(data: bytes) -> None:
    with suppress(der.DerError):
        for element in der.read_all(data):
            element.parts()
            der.oid(element)


@rarely
@given(file=some.sampled_from((PFX, OPEN_PFX)), changes=edits, password=some.sampled_from(("abc", "", "x")))
def test_that_an_altered_pfx_is_opened_or_refused(file: bytes, changes: list[tuple[int, int, str]], password: str) -> None:
    with suppress(PfxUnreadable):
        inspect_pfx(edited(file, changes), Secret(password))


@quickly
@given(data=some.binary(max_size=300), password=some.text(max_size=20))
def test_that_random_bytes_are_no_pfx_and_no_key(data: bytes, password: str) -> None:
    with pytest.raises(PfxUnreadable):
        inspect_pfx(data, Secret(password))
    with pytest.raises(KeyUnreadable):
        key_belongs(data, CHAIN.leaf.parsed, Secret(password))


@rarely
@given(password=some.text(max_size=30))
def test_that_any_text_is_a_password_that_opens_or_not(password: str) -> None:
    with suppress(PfxUnreadable):
        inspect_pfx(PFX, Secret(password))


@rarely
@given(file=some.sampled_from(KEYS), changes=edits)
def test_that_an_altered_key_file_is_read_or_refused(file: bytes, changes: list[tuple[int, int, str]]) -> None:
    with suppress(KeyUnreadable):
        key_belongs(edited(file, changes), CHAIN.leaf.parsed, PASSWORD)
