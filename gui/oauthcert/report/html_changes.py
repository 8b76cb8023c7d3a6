"""The card of what repairs have changed."""

from oauthcert.model.case import Case
from oauthcert.report.changes import RepairTold, StepTold
from oauthcert.report.changes import changes as changes_told
from oauthcert.report.html_board import sign
from oauthcert.report.markup import Markup, el
from oauthcert.words.catalogue import Catalogue


def changes(case: Case, catalogue: Catalogue) -> Markup:
    """Empty when nothing was repaired."""
    told = changes_told(case, catalogue)
    if not told:
        return Markup("")
    return el("section", el("h2", catalogue.label("changes")), [_repair(one) for one in told], class_="card changes")


def _repair(told: RepairTold) -> Markup:
    return el(
        "section",
        el("h3", told.when),
        el("p", told.result, class_="mute"),
        el("ul", [_step(step) for step in told.steps], class_="findings"),
        class_="server",
    )


def _step(step: StepTold) -> Markup:
    badge = el("span", sign(step.like), step.outcome, class_=f"badge v-{step.like.value}")
    why = el("p", step.reason, class_="mute small") if step.reason else None
    return el("li", badge, el("div", el("span", step.title), el("span", f" · {step.server}", class_="mute"), why))
