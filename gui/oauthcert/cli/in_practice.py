"""What the practice lab does in place of a person at the terminal: the deeds, and the files that others would send."""

import secrets
from collections.abc import Mapping, Sequence

from oauthcert.casework.events import Event, RepairEvent, StepEnded
from oauthcert.casework.practice import Practice
from oauthcert.casework.repair_parts import Given
from oauthcert.model.errors import OauthcertError
from oauthcert.model.plan import Ask, AskKind
from oauthcert.model.secret import Secret

_REQUEST = "request"
_PFX_FILE, _PFX_PASSWORD = "import-oauth-pfx.file", "import-oauth-pfx.password"


class InPractice:
    """The lab's hands for one repair. `heard` is told every event of it: a request that was made is what the authority answers."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._request = ""

    def heard(self, event: Event | RepairEvent) -> None:
        if isinstance(event, StepEnded) and isinstance(request := event.result.after.get(_REQUEST), str):
            self._request = request

    def does(self, fix: str, server: str) -> bool:
        """Whether the lab has hands for this."""
        try:
            self._practice.by_hand(fix, server)
        except (OauthcertError, KeyError, ValueError):
            return False
        return True

    def answer(self, ask: Ask) -> Given | None:
        """The authority's answer to the request that was carried to it."""
        if ask.kind is not AskKind.FILE or ask.id == _PFX_FILE or not self._request:
            return None
        try:
            return self._practice.answer_request(self._request)
        except (OauthcertError, ValueError):
            return None

    def beforehand(self, asks: Sequence[Ask], given: Mapping[str, Given]) -> dict[str, Given]:
        """With the file that brings certificate and key, unless the operator has one; its password is known here only."""
        answers = dict(given)
        file = next((ask for ask in asks if ask.id == _PFX_FILE), None)
        if file is None or _PFX_FILE in answers:
            return answers
        password = answers.get(_PFX_PASSWORD, Secret(secrets.token_urlsafe(24)))
        if not isinstance(password, Secret):
            return answers
        try:
            data = self._practice.pfx(file.choices[0] if file.choices else "", password)
        except (OauthcertError, KeyError, ValueError):
            data = None
        return answers if data is None else {**answers, _PFX_FILE: data, _PFX_PASSWORD: password}
