"""Fingerprints of TLS certificates, and whom they are for."""

import pytest

from oauthcert.casework import refusals
from oauthcert.casework.targets import Reaching, read_targets
from oauthcert.casework.trust import read_fingerprint, trust
from oauthcert.model.errors import UsageError
from oauthcert.model.target import Target

DIGITS = "ab" * 32


@pytest.mark.parametrize(
    "typed",
    [f"sha256:{DIGITS}", f"SHA256:{DIGITS.upper()}", "sha256:" + ":".join(["AB"] * 32), f" sha256: {DIGITS} "],
)
def test_that_a_fingerprint_is_read_however_it_is_written(typed: str) -> None:
    assert read_fingerprint(typed) == DIGITS


@pytest.mark.parametrize("typed", ["", DIGITS, "sha1:" + "ab" * 20, "sha256:" + "ab" * 20, f"sha256:{DIGITS}00", "sha256:" + "xy" * 32])
def test_that_what_is_not_a_sha256_fingerprint_is_refused(typed: str) -> None:
    with pytest.raises(refusals.BadFingerprint):
        read_fingerprint(typed)


def _servers(*names: str) -> tuple[Target, ...]:
    return read_targets(names, Reaching(https=True))


def test_that_trust_goes_to_the_one_server_there_is() -> None:
    assert trust(_servers("fe01"), [f"sha256:{DIGITS}"])[0].fingerprint == DIGITS


def test_that_trust_goes_to_the_server_that_is_named_with_it_and_no_other() -> None:
    trusted = trust(_servers("fe01", "fe02", "fe03"), [f"FE02.=sha256:{DIGITS}"])

    assert [target.fingerprint for target in trusted] == [None, DIGITS, None]


@pytest.mark.parametrize(
    ("servers", "typed", "kind"),
    [
        (_servers("fe01", "fe02"), f"sha256:{DIGITS}", refusals.FingerprintForWhom),
        (_servers("fe01"), f"fe02=sha256:{DIGITS}", refusals.FingerprintOfStranger),
        (read_targets(["fe01"], Reaching()), f"sha256:{DIGITS}", refusals.FingerprintWithoutTls),
    ],
)
def test_that_trust_that_fits_no_server_is_refused(servers: tuple[Target, ...], typed: str, kind: type[UsageError]) -> None:
    with pytest.raises(kind):
        trust(servers, [typed])
