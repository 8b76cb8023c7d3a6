"""Settings: kept whole, read with suspicion, and felt by the judgement."""

import json
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from oauthcert.casework.diagnose import Limits, judge_again, judged
from oauthcert.casework.provisional import Board
from oauthcert.casework.settings import SPANS, Problem, Settings, Waits, load_settings, read_settings, save_settings
from oauthcert.casework.whole_file import FileNotWritten
from oauthcert.checks.thresholds import Thresholds
from oauthcert.model.case import Case
from oauthcert.model.evidence import ClockSeen, NotSeen, Observation, ReachSeen, Seen
from oauthcert.model.finding import Verdict
from oauthcert.model.target import Target
from oauthcert.remote.winrm_gateway import Timing

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
OTHER = Settings("de", "dark", 150, 8, 60.0, Waits(3, 10, 20), Thresholds(expiry_warn_days=120, skew_warn_seconds=60))


def written(**changes: object) -> bytes:
    return json.dumps({"format": 1, **changes}).encode()


def test_that_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    file = tmp_path / "made" / "settings.json"
    save_settings(file, OTHER)
    loaded = load_settings(file)
    assert loaded.settings == OTHER
    assert loaded.problems == ()
    assert [one.name for one in file.parent.iterdir()] == ["settings.json"]


def test_that_defaults_are_those_of_a_look_without_settings() -> None:
    assert Settings().limits == Limits()
    assert Settings().waits.timing() == Timing()
    assert Settings().thresholds == Thresholds()


def test_that_every_figure_has_a_span_that_holds_its_default() -> None:
    settings = Settings()
    figures = {
        "text_percent": settings.text_percent,
        "lanes": settings.lanes,
        "seconds": settings.seconds,
        **asdict(settings.waits),
        **asdict(settings.thresholds),
    }
    assert set(figures) == set(SPANS)
    assert [name for name, figure in figures.items() if not SPANS[name].low <= figure <= SPANS[name].high] == []


def test_that_no_file_means_defaults_and_makes_none(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json").settings == Settings()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"language": "fr"}, Problem("wrong", "language", "fr")),
        ({"language": ["de"]}, Problem("wrong", "language", '["de"]')),
        ({"style": "pink"}, Problem("wrong", "style", "pink")),
        ({"text_percent": 99}, Problem("wrong", "text_percent", "99")),
        ({"text_percent": True}, Problem("wrong", "text_percent", "true")),
        ({"lanes": 2.5}, Problem("wrong", "lanes", "2.5")),
        ({"lanes": "8"}, Problem("wrong", "lanes", "8")),
        ({"seconds": float("nan")}, Problem("wrong", "seconds", "NaN")),
        ({"seconds": 1e300}, Problem("wrong", "seconds", "1e+300")),
        ({"waits": {"connect_seconds": 0}}, Problem("wrong", "connect_seconds", "0")),
        ({"waits": [1]}, Problem("wrong", "waits", "[1]")),
        ({"thresholds": {"expiry_days": 3}}, Problem("unknown", "expiry_days")),
        ({"colour": "red"}, Problem("unknown", "colour")),
        ({"thresholds": {"skew_warn_seconds": 400}}, Problem("order", "skew_warn_seconds", "400 > 300")),
        ({"x" * 200: 1}, Problem("unknown", "x" * 60 + "…")),
    ],
)
def test_that_a_wrong_value_costs_only_itself(tmp_path: Path, changes: dict[str, object], problem: Problem) -> None:
    file = tmp_path / "settings.json"
    good = changes if "text_percent" in changes else {"text_percent": 125, **changes}
    file.write_bytes(written(**good))
    loaded = load_settings(file)
    assert loaded.problems == (problem,)
    assert replace(loaded.settings, text_percent=100) == Settings()
    assert loaded.settings.text_percent == (100 if "text_percent" in changes else 125)
    assert (tmp_path / "settings.json.bad").read_bytes() == written(**good)
    assert load_settings(file) == replace(loaded, problems=())


@pytest.mark.parametrize("content", [b"", b"\0\xff", b"[1]", b"{}", b'{"format": 2}', b"[" * 100_000, b" " * 1_000_001 + b"{}"])
def test_that_a_file_that_is_none_is_set_aside(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(content)
    loaded = load_settings(file)
    assert loaded.settings == Settings()
    assert [one.kind for one in loaded.problems] == ["unreadable"]
    assert (tmp_path / "settings.json.bad").read_bytes() == content


def test_that_a_folder_in_place_of_the_file_is_told_and_left(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.mkdir()
    assert [one.kind for one in load_settings(file).problems] == ["unreadable"]
    with pytest.raises(FileNotWritten):
        save_settings(file, OTHER)
    assert file.is_dir()


def test_that_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "settings").write_text("a file")
    with pytest.raises(FileNotWritten):
        save_settings(tmp_path / "settings" / "settings.json", OTHER)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@trying(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*SPANS, "language", "style", "waits", "thresholds", "x"]), json_values))
def test_that_whatever_is_in_the_file_something_usable_comes_out(content: dict[str, object]) -> None:
    settings = read_settings(json.dumps({"format": 1, **content}).encode()).settings
    assert read_settings(json.dumps({"format": 1, **asdict(settings)}).encode()).problems == ()


def test_that_settings_have_no_place_for_a_secret() -> None:
    assert {one.name for one in fields(Settings)} == {"language", "style", "text_percent", "lanes", "seconds", "waits", "thresholds"}


def drifting(server: str, seconds: float) -> Observation:
    refused = NotSeen("sign-in-refused")
    return Observation(server, Seen(ReachSeen(server, 5985, "http")), refused, Seen(ClockSeen(seconds, 1.0, 3)), lost=refused)


@pytest.mark.parametrize(("thresholds", "verdict"), [(None, Verdict.WARN), (Thresholds(skew_warn_seconds=250), Verdict.PASS)])
def test_that_thresholds_reach_the_judgement(thresholds: Thresholds | None, verdict: Verdict) -> None:
    observations = (drifting("fe01.contoso.lab", 0), drifting("fe02.contoso.lab", 0), drifting("fe03.contoso.lab", 200))
    case = Case(NOW, NOW, "live", tuple(Target(one.server) for one in observations), observations)
    assert judged(case, thresholds).finding("time-skew@fe03.contoso.lab").verdict is verdict
    assert judge_again(case, thresholds).finding("time-skew@fe03.contoso.lab").verdict is verdict
    board = Board(case.targets, "live", lambda: NOW, thresholds)
    finished = tuple(replace(one, finished=NOW) for one in observations)
    assert {one.id: one.verdict for one in board.news(finished)}["time-skew@fe03.contoso.lab"] is verdict
