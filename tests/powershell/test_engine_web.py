"""The functions that ask web sites, in a real PowerShell: answers no healthy site gives, and a port where nobody listens."""

import json
import socket
from base64 import b64encode
from hashlib import sha1

import pytest

from tests.powershell.engine import Engine, found
from tests.powershell.stubs import quoted
from tests.powershell.test_engine_functions import run

pytestmark = pytest.mark.engine

DER = b"0\x03\x02\x01\x05"
HASHED = "ABCDEF0123456789ABCDEF0123456789ABCDEF01"
PRINT = sha1(DER, usedforsecurity=False).hexdigest().upper()


@pytest.fixture(scope="module")
def engine() -> Engine:
    return found()


def fact(engine: Engine, call: str) -> dict[str, object]:
    (value,) = run(engine, call).value("tried")
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(
    ("reply", "status", "body"),
    [
        ("HTTP/1.1 200 OK`r`nA: b`r`n`r`n{}", 200, "{}"),
        ("HTTP/1.0 401 Unauthorized`r`nA: b", 401, ""),
        ("SSH-2.0-x", None, ""),
        ("", None, ""),
    ],
)
def test_that_a_reply_is_taken_apart(engine: Engine, reply: str, status: int | None, body: str) -> None:
    told = fact(engine, f'ConvertFrom-Reply -Text "{reply}"')
    assert (told["status"], told["body"]) == (status, body)


@pytest.mark.parametrize(
    ("document", "readable", "thumbprints"),
    [
        ({"version": "1.0", "keys": [{"keyvalue": {"value": b64encode(DER).decode()}}]}, True, [PRINT]),
        (
            {"version": "1.0", "keys": [{"keyinfo": {"x5t": "q83vASNFZ4mrze8BI0VniavN7wE"}}]},
            True,
            [HASHED],
        ),
        ({"version": "1.0", "keys": [{"keyvalue": {"value": "no base64!"}}, {}]}, True, []),
        ({"version": "1.0", "keys": []}, True, []),
        ({"error": "x"}, False, []),
    ],
)
def test_that_published_certificates_are_read(engine: Engine, document: object, readable: bool, thumbprints: list[str]) -> None:
    told = fact(engine, f"ConvertFrom-Metadata -Text {quoted(json.dumps(document))}")
    assert (told["readable"], told["thumbprints"]) == (readable, thumbprints)


@pytest.mark.parametrize("text", ["", "<html></html>", "[1, 2]", '"text"'])
def test_that_what_is_no_metadata_is_not_taken_for_it(engine: Engine, text: str) -> None:
    assert fact(engine, f"ConvertFrom-Metadata -Text {quoted(text)}")["readable"] is False


def test_that_headers_are_found_whatever_their_case_and_only_those_that_begin_so(engine: Engine) -> None:
    head = '"HTTP/1.1 401 x`r`nwww-authenticate: Bearer a=1`r`nWWW-Authenticate: Negotiate`r`nX-Ms-Diagnostics: 2000004;r"'
    told = fact(
        engine,
        f"@{{ a = Get-HeaderText -Head {head} -Name 'WWW-Authenticate' -Beginning 'Bearer'; "
        f"b = Get-HeaderText -Head {head} -Name 'x-ms-diagnostics' -Beginning ''; "
        f"c = Get-HeaderText -Head {head} -Name 'Missing' -Beginning '' }}",
    )
    assert told == {"a": "Bearer a=1", "b": "2000004;r", "c": None}


@pytest.mark.parametrize("address", ["http://a.contoso.lab/x", "autodiscover.svc", ""])
def test_that_only_https_addresses_are_asked(engine: Engine, address: str) -> None:
    assert fact(engine, f"@{{ told = Get-PartnerChallenge -Address '{address}' }}") == {"told": None}


def test_that_a_port_where_nobody_listens_says_so(engine: Engine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    call = f"Get-HttpsAnswer -HostName '127.0.0.1' -Port {port} -Path '/' -Headers @() -Milliseconds 3000"
    assert fact(engine, call)["problem"] == "ConnectionRefused"


def test_that_a_site_without_tls_is_told_apart_from_one_that_is_down(engine: Engine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        plain.settimeout(20)
        port = plain.getsockname()[1]
        call = f"Get-HttpsAnswer -HostName '127.0.0.1' -Port {port} -Path '/' -Headers @() -Milliseconds 1000"
        told = fact(engine, call)  # the system takes the connection; nobody ever answers the greeting
    assert (told["status"], told["problem"]) == (None, "TlsFailed")
