"""A window without a screen, themes, and a desk without servers."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import tomllib

import pytest
from PySide6.QtWidgets import QApplication

from oauthcert import assets
from oauthcert.ui import theme as themes
from oauthcert.ui.theme import Style, Theme
from tests.fakes.desk import FakeDesk


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture(params=[Style.LIGHT])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Theme:
    made = themes.theme_of(request.param, tomllib.loads(assets.text("report/tokens.toml")), qapp.palette())
    themes.apply(made, qapp)
    return made
