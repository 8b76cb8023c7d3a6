"""A server that answers a repair with whatever it likes: nothing is believed that was not asked, and no secret comes through."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from oauthcert.fixes.discretion import DOTS, Discretion
from oauthcert.fixes.engine import Call, Engine
from oauthcert.fixes.functions import call
from oauthcert.fixes.journal import DiskFile, Header, Journal
from oauthcert.fixes.journal_reading import RunRecord, read_file
from oauthcert.model.cancel import CancelToken
from oauthcert.model.evidence import Answer, Fault, JsonValue
from oauthcert.model.plan import Plan
from oauthcert.model.repair import Outcome, StepResult
from oauthcert.model.secret import Secret
from oauthcert.remote.wire import Question
from oauthcert.words import Catalogue
from tests.fakes.fixing import START, Ticking, turn
from tests.fakes.servers import CLOCK, REACHED, SIGNED_IN

RUN = "20261121T120000Z-000000"
KEY = "MIIKCANARYkeyMaterial0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/" * 30
STEP = turn("fe01")


def told(outcome: str = "changed", **changes: JsonValue) -> Answer:
    fields: dict[str, JsonValue] = {"outcome": outcome, "reason": None, "before": {}, "after": {}, "notes": []}
    return Answer("fix", True, ({**fields, **changes},))


@dataclass
class Liar:
    """Answers each question with what `says` makes of it."""

    says: Callable[[Question], Sequence[Answer]]
    asked: int = 0
    left_running: bool = False
    reached = REACHED
    signed_in = SIGNED_IN
    clock = CLOCK
    tls = None

    def ask(
        self,
        questions: Sequence[Question],
        library: str,
        *,
        deadline_seconds: float,
        token: CancelToken,
        on_answer: Callable[[Answer], None],
        once: bool = False,
    ) -> None:
        self.asked += 1
        for question in questions:
            for answer in self.says(question):
                on_answer(answer)

    def close(self) -> None: ...


def ran(folder: Path, liar: Liar, *, look_first: bool = False) -> tuple[StepResult, list[str]]:
    file = folder / f"{RUN}.ndjson"
    journal = Journal.begin(DiskFile(file, new=True), "run", Header(RUN, "1", START, "a", "u", "c", "live", (), Plan(START, (STEP,))))
    action = call("Import-OAuthPfx", Parts=[Secret(KEY)], Password=Secret("CANARY-pw"), Thumbprint="A" * 40)
    engine = Engine(lambda _server: liar, Ticking(), lambda _seconds: None, (0.1,))
    result = engine.run(Call(STEP.id, "fe01", action, look_first=look_first), journal).result
    journal.ended(result)
    record = read_file(file)
    assert isinstance(record, RunRecord)
    assert b"CANARY" not in file.read_bytes()
    assert "CANARY" not in repr(result)
    return result, [entry.event for entry in record.entries]


def test_that_a_change_claimed_for_a_mere_look_is_not_known(tmp_path: Path) -> None:
    liar = Liar(lambda _question: [told("changed")])
    result, events = ran(tmp_path, liar, look_first=True)
    assert (result.outcome, result.reason) == (Outcome.UNCERTAIN, "answer-unreadable")
    assert (events, liar.asked) == (["uncertain"], 1)


ODD: dict[str, Callable[[Question], Sequence[Answer]]] = {
    "none": lambda _question: [],
    "to-another-question": lambda _question: [Answer("session", True, ({"outcome": "changed"},))],
    "two": lambda _question: [told("changed"), told("refused", reason="expired")],
    "one-more": lambda _question: [told("changed"), Answer("other", True)],
    "nested": lambda _question: [told(after={"thumbprint": {"$": "secret"}})],
    "twenty-megabytes": lambda _question: [told(after={"thumbprint": "A" * 20_000_000})],
    "preview-of-a-change": lambda _question: [told("preview")],
}


@pytest.mark.parametrize("odd", ODD)
def test_that_an_odd_answer_to_a_change_is_looked_after_and_the_change_sent_once(tmp_path: Path, odd: str) -> None:
    changes = []

    def says(question: Question) -> Sequence[Answer]:
        if question.arguments["Preview"] is True:
            return [told("preview")]
        changes.append(question)
        return ODD[odd](question)

    result, events = ran(tmp_path, Liar(says))
    assert (result.outcome, result.reason, result.facts["cause"]) == (Outcome.FAILED, "not-made", "answer-unreadable")
    assert events == ["intend", "failed"]
    assert len(changes) == 1


@pytest.mark.parametrize("odd", sorted(set(ODD) - {"preview-of-a-change"}))
def test_that_an_odd_answer_to_the_look_after_it_leaves_it_not_known(tmp_path: Path, odd: str) -> None:
    def says(question: Question) -> Sequence[Answer]:
        return ODD[odd](question) if question.arguments["Preview"] is True else []

    assert ran(tmp_path, Liar(says))[0].outcome is Outcome.UNCERTAIN


def test_that_what_a_server_repeats_of_secrets_becomes_dots_whole_or_in_pieces(tmp_path: Path) -> None:
    said: list[JsonValue] = [f"cannot use CANARY-pw with {KEY[100:700]}", f"'{KEY[:60]}' is too long", "tail " + KEY[-45:] + "..."]
    facts: dict[str, JsonValue] = {"container": "x" + KEY[33:99], "list": list(said)}
    result, _events = ran(tmp_path, Liar(lambda _question: [told(before=facts, after=facts, notes=said)]))
    assert result.outcome is Outcome.CHANGED
    assert result.notes[0] == f"cannot use {DOTS} with {DOTS}"
    assert KEY[40:80] not in repr(result)
    assert KEY[-40:] not in repr(result)


def test_that_a_thrown_error_that_quotes_a_key_becomes_dots(tmp_path: Path) -> None:
    fault = Fault("InvalidArgument", "Broken", "System.Exception", f'Cannot convert "{KEY[:300]}')
    liar = Liar(lambda question: [told("preview")] if question.arguments["Preview"] is True else [Answer("fix", False, fault=fault)])
    result, _events = ran(tmp_path, liar)
    assert (result.outcome, result.facts["message"]) == (Outcome.FAILED, f'Cannot convert "{DOTS}')


def test_that_other_long_texts_stay_as_they_are() -> None:
    by = Discretion([Secret(KEY), Secret("abc")])
    request = "-----BEGIN NEW CERTIFICATE REQUEST-----\n" + "Q" * 76 + "\n-----END NEW CERTIFICATE REQUEST-----"
    assert by.texts([request, "abc", "D:PAI(A;;FA;;;SY)"]) == (request, "abc", "D:PAI(A;;FA;;;SY)")


@pytest.mark.parametrize("reason", [None, "", "no-such-reason", "a-b-c-d-e-f-g-h-i", "not-answered"])
def test_that_a_refusal_has_words_whatever_its_reason_and_without_one_is_not_believed(tmp_path: Path, reason: str | None) -> None:
    answer = told("refused", reason=reason, before={"thumbprint": "<b>\x1b[2J\0</b>", "state": None})
    if not reason:
        liar = Liar(lambda question: [answer] if question.arguments["Preview"] is False else [told("preview")])
        assert ran(tmp_path, liar)[0].outcome is Outcome.FAILED
        return
    result, _events = ran(tmp_path, Liar(lambda _question: [answer]))
    assert result.outcome is Outcome.REFUSED
    for language in ("en", "de"):
        text = str(Catalogue(language).reason(result.reason, result.facts))
        assert text.strip()
        assert "\x1b" not in text
        assert "\0" not in text
