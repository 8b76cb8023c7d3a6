"""What servers publish to partners."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oauthcert.model.finding import Verdict
from oauthcert.model.server_evidence import TopologySeen
from tests.builders.evidence import NOW, assignment, certificate, deployment, found, fqdn, store
from tests.builders.product import metadata
from tests.unit.checks.examples_product import OLD_PRINT, renewed, stopped
from tests.unit.checks.examples_step_1 import OLD, just_assigned

CHECK = "metadata-published"


def test_that_one_stale_server_is_named_with_the_right_ones_of_its_own_pool() -> None:
    finding = renewed().finding(CHECK, "fe02")
    assert finding.words == f"{CHECK}.old-certificate"
    assert finding.facts["servers_right"] == (fqdn("fe03"),)
    assert finding.fixes[0] == "recycle-web-app"


def test_that_two_published_certificates_are_fine_while_one_replaces_the_other() -> None:
    both = metadata(fqdn("fe02"), OLD_PRINT, certificate().parsed.thumbprint)
    assert deployment().but("fe02", metadata=both).finding(CHECK, "fe02").verdict is Verdict.PASS


@pytest.mark.parametrize(("minutes", "verdict"), [(2, Verdict.WARN), (59, Verdict.WARN), (61, Verdict.FAIL)])
def test_that_a_web_site_has_an_hour(minutes: float, verdict: Verdict) -> None:
    assert just_assigned(minutes).finding(CHECK, "fe02").verdict is verdict


def test_that_the_hour_is_a_setting() -> None:
    assert just_assigned(30).finding(CHECK, "fe02", publish_minutes=10).verdict is Verdict.FAIL


def test_that_a_local_store_that_lags_explains_what_is_published() -> None:
    judgement = just_assigned(61).but("fe02", oauth=(assignment(certificate(*OLD)),)).judged()
    (cause,) = [one for one in judgement.causes if f"{CHECK}@fe02.contoso.lab" in one.explains]
    assert "local-store-current@fe02.contoso.lab" in cause.explains


def test_that_a_certificate_that_is_not_installed_explains_it_too() -> None:
    ill = renewed().but("fe02", store=store())
    assert found(ill.judged(), CHECK, "fe02").because == ("oauth-in-store@fe02.contoso.lab",)


def test_that_a_stopped_web_server_explains_the_silence_and_another_service_does_not() -> None:
    silent = metadata(fqdn("fe02"), problem="ConnectionRefused", status=None, readable=False)
    web = deployment().but("fe02", metadata=silent, services=stopped("W3SVC"))
    assert found(web.judged(), CHECK, "fe02").because == ("services-started@fe02.contoso.lab",)
    other = deployment().but("fe02", metadata=silent, services=stopped("RTCSRV"))
    assert found(other.judged(), CHECK, "fe02").because == ()


def test_that_a_tls_problem_is_not_called_a_server_that_is_down() -> None:
    closed = metadata(fqdn("fe02"), problem="TlsFailed", status=None, readable=False, message="no common algorithm")
    finding = deployment().but("fe02", metadata=closed).finding(CHECK, "fe02")
    assert (finding.words, finding.facts["message"]) == (f"{CHECK}.tls-failed", "no common algorithm")


def test_that_a_role_without_web_services_publishes_nothing() -> None:
    def topology(seen: TopologySeen) -> TopologySeen:
        return replace(seen, services=tuple(one for one in seen.services if one.role != "WebServices"))

    finding = deployment().but(topology=topology).finding(CHECK, "fe02")
    assert (finding.verdict, finding.facts["why"]) == (Verdict.NOT_APPLICABLE, "no-web-services")


def test_that_the_cause_of_several_stale_servers_is_one_each_and_costs_little() -> None:
    many = deployment()
    for number in range(10, 60):
        many = many.with_server(f"fe{number}", metadata=metadata(fqdn(f"fe{number}"), OLD_PRINT))
    judged = many.seen_at(NOW + timedelta(hours=1)).judged()
    assert sum(finding.check == CHECK and finding.verdict is Verdict.FAIL for finding in judged.findings) == 50
