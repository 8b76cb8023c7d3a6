"""Names as Windows writes them, and when two of them are the same name."""

import pytest

from oauthcert.certs import der
from oauthcert.certs.names import Name, read_name

UTF8, PRINTABLE, BMP, TELETEX = 0x0C, 0x13, 0x1E, 0x14
CN, OU, C, STATE, MAIL, DC, UNKNOWN = (
    "2.5.4.3",
    "2.5.4.11",
    "2.5.4.6",
    "2.5.4.8",
    "1.2.840.113549.1.9.1",
    "0.9.2342.19200300.100.1.25",
    "1.2.3.4",
)


def name(*parts: tuple[tuple[str, int, bytes], ...]) -> Name:
    sets = (
        der.write(der.SET, *(der.write(der.SEQUENCE, der.write_oid(oid), der.write(tag, value)) for oid, tag, value in part))
        for part in parts
    )
    return read_name(der.read_one(der.write(der.SEQUENCE, *sets))[0])


def one(oid: str, value: str, tag: int = UTF8) -> tuple[tuple[str, int, bytes], ...]:
    return ((oid, tag, value.encode()),)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (name(one(DC, "lab"), one(DC, "contoso"), one(CN, "contoso-CA")), "CN=contoso-CA, DC=contoso, DC=lab"),
        (name(one(C, "DE"), one(STATE, "Hessen"), one(MAIL, "a@b.lab")), "E=a@b.lab, S=Hessen, C=DE"),
        (name(((OU, UTF8, b"A"), (CN, UTF8, b"B"))), "OU=A + CN=B"),
        (name(one(CN, "Contoso, Ltd.")), 'CN="Contoso, Ltd."'),
        (name(one(CN, 'the "best" CA')), 'CN="the ""best"" CA"'),
        (name(one(CN, " leading")), 'CN=" leading"'),
        (name(one(CN, "")), 'CN=""'),
        (name(one(CN, "a+b;c<d>e#f=g")), 'CN="a+b;c<d>e#f=g"'),
        (name(one(UNKNOWN, "x")), "OID.1.2.3.4=x"),
        (name(((CN, BMP, "Zürich €".encode("utf-16-be")),)), "CN=Zürich €"),
        (name(((CN, TELETEX, "Zürich".encode("latin-1")),)), "CN=Zürich"),
        (name(((CN, UTF8, b"\xff\xfe"),)), "CN=\ufffd\ufffd"),
        (name(((CN, 0x02, b"\x05"),)), 'CN="#020105"'),
        (name(), ""),
    ],
)
def test_that_a_name_is_written_as_windows_writes_it(given: Name, text: str) -> None:
    assert given.text == text


def test_that_case_blanks_and_string_type_do_not_make_another_name() -> None:
    assert name(one(CN, "Contoso  CA")).folded == name(one(CN, " contoso ca", PRINTABLE)).folded
    assert name(one(CN, "Contoso CA")).folded != name(one(OU, "Contoso CA")).folded
    assert name(one(CN, "a"), one(CN, "b")).folded != name(one(CN, "b"), one(CN, "a")).folded


def test_that_the_most_specific_common_name_is_taken() -> None:
    assert name(one(CN, "wide"), one(OU, "x"), one(CN, "narrow")).common_name == "narrow"
    assert name(one(OU, "x")).common_name == ""


@pytest.mark.parametrize("data", [b"\x30\x02\x31", b"\x30\x04\x31\x02\x30\x00", b"\x30\x02\x02\x00", b"\x31\x00"])
def test_that_what_is_no_name_is_refused(data: bytes) -> None:
    with pytest.raises(der.DerError):
        read_name(der.read_one(data)[0])
