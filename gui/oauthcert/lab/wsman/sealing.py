"""Message encryption of WS-Management over plain HTTP [MS-WSMV 2.2.9.1]: SOAP inside multipart/encrypted."""

import struct
from typing import Protocol

_BOUNDARY = b"--Encrypted Boundary"
_NEXT = _BOUNDARY + b"\r\n"
_END = _BOUNDARY + b"--"
_SOAP = b"OriginalContent: type=application/soap+xml;charset=UTF-8;Length="
_KINDS = ("multipart/encrypted", "multipart/x-multi-encrypted")
_MOST_PARTS = 1024


class Sealer(Protocol):
    """What is needed of a security context: pyspnego's for NTLM and Kerberos have it."""

    def wrap_winrm(self, data: bytes) -> object: ...

    def unwrap_winrm(self, header: bytes, data: bytes) -> bytes: ...


class Damaged(Exception):
    """The multipart is not well formed, or not sealed with this connection's key. Windows answers 400."""


def is_sealed(content_type: str) -> bool:
    return content_type.lower().startswith(_KINDS)


def protocol_of(content_type: str) -> str:
    """The `protocol` parameter, e.g. application/HTTP-SPNEGO-session-encrypted; raises Damaged."""
    _, found, rest = content_type.partition('protocol="')
    name, closed, _ = rest.partition('"')
    if not found or not closed or not name.isascii():
        raise Damaged("no protocol")
    return name


def unseal(context: Sealer, body: bytes) -> bytes:
    """The plain SOAP of one or several sealed parts. Raises Damaged; the context is of no more use then."""
    plain: list[bytes] = []
    at = 0
    for _ in range(_MOST_PARTS):
        if body.startswith(_END, at):
            return b"".join(plain)
        head_end = body.find(_NEXT, at + len(_NEXT))
        if not body.startswith(_NEXT, at) or head_end < 0:
            raise Damaged("no part where one should start")
        length = _length_in(body[at:head_end])
        start = body.find(b"\r\n", head_end + len(_NEXT)) + 2
        if start < 2 or len(body) < start + 4:
            raise Damaged("part without content")
        (signature_length,) = struct.unpack_from("<I", body, start)
        data_start = start + 4 + signature_length
        at = data_start + length
        if at > len(body):
            raise Damaged("part is shorter than it says")
        try:
            plain.append(context.unwrap_winrm(body[start + 4 : data_start], body[data_start:at]))
        except Exception as problem:  # the context raises many kinds of errors for data that is not its own
            raise Damaged(repr(problem)) from problem
    raise Damaged("too many parts")


def seal(context: Sealer, protocol: str, message: bytes) -> bytes:
    """One sealed part, laid out as Windows does: clients look for the tab before Content-Type."""
    wrapped = context.wrap_winrm(message)
    header: bytes = wrapped.header  # type: ignore[attr-defined]
    data: bytes = wrapped.data  # type: ignore[attr-defined]
    return b"".join(
        (
            _NEXT,
            b"\tContent-Type: ",
            protocol.encode(),
            b"\r\n\t",
            _SOAP,
            str(len(message)).encode(),
            b"\r\n",
            _NEXT,
            b"\tContent-Type: application/octet-stream\r\n",
            struct.pack("<I", len(header)),
            header,
            data,
            _END,
            b"\r\n",
        )
    )


def content_type(protocol: str) -> str:
    return f'multipart/encrypted;protocol="{protocol}";boundary="Encrypted Boundary"'


def _length_in(head: bytes) -> int:
    digits = head.rpartition(b"Length=")[2].split(b"\r\n", 1)[0].strip()
    if not digits.isdigit() or len(digits) > 9:
        raise Damaged("part without length")
    return int(digits)
