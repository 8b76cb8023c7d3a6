"""The board's model: what a look tells becomes lights, rows keep their place, nothing is reset on the way."""

from dataclasses import replace

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QModelIndex, Qt

from oauthcert.casework.events import Answered, Connecting, Provisional, ServerFinished, Started
from oauthcert.checks.check import Scope
from oauthcert.checks.table import CHECKS
from oauthcert.model.case import Case
from oauthcert.model.finding import Verdict
from oauthcert.model.target import Product, Target
from oauthcert.ui.models.board import LIGHT_ROLE, BoardModel
from oauthcert.ui.models.board_inbox import Inbox
from oauthcert.ui.models.board_order import BoardOrder, Order
from oauthcert.ui.models.board_rows import Light, Stage
from oauthcert.ui.models.board_tally import Tally
from oauthcert.words.catalogue import Catalogue
from tests.unit.report.cases import a_finding, replica_stopped

TWO, THREE = "fe02.contoso.lab", "fe03.contoso.lab"


@pytest.fixture
def case() -> Case:
    return replica_stopped()


@pytest.fixture
def model(qapp: object, case: Case) -> BoardModel:
    made = BoardModel(Catalogue("en"))
    made.begin(case.targets)
    return made


class Changes:
    """Counts what views are told."""

    def __init__(self, model: BoardModel) -> None:
        self.resets = 0
        self.stretches: list[tuple[int, int]] = []
        model.modelReset.connect(self._reset)
        model.dataChanged.connect(self._changed)

    def _reset(self) -> None:
        self.resets += 1

    def _changed(self, first: QModelIndex, last: QModelIndex) -> None:
        self.stretches.append((first.row(), last.row()))


def light(model: BoardModel, server: str | None, check: str) -> Light:
    for number, row in enumerate(model.rows):
        if row.server == server:
            for column in range(1, model.now_column):
                if model.check_at(number, column) == check:
                    found = model.index(number, column).data(LIGHT_ROLE)
                    assert isinstance(found, Light)
                    return found
    raise AssertionError(f"no light for {check} on {server}")


def names(order: BoardOrder) -> list[str]:
    return [str(order.index(row, 0).data()) for row in range(order.rowCount())]


def test_that_the_model_keeps_the_rules_of_models(model: BoardModel, case: Case, qtmodeltester: object) -> None:
    qtmodeltester.check(model)  # type: ignore[attr-defined]
    model.show_case(case)
    qtmodeltester.check(model)  # type: ignore[attr-defined]


def test_that_every_check_has_exactly_one_light(model: BoardModel) -> None:
    for scope, row in ((Scope.DEPLOYMENT, 0), (Scope.SERVER, 1)):
        shown = [model.check_at(row, column) for column in range(model.columnCount()) if model.check_at(row, column)]
        assert sorted(str(check) for check in shown) == sorted(check.id for check in CHECKS if check.scope is scope)


def test_that_a_look_fills_rows_without_a_reset(model: BoardModel, case: Case) -> None:
    changes = Changes(model)
    model.ask()
    for event in (Started((TWO, THREE)), Connecting(TWO), Answered(TWO, "session", True, 1, 14)):
        model.take(event)
    model.take(Provisional(tuple(finding for finding in case.findings if finding.server == TWO)))
    assert light(model, TWO, "replica-service").verdict is Verdict.FAIL
    assert light(model, THREE, "replica-service").verdict is None
    model.take(ServerFinished(TWO, "timed-out"))
    model.flush()
    model.show_case(case)
    assert changes.resets == 0
    assert changes.stretches[0] == (0, 4)
    row = model.row_of(TWO)
    assert row is not None
    assert row.stage is Stage.FINISHED


def test_that_a_burst_is_told_as_one_change(model: BoardModel) -> None:
    changes = Changes(model)
    for probe in ("session", "product", "module"):
        model.take(Answered(TWO, probe, True, 1, 14))
    assert changes.stretches == []
    assert model.flush()
    assert changes.stretches == [(2, 2)]
    assert not model.flush()


def test_that_many_separate_rows_are_told_as_one_stretch() -> None:
    model = BoardModel(Catalogue("en"))
    model.begin([Target(f"fe{number}.contoso.lab") for number in range(40)])
    changes = Changes(model)
    for number in range(0, 40, 2):
        model.take(Connecting(f"fe{number}.contoso.lab"))
    model.flush()
    assert changes.stretches == [(1, 39)]


def test_that_strangers_are_left_aside(model: BoardModel) -> None:
    model.take(Connecting("other.contoso.lab"))
    model.take(Answered("other.contoso.lab", "session", True, 1, 14))
    model.take(ServerFinished("other.contoso.lab", None))
    model.take(Provisional((a_finding("server-reachable", "pass", "other.contoso.lab"),)))
    model.take("no event at all")
    assert not model.flush()
    assert not model.counts.total()


def test_that_counts_follow_a_verdict_that_changes(model: BoardModel) -> None:
    model.take(Provisional((a_finding("time-skew", "pass", TWO),)))
    model.take(Provisional((a_finding("time-skew", "drifting", TWO),)))
    assert +model.counts == {Verdict.WARN: 1}


def test_that_old_lights_are_told_from_new_ones(model: BoardModel, case: Case) -> None:
    model.show_case(case)
    model.ask([TWO])
    assert light(model, TWO, "replica-service").stale
    assert not light(model, THREE, "replica-service").stale
    model.take(Provisional((a_finding("time-skew", "pass", TWO),)))
    assert not light(model, TWO, "time-skew").stale
    assert light(model, TWO, "replica-service").stale
    model.show_case(case)
    assert not light(model, TWO, "replica-service").stale


def test_that_findings_of_some_servers_alone_can_be_left_out(model: BoardModel, case: Case) -> None:
    model.show_case(case)
    model.take(Provisional((a_finding("time-skew", "pass", THREE),)), provisional=False)
    assert light(model, THREE, "time-skew").verdict is Verdict.WARN


def test_that_a_screen_reader_hears_check_verdict_and_server(model: BoardModel, case: Case) -> None:
    model.show_case(case)
    number = [row.server for row in model.rows].index(TWO)
    column = next(column for column in range(1, model.now_column) if model.check_at(number, column) == "replica-service")
    said = str(model.index(number, column).data(Qt.ItemDataRole.AccessibleTextRole))
    assert said.splitlines()[:2] == ["Replica service: failed", TWO]
    assert model.headerData(column, Qt.Orientation.Horizontal) == "Replica service"


def test_that_a_tool_tip_is_never_taken_for_rich_text(model: BoardModel) -> None:
    evil = replace(a_finding("time-source", "pass", TWO), words="<b>bold</b><img src=x>.x")
    model.take(Provisional((evil,)))
    number = [row.server for row in model.rows].index(TWO)
    for column in range(model.columnCount()):
        tip = model.index(number, column).data(Qt.ItemDataRole.ToolTipRole)
        assert tip is None or not QtGui.Qt.mightBeRichText(str(tip))


def test_that_an_exchange_server_is_not_waited_for_where_it_is_not_asked(model: BoardModel) -> None:
    model.begin([Target("ex01.contoso.lab", product=Product.EXCHANGE)])
    row = model.row_of("ex01.contoso.lab")
    assert row is not None
    assert "replication" not in row.probes
    model.take(Connecting("ex01.contoso.lab"))
    assert model.now_of(row) == "connecting"
    for probe in row.probes[:-1]:
        model.take(Answered("ex01.contoso.lab", probe, True, 1, len(row.probes)))
    assert row.waits_for == row.probes[-1]


def test_that_rows_keep_their_place_until_they_are_sorted(model: BoardModel, case: Case) -> None:
    order = BoardOrder(model)
    before = names(order)
    model.show_case(case)
    assert names(order) == before
    order.arrange(Order.WORST)
    assert names(order)[:2] == ["Deployment", TWO]
    model.take(Provisional((a_finding("time-skew", "pass", TWO),)))
    model.flush()
    assert names(order)[:2] == ["Deployment", TWO]
    order.arrange(Order.NAME)
    assert names(order)[1:] == sorted(before[1:])
    order.arrange(Order.GIVEN)
    assert names(order) == before


def test_that_sorting_worst_first_again_uses_what_is_known_now(model: BoardModel) -> None:
    order = BoardOrder(model)
    model.take(Provisional((a_finding("time-skew", "drifting", THREE),)))
    order.arrange(Order.WORST)
    assert names(order)[1] == THREE
    model.take(Provisional((a_finding("sign-in-accepted", "sign-in-refused", TWO),)))
    order.arrange(Order.WORST)
    assert names(order)[1:3] == [TWO, THREE]


def test_that_only_problems_lets_new_problems_in_and_no_row_out_of_place(model: BoardModel) -> None:
    order = BoardOrder(model)
    order.show_only("", problems=True)
    assert names(order) == []
    model.take(Provisional((a_finding("time-skew", "drifting", THREE),)))
    model.flush()
    order.look_again()
    assert names(order) == [THREE]
    order.show_only("FE02", problems=False)
    assert names(order) == [TWO]
    order.show_only("", problems=False)
    assert len(names(order)) == 5


def test_that_percent_is_full_only_when_every_server_is_done_with(model: BoardModel, case: Case) -> None:
    clock = [0.0]
    tally = Tally(Catalogue("en"), lambda: model.rows, lambda: clock[0])
    tally.begin([TWO, THREE])
    model.ask([TWO, THREE])
    row = model.row_of(TWO)
    assert row is not None
    asked = len(row.probes)
    for probe in row.probes:
        model.take(Answered(TWO, probe, True, 1, asked))
    model.take(ServerFinished(TWO, None))
    model.take(Connecting(THREE))
    clock[0] = 6.4
    assert tally.percent() == 50
    news = tally.looking(again=False)
    assert news.title == "Looking at 2 servers"
    assert news.sentence == f"{asked} of {2 * asked} answers are in, 6 s so far. Waiting for fe03."
    model.take(ServerFinished(THREE, "timed-out"))
    assert tally.percent() == 100
    # The answers that will never come are not waited for.
    assert tally.answers() == (asked, asked)


def test_that_nothing_asked_is_no_progress() -> None:
    assert Tally(Catalogue("en"), list).percent() == 0


def test_that_the_inbox_gives_no_more_than_it_may_take_time_for() -> None:
    clock = iter(range(100))
    inbox = Inbox(lambda: float(next(clock)))
    for number in range(5):
        inbox.put(number)
    assert list(inbox.take(2.5)) == [0, 1]
    assert list(inbox.take(100)) == [2, 3, 4]
    assert list(inbox.take(100)) == []
