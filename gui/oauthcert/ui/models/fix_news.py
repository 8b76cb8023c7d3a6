"""What the page Fix says of a repair at each stage."""

from oauthcert.flow.state import WizardState
from oauthcert.ui.desk import Desk
from oauthcert.ui.models.fix_run import FixRun, Stage
from oauthcert.ui.page import News


def news_of(run: FixRun, desk: Desk) -> News:
    """What is going on, as the title of the page."""
    phrase = desk.phrase
    match run.stage:
        case Stage.NOTHING | Stage.PLANNING:
            return News(phrase("fix.planning.title"), phrase("fix.planning.sentence"))
        case Stage.PREVIEWING:
            return News(phrase("fix.previewing.title"), phrase("fix.planning.sentence"))
        case Stage.RUNNING if run.stopping:
            return News(phrase("fix.stopping.title"), phrase("fix.stopping.sentence"))
        case Stage.RUNNING if run.guided is not None:
            title = phrase("fix.guide.title", step=desk.catalogue.step(run.guided.step).title)
            return News(title, phrase("fix.how.guides", server=run.guided.step.server))
        case Stage.RUNNING:
            total = len(run.plan.steps) if run.plan else 0
            step = run.current
            title = desk.catalogue.step(step).title if step is not None else phrase("fix.running.title")
            return News(title, phrase("fix.running.sentence", done=min(run.done + 1, total), total=total))
        case Stage.VERIFYING:
            return News(phrase("fix.verifying.title"), phrase("fix.verifying.sentence"))
        case Stage.OVER:
            return _over(run, desk)
    if run.plan is None or not run.plan.steps:
        return News(phrase("fix.none.title"), run.trouble or phrase("fix.none.sentence"))
    servers = len({step.server for step in run.plan.steps})
    return News(phrase("fix.ready.title", count=len(run.plan.steps)), run.trouble or phrase("fix.ready.sentence", count=servers))


def _over(run: FixRun, desk: Desk) -> News:
    phrase = desk.phrase
    if run.repair is None:
        return News(phrase("fix.over.broken.title"), run.trouble or phrase("fix.over.broken.sentence"))
    if run.repair.went_well:
        return News(phrase("fix.over.good.title"), phrase("fix.over.good.sentence"))
    return News(phrase("fix.over.wrong.title"), phrase("fix.over.wrong.sentence"))


def why_not(run: FixRun, desk: Desk, state: WizardState) -> str:
    """Why the repair may not start yet; empty when it may."""
    phrase = desk.phrase
    if run.stage in (Stage.NOTHING, Stage.PLANNING) or run.replanning:
        return phrase("fix.planning.title")
    if run.open_asks:
        return phrase("fix.why-not.asks")
    if not state.account.ready:
        return phrase("hindrance.no-password")
    return phrase("fix.why-not.consent") if not all(level.given for level in run.levels) else ""
