"""`oauthcert fix` without servers: what contradicts itself, whose agreement counts, and how answers are taken."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from oauthcert.casework.case_file import FileNotRead
from oauthcert.casework.events import StepEnded
from oauthcert.casework.practice import Practice
from oauthcert.casework.repair_parts import Given
from oauthcert.cli import agreeing
from oauthcert.cli.agreeing import NoConsent, PersonAtTheTerminal, agreed
from oauthcert.cli.answers import AnswerMissing, BadAnswer, answers_of, asked, checked, completed
from oauthcert.cli.in_practice import InPractice
from oauthcert.cli.main import run
from oauthcert.cli.parser import parse
from oauthcert.cli.plan_text import plan_json, plan_text
from oauthcert.cli.sentences import Sentences
from oauthcert.model.cancel import CancelToken
from oauthcert.model.errors import ScenarioError
from oauthcert.model.plan import Ask, AskKind, Consent, LeftOut, Manner
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.model.secret import Credential, Secret
from tests.fakes.fixing import START, case, plan, standing, turn
from tests.fakes.parts import fake_parts
from tests.fakes.servers import FakeServer
from tests.fakes.terminal import FakeConsole

WORDS = Sentences("en")


@pytest.fixture
def fix(tmp_path: Path) -> Callable[..., tuple[int, FakeConsole]]:
    parts, _ = fake_parts(tmp_path, {"fe01": FakeServer()})

    def call(*arguments: str) -> tuple[int, FakeConsole]:
        console = FakeConsole()
        return run(["fix", *arguments, "--lang", "en"], parts, console), console

    return call


@pytest.mark.parametrize(
    "line",
    [
        "",
        "replica-service@fe01",
        "start-replica",
        "fe01 --practice quiet",
        "fe01 --case x.json",
        "--practice quiet --user a",
        "--practice quiet --apply --preview",
        "--practice quiet --yes change",
        "--case x.json --user a",
        "--case x.json --product lync",
        "--case missing.json",
        "fe01",
    ],
)
def test_that_contradictions_end_with_64_and_a_sentence(fix: Callable[..., tuple[int, FakeConsole]], line: str) -> None:
    code, console = fix(*line.split())
    assert code == 64, console.err
    assert console.err.startswith("oauthcert: ")
    assert console.out == ""


def test_that_a_password_is_no_answer_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["fix", "fe01", "--password=CANARY-9"])
    assert "CANARY" not in capsys.readouterr().err


# --- agreement

CHANGE, DISRUPTIVE = turn("fe01", 1), turn("fe01", 2, consent=Consent.DISRUPTIVE)
BOTH = plan(CHANGE, DISRUPTIVE)


@pytest.mark.parametrize(("yes", "missing"), [(None, "change"), ("change", "disruptive")])
def test_that_without_a_terminal_only_what_was_agreed_to_beforehand_counts(yes: str | None, missing: str) -> None:
    with pytest.raises(NoConsent) as caught:
        agreed(BOTH, yes, FakeConsole(), WORDS)
    assert caught.value.facts == {"level": missing}


def test_that_a_stronger_agreement_holds_for_weaker_steps() -> None:
    assert agreed(BOTH, "irreversible", FakeConsole(), WORDS) is Consent.IRREVERSIBLE


def test_that_looking_needs_no_agreement() -> None:
    assert agreed(plan(standing("fe01", Manner.WAITS)), None, FakeConsole(), WORDS) is Consent.LOOK


@pytest.mark.parametrize(("typed", "level"), [("y\ny\n", Consent.DISRUPTIVE), ("ja\nn\n", None), ("\n", None), ("", None)])
def test_that_each_level_is_asked_about_on_a_terminal(typed: str, level: Consent | None) -> None:
    console = FakeConsole(typed, terminal=True)
    assert agreed(BOTH, None, console, WORDS) is level
    assert "changes something" in console.err


# --- answers

SECRET = Ask("pw", "f", AskKind.SECRET, "w")
FILE = Ask("pfx", "f", AskKind.FILE, "w")
CHOICE = Ask("size", "f", AskKind.CHOICE, "w", "2048", ("2048", "4096"))
MOMENT = Ask("when", "f", AskKind.MOMENT, "w")
TEXT = Ask("name", "f", AskKind.TEXT, "w", required=False)
ASKS = (SECRET, FILE, CHOICE, MOMENT, TEXT)


def test_that_answers_come_from_options_files_and_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "a=b.pfx"
    file.write_bytes(b"\0\1")
    line = ["fix", "fe01", "--answer", "size=4096", "--answer", "name=a=b", "--answer-file", f"pfx={file}", "--answer-stdin", "pw"]
    hidden: list[Secret] = []
    given = answers_of(parse(line), FakeConsole("CANARY-1\n"), hidden.append)
    assert checked(ASKS, given) == {"size": "4096", "name": "a=b", "pfx": b"\0\1", "pw": Secret("CANARY-1")}
    assert hidden == [Secret("CANARY-1")]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"pw": "CANARY-typed"}, "secret"),
        ({"pfx": "text"}, "file"),
        ({"size": b"4096"}, "text"),
        ({"size": "1024"}, "choice"),
        ({"when": "tomorrow"}, "moment"),
        ({"when": "2026-11-21T12:00:00"}, "moment"),
        ({"name": "a\nb"}, "text"),
        ({"name": "x" * 2001}, "text"),
        ({"other": "x"}, "not-asked"),
    ],
)
def test_that_wrong_answers_are_refused_and_not_repeated(given: dict[str, str | bytes], why: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        checked(ASKS, given)
    assert caught.value.facts["why"] == why
    assert "CANARY" not in WORDS.error(caught.value) + str(caught.value)
    assert "?" not in WORDS.error(caught.value)


def test_that_answers_without_a_name_or_a_file_are_refused(tmp_path: Path) -> None:
    for text in ("CANARY", "=x"):
        with pytest.raises(BadAnswer) as caught:
            answers_of(parse(["fix", "fe01", "--answer", text]), FakeConsole(), lambda _secret: None)
        assert caught.value.facts["why"] == "form"
    with pytest.raises(FileNotRead):
        answers_of(parse(["fix", "fe01", "--answer-file", f"a={tmp_path / 'none'}"]), FakeConsole(), lambda _secret: None)
    large = tmp_path / "large"
    large.write_bytes(b"x" * (4 * 1024 * 1024 + 1))
    with pytest.raises(BadAnswer):
        answers_of(parse(["fix", "fe01", "--answer-file", f"a={large}"]), FakeConsole(), lambda _secret: None)


def test_that_open_questions_are_asked_on_a_terminal_and_defaults_taken_elsewhere() -> None:
    assert completed((CHOICE, TEXT), {}, FakeConsole(), WORDS) == {"size": "2048"}
    assert completed((CHOICE,), {}, FakeConsole("4096\n", terminal=True), WORDS) == {"size": "4096"}
    with pytest.raises(AnswerMissing):
        completed((MOMENT,), {}, FakeConsole(), WORDS)
    with pytest.raises(AnswerMissing):
        asked(MOMENT, FakeConsole("\n", terminal=True), WORDS)
    with pytest.raises(BadAnswer):
        asked(CHOICE, FakeConsole("17\n", terminal=True), WORDS)


# --- people


def test_that_a_person_at_the_terminal_says_when_it_is_done() -> None:
    person = PersonAtTheTerminal(FakeConsole("y\nn\n", terminal=True), WORDS)
    step = standing("fe01", Manner.GUIDES)
    assert person.has_done(step, CancelToken())
    assert not person.has_done(step, CancelToken())
    assert not PersonAtTheTerminal(FakeConsole(), WORDS).has_done(step, CancelToken())


def test_that_in_practice_the_lab_lends_a_hand_once_and_time_to_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreeing, "PRACTICE_SECONDS", 0.0)
    monkeypatch.setattr(agreeing, "PRACTICE_LOOKS", 2)
    done: list[tuple[str, str]] = []
    person = PersonAtTheTerminal(FakeConsole(), WORDS, in_practice(by_hand=lambda fix, server: done.append((fix, server))))
    step = standing("fe01", Manner.GUIDES)
    assert [person.has_done(step, CancelToken()) for _ in range(4)] == [True, True, True, False]
    assert done == [("turn", "fe01")]

    def clumsy(fix: str, server: str) -> None:
        raise KeyError(fix)

    assert not PersonAtTheTerminal(FakeConsole(), WORDS, in_practice(by_hand=clumsy)).has_done(step, CancelToken())


def in_practice(**hands: object) -> InPractice:
    return InPractice(replace(Practice("any", (), Credential("u", Secret("p")), {}), **hands))  # type: ignore[arg-type]


def test_that_in_practice_a_request_that_was_made_is_answered() -> None:
    carried: list[str] = []

    def authority(request: str) -> bytes:
        carried.append(request)
        if request == "strange":
            raise ScenarioError("strange", scenario="")
        return b"answer"

    ask = Ask("request-oauth.answer", "request-oauth", AskKind.FILE, "request-answer", required=False)
    lab = in_practice(answer_request=authority)
    person = PersonAtTheTerminal(FakeConsole(), WORDS, lab)
    assert person.answer(ask, CancelToken()) is None  # nothing was requested yet
    for request, answer in (("PEM", b"answer"), ("strange", None)):
        lab.heard(StepEnded(StepResult("a@b/1", Outcome.CHANGED, START, START, after={"request": request})))
        assert person.answer(ask, CancelToken()) == answer
    assert carried == ["PEM", "strange"]


def test_that_in_practice_the_lab_has_the_file_unless_the_operator_brings_one() -> None:
    file, password = "import-oauth-pfx.file", "import-oauth-pfx.password"
    asks = (Ask(file, "import-oauth-pfx", AskKind.FILE, "pfx-file", choices=("AB",)), Ask(password, "", AskKind.SECRET, "pfx-password"))
    lab = in_practice(pfx=lambda thumbprint, secret: f"{thumbprint} {len(secret.reveal()) > 20}".encode())
    brought = lab.beforehand(asks, {})
    assert brought[file] == b"AB True"
    assert isinstance(brought[password], Secret)
    own: dict[str, Given] = {file: b"own", password: Secret("x")}
    assert lab.beforehand(asks, own) == own
    assert lab.beforehand((), {}) == {}
    assert in_practice().beforehand(asks, {}) == {}


# --- the plan as text


def test_that_a_plan_shows_each_step_and_no_secret() -> None:
    step = turn("fe01", Password=Secret("CANARY"), Wicked="a\x1b[31m\nb")
    made = replace(plan(step, asks=(CHOICE,)), left_out=(LeftOut("oauth-chain@fe01", "nothing-fits"), LeftOut("x@y", "explained-by")))
    text = plan_text(made, WORDS)
    assert "Start-StoppedService -Name switch -Password •••" in text
    assert "\x1b" not in text
    assert "CANARY" not in text + plan_json(made, case())
    assert "size: " in text
    assert "oauth-chain@fe01: " in text
    assert "x@y" not in text
    assert "function Start-StoppedService" in plan_text(made, WORDS, scripts=True)
    assert plan_text(plan(), WORDS) == "There is nothing to do.\n"
