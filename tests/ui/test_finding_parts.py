"""Parts of the findings page on their own: pictures, long words, links."""

import pytest
from pytestqt.qtbot import QtBot

from oauthcert.model.finding import Verdict
from oauthcert.report.outline import outline
from oauthcert.ui.theme import Theme
from oauthcert.ui.widgets.finding_context import open_https
from oauthcert.ui.widgets.finding_sections import Search, by_server, searched
from oauthcert.ui.widgets.labels import breakable
from oauthcert.ui.widgets.picture_view import PictureView, picture_palette
from tests.fakes.desk import FakeDesk
from tests.unit.report.cases import replica_stopped


def test_that_a_picture_that_is_no_svg_draws_nothing_and_breaks_nothing(qtbot: QtBot, theme: Theme) -> None:
    view = PictureView("<no", "title", "words", theme)
    qtbot.addWidget(view)
    view.resize(300, 100)
    view.grab()
    assert not view.drawn


def test_that_every_colour_of_pictures_exists_in_every_theme(theme: Theme) -> None:
    palette = picture_palette(theme)
    assert {f"{verdict.value}{ending}" for verdict in Verdict for ending in ("", "-soft")} <= palette.keys()


def test_that_long_words_get_places_to_break_and_short_ones_stay_as_they_are() -> None:
    assert breakable("a short word") == "a short word"
    assert breakable("x" * 60).replace("\u200b", "") == "x" * 60
    assert max(map(len, breakable("x" * 60).split("\u200b"))) <= 12


@pytest.mark.parametrize("address", ["http://example.org/", "file:///etc/passwd", "javascript:alert(1)", "https://", "", "ms-settings:"])
def test_that_only_whole_https_addresses_are_opened(address: str) -> None:
    assert not open_https(address)


def test_that_a_search_without_words_leaves_everything() -> None:
    catalogue = FakeDesk().catalogue
    sections = by_server(replica_stopped(), outline(replica_stopped(), catalogue), catalogue)
    assert searched(sections, Search()) == sections
    assert searched(sections, Search(text="fe03", server="fe01.contoso.lab")) == ()
