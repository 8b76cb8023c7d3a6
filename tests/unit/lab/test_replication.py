"""The mechanics: a change travels from the Central Management Store to the replicas, or waits for what it needs."""

from datetime import timedelta

import pytest

from oauthcert.lab.machines import StoreName
from tests.unit.lab.conftest import Asker, Make, ago

RENEWED = '[[faults]]\nfault = "oauth-renewed"\nservers = ["fe01.contoso.lab"]\nat = "20h ago"\n'
ASSIGNED = ago(hours=20) + timedelta(seconds=30)


def stopped(service: str, server: str, at: str) -> str:
    return f'[[faults]]\nfault = "service-stopped"\nservers = ["{server}.contoso.lab"]\nservice = "{service}"\nat = "{at}"\n'


def started(service: str, server: str, at: str) -> str:
    return stopped(service, server, at).replace("service-stopped", "service-started")


def thumbprints(lab: Asker, server: str, seconds_after: float) -> str:
    (assignment,) = lab.all(server, "Get-OAuthAssignment", ASSIGNED + timedelta(seconds=seconds_after))
    return str(assignment["thumbprint"])


def test_that_a_renewal_arrives_everywhere_within_two_to_four_minutes(make: Make) -> None:
    lab = Asker(make(RENEWED))
    old, new = thumbprints(lab, "fe02", 0), thumbprints(lab, "fe02", 3600)
    assert old != new
    assert thumbprints(lab, "fe02", 119) == old
    assert thumbprints(lab, "fe02", 300) == new
    assert thumbprints(lab, "fe01", 60) == new
    events = lab.all("fe02", "Get-ReplicationEvents")
    assert events[0]["id"] == 3038
    assert "2026-11-20T16:02" <= events[0]["time"] <= "2026-11-20T16:05"


def test_that_the_row_says_so_before_and_after_it_arrived(make: Make) -> None:
    lab = Asker(make(RENEWED))
    before = lab.row("fe02", ASSIGNED + timedelta(seconds=60))
    assert before["upToDate"] is False
    assert before["lastUpdateCreation"] > before["lastStatusReport"]
    after = lab.row("fe02", ASSIGNED + timedelta(seconds=300))
    assert after["upToDate"] is True
    assert after["lastStatusReport"] > after["lastUpdateCreation"]


def test_that_the_certificate_comes_with_its_key_shortly_after_the_configuration(make: Make) -> None:
    lab = Asker(make(RENEWED))
    deployment, machine = lab.deployment, lab.at("fe02").machine
    new = lab.one("fe02", "Get-OAuthAssignment")["thumbprint"]
    delivered = next(d for d in deployment.deliveries_to(machine) if d.change.when == ASSIGNED)
    assert delivered.arrived is not None
    at_arrival = delivered.arrived + timedelta(seconds=1)
    assert [p.certificate.thumbprint for p in deployment.certificates(machine, StoreName.MY, at_arrival)].count(new) == 0
    assert lab.one("fe02", "Get-OAuthAssignment", at_arrival)["notFoundOrUntrusted"] is True
    installed = deployment.certificates(machine, StoreName.MY, delivered.arrived + timedelta(seconds=30))
    assert next(p for p in installed if p.certificate.thumbprint == new).key is not None


def test_that_a_stopped_replica_keeps_the_old_certificate_until_it_runs_again(make: Make) -> None:
    lab = Asker(make(RENEWED + stopped("REPLICA", "fe02", "23h ago") + started("REPLICA", "fe02", "1h ago")))
    old, new = lab.one("fe02", "Get-OAuthAssignment", ago(hours=2)), lab.one("fe02", "Get-OAuthAssignment")
    assert old["updateTime"] < "2026-06" < new["updateTime"]
    assert lab.row("fe02", ago(hours=2))["upToDate"] is False
    assert lab.row("fe02")["upToDate"] is True
    assert lab.one("fe02", "Get-ReplicaFacts", ago(hours=2)) == {
        "passed": False,
        "problems": ['The service "Skype for Business Server Replica Replicator Agent" is not running.'],
    }


@pytest.mark.parametrize("service", ["MASTER", "FTA"])
def test_that_nothing_travels_while_the_central_services_do_not_run(make: Make, service: str) -> None:
    lab = Asker(make(RENEWED + stopped(service, "fe01", "21h ago")))
    for server in ("fe01", "fe02"):
        assert lab.one(server, "Get-OAuthAssignment")["updateTime"] < "2026-06"
    for replica in ("fe01", "fe02", "edge01"):
        row = lab.row(replica)
        assert row["upToDate"] is False
        assert (row["lastUpdateCreation"] > "2026-11-20") is (service == "FTA")


def test_that_a_transfer_that_does_not_end_in_time_starts_again(make: Make) -> None:
    more = RENEWED + stopped("FTA", "fe01", "19h58m30s ago") + started("FTA", "fe01", "10h ago")
    lab = Asker(make(more))
    assert lab.row("fe01", ago(hours=15))["upToDate"] is True
    assert lab.row("fe02", ago(hours=15))["upToDate"] is False
    assert lab.row("fe02", ago(hours=9))["upToDate"] is True


def test_that_heartbeats_stop_with_the_services(make: Make) -> None:
    lab = Asker(make(stopped("MASTER", "fe01", "3h ago") + stopped("FTA", "fe01", "2h ago")))
    assert lab.one("fe01", "Get-ReplicationFacts")["lastHeartbeat"].startswith("2026-11-21T09:59:53")
    assert lab.one("fe01", "Get-ReplicationFacts", ago(hours=4))["lastHeartbeat"] == "2026-11-21T08:00:00.0000000Z"


def test_that_an_edge_behind_a_closed_port_never_reports_and_the_transfer_agent_complains(make: Make) -> None:
    lab = Asker(make('[[faults]]\nfault = "port-closed"\nservers = ["edge01.contoso.lab"]\n'))
    row = lab.row("edge01")
    assert (row["upToDate"], row["lastStatusReport"], row["productVersion"]) == (False, None, None)
    port = next(one for one in lab.all("fe01", "Test-ReplicaTransport") if one["replica"] == "edge01.contoso.lab")
    assert port == {"replica": "edge01.contoso.lab", "port": 4443, "open": False, "error": "TimedOut", "milliseconds": 3004}
    events = lab.all("fe01", "Get-ReplicationEvents")
    assert len(events) == 61
    assert {event["id"] for event in events[:60]} == {1017}
    assert "edge01.contoso.lab" in events[0]["message"]
    assert events[60]["id"] == 3038
    assert lab.all("edge01", "Get-ReplicationEvents") == []


def test_that_on_an_edge_the_replica_service_itself_listens(make: Make) -> None:
    more = stopped("REPLICA", "edge01", "5d ago") + stopped("REPLICA", "fe02", "5d ago")
    lab = Asker(make(more))
    ports = {one["replica"]: (one["port"], one["open"], one["error"]) for one in lab.all("fe01", "Test-ReplicaTransport")}
    assert ports == {"fe02.contoso.lab": (445, True, None), "edge01.contoso.lab": (4443, False, "ConnectionRefused")}


def test_that_only_a_server_with_the_master_service_is_asked(make: Make) -> None:
    lab = Asker(make())
    facts = lab.one("fe02", "Get-ReplicationFacts")
    assert (facts["asked"], facts["why"], facts["replicas"]) == (False, "no-master-service", [])
    assert lab.all("fe02", "Test-ReplicaTransport") == []


def test_that_the_same_lab_tells_the_same_story_at_every_look(make: Make) -> None:
    first, second = Asker(make(RENEWED)), Asker(make(RENEWED))
    for function in ("Get-ReplicationFacts", "Get-ReplicationEvents", "Test-ReplicaTransport"):
        assert first.all("fe01", function) == first.all("fe01", function) == second.all("fe01", function)
