"""Transport: whom a failed delivery was for, and when it is over."""

from datetime import timedelta

import pytest

from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from oauthcert.model.server_evidence import TransportSeen
from tests.builders.evidence import NOW, Deployment, deployment, event, found, fqdn, services
from tests.unit.checks.examples_step_1 import port_closed


def logged(message: str, number: int = 1034, minutes_ago: float = 1) -> Deployment:
    return deployment().but("fe01", events=(event(number, NOW - timedelta(minutes=minutes_ago), message),))


@pytest.mark.parametrize(
    ("message", "accused"),
    [
        (r"Cannot copy to \\FE02.contoso.lab\xds-replica\from-master\data.zip", "fe02"),
        (r"Zugriff verweigert: \\fe02\xds-replica", "fe02"),
        ("https://edge01.contoso.lab:4443/ReplicationWebService is not available", "edge01"),
        ("Replication of the file store failed.", "fe01"),
        ("fe02 was mentioned without being the host of anything", "fe01"),
        (r"From fe01.contoso.lab to \\fe03.contoso.lab\xds-replica", "fe03"),
    ],
)
def test_that_a_failed_delivery_is_charged_to_whom_it_was_for(message: str, accused: str) -> None:
    judgement = logged(message).judged()

    failed = {f.server for f in judgement.findings if f.check == "replication-transport" and f.verdict is Verdict.FAIL}
    assert failed == {fqdn(accused)}


def test_that_a_delivery_to_a_server_nobody_looked_at_is_charged_to_nobody() -> None:
    judgement = logged(r"Cannot copy to \\med01.contoso.lab\xds-replica").judged()

    assert not [f for f in judgement.findings if f.check == "replication-transport" and f.verdict is Verdict.FAIL]


def test_that_a_failure_before_the_last_good_report_is_over() -> None:
    past = logged(r"\\fe02.contoso.lab\xds-replica", minutes_ago=4)
    assert past.finding("replication-transport", "fe02").verdict is Verdict.PASS

    lasting = past.row("fe02", up_to_date=False)
    assert lasting.finding("replication-transport", "fe02").verdict is Verdict.FAIL


def test_that_the_latest_failure_is_told() -> None:
    twice = deployment().but(
        "fe01",
        events=(
            event(1017, NOW - timedelta(seconds=30), r"failed: \\fe02.contoso.lab\x"),
            event(1034, NOW - timedelta(seconds=90), r"failed: \\fe02.contoso.lab\x"),
        ),
    )

    assert twice.finding("replication-transport", "fe02").words == "replication-transport.transfer-failed"


def test_that_an_event_nobody_knows_the_meaning_of_is_not_interpreted() -> None:
    assert logged(r"\\fe02.contoso.lab\x", number=1046).finding("replication-transport", "fe02").verdict is Verdict.PASS


def test_that_a_closed_port_is_known_although_the_events_are_not() -> None:
    ill = deployment().but("fe01", transport=port_closed, events=NotSeen("access-denied"))

    assert ill.finding("replication-transport", "fe02").words == "replication-transport.port-closed"
    assert ill.finding("replication-transport", "fe03").verdict is Verdict.UNKNOWN


def test_that_an_untested_way_is_unknown() -> None:
    untested = deployment().but("fe01", transport=())

    assert untested.finding("replication-transport", "fe02").facts["reason"] == "not-tested"


def test_that_a_stopped_replica_service_explains_the_closed_port_of_an_edge_server_only() -> None:
    def closed(seen: tuple[TransportSeen, ...]) -> tuple[TransportSeen, ...]:
        return tuple(TransportSeen(t.replica, t.port, False, "refused", 1) for t in seen)

    judgement = deployment().but("fe01", transport=closed).but("fe02", "edge01", services=services("REPLICA", state="Stopped")).judged()

    assert found(judgement, "replication-transport", "edge01").because == ("replica-service@edge01.contoso.lab",)
    assert found(judgement, "replication-transport", "fe02").because == ()
