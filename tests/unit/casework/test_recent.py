"""The list of recent cases: newest first, each file once, and never in the way."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oauthcert.casework.recent import MOST, note_case, recent_cases
from oauthcert.model.case import Case
from oauthcert.model.finding import Cause, Finding, Severity, Verdict
from oauthcert.model.target import Target

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def case(*verdicts: Verdict, at: datetime = NOON) -> Case:
    findings = tuple(Finding("oauth-chain", f"fe0{n}", verdict, Severity.HIGH, "x") for n, verdict in enumerate(verdicts))
    return Case(at, at, "live", (Target("fe00"), Target("fe01")), (), findings, (Cause("oauth-chain@fe00"),))


def test_that_the_newest_case_comes_first_and_no_file_twice(tmp_path: Path) -> None:
    listing = tmp_path / "settings" / "recent.json"
    for name in ("one", "two", "one"):
        note_case(listing, tmp_path / f"{name}.json", case(Verdict.PASS, Verdict.WARN, Verdict.FAIL))
    assert [entry.title for entry in recent_cases(listing)] == ["one", "two"]
    newest = recent_cases(listing)[0]
    assert (newest.file, newest.servers, newest.causes, newest.worst, newest.when) == (tmp_path / "one.json", 2, 1, "fail", NOON)


def test_that_the_list_stays_short(tmp_path: Path) -> None:
    for number in range(MOST + 3):
        note_case(tmp_path / "recent.json", tmp_path / f"{number}.json", case(at=NOON + timedelta(days=number)))
    assert [entry.title for entry in recent_cases(tmp_path / "recent.json")] == [str(number) for number in range(MOST + 2, 2, -1)]


@pytest.mark.parametrize(
    ("verdicts", "worst"),
    [
        ((), "pass"),
        ((Verdict.NOT_APPLICABLE,), "pass"),
        ((Verdict.UNKNOWN, Verdict.PASS), "unknown"),
        ((Verdict.WARN, Verdict.UNKNOWN), "warn"),
    ],
)
def test_that_the_worst_verdict_is_told(tmp_path: Path, verdicts: tuple[Verdict, ...], worst: str) -> None:
    note_case(tmp_path / "recent.json", tmp_path / "a.json", case(*verdicts))
    assert recent_cases(tmp_path / "recent.json")[0].worst == worst


QUOTED = '"a.json"'
GOOD = '{"file": "a.json", "servers": 1, "causes": 0, "worst": "pass", "when": "2026-11-21T12:00:00+00:00"}'


@pytest.mark.parametrize(
    "content",
    [
        "", "{}", "nonsense", "[1, null, {}]", "[" * 5000, f"[{GOOD.replace('pass', 'splendid')}]", f"[{GOOD.replace('+00:00', '')}]",
        f"[{GOOD.replace('1, ', '1e999, ')}]", f"[{GOOD.replace(QUOTED, '7')}]", "\ud83d\ufffd",
    ],
)  # fmt: skip
def test_that_a_list_of_another_making_is_an_empty_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "recent.json").write_bytes(content.encode("utf-8", "surrogatepass"))
    assert recent_cases(tmp_path / "recent.json") == ()


def test_that_a_list_that_cannot_be_written_is_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "recent.json").mkdir()
    note_case(tmp_path / "recent.json", tmp_path / "a.json", case())
    assert "recent cases was not written" in caplog.text
