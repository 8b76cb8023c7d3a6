"""What is wrong with an answer is said before anything of it reaches a server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509 import load_der_x509_certificate

from oauthcert.certs.certificate import Certificate
from oauthcert.certs.issuing import IssuedCertificate
from oauthcert.certs.plans import plan_leaf
from oauthcert.fixes.answers import wrong_answer
from oauthcert.fixes.pfx_answer import PfxUnfit, fitting_pfx
from oauthcert.fixes.situation import Given
from oauthcert.model.errors import OauthcertError
from oauthcert.model.plan import Ask, AskKind
from oauthcert.model.secret import Secret
from oauthcert.words import Catalogue
from tests.builders.evidence import NOW, certificate, issuing, root, self_made

PASSWORD = Secret("right")
FILE = Ask("import-oauth-pfx.file", "import-oauth-pfx", AskKind.FILE, "pfx-file", choices=(certificate().parsed.thumbprint,))
SECRET = Ask("import-oauth-pfx.password", "import-oauth-pfx", AskKind.SECRET, "pfx-password")


def pfx(made: IssuedCertificate, *chain: IssuedCertificate) -> bytes:
    return made.pfx(PASSWORD, chain=chain)


def unfit(data: bytes, *wanted: str, at: datetime = NOW, roots: tuple[Certificate, ...] = ()) -> PfxUnfit:
    with pytest.raises(PfxUnfit) as caught:
        fitting_pfx(data, PASSWORD, at, wanted=wanted, roots=roots)
    return caught.value


def said(error: OauthcertError | None) -> str:
    assert error is not None
    return Catalogue("en").error(error)


def test_that_the_right_file_gives_its_certificate() -> None:
    made = certificate()
    assert fitting_pfx(pfx(made), PASSWORD, NOW, wanted=(made.parsed.thumbprint.lower(),)).thumbprint == made.parsed.thumbprint


def test_that_another_certificate_is_named() -> None:
    error = unfit(pfx(certificate(-10)), "AB" * 20)
    assert error.reason == "other-certificate"
    assert error.facts["thumbprint"] == certificate(-10).parsed.thumbprint
    assert error.facts["wanted"] == "AB" * 20


def test_that_dates_are_judged_at_the_time_of_the_deployment() -> None:
    made = certificate(-20, 700)
    assert unfit(pfx(made), at=NOW + timedelta(days=800)).reason == "expired"
    assert unfit(pfx(made), at=NOW - timedelta(days=30)).reason == "not-yet-valid"


def test_that_a_file_without_a_key_is_no_help() -> None:
    bare = pkcs12.serialize_key_and_certificates(
        None, None, None, [load_der_x509_certificate(certificate().der)], BestAvailableEncryption(PASSWORD.reveal().encode())
    )
    assert unfit(bare).reason == "no-key"


def test_that_an_incomplete_chain_names_the_issuer_that_is_missing() -> None:
    error = unfit(pfx(certificate()), roots=(root().parsed,))
    assert error.reason == "chain-incomplete"
    assert "Contoso Issuing" in error.facts["issuer"]
    fitting_pfx(pfx(certificate(), issuing()), PASSWORD, NOW, roots=(root().parsed,))


def test_that_a_wrong_password_is_said_at_the_password_and_never_repeated() -> None:
    answers: dict[str, Given] = {FILE.id: pfx(certificate()), SECRET.id: Secret("CANARY-77")}
    error = wrong_answer(SECRET, answers[SECRET.id], answers, NOW)
    assert wrong_answer(FILE, answers[FILE.id], answers, NOW) is None
    assert error is not None
    assert error.facts["reason"] == "wrong-password"
    assert "CANARY" not in said(error) + repr(error.facts) + str(error)


def test_that_a_file_is_not_called_wrong_before_its_password_is_known() -> None:
    assert wrong_answer(FILE, pfx(certificate()), {}, NOW) is None
    assert wrong_answer(SECRET, PASSWORD, {}, NOW) is None


def test_that_what_is_no_pfx_at_all_is_said_at_once() -> None:
    error = wrong_answer(FILE, certificate().der, {}, NOW)
    assert error is not None
    assert error.facts["reason"] == "a-certificate"


def test_that_the_sentence_says_what_the_file_holds() -> None:
    answers: dict[str, Given] = {SECRET.id: PASSWORD}
    sentence = said(wrong_answer(FILE, pfx(certificate(-10)), answers, NOW))
    assert "another certificate" in sentence
    assert certificate(-10).parsed.thumbprint[:8] in sentence


def ask(words: str, kind: AskKind = AskKind.TEXT, **more: object) -> Ask:
    return replace(Ask(f"x.{words}", "x", kind, words), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "given", "why"),
    [
        (ask("request-authority"), "ca01", "authority-form"),
        (ask("request-authority"), "", "authority-form"),
        (ask("request-authority"), "ca01.contoso.lab\\Contoso Issuing CA 1", None),
        (ask("request-name", required=False), "x" * 101, "friendly-name"),
        (ask("request-name", required=False), "a\nb", "friendly-name"),
        (ask("request-name", required=False), "OAuth 2026", None),
        (ask("request-template", required=False), "Web Server", "template-name"),
        (ask("request-template", required=False), "", None),
        (ask("stage-effective", AskKind.MOMENT), "tomorrow", "not-a-moment"),
        (ask("stage-effective", AskKind.MOMENT), "2026-11-30T03:00:00", "not-a-moment"),
        (ask("stage-effective", AskKind.MOMENT), (NOW + timedelta(hours=23)).isoformat(), "too-soon"),
        (ask("stage-effective", AskKind.MOMENT), (NOW + timedelta(hours=25)).isoformat(), None),
        (ask("assign-thumbprint", choices=("AB" * 20,)), "ab " * 20, None),
        (ask("assign-thumbprint", choices=("AB" * 20,)), "CD" * 20, "other-choice"),
        (ask("request-way", AskKind.CHOICE, choices=("online", "offline")), "post", "other-choice"),
        (ask("request-way", AskKind.CHOICE, choices=("online", "offline")), "online", None),
    ],
)
def test_that_an_unfit_text_is_refused_with_its_reason(question: Ask, given: str, why: str | None) -> None:
    error = wrong_answer(question, given, {}, NOW)
    assert (error.facts["why"] if error else None) == why
    assert error is None or "?" not in said(error)


def test_that_the_authoritys_file_has_to_hold_a_certificate() -> None:
    question = Ask("request-oauth.answer", "request-oauth", AskKind.FILE, "request-answer")
    assert wrong_answer(question, certificate().der, {}, NOW) is None
    assert "no certificate" in said(wrong_answer(question, b"hello", {}, NOW))


def test_that_a_file_of_issuers_has_to_hold_one() -> None:
    question = Ask("install-chain.file", "install-chain", AskKind.FILE, "issuer-file")
    assert wrong_answer(question, issuing().der, {}, NOW) is None
    lonely = self_made(plan_leaf("x", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)), 3)
    error = wrong_answer(question, lonely.der, {}, NOW)
    assert error is not None
    assert error.facts["why"] == "no-issuer"
