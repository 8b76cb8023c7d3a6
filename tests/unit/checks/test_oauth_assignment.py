"""The assignment: one certificate for all, told apart from a planned change and from a store that merely lags."""

from datetime import timedelta

from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from tests.builders.evidence import ASSIGNED, NOW, assignment, certificate, deployment, found, services, store, stored
from tests.unit.checks.examples_step_1 import OLD


def test_that_a_store_that_lags_is_no_second_assignment() -> None:
    old = assignment(certificate(*OLD), ASSIGNED - timedelta(days=300))
    ill = deployment().but("fe02", oauth=(old,), events=(), services=services("REPLICA", state="Stopped"))
    ill = ill.row("fe02", up_to_date=False, last_update_creation=ASSIGNED - timedelta(days=1))

    judgement = ill.judged()

    single = found(judgement, "oauth-single")
    assert single.verdict is Verdict.FAIL
    assert single.because == ("local-store-current@fe02.contoso.lab",)
    assert [cause.finding for cause in judgement.causes] == ["replica-service@fe02.contoso.lab"]


def test_that_an_older_store_on_a_server_that_replicates_well_stands_beside() -> None:
    """The evidence for lagging is missing: somebody may have assigned it there."""
    judgement = deployment().but("fe02", oauth=(assignment(certificate(*OLD), ASSIGNED - timedelta(days=300)),)).judged()

    assert found(judgement, "oauth-single").because == ()
    assert found(judgement, "local-store-current", "fe02").because == ()


def test_that_one_lagging_store_does_not_explain_another_odd_one() -> None:
    old = assignment(certificate(*OLD), ASSIGNED - timedelta(days=300))
    ill = deployment().but("fe02", oauth=(old,), events=()).row("fe02", up_to_date=False, last_update_creation=ASSIGNED - timedelta(days=1))
    ill = ill.but("fe03", oauth=(assignment(certificate(-1, 700, 4), NOW - timedelta(hours=3)),))

    assert found(ill.judged(), "oauth-single").because == ()


def test_that_stores_without_an_assignment_do_not_count_as_different() -> None:
    assert deployment().but("fe02", oauth=()).finding("oauth-single").verdict is Verdict.PASS


def test_that_a_single_young_stray_is_a_renewal_being_prepared() -> None:
    prepared = stored(certificate(-2, 700, 4))
    alone = deployment().but("fe02", store=store(stored(certificate()), prepared))

    assert alone.finding("oauth-single").verdict is Verdict.PASS


def test_that_the_days_of_a_request_have_an_end() -> None:
    first, second = certificate(-10), certificate(-7, 700, 4)
    twice = deployment().assigned(first).but("fe02", store=store(stored(first), stored(second)))

    assert twice.finding("oauth-single", request_days=10.1).verdict is Verdict.FAIL
    assert twice.finding("oauth-single", request_days=9.9).verdict is Verdict.PASS


def test_that_a_certificate_without_key_or_of_another_subject_was_requested_for_something_else() -> None:
    first = certificate(-10)
    for other in (stored(certificate(-7, 700, 4), has_private_key=False), stored(certificate(-7, 700, 4, "fe02.contoso.lab"))):
        assert deployment().assigned(first).but("fe02", store=store(stored(first), other)).finding("oauth-single").verdict is Verdict.PASS


def test_that_the_certificate_which_was_replaced_is_no_rival_and_another_one_is() -> None:
    """A repair has just replaced the first: the configuration keeps it as the previous one, and knows which of the two is used."""
    first, second, third = certificate(-9), certificate(-7, 700, 4), certificate(-5, 690, 6)
    replaced = deployment().but(
        "fe01",
        "fe02",
        "fe03",
        oauth=(assignment(second, NOW - timedelta(days=7), previous_thumbprint=first.parsed.thumbprint.lower()),),
        store=store(stored(second), stored(first)),
    )
    assert replaced.finding("oauth-single").verdict is Verdict.PASS

    finding = replaced.but("fe02", store=store(stored(second), stored(first), stored(third))).finding("oauth-single")
    assert finding.words == "oauth-single.requested-twice"
    assert set(finding.facts["candidates"] or ()) == {second.parsed.thumbprint, third.parsed.thumbprint}  # type: ignore[arg-type]


def test_that_a_staged_certificate_is_no_second_request() -> None:
    first, staged = certificate(-10), certificate(-1, 700, 4)
    answers = (assignment(first), assignment(staged, NOW - timedelta(hours=1), effective_date=NOW + timedelta(days=2)))
    planned = deployment().assigned(first).but("fe01", "fe02", "fe03", oauth=answers, store=store(stored(first), stored(staged)))

    assert planned.finding("oauth-single").verdict is Verdict.PASS


def test_that_an_assignment_outside_global_explains_the_servers_that_lack_it() -> None:
    lone = deployment().assigned(certificate(), ASSIGNED, "fe01", source_scope="Service").but("fe02", oauth=())

    judgement = lone.judged()

    assert found(judgement, "oauth-assigned").words == "oauth-assigned.not-global"
    assert found(judgement, "local-store-current", "fe02").because == ("oauth-assigned@deployment",)


def test_that_a_store_nobody_could_read_is_unknown_and_says_who_was_asked() -> None:
    blind = deployment().but("fe01", "fe02", "fe03", oauth=NotSeen("access-denied")).judged()

    assert found(blind, "oauth-assigned").facts["asked_servers"] == ("fe01.contoso.lab",)
    assert found(blind, "oauth-single").facts["asked_servers"] == ("fe01.contoso.lab", "fe02.contoso.lab", "fe03.contoso.lab")
