"""Does a private key belong to a certificate: every form a key file comes in, and every reason why not."""

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from oauthcert.certs import der
from oauthcert.certs.issuing import CertificatePlan, KeyPool, issue
from oauthcert.certs.keys import KeyUnreadable, key_belongs
from oauthcert.model.secret import Secret
from tests.builders.certificates import END, START, Workshop

PASSWORD = Secret("pässword€😀")


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_that_a_key_is_recognised_in_every_form(encoding: Encoding, form: PrivateFormat, kind: str, keys: KeyPool) -> None:
    key, other = (keys.rsa(0), keys.rsa(1)) if kind == "rsa" else (keys.ec(0), keys.ec(1))
    mine, stranger = (issue(CertificatePlan("x", START, END), one).parsed for one in (key, other))
    file = key.private_bytes(encoding, form, NoEncryption())
    assert key_belongs(file, mine)
    assert not key_belongs(file, stranger)


def test_that_an_rsa_key_is_not_mistaken_for_an_elliptic_one(keys: KeyPool) -> None:
    file = keys.rsa(0).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert not key_belongs(file, issue(CertificatePlan("x", START, END), keys.ec(0)).parsed)


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_that_the_right_password_opens_and_others_give_their_reason(encoding: Encoding, shop: Workshop) -> None:
    leaf = shop.leaf(None)
    file = leaf.key.private_bytes(encoding, PrivateFormat.PKCS8, BestAvailableEncryption(PASSWORD.reveal().encode()))
    assert key_belongs(file, leaf.parsed, PASSWORD)
    for password, reason in ((None, "password-needed"), (Secret(""), "password-needed"), (Secret("canary-4711"), "wrong-password")):
        with pytest.raises(KeyUnreadable) as caught:
            key_belongs(file, leaf.parsed, password)
        assert caught.value.reason == reason
        assert "canary" not in f"{caught.value!r}{caught.value}{caught.value.facts}{caught.value.__cause__!r}"


def test_that_the_old_encryption_of_openssl_needs_its_password_too(shop: Workshop, tmp_path: Path) -> None:
    leaf = shop.leaf(None)
    (tmp_path / "key").write_bytes(leaf.key_pem())
    command = ["openssl", "rsa", "-traditional", "-aes128", "-passout", "pass:abc", "-in", str(tmp_path / "key")]
    file = subprocess.run(command, capture_output=True, check=True, timeout=20).stdout
    assert b"Proc-Type: 4,ENCRYPTED" in file
    assert key_belongs(file, leaf.parsed, Secret("abc"))
    with pytest.raises(KeyUnreadable) as caught:
        key_belongs(file, leaf.parsed)
    assert caught.value.reason == "password-needed"


def test_that_a_password_nobody_needs_is_ignored(shop: Workshop) -> None:
    leaf = shop.leaf(None)
    assert key_belongs(leaf.key_pem(), leaf.parsed, Secret("not needed"))


def test_that_files_of_other_kinds_give_their_reason(shop: Workshop) -> None:
    leaf = shop.leaf(None)
    stranger = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for file, reason in (
        (b"", "empty"),
        (b" \n", "empty"),
        (leaf.certificate_pem(), "not-a-key"),
        (leaf.der, "not-a-key"),
        (b"hello", "not-a-key"),
        (leaf.key_pem()[:200], "not-a-key"),
        (b"x" * 200_000, "too-large"),
        (stranger, "not-supported"),
    ):
        with pytest.raises(KeyUnreadable) as caught:
            key_belongs(file, leaf.parsed)
        assert caught.value.reason == reason


@pytest.mark.parametrize("rounds", [0, -1, 2**31 - 1, 1 << 20_000], ids=["none", "negative", "hours", "absurd"])
def test_that_a_key_made_to_take_for_ever_is_refused_at_once(rounds: int, shop: Workshop) -> None:
    derivation = der.write(
        der.SEQUENCE,
        der.write_oid("1.2.840.113549.1.5.12"),
        der.write(der.SEQUENCE, der.write(der.OCTET_STRING, b"salt" * 4), der.write_integer(rounds)),
    )
    cipher = der.write(der.SEQUENCE, der.write_oid("2.16.840.1.101.3.4.1.42"), der.write(der.OCTET_STRING, b"0" * 16))
    scheme = der.write(der.SEQUENCE, der.write_oid("1.2.840.113549.1.5.13"), der.write(der.SEQUENCE, derivation, cipher))
    file = der.write(der.SEQUENCE, scheme, der.write(der.OCTET_STRING, b"x" * 64))
    pem = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + base64.encodebytes(file) + b"-----END ENCRYPTED PRIVATE KEY-----\n"
    for form in (file, pem):
        with pytest.raises(KeyUnreadable) as caught:
            key_belongs(form, shop.leaf(None).parsed, Secret("abc"))
        assert caught.value.reason == "too-slow"
