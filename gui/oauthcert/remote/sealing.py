"""Message encryption of WS-Management over plain HTTP, from the client's side ([MS-WSMV] 2.2.9.1)."""

import re
import struct
from typing import Protocol

from oauthcert.remote.failures import AnswerDamaged

SPNEGO = "application/HTTP-SPNEGO-session-encrypted"
CREDSSP = "application/HTTP-CredSSP-session-encrypted"

_CREDSSP_PIECE = 16384  # bytes, one TLS record
_BOUNDARY = b"--Encrypted Boundary"
_NEXT = re.compile(rb"--\s*Encrypted Boundary\r\n")
_END = re.compile(rb"--\s*Encrypted Boundary--\s*\Z")
_LENGTH = re.compile(rb"\bLength=(\d{1,9})\s*\Z")
_OCTETS = re.compile(rb"\s*Content-Type: application/octet-stream\r\n", re.IGNORECASE)


class Context(Protocol):
    """What is used of a security context of pyspnego."""

    @property
    def complete(self) -> bool: ...
    def step(self, in_token: bytes | None = None) -> bytes | None: ...
    def wrap_winrm(self, data: bytes) -> tuple[bytes, bytes, int]: ...
    def unwrap_winrm(self, header: bytes, data: bytes) -> bytes: ...


def is_sealed(content_type: str) -> bool:
    return content_type.lower().startswith(("multipart/encrypted", "multipart/x-multi-encrypted"))


def seal(context: Context, protocol: str, message: bytes) -> tuple[str, bytes]:
    """The content type and body that carry a message sealed."""
    size = _CREDSSP_PIECE if protocol == CREDSSP else max(1, len(message))
    pieces = [message[start : start + size] for start in range(0, len(message), size)]
    kind = "multipart/x-multi-encrypted" if len(pieces) > 1 else "multipart/encrypted"
    body = b"".join(_sealed_part(context, protocol, piece) for piece in pieces) + _BOUNDARY + b"--\r\n"
    return f'{kind};protocol="{protocol}";boundary="Encrypted Boundary"', body


def _sealed_part(context: Context, protocol: str, piece: bytes) -> bytes:
    header, data, padding = context.wrap_winrm(piece)
    # Windows looks for exactly these lines, tab and all.
    head = (
        f"--Encrypted Boundary\r\n\tContent-Type: {protocol}\r\n"
        f"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={len(piece) + padding}\r\n"
        "--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
    )
    return head.encode("ascii") + struct.pack("<i", len(header)) + header + data


def unseal(context: Context, body: bytes) -> bytes:
    """The message in a sealed body. Raises AnswerDamaged, or what the context raises for data that is not its own."""
    # Ciphertext holds the boundary by chance once in 2^160 messages.
    end = _END.search(body, max(0, len(body) - 100))
    parts = _NEXT.split(body[: end.start() if end else len(body)])
    if parts and not parts[0]:
        del parts[0]
    if not parts or len(parts) % 2:
        raise AnswerDamaged(why="seal")
    plain: list[bytes] = []
    for head, sealed in zip(parts[::2], parts[1::2], strict=True):
        length, octets = _LENGTH.search(head.rstrip()), _OCTETS.match(sealed)
        if length is None or octets is None or len(sealed) < octets.end() + 4:
            raise AnswerDamaged(why="seal")
        (size,) = struct.unpack_from("<I", sealed, octets.end())
        start = octets.end() + 4
        piece = context.unwrap_winrm(sealed[start : start + size], sealed[start + size :])
        if len(piece) != int(length[1]):
            raise AnswerDamaged(why="seal")
        plain.append(piece)
    return b"".join(plain)
