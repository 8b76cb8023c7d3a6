"""The page "Check": starting, filling, stopping, reading a light, looking again."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from oauthcert.casework.events import Answered, Connecting, Provisional, Started
from oauthcert.collect.probes import PROBES
from oauthcert.flow.state import Account, WizardState
from oauthcert.model.cancel import CancelToken
from oauthcert.model.case import Case
from oauthcert.model.errors import UsageError
from oauthcert.model.finding import Verdict
from oauthcert.model.secret import Credential, Secret
from oauthcert.model.target import Target
from oauthcert.ui.desk import Tell
from oauthcert.ui.models.board_order import Order
from oauthcert.ui.pages.check import CheckPage
from oauthcert.ui.theme import Theme
from tests.fakes.desk import FakeDesk
from tests.unit.report.cases import replica_stopped

TWO = "fe02.contoso.lab"
ADMIN = Account("CONTOSO\\admin", ready=True)
Look = Callable[[Sequence[Target], CancelToken, Tell], Case]


class StagedDesk(FakeDesk):
    """A desk whose looks are written by the test; `sources` are what the page said it looks at."""

    def __init__(self, language: str = "en") -> None:
        super().__init__(language)
        self.staged: Look = lambda _targets, _token, _tell: replica_stopped()
        self.sources: list[str] = []
        self.again: list[tuple[str, ...]] = []
        self.hold(Credential(ADMIN.username, Secret("practice")))

    def look(self, targets: Sequence[Target], credential: Credential, source: str, token: CancelToken, tell: Tell) -> Case:
        self.sources.append(source)
        return self.staged(targets, token, tell)

    def look_again(self, case: Case, servers: Sequence[str], credential: Credential, token: CancelToken, tell: Tell) -> Case:
        self.again.append(tuple(servers))
        return self.staged(case.targets, token, tell)


@pytest.fixture
def case() -> Case:
    return replica_stopped()


@pytest.fixture
def desk() -> StagedDesk:
    return StagedDesk()


@pytest.fixture
def page(qtbot: QtBot, desk: StagedDesk, theme: Theme) -> Iterator[CheckPage]:
    made = CheckPage(desk, theme)
    qtbot.addWidget(made)
    made.resize(1000, 640)
    made.show()
    yield made
    made.on_cancel()
    qtbot.waitUntil(lambda: not made.standing().busy, timeout=5000)


def fresh(looked_at: Case, /, **changes: object) -> WizardState:
    return replace(WizardState(targets=looked_at.targets, account=ADMIN), **changes)  # type: ignore[arg-type]


def ended(qtbot: QtBot, page: CheckPage) -> None:
    qtbot.waitUntil(lambda: not page.standing().busy, timeout=10_000)


def label(page: CheckPage, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def test_that_nothing_is_asked_until_the_operator_says_so(page: CheckPage, desk: StagedDesk, case: Case) -> None:
    page.on_enter(fresh(case))
    assert desk.sources == []
    assert page.news().title == "Ready to look at 4 servers"
    assert page.standing().primary == "Start looking"
    assert page.board.rowCount() == 5
    assert not page.on_cancel()


def test_that_without_servers_it_says_what_is_missing(page: CheckPage) -> None:
    page.on_enter(WizardState())
    standing = page.standing()
    assert not standing.ready
    assert standing.why_not


def test_that_a_case_for_these_servers_is_shown_and_not_looked_at_again(page: CheckPage, desk: StagedDesk, case: Case) -> None:
    page.on_enter(fresh(case, case=case))
    assert desk.sources == []
    assert page.standing().primary == "Findings"
    assert page.on_primary()
    assert page.board.counts[Verdict.FAIL] == 5
    assert page.news().title == "2 of 4 servers have a problem"
    # The first cause is what one reads first.
    assert page.view.place == (TWO, "replica-service")


def test_that_the_primary_button_looks_and_then_goes_on(qtbot: QtBot, page: CheckPage, desk: StagedDesk, case: Case) -> None:
    page.on_enter(fresh(case, scenario="replica-stopped"))
    assert not page.on_primary()
    assert page.apply(fresh(case)).looking
    ended(qtbot, page)
    assert desk.sources == ["practice:replica-stopped"]
    after = page.apply(fresh(case))
    assert (after.looking, after.case) == (False, case)
    assert page.on_primary()


def test_that_a_real_look_says_it_is_live(qtbot: QtBot, page: CheckPage, desk: StagedDesk, case: Case) -> None:
    page.on_enter(fresh(case))
    page.on_primary()
    ended(qtbot, page)
    assert desk.sources == ["live"]


def test_that_lights_come_on_while_the_look_runs(qtbot: QtBot, page: CheckPage, desk: StagedDesk, case: Case) -> None:
    release = threading.Event()

    def look(targets: Sequence[Target], token: CancelToken, tell: Tell) -> Case:
        tell(Started(tuple(target.name for target in targets)))
        tell(Connecting(TWO))
        tell(Answered(TWO, "session", True, 1, 14))
        tell(Provisional(tuple(finding for finding in case.findings if finding.server == TWO)))
        release.wait(10)
        return case

    desk.staged = look
    page.on_enter(fresh(case))
    page.view.go_to(TWO, "replica-service")
    page.on_primary()
    qtbot.waitUntil(lambda: page.board.counts[Verdict.FAIL] == 5, timeout=5000)
    standing = page.standing()
    assert (standing.ready, standing.busy, standing.note) == (False, True, "1 %")
    assert page.news().title == "Looking at 4 servers"
    assert page.news().sentence.endswith("Waiting for fe02.")
    assert f"1 of {4 * len(PROBES)} answers are in" in page.news().sentence
    assert label(page, "detail-title") == desk.catalogue.finding(case.finding(f"replica-service@{TWO}")).title
    release.set()
    ended(qtbot, page)


def test_that_cancel_answers_at_once_and_keeps_what_came(qtbot: QtBot, page: CheckPage, desk: StagedDesk, case: Case) -> None:
    began = threading.Event()

    def look(targets: Sequence[Target], token: CancelToken, tell: Tell) -> Case:
        began.set()
        token.wait(10)
        time.sleep(0.3)  # tidying up on the servers
        return case

    desk.staged = look
    page.on_enter(fresh(case))
    page.on_primary()
    qtbot.waitUntil(began.is_set, timeout=5000)
    assert page.on_cancel()
    assert page.news().title == "Stopping"
    assert page.standing().busy
    ended(qtbot, page)
    assert page.news().title == "Stopped"
    assert page.apply(fresh(case)).case == case
    assert page.standing().primary == "Findings"
    assert page.tools.again.isEnabled()


def test_that_f5_looks_at_the_server_of_the_row(qtbot: QtBot, page: CheckPage, desk: StagedDesk, case: Case) -> None:
    page.on_enter(fresh(case, case=case))
    page.view.go_to(TWO, "local-store-current")
    QTest.keyClick(page.view, Qt.Key.Key_F5)
    ended(qtbot, page)
    assert desk.again == [(TWO,)]


def test_that_f5_on_the_deployment_looks_at_all(qtbot: QtBot, page: CheckPage, desk: StagedDesk, case: Case) -> None:
    page.on_enter(fresh(case, case=case))
    page.view.go_to(None, "cms-master")
    QTest.keyClick(page.view, Qt.Key.Key_F5)
    ended(qtbot, page)
    assert (desk.again, desk.sources) == ([], ["live"])


def test_that_a_stopped_second_look_loses_nothing(qtbot: QtBot, page: CheckPage, desk: StagedDesk, case: Case) -> None:
    began = threading.Event()

    def look(targets: Sequence[Target], token: CancelToken, tell: Tell) -> Case:
        began.set()
        token.wait(10)
        return replace(case, findings=())

    desk.staged = look
    page.on_enter(fresh(case, case=case))
    QTest.mouseClick(page.detail.again_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(began.is_set, timeout=5000)
    assert not page.detail.again_button.isEnabled()
    page.on_cancel()
    ended(qtbot, page)
    assert page.apply(fresh(case)).case == case
    assert page.board.counts[Verdict.FAIL] == 5
    assert "kept" in page.news().sentence


def test_that_a_missing_password_is_said_and_not_asked_for_in_a_box(qtbot: QtBot, page: CheckPage, desk: StagedDesk, case: Case) -> None:
    page.on_enter(fresh(case, account=Account("CONTOSO\\nobody", ready=True)))
    page.on_primary()
    ended(qtbot, page)
    assert desk.sources == []
    assert page.news().title == "A password is needed"
    assert "CONTOSO\\nobody" in page.news().sentence
    assert page.standing().primary == "Start looking"


def test_that_an_error_with_words_is_told_in_the_page(qtbot: QtBot, page: CheckPage, desk: StagedDesk, case: Case) -> None:
    def look(targets: Sequence[Target], token: CancelToken, tell: Tell) -> Case:
        raise UsageError("no such thing")

    desk.staged = look
    page.on_enter(fresh(case, case=case))
    page.tools.look_again.emit()
    ended(qtbot, page)
    assert page.news().title == "The look did not succeed"
    assert page.apply(fresh(case)).case == case


def test_that_an_error_nobody_expected_reaches_the_crash_hook(qtbot: QtBot, page: CheckPage, desk: StagedDesk, case: Case) -> None:
    def look(targets: Sequence[Target], token: CancelToken, tell: Tell) -> Case:
        raise ZeroDivisionError

    desk.staged = look
    page.on_enter(fresh(case))
    with qtbot.captureExceptions() as caught:
        page.on_primary()
        ended(qtbot, page)
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]
    assert page.news().title == "The look did not succeed"


def test_that_other_servers_make_a_new_board(page: CheckPage, case: Case) -> None:
    page.on_enter(fresh(case, case=case))
    page.on_enter(WizardState(targets=(Target("ex01.contoso.lab"),), account=ADMIN))
    assert page.board.rowCount() == 2
    assert page.apply(WizardState()).case is None
    assert not page.board.counts.total()


def test_that_arrows_walk_the_lights_and_enter_opens_the_answer(qtbot: QtBot, page: CheckPage, case: Case) -> None:
    page.on_enter(fresh(case, case=case))
    page.view.setFocus()
    page.view.go_to(TWO, "replica-service")
    QTest.keyClick(page.view, Qt.Key.Key_Right)
    assert page.view.place == (TWO, "replication-up-to-date")
    assert page.help_page() == "replication-up-to-date"
    QTest.keyClick(page.view, Qt.Key.Key_Down)
    assert page.view.place == ("fe03.contoso.lab", "replication-up-to-date")
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    qtbot.waitUntil(page.detail.hasFocus, timeout=2000)


def test_that_the_name_of_a_server_leads_to_its_worst_light(page: CheckPage, case: Case) -> None:
    page.on_enter(fresh(case, case=case))
    rows = [page.order.index(row, 0) for row in range(page.order.rowCount())]
    places = []
    for row in (2, 1):
        page.view.setCurrentIndex(rows[row])
        places.append(page.view.place)
    assert places == [(TWO, "local-store-current"), ("fe01.contoso.lab", None)]
    assert label(page, "detail-question") == "fe01.contoso.lab"


def test_that_copy_gives_plain_lines_for_a_ticket(qtbot: QtBot, page: CheckPage, case: Case) -> None:
    page.on_enter(fresh(case, case=case))
    page.view.go_to(TWO, "local-store-current")
    QTest.mouseClick(page.detail.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().startswith("[failed] ")
    assert f"Server: {TWO}\n" in QGuiApplication.clipboard().text()
    assert page.detail.copy_button.text() == "Copied"


def test_that_what_a_server_said_is_shown_as_it_is(page: CheckPage, case: Case) -> None:
    finding = replace(case.finding(f"replica-service@{TWO}"), facts={"state": "<b>x</b>", "start_mode": "Auto"})
    page.on_enter(fresh(case, case=replace(case, findings=(finding,), causes=())))
    page.view.go_to(TWO, "replica-service")
    shown = [one for one in page.detail.facts.findChildren(QLabel) if one.text() == "<b>x</b>"]
    assert [one.textFormat() for one in shown] == [Qt.TextFormat.PlainText]


def test_that_the_menu_offers_the_servers_with_the_same_problem(qtbot: QtBot, page: CheckPage, desk: StagedDesk, case: Case) -> None:
    page.on_enter(fresh(case, case=case))
    page.view.go_to(TWO, "replica-service")
    actions = [action for action in page.menu().actions() if not action.isSeparator()]
    assert [action.text() for action in actions][:2] == [
        f"Check {TWO} again",
        "Check the 2 servers with a problem at “Replica service” again",
    ]
    actions[1].trigger()
    ended(qtbot, page)
    assert desk.again == [(TWO, case.targets[3].name)]


def test_that_filter_and_order_keep_the_selected_light(page: CheckPage, case: Case) -> None:
    page.on_enter(fresh(case, case=case))
    page.view.go_to(TWO, "replica-service")
    page.tools.sorted_by.emit(Order.WORST)
    page.tools.problems.setChecked(True)
    assert page.order.rowCount() == 3
    assert page.view.place == (TWO, "replica-service")
    page.tools.filter.setText("nowhere")
    assert page.order.rowCount() == 0
    page.view.grab()


@pytest.mark.parametrize("language", ["en", "de"])
def test_that_every_word_of_the_page_exists(qtbot: QtBot, theme: Theme, case: Case, language: str) -> None:
    page = CheckPage(StagedDesk(language), theme)
    qtbot.addWidget(page)
    page.on_enter(fresh(case, case=case))
    for finding in case.findings:
        page.view.go_to(finding.server, finding.check)
        shown = [one.text() for one in page.findChildren(QLabel)]
        assert not [text for text in shown if text.startswith("check.") or "{" in text]
    assert not [action.text() for action in page.menu().actions() if action.text().startswith("check.")]


def test_that_a_light_is_found_where_it_is_drawn(qtbot: QtBot, page: CheckPage, case: Case) -> None:
    page.on_enter(fresh(case, case=case))
    page.view.go_to(TWO, "replica-service")
    spot = page.view.visualRect(page.view.currentIndex()).center()
    page.view.clearSelection()
    page.view.setCurrentIndex(page.order.index(0, 0))
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(spot))
    assert page.view.place == (TWO, "replica-service")


def test_that_names_stay_in_place_while_lights_are_scrolled_sideways(page: CheckPage, case: Case) -> None:
    page.resize(420, 640)
    page.on_enter(fresh(case, case=case))
    view, edge = page.view, page.view.columnWidth(0)
    sideways = view.horizontalScrollBar()
    assert sideways.maximum() > 0
    view.setCurrentIndex(page.order.index(1, 1))
    sideways.setValue(sideways.maximum())
    at = view.visualRect(page.order.index(2, 0)).center()
    assert at.x() < edge
    assert view.indexAt(at) == page.order.index(2, 0)
    # A light that is walked to from the right is never left behind the names.
    view.setCurrentIndex(page.order.index(1, 9))
    view.setCurrentIndex(page.order.index(1, 2))
    assert view.visualRect(page.order.index(1, 2)).left() >= edge
    view.setCurrentIndex(page.order.index(1, 0))
    assert view.visualRect(page.order.index(1, 0)).left() == 0


def test_that_the_end_of_a_look_leads_to_what_is_to_be_mended_first(page: CheckPage, case: Case) -> None:
    page.on_enter(fresh(case, case=case))
    assert page.news().sentence.startswith("Fix this first: The replica service is stopped on fe02. Looked at in ")
    page.on_enter(fresh(case, case=replace(case, causes=())))
    assert page.news().sentence.startswith("Looked at in ")
