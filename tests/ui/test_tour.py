"""The tour: every page, in both styles, from the real practice lab, without a screen; and the pictures that are shown of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from oauthcert import assets
from oauthcert.flow.steps import PATHS, Goal
from oauthcert.ui.theme import Style
from oauthcert.ui.tour import HEIGHT, PATH, WIDTH, picture_name

ROOT = Path(__file__).parents[2]
NAMES = {picture_name(step, style) for step in PATH for style in (Style.LIGHT, Style.DARK)}
LARGEST = 250_000


def tour(folder: Path, home: Path, *more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}
    own = {"PYTHONPATH": str(ROOT / "gui"), "HOME": str(home), "XDG_STATE_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    code = "import sys; from oauthcert.__main__ import wizard; sys.exit(wizard())"
    arguments = [sys.executable, "-c", code, "--tour", str(folder), *more]
    return subprocess.run(arguments, env={**environment, **own}, capture_output=True, text=True, check=False, timeout=170)


@pytest.mark.timeout(180)
def test_that_the_tour_draws_every_page_in_both_styles(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "pictures"
    done = tour(folder, tmp_path, "--practice", "replica-stopped")
    assert done.returncode == 0, done.stderr
    assert {file.name for file in folder.iterdir()} == NAMES
    for file in folder.iterdir():
        picture = QImage(str(file))
        assert (picture.width(), picture.height()) == (WIDTH, HEIGHT), file.name
        assert file.stat().st_size < LARGEST, file.name
        corner = picture.pixelColor(WIDTH // 2, 4).lightness()
        assert (corner < 128) == file.name.endswith("-dark.png"), file.name
    # Nothing of the user is read or left behind: no settings, no cases of late, no accounts.
    assert list(tmp_path.rglob("*.json")) == []


def test_that_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = tour(tmp_path / "file" / "pictures", tmp_path)
    assert done.returncode == 70
    assert "oauthcert-wizard: " in done.stderr
    assert "Traceback" not in done.stderr


def test_that_every_picture_shown_is_one_of_the_tour() -> None:
    pictures = list((assets.resources() / "help" / "pictures").iterdir())
    assert {picture.name for picture in pictures} <= NAMES
    assert "05-findings.png" in {picture.name for picture in pictures}
    for picture in pictures:
        assert picture.stat().st_size < LARGEST, picture.name
        assert (QImage(str(picture)).width(), QImage(str(picture)).height()) == (WIDTH, HEIGHT), picture.name


@pytest.mark.timeout(180)
def test_that_the_tour_of_a_first_deployment_shows_its_own_page(tmp_path: Path) -> None:
    done = tour(tmp_path / "pictures", tmp_path, "--practice", "first-deployment")
    assert done.returncode == 0, done.stderr
    names = {file.name for file in (tmp_path / "pictures").iterdir()}
    path = PATHS[Goal.FIRST_DEPLOYMENT]
    assert names == {picture_name(step, style, path) for step in path for style in (Style.LIGHT, Style.DARK)}
    assert "05-deploy-dark.png" in names
