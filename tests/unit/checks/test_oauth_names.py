"""Names of the certificate, and whether it is one of its own."""

import pytest

from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Severity, Verdict
from tests.builders.evidence import SERVER_USES, certificate, deployment, fields, found, server_certificate, store, stored, used, uses
from tests.unit.checks.examples_certificate import HOMES, assigned, made


def test_that_the_sip_domain_among_the_alternative_names_is_enough() -> None:
    leaf = made(subject="oauth", dns_names=("CONTOSO.lab",))
    assert assigned(leaf).finding("oauth-subject").words == "oauth-subject.pass"


def test_that_a_host_of_the_sip_domain_is_not_the_sip_domain() -> None:
    finding = deployment().assigned(certificate(subject="fe01.contoso.lab")).finding("oauth-subject")
    assert (finding.words, finding.severity) == ("oauth-subject.no-sip-domain", Severity.LOW)


def test_that_what_the_assignment_says_of_the_subject_will_do_where_no_store_was_read() -> None:
    blind = deployment().but(*HOMES, store=NotSeen("access-denied"))
    assert blind.finding("oauth-subject").words == "oauth-subject.pass"


def test_that_without_a_topology_nothing_is_said_of_the_name() -> None:
    finding = deployment().but(topology=NotSeen("access-denied")).finding("oauth-subject")
    assert (finding.verdict, finding.facts["reason"]) == (Verdict.UNKNOWN, "access-denied")


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (stored(certificate(-90, 200, 3), friendly_name=" oauth"), True),
        (stored(certificate(-900, -5, 3), friendly_name="OAuth"), False),
        (stored(certificate(-90, 200, 3), friendly_name="OAuth", has_private_key=False), False),
        (stored(certificate(-90, 200, 3), friendly_name="OAuth 2"), False),
    ],
)
def test_that_only_a_valid_rival_with_a_key_shares_the_friendly_name(other: object, shared: bool) -> None:
    ill = deployment().but("fe02", store=store(stored(certificate(), friendly_name="OAuth"), other))  # type: ignore[arg-type]
    assert (ill.finding("oauth-subject").words == "oauth-subject.friendly-name-shared") is shared


def test_that_certificates_without_a_friendly_name_share_none() -> None:
    bare = [fields(friendly_name="")(stored(one)) for one in (certificate(), certificate(-90, 200, 3))]
    assert deployment().but("fe02", store=store(*bare)).finding("oauth-subject").verdict is Verdict.PASS


def test_that_reuse_explains_the_wrong_name() -> None:
    judgement = deployment().assigned(server_certificate("fe01")).but("fe01", uses=uses("fe01", *SERVER_USES)).judged()
    assert found(judgement, "oauth-subject").because == ("oauth-dedicated@deployment",)
    assert found(judgement, "oauth-dedicated").facts["servers"] == ("fe01.contoso.lab",)


def test_that_its_own_use_is_no_reuse() -> None:
    said = (*uses("fe02", *SERVER_USES), used(certificate(), "OAuthTokenIssuer"))
    assert deployment().but("fe02", uses=said).finding("oauth-dedicated").verdict is Verdict.PASS


def test_that_one_server_that_tells_is_enough_to_look_and_none_is_not() -> None:
    some = deployment().but("fe02", "fe03", uses=NotSeen("access-denied")).finding("oauth-dedicated")
    assert (some.verdict, some.facts["servers_read"], some.facts["servers_needing"]) == (Verdict.PASS, 1, 3)
    none = deployment().but(uses=NotSeen("not-asked")).finding("oauth-dedicated")
    assert (none.verdict, none.facts["reason"]) == (Verdict.UNKNOWN, "not-asked")
