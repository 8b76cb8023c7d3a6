"""Whether an answer to a question of a plan will do, before anything of it is sent to a server. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from oauthcert.certs.pfx import PfxUnreadable
from oauthcert.certs.signing_request import AnswerUnreadable, read_answer
from oauthcert.checks.assignment import plain_thumbprint
from oauthcert.fixes import plan_chain, plan_pfx
from oauthcert.fixes.authority import is_authority
from oauthcert.fixes.pfx_answer import PfxUnfit, fitting_pfx
from oauthcert.fixes.plan_request import LEAD
from oauthcert.fixes.situation import Given
from oauthcert.model.errors import OauthcertError
from oauthcert.model.plan import Ask, AskKind
from oauthcert.model.secret import Secret

LONGEST_NAME = 100


class UnfitAnswer(OauthcertError):
    """Facts: `ask`, `why`, one of authority-form · friendly-name · template-name · no-issuer · not-a-moment · too-soon · other-choice."""

    words = "unfit-answer"

    def __init__(self, ask: Ask, why: str) -> None:
        super().__init__(f"{ask.id}: {why}", ask=ask.id, why=why)
        self.why = why


def wrong_answer(ask: Ask, given: Given, answers: Mapping[str, Given], now: datetime) -> OauthcertError | None:
    """What is wrong with it; None when it will do, or when that cannot be told yet. A PFX file is judged together with its password."""
    if ask.id in (plan_pfx.FILE, plan_pfx.PASSWORD):
        return _pfx(ask, {**answers, ask.id: given}, now)
    if ask.words in ("request-answer", "issuer-file"):
        return _certificates(ask, given)
    if ask.kind is AskKind.MOMENT:
        return _moment(ask, given, now)
    fits = _TEXTS.get(ask.words)
    if fits is not None and isinstance(given, str) and (given or ask.required):
        good, why = fits
        return None if good(given) else UnfitAnswer(ask, why)
    if ask.choices and isinstance(given, str):
        known = {plain_thumbprint(choice) for choice in ask.choices} | set(ask.choices)
        return None if given in known or plain_thumbprint(given) in known else UnfitAnswer(ask, "other-choice")
    return None


def _is_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and text.isprintable()


def _is_template(text: str) -> bool:
    return _is_name(text) and not any(sign.isspace() for sign in text)


_TEXTS: Mapping[str, tuple[Callable[[str], bool], str]] = MappingProxyType(
    {
        "request-authority": (is_authority, "authority-form"),
        "request-name": (_is_name, "friendly-name"),
        "request-template": (_is_template, "template-name"),
    }
)


def _pfx(ask: Ask, answers: Mapping[str, Given], now: datetime) -> OauthcertError | None:
    """Told where it is to be mended: a wrong password at the password, all else at the file."""
    data, password = answers.get(plan_pfx.FILE), answers.get(plan_pfx.PASSWORD)
    if not isinstance(data, bytes):
        return None
    early = not isinstance(password, Secret)
    try:
        fitting_pfx(data, password if isinstance(password, Secret) else Secret(""), now, wanted=ask.choices)
    except PfxUnreadable as error:
        if error.reason == "wrong-password":
            return None if early or ask.id != plan_pfx.PASSWORD else error
        return error if ask.id == plan_pfx.FILE else None
    except PfxUnfit as error:
        return error if ask.id == plan_pfx.FILE else None
    return None


def _certificates(ask: Ask, given: Given) -> OauthcertError | None:
    if not isinstance(given, bytes):
        return None
    try:
        found = read_answer(given)
    except AnswerUnreadable as error:
        return error
    if ask.id == plan_chain.FILE and not any(one.is_ca for one in found):
        return UnfitAnswer(ask, "no-issuer")
    return None


def _moment(ask: Ask, given: Given, now: datetime) -> OauthcertError | None:
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        return UnfitAnswer(ask, "not-a-moment")
    return UnfitAnswer(ask, "too-soon") if moment < now + LEAD else None
