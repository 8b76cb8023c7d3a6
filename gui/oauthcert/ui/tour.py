"""Walks through every page with practice data, without a screen, and draws each in both styles: for the README, the help, and the eye."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEventLoop, QTimer

from oauthcert.flow.state import WizardState
from oauthcert.flow.steps import PATHS, Goal, Step
from oauthcert.ui.app import Styling, make_application, page_makers
from oauthcert.ui.desk import Desk
from oauthcert.ui.theme import Style
from oauthcert.ui.wizard import Wizard

if TYPE_CHECKING:
    from oauthcert.ui.pages.fix import FixPage

WIDTH, HEIGHT = 1280, 820
PATH = PATHS[Goal.PRACTICE]
# Takes every page of that path; a first deployment takes a path of its own.
SCENARIO = "replica-stopped"
# For what a page draws by and by: its survey, its preview.
SETTLE_MS = 1500
_STEP_SECONDS = 150
_ASK_AGAIN_MS = 25
FAILED = 70


def picture_name(step: Step, style: Style, path: Sequence[Step] = PATH) -> str:
    """`05-findings.png`, or `05-findings-dark.png`."""
    suffix = "-dark" if style is Style.DARK else ""
    return f"{path.index(step) + 1:02}-{step.value}{suffix}.png"


class TourStuck(Exception):
    """A page did not come up in time."""


def run_tour(desk: Desk, folder: Path, scenario: str | None = None) -> int:
    """Draws all pages into `folder`, which is made; returns the exit code. Takes some seconds, at most a few minutes."""
    application = make_application(desk.catalogue.language)
    wizard = Wizard(desk, Styling(application), Style.LIGHT, 100, page_makers())
    wizard.frame.resize(WIDTH, HEIGHT)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        wizard.show()
        _walk(wizard, folder, scenario or SCENARIO)
    except (TourStuck, OSError) as problem:
        sys.stderr.write(f"oauthcert-wizard: {problem}\n")
        return FAILED
    finally:
        wizard.frame.close()
        wizard.close_practice()
    return 0


def _walk(wizard: Wizard, folder: Path, scenario: str) -> None:
    states: dict[Step, WizardState] = {}

    def arrived(step: Step) -> Callable[[], bool]:
        return lambda: wizard.frame.trail.step is step

    def draw(step: Step) -> None:
        states[step] = wizard.frame.trail.state
        _settle(SETTLE_MS)
        _save(wizard, folder, step)

    draw(Step.START)
    wizard.open_practice(scenario)
    _until(arrived(Step.SERVERS), Step.SERVERS)
    path = wizard.frame.trail.path
    for step in path[1:]:
        if wizard.frame.trail.passes_over(step):
            continue
        _until(arrived(step), step)
        if step is Step.CHECK:
            wizard.frame.buttons.primary.click()
            _until(lambda: wizard.frame.page.standing().ready and wizard.frame.trail.state.case is not None, step)
        _until(lambda: not wizard.frame.busy, step)
        draw(step)
        if step is Step.DEPLOY:  # its button would begin the deployment
            wizard.frame.open_at(wizard.frame.trail.state, path[-1])
        elif step is Step.FIX:
            _mend(wizard, step)
        elif step is not path[-1]:
            _until(wizard.frame.buttons.primary.isEnabled, step)
            wizard.frame.buttons.primary.click()
    for style in (Style.DARK,):
        wizard.restyle(style, 100)
        for step, state in states.items():
            wizard.frame.open_at(state, step)
            _settle(SETTLE_MS)
            _save(wizard, folder, step)


def _mend(wizard: Wizard, step: Step) -> None:
    """Agrees to everything, lets the lab do what a person would, and goes on when the repair is over; without one to the report."""
    page, primary = cast("FixPage", wizard.frame.page), wizard.frame.buttons.primary
    for box in page.consent.boxes.values():
        box.setChecked(not box.isHidden())
    if page.run.open_asks or not primary.isEnabled():
        wizard.frame.open_at(wizard.frame.trail.state, wizard.frame.trail.path[-1])
        return
    primary.click()

    def over() -> bool:
        if page.guide.isVisible():
            page.guide.skip.click()
        return not wizard.frame.busy

    _until(over, step)
    primary.click()


def _save(wizard: Wizard, folder: Path, step: Step) -> None:
    file = folder / picture_name(step, wizard.theme.style, wizard.frame.trail.path)
    if not wizard.frame.grab().save(str(file)):
        raise OSError(f"{file} cannot be written")


def _settle(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _until(reached: Callable[[], bool], step: Step) -> None:
    for _ in range(_STEP_SECONDS * 1000 // _ASK_AGAIN_MS):
        if reached():
            return
        _settle(_ASK_AGAIN_MS)
    raise TourStuck(f"the page {step.value} did not come up within {_STEP_SECONDS} s")
