"""Made certificates are real: openssl reads and serves them, each option shows, and keys are shared where that was asked for."""

import socket
import ssl
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from oauthcert.certs.certificate import CertificateUnreadable
from oauthcert.certs.issuing import (
    CertificatePlan,
    IssuedCertificate,
    KeyPool,
    SigningNotPossible,
    issue,
    make_intermediate,
    make_root,
    plan_leaf,
)
from oauthcert.certs.signatures import SignatureAnswer
from oauthcert.certs.tls import fingerprint, tls_seen
from tests.builders import certificates as made
from tests.builders.certificates import END, START, Workshop


def test_that_a_chain_made_with_the_plain_functions_holds(keys: KeyPool) -> None:
    root = make_root((("DC", "lab"), ("DC", "contoso"), ("CN", "contoso-CA")), keys.rsa(0), START, END)
    issuing = make_intermediate("Issuing", root, keys.rsa(1), START, END, path_length=0)
    leaf = issue(plan_leaf("contoso.lab", START, END, "contoso.lab"), keys.rsa(2), issuing)
    assert made.MadeChain(leaf, (issuing,), (root,)).build().ok
    assert (root.parsed.subject, issuing.parsed.path_length, leaf.parsed.dns_names) == (
        "CN=contoso-CA, DC=contoso, DC=lab",
        0,
        ("contoso.lab",),
    )


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512", "sha1", "md5"])
def test_that_every_hash_signs_and_the_signature_holds(name: str, shop: Workshop) -> None:
    root = shop.root()
    leaf = shop.leaf(root, hash=name).parsed
    assert leaf.signature_hash == name
    assert leaf.signed_by(root.parsed) is SignatureAnswer.GOOD


def test_that_a_pss_signature_holds_and_carries_its_parameters(shop: Workshop) -> None:
    root = shop.root()
    leaf = shop.leaf(root, pss=True, hash="sha384")
    assert leaf.parsed.signed_by(root.parsed) is SignatureAnswer.GOOD
    assert (leaf.parsed.algorithm.mask_hash, leaf.parsed.algorithm.salt_length) == ("sha384", 48)
    assert isinstance(x509.load_der_x509_certificate(leaf.der).signature_algorithm_parameters, padding.PSS)


def test_that_what_cannot_be_signed_is_said_with_the_hash(shop: Workshop, keys: KeyPool) -> None:
    plan = plan_leaf("contoso.lab", START, END)
    for wrong, key in (
        (replace(plan, hash="md2"), keys.rsa()),
        (replace(plan, hash="md5"), keys.ec()),
        (replace(plan, pss=True), keys.ec()),
    ):
        with pytest.raises(SigningNotPossible) as caught:
            issue(wrong, key)
        assert caught.value.facts == {"hash": wrong.hash}


def test_that_a_strangers_signature_does_not_hold(shop: Workshop) -> None:
    chain = made.altered(shop, "leaf")
    assert chain.leaf.parsed.signed_by(chain.intermediates[0].parsed) is SignatureAnswer.BAD


def test_that_a_signature_of_one_kind_cannot_come_from_a_key_of_another(shop: Workshop) -> None:
    rsa_leaf, elliptic = shop.leaf(shop.root()).parsed, made.elliptic(shop)
    assert rsa_leaf.signed_by(elliptic.roots[0].parsed) is SignatureAnswer.BAD
    assert elliptic.leaf.parsed.signed_by(shop.root().parsed) is SignatureAnswer.BAD


def test_that_a_plan_shows_in_the_certificate(shop: Workshop) -> None:
    leaf = shop.leaf(
        shop.root(),
        version_1=False,
        extended_key_usage=("1.3.6.1.5.5.7.3.2",),
        key_usage=("key-agreement", "data-encipherment"),
        authority_key_id=b"\xab" * 20,
        authority_serial=77,
    ).parsed
    assert leaf.extended_key_usage == ("1.3.6.1.5.5.7.3.2",)
    assert leaf.key_usage == frozenset({"key-agreement", "data-encipherment"})
    assert (leaf.authority_key_id, leaf.authority_serial) == ("ab" * 20, "4D")


def test_that_serial_numbers_differ_when_none_is_asked_for(shop: Workshop) -> None:
    root = shop.root()
    assert len({shop.leaf(root).parsed.serial for _ in range(20)}) == 20


def test_that_a_key_is_the_same_each_time_and_another_for_each_number_and_size() -> None:
    pool = KeyPool()
    assert pool.rsa(0, 1024) is pool.rsa(0, 1024)
    assert pool.rsa(0, 1024) is not pool.rsa(1, 1024)
    assert (pool.rsa(0, 1024).key_size, pool.rsa(0, 512).key_size, pool.rsa(0, 768).key_size) == (1024, 512, 768)
    assert pool.ec(0) is pool.ec(0)
    assert pool.ec(0) is not pool.ec(1)
    assert KeyPool().ec(0) is not pool.ec(0)


@pytest.mark.parametrize("bits", [0, 511, 513, 256])
def test_that_a_key_too_short_to_sign_with_is_refused(bits: int) -> None:
    with pytest.raises(ValueError, match="cannot be made"):
        KeyPool().rsa(0, bits)


def test_that_a_key_never_shows_in_text(shop: Workshop) -> None:
    leaf = shop.leaf(None)
    assert isinstance(leaf.key, rsa.RSAPrivateKey)
    numbers = leaf.key.private_numbers()
    for text in (repr(leaf), str(leaf), f"{leaf}"):
        assert str(numbers.d) not in text
        assert "PrivateKey" not in text


def test_that_the_fingerprint_of_what_a_tls_server_shows_is_that_of_the_made_certificate(keys: KeyPool, tmp_path: Path) -> None:
    """The way the lab's https listener uses it: PEM files in, a real handshake, DER out."""
    root = make_root("Root", keys.rsa(0), START, END)
    leaf = issue(plan_leaf("fe01.contoso.lab", START, END, "fe01.contoso.lab"), keys.rsa(2), root)
    shown = shown_over_tls(leaf, tmp_path)
    seen = tls_seen(shown)
    assert shown == leaf.der
    assert fingerprint(shown) == seen.sha256 == leaf.parsed.sha256
    assert (seen.subject, seen.issuer, seen.not_before, seen.not_after) == ("CN=fe01.contoso.lab", "CN=Root", START, END)


def shown_over_tls(leaf: IssuedCertificate, folder: Path) -> bytes:
    (folder / "server.pem").write_bytes(leaf.certificate_pem() + leaf.key_pem())
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(folder / "server.pem")
    client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_side.check_hostname, client_side.verify_mode = False, ssl.CERT_NONE
    near, far = socket.socketpair()

    def serve() -> None:
        with server_side.wrap_socket(far, server_side=True) as served:
            served.recv(1)

    with near, far:
        near.settimeout(10)
        far.settimeout(10)
        thread = threading.Thread(target=serve)
        thread.start()
        with client_side.wrap_socket(near) as client:
            shown = client.getpeercert(binary_form=True)
            client.send(b"x")
        thread.join(10)
    assert shown is not None
    return shown


def test_that_a_fingerprint_needs_no_readable_certificate_but_the_rest_does() -> None:
    assert len(fingerprint(b"anything")) == 64
    with pytest.raises(CertificateUnreadable):
        tls_seen(b"anything")


def test_that_a_plan_with_an_unknown_part_of_a_name_is_a_mistake_of_the_caller(keys: KeyPool) -> None:
    with pytest.raises(KeyError):
        issue(CertificatePlan((("XX", "y"),), START, END), keys.rsa())
