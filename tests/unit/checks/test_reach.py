"""Reach, sign-in and PowerShell: each reason stays what it is."""

from typing import Any

import pytest

from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from oauthcert.model.server_evidence import ModuleSeen
from oauthcert.model.target import Product
from tests.builders.evidence import deployment, fields, found
from tests.unit.checks.examples_reach import NO_PRODUCT


@pytest.mark.parametrize("reason", ["name-not-found", "refused", "timed-out", "tls-not-trusted", "tls-version", "not-wsman", "deadline"])
def test_that_an_unreached_server_is_unknown_for_its_own_reason(reason: str) -> None:
    judgement = deployment().unreached("fe02", reason).judged()

    assert found(judgement, "server-reachable", "fe02").verdict is Verdict.UNKNOWN
    assert found(judgement, "server-reachable", "fe02").facts["reason"] == reason
    assert found(judgement, "sign-in-accepted", "fe02").verdict is Verdict.UNKNOWN


def test_that_the_facts_of_a_reason_come_along() -> None:
    untrusted = NotSeen("tls-not-trusted", {"sha256": "ab" * 32, "subject": "CN=fe02", "reason": "self-signed"})
    finding = deployment().but("fe02", reach=untrusted).finding("server-reachable", "fe02")

    assert finding.facts["sha256"] == "ab" * 32
    assert finding.facts["reason"] == "tls-not-trusted"


@pytest.mark.parametrize("reason", ["timed-out", "connection-reset", "wsman-fault", "deadline", "cancelled", "unencrypted-refused"])
def test_that_a_sign_in_that_broke_off_is_no_refusal(reason: str) -> None:
    assert deployment().refused("fe02", reason).finding("sign-in-accepted", "fe02").verdict is Verdict.UNKNOWN


def test_that_what_a_refusal_says_of_itself_is_kept() -> None:
    finding = deployment().refused("fe02", "account-locked", status="0xC0000234", check="odd").finding("sign-in-accepted", "fe02")

    assert finding.facts["status"] == "0xC0000234"
    assert finding.check == "sign-in-accepted"


@pytest.mark.parametrize(
    ("changes", "variant"),
    [
        ({"powershell": "3.0"}, "pass"),
        ({"powershell": "2.0"}, "too-old"),
        ({"powershell": "1.0.0.0"}, "too-old"),
        ({"powershell": "five"}, "pass"),
        ({"process64": False, "os64": False}, "pass"),
        ({"process64": False, "os64": True}, "process-32-bit"),
    ],
)
def test_that_the_engine_is_judged_by_version_and_bitness(changes: dict[str, Any], variant: str) -> None:
    assert deployment().but("fe02", session=fields(**changes)).finding("powershell-usable", "fe02").words == f"powershell-usable.{variant}"


def test_that_a_missing_module_fails_where_the_operator_says_it_is_lync() -> None:
    said = deployment().but("fe02", **NO_PRODUCT, product_wanted=Product.LYNC)

    finding = said.finding("powershell-usable", "fe02")

    assert finding.words == "powershell-usable.module-missing"
    assert finding.facts["installed_products"] == ()


def test_that_no_module_is_needed_on_a_server_without_the_product() -> None:
    assert deployment().but("fe02", **NO_PRODUCT).finding("powershell-usable", "fe02").words == "powershell-usable.no-module-needed"


def test_that_nobody_can_tell_whether_a_module_is_needed_where_the_products_were_not_seen() -> None:
    blind = deployment().but("fe02", module=ModuleSeen(None, None, None, None), product=NotSeen("access-denied"))

    assert blind.finding("powershell-usable", "fe02").verdict is Verdict.UNKNOWN


def test_that_a_module_that_loads_too_slowly_is_not_called_broken() -> None:
    slow = deployment().but("fe02", module=NotSeen("probe-deadline"))

    assert slow.finding("powershell-usable", "fe02").words == "powershell-usable.could-not-look"
