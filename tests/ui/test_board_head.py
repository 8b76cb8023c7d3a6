"""The head of the board: every group can be told by its name, whatever room there is and whatever the language."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from oauthcert.checks.table import CHECKS
from oauthcert.model.target import Target
from oauthcert.ui.models.board import SERVER_COLUMN, BoardModel
from oauthcert.ui.models.board_order import BoardOrder
from oauthcert.ui.theme import Style
from oauthcert.ui.widgets.board_header import Wording
from oauthcert.ui.widgets.board_view import BoardView
from oauthcert.words.catalogue import Catalogue
from tests.ui.windows import themed

LONG = Target("lyncfrontend07-with-a-very-long-host-name.contoso-europe.lab")


def board(qtbot: QtBot, application: QApplication, language: str, percent: int, width: int, *targets: Target) -> BoardView:
    catalogue = Catalogue(language)
    model = BoardModel(catalogue)
    model.begin(targets or (Target("fe01.contoso.lab"),))
    order = BoardOrder(model)
    view = BoardView(model, order, catalogue, themed(application, Style.LIGHT, percent))
    qtbot.addWidget(view)
    view.resize(width, 400)
    view.show()
    view.fit_columns()
    return view


def wordings(view: BoardView) -> dict[str, Wording | None]:
    """The most of its name that stands over each group without being cut."""
    found: dict[str, Wording | None] = {}
    for first, last, name in view.head.stretches()[1:-1]:
        width = sum(view.columnWidth(column) for column in range(first, last + 1))
        found[name] = next((wording for wording in Wording if view.head.room_for(name, wording) <= width), None)
    return found


def test_that_the_groups_stand_in_the_order_of_the_work_and_hold_every_check(qtbot: QtBot, qapp: QApplication) -> None:
    view = board(qtbot, qapp, "en", 100, 1000)
    heads = [name.partition(" · ")[0] for _, _, name in view.head.stretches()[1:-1]]
    assert heads == ["Reach", "Step 1", "Step 2", "Step 3", "Step 4", "Partners"]
    assert {check for group in Catalogue("en").groups.values() for check in group} == {check.id for check in CHECKS}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("width", [300, 740, 1000, 1400])
def test_that_no_name_of_a_group_is_cut(qtbot: QtBot, qapp: QApplication, language: str, percent: int, width: int) -> None:
    assert None not in wordings(board(qtbot, qapp, language, percent, width)).values()


def test_that_names_are_whole_where_there_is_room_and_numbers_where_there_is_none(qtbot: QtBot, qapp: QApplication) -> None:
    assert set(wordings(board(qtbot, qapp, "en", 100, 1400)).values()) == {Wording.WHOLE}
    narrow = wordings(board(qtbot, qapp, "en", 100, 740))
    assert narrow["Step 2 · Components"] is Wording.NUMBER
    assert narrow["Step 3 · OAuth certificate"] is Wording.WHOLE  # its lights are wide enough


def test_that_lights_come_before_words_where_the_window_is_narrow(qtbot: QtBot, qapp: QApplication) -> None:
    view = board(qtbot, qapp, "de", 100, 740)
    last_light = view.columnViewportPosition(view.head.stretches()[-2][1]) + view.cells.lights.size + 8
    assert last_light <= view.viewport().width()


def test_that_long_names_of_servers_can_be_told_apart_beside_the_lights(qtbot: QtBot, qapp: QApplication) -> None:
    view = board(qtbot, qapp, "en", 100, 1000, LONG)
    assert view.columnWidth(SERVER_COLUMN) >= 140
