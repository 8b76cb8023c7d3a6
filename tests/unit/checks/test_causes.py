"""Causes: who explains whom, and that nobody is accused without evidence."""

import pytest

from oauthcert.checks import CHECKS
from oauthcert.checks.rules import BLOCKERS, CAUSAL_ORDER, CAUSE_GROUPS, RULES
from oauthcert.model.evidence import ClockSeen, NotSeen
from oauthcert.model.finding import Verdict
from oauthcert.model.server_evidence import ModuleSeen
from oauthcert.model.target import Product
from tests.builders.evidence import ASSIGNED, deployment, event, fields, found, services, store
from tests.unit.checks.examples_reach import NO_PRODUCT

WORDS = {f"{check.id}.{variant.id}" for check in CHECKS for variant in check.variants}
IDS = {check.id for check in CHECKS}


def test_that_rules_speak_of_nothing_that_is_not_in_the_table() -> None:
    for rule in RULES:
        for which in (rule.cause, rule.effect):
            for variant in which.variants:
                assert which.check == "*" or f"{which.check}.{variant}" in WORDS
            assert which.check == "*" or which.check in IDS
    for blocker in BLOCKERS:
        assert all(f"{blocker.check}.{variant}" in WORDS for variant in blocker.variants)
    assert {name.split(".")[0] for name in CAUSAL_ORDER} == IDS
    assert set(CAUSE_GROUPS) == IDS


def test_that_a_stopped_replica_explains_everything_down_to_the_certificate() -> None:
    ill = deployment().but(
        "fe02",
        services=services("REPLICA", state="Stopped"),
        replica=fields(passed=False, problems=("The replica service is not running.",)),
        oauth=(),
        store=store(),
        keys=(),
        events=(),
    )
    ill = ill.row("fe02", up_to_date=False, last_update_creation=ASSIGNED.replace(year=2025))

    (cause,) = ill.judged().causes

    assert cause.finding == "replica-service@fe02.contoso.lab"
    assert [one.split("@")[0] for one in cause.explains] == [
        "local-store-present",
        "local-store-current",
        "replication-up-to-date",
        "replication-arrived",
        "oauth-in-store",
        "oauth-private-key",
        "oauth-key-exportable",
        "oauth-key-provider",
        "oauth-key-permissions",
        "oauth-chain",
        "oauth-validity",
        "oauth-strength",
    ]


def test_that_only_the_nearest_explanation_stands_in_because() -> None:
    ill = deployment().but("fe02", services=services("REPLICA", state="Stopped"), oauth=(), events=())
    judgement = ill.row("fe02", up_to_date=False, last_update_creation=ASSIGNED.replace(year=2025)).judged()

    assert found(judgement, "replication-arrived", "fe02").because == ("replication-up-to-date@fe02.contoso.lab",)
    assert found(judgement, "local-store-current", "fe02").because == ("replication-arrived@fe02.contoso.lab",)


def test_that_a_stopped_replica_explains_no_old_store_once_the_change_has_arrived() -> None:
    """The arrival is in the log after the assignment: what fe02 lacks now, it lacks for another reason."""
    judgement = deployment().but("fe02", services=services("REPLICA", state="Stopped"), oauth=(), store=store()).judged()

    assert found(judgement, "local-store-current", "fe02").because == ()
    assert {c.finding for c in judgement.causes} == {"replica-service@fe02.contoso.lab", "local-store-current@fe02.contoso.lab"}


def test_that_the_replica_test_stands_beside_where_it_found_more_than_the_stopped_service() -> None:
    problems = ("The replica service is not running.", "The database version is wrong.")
    ill = deployment().but("fe02", services=services("REPLICA", state="Stopped"), replica=fields(passed=False, problems=problems))

    assert found(ill.judged(), "local-store-present", "fe02").because == ()


@pytest.mark.parametrize(
    ("reason", "facts", "explained"),
    [
        ("clock-skew", {}, True),
        ("sign-in-refused", {}, True),
        ("sign-in-refused", {"username": "contoso\\ADMIN"}, True),
        ("sign-in-refused", {"username": "CONTOSO\\other"}, False),
        ("account-locked", {}, False),
        ("not-authorized", {}, False),
    ],
)
def test_that_a_clock_explains_a_refusal_only_of_an_account_that_is_good_elsewhere(
    reason: str, facts: dict[str, str], explained: bool
) -> None:
    ill = deployment().refused("fe02", reason, **facts).but("fe02", clock=ClockSeen(-420, 1, 2))

    because = found(ill.judged(), "sign-in-accepted", "fe02").because
    assert because == (("time-skew@fe02.contoso.lab",) if explained else ())


def test_that_a_password_wrong_everywhere_is_no_matter_of_a_clock() -> None:
    ill = deployment()
    for name in tuple(ill.servers):
        ill = ill.refused(name, "sign-in-refused")
    ill = ill.but("fe02", clock=ClockSeen(-420, 1, 2))

    assert found(ill.judged(), "sign-in-accepted", "fe02").because == ()


def test_that_a_clock_within_the_bound_explains_no_refusal() -> None:
    ill = deployment().refused("fe02", "clock-skew").but("fe02", clock=ClockSeen(-200, 1, 2))

    judgement = ill.judged()

    assert found(judgement, "time-skew", "fe02").words == "time-skew.drifting"
    assert found(judgement, "sign-in-accepted", "fe02").because == ()


def test_that_a_bad_time_source_explains_the_clock_and_the_clock_the_rest() -> None:
    ill = deployment().but("fe02", clock=ClockSeen(-420, 1, 5), time=fields(source="Local CMOS Clock", dc_offset_seconds=420.0))

    (cause,) = ill.judged().causes
    assert cause.finding == "time-source@fe02.contoso.lab"
    assert cause.explains == ("time-skew@fe02.contoso.lab",)


def test_that_a_refused_sign_in_explains_all_that_was_not_seen() -> None:
    judgement = deployment().refused("fe02", "account-locked").judged()

    (cause,) = judgement.causes
    assert cause.finding == "sign-in-accepted@fe02.contoso.lab"
    assert set(cause.explains) == {f.id for f in judgement.findings if f.server == "fe02.contoso.lab" and f.verdict is Verdict.UNKNOWN}


def test_that_a_round_that_broke_before_its_first_answer_is_one_cause() -> None:
    lost = NotSeen("shell-quota")
    broken = deployment()
    for part in ("hello", "session", "product", "module", "time", "services", "topology", "replica", "oauth", "store", "keys"):
        broken = broken.but("fe02", **{part: lost})

    causes = broken.but("fe02", replication=lost, events=lost, transport=lost, hop=lost).judged().causes
    assert [cause.finding for cause in causes] == ["powershell-usable@fe02.contoso.lab"]


def test_that_a_missing_module_explains_missing_cmdlets_and_steps_that_do_not_apply() -> None:
    no_module = {"module": ModuleSeen(None, None, None, None), "oauth": NotSeen("cmdlet-missing"), "replica": NotSeen("cmdlet-missing")}
    judgement = deployment().but("fe02", **no_module).judged()
    assert found(judgement, "local-store-present", "fe02").because == ("powershell-usable@fe02.contoso.lab",)

    wanted = deployment().but("fe02", **NO_PRODUCT, product_wanted=Product.LYNC).judged()
    assert found(wanted, "replica-service", "fe02").verdict is Verdict.NOT_APPLICABLE
    assert found(wanted, "replica-service", "fe02").because == ("powershell-usable@fe02.contoso.lab",)


def test_that_causes_stand_in_the_order_in_which_to_mend_them() -> None:
    ill = deployment().but("fe03", store=fields(intermediate=())).but("fe02", time=fields(type="NoSync"))
    ill = ill.but("fe01", services=services("MASTER", state="Stopped")).unreached("edge01")
    ill = ill.but("fe03", services=services("REPLICA", state="Stopped")).but("fe02", services=services("REPLICA", start_mode="Manual"))

    assert [cause.finding.split(".")[0] for cause in ill.judged().causes] == [
        "server-reachable@edge01",
        "time-source@fe02",
        "cms-master@deployment",
        "replica-service@fe02",
        "replica-service@fe03",
        "oauth-chain@fe03",
    ]


def test_that_of_one_group_the_cause_that_explains_more_comes_first() -> None:
    stopped = services("REPLICA", state="Stopped")
    ill = deployment().but("fe02", "fe03", services=stopped).row("fe03", up_to_date=False)

    assert [cause.finding for cause in ill.judged().causes] == ["replica-service@fe03.contoso.lab", "replica-service@fe02.contoso.lab"]


def test_that_a_file_store_that_cannot_be_watched_explains_all_replication() -> None:
    ill = deployment().but("fe01", events=lambda seen: (*seen, event(2020, ASSIGNED, r"cannot watch \\nas01\share")))
    ill = ill.row("fe01", up_to_date=False).row("fe02", up_to_date=False)

    assert found(ill.judged(), "replication-up-to-date", "fe02").because == ("replication-transport@fe01.contoso.lab",)
