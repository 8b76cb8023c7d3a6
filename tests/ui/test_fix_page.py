"""The page Fix, used: plan, consent, the run, what goes wrong in it."""

from dataclasses import replace
from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from oauthcert.casework.previewing import Previewed
from oauthcert.flow.state import WizardState
from oauthcert.model.errors import UsageError
from oauthcert.model.plan import Ask, AskKind, Consent, Plan
from oauthcert.model.repair import Outcome, Repair
from oauthcert.model.secret import Secret
from oauthcert.ui.models.fix_run import Stage
from oauthcert.ui.pages.fix import FixPage
from oauthcert.ui.theme import Theme
from tests.fakes.desk import FakeDesk
from tests.ui import repair_at_hand as hand


def opened(qtbot: QtBot, desk: FakeDesk, theme: Theme, plan: Plan = hand.PLAN, **more: object) -> FixPage:
    desk.plan_made = plan
    page = FixPage(desk, theme, **more)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    page.on_enter(hand.state(desk))
    qtbot.waitUntil(lambda: page.run.stage is Stage.READY)
    return page


def agree(page: FixPage) -> None:
    for box in page.consent.boxes.values():
        if box.isVisible():
            box.click()


def over(qtbot: QtBot, page: FixPage) -> None:
    qtbot.waitUntil(lambda: page.run.stage is Stage.OVER)


def choose(page: FixPage) -> None:
    button = page.asks.findChild(QPushButton, "choose-file")
    assert button is not None
    button.click()


def seen(page: FixPage, name: str) -> bool:
    label = page.findChild(QLabel, name)
    return label is not None and label.isVisible()


def said(page: FixPage, name: str) -> str:
    label = page.findChild(QLabel, name)
    assert label is not None
    return label.text()


def test_that_nothing_is_changed_before_every_level_was_agreed_to(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme)
    assert not page.standing().ready
    page.consent.boxes[Consent.CHANGE].click()
    assert not page.standing().ready
    assert page.standing().why_not == desk.phrase("fix.why-not.consent")
    page.on_primary()
    assert "repair" not in desk.asked
    page.consent.boxes[Consent.DISRUPTIVE].click()
    assert page.standing().ready


def test_that_no_consent_is_ticked_beforehand_and_levels_the_plan_does_not_need_are_not_asked(
    qtbot: QtBot, desk: FakeDesk, theme: Theme
) -> None:
    page = opened(qtbot, desk, theme)
    assert not any(box.isChecked() for box in page.consent.boxes.values())
    assert not page.consent.boxes[Consent.IRREVERSIBLE].isVisible()


def test_that_the_script_and_its_values_are_shown_for_the_step_that_is_chosen(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme)
    text = page.findChild(QPlainTextEdit, "script-text")
    assert text is not None
    assert "Start-Service -Name $Name" in text.toPlainText()
    assert "REPLICA" in [label.text() for label in page.script.findChildren(QLabel)]
    QTest.mouseClick(page.steps.rows[1], Qt.MouseButton.LeftButton)
    assert not text.isVisible()
    assert "CONTOSO\\admin" not in said(page, "step-how")


def test_that_a_repair_runs_to_its_end_and_hands_over_what_became_of_it(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    desk.repairing = hand.all_goes_well
    page = opened(qtbot, desk, theme)
    agree(page)
    assert page.on_primary() is False
    over(qtbot, page)
    assert page.news().title == desk.phrase("fix.over.good.title")
    after = page.apply(hand.state(desk))
    assert after.repair is page.run.repair
    assert after.case is hand.AFTER
    assert not after.repairing
    assert page.on_primary() is True
    assert "the server says" in page.log.text.toPlainText()


def test_that_the_primary_button_stops_after_the_step_while_it_runs(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    begun, stopped = Event(), Event()

    def waits(plan: Plan, _answers: object, _person: object, token: object, _tell: object) -> Repair:
        begun.set()
        assert token.wait(5)  # type: ignore[attr-defined]
        stopped.set()
        return hand.repaired(plan, Outcome.CHANGED, after=None)

    desk.repairing = waits
    page = opened(qtbot, desk, theme)
    agree(page)
    page.on_primary()
    assert begun.wait(5)
    assert page.standing().busy
    assert page.apply(hand.state(desk)).repairing
    assert page.standing().primary == desk.phrase("fix.primary.stop")
    page.on_primary()
    assert page.news().title == desk.phrase("fix.stopping.title")
    assert not page.standing().ready
    over(qtbot, page)
    assert stopped.is_set()
    assert page.news().title == desk.phrase("fix.over.wrong.title")


def test_that_a_step_that_failed_says_why_beside_it(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    desk.repairing = lambda plan, *_: hand.repaired(plan, Outcome.FAILED, Outcome.SKIPPED, Outcome.SKIPPED, reasons=("access-denied",))
    page = opened(qtbot, desk, theme)
    agree(page)
    page.on_primary()
    over(qtbot, page)
    row = page.steps.rows[0]
    assert desk.catalogue.reason("access-denied").title in row.accessibleName()
    assert page.news().title == desk.phrase("fix.over.wrong.title")


def test_that_an_uncertain_step_is_told_neither_as_done_nor_as_failed(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    desk.repairing = lambda plan, *_: hand.repaired(plan, Outcome.UNCERTAIN)
    page = opened(qtbot, desk, theme)
    agree(page)
    page.on_primary()
    over(qtbot, page)
    name = page.steps.rows[0].accessibleName()
    assert desk.phrase("fix.mark.uncertain") in name
    assert desk.phrase("fix.mark.wrong") not in name


def test_that_a_repair_that_cannot_begin_says_so_and_can_be_planned_again(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    def refuses(*_: object) -> Repair:
        raise UsageError("another repair runs")

    desk.repairing = refuses
    page = opened(qtbot, desk, theme)
    agree(page)
    page.on_primary()
    over(qtbot, page)
    assert page.news().title == desk.phrase("fix.over.broken.title")
    assert page.on_primary() is False
    qtbot.waitUntil(lambda: page.run.stage is Stage.READY)
    assert desk.asked.count("plan") == 2


def test_that_a_missing_password_is_asked_for_and_the_plan_stays(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme)
    desk.held.clear()
    agree(page)
    page.on_primary()
    qtbot.waitUntil(lambda: bool(page.run.trouble))
    assert "CONTOSO\\admin" in page.news().sentence
    assert len(page.steps.rows) == 3


def test_that_a_person_is_told_what_to_do_and_asked_again_while_it_is_not_seen(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    def asks_twice(plan: Plan, _answers: object, person: object, token: object, _tell: object) -> Repair:
        step = plan.steps[0]
        assert person.has_done(step, token)  # type: ignore[attr-defined]
        assert person.has_done(step, token)  # type: ignore[attr-defined]
        return hand.repaired(plan, Outcome.BY_HAND)

    desk.repairing = asks_twice
    page = opened(qtbot, desk, theme, Plan(hand.NOW, (hand.GUIDE,)))
    page.on_primary()
    qtbot.waitUntil(page.guide.isVisible)
    assert not seen(page, "guide-again")
    assert not page.guide.lab.isVisible()
    page.guide.done.click()
    qtbot.waitUntil(lambda: page.guide.isVisible() and seen(page, "guide-again"))
    page.guide.done.click()
    over(qtbot, page)
    assert not page.guide.isVisible()


def test_that_in_practice_the_lab_does_what_a_person_would_do(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    desk.repairing = hand.all_goes_well
    desk.plan_made = Plan(hand.NOW, (hand.GUIDE,))
    page = FixPage(desk, theme)
    qtbot.addWidget(page)
    page.show()
    page.on_enter(replace(hand.state(desk), scenario="edge-never-reported"))
    qtbot.waitUntil(lambda: page.run.stage is Stage.READY)
    page.on_primary()
    qtbot.waitUntil(page.guide.isVisible)
    page.guide.lab.click()
    over(qtbot, page)
    assert desk.lab_did == [hand.GUIDE.id]
    assert page.run.repair is not None
    assert page.run.repair.results[0].outcome is Outcome.BY_HAND


def test_that_a_wait_shows_since_and_until_when(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    go = Event()

    def waits(plan: Plan, _answers: object, _person: object, token: object, tell: object) -> Repair:
        from oauthcert.casework.events import StepStarted, StepWaiting

        tell(StepStarted(plan.steps[1].id))  # type: ignore[operator]
        tell(StepWaiting(plan.steps[1].id, hand.NOW, hand.NOW.replace(year=2036), (hand.LATE,)))  # type: ignore[operator]
        assert go.wait(5)
        return hand.repaired(plan, Outcome.CHANGED, Outcome.ARRIVED, Outcome.CHANGED)

    desk.repairing = waits
    page = opened(qtbot, desk, theme)
    agree(page)
    page.on_primary()
    qtbot.waitUntil(page.waiting.isVisible)
    assert f"{hand.NOW.astimezone():%H:%M:%S}" in said(page, "waiting-times")
    assert desk.catalogue.check(hand.LATE.check).name in said(page, "waiting-then")
    assert page.waiting.findChild(QProgressBar) is not None
    go.set()
    over(qtbot, page)
    assert not page.waiting.isVisible()


def test_that_questions_have_to_be_answered_before_it_starts(qtbot: QtBot, desk: FakeDesk, theme: Theme, tmp_path: Path) -> None:
    pfx = tmp_path / "oauth.pfx"
    pfx.write_bytes(b"0\x82 not really")
    plan = replace(hand.PLAN, asks=(hand.ASK, hand.SECRET))
    page = opened(qtbot, desk, theme, plan, choose=lambda _parent, _title: str(pfx))
    agree(page)
    assert page.standing().why_not == desk.phrase("fix.why-not.asks")
    desk.wrong["pfx"] = "This is not a PFX file."
    choose(page)
    edit = page.asks.fields["pfx-password"].findChild(QLineEdit)
    assert edit is not None
    QTest.keyClicks(edit, "a PFX password")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == ""
    qtbot.waitUntil(lambda: not page.run.replanning)
    assert not page.standing().ready
    assert said(page, "ask-wrong") == "This is not a PFX file."
    desk.wrong.clear()
    assert page.standing().ready
    assert desk.asked.count("plan") > 1
    assert page.run.answers == {"pfx": b"0\x82 not really", "pfx-password": Secret("a PFX password")}


def test_that_an_answer_that_changes_the_plan_has_to_be_agreed_to_anew(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    way = Ask("request-oauth.way", "request-oauth", AskKind.TEXT, "request-way", default="online")
    page = opened(qtbot, desk, theme, replace(hand.PLAN, asks=(way,)))
    agree(page)
    assert page.standing().ready
    desk.plan_made = replace(hand.PLAN, steps=hand.PLAN.steps[:1], asks=(way,))
    line = page.asks.findChild(QLineEdit)
    assert line is not None
    QTest.keyClicks(line, "x")
    assert not page.standing().ready
    qtbot.waitUntil(lambda: len(page.steps.rows) == 1)
    assert not page.standing().ready
    assert page.asks.findChild(QLineEdit) is line
    agree(page)
    assert page.standing().ready


def test_that_a_file_that_cannot_be_read_is_told_under_its_question(qtbot: QtBot, desk: FakeDesk, theme: Theme, tmp_path: Path) -> None:
    plan = replace(hand.PLAN, asks=(hand.ASK,))
    page = opened(qtbot, desk, theme, plan, choose=lambda _parent, _title: str(tmp_path / "gone.pfx"))
    choose(page)
    assert said(page, "ask-wrong")
    assert page.run.open_asks == (hand.ASK,)


def test_that_the_servers_can_be_asked_what_each_step_would_do_before_anything_is_agreed_to(
    qtbot: QtBot, desk: FakeDesk, theme: Theme
) -> None:
    desk.previewed = (
        Previewed(hand.START.id, "preview"),
        Previewed(hand.WAIT.id, "later"),
        Previewed(hand.RESTART.id, "refused", "access-denied"),
    )
    page = opened(qtbot, desk, theme)
    page.consent.preview.click()
    assert page.standing().busy
    qtbot.waitUntil(lambda: page.run.stage is Stage.READY)
    assert "repair" not in desk.asked
    names = [row.accessibleName() for row in page.steps.rows]
    assert desk.phrase("fix.preview.preview") in names[0]
    assert desk.catalogue.reason("access-denied").title in names[2]
    assert not page.standing().ready
    agree(page)
    assert page.standing().ready


def test_that_an_empty_plan_leads_on_to_the_report(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme, Plan(hand.NOW, (), left_out=hand.PLAN.left_out))
    assert page.news().title == desk.phrase("fix.none.title")
    assert page.standing().ready
    assert page.on_primary() is True


def test_that_what_the_plan_leaves_out_is_told(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme)
    assert any("1" in label.text() or "One" in label.text() for label in page.left_out.findChildren(QLabel))


def test_that_coming_back_keeps_a_plan_and_a_new_case_makes_a_new_one(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme)
    page.on_enter(hand.state(desk))
    assert desk.asked.count("plan") == 1
    page.on_enter(hand.state(desk, replace(hand.BEFORE)))
    qtbot.waitUntil(lambda: page.run.stage is Stage.READY)
    assert desk.asked.count("plan") == 2


def test_that_what_was_repaired_stays_to_be_read(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    desk.repairing = hand.all_goes_well
    page = opened(qtbot, desk, theme)
    agree(page)
    page.on_primary()
    over(qtbot, page)
    after: WizardState = page.apply(hand.state(desk))
    page.on_enter(after)
    assert page.run.stage is Stage.OVER
    assert desk.asked.count("plan") == 1


def test_that_the_arrows_go_from_step_to_step(qtbot: QtBot, desk: FakeDesk, theme: Theme) -> None:
    page = opened(qtbot, desk, theme)
    first, second = page.steps.rows[0], page.steps.rows[1]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert second.isChecked()
    assert not first.isChecked()
