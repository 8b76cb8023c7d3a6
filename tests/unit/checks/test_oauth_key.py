"""The certificate in the store and its key: what is known without opening it, and what only opening tells."""

from typing import Any

import pytest

from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from tests.builders.evidence import certificate, deployment, fields, found, key_of, root, store, stored
from tests.unit.checks.examples_step_3 import PER_SERVER


def test_that_a_missing_certificate_makes_all_about_it_not_applicable_and_explains_it() -> None:
    judgement = deployment().but("fe02", store=store()).judged()

    assert found(judgement, "oauth-in-store", "fe02").verdict is Verdict.FAIL
    for check in PER_SERVER:
        finding = found(judgement, check, "fe02")
        assert finding.words == f"{check}.no-certificate"
        assert finding.because == ("oauth-in-store@fe02.contoso.lab",)


def test_that_a_store_that_was_cut_off_proves_nothing_missing() -> None:
    cut = deployment().but("fe02", store=store(stored(root()), my_count=400, my_left_out=200))

    finding = cut.finding("oauth-in-store", "fe02")
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.facts["left_out"] == "200"


def test_that_a_certificate_without_key_is_known_from_the_store_alone() -> None:
    blind = deployment().but("fe02", store=store(stored(certificate(), has_private_key=False)), keys=NotSeen("probe-deadline"))

    assert blind.finding("oauth-private-key", "fe02").words == "oauth-private-key.no-key"


@pytest.mark.parametrize(
    ("changes", "check", "variant"),
    [
        ({"exportable": None}, "oauth-key-exportable", "could-not-look"),
        ({"kind": None, "provider": None}, "oauth-key-provider", "could-not-look"),
        ({"kind": "csp", "key_spec": None}, "oauth-key-provider", "could-not-look"),
        ({"kind": None, "provider": "Microsoft Software Key Storage Provider"}, "oauth-key-provider", "cng"),
        ({"kind": "csp", "key_spec": 1}, "oauth-key-provider", "pass"),
        ({"opens": False, "problem": None}, "oauth-private-key", "does-not-open"),
        ({"opens": False, "problem": "access-denied"}, "oauth-private-key", "could-not-look"),
        ({"thumbprint": "00" * 20}, "oauth-private-key", "could-not-look"),
    ],
)
def test_that_only_what_the_key_told_is_judged(changes: dict[str, Any], check: str, variant: str) -> None:
    ill = deployment().but("fe02", keys=(key_of(certificate(), **changes),))

    assert ill.finding(check, "fe02").words == f"{check}.{variant}"


def test_that_a_key_that_cannot_travel_explains_the_servers_that_lack_the_certificate() -> None:
    locked = (key_of(certificate(), exportable=False),)
    judgement = deployment().but("fe01", keys=locked).but("fe02", "fe03", store=store()).judged()

    for server in ("fe02", "fe03"):
        assert found(judgement, "oauth-in-store", server).because == ("oauth-key-exportable@fe01.contoso.lab",)


def test_that_a_key_that_may_travel_explains_nothing() -> None:
    judgement = deployment().but("fe02", store=store()).judged()

    assert found(judgement, "oauth-in-store", "fe02").because == ()


def test_that_a_key_that_does_not_open_explains_what_it_did_not_tell() -> None:
    mute = key_of(certificate(), opens=False, problem="provider", exportable=None, kind=None, provider=None)
    judgement = deployment().but("fe02", keys=(mute,)).judged()

    for check in ("oauth-key-exportable", "oauth-key-provider"):
        assert found(judgement, check, "fe02").verdict is Verdict.UNKNOWN
        assert found(judgement, check, "fe02").because == ("oauth-private-key@fe02.contoso.lab",)


def test_that_an_edge_server_with_a_stray_assignment_still_needs_none() -> None:
    judgement = deployment().but("edge01", oauth=fields_of_nothing).judged()

    assert found(judgement, "oauth-in-store", "edge01").facts["why"] == "edge-server"


def fields_of_nothing(_seen: object) -> tuple[()]:
    return ()


def test_that_a_short_thumbprint_of_another_certificate_is_no_match() -> None:
    ill = deployment().but("fe02", store=fields(my=(stored(root()),)))

    assert ill.finding("oauth-in-store", "fe02").verdict is Verdict.FAIL
