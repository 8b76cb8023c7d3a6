"""A planned change: which certificate is in use meanwhile, what is wrong with the plan, and what explains it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oauthcert.checks.assignment import local_assignment
from oauthcert.model.evidence import NotSeen
from oauthcert.model.finding import Verdict
from tests.builders.evidence import NOW, assignment, certificate, deployment, services, store, stored
from tests.unit.checks.examples_certificate import after_a_change, staged

OLD, NEW = certificate(-700, 20, 3), certificate(-3, 700, 4)


def coming(**changes: object) -> object:
    said = assignment(NEW, NOW - timedelta(days=2), effective_date=NOW + timedelta(days=8), previous_thumbprint=OLD.parsed.thumbprint)
    return replace(said, **changes)  # type: ignore[arg-type]


def test_that_until_the_effective_date_the_previous_one_is_in_use() -> None:
    """The product names only the certificate to come, and the one in use as its previous one."""
    said = local_assignment([coming()], NOW)  # type: ignore[list-item]
    assert said.thumbprint == OLD.parsed.thumbprint
    assert [one.thumbprint for one in said.staged] == [NEW.parsed.thumbprint]
    later = local_assignment([coming()], NOW + timedelta(days=9))  # type: ignore[list-item]
    assert (later.thumbprint, later.staged) == (NEW.parsed.thumbprint, ())


def test_that_a_lone_staged_certificate_without_a_previous_one_is_the_current_one() -> None:
    said = local_assignment([coming(previous_thumbprint=None)], NOW)  # type: ignore[list-item]
    assert (said.thumbprint, said.staged) == (NEW.parsed.thumbprint, ())


def test_that_a_good_plan_is_no_fault_though_the_old_certificate_ends_soon() -> None:
    judgement = staged().but(metadata=NotSeen("not-asked")).judged()
    assert judgement.causes == ()
    words = {finding.words for finding in judgement.findings}
    assert {"oauth-rollover.staged", "oauth-validity.renewal-staged"} <= words


@pytest.mark.parametrize("effective", [21, 8])
def test_that_only_a_plan_that_works_calms_the_end_of_the_old_one(effective: float) -> None:
    ready = staged(effective) if effective > 20 else staged(effective, -2, None, None, "fe02")
    assert ready.finding("oauth-validity", "fe02").words == "oauth-validity.expires-soon"


def test_that_a_change_is_still_well_planned_on_its_last_day() -> None:
    """What counts is how long beforehand it was staged, not how near it has come."""
    assert staged(0.2, -6).finding("oauth-rollover").words == "oauth-rollover.staged"


def test_that_minutes_after_staging_a_server_may_still_lack_it() -> None:
    fresh = staged(8, -0.001, None, None, "fe02", "fe03")
    assert fresh.finding("oauth-rollover").verdict is Verdict.PASS


def test_that_a_stopped_replica_explains_why_it_has_not_arrived() -> None:
    ill = staged(8, -2, None, None, "fe02").but("fe02", services=services("REPLICA", state="Stopped"))
    because = ill.finding("oauth-rollover").because
    assert because == ("replica-service@fe02.contoso.lab",)


def test_that_a_fault_elsewhere_does_not_explain_it() -> None:
    ill = staged(8, -2, None, None, "fe02").but("fe03", services=services("REPLICA", state="Stopped"))
    assert ill.finding("oauth-rollover").because == ()


def test_that_a_key_left_behind_counts_as_not_arrived() -> None:
    without_key = staged().but("fe02", store=store(stored(OLD), stored(NEW, has_private_key=False)))
    assert without_key.finding("oauth-rollover").facts["servers"] == ("fe02.contoso.lab",)


def test_that_the_bounds_are_settings() -> None:
    assert staged(8, -2).finding("oauth-rollover", lead_hours=300).words == "oauth-rollover.too-soon"
    assert after_a_change(100, certificate(-300, 300, 3)).finding("oauth-rollover", previous_days=120).verdict is Verdict.PASS


def test_that_on_the_day_of_a_change_nobody_has_to_tidy_up() -> None:
    """Somebody has just replaced a certificate that had ended."""
    assert after_a_change(0.2, certificate(-700, -3, 3)).finding("oauth-rollover").words == "oauth-rollover.previous-kept"
    assert after_a_change(1.1, certificate(-700, -3, 3)).finding("oauth-rollover").words == "oauth-rollover.previous-expired"


def test_that_nothing_staged_and_nothing_left_passes() -> None:
    assert deployment().finding("oauth-rollover").words == "oauth-rollover.pass"
