"""Serial numbers in event texts, in either order of their bytes."""

import pytest

from oauthcert.checks.serials import named_by, reversed_serial, same_serial, serials_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Serial number: 0A01000000003C0B61.", ("0A01000000003C0B61",)),
        ("Serial 0a 01 00 00 3c 0b 61 and no more", ("0A0100003C0B61",)),
        ("0a:01:00:00:3c:0b:61", ("0A0100003C0B61",)),
        ("Error 0x80092004 at fe01.contoso.lab", ()),
        ("", ()),
        ("DEADBEEFDEADBEEF", ()),
    ],
)
def test_that_serial_numbers_are_found_as_tools_and_events_write_them(text: str, found: tuple[str, ...]) -> None:
    assert serials_in(text) == found


def test_that_bytes_are_turned_round_and_an_odd_digit_gets_its_zero() -> None:
    assert reversed_serial("610B3C") == "3C0B61"
    assert reversed_serial("10B3C") == "3C0B01"
    assert reversed_serial(reversed_serial("0A01000000003C0B61")) == "0A01000000003C0B61"
    assert reversed_serial("") == ""


def test_that_leading_zeros_do_not_count() -> None:
    assert same_serial("0A01", "a01")
    assert not same_serial("0A01", "0A10")


def test_that_a_certificate_is_known_again_in_both_orders_and_in_no_other() -> None:
    own = "610B3C00000000010A"
    assert named_by(f"certificate {reversed_serial(own)} refused", ["1F" * 9, own]) == own
    assert named_by(f"certificate {own} refused", [own]) == own
    assert named_by("certificate 00112233445566778899 refused", [own]) == ""


def test_that_long_noise_ends_soon_and_stays_short() -> None:
    assert {len(one) for one in serials_in("0a " * 20_000)} == {40}
