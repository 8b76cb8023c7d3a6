"""What PowerShell writes to its error stream, as text: CLIXML documents, cut or mixed with plain lines, or plain text alone."""

import re
from html import unescape

TEXT_LIMIT = 4000  # characters

_HEADER = re.compile(r"#<\s*CLIXML\s*")
_STRING = re.compile(r'<S\s+S="(?P<stream>[A-Za-z]+)"\s*>(?P<text>[^<]*)')
_DOCUMENT = re.compile(r"<Objs\b.*?(?:</Objs>|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_KEPT = {"error", "warning"}


def readable_error_text(raw: bytes) -> str:
    """The errors and warnings in it, at most TEXT_LIMIT characters; empty when it held only progress, verbose and the like.

    Never raises: the text is read piece by piece, not as XML, since it may be cut anywhere.
    """
    text = raw.decode("utf-8", "replace")
    pieces: list[str] = []
    at = 0
    for document in _DOCUMENT.finditer(text):
        pieces.append(_plain(text[at : document.start()]))
        pieces += [_decoded(found["text"]) for found in _STRING.finditer(document[0]) if found["stream"].lower() in _KEPT]
        at = document.end()
    pieces.append(_plain(text[at:]))
    lines = "".join(pieces).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines if line.strip())[:TEXT_LIMIT]


def _plain(text: str) -> str:
    """What stands outside of documents, without the line that announces one."""
    return _HEADER.sub("", text)


def _decoded(text: str) -> str:
    """`_xHHHH_` stands for a UTF-16 unit, so two of them may be one character; the rest is escaped as in XML."""
    units = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), unescape(text))
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\x00", "")
