"""Step 2: what the topology gives a machine, and what is there."""

import pytest

from oauthcert.checks.expected_services import essential, started, usual
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from tests.builders.evidence import deployment, fields, found
from tests.builders.product import platform
from tests.unit.checks.examples_product import gone

CHECK = "components-installed"


def test_that_roles_add_up_and_a_director_has_no_conferences() -> None:
    front_end = essential(frozenset({"registrar", "userservices", "webservices"}))
    assert set(front_end) == {"RTCSRV", "FabricHostSvc", "MSSQL$LYNCLOCAL", "RTCIMMCU", "W3SVC", "RTCCLSAGT"}
    assert "RTCIMMCU" not in essential(frozenset({"registrar", "userservices", "director"}))
    assert essential(frozenset({"edgeserver"})) == ("RTCSRV", "RTCCLSAGT")
    assert essential(frozenset()) == usual(frozenset()) == ()


def test_that_every_service_is_looked_for_where_the_version_is_not_known() -> None:
    assert "RTCXMPPTGW" in started(None)


RELEASES = [(379892, Verdict.FAIL), (379893, Verdict.PASS), (533320, Verdict.PASS), (None, Verdict.FAIL)]


@pytest.mark.parametrize(("release", "verdict"), RELEASES)
def test_that_the_framework_is_judged_at_its_very_release(release: int | None, verdict: Verdict) -> None:
    assert deployment().but("fe02", product=fields(dot_net_release=release)).finding(CHECK, "fe02").verdict is verdict


def test_that_names_of_services_are_compared_without_case() -> None:
    lower = lambda seen: tuple(fields(name=one.name.lower())(one) for one in seen)  # noqa: E731
    assert deployment().but("fe02", services=lower).finding(CHECK, "fe02").verdict is Verdict.PASS


def test_that_room_is_named_only_where_something_is_missing() -> None:
    small = platform(deployment().now, free_megabytes=100)
    assert deployment().but("fe02", platform=small).finding(CHECK, "fe02").verdict is Verdict.PASS
    ill = deployment().but("fe02", platform=small, services=gone("RTCSRV"))
    assert ill.finding(CHECK, "fe02").words == f"{CHECK}.no-room"
    assert ill.finding(CHECK, "fe02", setup_gigabytes=0.05).words == f"{CHECK}.services-missing"


def test_that_a_machine_nobody_lists_is_unknown_because_of_the_topology() -> None:
    judgement = deployment().with_server("fe09").judged()
    finding = found(judgement, CHECK, "fe09")
    assert (finding.verdict, finding.facts["reason"]) == (Verdict.UNKNOWN, "machine-not-listed")
    assert finding.because == ("local-store-present@fe09.contoso.lab",)


def test_that_missing_agents_explain_that_nobody_tells_of_replication() -> None:
    ill = deployment().but("fe01", services=gone("MASTER", "FTA"), replication=NotSeen("probe-failed"))
    judgement = ill.judged()
    assert found(judgement, CHECK, "fe01").verdict is Verdict.FAIL
    assert f"{CHECK}@fe01.contoso.lab" in found(judgement, "cms-master").because


def test_that_an_old_framework_explains_a_step_one_that_broke_off() -> None:
    ill = deployment().but(
        "fe02", product=fields(dot_net_release=378758), replica=fields(passed=False, problems=("MissingMethodException",))
    )
    assert found(ill.judged(), "local-store-present", "fe02").because == (f"{CHECK}@fe02.contoso.lab",)
