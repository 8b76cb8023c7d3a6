"""The error tree. Every error a person may meet has a words id and facts; anything else is a bug."""

from collections.abc import Mapping


class OauthcertError(Exception):
    """Base of all errors with words. `words` is a catalogue id under `error.`; `facts` fill the text and hold no secret."""

    words = "unexpected"

    def __init__(self, detail: str = "", **facts: str) -> None:
        super().__init__(detail or self.words)
        self.detail = detail
        self.facts: Mapping[str, str] = facts


class Cancelled(OauthcertError):
    words = "cancelled"


class UsageError(OauthcertError):
    """The operator asked for something that cannot be: a server name, an option, a file. Exit code 64."""

    words = "usage"


class RemoteError(OauthcertError):
    """Something between here and the server. `reason` (= words) is also the reason of a NotSeen.

    Kinds live in `remote/failures.py`, the only place that knows the transport's own exceptions.
    """

    words = "remote"

    @property
    def reason(self) -> str:
        return self.words


class VaultError(OauthcertError):
    words = "vault"


class CaseFileError(OauthcertError):
    words = "case-file"


class ScenarioError(OauthcertError):
    words = "scenario"
