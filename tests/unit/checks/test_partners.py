"""The partnership with Exchange: configuration, what Exchange answers, what the events say."""

import pytest

from oauthcert.checks.partner_challenge import error_category, realms_of_lync, trusted_issuers
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from tests.builders.evidence import deployment, found
from tests.builders.product import EXCHANGE, LYNC, NO_PARTNER, challenge, partner, partners
from tests.unit.checks.examples_product import incident, renewed

CHECK = "partner-exchange"


def test_that_issuers_are_read_from_the_challenge_however_it_is_written() -> None:
    header = f'Bearer client_id="{EXCHANGE}",TRUSTED_ISSUERS = "{LYNC.upper()}@Contoso.LAB , {EXCHANGE}@*", error="invalid_token"'
    assert trusted_issuers(header) == (f"{LYNC}@contoso.lab", f"{EXCHANGE}@*")
    assert realms_of_lync(trusted_issuers(header)) == ("contoso.lab",)
    assert trusted_issuers("Negotiate") == trusted_issuers("") == ()


def test_that_the_category_is_found_in_diagnostics_and_in_events() -> None:
    assert error_category(None, 'x;error_category="Invalid_Tenant"') == "invalid_tenant"
    assert error_category(None, "", "nothing of the kind") == ""


@pytest.mark.parametrize(
    ("issuer", "verdict"),
    [
        (f"{LYNC}@contoso.lab", Verdict.PASS),
        (f"{LYNC.upper()}@CONTOSO.LAB", Verdict.PASS),
        (f"{LYNC}@*", Verdict.PASS),
        (f"{LYNC}@contoso.lab.example", Verdict.FAIL),
        (f"{EXCHANGE}@contoso.lab", Verdict.FAIL),
    ],
)
def test_that_only_our_own_realm_or_any_is_ours(issuer: str, verdict: Verdict) -> None:
    assert deployment().but("fe01", partners=partners(challenge=challenge(issuer))).finding(CHECK).verdict is verdict


def test_that_a_realm_that_was_set_goes_before_the_sip_domain() -> None:
    told = partners(realm="fabrikam.lab", challenge=challenge(f"{LYNC}@fabrikam.lab"))
    assert deployment().but("fe01", partners=told).finding(CHECK).verdict is Verdict.PASS


def test_that_one_server_that_cannot_reach_exchange_is_named() -> None:
    good, cut = partners(), partners(challenge=challenge(problem="TimedOut", status=None, authenticate=None))
    finding = deployment().but("fe01", "fe02", partners=good).but("fe03", partners=cut).finding(CHECK)
    assert (finding.words, finding.facts["servers"]) == (f"{CHECK}.unreachable", ("fe03.contoso.lab",))


def test_that_an_edge_server_need_not_reach_exchange() -> None:
    cut = partners(challenge=challenge(problem="TimedOut", status=None, authenticate=None))
    ill = deployment().but("fe01", "fe02", "fe03", partners=partners()).but("edge01", partners=cut)
    assert ill.finding(CHECK).verdict is Verdict.PASS


def test_that_the_management_server_tells_the_configuration() -> None:
    assert deployment().but("fe02", partners=partners()).finding(CHECK).facts["why"] == "no-exchange-partner"
    assert deployment().but("fe01", partners=NotSeen("unreadable")).but("fe02", partners=NO_PARTNER).finding(CHECK).verdict is (
        Verdict.NOT_APPLICABLE
    )


def test_that_other_partners_are_not_exchange() -> None:
    other = partners(partners=(partner(application_identifier="00000003-0000-0ff1-ce00-000000000000"),))
    assert deployment().but("fe01", partners=other).finding(CHECK).verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("url", ["http://a.lab/autodiscover/autodiscover.svc", "https://a.lab/ews/exchange.asmx", "autodiscover.svc"])
def test_that_only_https_and_the_service_itself_is_an_address(url: str) -> None:
    told = partners(exchange_autodiscover_url=url, challenge=None)
    assert deployment().but("fe01", partners=told).finding(CHECK).words == f"{CHECK}.wrong-address"


def test_that_a_stale_server_explains_what_exchange_refused() -> None:
    ill = renewed().but("fe01", partners=partners()).but("fe03", incidents=(incident(32054, "401", provider="LS Storage Service"),))
    assert found(ill.judged(), CHECK).because == ("metadata-published@fe02.contoso.lab",)


def test_that_a_case_of_an_earlier_version_is_unknown_and_accuses_nobody() -> None:
    old = deployment().but(platform=NotSeen("not-asked"), metadata=NotSeen("not-asked"), partners=NotSeen("not-asked"))
    judgement = old.but(incidents=NotSeen("not-asked")).judged()
    assert judgement.causes == ()
    assert {f.check for f in judgement.findings if f.verdict is Verdict.UNKNOWN} == {"metadata-published", CHECK}
