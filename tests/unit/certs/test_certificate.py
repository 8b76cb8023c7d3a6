"""Certificates as plain values: what is read, how it is written, and that reading the same one again costs nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from oauthcert.certs import der
from oauthcert.certs.certificate import MAXIMUM_BYTES, CertificateReader, CertificateUnreadable, read_certificate
from oauthcert.certs.issuing import IssuedCertificate
from tests.builders import certificates as made
from tests.builders.certificates import END, START, Workshop
from tests.unit.certs.family import FAMILY


def test_that_an_ordinary_leaf_is_read_in_every_part(shop: Workshop) -> None:
    issuing = made.healthy(shop).intermediates[0]
    leaf = shop.leaf(
        issuing,
        subject=(("DC", "lab"), ("O", "Contoso, Ltd."), ("CN", "contoso.lab")),
        dns_names=("contoso.lab", "*.contoso.lab"),
        serial=0xD5A1,
        crl_urls=("http://pki/1.crl", "ldap:///CN=x"),
        issuer_urls=("http://pki/ca.crt",),
    ).parsed
    assert leaf.subject == 'CN=contoso.lab, O="Contoso, Ltd.", DC=lab'
    assert (leaf.subject_common_name, leaf.issuer, leaf.issuer_common_name) == ("contoso.lab", "CN=Issuing", "Issuing")
    assert leaf.serial == "00D5A1"
    assert (leaf.not_before, leaf.not_after) == (START, END)
    assert leaf.not_after.tzinfo is UTC
    assert (leaf.signature_hash, leaf.signature_pss, leaf.key_algorithm, leaf.key_bits) == ("sha256", False, "RSA", 2048)
    assert leaf.dns_names == ("contoso.lab", "*.contoso.lab")
    assert leaf.extended_key_usage == ("1.3.6.1.5.5.7.3.1",)
    assert leaf.key_usage == frozenset({"digital-signature", "key-encipherment"})
    assert (leaf.is_ca, leaf.path_length) == (None, None)
    assert leaf.authority_key_id == issuing.parsed.subject_key_id
    assert (leaf.crl_urls, leaf.issuer_urls) == (("http://pki/1.crl", "ldap:///CN=x"), ("http://pki/ca.crt",))
    assert (leaf.self_issued, leaf.self_signed, leaf.version, leaf.damaged) == (False, False, 3, ())


def test_that_absent_extensions_are_absent_and_not_empty(shop: Workshop) -> None:
    bare = shop.leaf(None, key_usage=None, extended_key_usage=None, with_subject_key_id=False, with_authority_key_id=False).parsed
    assert (bare.key_usage, bare.extended_key_usage, bare.is_ca, bare.subject_key_id, bare.authority_key_id) == (None, None, None, "", "")
    assert (bare.self_issued, bare.self_signed) == (True, True)


def test_that_a_self_issued_certificate_signed_by_another_key_is_not_self_signed(shop: Workshop) -> None:
    link = made.self_issued_link_does_not_count(shop).intermediates[0].parsed
    assert (link.self_issued, link.self_signed) == (True, False)


@pytest.mark.parametrize("name", sorted(FAMILY))
def test_that_the_library_reads_the_same_from_every_made_certificate(name: str, shop: Workshop) -> None:
    chain = FAMILY[name](shop)
    for one in (chain.leaf, *chain.intermediates, *chain.roots):
        ours, theirs = one.parsed, x509.load_der_x509_certificate(one.der)
        assert ours.thumbprint == theirs.fingerprint(hashes.SHA1()).hex().upper()
        assert ours.sha256 == theirs.fingerprint(hashes.SHA256()).hex()
        assert int(ours.serial, 16) == theirs.serial_number
        assert (ours.not_before, ours.not_after) == (theirs.not_valid_before_utc, theirs.not_valid_after_utc)
        assert ours.subject == ", ".join(part.rfc4514_string() for part in reversed(list(theirs.subject.rdns)))
        assert ours.signature_hash == (theirs.signature_hash_algorithm.name if theirs.signature_hash_algorithm else "")
        assert ours.algorithm.oid == theirs.signature_algorithm_oid.dotted_string
        assert (ours.signed, ours.signature) == (theirs.tbs_certificate_bytes, theirs.signature)
        found = {extension.oid.dotted_string: extension.value for extension in theirs.extensions}
        constraints, usage = found.get("2.5.29.19"), found.get("2.5.29.15")
        assert ours.is_ca == (constraints.ca if isinstance(constraints, x509.BasicConstraints) else None)
        assert ours.path_length == (constraints.path_length if isinstance(constraints, x509.BasicConstraints) else None)
        assert (ours.key_usage is not None and "key-cert-sign" in ours.key_usage) == (
            isinstance(usage, x509.KeyUsage) and usage.key_cert_sign
        )
        key_id = found.get("2.5.29.14")
        assert ours.subject_key_id == (key_id.digest.hex() if isinstance(key_id, x509.SubjectKeyIdentifier) else "")


@pytest.mark.parametrize(("serial", "text"), [(0, "00"), (-7, "F9"), (127, "7F"), (128, "0080"), (-129, "FF7F")])
def test_that_unusual_serial_numbers_are_read_without_a_warning(serial: int, text: str, shop: Workshop) -> None:
    assert shop.leaf(None, serial=serial).parsed.serial == text


def test_that_elliptic_and_short_keys_are_told_with_their_size(shop: Workshop) -> None:
    assert [(c.parsed.key_algorithm, c.parsed.key_bits) for c in made.elliptic(shop).roots] == [("EC", 256)]
    assert made.leaf_key_of(shop, 512).leaf.parsed.key_bits == 512


def test_that_certificates_of_one_key_have_one_key_fingerprint(shop: Workshop) -> None:
    stale, fresh = made.twin(shop, expired_first=True).intermediates
    assert stale.parsed.public_key_sha256 == fresh.parsed.public_key_sha256
    assert stale.parsed != fresh.parsed


def test_that_control_and_direction_characters_cannot_disguise_a_subject(shop: Workshop) -> None:
    subject = shop.leaf(None, subject="good\r\nname\u202eevil\x00").parsed.subject
    assert subject == "CN=good\ufffd\ufffdname\ufffdevil\ufffd"


def test_that_a_damaged_extension_is_named_and_hides_nothing_else(shop: Workshop) -> None:
    leaf = shop.leaf(None, extra_extension=("2.5.29.17", b"\x30\x05\x82", False)).parsed
    assert leaf.damaged == ("2.5.29.17",)
    assert (leaf.dns_names, leaf.subject) == ((), "CN=contoso.lab")


def test_that_an_extension_that_is_there_twice_counts_as_damaged_and_its_first_value_holds(shop: Workshop) -> None:
    once = shop.leaf(None, is_ca=True, extra_extension=("2.5.29.99", b"\x30\x00", False)).der
    twice = read_certificate(once.replace(der.write_oid("2.5.29.99"), der.write_oid("2.5.29.19")))
    assert (twice.is_ca, twice.damaged) == (True, ("2.5.29.19",))


def test_that_a_time_without_a_zone_or_outside_the_calendar_is_refused(shop: Workshop) -> None:
    whole = shop.leaf(None).der
    for wrong in (b"250101000000+", b"251301000000Z", b"2501010000  Z"):
        with pytest.raises(CertificateUnreadable) as caught:
            read_certificate(whole.replace(b"250101000000Z", wrong, 1))
        assert caught.value.reason == "damaged"


def test_that_a_year_of_the_last_century_is_not_taken_for_this_one(shop: Workshop) -> None:
    root = shop.root(not_before=datetime(1997, 5, 1, tzinfo=UTC), not_after=datetime(2049, 12, 31, tzinfo=UTC)).parsed
    assert (root.not_before.year, root.not_after.year) == (1997, 2049)


def test_that_the_last_day_of_the_calendar_can_be_read(shop: Workshop) -> None:
    assert shop.leaf(None, not_after=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)).parsed.not_after.year == 9999


def test_that_an_inner_algorithm_other_than_the_outer_one_is_refused(shop: Workshop) -> None:
    whole = shop.leaf(None).der
    number = der.write_oid("1.2.840.113549.1.1.11")
    with pytest.raises(CertificateUnreadable):
        read_certificate(whole.replace(number, der.write_oid("1.2.840.113549.1.1.12"), 1))


def _bytes_of_each_kind(leaf: IssuedCertificate) -> dict[str, tuple[bytes, str]]:
    return {
        "nothing": (b"", "empty"),
        "text": (b"not a certificate", "not-der"),
        "pem": (leaf.certificate_pem(), "not-der"),
        "cut off": (leaf.der[:-1], "not-der"),
        "something behind": (leaf.der + b"\0", "not-der"),
        "an empty sequence": (b"\x30\x00", "damaged"),
        "too large": (b"\x30" * (MAXIMUM_BYTES + 1), "too-large"),
        "indefinite length": (b"\x30\x80" + leaf.der[4:] + b"\0\0", "not-der"),
        "deeply nested": (b"\x30\x84\x00\x00\x00\x00", "damaged"),
        "bytes that claim gigabytes": (b"\x30\x84\xff\xff\xff\xff" + leaf.der, "not-der"),
    }


def test_that_bytes_of_each_wrong_kind_give_their_reason(shop: Workshop) -> None:
    for kind, (data, reason) in _bytes_of_each_kind(shop.leaf(None)).items():
        with pytest.raises(CertificateUnreadable) as caught:
            read_certificate(data)
        assert (kind, caught.value.reason) == (kind, reason)
        assert caught.value.facts["reason"] == reason


def test_that_the_reader_reads_a_certificate_once(shop: Workshop) -> None:
    reader, data = CertificateReader(), shop.leaf(None).der
    assert reader.read(data) is reader.read(bytes(bytearray(data)))
    assert len(reader) == 1


def test_that_the_reader_forgets_the_one_not_used_for_longest(shop: Workshop) -> None:
    first, second, third = (shop.leaf(None).der for _ in range(3))
    reader = CertificateReader(capacity=2)
    kept = reader.read(first)
    forgotten = reader.read(second)
    assert reader.read(first) is kept
    reader.read(third)
    assert len(reader) == 2
    assert reader.read(first) is kept
    assert reader.read(second) is not forgotten


def test_that_the_reader_refuses_the_same_bytes_each_time_anew() -> None:
    reader = CertificateReader()
    errors = []
    for _ in range(2):
        with pytest.raises(CertificateUnreadable) as caught:
            reader.read(b"no certificate")
        errors.append(caught.value)
    assert errors[0] is not errors[1]
    assert errors[0].reason == errors[1].reason


def test_that_many_threads_may_share_a_reader(shop: Workshop) -> None:
    reader = CertificateReader(capacity=3)
    ders = [shop.leaf(None, serial=number).der for number in range(1, 7)]
    with ThreadPoolExecutor(8) as pool:
        serials = [one.serial for one in pool.map(reader.read, ders * 50)]
    assert serials == [f"{number % 6 + 1:02X}" for number in range(300)]
    assert len(reader) <= 3
