"""Signing requests that are made, read and answered."""

import base64
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauthcert.certs.issuing import IssuedCertificate, KeyPool, issue, make_root, plan_leaf
from oauthcert.certs.signing_request import (
    AnswerUnreadable,
    SigningRequestUnreadable,
    make_signing_request,
    read_answer,
    read_signing_request,
    write_chain,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def pool() -> KeyPool:
    return KeyPool()


@pytest.fixture(scope="module")
def chain(pool: KeyPool) -> tuple[IssuedCertificate, IssuedCertificate]:
    root = make_root("Root", pool.rsa(0), NOW - YEAR, NOW + YEAR)
    return issue(plan_leaf("contoso.lab", NOW, NOW + YEAR, "contoso.lab"), pool.rsa(1), root), root


def pem(data: bytes, words: str = "CERTIFICATE") -> bytes:
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (words.encode(), base64.encodebytes(data), words.encode())


def test_that_a_request_is_read_as_it_was_made_in_every_form(pool: KeyPool) -> None:
    text = make_signing_request((("DC", "lab"), ("CN", "contoso.lab")), pool.rsa(1), ("contoso.lab", "fabrikam.lab"))
    der = base64.b64decode("".join(text.splitlines()[1:-1]))
    for form in (text.encode(), text.replace("NEW ", "").encode(), text.replace("\r\n", "\n").encode() + b"\n\n", der):
        read = read_signing_request(form)
        assert (read.subject, read.dns_names) == ("CN=contoso.lab,DC=lab", ("contoso.lab", "fabrikam.lab"))
    assert read_signing_request(make_signing_request("plain", pool.rsa(1)).encode()).dns_names == ()


def test_that_the_answer_has_the_key_of_the_request(pool: KeyPool, chain: tuple[IssuedCertificate, IssuedCertificate]) -> None:
    request = read_signing_request(make_signing_request("contoso.lab", pool.rsa(1)).encode())
    (answer,) = read_answer(chain[0].der)
    assert answer.public_key == request.public_key


def test_that_answers_are_read_alone_and_as_a_chain_in_every_form(chain: tuple[IssuedCertificate, IssuedCertificate]) -> None:
    leaf, root = (one.parsed.thumbprint for one in chain)
    for alone in (chain[0].der, pem(chain[0].der)):
        assert [one.thumbprint for one in read_answer(alone)] == [leaf]
    bundle = write_chain(chain)
    for together in (bundle, pem(bundle, "PKCS7"), pem(bundle), pem(chain[0].der) + pem(chain[1].der)):
        assert {one.thumbprint for one in read_answer(together)} == {leaf, root}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"hello", "not-a-certificate"),
        (b"-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n", "not-a-certificate"),
        (b"0" * 500_001, "too-large"),
    ],
)
def test_that_an_answer_that_is_none_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(AnswerUnreadable) as caught:
        read_answer(data)
    assert caught.value.reason == reason


def test_that_the_request_itself_is_no_answer(pool: KeyPool) -> None:
    with pytest.raises(AnswerUnreadable) as caught:
        read_answer(make_signing_request("contoso.lab", pool.rsa(1)).encode())
    assert caught.value.reason == "a-request"


def test_that_an_altered_request_is_not_believed(pool: KeyPool, chain: tuple[IssuedCertificate, IssuedCertificate]) -> None:
    text = make_signing_request("contoso.lab", pool.rsa(1))
    der = bytearray(base64.b64decode("".join(text.splitlines()[1:-1])))
    at = der.index(b"contoso.lab")
    der[at : at + 7] = b"evilcor"
    cases: tuple[tuple[bytes, str], ...] = (
        (bytes(der), "damaged"),
        (chain[0].der, "not-a-request"),
        (b"", "not-a-request"),
        (b"-----BEGIN CERTIFICATE REQUEST-----\nx\n-----END", "not-a-request"),
        (b"0" * 500_001, "too-large"),
    )
    for data, reason in cases:
        with pytest.raises(SigningRequestUnreadable) as caught:
            read_signing_request(data)
        assert caught.value.reason == reason


@pytest.mark.parametrize("read", [read_answer, read_signing_request])
@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=200), wrapped=st.booleans())
def test_that_any_bytes_are_read_or_named(read: Callable[[bytes], object], data: bytes, wrapped: bool) -> None:
    with suppress(AnswerUnreadable, SigningRequestUnreadable):
        read(pem(data) if wrapped else data)


def test_that_cut_and_flipped_files_are_read_or_named(pool: KeyPool, chain: tuple[IssuedCertificate, IssuedCertificate]) -> None:
    request = base64.b64decode("".join(make_signing_request("contoso.lab", pool.rsa(1), ("a.lab",)).splitlines()[1:-1]))
    for whole, read in ((write_chain(chain), read_answer), (request, read_signing_request)):
        for at in range(0, len(whole), 29):
            for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
                with suppress(AnswerUnreadable, SigningRequestUnreadable):
                    read(data)
