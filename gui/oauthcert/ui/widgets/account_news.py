"""The headline of the sign-in page: what came of testing the account, and what to mind before going on."""

from oauthcert.ui.desk import Desk
from oauthcert.ui.page import News
from oauthcert.ui.widgets.account_trial_card import AccountTrialCard


def trial_news(desk: Desk, trial: AccountTrialCard, *, asking: bool, practice: bool) -> News:
    """Before, during and after a test."""
    tally = trial.tally
    sentence = desk.phrase("sign-in.practice.sentence" if practice else "sign-in.sentence")
    if asking or not tally.accepted + tally.refused:
        return News(desk.phrase("sign-in.title.testing" if asking else "sign-in.title"), sentence)
    if trial.account_refused:
        return News(desk.phrase("sign-in.title.not-accepted"), desk.phrase("sign-in.sentence.refused"))
    if tally.refused:
        return News(desk.phrase("sign-in.title.refused", count=tally.asked, accepted=tally.accepted), sentence)
    return News(desk.phrase("sign-in.title.works", count=tally.accepted), sentence)
