"""Reads text of any size and any of Windows' encodings from standard input, keeping its beginning and its end."""

import codecs
from typing import BinaryIO, TextIO

_PIECE = 256 * 1024
MOST_KEPT = 8 * 1024 * 1024
"""Bytes kept of the beginning, and as many of the end."""


def read_text(stream: TextIO) -> str:
    """All of the stream, or of more than twice MOST_KEPT its beginning and end. Never raises over bytes that are no text."""
    raw: BinaryIO | None = getattr(stream, "buffer", None)
    return stream.read(2 * MOST_KEPT) if raw is None else decoded(*_ends(raw))


def decoded(beginning: bytes, end: bytes = b"") -> str:
    """Bytes as text: UTF-8, UTF-16 as Windows PowerShell writes files, else the code page of Western Windows."""
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16-le" if beginning.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
        # what was left out between the two may have been an odd number of bytes
        texts = [piece[: len(piece) // 2 * 2].decode(encoding, errors="replace") for piece in (beginning[2:], end)]
        return "\n".join(text for text in texts if text)
    if beginning[1:64:2].count(0) > len(beginning[:64]) // 3:
        return decoded(codecs.BOM_UTF16_LE + beginning, end)
    try:
        return "\n".join(_utf8(piece) for piece in (beginning, end) if piece)
    except UnicodeDecodeError:
        return "\n".join(piece.decode("cp1252", errors="replace") for piece in (beginning, end) if piece)


def _utf8(piece: bytes) -> str:
    """Strict, but for letters that were cut at either end of what was kept."""
    head = next((at for at in range(min(4, len(piece))) if piece[at] & 0xC0 != 0x80), 0)
    return codecs.getincrementaldecoder("utf-8-sig")().decode(piece[head:], final=False)


def _ends(raw: BinaryIO) -> tuple[bytes, bytes]:
    beginning = bytearray()
    end = bytearray()
    while piece := raw.read(_PIECE):
        room = MOST_KEPT - len(beginning)
        beginning += piece[:room]
        end += piece[room:]
        if len(end) > 2 * MOST_KEPT:
            # an even number, so that letters of two bytes stay whole
            del end[: (len(end) - MOST_KEPT) // 2 * 2]
    del end[: max(0, len(end) - MOST_KEPT) // 2 * 2]
    return bytes(beginning), bytes(end)
