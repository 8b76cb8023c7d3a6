"""The local store: content against the reference, and what a difference means."""

from datetime import timedelta

from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from tests.builders.evidence import ASSIGNED, NOW, UNNAMED, assignment, certificate, deployment, fields, found, services, store, stored
from tests.unit.checks.examples_step_1 import OLD, just_assigned


def test_that_the_reference_is_what_the_cms_servers_store_names_even_if_another_names_a_newer_one() -> None:
    newer = assignment(certificate(-1, 700, 4), NOW - timedelta(hours=3))
    judgement = deployment().but("fe03", oauth=(newer,)).judged()

    assert found(judgement, "oauth-assigned").facts["thumbprint"] == certificate().parsed.thumbprint
    ahead = found(judgement, "local-store-current", "fe03")
    assert ahead.verdict is Verdict.WARN
    assert ahead.because == ("oauth-single@deployment",)


def test_that_the_newest_word_counts_where_the_cms_server_was_not_looked_at_and_that_it_is_said() -> None:
    old = assignment(certificate(*OLD), ASSIGNED - timedelta(days=300))
    judgement = deployment().without("fe01").but("fe02", oauth=(old,)).judged()

    assigned = found(judgement, "oauth-assigned")
    assert assigned.facts["thumbprint"] == certificate().parsed.thumbprint
    assert assigned.facts["reference_is_cms"] is False
    assert found(judgement, "local-store-current", "fe02").words == "local-store-current.older"


def test_that_a_cms_server_whose_own_store_is_empty_lags_behind_and_does_not_prove_that_nothing_is_assigned() -> None:
    judgement = deployment().but("fe01", oauth=()).judged()

    assert found(judgement, "oauth-assigned").verdict is Verdict.PASS
    assert found(judgement, "local-store-current", "fe01").words == "local-store-current.missing"


def test_that_empty_stores_without_the_cms_server_prove_nothing() -> None:
    judgement = deployment().without("fe01").but("fe02", "fe03", oauth=()).judged()

    finding = found(judgement, "oauth-assigned")
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.facts["reason"] == "reference-not-seen" or finding.facts["look"] == "oauth"
    assert found(judgement, "local-store-current", "fe02").verdict is Verdict.UNKNOWN


def test_that_a_server_that_only_says_not_found_is_unknown_because_of_its_chain_or_store() -> None:
    chain = deployment().but("fe02", oauth=(UNNAMED,), store=fields(intermediate=()))
    judgement = chain.judged()
    assert found(judgement, "local-store-current", "fe02").verdict is Verdict.UNKNOWN
    assert found(judgement, "local-store-current", "fe02").because == ("oauth-chain@fe02.contoso.lab",)
    assert found(judgement, "oauth-chain", "fe02").words == "oauth-chain.missing-link"

    gone = deployment().but("fe02", oauth=(UNNAMED,), store=store()).judged()
    assert found(gone, "local-store-current", "fe02").because == ("oauth-in-store@fe02.contoso.lab",)


def test_that_the_previous_certificate_is_older_whatever_the_times_say() -> None:
    old = certificate(*OLD)
    ill = deployment().assigned(certificate(), ASSIGNED, "fe01", previous_thumbprint=old.parsed.thumbprint)
    ill = ill.but("fe02", oauth=(assignment(old, NOW, not_before=None),))

    assert ill.finding("local-store-current", "fe02").words == "local-store-current.older"


def test_that_a_staged_certificate_is_not_the_current_one() -> None:
    staged = assignment(certificate(-1, 900, 4), NOW - timedelta(hours=2), effective_date=NOW + timedelta(days=2))
    both = store(stored(certificate()), stored(certificate(-1, 900, 4)))
    judgement = deployment().but("fe01", "fe02", "fe03", oauth=(staged, assignment(certificate())), store=both).judged()

    assert not judgement.causes
    assert found(judgement, "oauth-assigned").facts["thumbprint"] == certificate().parsed.thumbprint


def test_that_a_thumbprint_copied_from_a_dialog_is_the_same_thumbprint() -> None:
    print_ = certificate().parsed.thumbprint.lower()
    copied = "\u200e" + " ".join(print_[i : i + 2] for i in range(0, 40, 2))

    ill = deployment().but("fe02", oauth=(assignment(certificate(), thumbprint=copied),))

    assert ill.finding("local-store-current", "fe02").verdict is Verdict.PASS


def test_that_a_mediation_server_needs_no_certificate_and_keeps_it_if_it_has_one() -> None:
    without = deployment().with_server("med01", oauth=(), store=store())
    assert without.finding("local-store-current", "med01").facts["why"] == "role-without-oauth"
    assert without.finding("oauth-in-store", "med01").verdict is Verdict.NOT_APPLICABLE
    assert deployment().with_server("med01").finding("local-store-current", "med01").verdict is Verdict.PASS


def test_that_nobody_is_accused_of_lacking_a_certificate_whose_need_nobody_knows() -> None:
    strange = deployment().with_server("fe09", oauth=(), store=store(), topology=NotSeen("unreadable"))

    assert strange.finding("local-store-current", "fe09").verdict is Verdict.UNKNOWN
    assert strange.finding("oauth-in-store", "fe09").verdict is Verdict.UNKNOWN


def test_that_five_minutes_are_the_end_of_arriving() -> None:
    assert just_assigned(4.99).finding("local-store-current", "fe02").verdict is Verdict.WARN
    assert just_assigned(5).finding("local-store-current", "fe02").words == "local-store-current.older"


def test_that_a_running_service_set_to_manual_is_a_warning_and_a_disabled_one_a_fault() -> None:
    assert (
        deployment().but("fe02", services=services("REPLICA", start_mode="Manual")).finding("replica-service", "fe02").verdict
        is Verdict.WARN
    )
    disabled = deployment().but("fe02", services=services("REPLICA", start_mode="Disabled"))
    assert disabled.finding("replica-service", "fe02").words == "replica-service.disabled"
    pending = deployment().but("fe02", services=services("REPLICA", state="Start Pending"))
    assert pending.finding("replica-service", "fe02").facts["state"] == "Start Pending"


def test_that_a_store_whose_previous_is_the_reference_is_newer_whatever_the_times_say() -> None:
    ahead = assignment(certificate(-10, 700, 4), ASSIGNED - timedelta(days=1), previous_thumbprint=certificate().parsed.thumbprint)

    assert deployment().but("fe02", oauth=(ahead,)).finding("local-store-current", "fe02").words == "local-store-current.newer"
