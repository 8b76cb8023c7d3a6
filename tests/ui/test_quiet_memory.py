"""No search for garbage during a look, one after it, and nothing is kept for ever."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from oauthcert.ui.models import board_memory
from oauthcert.ui.models.board_memory import QuietMemory


class Ring:
    """Refers to itself, so that only a search finds it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def searching(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(board_memory, "IDLE_MS", 20)
    before = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if before else gc.disable)()


def test_that_what_a_look_left_in_cycles_goes_after_it(qtbot: QtBot) -> None:
    memory = QuietMemory()
    memory.hold()
    assert not gc.isenabled()
    left = weakref.ref(Ring())
    assert left() is not None
    frozen = gc.get_freeze_count()
    memory.release()
    qtbot.waitUntil(gc.isenabled, timeout=2000)
    assert left() is None
    assert gc.get_freeze_count() == frozen


def test_that_a_look_that_follows_at_once_puts_the_search_off(qtbot: QtBot) -> None:
    memory = QuietMemory()
    memory.hold()
    memory.release()
    memory.hold()
    qtbot.wait(60)
    assert not gc.isenabled()
    memory.release()
    qtbot.waitUntil(gc.isenabled, timeout=2000)


def test_that_who_had_switched_the_search_off_keeps_it_off(qtbot: QtBot) -> None:
    gc.disable()
    memory = QuietMemory()
    memory.hold()
    memory.release()
    qtbot.wait(60)
    assert not gc.isenabled()
