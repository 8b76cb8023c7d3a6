"""From raw answers to typed evidence: what an honest server prints, and whatever else may come."""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.collect.samples import DER, ISSUER, PRINTED, THUMBPRINT, observation, observed, printed

from oauthcert.collect.evidence import ValuesRead, evidence_of
from oauthcert.model.evidence import Answer, Fault, JsonValue, NotSeen, Observation, Seen
from oauthcert.model.server_evidence import ServerEvidence
from oauthcert.model.target import Product, Target

TARGET = Target("fe01.contoso.lab")
PROBES = tuple(PRINTED)
ONE_OBJECT = tuple(name for name in PROBES if name not in {"services", "oauth", "uses", "keys", "events", "transport", "incidents"})


def part(evidence: ServerEvidence, probe: str) -> object:
    return getattr(evidence, probe)


def reason(evidence: ServerEvidence, probe: str) -> str:
    found = part(evidence, probe)
    assert isinstance(found, NotSeen), found
    return found.reason


def test_that_every_part_of_an_honest_answer_is_seen() -> None:
    evidence = evidence_of(observation(), TARGET)
    assert [name for name in PROBES if not isinstance(part(evidence, name), Seen)] == []


def test_that_every_probe_has_its_field() -> None:
    names = {field.name for field in fields(ServerEvidence)}
    assert set(PROBES) <= names


def test_that_what_was_printed_is_what_is_seen() -> None:
    evidence = evidence_of(observation(), TARGET)
    assert isinstance(evidence.session, Seen)
    assert evidence.session.value.groups[1] == "VORDEFINIERT\\Administratoren"
    assert isinstance(evidence.store, Seen)
    assert (evidence.store.value.my[0].thumbprint, evidence.store.value.my[0].der) == (THUMBPRINT, DER)
    assert evidence.store.value.my_left_out == 2
    assert evidence.store.value.disallowed == (ISSUER,)
    assert isinstance(evidence.replication, Seen)
    assert evidence.replication.value.replicas[1].last_status_report is None
    assert isinstance(evidence.time, Seen)
    assert evidence.time.value.dc_offset_seconds == pytest.approx(-0.0020312)
    assert isinstance(evidence.topology, Seen)
    assert [service.active for service in evidence.topology.value.services] == [True, None]


def test_that_times_keep_their_microseconds_and_are_in_utc() -> None:
    evidence = evidence_of(observation(), TARGET)
    assert isinstance(evidence.events, Seen)
    assert evidence.events.value[0].time == datetime(2026, 11, 20, 8, 30, 0, 123456, UTC)


@pytest.mark.parametrize("probe", ["services", "oauth", "uses", "keys", "events", "transport", "incidents"])
def test_that_a_list_may_be_empty(probe: str) -> None:
    assert part(evidence_of(observed(probe, []), TARGET), probe) == Seen(())


@pytest.mark.parametrize("probe", ONE_OBJECT)
@pytest.mark.parametrize("count", [0, 2])
def test_that_a_single_answer_is_neither_missing_nor_double(probe: str, count: int) -> None:
    assert reason(evidence_of(observed(probe, printed()[probe][:1] * count), TARGET), probe) == "unreadable"


def _spoiled() -> list[tuple[str, str, JsonValue]]:
    """Every field of every probe, with a value it cannot have."""
    cases: list[tuple[str, str, JsonValue]] = []
    for probe, values in PRINTED.items():
        first = values[0]
        assert isinstance(first, dict)
        cases += [(probe, name, {"an": ["object"]}) for name in first if name != "protocol" and not isinstance(first[name], dict)]
        cases += [(probe, name, [1]) for name in first if isinstance(first[name], dict)]
    return cases


@pytest.mark.parametrize(("probe", "name", "value"), _spoiled())
def test_that_a_field_of_the_wrong_type_spoils_its_own_probe_alone(probe: str, name: str, value: JsonValue) -> None:
    values = printed()[probe]
    assert isinstance(values[0], dict)
    values[0][name] = value
    evidence = evidence_of(observed(probe, values), TARGET)
    assert reason(evidence, probe) == "unreadable"
    assert [other for other in PROBES if other != probe and not isinstance(part(evidence, other), Seen)] == []


@pytest.mark.parametrize(("probe", "name", "_value"), _spoiled())
def test_that_a_missing_field_is_unreadable_and_named(probe: str, name: str, _value: JsonValue) -> None:
    values = printed()[probe]
    assert isinstance(values[0], dict)
    del values[0][name]
    found = part(evidence_of(observed(probe, values), TARGET), probe)
    assert isinstance(found, NotSeen)
    assert found.reason == "unreadable"
    assert name in found.facts["where"]


@pytest.mark.parametrize(
    ("probe", "name", "value"),
    [
        ("time", "dcOffsetSeconds", 1e300),
        ("time", "dcOffsetSeconds", 10**400),
        ("time", "dcOffsetSeconds", float("nan")),
        ("time", "dcOffsetSeconds", float("inf")),
        ("time", "dcOffsetSeconds", True),
        ("time", "leap", 1.0),
        ("time", "leap", 10**30),
        ("time", "lastSync", "2026-11-21 01:02:03"),
        ("time", "lastSync", "2026-02-30T01:02:03Z"),
        ("time", "lastSync", "0000-01-01T00:00:00Z"),
        ("time", "lastSync", "2026-11-21T01:02:03+01:00"),
        ("time", "lastSync", "٢٠٢٦-11-21T01:02:03Z"),
        ("session", "groups", ["x"] * 5001),
        ("session", "account", "x" * 8001),
        ("session", "elevated", 1),
        ("session", "elevated", "True"),
        ("oauth", "thumbprint", "not one"),
        ("oauth", "thumbprint", THUMBPRINT + "0"),
        ("events", "id", -1),
        ("transport", "port", "445"),
    ],
)
def test_that_a_value_out_of_bounds_is_unreadable(probe: str, name: str, value: JsonValue) -> None:
    values = printed()[probe]
    assert isinstance(values[0], dict)
    values[0][name] = value
    assert reason(evidence_of(observed(probe, values), TARGET), probe) == "unreadable"


def test_that_too_many_objects_are_unreadable() -> None:
    assert reason(evidence_of(observed("services", PRINTED["services"] * 2501), TARGET), "services") == "unreadable"


@pytest.mark.parametrize("der", ["", "!!!!", "AAA", b64encode(bytes(70_000)).decode(), b64encode(b"another").decode()])
def test_that_a_certificate_which_is_not_its_own_is_unreadable(der: str) -> None:
    values = printed()["store"]
    assert isinstance(values[0], dict)
    values[0]["root"] = [{"thumbprint": THUMBPRINT, "der": der}]
    assert reason(evidence_of(observed("store", values), TARGET), "store") == "unreadable"


def test_that_a_thumbprint_may_be_lower_case() -> None:
    values = printed()["oauth"]
    assert isinstance(values[0], dict)
    values[0]["thumbprint"] = f" {THUMBPRINT.lower()} "
    found = evidence_of(observed("oauth", values), TARGET).oauth
    assert isinstance(found, Seen)
    assert found.value[0].thumbprint == THUMBPRINT


def test_that_not_found_or_untrusted_is_an_answer() -> None:
    names = PRINTED["oauth"][0]
    assert isinstance(names, dict)
    bare: dict[str, JsonValue] = {
        **dict.fromkeys(names),
        "notFoundOrUntrusted": True,
        "message": "Assigned certificate not found or untrusted.",
    }
    found = evidence_of(observed("oauth", [bare]), TARGET).oauth
    assert isinstance(found, Seen)
    assert found.value[0].thumbprint is None
    assert found.value[0].not_found_or_untrusted


def test_that_a_failed_probe_carries_its_reason_and_facts() -> None:
    fault = Fault("PermissionDenied", "Some,Cmdlet", "System.UnauthorizedAccessException", "Zugriff verweigert")
    evidence = evidence_of(observation({"oauth": Answer("oauth", ok=False, fault=fault)}), TARGET)
    found = evidence.oauth
    assert isinstance(found, NotSeen)
    assert found.reason == "access-denied"
    assert found.facts["message"] == "Zugriff verweigert"


def test_that_what_never_came_has_the_reason_of_the_loss() -> None:
    evidence = evidence_of(observation({}, lost=NotSeen("connection-reset")), TARGET)
    assert {reason(evidence, name) for name in PROBES} == {"connection-reset"}


def test_that_a_round_which_ended_early_without_a_reason_was_cut_off() -> None:
    assert reason(evidence_of(observation({}), TARGET), "store") == "cut-off"


def test_that_a_case_made_before_a_probe_existed_says_that_it_was_not_asked() -> None:
    """The round ran to its end, and this question was not among those it knew."""
    whole = observation()
    earlier = Observation(
        whole.server,
        whole.reach,
        whole.sign_in,
        whole.clock,
        {name: answer for name, answer in whole.answers.items() if name not in ("access", "uses")},
    )
    evidence = evidence_of(earlier, TARGET)
    assert [reason(evidence, name) for name in ("access", "uses")] == ["not-asked", "not-asked"]
    assert isinstance(evidence.keys, Seen)


def test_that_a_server_not_reached_says_so_for_every_probe() -> None:
    refused = NotSeen("refused", {"port": "5985"})
    unseen = Observation("fe01.contoso.lab", refused, NotSeen("refused"), NotSeen("refused"))
    evidence = evidence_of(unseen, TARGET)
    assert [part(evidence, name) for name in PROBES] == [refused] * len(PROBES)


def test_that_a_refused_account_is_the_reason_for_every_probe() -> None:
    seen = observation({})
    denied = NotSeen("sign-in-refused")
    evidence = evidence_of(Observation(seen.server, seen.reach, denied, seen.clock), TARGET)
    assert {reason(evidence, name) for name in PROBES} == {"sign-in-refused"}


def test_that_an_exchange_server_is_not_blamed_for_what_was_never_asked() -> None:
    evidence = evidence_of(observation({}, lost=NotSeen("deadline")), Target("ex01.contoso.lab", product=Product.EXCHANGE))
    assert reason(evidence, "replication") == "not-asked"
    assert reason(evidence, "time") == "deadline"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PROBES), st.lists(JSON, max_size=3))
def test_that_no_answer_whatever_raises(probe: str, values: list[JsonValue]) -> None:
    assert isinstance(part(evidence_of(observed(probe, values), TARGET), probe), Seen | NotSeen)


def _places(value: JsonValue) -> Iterator[tuple[Any, int | str]]:
    """Every place in a nested answer that can be overwritten, as container and key."""
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield value, number
            yield from _places(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield value, name
            yield from _places(inner)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_that_no_single_spoiled_field_raises(data: st.DataObject) -> None:
    probe = data.draw(st.sampled_from(PROBES))
    values = printed()[probe]
    places = list(_places(values))
    place, key = places[data.draw(st.integers(0, len(places) - 1))]
    place[key] = data.draw(JSON)
    found = part(evidence_of(observed(probe, values), TARGET), probe)
    assert isinstance(found, Seen | NotSeen)
    if isinstance(found, NotSeen):
        assert found.reason == "unreadable"
        assert all(len(text) < 200 for text in found.facts.values())


def test_that_the_samples_are_what_json_can_carry() -> None:
    assert json.loads(json.dumps(PRINTED)) == PRINTED


def test_that_a_value_two_servers_share_is_read_once() -> None:
    values_read, same = ValuesRead(), observation()
    first, second = (evidence_of(same, TARGET, values_read) for _server in range(2))
    assert first == second == evidence_of(same, TARGET)
    assert isinstance(first.topology, Seen)
    assert isinstance(second.topology, Seen)
    assert first.topology.value is second.topology.value


def test_that_one_value_under_two_probes_is_read_as_each() -> None:
    topology = observation().answers["topology"].value
    mixed = observation({name: Answer(name, ok=True, value=topology) for name in ("topology", "replica")})
    evidence = evidence_of(mixed, TARGET, ValuesRead())
    assert isinstance(evidence.topology, Seen)
    assert reason(evidence, "replica") == "unreadable"


def test_that_a_spoiled_answer_never_stands_for_the_honest_one_it_equals() -> None:
    spoiled = printed()["replica"]
    assert isinstance(spoiled[0], dict)
    spoiled[0]["passed"] = int(bool(spoiled[0]["passed"]))  # 1 == True
    values_read = ValuesRead()
    assert observed("replica", spoiled) == observation()
    assert reason(evidence_of(observed("replica", spoiled), TARGET, values_read), "replica") == "unreadable"
    assert evidence_of(observation(), TARGET, values_read) == evidence_of(observation(), TARGET)


def test_that_a_probe_that_failed_keeps_its_own_reason_though_its_value_is_as_empty_as_another() -> None:
    values_read = ValuesRead()
    empty = observation({"services": Answer("services", ok=True)})
    failed = observation({"services": Answer("services", ok=False, fault=Fault("PermissionDenied", "x"))})
    assert evidence_of(empty, TARGET, values_read).services == Seen(())
    assert reason(evidence_of(failed, TARGET, values_read), "services") == reason(evidence_of(failed, TARGET), "services")


def test_that_what_was_thrown_away_meanwhile_is_not_taken_for_what_comes_next() -> None:
    values_read = ValuesRead()
    for problem in range(200):
        fresh = observed("replica", [{"passed": False, "problems": [str(problem)]}])
        found = evidence_of(fresh, TARGET, values_read).replica
        del fresh
        assert isinstance(found, Seen)
        assert found.value.problems == (str(problem),)


def test_that_flags_of_services_may_be_lacking_as_in_cases_of_earlier_versions() -> None:
    services = printed()["services"]
    assert isinstance(services[0], dict)
    services[0]["delayed"] = True
    evidence = evidence_of(observed("services", services), TARGET)
    assert isinstance(evidence.services, Seen)
    assert [(one.delayed, one.deleting) for one in evidence.services.value] == [(True, False), (False, False)]
    services[0]["delayed"] = "yes"
    assert reason(evidence_of(observed("services", services), TARGET), "services") == "unreadable"
