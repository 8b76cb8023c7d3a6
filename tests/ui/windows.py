"""Whole windows for tests: a frame that stands at any step, with everything a page can draw filled in."""

import tomllib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from oauthcert import assets
from oauthcert.casework.case_file import open_case
from oauthcert.casework.diagnose import judge_again
from oauthcert.flow.state import Account, WizardState
from oauthcert.flow.steps import PATHS, Goal, Step
from oauthcert.flow.trail import Trail
from oauthcert.model.case import Case
from oauthcert.ui import theme as themes
from oauthcert.ui.app import PAGES, page_makers
from oauthcert.ui.frame import Frame
from oauthcert.ui.theme import Style, Theme
from tests.fakes.desk import FakeDesk
from tests.ui.deploy_at_hand import STARTING
from tests.ui.repair_at_hand import PLAN

STEPS = [step for step, (module, _) in PAGES.items() if find_spec(module)]
GOAL = {Step.START: Goal.PRACTICE, Step.DEPLOY: Goal.FIRST_DEPLOYMENT}


@cache
def saved_case() -> Case:
    """A case with every kind of verdict in it."""
    return judge_again(open_case(Path(__file__).parents[1] / "data" / "case-1.json"))


def themed(application: QApplication, style: Style, text_percent: int) -> Theme:
    tokens = tomllib.loads(assets.text("report/tokens.toml"))
    theme = themes.theme_of(style, tokens, QPalette(), text_percent)
    themes.apply(theme, application)
    return theme


def known_state(desk: FakeDesk, step: Step) -> WizardState:
    """All that is known when an operator stands at this step."""
    case = saved_case()
    account = Account("CONTOSO\\admin", ready=True)
    desk.look_case = case
    known = WizardState(GOAL.get(step, Goal.TROUBLESHOOT), None, case.targets, account)
    if step is Step.DEPLOY:
        desk.deployments.guides, desk.deployments.made = [STARTING], PLAN
        return WizardState(Goal.FIRST_DEPLOYMENT, None, case.targets, account, case)
    if step in {Step.FINDINGS, Step.REPORT, Step.CHECK}:
        return WizardState(Goal.TROUBLESHOOT, None, case.targets, account, case)
    return known


def frame_at(step: Step, desk: FakeDesk, theme: Theme, state: WizardState | None = None) -> Frame:
    """A window that stands at `step`; not shown yet."""
    known = state or known_state(desk, step)
    path = PATHS[known.goal]
    trail = Trail(known, path[: path.index(step) + 1])
    makers = {which: lambda make=make: make(desk, theme) for which, make in page_makers().items()}
    frame = Frame(makers, desk.phrase, theme, trail)
    frame.start()
    return frame
