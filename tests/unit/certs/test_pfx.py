"""What a PFX holds and what is wrong with it, for files of this program, of openssl, and of those who mean no good."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from oauthcert.certs import der
from oauthcert.certs.issuing import IssuedCertificate
from oauthcert.certs.pfx import MAXIMUM_BYTES, PfxContents, PfxProblem, PfxUnreadable, inspect_pfx
from oauthcert.certs.pfx_outline import outline
from oauthcert.model.secret import Secret
from tests.builders import certificates as made
from tests.builders.certificates import Workshop

PASSWORD = Secret("abc")


def by_openssl(folder: Path, leaf: IssuedCertificate, *options: str, also: bytes = b"", password: str = "abc") -> bytes:
    (folder / "cert").write_bytes(leaf.certificate_pem() + also)
    (folder / "key").write_bytes(leaf.key_pem())
    command = ["openssl", "pkcs12", "-export", "-in", str(folder / "cert"), "-inkey", str(folder / "key"), "-passout", f"pass:{password}"]
    subprocess.run([*command, *options, "-out", str(folder / "pfx")], check=True, capture_output=True, timeout=20)
    return (folder / "pfx").read_bytes()


def reason_for(data: bytes, password: Secret = PASSWORD) -> str:
    with pytest.raises(PfxUnreadable) as caught:
        inspect_pfx(data, password)
    return caught.value.reason


def problems(contents: PfxContents) -> list[PfxProblem]:
    """Without the remark on the age of the encryption."""
    return [p for p in contents.problems if p not in (PfxProblem.OLD_ENCRYPTION, PfxProblem.NEW_ENCRYPTION)]


def test_that_leaf_key_chain_and_friendly_name_are_found(shop: Workshop) -> None:
    chain = made.healthy(shop)
    contents = inspect_pfx(chain.leaf.pfx(PASSWORD, name="Lync OAuth ü", chain=(*chain.intermediates, *chain.roots)), PASSWORD)
    assert contents.leaf == chain.leaf.parsed
    assert set(contents.chain) == {chain.intermediates[0].parsed, chain.roots[0].parsed}
    assert (contents.has_key, contents.key_matches, contents.key_algorithm, contents.key_bits) == (True, True, "RSA", 2048)
    assert contents.friendly_name == "Lync OAuth ü"
    assert problems(contents) == []
    assert contents.usable


def test_that_the_owner_of_the_key_is_the_leaf_wherever_it_stands(shop: Workshop, tmp_path: Path) -> None:
    chain = made.healthy(shop)
    folder = by_openssl(tmp_path, chain.leaf, also=chain.roots[0].certificate_pem())
    assert inspect_pfx(folder, PASSWORD).leaf == chain.leaf.parsed


@pytest.mark.parametrize(
    ("options", "remark"),
    [
        ((), PfxProblem.NEW_ENCRYPTION),
        (("-legacy",), PfxProblem.OLD_ENCRYPTION),
        (("-legacy", "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"), PfxProblem.OLD_ENCRYPTION),
        (("-keypbe", "NONE", "-certpbe", "NONE"), PfxProblem.KEY_NOT_ENCRYPTED),
        (("-nomac",), PfxProblem.NOT_SEALED),
    ],
)
def test_that_how_it_is_encrypted_is_remarked(options: tuple[str, ...], remark: PfxProblem, shop: Workshop, tmp_path: Path) -> None:
    leaf = shop.leaf(None)
    contents = inspect_pfx(by_openssl(tmp_path, leaf, *options), PASSWORD)
    assert remark in contents.problems
    assert contents.leaf == leaf.parsed
    assert contents.usable


def test_that_our_own_old_encryption_is_what_old_servers_read(shop: Workshop) -> None:
    contents = inspect_pfx(shop.leaf(None).pfx(PASSWORD, legacy=True), PASSWORD)
    assert contents.ciphers == {"3des"}
    assert contents.usable


@pytest.mark.parametrize("password", ["", "abc ", "ABC", "canary-4711", "päss€😀", "canary\0", "\ud800", "a" * 5000, "a\0b"])
def test_that_a_wrong_password_is_told_and_never_repeated(password: str, shop: Workshop, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PfxUnreadable) as caught:
        inspect_pfx(shop.leaf(None).pfx(PASSWORD), Secret(password))
    assert caught.value.reason == "wrong-password"
    assert caught.value.__cause__ is None
    assert "canary" not in f"{caught.value!r}{caught.value}{caught.value.facts}"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("password", ["päss€😀", "", "with blank ", "x" * 200])
def test_that_a_password_of_any_characters_opens(password: str, shop: Workshop) -> None:
    assert inspect_pfx(shop.leaf(None).pfx(Secret(password)), Secret(password)).usable


def test_that_a_file_without_a_key_says_so_and_shows_its_certificates(shop: Workshop, tmp_path: Path) -> None:
    leaf = shop.leaf(None)
    contents = inspect_pfx(by_openssl(tmp_path, leaf, "-nokeys"), PASSWORD)
    assert problems(contents) == [PfxProblem.NO_KEY]
    assert (contents.leaf, contents.has_key, contents.usable) == (leaf.parsed, False, False)


def test_that_without_a_key_the_leaf_is_the_one_that_is_no_authority(shop: Workshop, tmp_path: Path) -> None:
    chain = made.issued_by_the_root(shop)
    data = by_openssl(tmp_path, chain.roots[0], "-nokeys", also=chain.leaf.certificate_pem())
    contents = inspect_pfx(data, PASSWORD)
    assert (contents.leaf, contents.chain) == (chain.leaf.parsed, (chain.roots[0].parsed,))


def test_that_a_key_without_a_certificate_says_so(shop: Workshop, tmp_path: Path) -> None:
    contents = inspect_pfx(by_openssl(tmp_path, shop.leaf(None), "-nocerts"), PASSWORD)
    assert problems(contents) == [PfxProblem.NO_CERTIFICATE]
    assert (contents.leaf, contents.has_key, contents.usable) == (None, True, False)


def test_that_a_key_of_another_certificate_is_found_out(shop: Workshop) -> None:
    chain = made.healthy(shop)
    contents = inspect_pfx(with_keys(chain.leaf, shop, keys=(3,)), Secret(""))
    assert problems(contents) == [PfxProblem.KEY_DOES_NOT_MATCH, PfxProblem.KEY_NOT_ENCRYPTED, PfxProblem.NOT_SEALED]
    assert (contents.leaf, contents.usable) == (chain.leaf.parsed, False)


def test_that_two_keys_in_one_file_are_seen(shop: Workshop) -> None:
    contents = inspect_pfx(with_keys(shop.leaf(None), shop, keys=(2, 3)), Secret(""))
    assert PfxProblem.SEVERAL_KEYS in contents.problems
    assert not contents.usable


def with_keys(leaf: IssuedCertificate, shop: Workshop, keys: tuple[int, ...]) -> bytes:
    """A PFX without password and seal that holds the certificate and these keys, which no ordinary program would write."""

    def bag(kind: str, value: bytes) -> bytes:
        return der.write(der.SEQUENCE, der.write_oid(f"1.2.840.113549.1.12.10.1.{kind}"), der.write(0xA0, value))

    def plain(content: bytes) -> bytes:
        return der.write(der.SEQUENCE, der.write_oid("1.2.840.113549.1.7.1"), der.write(0xA0, der.write(der.OCTET_STRING, content)))

    bags = [bag("1", shop.keys.rsa(number).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())) for number in keys]
    certificate = der.write(der.SEQUENCE, der.write_oid("1.2.840.113549.1.9.22.1"), der.write(0xA0, der.write(der.OCTET_STRING, leaf.der)))
    contents = der.write(der.SEQUENCE, *bags, bag("3", certificate))
    return der.write(der.SEQUENCE, der.write_integer(3), plain(der.write(der.SEQUENCE, plain(contents))))


def test_that_indefinite_lengths_which_some_programs_write_are_read(shop: Workshop) -> None:
    leaf = shop.leaf(None)
    data = leaf.pfx(PASSWORD)
    assert data[1] == 0x82
    assert inspect_pfx(b"\x30\x80" + data[4:] + b"\0\0", PASSWORD).leaf == leaf.parsed


def test_that_an_unusual_serial_number_does_not_warn(shop: Workshop) -> None:
    leaf = shop.leaf(None, serial=-7)
    assert inspect_pfx(with_keys(leaf, shop, keys=(2,)), Secret("")).leaf == leaf.parsed


def test_that_files_of_other_kinds_give_their_reason(shop: Workshop) -> None:
    leaf = shop.leaf(None)
    data = leaf.pfx(PASSWORD)
    assert reason_for(b"") == "empty"
    assert reason_for(b"hello") == "not-a-pfx"
    assert reason_for(leaf.key_pem()) == "not-a-pfx"
    assert reason_for(leaf.der) == "a-certificate"
    assert reason_for(leaf.certificate_pem()) == "a-certificate"
    assert reason_for(data[:-30]) == "damaged"
    assert reason_for(data + b"\0") == "damaged"
    assert reason_for(b"\x30" * (MAXIMUM_BYTES + 1)) == "too-large"
    assert reason_for(b"\x30\x80" * 40 + b"\0\0" * 40) in ("not-a-pfx", "damaged")


def test_that_a_file_made_to_take_for_ever_is_refused_at_once(shop: Workshop) -> None:
    """The rounds of the seal stand at the end of the file: 02 02 08 00 becomes a number of four bytes."""
    data = shop.leaf(None).pfx(PASSWORD, legacy=True)
    version, content, seal = (part.raw for part in der.read_one(data)[0].parts())
    digest, salt, rounds = (part.raw for part in der.read_one(seal)[0].parts())
    assert der.integer(der.read_one(rounds)[0]) > 0
    for wanted in (2**31 - 1, 2**70, -(2**40), 1 << 20_000):
        slow = der.write(der.SEQUENCE, digest, salt, der.write_integer(wanted))
        assert reason_for(der.write(der.SEQUENCE, version, content, slow)) == "too-slow"


def test_that_what_lies_open_is_counted_without_the_password(shop: Workshop, tmp_path: Path) -> None:
    seen = outline(by_openssl(tmp_path, shop.leaf(None)))
    assert (seen.keys, seen.ciphers, seen.sealed, seen.plain_key) == (1, frozenset({"aes"}), True, False)
    assert seen.rounds == 3 * 2048


def test_that_an_elliptic_key_is_told_as_such(keys_pfx: bytes) -> None:
    contents = inspect_pfx(keys_pfx, PASSWORD)
    assert (contents.key_algorithm, contents.key_bits, contents.usable) == ("EC", 256, True)


@pytest.fixture
def keys_pfx(shop: Workshop) -> bytes:
    return made.elliptic(shop).roots[0].pfx(PASSWORD)
