"""Every failure's text finds the facts it needs, whichever way the failure came about."""

import re
import tomllib

import pytest

from oauthcert import assets
from oauthcert.model.errors import RemoteError
from oauthcert.remote import failures
from oauthcert.remote.translation import not_wsman, status_failure
from oauthcert.remote.trust import certificate_facts

KINDS = [kind for group in (failures.ReachFailure, failures.SignInFailure, failures.SessionFailure) for kind in group.__subclasses__()]
REASONS = tomllib.loads(assets.text("words/en/reasons.toml"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.words)
def test_that_every_reason_has_its_words(kind: type[RemoteError]) -> None:
    assert REASONS[kind.words]["title"]
    assert kind.__doc__ or kind.words.startswith(("account-", "password-"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.words)
def test_that_no_kind_s_text_asks_for_a_fact_its_docstring_does_not_name(kind: type[RemoteError]) -> None:
    wanted = set(re.findall(r"{(\w+)}", " ".join(REASONS[kind.words].values())))
    assert wanted <= set(re.findall(r"\w+", kind.__doc__ or ""))


def test_that_what_the_texts_need_is_there_even_when_nothing_is_known() -> None:
    assert {"sha256", "subject", "issuer"} <= set(certificate_facts(None))
    assert {"sha256", "subject", "issuer"} <= set(certificate_facts(b"no certificate"))
    assert not_wsman("no-http").facts["status"]
    assert {"code", "message"} <= set(status_failure(400).facts)
    assert failures.CertificateFile("why", file="a.pem").facts == {"file": "a.pem", "detail": "why"}


def test_that_reasons_are_the_ids_of_the_words() -> None:
    assert failures.Refused().reason == "refused"
    assert len({kind.words for kind in KINDS}) == len(KINDS)
