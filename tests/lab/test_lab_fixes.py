"""Repairs over real WinRM: they change the practice servers, arrive at their pace, and fail as real ones do."""

import base64
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from oauthcert.certs.key_pool import KeyPool
from oauthcert.lab.deployment import Deployment
from oauthcert.lab.machines import ProbeQuirk
from oauthcert.lab.practice import PracticeLab
from oauthcert.lab.scenarios import scenarios
from oauthcert.model.errors import RemoteError
from oauthcert.model.secret import Secret
from oauthcert.remote.failures import AnswerLost
from tests.lab.lab_fixes import PACE, assigned, call, done, facts, full

START = {"Name": "REPLICA", "ExpectedState": "Stopped", "ExpectedStartMode": "Auto", "StartMode": "", "Seconds": 30}


@pytest.fixture(scope="module")
def keys() -> KeyPool:
    return KeyPool()


@pytest.fixture
def stopped(keys: KeyPool) -> Iterator[PracticeLab]:
    with PracticeLab.open("replica-stopped", pace=PACE, keys=keys) as lab:
        yield lab


@pytest.fixture(scope="module")
def healthy(keys: KeyPool) -> Iterator[PracticeLab]:
    with PracticeLab.open("healthy-lync", pace=PACE, keys=keys) as lab:
        yield lab


def comes_true(what: Callable[[], bool], seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def up_to_date(lab: PracticeLab, server: str) -> bool:
    rows = facts(lab, "fe01", "Get-ReplicationFacts")[0]["replicas"]
    return bool(next(row["upToDate"] for row in rows if row["fqdn"] == full(server)))


def test_that_a_started_replica_catches_up_within_seconds(stopped: PracticeLab) -> None:
    assert not up_to_date(stopped, "fe02")
    assert done(stopped, "fe02", "Start-StoppedService", **START)["outcome"] == "changed"
    assert comes_true(lambda: up_to_date(stopped, "fe02"))
    assert comes_true(lambda: assigned(stopped, "fe02") == assigned(stopped, "fe01"))
    assert done(stopped, "fe02", "Start-StoppedService", **START)["outcome"] == "already"
    assert [(deed.server, deed.function, deed.what) for deed in stopped.deeds] == [
        ("fe02.contoso.lab", "Start-StoppedService", "REPLICA Running")
    ]


def test_that_secrets_reach_the_server_whole_and_the_package_goes_where_it_should(stopped: PracticeLab) -> None:
    exported = done(stopped, "fe01", "Export-MasterConfiguration")["after"]
    parts = [Secret(part) for part in exported["parts"]]
    loaded = done(stopped, "fe02", "Import-LocalConfiguration", Parts=parts, Sha256=exported["sha256"])
    assert loaded["outcome"] == "changed"
    assert comes_true(lambda: assigned(stopped, "fe02") == assigned(stopped, "fe01"))


def test_that_a_pfx_and_its_password_arrive(healthy: PracticeLab) -> None:
    thumbprint = assigned(healthy, "fe01")
    password = Secret("Schlüssel 🔑 $(pwd)")
    parts = [Secret(base64.b64encode(healthy.pfx(thumbprint, password)).decode())]
    arguments = {"Parts": parts, "Password": password, "Thumbprint": thumbprint}
    assert done(healthy, "fe02", "Import-OAuthPfx", **arguments)["outcome"] == "already"
    wrong = done(healthy, "edge01", "Import-OAuthPfx", **arguments | {"Password": Secret("Schlussel")})
    assert (wrong["outcome"], wrong["reason"]) == ("refused", "wrong-password")
    assert done(healthy, "edge01", "Import-OAuthPfx", **arguments)["outcome"] == "changed"


def test_that_a_request_is_answered_and_completed(healthy: PracticeLab) -> None:
    expected = {"ExpectedThumbprint": assigned(healthy, "fe02"), "CandidatesKnown": []}
    asked = done(healthy, "fe02", "New-OAuthSigningRequest", FriendlyName="next", KeySize=2048, **expected)["after"]
    answer = base64.b64encode(healthy.answer_request(asked["request"], chain=True)).decode()
    completed = done(healthy, "fe02", "Complete-OAuthSigningRequest", Answer=answer)["after"]
    assert completed["hasPrivateKey"] is True
    refused = done(healthy, "fe02", "New-OAuthSigningRequest", FriendlyName="again", KeySize=2048, **expected)
    assert (refused["reason"], refused["before"]["thumbprint"]) == ("requested-meanwhile", completed["thumbprint"])


def test_that_a_renewal_by_somebody_else_is_seen(healthy: PracticeLab) -> None:
    planned = assigned(healthy, "fe01")
    healthy.happens("oauth-renewed", full("fe01"))
    assert comes_true(lambda: assigned(healthy, "fe01") != planned)
    done_late = done(healthy, "fe01", "Set-OAuthAssignment", Thumbprint=planned, ExpectedThumbprint=planned)
    assert done_late["outcome"] in ("refused", "already")
    assert done_late["before"]["thumbprint"] != planned


def test_that_an_answer_lost_after_the_change_leaves_the_change_made_once(stopped: PracticeLab) -> None:
    stopped.disturb(full("fe02"), "Start-StoppedService", ProbeQuirk(dies=True, after=True, times=1))
    with pytest.raises(RemoteError):
        call(stopped, "fe02", "Start-StoppedService", **START)
    assert len(stopped.deeds) == 1
    assert done(stopped, "fe02", "Start-StoppedService", **START, Preview=True)["outcome"] == "already"
    assert len(stopped.deeds) == 1


@pytest.mark.parametrize(("after", "made"), [(True, 1), (False, 0)])
def test_that_a_connection_cut_around_the_change_is_lost_and_mended(stopped: PracticeLab, after: bool, made: int) -> None:
    stopped.disturb(full("fe02"), "Start-StoppedService", ProbeQuirk(cuts=True, after=after, times=1))
    with pytest.raises(AnswerLost):
        call(stopped, "fe02", "Start-StoppedService", **START)
    assert len(stopped.deeds) == made
    with pytest.raises(RemoteError):
        call(stopped, "fe02", "Get-SessionFacts")
    stopped.mend(full("fe02"))
    looked = done(stopped, "fe02", "Start-StoppedService", **START, Preview=True)
    assert looked["outcome"] == ("already" if made else "preview")


def test_that_a_change_that_hangs_ends_with_its_deadline(stopped: PracticeLab) -> None:
    for after, made in ((False, 0), (True, 1)):
        stopped.disturb(full("fe02"), "Start-StoppedService", ProbeQuirk(hangs=True, after=after, times=1))
        answer = call(stopped, "fe02", "Start-StoppedService", 0.3, **START)
        assert answer.fault is not None
        assert (answer.fault.id, len(stopped.deeds)) == ("ProbeDeadline", made)


def test_that_a_preview_is_not_disturbed_unless_it_is_meant(stopped: PracticeLab) -> None:
    stopped.disturb(full("fe02"), "Start-StoppedService", ProbeQuirk(throws="Broken", times=1))
    assert done(stopped, "fe02", "Start-StoppedService", **START, Preview=True)["outcome"] == "preview"
    assert call(stopped, "fe02", "Start-StoppedService", **START).fault is not None
    assert done(stopped, "fe02", "Start-StoppedService", **START)["outcome"] == "changed"


def test_that_something_can_be_done_between_two_calls_while_the_servers_run(stopped: PracticeLab) -> None:
    def disable(deployment: Deployment, now: datetime) -> None:
        deployment.machines[full("fe02")].services["REPLICA"].start_mode.set(now, "Disabled")

    stopped.meanwhile(disable)
    refused = done(stopped, "fe02", "Start-StoppedService", **START)
    assert (refused["outcome"], refused["reason"]) == ("refused", "changed-meanwhile")


def test_that_many_threads_change_and_look_without_disturbing_each_other(keys: KeyPool) -> None:
    with PracticeLab.open("healthy-lync", pace=PACE, keys=keys) as lab:
        wrong: list[BaseException] = []

        def work(server: str) -> None:
            try:
                for _ in range(4):
                    assert done(lab, "fe01", "Invoke-ConfigurationReplication", Replicas=[full(server)])["outcome"] == "changed"
                    lab.meanwhile(lambda deployment, now: deployment.change(now, "policy"))
                    assert facts(lab, server, "Get-ReplicaFacts")[0]["passed"] is True
            except BaseException as error:
                wrong.append(error)

        threads = [threading.Thread(target=work, args=(name,)) for name in ("fe01", "fe02", "edge01", "fe02")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert wrong == []
        assert len([deed for deed in lab.deeds if deed.function == "Invoke-ConfigurationReplication"]) == 16


BY_HAND = [
    ("server-unreachable", "enable-winrm"),
    ("not-winrm", "enable-winrm"),
    ("clock-off-7-minutes", "sync-time-by-hand"),
]


@pytest.mark.parametrize(("scenario", "fix"), BY_HAND)
def test_that_a_person_makes_a_server_reachable(scenario: str, fix: str, keys: KeyPool) -> None:
    with PracticeLab.open(scenario, pace=PACE, keys=keys) as lab:
        before = {target.name: _answers(lab, target.name) for target in lab.targets}
        deaf = [name for name, heard in before.items() if not heard]
        assert deaf
        for name in deaf:
            lab.by_hand(fix, name)
        assert all(_answers(lab, target.name) for target in lab.targets)
        assert [deed.function for deed in lab.deeds] == [f"by-hand:{fix}"] * len(deaf)


def _answers(lab: PracticeLab, server: str) -> bool:
    try:
        return call(lab, server, "Get-SessionFacts").ok
    except RemoteError:
        return False


def test_that_a_person_gives_rights_the_second_hop_and_the_way_to_the_edge(keys: KeyPool) -> None:
    with PracticeLab.open("helpdesk-view-only", pace=PACE, keys=keys) as lab:
        assert not call(lab, "fe01", "Get-OAuthAssignment").ok
        for target in lab.targets:
            lab.by_hand("join-groups", target.name)
        assert call(lab, "fe01", "Get-OAuthAssignment").ok
    with PracticeLab.open("second-hop-denied", pace=PACE, keys=keys) as lab:
        assert not call(lab, "fe01", "Get-ReplicationFacts").ok
        lab.by_hand("allow-second-hop", full("fe01"))
        assert call(lab, "fe01", "Get-ReplicationFacts").ok
    with PracticeLab.open("edge-never-reported", pace=PACE, keys=keys) as lab:
        assert not up_to_date(lab, "edge01")
        lab.by_hand("open-replication-port", full("edge01"))
        assert comes_true(lambda: up_to_date(lab, "edge01"))


def test_that_what_people_do_is_known_by_name(healthy: PracticeLab) -> None:
    for fix, server in (("paint-it-green", full("fe01")), ("enable-winrm", "nowhere.contoso.lab")):
        with pytest.raises(KeyError):
            healthy.by_hand(fix, server)
    with pytest.raises(KeyError):
        healthy.happens("earthquake", full("fe01"))


def test_that_a_scenario_looks_as_before_at_any_pace() -> None:
    assert scenarios()
    with PracticeLab.open("first-deployment", pace=1000) as lab:
        before = {target.name: assigned(lab, target.name) for target in lab.targets if target.name.startswith("fe")}
        time.sleep(0.5)
        assert {name: assigned(lab, name) for name in before} == before
