"""What holds of every judgement, whatever was or was not seen."""

from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oauthcert.checks import CHECKS, Look, judge, judge_server_provisional
from oauthcert.checks.check import Scope
from oauthcert.model.case import Case
from oauthcert.model.evidence import ClockSeen, NotSeen, Seen
from oauthcert.model.finding import Verdict
from oauthcert.model.server_evidence import Assignment, ReplicaState, ServerEvidence, StoreCertificate
from oauthcert.model.target import Product
from tests.builders.evidence import NOW, PARTS, READER, Deployment, deployment, found
from tests.unit.checks.test_every_variant import EXAMPLES

REASONS = (
    "access-denied",
    "cmdlet-missing",
    "second-hop",
    "probe-deadline",
    "unreadable",
    "probe-failed",
    "deadline",
    "cut-off",
    "shell-quota",
    "language-constrained",
    "powershell-missing",
    "not-asked",
    "a reason nobody has heard of",
)
REACH_REASONS = ("name-not-found", "refused", "timed-out", "tls-not-trusted", "tls-version", "not-wsman", "connection-reset")
SIGN_IN_REASONS = ("sign-in-refused", "account-locked", "clock-skew", "method-not-offered", "deadline", "wsman-fault")


def holds_together(servers: tuple[ServerEvidence, ...], now: datetime = NOW) -> None:
    """One finding per check and scope; links that lead nowhere wrong; causes that are exactly the unexplained."""
    judgement = judge(servers, Look(now, READER))
    findings = judgement.findings
    expected = [
        (check.id, server)
        for check in CHECKS
        for server in ([None] if check.scope is Scope.DEPLOYMENT else [one.server for one in servers])
    ]
    assert [(finding.check, finding.server) for finding in findings] == expected
    by_id = {finding.id: finding for finding in findings}
    assert len(by_id) == len(findings)
    for finding in findings:
        assert finding.words.startswith(f"{finding.check}.")
        for cause in finding.because:
            assert by_id[cause].verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE)
            if by_id[cause].verdict is Verdict.UNKNOWN:
                assert finding.verdict is not Verdict.FAIL, "what was not seen explains no fault"
        assert not (finding.because and finding.verdict is Verdict.PASS)
    for root in judgement.causes:
        assert not by_id[root.finding].because
        assert set(root.explains) == {f.id for f in findings if root.finding in above(f.id, by_id)}
    bad = {f.id for f in findings if f.verdict in (Verdict.FAIL, Verdict.WARN)}
    assert bad <= {c.finding for c in judgement.causes} | {one for c in judgement.causes for one in c.explains}
    case = Case(now, now, "live", (), (), findings, judgement.causes)
    verdicts = {finding.verdict for finding in findings}
    assert (case.exit_code == 2) == (Verdict.FAIL in verdicts)
    assert (case.exit_code == 0) == (not verdicts & {Verdict.FAIL, Verdict.WARN, Verdict.UNKNOWN})


def above(finding_id: str, by_id: dict[str, Any]) -> set[str]:
    """Everything that explains a finding, near and far. Ends only because there is no circle, and fails where there is one."""
    seen: set[str] = set()
    waiting = [(finding_id, frozenset({finding_id}))]
    while waiting:
        one, way = waiting.pop()
        for cause in by_id[one].because:
            assert cause not in way, f"a circle through {cause}"
            if cause not in seen:
                seen.add(cause)
                waiting.append((cause, way | {cause}))
    return seen


@pytest.mark.parametrize("words", sorted(EXAMPLES))
def test_that_every_example_holds_together(words: str) -> None:
    illness, _ = EXAMPLES[words]()
    holds_together(tuple(illness.servers.values()))


def test_that_the_healthy_deployment_passes_without_a_cause() -> None:
    judgement = deployment().judged()

    assert {finding.verdict for finding in judgement.findings} == {Verdict.PASS, Verdict.NOT_APPLICABLE}
    assert judgement.causes == ()


def test_that_no_server_yields_nothing() -> None:
    assert judge((), Look(NOW)).findings == ()


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("part", PARTS)
def test_that_a_part_that_was_not_seen_fails_nothing_more(part: str, reason: str) -> None:
    """Not seeing may leave a question open, but it accuses nobody, save where the reason itself is an answer about PowerShell."""
    facts = {"message": "…", "probe": part}
    judgement = deployment().but("fe02", **{part: NotSeen(reason, facts)}).judged()

    accused = {f.words for f in judgement.findings if f.verdict is Verdict.FAIL}
    assert accused <= {"powershell-usable.missing", "powershell-usable.constrained-language", "powershell-usable.module-broken"}
    for finding in judgement.findings:
        if finding.verdict is Verdict.UNKNOWN and finding.server:
            assert finding.facts["reason"]


@pytest.mark.parametrize("reason", REASONS)
def test_that_nothing_seen_after_the_sign_in_leaves_everything_open(reason: str) -> None:
    blind = deployment()
    for part in PARTS:
        blind = blind.but(**{part: NotSeen(reason)})
    holds_together(tuple(blind.servers.values()))
    accused = {f.check for f in blind.judged().findings if f.verdict is Verdict.FAIL}
    assert accused <= {"powershell-usable"}


# --- anything at all ----------------------------------------------------------------------------------------------------------

moments = st.datetimes(timezones=st.just(UTC))
times = st.none() | moments | st.integers(-(10**6), 10**6).map(lambda s: NOW + timedelta(seconds=s))
names = st.sampled_from(["fe01.contoso.lab", "fe02.contoso.lab", "FE02", "fe03", "edge01.contoso.lab.", "", "10.0.0.7", "sql01", "ü"])
thumbprints = st.sampled_from(["A" * 40, "B" * 40, "", "b" * 40, "\u200e" + "C" * 40])
figures = st.floats() | st.sampled_from([0.0, 119.9, 120.0, 300.0, 301.5, -420.0, 1e300])
unseen = st.builds(
    NotSeen,
    st.sampled_from((*REASONS, *REACH_REASONS, *SIGN_IN_REASONS)),
    st.dictionaries(st.sampled_from(["message", "check", "server", "reason", "variant", "mode"]), st.text(max_size=9), max_size=3),
)
clocks = st.builds(ClockSeen, figures, figures, st.integers(0, 9))
assignments = st.builds(
    Assignment,
    *(st.none() | thumbprints, *(st.none() | st.text(max_size=9) for _ in range(3)), times, times, st.none() | st.just("OAuth")),
    st.none() | st.sampled_from(["Global", "Service", ""]),
    times,
    st.none() | thumbprints,
    times,
    st.booleans(),
    st.none() | st.text(max_size=9),
)
rows = st.builds(ReplicaState, names, st.booleans(), times, times, st.none() | st.text(max_size=5))
certificates = st.builds(StoreCertificate, thumbprints, st.binary(max_size=40), st.booleans(), st.text(max_size=5))


@st.composite
def strange_servers(draw: st.DrawFn) -> tuple[ServerEvidence, ...]:
    """The healthy servers, each with some parts unseen and some fields of the others replaced by anything of the right type."""
    return tuple(draw(_strange(server)) for server in deployment().servers.values() if draw(st.integers(0, 4)))


@st.composite
def _strange(draw: st.DrawFn, server: ServerEvidence) -> ServerEvidence:
    parts: dict[str, Any] = {"product_wanted": draw(st.sampled_from(Product))}
    for part in ("reach", "sign_in", "clock", *PARTS):
        seen = getattr(server, part)
        if draw(st.integers(0, 5)) == 0:
            parts[part] = draw(unseen)
        elif part == "clock":
            parts[part] = Seen(draw(clocks))
        elif part == "oauth":
            parts[part] = Seen(tuple(draw(st.lists(assignments, max_size=3))))
        elif isinstance(seen, Seen) and not isinstance(seen.value, tuple):
            parts[part] = Seen(replace(seen.value, **draw(_changes(seen.value))))
        elif isinstance(seen, Seen):
            parts[part] = Seen(tuple(replace(one, **draw(_changes(one))) for one in seen.value))
    return replace(server, **parts)


@st.composite
def _changes(draw: st.DrawFn, value: Any) -> dict[str, Any]:
    """Other values for up to three fields of this object."""
    known = [field.name for field in dataclass_fields(value)]
    chosen = draw(st.lists(st.sampled_from(known), max_size=3, unique=True))
    return {name: draw(_anything_like(name, getattr(value, name))) for name in chosen}


def _anything_like(name: str, now: object) -> st.SearchStrategy[Any]:
    if name == "replicas":
        return st.lists(rows, max_size=4).map(tuple)
    if name in ("my", "intermediate", "root"):
        return st.lists(certificates, max_size=3).map(tuple)
    if name in ("fqdn", "active_master", "replica", "computer", "domain"):
        return names
    if isinstance(now, bool):
        return st.booleans()
    if isinstance(now, int):
        return st.integers(-(2**40), 2**40)
    if isinstance(now, float):
        return figures
    if isinstance(now, datetime):
        return times if name not in ("time",) else moments
    if isinstance(now, tuple):
        return st.just(()) if not now else st.permutations(now).map(lambda mixed: tuple(mixed[1:]))
    if now is None:
        return st.none()
    return st.text(max_size=12) | st.sampled_from(["Stopped", "Disabled", "cng", "csp", "1.2.3.4.5", "…"])


@given(strange_servers(), moments | st.just(NOW))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_that_no_combination_of_evidence_breaks_a_judgement(servers: tuple[ServerEvidence, ...], now: datetime) -> None:
    if servers:
        holds_together(servers, now)


def test_that_a_judgement_does_not_depend_on_the_order_of_the_servers() -> None:
    illness: Deployment = deployment().row("fe02", up_to_date=False).but("fe03", oauth=())
    turned = replace(illness, servers=dict(reversed(list(illness.servers.items()))))

    one, other = illness.judged(), turned.judged()

    assert {f.id: f.words for f in one.findings} == {f.id: f.words for f in other.findings}
    assert {c.finding: set(c.explains) for c in one.causes} == {c.finding: set(c.explains) for c in other.causes}


def test_that_an_unreached_server_is_judged_by_what_others_say_of_it() -> None:
    clock = ClockSeen(-420, 1, 2)
    judgement = deployment().unreached("fe02", clock=clock).judged()

    assert found(judgement, "replication-up-to-date", "fe02").verdict is Verdict.PASS
    assert found(judgement, "replication-transport", "fe02").verdict is Verdict.PASS
    assert found(judgement, "time-skew", "fe02").words == "time-skew.too-large"
    for finding in judgement.findings:
        if finding.server == "fe02.contoso.lab" and finding.verdict is Verdict.UNKNOWN and finding.check != "server-reachable":
            assert finding.because == ("server-reachable@fe02.contoso.lab",)


@pytest.mark.parametrize("words", sorted(EXAMPLES))
def test_that_what_is_said_before_the_others_answer_stays_true(words: str) -> None:
    illness, _ = EXAMPLES[words]()
    judgement = illness.judged()
    for server in illness.servers.values():
        for early in judge_server_provisional(server, Look(NOW, READER)):
            late = found(judgement, early.check, server.server)
            assert early.verdict is late.verdict
