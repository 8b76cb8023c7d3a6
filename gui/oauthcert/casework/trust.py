"""Reads which TLS certificates the operator decided to trust, and for which server."""

import re
from collections.abc import Iterable
from dataclasses import replace

from oauthcert.casework import refusals
from oauthcert.casework.targets import Reaching, read_target, shown_of
from oauthcert.model.target import Target


def trust(targets: tuple[Target, ...], typed: Iterable[str]) -> tuple[Target, ...]:
    """The same servers with the fingerprints of `--trust`: `sha256:HEX` for a single server, `SERVER=sha256:HEX` for one of several.

    Raises a kind of UsageError when a fingerprint is none, fits no server, or the server is not reached over TLS.
    """
    by_name = {target.name: target for target in targets}
    for entry in typed:
        server, equals, fingerprint_text = entry.rpartition("=")
        fingerprint = read_fingerprint(fingerprint_text)
        if equals:
            name = read_target(server.strip(), Reaching()).name
        elif len(targets) == 1:
            name = targets[0].name
        else:
            raise refusals.FingerprintForWhom(
                "with several servers, say which one the fingerprint belongs to: --trust SERVER=sha256:…", servers=str(len(targets))
            )
        if name not in by_name:
            raise refusals.FingerprintOfStranger(f"--trust names {name}, which is not among the servers to look at", server=name)
        if by_name[name].scheme != "https":
            raise refusals.FingerprintWithoutTls(
                f"{name} is not reached over TLS, so there is no certificate to trust; add --https", server=name
            )
        by_name[name] = replace(by_name[name], fingerprint=fingerprint)
    return tuple(by_name[target.name] for target in targets)


def read_fingerprint(text: str) -> str:
    """64 lower-case hex digits from `sha256:AA:BB…` in any of the ways it is written. Raises BadFingerprint."""
    kind, colon, digits = text.strip().partition(":")
    digits = re.sub(r"[:\s-]", "", digits).lower()
    if not colon or kind.lower() != "sha256" or not re.fullmatch(r"[0-9a-f]{64}", digits):
        shown = shown_of(text)
        raise refusals.BadFingerprint(
            f"{shown} is not a SHA-256 fingerprint: write sha256: and 64 hexadecimal digits (40 digits are SHA-1, which is not enough)",
            typed=shown,
        )
    return digits
