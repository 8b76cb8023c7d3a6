"""The parts that need no network: hashes, names, durations, envelopes, sealed multiparts."""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauthcert.lab.wsman import Account, FaultAnswer, HttpStatus, Reset, When, envelope, sealing
from oauthcert.lab.wsman.accounts import AccountTable
from oauthcert.lab.wsman.authentication import has_channel_binding, ntlm_name
from oauthcert.lab.wsman.clock import ServerClock
from oauthcert.lab.wsman.faults import SoapFault
from oauthcert.lab.wsman.http import http_date
from oauthcert.lab.wsman.injection import SIGN_IN, Injector
from oauthcert.lab.wsman.md4 import md4, nt_hash
from oauthcert.model.secret import Secret

UNHURRIED = settings(deadline=None)  # a busy machine is no defect


@pytest.mark.parametrize(  # the test suite in appendix A.5 of RFC 1320
    ("text", "digest"),
    [
        ("", "31d6cfe0d16ae931b73c59d7e0c089c0"),
        ("a", "bde52cb31de33e46245e05fbdbd6fb24"),
        ("abc", "a448017aaf21d8525fc10ae87aa6729d"),
        ("message digest", "d9130a8164549fe818874806e1c7014b"),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "043f8582f241db351ce627e153e7f0e4"),
        ("1234567890" * 8, "e33b4ddc9c38f2199c3e7b164fcc0536"),
    ],
)
def test_that_md4_gives_the_digests_of_its_specification(text: str, digest: str) -> None:
    assert md4(text.encode()).hex() == digest


def test_that_the_nt_hash_is_the_one_of_the_ntlm_specification() -> None:
    assert nt_hash("Password").hex() == "a4f49c406510bdcab6824ee7c30fd852"  # [MS-NLMP] 4.2.2.1.2


@pytest.mark.parametrize(
    ("spelling", "found"),
    [
        (r"CONTOSO\admin", True),
        ("ADMIN@Contoso.Lab", True),
        (r"contoso.lab\Admin", True),
        ("admin", True),
        (r"FABRIKAM\admin", False),
        ("admin@fabrikam.lab", False),
        ("administrator", False),
        ("", False),
        ("\\", False),
    ],
)
def test_that_accounts_are_found_by_the_spellings_of_windows(spelling: str, found: bool) -> None:
    account = Account(r"CONTOSO\admin", Secret("x"))
    assert AccountTable((account,)).find(spelling) is (account if found else None)


def test_that_the_first_account_wins_for_a_name_without_domain() -> None:
    first, second = Account(r"CONTOSO\admin", Secret("1")), Account(r"FABRIKAM\admin", Secret("2"))
    table = AccountTable((first, second))
    assert table.find("admin") is first
    assert table.find(r"fabrikam\admin") is second


def test_that_an_account_does_not_show_its_password() -> None:
    assert "hunter2" not in repr(Account("x", Secret("hunter2")))


@pytest.mark.parametrize(
    ("text", "seconds"), [("PT20S", 20), ("PT0.500S", 0.5), ("PT1M", 60), ("PT1H1M1S", 3661), ("P1DT1S", 86401), ("P0DT0H0M0S", 0)]
)
def test_that_durations_are_read(text: str, seconds: float) -> None:
    assert envelope.seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "P", "PT", "20", "20S", "PT-1S", "PT1S ", "PT1.S", "P1Y"])
def test_that_other_durations_are_schema_errors(text: str) -> None:
    with pytest.raises(SoapFault, match="2150858817"):
        envelope.seconds_of(text)


@pytest.mark.parametrize("message", [b"", b"x", b"<a/>", b"<!DOCTYPE a><a/>", b"\xff\xfe", b"<s:Envelope/>"])
def test_that_what_is_no_soap_request_is_a_schema_error(message: bytes) -> None:
    with pytest.raises(SoapFault, match="2150858817"):
        envelope.parse(message, 1000)


@UNHURRIED
@given(st.binary(max_size=300))
def test_that_no_bytes_make_the_envelope_parser_fail_otherwise(message: bytes) -> None:
    with pytest.raises(SoapFault):
        envelope.parse(message, 1000)


def test_that_texts_in_faults_are_escaped() -> None:
    from oauthcert.lab.wsman.faults import FaultKind

    made = envelope.fault(SoapFault(FaultKind(7, True, "w:X", "<&>")), '"<id>', "a<b")
    assert b"&lt;&amp;&gt;" in made
    assert b"<&>" not in made
    with pytest.raises(SoapFault):  # well-formed, though no request
        envelope.parse(made.replace(b"wsman/fault", b""), 10)


def test_that_dates_are_cut_to_whole_seconds() -> None:
    assert http_date(datetime(2026, 11, 21, 23, 59, 59, 999_999, UTC)) == "Sat, 21 Nov 2026 23:59:59 GMT"


def test_that_the_clock_adds_its_jumps() -> None:
    clock = ServerClock(lambda: datetime(2026, 1, 1, tzinfo=UTC))
    clock.jump(90)
    clock.jump(-30)
    assert clock.now() == datetime(2026, 1, 1, 0, 1, tzinfo=UTC)


@UNHURRIED
@given(st.binary(max_size=200))
def test_that_hostile_ntlm_messages_are_read_without_harm(message: bytes) -> None:
    ntlm_name(b"NTLMSSP\0\x03\0\0\0" + message)
    has_channel_binding(b"NTLMSSP\0\x03\0\0\0" + message)


@UNHURRIED
@given(st.binary(max_size=200))
def test_that_av_pairs_without_end_are_read_to_their_end(pairs: bytes) -> None:
    response = b"\0" * 44 + pairs
    has_channel_binding(b"\0" * 20 + struct.pack("<HHI", len(response), len(response), 28) + response)


@dataclass
class _Wrapped:
    header: bytes
    data: bytes


class _Turned:
    """A stand-in for a security context: turns the bytes around, signs with four letters."""

    def wrap_winrm(self, data: bytes) -> _Wrapped:
        return _Wrapped(b"sign", data[::-1])

    def unwrap_winrm(self, header: bytes, data: bytes) -> bytes:
        if header != b"sign":
            raise ValueError(header)
        return data[::-1]


@UNHURRIED
@given(st.lists(st.binary(max_size=100), min_size=1, max_size=4))
def test_that_one_or_several_sealed_parts_come_back_as_one_message(messages: list[bytes]) -> None:
    parts = [sealing.seal(_Turned(), "application/HTTP-SPNEGO-session-encrypted", message) for message in messages]
    end = b"--Encrypted Boundary--\r\n"
    body = b"".join(part.removesuffix(end) for part in parts) + end
    assert sealing.unseal(_Turned(), body) == b"".join(messages)


def test_that_a_boundary_inside_the_sealed_bytes_does_no_harm() -> None:
    message = b"--Encrypted Boundary--\r\n"[::-1] * 2
    assert sealing.unseal(_Turned(), sealing.seal(_Turned(), "p", message)) == message


@UNHURRIED
@given(st.data())
def test_that_damage_to_a_sealed_message_is_always_called_damage(data: st.DataObject) -> None:
    body = sealing.seal(_Turned(), "p", b"hello")
    cut = data.draw(st.integers(0, len(body) - len(b"--\r\n") - 1))
    with pytest.raises(sealing.Damaged):
        sealing.unseal(_Turned(), body[:cut])


def test_that_injections_count_each_kind_of_request_for_itself() -> None:
    by_request, by_receive, by_any, by_sign_in = (
        Reset(When(number=2)),
        Reset(When("Receive", number=2)),
        FaultAnswer(5, When("*", number=3, times=None)),
        HttpStatus(401, When(SIGN_IN)),
    )
    injector = Injector((by_request, by_receive, by_any, by_sign_in))
    assert injector.for_request() == ()
    assert injector.for_request() == (by_request,)
    assert injector.for_request() == ()
    assert injector.for_operation(SIGN_IN) == (by_sign_in,)
    assert injector.for_operation("Receive") == ()
    assert injector.for_operation("Receive") == (by_receive,)
    assert injector.for_operation("Create") == (by_any,)
    assert injector.for_operation("Receive") == (by_any,)
