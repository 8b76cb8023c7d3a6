"""The look from outside at real servers of the practice lab: what a row says, and that no account was ever sent."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from oauthcert.casework.survey import RowSurvey, survey
from oauthcert.lab.practice import PracticeLab
from oauthcert.lab.wsman import BlackHole, HttpStatus, LoopThread, Reset, SlowDrip, When, WsmanListener
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import Cancelled
from oauthcert.model.evidence import NotSeen
from oauthcert.model.target import Target
from oauthcert.remote.dialing import DialTimes
from oauthcert.remote.http_line import LineParts
from oauthcert.remote.identify import Identifier
from tests.unit.remote.practice import answering, settings, target_of

QUICK = Identifier(parts=LineParts(DialTimes(1, 1), contact_seconds=1), whole_seconds=1.5)


def look(target: Target, identifier: Identifier = QUICK, token: CancelToken | None = None) -> RowSurvey:
    return survey(target, identifier.identify, token or CancelToken())


def reason_of(row: RowSurvey) -> str:
    assert row.not_seen is not None
    return row.not_seen.reason


@pytest.fixture(scope="module")
def loop() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


@pytest.fixture
def listener(loop: LoopThread) -> WsmanListener:
    return loop.listen(answering, settings())


def by_name(lab: PracticeLab, name: str) -> Target:
    return next(target for target in lab.targets if target.name.startswith(name))


def test_that_a_healthy_lab_answers_without_one_sign_in() -> None:
    with PracticeLab.open("healthy-lync") as lab:
        rows = [look(target) for target in lab.targets]
        counters = lab.counters()
    assert [row.not_seen for row in rows] == [None] * 4
    assert all(row.milliseconds is not None and row.milliseconds < 1000 for row in rows)
    assert all("Negotiate" in row.methods for row in rows)
    assert {row.os_version for row in rows} == {None}  # Windows keeps its version from strangers
    assert all(row.clock is not None and abs(row.clock.offset_seconds) < 2 for row in rows)
    for counted in counters.values():
        assert (counted.connections, counted.sign_ins, counted.requests) == (1, 0, 2)
        assert not set(counted.operations) - {"Identify"}


def test_that_an_untrusted_certificate_is_shown_with_its_facts() -> None:
    with PracticeLab.open("tls-untrusted") as lab:
        row = look(by_name(lab, "fe02"))
        trusted = look(replace(by_name(lab, "fe02"), fingerprint=row.tls.sha256 if row.tls else ""))
        others = [look(target).not_seen for target in lab.targets if not target.name.startswith("fe02")]
    assert reason_of(row) == "tls-not-trusted"
    assert row.tls is not None
    assert row.not_seen is not None
    assert row.not_seen.facts["sha256"] == row.tls.sha256
    assert len(row.tls.sha256) == 64
    assert "fe02.contoso.lab" in row.tls.subject
    assert row.tls.not_before < row.tls.not_after
    assert trusted.not_seen is None
    assert trusted.tls == row.tls
    assert others == [None] * 3


def test_that_another_certificate_than_the_trusted_one_is_told() -> None:
    with PracticeLab.open("tls-untrusted") as lab:
        row = look(replace(by_name(lab, "fe02"), fingerprint="ab" * 32))
    assert row.not_seen is not None
    assert (row.not_seen.reason, row.not_seen.facts["why"]) == ("tls-not-trusted", "fingerprint")
    assert row.not_seen.facts["sha256"] != "ab" * 32


def test_that_a_web_server_is_not_taken_for_winrm_and_its_clock_is_kept() -> None:
    with PracticeLab.open("not-winrm") as lab:
        row = look(by_name(lab, "fe02"))
    assert reason_of(row) == "not-wsman"
    assert row.milliseconds is None
    assert row.clock is not None


def test_that_a_closed_port_is_refused() -> None:
    with PracticeLab.open("server-unreachable") as lab:
        assert reason_of(look(by_name(lab, "fe03"))) == "refused"


def test_that_an_unknown_name_is_told_as_such() -> None:
    assert reason_of(look(Target("no-such-server.invalid"))) in {"name-not-found", "timed-out"}


def test_that_plain_http_at_a_tls_port_does_not_hang() -> None:
    with PracticeLab.open("tls-untrusted") as lab:
        row = look(replace(by_name(lab, "fe02"), scheme="http"))
    assert reason_of(row) in {"connection-reset", "not-wsman", "timed-out"}


def test_that_tls_at_a_plain_port_is_told(listener: WsmanListener) -> None:
    assert reason_of(look(target_of(listener, scheme="https"))) in {"not-wsman", "connection-reset", "timed-out"}


@pytest.mark.parametrize("fault", [BlackHole(), SlowDrip(When(), piece=1, seconds=0.2)], ids=["silent", "trickling"])
def test_that_a_server_that_never_gets_done_is_given_up(listener: WsmanListener, fault: BlackHole | SlowDrip) -> None:
    listener.inject(fault)
    begun = time.monotonic()
    assert reason_of(look(target_of(listener))) == "timed-out"
    assert time.monotonic() - begun < 3


def test_that_a_broken_connection_is_told(listener: WsmanListener) -> None:
    listener.inject(Reset(When(number=1)))
    assert reason_of(look(target_of(listener))) == "connection-reset"


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_that_a_status_that_is_no_challenge_is_not_winrm(listener: WsmanListener, status: int) -> None:
    listener.inject(HttpStatus(status))
    row = look(target_of(listener))
    assert row.not_seen is not None
    assert (row.not_seen.reason, row.not_seen.facts["status"]) == ("not-wsman", str(status))


def test_that_a_server_that_does_not_introduce_itself_answers_all_the_same(listener: WsmanListener) -> None:
    listener.inject(Reset(When(number=2)))
    row = look(target_of(listener))
    assert row.not_seen is None
    assert row.milliseconds is not None


def test_that_a_cancel_ends_it_at_once(listener: WsmanListener) -> None:
    listener.inject(BlackHole())
    token = CancelToken()
    token.cancel()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        look(target_of(listener), Identifier(), token)
    assert time.monotonic() - begun < 1


def test_that_a_row_keeps_the_reason_with_its_facts() -> None:
    row = look(Target("127.0.0.1", port=9))
    assert row.not_seen == NotSeen("refused", {"address": "127.0.0.1", "port": "9"})
