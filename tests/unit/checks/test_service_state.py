"""Step 4: what the services and their events say together."""

from datetime import timedelta

import pytest

from oauthcert.checks.serials import reversed_serial
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from oauthcert.model.server_evidence import InstalledProduct, ServiceSeen
from tests.builders.evidence import NOW, certificate, deployment, fields, found
from tests.builders.product import platform
from tests.unit.checks.examples_product import gone, incident, stopped

CHECK = "services-started"


def test_that_a_serial_number_is_shown_both_ways_with_the_certificate_it_names() -> None:
    serial = certificate().parsed.serial
    printed = reversed_serial(serial)
    ill = deployment().but("fe02", services=stopped("RTCSRV"), incidents=(incident(14694, f"cannot use {printed} here"),))
    facts = ill.finding(CHECK, "fe02").facts
    assert facts["serial_printed"] == printed
    assert str(facts["serial_turned_round"]).lstrip("0") == serial.lstrip("0").upper()
    assert facts["certificate_thumbprint"] == certificate().parsed.thumbprint


def test_that_an_event_without_any_number_is_told_all_the_same() -> None:
    ill = deployment().but("fe02", services=stopped("RTCSRV"), incidents=(incident(14397, "cannot use a certificate"),))
    finding = ill.finding(CHECK, "fe02")
    assert finding.words == f"{CHECK}.certificate-refused"
    assert (finding.facts["serial_printed"], finding.facts["certificate"]) == ("", "")


def test_that_an_old_event_accuses_nobody_while_the_services_run() -> None:
    assert deployment().but("fe02", incidents=(incident(32178), incident(14397))).finding(CHECK, "fe02").verdict is Verdict.PASS


def test_that_an_event_from_before_the_restart_is_not_the_reason() -> None:
    ill = deployment().but("fe02", services=stopped("RTCSRV"), incidents=(incident(32178),), platform=platform(NOW - timedelta(hours=1)))
    assert ill.finding(CHECK, "fe02").words == f"{CHECK}.stopped"


def test_that_the_event_that_says_most_is_taken() -> None:
    events = (incident(32174), incident(12330), incident(32178))
    ill = deployment().but("fe02", services=stopped("RTCSRV"), incidents=events)
    assert ill.finding(CHECK, "fe02").facts["event_id"] == 32178


def test_that_the_same_number_of_another_log_means_nothing() -> None:
    ill = deployment().but("fe02", services=stopped("RTCSRV"), incidents=(incident(32178, log="System"),))
    assert ill.finding(CHECK, "fe02").words == f"{CHECK}.stopped"


def test_that_tls_errors_beside_the_waiting_are_counted() -> None:
    events = (incident(32174), *(incident(36888, log="System", provider="Schannel") for _ in range(3)))
    assert deployment().but("fe02", services=stopped("RTCSRV"), incidents=events).finding(CHECK, "fe02").facts["schannel_errors"] == 3


def test_that_services_have_their_time_after_a_start_of_windows_and_no_more() -> None:
    ill = deployment().but("fe02", services=stopped("RTCSRV"), platform=platform(NOW - timedelta(minutes=30)))
    assert ill.finding(CHECK, "fe02").verdict is Verdict.FAIL
    assert ill.finding(CHECK, "fe02", start_minutes=45).words == f"{CHECK}.still-starting"


def test_that_a_disabled_service_is_not_waited_for() -> None:
    ill = deployment().but("fe02", services=stopped("RTCSRV", start_mode="Disabled"), platform=platform(NOW - timedelta(minutes=2)))
    assert ill.finding(CHECK, "fe02").words == f"{CHECK}.disabled"


def test_that_a_service_somebody_switched_off_on_purpose_is_no_fault() -> None:
    optional = lambda seen: (*seen, ServiceSeen("RTCRGS", "Response Group", "Stopped", "Disabled"))  # noqa: E731
    finding = deployment().but("fe02", services=optional).finding(CHECK, "fe02")
    assert (finding.verdict, finding.facts["resting_services"]) == (Verdict.PASS, ("RTCRGS",))


@pytest.mark.parametrize(
    ("product", "version", "verdict"),
    [
        ("Microsoft Lync Server 2013, Core Components", "5.0.8308.1198", Verdict.WARN),
        ("Skype for Business Server 2015, Core Components", "6.0.9319.886", Verdict.WARN),
        ("Skype for Business Server 2019, Core Components", "7.0.2046.583", Verdict.PASS),
        ("Skype for Business Server Subscription Edition, Core Components", "7.0.2046.889", Verdict.PASS),
    ],
)
def test_that_the_xmpp_gateway_counts_only_where_the_version_has_one(product: str, version: str, verdict: Verdict) -> None:
    gateway = lambda seen: (*seen, ServiceSeen("RTCXMPPTGW", "XMPP", "Stopped", "Auto"))  # noqa: E731
    installed = fields(products=(InstalledProduct(product, version, "Microsoft"),))
    assert deployment().but("fe02", services=gateway, product=installed).finding(CHECK, "fe02").verdict is verdict


def test_that_step_one_and_the_cms_keep_their_own_services() -> None:
    ill = deployment().but("fe01", services=stopped("MASTER", "FTA", "REPLICA", "MSSQL$RTCLOCAL"))
    assert ill.finding(CHECK, "fe01").verdict is Verdict.PASS


def test_that_the_front_end_waits_for_step_three_and_the_web_server_for_nobody() -> None:
    ill = deployment().but("fe02", services=stopped("RTCSRV")).without()
    lacking = ill.but("fe02", store=fields(my=(), my_count=0))
    assert f"oauth-in-store@{'fe02.contoso.lab'}" in found(lacking.judged(), CHECK, "fe02").because
    web = deployment().but("fe02", services=stopped("W3SVC"), store=fields(my=(), my_count=0))
    assert found(web.judged(), CHECK, "fe02").because == ()


def test_that_missing_components_explain_that_there_is_nothing_to_start() -> None:
    ill = deployment().but("fe02", services=gone("RTCSRV"))
    assert found(ill.judged(), CHECK, "fe02").because == ("components-installed@fe02.contoso.lab",)


def test_that_unseen_events_take_nothing_from_the_verdict() -> None:
    ill = deployment().but("fe02", services=stopped("RTCSRV"), incidents=NotSeen("access-denied"), platform=NotSeen("not-asked"))
    assert ill.finding(CHECK, "fe02").words == f"{CHECK}.stopped"
