"""What somebody who listens on the wire gets of a look over plain http: neither password, nor script, nor answer."""

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace

from oauthcert import assets
from oauthcert.collect.library import library
from oauthcert.collect.probes import probes_of
from oauthcert.lab.practice import PracticeLab
from oauthcert.model.cancel import CancelToken
from oauthcert.model.evidence import Answer
from oauthcert.model.target import Target
from oauthcert.remote.winrm_gateway import WinrmGateway
from oauthcert.remote.wire import encode_frame, encode_request
from tests.fakes.relay import Relay

_BASE64 = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")
_DEEPEST = 4
SCRIPT_WORDS = (b"Get-CsCertificate", b"Get-OAuthAssignment", b"FromBase64String", b"powershell.exe", b"CommandLine")
ANSWER_WORDS = (b"#oac1", b"thumbprint", b"displayName", b"RTCUniversalServerAdmins", b"Skype for Business")


def layers(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes themselves and whatever a listener without a key makes of them: base64, gzip and UTF-16 taken off, one in the other."""
    yield data
    if depth == _DEEPEST:
        return
    if b"\0" in data:
        yield data.replace(b"\0", b"")
    for found in _BASE64.finditer(data):
        text = found.group()
        try:
            inner = base64.b64decode(text + b"=" * (-len(text) % 4))
        except binascii.Error:
            continue
        yield from layers(inner, depth + 1)
    if data[:2] == b"\x1f\x8b":
        unpacking = zlib.decompressobj(wbits=31)
        yield from layers(unpacking.decompress(data, 4_000_000), depth + 1)


def readable(data: bytes, *words: bytes) -> set[bytes]:
    """Those words a listener can read in these bytes."""
    found: set[bytes] = set()
    for layer in layers(data):
        found |= {word for word in words if word in layer}
    return found


def test_that_a_listener_sees_neither_password_nor_script_nor_answers() -> None:
    answers: dict[str, Answer] = {}
    with PracticeLab.open("healthy-lync") as lab, Relay(lab.targets[0].port) as relay:
        target = replace(lab.targets[0], port=relay.port)
        probes = probes_of(target)
        connection = WinrmGateway().connect(target, lab.credential)
        connection.ask(
            [probe.question for probe in probes],
            library(probes),
            deadline_seconds=60,
            token=CancelToken(),
            on_answer=lambda answer: answers.update({answer.probe: answer}),
        )
        connection.close()
        password = lab.credential.password.reveal().encode()

    assert set(answers) == {probe.id for probe in probes} | {"hello"}
    told, heard = bytes(relay.from_client), bytes(relay.from_server)
    assert (len(told), len(heard)) > (20_000, 5_000)
    assert told.startswith(b"POST /wsman")
    thumbprints = {str(one["thumbprint"]).encode() for one in answers["oauth"].value if isinstance(one, dict)}
    assert thumbprints
    assert readable(told + b"\n" + heard, password, *SCRIPT_WORDS, *ANSWER_WORDS, *thumbprints) == set()


def test_that_the_listener_would_have_found_them_in_the_clear() -> None:
    """The search itself: each word is found in the layers it travels in when nothing is sealed."""
    probes = probes_of(Target("fe01.contoso.lab"))
    stdin = encode_request(assets.text("powershell/round.ps1"), library(probes), [probe.question for probe in probes])
    command = base64.b64encode("powershell.exe -EncodedCommand FromBase64String CommandLine".encode("utf-16-le"))
    frame = encode_frame({"probe": "x", "ok": True, "value": [{"thumbprint": "AB", "displayName": "Skype for Business"}]})
    envelope = b"<rsp:Stream>" + base64.b64encode(stdin) + b"</rsp:Stream><a>" + command + b"</a><b>" + base64.b64encode(frame) + b"</b>"

    assert readable(envelope, *SCRIPT_WORDS) == set(SCRIPT_WORDS)
    assert readable(envelope, *ANSWER_WORDS) == set(ANSWER_WORDS) - {b"RTCUniversalServerAdmins"}
    basic = base64.b64encode(b"CONTOSO\\admin:a password that is long enough")
    assert readable(b"Authorization: Basic " + basic, b"a password") == {b"a password"}
    assert readable(gzip.compress(b"thumbprint"), b"thumbprint") == {b"thumbprint"}
