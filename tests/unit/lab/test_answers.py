"""What the probes answer has the shape the scripts print, and the cmdlets tell the same story."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from oauthcert.certs.certificate import read_certificate
from oauthcert.certs.issuing import KeyPool
from oauthcert.collect.evidence import evidence_of
from oauthcert.collect.probes import PROBES
from oauthcert.lab.answers import FUNCTIONS
from oauthcert.lab.authority import LabAuthority
from oauthcert.lab.building import build
from oauthcert.lab.errors import ErrorRecord
from oauthcert.lab.scenario_file import read_scenario
from oauthcert.lab.scenarios import load_scenario, scenario_ids
from oauthcert.lab.stamps import utc
from oauthcert.lab.topology import ROLES, TOPOLOGY
from oauthcert.model.evidence import NotSeen, Observation, ReachSeen, Seen, SignInSeen
from oauthcert.model.target import Target
from oauthcert.remote.wire import FrameReader, answer_of, encode_frame
from tests.unit.lab.conftest import HEAD, NOW, Asker, Make

EXPECTED_FAULTS = {
    "helpdesk-view-only": {"access-denied"},
    "second-hop-denied": {"second-hop"},
    "large-200": {"access-denied"},
}


def observed(lab: Asker, server: str) -> Observation:
    """As it comes out of the other end of the wire."""
    reader, answers = FrameReader(), {}
    for probe in PROBES:
        found = lab.raw(server, probe.function, None, **dict(probe.arguments))
        frame = {"probe": probe.id, "ok": isinstance(found, list), "value": found if isinstance(found, list) else []}
        if isinstance(found, ErrorRecord):
            frame["fault"] = found.as_json()
        (arrived,) = reader.feed(encode_frame(frame))
        answers[probe.id] = answer_of(arrived)
    name = f"{server}.contoso.lab"
    reach, sign_in = ReachSeen("127.0.0.1", 5985, "http"), SignInSeen("CONTOSO\\admin", "ntlm")
    return Observation(name, Seen(reach), Seen(sign_in), NotSeen("none"), answers)


def test_that_there_is_an_answer_for_every_probe_and_no_other() -> None:
    assert set(FUNCTIONS) == {probe.function for probe in PROBES}


@pytest.mark.parametrize("scenario_id", [one for one in scenario_ids() if one != "large-200"])
def test_that_every_answer_is_readable_or_refused_for_the_reason_of_the_scenario(scenario_id: str, keys: KeyPool) -> None:
    plan = load_scenario(scenario_id)
    lab = Asker(build(plan, NOW, LabAuthority(plan.sip_domain, NOW, keys)))
    for server in plan.looked_at():
        evidence = evidence_of(observed(lab, server.name.split(".")[0]), Target(server.name))
        for probe in PROBES:
            part = getattr(evidence, probe.id)
            if isinstance(part, NotSeen):
                assert part.reason in EXPECTED_FAULTS.get(scenario_id, set()), (server.name, probe.id, part)


def test_that_certificates_are_real_and_chain_to_the_root_of_the_lab(make: Make) -> None:
    lab = Asker(make())
    store = evidence_of(observed(lab, "fe02"), Target("fe02.contoso.lab")).store
    assert isinstance(store, Seen)
    by_subject = {read_certificate(one.der).subject: read_certificate(one.der) for one in (*store.value.intermediate, *store.value.root)}
    assert len(by_subject) == 2
    for one in store.value.my:
        leaf = read_certificate(one.der)
        assert leaf.thumbprint == one.thumbprint
        assert leaf.key_bits == 2048
        assert leaf.signature_hash == "sha256"
        root = by_subject[by_subject[leaf.issuer].issuer]
        assert root.self_signed
    oauth = lab.one("fe02", "Get-OAuthAssignment")
    assert oauth["subject"] == "CN=contoso.lab"
    assert oauth["notBefore"] < oauth["updateTime"] < oauth["notAfter"]


def test_that_a_server_without_the_product_knows_none_of_its_cmdlets() -> None:
    text = HEAD.replace("servers = [", 'servers = [\n    { name = "sql01.contoso.lab", role = "sql" },')
    lab = Asker(build(read_scenario(text, "sql.toml"), NOW))
    assert lab.one("sql01", "Get-ProductFacts")["products"] == []
    assert lab.one("sql01", "Import-ProductModule") == {"name": None, "version": None, "path": None, "by": None}
    for function in ("Get-TopologyFacts", "Get-ReplicaFacts", "Get-OAuthAssignment"):
        missing = lab.raw("sql01", function)
        assert isinstance(missing, ErrorRecord)
        assert missing.id == "CommandNotFoundException"
    assert lab.one("sql01", "Get-ReplicationFacts")["asked"] is False
    clusters = lab.one("fe01", "Get-TopologyFacts")["clusters"]
    assert {one["fqdn"]: one["requiresReplication"] for one in clusters}["sql01.contoso.lab"] is False


def test_that_the_topology_document_says_what_the_facts_say(make: Make) -> None:
    lab = Asker(make())
    (facts,) = lab.all("fe02", "Get-TopologyFacts", Everything=True)
    top = ElementTree.fromstring(lab.at("fe02").get_cs_topology_xml())
    clusters = top.findall(f"{{{TOPOLOGY}}}Clusters/{{{TOPOLOGY}}}Cluster")
    assert [one.get("Fqdn") for one in clusters] == [one["fqdn"] for one in facts["clusters"]]
    assert [one.get("IsOnEdge") == "true" for one in clusters] == [one["onEdge"] for one in facts["clusters"]]
    roles = [one.get("RoleName") for one in top.iter(f"{{{TOPOLOGY}}}ServiceId")]
    assert roles == [one["role"] for one in facts["services"]]
    central = top.find(f".//{{{ROLES}}}CentralMgmtService")
    assert central is not None
    assert central.get("IsActive") == "true"
    assert next(one for one in facts["services"] if one["role"] == "CentralMgmt") == {
        "role": "CentralMgmt",
        "cluster": "fe01.contoso.lab",
        "active": True,
        "director": None,
    }


def test_that_only_a_central_management_server_tells_the_whole_topology(make: Make) -> None:
    lab = Asker(make())
    whole, part = lab.one("fe01", "Get-TopologyFacts"), lab.one("fe02", "Get-TopologyFacts")
    assert whole["complete"] is True
    assert part["complete"] is False
    near = {one["fqdn"] for one in part["clusters"]}
    assert near < {one["fqdn"] for one in whole["clusters"]}
    assert "fe01.contoso.lab" in near
    assert any("fe02.contoso.lab" in (one["fqdn"], *one["machines"]) for one in part["clusters"])
    assert {one["cluster"] for one in part["services"]} <= near


def test_that_cmdlets_and_answers_agree(make: Make) -> None:
    lab = Asker(make())
    at = lab.at("fe01")
    (certificate,) = at.get_cs_certificate()
    assert certificate["Thumbprint"] == lab.one("fe01", "Get-OAuthAssignment")["thumbprint"]
    rows = {str(row["ReplicaFqdn"]): row["UpToDate"] for row in at.get_cs_management_store_replication_status()}
    assert rows == {row["fqdn"]: row["upToDate"] for row in lab.one("fe01", "Get-ReplicationFacts")["replicas"]}
    states = {str(one["Name"]): one["State"] for one in at.get_service_instances()}
    assert states.keys() >= {"REPLICA", "MASTER", "FTA", "MSSQL$RTCLOCAL", "W32Time"}
    assert len(at.get_win_event()) >= len(lab.all("fe01", "Get-ReplicationEvents"))


def test_that_letters_of_all_kinds_come_through(make: Make) -> None:
    lab = Asker(build(load_scenario("healthy-lync"), NOW))
    store = evidence_of(observed(lab, "fe01"), Target("fe01.contoso.lab")).store
    assert isinstance(store, Seen)
    assert "Vermittlung Zürich – Büro №1 🏢" in [one.friendly_name for one in store.value.my]


def test_that_times_are_written_as_dot_net_does() -> None:
    assert utc(NOW + timedelta(microseconds=1234)) == "2026-11-21T12:00:00.0012340Z"
    assert utc(None) is None
