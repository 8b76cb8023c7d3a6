"""Damage done to a SOAP answer before it is sealed, so that the client meets it behind a good seal."""

import re
from collections.abc import Iterable

from oauthcert.lab.wsman.injection import Altered, BadBase64, Injection, NotXml, Padded

_STREAM = re.compile(rb'(<rsp:Stream Name="[a-z]+" CommandId="[0-9A-F-]+">)[^<]+')
_NO_BASE64 = b"A"  # one character can never be the length of base64, however lenient the decoder


def spoil(message: bytes, struck: Iterable[Injection]) -> bytes:
    """The answer as the struck injections leave it."""
    for one in struck:
        if isinstance(one, NotXml):
            message = one.body
        elif isinstance(one, Altered):
            message = one.change(message)
        elif isinstance(one, BadBase64):
            message = _STREAM.sub(rb"\g<1>" + _NO_BASE64, message)
        elif isinstance(one, Padded):
            missing = one.size - len(message) - len(b"<!---->")
            head, end, tail = message.rpartition(b"</s:Envelope>")
            message = head + b"<!--" + b"x" * max(missing, 0) + b"-->" + end + tail
    return message
