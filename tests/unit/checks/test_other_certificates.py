"""The certificates beside OAuth's: what a role needs, the worst first, and what explains it."""

import pytest

from oauthcert.model.certificate_evidence import CertificateUse
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Finding, Verdict
from tests.builders.evidence import SERVER_USES, certificate, deployment, found, server_certificate, store, stored, used, uses
from tests.unit.checks.examples_certificate import ending

COMPLAINT = CertificateUse(
    None, None, None, None, None, not_found_or_untrusted=True, message="Assigned certificate not found or untrusted."
)


def judged(server: str, *said: CertificateUse) -> Finding:
    return deployment().but(server, uses=said).finding("other-certificates", server)


@pytest.mark.parametrize(
    ("server", "said", "missing"),
    [
        ("fe02", ("Default", "WebServicesInternal"), ("WebServicesExternal",)),
        ("edge01", ("Internal", "External"), None),
        ("edge01", ("AccessEdgeExternal", "DataEdgeExternal", "AudioVideoAuthentication"), ("Internal",)),
        ("fe02", (), SERVER_USES),
    ],
)
def test_that_a_server_is_held_to_what_its_role_needs(server: str, said: tuple[str, ...], missing: tuple[str, ...] | None) -> None:
    finding = judged(server, *uses(server, *said))
    assert finding.facts.get("missing_uses") == missing
    assert (finding.verdict is Verdict.PASS) is (missing is None)


def test_that_a_complaint_about_oauth_alone_concerns_nothing_else() -> None:
    assert judged("fe02", *uses("fe02", *SERVER_USES), COMPLAINT).verdict is Verdict.PASS


def test_that_the_worst_of_several_is_told() -> None:
    mixed = (
        used(server_certificate("fe02", -300, 12), "Default"),
        used(server_certificate("fe02", -300, -2), "WebServicesInternal"),
        used(server_certificate("fe02"), "WebServicesExternal"),
    )
    finding = judged("fe02", *mixed)
    assert (finding.words, finding.facts["uses"]) == ("other-certificates.expired", ("WebServicesInternal",))


def test_that_one_certificate_for_everything_is_told_once_with_all_it_serves() -> None:
    assert judged("fe02", *ending(-4)).facts["uses"] == SERVER_USES


def test_that_the_dates_in_the_store_count_more_than_those_that_were_said() -> None:
    real, said = server_certificate("fe02"), server_certificate("fe02", -300, -2)
    lied = tuple(used(said, use, thumbprint=real.parsed.thumbprint) for use in SERVER_USES)
    ill = deployment().but("fe02", uses=lied, store=store(stored(certificate()), stored(real)))
    assert ill.finding("other-certificates", "fe02").verdict is Verdict.PASS


def test_that_a_missing_issuer_for_all_is_one_cause() -> None:
    own = server_certificate("fe02")
    said = tuple(used(own, use) for use in SERVER_USES)
    judgement = deployment().but("fe02", uses=said, store=store(stored(certificate()), stored(own), intermediate=())).judged()
    assert found(judgement, "other-certificates", "fe02").because == ("oauth-chain@fe02.contoso.lab",)
    assert [cause.finding for cause in judgement.causes] == ["oauth-chain@fe02.contoso.lab"]


def test_that_a_server_that_was_not_asked_is_not_accused() -> None:
    finding = deployment().but("fe02", uses=NotSeen("not-asked")).finding("other-certificates", "fe02")
    assert (finding.verdict, finding.facts["reason"]) == (Verdict.UNKNOWN, "not-asked")
